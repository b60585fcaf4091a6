"""Where opinions stand: the vectors of some, and of all others when they are asked for.

A million opinions of 260 dimensions are two gigabytes. What is fitted and described keeps
its vectors; the others are placed chunk by chunk, and only what is near what is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.clusters import nearest
from pipeline.stability import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

CHUNK: Final = 8192
"""Opinions that are placed at once; it changes no digit of a result."""


@dataclass(frozen=True)
class OpinionVectors:
    """Vectors of distinct opinions in canonical order.

    Attributes
    ----------
    count
        Number of opinions.
    rows
        Opinions whose vectors are kept, ascending.
    kept
        Shape (rows, d): unit length, or zeros.
    place
        Vectors of any rows.
    """

    count: int
    rows: NDArray[np.int64]
    kept: NDArray[np.float64]
    place: Callable[[NDArray[np.int64]], NDArray[np.float64]]

    @classmethod
    def of(cls, vectors: NDArray[np.float64] | OpinionVectors) -> OpinionVectors:
        """All vectors at hand."""
        if isinstance(vectors, OpinionVectors):
            return vectors
        rows = np.arange(len(vectors))
        return cls(len(vectors), rows, vectors, lambda some: vectors[some])

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.kept.shape[1])

    @property
    def is_whole(self) -> bool:
        """Whether the vectors of all opinions are kept."""
        return len(self.rows) == self.count

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Vectors of some rows, kept or not."""
        if self.is_whole:
            return self.kept[rows]
        places = np.searchsorted(self.rows, rows)
        places[places == len(self.rows)] = 0
        is_kept = self.rows[places] == rows
        if is_kept.all():
            return self.kept[places]
        found = np.zeros((len(rows), self.dimensions))
        found[is_kept] = self.kept[places[is_kept]]
        found[~is_kept] = self.place(rows[~is_kept])
        return found

    def keeping(self, rows: NDArray[np.int64]) -> OpinionVectors:
        """The same with the vectors of further rows kept."""
        if self.is_whole:
            return self
        wanted = np.union1d(self.rows, rows)
        return OpinionVectors(self.count, wanted, self.at(wanted), self.place)

    def nearest(
        self, rows: NDArray[np.int64], centres: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Nearest centre of some rows and the cosine to it."""
        labels, cosines = np.full(len(rows), ALONE, dtype=np.int64), np.zeros(len(rows))
        for part in _chunks(len(rows)):
            labels[part], cosines[part] = nearest(self.at(rows[part]), centres)
        return labels, cosines

    def cosines(
        self, labels: NDArray[np.int64], centres: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Cosine of every opinion to the centre of its label, 0 to 1; 0 without one."""
        found = np.zeros(len(labels))
        inside = np.flatnonzero(labels >= 0)
        for part in _chunks(len(inside)):
            rows = inside[part]
            found[rows] = (self.at(rows) * centres[labels[rows]]).sum(axis=1)
        cosines: NDArray[np.float64] = np.clip(found, 0.0, 1.0)
        return cosines


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, CHUNK):
        yield slice(start, start + CHUNK)
