"""What the report and the workbook both look up in a plan and in saved tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.plan import Plan


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
    for target, goal_id, evidence in zip(
        ranked["target_id"], ranked["goal_id"], ranked["evidence"], strict=True
    ):
        found.setdefault((target, goal_id), evidence)
    return found


def with_answers(table: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Join source kind, question and respondent of the answers to opinions or pieces set aside.

    Never the raw text: it is the one thing that must not leave the answers.
    """
    origin = answers[["answer_id", "source_kind", "question", "respondent_id"]]
    joined = table.merge(origin, on="answer_id", how="left", validate="many_to_one")
    columns = ["source_kind", "question", "respondent_id"]
    joined[columns] = joined[columns].fillna("")
    return joined
