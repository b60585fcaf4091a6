"""Issues of two runs counted side by side: what is compared with what, and what that shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pipeline.comparison.judging import LEVEL, Change, Draft, Side, Sides
from pipeline.comparison.notes import (
    by_headings,
    by_word,
    joined,
    not_by_headings,
    not_comparable,
    not_either_way,
    part_of,
)
from pipeline.comparison.profile import Uses
from pipeline.wording import KEPT, ONLY_BEFORE, ONLY_NOW, PART

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.comparison.match import Matching, Pair
    from pipeline.comparison.profile import IssueProfile, Profile

OWNED: Final = 0.5
"""Least share of a heading that stands in an issue for the heading to be told as its own."""

PEOPLE, OPINIONS = "人", "件"

NOBODY: Final = Uses(0, 0)

Key = tuple[str, str]


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
            sums = self._sides(
                self.old.places([pair.old, *more_old]), self.new.places([pair.new, *more_new])
            )
            shown, p_value, note = sums, sums.p_value, ""
            if more_old or more_new:
                shown, p_value, note = self._either_way(pair, sums, more_old, more_new)
            if (doubt := self._by_same_headings(pair, sums, more_old, more_new)) is not None:
                note += not_by_headings() if p_value < LEVEL else ""
                p_value = max(p_value, doubt)
            yield Draft(
                Change(
                    issue_id=pair.new,
                    previous_issue_id=pair.old,
                    title=self.news[pair.new].title,
                    previous_title=self.olds[pair.old].title,
                    kind=KEPT,
                    old=shown.before,
                    new=shown.now,
                    p_value=p_value,
                    p_adjusted=math.nan,
                    likeness=pair.likeness,
                    note=note,
                    status=self.news[pair.new].status,
                )
            )

    def _either_way(
        self, pair: Pair, sums: Sides, more_old: Sequence[str], more_new: Sequence[str]
    ) -> tuple[Sides, float, str]:
        """Take the weaker of the comparisons with and without what was merged in.

        Without it, what the other side holds of it, by its headings, is left out there, too.
        Of two hypotheses that must both be refused, the larger p-value tells.
        """
        without = self._sides(
            _less(self.old, pair.old, _own_keys(self.new, more_new)),
            _less(self.new, pair.new, _own_keys(self.old, more_old)),
        )
        weaker = without if without.p_value > sums.p_value else sums
        note = joined(
            [self.olds[own] for own in more_old],
            [self.news[own] for own in more_new],
            _told(sums if weaker is without else without, self.unit),
            merged=weaker is sums,
        )
        if sums.turns(without):
            return weaker, 1.0, note + not_either_way()
        return weaker, weaker.p_value, note

    def _by_same_headings(
        self, pair: Pair, sums: Sides, more_old: Sequence[str], more_new: Sequence[str]
    ) -> float | None:
        """P-value of the same headings in both runs, where they do not confirm the change."""
        olds, news = [pair.old, *more_old], [pair.new, *more_new]
        keys = _own_keys(self.old, olds) | _own_keys(self.new, news)
        if min(_covered(self.old, olds, keys), _covered(self.new, news, keys)) < OWNED:
            return None
        same = self._sides(self.old.places(keys=keys), self.new.places(keys=keys))
        if same.turns(sums):
            return 1.0
        return None if same.p_value < LEVEL else same.p_value

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
            yield Draft(change, alone=True)
        for own, home in sorted(self.matching.old_inside.items()):
            issue = self.olds[own]
            mine, theirs, note = self._by_headings(issue, self.old, self.new)
            note = part_of(self.news[home], self.news[home], now=False) + note
            change = _lone(None, issue, mine, theirs, PART, note)
            yield Draft(change, alone=True)

    def lonely(self) -> Iterable[Draft]:
        """Issues with nothing alike on the other side, as far as issues go."""
        for own, issue in self.news.items():
            if own not in self.old_of and own not in self.matching.new_inside:
                mine, theirs, note, told = self._elsewhere(issue, self.new, self.old)
                change = _lone(issue, None, theirs, mine, ONLY_NOW, note)
                yield Draft(change, alone=True, by_word=not told)
        for own, issue in self.olds.items():
            if own not in self.new_of and own not in self.matching.old_inside:
                mine, theirs, note, told = self._elsewhere(issue, self.old, self.new)
                change = _lone(None, issue, mine, theirs, ONLY_BEFORE, note)
                yield Draft(change, alone=True, by_word=not told)

    def _elsewhere(
        self, issue: IssueProfile, home: Profile, other: Profile
    ) -> tuple[Side, Side | None, str, bool]:
        """Count what an issue is about in both runs: by its headings (told), or by a word."""
        mine, theirs, note = self._by_headings(issue, home, other)
        if theirs:
            return mine, theirs, note, True
        users = {word: self._uses(home, word) for word in issue.words}
        known = [word for word, number in users.items() if number >= max(mine.n / 2, 1)]
        if not known:
            return mine, None, not_comparable(), False
        word = min(known, key=lambda own: users[own])  # the one that others use least
        here, there = (
            Side(self._uses(own, word), count_base(own, self.unit)) for own in (home, other)
        )
        return here, there, by_word(word), False

    def _uses(self, profile: Profile, word: str) -> int:
        used = profile.vocabulary.get(word, NOBODY)
        return used.n_people if self.unit == PEOPLE else used.n_opinions

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

    def _sides(self, before: Collection[int], now: Collection[int]) -> Sides:
        return Sides(self._side(self.old, before), self._side(self.new, now))


def _less(profile: Profile, issue_id: str, keys: Collection[Key]) -> frozenset[int]:
    """Places of an issue without those of some headings."""
    return profile.places([issue_id]) - profile.places(keys=keys)


def _told(sides: Sides, unit: str) -> str:
    return f"{sides.before.n:,}{unit}→{sides.now.n:,}{unit}"


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
        p_value=Sides(before, now).p_value if before and now else math.nan,
        p_adjusted=math.nan,
        likeness=math.nan,
        note=note,
        status=new.status if new else old.status if old else "",
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
