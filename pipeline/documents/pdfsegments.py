"""Blocks of all pages → stretches of lines and whole tables, put together over pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.documents.pdfblocks import Place, follows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from pipeline.documents.pdfblocks import PdfTable

_ENDS = ("。", "！", "？", "!", "?")


class TableRow(NamedTuple):
    """One row of a table, and where it begins."""

    locator: str
    cells: tuple[str, ...]


def segments(
    blocks: Sequence[Place | PdfTable], edges: AbstractSet[tuple[int, int]]
) -> list[list[Place] | tuple[TableRow, ...]]:
    """Put lines together to stretches, and the parts of a table over pages to one table.

    Parameters
    ----------
    blocks
        Of all pages, in the order of reading.
    edges
        Lines at the edges of pages; they end no table.
    """
    found: list[list[Place] | tuple[TableRow, ...]] = []
    waiting: list[Place] = []  # edges of pages beside a table
    numbers: dict[int, int] = {}
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Place):
            at_edge = (block.page, block.number) in edges
            if isinstance(last, list):
                last.append(block)
            elif at_edge and last is not None:
                waiting.append(block)
            else:
                found.append([*waiting, block])
                waiting = []
            continue
        numbers[block.page] = numbers.get(block.page, 0) + 1
        rows = _rows(block, numbers[block.page])
        before = _table_before(found, edges)
        if before is not None and len(before[0].cells) == len(rows[0].cells):
            if isinstance(last, list):
                waiting += last
                found.pop()
            found[-1] = _continued(before, rows)
        else:
            found.append(rows)
    return [*found, waiting] if waiting else found


def _table_before(
    found: Sequence[list[Place] | tuple[TableRow, ...]], edges: AbstractSet[tuple[int, int]]
) -> tuple[TableRow, ...] | None:
    """The table that was just read, edges of pages aside."""
    for segment in reversed(found):
        if not isinstance(segment, list):
            return segment
        if any((place.page, place.number) not in edges for place in segment):
            return None
    return None


def _rows(table: PdfTable, number: int) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(f"{table.page}ページ 表{number} {row}行目", cells)
        for row, cells in enumerate(table.rows, start=1)
    )


def _continued(before: tuple[TableRow, ...], rows: tuple[TableRow, ...]) -> tuple[TableRow, ...]:
    """A table and its part on the next page: header once, a row that was cut made whole."""
    if rows[0].cells == before[0].cells:
        return (*before, *rows[1:])
    last, first = before[-1], rows[0]
    cut = [(old, new) for old, new in zip(last.cells, first.cells, strict=True) if new]
    blank_beside = any(old and not new for old, new in zip(last.cells, first.cells, strict=True))
    if cut and blank_beside and all(old and not old.endswith(_ENDS) for old, _ in cut):
        whole = tuple(follows(old, new) for old, new in zip(last.cells, first.cells, strict=True))
        return (*before[:-1], TableRow(last.locator, whole), *rows[1:])
    return (*before, *rows)
