"""Issues with their voices and the reasons for their goal, as plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pipeline.evidence_words import evidence_words
from pipeline.lookups import (
    DecidedGoal,
    decided_goals,
    goal_labels,
    linked_goals,
    measure_labels,
)
from pipeline.report.issue import Issue
from pipeline.report.kwic import find_lines
from pipeline.report.told import INSIDE
from pipeline.report.voices import choose_voices
from pipeline.wording import (
    clean,
    confidence,
    confidence_level,
    goal_counts,
    is_person,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan
    from pipeline.report.changes import Changes
    from pipeline.report.told import Told
    from pipeline.report.voices import Opinion

REPRESENTATIVES = 3
"""Voices that stand open under every issue; the others are folded."""

EVIDENCE_SHOWN = 6
"""Words that are given as reason for one goal."""

RIVALS_SHOWN = 2
"""Goals that are shown beside that of an issue whose opinions are divided."""


def build_issues(
    tables: Mapping[str, pd.DataFrame],
    plan: Plan,
    rows: Mapping[str, Sequence[Opinion]],
    evidence: Mapping[tuple[str, str], str],
    changes: Changes,
    limit: int,
    told: Told,
) -> list[Issue]:
    """All issues, largest first, ties by id.

    Parameters
    ----------
    tables
        ``issues, groups, goal_links, treatments, applied_decisions``.
    plan
        Gives the names of goals and measures.
    rows
        Issue id → its opinions, as far as they may be shown.
    evidence
        Issue and goal → JSON, see :func:`pipeline.lookups.goal_evidence`.
    changes
        What people changed about issues.
    limit
        Most voices of one issue; 0 for all.
    told
        Counts of all opinions.
    """
    labels = goal_labels(plan) | measure_labels(plan) | {"": ""}
    groups = dict(zip(tables["groups"]["group_id"], tables["groups"]["title"], strict=True))
    decided = decided_goals(tables["applied_decisions"])
    links = tables["goal_links"]
    linked = linked_goals(links[links["target_id"].isin(tables["issues"]["issue_id"])])
    proposals = {row["issue_id"]: row for row in tables["treatments"].to_dict("records")}
    issues = []
    for row in tables["issues"].to_dict("records"):
        issue_id, goal_id = row["issue_id"], row["goal_id"]
        own = rows.get(issue_id, [])
        sizes = told.by_goal.get(issue_id, {})
        names = row["representative_opinion_ids"].split()[:REPRESENTATIVES]
        n_wordings = told.n_wordings.get((INSIDE, issue_id), 0)
        voices, further = choose_voices(own, names, limit, n_wordings)
        others = [goal for goal in linked.get(issue_id, ()) if goal != goal_id]
        divided = bool(row["to_split"]) or not goal_id
        decision = decided.get(issue_id, DecidedGoal("", ""))
        issues.append(
            Issue(
                issue_id=issue_id,
                group=clean(groups.get(row["group_id"], "")),
                goal_id=goal_id,
                goal=labels[goal_id],
                measure=labels[row["measure_id"]],
                second_goal=labels[row["goal_id_2"]],
                machine_goal=labels[row["machine_goal_id"]],
                decided_because=decision.reason,
                seen_goal=labels[decision.seen],
                n_silent=sizes.get("", 0),
                to_split=bool(row["to_split"]),
                n_other_goals=sum(sizes.values()) - sizes.get(goal_id, 0),
                evidence=evidence_words(evidence.get((issue_id, goal_id), ""))[:EVIDENCE_SHOWN],
                rivals=tuple(
                    (
                        labels[goal],
                        evidence_words(evidence.get((issue_id, goal), ""))[:EVIDENCE_SHOWN],
                    )
                    for goal in others[: RIVALS_SHOWN if divided else 0]
                ),
                voices=voices,
                further=further,
                treatment=proposals.get(issue_id, {}).get("treatment", ""),
                because=clean(proposals.get(issue_id, {}).get("rule", "")),
                kwic=find_lines(
                    _split(row["words"]), (voice.text for voice in (*voices, *further.voices))
                ),
                merged=changes.merged.get(issue_id, ()),
                n_moved_in=changes.moved_in.get(issue_id, 0),
                n_moved_out=changes.moved_out.get(issue_id, 0),
                **_own_columns(row),
            )
        )
    return sorted(issues, key=lambda issue: (-issue.n_opinions, issue.issue_id))


def _own_columns(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "title": clean(row["title"]),
        "words": _split(row["words"]),
        "n_opinions": row["n_opinions"],
        "n_distinct": row["n_distinct"],
        "n_people": row["n_respondents"],
        "cohesion": share(row["cohesion"]),
        "stability": "" if math.isnan(row["stability"]) else share(row["stability"]),
        "stability_word": row["stability_word"],
        "headings": _split(row["headings"]),
        "confidence": confidence(row["goal_confidence"]),
        "confidence_level": confidence_level(row["goal_confidence"]),
        "goal_counts": goal_counts(row["goal_counts"]),
        "decided_by": clean(row["assigned_by"]) if is_person(row["assigned_by"]) else "",
        "status": row["status"],
        "reviewed_by": clean(row["reviewed_by"]),
        "n_reviewed": row["n_reviewed"],
        "by_people": row["machine_title"] == "",
        "machine_title": clean(row["machine_title"])
        if row["machine_title"] != row["title"]
        else "",
        "comment": clean(row["comment"]).strip(),
    }


def _split(joined: str) -> tuple[str, ...]:
    return tuple(clean(own) for own in joined.split("、") if own)
