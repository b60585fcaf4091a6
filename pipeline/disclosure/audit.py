"""Attack what is published: the least and the most that every hidden cell can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.study import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Mask = NDArray[np.bool_]
    Limits = NDArray[np.float64]

_ROUGHLY: Final = 0.2
"""How far from the best a table may be that is sought to clear many cells at once."""

_INFEASIBLE: Final = 2
"""Status of :func:`scipy.optimize.milp`: no table agrees with the figures."""

_ROUNDS: Final = 2
"""Tables in a row that clear no cell, after which each is attacked alone."""


class DisclosureError(ValueError):
    """Counts that cannot be published without giving somebody away."""


class Constraint(NamedTuple):
    """What is known of a sum of cells: ``low <= Σ weight × cell <= high``.

    Attributes
    ----------
    cells
        Places in the flattened table or tables.
    """

    cells: tuple[int, ...]
    weights: tuple[int, ...]
    low: float
    high: float


class Interval(NamedTuple):
    """Least and most that each cell can be, given everything that is published."""

    low: Limits
    high: Limits


def additive(shape: tuple[int, int], counts: ArrayLike, *, columns: bool) -> list[Constraint]:
    """Published totals of a table's rows, and of its columns, as constraints."""
    table = np.asarray(counts, dtype=np.int64)
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    lines = list(zip(places, table, strict=True))
    lines += list(zip(places.T, table.T, strict=True)) if columns else []
    return [
        Constraint(tuple(cells.tolist()), (1,) * len(cells), float(own.sum()), float(own.sum()))
        for cells, own in lines
    ]


def withheld(mask: ArrayLike) -> Mask:
    """Rows of which nothing but the total is shown."""
    return np.asarray(np.asarray(mask, dtype=bool).all(axis=1), dtype=bool)


def of_rows(threshold: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    """Threshold of every row of a table, as a column, from one for all or one for each."""
    own = np.asarray(threshold, dtype=np.int64).reshape(-1, 1)
    return np.broadcast_to(own, (n_rows, 1))


def known(counts: ArrayLike, mask: ArrayLike, bases: ArrayLike | None = None) -> Interval:
    """What a reader sees without computing anything.

    A shown cell is what it is; a hidden one is 1 or more, or 0 or more in a row that is
    withheld, and never above its column's base.
    """
    table, hidden = np.asarray(counts, dtype=np.float64), np.asarray(mask, dtype=bool)
    totals = table.sum(axis=1, keepdims=True)
    least = np.where(withheld(hidden)[:, None], 0.0, 1.0)
    most = totals if bases is None else np.minimum(totals, np.asarray(bases, dtype=np.float64))
    return Interval(
        np.where(hidden, np.broadcast_to(least, table.shape), table),
        np.where(hidden, np.broadcast_to(most, table.shape), table),
    )


def audit(
    seen: Interval, constraints: Sequence[Constraint], which: ArrayLike | None = None
) -> Interval:
    """Attack: the exact interval of every cell, by integer programming.

    Parameters
    ----------
    seen
        As :func:`known`; several tables are stacked.
    constraints
        Everything else that is published, of one table or linking several.
    which
        Mask of the cells to attack; all others are given as :func:`tighten` finds them.

    Raises
    ------
    ValueError
        The figures contradict each other.
    DisclosureError
        The solver gives up, so that nobody knows what leaks.
    """
    narrow = tighten(seen, constraints)
    low, high = narrow.low.copy(), narrow.high.copy()
    chosen = low < high if which is None else np.asarray(which, dtype=bool) & (low < high)
    attacker = _Attacker(narrow, constraints)
    for cell in map(tuple, np.argwhere(chosen).tolist()):
        aim = np.zeros(low.shape)
        aim[cell] = 1.0
        low[cell], high[cell] = attacker(aim)[cell], attacker(-aim)[cell]
    return Interval(low, high)


def given_away(
    seen: Interval,
    constraints: Sequence[Constraint],
    values: ArrayLike,
    mask: ArrayLike,
    which: ArrayLike,
    threshold: ArrayLike = THRESHOLD,
) -> Mask:
    """Cells of ``which`` that leak, exactly as :func:`audit` and :func:`leaks` find, but sooner.

    A table that agrees with all that is published clears every cell in which it differs
    enough from the true one. So tables are sought that differ in many cells at once, and
    only what is left is attacked cell by cell.

    Parameters
    ----------
    values
        The true table; what is not in ``which`` is not read.
    mask
        Hidden cells.
    threshold
        One for all rows, or one for each.
    """
    least, most = np.array(values, dtype=np.float64), np.array(values, dtype=np.float64)
    asked = np.asarray(which, dtype=bool)
    attacker = _Attacker(seen, constraints)

    def left(aim: Limits, gap: float) -> Mask:
        other = attacker(aim, gap)
        np.minimum(least, other, out=least)
        np.maximum(most, other, out=most)
        return asked & leaks(Interval(least, most), mask, threshold)

    doubted = asked & leaks(Interval(least, most), mask, threshold)
    beside = ~withheld(np.asarray(mask, dtype=bool))[:, None]
    sign, fruitless = 1.0, 0
    while doubted.any() and fruitless < _ROUNDS:
        before = doubted.sum()
        # A cell that can be larger is tried larger first; any other, and one that may be 0 for
        # all that is shown, smaller.
        aim = np.where(doubted, np.where(beside & (seen.high > most), -sign, sign), 0.0)
        doubted = left(aim, _ROUGHLY)
        sign, fruitless = -sign, fruitless + 1 if doubted.sum() == before else 0
    found = np.zeros(asked.shape, dtype=bool)
    for cell in map(tuple, np.argwhere(doubted).tolist()):
        one = np.zeros(asked.shape)
        one[cell] = 1.0
        found[cell] = all(left(sign * one, 0.0)[cell] for sign in (-1.0, 1.0))
    return found


class _Attacker:
    """Finds the table that agrees with all that is published and has the smallest sum."""

    def __init__(self, seen: Interval, constraints: Sequence[Constraint]) -> None:
        if (seen.low > seen.high).any():
            raise ValueError("the published figures contradict each other")
        from scipy.optimize import Bounds, LinearConstraint

        self.shape = seen.low.shape
        self.bounds = Bounds(seen.low.ravel(), seen.high.ravel())
        self.rules = LinearConstraint(
            matrix_of(constraints, seen.low.size),
            [one.low for one in constraints],
            [one.high for one in constraints],
        )
        self.whole = np.ones(seen.low.size, dtype=np.int64)

    def __call__(self, aim: Limits, gap: float = 0.0) -> Limits:
        """Smallest sum of aim × cell, or one that is near by ``gap`` of its size."""
        from scipy.optimize import milp

        found = milp(
            aim.ravel(),
            constraints=self.rules,
            bounds=self.bounds,
            integrality=self.whole,
            options={"mip_rel_gap": gap},
        )
        if found.status == _INFEASIBLE:
            raise ValueError("the published figures contradict each other")
        if found.x is None:
            raise DisclosureError(f"the attack came to no end: {found.message}")
        return np.asarray(np.round(found.x), dtype=np.float64).reshape(self.shape)


def matrix_of(constraints: Sequence[Constraint], n_cells: int) -> csr_array:
    """Constraints × cells: weights."""
    weights = [float(weight) for one in constraints for weight in one.weights]
    rows = np.repeat(np.arange(len(constraints)), [len(one.cells) for one in constraints])
    cells = [cell for one in constraints for cell in one.cells]
    return csr_array((weights, (rows, cells)), shape=(len(constraints), n_cells))


def tighten(seen: Interval, constraints: Sequence[Constraint], rounds: int = 30) -> Interval:
    """The same as :func:`audit`, quicker and wider: one constraint at a time, again and again.

    References
    ----------
    Savelsbergh (1994), Preprocessing and probing techniques for mixed integer
    programming problems, ORSA Journal on Computing 6: tightening of bounds.
    """
    low, high = seen.low.ravel().copy(), seen.high.ravel().copy()
    lengths = [len(one.cells) for one in constraints]
    rows = np.repeat(np.arange(len(constraints)), lengths)
    cells = np.array([cell for one in constraints for cell in one.cells], dtype=np.int64)
    weights = np.array([w for one in constraints for w in one.weights], dtype=np.float64)
    floor = np.array([one.low for one in constraints])[rows]
    ceiling = np.array([one.high for one in constraints])[rows]
    for _ in range(rounds):
        before = low.copy(), high.copy()
        least = weights * np.where(weights > 0, low[cells], high[cells])
        most = weights * np.where(weights > 0, high[cells], low[cells])
        n = len(constraints)
        # What the other cells of the same constraint leave to this one.
        room = ceiling - (np.bincount(rows, least, n)[rows] - least)
        need = floor - (np.bincount(rows, most, n)[rows] - most)
        up = weights > 0
        np.minimum.at(high, cells[up], np.floor((room / weights)[up] + 1e-9))
        np.maximum.at(low, cells[up], np.ceil((need / weights)[up] - 1e-9))
        np.minimum.at(high, cells[~up], np.floor((need / weights)[~up] + 1e-9))
        np.maximum.at(low, cells[~up], np.ceil((room / weights)[~up] - 1e-9))
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return Interval(low.reshape(seen.low.shape), high.reshape(seen.low.shape))


def leaks(found: Interval, mask: ArrayLike, threshold: ArrayLike = THRESHOLD) -> Mask:
    """Hidden cells that what is published gives away.

    A cell leaks where it is known to be small (1 to ``threshold - 1`` of its row) or, hidden
    beside shown ones, is known exactly.

    Parameters
    ----------
    threshold
        One for all rows, or one for each.
    """
    hidden = np.asarray(mask, dtype=bool)
    beside = ~withheld(hidden)[:, None]
    small = (found.high < of_rows(threshold, len(hidden))) & (found.low >= 1)
    return np.asarray(hidden & (small | (beside & (found.low == found.high))), dtype=bool)
