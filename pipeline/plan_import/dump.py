"""A plan → a TOML file that a planner can read, correct and fill in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import tomli_w

from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.plan import Action, Goal, Measure, Plan

_WIDEST_LIST: Final = 100  # columns of a list on one line
_RULE: Final = 70
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_HEADER: Final = (
    "id は番号、name は名前、slogan は副題です。problems（課題と方向性）、outlook（計画が終わる年の姿）、",
    "contents（施策の内容）、actions（取り組み）は計画の文言です。言い換えずに、計画書のとおりにします。",
    "summary は計画の文章ではなく、自分の言葉による要約です。status は「新規」「継続」「充実・強化」など、",
    "計画書にある区分です。sdgs は計画書にある SDGs の番号です（sdgs = [1, 3] のように書きます）。",
)


def dump_plan(
    plan: Plan,
    *,
    header: Sequence[str] = (),
    sdgs_notes: Mapping[str, str] | None = None,
    trailer: Sequence[str] = (),
) -> str:
    """Write a plan as TOML text; :func:`~pipeline.plan.load_plan` gives it back unchanged.

    Parameters
    ----------
    header
        Further lines of the comment at the head.
    sdgs_notes
        Id of a measure → comment beside its ``sdgs``.
    trailer
        Lines of the comment at the end.
    """
    notes = sdgs_notes or {}
    lines = [_comment(plan.title), "#"]
    lines += [_comment(line) for line in (*_HEADER, *(["", *header] if header else []))]
    lines += ["", f"id = {_quoted(plan.id)}", f"title = {_quoted(plan.title)}"]
    lines.append(f"period = {_quoted(plan.period)}")
    for goal in plan.goals:
        lines += _goal_lines(goal, notes)
    if trailer:
        lines += ["", *(_comment(line) for line in trailer)]
    return "\n".join(lines) + "\n"


def _goal_lines(goal: Goal, notes: Mapping[str, str]) -> list[str]:
    title = f"# ── 基本目標{_CONTROL.sub(' ', goal.id)} "
    lines = ["", title + "─" * (_RULE - len(title)), "", "[[goals]]"]
    lines += [
        f"{key} = {_quoted(value)}"
        for key, value in (
            ("id", goal.id),
            ("name", goal.name),
            ("slogan", goal.slogan),
            ("summary", goal.summary),
        )
    ]
    lines += _list("problems", [_quoted(text) for text in goal.problems])
    lines += _list("outlook", [_quoted(text) for text in goal.outlook])
    for measure in goal.measures:
        lines += _measure_lines(measure, notes.get(measure.id, ""))
    for action in goal.other_actions:
        lines += ["", "[[goals.other_actions]]"]
        lines += [f"{key} = {_quoted(value)}" for key, value in _fields(action)]
    return lines


def _measure_lines(measure: Measure, note: str) -> list[str]:
    actions = [
        "{ " + ", ".join(f"{key} = {_quoted(value)}" for key, value in _fields(action)) + " }"
        for action in measure.actions
    ]
    sdgs = f"sdgs = [{', '.join(map(str, measure.sdgs))}]"
    return [
        "",
        "[[goals.measures]]",
        f"id = {_quoted(measure.id)}",
        f"name = {_quoted(measure.name)}",
        *_list("contents", [_quoted(text) for text in measure.contents]),
        f"{sdgs}  {_comment(note)}" if note else sdgs,
        *_list("actions", actions, short=False),
    ]


def _fields(action: Action) -> list[tuple[str, str]]:
    status = [("status", action.status)] if action.status else []
    return [("id", action.id), *status, ("text", action.text)]


def _list(key: str, values: Sequence[str], *, short: bool = True) -> list[str]:
    one = f"{key} = [{values[0] if values else ''}]"
    if not values or (short and len(values) == 1 and text_width(one) <= _WIDEST_LIST):
        return [one]
    return [f"{key} = [", *(f"  {value}," for value in values), "]"]


def _quoted(text: str) -> str:
    return tomli_w.dumps({"x": text}).removeprefix("x = ").rstrip("\n")


def _comment(text: str) -> str:
    return f"# {_CONTROL.sub(' ', text)}".rstrip()
