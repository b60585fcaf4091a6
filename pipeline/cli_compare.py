"""``kadai compare``: what changed from one wave of a survey to the next.

Only click is imported here.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import InputError, Location, UsageError
from pipeline.help import Command

if TYPE_CHECKING:
    from pipeline.study import Study

_help = click.help_option("-h", "--help", help="この説明を表示して終わります。")


@click.command("compare", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("waves", nargs=-1, required=True, metavar="前の結果 今の結果 [さらに新しい結果…]")
@click.option(
    "--report",
    metavar="ファイル",
    help="変化の報告書（.html）を書き出します。上書きはしません。",
)
@click.option(
    "--output",
    metavar="ファイル",
    help="すべての課題の表を .csv か .xlsx に書き出します。上書きはしません。",
)
@_help
def compare_command(waves: tuple[str, ...], report: str | None, output: str | None) -> None:
    """前回から、どの課題が増え、減り、新しく出て、なくなったかを比べます。

    古い順に2つ以上、結果のフォルダーか、調査ファイル（.toml）か、回答のファイルを指定します。
    調査ファイルと回答のファイルは、先に kadai run と同じように実行し、結果を outputs の下に
    残します（同じ結果がもうあれば、それを使います）。人数と割合、95%区間、検定のp値を表示します。
    """
    from pipeline.comparison.files import as_file
    from pipeline.comparison.lines import render
    from pipeline.comparison.page import render_waves
    from pipeline.comparison.profiling import profile_run
    from pipeline.comparison.saving import check_new, save_new
    from pipeline.comparison.waves import compare_waves
    from pipeline.textlayout import terminal_width

    if len(waves) < 2:
        raise UsageError(
            "比べるものが1つだけです。",
            remedy="kadai compare 前の結果 今の結果 のように、古い順に2つ以上指定してください。",
        )
    if output:
        check_new(Path(output), (".csv", ".xlsx"))
    if report:
        check_new(Path(report), (".html",))
    runs = [_run_of(Path(name), number, len(waves)) for number, name in enumerate(waves, start=1)]
    profiles = [profile_run(run) for run in runs]
    for number, (old, new) in enumerate(pairwise(profiles), start=1):
        if old.run_id == new.run_id:
            raise UsageError(
                f"{number}つ目と{number + 1}つ目は、同じ結果です（実行番号 {new.run_id}）。",
                remedy="前回と今回の、別の結果を、古い順に指定してください。",
            )
    made = compare_waves(profiles)
    for line in render(made, terminal_width()):
        click.echo(line)
    made_files = []  # all of them, before the first is written
    if output:
        table = as_file(made, Path(output).suffix.lower())
        made_files.append(("表を書きました", output, table))
    if report:
        made_files.append(("報告書を書きました", report, render_waves(made, runs).encode()))
    for told, name, content in made_files:
        save_new(Path(name), content)
        click.echo(f"{told}: {name}", err=True)


def _run_of(path: Path, number: int, whole: int) -> Path:
    """Run folder that was named, or that is made of the file that was named."""
    from pipeline.findings.textline import one_line
    from pipeline.infer import complete, infer_study
    from pipeline.manifest import load_manifest
    from pipeline.study import load_study

    place = f"[{number}/{whole}]"
    if path.name == "report.html" and (path.parent / "manifest.json").is_file():
        path = path.parent  # somebody named the report in it
    if path.is_dir():
        if (path / "manifest.json").is_file():
            load_manifest(path)
            click.echo(f"{place} 結果を読みます: {path}", err=True)
            return path
        if not (path / "study.toml").is_file():
            raise InputError(
                f"フォルダー「{path.name}」は、Kadai の結果ではありません。",
                at=Location(file=str(path)),
                remedy="kadai run が作ったフォルダー（manifest.json のあるもの）か、"
                "調査ファイル、回答のファイルを指定してください。",
            )
        path = path / "study.toml"
    if not path.is_file():
        raise InputError(
            f"「{path.name}」が見つかりません。",
            at=Location(file=str(path)),
            remedy="結果のフォルダー、調査ファイル、回答のファイルの場所と名前を確かめてください。",
        )
    if path.suffix.lower() == ".toml":
        folder = path.absolute().parent
        study = complete(load_study(path), folder)
    else:
        folder = Path.cwd()
        study, findings = infer_study([path.absolute()])
        for own in findings:
            if own.doubt:
                said = f"{place} ？ {own.subject} → {own.taken_for}: {own.reason}"
                click.echo(one_line(said), err=True)
    return _made(study, folder, path, place)


def _made(study: Study, folder: Path, path: Path, place: str) -> Path:
    """Run of a study: made now, unless the very same one is there."""
    from pipeline.analysis import run_study
    from pipeline.comparison.previous import read_previous
    from pipeline.decision_input import read_decisions
    from pipeline.engine import open_engine
    from pipeline.manifest import Provenance, load_manifest
    from pipeline.plan import find_plan, load_plan
    from pipeline.progress import Watch
    from pipeline.runfolder import new_run_folder

    record = path.absolute().parent / "decisions.csv"
    if study.decisions is None and record.is_file():
        study = study.model_copy(update={"decisions": str(record)})
        click.echo(f"{place} 人の判断の記録: {record}", err=True)
    if study.decisions is not None:
        record = (folder / study.decisions).absolute()
    decisions = read_decisions(study, folder, load_plan(find_plan(study.plan, folder)))
    made_from = Provenance.of(
        study, folder, decisions, keep_raw=True, previous=read_previous(study, folder)
    )
    target = new_run_folder(None, study.title, made_from.run_id)
    known = (target / "manifest.json").is_file()
    if known and load_manifest(target)["run_id"] == made_from.run_id:
        click.echo(f"{place} 同じ結果がもうあるので、それを使います: {target}", err=True)
        return target
    click.echo(f"{place} 実行します: {path.name}", err=True)
    with open_engine() as engine:
        made = run_study(study, folder, watch=Watch(visible=True), place=record, engine=engine)
    click.echo(f"{place} 結果: {made}", err=True)
    return made
