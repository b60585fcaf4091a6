"""``kadai dictionary``: candidates for the dictionaries, tried out and written down.

Only click is imported here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.runs import named_run
from pipeline.errors import UsageError
from pipeline.help import command_group, help_option

if TYPE_CHECKING:
    from pipeline.vocabulary.entries import Entry


dictionary = command_group("dictionary", "辞書に足す言葉の候補を出し、効果を見てから足します。")


@dictionary.command("suggest", add_help_option=False, options_metavar="[オプション]")
@click.argument("run_folder", type=named_run, metavar="結果のフォルダー")
@click.option(
    "--output",
    metavar="ファイル",
    help="候補をすべて、印を付ける表（.xlsx）に書き出します。上書きはしません。",
)
@help_option
def suggest_command(run_folder: Path, output: str | None) -> None:
    """結果の中の言葉から、user.csv と synonyms.csv に足す候補を出します。

    辞書にない語、切れている複合語、表記ゆれ、同じ意味かもしれない語の4つです。
    3人以上が書いた語だけを出します。辞書は変えません。
    """
    from pipeline.newfile import check_new, check_outside, save_new
    from pipeline.textlayout import terminal_width
    from pipeline.vocabulary.material import load_material
    from pipeline.vocabulary.sheet import render, workbook
    from pipeline.vocabulary.suggest import find_candidates

    if output:
        check_outside(Path(output), run_folder, "候補の表")
        check_new(Path(output), (".xlsx",))
    made = find_candidates(load_material(run_folder))
    if output:  # first: whoever closes the screen has the file all the same
        save_new(Path(output), workbook(made), private=True)
        click.echo(f"候補の表を書きました: {output}", err=True)
    for line in render(made, terminal_width()):
        click.echo(line)
    if not output and made.candidates:
        click.echo("--output 候補.xlsx を付けると、すべてを印を付ける表に書き出します。", err=True)


@dictionary.command("add", add_help_option=False, options_metavar="[オプション]")
@click.argument("sheet", required=False, metavar="[候補の表か CSV]")
@click.option("--word", metavar="見出し", help="1つの語にしたい言葉。user.csv に足します。")
@click.option("--reading", metavar="ヨミ", help="--word の読み。省くと Sudachi の読みです。")
@click.option("--normalized", metavar="正規形", help="--word のそろえた書き方。省くと見出しです。")
@click.option("--kind", metavar="種類", help="名詞、事業名、組織名、地名。省くと名詞です。")
@click.option("--synonym", metavar="語", help="ほかの語にまとめる言葉。synonyms.csv に足します。")
@click.option("--to", metavar="まとめ先", help="--synonym のまとめ先。")
@click.option(
    "--run",
    type=named_run,
    metavar="フォルダー",
    help="効果を見る結果。省くと、いちばん新しい結果です。",
)
@click.option("--write", is_flag=True, help="辞書に書きます。省くと、効果を見るだけです。")
@help_option
def add_command(
    sheet: str | None,
    word: str | None,
    reading: str | None,
    normalized: str | None,
    kind: str | None,
    synonym: str | None,
    to: str | None,
    run: Path | None,
    *,
    write: bool,
) -> None:
    """印を付けた候補か、指定した言葉を、辞書に足します。

    まず、足せるかを調べ、どの意見の語・話題・目標が変わるかを表示します。
    --write を付けたときだけ、user.csv と synonyms.csv の最後に書き足します。
    """
    from pipeline.progress import Watch
    from pipeline.resources import dictionaries_folder
    from pipeline.runfolder import newest_run
    from pipeline.textlayout import terminal_width
    from pipeline.vocabulary.effect import try_entries
    from pipeline.vocabulary.told import render_trial, render_written
    from pipeline.vocabulary.writing import write_entries

    entries = _entries(sheet, (word, reading, normalized, kind), synonym, to)
    folder = run or newest_run(Path.cwd())
    if folder is not None and not run:
        click.echo(f"結果のフォルダー: {folder}", err=True)
    made = try_entries(entries, folder, Path(sheet).name if sheet else "", Watch(visible=True))
    for line in render_trial(made, terminal_width()):
        click.echo(line)
    if not made.checked.new:
        return
    if not write:
        click.echo("まだ書いていません。書くときは、同じ指定に --write を付けます。")
        return
    for line in render_written(write_entries(dictionaries_folder(), made.checked.new, made.seen)):
        click.echo(line)


def _entries(
    sheet: str | None,
    word: tuple[str | None, str | None, str | None, str | None],
    synonym: str | None,
    to: str | None,
) -> list[Entry]:
    """What is to be added.

    Raises
    ------
    UsageError
        Nothing was named, or only a part of it.
    """
    from pipeline.vocabulary.candidate import SYNONYMS_FILE
    from pipeline.vocabulary.entries import Entry
    from pipeline.vocabulary.given import read_entries, word_entry

    if any(own is not None for own in word[1:]) and word[0] is None:
        raise UsageError(
            "--word がありません。",
            remedy="--reading、--normalized、--kind は、--word といっしょに指定してください。",
        )
    if (synonym is None) != (to is None):
        raise UsageError(
            "--synonym と --to は、いっしょに指定します。",
            remedy="kadai dictionary add --synonym 町会 --to 町内会 のように指定してください。",
        )
    entries = read_entries(Path(sheet)) if sheet else []
    if sheet and not entries:
        raise UsageError(
            f"「{Path(sheet).name}」に、足すものがありません。",
            remedy="足すものの「採用」に ○ を付け、保存して閉じてから、もう一度実行してください。",
        )
    if word[0] is not None:
        entries.append(word_entry(*(own or "" for own in word)))
    if synonym is not None and to is not None:
        entries.append(Entry(SYNONYMS_FILE, (synonym.strip(), to.strip())))
    if not entries:
        raise UsageError(
            "足すものがありません。",
            remedy="印を付けた候補の表か、--word、--synonym と --to を指定してください。",
        )
    return entries
