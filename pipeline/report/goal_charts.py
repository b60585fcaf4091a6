"""Goals beside sources and goals beside issues: geometry of two charts.

The figures that they draw stand in tables beside them. Lengths are user units of the
SVG, which is :data:`WIDTH` units wide.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.report.charts import Heat
    from pipeline.report.issue import Issue

WIDTH = 960

ISSUES_DRAWN = 20
"""Issues in the chart; the table beside it has all of them."""

LARGEST_RADIUS = 16.0
SMALLEST_RADIUS = 2.5

_LABEL = 300
_ROW = 36
_HEAD = 44
_INSIDE = 11.0
"""Radius from which the figure has room inside the circle."""

_LETTERS = 19
"""Letters of a label that have room beside a row."""


class Bar(NamedTuple):
    """One bar with its label; ``words`` say the same as its length."""

    x: float
    y: float
    width: float
    words: str


class SourceBars(NamedTuple):
    """Goals × kinds of sources: one panel a source, one bar a goal.

    Attributes
    ----------
    panels
        Name of the source and where its panel begins.
    rows
        Label of the goal and its height.
    """

    height: int
    panels: tuple[tuple[str, float], ...]
    rows: tuple[tuple[str, float], ...]
    bars: tuple[Bar, ...]


class Circle(NamedTuple):
    """Opinions of one issue under one goal; its area is their number."""

    x: float
    y: float
    radius: float
    number: int
    goal_id: str
    is_inside: bool


class MatrixRow(NamedTuple):
    """One issue: its opinions under every goal, in the order of the columns."""

    issue_id: str
    title: str
    short: str
    y: float
    numbers: tuple[int, ...]
    circles: tuple[Circle, ...]


class Matrix(NamedTuple):
    """Issues × goals, the largest issue first.

    Attributes
    ----------
    columns
        Goal (empty: none of them), its label, and where its column stands.
    rows
        All issues; the first :data:`ISSUES_DRAWN` of them are drawn.
    """

    height: int
    columns: tuple[tuple[str, str, float], ...]
    rows: tuple[MatrixRow, ...]

    @property
    def drawn(self) -> tuple[MatrixRow, ...]:
        """Rows of the chart."""
        return self.rows[:ISSUES_DRAWN]


def source_bars(heat: Heat) -> SourceBars:
    """Place a bar for every goal and source; its length is the share of the source's opinions."""
    goals = heat.rows[:-1]  # the last row stands under no goal
    n_sources = len(heat.columns)
    step = (WIDTH - _LABEL) / max(n_sources, 1)
    shares = [
        [cell.n_opinions / total.n_opinions if total.n_opinions else 0.0 for cell, total in pairs]
        for pairs in (zip(cells[:-1], heat.totals[:-1], strict=True) for _, cells in goals)
    ]
    most = max((share for row in shares for share in row), default=0.0) or 1.0
    room = step - 78  # for the words behind the bar
    bars = tuple(
        Bar(
            round(_LABEL + place * step, 1),
            _HEAD + number * _ROW,
            round(room * share / most, 1),
            f"{cell.share}・{cell.n_opinions:,}件",
        )
        for number, ((_, cells), row) in enumerate(zip(goals, shares, strict=True))
        for place, (cell, share) in enumerate(zip(cells[:-1], row, strict=True))
    )
    return SourceBars(
        height=_HEAD + len(goals) * _ROW,
        panels=tuple((name, round(_LABEL + n * step, 1)) for n, name in enumerate(heat.columns)),
        rows=tuple((_short(label), _HEAD + n * _ROW) for n, (label, _) in enumerate(goals)),
        bars=bars,
    )


def issue_matrix(
    issues: Sequence[Issue], by_goal: Mapping[str, Mapping[str, int]], labels: Mapping[str, str]
) -> Matrix:
    """Place a circle for the opinions of every issue under every goal.

    Parameters
    ----------
    issues
        In the order in which they are shown.
    by_goal
        Issue → goal → opinions.
    labels
        Goal id → label, in the plan's order.
    """
    goals = [*labels, ""]
    step = (WIDTH - _LABEL) / len(goals)
    columns = tuple(
        (goal_id, labels.get(goal_id, ""), round(_LABEL + (n + 0.5) * step, 1))
        for n, goal_id in enumerate(goals)
    )
    counted = [Counter(by_goal.get(issue.issue_id, {})) for issue in issues]
    most = max((max(own.values(), default=0) for own in counted[:ISSUES_DRAWN]), default=0)
    made = []
    for number, (issue, own) in enumerate(zip(issues, counted, strict=True)):
        y = _HEAD + (number + 0.5) * _ROW
        circles = tuple(
            _circle(x, y, own[goal_id], most, goal_id)
            for goal_id, _, x in columns
            if own[goal_id] and number < ISSUES_DRAWN
        )
        numbers = tuple(own[goal_id] for goal_id in goals)
        made.append(
            MatrixRow(issue.issue_id, issue.title, _short(issue.title), y, numbers, circles)
        )
    return Matrix(_HEAD + min(len(made), ISSUES_DRAWN) * _ROW, columns, tuple(made))


def _circle(x: float, y: float, number: int, most: int, goal_id: str) -> Circle:
    radius = max(LARGEST_RADIUS * math.sqrt(number / most), SMALLEST_RADIUS)
    return Circle(x, y, round(radius, 1), number, goal_id, radius >= _INSIDE)


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else label[: _LETTERS - 1] + "…"
