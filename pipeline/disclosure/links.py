"""What links the tables of issues and goals of the same people, goals stacked below issues.

Every opinion stands in one row of each table (one of them may be "none"). The report gives
the opinions of every issue under every goal. So a reader knows that whoever mentions an
issue mentions one of its goals, and how many opinions there are to be shared out between
the values of an attribute: those of one person count once in a row of people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclosure.audit import Constraint, Interval, additive, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]


def known_pair(
    issues: Counts, goals: Counts, crossing: ArrayLike, bases: ArrayLike, mask: ArrayLike
) -> Interval:
    """What a reader sees of both tables: :func:`pipeline.disclosure.known`, and of opinions.

    Parameters
    ----------
    crossing
        Issues × goals: opinions. As booleans: whether there are any; how many is not told.

    Returns
    -------
    Interval
        Issues, goals, and below them one row for each issue and goal that have opinions in
        common: those of people of every value. Without numbers there are no such rows.
    """
    seen = known(np.vstack([issues, goals]), mask, bases)
    most = np.repeat(_opinions(crossing)[:, None], issues.shape[1], axis=1)
    return Interval(
        np.vstack([seen.low, np.zeros(most.shape)]), np.vstack([seen.high, most.astype(float)])
    )


def pair_constraints(
    issues: Counts, goals: Counts, crossing: ArrayLike, bases: ArrayLike
) -> list[Constraint]:
    """Everything that links the cells of :func:`known_pair`."""
    stacked = np.vstack([issues, goals])
    n_shared = len(_opinions(crossing))
    width, meets = stacked.shape[1], np.asarray(crossing, dtype=np.int64) > 0
    places = np.arange((len(stacked) + n_shared) * width).reshape(-1, width)
    above, below = places[: len(issues)], places[len(issues) : len(stacked)]
    shared = places[len(stacked) :]
    return [
        *additive((stacked.shape[0], stacked.shape[1]), stacked, columns=False),
        *_everybody_is_somewhere(above, issues, bases),
        *_everybody_is_somewhere(below, goals, bases),
        *_covered(above, below, meets),
        *_covered(below, above, meets.T),
        *_inside(above, below, issues, goals, meets),
        *_inside(below, above, goals, issues, meets.T),
        *_shared_out(shared, _opinions(crossing)),
        *_said_by(above, shared, issues, crossing, 0),
        *_said_by(below, shared, goals, crossing, 1),
    ]


def _opinions(crossing: ArrayLike) -> Counts:
    """Opinions of each issue and goal that have some in common; empty if none are counted."""
    counts = np.asarray(crossing)
    own = counts[counts > 0] if counts.dtype != np.bool_ else np.array([])
    return np.asarray(own, dtype=np.int64)


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


def _shared_out(shared: Counts, opinions: Counts) -> Iterator[Constraint]:
    """Every opinion is of a person of one value."""
    for cells, n in zip(shared.tolist(), opinions.tolist(), strict=True):
        yield Constraint(tuple(cells), (1,) * len(cells), float(n), float(n))


def _said_by(
    places: Counts, shared: Counts, table: Counts, crossing: ArrayLike, axis: int
) -> Iterator[Constraint]:
    """People of a row have an opinion each, and those that are left over are theirs, too."""
    if not len(shared):
        return
    rows = np.argwhere(np.asarray(crossing) > 0)[:, axis]
    totals = np.asarray(crossing).sum(axis=1 - axis) - table.sum(axis=1)
    for row, again in enumerate(totals.astype(float).tolist()):
        for cell, own in zip(places[row].tolist(), shared[rows == row].T.tolist(), strict=True):
            ones = (1,) * len(own)
            yield Constraint((cell, *own), (-1, *ones), 0.0, again)
            if again:  # nobody says nothing
                yield Constraint((cell, *own), (-1 - int(again), *ones), -np.inf, 0.0)
