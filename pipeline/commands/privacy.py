"""``kadai privacy``: what was masked, for the person in charge. Only click is imported here."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run
from pipeline.help import Command, help_option


@click.command("privacy", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.option("--words", is_flag=True, help="同じ言葉をまとめ、多い順に回数とともに示します。")
@click.option(
    "--output",
    metavar="ファイル",
    help="一覧を .xlsx に書き出します。結果のフォルダーの中には書けません。上書きはしません。",
)
@help_option
def privacy_command(run_folder: Path, output: str | None, *, words: bool) -> None:
    """何を伏せたかを、担当者だけが見るために表示します。

    伏せた印、言葉とその前後、ファイルと場所、意見番号を1行に1つずつ、最後に数を示します。
    伏せた言葉そのものが出るので、画面も、書き出したファイルも、外に出さないでください。
    結果のフォルダーには何も書きません。
    """
    from pipeline.audit.masks import read_masks
    from pipeline.audit.masks_table import check_output, render_counts, render_masks, save_masks
    from pipeline.textlayout import terminal_width

    if output:
        check_output(Path(output), run_folder)
    made = read_masks(run_folder)
    if output:
        save_masks(made, Path(output), run_folder)
    lines = render_counts(made) if output else render_masks(made, terminal_width(), words=words)
    for line in lines:
        click.echo(line)
    if output:
        click.echo(f"伏せた言葉の一覧を書きました（取扱注意・外に出さない）: {output}", err=True)
