"""The command: parse, one call, print, exit code.

Only click is imported here; what a command needs is imported when it runs, so
that ``kadai --help`` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.audit import explain_command, history_command
from pipeline.commands.check import check_command, show_briefly
from pipeline.commands.compare import compare_command
from pipeline.commands.dictionary import dictionary
from pipeline.commands.evaluate import evaluate_command
from pipeline.commands.papers import papers_command
from pipeline.commands.plan import plan
from pipeline.commands.privacy import privacy_command
from pipeline.commands.review import review
from pipeline.commands.runs import named_run
from pipeline.commands.words import crosstab_command, kwic_command, network_command, sql_command
from pipeline.errors import InputError, KadaiError, UsageError
from pipeline.faults import (
    explain_os_error,
    forget_interrupt,
    is_request_to_end,
    silence_if_closed,
    stopping_in_order,
)
from pipeline.help import Count, Group, check_halfwidth, explain_usage, help_option
from pipeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 1


@click.group(
    cls=Group,
    context_settings={"max_content_width": 100},
    add_help_option=False,
    options_metavar="[オプション]",
    subcommand_metavar="コマンド …",
    invoke_without_command=True,
)
@help_option
@click.version_option(
    __version__, "--version", help="版を表示して終わります。", message="kadai %(version)s"
)
@click.pass_context
def cli(context: click.Context) -> None:
    """住民の声から課題を取り出し、計画の基本目標に結びつけます。

    アンケートの自由記述、懇談会の記録、パブリックコメントのファイルを読み、
    表・確認用ブック（Excel）・報告書（HTML）を1つのフォルダーに作ります。
    同じファイルからは、いつでも同じ結果になります。
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command("run", add_help_option=False, options_metavar="[オプション]")
@click.argument("paths", nargs=-1, required=True, metavar="調査ファイルまたは回答のファイル…")
@click.option(
    "--issues",
    type=Count(1, 1000),
    metavar="数",
    show_default=False,
    help="課題の数（1〜1000）。省くとデータから決めます。",
)
@click.option(
    "--output", metavar="フォルダー", help="結果のフォルダー。省くと outputs/ の下に作ります。"
)
@click.option(
    "--decisions",
    metavar="ファイル",
    help="人の判断の記録。省くと、調査ファイルの指定か、同じフォルダーの decisions.csv です。",
)
@click.option("--no-decisions", is_flag=True, help="人の判断の記録を使いません。")
@click.option(
    "--previous",
    metavar="フォルダー",
    help="前回の結果のフォルダー。同じ課題に同じ番号を付け、報告書に前回からの変化を出します。",
)
@click.option("--no-raw", is_flag=True, help="回答の原文を結果に残しません。")
@click.option(
    "--engine",
    metavar="名前",
    help="計算のしかた（auto、serial、processes、dask、tcp://ホスト:ポート）。省くと auto です。"
    "結果は変わりません。",
)
@click.option(
    "--processes",
    type=Count(1, 61),
    metavar="数",
    show_default=False,
    help="同時に動かすプロセスの数（1〜61）。省くと CPU の数（最大 8）です。",
)
@click.option("--no-reuse", is_flag=True, help="前の実行の途中の計算を使わず、残しもしません。")
@help_option
def run_command(
    paths: tuple[str, ...],
    issues: int | None,
    output: str | None,
    decisions: str | None,
    previous: str | None,
    *,
    no_decisions: bool,
    no_raw: bool,
    no_reuse: bool,
    engine: str | None,
    processes: int | None,
) -> None:
    """回答を読み、課題・基本目標・報告書を作ります。

    調査ファイル（.toml）を1つ、または回答のファイル
    （.csv .tsv .xlsx .xlsm .xls .ods .docx .docm .pdf .txt .md）をいくつでも指定します。
    回答のファイルを直接指定すると、文字コード・見出し行・自由記述の列・
    回答者番号・属性を自動で見つけ、その判断を結果の study.toml に書き残します。
    """
    from pipeline.progress import Watch
    from pipeline.running import Wishes, carry_out, prepare

    wishes = Wishes(
        issues=issues,
        output=Path(output) if output else None,
        decisions=Path(decisions) if decisions else None,
        no_decisions=no_decisions,
        previous=Path(previous) if previous is not None else None,
        keep_raw=not no_raw,
        reuse=not no_reuse,
        engine=engine,
        processes=processes,
    )
    prepared = prepare([Path(name) for name in paths], wishes)
    show_briefly(prepared.findings)
    kept = _kept_workbooks(output)
    if prepared.is_found:
        click.echo(f"人の判断の記録: {prepared.place}", err=True)
    target = carry_out(prepared, wishes, Watch(visible=True))
    _summarize(target, issues)
    for name in sorted(_kept_workbooks(str(target)) - kept):
        click.echo(f"前の review.xlsx には記入があったので、{name} として残しました。", err=True)
    click.echo(str(target))


@cli.command("verify", add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.option(
    "--inputs", metavar="フォルダー", help="回答のファイルを移したときの、新しい置き場所。"
)
@help_option
def verify_command(run_folder: Path, inputs: str | None) -> None:
    """結果をもう一度作り、同じになるか確かめます。"""
    from pipeline.progress import Watch
    from pipeline.verify import verify

    lines = verify(run_folder, Path(inputs) if inputs else None, Watch(visible=True))
    for line in lines:
        click.echo(line)
    click.echo("再現できました。")


cli.add_command(check_command)
cli.add_command(evaluate_command)
cli.add_command(review)
cli.add_command(papers_command)
cli.add_command(compare_command)
cli.add_command(history_command)
cli.add_command(explain_command)
cli.add_command(privacy_command)
cli.add_command(kwic_command)
cli.add_command(crosstab_command)
cli.add_command(network_command)
cli.add_command(sql_command)
cli.add_command(plan)
cli.add_command(dictionary)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code (see :mod:`pipeline.errors`)."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may lack a character; that is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        check_halfwidth(sys.argv[1:] if arguments is None else arguments, cli)
        with stopping_in_order():
            result = cli.main(
                args=list(arguments) if arguments is not None else None,
                prog_name="kadai",
                standalone_mode=False,
            )
            if sys.stdout is not None:
                sys.stdout.flush()  # what cannot be shown is known here, not at the very end
    except SystemExit:  # click's way to end where nobody reads what is shown
        return _fail(*_explain(BrokenPipeError()))
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 — no traceback for a planner
        return _fail(*_explain(error))
    return result if isinstance(result, int) else 0


def _explain(error: BaseException) -> tuple[str, int]:
    """Message and exit code for whatever ended a command."""
    if isinstance(error, KadaiError):
        return str(error), error.exit_code
    if isinstance(error, click.UsageError):
        return explain_usage(error), UsageError.exit_code
    if isinstance(error, click.Abort) or is_request_to_end(error):
        forget_interrupt()
        return "中断しました。途中の結果は残していません。", INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return "表示先が閉じられたので、途中で表示をやめました。", INTERRUPTED
    if isinstance(error, OSError):
        # Where no stage knew better: a network drive that is gone, a folder that is locked.
        return explain_os_error(error), InputError.exit_code
    if isinstance(error, MemoryError):
        remedy = "ほかのプログラムを閉じるか、ファイルを分けて実行してください。"
        return f"メモリーが足りません。\n対処: {remedy}", 1
    if os.environ.get("KADAI_DEBUG"):
        traceback.print_exception(error)
    remedy = (
        "途中の結果は残していません。環境変数 KADAI_DEBUG=1 を付けて実行し、"
        "表示された内容を開発元へお知らせください。"
    )
    return f"予期しない誤りが起きました（{type(error).__name__}: {error}）。\n対処: {remedy}", 1


def _fail(message: str, code: int) -> int:
    silence_if_closed(sys.stdout)
    # Where nobody listens any more, the exit code still tells.
    with contextlib.suppress(OSError, ValueError):
        click.echo(f"エラー: {message}", err=True)
    silence_if_closed(sys.stderr)
    return code


def _kept_workbooks(folder: str | None) -> set[str]:
    """Names of the filled-in workbooks that a run folder keeps."""
    return {path.name for path in Path(folder).glob("review-*.xlsx")} if folder else set()


def _summarize(target: Path, wanted: int | None) -> None:
    from pipeline.manifest import load_manifest

    manifest = load_manifest(target)
    ledger, method = manifest["ledger"], manifest["method"]
    click.echo(
        f"回答 {ledger['answers']:,}件 → 意見 {ledger['opinions']:,}件"
        f"（異なる文面 {ledger['distinct_opinions']:,}件）→ 課題 {method['n_issues']:,}件。"
        f"取り上げなかった回答 {ledger['answers_set_aside']:,}件。",
        err=True,
    )
    click.echo(f"計画: {manifest['study']['plan']}（調査ファイルの plan で変えられます）", err=True)
    if manifest["decisions"]:
        from pipeline.decisions import ISSUE_TAKEN_BACK, MEMBERS
        from pipeline.tables import load_table

        decided = load_table("applied_decisions", target / "tables")
        decided = decided[decided["field"] != MEMBERS]
        idle = decided[decided["why_not"] != ""]
        gone = int(((idle["applied_to"] == "") & (idle["why_not"] != ISSUE_TAKEN_BACK)).sum())
        if len(decided):
            click.echo(f"人の判断 {len(decided):,}件を読みました。", err=True)
        if gone:
            click.echo(
                f"うち {gone:,}件は引き継げませんでした（review.xlsx の「引き継ぎ」シートにわけがあります）。",
                err=True,
            )
        if unused := len(idle) - gone:
            click.echo(
                f"うち {unused:,}件は、ほかの判断に合わないので使っていません（同じシート）。",
                err=True,
            )
    n_machine = method.get("n_machine_issues", method["n_issues"])
    if wanted is not None and n_machine != wanted:
        click.echo(
            f"このデータからは、ちょうど {wanted}件の課題には分けられませんでした。", err=True
        )
    click.echo(
        f"報告書: {target / 'report.html'}\n確認用ブック: {target / 'review.xlsx'}", err=True
    )
