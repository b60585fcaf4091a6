"""What the plan says, line by line, beside how many opinions speak to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.lookups import stated_sdgs, suggested_sdgs
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.lookups import SdgMark
    from pipeline.plan import Action, Plan


MOST_WORDS: Final = 6
"""Words that are shown beside a line."""


@dataclass(frozen=True)
class ActionRow:
    """One line of the action plan (取り組み) and what speaks to it.

    Attributes
    ----------
    status
        The plan's own word: 新規, 継続, …
    words
        Words of the opinions that link them to it, the most frequent ones.
    """

    action_id: str
    text: str
    status: str
    n_opinions: int
    n_people: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class MeasureRow:
    """One measure (施策) and how many opinions speak to it.

    Attributes
    ----------
    contents
        What the plan says that it consists of.
    actions
        Its lines of the action plan.
    sdgs
        Sustainable Development Goals that the plan states.
    suggested
        Further ones that its words suggest.
    """

    measure_id: str
    name: str
    n_opinions: int
    n_people: int
    n_unsure: int
    contents: tuple[str, ...]
    actions: tuple[ActionRow, ...]
    sdgs: tuple[SdgMark, ...]
    suggested: tuple[SdgMark, ...]


def read_actions(actions: pd.DataFrame) -> dict[str, ActionRow]:
    """Line of the action plan → what the table says of it."""
    return {
        row["action_id"]: ActionRow(
            action_id=row["action_id"],
            text=clean(row["text"]),
            status=clean(row["status"]),
            n_opinions=row["n_opinions"],
            n_people=row["n_respondents"],
            words=tuple(clean(word) for word in row["words"].split("、") if word)[:MOST_WORDS],
        )
        for row in actions.to_dict("records")
    }


def rows_of(lines: Sequence[Action], actions: Mapping[str, ActionRow]) -> tuple[ActionRow, ...]:
    """Lines of the action plan in the plan's order, as far as the table has them."""
    return tuple(actions[line.id] for line in lines if line.id in actions)


def build_measures(
    plan: Plan,
    measures: pd.DataFrame,
    opinions: pd.DataFrame,
    actions: Mapping[str, ActionRow],
) -> dict[str, MeasureRow]:
    """Measure id → its row: what the tables say, and how much of it is unsure."""
    planned = {measure.id: measure for goal in plan.goals for measure in goal.measures}
    unsure = opinions[opinions["unsure"]]["measure_id"].value_counts()
    rows = {}
    for row in measures.to_dict("records"):
        stated = stated_sdgs(row["sdgs"], row["sdg_names"])
        known = {mark.number for mark in stated}
        rows[row["measure_id"]] = MeasureRow(
            measure_id=row["measure_id"],
            name=clean(row["name"]),
            n_opinions=row["n_opinions"],
            n_people=row["n_respondents"],
            n_unsure=int(unsure.get(row["measure_id"], 0)),
            contents=planned[row["measure_id"]].contents,
            actions=rows_of(planned[row["measure_id"]].actions, actions),
            sdgs=stated,
            suggested=tuple(
                mark
                for mark in suggested_sdgs(row["suggestion_evidence"])
                if mark.number not in known
            ),
        )
    return rows
