"""Word vectors that come with Kadai: what a word means, and the mean of an opinion's words.

The table holds one vector for every common Japanese word in Sudachi's normalized
form. It is made once by ``tools/build_word_vectors.py`` and read as it is: nothing
is trained or downloaded at run time. Sums are taken in the order of the words and
without linear algebra libraries, so that no machine changes a digit.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE_NAME: Final = "word_vectors.npz"

DECIMALS: Final = 5
"""Decimal places of the vectors, as in :mod:`pipeline.features`."""

_AT_ONCE: Final = 2_000
"""Word vectors that are added up at once: as many as a processor keeps at hand (2.5 MB), which
is three times as fast as with 50,000. It changes no digit."""


# What numpy raises for another kind of file and for damaged bytes.
_NOT_A_TABLE: Final = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)


class Pieces(NamedTuple):
    """Which rows of the table stand for the words of a vocabulary.

    Attributes
    ----------
    starts
        Shape (words + 1,): the rows of word *i* are ``rows[starts[i]:starts[i + 1]]``; a word
        that is unknown or weighs nothing has none.
    rows, shares
        Rows, and the part of the word's weight that each of them takes.
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class WordVectors:
    """Vectors of words.

    Attributes
    ----------
    rows
        Word (Sudachi's normalized form) → row of `vectors`.
    vectors
        Shape (words, dimensions), 8-bit steps; times `scales` they are the vectors.
    scales
        Shape (words,): size of one step in each row.
    longest
        Letters of the longest word.
    about
        How the table was made: inputs with versions and hashes, and the like.
    """

    rows: dict[str, int]
    vectors: NDArray[np.int8]
    scales: NDArray[np.float64]
    longest: int
    about: dict[str, object]

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    def known(self, word: str) -> tuple[int, ...]:
        """Rows that stand for a word: its own, else those of the longest words inside it.

        Notes
        -----
        A word that the table does not have is read from the left: the longest known
        word that begins there, then on behind it; a letter that begins no known word
        is passed over. 「見守り隊」 becomes 見守り and 隊.
        """
        own = self.rows.get(word)
        if own is not None:
            return (own,)
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(min(len(word), start + self.longest), start, -1):
                row = self.rows.get(word[start:end])
                if row is not None:
                    found.append(row)
                    break
            else:
                end = start + 1
            start = end
        return tuple(found)

    def mean(
        self,
        words: Sequence[Sequence[str]],
        weights: Mapping[str, float] | None = None,
        centre: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Mean vectors of texts, as directions.

        Parameters
        ----------
        words
            Content words of each text, with repetitions.
        weights
            Weight of words; those that are not in it count 1. A word that is read in
            pieces shares its weight among them.
        centre
            What all texts have in common, to be taken away from each of them: the
            :meth:`centre` of the texts that a space is made from. Nothing by default.

        Returns
        -------
        ndarray of shape (texts, dimensions)
            Rows of unit length, rounded; a text without a known word is a row of zeros.
        """
        return self.mean_ids(*self._numbered(words, weights), centre)

    def mean_ids(
        self,
        indptr: NDArray[np.int64],
        ids: NDArray[np.int32],
        pieces: Pieces,
        centre: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Mean vectors of texts whose words are numbers already, as directions.

        Parameters
        ----------
        indptr, ids
            Words of text *i*, with repetitions, as numbers in a vocabulary:
            ``ids[indptr[i]:indptr[i + 1]]``.
        pieces
            What :meth:`pieces` gives for that vocabulary.
        centre
            As for :meth:`mean`.

        Returns
        -------
        ndarray of shape (texts, dimensions)
            To the last bit what :meth:`mean` gives, in whatever chunks.
        """
        means, filled = self._means(indptr, ids, pieces)
        if centre is not None:
            means[filled] -= centre
        lengths = np.sqrt(np.einsum("ij,ij->i", means, means))[:, None]
        unit = np.divide(means, lengths, out=np.zeros_like(means), where=lengths > 1e-9)
        rounded: NDArray[np.float64] = np.round(unit, DECIMALS) + 0.0
        return rounded

    def parts(self, words: Sequence[str]) -> NDArray[np.float64]:
        """What every word adds to the direction that :meth:`mean` gives for its text.

        Returns
        -------
        ndarray of shape (words, dimensions)
            The rows add up to the unit vector, but for rounding; a word that is not
            known is a row of zeros.
        """
        rows = np.zeros((len(words), self.dimensions))
        own_rows = [self.rows.get(word) for word in words]
        if whole := [(place, row) for place, row in enumerate(own_rows) if row is not None]:
            places, taken = map(list, zip(*whole, strict=True))
            rows[places] = self.vectors[taken] * self.scales[taken][:, None]
        for place, word in enumerate(words):
            if own_rows[place] is None and (found := self.known(word)):
                own = self.vectors[list(found)] * self.scales[list(found)][:, None]
                rows[place] = np.add.reduce(own, axis=0) / len(found)
        total = np.add.reduce(rows, axis=0)
        length = float(np.sqrt(np.einsum("i,i->", total, total)))
        scaled: NDArray[np.float64] = rows / length if length > 1e-9 else np.zeros_like(rows)
        return scaled

    def centre(
        self, words: Sequence[Sequence[str]], weights: Mapping[str, float] | None = None
    ) -> NDArray[np.float64]:
        """Mean over texts of their mean vectors; texts without a known word do not count."""
        return self.centre_ids(*self._numbered(words, weights))

    def centre_ids(
        self, indptr: NDArray[np.int64], ids: NDArray[np.int32], pieces: Pieces
    ) -> NDArray[np.float64]:
        """What :meth:`centre` gives, of words that are numbers; see :meth:`mean_ids`."""
        means, filled = self._means(indptr, ids, pieces)
        total: NDArray[np.float64] = np.round(
            np.add.reduce(means, axis=0) / max(1, int(filled.sum())), DECIMALS + 3
        )
        return total

    def pieces(
        self, vocabulary: Iterable[str], weights: Mapping[str, float] | None = None
    ) -> Pieces:
        """Rows that stand for each word (:meth:`known`), and their parts of its weight.

        Parameters
        ----------
        weights
            As for :meth:`mean`.
        """
        starts, rows, shares = [0], list[int](), list[float]()
        for word in vocabulary:
            found = self.known(word)
            weight = 1.0 if weights is None else float(weights.get(word, 1.0))
            if found and weight > 0.0:
                rows += found
                shares += [weight / len(found)] * len(found)
            starts.append(len(rows))
        return Pieces(np.array(starts), np.array(rows, dtype=np.int64), np.array(shares))

    def _numbered(
        self, words: Sequence[Sequence[str]], weights: Mapping[str, float] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], Pieces]:
        number: dict[str, int] = {}
        ids = [number.setdefault(word, len(number)) for own in words for word in own]
        indptr = np.concatenate([[0], np.cumsum([len(own) for own in words], dtype=np.int64)])
        return indptr, np.array(ids, dtype=np.int32), self.pieces(number, weights)

    def _means(
        self, indptr: NDArray[np.int64], ids: NDArray[np.int32], pieces: Pieces
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Weighted means before they are scaled, and which texts have one."""
        sizes = np.diff(pieces.starts)[ids]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        bounds = ends[indptr]  # pieces before every text, and all
        means = np.zeros((len(indptr) - 1, self.dimensions))
        filled = bounds[1:] > bounds[:-1]
        texts = np.flatnonzero(filled)
        for part in _parts(bounds[texts]):
            own = texts[part]
            words = slice(indptr[own[0]], indptr[own[-1] + 1])
            first = bounds[own[0]]
            # Places among the pieces: those of a word follow each other.
            places = np.arange(first, bounds[own[-1] + 1])
            places += np.repeat(pieces.starts[ids[words]] - ends[:-1][words], sizes[words])
            rows, share = pieces.rows[places], pieces.shares[places]
            weighted = self.vectors[rows] * (self.scales[rows] * share)[:, None]
            starts = bounds[own] - first
            sums = np.add.reduceat(weighted, starts, axis=0)
            means[own] = sums / np.add.reduceat(share, starts)[:, None]
        return means, filled


def _parts(starts: NDArray[np.int64]) -> Iterator[slice]:
    """Runs of texts that have about :data:`_AT_ONCE` pieces together."""
    begin = 0
    while begin < len(starts):
        end = int(np.searchsorted(starts, starts[begin] + _AT_ONCE))
        yield slice(begin, end)
        begin = end


def load_word_vectors(path: Path) -> WordVectors:
    """Read the table.

    Raises
    ------
    InputError
        The file is missing, or not a table of word vectors.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as table:
            words = table["words"].tobytes().decode("utf-8").split("\n")
            vectors = table["vectors"]
            scales = table["scales"].astype(np.float64)
            about = json.loads(table["about"].tobytes().decode("utf-8"))
    except _NOT_A_TABLE as error:
        raise InputError(
            "語のベクトルの表を読めません。",
            at=Location(file=path.name),
            remedy="ファイルが壊れているか、ありません。Kadai を入れ直してください。",
        ) from error
    rows = {word: row for row, word in enumerate(words)}
    fits = (
        vectors.dtype == np.int8
        and vectors.ndim == 2
        and len(rows) == len(words) == len(vectors)
        and scales.shape == (len(words),)
    )
    if not fits:
        raise InputError(
            "語のベクトルの表の、語の数とベクトルの数が合いません。",
            at=Location(file=path.name),
            remedy="ファイルが壊れています。Kadai を入れ直してください。",
        )
    return WordVectors(rows, vectors, scales, max(map(len, words)), about)
