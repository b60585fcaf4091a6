"""The picture of the README: answers across, time upwards, both by powers of ten.

Made of the measured results alone. Words stay text (「件」「秒」「分」 are read by a screen
reader and found by a search); every point says its time, so that nothing hangs on
reading a logarithmic axis.
"""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.scale.results import Summary

WIDTH: Final = 760
HEIGHT: Final = 430
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 190, 64, 66
_APART: Final = 42  # pixels between two names
_STYLE: Final = (
    "text{font-family:'Yu Gothic UI','Hiragino Sans','Noto Sans CJK JP',sans-serif;"
    "fill:#26323c;font-size:14px}"
    ".title{font-size:17px;font-weight:700}.small{font-size:12px;fill:#5b6770}"
    ".grid{stroke:#e1e6ea}.line{fill:none;stroke-width:2.5;stroke-linejoin:round}"
)


class Line(NamedTuple):
    """One line: its name, its points (answers, seconds), colour, dashes, side of the labels."""

    name: str
    points: list[tuple[int, float]]
    colour: str
    dashes: str
    below: bool


def draw(found: Sequence[Summary]) -> str:
    """SVG of the time of whole runs and of the floor."""
    lines = _lines(found)
    sizes = [size for line in lines for size, _ in line.points]
    times = [seconds for line in lines for _, seconds in line.points]
    across = _Axis(floor(log10(min(sizes))), ceil(log10(max(sizes))), _LEFT, WIDTH - _RIGHT)
    upwards = _Axis(floor(log10(min(times))), ceil(log10(max(times))), HEIGHT - _BOTTOM, _TOP)
    said = "。".join(
        f"{line.name}は" + "、".join(f"{_count(size)}件で{_time(own)}" for size, own in line.points)
        for line in lines
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
            f' width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title said">',
            "<title id='title'>回答の数と、かかる時間</title>",
            f"<desc id='said'>{escape(said)}。</desc>",
            f"<style>{_STYLE}</style>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            f'<text class="title" x="{_LEFT}" y="28">回答の数と、かかる時間（2コアのパソコン）</text>',
            f'<text class="small" x="{_LEFT}" y="48">1目盛りで10倍。ファイルを読んでから、報告書を書き終わるまで</text>',
            *_grid(across, upwards),
            *(part for line in lines for part in _drawn(line, across, upwards)),
            *_named(lines, across, upwards),
            "</svg>\n",
        ]
    )


class _Axis(NamedTuple):
    """Powers of ten between two places of the picture."""

    first: int
    last: int
    begin: float
    end: float

    def place(self, value: float) -> float:
        share = (log10(value) - self.first) / max(1, self.last - self.first)
        return round(self.begin + share * (self.end - self.begin), 1)


def _lines(found: Sequence[Summary]) -> list[Line]:
    distinct = [own for own in found if own.corpus == "distinct"]
    copies = [own for own in found if own.corpus == "copies"]
    lines = [
        Line(
            "Kadai（すべて別の回答）",
            [(own.size, own.seconds.median) for own in distinct],
            "#0b5f8a",
            "",
            below=False,
        ),
        Line(
            "単語に分けるだけ（目安）",
            [(own.size, own.raw.median) for own in distinct],
            "#66717a",
            "6 5",
            below=True,
        ),
    ]
    if copies:
        lines.insert(
            1,
            Line(
                "Kadai（94％が同じ文）",
                [(own.size, own.seconds.median) for own in copies],
                "#b4541a",
                "",
                below=True,
            ),
        )
    return lines


def _grid(across: _Axis, upwards: _Axis) -> Iterator[str]:
    for power in range(upwards.first, upwards.last + 1):
        y = upwards.place(10.0**power)
        yield f'<line class="grid" x1="{across.begin}" y1="{y}" x2="{across.end}" y2="{y}"/>'
        yield (
            f'<text class="small" x="{across.begin - 8}" y="{y + 4}" text-anchor="end">'
            f"{10.0**power:,g}秒</text>"
        )
    for power in range(across.first, across.last + 1):
        x = across.place(10.0**power)
        yield f'<line class="grid" x1="{x}" y1="{upwards.end}" x2="{x}" y2="{upwards.begin}"/>'
        yield (
            f'<text class="small" x="{x}" y="{upwards.begin + 20}" text-anchor="middle">'
            f"{_count(10**power)}件</text>"
        )
    middle = (across.begin + across.end) / 2
    yield f'<text x="{middle}" y="{upwards.begin + 44}" text-anchor="middle">回答の数</text>'


def _drawn(line: Line, across: _Axis, upwards: _Axis) -> Iterator[str]:
    """The line, its points, and the time at all of them but the last, which has the name."""
    places = [(across.place(size), upwards.place(seconds)) for size, seconds in line.points]
    if len(places) > 1:
        drawn = " ".join(f"{x},{y}" for x, y in places)
        dashes = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
        yield f'<polyline class="line" points="{drawn}" stroke="{line.colour}"{dashes}/>'
    for (x, y), (_, seconds) in list(zip(places, line.points, strict=True))[:-1]:
        up = y + 21 if line.below else y - 12
        yield (
            f'<text x="{x}" y="{up}" text-anchor="{"start" if x == across.begin else "middle"}" '
            f'dx="{6 if x == across.begin else 0}" style="fill:{line.colour};font-weight:700">'
            f"{_time(seconds)}</text>"
        )
    for x, y in places:
        yield f'<circle cx="{x}" cy="{y}" r="4.5" fill="{line.colour}"/>'


def _named(lines: Sequence[Line], across: _Axis, upwards: _Axis) -> Iterator[str]:
    """Names and last times, right of the last points, no two over each other."""
    lowest = -float(_APART)
    for line in sorted(lines, key=lambda line: -line.points[-1][1]):
        size, seconds = line.points[-1]
        y = max(upwards.place(seconds) - 4, lowest + _APART)
        lowest = y
        x = across.place(size) + 14
        yield (
            f'<text x="{x}" y="{y}" style="fill:{line.colour}">'
            f'<tspan font-weight="700">{_time(seconds)}</tspan>'
            f'<tspan x="{x}" dy="17" font-size="13">{escape(line.name)}</tspan></text>'
        )


def _count(number: int) -> str:
    return f"{number // 10_000:,}万" if number >= 10_000 else f"{number:,}"


def _time(seconds: float) -> str:
    """As one says it: 0.3秒, 24秒, 3分20秒, 1時間40分."""
    if seconds < 9.95:
        return f"{seconds:.2g}秒"
    whole = round(seconds)
    if whole < 120:
        return f"{whole}秒"
    if whole < 7200:
        minutes, left = divmod(whole, 60)
        return f"{minutes}分{left}秒" if left and minutes < 20 else f"{round(whole / 60)}分"
    hours, left = divmod(round(whole / 60), 60)
    return f"{hours}時間{left}分" if left else f"{hours}時間"
