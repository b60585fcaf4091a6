"""Small tables as a file for Excel, ``.csv`` or ``.xlsx``: texts stay texts, whatever they say.

The same table gives the same bytes at any time.
"""

from __future__ import annotations

import csv
import io
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from xlsxwriter import Workbook

from pipeline.errors import UsageError
from pipeline.formulas import guard_formula
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ENDINGS: Final = (".csv", ".xlsx")

WORKBOOK_OPTIONS: Final[dict[str, Any]] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # what residents wrote is not left in a temporary folder
}
"""Options of every workbook: a cell says itself what it is."""

CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes no time zone
"""When every workbook was made: the clock is no part of what is told."""

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet of Excel, with the header; XlsxWriter leaves out what is below, unsaid."""

LONGEST_CELL: Final = 32_767
"""UTF-16 units that a cell of Excel holds."""

CUT: Final = "…（以下略）"

_FONT: Final = {"font_name": "Yu Gothic", "font_size": 11}
_TEXTS: Final = frozenset({"text", "entry"})
_NUMBERS: Final = {"count": "#,##0", "number": "0.###", "share": "0.0%"}

Kind = Literal["text", "entry", "count", "number", "share"]


class Column(NamedTuple):
    """A column of a file.

    Attributes
    ----------
    width
        In letters of half width.
    kind
        ``text``; ``entry``, a text that people write, on yellow; ``count``, ``number`` or
        ``share`` (0 to 1, shown in per cent), whose cells may be empty: ``None``, an empty
        text or NaN.
    """

    label: str
    width: int = 12
    kind: Kind = "text"


class Sheet(NamedTuple):
    """A sheet of a workbook.

    Attributes
    ----------
    mark
        What stands above the table and on every printed page; empty for nothing.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    mark: str = ""


def as_file(sheet: Sheet, ending: str) -> bytes:
    """Content of a file with one table; the ending is one of :data:`ENDINGS`."""
    return as_csv(sheet) if ending == ".csv" else as_workbook(sheet.name, [sheet])


def as_csv(sheet: Sheet) -> bytes:
    """CSV with a byte order mark; an apostrophe stands before what would be a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(guard_formula(own.label) for own in sheet.columns)
    for row in sheet.rows:
        writer.writerow(
            guard_formula(str(cell)) if own.kind in _TEXTS else "" if _is_nothing(cell) else cell
            for own, cell in zip(sheet.columns, row, strict=True)
        )
    return text.getvalue().encode("utf-8-sig")


def as_workbook(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Workbook of tables, each with a header that stays and a filter.

    Raises
    ------
    UsageError
        A table has more rows than a sheet can hold.
    """
    if (most := max((len(own.rows) for own in sheets), default=0)) > MOST_ROWS - 2:
        raise UsageError(
            f"表が {most:,}行あり、Excel のシート（{MOST_ROWS:,}行まで）に入りません。",
            remedy="名前の終わりを .csv にするか、行を減らしてください。",
        )
    content = io.BytesIO()
    options = WORKBOOK_OPTIONS | {"default_format_properties": dict(_FONT)}
    with Workbook(content, options) as book:
        book.set_properties({"title": cell_text(title), "created": CREATED})
        formats = _formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return content.getvalue()


def cell_text(text: str) -> str:
    """Text as a cell can hold it: clean, and not longer than Excel allows.

    Examples
    --------
    >>> len(cell_text("長" * 40_000)), cell_text("長" * 40_000)[-6:]
    (32767, '…（以下略）')
    """
    text = clean(text)
    if len(text) <= LONGEST_CELL // 2:  # no character is more than two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    # Half a character at the cut is dropped.
    return units[: 2 * (LONGEST_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _formats(book: Workbook) -> dict[str, Format]:
    body = {"valign": "top", "border": 1}
    return {
        "mark": book.add_format({"bold": True, "font_color": "#B00020", "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#E3ECF3", "border": 1}),
        "text": book.add_format(body | {"text_wrap": True}),
        "entry": book.add_format(body | {"text_wrap": True, "bg_color": "#FFF6CC"}),
        **{kind: book.add_format(body | {"num_format": own}) for kind, own in _NUMBERS.items()},
    }


def _write(worksheet: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    first = 0
    if sheet.mark:
        worksheet.write_string(0, 0, sheet.mark, formats["mark"])
        worksheet.set_header(f"&C&14{sheet.mark.replace('&', '&&')}")
        first = 1
    for place, own in enumerate(sheet.columns):
        worksheet.set_column(place, place, own.width)
        worksheet.write_string(first, place, cell_text(own.label), formats["head"])
    for number, row in enumerate(sheet.rows, start=first + 1):
        for place, (own, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            # Never plain write(): it would look for formulas, links and numbers.
            if _is_nothing(cell):
                worksheet.write_blank(number, place, None, formats[own.kind])
            elif own.kind in _TEXTS or (isinstance(cell, float) and math.isinf(cell)):
                worksheet.write_string(number, place, cell_text(str(cell)), formats[own.kind])
            else:
                worksheet.write_number(number, place, cell, formats[own.kind])
    last_row, last_column = first + max(len(sheet.rows), 1), len(sheet.columns) - 1
    worksheet.freeze_panes(first + 1, 0)
    worksheet.autofilter(first, 0, last_row, last_column)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last_row + 1}"})
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0, first)


def _is_nothing(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
