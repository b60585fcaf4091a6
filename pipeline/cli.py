"""The command: parse, one call, print, exit code.

Only click is imported here; what a command needs is imported when it runs, so
that ``kadai --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

import pipeline
from pipeline.cli_audit import explain_command, history_command
from pipeline.cli_compare import compare_command
from pipeline.cli_evaluate import evaluate_command
from pipeline.cli_papers import papers_command
from pipeline.cli_plan import plan
from pipeline.cli_review import review
from pipeline.errors import InputError, KadaiError, UsageError
from pipeline.help import Count, Group, explain_usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.answers import AnswersResult
    from pipeline.findings import Finding
    from pipeline.plan import Plan
    from pipeline.study import Study

INTERRUPTED = 1

ADDRESSES_SHOWN = 30
"""Ways to name a part of the plan that were not understood and are shown."""

WORDS_SHOWN = 40
"""Characters of one such way."""

_help = click.help_option("-h", "--help", help="この説明を表示して終わります。")


@click.group(
    cls=Group,
    context_settings={"max_content_width": 100},
    add_help_option=False,
    options_metavar="[オプション]",
    subcommand_metavar="コマンド …",
    invoke_without_command=True,
)
@_help
@click.version_option(
    pipeline.__version__, "--version", help="版を表示して終わります。", message="kadai %(version)s"
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
@_help
def run_command(
    paths: tuple[str, ...],
    issues: int | None,
    output: str | None,
    decisions: str | None,
    previous: str | None,
    *,
    no_decisions: bool,
    no_raw: bool,
) -> None:
    """回答を読み、課題・基本目標・報告書を作ります。

    調査ファイル（.toml）を1つ、または回答のファイル
    （.csv .tsv .xlsx .docx .txt .md）をいくつでも指定します。
    回答のファイルを直接指定すると、文字コード・見出し行・自由記述の列・
    回答者番号・属性を自動で見つけ、その判断を結果の study.toml に書き残します。
    """
    from pipeline.compare.previous import check_previous
    from pipeline.progress import Watch
    from pipeline.run import run

    if previous is not None:
        check_previous(Path(previous).absolute(), "--previous")
    study, folder, findings = _study(paths)
    if previous is None and study.previous is not None:
        check_previous(folder / study.previous, "調査ファイルの previous")
    _show_findings(findings)
    kept = _kept_workbooks(output)
    if issues is not None:
        parameters = study.parameters.model_copy(update={"issues": issues})
        study = study.model_copy(update={"parameters": parameters})
    place = Path(decisions).absolute() if decisions else _record_of(study, folder, paths)
    if no_decisions:
        study = study.model_copy(update={"decisions": None})
    elif decisions is not None or (study.decisions is None and place.is_file()):
        study = study.model_copy(update={"decisions": str(place)})
        click.echo(f"人の判断の記録: {place}", err=True)
    if previous is not None:
        study = study.model_copy(update={"previous": str(Path(previous).absolute())})
    target = run(
        study,
        folder,
        Path(output) if output else None,
        keep_raw=not no_raw,
        watch=Watch(visible=True),
        place=place,
    )
    _summarize(target, issues)
    for name in sorted(_kept_workbooks(str(target)) - kept):
        click.echo(f"前の review.xlsx には記入があったので、{name} として残しました。", err=True)
    click.echo(str(target))


@cli.command("check", add_help_option=False, options_metavar="[オプション]")
@click.argument("paths", nargs=-1, required=True, metavar="調査ファイルまたは回答のファイル…")
@click.option(
    "--output", metavar="ファイル", help="判断の結果を調査ファイル（.toml）として書き出します。"
)
@_help
def check_command(paths: tuple[str, ...], output: str | None) -> None:
    """ファイルを読み、何を何とみなしたかだけを表示します。"""
    from pipeline.addressed import check_addresses
    from pipeline.answers import read_answers
    from pipeline.infer import complete
    from pipeline.plan import find_plan, load_plan
    from pipeline.runfolder import write_study

    study, folder, findings = _study(paths)
    _show_findings(findings, err=False)
    study = complete(study, folder)
    named = any(source.addresses or source.addresses_column for source in study.sources)
    read_plan = load_plan(find_plan(study.plan, folder)) if named else None
    if read_plan:
        check_addresses(study, read_plan)
    read = read_answers(study, folder)
    click.echo(
        f"空でない自由記述: {len(read.answers):,}件（うち見出し・記録事項 {len(read.set_aside):,}件）"
    )
    places = zip(read.answers["source_id"], read.answers["question"], strict=True)
    asked = [(one.id, name) for one in study.sources for name in one.text]
    order = {place: number for number, place in enumerate(asked)}
    counted = sorted(Counter(places).items(), key=lambda item: (order.get(item[0], -1), item[0]))
    for (source, question), count in counted:
        click.echo(f"  {source}  {question}: {count:,}件")
    if read_plan:
        _show_addresses(read, read_plan)
    if output:
        write_study(study, folder, Path(output))
        click.echo(f"調査ファイルを書きました: {output}")


@cli.command("verify", add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", metavar="結果のフォルダー")
@click.option(
    "--inputs", metavar="フォルダー", help="回答のファイルを移したときの、新しい置き場所。"
)
@_help
def verify_command(run_folder: str, inputs: str | None) -> None:
    """結果をもう一度作り、同じになるか確かめます。"""
    from pipeline.progress import Watch
    from pipeline.verify import verify

    lines = verify(Path(run_folder), Path(inputs) if inputs else None, Watch(visible=True))
    for line in lines:
        click.echo(line)
    click.echo("再現できました。")


cli.add_command(evaluate_command)
cli.add_command(review)
cli.add_command(papers_command)
cli.add_command(compare_command)
cli.add_command(history_command)
cli.add_command(explain_command)
cli.add_command(plan)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code (see :mod:`pipeline.errors`)."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may lack a character; that is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        result = cli.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="kadai",
            standalone_mode=False,
        )
    except KadaiError as error:
        return _fail(str(error), error.exit_code)
    except click.UsageError as error:
        return _fail(explain_usage(error), UsageError.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _fail("中断しました。途中の結果は残していません。", INTERRUPTED)
    except MemoryError:
        return _fail(
            "メモリーが足りません。\n対処: ほかのプログラムを閉じるか、ファイルを分けて実行してください。",
            1,
        )
    except OSError as error:
        # Where no stage knew better: a network drive that is gone, a folder that is locked.
        return _fail(
            f"ファイルを読み書きできません（{error.strerror or type(error).__name__}）。\n"
            + (f"場所: ファイル「{error.filename}」\n" if error.filename else "")
            + "対処: フォルダーやドライブにつながっているか、開く権限とディスクの空きがあるかを"
            "確かめ、もう一度実行してください。途中の結果は残していません。",
            InputError.exit_code,
        )
    except Exception as error:  # noqa: BLE001 — the last resort: no traceback for a planner
        if os.environ.get("KADAI_DEBUG"):
            traceback.print_exc()
        return _fail(
            f"予期しない誤りが起きました（{type(error).__name__}: {error}）。\n"
            "対処: 途中の結果は残していません。環境変数 KADAI_DEBUG=1 を付けて実行し、"
            "表示された内容を開発元へお知らせください。",
            1,
        )
    return result if isinstance(result, int) else 0


def _fail(message: str, code: int) -> int:
    click.echo(f"エラー: {message}", err=True)
    return code


def _study(paths: Sequence[str]) -> tuple[Study, Path, list[Finding]]:
    """Study, the folder that its paths are relative to, and what was found."""
    from pipeline.infer import complete, describe_study, infer_study
    from pipeline.study import load_study

    found = [_study_in(Path(name)) if Path(name).is_dir() else Path(name) for name in paths]
    studies = [path for path in found if path.suffix.lower() == ".toml"]
    if studies and len(found) > 1:
        raise UsageError(
            "調査ファイル（.toml）は1つだけ指定してください。",
            remedy="回答のファイルは、調査ファイルの sources に書くか、調査ファイルなしで指定します。",
        )
    if studies:
        study, folder = load_study(studies[0]), studies[0].absolute().parent
        findings = describe_study(study, folder)
        return complete(study, folder), folder, findings
    study, findings = infer_study([path.absolute() for path in found])
    return study, Path.cwd(), findings


def _record_of(study: Study, folder: Path, paths: Sequence[str]) -> Path:
    """Place where decisions on this study are kept, whether there are any or not."""
    from pipeline.runfolder import MANIFEST, decisions_place

    if (folder / MANIFEST).is_file() and (place := decisions_place(folder)):
        return place  # the study of a run: its decisions are a copy
    if study.decisions is not None:
        return (folder / study.decisions).absolute()
    first = Path(paths[0])
    is_study = first.is_dir() or first.suffix.lower() == ".toml"
    return (folder if is_study else first.absolute().parent) / "decisions.csv"


def _kept_workbooks(folder: str | None) -> set[str]:
    """Names of the filled-in workbooks that a run folder keeps."""
    return {path.name for path in Path(folder).glob("review-*.xlsx")} if folder else set()


def _study_in(folder: Path) -> Path:
    """Study file of a folder that was named instead of a file."""
    path = folder / "study.toml"
    if not path.is_file():
        raise UsageError(
            f"フォルダー「{folder}」に調査ファイル（study.toml）がありません。",
            remedy="回答のファイルを1つずつ指定するか、フォルダーに study.toml を作ってください。",
        )
    return path


def _show_findings(findings: Sequence[Finding], *, err: bool = True) -> None:
    place = ""
    for finding in findings:
        here = f"{finding.file}" + (f" / {finding.sheet}" if finding.sheet else "")
        if here != place:
            place = here
            click.echo(f"■ {here}", err=err)
        mark = "？" if finding.doubt else "・"
        click.echo(f"  {mark} {finding.subject} → {finding.taken_for}: {finding.reason}", err=err)
    if any(finding.doubt for finding in findings):
        click.echo(
            "「？」の行は確かめてください。違うときは kadai check … --output 調査.toml で"
            "書き出した調査ファイルを直し、kadai run 調査.toml で実行できます。",
            err=err,
        )


def _show_addresses(read: AnswersResult, plan: Plan) -> None:
    from pipeline.addressed import read_addresses, unread_addresses

    understood = read_addresses(read.addressed, plan)
    click.echo(
        f"該当箇所: {len(read.addressed):,}件のうち {len(understood):,}件を、"
        "計画の基本目標か施策として読みました。"
    )
    sources = dict(zip(read.answers["answer_id"], read.answers["source_id"], strict=True))
    unread = unread_addresses(read.addressed, sources, plan)
    if unread:
        click.echo("  次の書き方からは、1つに決められませんでした（該当箇所は空のままにします）。")
    for own in unread[:ADDRESSES_SHOWN]:
        words = own.words if len(own.words) <= WORDS_SHOWN else f"{own.words[:WORDS_SHOWN]}…"
        click.echo(f"  {own.source_id}  「{words}」: {own.n_answers:,}件")
    if more := len(unread[ADDRESSES_SHOWN:]):
        click.echo(f"  ほか {more:,}とおり")


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
