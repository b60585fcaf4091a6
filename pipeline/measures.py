"""Measures of the plan with what speaks to each, and the SDGs it serves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.tables import SCHEMAS, conform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.plan import Measure, Plan
    from pipeline.sdgs import Sdg, SdgSuggestion


def tabulate_measures(
    plan: Plan,
    sdgs: Sequence[Sdg],
    suggestions: Mapping[str, Sequence[SdgSuggestion]],
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
) -> pd.DataFrame:
    """Table ``measures``: one row a measure, those that nobody speaks to included.

    Parameters
    ----------
    sdgs
        Give the names of the goals.
    suggestions
        Measure id → SDGs that its words suggest, see :func:`pipeline.sdgs.suggest_sdgs`.
        They stand beside the plan's own, never among them.
    opinions
        ``opinion_id, duplicate_of, measure_id, respondent_id``.
    issues
        ``measure_id``.
    """
    names = {one.number: one.name for one in sdgs}
    spoken = opinions.assign(
        wording=opinions["duplicate_of"].where(
            opinions["duplicate_of"] != "", opinions["opinion_id"]
        )
    )
    by_measure = dict(iter(spoken.groupby("measure_id", sort=True)))
    nobody = spoken.iloc[:0]
    n_issues = issues["measure_id"].value_counts()
    rows = []
    for goal in plan.goals:
        for measure in goal.measures:
            own = by_measure.get(measure.id, nobody)
            known = own["respondent_id"]
            rows.append(
                {
                    "goal_id": goal.id,
                    "measure_id": measure.id,
                    "name": measure.name,
                    **_sdg_columns(measure, names, suggestions.get(measure.id, ())),
                    "n_opinions": len(own),
                    "n_distinct": own["wording"].nunique(),
                    "n_issues": int(n_issues.get(measure.id, 0)),
                    "n_respondents": known[known != ""].nunique(),
                }
            )
    return conform("measures", pd.DataFrame(rows, columns=SCHEMAS["measures"].names))


def _sdg_columns(
    measure: Measure, names: Mapping[int, str], suggested: Sequence[SdgSuggestion]
) -> dict[str, str]:
    evidence = [
        {
            "sdg": one.number,
            "name": names.get(one.number, ""),
            "words": list(one.words),
            "score": one.score,
        }
        for one in suggested
    ]
    return {
        "sdgs": "、".join(map(str, measure.sdgs)),
        "sdg_names": "、".join(names.get(number, "") for number in measure.sdgs),
        "suggested_sdgs": "、".join(str(one.number) for one in suggested),
        "suggestion_evidence": json.dumps(evidence, ensure_ascii=False),
    }
