"""Which column tells the respondents apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.documents import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.documents.table import Column, Table
    from pipeline.documents.values import Profile

_MOSTLY_FILLED = 0.5
_ROWS_PER_PERSON = 1.5
_ENOUGH_ROWS = 5


def choose_respondent(
    table: Table,
    candidates: Sequence[Column],
    profiles: Mapping[int, Profile],
    attributes: Sequence[Column],
    *,
    has_text: bool,
) -> tuple[Column, str, bool] | None:
    """Choose the column whose values tell respondents apart.

    Parameters
    ----------
    table
        The table.
    candidates
        Columns that may be chosen.
    profiles
        Profile of every column, by position.
    attributes
        Columns in which all rows of one respondent must agree.
    has_text
        Whether there is a free-text column; only then does a speaker count.

    Returns
    -------
    column, reason, doubt
        or ``None``: every row is a respondent of its own.
    """
    for column in candidates:
        profile = profiles[column.index]
        spoken = has_text and wording.is_speaker(column.name)
        if spoken and profile.n_filled >= _MOSTLY_FILLED * profile.n_rows:
            return column, "発言者の列なので、発言した人を区別するのに使います。", False
    ranked = sorted(
        (rank, column.index, column)
        for column in candidates
        if (rank := wording.identifier_rank(column.name)) is not None
        and profiles[column.index].n_filled
    )
    for _, _, column in ranked:
        if profiles[column.index].unique:
            return column, "番号がすべての行で異なり、回答者を区別できます。", False
    for rank, _, column in ranked:
        if rank < 3 and _groups_rows(table, column, profiles[column.index], attributes):
            reason = (
                "同じ番号の行では属性も同じなので、1人の回答が複数行に分かれていると見られます。"
            )
            return column, reason, True
    for column in candidates:
        profile = profiles[column.index]
        if profile.unique and profile.codes == 1 and profile.n_rows >= _ENOUGH_ROWS:
            numeric = profile.numbers == 1
            if not numeric or column.index == 0:
                return column, "すべての行で異なる符号なので、回答者の番号と見られます。", True
    return None


def _groups_rows(
    table: Table, column: Column, profile: Profile, attributes: Sequence[Column]
) -> bool:
    """Whether rows with one number agree in every attribute, as in one answer a row."""
    others = [attribute for attribute in attributes if attribute != column]
    if not others or profile.n_filled < _ROWS_PER_PERSON * profile.n_distinct:
        return False
    seen: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        number = row[column.index].strip()
        values = tuple(row[attribute.index].strip() for attribute in others)
        if number and seen.setdefault(number, values) != values:
            return False
    return True
