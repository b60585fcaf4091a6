"""What the report and the workbook both look up in a plan and in saved tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from pipeline.plan import NO_GOAL
from pipeline.wording import clean, is_person

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.plan import Plan


class SdgMark(NamedTuple):
    """One of the Sustainable Development Goals beside a measure.

    Attributes
    ----------
    words
        Why it is suggested; empty where the plan states it.
    """

    number: int
    name: str
    words: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}".strip()


class DecidedGoal(NamedTuple):
    """What a reviewer saw before deciding on a goal (empty for none), and why he or she did."""

    seen: str
    reason: str


def goal_labels(plan: Plan) -> dict[str, str]:
    """Goal id → number and name, in the plan's order."""
    return {goal.id: f"{goal.id} {goal.name}" for goal in plan.goals}


def measure_labels(plan: Plan) -> dict[str, str]:
    """Measure id → number and name, in the plan's order."""
    return {
        measure.id: f"{measure.id} {measure.name}"
        for goal in plan.goals
        for measure in goal.measures
    }


def goal_evidence(links: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Target and goal → evidence as JSON; of several links the one with most weight."""
    ranked = links.sort_values("score", ascending=False, kind="stable")
    found: dict[tuple[str, str], str] = {}
    columns = (ranked[name].tolist() for name in ("target_id", "goal_id", "evidence"))
    for target, goal_id, evidence in zip(*columns, strict=True):
        found.setdefault((target, goal_id), evidence)
    return found


def linked_goals(links: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Target → all goals that something speaks for, the strongest first, given or not."""
    ranked = links.sort_values(["score", "goal_id"], ascending=[False, True], kind="stable")
    found: dict[str, dict[str, None]] = {}
    pairs = zip(ranked["target_id"].tolist(), ranked["goal_id"].tolist(), strict=True)
    for target, goal_id in pairs:
        found.setdefault(target, {})[goal_id] = None
    return {target: tuple(goals) for target, goals in found.items()}


def issue_titles(issues: pd.DataFrame, machine_issues: pd.DataFrame) -> dict[str, str]:
    """Issue → its title: today's, or the machine's where the issue is a part of another now."""
    titles: dict[str, str] = {}
    for table in (machine_issues, issues):
        titles.update(zip(table["issue_id"], table["title"], strict=True))
    return titles


def decided_goals(decisions: pd.DataFrame) -> dict[str, DecidedGoal]:
    """Target → the decision on its goal that stands, from the table ``applied_decisions``."""
    counting = decisions[(decisions["field"] == "goal_id") & (decisions["stands"] == 1)]
    return {
        row["applied_to"]: DecidedGoal(
            seen="" if row["value_seen"] == NO_GOAL else row["value_seen"],
            reason=clean(row["reason"]).strip(),
        )
        for row in counting.to_dict("records")
    }


def stated_sdgs(numbers: str, names: str) -> tuple[SdgMark, ...]:
    """Goals that the plan states for a measure, from the table ``measures``.

    Examples
    --------
    >>> [mark.label for mark in stated_sdgs("1、3", "貧困をなくそう、すべての人に健康と福祉を")]
    ['1 貧困をなくそう', '3 すべての人に健康と福祉を']
    """
    if not numbers:
        return ()
    own, called = numbers.split("、"), names.split("、")
    if len(called) != len(own):  # a name with 、 in it
        called = [""] * len(own)
    return tuple(SdgMark(int(number), name) for number, name in zip(own, called, strict=True))


def suggested_sdgs(evidence: str) -> tuple[SdgMark, ...]:
    """Goals that the words of a measure suggest, from the table ``measures``."""
    return tuple(
        SdgMark(one["sdg"], one["name"], tuple(one["words"])) for one in json.loads(evidence)
    )


def parts_of_plan(opinions: pd.DataFrame, plan: Plan) -> list[str]:
    """Measure or goal that each opinion is about: as it was addressed, else as it was linked.

    Parameters
    ----------
    opinions
        ``addressed_id, measure_id, goal_id``.

    Returns
    -------
    list of str
        Empty where an opinion is about no part of the plan.
    """
    known = {*goal_labels(plan), *measure_labels(plan)}
    found = []
    for own, measure_id, goal_id in zip(
        opinions["addressed_id"], opinions["measure_id"], opinions["goal_id"], strict=True
    ):
        # Of an action (4-2-1, 4-0-1) the measure or the goal.
        named = (own, own.rpartition("-")[0], own.partition("-")[0], measure_id, goal_id)
        found.append(next((one for one in named if one in known), ""))
    return found


def by_person(assigned_by: pd.Series[str]) -> pd.Series[bool]:
    """Rows that a person decided; of every name :func:`pipeline.wording.is_person` is asked once."""
    return assigned_by.isin([own for own in assigned_by.unique().tolist() if is_person(own)])


def with_answers(table: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Join source kind, question and respondent of the answers to opinions or pieces set aside.

    Never the raw text: it is the one thing that must not leave the answers.
    """
    origin = answers[["answer_id", "source_kind", "question", "respondent_id"]]
    joined = table.merge(origin, on="answer_id", how="left", validate="many_to_one")
    columns = ["source_kind", "question", "respondent_id"]
    joined[columns] = joined[columns].fillna("")
    return joined
