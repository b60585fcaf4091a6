"""Columns of opinions, issues and groups that are known when everything else is.

A column that needs more than one stage is put together here; a column of one stage is
made in that stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.textcolumns import among
from pipeline.wording import stability_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.annotate import Annotated
    from pipeline.grouping import Grouping


def with_issues(opinions: pd.DataFrame, machine: Grouping, grouping: Grouping) -> pd.DataFrame:
    """Opinions with their issue and duplicate columns."""
    repeats = opinions["stands_for"].where(opinions["stands_for"] != opinions["opinion_id"], "")
    return opinions.assign(
        duplicate_of=repeats,
        issue_id=pd.array(grouping.issue_ids, dtype="str"),
        machine_issue_id=pd.array(machine.issue_ids, dtype="str"),
        issue_strength=grouping.strengths,
    )


def with_marks(
    opinions: pd.DataFrame, said: Annotated, addressed: Mapping[str, str]
) -> pd.DataFrame:
    """Opinions marked: brought back or hidden in by a person, and what they say they address."""
    restored = {own for names in said.restored.values() for own in names}
    return opinions.assign(
        hidden=among(opinions["opinion_id"], said.hidden).astype(int),
        restored=among(opinions["opinion_id"], restored).astype(int),
        addressed_id=opinions["answer_id"].map(addressed).astype("str").fillna("")
        if addressed
        else "",
    )


def with_machine_titles(grouping: Grouping, machine: Grouping) -> pd.DataFrame:
    """Issues with the title that the machine gave them; none where people made the issue."""
    titles = dict(zip(machine.issues.table["issue_id"], machine.issues.table["title"], strict=True))
    table = grouping.issues.table
    return table.assign(machine_title=[titles.get(own, "") for own in table["issue_id"]])


def with_sizes(issues: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    """Issues with their known respondents, what people reviewed of them, and a word on stability."""
    people = _respondents(opinions, "issue_id")
    reviewed = opinions.groupby("issue_id", sort=True)["reviewed"].sum()
    return issues.assign(
        n_respondents=[people.get(own, 0) for own in issues["issue_id"]],
        n_reviewed=[int(reviewed.get(own, 0)) for own in issues["issue_id"]],
        stability_word=[stability_word(value) for value in issues["stability"]],
    )


def suggest_concepts(
    issues: pd.DataFrame, opinions: pd.DataFrame, grouping: Grouping
) -> pd.DataFrame:
    """Issues that the data made beside the headings: candidates for the concept dictionary."""
    by_machine = (issues["headings"] == "") & (issues["machine_title"] != "")
    found = issues[by_machine & bool(grouping.method["n_by_headings"])]
    first = found["representative_opinion_ids"].str.split().str[0]
    shown = opinions[among(opinions["opinion_id"], first)]
    texts = dict(zip(shown["opinion_id"], shown["text"], strict=True))
    return pd.DataFrame(
        {
            "issue_id": found["issue_id"],
            "name": found["title"],
            "terms": found["words"],
            "n_opinions": found["n_opinions"],
            "example": [texts.get(own, "") for own in first],
        }
    )


def group_sizes(groups: pd.DataFrame, issues: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    """Groups with their issues, opinions and known respondents."""
    group_of = dict(zip(issues["issue_id"], issues["group_id"], strict=True))
    grouped = opinions.assign(group_id=opinions["issue_id"].map({"": "", **group_of}))
    people = _respondents(grouped, "group_id")
    counts = grouped["group_id"].value_counts()
    sizes = issues["group_id"].value_counts()
    return groups.assign(
        n_issues=[int(sizes.get(own, 0)) for own in groups["group_id"]],
        n_opinions=[int(counts.get(own, 0)) for own in groups["group_id"]],
        n_respondents=[people.get(own, 0) for own in groups["group_id"]],
    )


def _respondents(opinions: pd.DataFrame, by: str) -> dict[str, int]:
    """Number of known respondents behind every value of a column."""
    known = opinions[opinions["respondent_id"] != ""]
    counted = known.groupby(by, sort=True)["respondent_id"].nunique()
    return {str(key): int(number) for key, number in counted.items()}
