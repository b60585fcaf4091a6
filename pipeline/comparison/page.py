"""The page of a comparison: one file that opens anywhere, charts beside their figures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup, escape

from pipeline.comparison.change import tabulate_changes
from pipeline.comparison.slope import draw_slope
from pipeline.report.comparison import Comparison, Point, compare_view
from pipeline.report.html import render_page
from pipeline.tables import load_columns
from pipeline.version import __version__
from pipeline.wording import NONE_SHOWN, clean, count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.comparison.judging import Side
    from pipeline.comparison.waves import Line, Waves

VOICES: Final = 2
"""Voices of one issue that are shown from one wave."""


class WaveView(NamedTuple):
    """One wave: what it is called and how many answered."""

    name: str
    run_id: str
    n_answers: str
    n_base: str
    n_opinions: str


class LineView(NamedTuple):
    """One issue through the waves."""

    number: int
    title: str
    change: str
    points: tuple[Point, ...]
    chart: Markup
    voices: tuple[tuple[str, tuple[str, ...]], ...]


class StepView(NamedTuple):
    """One wave and the next."""

    id: str
    before: str
    now: str
    view: Comparison


def render_waves(waves: Waves, runs: Sequence[Path]) -> str:
    """Render the page as one HTML document.

    Parameters
    ----------
    runs
        Folders of the waves, for the voices; texts in them are masked already.
    """
    overall = compare_view(
        tabulate_changes(waves.overall), waves.names[0], waves.profiles[0].run_id, waves.remarks
    )
    steps = [
        StepView(
            f"step-{number}",
            waves.names[number - 1],
            waves.names[number],
            compare_view(tabulate_changes(step), waves.names[number - 1], "", told),
        )
        for number, (step, told) in enumerate(
            zip(waves.steps, waves.step_remarks, strict=True), start=1
        )
    ]
    voices = [_Voices(run) for run in runs]
    lines = [_line(number, own, waves, voices) for number, own in enumerate(waves.lines, start=1)]
    return render_page(
        "compare.html.j2",
        version=__version__,
        names=[clean(name) for name in waves.names],
        waves=[_wave(waves, number) for number in range(len(waves.profiles))],
        unit=waves.unit,
        overall=replace(overall, is_same=waves.shares_voices),
        steps=steps if len(steps) > 1 else [],
        lines=lines,
        slope=draw_slope(waves.lines, len(waves.profiles)),
    )


def _wave(waves: Waves, number: int) -> WaveView:
    own = waves.profiles[number]
    people = f"{count(own.n_people)}人" if own.n_people else NONE_SHOWN
    return WaveView(
        clean(waves.names[number]),
        own.run_id,
        f"{count(own.n_answers)}件",
        people,
        f"{count(own.n_opinions)}件",
    )


def _line(number: int, line: Line, waves: Waves, voices: Sequence[_Voices]) -> LineView:
    heard = []
    places = ((0, line.change.previous_issue_id), (len(voices) - 1, line.change.issue_id))
    for place, issue_id in places:
        said = voices[place].of(issue_id) if issue_id else ()
        if said:
            heard.append((clean(waves.names[place]), said))
    points = tuple(_point(side, waves.unit) for side in line.sides)
    return LineView(
        number, clean(line.title), line.change.kind, points, _multiple(line.title, points),
        tuple(heard),
    )  # fmt: skip


def _point(side: Side | None, unit: str) -> Point:
    if side is None:
        return Point(0, 0, math.nan, math.nan, math.nan, unit)
    low, high = side.interval
    return Point(side.n, side.n_base, side.share, low, high, unit)


class _Voices:
    """Representative voices of the issues of a run."""

    def __init__(self, run: Path) -> None:
        folder = run / "tables"
        issues = load_columns("issues", ("issue_id", "representative_opinion_ids"), folder)
        opinions = load_columns("opinions", ("opinion_id", "text"), folder)
        self._names = dict(
            zip(issues["issue_id"], issues["representative_opinion_ids"], strict=True)
        )
        self._texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))

    def of(self, issue_id: str) -> tuple[str, ...]:
        """Voices of one issue, the best first."""
        names = self._names.get(issue_id, "").split()
        texts = (clean(self._texts[name]) for name in names if name in self._texts)
        return tuple(dict.fromkeys(texts))[:VOICES]


def _multiple(title: str, points: Sequence[Point]) -> Markup:
    """Shares of one issue with their intervals, on a scale of its own."""
    most = max((point.high for point in points if point.is_known), default=1.0) or 1.0
    wide, high = 200, 96
    told = "、".join(f"{number}回目 {own.words}" for number, own in enumerate(points, start=1))
    label = escape(f"{clean(title)}: {told}")
    floor = high - 20
    parts = [
        f'<svg viewBox="0 0 {wide} {high}" role="img" aria-label="{label}">',
        f'<line class="axis" x1="0" x2="{wide}" y1="{floor}" y2="{floor}"/>',
    ]
    for place, point in enumerate(points):
        x = wide * (place + 0.5) / len(points)
        figure = f"{100 * point.share:.1f}%" if point.is_known else NONE_SHOWN
        parts.append(f'<text x="{x:.1f}" y="{high - 4}">{figure}</text>')
        if not point.is_known:
            continue
        low, middle, top = (
            floor - (floor - 8) * value / most for value in (point.low, point.share, point.high)
        )
        parts.append(
            f'<line class="spread" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{top:.1f}"/>'
            f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="5"/>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - numbers, and text that was escaped
