"""CSV and TSV → a grid of text. 「NA」 and 「None」 are answers like any other."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.documents.model import Grid
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Sequence

    from pipeline.documents.model import Row

_SEPARATORS = (",", "\t", ";")
_SNIFFED_RECORDS = 200
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SWALLOWED = 3  # lines like records inside one cell
_MOST_LINES = 1000  # no answer has more


def read_delimited(text: str, file: str) -> Grid:
    """Read delimited text; cells may hold line breaks, rows may be ragged.

    Parameters
    ----------
    text
        Decoded content of the file.
    file
        Its name, for messages.

    Returns
    -------
    Grid
        Row numbers count records, as Excel numbers its rows when it opens the file.

    Raises
    ------
    InputError
        A quotation mark is never closed, so that the rest of the file would
        silently become one cell.
    """
    # Python refuses cells over 131,072 characters by default; answers have no such limit.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    separator = sniff_separator(text)
    try:
        rows = [tuple(row) for row in _reader(text, separator, strict=True)]
    except csv.Error:
        rows = _read_sloppy(text, separator, file)
    _check_spans(rows, separator, file)
    return Grid(file, None, tuple(rows), tuple(range(1, len(rows) + 1)), separator)


def sniff_separator(text: str) -> str:
    """Choose the separator that cuts most records into the same number of cells."""
    best, best_score = _SEPARATORS[0], (0.0, 0)
    for separator in _SEPARATORS:
        records = islice(_reader(text, separator, strict=False), _SNIFFED_RECORDS)
        widths = [len(record) for record in records if any(cell.strip() for cell in record)]
        usual, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        if usual < 2 or widths[0] < 2:
            continue
        score = (round(count / len(widths), 1), usual)
        if score > best_score:
            best, best_score = separator, score
    return best


def _read_sloppy(text: str, separator: str, file: str) -> list[Row]:
    """Read cells whose quotation marks belong to the text: 「"安心"なまち」.

    A cell is quoted only where its second mark ends it; otherwise the marks are
    characters like any other, unless one is left open at the end of the line.
    """
    end = rf"(?=[{separator}\r\n]|\Z)"
    quoted = re.compile(rf'"((?:[^"]++|"")*+)"{end}')
    bare = re.compile(rf"[^{separator}\r\n]*")
    rows: list[Row] = []
    cells: list[str] = []
    place = 0
    while place < len(text):
        if found := quoted.match(text, place):
            cells.append(found[1].replace('""', '"'))
        else:
            found = bare.match(text, place)
            assert found is not None  # it matches the empty text, too
            if found[0].startswith('"') and found[0].count('"') % 2:
                raise _left_open(file, len(rows) + 1, text.count("\n", 0, place) + 1)
            cells.append(found[0])
        place = found.end()
        if text.startswith(separator, place):
            place += 1
            if place < len(text):
                continue
            cells.append("")
        rows.append(tuple(cells) if cells != [""] else ())
        cells = []
        place += 2 if text.startswith("\r\n", place) else 1
    return rows


def _check_spans(rows: Sequence[Row], separator: str, file: str) -> None:
    """Refuse a cell that swallowed records: its lines are cut as often as the file's rows."""
    usual = Counter(len(row) for row in rows if len(row) > 1).most_common(1)
    n_lines = 1
    for number, row in enumerate(rows, start=1):
        for cell in row:
            inner = _THOUSANDS.sub("", cell).splitlines()[1:]
            cut = [line for line in inner if usual and line.count(separator) == usual[0][0] - 1]
            several = len(cut) >= _SWALLOWED and len(cut) > len(inner) / 2
            if several or len(inner) > _MOST_LINES:
                raise _left_open(file, number, n_lines)
        n_lines += 1 + sum(cell.count("\n") for cell in row)


def _left_open(file: str, row: int, line: int) -> InputError:
    return InputError(
        '引用符（"）が閉じられていないため、ここから後ろを読めません。',
        at=Location(file=file, row=row),
        remedy=f"メモ帳などで開き、{line}行目から始まるセルの引用符を直すか、"
        "Excel で開いて保存し直してください。",
    )


def _reader(text: str, separator: str, *, strict: bool) -> Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
