"""Which cells of one table are hidden.

A count of one or two people in a small group can point at a person. Such a cell is
hidden, and so are as many others as it takes that nobody can compute it back - neither
by subtraction from totals, nor by knowing this very rule.

Notes
-----
The usual rule hides the *smallest* other cell of a row. Zeros are shown, so that every
hidden cell is known to be 1 or more; and whoever knows that the smallest was taken knows
an upper limit of it, hence a lower limit of the cell that it protects. In the row
``5, 5, 2`` with its total 12 the smallest rule hides the 2 and the first 5, and the 2
follows: were it the first cell, the tie would have been broken another way. Therefore
the order in which cells are taken here is public (the column with fewest people first),
and cells are taken until the hidden ones sum up to more than ``(threshold - 1)`` each.
Then any distribution of 1 … threshold - 1 over all hidden cells but the one taken last
would have been published in the very same way: an attacker learns nothing but that
somebody is small.

Rows may have thresholds of their own (what people say of illness needs more of them than
what they say of buses). They do not depend on each other, and which threshold a row has is
public. A column of fewer people than a row's threshold could show nothing but 0 there, so
that hiding would tell of somebody; such rows are withheld whatever is in them.

References
----------
Hundepool et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
Willenborg & de Waal (2001), Elements of Statistical Disclosure Control, Springer.
Wong et al. (2007), Minimality attack in privacy preserving data publishing, VLDB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.disclosure.audit import (
    DisclosureError,
    additive,
    given_away,
    known,
    leaks,
    of_rows,
    tighten,
)
from pipeline.study import LEAST_THRESHOLD, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_ENUMERATED: Final = 400
"""Rows of one total that are looked at one by one (only tables of very few people need it)."""


def suppress(
    counts: ArrayLike,
    bases: ArrayLike | None = None,
    *,
    columns: bool = False,
    threshold: ArrayLike = THRESHOLD,
    cautious: bool = False,
) -> Mask:
    """Cells of a table to be hidden; a row that is hidden whole is withheld, zeros included.

    Parameters
    ----------
    counts
        Rows × columns. Every row's total is published.
    bases
        People of every column: no cell can be larger. None below the least ``threshold``.
    columns
        Totals of the columns and of the whole are published, too (opinions add up both
        ways; people who mention an issue do not).
    threshold
        Counts of 1 to ``threshold - 1`` are hidden. One for all rows, or one for each.
    cautious
        A row of two columns is withheld whatever is in it where hiding would tell that a
        count is small (:func:`split`).

    Raises
    ------
    ValueError
        A threshold is below 3: a hidden cell would be 1 for certain.
    DisclosureError
        A base is below all thresholds, or the totals alone give a cell away.
    """
    table = np.asarray(counts, dtype=np.int64)
    limits = np.full(table.shape[1], np.inf) if bases is None else np.asarray(bases, np.float64)
    least = of_rows(threshold, len(table))
    if (least < LEAST_THRESHOLD).any():
        raise ValueError("with a threshold below 3 every hidden cell is known to be 1")
    if (limits < least.min(initial=np.iinfo(np.int64).max)).any():
        raise DisclosureError("a column has fewer people than the threshold")
    sizes = table.sum(axis=0) if columns else limits
    order = [int(place) for place in np.argsort(sizes, kind="stable")]
    each = set(least.ravel().tolist())
    hide = {own: _Rule(order, limits.tolist(), own, cautious=cautious) for own in each}
    mask = np.array(
        [hide[own](row) for own, row in zip(least.ravel().tolist(), table.tolist(), strict=True)],
        dtype=bool,
    ).reshape(table.shape)
    return hide_both_ways(table, mask, least) if columns else mask


def split(
    counts: ArrayLike,
    bases: ArrayLike,
    *,
    threshold: ArrayLike = THRESHOLD,
    cautious: bool = False,
) -> Mask:
    """Rows of two columns of which this rule tells that one of both counts is small.

    Both are hidden, and they are no 0 and all: such a row is shown.
    """
    table, limits = np.asarray(counts, dtype=np.int64), np.asarray(bases, dtype=np.float64)
    if table.shape[1] != 2:
        return np.zeros(len(table), dtype=bool)
    least, totals = of_rows(threshold, len(table)), table.sum(axis=1)
    each = set(least.ravel().tolist())
    hide = {own: _Rule([0, 1], limits.tolist(), own, cautious=cautious) for own in each}
    small = ((table > 0) & (table < least)).any(axis=1) & (totals > least.ravel())
    cornered = [
        hide[own].is_cornered(total)
        for own, total in zip(least.ravel().tolist(), totals.tolist(), strict=True)
    ]
    return np.asarray(small & ~np.array(cornered, dtype=bool), dtype=bool)


class _Rule:
    """Hide cells of one row whose total is published; the module's notes say why so."""

    def __init__(
        self, order: Sequence[int], bases: Sequence[float], threshold: int, *, cautious: bool
    ) -> None:
        self.order, self.bases, self.small = order, bases, threshold - 1
        self.cautious = cautious
        self._cornered: dict[int, bool] = {}

    def __call__(self, row: Sequence[int]) -> list[bool]:
        if self.is_cornered(sum(row)):
            return [True] * len(row)
        return self._hide(row)

    def _hide(self, row: Sequence[int]) -> list[bool]:
        hidden = [0 < own <= self.small for own in row]
        n_hidden, held = sum(hidden), sum(own for own in row if own <= self.small)
        if not n_hidden:
            return hidden
        for place in self.order:
            if row[place] <= self.small:
                continue
            hidden[place] = True
            n_hidden, held = n_hidden + 1, held + row[place]
            # Were all the others as large as a hidden cell can be, the last one would still
            # be no small one; were they one smaller, it would still fit into its column.
            left = held - (n_hidden - 1) * self.small
            if self.small < left < self.bases[place]:
                return hidden
        return [True] * len(row)

    def is_cornered(self, total: int) -> bool:
        """Whether being withheld would give a cell of a row with this total away.

        It takes a column of which nearly everybody mentions the same; or, of two columns,
        as many people as the threshold: 1 and 2, as 0 and 3 would be shown; or a column of
        fewer people than the threshold. Then all rows of that total are withheld, so that
        being withheld says nothing.
        """
        if total not in self._cornered:
            self._cornered[total] = self._find_cornered(total)
        return self._cornered[total]

    def _find_cornered(self, total: int) -> bool:
        n = len(self.bases)
        if total and min(self.bases) <= self.small:
            return True
        if n == 2 and total == self.small + 1:
            return True
        if n == 2 and self.cautious and self.is_lopsided(total):
            return True
        if total <= n * self.small or total < min(self.bases) + self.small:
            return False  # all rows of small cells are withheld: there are many
        rows = _rows_of(total, self.bases)
        if rows is None:
            return False
        alike = [row for row in rows if all(self._hide(row))]
        return any(len(set(cells)) == 1 for cells in zip(*alike, strict=True))

    def is_lopsided(self, total: int) -> bool:
        """Whether of two columns only one can have the small count of a row with this total.

        The other has too few people for the rest.
        """
        fits = [total <= base + self.small for base in self.bases]
        return len(fits) == 2 and fits[0] != fits[1]


def lopsided(counts: ArrayLike, bases: ArrayLike, *, threshold: ArrayLike = THRESHOLD) -> Mask:
    """Rows that are withheld, whatever is in them, by a cautious :func:`suppress`."""
    table, limits = np.asarray(counts, dtype=np.int64), np.asarray(bases, dtype=np.float64)
    least = of_rows(threshold, len(table)).ravel().tolist()
    return np.array(
        [
            _Rule([], limits.tolist(), own, cautious=True).is_lopsided(total)
            for own, total in zip(least, table.sum(axis=1).tolist(), strict=True)
        ],
        dtype=bool,
    )


def _rows_of(total: int, bases: Sequence[float]) -> list[tuple[int, ...]] | None:
    """All rows with a total and no cell above its base; ``None`` where there are too many."""
    tops = [int(min(base, total)) for base in bases]
    if _are_many(total, tops):
        return None
    rest = [sum(tops[place:]) for place in range(len(tops) + 1)]

    def fill(place: int, left: int) -> Iterator[tuple[int, ...]]:
        if place == len(tops):
            yield ()
            return
        for own in range(max(0, left - rest[place + 1]), min(tops[place], left) + 1):
            for others in fill(place + 1, left - own):
                yield (own, *others)

    return list(fill(0, total))


def _are_many(total: int, tops: Sequence[int]) -> bool:
    """Whether more than :data:`_ENUMERATED` rows have a total and no cell above its top.

    What is not in a row can be shared out in as many ways as what is. One more column can
    only add to them, so that the largest two are enough to tell for nearly all tables.
    """
    left = min(total, sum(tops) - total)
    ways = np.zeros(left + 1, dtype=np.int64)
    ways[0] = 1
    for top in sorted(tops, reverse=True):
        ways = np.cumsum(ways)
        ways[top + 1 :] -= ways[: max(0, left - top)].copy()
        # Nothing that is counted together becomes fewer: many stay many.
        ways = np.minimum(ways, _ENUMERATED + 1)
        if ways[left] > _ENUMERATED:
            return True
    return False


def hide_both_ways(table: Counts, mask: Mask, threshold: ArrayLike = THRESHOLD) -> Mask:
    """Hide more until no cell follows from the totals of rows and columns together.

    Parameters
    ----------
    mask
        What is hidden already.
    threshold
        One for all rows, or one for each.

    Raises
    ------
    DisclosureError
        The totals alone give a cell away.
    """
    hidden = mask.copy()
    constraints = additive((table.shape[0], table.shape[1]), table, columns=True)
    while True:
        seen = known(table, hidden)
        found = leaks(tighten(seen, constraints), hidden, threshold)
        if not found.any():
            found = given_away(seen, constraints, table, hidden, hidden, threshold)
        leaking = np.argwhere(found)
        if not len(leaking):
            return hidden
        if hidden.all():
            raise DisclosureError("the totals alone give a cell away")
        for row, column in leaking.tolist():
            _hide_one_more(table, hidden, row, column)


def _hide_one_more(table: Counts, hidden: Mask, row: int, column: int) -> None:
    """Hide the smallest shown cell of a column, else of its row, else withhold a row."""
    for cells in ([(other, column) for other in range(table.shape[0])],
                  [(row, other) for other in range(table.shape[1])]):  # fmt: skip
        free = [cell for cell in cells if table[cell] > 0 and not hidden[cell]]
        if free:
            hidden[min(free, key=lambda cell: (table[cell], cell))] = True
            return
    shown = np.flatnonzero(~hidden.all(axis=1))
    if len(shown):
        hidden[row if row in shown else shown[table[shown].sum(axis=1).argmin()]] = True
