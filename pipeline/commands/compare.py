"""``kadai compare``: what changed from one wave of a survey to the next.

Only click is imported here.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.help import Command, help_option


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
@help_option
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
    from pipeline.comparison.waves import check_enough, compare_waves
    from pipeline.newfile import check_new, save_new
    from pipeline.textlayout import terminal_width

    check_enough(waves)
    if output:
        check_new(Path(output), (".csv", ".xlsx"))
    if report:
        check_new(Path(report), (".html",))
    runs = [_run_of(Path(name), number, len(waves)) for number, name in enumerate(waves, start=1)]
    made = compare_waves([profile_run(run) for run in runs])
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
    from pipeline.progress import Watch
    from pipeline.running import finished_run

    def say(line: str) -> None:
        click.echo(f"[{number}/{whole}] {line}", err=True)

    return finished_run(path, say, Watch(visible=True))
