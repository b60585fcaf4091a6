"""Opinions and issues under their goals: the machine's proposal, and people's word over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.decided import (
    decide_goals,
    decide_kinds,
    decide_responses,
    decide_titles,
    inherit_goals,
    mark_reviewed,
    with_machine_links,
)
from pipeline.decisions import in_force
from pipeline.follow import with_same_wording
from pipeline.goals.issues import all_links, beside, count_goals, link_issues

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from pipeline.decisions import Decision
    from pipeline.goals.opinions import OpinionGoals


class Linked(NamedTuple):
    """Opinions and issues with their goals, and why.

    Attributes
    ----------
    opinions, issues
        As they came, with goals, kinds, titles, judgements, responses and comments; the
        machine's values beside in the columns that begin with ``machine_``.
    links, lessons
        Tables ``goal_links`` and ``lessons``.
    """

    opinions: pd.DataFrame
    issues: pd.DataFrame
    links: pd.DataFrame
    lessons: pd.DataFrame


def link_goals(
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
    proposed: OpinionGoals,
    decisions: Sequence[Decision],
) -> Linked:
    """Give opinions and issues their goals, the machine's first and then people's.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id, start, kind, question, source_kind, stands_for``; issues as
        people left them.
    issues
        ``issue_id, title``.
    proposed
        What the machine makes of every opinion (:func:`pipeline.goals.opinions.link_opinions`).
    decisions
        As they apply to this run (:mod:`pipeline.follow`).
    """
    issue_ids = issues["issue_id"].tolist()
    everywhere = with_same_wording(decisions, opinions)
    opinions = decide_kinds(opinions, everywhere).join(with_machine_links(proposed.assigned))
    of_machine, machine_links = link_issues(issues, opinions, proposed.links)
    decided = decide_goals(opinions, opinions["opinion_id"], everywhere)
    goals, links = of_machine, machine_links
    if decided is not opinions:
        opinions = decided
        goals, links = link_issues(issues, opinions, proposed.links)
    goals = decide_goals(beside(goals, of_machine), issue_ids, decisions).assign(
        machine_goal_id_2=of_machine["goal_id_2"], machine_measure_id=of_machine["measure_id"]
    )
    issues = issues.join(goals.drop(columns=["goal_score", "withheld_goal_id"]))
    opinions = inherit_goals(opinions, issues, everywhere)
    issues = decide_titles(count_goals(issues, opinions), decisions)
    opinions = decide_responses(opinions, issues, decisions, everywhere)
    return Linked(
        mark_reviewed(opinions, issues, decisions),
        issues,
        all_links(proposed.links, links, machine_links),
        proposed.lessons,
    )


def told_goals(decisions: Sequence[Decision], opinions: pd.DataFrame) -> set[str]:
    """Opinions of which a person decided the goal, by themselves or with their wording.

    Parameters
    ----------
    opinions
        ``opinion_id, stands_for``.
    """
    everywhere = with_same_wording(decisions, opinions)
    return {own for own, field in in_force(everywhere) if field == "goal_id"}
