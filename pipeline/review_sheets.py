"""What stands in the reviewers' workbook: sheets of columns and rows, without any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.evidence_words import evidence_line, evidence_words
from pipeline.lookups import (
    goal_evidence,
    goal_labels,
    linked_goals,
    measure_labels,
    stated_sdgs,
    suggested_sdgs,
    with_answers,
)
from pipeline.review_columns import (
    ISSUE_COLUMNS,
    MEASURE_COLUMNS,
    OPINION_COLUMNS,
    SET_ASIDE_COLUMNS,
    Cell,
    Sheet,
)
from pipeline.review_order import rank_issues, rank_opinions
from pipeline.wording import (
    clean,
    goal_counts,
    is_person,
    opinion_kind,
    source_kind,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from pipeline.plan import Plan

DECISIONS = ("採用", "保留", "却下")
NO_GOAL_CHOICE = "なし（どの目標にも当てはまらない）"
NO_GOAL_CELL = "なし"
VOICES = 3
EVIDENCE = 5


def issue_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """課題: one row an issue, what teaches most first (:mod:`pipeline.review_order`)."""
    labels = _labels(plan)
    groups = dict(zip(tables["groups"]["group_id"], tables["groups"]["title"], strict=True))
    texts = dict(zip(tables["opinions"]["opinion_id"], tables["opinions"]["text"], strict=True))
    why = _Why(tables["goal_links"])
    places = rank_issues(tables["issues"])
    rows: list[tuple[Cell, ...]] = []
    for row in tables["issues"].to_dict("records"):
        voices = [
            texts[name] for name in row["representative_opinion_ids"].split() if name in texts
        ]
        rows.append(
            (
                places[row["issue_id"]],
                row["issue_id"],
                groups.get(row["group_id"], ""),
                row["title"],
                row["headings"],
                row["words"],
                row["n_opinions"],
                row["n_distinct"],
                row["n_respondents"],
                row["cohesion"],
                row["stability_word"],
                "\n".join(f"・{voice.strip()}" for voice in voices[:VOICES]),
                "",
                labels[row["machine_goal_id"]],
                row["goal_confidence"],
                why.words(row["issue_id"], row["machine_goal_id"], every=bool(row["to_split"])),
                _spread(row["goal_counts"], row["to_split"]),
                _decided(row, labels),
                "",
                _measure(row, labels),
                "",
                "",
                "",
            )
        )
    rows.sort()  # by the place, of which there are no two alike
    return Sheet("課題", ISSUE_COLUMNS, tuple(rows), frozen=4, lines=9)


def _proposed(row: Mapping[Hashable, Any], labels: Mapping[str, str]) -> str:
    """The machine's goal, or the likeliest one that it leaves to a person."""
    withheld = row["withheld_goal_id"]
    return f"（人にまかせる）{labels[withheld]}" if withheld else labels[row["machine_goal_id"]]


def opinion_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """意見: one row an opinion, by issue in the order of 課題; those in no issue come last.

    Inside an issue what teaches most comes first (:mod:`pipeline.review_order`).
    """
    labels = _labels(plan)
    issues, why = tables["issues"], _Why(tables["goal_links"])
    titles = dict(zip(issues["issue_id"], issues["title"], strict=True)) | {"": ""}
    issue_places = rank_issues(issues) | {"": len(issues) + 1}
    joined = with_answers(tables["opinions"], tables["answers"])
    alike = joined["duplicate_of"].where(joined["duplicate_of"] != "", joined["opinion_id"])
    said = alike.value_counts().to_dict()
    joined = joined.assign(
        issue_place=joined["issue_id"].map(issue_places),
        place=joined["opinion_id"].map(rank_opinions(joined)),
    ).sort_values(["issue_place", "place", "opinion_id"])
    rows = [
        (
            row["place"],
            row["opinion_id"],
            row["issue_id"],
            titles[row["issue_id"]],
            row["text"],
            said[row["duplicate_of"] or row["opinion_id"]],
            opinion_kind(row["kind"]),
            source_kind(row["source_kind"]),
            row["question"],
            _proposed(row, labels),
            row["goal_confidence"],
            why.words(row["opinion_id"], row["machine_goal_id"] or row["withheld_goal_id"]),
            _decided(row, labels),
            "",
            _measure(row, labels),
            "",
            "",
            "",
        )
        for row in joined.to_dict("records")
    ]
    return Sheet("意見", OPINION_COLUMNS, tuple(rows), frozen=2, lines=6)


def measure_sheet(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Sheet:
    """施策: one row a measure in the plan's order, with the SDGs stated and suggested."""
    labels = _labels(plan)
    known = {row["measure_id"]: row for row in tables["measures"].to_dict("records")}
    rows = [
        (
            labels[goal.id],
            measure.id,
            measure.name,
            row["n_opinions"],
            row["n_distinct"],
            row["n_issues"],
            row["n_respondents"],
            "\n".join(mark.label for mark in stated_sdgs(row["sdgs"], row["sdg_names"])),
            "\n".join(
                f"{mark.label}（{'、'.join(mark.words)}）"
                for mark in suggested_sdgs(row["suggestion_evidence"])
            ),
            "",
            "",
        )
        for goal in plan.goals
        for measure in goal.measures
        if (row := known.get(measure.id))
    ]
    return Sheet("施策", MEASURE_COLUMNS, tuple(rows), frozen=3, lines=6)


def set_aside_sheet(tables: Mapping[str, pd.DataFrame]) -> Sheet:
    """対象外: what was not carried on, with the reason."""
    rows = [
        (
            row["answer_id"],
            row["start"],
            row["end"],
            row["reason"],
            stage(row["stage"]),
            row["text"],
            source_kind(row["source_kind"]),
            row["question"],
        )
        for row in with_answers(tables["set_aside"], tables["answers"]).to_dict("records")
    ]
    return Sheet("対象外", SET_ASIDE_COLUMNS, tuple(rows), frozen=1, lines=4)


def choices(tables: Mapping[str, pd.DataFrame], plan: Plan) -> dict[str, tuple[str, ...]]:
    """Make the lists that yellow cells offer; every entry begins with its id."""
    ordered = tables["issues"]
    issues = zip(ordered["issue_id"], ordered["title"], strict=True)
    return {
        "goals": (*goal_labels(plan).values(), NO_GOAL_CHOICE),
        "measures": tuple(measure_labels(plan).values()),
        "issues": tuple(f"{issue_id} {clean(title)[:60]}" for issue_id, title in issues),
        "decisions": DECISIONS,
    }


class _Why:
    """Words that spoke for a goal, each with its reasons, or for the goals that lost."""

    def __init__(self, links: pd.DataFrame) -> None:
        self._evidence = goal_evidence(links)
        self._goals = linked_goals(links)

    def words(self, target: str, goal_id: str, *, every: bool = False) -> str:
        """Why this goal.

        Without a goal, why not quite the nearest one; with `every`, why the others, too.
        """
        own = self._line(target, goal_id) if goal_id else ""
        others = [goal for goal in self._goals.get(target, ()) if goal != goal_id]
        shown = others if every else others[: 0 if goal_id else 1]
        further = [f"→ 目標{goal}：{self._line(target, goal)}" for goal in shown]
        return "\n".join(line for line in (own, *further) if line)

    def _line(self, target: str, goal_id: str) -> str:
        return evidence_line(evidence_words(self._evidence.get((target, goal_id), ""))[:EVIDENCE])


def _labels(plan: Plan) -> dict[str, str]:
    return goal_labels(plan) | measure_labels(plan) | {"": NO_GOAL_CELL}


def _decided(row: Mapping[Hashable, Any], labels: Mapping[str, str]) -> str:
    """What a person decided, and who."""
    if not is_person(row["assigned_by"]):
        return ""
    return f"{labels[row['goal_id']]}（{row['assigned_by']}）"


def _measure(row: Mapping[Hashable, Any], labels: Mapping[str, str]) -> str:
    return labels[row["measure_id"]] if row["measure_id"] else ""


def _spread(counts: str, to_split: int) -> str:
    shown = goal_counts(counts)
    return f"{shown}\n→ 目標が分かれています。分けるか確かめてください" if to_split else shown
