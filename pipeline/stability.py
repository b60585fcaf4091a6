"""Stability of clusters: how much of each comes back when only a part of the opinions is there.

References
----------
Hennig (2007), Cluster-wise assessment of cluster stability, Computational
Statistics & Data Analysis 52(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

ALONE: Final = -1
"""Label of an opinion that is in no cluster."""

RESAMPLES: Final = 20
RESAMPLED: Final = 0.8
"""Share of the opinions that every resample has."""

_FEWEST: Final = 4
"""Opinions below which there is nothing to resample."""


def resampled(n: int, most: int | None = None) -> Iterator[NDArray[np.int64]]:
    """Rows of every resample, in order; seeded, without replacement. None where there are too few."""
    size = min(int(RESAMPLED * n), most or n)
    if size < _FEWEST:
        return
    random = np.random.Generator(np.random.PCG64(20260401))
    for _ in range(RESAMPLES):
        yield np.sort(random.choice(n, size=size, replace=False))


def best_jaccard(
    labels: NDArray[np.int64], again: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Jaccard similarity of every cluster to the cluster of another run that is most like it.

    Parameters
    ----------
    labels, again
        Labels of the same rows; negative ones are in no cluster.
    count
        Number of clusters of `labels`.

    Returns
    -------
    ndarray of shape (count,)
        0 to 1; NaN where no row of the cluster is left.
    """
    width = int(again.max(initial=ALONE)) + 2
    both = np.zeros((count, width))
    inside = labels >= 0
    np.add.at(both, (labels[inside], again[inside] + 1), 1.0)
    own = both.sum(axis=1, keepdims=True)
    other = np.bincount(again + 1, minlength=width)[None, :]
    unions = own + other - both
    jaccard = np.divide(both, unions, out=np.zeros_like(both), where=unions > 0)[:, 1:]
    best: NDArray[np.float64] = np.where(own[:, 0] > 0, jaccard.max(axis=1, initial=0.0), np.nan)
    return best


def mean_stability(agreements: Sequence[NDArray[np.float64]], count: int) -> NDArray[np.float64]:
    """Mean over resamples, those left out in which no row of a cluster was; rounded."""
    if not agreements:
        return np.zeros(count)
    values = np.array(agreements)
    seen = ~np.isnan(values)
    totals = np.where(seen, values, 0.0).sum(axis=0)
    means: NDArray[np.float64] = np.divide(
        totals, seen.sum(axis=0), out=np.zeros(count), where=seen.any(axis=0)
    )
    return means.round(6)
