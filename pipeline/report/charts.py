"""Charts as SVG, each always beside the figures that it draws.

The bars stretch with their cell (lengths are percentages), so that the letters
beside them stay as large as all others, on a phone and on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from pipeline.study import KIND_LABELS
from pipeline.wording import NO_GOAL, percent, source_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

SHADES = 5
"""Shades of a heat table, without the one for nothing."""


@dataclass(frozen=True)
class HeatCell:
    """One cell of a cross table; ``level`` 0 (none) to 5 (most) is its shade."""

    n_opinions: int
    n_people: int
    share: str
    level: int


@dataclass(frozen=True)
class Heat:
    """Goals × kinds of sources; the last row and the last cell of a row are totals."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    totals: tuple[HeatCell, ...]


def bar(number: int, unsure: int, largest: int) -> Markup:
    """Horizontal bar: the sure part solid, the unsure part outlined.

    Parameters
    ----------
    number
        Length of the whole bar.
    unsure
        How much of it is unsure.
    largest
        The number whose bar fills the cell.
    """
    whole = 100 * number / largest if largest else 0.0
    light = whole * unsure / number if number else 0.0
    solid = whole - light
    # The picture says nothing that its row does not say in figures.
    parts = ['<svg class="bar" aria-hidden="true" focusable="false">']
    if solid > 0:
        parts.append(f'<rect class="sure" width="{solid:.2f}%" height="100%"/>')
    if light > 0:
        parts.append(
            f'<rect class="unsure" x="{solid:.2f}%" y="1" width="{light:.2f}%" height="14"/>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - nothing but numbers was put in


def heat(joined: pd.DataFrame, labels: Mapping[str, str]) -> Heat:
    """Goals × kinds of sources: opinions, people, share of the source's opinions.

    Parameters
    ----------
    joined
        Opinions with ``source_kind`` and ``respondent_id``.
    labels
        Goal id → label, in the plan's order.

    Notes
    -----
    Shades follow the share within a column: sources differ in size by orders of
    magnitude, and what is compared is what each of them talks about. The row under
    no goal has no shade: it is often the largest and would make all goals look alike.
    """
    joined = joined[["source_kind", "goal_id", "respondent_id"]]
    present = set(joined["source_kind"].unique().tolist())
    kinds = kinds_in_order(present)
    columns = [joined[joined["source_kind"] == kind] for kind in kinds]
    rows = {**labels, "": NO_GOAL}
    counts = {
        goal_id: [_sizes(column[column["goal_id"] == goal_id]) for column in columns]
        for goal_id in rows
    }
    lengths = [len(column) for column in columns]
    shares = [
        opinions / length
        for goal_id, line in counts.items()
        if goal_id
        for (opinions, _), length in zip(line, lengths, strict=True)
        if length
    ]
    most = max(shares, default=0.0)

    def line(goal_id: str) -> tuple[HeatCell, ...]:
        cells = [
            HeatCell(
                opinions,
                people,
                percent(opinions, length),
                _level(opinions, length, most) if goal_id else 0,
            )
            for (opinions, people), length in zip(counts[goal_id], lengths, strict=True)
        ]
        return (*cells, _total(joined[joined["goal_id"] == goal_id], len(joined)))

    return Heat(
        columns=tuple(source_kind(kind) for kind in kinds),
        rows=tuple((label, line(goal_id)) for goal_id, label in rows.items()),
        totals=(
            *(_total(column, len(column)) for column in columns),
            _total(joined, len(joined)),
        ),
    )


def n_people(joined: pd.DataFrame) -> int:
    """Count respondents that can be told apart."""
    known = joined["respondent_id"]
    return int(known[known != ""].nunique())


def kinds_in_order(present: set[str]) -> list[str]:
    """Kinds of sources that there are, in the order of the plan's procedure."""
    return [own for own in (*KIND_LABELS, *sorted(present - set(KIND_LABELS))) if own in present]


def _sizes(part: pd.DataFrame) -> tuple[int, int]:
    return len(part), n_people(part)


def _total(part: pd.DataFrame, whole: int) -> HeatCell:
    return HeatCell(len(part), n_people(part), percent(len(part), whole), 0)


def _level(number: int, whole: int, most: float) -> int:
    if not number:
        return 0
    # Rounded first: 1/3 of 3 and of 300 must get the same shade.
    return max(1, min(SHADES, -int(-round(SHADES * number / whole / most, 9) // 1)))
