"""Matching: where the terms of coding rules stand in an opinion's tokens.

A term is a sequence of normalized forms. Particles of a term do not count, and up
to :data:`WIDEST_GAP` light words may stand between two of its words.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from pipeline.codebook import all_folded, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pipeline.tokens import Token

    Tokenize = Callable[[str], Sequence[Token]]

WIDEST_GAP: Final = 3
"""Light words that may stand between two words of a term: 人 たち は とても 優しい has three."""

_LIGHT_POS: Final = ("助詞", "副詞")
_LIGHT_WORDS: Final = frozenset(
    ["ます", "居る", "だ", "です", "皆", "凄い", "達", "さん", "方", "御", "為る", "等", "・", "-"]
)

NEAR: Final = 12
"""Tokens, particles counted, within which a rule's ``near`` has to stand."""

Role = Literal["terms", "with", "near", "not"]

_SENTENCE_ENDS: Final = frozenset("。！？!?")


@dataclass(frozen=True)
class WordSequence:
    """Words that have to follow each other, light words between them unless `exact`."""

    words: tuple[str, ...]
    exact: bool


@dataclass(frozen=True)
class Pattern(WordSequence):
    """A term of a rule after tokenization."""

    rule: int
    role: Role


class Match(NamedTuple):
    """Tokens ``first`` to ``last`` (inclusive) speak for a rule."""

    rule: int
    first: int
    last: int


class ConceptHit(Protocol):
    """What matching has to know of a hit of the concept dictionary."""

    @property
    def concept(self) -> int:
        """Number of the concept in the dictionary."""

    @property
    def tokens(self) -> tuple[int, ...]:
        """Places of the words that meet it, in order."""

    @property
    def weight(self) -> float:
        """How much it says; less than 1 is a hint."""


class Start(NamedTuple):
    """Sequences that begin with one word, so that only such words of an opinion cost time.

    Attributes
    ----------
    alone
        Numbers of the sequences that are this word.
    longer
        Second word → numbers of the sequences that go on with it.
    """

    alone: tuple[int, ...]
    longer: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class SequenceIndex:
    """Sequences by the words that they begin with; a number is a place in `sequences`."""

    sequences: tuple[WordSequence, ...]
    starts: Mapping[str, Start]

    def find(
        self, words: Sequence[str], tokens: Sequence[Token]
    ) -> dict[int, list[tuple[int, int]]]:
        """Number of a sequence → its places, first and last token, in order.

        The same as :func:`sequence_end` at every token for every sequence.

        Parameters
        ----------
        words, tokens
            Of one opinion; `words` as :func:`~pipeline.codebook.all_folded` gives them.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        starts, n_words = self.starts, len(words)
        light: list[bool] = []
        for start, word in enumerate(words):
            entry = starts.get(word)
            if entry is None:
                continue
            for number in entry.alone:
                found.setdefault(number, []).append((start, start))
            longer = entry.longer
            if not longer:
                continue
            light = light or _are_light(tokens)
            for place in range(start + 1, n_words):
                if words[place] in longer and words[place] not in words[start + 1 : place]:
                    for number in longer[words[place]]:
                        last = self._end(number, words, light, start, place)
                        if last >= 0:
                            found.setdefault(number, []).append((start, last))
                if not light[place] or place - start > WIDEST_GAP:
                    break
        return found

    def _end(
        self, number: int, words: Sequence[str], light: Sequence[bool], start: int, second: int
    ) -> int:
        """Last token of a match whose second word is known already, or -1."""
        sequence = self.sequences[number]
        if sequence.exact and second > start + 1:
            return -1
        return second if len(sequence.words) == 2 else sequence_end(sequence, words, light, start)


def index_sequences(sequences: Sequence[WordSequence]) -> SequenceIndex:
    """Put sequences in order by their first and second words."""
    alone: dict[str, list[int]] = {}
    longer: dict[str, dict[str, list[int]]] = {}
    for number, sequence in enumerate(sequences):
        first, *rest = sequence.words
        alone.setdefault(first, [])
        if rest:
            longer.setdefault(first, {}).setdefault(rest[0], []).append(number)
        else:
            alone[first].append(number)
    return SequenceIndex(
        tuple(sequences),
        {
            word: Start(
                tuple(numbers),
                {second: tuple(own) for second, own in longer.get(word, {}).items()},
            )
            for word, numbers in alone.items()
        },
    )


class Conditions(Protocol):
    """What matching has to know of the rules."""

    @property
    def goals(self) -> Sequence[str]:
        """Goal of every rule."""

    @property
    def index(self) -> RuleIndex:
        """What the rules ask for, by what has to stand in an opinion."""


class RuleIndex(NamedTuple):
    """What rules ask for, by what has to stand in an opinion.

    What may stand there has a number: a sequence its place in `sequences`, a concept of
    the dictionary ``-1 - concept``.

    Attributes
    ----------
    terms
        Number → rules of which it is a term.
    with_, near, not_
        Rule → numbers that it asks for; rules that ask for nothing have no entry.
    """

    sequences: SequenceIndex
    terms: Mapping[int, tuple[int, ...]]
    with_: Mapping[int, frozenset[int]]
    near: Mapping[int, frozenset[int]]
    not_: Mapping[int, frozenset[int]]


def index_rules(
    patterns: Mapping[str, Sequence[Pattern]],
    concepts: Mapping[int, Sequence[tuple[int, Role]]],
    asking: Mapping[Role, Collection[int]],
) -> RuleIndex:
    """Put rules in order by what has to stand in an opinion.

    Parameters
    ----------
    patterns
        First normalized form of a term → the terms that begin with it.
    concepts
        Number of a concept → the rules that name it, and as what.
    asking
        Rules that ask for a word of ``with``, and for one of ``near``.
    """
    numbers: dict[WordSequence, int] = {}
    asked: dict[Role, dict[int, set[int]]] = {
        "terms": {}, "with": {rule: set() for rule in asking["with"]},
        "near": {rule: set() for rule in asking["near"]}, "not": {},
    }  # fmt: skip
    for found in patterns.values():
        for pattern in found:
            sequence = WordSequence(pattern.words, pattern.exact)
            number = numbers.setdefault(sequence, len(numbers))
            asked[pattern.role].setdefault(pattern.rule, set()).add(number)
    for concept, named in concepts.items():
        for rule, role in named:
            asked[role].setdefault(rule, set()).add(-1 - concept)
    terms: dict[int, list[int]] = {}
    for rule in sorted(asked["terms"]):
        for number in sorted(asked["terms"][rule]):
            terms.setdefault(number, []).append(rule)
    by_rule = {
        role: {rule: frozenset(own) for rule, own in asked[role].items()}
        for role in ("with", "near", "not")
    }
    return RuleIndex(
        sequences=index_sequences(list(numbers)),
        terms={number: tuple(rules) for number, rules in terms.items()},
        with_=by_rule["with"],
        near=by_rule["near"],
        not_=by_rule["not"],
    )


def match_rules(
    tokens: Sequence[Token], rules: Conditions, hits: Sequence[ConceptHit] = ()
) -> list[Match]:
    """Rules that one opinion meets, with the tokens that meet them.

    Parameters
    ----------
    hits
        What the concept dictionary found in the opinion; its hints do not count.

    Notes
    -----
    A match inside a longer match of another goal is dropped: 防災無線 is no 防災.
    Sorted by rule, then by place.
    """
    index = rules.index
    standing = index.sequences.find(all_folded(tokens), tokens)
    for hit in hits:
        if hit.weight >= 1.0:
            standing.setdefault(-1 - hit.concept, []).append((hit.tokens[0], hit.tokens[-1]))
    found: dict[int, list[tuple[int, int]]] = {}
    for number, spans in standing.items():
        for rule in index.terms.get(number, ()):
            found.setdefault(rule, []).extend(spans)
    matches: list[Match] = []
    for rule in sorted(found):
        if rule in index.not_ and not index.not_[rule].isdisjoint(standing):
            continue
        if rule in index.with_ and index.with_[rule].isdisjoint(standing):
            continue
        spans = found[rule]
        if rule in index.near:
            others = [own for number in index.near[rule] for own in standing.get(number, ())]
            spans = _near(spans, others, tokens)
        matches += [Match(rule, first, last) for first, last in _longest(spans)]
    return _uncovered(matches, rules.goals)


def sentences(tokens: Sequence[Token]) -> list[int]:
    """Number of the sentence that every token stands in."""
    numbers, number = [], 0
    for token in tokens:
        numbers.append(number)
        number += not _SENTENCE_ENDS.isdisjoint(token.surface)
    return numbers


def term_words(term: str, tokenize: Tokenize) -> tuple[tuple[str, ...], bool]:
    """Split a term into the forms that it asks for; whether nothing may stand between."""
    exact = term.startswith("=")
    tokens = [token for token in tokenize(term.removeprefix("=")) if _is_word(token)]
    if not exact:
        # An adverb that a planner writes is meant; a particle is grammar.
        tokens = [token for token in tokens if not token.pos.startswith("助詞")]
    return tuple(folded(token.word) for token in tokens), exact


def forms(tokens: Sequence[Token]) -> tuple[list[str], list[bool]]:
    """Normalized forms of an opinion with all negations as one, and which are light."""
    return all_folded(tokens), _are_light(tokens)


def sequence_end(
    pattern: WordSequence, words: Sequence[str], light: Sequence[bool], start: int
) -> int:
    """Last token of a match that begins at `start`, or -1."""
    place = start
    for wanted in pattern.words[1:]:
        place += 1
        gap = 0
        while place < len(words) and words[place] != wanted:
            if pattern.exact or not light[place] or gap == WIDEST_GAP:
                return -1
            gap += 1
            place += 1
        if place == len(words):
            return -1
    return place


def _near(
    spans: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]], tokens: Sequence[Token]
) -> list[tuple[int, int]]:
    """Keep the places that have another word within :data:`NEAR` in the same sentence."""
    sentence = sentences(tokens) if others else []
    return [
        (first, last)
        for first, last in spans
        if any(
            max(start - last, first - end) <= NEAR
            and sentence[start] == sentence[first]
            and not (start >= first and end <= last)
            for start, end in others
        )
    ]


def _longest(spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Leave out places of one rule that overlap a longer or earlier one."""
    if len(spans) < 2:
        return spans
    kept: list[tuple[int, int]] = []
    taken: set[int] = set()
    for first, last in sorted(spans, key=lambda own: (own[0] - own[1], own[0])):
        span = range(first, last + 1)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append((first, last))
    return sorted(kept)


def _uncovered(matches: Sequence[Match], goals: Sequence[str]) -> list[Match]:
    """Leave out matches that lie inside a longer one of another goal."""
    if len({goals[match.rule] for match in matches}) < 2:
        return list(matches)
    covering: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        for place in range(match.first, match.last + 1):
            covering[place].append(match)
    return [
        match
        for match in matches
        if not any(
            other.first <= match.first
            and match.last <= other.last
            and other.last - other.first > match.last - match.first
            and goals[other.rule] != goals[match.rule]
            for other in covering[match.first]
        )
    ]


def is_light(token: Token) -> bool:
    """Whether a word may stand between two words of a term."""
    return token.word in _LIGHT_WORDS or _has_light_pos(token.pos)


def _are_light(tokens: Sequence[Token]) -> list[bool]:
    return [token.word in _LIGHT_WORDS or _has_light_pos(token.pos) for token in tokens]


@functools.cache
def _has_light_pos(pos: str) -> bool:
    return pos.startswith(_LIGHT_POS)


def _is_word(token: Token) -> bool:
    return not token.pos.startswith(("補助記号", "空白", "記号"))
