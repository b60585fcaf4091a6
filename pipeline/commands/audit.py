"""``kadai history`` and ``kadai explain``: who decided what, and why something is where it is.

Only click is imported here.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run, newest_run
from pipeline.errors import UsageError
from pipeline.help import Command, help_option


@click.command("history", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("study", metavar="調査ファイル・結果のフォルダー・判断の記録")
@click.option(
    "--output", metavar="ファイル", help="同じ表を .csv か .xlsx に書き出します。上書きはしません。"
)
@click.option(
    "--target", default="", metavar="番号", help="1つの意見か課題についての判断だけにします。"
)
@click.option(
    "--plan",
    default="",
    metavar="計画",
    help="計画の名前かファイル。省くと調査ファイルの指定に従います。",
)
@help_option
def history_command(study: str, output: str | None, target: str, plan: str) -> None:
    """だれが、いつ、何を、どの結果を見て判断したかを、古い順に表示します。

    調査ファイル（.toml）かそのフォルダー、結果のフォルダー、判断の記録（decisions.csv）の
    どれかを指定します。後の判断で置きかえられたものには、そう書き添えます。
    """
    from pipeline.audit.history import find_record, read_history
    from pipeline.audit.history_table import render_history, save_history
    from pipeline.newfile import check_new
    from pipeline.sheetfile import ENDINGS
    from pipeline.textlayout import terminal_width

    if output:
        check_new(Path(output), ENDINGS)
    record = find_record(Path(study), plan)
    made = read_history(record, target)
    click.echo(f"判断の記録: {record.path}", err=True)
    for line in render_history(made, terminal_width()):
        click.echo(line)
    if output:
        save_history(made, Path(output))
        click.echo(f"履歴を書きました: {output}", err=True)


@click.command("explain", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("words", nargs=-1, required=True, metavar="[結果のフォルダー] 番号")
@help_option
def explain_command(words: tuple[str, ...]) -> None:
    """意見・課題・対象外の1つについて、なぜそこにあるのかを説明します。

    番号は、意見（O…）、課題（I…）、対象外の部分や回答（A… か A…@開始-終了）のどれかです。
    もとのファイルの場所、機械の案と人の判断、根拠の言葉を並べます。結果のフォルダーを省くと、
    いまのフォルダーか、outputs の下でいちばん新しい結果を見ます。
    """
    from pipeline.audit.explain import explain, load_result
    from pipeline.audit.text import render
    from pipeline.textlayout import terminal_width

    if len(words) > 2:
        raise UsageError(
            "指定が多すぎます。",
            remedy="kadai explain 結果のフォルダー 番号 のように、番号は1つだけ指定してください。",
        )
    run = named_run(words[0]) if len(words) == 2 else newest_run()
    for line in render(explain(load_result(run), words[-1]), terminal_width()):
        click.echo(line)
