"""Intervals and tests of shares: what may be called more than chance, and what may not.

Everything is counted in people, who are independent of each other; opinions of one
person are not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import chdtrc
from scipy.stats import false_discovery_control, fisher_exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Z: Final = 1.959963984540054
"""Normal quantile of two-sided 95 %."""

SMALL_EXPECTED: Final = 5.0
"""Expected count below which the chi-square approximation is doubted."""

SHARE_OF_SMALL: Final = 0.2
"""Share of expected counts that may be that small (Cochran)."""


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
        return float(fisher_exact(np.array([[k1, n1 - k1], [k2, n2 - k2]])).pvalue)
    gap = k1 / n1 - k2 / n2
    share = did / all_
    squared = gap * gap / (share * (1 - share) * (1 / n1 + 1 / n2))
    return float(chdtrc(1, squared))


def association(counts: ArrayLike, bases: ArrayLike) -> NDArray[np.float64]:
    """P-value of every row: does the share that mentions it differ between groups?

    Chi-square of mention or no mention × groups, where Cochran's rule holds: every
    expected count is 1 or more, and at most 20 % are below 5.

    Parameters
    ----------
    counts
        Rows × groups: people who mention it.
    bases
        Groups, or rows × groups: people in the group. A group of nobody is none.

    Returns
    -------
    ndarray
        One value a row; NaN where the rule does not hold, or where there are fewer than
        two groups (人数が少なく検定しない).

    References
    ----------
    Cochran (1954), Some methods for strengthening the common chi-square tests,
    Biometrics 10, 417-451.
    """
    did, people, expected = _expected(counts, bases)
    there = people > 0
    n_groups = there.sum(axis=1)
    both = np.stack([expected, people - expected])
    cells = np.broadcast_to(there, both.shape)
    lowest = np.where(cells, both, np.inf).min(axis=(0, 2), initial=np.inf)
    n_small = (cells & (both < SMALL_EXPECTED)).sum(axis=(0, 2))
    testable = (n_groups >= 2) & (lowest >= 1) & (n_small <= SHARE_OF_SMALL * 2 * n_groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (did - expected) ** 2 * (1 / both[0] + 1 / both[1])
    squared = np.where(there, parts, 0.0).sum(axis=1)
    p_values = chdtrc(np.maximum(n_groups - 1, 1), np.where(testable, squared, 0.0))
    return np.where(testable, p_values, np.nan)


def adjusted_residuals(counts: ArrayLike, bases: ArrayLike) -> NDArray[np.float64]:
    """How far each cell lies from what chance would give, in standard deviations.

    Parameters
    ----------
    counts, bases
        As for :func:`association`.

    Returns
    -------
    ndarray
        Rows × groups: positive where more people mention it than elsewhere; NaN where
        there is no telling.

    References
    ----------
    Haberman (1973), The analysis of residuals in cross-classified tables, Biometrics
    29, 205-220.
    """
    did, people, expected = _expected(counts, bases)
    whole = people.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = did.sum(axis=1, keepdims=True) / whole
        spread = np.sqrt(expected * (1 - share) * (1 - people / whole))
        return np.where(spread > 0, (did - expected) / spread, np.nan)


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
        adjusted[tested] = false_discovery_control(values[tested], method="bh")
    return adjusted


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")


def _expected(
    counts: ArrayLike, bases: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts, bases of the same shape, and expected counts where chance alone is at work."""
    did = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    people = np.broadcast_to(np.asarray(bases, dtype=np.float64), did.shape)
    if (did < 0).any() or (did > people).any():
        raise ValueError("a cell has more people than its group")
    whole = people.sum(axis=1, keepdims=True)
    share = np.divide(did.sum(axis=1, keepdims=True), whole, where=whole > 0, out=whole * 0.0)
    return did, people, people * share
