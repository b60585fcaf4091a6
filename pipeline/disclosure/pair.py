"""Two tables of the same people: issues and goals × the values of one attribute.

Every opinion stands in one row of each table (one of them may be "none"). The report
tells which issues have opinions under which goals; so a reader knows that whoever
mentions an issue mentions one of its goals, and the other way round. What one table
shows may therefore give away what the other hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.disclosure.audit import (
    THRESHOLD,
    Constraint,
    additive,
    audit,
    known,
    leaks,
    movable,
    tighten,
    withheld,
)
from pipeline.disclosure.rule import suppress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]


_MARGIN: Final = 1
"""How near the quick bounds of a cell may come to a leak before the exact ones are taken."""


def suppress_pair(
    issues: ArrayLike,
    goals: ArrayLike,
    crossing: ArrayLike,
    bases: ArrayLike,
    further: Sequence[Constraint] = (),
    threshold: int = THRESHOLD,
) -> tuple[Mask, Mask]:
    """Cells to be hidden in two linked tables; see :func:`pipeline.disclosure.suppress`.

    Where one table gives away a cell of the other, whole rows are withheld, those of
    issues before those of goals.

    Parameters
    ----------
    issues, goals
        Rows × columns: people. Both have a row for what is in no issue, under no goal.
    crossing
        Issues × goals: whether an opinion stands in both.
    bases
        People of every column.
    further
        What else is published of these cells; goals are stacked below issues.

    Raises
    ------
    ValueError
        The totals alone give a cell away, or a base is below the threshold.
    """
    both = [np.asarray(table, dtype=np.int64) for table in (issues, goals)]
    stacked, crosses = np.vstack(both), np.asarray(crossing, dtype=bool)
    hidden = np.vstack([suppress(table, bases, threshold=threshold) for table in both])
    constraints = [*pair_constraints(both[0], both[1], crosses, bases), *further]
    n_issues = len(both[0])
    while True:
        leaking = np.flatnonzero(_leaks(stacked, hidden, bases, constraints, threshold))
        if not len(leaking):
            return hidden[:n_issues], hidden[n_issues:]
        for row in leaking.tolist():
            bare = hidden.copy()
            bare[:n_issues] = True
            alone = leaks(tighten(known(stacked, bare, bases), constraints), bare, threshold)
            if alone[row].any() and not withheld(hidden)[row]:
                hidden[row] = True  # it is not the issues that tell
            else:
                _withhold(row, stacked, hidden, crosses)


def pair_constraints(
    issues: Counts, goals: Counts, crossing: Mask, bases: ArrayLike
) -> list[Constraint]:
    """Everything that links the cells of both tables, goals stacked below issues."""
    stacked = np.vstack([issues, goals])
    places = np.arange(stacked.size).reshape(stacked.shape)
    above, below = places[: len(issues)], places[len(issues) :]
    return [
        *additive((stacked.shape[0], stacked.shape[1]), stacked, columns=False),
        *_everybody_is_somewhere(above, issues, bases),
        *_everybody_is_somewhere(below, goals, bases),
        *_covered(above, below, crossing),
        *_covered(below, above, crossing.T),
        *_inside(above, below, issues, goals, crossing),
        *_inside(below, above, goals, issues, crossing.T),
    ]


def _everybody_is_somewhere(
    places: Counts, table: Counts, bases: ArrayLike
) -> Iterator[Constraint]:
    """Everybody is in a row; how many are in several follows from the totals."""
    people = np.asarray(bases, dtype=np.float64)
    again = float(table.sum() - people.sum())
    for cells, base in zip(places.T, people.tolist(), strict=True):
        yield Constraint(tuple(cells.tolist()), (1,) * len(cells), base, base + again)


def _covered(parts: Counts, wholes: Counts, crossing: Mask) -> Iterator[Constraint]:
    """Whoever is in a row is in one of the rows that it crosses."""
    for own, meets in zip(parts, crossing, strict=True):
        for column, cell in enumerate(own.tolist()):
            others = wholes[meets, column].tolist()
            yield Constraint((cell, *others), (-1, *[1] * len(others)), 0.0, np.inf)


def _inside(
    parts: Counts, wholes: Counts, small: Counts, large: Counts, crossing: Mask
) -> Iterator[Constraint]:
    """Rows that lie within one row add up to it, but for people who are in several."""
    lies_within = crossing.sum(axis=1) == 1
    for whole, total, meets in zip(wholes, large.sum(axis=1), crossing.T, strict=True):
        inner = meets & lies_within
        if not inner.any():
            continue
        again = float(small[meets].sum() - total)
        for column, cell in enumerate(whole.tolist()):
            own = parts[inner, column].tolist()
            yield Constraint((cell, *own), (-1, *[1] * len(own)), -np.inf, again)


def _leaks(
    stacked: Counts, hidden: Mask, bases: ArrayLike, constraints: list[Constraint], threshold: int
) -> Mask:
    """Rows that give a cell away; cells that are nearly known are looked at exactly."""
    seen = known(stacked, hidden, bases)
    found = tighten(seen, constraints)
    leaking = leaks(found, hidden, threshold)
    if not leaking.any():
        close = (found.high <= threshold + _MARGIN) | (found.high - found.low <= _MARGIN)
        beside = hidden & ~withheld(hidden)[:, None]
        small = hidden & (found.high <= threshold + _MARGIN) & (found.low >= 1)
        doubted = (beside & close) | small
        doubted &= ~movable(stacked, seen, constraints, doubted, threshold)
        found = audit(seen, constraints, doubted)
        leaking = leaks(found, hidden, threshold)
    return np.asarray(leaking.any(axis=1), dtype=bool)


def _withhold(row: int, stacked: Counts, hidden: Mask, crossing: Mask) -> None:
    """Withhold the row that says too much about this one, or this one."""
    n_issues = len(crossing)
    gone = withheld(hidden)
    is_issue = row < n_issues
    if is_issue and not gone[row]:
        hidden[row] = True
        return
    linked = crossing[row] if is_issue else crossing[:, row - n_issues]
    others = np.flatnonzero(linked) + (n_issues if is_issue else 0)
    left = [other for other in others.tolist() if not gone[other]]
    if not left and gone[row]:
        left = np.flatnonzero(~gone).tolist()
        if not left:
            raise ValueError("the totals alone give a cell away")
    if not left:
        hidden[row] = True
        return

    def says(other: int) -> tuple[bool, int, int, int]:
        shown = stacked[other][hidden[row] & ~hidden[other]]
        lies_within = is_issue or int(crossing[other].sum()) == 1 if other < n_issues else False
        return (not lies_within, -int(shown.max(initial=0)), int(stacked[other].sum()), other)

    hidden[min(left, key=says)] = True
