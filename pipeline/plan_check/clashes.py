"""Rules of different goals that get into each other's way: as written, and as measured."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pipeline.matching import WordSequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.plan_check.measured import Measured
    from pipeline.plan_check.written import WrittenRules, WrittenTerm

    _Pairs = dict[tuple[str, str], tuple[WrittenTerm, WrittenTerm]]

OFTEN: Final = 3
"""Texts from which on two rules are said to meet often."""

_ASKED: Final[tuple[Literal["with", "near"], ...]] = ("with", "near")


class Clash(NamedTuple):
    """Terms that two rules of different goals share.

    Attributes
    ----------
    one, other
        Places of the rules, in the order of the file.
    terms
        The shared terms, as each of the two writes them.
    always
        Neither asks for a further word: where a term stands, both are mostly met.
    """

    one: int
    other: int
    terms: tuple[tuple[WrittenTerm, WrittenTerm], ...]
    always: bool


class Meeting(NamedTuple):
    """Two rules of different goals that are often met on the same words.

    Attributes
    ----------
    words
        The most frequent ones.
    goals
        Goals that the texts state, most first; empty for opinions.
    """

    one: int
    other: int
    n_texts: int
    words: tuple[str, ...]
    goals: tuple[tuple[str, int], ...]


def find_clashes(written: WrittenRules) -> tuple[Clash, ...]:
    """Terms that two rules of different goals share under conditions that overlap.

    Conditions overlap where the same words can meet both: where one of the rules asks
    for nothing further, or both for some word in common, and neither bars what the other
    needs. Those that always clash come first, then those whose weights differ least.
    """
    rules = written.rules
    found = []
    for (one, other), pairs in _shared(written).items():
        if _apart(written, one, other):
            continue
        terms = [pair for pair in pairs.values() if not _barred_pair(written, pair)]
        if terms:
            always = not any(rules[own].with_ or rules[own].near for own in (one, other))
            terms.sort(key=lambda pair: (pair[0].line or 0, pair[0].text, pair[1].text))
            found.append(Clash(one, other, tuple(terms), always))

    def order(clash: Clash) -> tuple[bool, float, int, int]:
        difference = abs(rules[clash.one].weight - rules[clash.other].weight)
        return not clash.always, round(difference, 6), clash.one, clash.other

    return tuple(sorted(found, key=order))


def rank_meetings(measured: Measured) -> tuple[Meeting, ...]:
    """Pairs of rules that meet in at least :data:`OFTEN` texts, most first."""
    found = [
        Meeting(
            one=one,
            other=other,
            n_texts=own.n_texts,
            words=tuple(word for word, _ in _ranked(own.words.items())),
            goals=tuple(_ranked(own.goals.items())),
        )
        for (one, other), own in measured.together.items()
        if own.n_texts >= OFTEN
    ]
    return tuple(sorted(found, key=lambda own: (-own.n_texts, own.one, own.other)))


def _shared(written: WrittenRules) -> dict[tuple[int, int], _Pairs]:
    """Two rules of different goals → the terms with which they find the same.

    Concepts may share several of those below them, but they were written once.
    """
    goals = [rule.goal for rule in written.rules]
    by_key: dict[WordSequence | int, list[WrittenTerm]] = defaultdict(list)
    for place in range(len(goals)):
        for term in written.of(place, "terms"):
            for key in term.keys:
                by_key[key].append(term)
    shared: dict[tuple[int, int], _Pairs] = defaultdict(dict)
    for terms in by_key.values():
        for one, other in itertools.combinations(terms, 2):
            if goals[one.rule] != goals[other.rule]:
                shared[one.rule, other.rule].setdefault((one.text, other.text), (one, other))
    return shared


def _ranked(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def _apart(written: WrittenRules, one: int, other: int) -> bool:
    """Whether what two rules ask for besides their terms cannot, or need not, come together."""
    for role in _ASKED:
        own, others = written.of(one, role), written.of(other, role)
        keys = {key for term in own for key in term.keys}
        if own and others and keys.isdisjoint(key for term in others for key in term.keys):
            return True
    return any(
        asked and all(_barred(term, written.of(barring, "not")) for term in asked)
        for asking, barring in ((one, other), (other, one))
        for asked in (written.of(asking, role) for role in _ASKED)
    )


def _barred_pair(written: WrittenRules, pair: Sequence[WrittenTerm]) -> bool:
    """Whether a shared term is itself what one of the two rules does not want."""
    return any(_barred(term, written.of(own.rule, "not")) for own in pair for term in pair)


def _barred(term: WrittenTerm, unwanted: Sequence[WrittenTerm]) -> bool:
    """Whether everything that a term finds holds one of the unwanted terms."""
    return all(any(_holds(key, bar) for own in unwanted for bar in own.keys) for key in term.keys)


def _holds(key: WordSequence | int, bar: WordSequence | int) -> bool:
    if not isinstance(key, WordSequence) or not isinstance(bar, WordSequence):
        return key == bar
    n_words = len(bar.words)
    places = range(len(key.words) - n_words + 1)
    return not bar.exact and any(key.words[own : own + n_words] == bar.words for own in places)
