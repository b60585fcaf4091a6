"""A table: a grid whose columns have names, and the one among them that a study file means."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.documents.model import Remark, Row
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
        index = column.index
        if not self.aside:
            return [row[index] for row in self.rows]
        return [
            row[index]
            for row, number in zip(self.rows, self.numbers, strict=True)
            if number not in self.aside
        ]


def fold(header: str) -> str:
    """Fold white space and line breaks inside a header to one space."""
    return re.sub(r"\s+", " ", header).strip()


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
    found = matches(table, reference)
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


def matches(table: Table, reference: str) -> list[Column]:
    """Columns that a study file may mean; the surest way that finds any decides."""
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
