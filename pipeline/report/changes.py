"""What people changed about the machine's issues: opinions moved, issues merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NOWHERE = "課題の外"
"""What the machine proposed for an opinion that it put in no issue."""


class Changes(NamedTuple):
    """What people changed, issue by issue and opinion by opinion.

    Attributes
    ----------
    merged
        Issue → number and title of the machine's issues that became a part of it.
    moved_in, moved_out
        Issue → opinions that people moved there, and away from there. What came with a
        merge was not moved.
    moved_from
        Opinion that people moved → the issue that the machine had put it in, as a label.
    """

    merged: Mapping[str, tuple[tuple[str, str], ...]]
    moved_in: Mapping[str, int]
    moved_out: Mapping[str, int]
    moved_from: Mapping[str, str]


def find_changes(opinions: pd.DataFrame, machine_issues: pd.DataFrame) -> Changes:
    """Lay the issues beside what the machine had made.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id, machine_issue_id``.
    machine_issues
        The table of that name.
    """
    titles = {
        own: clean(title)
        for own, title in zip(machine_issues["issue_id"], machine_issues["title"], strict=True)
    }
    into = _merges(machine_issues)
    merged: dict[str, list[tuple[str, str]]] = {}
    for own in sorted(into):
        merged.setdefault(into[own], []).append((own, titles[own]))
    machine, home = opinions["machine_issue_id"], home_issues(opinions, machine_issues)
    away = home != opinions["issue_id"]
    labels = {"": NOWHERE} | {own: f"{own}「{title}」" for own, title in titles.items()}
    return Changes(
        merged={own: tuple(parts) for own, parts in merged.items()},
        moved_in=_sizes(opinions.loc[away, "issue_id"]),
        moved_out=_sizes(home[away]),
        moved_from={
            opinion_id: labels.get(own, own)
            for opinion_id, own in zip(opinions.loc[away, "opinion_id"], machine[away], strict=True)
        },
    )


def home_issues(opinions: pd.DataFrame, machine_issues: pd.DataFrame) -> pd.Series[str]:
    """Issue where every opinion would stand had people merged issues and moved no opinion."""
    return opinions["machine_issue_id"].replace(_merges(machine_issues))


def _merges(machine_issues: pd.DataFrame) -> dict[str, str]:
    merged = machine_issues[machine_issues["merged_into"] != ""]
    return dict(zip(merged["issue_id"], merged["merged_into"], strict=True))


def _sizes(issue_ids: pd.Series[str]) -> dict[str, int]:
    return {str(own): int(number) for own, number in issue_ids.value_counts().items()}
