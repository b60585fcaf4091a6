"""Shares over waves as one drawing: a way an issue, its number beside the last point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.comparison.waves import Line

_LEFT, _RIGHT, _TOP, _HIGH, _WIDE = 34, 44, 12, 220, 360
_APART: Final = 13.0
"""Least distance of two labels, in units of the drawing."""

_LABEL: Final = 26
"""Distance of a label from the last wave."""

_STEPS: Final = 4
_DASHES: Final = 4


def draw_slope(lines: Sequence[Line], n_waves: int) -> Markup:
    """Draw the shares of some issues in all waves; nothing where there are no lines."""
    if not lines:
        return Markup("")
    scale = _scale(lines)
    last = n_waves - 1
    right = _WIDE - _RIGHT
    across = [_LEFT + (right - _LEFT) * place / last for place in range(n_waves)]
    parts = [
        f'<svg viewBox="0 0 {_WIDE} {_TOP + _HIGH + 40}" role="img" aria-labelledby="slope-title">',
        '<title id="slope-title">変化の大きい課題の割合の動き。数字は下の表にあります</title>',
        *_grid(scale),
        *_axes(across),
    ]
    ends = []
    for number, line in enumerate(lines, start=1):
        points = [
            (x, _TOP + _HIGH * (1 - side.share / scale))
            for x, side in zip(across, line.sides, strict=True)
            if side
        ]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="way d{(number - 1) % _DASHES}" points="{path}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points]
        ends.append((points[-1][1], number, points[-1][0]))
    ends.sort()
    labels = spread([y for y, _, _ in ends], _APART, float(_TOP), float(_TOP + _HIGH))
    for (y, number, x), at in zip(ends, labels, strict=True):
        parts.append(
            f'<line class="leader" x1="{x + 5:.1f}" x2="{right + _LABEL - 3}"'
            f' y1="{y:.1f}" y2="{at:.1f}"/>'
            f'<text x="{right + _LABEL}" y="{at + 4:.1f}">{number}</text>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - nothing but numbers was put in


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Move labels apart as little as can be: least squares, and none beyond the ends.

    Parameters
    ----------
    wanted
        Where the labels would stand, in ascending order.
    apart
        Least distance of two of them.
    low, high
        First and last place; must have room for all of them.

    References
    ----------
    Isotonic regression of the places less their least distances, by pooling adjacent
    violators: Barlow et al. (1972), Statistical Inference under Order Restrictions.

    Examples
    --------
    >>> spread([50.0, 51.0, 90.0], 13.0, 0.0, 100.0)
    [44.0, 57.0, 90.0]
    """
    pools: list[tuple[float, int]] = []
    for place, value in enumerate(wanted):
        mean, size = value - place * apart, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        pools.append((mean, size))
    level = [mean for mean, size in pools for _ in range(size)]
    room = high - (len(level) - 1) * apart
    return [min(max(own, low), room) + place * apart for place, own in enumerate(level)]


def _scale(lines: Sequence[Line]) -> float:
    most = max((side.share for line in lines for side in line.sides if side), default=0.0)
    return next((one for one in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if most <= one), 1.0)


def _grid(scale: float) -> list[str]:
    parts = []
    for step in range(_STEPS + 1):
        y = _TOP + _HIGH * (1 - step / _STEPS)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="quiet" x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">'
            f"{100 * scale * step / _STEPS:g}%</text>"
        )
    return parts


def _axes(across: Sequence[float]) -> list[str]:
    parts = []
    for place, x in enumerate(across):
        anchor = "start" if place == 0 else "end" if place == len(across) - 1 else "middle"
        parts.append(
            f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + _HIGH}"/>'
            f'<text x="{x:.1f}" y="{_TOP + _HIGH + 18}" text-anchor="{anchor}">'
            f"{place + 1}回目</text>"
        )
    return parts
