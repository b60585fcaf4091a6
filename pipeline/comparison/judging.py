"""What two counts of one issue show: a side, a change, and what may be claimed of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pipeline.comparison.notes import not_by_word
from pipeline.statistics import newcombe, two_shares, wilson
from pipeline.wording import GONE, GROWN, KEPT, NEW, ONLY_BEFORE, ONLY_NOW, PART, SHRUNK

LEVEL: Final = 0.05
"""Adjusted p-value below which a change is claimed."""

NEXT_TO_NOTHING: Final = 0.1
"""Share on one side, as a part of that on the other, that still counts as nothing alike."""


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


class Sides(NamedTuple):
    """The same thing counted in both runs."""

    before: Side
    now: Side

    @property
    def p_value(self) -> float:
        """P-value of no difference; NaN where a run has nobody."""
        if not self.before.n_base or not self.now.n_base:
            return math.nan
        found = two_shares(self.before.n, self.before.n_base, self.now.n, self.now.n_base)
        return 1.0 if math.isnan(found) else float(found)

    def turns(self, other: Sides) -> bool:
        """Whether one grew where the other shrank."""
        return (self.now.share - self.before.share) * (other.now.share - other.before.share) < 0


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
        NaN where no test was made, and where only a word was counted: that people use a
        word more or less says nothing of the issue.
    likeness
        Of a pair of issues; NaN where there is none.
    status
        What people decided of the issue: of that of now, or of that of before where it is
        alone.
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
    status: str = ""

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
    alone
        There is no issue like it on the other side.
    by_word
        No heading tells of it, so the use of a word was counted.
    """

    change: Change
    alone: bool = False
    by_word: bool = False

    def judged(self, p_adjusted: float) -> Change:
        """Say what became of it.

        A word alone claims nothing: others may say the same thing in another word, or
        another thing in the same word. It only tells whether the issue looks like one run's.
        """
        own = self.change
        before, now = (side.share if side else 0.0 for side in (own.old, own.new))
        home, other = (now, before) if own.issue_id else (before, now)
        shown = p_adjusted < LEVEL
        nothing = self.alone and other <= NEXT_TO_NOTHING * home
        if self.by_word:
            lone = ONLY_NOW if own.issue_id else ONLY_BEFORE
            note = own.note + (not_by_word() if shown else "")
            return replace(own, kind=lone if nothing else KEPT, p_value=math.nan, note=note)
        kind = PART if own.kind == PART else KEPT
        if shown and nothing:
            kind = NEW if own.issue_id else GONE
        elif shown:
            kind = GROWN if now > before else SHRUNK
        elif kind != PART and nothing and other == 0:
            kind = ONLY_NOW if own.issue_id else ONLY_BEFORE
        return replace(own, kind=kind, p_adjusted=p_adjusted)
