"""What changed since the run before: rows, counts and charts of the table ``comparison``."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pipeline.wording import (
    CHANGES,
    GONE,
    GROWN,
    KEPT,
    NEW,
    NONE_SHOWN,
    ONLY_BEFORE,
    ONLY_NOW,
    PART,
    REJECTED,
    SAME_VOICES,
    SHRUNK,
    clean,
    count,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

SHOWN: Final = 5
"""Issues of one kind of change that are named first; small ones of one wave, all together."""

KEPT_SHOWN: Final = 10
"""Issues without a change that stand open; the others are folded."""

SYMBOLS: Final = {
    NEW: "＋", GROWN: "▲", SHRUNK: "▼", GONE: "×", KEPT: "＝", ONLY_NOW: "・", ONLY_BEFORE: "・",
    PART: "⊂",
}  # fmt: skip
"""Marks beside the words: nothing is told by colour."""

CLAIMED: Final = (NEW, GROWN, SHRUNK, GONE)
"""Kinds of change that a test supports."""

ONLY: Final = (ONLY_NOW, ONLY_BEFORE)
"""Kinds of issues that one run alone seems to have: named, and nothing claimed of them."""

SMALL_TITLE: Final = "片方の回だけに見え、新しい・なくなったとまではいえない課題"
"""What they are called together."""

BY_WORD: Final = "語の数だけ"
"""Stands for the p-value where the use of a word was counted and no issue."""

_MINUS: Final = "−"


@dataclass(frozen=True)
class Point:
    """One run's share of an issue, as figures and in words."""

    n: int
    n_base: int
    share: float
    low: float
    high: float
    unit: str

    @property
    def is_known(self) -> bool:
        """Whether anything was counted."""
        return not math.isnan(self.share)

    @property
    def words(self) -> str:
        """Share and count: ``12.3%（45人）``."""
        if not self.is_known:
            return NONE_SHOWN
        return f"{self.share_words}（{count(self.n)}{self.unit}）"

    @property
    def share_words(self) -> str:
        """Share alone: ``12.3%``."""
        return f"{100 * self.share:.1f}%" if self.is_known else NONE_SHOWN

    @property
    def interval(self) -> str:
        """95% interval in words."""
        if not self.is_known or math.isnan(self.low):
            return NONE_SHOWN
        return f"{100 * self.low:.1f}〜{100 * self.high:.1f}%"


@dataclass(frozen=True)
class ChangeRow:
    """One issue now and before.

    Attributes
    ----------
    link
        Issue of this report to go to; empty where it has none.
    difference, interval, p_value
        In words; a dash where nothing was compared. Where only a word was counted, no
        interval, and :data:`BY_WORD` for the p-value: both would read like a claim.
    chart
        Both shares with their intervals, drawn.
    is_rejected
        People said of the issue 却下: it stands in the tables and is named nowhere before.
    """

    issue_id: str
    previous_issue_id: str
    title: str
    previous_title: str
    link: str
    change: str
    symbol: str
    before: Point
    now: Point
    difference: str
    interval: str
    p_value: str
    note: str
    chart: Markup
    is_rejected: bool = False

    @property
    def was_renamed(self) -> bool:
        """Whether the run before had it under another title."""
        return bool(self.title and self.previous_title) and self.title != self.previous_title

    @property
    def people(self) -> str:
        """How many before and now: ``0人→10人``; a dash where nothing was counted."""
        return "→".join(
            f"{count(own.n)}{own.unit}" if own.is_known else NONE_SHOWN
            for own in (self.before, self.now)
        )

    @property
    def is_by_word(self) -> bool:
        """Whether only the use of a word was counted."""
        return self.p_value == BY_WORD

    @property
    def shown_title(self) -> str:
        """Title of now, or that of before where it is gone."""
        return self.title or self.previous_title


@dataclass(frozen=True)
class ChangeCount:
    """How many issues became what."""

    change: str
    symbol: str
    n_issues: int
    meaning: str


@dataclass(frozen=True)
class Comparison:
    """A run beside the one before.

    Attributes
    ----------
    grown, new, shrunk, gone
        Up to :data:`SHOWN` each, the largest change first: what a first screen names.
    claimed, kept, others
        All rows: changes that a test supports, issues without such, and what could not be
        compared by itself; rejected issues last.
    named, n_rejected
        Of the claimed, those that no person rejected; and how many were.
    small, n_small
        Issues that one run alone seems to have, up to :data:`SHOWN`: those of now first, then
        the largest; and how many there are. Without rejected ones.
    is_same
        Both runs were made of the same answers.
    n_kept_open
        Rows of ``kept`` that stand open.
    scale_claimed, scale
        Share at the right end of the charts of claimed changes and of all others, in words.
    """

    title: str
    run_id: str
    unit: str
    n_base: int
    n_base_before: int
    counts: tuple[ChangeCount, ...]
    grown: tuple[ChangeRow, ...]
    new: tuple[ChangeRow, ...]
    shrunk: tuple[ChangeRow, ...]
    gone: tuple[ChangeRow, ...]
    claimed: tuple[ChangeRow, ...]
    named: tuple[ChangeRow, ...]
    n_rejected: int
    kept: tuple[ChangeRow, ...]
    others: tuple[ChangeRow, ...]
    scale_claimed: str
    scale: str
    remarks: tuple[str, ...]
    small: tuple[ChangeRow, ...]
    n_small: int
    is_same: bool
    n_kept_open: int = KEPT_SHOWN


def build_comparison(
    tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Comparison | None:
    """Read what changed since the run before; ``None`` where none was named.

    Parameters
    ----------
    tables
        ``comparison, issues``.
    manifest
        Its key ``previous``.
    """
    before = manifest.get("previous")
    if not before:
        return None
    return compare_view(
        tables["comparison"],
        title=str(before.get("title", "")),
        run_id=str(before.get("run_id", "")),
        remarks=[str(own) for own in before.get("remarks", ())],
        links=set(tables["issues"]["issue_id"]),
    )


def compare_view(
    table: pd.DataFrame,
    title: str,
    run_id: str,
    remarks: Sequence[str],
    links: Collection[str] = (),
) -> Comparison:
    """Make view data of a table ``comparison``.

    Parameters
    ----------
    title, run_id
        Of the run before.
    remarks
        What makes the two runs hard to compare.
    links
        Issues that can be gone to.
    """
    records: list[dict[Any, Any]] = table.to_dict("records")
    claimed = [row for row in records if row["change"] in CLAIMED]
    others = [row for row in records if row["change"] not in CLAIMED]
    scales = _right_end(claimed), _right_end(others)
    made = [_row(row, scales[0], links) for row in claimed]
    made += [_row(row, scales[1], links) for row in others]
    rows = sorted(made, key=_most_changed_first)
    numbers = Counter(row.change for row in rows)

    def first(kind: str) -> tuple[ChangeRow, ...]:
        return tuple(row for row in named if row.change == kind)[:SHOWN]

    tested = [row for row in rows if row.change in CLAIMED]
    named = [row for row in tested if not row.is_rejected]
    small = sorted(
        (row for row in rows if row.change in ONLY and not row.is_rejected), key=_small_first
    )
    return Comparison(
        title=clean(title),
        run_id=clean(run_id),
        unit=records[0]["unit"] if records else "人",
        n_base=int(records[0]["n_base"]) if records else 0,
        n_base_before=int(records[0]["previous_n_base"]) if records else 0,
        counts=tuple(
            ChangeCount(kind, SYMBOLS[kind], numbers.get(kind, 0), meaning)
            for kind, meaning in CHANGES.items()
        ),
        grown=first(GROWN),
        new=first(NEW),
        shrunk=first(SHRUNK),
        gone=first(GONE),
        claimed=tuple(tested),
        named=tuple(named),
        n_rejected=len(tested) - len(named),
        kept=tuple(row for row in rows if row.change == KEPT),
        others=tuple(row for row in rows if row.change not in {*CLAIMED, KEPT}),
        scale_claimed=f"{100 * scales[0]:.0f}%",
        scale=f"{100 * scales[1]:.0f}%",
        remarks=tuple(clean(own) for own in remarks),
        small=tuple(small[:SHOWN]),
        n_small=len(small),
        is_same=SAME_VOICES in remarks,
    )


def share_words(value: float) -> str:
    """Difference of shares in points.

    Examples
    --------
    >>> share_words(0.128), share_words(-0.0371), share_words(0.0)
    ('+12.8', '−3.7', '±0.0')
    """
    if math.isnan(value):
        return NONE_SHOWN
    figure = f"{abs(100 * value):.1f}"
    if figure == "0.0":
        return "±0.0"
    return f"{'+' if value > 0 else _MINUS}{figure}"


def p_words(value: float) -> str:
    """P-value in words.

    Examples
    --------
    >>> p_words(0.0004), p_words(0.0312), p_words(float("nan"))
    ('0.001未満', '0.031', '―')
    """
    if math.isnan(value):
        return NONE_SHOWN
    return "0.001未満" if value < 0.001 else f"{value:.3f}"


def dumbbell(before: Point, now: Point, scale: float) -> Markup:
    """Both shares with their intervals: above and hollow the older, below and full the newer."""
    # The picture says nothing that its row does not say in figures.
    parts = ['<svg class="dumbbell" aria-hidden="true" focusable="false">']
    for point, name, height in ((before, "before", 9), (now, "now", 23)):
        if not point.is_known or math.isnan(point.low):
            continue
        low, middle, high = (100 * value / scale for value in (point.low, point.share, point.high))
        parts.append(
            f'<line class="{name}" x1="{low:.2f}%" x2="{high:.2f}%" y1="{height}" y2="{height}"/>'
            f'<circle class="{name}" cx="{middle:.2f}%" cy="{height}" r="5"/>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - nothing but numbers was put in


def _row(row: Mapping[Any, Any], scale: float, links: Collection[str]) -> ChangeRow:
    now, before = (
        Point(
            int(row[f"{prefix}n_respondents"]),
            int(row[f"{prefix}n_base"]),
            row[f"{prefix}share"],
            row[f"{prefix}share_low"],
            row[f"{prefix}share_high"],
            row["unit"],
        )
        for prefix in ("", "previous_")
    )
    known = not math.isnan(row["difference_low"])
    # The one case in which shares are known and nothing was tested.
    by_word = known and math.isnan(row["p_value"])
    return ChangeRow(
        issue_id=row["issue_id"],
        previous_issue_id=row["previous_issue_id"],
        title=clean(row["title"]),
        previous_title=clean(row["previous_title"]),
        link=row["issue_id"] if row["issue_id"] in links else "",
        change=row["change"],
        symbol=SYMBOLS.get(row["change"], ""),
        before=before,
        now=now,
        difference=share_words(row["difference"]),
        interval=f"{share_words(row['difference_low'])}〜{share_words(row['difference_high'])}"
        if known and not by_word
        else NONE_SHOWN,
        p_value=BY_WORD if by_word else p_words(row["p_adjusted"]),
        note=clean(row["note"]),
        chart=dumbbell(before, now, scale),
        is_rejected=row["status"] == REJECTED,
    )


def _most_changed_first(row: ChangeRow) -> tuple[bool, float, int, str, str]:
    gap = abs(row.now.share - row.before.share)
    return (
        row.is_rejected,
        1.0 if math.isnan(gap) else -round(gap, 9),
        -max(row.now.n, row.before.n),
        row.issue_id,
        row.previous_issue_id,
    )


def _small_first(row: ChangeRow) -> tuple[int, int, str, str]:
    people = max(row.now.n, row.before.n)
    return ONLY.index(row.change), -people, row.issue_id, row.previous_issue_id


def _right_end(records: Sequence[Mapping[Any, Any]]) -> float:
    """Share at the right end of a chart: the next of 5, 10, 20, 30, … per cent."""
    names = ("share_high", "previous_share_high")
    ends = [row[name] for row in records for name in names if not math.isnan(row[name])]
    share = max(ends, default=1.0)
    for step in (0.05, 0.1):
        if share <= step:
            return step
    return min(1.0, math.ceil(round(share * 10, 9)) / 10)
