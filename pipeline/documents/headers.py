"""Where the headers of a grid stand: ``read_table`` makes a table of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.documents.cells import column_letters
from pipeline.documents.columnnames import name_columns
from pipeline.documents.columns import guess_columns
from pipeline.documents.headrows import find_header_rows, join_header_rows
from pipeline.documents.merges import (
    Merge,
    header_span,
    over_several_rows,
    spread,
    stacked,
    with_parts,
)
from pipeline.documents.model import Remark
from pipeline.documents.norecords import rows_set_aside
from pipeline.documents.table import Column, Table, fold, matches
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.model import Grid, Row


def read_table(grid: Grid, header_row: int | None = None, text: Sequence[str] = ()) -> Table:
    """Find the header of a grid and name its columns.

    Parameters
    ----------
    grid
        Cells of a sheet or a delimited file.
    header_row
        Row number of the header that a study names; ``None``: found.
    text
        Free-text columns that a study names; they help to find the header.

    Raises
    ------
    InputError
        The grid is blank, the named row is not there, or a row has more filled
        cells than the header and no last free-text column that they belong to.
    """
    filled = [place for place, row in enumerate(grid.rows) if any(map(str.strip, row))]
    if not filled:
        raise InputError(
            "文字の入ったセルがありません。",
            at=Location(file=grid.file, sheet=grid.sheet),
            remedy="回答の入ったファイル（シート）かどうかを確かめてください。",
        )
    if header_row is not None and header_row not in {grid.numbers[place] for place in filled}:
        raise InputError(
            "見出し行として指定された行が空か、ありません。",
            at=Location(file=grid.file, sheet=grid.sheet, row=header_row, column="header_row"),
            remedy="調査ファイルの header_row を、列の名前が並ぶ行の番号に直してください。",
        )
    width = max(map(len, grid.rows))
    rows = [padded(grid.rows[place], width) for place in filled]
    is_full = len(filled) == len(grid.rows)
    numbers = grid.numbers if is_full else tuple(grid.numbers[place] for place in filled)

    def resolves(first: int, last: int) -> bool:
        table = _table(grid, rows, numbers, first, last)
        return all(matches(table, name) for name in text)

    if header_row is not None:
        first = last = numbers.index(header_row)
        doubt = False
    else:
        looked_at = with_parts(rows, numbers, grid.merged)
        first, last, doubt = find_header_rows(looked_at, resolves if text else None, bare=rows)
    if grid.merged:
        before = first, last
        first, last = header_span(rows, numbers, [*map(Merge._make, grid.merged)], first, last)
        first = first if header_row is None else before[0]
        # Two rows that merged cells tie to each other are one header beyond doubt.
        alone = header_span(rows, numbers, [*map(Merge._make, grid.merged)], first, first)
        doubt = doubt and before == (first, last) != alone
    if grid.sheet is None:
        header_width = max(len(grid.rows[place]) for place in filled[first : last + 1])
        if header_width < width:
            table = _with_joined(grid, rows, numbers, (first, last), header_width, text)
            return replace(table, doubt=doubt or bool(table.joined))
    return replace(_table(grid, rows, numbers, first, last), doubt=doubt)


def _table(grid: Grid, rows: Sequence[Row], numbers: Sequence[int], first: int, last: int) -> Table:
    """Name the columns of a grid whose header stands in these rows."""
    body = rows[last + 1 :]
    has_data = [any(row[index].strip() for row in body) for index in range(len(rows[0]))]
    cells = rows[first : last + 1]
    merged = [*map(Merge._make, grid.merged)]
    cells, has_merged = spread(cells, numbers[first : last + 1], merged)
    headers = join_header_rows(cells) if len(cells) == 2 and not has_merged else stacked(cells)
    columns = tuple(
        Column(index, name, _aliases(index, headers, cells))
        for index, name in enumerate(name_columns(headers, has_data))
        if name is not None
    )
    return Table(
        grid.file,
        grid.sheet,
        tuple(numbers[first : last + 1]),
        _texts(rows[:first]),
        columns,
        tuple(body),
        tuple(numbers[last + 1 :]),
        aside=rows_set_aside(cells, body, numbers[last + 1 :]),
        remarks=tuple(_remarks(grid, columns, merged, numbers[last + 1 :])),
    )


def _remarks(
    grid: Grid, columns: Sequence[Column], merged: Sequence[Merge], numbers: Sequence[int]
) -> list[Remark]:
    place = grid.sheet or ""
    remarks = [
        Remark(
            place,
            f"{column_letters(column.index)}列は見出しが空ですが、値があります。"
            f"「{column.name}」という名前の列として扱います。",
        )
        for column in columns
        if not column.aliases
    ]
    if shared := over_several_rows(merged, numbers):
        remarks.append(
            Remark(
                place,
                f"何行かにわたって結合されたセルが、回答の中に{len(shared)}個あります"
                f"（{column_letters(shared[0].left)}{shared[0].top} など）。値はその1行目だけのものとして"
                "読みます。ほかの行の値でもあるときは、結合を解いて書き写してください。",
            )
        )
    return remarks


def _with_joined(
    grid: Grid,
    rows: Sequence[Row],
    numbers: Sequence[int],
    header: tuple[int, int],
    width: int,
    text: Sequence[str],
) -> Table:
    """Put answers together again that a comma without quotation marks cut in two."""
    first, last = header
    under, joined = join_cut(rows[last + 1 :], numbers[last + 1 :], width, grid.separator)
    body = [*(row[:width] for row in rows[: last + 1]), *under]
    # Titles above the header may be wider than the table.
    table = replace(_table(grid, body, numbers, first, last), above=_texts(rows[:first]))
    if joined and not _ends_with_text(table, width - 1, text):
        raise InputError(
            "見出しより多くのセルがある行があり、どの列の値か分かりません。",
            at=Location(file=grid.file, row=joined[0]),
            remedy='コンマを含む回答を引用符（"）で囲むか、Excel で開いて列のずれを直し、'
            "保存し直してください。",
        )
    return replace(table, joined=tuple(joined))


def padded(row: Row, width: int) -> Row:
    """A row with blank cells up to a width."""
    return row if len(row) >= width else row + ("",) * (width - len(row))


def join_cut(
    rows: Sequence[Row], numbers: Sequence[int], width: int, separator: str
) -> tuple[list[Row], list[int]]:
    """Put more cells than the header has into its last column.

    Returns
    -------
    rows, numbers
        All rows, and the numbers of those that have more filled cells than the header.
    """
    body: list[Row] = []
    joined: list[int] = []
    for row, number in zip(rows, numbers, strict=True):
        more = list(row[width:])
        while more and not more[-1].strip():
            more.pop()
        if more:
            joined.append(number)
            body.append((*row[: width - 1], separator.join((row[width - 1], *more))))
        else:
            body.append(row[:width])
    return body, joined


def _ends_with_text(table: Table, index: int, text: Sequence[str]) -> bool:
    """Whether the last column of the header holds free text."""
    if text:
        return any(column.index == index for name in text for column in matches(table, name))
    guesses = guess_columns(table)
    return any(guess.role == "text" and guess.column.index == index for guess in guesses)


def _texts(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(cell.strip() for row in rows for cell in row if cell.strip())


def _aliases(index: int, headers: Sequence[str], cells: Sequence[Row]) -> tuple[str, ...]:
    texts = [headers[index], *(fold(row[index]) for row in cells)]
    return tuple(dict.fromkeys(text for text in texts if text))
