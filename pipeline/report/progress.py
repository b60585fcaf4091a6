"""How far the review has come, and what people changed while they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.changes import home_issues
from pipeline.wording import ISSUE_STATUSES, NO_GOAL, is_person, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NOT_JUDGED = "まだ"
"""What an issue is called that nobody judged."""


@dataclass(frozen=True)
class ProgressRow:
    """Opinions or issues, and how many of them people looked at."""

    goal_id: str
    label: str
    n_all: int
    n_reviewed: int
    share: str


@dataclass(frozen=True)
class Progress:
    """How far the review has come.

    Attributes
    ----------
    statuses
        採用, 保留, 却下 and まだ, each with its number of issues.
    goals
        One row a goal, the last one for opinions under none.
    changes
        What people changed, in words, and how often; nothing that is zero.
    """

    opinions: ProgressRow
    issues: ProgressRow
    statuses: tuple[tuple[str, int], ...]
    goals: tuple[ProgressRow, ...]
    changes: tuple[tuple[str, int], ...]

    @property
    def has_begun(self) -> bool:
        """Whether anybody decided anything."""
        return bool(self.opinions.n_reviewed or self.issues.n_reviewed or self.changes)


def build_progress(tables: Mapping[str, pd.DataFrame], labels: Mapping[str, str]) -> Progress:
    """Count what people looked at, judged and changed.

    Parameters
    ----------
    tables
        ``opinions, issues, machine_issues``.
    labels
        Goal id → label, in the plan's order.
    """
    opinions, issues = tables["opinions"], tables["issues"]
    reviewed = opinions[opinions["reviewed"] == 1]
    sizes = opinions["goal_id"].value_counts()
    done = reviewed["goal_id"].value_counts()
    return Progress(
        opinions=_row("", "すべての意見", len(opinions), len(reviewed)),
        issues=_row("", "課題", len(issues), int((issues["reviewed_by"] != "").sum())),
        statuses=tuple(
            (status or NOT_JUDGED, number) for status, number in count_statuses(issues).items()
        ),
        goals=tuple(
            _row(goal_id, label, int(sizes.get(goal_id, 0)), int(done.get(goal_id, 0)))
            for goal_id, label in {**labels, "": NO_GOAL}.items()
        ),
        changes=tuple((what, number) for what, number in _changes(tables).items() if number),
    )


def count_statuses(issues: pd.DataFrame) -> dict[str, int]:
    """Issues that are 採用, 保留, 却下 and, under the empty key, not judged yet."""
    counts = issues["status"].value_counts()
    return {status: int(counts.get(status, 0)) for status in (*ISSUE_STATUSES, "")}


def _row(goal_id: str, label: str, whole: int, done: int) -> ProgressRow:
    return ProgressRow(goal_id, label, whole, done, percent(done, whole))


def _changes(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    opinions, issues, machine = tables["opinions"], tables["issues"], tables["machine_issues"]
    made = issues["machine_title"] == ""
    by_person = issues["assigned_by"].map(is_person).astype(bool)
    renamed = ~made & (issues["title"] != issues["machine_title"])
    regoaled = by_person & (issues["goal_id"] != issues["machine_goal_id"])
    found = {
        "題を直した課題": renamed,
        "目標を変えた課題": regoaled,
        "人が作った課題": made,
        "ほかへ統合した課題": machine["outcome"] == "merged",
        "課題を移した意見": home_issues(opinions, machine) != opinions["issue_id"],
        "種類を直した意見": opinions["kind"] != opinions["machine_kind"],
        "対象外から戻した意見": opinions["restored"] == 1,
        "個人情報を伏せた意見": opinions["hidden"] == 1,
    }
    return {what: int(rows.sum()) for what, rows in found.items()}
