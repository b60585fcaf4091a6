"""Why a goal: the words of an opinion behind the score of a goal, each with its share.

The score is a sum (:mod:`pipeline.goals.model`), so it can be divided among the words
that it comes from, but for a small rest that belongs to no word (the constant, the
centre of the word vectors): words that a coding rule names, words of a concept,
words that are like the words of the plan, and words that are like those of the
codebook's examples and of reviewers' decisions.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.features import is_content_word, word_weight
from pipeline.goals.model import SILENCE
from pipeline.goals.space import (
    CONCEPTS_WEIGH,
    GRAMS,
    LETTERS_WEIGH,
    MEANINGS_WEIGH,
    WORDS_WEIGH,
    concept_weights,
    letter_marks,
)
from pipeline.votes import Evidence

if TYPE_CHECKING:
    from pipeline.goals.model import GoalModel, Learnt
    from pipeline.goals.space import Reading

LEAST: Final = 0.01
"""Share of a score below which a word is no reason."""

MOST: Final = 12
"""Reasons that are kept for one link."""

BY_EXAMPLES: Final = "例文の言葉との近さ"
BY_DECISIONS: Final = "これまでの判断との近さ"
"""What reasons are called that were learnt."""


def explain_goal(reading: Reading, goal: str, model: GoalModel) -> tuple[Evidence, ...]:
    """Words that speak for a goal, the heaviest :data:`MOST` of them, in order of place."""
    found = _Found()
    _by_votes(found, reading, goal, model)
    column = model.goals.index(goal)
    for share, learnt in model.learnt:
        source, rule = ("example", BY_EXAMPLES)
        if learnt is model.decisions:
            source, rule = ("decision", BY_DECISIONS)
        _by_concepts(found, reading, column, learnt, share)
        _by_words(found, reading, column, learnt, share, (source, rule))
    return found.heaviest()


class _Found:
    """Reasons, each place and source once."""

    def __init__(self) -> None:
        self._words: dict[tuple[int, int, str, str], str] = {}
        self._weights: dict[tuple[int, int, str, str], float] = {}

    def add(self, word: str, key: tuple[int, int, str, str], weight: float) -> None:
        """Add a word; `key` is its start and end, the source and the rule."""
        if key in self._weights:
            self._weights[key] += weight
        else:
            self._words[key] = word
            self._weights[key] = weight

    def heaviest(self) -> tuple[Evidence, ...]:
        """Make the reasons that are kept."""
        # Sudachi makes two words of 「㍿」, one of which has no letters of its own.
        heavy = [
            key for key, weight in self._weights.items() if weight >= LEAST and self._words[key]
        ]
        heavy.sort(key=lambda key: (-round(self._weights[key], 6), key[0], key[2]))
        return tuple(
            Evidence(
                word=self._words[key],
                start=key[0],
                end=key[1],
                weight=self._weights[key],
                source=key[2],
                rule=key[3],
            )
            for key in sorted(heavy[:MOST])
        )


def _by_votes(found: _Found, reading: Reading, goal: str, model: GoalModel) -> None:
    vote = reading.votes.get(goal)
    if vote is None:
        return
    everything = SILENCE + reading.aside + sum(own.score for own in reading.votes.values())
    factor = model.rules_share / everything
    for part in vote.evidence:
        key = (part["start"], part["end"], part["source"], part["rule"])
        found.add(part["word"], key, part["weight"] * factor)


def _by_concepts(
    found: _Found, reading: Reading, column: int, learnt: Learnt, share: float
) -> None:
    space = learnt.space
    dictionary = space.lexicon.dictionary
    marks, first_concept = learnt.weights_of_goal[column], space.first_concept
    total = concept_weights(reading.hits, dictionary)
    for hit in reading.hits:
        weight = share * sum(
            CONCEPTS_WEIGH
            * math.log1p(total[concept])
            * (hit.weight / total[concept])
            * marks[first_concept + concept]
            for concept in dictionary.lineages[hit.concept]
        )
        first, last = hit.tokens[0], hit.tokens[-1]
        word = "".join([token.surface for token in reading.tokens[first : last + 1]])
        place = reading.tokens[first].start, reading.tokens[last].end
        found.add(word, (*place, "concept", dictionary.concepts[hit.concept].name), weight)


def _by_words(
    found: _Found,
    reading: Reading,
    column: int,
    learnt: Learnt,
    share: float,
    reason: tuple[str, str],
) -> None:
    by_words = _word_weights(reading, column, learnt)
    by_letters = _letter_weights(reading, column, learnt)
    for token, own, letters in zip(reading.tokens, by_words, by_letters, strict=True):
        # A person's name is no reason.
        if word_weight(token.pos) > 0.0 and not token.pos.startswith("名詞-固有名詞-人名"):
            found.add(token.surface, (token.start, token.end, *reason), share * (own + letters))


def _word_weights(reading: Reading, column: int, learnt: Learnt) -> list[float]:
    """What each token adds by being that word, and by what it means."""
    space = learnt.space
    marks, columns = learnt.weights_of_goal[column], space.columns
    stopwords = space.lexicon.stopwords
    places = [
        place
        for place, token in enumerate(reading.tokens)
        if is_content_word(token.word, token.pos, stopwords)
    ]
    words = [reading.tokens[place].word for place in places]
    parts = space.lexicon.word_vectors.parts(words)
    meanings = MEANINGS_WEIGH * np.einsum("td,d->t", parts, learnt.meaning_weights[:, column])
    times = Counter(words)
    said = space.unit_weights({columns[own]: n for own, n in times.items() if own in columns})
    found = [0.0] * len(reading.tokens)
    for place, word, meaning in zip(places, words, meanings.tolist(), strict=True):
        found[place] += meaning
        if word in columns:
            weight = WORDS_WEIGH * said[columns[word]] * marks[columns[word]]
            found[place] += weight / times[word]
    return found


def _letter_weights(reading: Reading, column: int, learnt: Learnt) -> list[float]:
    """What each token adds by its letters; letters of two words count half for each."""
    space = learnt.space
    marks, columns = learnt.weights_of_goal[column], space.letter_columns
    found = [0.0] * len(reading.tokens)
    owner = [place for place, token in enumerate(reading.tokens) for _ in token.surface]
    found_grams = zip(GRAMS, letter_marks(reading.tokens, columns), strict=True)
    grams = [
        (mark, start, start + length - 1)
        for length, marks_of_length in found_grams
        for start, mark in enumerate(marks_of_length)
        if mark is not None
    ]
    times = Counter([mark for mark, _, _ in grams])
    said = space.unit_weights(times)
    gained = {mark: LETTERS_WEIGH * said[mark] * marks[mark] / n for mark, n in times.items()}
    for mark, start, end in grams:
        first, last = owner[start], owner[end]
        if first == last:
            found[first] += gained[mark]
        else:
            weight = gained[mark] / (last + 1 - first)
            for place in range(first, last + 1):
                found[place] += weight
    return found
