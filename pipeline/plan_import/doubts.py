"""What looks incomplete in a plan that was read from a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.plan_import.text import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence, Sized

    from pipeline.plan import Action, Plan

_MOST_CUT_OFF: Final = 0.2


def find_doubts(plan: Plan, *, has_status: bool) -> list[str]:
    """Japanese sentences on what a plan lacks; what it has nowhere is said once.

    Parameters
    ----------
    has_status
        The plan marks its actions as new, continued and so on.
    """
    goals = [(f"基本目標{goal.id}", goal) for goal in plan.goals]
    measures = [(f"施策{one.id}", one) for goal in plan.goals for one in goal.measures]
    doubts = [
        *_lacking("名前", [(name, goal.name) for name, goal in goals], "基本目標"),
        *_lacking("課題と方向性", [(name, goal.problems) for name, goal in goals], "基本目標"),
        *_lacking("姿", [(name, goal.outlook) for name, goal in goals], "基本目標"),
        *_lacking("施策", [(name, goal.measures) for name, goal in goals], "基本目標"),
        *_lacking("名前", [(name, one.name) for name, one in measures], "施策"),
        *_lacking("内容", [(name, one.contents) for name, one in measures], "施策"),
        *_lacking("取り組み", [(name, one.actions) for name, one in measures], "施策"),
    ]
    if any(goal.slogan for goal in plan.goals):
        doubts += _lacking(
            "副題（〜…〜）", [(name, goal.slogan) for name, goal in goals], "基本目標"
        )
    if has_status:
        doubts += [
            f"取り組み{action.id}に区分（新規・継続など）がありません。"
            for action in _actions(plan)
            if not action.status
        ]
    return doubts + _cut_off(plan)


def _lacking(what: str, places: Sequence[tuple[str, Sized]], kind: str) -> list[str]:
    lacking = [name for name, value in places if not value]
    if len(lacking) == len(places) > 1:
        return [f"どの{kind}にも{what}が見つかりません。"]
    return [f"{name}の{what}が見つかりません。" for name in lacking]


def _cut_off(plan: Plan) -> list[str]:
    """Texts that end amid a sentence, where nearly all others are sentences."""
    texts = [(f"取り組み{action.id}", action.text) for action in _actions(plan)]
    texts += [
        (f"施策{one.id}の内容", text)
        for goal in plan.goals
        for one in goal.measures
        for text in one.contents
    ]
    cut = [(place, text) for place, text in texts if not ends_sentence(text)]
    if len(cut) > _MOST_CUT_OFF * len(texts):
        return []
    return [f"{place}「{text}」が文の途中で終わっているようです。" for place, text in cut]


def _actions(plan: Plan) -> list[Action]:
    return [
        action
        for goal in plan.goals
        for actions in (*(measure.actions for measure in goal.measures), goal.other_actions)
        for action in actions
    ]
