"""Scores of one method over its runs, and the Markdown table of one set.

scikit-learn is imported late: the command imports this file and has to stay small.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import mean, median
from typing import TYPE_CHECKING

from measure import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sets import Labelled

HEAD = (
    "| method | groups | alone % | ARI | NMI = V | homogeneity | run to run | first s | s | MB |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True)
class Row:
    """One method on one set: the labels of every run and what the runs cost."""

    method: str
    runs: list[list[str]]
    seconds: list[float]
    megabytes: list[float]


def table(labelled: Labelled, rows: Sequence[Row]) -> str:
    """Markdown of one set."""
    found = " / ".join(str(len(set(labels))) for labels in labelled.gold.values())
    head = f"### {labelled.name}\n\n{len(labelled.texts)} rows, {found} groups: {labelled.note}.\n"
    lines = [_line(labelled, row) for row in rows]
    if len(labelled.gold) > 1:
        lines.append(_people(labelled))
    return "\n".join([head, HEAD, *lines, ""])


def _line(labelled: Labelled, row: Row) -> str:
    from sklearn import metrics

    runs = [_apart(labels) for labels in row.runs]
    counts = sorted(len(set(labels) - {ALONE}) for labels in row.runs)
    groups = str(counts[0]) if counts[0] == counts[-1] else f"{counts[0]}–{counts[-1]}"
    alone = mean(labels.count(ALONE) / len(labels) for labels in row.runs)
    pairs = [metrics.adjusted_rand_score(one, other) for one, other in combinations(runs, 2)]
    cells = [
        row.method,
        groups,
        f"{alone:.0%}"[:-1],
        _against(labelled, runs, metrics.adjusted_rand_score),
        _against(labelled, runs, metrics.v_measure_score),
        _against(labelled, runs, metrics.homogeneity_score),
        f"{mean(pairs):.2f}" if pairs else "",
        f"{row.seconds[0]:.1f}",
        f"{median(row.seconds):.1f}",
        f"{max(row.megabytes):.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _against(
    labelled: Labelled, runs: Sequence[list[str]], score: Callable[[list[str], list[str]], float]
) -> str:
    """Mean over the runs, against each coder."""
    return " / ".join(
        f"{mean(score(gold, labels) for labels in runs):.3f}" for gold in labelled.gold.values()
    )


def _people(labelled: Labelled) -> str:
    """How well the coders agree with each other: what a machine may hope for."""
    from sklearn import metrics

    one, other = list(labelled.gold.values())[:2]
    both = [
        f"{score(one, other):.3f} / {score(other, one):.3f}"
        for score in (
            metrics.adjusted_rand_score,
            metrics.v_measure_score,
            metrics.homogeneity_score,
        )
    ]
    count = f"{len(set(other))} / {len(set(one))}"
    return f"| the other coder | {count} | 0 | {' | '.join(both)} | | | | |"


def _apart(labels: Sequence[str]) -> list[str]:
    """Labels in which every row of no group is a group of its own."""
    return [label if label != ALONE else f"row {row}" for row, label in enumerate(labels)]
