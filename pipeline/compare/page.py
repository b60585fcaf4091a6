"""The page of a comparison: one file that opens anywhere, charts beside their figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup, escape

import pipeline
from pipeline.compare.change import tabulate_changes
from pipeline.report.comparison import Comparison, Point, compare_view
from pipeline.report.html import render_page
from pipeline.tables import load_columns
from pipeline.wording import NONE_SHOWN, clean, count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.compare.counting import Side
    from pipeline.compare.waves import Line, Waves

VOICES: Final = 2
"""Voices of one issue that are shown from one wave."""

_LEFT, _RIGHT, _TOP, _HIGH, _WIDE = 34, 30, 12, 220, 360
_APART: Final = 13.0
"""Least distance of two labels, in units of the drawing."""

_STEPS: Final = 4


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
            compare_view(tabulate_changes(step), waves.names[number - 1], "", ()),
        )
        for number, step in enumerate(waves.steps, start=1)
    ]
    voices = [_Voices(run) for run in runs]
    scale = _scale(waves.lines)
    lines = [_line(number, own, waves, voices) for number, own in enumerate(waves.lines, start=1)]
    return render_page(
        "compare.html.j2",
        version=pipeline.__version__,
        names=[clean(name) for name in waves.names],
        waves=[_wave(waves, number) for number in range(len(waves.profiles))],
        unit=waves.unit,
        overall=overall,
        steps=steps if len(steps) > 1 else [],
        lines=lines,
        slope=_slope(waves, scale),
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


def _scale(lines: Sequence[Line]) -> float:
    most = max((side.share for line in lines for side in line.sides if side), default=0.0)
    step = next((one for one in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if most <= one), 1.0)
    return step if lines else 1.0


def _slope(waves: Waves, scale: float) -> Markup:
    """Shares over waves, one way an issue; its number stands at the right end."""
    if not waves.lines:
        return Markup("")
    height = _TOP + _HIGH + 40
    room = _WIDE - _LEFT - _RIGHT
    last = len(waves.profiles) - 1
    across = [_LEFT + room * place / last for place in range(last + 1)]
    parts = [
        f'<svg viewBox="0 0 {_WIDE} {height}" role="img" aria-labelledby="slope-title">',
        '<title id="slope-title">変化の大きい課題の割合の動き。数字は下の表にあります</title>',
    ]
    for step in range(_STEPS + 1):
        y = _TOP + _HIGH * (1 - step / _STEPS)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="quiet" x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">'
            f"{100 * scale * step / _STEPS:g}%</text>"
        )
    for place, x in enumerate(across):
        anchor = "start" if place == 0 else "end" if place == last else "middle"
        at = _LEFT if place == 0 else _WIDE - _RIGHT if place == last else x
        parts.append(
            f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + _HIGH}"/>'
            f'<text x="{at:.1f}" y="{_TOP + _HIGH + 18}" text-anchor="{anchor}">{place + 1}回目</text>'
        )
    ends = []
    for number, line in enumerate(waves.lines, start=1):
        points = [
            (x, _TOP + _HIGH * (1 - side.share / scale))
            for x, side in zip(across, line.sides, strict=True)
            if side
        ]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="way d{(number - 1) % 4}" points="{path}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points]
        ends.append((points[-1][1], number))
    for y, number in _spread(ends):
        parts.append(f'<text x="{_WIDE - _RIGHT + 8}" y="{y + 4:.1f}">{number}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - nothing but numbers was put in


def _spread(ends: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """Labels pushed apart, the highest first; all of them stay inside the drawing."""
    placed: list[tuple[float, int]] = []
    for y, number in sorted(ends):
        placed.append((max(y, placed[-1][0] + _APART) if placed else y, number))
    limit = float(_TOP + _HIGH)
    for place in range(len(placed) - 1, -1, -1):
        y, number = placed[place]
        placed[place] = (min(y, limit), number)
        limit = placed[place][0] - _APART
    return placed


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
