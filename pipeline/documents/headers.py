"""Where the headers of a grid stand, what its columns are called, which one is meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.documents.cells import column_letters
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
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.documents.model import Grid, Row
    from pipeline.documents.norecords import NoRecord

_SHOWN_IN_ERRORS = 30


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    index
        Position, from 0.
    name
        Unique name.
    aliases
        Everything else that its header cells say, folded.
    """

    index: int
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A grid whose header rows are known.

    Attributes
    ----------
    header_rows
        Row numbers of the header, from 1; usually one.
    above
        Texts that stand above the header (title, notes).
    columns
        Named columns, in their order.
    rows, numbers
        Rows under the header that are not blank, all of one length, and their row numbers.
    doubt
        Whether a person should check the header.
    joined
        Row numbers whose last cell was put together again: an answer with a comma
        that no quotation marks enclosed.
    aside
        Row number → why the row is no answer: a repeated header, or totals.
    remarks
        What else a planner should know about the table.
    """

    file: str
    sheet: str | None
    header_rows: tuple[int, ...]
    above: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    doubt: bool = False
    joined: tuple[int, ...] = ()
    aside: Mapping[int, NoRecord] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()

    def values(self, column: Column) -> list[str]:
        """Cells of one column, top to bottom, of the rows that are answers."""
        return [
            row[column.index]
            for row, number in zip(self.rows, self.numbers, strict=True)
            if number not in self.aside
        ]


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
    filled = [position for position, row in enumerate(grid.rows) if _any_text(row)]
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
    width = max(len(row) for row in grid.rows)
    rows = [_padded(grid.rows[place], width) for place in filled]
    numbers = tuple(grid.numbers[place] for place in filled)

    def resolves(first: int, last: int) -> bool:
        table = _table(grid, rows, numbers, first, last)
        return all(_matches(table, name) for name in text)

    if header_row is not None:
        first = last = numbers.index(header_row)
        doubt = False
    else:
        looked_at = with_parts(rows, numbers, grid.merged)
        first, last, doubt = find_header_rows(looked_at, resolves if text else None)
    if grid.merged:
        before = first, last
        first, last = header_span(rows, numbers, [*map(Merge._make, grid.merged)], first, last)
        first = first if header_row is None else before[0]
        doubt = doubt and before == (first, last)
    if grid.sheet is None:
        header_width = max(len(grid.rows[place]) for place in filled[first : last + 1])
        if header_width < width:
            table = _with_joined(grid, rows, numbers, (first, last), header_width, text)
            return replace(table, doubt=doubt or bool(table.joined))
    return replace(_table(grid, rows, numbers, first, last), doubt=doubt)


def fold(header: str) -> str:
    """Fold white space and line breaks inside a header to one space."""
    return re.sub(r"\s+", " ", header).strip()


def name_columns(headers: Sequence[str], has_data: Sequence[bool]) -> list[str | None]:
    """Give every column a name of its own, from the cells of the header row alone.

    A header that repeats (「上記回答の理由」 under every question) is told apart
    by the question before it.

    Parameters
    ----------
    headers
        Header cells.
    has_data
        Whether any cell under the header is filled.

    Returns
    -------
    list of str or None
        ``header`` where it is unique or repeats in neighbouring columns only;
        ``前の見出し ― header`` where it repeats elsewhere;
        ``列AD（見出しなし）`` where it is empty over data; ``None`` where both are
        empty. Names that still coincide get ``（2）``, ``（3）`` and so on.

    Examples
    --------
    >>> name_columns(["問1", "理由", "問2", "理由", ""], [True] * 4 + [False])
    ['問1', '問1 ― 理由', '問2', '問2 ― 理由', None]
    """
    folded = [fold(header) for header in headers]
    count = Counter(folded)
    taken = {header for header in folded if header and count[header] == 1}
    first = {header: place for place, header in reversed(list(enumerate(folded)))}
    in_a_row = {
        header
        for header, times in count.items()
        if times > 1 and folded[first[header] : first[header] + times] == [header] * times
    }
    names: list[str | None] = []
    numbers: Counter[str] = Counter()
    before = ""
    for index, header in enumerate(folded):
        if not header:
            empty_name = f"列{column_letters(index)}（見出しなし）"
            names.append(_unused(empty_name, taken, numbers) if has_data[index] else None)
        elif count[header] == 1:
            before = header
            names.append(header)
        elif header in in_a_row:
            before = header
            names.append(_unused(header, taken, numbers))
        else:
            repeated = f"{before} ― {header}" if before else header
            names.append(_unused(repeated, taken, numbers))
        taken.add(names[-1] or "")
    return names


def resolve(table: Table, reference: str, *, many: bool = False) -> tuple[Column, ...]:
    """Find the column (or columns) that a study file means.

    Parameters
    ----------
    table
        Where to look.
    reference
        A unique name; else a header as it stands in the file, all columns with it;
        else the same without regard to white space and full or half width.
    many
        Whether several columns with one header may be meant.

    Raises
    ------
    InputError
        There is no such column (the closest ones are listed), or several where
        one is needed.
    """
    found = _matches(table, reference)
    if not found:
        raise _unknown(table, reference)
    if len(found) > 1 and not many:
        raise InputError(
            f"「{reference}」という列が{len(found)}つあり、どれか決められません。",
            at=_at(table, reference),
            remedy="次のどれかの名前で書いてください: "
            + "、".join(f"「{column.name}」" for column in found),
        )
    return tuple(found)


def _matches(table: Table, reference: str) -> list[Column]:
    steps = (
        [column for column in table.columns if column.name == reference],
        [column for column in table.columns if fold(reference) in (column.name, *column.aliases)],
        [
            column
            for column in table.columns
            if _bare(reference) in {_bare(name) for name in (column.name, *column.aliases)}
        ],
    )
    return next((step for step in steps if step), [])


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
    body: list[Row] = []
    joined: list[int] = []
    for position, row in enumerate(rows):
        more = list(row[width:])
        while more and not more[-1].strip():
            more.pop()
        if position > last and more:
            joined.append(numbers[position])
            body.append((*row[: width - 1], grid.separator.join((row[width - 1], *more))))
        else:
            body.append(row[:width])
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


def _ends_with_text(table: Table, index: int, text: Sequence[str]) -> bool:
    """Whether the last column of the header holds free text."""
    if text:
        return any(column.index == index for name in text for column in _matches(table, name))
    guesses = guess_columns(table)
    return any(guess.role == "text" and guess.column.index == index for guess in guesses)


def _texts(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(cell.strip() for row in rows for cell in row if cell.strip())


def _aliases(index: int, headers: Sequence[str], cells: Sequence[Row]) -> tuple[str, ...]:
    texts = [headers[index], *(fold(row[index]) for row in cells)]
    return tuple(dict.fromkeys(text for text in texts if text))


def _unused(name: str, taken: set[str], numbers: Counter[str]) -> str:
    candidate = name
    numbers[name] = numbers[name] or 1
    while candidate in taken:
        numbers[name] += 1
        candidate = f"{name}（{numbers[name]}）"
    return candidate


def _bare(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def _unknown(table: Table, reference: str) -> InputError:
    names = [column.name for column in table.columns]
    wanted = _bare(reference)
    close = sorted(
        names,
        key=lambda name: -difflib.SequenceMatcher(None, wanted, _bare(name)).ratio(),
    )[:3]
    shown = "、".join(f"「{name}」" for name in names[:_SHOWN_IN_ERRORS])
    more = f" ほか{len(names) - _SHOWN_IN_ERRORS}列" if len(names) > _SHOWN_IN_ERRORS else ""
    return InputError(
        f"「{reference}」という見出しの列がありません。",
        at=_at(table, reference),
        remedy=f"近い見出し: {'、'.join(f'「{name}」' for name in close)}。"
        f"ファイルにある見出し: {shown}{more}",
    )


def _at(table: Table, reference: str) -> Location:
    return Location(file=table.file, sheet=table.sheet, row=table.header_rows[0], column=reference)


def _any_text(row: Row) -> bool:
    return any(cell.strip() for cell in row)


def _padded(row: Row, width: int) -> Row:
    return row + ("",) * (width - len(row))
