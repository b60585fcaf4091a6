"""Why an issue is as it is, and what became of one that is no longer there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.wording import clean, goal_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.audit.result import Result, Row
    from pipeline.audit.views import GoalView, Judged


class Moved(NamedTuple):
    """An opinion that a person moved, the issue on the other side, and who did."""

    opinion_id: str
    text: str
    other_id: str
    other_title: str
    by: tuple[Judged, ...]


class Absorbed(NamedTuple):
    """An issue that became a part of another one."""

    issue_id: str
    title: str
    n_opinions: int
    by: tuple[Judged, ...]


class Sizes(NamedTuple):
    """How much an issue holds, and how firmly."""

    n_opinions: int
    n_distinct: int
    n_respondents: int
    n_reviewed: int
    stability: float
    stability_word: str
    cohesion: float


@dataclass(frozen=True)
class IssueView:
    """An issue: now, as the machine made it, and what people changed.

    Attributes
    ----------
    outcome
        ``kept, changed, merged, emptied``; empty where people made the issue.
    merged_into
        Number and title of the issue that it is a part of now.
    whereabouts
        Where the opinions that the machine put here are now: issue, title, number;
        most first.
    sizes, goal
        ``None`` where the issue is no longer there.
    """

    issue_id: str
    title: str
    machine_title: str
    machine_words: str
    machine_size: tuple[int, int]
    outcome: str
    merged_into: tuple[str, str]
    group: tuple[str, str]
    headings: str
    words: str
    sizes: Sizes | None
    absorbed: tuple[Absorbed, ...]
    moved_in: tuple[Moved, ...]
    moved_out: tuple[Moved, ...]
    whereabouts: tuple[tuple[str, str, int], ...]
    goal: GoalView | None
    goal_counts: str
    to_split: bool
    status: str
    reviewed_by: str
    comment: str
    response: str
    voices: tuple[tuple[str, str], ...]
    merges: tuple[Judged, ...]
    decisions: tuple[Judged, ...]

    @property
    def is_there(self) -> bool:
        """Whether the run still has it."""
        return self.sizes is not None


def explain_issue(result: Result, issue_id: str) -> IssueView:
    """Collect what is known about an issue, also about one that the run has no longer."""
    machine = result.row("machine_issues", "issue_id", issue_id) or {}
    row = result.row("issues", "issue_id", issue_id)
    now: Row = row or {}
    own = result.rows("opinions", "issue_id", [issue_id])
    was = result.rows("opinions", "machine_issue_id", [issue_id])
    into = str(machine.get("merged_into", ""))
    group = result.row("groups", "group_id", now.get("group_id", "")) or {}
    return IssueView(
        issue_id=issue_id,
        title=clean(str(now.get("title", ""))),
        machine_title=clean(str(machine.get("title", ""))),
        machine_words=clean(str(machine.get("words", ""))),
        machine_size=(int(machine.get("n_opinions", 0)), int(machine.get("n_distinct", 0))),
        outcome=str(machine.get("outcome", "")),
        merged_into=(into, result.titles.get(into, "")),
        group=(str(group.get("group_id", "")), clean(str(group.get("title", "")))),
        headings=clean(str(now.get("headings", ""))),
        words=clean(str(now.get("words", ""))),
        sizes=_sizes(row) if row else None,
        absorbed=_absorbed(result, issue_id),
        moved_in=_moved(result, own, "machine_issue_id", issue_id),
        moved_out=_moved(result, was, "issue_id", issue_id),
        whereabouts=_whereabouts(result, was),
        goal=result.goal(row, issue_id, result.standing("goal_id", {issue_id})) if row else None,
        goal_counts=goal_counts(str(now.get("goal_counts", ""))),
        to_split=bool(now.get("to_split", 0)),
        status=clean(str(now.get("status", ""))),
        reviewed_by=clean(str(now.get("reviewed_by", ""))),
        comment=clean(str(now.get("comment", ""))),
        response=clean(str(now.get("response", ""))),
        voices=_voices(result, str(now.get("representative_opinion_ids", "")).split()),
        merges=tuple(result.merges(issue_id)),
        decisions=_decisions(result, issue_id),
    )


def _sizes(row: Row) -> Sizes:
    return Sizes(
        n_opinions=int(row["n_opinions"]),
        n_distinct=int(row["n_distinct"]),
        n_respondents=int(row["n_respondents"]),
        n_reviewed=int(row["n_reviewed"]),
        stability=float(row["stability"]),
        stability_word=clean(row["stability_word"]),
        cohesion=float(row["cohesion"]),
    )


def _absorbed(result: Result, issue_id: str) -> tuple[Absorbed, ...]:
    return tuple(
        Absorbed(
            row["issue_id"],
            clean(row["title"]),
            int(row["n_opinions"]),
            tuple(result.merges(row["issue_id"])),
        )
        for row in result.rows("machine_issues", "merged_into", [issue_id])
        if issue_id
    )


def _moved(result: Result, opinions: Sequence[Row], other: str, issue_id: str) -> tuple[Moved, ...]:
    """Opinions whose issue differs from the machine's, other than by a merge."""
    final = dict(
        zip(
            result.tables["machine_issues"]["issue_id"],
            result.tables["machine_issues"]["merged_into"],
            strict=True,
        )
    )
    found = []
    for row in opinions:
        machine = row["machine_issue_id"]
        if row[other] == issue_id or row["issue_id"] == (final.get(machine) or machine):
            continue
        found.append(
            Moved(
                row["opinion_id"],
                clean(row["text"]),
                row[other],
                result.titles.get(row[other], ""),
                tuple(result.standing("issue_id", result.alike(row))),
            )
        )
    return tuple(found)


def _whereabouts(result: Result, was: Sequence[Row]) -> tuple[tuple[str, str, int], ...]:
    counts = Counter(str(row["issue_id"]) for row in was)
    ranked = sorted(counts, key=lambda own: (-counts[own], own))
    return tuple((own, result.titles.get(own, ""), counts[own]) for own in ranked)


def _voices(result: Result, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    texts = {row["opinion_id"]: row["text"] for row in result.rows("opinions", "opinion_id", ids)}
    return tuple((own, clean(texts.get(own, ""))) for own in ids)


def _decisions(result: Result, issue_id: str) -> tuple[Judged, ...]:
    """Decisions on the issue, and those that moved something into it or merged it."""
    found = []
    for own in result.decisions:
        if issue_id in own.targets:
            found.append(result.judged(own))
        elif own.decision.field == "merge_into" and own.decision.value == issue_id:
            found.append(result.judged(own, "ほかの課題の統合"))
        elif own.decision.field == "issue_id" and issue_id in (
            own.decision.value,
            own.decision.value_seen,
        ):
            found.append(result.judged(own, "意見の移動"))
    return tuple(found)
