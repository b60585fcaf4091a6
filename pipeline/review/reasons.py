"""Why a goal: the words that spoke for it, as lines of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.evidence_words import evidence_line, evidence_words
from pipeline.lookups import (
    goal_evidence,
    linked_goals,
)
from pipeline.textcolumns import among

if TYPE_CHECKING:
    import pandas as pd


EVIDENCE = 5


class Why:
    """Words that spoke for a goal, each with its reasons, or for the goals that lost.

    Parameters
    ----------
    targets
        Opinions or issues that will be asked for.
    """

    def __init__(self, links: pd.DataFrame, targets: pd.Series[str]) -> None:
        own = links[among(links["target_id"], targets)]
        self._evidence = goal_evidence(own)
        self._goals = linked_goals(own)

    def words(self, target: str, goal_id: str, *, every: bool = False) -> str:
        """Why this goal.

        Without a goal, why not quite the nearest one; with `every`, why the others, too.
        """
        if target not in self._goals:
            return ""
        own = self._line(target, goal_id) if goal_id else ""
        others = [goal for goal in self._goals.get(target, ()) if goal != goal_id]
        shown = others if every else others[: 0 if goal_id else 1]
        further = [f"→ 目標{goal}：{self._line(target, goal)}" for goal in shown]
        return "\n".join(line for line in (own, *further) if line)

    def _line(self, target: str, goal_id: str) -> str:
        return evidence_line(evidence_words(self._evidence.get((target, goal_id), ""))[:EVIDENCE])
