"""Decisions applied: what people decided stands in the place of what the machine proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.decisions import COLUMNS, FIELDS, Decision, standing
from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Sequence


def tabulate_decisions(
    decisions: Sequence[Decision],
    followed: Sequence[Decision],
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
) -> pd.DataFrame:
    """Table ``applied_decisions``: what was decided, and what it was applied to.

    Parameters
    ----------
    followed
        What :func:`follow_issues` made of the decisions.
    opinions, issues
        After the decisions: what does not fit (a measure of another goal) did not stay.
    """
    values = {
        (target, field): value
        for table, key in ((opinions, "opinion_id"), (issues, "issue_id"))
        for field in FIELDS
        for target, value in zip(table[key], table[field], strict=True)
    }
    counting = {
        own.decision_id
        for place, own in standing(followed).items()
        if values.get(place) == ("" if own.value == NO_GOAL else own.value)
    }
    return pd.DataFrame(decisions, columns=list(COLUMNS)).assign(
        applied_to=[own.target_id for own in followed],
        stands=[int(own.decision_id in counting) for own in decisions],
    )


def decide_goals(
    table: pd.DataFrame, ids: Sequence[str], decisions: Sequence[Decision]
) -> pd.DataFrame:
    """Put what people decided in the place of what the machine proposed.

    Parameters
    ----------
    table
        Columns of :class:`pipeline.goals.opinions.Assignment`; ``machine_goal_id`` stays.
    ids
        Opinion or issue id of every row.

    Returns
    -------
    DataFrame
        ``assigned_by`` is the reviewer where the goal was decided.
    """
    counting = standing(decisions)
    columns = {name: table[name].tolist() for name in (*FIELDS, "assigned_by")}
    for row, own in enumerate(ids):
        decided = [counting[own, field] for field in FIELDS if (own, field) in counting]
        for decision in decided:
            value = "" if decision.value == NO_GOAL else decision.value
            if decision.field == "goal_id" and value != columns["goal_id"][row]:
                columns["goal_id_2"][row] = ""  # it stood beside the goal that was replaced
            columns[decision.field][row] = value
            if decision.field == "goal_id":
                columns["assigned_by"][row] = decision.reviewer
        if decided:
            _leave_consistent(columns, row, table["measure_id"].iloc[row])
    return table.assign(**columns)


def inherit_goals(
    opinions: pd.DataFrame, issues: pd.DataFrame, decisions: Sequence[Decision]
) -> pd.DataFrame:
    """Let the opinions of an issue follow what was decided for it.

    An opinion of which anything was decided by itself stays where it is.
    """
    counting = standing(decisions)
    looked_at = {target for target, _ in counting}
    decided = {
        str(row["issue_id"]): row
        for row in issues.to_dict("records")
        if (str(row["issue_id"]), "goal_id") in counting
    }
    names = [*FIELDS, "assigned_by"]
    columns = {name: opinions[name].tolist() for name in names}
    for row, (own, issue) in enumerate(
        zip(opinions["opinion_id"], opinions["issue_id"], strict=True)
    ):
        if issue in decided and own not in looked_at:
            for name in names:
                columns[name][row] = decided[issue][name]
    return opinions.assign(**columns)


def _leave_consistent(columns: dict[str, list[str]], row: int, machine_measure: str) -> None:
    """A measure of another goal, or a second goal beside none or itself, does not stay."""
    goal = columns["goal_id"][row]
    mark = f"{goal}-"
    if not goal or not columns["measure_id"][row].startswith(mark):
        fits = bool(goal) and machine_measure.startswith(mark) and columns["measure_id"][row]
        columns["measure_id"][row] = machine_measure if fits else ""
    if columns["goal_id_2"][row] == goal or not goal:
        columns["goal_id_2"][row] = ""
