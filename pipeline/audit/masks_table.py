"""What a run masked as lines for a terminal, and as a workbook that must not leave the office."""

from __future__ import annotations

import io
import os
from datetime import datetime
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook

from pipeline.errors import InputError, Location, UsageError
from pipeline.review.workbook import cell_text
from pipeline.textlayout import table
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.audit.masks import Mask, Masks

CONFIDENTIAL: Final = "取扱注意・外に出さない"
"""What stands on everything that shows masked words."""

_MASK_HEADS: Final = ("伏せた印", "言葉", "前", "後ろ", "ファイル", "場所", "番号")
_MASK_WIDTHS: Final = (14, 26, 28, 28, 24, 18, 22)
_WORD_HEADS: Final = ("回数", "伏せた印", "言葉")
_WORD_WIDTHS: Final = (8, 14, 40)
_OPEN_HEADS: Final = ("公開とした言葉", "決めた人", "日時")
_OPEN_WIDTHS: Final = (40, 16, 18)
# The clock is no part of what is told.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes no time zone


def render_masks(made: Masks, width: int, *, words: bool = False) -> list[str]:
    """Lines for a terminal.

    Parameters
    ----------
    width
        Columns of the terminal, for the table of words.
    words
        Distinct strings with their number, instead of every single mask.
    """
    lines = [f"【{CONFIDENTIAL}】"]
    if not made.masks:
        lines.append("伏せたところはありません。")
    elif words:
        rows = [_WORD_HEADS, *_word_rows(made)]
        lines += table(rows, width, {2: 12})
    else:
        lines += [_line(own) for own in made.masks]
    return [*lines, "", *render_counts(made)]


def render_counts(made: Masks) -> list[str]:
    """How much was masked, by label, and what was declared public."""
    counts = "、".join(f"{label} {number:,}" for label, number in made.by_label)
    lines = [f"伏せたところ {len(made.masks):,}か所" + (f"（{counts}）" if counts else "")]
    if made.public:
        lines.append(
            "公開とした言葉: "
            + "、".join(
                f"{_one_line(own.text)}（{_one_line(own.reviewer)}）" for own in made.public
            )
        )
    if made.n_changed:
        lines.append(
            f"注意: 意見 {made.n_changed:,}件は、いまの決まりで伏せるところが結果と違います。"
            "Kadai か辞書が新しくなっています。kadai run でもう一度結果を作ってから見てください。"
        )
    return lines


def check_output(path: Path, run: Path) -> None:
    """Say before the work whether a file can be written under this name.

    Raises
    ------
    UsageError
        There is one already, its ending is not known, or it would lie in the run folder,
        which is handed on.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            f"書き出すファイルの名前「{path.name}」が .xlsx ではありません。",
            remedy="--output 伏せた言葉.xlsx のように指定してください。",
        )
    if path.resolve().is_relative_to(run.resolve()):
        raise UsageError(
            "伏せた言葉の一覧は、結果のフォルダーの中には書き出しません。",
            remedy="結果といっしょに渡してしまわないように、別のフォルダーを指定してください。",
        )
    if path.exists():
        raise _taken(path)


def save_masks(made: Masks, path: Path, run: Path) -> None:
    """Write masks and words as a workbook that only its owner can read.

    Raises
    ------
    UsageError
        See :func:`check_output`.
    InputError
        The place cannot be written to.
    """
    check_output(path, run)
    content = _workbook(made)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise InputError(
            "伏せた言葉の一覧を書き込めません。",
            at=Location(file=str(path)),
            remedy="フォルダーがあるか、書き込む権限とディスクの空きがあるかを確かめてください。",
        ) from error


_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows would turn line ends


def _line(own: Mask) -> str:
    place = " ".join(part for part in (own.file, own.locator) if part)
    before, text, after = map(_one_line, (own.before, own.text, own.after))
    return f"{own.label}  {before}【{text}】{after}  {_one_line(place)}  {own.target}"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _word_rows(made: Masks) -> list[tuple[str, str, str]]:
    return [(f"{own.n:,}", own.label, _one_line(own.text)) for own in made.words]


def _workbook(made: Masks) -> bytes:
    content = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,  # what residents wrote is not left in a temporary folder
        "default_format_properties": {"font_name": "Yu Gothic", "font_size": 11},
    }
    masks = [
        (own.label, own.text, own.before, own.after, own.file, own.locator, own.target)
        for own in made.masks
    ]
    public = [(own.text, own.reviewer, own.decided_at) for own in made.public]
    with Workbook(content, options) as book:
        book.set_properties({"title": CONFIDENTIAL, "created": _CREATED})
        _add_sheet(book, "言葉", _WORD_HEADS, _WORD_WIDTHS, _word_rows(made))
        _add_sheet(book, "伏せた所", _MASK_HEADS, _MASK_WIDTHS, masks)
        if public:
            _add_sheet(book, "公開", _OPEN_HEADS, _OPEN_WIDTHS, public)
    return content.getvalue()


def _add_sheet(
    book: Workbook,
    name: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
) -> None:
    sheet = book.add_worksheet(name)
    mark = book.add_format({"bold": True, "font_color": "#B00020", "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E3ECF3", "border": 1})
    body = book.add_format({"valign": "top", "text_wrap": True, "border": 1})
    sheet.write_string(0, 0, CONFIDENTIAL, mark)
    for place, (title, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(1, place, title, head)
    for number, row in enumerate(rows, start=2):
        for place, cell in enumerate(row):
            if heads[place] == "回数":
                sheet.write_number(number, place, int(cell.replace(",", "")), body)
            else:
                # Never plain write(): it would look for formulas, links and numbers.
                sheet.write_string(number, place, cell_text(cell), body)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(len(rows) + 1, 2), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_header(f"&C&14{CONFIDENTIAL}")
    sheet.ignore_errors({"number_stored_as_text": f"A1:G{len(rows) + 2}"})


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"「{path.name}」はもうあります。上書きしません。",
        remedy="別の名前を指定するか、いらないファイルなら先に消してください。",
    )
