"""The space in which opinions are compared with examples of a codebook.

An opinion becomes a row of numbers: the words it is made of, its letters in twos and
threes (how a thing is put: 「てほしい」「られない」), what its words mean (word vectors) and the
concepts of municipal life that it names. Every number belongs to words that stand in the opinion, so that whatever is
concluded from it can be led back to them.
"""

from __future__ import annotations

import functools
import math
import operator
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.features import content_words
from pipeline.termweights import count_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.concepts import Hit
    from pipeline.lexicon import Lexicon
    from pipeline.tokens import Token
    from pipeline.votes import Vote

WORDS_WEIGH: Final = 1.0
LETTERS_WEIGH: Final = 1.4
MEANINGS_WEIGH: Final = 2.0
CONCEPTS_WEIGH: Final = 1.0
CONSTANT: Final = 0.5
"""How much the views count beside each other (DECISIONS.md). The constant lets examples
say how frequent a goal is."""


GRAMS: Final = (2, 3)
"""Letters that are taken together."""

LEAST_GRAMS: Final = 2
"""Examples in which letters have to stand together."""


class Reading(NamedTuple):
    """An opinion, or a sentence of one, with what was found in it.

    Attributes
    ----------
    tokens
        Its words.
    hits
        Of the concept dictionary; places are those of `tokens`.
    votes
        Goal → what the coding rules and the plan's words say for it.
    aside
        Votes for none of the goals that the question brings along.
    """

    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    votes: Mapping[str, Vote]
    aside: float = 0.0


class Placed(NamedTuple):
    """Opinions in the space.

    Attributes
    ----------
    marks
        Words, letters, concepts and the constant; shape (opinions, marks).
    meanings
        Word vectors; shape (opinions, dimensions).
    """

    marks: csr_array
    meanings: NDArray[np.float64]


@dataclass(frozen=True)
class GoalSpace:
    """The space that a set of examples spans.

    Attributes
    ----------
    idf, letter_idf
        Word, and letters → inverse document frequency among the examples; sorted.
    centre
        Mean of the examples' word vectors.
    constant
        A mark that every opinion has.
    """

    lexicon: Lexicon
    idf: Mapping[str, float]
    letter_idf: Mapping[str, float]
    centre: NDArray[np.float64]
    constant: float = CONSTANT

    @functools.cached_property
    def columns(self) -> dict[str, int]:
        """Word → its column among the marks."""
        return {word: number for number, word in enumerate(self.idf)}

    @functools.cached_property
    def letter_columns(self) -> dict[str, int]:
        """Letters → their column among the marks."""
        return {own: number for number, own in enumerate(self.letter_idf, start=len(self.idf))}

    @property
    def first_concept(self) -> int:
        """Column of the first concept among the marks."""
        return len(self.idf) + len(self.letter_idf)

    def place(self, readings: Sequence[Reading]) -> Placed:
        """Where opinions stand, each by itself: whoever else is placed changes no digit."""
        words = [content_words(own.tokens, self.lexicon.stopwords) for own in readings]
        moved: NDArray[np.float64] = MEANINGS_WEIGH * (
            self.lexicon.word_vectors.mean(words) - self.centre
        )
        return Placed(self._marks(readings, words), moved)

    @property
    def n_marks(self) -> int:
        """Number of words, letters and concepts, and the constant."""
        return self.first_concept + len(self.lexicon.dictionary.concepts) + 1

    def _marks(self, readings: Sequence[Reading], words: Sequence[Sequence[str]]) -> csr_array:
        said = self._said(readings, words)
        rows = np.arange(len(readings))
        named, concepts, weights = _concepts(readings, self.lexicon.dictionary)
        owners = np.concatenate([np.repeat(rows, np.diff(said.indptr)), named, rows])
        places = np.concatenate(
            [
                said.indices,
                self.first_concept + concepts,
                np.full(len(rows), self.n_marks - 1),
            ]
        )
        values = np.concatenate(
            [said.data, CONCEPTS_WEIGH * weights, np.full(len(rows), self.constant)]
        )
        # Sums are taken in this order: words, letters, concepts, the constant.
        order = np.argsort(owners * self.n_marks + places)
        ends = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(rows)))])
        return csr_array((values[order], places[order], ends), shape=(len(readings), self.n_marks))

    def _said(self, readings: Sequence[Reading], words: Sequence[Sequence[str]]) -> csr_array:
        """Weights of words and letters: :meth:`word_weights` and :meth:`letter_weights`."""
        word = self.columns.get
        marks: list[int] = []
        ends = [0]
        for reading, own in zip(readings, words, strict=True):
            marks += [mark for mark in map(word, own) if mark is not None]
            for grams in letter_marks(reading.tokens, self.letter_columns):
                marks += [mark for mark in grams if mark is not None]
            ends.append(len(marks))
        counts = count_terms(
            np.array(ends, dtype=np.int64), np.array(marks, dtype=np.int32), self.first_concept
        )
        frequencies = counts.data.astype(np.int64)
        logs = [0.0, *(1 + math.log(n) for n in range(1, int(frequencies.max(initial=0)) + 1))]
        values = np.array(logs)[frequencies] * np.array(self.inverse)[counts.indices]
        by_letters = counts.indices >= len(self.idf)
        halves = 2 * np.repeat(np.arange(len(readings)), np.diff(counts.indptr)) + by_letters
        # Added up one after the other: a faster sum has other last digits.
        squares = np.bincount(halves, weights=values * values, minlength=2 * len(readings))
        shares = values / np.sqrt(squares)[halves]
        counts.data = np.where(by_letters, LETTERS_WEIGH, WORDS_WEIGH) * shares
        return counts

    @functools.cached_property
    def inverse(self) -> tuple[float, ...]:
        """Inverse document frequency of every word and of all letters, by their columns."""
        return (*self.idf.values(), *self.letter_idf.values())

    def unit_weights(self, times: Mapping[int, int]) -> dict[int, float]:
        """Column → TF-IDF of words, or of letters, that stand in a text so often; length 1."""
        inverse = self.inverse
        weights = {own: (1 + math.log(n)) * inverse[own] for own, n in sorted(times.items())}
        length = math.sqrt(sum(value * value for value in weights.values())) or 1.0
        return {own: value / length for own, value in weights.items()}

    def word_weights(self, reading: Reading) -> dict[str, float]:
        """TF-IDF of the words that the examples have too, length 1."""
        words = content_words(reading.tokens, self.lexicon.stopwords)
        times = Counter(self.columns[own] for own in words if own in self.columns)
        names = list(self.idf)
        return {names[own]: weight for own, weight in self.unit_weights(times).items()}

    def letter_weights(self, reading: Reading) -> dict[str, float]:
        """TF-IDF of the letters that the examples have too, length 1."""
        columns = self.letter_columns
        times = Counter(columns[own] for own, _, _ in letters(reading.tokens) if own in columns)
        names = list(self.letter_idf)
        first = len(self.idf)
        return {names[own - first]: weight for own, weight in self.unit_weights(times).items()}


def fit_goal_space(
    readings: Sequence[Reading],
    lexicon: Lexicon,
    *,
    constant: float = CONSTANT,
    letters_too: bool = True,
    centre: NDArray[np.float64] | None = None,
) -> GoalSpace:
    """Take the words and the centre of a set of examples.

    Parameters
    ----------
    letters_too
        ``False`` leaves letters out.
    centre
        Another centre than that of these examples.

    References
    ----------
    The word weights are those of
    :class:`sklearn.feature_extraction.text.TfidfVectorizer` with ``sublinear_tf``.
    """
    words = [content_words(own.tokens, lexicon.stopwords) for own in readings]
    grams = [[own for own, _, _ in letters(reading.tokens)] for reading in readings]
    n_all = len(readings)
    if centre is None:
        means = lexicon.word_vectors.mean(words)
        centre = np.round(np.add.reduce(means, axis=0) / max(1, n_all), 8)
    return GoalSpace(
        lexicon=lexicon,
        idf=_idf(words),
        letter_idf=_idf(grams, least=min(LEAST_GRAMS, n_all)) if letters_too else {},
        centre=centre,
        constant=constant,
    )


def letters(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Letters of a text in twos and threes, each with its first and last token."""
    owner = [place for place, token in enumerate(tokens) for _ in token.surface]
    text = "".join(token.surface for token in tokens)
    for length in GRAMS:
        for start in range(len(text) - length + 1):
            end = start + length
            yield text[start:end], owner[start], owner[end - 1]


def letter_marks(tokens: Sequence[Token], columns: Mapping[str, int]) -> Iterator[list[int | None]]:
    """For each of :data:`GRAMS` the columns of a text's letters, from every place on.

    The same letters as :func:`letters` gives; ``None`` where they have no column.
    """
    text = "".join([token.surface for token in tokens])
    grams = list(text)
    for length in range(2, max(GRAMS) + 1):
        grams = list(map(operator.add, grams, text[length - 1 :]))
        if length in GRAMS:
            yield list(map(columns.get, grams))


def _idf(texts: Sequence[Sequence[str]], least: int = 1) -> dict[str, float]:
    n_having = Counter(mark for own in texts for mark in set(own))
    n_all = len(texts)
    return {
        mark: math.log((1 + n_all) / (1 + n)) + 1
        for mark, n in sorted(n_having.items())
        if n >= least
    }


def _concepts(
    readings: Sequence[Reading], dictionary: ConceptDictionary
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Place of the reading, concept, and damped weight of every concept of every reading."""
    rows: list[int] = []
    concepts: list[int] = []
    weights: list[float] = []
    for row, reading in enumerate(readings):
        if reading.hits:
            found = concept_weights(reading.hits, dictionary)
            rows += [row] * len(found)
            concepts += found
            weights += map(math.log1p, found.values())
    return (
        np.array(rows, dtype=np.int64),
        np.array(concepts, dtype=np.int64),
        np.array(weights, dtype=np.float64),
    )


def concept_weights(hits: Sequence[Hit], dictionary: ConceptDictionary) -> dict[int, float]:
    """Weights of the concepts that are named and of all concepts above them."""
    found: dict[int, float] = {}
    lineages = dictionary.lineages
    for hit in hits:
        for concept in lineages[hit.concept]:
            found[concept] = found.get(concept, 0.0) + hit.weight
    return dict(sorted(found.items()))
