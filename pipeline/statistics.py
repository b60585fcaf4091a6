"""Intervals and tests of shares: what may be called more than chance, and what may not.

Everything is counted in people, who are independent of each other; opinions of one
person are not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Z: Final = 1.959963984540054
"""Normal quantile of two-sided 95 %."""

SMALL_EXPECTED: Final = 5.0
"""Expected count below which the chi-square approximation is doubted."""


def wilson(k: int, n: int) -> tuple[float, float]:
    """Interval of a share, 95 %, after Wilson.

    Parameters
    ----------
    k, n
        People who did, of all people.

    Returns
    -------
    tuple of float
        Lower and upper limit, 0 to 1; NaN where there is nobody.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical
    inference, JASA 22.

    Examples
    --------
    >>> [round(limit, 3) for limit in wilson(8, 40)]
    [0.105, 0.348]
    """
    _check(k, n)
    if n == 0:
        return math.nan, math.nan
    share = k / n
    middle = share + Z * Z / (2 * n)
    spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    # The limits at 0 and 1 are exact; rounding would leave 1e-17.
    low = 0.0 if k == 0 else max(0.0, (middle - spread) / whole)
    high = 1.0 if k == n else min(1.0, (middle + spread) / whole)
    return low, high


def newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """Interval of the difference of two shares, second less first, 95 %.

    Parameters
    ----------
    k1, n1, k2, n2
        People who did, of all people, in two independent groups.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent
    proportions, Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> [round(limit, 4) for limit in newcombe(48, 80, 56, 70)]
    [0.0524, 0.3339]
    """
    (low1, high1), (low2, high2) = wilson(k1, n1), wilson(k2, n2)
    if n1 == 0 or n2 == 0:
        return math.nan, math.nan
    first, second = k1 / n1, k2 / n2
    difference = second - first
    below = math.hypot(second - low2, high1 - first)
    above = math.hypot(high2 - second, first - low1)
    return max(-1.0, difference - below), min(1.0, difference + above)


def two_shares(k1: int, n1: int, k2: int, n2: int) -> float:
    """P-value of no difference between two shares.

    Chi-square without correction for continuity; Fisher's exact test, two-sided, where
    an expected count is below 5. NaN where there is nobody in a group or nothing to
    compare.

    Parameters
    ----------
    k1, n1, k2, n2
        People who did, of all people, in two independent groups.
    """
    _check(k1, n1)
    _check(k2, n2)
    did, all_ = k1 + k2, n1 + n2
    if 0 in {n1, n2} or did in {0, all_}:
        return math.nan
    if min(did, all_ - did) * min(n1, n2) / all_ < SMALL_EXPECTED:
        from scipy.stats import fisher_exact

        return float(fisher_exact(np.array([[k1, n1 - k1], [k2, n2 - k2]])).pvalue)
    from scipy.special import chdtrc

    gap = k1 / n1 - k2 / n2
    share = did / all_
    squared = gap * gap / (share * (1 - share) * (1 / n1 + 1 / n2))
    return float(chdtrc(1, squared))


def column_against_others(counts: ArrayLike, bases: ArrayLike) -> NDArray[np.float64]:
    """P-value of every cell: do people of this column mention it as often as all others?

    Fisher's exact test of mention or no mention × this column or another one, two-sided by
    doubling the smaller tail of the hypergeometric distribution. It needs nothing but the
    cell, its base, the row's total and the sum of bases.

    Parameters
    ----------
    counts
        Rows × columns: people who mention it.
    bases
        Columns: people in the column.

    Returns
    -------
    ndarray
        Rows × columns; NaN where nobody or everybody mentions it, or where all people are in
        one column.

    References
    ----------
    Fisher (1935), The logic of inductive inference, JRSS 98, 39-82.
    Yates (1984), Tests of significance for 2 × 2 contingency tables, JRSS A 147, 426-463:
    why the smaller tail is doubled.

    Examples
    --------
    >>> column_against_others([[9, 0]], [30, 119]).round(7).tolist()
    [[4e-07, 4e-07]]
    """
    from scipy.stats import hypergeom

    did, people = _counted(counts, bases)
    totals, everybody = did.sum(axis=1, keepdims=True), int(people.sum())
    spread = hypergeom(everybody, totals, people)
    tail = np.minimum(spread.cdf(did), spread.sf(did - 1))
    open_ = (totals > 0) & (totals < everybody) & (people < everybody)
    return np.where(open_, np.minimum(1.0, 2 * tail), np.nan)


def above_others(counts: ArrayLike, bases: ArrayLike) -> NDArray[np.int64]:
    """1 where a larger share of this column than of all others mentions it, -1 where less.

    Parameters
    ----------
    counts, bases
        As for :func:`column_against_others`.
    """
    did, people = _counted(counts, bases)
    gap = did * people.sum() - did.sum(axis=1, keepdims=True) * people
    return np.asarray(np.sign(gap), dtype=np.int64)


def adjust(p_values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p-values for their number; NaN is passed over and not counted.

    References
    ----------
    Benjamini & Hochberg (1995), Controlling the false discovery rate, JRSS B 57, 289-300.

    Examples
    --------
    >>> adjust([0.01, float("nan"), 0.04]).tolist()
    [0.02, nan, 0.04]
    """
    values = np.asarray(p_values, dtype=np.float64)
    tested = ~np.isnan(values)
    adjusted = np.full(values.shape, np.nan)
    if tested.any():
        from scipy.stats import false_discovery_control

        adjusted[tested] = false_discovery_control(values[tested], method="bh")
    return adjusted


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")


def _counted(counts: ArrayLike, bases: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    did, people = np.atleast_2d(np.asarray(counts, dtype=np.int64)), np.asarray(bases, np.int64)
    if (did < 0).any() or (did > people).any():
        raise ValueError("a cell has more people than its column")
    return did, people
