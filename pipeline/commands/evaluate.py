"""``kadai evaluate``: a finished run beside people's labels. Only click is imported here."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run
from pipeline.help import Command, help_option


@click.command("evaluate", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.argument("labels", metavar="分類のファイル")
@click.option(
    "--id",
    "id_column",
    default="",
    metavar="列",
    help="意見か回答の番号の列（opinion_id か answer_id の値）。",
)
@click.option(
    "--text", "text_column", default="", metavar="列", help="文面の列。省くと自動で見つけます。"
)
@click.option(
    "--group",
    "--label",
    "group",
    multiple=True,
    metavar="列",
    help="人がまとめた分類の列。課題のまとまりと比べます。何度でも指定できます。"
    "どの列も指定しないと、残りの列を、中身を見て比べます。",
)
@click.option(
    "--goal",
    multiple=True,
    metavar="列",
    help="人が付けた基本目標の列（番号か名前。なしは 0）。何度でも指定できます。",
)
@click.option(
    "--measure",
    multiple=True,
    metavar="列",
    help="人が付けた施策の列（番号か名前）。何度でも指定できます。",
)
@click.option(
    "--kind",
    multiple=True,
    metavar="列",
    help="人が付けた種類の列（問題・要望・よい点・その他）。何度でも指定できます。",
)
@click.option(
    "--reviewed", is_flag=True, help="機械の目標ではなく、人の判断のあとの目標を比べます。"
)
@click.option(
    "--output", metavar="ファイル", help="行ごとの突き合わせの結果を CSV に書き出します。"
)
@click.option("--json", "figures", metavar="ファイル", help="数字を JSON に書き出します。")
@help_option
def evaluate_command(
    run_folder: Path,
    labels: str,
    id_column: str,
    text_column: str,
    group: tuple[str, ...],
    goal: tuple[str, ...],
    measure: tuple[str, ...],
    kind: tuple[str, ...],
    output: str | None,
    figures: str | None,
    *,
    reviewed: bool,
) -> None:
    """結果の課題・基本目標・施策・種類を、人が付けたものと比べます。

    分類のファイルは、1行に1件、文面と人の分類を並べた表（.csv .tsv .xlsx）です。
    opinion_id か answer_id の列があればその番号で、なければ文面で結果と突き合わせます。
    計画の基本目標の番号や名前が並ぶ列は基本目標として、そのほかの分類は課題の
    まとまりとして比べ、どれを何として比べたかを表示します。
    """
    from pipeline.agreement.evaluation import evaluate_run
    from pipeline.agreement.report import render, save_figures, save_rows
    from pipeline.newfile import check_new

    if output:
        check_new(Path(output), (".csv",))
    if figures:
        check_new(Path(figures), (".json",))
    made = evaluate_run(
        run_folder,
        Path(labels),
        id_column=id_column,
        text_column=text_column,
        columns={"group": group, "goal": goal, "measure": measure, "kind": kind},
        reviewed=reviewed,
    )
    way = "番号" if made.labels.by_id else "文面"
    click.echo(f"突き合わせる列（{way}）: {made.labels.matched_by}", err=True)
    click.echo(f"人の分類の列: {'、'.join(made.labels.columns)}", err=True)
    for line in render(made):
        click.echo(line)
    if output:
        save_rows(made, Path(output))
        click.echo(f"行ごとの結果を書きました: {output}", err=True)
    if figures:
        save_figures(made, Path(figures))
        click.echo(f"数字を書きました: {figures}", err=True)
