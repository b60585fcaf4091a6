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

from pipeline.features import content_words, word_weight
from pipeline.goals.model import SILENCE
from pipeline.goals.space import (
    CONCEPTS_WEIGH,
    LETTERS_WEIGH,
    MEANINGS_WEIGH,
    WORDS_WEIGH,
    concept_weights,
    letters,
)
from pipeline.votes import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pipeline.goals.model import GoalModel, Learnt
    from pipeline.goals.space import Reading
    from pipeline.tokens import Token

LEAST: Final = 0.01
"""Share of a score below which a word is no reason."""

MOST: Final = 12
"""Reasons that are kept for one link."""

BY_EXAMPLES: Final = "例文の言葉との近さ"
BY_DECISIONS: Final = "これまでの判断との近さ"
"""What reasons are called that were learnt."""


def explain_goal(reading: Reading, goal: str, model: GoalModel) -> tuple[Evidence, ...]:
    """Words that speak for a goal, the heaviest :data:`MOST` of them, in order of place."""
    found = list(_by_votes(reading, goal, model))
    column = model.goals.index(goal)
    for share, learnt in model.learnt:
        source, rule = ("example", BY_EXAMPLES)
        if learnt is model.decisions:
            source, rule = ("decision", BY_DECISIONS)
        found += _by_concepts(reading, column, learnt, share)
        found += _by_words(reading, column, learnt, share, (source, rule))
    # Sudachi makes two words of 「㍿」, one of which has no letters of its own.
    heavy = [part for part in _merged(found) if part["weight"] >= LEAST and part["word"]]
    heavy.sort(key=lambda part: (-round(part["weight"], 6), part["start"], part["source"]))
    return tuple(
        sorted(
            heavy[:MOST],
            key=lambda part: (part["start"], part["end"], part["source"], part["rule"]),
        )
    )


def _by_votes(reading: Reading, goal: str, model: GoalModel) -> Iterator[Evidence]:
    vote = reading.votes.get(goal)
    if vote is None:
        return
    everything = SILENCE + reading.aside + sum(own.score for own in reading.votes.values())
    factor = model.rules_share / everything
    for part in vote.evidence:
        yield Evidence(**{**part, "weight": part["weight"] * factor})


def _by_concepts(reading: Reading, column: int, learnt: Learnt, share: float) -> Iterator[Evidence]:
    space = learnt.space
    dictionary = space.lexicon.dictionary
    total = concept_weights(reading.hits, dictionary)
    for hit in reading.hits:
        weight = share * sum(
            CONCEPTS_WEIGH
            * math.log1p(total[concept])
            * (hit.weight / total[concept])
            * float(learnt.mark_weights[space.first_concept + concept, column])
            for concept in dictionary.lineages[hit.concept]
        )
        first, last = reading.tokens[hit.tokens[0]], reading.tokens[hit.tokens[-1]]
        name = dictionary.concepts[hit.concept].name
        yield _evidence(_between(reading, hit.tokens), first, last, weight, "concept", name)


def _by_words(
    reading: Reading, column: int, learnt: Learnt, share: float, reason: tuple[str, str]
) -> Iterator[Evidence]:
    weights = _word_weights(reading, column, learnt) + _letter_weights(reading, column, learnt)
    for token, weight in zip(reading.tokens, weights, strict=True):
        # A person's name is no reason.
        if word_weight(token.pos) > 0.0 and not token.pos.startswith("名詞-固有名詞-人名"):
            yield _evidence(token.surface, token, token, share * float(weight), *reason)


def _word_weights(reading: Reading, column: int, learnt: Learnt) -> NDArray[np.float64]:
    """What each token adds by being that word, and by what it means."""
    space = learnt.space
    found = np.zeros(len(reading.tokens))
    placed = [
        (place, own[0])
        for place, token in enumerate(reading.tokens)
        if (own := content_words([token], space.lexicon.stopwords))
    ]
    words = [word for _, word in placed]
    parts = space.lexicon.word_vectors.parts(words)
    meanings = MEANINGS_WEIGH * np.einsum("td,d->t", parts, learnt.meaning_weights[:, column])
    said = space.word_weights(reading)
    for (place, word), meaning in zip(placed, meanings, strict=True):
        found[place] += meaning
        if word in said:
            weight = WORDS_WEIGH * said[word] * learnt.mark_weights[space.columns[word], column]
            found[place] += weight / words.count(word)
    return found


def _letter_weights(reading: Reading, column: int, learnt: Learnt) -> NDArray[np.float64]:
    """What each token adds by its letters; letters of two words count half for each."""
    space = learnt.space
    found = np.zeros(len(reading.tokens))
    said = space.letter_weights(reading)
    grams = [own for own in letters(reading.tokens) if own[0] in said]
    times = Counter(own for own, _, _ in grams)
    for own, first, last in grams:
        row = space.letter_columns[own]
        weight = LETTERS_WEIGH * said[own] * learnt.mark_weights[row, column] / times[own]
        found[first : last + 1] += weight / (last + 1 - first)
    return found


def _between(reading: Reading, places: tuple[int, ...]) -> str:
    return "".join(token.surface for token in reading.tokens[places[0] : places[-1] + 1])


def _evidence(
    word: str, first: Token, last: Token, weight: float, source: str, rule: str
) -> Evidence:
    return Evidence(
        word=word, start=first.start, end=last.end, weight=weight, source=source, rule=rule
    )


def _merged(parts: list[Evidence]) -> list[Evidence]:
    """Each place and reason once."""
    found: dict[tuple[int, int, str, str], Evidence] = {}
    for part in parts:
        key = (part["start"], part["end"], part["source"], part["rule"])
        if key in found:
            found[key]["weight"] += part["weight"]
        else:
            found[key] = Evidence(**part)
    return list(found.values())
