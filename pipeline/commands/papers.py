"""``kadai papers``: Word and Excel files for a committee. Only click is imported here."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run
from pipeline.help import Command, help_option


@click.command("papers", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.option(
    "--output",
    metavar="フォルダー",
    help="資料を置くフォルダー。省くと、結果のフォルダーの中の papers です。",
)
@help_option
def papers_command(run_folder: Path, output: str | None) -> None:
    """策定委員会の資料（Word と Excel）を作ります。

    課題整理シート（Word）、基本目標別一覧（Excel）、それにパブリックコメントがあれば
    意見と考え方（Word）です。人が書き込んだ資料は上書きせず、新しいものを隣に置きます。
    """
    from pipeline.papers import write_papers

    made = write_papers(run_folder, Path(output) if output else None)
    if made.note:
        click.echo(made.note, err=True)
    for path in made.saved.kept:
        click.echo(
            f"{path.name} は Kadai が書いたあとに変わっているので、そのまま残しました。"
            "新しい資料は、隣に別の名前で置きました。",
            err=True,
        )
    for path in made.saved.paths:
        click.echo(str(path))
