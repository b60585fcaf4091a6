"""CSV and TSV → a grid of text. 「NA」 and 「None」 are answers like any other."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.documents.model import Grid
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from _csv import Reader

_SEPARATORS = (",", "\t", ";")
_SNIFFED_RECORDS = 200


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
    rows = []
    lines = 0
    reader = _reader(text, separator, strict=True)
    try:
        for row in reader:
            rows.append(tuple(row))
            lines = reader.line_num
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise InputError(
                '引用符（"）が閉じられていないため、ここから後ろを読めません。',
                at=Location(file=file, row=len(rows) + 1),
                remedy=f"メモ帳などで開き、{lines + 1}行目から始まるセルの引用符を直すか、"
                "Excel で開いて保存し直してください。",
            ) from error
        # Text after a closing quotation mark: sloppy, yet nothing is lost.
        rows = [tuple(row) for row in _reader(text, separator, strict=False)]
    return Grid(file, None, tuple(rows), tuple(range(1, len(rows) + 1)))


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


def _reader(text: str, separator: str, *, strict: bool) -> Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
