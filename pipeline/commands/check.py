"""``kadai check``: read, and say what was understood.

Only click is imported here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import InputError
from pipeline.help import Command, help_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.answers import AnswersResult
    from pipeline.findings import Finding
    from pipeline.plan import Plan

ADDRESSES_SHOWN = 30
"""Ways to name a part of the plan that were not understood and are shown."""

WORDS_SHOWN = 40
"""Characters of one such way."""

_USUAL_WIDTH = 80
_MOST_WIDTH = 140


@click.command("check", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("paths", nargs=-1, required=True, metavar="調査ファイルまたは回答のファイル…")
@click.option(
    "--output", metavar="ファイル", help="判断の結果を調査ファイル（.toml）として書き出します。"
)
@click.option(
    "--strict",
    is_flag=True,
    help="確かめてほしいところ（？）が残っていれば、終わり方を 3 にします。",
)
@help_option
def check_command(paths: tuple[str, ...], output: str | None, *, strict: bool) -> None:
    """ファイルを読み、何を何とみなしたかだけを表示します。

    ファイルとシートごとに、列の表（見出し、何とみなしたか、入力のあるセル、例）を出します。
    例では個人情報を伏せます。自信のないところには「？」を付け、最後に番号を付けて並べ、
    調査ファイルに書く行を示します。空でないセルがどこへ行くかも数えます。
    """
    from pipeline.addressed import check_addresses
    from pipeline.answers import read_answers
    from pipeline.findings.screen import doubt_lines, finding_lines
    from pipeline.infer import complete
    from pipeline.plan import find_plan, load_plan
    from pipeline.published import publication_findings
    from pipeline.reckoning import reckon, reckoning_findings
    from pipeline.reckoning_screen import publication_lines, reckoning_lines
    from pipeline.runfolder import write_study
    from pipeline.running import read_study
    from pipeline.textlayout import terminal_width

    width = terminal_width(_USUAL_WIDTH, _MOST_WIDTH)
    study, folder, findings = read_study([Path(name) for name in paths])
    _print(finding_lines(findings, width))
    study = complete(study, folder)
    named = any(source.addresses or source.addresses_column for source in study.sources)
    read_plan = load_plan(find_plan(study.plan, folder)) if named else None
    if read_plan:
        check_addresses(study, read_plan)
    read = read_answers(study, folder)
    reckoning = reckon(study, read)
    _print(["", *reckoning_lines(study, reckoning, width)])
    _print(publication_lines(study, read.answers, width))
    if read_plan:
        _show_addresses(read, read_plan)
    findings += reckoning_findings(study, reckoning)
    findings += publication_findings(study, read.answers)
    doubts = doubt_lines(findings, width)
    _print(["", *(doubts or ["確かめてほしいところ（？）はありません。"])])
    if output:
        write_study(study, folder, Path(output))
        _print(["", f"調査ファイルを書きました: {output}"])
    if doubts:
        _print(["", *_how_to_settle(paths, output)])
    if strict and any(one.doubt and not one.passes for one in findings):
        raise InputError(
            "確かめてほしいところ（？）が残っています。",
            remedy="上の一覧のとおりに調査ファイルかもとのファイルを直し、もう一度実行してください。",
        )


def show_briefly(findings: Sequence[Finding]) -> None:
    """Say on standard error what is read, in few lines, and what is doubtful."""
    from pipeline.findings.screen import doubt_lines, short_lines
    from pipeline.textlayout import terminal_width

    width = terminal_width(_USUAL_WIDTH, _MOST_WIDTH)
    _print(short_lines(findings, width), err=True)
    if doubts := doubt_lines(findings, width):
        _print([*doubts, "くわしくは、run の代わりに check と打つと表示されます。"], err=True)


def _print(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def _how_to_settle(paths: Sequence[str], output: str | None) -> list[str]:
    from pipeline.running import is_study

    right = "合っていれば、そのままでかまいません。"
    if len(paths) == 1 and (Path(paths[0]).is_dir() or is_study(Path(paths[0]))):
        return [f"{right}違うときは、調査ファイルを直します。"]
    written = output or "調査.toml"
    steps = [
        f"kadai check … --output {written} で書き出す（… はいまのファイル）",
        f"{written} をメモ帳で開き、上に示した行を直して保存する",
        f"kadai check {written} で確かめ、kadai run {written} で実行する",
    ]
    steps = steps[1:] if output else steps
    numbered = (f"  {number}. {step}" for number, step in enumerate(steps, start=1))
    return [f"{right}違うときは、次の順に直します。", *numbered]


def _show_addresses(read: AnswersResult, plan: Plan) -> None:
    from pipeline.addressed import read_addresses, unread_addresses
    from pipeline.findings.textline import one_line

    understood = read_addresses(read.addressed, plan)
    click.echo(
        f"  該当箇所: {len(read.addressed):,}件のうち {len(understood):,}件を、"
        "計画の基本目標か施策として読みました。"
    )
    sources = dict(zip(read.answers["answer_id"], read.answers["source_id"], strict=True))
    unread = unread_addresses(read.addressed, sources, plan)
    if unread:
        click.echo("  次の書き方からは、1つに決められませんでした（該当箇所は空のままにします）。")
    for own in unread[:ADDRESSES_SHOWN]:
        words = one_line(own.words)
        words = words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…"
        click.echo(f"    {own.source_id}  「{words}」: {own.n_answers:,}件")
    if more := len(unread[ADDRESSES_SHOWN:]):
        click.echo(f"    ほか {more:,}とおり")
