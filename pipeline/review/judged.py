"""What people decided, in the words of the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.decision_words import NONE, field_name, shown_value
from pipeline.decisions import MEMBERS
from pipeline.lookups import (
    goal_labels,
    measure_labels,
)
from pipeline.wording import (
    is_person,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from pipeline.plan import Plan


class Decided:
    """What people decided about every opinion and issue, in words."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], plan: Plan) -> None:
        titles = titles_of(tables)
        self._lines: dict[str, list[str]] = {}
        self._fields: set[tuple[str, str]] = set()
        made = tables["machine_issues"]
        merged = made[made["outcome"] == "merged"]
        for own, title, into in zip(
            merged["issue_id"], merged["title"], merged["merged_into"], strict=True
        ):
            self._lines.setdefault(into, []).append(f"統合した課題：{own} {title}")
        table = tables["applied_decisions"]
        counting = table[(table["stands"] == 1) & (table["field"] != MEMBERS)]
        for row in counting.to_dict("records"):
            shown = shown_value(row["field"], row["value"], plan, titles)
            line = f"{field_name(row['field'])}：{shown}（{row['reviewer']}）"
            self._lines.setdefault(row["applied_to"], []).append(line)
            self._fields.add((row["applied_to"], row["field"]))

    def has(self, target: str, field: str) -> bool:
        """Whether a decision on a field of this very target is in force."""
        return (target, field) in self._fields

    def words(self, target: str) -> str:
        """One line a decision."""
        return "\n".join(self._lines.get(target, ()))


def labels_of(plan: Plan) -> dict[str, str]:
    """Goal or measure → number and name; of none → なし."""
    return goal_labels(plan) | measure_labels(plan) | {"": NONE}


def label_of(own: str, labels: Mapping[str, str]) -> str:
    """Number and name; empty for none."""
    return labels[own] if own else ""


def titles_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Issue → title."""
    return dict(zip(tables["issues"]["issue_id"], tables["issues"]["title"], strict=True))


def title_of(row: Mapping[Hashable, Any]) -> str:
    """Title now, with the machine's where a person gave another one."""
    machine = row["machine_title"]
    if not machine:
        return f"{row['title']}\n（人が作った課題）"
    return row["title"] if machine == row["title"] else f"{row['title']}\n（機械の題：{machine}）"


def decided_words(own: pd.DataFrame, decided: Decided, labels: Mapping[str, str]) -> list[str]:
    """What people decided about every opinion, or else about its issue or its like."""
    names = ("opinion_id", "goal_id", "assigned_by", "response")
    found = []
    for opinion_id, goal_id, by, response in zip(*(own[n].tolist() for n in names), strict=True):
        lines = [decided.words(opinion_id) or _by_issue(goal_id, by, labels)]
        if response and not decided.has(opinion_id, "response"):
            lines.append(f"{field_name('response')}：{response}（課題か同じ文面への判断）")
        found.append("\n".join(line for line in lines if line))
    return found


def _by_issue(goal_id: str, assigned_by: str, labels: Mapping[str, str]) -> str:
    """Goal that an opinion has from what was decided about its issue, or about its like."""
    if not is_person(assigned_by):
        return ""
    return f"目標：{labels[goal_id]}（{assigned_by}、課題か同じ文面への判断）"
