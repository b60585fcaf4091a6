"""Which cells are hidden in two tables of the same people: issues and goals × one attribute.

What one table shows may give away what the other hides, see
:mod:`pipeline.disclosure.links`. Then whole rows are withheld, until an attack on both
tables finds nothing.

Notes
-----
Which rows are withheld depends on what is hidden, and so it tells a little of it to
somebody who knows this rule and tries out every table that there could be. Among few
people there are few such tables. Therefore a table has :data:`LEAST_PEOPLE` or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.disclosure.audit import (
    Constraint,
    DisclosureError,
    Interval,
    given_away,
    leaks,
    of_rows,
    tighten,
    withheld,
)
from pipeline.disclosure.links import known_pair, pair_constraints
from pipeline.disclosure.rule import lopsided, split, suppress
from pipeline.study import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

LEAST_PEOPLE: Final = 50
"""People of whom there may be tables by attribute."""

_SEVERAL: Final = 2
"""Rows that are withheld together, so that being withheld tells of none of them."""

_MARGIN: Final = 1
"""How near the quick bounds of a cell may come to a leak before the exact ones are taken."""


def suppress_pair(
    issues: ArrayLike,
    goals: ArrayLike,
    crossing: ArrayLike,
    bases: ArrayLike,
    further: Sequence[Constraint] = (),
    threshold: ArrayLike = THRESHOLD,
    least_people: int = LEAST_PEOPLE,
) -> tuple[Mask, Mask]:
    """Cells to be hidden in two linked tables; see :func:`pipeline.disclosure.suppress`.

    Where one table gives away a cell of the other, whole rows are withheld, those of
    issues before those of goals.

    Parameters
    ----------
    issues, goals
        Rows × columns: people. Both have a row for what is in no issue, under no goal.
    crossing
        Issues × goals: opinions of these people. Booleans where the numbers are not
        published: whether there are any.
    bases
        People of every column.
    further
        What else is published of these cells; goals are stacked below issues.
    threshold
        One for all rows, or one for each: those of issues, then those of goals.
    least_people
        People of all columns.

    Raises
    ------
    DisclosureError
        The totals alone give a cell away, there are too few people, or a base is below
        all thresholds of its table.

    Notes
    -----
    The attack knows that of a row of two columns that the rule of one table withholds one
    count is small and none is 0. Where that gives a cell away (1 or 2 of a handful of people
    stand in a large row), all rows that are as large are withheld, whatever is in them, if
    there are several: of a single one that would tell the same.
    """
    if np.sum(np.asarray(bases)) < least_people:
        raise DisclosureError("there are too few people for tables by attribute")
    plain = _Attack(issues, goals, crossing, bases, further, threshold)
    try:
        return _suppress(plain)
    except DisclosureError:
        if np.sum(lopsided(plain.stacked, bases, threshold=plain.least)) < _SEVERAL:
            raise
    return _suppress(_Attack(issues, goals, crossing, bases, further, threshold, cautious=True))


def suppress_beside(
    rows: ArrayLike,
    shown: ArrayLike,
    hidden: ArrayLike,
    crossing: ArrayLike,
    bases: ArrayLike,
    threshold: ArrayLike = THRESHOLD,
) -> Mask:
    """Cells to be hidden in a table beside one of the same people that is out already.

    Every opinion stands in one row of each. What is hidden in the other table stays hidden:
    where both together give a cell away, whole rows of this one are withheld.

    Parameters
    ----------
    rows, shown
        Rows × columns: people, of this table and of the one that is out.
    hidden
        Cells that are hidden in that one.
    crossing
        Rows of this table × rows of that one: opinions, or whether there are any.
    bases
        People of every column.
    threshold
        One for all rows, or one for each: those of this table, then those of that one.

    Raises
    ------
    DisclosureError
        A cell would be known even if nothing but totals were shown here, or a base is below
        all thresholds.
    """
    attack = _Attack(rows, shown, crossing, bases, (), threshold)
    n_rows = attack.n_issues
    mask = np.vstack([attack.alone()[:n_rows], np.asarray(hidden, dtype=bool)])
    while leaking := attack.leaking_rows(mask):
        for row in leaking:
            _withhold_here(row, attack, mask)
    return mask[:n_rows]


def _withhold_here(row: int, attack: _Attack, hidden: Mask) -> None:
    """Withhold this row, or the row of the first table that says too much about it."""
    n_rows = attack.n_issues
    open_ = ~withheld(hidden[:n_rows])
    if row < n_rows and open_[row]:
        hidden[row] = True
        return
    meets = np.asarray(attack.crossing) > 0
    shared = meets[:, row - n_rows : row - n_rows + 1] if row >= n_rows else meets[:, meets[row]]
    left = np.flatnonzero(open_ & shared.any(axis=1)).tolist() or np.flatnonzero(open_).tolist()
    if not left:
        raise DisclosureError("the totals alone give a cell away")

    def says(other: int) -> tuple[bool, int, int, int]:
        shown = attack.stacked[other][hidden[row] & ~hidden[other]]
        lies_within = int(meets[other].sum()) == 1
        most = int(shown.max(initial=0))
        return (not lies_within, -most, int(attack.stacked[other].sum()), other)

    hidden[min(left, key=says)] = True


def _suppress(attack: _Attack) -> tuple[Mask, Mask]:
    hidden = attack.alone()
    while True:
        leaking = attack.leaking_rows(hidden)
        if not leaking:
            return hidden[: attack.n_issues], hidden[attack.n_issues :]
        for row in leaking:
            if not withheld(hidden)[row] and attack.needs_no_issue(row, hidden):
                hidden[row] = True
            else:
                _withhold(row, attack.stacked, hidden, attack.meets)


class _Attack:
    """All that is published of both tables, whatever is hidden in them."""

    def __init__(
        self,
        issues: ArrayLike,
        goals: ArrayLike,
        crossing: ArrayLike,
        bases: ArrayLike,
        further: Sequence[Constraint],
        threshold: ArrayLike,
        *,
        cautious: bool = False,
    ) -> None:
        self.both = [np.asarray(table, dtype=np.int64) for table in (issues, goals)]
        self.crossing, self.bases, self.cautious = np.asarray(crossing), bases, cautious
        self.meets, self.stacked = self.crossing > 0, np.vstack(self.both)
        self.n_issues = len(self.both[0])
        self.least = of_rows(threshold, len(self.stacked))
        self.halves = np.flatnonzero(
            split(self.stacked, bases, threshold=self.least, cautious=cautious)
        )
        links = pair_constraints(self.both[0], self.both[1], self.crossing, bases)
        self.constraints = [*links, *further, *self._one_is_small()]

    def alone(self) -> Mask:
        """What each table by itself has to hide."""
        parts = np.split(self.least, [self.n_issues])
        return np.vstack(
            [
                suppress(table, self.bases, threshold=own, cautious=self.cautious)
                for table, own in zip(self.both, parts, strict=True)
            ]
        )

    def needs_no_issue(self, row: int, hidden: Mask) -> bool:
        """Whether a row gives a cell away even where no row of issues is shown."""
        bare = hidden.copy()
        bare[: self.n_issues] = True
        mask = self._mask(bare)
        found = tighten(self._seen(bare), self.constraints)
        return bool(leaks(found, mask, self._thresholds(mask))[row].any())

    def leaking_rows(self, hidden: Mask) -> list[int]:
        """Rows that give a cell away; cells that are nearly known are looked at exactly."""
        mask = self._mask(hidden)
        found = tighten(self._seen(hidden), self.constraints)
        least = self._thresholds(mask)
        leaking = leaks(found, mask, least)
        if not leaking.any():
            near = least + _MARGIN
            close = (found.high <= near) | (found.high - found.low <= _MARGIN)
            beside = mask & ~withheld(mask)[:, None]
            # A withheld cell is small for certain where it can be neither 0 nor large: that it
            # cannot be 0 is often seen by the exact attack alone.
            doubted = (beside & close) | (mask & (found.high <= near))
            values = np.zeros(mask.shape)
            values[: len(self.stacked)] = self.stacked
            leaking = given_away(found, self.constraints, values, mask, doubted, least)
        return [int(row) for row in np.flatnonzero(leaking.any(axis=1))]

    def _seen(self, hidden: Mask) -> Interval:
        """As :func:`known_pair`; below, for rows that are split, whether the first is small."""
        seen = known_pair(self.both[0], self.both[1], self.crossing, self.bases, hidden)
        low, high = seen.low.copy(), seen.high.copy()
        low[self.halves] = np.maximum(low[self.halves], 1.0)
        which = np.zeros((len(self.halves), low.shape[1]))
        top = which.copy()
        top[:, 0] = 1.0
        return Interval(np.vstack([low, which]), np.vstack([high, top]))

    def _one_is_small(self) -> Iterator[Constraint]:
        first = len(self.stacked) + np.count_nonzero(self.meets) * (self.crossing.dtype != bool)
        totals = self.stacked[self.halves].sum(axis=1)
        rooms = totals - (self.least.ravel()[self.halves] - 1)
        for place, (row, total, room) in enumerate(
            zip(self.halves.tolist(), totals.tolist(), rooms.tolist(), strict=True),
            start=int(first),
        ):
            yield Constraint((2 * row, 2 * place), (1, room), -np.inf, float(total))
            yield Constraint((2 * row + 1, 2 * place), (1, -room), -np.inf, float(total - room))

    def _thresholds(self, mask: Mask) -> Counts:
        """Of all rows of :meth:`_mask`; in those below both tables nothing is looked for."""
        below = np.ones((len(mask) - len(self.least), 1), dtype=np.int64)
        return np.vstack([self.least, below])

    def _mask(self, hidden: Mask) -> Mask:
        """Of the opinions of an issue and a goal by value nothing is shown, nor looked for."""
        mask = np.zeros(self._seen(hidden).low.shape, dtype=bool)
        mask[: len(hidden)] = hidden
        return mask


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
            raise DisclosureError("the totals alone give a cell away")
    if not left:
        hidden[row] = True
        return

    def says(other: int) -> tuple[bool, int, int, int]:
        shown = stacked[other][hidden[row] & ~hidden[other]]
        lies_within = is_issue or int(crossing[other].sum()) == 1 if other < n_issues else False
        return (not lies_within, -int(shown.max(initial=0)), int(stacked[other].sum()), other)

    hidden[min(left, key=says)] = True
