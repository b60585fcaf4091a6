"""Which rows of a grid are its header: one, or two where a form writes codes above questions.

Grids that planners have begin with titles and notes, and some services write two
header rows (a code such as ``4:text`` above the question, or merged cells above
the parts of a question).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.model import Row

_SEARCHED = 30
_MUCH = 0.5
_USUAL = 0.8
_LONGEST_PART = 40
_CODE = re.compile(r"^(?:[QＱ問設F]?\d+(?:[-_.]\d+)*)(?:[:：_][A-Za-z_]*)?$")
_NUMBER = re.compile(r"^[-+]?[\d,]+(?:\.\d+)?%?$")
_DATE = re.compile(r"^\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}")
_QUESTION_NUMBER = re.compile(r"^\d+(?=[:：_])")


def find_header_rows(rows: Sequence[Row], wanted: int | None = None) -> tuple[int, int]:
    """Find the first and the last header row.

    Parameters
    ----------
    rows
        Rows that are not blank, all of one length.
    wanted
        Position of the row that a study names as header.

    Returns
    -------
    first, last
        Positions in ``rows``.
    """
    main = _main_row(rows) if wanted is None else wanted
    if main + 1 < len(rows) and _continues(rows, main):
        return main, main + 1
    if main > 0 and _continues(rows, main - 1):
        return main - 1, main
    return main, main


def join_header_rows(cells: Sequence[Row]) -> list[str]:
    """Make one header of two header cells.

    A code above a question gives way to the question; other upper cells stand
    before the lower ones, also over merged cells. A code with nothing below
    belongs to the question whose number it shares.
    """
    upper, lower = cells
    headers: list[str] = []
    group = question = ""
    number: str | None = None
    for above, below in zip(
        (_one_line(cell) for cell in upper), map(_one_line, lower), strict=True
    ):
        group = above or (group if below else "")
        this = _QUESTION_NUMBER.match(above)
        if _CODE.match(above):
            if below:
                question, number = below, this[0] if this else None
                headers.append(below)
            elif this and this[0] == number:
                headers.append(f"{question} ― {above}")
            else:
                headers.append(above)
            group = ""
        else:
            headers.append(f"{group} {below}".strip())
    return headers


def _main_row(rows: Sequence[Row]) -> int:
    searched = rows[:_SEARCHED]
    fullest = max(_n_filled(row) for row in searched)
    for position, row in enumerate(searched):
        filled = [cell.strip() for cell in row if cell.strip()]
        enough = len(filled) > _MUCH * fullest or len(filled) == fullest
        if enough and sum(map(_is_value, filled)) <= _MUCH * len(filled):
            return position
    return 0


def _continues(rows: Sequence[Row], position: int) -> bool:
    """Whether the row below a header row belongs to the header too."""
    upper, lower, body = rows[position], rows[position + 1], rows[position + 2 :]
    filled = [index for index, cell in enumerate(lower) if cell.strip()]
    if not body or not filled or any(_is_value(lower[index].strip()) for index in filled):
        return False
    below = [{row[index].strip() for row in body} for index in range(len(lower))]
    if any(lower[index].strip() in below[index] for index in filled):
        return False  # a header is not an answer that somebody gave
    usual = [
        index
        for index in range(len(lower))
        if sum(bool(row[index].strip()) for row in body) >= _USUAL * len(body)
    ]
    if not any(not lower[index].strip() and upper[index].strip() for index in usual):
        return False  # a row without a gap in the usual columns is an answer
    codes = [index for index in filled if _CODE.match(upper[index].strip())]
    if len(codes) > _MUCH * len(filled):
        return True
    gaps = [index for index in filled if not upper[index].strip()]
    short = all(len(lower[index].strip()) <= _LONGEST_PART for index in filled)
    return len(gaps) > 1 and short


def _n_filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_value(cell: str) -> bool:
    return bool(_NUMBER.match(cell) or _DATE.match(cell))


def _one_line(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()
