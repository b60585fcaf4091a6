"""The space in which opinions are compared with examples of a codebook.

An opinion becomes a row of numbers: the words it is made of, its letters in twos and
threes (how a thing is put: 「てほしい」「られない」), what its words mean (word vectors) and the
concepts of municipal life that it names. Every number belongs to words that stand in the opinion, so that whatever is
concluded from it can be led back to them.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.features import content_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.concepts import Hit
    from pipeline.tokens import Token
    from pipeline.votes import Vote
    from pipeline.wordvectors import WordVectors

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
class Lexicon:
    """What is known of words before any example is read."""

    dictionary: ConceptDictionary
    word_vectors: WordVectors
    stopwords: frozenset[str]


@dataclass(frozen=True)
class GoalSpace:
    """The space that a set of examples spans.

    Attributes
    ----------
    idf, letter_idf
        Word, and letters → inverse document frequency among the examples.
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
        """Where opinions stand."""
        values: list[float] = []
        places: list[int] = []
        ends = [0]
        for reading in readings:
            row = self._marks(reading)
            places += row
            values += row.values()
            ends.append(len(places))
        width = self.n_marks
        marks = csr_array((values, places, ends), shape=(len(readings), width))
        return Placed(marks, self._meanings(readings))

    @property
    def n_marks(self) -> int:
        """Number of words, letters and concepts, and the constant."""
        return self.first_concept + len(self.lexicon.dictionary.concepts) + 1

    def _marks(self, reading: Reading) -> dict[int, float]:
        row = {
            self.columns[word]: WORDS_WEIGH * weight
            for word, weight in self.word_weights(reading).items()
        }
        for own, weight in self.letter_weights(reading).items():
            row[self.letter_columns[own]] = LETTERS_WEIGH * weight
        start = self.first_concept
        for concept, weight in concept_weights(reading.hits, self.lexicon.dictionary).items():
            row[start + concept] = CONCEPTS_WEIGH * math.log1p(weight)
        row[self.n_marks - 1] = self.constant
        return row

    def word_weights(self, reading: Reading) -> dict[str, float]:
        """TF-IDF of the words that the examples have too, length 1."""
        words = content_words(reading.tokens, self.lexicon.stopwords)
        return _tf_idf(words, self.idf)

    def letter_weights(self, reading: Reading) -> dict[str, float]:
        """TF-IDF of the letters that the examples have too, length 1."""
        return _tf_idf((own for own, _, _ in letters(reading.tokens)), self.letter_idf)

    def _meanings(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        words = [content_words(own.tokens, self.lexicon.stopwords) for own in readings]
        means = self.lexicon.word_vectors.mean(words)
        moved: NDArray[np.float64] = MEANINGS_WEIGH * (means - self.centre)
        return moved


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


def _idf(texts: Sequence[Sequence[str]], least: int = 1) -> dict[str, float]:
    n_having = Counter(mark for own in texts for mark in set(own))
    n_all = len(texts)
    return {
        mark: math.log((1 + n_all) / (1 + n)) + 1
        for mark, n in sorted(n_having.items())
        if n >= least
    }


def _tf_idf(marks: Iterable[str], idf: Mapping[str, float]) -> dict[str, float]:
    counts = Counter(mark for mark in marks if mark in idf)
    weights = {mark: (1 + math.log(n)) * idf[mark] for mark, n in sorted(counts.items())}
    length = math.sqrt(sum(value * value for value in weights.values())) or 1.0
    return {mark: value / length for mark, value in weights.items()}


def concept_weights(hits: Sequence[Hit], dictionary: ConceptDictionary) -> dict[int, float]:
    """Weights of the concepts that are named and of all concepts above them."""
    found: dict[int, float] = defaultdict(float)
    for hit in hits:
        for concept in dictionary.lineages[hit.concept]:
            found[concept] += hit.weight
    return dict(sorted(found.items()))
