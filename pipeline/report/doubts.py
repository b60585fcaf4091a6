"""What is unsure: issues that a person should look at first, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.report.issue import Issue

DOUBTS_SHOWN = 6
"""Issues that the first screen names."""

UNSTABLE = "不安定"


class Doubt(NamedTuple):
    """An issue and why it should be looked at."""

    issue_id: str
    title: str
    n_opinions: int
    reasons: tuple[str, ...]


def find_doubts(issues: Iterable[Issue]) -> list[Doubt]:
    """Issues with a reason to look at them: those with most reasons first, then the largest.

    What a person judged (採用, 保留, 却下) was looked at and is left out.
    """
    found = [
        Doubt(issue.issue_id, issue.title, issue.n_opinions, reasons)
        for issue in issues
        if not issue.status and (reasons := tuple(_reasons(issue)))
    ]
    return sorted(found, key=lambda one: (-len(one.reasons), -one.n_opinions, one.issue_id))


def _reasons(issue: Issue) -> Iterable[str]:
    if issue.to_split:
        yield f"目標が分かれている（{issue.goal_counts}）"
    if issue.confidence_level == "low" and not issue.decided_by:
        yield f"目標の確信度が{issue.confidence}"
    if issue.stability_word == UNSTABLE:
        yield f"まとまりが不安定（安定度 {issue.stability}）"
