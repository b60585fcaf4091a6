"""Issues with their voices and the reasons for their goal, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.lookups import goal_evidence, goal_labels, measure_labels
from pipeline.report.views import Issue
from pipeline.report.voices import choose_voices
from pipeline.wording import (
    clean,
    confidence_level,
    confidence_word,
    evidence_words,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan
    from pipeline.report.voices import Opinion

REPRESENTATIVES = 3
"""Voices that stand open under every issue; the others are folded."""

EVIDENCE_SHOWN = 12
"""Words that are given as reason for one goal."""


def build_issues(
    tables: Mapping[str, pd.DataFrame],
    plan: Plan,
    rows: Mapping[str, Sequence[Opinion]],
    limit: int,
) -> list[Issue]:
    """All issues, largest first, ties by id.

    Parameters
    ----------
    tables
        ``issues, groups, goal_links``.
    plan
        Gives the names of goals and measures.
    rows
        Issue id → its opinions.
    limit
        Most voices of one issue; 0 for all.
    """
    labels = goal_labels(plan) | measure_labels(plan) | {"": ""}
    groups = dict(zip(tables["groups"]["group_id"], tables["groups"]["title"], strict=True))
    evidence = goal_evidence(tables["goal_links"])
    issues = []
    for row in tables["issues"].to_dict("records"):
        issue_id, goal_id = row["issue_id"], row["goal_id"]
        own = rows.get(issue_id, [])
        names = row["representative_opinion_ids"].split()[:REPRESENTATIVES]
        voices, further = choose_voices(own, names, limit)
        issues.append(
            Issue(
                issue_id=issue_id,
                group=clean(groups.get(row["group_id"], "")),
                goal_id=goal_id,
                goal=labels[goal_id],
                measure=labels[row["measure_id"]],
                second_goal=labels[row["goal_id_2"]],
                n_other_goals=sum(opinion.goal_id != goal_id for opinion in own),
                evidence=evidence_words(evidence.get((issue_id, goal_id), ""))[:EVIDENCE_SHOWN],
                voices=voices,
                further=further,
                **_own_columns(row),
            )
        )
    return sorted(issues, key=lambda issue: (-issue.n_opinions, issue.issue_id))


def _own_columns(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "title": clean(row["title"]),
        "words": tuple(clean(word) for word in row["words"].split("、") if word),
        "n_opinions": row["n_opinions"],
        "n_distinct": row["n_distinct"],
        "n_people": row["n_respondents"],
        "cohesion": share(row["cohesion"]),
        "stability": share(row["stability"]),
        "stability_word": row["stability_word"],
        "headings": tuple(clean(name) for name in row["headings"].split("、") if name),
        "confidence": confidence_word(row["goal_confidence"]),
        "confidence_level": confidence_level(row["goal_confidence"]),
        "confidence_figure": share(row["goal_confidence"]),
        "by_person": row["assigned_by"] not in {"machine", ""},
    }
