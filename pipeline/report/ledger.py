"""Where every answer and every opinion went, as sums that the reader can check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.progress import count_statuses
from pipeline.textcolumns import among
from pipeline.wording import ISSUE_STATUSES, NO_GOAL, clean, count, stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

EXAMPLES = 5
"""Examples that are shown of what was set aside for one reason."""

_NAMES: dict[str, str] = {
    "answers": "読み込んだ回答",
    "answers_with_opinions": "意見を切り出した回答",
    "answers_set_aside": "取り上げなかった回答",
    "opinions": "意見",
    "distinct_opinions": "異なる文面の意見",
    "set_aside_pieces": "取り上げなかった部分",
}

_OUTCOMES: dict[str, str] = {
    "kept": "そのまま残った課題",
    "changed": "意見の出入りがあった課題",
    "merged": "ほかの課題に統合した課題",
    "emptied": "意見がすべて移り、なくなった課題",
}


@dataclass(frozen=True)
class Sum:
    """A sum that the reader can check: parts, and what they should add up to."""

    whole: str
    n_whole: int
    parts: tuple[tuple[str, int], ...]

    @property
    def adds_up(self) -> bool:
        """Whether the parts are the whole."""
        return sum(number for _, number in self.parts) == self.n_whole


@dataclass(frozen=True)
class Ledger:
    """Where every answer and every opinion went."""

    sums: tuple[Sum, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """Why something was not carried on, how often, and for example what."""

    reason: str
    stage: str
    n_pieces: int
    examples: tuple[str, ...]


def count_ledger(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Count the row ledger from the tables, with the keys of the manifest's.

    On purpose not the manifest's own count: the report compares the two and says
    so where they differ.
    """
    opinions, set_aside = tables["opinions"], tables["set_aside"]
    carried_on = opinions["answer_id"]
    left_out = set_aside["answer_id"]
    return {
        "answers": len(tables["answers"]),
        "answers_with_opinions": int(carried_on.nunique()),
        "answers_set_aside": int(left_out[~among(left_out, carried_on)].nunique()),
        "opinions": len(opinions),
        "distinct_opinions": int((opinions["duplicate_of"] == "").sum()),
        "set_aside_pieces": len(set_aside),
    }


def build_ledger(
    tables: Mapping[str, pd.DataFrame], labels: Mapping[str, str], stated: Mapping[str, int]
) -> Ledger:
    """Make sums over answers and opinions, and warnings where they disagree.

    Parameters
    ----------
    tables
        ``answers, opinions, issues, machine_issues, set_aside``.
    labels
        Goal id → label, in the plan's order.
    stated
        The manifest's ledger; figures that the tables contradict are named.
    """
    counted = count_ledger(tables)
    opinions = tables["opinions"]
    n_opinions = counted["opinions"]
    n_alone = int((opinions["issue_id"] == "").sum())
    by_goal = opinions["goal_id"].value_counts().to_dict()
    goals = {**{goal_id: f"目標{label}" for goal_id, label in labels.items()}, "": NO_GOAL}
    sums = (
        Sum(
            _NAMES["answers"],
            counted["answers"],
            tuple((_NAMES[n], counted[n]) for n in ("answers_with_opinions", "answers_set_aside")),
        ),
        Sum(
            "切り出した意見",
            n_opinions,
            (
                (_NAMES["distinct_opinions"], counted["distinct_opinions"]),
                ("ほかと同じ文面の意見", n_opinions - counted["distinct_opinions"]),
            ),
        ),
        Sum(
            "切り出した意見",
            n_opinions,
            (
                ("課題に入った意見", n_opinions - n_alone),
                ("どの課題にも入らなかった意見", n_alone),
            ),
        ),
        Sum(
            "切り出した意見",
            n_opinions,
            tuple((label, int(by_goal.get(goal_id, 0))) for goal_id, label in goals.items()),
        ),
    )
    return Ledger((*sums, *_review_sums(tables)), tuple(_disagreements(counted, stated)))


def _review_sums(tables: Mapping[str, pd.DataFrame]) -> Iterable[Sum]:
    """What people made of issues, as sums over issues and over their opinions."""
    opinions, issues, machine = tables["opinions"], tables["issues"], tables["machine_issues"]
    statuses = count_statuses(issues)
    if statuses[""] < len(issues):
        names = {status: f"「{status}」とした課題" for status in ISSUE_STATUSES}
        names[""] = "まだ判定していない課題"
        yield Sum("いまの課題", len(issues), tuple((names[own], n) for own, n in statuses.items()))
        status_of = dict(zip(issues["issue_id"], issues["status"], strict=True))
        inside = opinions["issue_id"][opinions["issue_id"] != ""]
        sizes = inside.map(status_of).value_counts()
        parts = [(f"{name}の意見", int(sizes.get(own, 0))) for own, name in names.items()]
        alone = ("どの課題にも入らなかった意見", len(opinions) - len(inside))
        yield Sum("切り出した意見", len(opinions), (*parts, alone))
    if (machine["outcome"] != "kept").any():
        sizes = machine["outcome"].value_counts()
        outcomes = tuple((name, int(sizes.get(own, 0))) for own, name in _OUTCOMES.items())
        yield Sum("機械がまとめた課題", len(machine), outcomes)


def build_reasons(set_aside: pd.DataFrame) -> tuple[Reason, ...]:
    """Count what was not carried on, by reason, the most frequent first."""
    reasons = [
        Reason(
            reason=clean(str(reason)),
            stage=stage(str(where)),
            n_pieces=len(pieces),
            examples=tuple(
                clean(text) for text in dict.fromkeys(pieces["text"].tolist()) if text.strip()
            )[:EXAMPLES],
        )
        for (where, reason), pieces in set_aside.groupby(["stage", "reason"], sort=True)
    ]
    return tuple(sorted(reasons, key=lambda row: (-row.n_pieces, row.stage, row.reason)))


def _disagreements(counted: Mapping[str, int], stated: Mapping[str, int]) -> list[str]:
    return [
        f"「{_NAMES[name]}」は、記録では{count(stated[name])}件ですが、"
        f"保存された表では{count(number)}件です。"
        for name, number in counted.items()
        if name in stated and stated[name] != number
    ]
