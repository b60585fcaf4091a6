"""What an old workbook (.xls) says beside the values that the reader gives."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from pipeline.documents.extent import MOST_CELLS, check_cells
from pipeline.documents.facts import SheetFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.documents.facts import Place

_END, _FORMULA, _NOTE, _PASSWORD, _COLUMNS = 0x0A, 0x06, 0x1C, 0x2F, 0x7D
_SHEET, _MANY_NUMBERS, _STYLE, _NUMBER, _BOOL_OR_ERROR, _ROW = 0x85, 0xBD, 0xE0, 0x203, 0x205, 0x208
_SHORT_NUMBER, _FORMAT, _BEGIN, _EXTENT = 0x27E, 0x41E, 0x809, 0x200
_NAMES: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_FILLED: Final = frozenset(
    {_FORMULA, 0xD6, 0xFD, _MANY_NUMBERS, _NUMBER, 0x204, _BOOL_OR_ERROR, _SHORT_NUMBER}
)
"""Records of cells with a value; 0xD6, 0xFD and 0x204 hold text."""
_MOST_SHEETS = 1000
_IS_HIDDEN_ROW = 0x20
_BUILT_IN: Final = {9: "0%", 10: "0.00%"}
_ZEROS_OR_PERCENT = re.compile(r"0{2,}|0(?:\.0+)?%")


def scan_biff(stream: bytes) -> tuple[list[SheetFacts], int]:
    """Look through the stream of an old workbook.

    Parameters
    ----------
    stream
        Content of its stream ``Workbook`` (or ``Book``).

    Returns
    -------
    facts, n_comments
        Facts in the order of the sheets; comments on cells in all.

    Raises
    ------
    struct.error
        A record is cut off, or there are more sheets than anybody has.
    FarCellError
        A sheet unfolds to too many cells.
    """
    places: list[int] = []
    formats = dict(_BUILT_IN)
    styles: list[str] = []
    for kind, record in _records(stream, 0):
        if kind == _SHEET:
            places.append(struct.unpack_from("<I", record)[0])
        elif kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HHB", record)
            text = record[5 : 5 + 2 * length].decode("utf-16-le", "replace")
            narrow = record[5 : 5 + length].decode("latin-1")
            formats[number] = (text if wide & 1 else narrow).partition(";")[0]
        elif kind == _STYLE:
            form = formats.get(struct.unpack_from("<2xH", record)[0], "")
            styles.append(form if _ZEROS_OR_PERCENT.fullmatch(form) else "")
    if len(places) > _MOST_SHEETS:
        raise struct.error
    facts, n_comments = [], 0
    for place in places:
        _check_extent(stream, place)
        found, n_here = _scan_sheet(stream, place, styles)
        facts.append(found)
        n_comments += n_here
    return facts, n_comments


def has_password(stream: bytes) -> bool:
    """Whether the workbook is encrypted."""
    return any(kind == _PASSWORD for kind, _ in _records(stream, 0))


def _scan_sheet(stream: bytes, place: int, styles: list[str]) -> tuple[SheetFacts, int]:
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    errors: dict[Place, str] = {}
    shown: dict[Place, str] = {}
    n_comments = 0
    for kind, record in _records(stream, place):
        n_comments += kind == _NOTE
        if kind == _ROW:
            hidden_rows.update(_hidden_row(record))
        elif kind == _COLUMNS:
            hidden_columns.update(_hidden_columns(record))
        else:
            errors.update(_errors(kind, record))
            for at, style in _numbers(kind, record):
                if style < len(styles) and styles[style]:
                    shown[at] = styles[style]
    return SheetFacts(hidden_rows, hidden_columns, errors, shown=shown), n_comments


def _check_extent(stream: bytes, place: int) -> None:
    """Refuse a sheet with a cell far away; the reader makes room for all up to there."""
    n_filled = last_row = last_column = 0
    while place + 8 <= len(stream):
        kind, length, row, column = struct.unpack_from("<HHHH", stream, place)
        if kind == _END:
            break
        if kind == _EXTENT:
            _check_announced(stream[place + 4 : place + 4 + length])
        if kind in _FILLED:
            if kind == _MANY_NUMBERS and length >= 6:
                column = max(column + (length - 6) // 6 - 1, column)
            n_filled += 1
            last_row, last_column = max(last_row, row), max(last_column, column)
        place += 4 + length
    check_cells(last_column + 1, last_row + 1, n_filled)


def _check_announced(record: bytes) -> None:
    """Refuse an announced extent that no old workbook has; room is made for all of it."""
    new = len(record) >= struct.calcsize("<IIHH")
    first, last, left, right = struct.unpack_from("<IIHH" if new else "<HHHH", record)
    # The ends are exclusive; one before its begin is a number of four thousand million.
    backwards = last < first or right < left or (last == first > 0) or (right == left > 0)
    if backwards or (last - first + 1) * (right - left + 1) > 2 * MOST_CELLS:
        raise struct.error


def _hidden_row(record: bytes) -> list[int]:
    number, flags = struct.unpack_from("<H10xH", record)
    return [number + 1] if flags & _IS_HIDDEN_ROW else []


def _hidden_columns(record: bytes) -> range:
    first, last, flags = struct.unpack_from("<HH4xH", record)
    return range(first, min(last, 255) + 1) if flags & 1 else range(0)


def _errors(kind: int, record: bytes) -> dict[Place, str]:
    """Find the error that a cell shows, by itself or as the value of its formula."""
    if kind == _BOOL_OR_ERROR:
        row, column, code, is_error = struct.unpack_from("<HH2xBB", record)
    elif kind == _FORMULA:
        row, column, what, code, mark = struct.unpack_from("<HH2xBxB3xH", record)
        is_error = mark == 0xFFFF and what == 2
    else:
        return {}
    return {(row + 1, column): _NAMES.get(code, "#N/A")} if is_error else {}


def _numbers(kind: int, record: bytes) -> Iterator[tuple[Place, int]]:
    """Places of numbers with their styles."""
    if kind in {_NUMBER, _SHORT_NUMBER}:
        row, column, style = struct.unpack_from("<HHH", record)
        yield (row + 1, column), style
    elif kind == _MANY_NUMBERS:
        row, first = struct.unpack_from("<HH", record)
        for nth in range((len(record) - 6) // 6):
            yield (row + 1, first + nth), struct.unpack_from("<H", record, 4 + 6 * nth)[0]


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream; what is embedded in it (charts) is passed over."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length
