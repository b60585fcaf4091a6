"""The commands that look words up in a run. Only click is imported here."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.runs import named_run, newest_run
from pipeline.errors import UsageError
from pipeline.help import Command, Count, help_option

_limit = click.option(
    "--limit", type=Count(1, 1_000_000), metavar="数", show_default=False,
    help="画面に示す行の数。省くと50です。",
)  # fmt: skip
_sheet = click.option(
    "--output", metavar="ファイル", help=".csv か .xlsx にも書き出します。上書きはしません。"
)


@click.command("kwic", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("words", nargs=-1, required=True, metavar="[結果のフォルダー] 言葉")
@click.option(
    "--width", type=Count(4, 400), metavar="数", show_default=False,
    help="前後に示す文字の数。省くと画面の幅に合わせます（ファイルでは40）。",
)  # fmt: skip
@click.option(
    "--sort",
    type=click.Choice(["after", "before", "issue"]),
    default="after",
    metavar="順",
    help="並べかた。after（言葉の後。省いたとき）、before（言葉の前）、issue（課題）。",
)
@click.option(
    "--issue", "issues", multiple=True, metavar="番号", help="この課題の意見だけにします。"
)
@click.option(
    "--goal", default="", metavar="番号", help="この基本目標の意見だけにします（0: どれでもない）。"
)
@click.option(
    "--collocates", is_flag=True, help="用例の代わりに、左右5語に出てくる言葉の表を出します。"
)
@_limit
@_sheet
@help_option
def kwic_command(
    words: tuple[str, ...],
    width: int | None,
    sort: str,
    issues: tuple[str, ...],
    goal: str,
    limit: int | None,
    output: str | None,
    *,
    collocates: bool,
) -> None:
    """言葉の使われかたを、前後の文とともに並べます（KWIC）。

    「あそぶ」で「遊べる」「遊んで」も見つかります。見つかった形とその数、意見の数、
    異なる文面の数、人数も示します。結果のフォルダーを省くと、いちばん新しい結果を見ます。
    """
    from pipeline.newfile import check_new
    from pipeline.sheetfile import ENDINGS, as_file
    from pipeline.textlayout import terminal_width
    from pipeline.wordviews import screen, sheets
    from pipeline.wordviews.collocates import count_collocates
    from pipeline.wordviews.kwic import find_word

    run, word = _run_and_rest(words, "kadai kwic 結果のフォルダー バス")
    if output:
        check_new(Path(output), ENDINGS)
    most = limit or screen.LINES_SHOWN
    if collocates:
        beside = count_collocates(run, word, issues=issues, goal=goal)
        lines, sheet = screen.render_collocates(beside, most), sheets.collocates_sheet(beside)
    else:
        made = find_word(run, word, width=width or 40, sort=sort, issues=issues, goal=goal)
        lines = screen.render_kwic(made, terminal_width(), most, width)
        sheet = sheets.kwic_sheet(made)
    if output:
        _save(output, as_file(sheet, Path(output).suffix.lower()))
    _show(lines)
    click.echo(screen.INTERNAL, err=True)


@click.command("crosstab", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, required=False, metavar="[結果のフォルダー]")
@click.option(
    "--rows",
    type=click.Choice(["issue", "goal", "measure", "kind", "word", "rule"]),
    default="issue",
    metavar="行",
    help="行。issue（課題。省いたとき）、goal（基本目標）、measure（施策）、kind（意見の種類）、"
    "word（言葉）、rule（規則）。",
)
@click.option(
    "--columns",
    default="",
    metavar="列",
    help="列にする属性の名前（年代 など）。source_kind なら資料の種類。省くと一覧を示します。",
)
@click.option(
    "--measure",
    type=click.Choice(["people", "opinions"]),
    default="people",
    metavar="数",
    help="数えるもの。people（人。省いたとき）、opinions（意見）。",
)
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="言葉",
    help="--rows word の行にする言葉。いくつでも指定できます。省くと、よく出る20語です。",
)
@_sheet
@help_option
def crosstab_command(
    run_folder: Path | None,
    rows: str,
    columns: str,
    measure: str,
    words: tuple[str, ...],
    output: str | None,
) -> None:
    """課題・目標・言葉などと、年代などの属性を掛けあわせて人数を数えます。

    課題と基本目標の人数の表は、報告書と同じ数です。少ない人数と、そこから計算できてしまう数は
    ＊にします（調査ファイルの [publication] に従います）。
    """
    from pipeline.newfile import check_new
    from pipeline.sheetfile import ENDINGS, as_file
    from pipeline.textlayout import terminal_width
    from pipeline.wordviews.crosstab import cross
    from pipeline.wordviews.screen import render_cross
    from pipeline.wordviews.sheets import cross_sheet

    if words and rows != "word":
        raise UsageError(
            "--word は、--rows word と一緒に使います。", remedy="--rows word を付けてください。"
        )
    if output:
        check_new(Path(output), ENDINGS)
    run = run_folder or newest_run()
    made = cross(run, rows, columns, measure=measure, words=words)
    if output:
        _save(output, as_file(cross_sheet(made), Path(output).suffix.lower()))
    _show(render_cross(made, terminal_width()))


@click.command("network", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("words", nargs=-1, required=True, metavar="[結果のフォルダー] 言葉")
@click.option(
    "--links", type=Count(1, 60), default=30, metavar="数", show_default=False,
    help="つながる言葉の数（1〜60）。省くと30です。",
)  # fmt: skip
@click.option(
    "--output",
    metavar="ファイル",
    help="表を .csv か .xlsx に、図を .svg に書き出します。上書きはしません。",
)
@help_option
def network_command(words: tuple[str, ...], links: int, output: str | None) -> None:
    """ある言葉と同じ意見によく出てくる言葉を、つながりの強い順に示します（共起）。

    報告書の「言葉のつながり」と同じ数えかたで、よく出る語でなくても調べられます。
    3人に満たない人しか使っていない言葉やつながりは出しません。
    """
    from pipeline.newfile import check_new
    from pipeline.sheetfile import ENDINGS, as_file
    from pipeline.textlayout import terminal_width
    from pipeline.wordviews.network import surround
    from pipeline.wordviews.screen import render_network
    from pipeline.wordviews.sheets import network_sheet

    run, word = _run_and_rest(words, "kadai network 結果のフォルダー バス")
    if output:
        check_new(Path(output), (*ENDINGS, ".svg"))
    made = surround(run, word, links=links)
    if output:
        ending = Path(output).suffix.lower()
        content = made.svg().encode() if ending == ".svg" else as_file(network_sheet(made), ending)
        _save(output, content)
    _show(render_network(made, terminal_width()))


@click.command("sql", cls=Command, add_help_option=False, options_metavar="[オプション]")
@click.argument("words", nargs=-1, metavar='[結果のフォルダー] ["SELECT …"]')
@click.option(
    "--raw",
    is_flag=True,
    help="answers の raw_text（回答の原文）も読めるようにします。部外秘です。",
)
@_limit
@click.option(
    "--output",
    metavar="ファイル",
    help=".csv か .xlsx か .parquet にも書き出します。上書きはしません。",
)
@help_option
def sql_command(
    words: tuple[str, ...], limit: int | None, output: str | None, *, raw: bool
) -> None:
    """結果の表を SQL で調べます（DuckDB）。SQL を省くと、表と列の一覧を示します。

    読めるのは、その結果の表だけです。ファイルの読み書きや、設定の変更はできません。
    件数は伏せていません。外に出さないでください。
    """
    from pipeline.newfile import check_new, check_outside
    from pipeline.sheetfile import ENDINGS, as_file
    from pipeline.textlayout import terminal_width
    from pipeline.wordviews import screen
    from pipeline.wordviews.queries import as_parquet, describe_tables, run_query
    from pipeline.wordviews.sheets import rows_sheet

    is_run = len(words) == 1 and Path(words[0]).is_dir()
    run, sql = (
        (Path(words[0]), "") if is_run else _run_and_rest(words, "kadai sql 結果のフォルダー")
    )
    if not sql:
        _show(screen.render_tables(describe_tables(run), terminal_width()))
        return
    if output:
        check_new(Path(output), (*ENDINGS, ".parquet"))
        if raw:
            check_outside(Path(output), run, "--raw で読んだもの")
    made = run_query(run, sql, raw=raw)
    if output:
        ending = Path(output).suffix.lower()
        content = as_parquet(made) if ending == ".parquet" else as_file(rows_sheet(made), ending)
        _save(output, content, private=raw)
    _show(screen.render_rows(made, terminal_width(), limit or screen.LINES_SHOWN))
    click.echo(screen.UNSUPPRESSED, err=True)
    if raw:
        click.echo("部外秘: 回答の原文を読めるようにしています。人を伏せていません。", err=True)


def _run_and_rest(words: tuple[str, ...], example: str) -> tuple[Path, str]:
    """Run folder that is named, or the newest one, and what else was given."""
    if len(words) > 2:
        raise UsageError(
            "指定が多すぎます。",
            remedy=f'{example} のように指定してください。空白を含むときは " で囲みます。',
        )
    if len(words) == 2:
        return named_run(words[0]), words[1]
    if len(words) == 1 and (named_run(words[0]) / "manifest.json").is_file():
        raise UsageError("言葉がありません。", remedy=f"{example} のように指定してください。")
    return newest_run(), words[0] if words else ""


def _save(output: str, content: bytes, *, private: bool = False) -> None:
    """Write a file before anything is shown: whoever closes the screen has it all the same."""
    from pipeline.newfile import save_new

    save_new(Path(output), content, private=private)
    click.echo(f"書き出しました: {output}", err=True)


def _show(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)
