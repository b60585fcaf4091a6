"""Agreement in Japanese lines: tables that stand in columns in a terminal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.agreement.named import ERROR_TARGETS, LEVEL
from pipeline.agreement.values import NAMES
from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.agreement.named import Estimate, LinkScores, Scores
    from pipeline.agreement.values import What

    Column = tuple[str, Scores, LinkScores | None]

DASH = "-"


def scores_table(what: What, columns: Sequence[Column]) -> list[str]:
    """One column of figures for every label column that holds the same kind of labels."""
    links = [one for _, _, one in columns if one is not None]
    scores = [one for _, one, _ in columns]
    links = [one for _, _, one in columns if one is not None]
    rows = [
        [f"{NAMES[what]}の列", *(name for name, _, _ in columns)],
        ["比べた行", *(f"{one.n_rows:,}" for one in scores)],
        [f"正解率（{LEVEL}%区間）", *(estimate(one.accuracy) for one in scores)],
        [f"macro-F1（{LEVEL}%区間）", *(estimate(one.macro_f1) for one in scores)],
        ["Cohen の κ（機械と人）", *(figure(one.kappa) for one in scores)],
        ["Krippendorff の α（機械と人）", *(figure(one.alpha) for one in scores)],
    ]
    if links:
        rows += [
            [
                "目標を付けた行（coverage）",
                *(f"{one.n_links:,}行 {one.coverage:.1%}" for one in links),
            ],
            ["付けた目標の正解率", *(figure(one.accuracy) for one in links)],
            ["確信度の平均", *(figure(one.mean_confidence) for one in links)],
            ["確信度と正解率のずれ（ECE）", *(figure(one.calibration_error) for one in links)],
        ]
    for target in ERROR_TARGETS if links else ():
        cells = [_within(one, target) for one in links]
        rows.append([f"確かな順に、誤り {target:.0%}以内で採れる目標", *cells])
    return aligned(rows)


def values_table(name: str, what: What, scores: Scores, names: Mapping[str, str]) -> list[str]:
    """One line for every goal, measure or kind."""
    rows = [
        [
            f"「{name}」の{NAMES[what]}ごと",
            *("人の行", "機械の行"),
            *(f"{measure}（{LEVEL}%区間）" for measure in ("適合率", "再現率", "F1")),
        ]
    ]
    rows += [
        [
            " ".join(
                dict.fromkeys(
                    part for part in (_number(one.value), names.get(one.value, "")) if part
                )
            ),
            *(f"{one.n:,}", f"{one.n_machine:,}"),
            *(estimate(one.precision), estimate(one.recall), estimate(one.f1)),
        ]
        for one in scores.by_value
        if what == "goal" or one.f1 is not None  # a plan has many measures
    ]
    return aligned(rows)


def figure(value: float | None) -> str:
    """Three decimals, a dash where there is no figure."""
    return DASH if value is None else f"{value:.3f}"


def estimate(value: Estimate | None) -> str:
    """Write a figure with its interval."""
    if value is None:
        return DASH
    return f"{value.value:.3f}（{value.low:.2f}〜{value.high:.2f}）"


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, the first column to the left, the others to the right."""
    first, *others = ([*cells] for cells in zip(*table, strict=True))
    width = partial(text_width, ambiguous=1)
    wide = max(map(width, first))
    lines = [cell + " " * (wide - width(cell)) for cell in first]
    for cells in others:
        wide = max(map(width, cells))
        lines = [
            f"{line}  {' ' * (wide - width(cell))}{cell}"
            for line, cell in zip(lines, cells, strict=True)
        ]
    return lines


def _within(links: LinkScores, target: float) -> str:
    for found in links.within_error:
        if found.error == target:
            return f"{found.n_links:,}/{links.n_links:,}行 {found.n_links / links.n_links:.1%}"
    return DASH


def _number(value: str) -> str:
    return value if value[:1].isdigit() else ""
