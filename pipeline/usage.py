"""How often words are used, counted over columns of tokens instead of opinion by opinion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

from pipeline.features import is_content_word, word_weight
from pipeline.keywords import is_topic_word
from pipeline.tokentable import offsets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.tokentable import TokenTable


@dataclass(frozen=True)
class ContentWords:
    """Content words of many opinions, in columns.

    Attributes
    ----------
    words
        Distinct normalized forms, sorted.
    weights
        Shape (words,): heaviest weight of each over the parts of speech that it occurs with.
    indptr, ids
        Words of opinion *i*, in order and with repetitions: ``ids[indptr[i]:indptr[i + 1]]``.
    """

    words: list[str]
    weights: NDArray[np.float64]
    indptr: NDArray[np.int64]
    ids: NDArray[np.int32]

    @classmethod
    def of(cls, tokens: TokenTable, stopwords: frozenset[str]) -> ContentWords:
        """Content words (:func:`pipeline.features.content_words`) of every row of tokens."""
        used = _used(tokens)
        counted = [
            is_used and is_content_word(word, pos, stopwords)
            for (_, word, pos, _), is_used in zip(tokens.types, used, strict=True)
        ]
        words, of_type = _numbered(tokens, counted)
        weights = np.zeros(len(words))
        for (_, _, pos, _), place in zip(tokens.types, of_type.tolist(), strict=True):
            if place >= 0:
                weights[place] = max(weights[place], word_weight(pos))
        indptr, ids = _kept(of_type, tokens)
        return cls(words, weights, indptr, ids)

    def of_row(self, row: int) -> list[str]:
        """Content words of one opinion."""
        return [self.words[own] for own in self.ids[self.indptr[row] : self.indptr[row + 1]]]

    def of_rows(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """``indptr`` and ``ids`` of some rows."""
        firsts = self.indptr[rows]
        counts = self.indptr[rows + 1] - firsts
        indptr = offsets_of(counts)
        places = np.repeat(firsts - indptr[:-1], counts) + np.arange(indptr[-1])
        return indptr, self.ids[places]

    @property
    def weight_of(self) -> dict[str, float]:
        """Weight of every word."""
        return dict(zip(self.words, self.weights.tolist(), strict=True))


class TopicWordUse:
    """How often every topic word is used, in all opinions and in any groups of them.

    Parameters
    ----------
    tokens
        One row a distinct opinion.
    counts
        Shape (n,): how often each was said.
    stopwords
        Words that carry no topic.
    least
        As in :func:`pipeline.keywords.topic_words`.
    """

    def __init__(
        self,
        tokens: TokenTable,
        counts: NDArray[np.int64],
        stopwords: frozenset[str],
        least: float,
    ) -> None:
        counted = [
            is_used and is_topic_word(word, pos, stopwords, least)
            for (_, word, pos, _), is_used in zip(tokens.types, _used(tokens), strict=True)
        ]
        self.words, of_type = _numbered(tokens, counted)
        indptr, ids = _kept(of_type, tokens)
        self._used = csr_array(
            (np.ones(len(ids), dtype=np.int64), ids, indptr),
            shape=(len(counts), len(self.words)),
        )
        self._used.sum_duplicates()
        self._used.data[:] = 1  # once an opinion, however often it says the word
        self._counts = counts

    def overall(self) -> dict[str, float]:
        """Word → opinions that use it."""
        return self._named(np.asarray(self._used.T @ self._counts))

    def of_groups(self, labels: NDArray[np.int64], n_groups: int) -> list[dict[str, float]]:
        """The same of the opinions of every label from 0."""
        inside = np.flatnonzero(labels >= 0)
        member = coo_array(
            (self._counts[inside], (labels[inside], inside)), shape=(n_groups, len(labels))
        ).tocsr()
        found = csr_array(member @ self._used)
        found.sort_indices()
        return [
            dict(
                zip(
                    [self.words[own] for own in found.indices[start:end]],
                    found.data[start:end].astype(np.float64).tolist(),
                    strict=True,
                )
            )
            for start, end in zip(found.indptr[:-1], found.indptr[1:], strict=True)
        ]

    def _named(self, counts: NDArray[np.int64]) -> dict[str, float]:
        return {word: float(own) for word, own in zip(self.words, counts.tolist(), strict=True)}


def _used(tokens: TokenTable) -> list[bool]:
    """Whether any token has each type: a vocabulary may have come with other rows."""
    counts: list[int] = np.bincount(tokens.type_ids, minlength=len(tokens.types)).tolist()
    return [count > 0 for count in counts]


def _numbered(tokens: TokenTable, counted: list[bool]) -> tuple[list[str], NDArray[np.int32]]:
    """Distinct words of the types that count, sorted, and the number of every type's word."""
    named = list(zip(tokens.types, counted, strict=True))
    words = sorted({own.word for own, is_one in named if is_one})
    number = {word: place for place, word in enumerate(words)}
    return words, np.array(
        [number[own.word] if is_one else -1 for own, is_one in named], dtype=np.int32
    )


def _kept(
    of_type: NDArray[np.int32], tokens: TokenTable
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Tokens of every row whose type has a number."""
    ids = of_type[tokens.type_ids] if len(of_type) else np.zeros(0, dtype=np.int32)
    kept = ids >= 0
    before = np.concatenate([[0], np.cumsum(kept)])
    return before[tokens.offsets].astype(np.int64), ids[kept]
