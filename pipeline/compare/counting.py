"""Issues of two runs counted side by side: what is compared with what, and what that shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.compare.notes import (
    by_headings,
    by_word,
    joined,
    not_by_headings,
    not_by_word,
    not_comparable,
    part_of,
)
from pipeline.statistics import newcombe, two_shares, wilson
from pipeline.wording import (
    GONE,
    GROWN,
    KEPT,
    NEW,
    ONLY_BEFORE,
    ONLY_NOW,
    PART,
    SHRUNK,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pipeline.compare.match import Matching
    from pipeline.compare.profile import IssueProfile, Profile

LEVEL: Final = 0.05
"""Adjusted p-value below which a change is claimed."""

NEXT_TO_NOTHING: Final = 0.1
"""Share on one side, as a part of that on the other, that still counts as nothing alike."""

OWNED: Final = 0.5
"""Least share of a heading that stands in an issue for the heading to be told as its own."""

PEOPLE, OPINIONS = "人", "件"

Key = tuple[str, str]


@dataclass(frozen=True)
class Side:
    """How many of one run; ``n_base`` is the number of those who could have."""

    n: int
    n_base: int

    @property
    def share(self) -> float:
        """Share of the base, NaN where there is none."""
        return self.n / self.n_base if self.n_base else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the share."""
        return wilson(self.n, self.n_base) if self.n_base else (math.nan, math.nan)


@dataclass(frozen=True)
class Change:
    """One issue in two runs.

    Attributes
    ----------
    kind
        A key of :data:`pipeline.wording.CHANGES`.
    old, new
        What is compared; ``None`` on a side where nothing was counted.
    p_value, p_adjusted
        NaN where no test was made.
    likeness
        Of a pair of issues; NaN where there is none.
    """

    issue_id: str
    previous_issue_id: str
    title: str
    previous_title: str
    kind: str
    old: Side | None
    new: Side | None
    p_value: float
    p_adjusted: float
    likeness: float
    note: str

    @property
    def difference(self) -> float:
        """Share now less the share before."""
        return self.new.share - self.old.share if self.old and self.new else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Newcombe's 95% interval of the difference."""
        if not self.old or not self.new or not self.old.n_base or not self.new.n_base:
            return math.nan, math.nan
        return newcombe(self.old.n, self.old.n_base, self.new.n, self.new.n_base)


class Draft(NamedTuple):
    """A change before its p-value is adjusted.

    Attributes
    ----------
    confirmed
        What was counted in both runs, the same headings, says so, too.
    alone
        There is no issue like it on the other side.
    """

    change: Change
    confirmed: bool
    alone: bool

    def judged(self, p_adjusted: float) -> Change:
        """Say what became of it."""
        own = self.change
        before, now = (side.share if side else 0.0 for side in (own.old, own.new))
        shown = p_adjusted < LEVEL
        nothing = self.alone and min(before, now) <= NEXT_TO_NOTHING * max(before, now)
        kind, note = PART if own.kind == PART else KEPT, own.note
        if shown and nothing:
            kind = NEW if now > before else GONE
        elif shown and self.confirmed:
            kind = GROWN if now > before else SHRUNK
        elif shown:
            note += not_by_word() if self.alone else not_by_headings()
        elif kind != PART and self.alone and min(before, now) == 0:
            kind = ONLY_NOW if now > before else ONLY_BEFORE
        return replace(own, kind=kind, p_adjusted=p_adjusted, note=note)


class Counter:
    """Counts the issues of two runs, matched, in one unit."""

    def __init__(self, old: Profile, new: Profile, unit: str, matching: Matching) -> None:
        self.old, self.new, self.unit, self.matching = old, new, unit, matching
        self.olds = {issue.issue_id: issue for issue in old.issues}
        self.news = {issue.issue_id: issue for issue in new.issues}
        self.new_of = {pair.old: pair.new for pair in matching.pairs}
        self.old_of = {pair.new: pair.old for pair in matching.pairs}

    def pairs(self) -> Iterable[Draft]:
        """Pairs of issues, each with the parts that stand by themselves on one side only."""
        for pair in self.matching.pairs:
            more_old = [own for own, home in self.matching.old_inside.items() if home == pair.new]
            more_new = [own for own, home in self.matching.new_inside.items() if home == pair.old]
            olds, news = [pair.old, *more_old], [pair.new, *more_new]
            before = self._side(self.old, self.old.places(olds))
            now = self._side(self.new, self.new.places(news))
            keys = _own_keys(self.old, olds) | _own_keys(self.new, news)
            known = min(_covered(self.old, olds, keys), _covered(self.new, news, keys)) >= OWNED
            yield Draft(
                Change(
                    issue_id=pair.new,
                    previous_issue_id=pair.old,
                    title=self.news[pair.new].title,
                    previous_title=self.olds[pair.old].title,
                    kind=KEPT,
                    old=before,
                    new=now,
                    p_value=_test(before, now),
                    p_adjusted=math.nan,
                    likeness=pair.likeness,
                    note=joined(
                        [self.olds[own] for own in more_old], [self.news[own] for own in more_new]
                    ),
                ),
                confirmed=not known or self._headings_agree(before, now, keys),
                alone=False,
            )

    def parts(self) -> Iterable[Draft]:
        """Issues that are a part of another one on the other side.

        The pair tells of the sum. What they are about by themselves is counted by their
        headings, lest one that grew is lost in a large issue that once held it.
        """
        for own, home in sorted(self.matching.new_inside.items()):
            issue = self.news[own]
            mine, theirs, note = self._by_headings(issue, self.new, self.old)
            note = part_of(self.olds[home], self.news[self.new_of[home]], now=True) + note
            change = _lone(issue, None, theirs, mine, PART, note)
            yield Draft(change, confirmed=True, alone=True)
        for own, home in sorted(self.matching.old_inside.items()):
            issue = self.olds[own]
            mine, theirs, note = self._by_headings(issue, self.old, self.new)
            note = part_of(self.news[home], self.news[home], now=False) + note
            change = _lone(None, issue, mine, theirs, PART, note)
            yield Draft(change, confirmed=True, alone=True)

    def lonely(self) -> Iterable[Draft]:
        """Issues with nothing alike on the other side, as far as issues go."""
        for own, issue in self.news.items():
            if own not in self.old_of and own not in self.matching.new_inside:
                mine, theirs, note, told = self._elsewhere(issue, self.new, self.old)
                change = _lone(issue, None, theirs, mine, ONLY_NOW, note)
                yield Draft(change, confirmed=told, alone=True)
        for own, issue in self.olds.items():
            if own not in self.new_of and own not in self.matching.old_inside:
                mine, theirs, note, told = self._elsewhere(issue, self.old, self.new)
                change = _lone(None, issue, mine, theirs, ONLY_BEFORE, note)
                yield Draft(change, confirmed=told, alone=True)

    def _elsewhere(
        self, issue: IssueProfile, home: Profile, other: Profile
    ) -> tuple[Side, Side | None, str, bool]:
        """Count what an issue is about in both runs: by its headings (told), or by a word."""
        mine, theirs, note = self._by_headings(issue, home, other)
        if theirs:
            return mine, theirs, note, True
        users = {word: home.vocabulary.get(word, 0) for word in issue.words}
        known = [word for word, number in users.items() if number >= mine.n / 2]
        if not known:
            return mine, None, not_comparable(), False
        word = min(known, key=lambda own: users[own])  # the one that others use least
        sides = [
            Side(min(own.vocabulary.get(word, 0), base), base)
            for own, base in ((own, count_base(own, self.unit)) for own in (home, other))
        ]
        return sides[0], sides[1], by_word(word), False

    def _by_headings(
        self, issue: IssueProfile, home: Profile, other: Profile
    ) -> tuple[Side, Side | None, str]:
        """Count the headings of an issue in both runs; nothing on the other side without any."""
        keys = _own_keys(home, [issue.issue_id])
        if _covered(home, [issue.issue_id], keys) < OWNED:
            return self._side(home, home.places([issue.issue_id])), None, ""
        mine = self._side(home, home.places(keys=keys))
        return mine, self._side(other, other.places(keys=keys)), by_headings(keys)

    def _side(self, profile: Profile, places: Collection[int]) -> Side:
        count = profile.count_people if self.unit == PEOPLE else profile.count_opinions
        return Side(count(places), count_base(profile, self.unit))

    def _headings_agree(self, before: Side, now: Side, keys: Collection[Key]) -> bool:
        """Whether the same headings, counted in both runs, changed in the same direction."""
        old = self._side(self.old, self.old.places(keys=keys))
        new = self._side(self.new, self.new.places(keys=keys))
        same_way = (new.share - old.share) * (now.share - before.share) > 0
        return same_way and _test(old, new) < LEVEL


def _test(before: Side, now: Side) -> float:
    if not before.n_base or not now.n_base:
        return math.nan
    return float(two_shares(before.n, before.n_base, now.n, now.n_base))


def _lone(
    new: IssueProfile | None,
    old: IssueProfile | None,
    before: Side | None,
    now: Side | None,
    kind: str,
    note: str,
) -> Change:
    return Change(
        issue_id=new.issue_id if new else "",
        previous_issue_id=old.issue_id if old else "",
        title=new.title if new else "",
        previous_title=old.title if old else "",
        kind=kind,
        old=before,
        new=now,
        p_value=_test(before, now) if before and now else math.nan,
        p_adjusted=math.nan,
        likeness=math.nan,
        note=note,
    )


def _own_keys(profile: Profile, issues: Collection[str]) -> frozenset[Key]:
    """Headings and facets of which at least half stands in these issues."""
    inside: dict[Key, int] = {}
    whole: dict[Key, int] = {}
    for piece in profile.pieces:
        if piece.heading:
            whole[piece.key] = whole.get(piece.key, 0) + piece.n_opinions
            if piece.issue_id in issues:
                inside[piece.key] = inside.get(piece.key, 0) + piece.n_opinions
    return frozenset(key for key, number in inside.items() if number >= OWNED * whole[key])


def _covered(profile: Profile, issues: Collection[str], keys: Collection[Key]) -> float:
    """Share of the opinions of these issues that stand under these headings."""
    own = [piece for piece in profile.pieces if piece.issue_id in issues]
    whole = sum(piece.n_opinions for piece in own)
    return sum(piece.n_opinions for piece in own if piece.key in keys) / whole if whole else 0.0


def count_base(profile: Profile, unit: str) -> int:
    """Count those who could have: people with an opinion, or opinions."""
    return profile.n_people if unit == PEOPLE else profile.n_opinions
