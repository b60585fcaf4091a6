"""Matching: where the terms of coding rules stand in an opinion's tokens.

A term is a sequence of normalized forms. Particles of a term do not count, and up
to :data:`WIDEST_GAP` light words may stand between two of its words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from pipeline.codebook import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


@dataclass(frozen=True)
class Match:
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


class Conditions(Protocol):
    """What matching has to know of the rules."""

    @property
    def patterns(self) -> Mapping[str, tuple[Pattern, ...]]:
        """First normalized form of a term → the terms that begin with it."""

    @property
    def concepts(self) -> Mapping[int, tuple[tuple[int, Role], ...]]:
        """Number of a concept → the rules that name it, and as what."""

    @property
    def goals(self) -> Sequence[str]:
        """Goal of every rule."""

    @property
    def asking(self) -> Mapping[Role, frozenset[int]]:
        """Rules that ask for a word of ``with``, and for one of ``near``."""


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
    words, light = forms(tokens)
    met: dict[Role, dict[int, list[Match]]] = {
        role: defaultdict(list) for role in ("terms", "with", "near", "not")
    }
    for start, word in enumerate(words):
        for pattern in rules.patterns.get(word, ()):
            last = sequence_end(pattern, words, light, start)
            if last >= 0:
                met[pattern.role][pattern.rule].append(Match(pattern.rule, start, last))
    for hit in hits:
        if hit.weight >= 1.0:
            for rule, role in rules.concepts.get(hit.concept, ()):
                met[role][rule].append(Match(rule, hit.tokens[0], hit.tokens[-1]))
    found = met["terms"]
    matches = [
        match
        for rule in sorted(found)
        if rule not in met["not"] and (rule in met["with"] or rule not in rules.asking["with"])
        for match in _longest(
            found[rule]
            if rule not in rules.asking["near"]
            else _near(found[rule], met["near"].get(rule, ()), tokens)
        )
    ]
    return _uncovered(matches, rules.goals)


def sentences(tokens: Sequence[Token]) -> list[int]:
    """Number of the sentence that every token stands in."""
    numbers, number = [], 0
    for token in tokens:
        numbers.append(number)
        number += bool(_SENTENCE_ENDS.intersection(token.surface))
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
    return [folded(token.word) for token in tokens], [_is_light(token) for token in tokens]


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
    matches: Sequence[Match], others: Sequence[Match], tokens: Sequence[Token]
) -> list[Match]:
    """Keep the matches that have another word within :data:`NEAR` in the same sentence."""
    sentence = sentences(tokens) if others else []
    return [
        match
        for match in matches
        if any(
            max(other.first - match.last, match.first - other.last) <= NEAR
            and sentence[other.first] == sentence[match.first]
            and not (other.first >= match.first and other.last <= match.last)
            for other in others
        )
    ]


def _longest(matches: Sequence[Match]) -> list[Match]:
    """Leave out matches of one rule that overlap a longer or earlier one."""
    kept: list[Match] = []
    taken: set[int] = set()
    for match in sorted(matches, key=lambda m: (m.first - m.last, m.first)):
        span = range(match.first, match.last + 1)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(match)
    return sorted(kept, key=lambda m: m.first)


def _uncovered(matches: Sequence[Match], goals: Sequence[str]) -> list[Match]:
    """Leave out matches that lie inside a longer one of another goal."""
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


def _is_light(token: Token) -> bool:
    return token.pos.startswith(_LIGHT_POS) or token.word in _LIGHT_WORDS


def _is_word(token: Token) -> bool:
    return not token.pos.startswith(("補助記号", "空白", "記号"))
