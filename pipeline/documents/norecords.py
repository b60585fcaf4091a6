"""Rows under a header that are no answers: the header once more, and totals.

Files that were copied together repeat the header; sheets that were printed end with
totals. Neither is dropped: what stands in them is set aside with the reason.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.model import Row

NoRecord = Literal["header_again", "total"]

_TOTAL = re.compile(
    r"(?:(?:総|小)?合?計|総数|平均(?:値|点)?|件数|回答(?:者)?数|集計|total)[:]?", re.IGNORECASE
)
_TOTAL_BEGINS = frozenset("総小合計平件回集tT")  # most rows begin otherwise
_COUNT = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|件|人|名|票|個|点|円)?")

_LONGEST = 1000  # characters of a header that are compared


def rows_set_aside(
    header: Sequence[Row], rows: Sequence[Row], numbers: Sequence[int]
) -> dict[int, NoRecord]:
    """Find the rows that are no answers; where they stand does not matter.

    Parameters
    ----------
    header
        Rows of the header.
    rows, numbers
        Rows under it, and their numbers.

    Returns
    -------
    dict
        Row number → ``header_again`` (all its cells are those of a header row, two of them
        filled) or ``total`` (it begins with a word such as 合計, and holds nothing but
        figures beside it).
    """
    headers = [cells for row in header if sum(map(bool, cells := _plain(row))) > 1]
    begins = {next(filter(None, cells)) for cells in headers}
    aside: dict[int, NoRecord] = {}
    for row, number in zip(rows, numbers, strict=True):
        first = row[0] if row and row[0].strip() else next(filter(str.strip, row), "")
        begin = _bare(first[:_LONGEST])
        if begin in begins and _plain(row) in headers:
            aside[number] = "header_again"
        elif begin[:1] in _TOTAL_BEGINS and _TOTAL.fullmatch(begin) and _has_only_figures(row):
            aside[number] = "total"
    return aside


def _has_only_figures(row: Row) -> bool:
    figures = [cell for cell in _plain(row) if cell][1:]
    return bool(figures) and all(map(_COUNT.fullmatch, figures))


def _plain(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(_bare, row))


def _bare(cell: str) -> str:
    folded = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    return "".join(folded.split())
