"""Views of opinions: each sees another kind of likeness between two of them.

Words that are used together (latent topics), what words mean elsewhere (word vectors), runs
of letters, and a sentence encoder where a study names one. The first two can be made of any
opinion; they are what opinions are placed by (:mod:`pipeline.grouping`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.features import LatentSpace, fit_space, letter_vectors, unit
from pipeline.normalize import fold
from pipeline.tokentable import TokenTable
from pipeline.usage import ContentWords

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.encoders import Encoder
    from pipeline.issues import Distinct
    from pipeline.wordvectors import Pieces, WordVectors

    Vectors = list[NDArray[np.float64]]

NAMES: Final = ("words", "meanings", "letters", "encoder")
"""Names of the views, in the order of :func:`all_views`."""


@dataclass(frozen=True)
class Views:
    """The two views that vectors are made of, of any rows of distinct opinions.

    Attributes
    ----------
    words
        Content words of all opinions.
    latent, columns
        The space of word use, and the number in it of every one of these words.
    table, pieces, centre
        The word vectors, their rows for these words, and the middle of the fitted opinions.
    """

    words: ContentWords
    latent: LatentSpace
    columns: NDArray[np.int32]
    table: WordVectors
    pieces: Pieces
    centre: NDArray[np.float64]

    def place(self, rows: NDArray[np.int64]) -> Vectors:
        """Shapes (rows, d): by their words, and by what these mean."""
        indptr, ids = self.words.of_rows(rows)
        with threadpool_limits(1):
            return [
                self.latent.place_ids(indptr, self.columns[ids]),
                self.table.mean_ids(indptr, ids, self.pieces, self.centre),
            ]

    def joined(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Both beside each other, rows of unit length: the cosine is the mean of the two."""
        return unit(np.hstack(self.place(rows)))


def fit_views(
    distinct: Distinct,
    fitted: NDArray[np.int64],
    stopwords: frozenset[str],
    word_vectors: WordVectors,
) -> Views:
    """Fit the two views on some of the distinct opinions."""
    words = ContentWords.of(TokenTable.of(distinct.tokens), stopwords)
    some = [words.of_row(row) for row in fitted.tolist()]
    weight_of = words.weight_of
    counts = np.array(distinct.counts, dtype=np.int64)
    latent = fit_space(some, weight_of, counts=counts[fitted].tolist())
    pieces = word_vectors.pieces(words.words, weight_of)
    centre = word_vectors.centre_ids(*words.of_rows(fitted), pieces)
    return Views(words, latent, latent.columns_of(words.words), word_vectors, pieces, centre)


def all_views(
    rows: NDArray[np.int64], distinct: Distinct, views: Views, encoder: Encoder | None
) -> Vectors:
    """All views of some opinions (:data:`NAMES`), the last one where there is an encoder."""
    texts = [distinct.texts[row] for row in rows.tolist()]
    seen = [*views.place(rows), letter_vectors([fold(text) for text in texts])]
    if encoder is not None and texts:
        encoded = encoder.encode(texts)
        seen.append(unit(encoded - encoded.mean(axis=0)))
    return seen
