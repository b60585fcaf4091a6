"""Goals of a plan while they are being read, and what their numbers tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.plan import Action, Goal, Measure
from pipeline.plan_import.marks import is_known_status
from pipeline.plan_import.text import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.plan_import.outline import Part


@dataclass
class ActionDraft:
    """An action line as read; `number` is the plan's own, 0 where it has none."""

    text: str
    status: str
    number: int


@dataclass
class MeasureDraft:
    """A measure that is being read."""

    part: Part
    number: int
    name: str
    contents: list[str] = field(default_factory=list)
    actions: list[ActionDraft] = field(default_factory=list)
    sdgs: set[int] = field(default_factory=set)
    leading: str | None = None  # what kind of item its first action was


@dataclass
class GoalDraft:
    """A goal that is being read."""

    part: Part
    name: str
    slogan: str
    parts: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)  # below the heading of the picture
    loose: list[list[Part]] = field(default_factory=list)
    outlook: list[str] = field(default_factory=list)
    has_outlook: bool = False
    measures: list[MeasureDraft] = field(default_factory=list)
    others: list[ActionDraft] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The plan's own number."""
        return str(self.part.number[0])

    def finished(self) -> Goal:
        """The goal with its ids; actions are numbered in their order."""
        return Goal(
            id=self.id,
            name=tidy(self.name),
            slogan=tidy(self.slogan),
            problems=tuple(map(tidy, self.problems)),
            outlook=tuple(map(tidy, self.outlook)),
            measures=tuple(
                Measure(
                    id=f"{self.id}-{measure.number}",
                    name=tidy(measure.name),
                    contents=tuple(map(tidy, measure.contents)),
                    actions=_actions(f"{self.id}-{measure.number}", measure.actions),
                    sdgs=tuple(sorted(measure.sdgs)),
                )
                for measure in self.measures
            ),
            other_actions=_actions(f"{self.id}-0", self.others),
        )


def number_doubts(goal: GoalDraft) -> list[str]:
    """Say where the plan's own numbers have a gap: a line may be lost or joined to another."""
    own = [measure.number for measure in goal.measures]
    doubts = [
        f"施策{goal.id}-{number}が見つかりません。"
        for number in sorted(set(range(1, max(own, default=0))) - set(own))
    ]
    lists = [(f"施策{goal.id}-{one.number}", one.actions) for one in goal.measures]
    lists.append((f"基本目標{goal.id}のその他", goal.others))
    for name, actions in lists:
        numbers = [action.number for action in actions if action.number]
        # A second list, of the residents' part perhaps, begins again at 1.
        if any(now not in {1, before + 1} for before, now in pairwise([0, *numbers])):
            listed = "、".join(map(str, numbers))
            doubts.append(f"{name}の取り組みの番号が続いていません（{listed}）。")
    statuses = Counter(action.status for _, actions in lists for action in actions)
    return doubts + [
        f"基本目標{goal.id}に見慣れない区分「{status}」があります（{n}件）。"
        for status, n in statuses.items()
        if status and not is_known_status(status)
    ]


def _actions(home: str, drafts: Sequence[ActionDraft]) -> tuple[Action, ...]:
    return tuple(
        Action(id=f"{home}-{place}", text=tidy(draft.text), status=draft.status)
        for place, draft in enumerate(drafts, start=1)
    )
