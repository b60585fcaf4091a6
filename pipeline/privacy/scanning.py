"""Search a text of any length for patterns, each stretch that is found being cut out of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

_WINDOW: Final = 4_096
_LONGEST: Final = 800
"""Characters of the longest match that is sure to be found; longer ones are web addresses."""
_BEFORE: Final = 100
_AFTER: Final = 100


class Rule(NamedTuple):
    """A pattern and what it finds.

    Attributes
    ----------
    label
        What a match is; empty: it is left as it is, and nothing is searched in it.
    pattern
        Its first group is the stretch, without a group the whole match is.
    holds
        Whether a stretch of this form is what it seems to be.
    digits
        How many digits a match holds at least.
    sign
        What a match holds besides; ``None``: nothing that is quickly told.
    """

    label: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool
    digits: int = 0
    sign: re.Pattern[str] | None = None

    def may_find(self, text: str, n_digits: int) -> bool:
        """Whether a text of so many digits can hold a match: far cheaper than to search one."""
        return n_digits >= self.digits and (self.sign is None or bool(self.sign.search(text)))


class Beginnings(NamedTuple):
    """First two characters of some words: a text without any of them holds none of the words.

    To look for them costs a tenth of the search for a hundred words.
    """

    pairs: frozenset[tuple[str, str]]
    singles: frozenset[str]

    def stand_in(self, text: str) -> bool:
        """Whether one of the words may stand in a text."""
        return not (self.pairs.isdisjoint(pairwise(text)) and self.singles.isdisjoint(text))


def beginnings(words: Iterable[str]) -> Beginnings:
    """Beginnings of words; of one character are those that are no longer."""
    every = frozenset(words)
    return Beginnings(
        frozenset((own[0], own[1]) for own in every if len(own) > 1),
        frozenset(own for own in every if len(own) == 1),
    )


def cut_out(
    text: str, pieces: list[tuple[int, int]], rule: Rule
) -> tuple[list[tuple[int, int, str]], list[tuple[int, int]]]:
    """What a rule finds in pieces of a text, and the pieces without it.

    What was found must not decide about what comes next to it, or a second masking would
    find more than the first: a match is cut out before the search goes on.
    """
    found: list[tuple[int, int, str]] = []
    left: list[tuple[int, int]] = []
    for start, end in pieces:
        position = start
        for first, last in _stretches(text, start, end, rule):
            left.append((position, first))
            if rule.label:
                found.append((first, last, rule.label))
            position = last
        left.append((position, end))
    return found, [one for one in left if one[0] < one[1]]


def _stretches(text: str, start: int, end: int, rule: Rule) -> Iterator[tuple[int, int]]:
    cut = position = start
    while match := _search(rule.pattern, text, cut, position, end):
        offset, own = match
        first, last = own.span(1 if own.re.groups else 0)
        if first < last and rule.holds(own.string[first:last]):
            yield offset + first, offset + last
            cut = position = offset + last
        else:
            position = max(offset + own.start() + 1, position)


def _search(
    pattern: re.Pattern[str], text: str, cut: int, position: int, end: int
) -> tuple[int, re.Match[str]] | None:
    """First match from a position on; nothing before the cut is seen."""
    size = _WINDOW
    while position < end:
        low, high = max(cut, position - _BEFORE), min(end, position + size)
        match = pattern.search(text[low:high], position - low)
        if high == end:
            return (low, match) if match else None
        if match and low + match.end() <= high - _AFTER:
            return low, match
        if match:
            size *= 4  # it may go on behind the window
        else:
            position, size = high - _LONGEST, _WINDOW
    return None
