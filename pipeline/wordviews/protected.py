"""What is hidden in a cross table that the report does not have, and what is marked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.crosstabs import LEVEL, TOO_FEW
from pipeline.disclosure import DisclosureError, hide_both_ways, suppress, suppress_beside
from pipeline.statistics import above_others, adjust, column_against_others
from pipeline.value_order import NO_ANSWER, REST_OR_NO_ANSWER
from pipeline.wordviews.reported import no_table

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.crosstabs import Crosstab
    from pipeline.disclosure import Policy
    from pipeline.wordviews.crossed import Rows


def protect(
    rows: Rows,
    opinions: pd.DataFrame,
    column: NDArray[np.int64],
    people: NDArray[np.int64],
    one: Crosstab,
    policy: Policy,
    sensitive: Collection[str],
) -> NDArray[np.bool_]:
    """Find the cells that are hidden in a table that the report does not have.

    Where every opinion stands in one row (measures, kinds), this table beside the report's
    two is attacked as those are. Words and rules overlap as they like: their rows are
    protected one by one, whose totals are shown.

    Parameters
    ----------
    opinions
        ``goal_id, issue_id``.
    column
        Place of every opinion's value among the columns, or -1.
    people
        Rows × columns.
    one
        The report's tables.
    sensitive
        Issues that need more people.

    Raises
    ------
    UsageError
        Nothing can be shown.
    """
    more = policy.least(is_sensitive=True)
    least = np.array(
        [more if policy.is_sensitive_issue(own) else one.threshold for own in rows.labels],
        dtype=np.int64,
    )
    line = people.sum(axis=1) > 0
    hidden = np.zeros(people.shape, dtype=bool)
    try:
        hidden[line] = suppress(people[line], one.bases, threshold=least[line])
        for by, table in (("goal_id", one.goals), ("issue_id", one.issues)):
            if not rows.is_partition:
                break
            there = table.totals > 0
            place = {own: at for at, own in enumerate(table.rows)}
            theirs = opinions[by].tolist()
            other = np.array([place.get(own, -1) for own in theirs], dtype=np.int64)
            crossing = _crossing(rows, other, column, len(table.rows))
            other_least = [more if own in sensitive else one.threshold for own in table.rows]
            hidden[line] |= suppress_beside(
                people[line],
                table.counts[there],
                table.hidden[there],
                crossing[line][:, there],
                one.bases,
                np.concatenate([least[line], np.array(other_least)[there]]),
            )
    except DisclosureError as error:
        raise no_table(one.name, TOO_FEW) from error
    return hidden


def hide_opinions(
    counts: NDArray[np.int64], hidden: NDArray[np.bool_], rows: Rows, one: Crosstab
) -> NDArray[np.bool_]:
    """Hide more opinions: they add up, so that another table tells how many a value has in all.

    Raises
    ------
    UsageError
        Nothing can be shown.
    """
    line = counts.sum(axis=1) > 0
    if not rows.is_partition:
        return hidden
    more = hidden.copy()
    try:
        more[line] = hide_both_ways(counts[line], hidden[line], one.threshold)
    except DisclosureError as error:
        raise no_table(one.name, TOO_FEW) from error
    return more


def _crossing(
    rows: Rows, other: NDArray[np.int64], column: NDArray[np.int64], n_others: int
) -> NDArray[np.int64]:
    """Rows × rows of a table of the report: opinions of people who have a value."""
    asked = (column[rows.opinion] >= 0) & (other[rows.opinion] >= 0)
    cells = rows.row[asked] * n_others + other[rows.opinion][asked]
    shape = (len(rows.ids), n_others)
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def mark(
    counts: NDArray[np.int64], one: Crosstab, hidden: NDArray[np.bool_], rows: Rows
) -> NDArray[np.int64]:
    """Find cells that differ by more than chance, all tests of this table corrected together."""
    spoken = np.array([own not in {NO_ANSWER, REST_OR_NO_ANSWER} for own in one.columns])
    named = np.array([own != "" for own in rows.ids], dtype=bool)
    tested = ~hidden & named[:, None] & spoken
    p_values = np.where(tested, column_against_others(counts, one.bases), np.nan)
    adjusted = adjust(p_values.ravel()).reshape(counts.shape)
    # Rounded, because the last digits differ between machines.
    differs = ~np.isnan(adjusted) & (np.round(np.nan_to_num(adjusted, nan=1.0), 9) <= LEVEL)
    return np.where(differs, above_others(counts, one.bases), 0).astype(np.int64)
