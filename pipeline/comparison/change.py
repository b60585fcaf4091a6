"""What became of every issue between two runs: counted, tested, and no more said than is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.comparison.counting import OPINIONS, PEOPLE, Counter, count_base
from pipeline.comparison.match import match_issues
from pipeline.statistics import adjust
from pipeline.tables import SCHEMAS, conform, empty
from pipeline.wording import GONE, GROWN, KEPT, NEW, ONLY_BEFORE, ONLY_NOW, PART, SHRUNK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.comparison.judging import Change, Side
    from pipeline.comparison.profile import Profile

KNOWN_SPEAKERS: Final = 0.5
"""Least share of opinions whose speaker is known for people to be counted."""


class Comparison(NamedTuple):
    """Two runs side by side.

    Attributes
    ----------
    unit
        What is counted: :data:`PEOPLE` or :data:`OPINIONS`.
    changes
        The largest change that can be claimed first.
    """

    old: Profile
    new: Profile
    unit: str
    changes: tuple[Change, ...]


def compare_runs(old: Profile, new: Profile, unit: str = "") -> Comparison:
    """Say of every issue of two runs what became of it.

    Parameters
    ----------
    unit
        :data:`PEOPLE` or :data:`OPINIONS`; people where most speakers are known by default.

    Notes
    -----
    Shares are compared with a test of two shares; its p-values are adjusted for the number
    of issues. A change is claimed where the adjusted value is below
    :data:`~pipeline.comparison.judging.LEVEL`, with and without the issues that were merged in
    (the larger p-value of both is adjusted), and where the change also shows when the same
    headings are counted in both runs, so that another way of putting opinions together is
    not taken for a change of mind. Of an issue with nothing alike on the other side, its
    headings are counted there; where the dictionary has none for it, the use of a word is
    shown, and nothing is claimed (its p-value stays among those that are adjusted for).
    """
    unit = unit or common_unit((old, new))
    matching = match_issues(old, new)
    counter = Counter(old, new, unit, matching)
    drafts = [*counter.pairs(), *counter.parts(), *counter.lonely()]
    tested = [row for row in drafts if not math.isnan(row.change.p_value)]
    adjusted = adjust([row.change.p_value for row in tested]).tolist()
    found = [row.judged(value) for row, value in zip(tested, adjusted, strict=True)]
    found += [row.change for row in drafts if math.isnan(row.change.p_value)]
    return Comparison(old, new, unit, tuple(sorted(found, key=_most_changed_first)))


def common_unit(profiles: Iterable[Profile]) -> str:
    """People, where in all runs most opinions have a known speaker; opinions otherwise."""
    known = all(
        own.n_people and own.n_unknown <= (1 - KNOWN_SPEAKERS) * own.n_opinions for own in profiles
    )
    return PEOPLE if known else OPINIONS


def tabulate_changes(comparison: Comparison | None) -> pd.DataFrame:
    """Table ``comparison``; without rows where nothing was compared."""
    if comparison is None or not comparison.changes:
        return empty("comparison")
    rows = []
    for own in comparison.changes:
        low, high = own.interval
        rows.append(
            {
                "issue_id": own.issue_id,
                "previous_issue_id": own.previous_issue_id,
                "title": own.title,
                "previous_title": own.previous_title,
                "change": own.kind,
                **_columns("", own.new, count_base(comparison.new, comparison.unit)),
                **_columns("previous_", own.old, count_base(comparison.old, comparison.unit)),
                "difference": own.difference,
                "difference_low": low,
                "difference_high": high,
                "p_value": own.p_value,
                "p_adjusted": own.p_adjusted,
                "likeness": own.likeness,
                "unit": comparison.unit,
                "note": own.note,
                "status": own.status,
            }
        )
    return conform("comparison", pd.DataFrame(rows, columns=SCHEMAS["comparison"].names))


def _columns(prefix: str, side: Side | None, base: int) -> dict[str, float]:
    low, high = side.interval if side else (math.nan, math.nan)
    return {
        f"{prefix}n_respondents": side.n if side else 0,
        f"{prefix}n_base": base,
        f"{prefix}share": side.share if side else math.nan,
        f"{prefix}share_low": low,
        f"{prefix}share_high": high,
    }


_ORDER: Final = {
    NEW: 0,
    GROWN: 0,
    SHRUNK: 0,
    GONE: 0,
    KEPT: 1,
    ONLY_NOW: 2,
    ONLY_BEFORE: 2,
    PART: 3,
}


def _most_changed_first(change: Change) -> tuple[int, float, int, str, str]:
    size = abs(change.difference)
    people = max(side.n for side in (change.old, change.new) if side)
    return (
        _ORDER[change.kind],
        0.0 if math.isnan(size) else -round(size, 9),
        -people,
        change.issue_id,
        change.previous_issue_id,
    )
