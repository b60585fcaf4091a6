"""Merged cells: which rows they make one header, and what the cells that they cover mean."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.model import Row

_MOST_HEADER_ROWS = 4
_SEARCHED = 30  # rows among which a header is looked for


class Merge(NamedTuple):
    """Cells that are one: rows from 1, columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


def header_span(
    rows: Sequence[Row], numbers: Sequence[int], merged: Sequence[Merge], first: int, last: int
) -> tuple[int, int]:
    """Extend a header by the rows that merged cells tie to it.

    Parameters
    ----------
    rows, numbers
        Rows that are not blank, and their numbers.
    merged
        Merged cells of the sheet.
    first, last
        Positions of the header without regard to them.

    Returns
    -------
    first, last
        A title across the table ties nothing: beside it, its row is blank.
    """
    while (
        first > 0
        and last - first + 1 < _MOST_HEADER_ROWS
        and numbers[first - 1] + 1 == numbers[first]
        and _is_tied(rows[first - 1], numbers[first - 1], merged)
    ):
        first -= 1
    reach = max(
        (
            merge.bottom
            for merge in merged
            if numbers[first] <= merge.top <= numbers[last]
            and merge.bottom - numbers[first] < _MOST_HEADER_ROWS
        ),
        default=0,
    )
    while last + 1 < len(rows) - 1 and numbers[last + 1] <= reach:
        last += 1
    return first, last


def with_parts(
    rows: Sequence[Row], numbers: Sequence[int], merged: Sequence[tuple[int, int, int, int]]
) -> Sequence[Row]:
    """Fill the columns that a merged cell covers beside others in its row, as a header has them.

    A title across half of the table or more, from its first column on, stays one cell.
    """
    places = {number: position for position, number in enumerate(numbers)}
    filled = list(rows)
    for top, left, _, right in merged:
        position = places.get(top)
        if position is None or position > _SEARCHED or right == left:
            continue
        row = filled[position]
        is_title = left == 0 and 2 * (right + 1) >= len(row)
        if is_title or sum(bool(cell.strip()) for cell in row) < 2:
            continue
        parts = [cell if cell.strip() else row[left] for cell in row[left : right + 1]]
        filled[position] = (*row[:left], *parts, *row[right + 1 :])
    return filled


def spread(
    rows: Sequence[Row], numbers: Sequence[int], merged: Sequence[Merge]
) -> tuple[list[Row], bool]:
    """Write the text of a merged header cell into all columns that it covers.

    Returns
    -------
    rows, any
        The header rows, and whether a merged cell stands in them.
    """
    places = {number: position for position, number in enumerate(numbers)}
    cells = [list(row) for row in rows]
    found = False
    for merge in merged:
        if merge.top not in places:
            continue
        found = True
        row = cells[places[merge.top]]
        for index in range(merge.left + 1, min(merge.right + 1, len(row))):
            row[index] = row[index] if row[index].strip() else row[merge.left]
    return [tuple(row) for row in cells], found


def stacked(rows: Sequence[Row]) -> list[str]:
    """Join the cells of several header rows to one header a column, from top to bottom."""
    headers = []
    for index in range(len(rows[0])):
        parts = [re.sub(r"\s+", " ", row[index]).strip() for row in rows]
        headers.append(" ".join(dict.fromkeys(part for part in parts if part)))
    return headers


def over_several_rows(merged: Sequence[Merge], numbers: Sequence[int]) -> list[Merge]:
    """Merged cells that make several rows of answers share one value."""
    return [
        merge
        for merge in merged
        if bisect_right(numbers, merge.bottom) - bisect_left(numbers, merge.top) > 1
    ]


def _is_tied(row: Row, number: int, merged: Sequence[Merge]) -> bool:
    here = [merge for merge in merged if merge.top == number]
    across = sum(merge.right > merge.left for merge in here)
    down = any(merge.bottom > number for merge in here)
    # One merged cell beside a date is a title; parts of a header come in several.
    return sum(bool(cell.strip()) for cell in row) > 1 and (down or across > 1)
