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
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE_NAME: Final = "word_vectors.npz"

DECIMALS: Final = 5
"""Decimal places of the vectors, as in :mod:`pipeline.features`."""

_AT_ONCE: Final = 50_000
"""Word vectors held in memory while they are added up (about 50 MB)."""


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
        means, filled = self._means(words, weights)
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
        for place, word in enumerate(words):
            if found := self.known(word):
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
        means, filled = self._means(words, weights)
        total: NDArray[np.float64] = np.round(
            np.add.reduce(means, axis=0) / max(1, int(filled.sum())), DECIMALS + 3
        )
        return total

    def _means(
        self, words: Sequence[Sequence[str]], weights: Mapping[str, float] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Weighted means before they are scaled, and which texts have one."""
        pieces: dict[str, tuple[tuple[int, ...], float]] = {}
        for word in dict.fromkeys(word for own in words for word in own):
            found = self.known(word)
            weight = 1.0 if weights is None else float(weights.get(word, 1.0))
            pieces[word] = (found, weight / len(found)) if found and weight > 0.0 else ((), 0.0)
        means = np.zeros((len(words), self.dimensions))
        filled = np.zeros(len(words), dtype=np.bool_)
        rows: list[int] = []
        shares: list[float] = []
        starts: list[int] = []
        texts: list[int] = []

        def add_up() -> None:
            share = np.array(shares)
            weighted = self.vectors[rows] * (self.scales[rows] * share)[:, None]
            sums = np.add.reduceat(weighted, starts, axis=0)
            means[texts] = sums / np.add.reduceat(share, starts)[:, None]
            filled[texts] = True
            for collected in (rows, shares, starts, texts):
                collected.clear()

        for text, own in enumerate(words):
            start = len(rows)
            for word in own:
                found, weight = pieces[word]
                rows.extend(found)
                shares.extend([weight] * len(found))
            if len(rows) > start:
                starts.append(start)
                texts.append(text)
            if len(rows) >= _AT_ONCE:
                add_up()
        if rows:
            add_up()
        return means, filled


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
