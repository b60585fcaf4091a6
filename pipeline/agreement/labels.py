"""A person's own grouping of opinions: read, its columns told apart, its rows found in a run."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.documents import read
from pipeline.documents.headers import read_table
from pipeline.documents.table import resolve
from pipeline.errors import InputError, Location, UsageError
from pipeline.normalize import fold
from pipeline.tables import ATTRIBUTE_PREFIX, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from pipeline.documents.table import Column, Table

    Index = Mapping[str, tuple[str, ...]]

_ID_NAMES: Final = ("opinion_id", "answer_id")
_NO_LABELS: Final = frozenset(
    {
        *("id", "text"),  # the file's own
        *SCHEMAS["answers"].names,
        *SCHEMAS["opinions"].names,
        # Of the rows that an evaluation writes.
        *("row", "title", "problem", "machine_kind"),
    }
)
_NO_LABEL_PREFIXES: Final = ("title_", "right_", ATTRIBUTE_PREFIX)
_SECOND: Final = re.compile(r"second|[2２二]つ目|[2２二]番目")
_MAYBE_A_PERSONS: Final = "kind"


@dataclass(frozen=True)
class Row:
    """One row of labels and the opinion that it speaks of.

    Attributes
    ----------
    number
        Row number in the file.
    labels
        One a label column; empty where the person gave none.
    opinion_ids
        The opinion, or those of the answer, the longest first; none where there is none.
    set_aside
        Whether the run has the answer and took it for one that says nothing.
    problem
        Why there is no opinion, in Japanese.
    """

    number: int
    labels: tuple[str, ...]
    opinion_ids: tuple[str, ...]
    set_aside: bool = False
    problem: str = ""

    @property
    def opinion_id(self) -> str:
        """The opinion, the longest of several; empty where there is none."""
        return self.opinion_ids[0] if self.opinion_ids else ""

    @property
    def split(self) -> bool:
        """Whether the row is an answer of several opinions."""
        return len(self.opinion_ids) > 1


@dataclass(frozen=True)
class Labels:
    """Labels of a person or several, row by row.

    Attributes
    ----------
    place
        File, sheet and header row, for messages.
    matched_by
        Column that rows were matched by: ids if `by_id`, otherwise wordings.
    columns
        Names of the label columns.
    rows
        In the order of the file; rows without any label, too.
    """

    place: Location
    matched_by: str
    by_id: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_labels(path: Path) -> Table:
    """Read the one table of a CSV, TSV or Excel file.

    Raises
    ------
    InputError
        The file cannot be read, holds no table or several, or no row.
    """
    grids = read(path).grids
    if len(grids) != 1:
        raise InputError(
            "シートがいくつもあり、どれを読むか決められません。" if grids else "表がありません。",
            at=Location(file=path.name),
            remedy="1行目に見出し、その下に1行に1件ずつ文面と分類を並べた表を、"
            "1つだけ入れた .csv か .xlsx にしてください。",
        )
    table = read_table(grids[0])
    if not table.rows:
        raise InputError(
            "見出しの下に行がありません。",
            at=Location(table.file, table.sheet, table.header_rows[-1]),
            remedy="見出しの下に、1行に1件ずつ文面と分類を書いてください。",
        )
    return table


def match_labels(
    table: Table,
    opinions: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    id_column: str = "",
    text_column: str = "",
    label_columns: Sequence[str] = (),
) -> Labels:
    """Find the opinion of every row.

    Parameters
    ----------
    table
        What :func:`read_labels` read.
    opinions, answers
        Tables of the run.
    id_column
        Column with ids of opinions or answers. By default ``opinion_id``, else
        ``answer_id``, if there is one and `text_column` is not given.
    text_column
        Column with the wording of an opinion or of a whole answer, compared as
        :func:`~pipeline.normalize.fold` folds it. By default the one most of whose
        cells stand in the run.
    label_columns
        By default every other column that holds something, but for ``id``,
        ``title_…``, second goals (``goal_second``, 「2つ目の目標」) and columns that Kadai
        itself writes. ``kind`` is a person's where no other column is Kadai's.

    Raises
    ------
    InputError
        A column is missing, or there is none to match by or to compare.
    UsageError
        A column is asked for as labels and to match by.
    """
    by_id = _index_ids(opinions, answers)
    by_text = _index_texts(opinions, answers, by_id)
    known = {
        column: sum(fold(value) in by_text for value in table.values(column))
        for column in table.columns
    }
    place = Location(table.file, table.sheet, table.header_rows[-1])
    key, uses_id = _key_column(table, id_column, text_column, known)
    chosen = [resolve(table, name)[0] for name in label_columns]
    chosen = list(dict.fromkeys(chosen)) or _other_columns(table, key, known)
    if key in chosen:
        raise UsageError(
            f"「{key.name}」は突き合わせに使う列で、人の分類の列にはできません。",
            at=replace(place, column=key.name),
            remedy="--label や --goal には、人の分類の列を指定してください。",
        )
    rows = []
    for number, cells in zip(table.numbers, table.rows, strict=True):
        given = tuple(cells[column.index].strip() for column in chosen)
        value = cells[key.index].strip()
        found = by_id.get(value) if uses_id else by_text.get(fold(value))
        problem = ""
        if not value:
            problem = "突き合わせる列が空です。"
        elif found is None:
            problem = "結果の中に見つかりません。"
        elif not found:
            problem = "特になしなど、取り上げなかった回答です。"
        rows.append(Row(number, given, found or (), bool(value) and found == (), problem))
    names = tuple(column.name for column in chosen)
    return Labels(place, key.name, uses_id, names, tuple(rows))


def _index_ids(opinions: pd.DataFrame, answers: pd.DataFrame) -> Index:
    """Id of an opinion or answer → its opinions, the longest first.

    An answer that was set aside has none.
    """
    order = opinions.assign(length=opinions["end"] - opinions["start"]).sort_values(
        ["length", "start", "opinion_id"], ascending=[False, True, True]
    )
    of_answer: dict[str, list[str]] = {}
    for answer, opinion in zip(order["answer_id"], order["opinion_id"], strict=True):
        of_answer.setdefault(answer, []).append(opinion)
    found: dict[str, tuple[str, ...]] = dict.fromkeys(answers["answer_id"], ())
    found |= {answer: tuple(own) for answer, own in of_answer.items()}
    return found | {opinion: (opinion,) for opinion in opinions["opinion_id"]}


def _index_texts(opinions: pd.DataFrame, answers: pd.DataFrame, by_id: Index) -> Index:
    """Folded wording → the same; an opinion's own wording goes before an answer's."""
    found: dict[str, tuple[str, ...]] = {}
    for ids, texts in (
        (opinions["opinion_id"], opinions["text"]),
        (answers["answer_id"], answers["raw_text"]),
    ):
        for name, text in sorted(zip(ids, texts, strict=True)):
            wording = fold(text)
            if wording and not found.get(wording):
                found[wording] = by_id[name]
    return found


def _key_column(
    table: Table, id_column: str, text_column: str, known: Mapping[Column, int]
) -> tuple[Column, bool]:
    """Column that rows are matched by, and whether it holds ids."""
    if id_column:
        return resolve(table, id_column)[0], True
    if text_column:
        return resolve(table, text_column)[0], False
    named = {column.name: column for column in table.columns}
    for name in _ID_NAMES:
        if name in named:
            return named[name], True
    column = max(table.columns, key=lambda one: (known[one], -one.index))
    if not known[column]:
        raise InputError(
            "結果にある文面の列が見つかりません。",
            at=Location(table.file, table.sheet),
            remedy="この結果のもとになった回答の文面をそのまま入れた列か、opinions.csv の "
            "opinion_id、answers.csv の answer_id の列を付けてください。",
        )
    return column, False


def _other_columns(table: Table, key: Column, known: Mapping[Column, int]) -> list[Column]:
    """Columns that may hold a person's labels."""
    names = {column.name for column in table.columns}
    found = []
    for column in table.columns:
        filled = sum(bool(value.strip()) for value in table.values(column))
        is_text = 2 * known[column] > filled
        if column != key and filled and not is_text and _may_be_labels(column.name, names):
            found.append(column)
    if not found:
        raise InputError(
            "人の分類の列が見つかりません。",
            at=Location(table.file, table.sheet, table.header_rows[-1]),
            remedy="分類を書いた列を加えるか、--label で列の見出しを指定してください。",
        )
    return found


def _may_be_labels(name: str, names: set[str]) -> bool:
    """Whether a column of this name, in a table with these, may be a person's labels.

    *Rationale.* In a table made from ``opinions.csv`` ``kind`` is Kadai's, and would agree
    with itself perfectly; in a table that a person made it is the person's.
    """
    if name == _MAYBE_A_PERSONS:
        others = names - {"id", "text", name}
        return not any(
            other in _NO_LABELS or other.startswith(ATTRIBUTE_PREFIX) for other in others
        )
    other_purpose = name.startswith(_NO_LABEL_PREFIXES) or _SECOND.search(name)
    return name not in _NO_LABELS and not other_purpose
