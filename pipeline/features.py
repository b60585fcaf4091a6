"""Tokens to vectors: TF-IDF of content words, then latent semantic analysis.

The space is fitted on distinct opinions in canonical order and any text can be
placed in it afterwards. All linear algebra runs on one thread and is rounded,
so that the number of threads cannot change a result.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import ArpackError, svds
from threadpoolctl import threadpool_limits

from pipeline.termweights import (
    UNKNOWN,
    columns_of,
    count_terms,
    inverse_frequencies,
    weigh_letters,
    weigh_terms,
)
from pipeline.wordlists import check_words, parse_plain, read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.tokens import Token

DIMENSIONS: Final = 100
"""Latent dimensions; 100 to 200 group alike on the labelled set (DECISIONS.md)."""

DECIMALS: Final = 5
"""Decimal places of the vectors: far below what separates two opinions, far above
the last digits in which linear algebra libraries differ."""

# What a part of speech says about the topic. Nouns carry it; verbs and
# adjectives mostly say what should happen to it (増やす, 少ない, 作る).
_WEIGHTS: Final = (
    ("名詞-数詞", 0.0),
    ("名詞-助動詞語幹", 0.0),
    # The name of the town stands beside every topic.
    ("名詞-固有名詞-地名", 0.4),
    ("名詞", 1.0),
    ("形状詞-助動詞語幹", 0.0),
    ("形状詞", 0.8),
    ("動詞-非自立可能", 0.0),
    ("動詞", 0.7),
    ("形容詞-非自立可能", 0.0),
    ("形容詞", 0.6),
)


_SPACES: Final = re.compile(r"\s\s+")


def read_stopwords(path: Path) -> frozenset[str]:
    """Normalized forms that carry no topic, one a line; ``#`` begins a comment.

    Raises
    ------
    InputError
        The file is missing or not UTF-8, or a line holds more than a word; every such line
        is named.
    """
    name = "不要語の一覧"
    lines, problems = parse_plain(read_words(path, name))
    check_words(problems, path.name, name)
    return frozenset(own.cells[0] for own in lines)


@functools.cache
def word_weight(pos: str) -> float:
    """How much a word of this part of speech says about the topic, 0 to 1."""
    return next((weight for prefix, weight in _WEIGHTS if pos.startswith(prefix)), 0.0)


def content_words(tokens: Iterable[Token], stopwords: frozenset[str]) -> list[str]:
    """Words of one text that say what it is about, in order, with repetitions."""
    # The conditions of is_content_word, without a call for every token.
    return [
        word
        for _, word, pos, _, _, _ in tokens
        if word_weight(pos) > 0.0
        and word not in stopwords
        and (len(word) > 1 or "一" <= word <= "鿿")
    ]


def is_content_word(word: str, pos: str, stopwords: frozenset[str]) -> bool:
    """Whether a word of some part of speech says what a text is about."""
    return (
        word_weight(pos) > 0.0
        and word not in stopwords
        and not (len(word) == 1 and not _is_ideograph(word))
    )


def _is_ideograph(character: str) -> bool:
    return "一" <= character <= "鿿"


@dataclass(frozen=True)
class LatentSpace:
    """A fitted space of word use.

    Attributes
    ----------
    words
        Words of the space, sorted.
    inverse
        Shape (words,): inverse document frequency.
    weights
        Shape (words,): weight of every word by its part of speech.
    components
        Shape (words, dimensions): right singular vectors.
    """

    words: tuple[str, ...]
    inverse: NDArray[np.float64]
    weights: NDArray[np.float64]
    components: NDArray[np.float64]

    @functools.cached_property
    def columns(self) -> dict[str, int]:
        """Word → its row among the components."""
        return {word: number for number, word in enumerate(self.words)}

    def columns_of(self, vocabulary: Sequence[str]) -> NDArray[np.int32]:
        """Number of each word of a vocabulary in this space, for :meth:`place_ids`."""
        return np.array([self.columns.get(own, UNKNOWN) for own in vocabulary], dtype=np.int32)

    def place(self, words: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Vectors of texts.

        Parameters
        ----------
        words
            Content words of each text.

        Returns
        -------
        ndarray of shape (texts, dimensions)
            Rows of unit length; a text without a known word is a row of zeros.
        """
        return self.place_ids(*columns_of(words, self.columns))

    def place_ids(
        self, indptr: NDArray[np.int64], columns: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Vectors of texts whose words are numbers already.

        Parameters
        ----------
        indptr, columns
            Words of text *i*, with repetitions, as numbers in this space
            (``space.columns_of(vocabulary)[word_ids]``): ``columns[indptr[i]:indptr[i + 1]]``.

        Returns
        -------
        ndarray of shape (texts, dimensions)
            To the last bit those of :meth:`place`, in whatever chunks.
        """
        return unit(np.asarray(self.weigh_ids(indptr, columns) @ self.components))

    def weigh_ids(self, indptr: NDArray[np.int64], columns: NDArray[np.int32]) -> csr_array:
        """Shape (texts, words): what every word of a text weighs in it, before it is placed."""
        counts = count_terms(indptr, columns, len(self.words))
        return _weighted(counts, self.inverse, self.weights)


def fit_space(
    words: Sequence[Sequence[str]],
    weight_of: dict[str, float],
    dimensions: int = DIMENSIONS,
    counts: Sequence[int] | None = None,
) -> LatentSpace:
    """Fit the space on distinct opinions.

    Parameters
    ----------
    words
        Content words of each opinion, opinions in canonical order.
    weight_of
        Weight of every word (:func:`word_weight` of its part of speech).
    dimensions
        Most dimensions to keep.
    counts
        How often each opinion was said; once by default.

    Notes
    -----
    A word that only one opinion uses cannot bring opinions together and is left
    out. The rank is lowered to the nearest clear gap between singular values:
    inside a group of equal ones the basis is arbitrary and would depend on the
    machine.

    References
    ----------
    Deerwester et al. (1990), Indexing by latent semantic analysis, JASIS 41(6).
    """
    usage: Counter[str] = Counter()
    for own, count in zip(words, counts or [1] * len(words), strict=True):
        usage.update(dict.fromkeys(own, count))
    # Without a shared word there is one dimension that no text has.
    shared = sorted(word for word, count in usage.items() if count > 1) or [""]
    weights = np.array([weight_of.get(word, 0.0) for word in shared])
    column = {word: number for number, word in enumerate(shared)}
    counted = count_terms(*columns_of(words, column), len(shared))
    inverse = inverse_frequencies(counted)
    if not len(words):
        return LatentSpace(tuple(shared), inverse, weights, np.zeros((len(weights), 1)))
    matrix = _weighted(counted, inverse, weights)
    rank = min(dimensions + 8, min(matrix.shape) - 1)
    with threadpool_limits(1):
        values, right = _decomposed(matrix, rank, full=min(matrix.shape) <= 2 * dimensions)
    kept = _rank_at_gap(values, dimensions)
    components = np.ascontiguousarray(right[:kept].T)
    return LatentSpace(tuple(shared), inverse, weights, components)


def letter_vectors(texts: Sequence[str], dimensions: int = DIMENSIONS) -> NDArray[np.float64]:
    """Vectors of texts by their runs of two and three letters, latent as those of words.

    They see what the tokenizer splits in another way: compounds, names, kana.

    Returns
    -------
    ndarray of shape (texts, dimensions)
        Rows of unit length; zeros for a text that shares no run with another.
    """
    matrix = weigh_letters([_SPACES.sub(" ", text) for text in texts])
    if not matrix.shape[1]:  # no run of letters stands in two texts
        return np.zeros((len(texts), 1))
    rank = min(dimensions + 8, min(matrix.shape) - 1)
    with threadpool_limits(1):
        values, right = _decomposed(matrix, rank, full=min(matrix.shape) <= 2 * dimensions)
        kept = _rank_at_gap(values, dimensions)
        return unit(np.asarray(matrix @ right[:kept].T))


def _decomposed(
    matrix: csr_array, rank: int, *, full: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Largest singular values of a matrix, in order, and their right vectors."""
    if not full:
        try:
            _, values, right = svds(matrix, k=rank, v0=np.ones(min(matrix.shape)))
        except ArpackError:  # the matrix has fewer than `rank` directions
            full = True
    if full:
        _, values, right = np.linalg.svd(matrix.toarray(), full_matrices=False)
    order = np.argsort(-values, kind="stable")
    return values[order].astype(np.float64), right[order].astype(np.float64)


def _weighted(
    counts: csr_array, inverse: NDArray[np.float64], weights: NDArray[np.float64]
) -> csr_array:
    return csr_array(weigh_terms(counts, inverse) @ diags_array(weights))


def _rank_at_gap(values: NDArray[np.float64], most: int) -> int:
    """Largest rank up to `most` behind which the singular values clearly fall."""
    if values.size <= most:
        return int(values.size)
    for rank in range(most, 0, -1):
        if values[rank - 1] - values[rank] > 1e-6 * values[0]:
            return rank
    return int(values.size)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows scaled to unit length and rounded; rows of zeros stay."""
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    scaled = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9)
    rounded: NDArray[np.float64] = np.round(scaled, DECIMALS) + 0.0
    return rounded
