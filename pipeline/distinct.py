"""Whole numbers once each, by sorting: of millions, ``np.unique`` hashes and is slower."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def distinct_numbers(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every number once, ascending.

    Examples
    --------
    >>> distinct_numbers(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    return counted_numbers(numbers)[0]


def counted_numbers(
    numbers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every number once, ascending, and how often it is there.

    Examples
    --------
    >>> [own.tolist() for own in counted_numbers(np.array([3, 1, 3]))]
    [[1, 3], [1, 2]]
    """
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    places = np.flatnonzero(first)
    return ordered[places], np.diff(np.append(places, len(ordered)))
