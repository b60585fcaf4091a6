"""What rules and their terms find in the texts at hand."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.matching import WordSequence, forms, match_rules, sequence_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.goals.space import Reading
    from pipeline.matching import Match
    from pipeline.rules import Rules
    from pipeline.tokens import Token


class Text(NamedTuple):
    """An opinion or an example.

    Attributes
    ----------
    tokens
        Its words.
    readings
        The pieces in which rules are applied to it: sentences of an opinion, an example
        in one.
    goal
        Goal that an example states; empty for an opinion.
    """

    tokens: tuple[Token, ...]
    readings: tuple[Reading, ...]
    goal: str = ""


@dataclass
class Together:
    """Two rules of different goals on the same words.

    Attributes
    ----------
    n_texts
        Texts in which they are.
    words
        The words, with the number of texts.
    goals
        Goals that those texts state, where they are examples.
    """

    n_texts: int = 0
    words: Counter[str] = field(default_factory=Counter)
    goals: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Measured:
    """Counts of texts.

    Attributes
    ----------
    n_texts
        All texts.
    fired
        Place of a rule → texts in which it is met.
    together
        Two places of rules, in order → where both are met on the same words.
    found
        A sequence of words, or the number of a concept → texts in which it stands.
    """

    n_texts: int
    fired: Mapping[int, int]
    together: Mapping[tuple[int, int], Together]
    found: Mapping[WordSequence | int, int]


def measure(texts: Sequence[Text], rules: Rules, sequences: Iterable[WordSequence]) -> Measured:
    """Count in how many texts rules are met, two of them on the same words, and words stand.

    Parameters
    ----------
    sequences
        What to look for.
    """
    starts: dict[str, list[WordSequence]] = defaultdict(list)
    for sequence in dict.fromkeys(sequences):
        starts[sequence.words[0]].append(sequence)
    fired: Counter[int] = Counter()
    together: dict[tuple[int, int], Together] = defaultdict(Together)
    found: Counter[WordSequence | int] = Counter()
    for text in texts:
        found.update(_standing(text, starts))
        met = [match_rules(own.tokens, rules, own.hits) for own in text.readings]
        fired.update({match.rule for own in met for match in own})
        shared: dict[tuple[int, int], set[str]] = defaultdict(set)
        for reading, matches in zip(text.readings, met, strict=True):
            for one, other in _overlapping(matches, rules.goals):
                shared[one.rule, other.rule].add(_common(reading.tokens, one, other))
        for pair, words in shared.items():
            own = together[pair]
            own.n_texts += 1
            own.words.update(words)
            own.goals.update([text.goal] if text.goal else [])
    return Measured(len(texts), fired, dict(together), found)


def _standing(text: Text, starts: Mapping[str, Sequence[WordSequence]]) -> set[WordSequence | int]:
    words, light = forms(text.tokens)
    standing: set[WordSequence | int] = {
        sequence
        for start, word in enumerate(words)
        for sequence in starts.get(word, ())
        if sequence_end(sequence, words, light, start) >= 0
    }
    # Hints do not count for rules (pipeline.matching.match_rules).
    hits = (hit for reading in text.readings for hit in reading.hits)
    return standing | {hit.concept for hit in hits if hit.weight >= 1.0}


def _overlapping(matches: Sequence[Match], goals: Sequence[str]) -> Iterator[tuple[Match, Match]]:
    """Pairs of matches on the same words for different goals; the earlier rule first."""
    for one, other in itertools.combinations(matches, 2):
        if goals[one.rule] != goals[other.rule] and (
            one.first <= other.last and other.first <= one.last
        ):
            yield (one, other) if one.rule < other.rule else (other, one)


def _common(tokens: Sequence[Token], one: Match, other: Match) -> str:
    first, last = max(one.first, other.first), min(one.last, other.last)
    return "".join(token.surface for token in tokens[first : last + 1])
