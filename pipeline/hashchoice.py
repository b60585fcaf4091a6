"""A sample chosen by a hash of ids: not by what was said, not by the order of rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from pipeline.normalize import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def smallest_hashes(ids: Sequence[str], most: int) -> list[int]:
    """Places of the ids whose :func:`~pipeline.normalize.digest` is smallest, smallest first.

    Parameters
    ----------
    most
        Places that are returned; all where there are fewer ids.
    """
    places: Sequence[int] = range(len(ids))
    if 0 < most < len(ids):
        leading = _leading_digits(ids)
        cut = np.partition(leading, most - 1)[most - 1]
        places = np.flatnonzero(leading <= cut).tolist()
    ranked = sorted((digest(ids[place]), ids[place], place) for place in places)
    return [place for *_, place in ranked[: max(most, 0)]]


def _leading_digits(ids: Sequence[str]) -> NDArray[np.int64]:
    """First two digits of every digest as one number; to write the others takes longer."""
    sha256 = hashlib.sha256
    ends = b"".join([sha256(own.encode("utf-8", "surrogatepass")).digest()[-2:] for own in ids])
    low = np.frombuffer(ends, dtype=">u2").astype(np.int64)
    return (low & 31) << 5 | low >> 5 & 31
