"""The opinions of a run in another number of issues, nothing written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.errors import UsageError
from pipeline.grouping import Memory, group_opinions
from pipeline.identity import highest_number, wording_key
from pipeline.study import MOST_ISSUES

if TYPE_CHECKING:
    from pipeline.inspection.remade import Remade


def regrouped(made: Remade, issues: int) -> pd.DataFrame:
    """Group the opinions of a run into another number of issues.

    Parameters
    ----------
    issues
        How many are wanted, 1 to 1000. There may be fewer: the data do not allow for any number.

    Returns
    -------
    DataFrame
        ``opinion_id, issue_id, title, stability`` (of the issue, 0 to 1), sorted by id, a row
        an opinion; empty for no issue, NaN its stability. It is what the machine makes,
        without what people decided. An issue that holds much the same opinions as one of the
        machine's issues of the run has its number.

    Raises
    ------
    UsageError
        There cannot be so many.
    """
    if not 1 <= issues <= MOST_ISSUES:
        raise UsageError(
            f"課題の数 {issues} は指定できません。",
            remedy=f"1 から {MOST_ISSUES} までの数を指定してください。",
        )
    opinions = made.opinions
    before = opinions[opinions["machine_issue_id"] != ""]
    memory = Memory(
        {
            wording_key(text): issue
            for text, issue in zip(before["text"], before["machine_issue_id"], strict=True)
        },
        max(made.memory.highest, highest_number(before["machine_issue_id"])),
        made.memory.joined,
    )
    grouping = group_opinions(
        opinions,
        made.tokens,
        made.topics,
        made.knowledge,
        made.parameters.model_copy(update={"issues": issues}),
        memory,
    )
    table = grouping.issues.table
    titles = {"": "", **dict(zip(table["issue_id"], table["title"], strict=True))}
    stable = dict(zip(table["issue_id"], table["stability"], strict=True))
    return pd.DataFrame(
        {
            "opinion_id": opinions["opinion_id"],
            "issue_id": [str(own) for own in grouping.issue_ids],
            "title": [titles[own] for own in grouping.issue_ids],
            "stability": [stable.get(own, math.nan) for own in grouping.issue_ids],
        }
    ).reset_index(drop=True)
