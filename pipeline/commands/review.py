"""The commands about reviewing: workbook out, workbook in, two reviewers side by side."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run
from pipeline.errors import UsageError
from pipeline.help import command_group, help_option

review = command_group(
    "review", "確認用ブックを書き出し、人の判断を読み戻し、2人の判断を比べます。"
)


@review.command("export", add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.option(
    "--output",
    metavar="ファイル",
    help="書き出すファイル。省くと、結果のフォルダーの review.xlsx です。",
)
@help_option
def export_command(run_folder: Path, output: str | None) -> None:
    """結果から、確認用ブック（Excel）を書き出します。

    kadai run も同じブックを結果のフォルダーに作ります。何人かで分けて見るときや、
    記入する前のブックがもう一度要るときに使います。記入のあるファイルは上書きしません。
    """
    from pipeline.review_import.transfer import export_workbook

    click.echo(
        str(export_workbook(run_folder, Path(output) if output else run_folder / "review.xlsx"))
    )


@review.command("import", add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.argument("workbooks", nargs=-1, required=True, metavar="記入したブック…")
@click.option(
    "--reviewer",
    "reviewers",
    multiple=True,
    required=True,
    metavar="名前",
    help="確認した人の名前。ブックがいくつもあるときは、同じ順に同じ数だけ指定します。",
)
@click.option(
    "--decisions",
    metavar="ファイル",
    help="判断の記録（decisions.csv）。省くと、その調査の記録に書き足します。",
)
@click.option(
    "--accept-clean", is_flag=True, help="食い違いなどのある行を残して、ほかの行だけ取り込みます。"
)
@click.option(
    "--overrule",
    is_flag=True,
    help="ほかの人があとから別に決めていても、このブックの判断にします。",
)
@help_option
def import_command(
    run_folder: Path,
    workbooks: tuple[str, ...],
    reviewers: tuple[str, ...],
    decisions: str | None,
    *,
    accept_clean: bool,
    overrule: bool,
) -> None:
    """記入した確認用ブックを読み、変わったところを判断の記録に書き足します。

    黄色いセルのうち、いまの値と違うものだけを読みます。食い違い、一覧にない値、輪になった
    統合などがあれば、シートと行を示して止まり、何も書き込みません（終わり方の番号は 4）。
    取り込んだら、kadai run でもう一度実行すると、結果に反映されます。
    """
    from pipeline.review_import.prepare import count_fields
    from pipeline.review_import.transfer import import_workbooks

    if len(reviewers) != len(workbooks):
        raise UsageError(
            f"ブックが{len(workbooks)}冊、名前が{len(reviewers)}人です。",
            remedy="--reviewer を、ブックと同じ順に同じ数だけ指定してください。",
        )
    record = Path(decisions).absolute() if decisions else _record_of(run_folder)
    done = import_workbooks(
        run_folder,
        [Path(name) for name in workbooks],
        reviewers,
        record,
        overrule=overrule,
        accept_clean=accept_clean,
    )
    prepared = done.prepared
    for problem in prepared.problems:
        click.echo(f"取り込まなかった行: {problem.place}: {problem.text}", err=True)
    for note in done.notes:
        click.echo(note, err=True)
    if prepared.judgements:
        counted = "、".join(f"{name} {n}件" for name, n in count_fields(prepared.judgements))
        click.echo(f"判断 {len(prepared.judgements)}件を書き足しました（{counted}）。", err=True)
        click.echo("kadai run でもう一度実行すると、結果に反映されます。", err=True)
    else:
        click.echo("書き足す判断はありませんでした。", err=True)
    if prepared.n_known:
        click.echo(f"もう記録にある記入: {prepared.n_known}件", err=True)
    click.echo(str(done.record))


@review.command("agreement", add_help_option=False, options_metavar="[オプション]")
@click.argument("one", metavar="ブックA")
@click.argument("other", metavar="ブックB")
@click.option(
    "--output",
    metavar="ファイル",
    help="食い違った行を、話し合いのための Excel の表に書き出します。",
)
@help_option
def agreement_command(one: str, other: str, output: str | None) -> None:
    """2人が別々に記入したブックを比べ、一致の度合いと食い違った行を示します。"""
    from pipeline.review_import.compare import compare_workbooks, render, save_sheet

    made = compare_workbooks(Path(one), Path(other))
    for line in render(made):
        click.echo(line)
    if output:
        save_sheet(made, Path(output))
        click.echo(f"食い違った行を書きました: {output}", err=True)


def _record_of(run: Path) -> Path:
    """File of decisions that belongs to a run."""
    from pipeline.manifest import load_manifest
    from pipeline.runfolder import decisions_place

    load_manifest(run)  # tells where this is no run folder
    place = decisions_place(run)
    if place is None:
        raise UsageError(
            "この結果の、判断の記録の場所が分かりません。",
            remedy="--decisions で、判断の記録（decisions.csv）の場所を指定してください。",
        )
    return place
