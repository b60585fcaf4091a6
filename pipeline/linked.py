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
from pipeline.goals.opinions import link_opinions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.concepts import Hit
    from pipeline.decisions import Decision
    from pipeline.goals.mapper import GoalMapper
    from pipeline.tokens import Token


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
    tokens: Sequence[tuple[Token, ...]],
    hits: Sequence[Sequence[Hit]],
    questions: Mapping[str, Sequence[Token]],
    mapper: GoalMapper,
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
    tokens, hits
        Of every opinion.
    questions
        Question → its tokens.
    decisions
        As they apply to this run (:mod:`pipeline.follow`).
    """
    ids, issue_ids = opinions["opinion_id"].tolist(), issues["issue_id"].tolist()
    everywhere = with_same_wording(decisions, opinions)
    told = {own for own, field in in_force(everywhere) if field == "goal_id"}
    linked = link_opinions(opinions, tokens, mapper, questions, hits, told)
    opinions = decide_kinds(opinions, everywhere).join(with_machine_links(linked.assigned))
    proposed, proposed_links = link_issues(issues, opinions, linked.links)
    opinions = decide_goals(opinions, ids, everywhere)
    goals, links = link_issues(issues, opinions, linked.links)
    goals = decide_goals(beside(goals, proposed), issue_ids, decisions).assign(
        machine_goal_id_2=proposed["goal_id_2"], machine_measure_id=proposed["measure_id"]
    )
    issues = issues.join(goals.drop(columns=["goal_score", "withheld_goal_id"]))
    opinions = inherit_goals(opinions, issues, everywhere)
    issues = decide_titles(count_goals(issues, opinions), decisions)
    opinions = decide_responses(opinions, issues, decisions, everywhere)
    return Linked(
        mark_reviewed(opinions, issues, decisions),
        issues,
        all_links(linked.links, links, proposed_links),
        linked.lessons,
    )
