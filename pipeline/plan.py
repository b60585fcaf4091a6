"""The plan as a codebook: goals, measures, actions.

A plan is a TOML file in ``dictionaries/plans``. Its names of goals, measures and
actions are the plan's own; ids follow its numbering (goal ``"4"``, measure
``"4-2"``, action ``"4-2-1"``; actions under a goal but under no measure
``"4-0-1"``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import InputError
from pipeline.resources import dictionaries_folder
from pipeline.study import explain, without_echoes
from pipeline.tomlfile import Problem, faulty, place_line, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

USUAL_STATUSES: Final = ("新規", "継続", "充実・強化")
"""What plans mostly say of an action; a town may have words of its own (拡充, 見直し)."""

_NAME: Final = "計画ファイル"


NO_GOAL: Final = "0"
"""What stands for none of a plan's goals in rules, examples and evaluations."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Action(_Frozen):
    """One line of an action plan (アクションプラン) and what happens to it.

    Attributes
    ----------
    status
        The plan's own word, mostly one of :data:`USUAL_STATUSES`; empty where the
        plan has none.
    """

    id: str
    text: str
    status: str = ""


class Measure(_Frozen):
    """A measure (施策) under a goal.

    Attributes
    ----------
    contents
        What the measure consists of (内容), one entry a line of the plan.
    sdgs
        Numbers of the Sustainable Development Goals that the plan marks.
    """

    id: str
    name: str
    contents: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    sdgs: tuple[int, ...] = ()


class Goal(_Frozen):
    """A basic goal (基本目標).

    Attributes
    ----------
    id
        The plan's own number as text.
    slogan
        The line under the name (〜…〜).
    summary
        What the goal answers, in our own words.
    problems
        What the plan says is wrong and which way it goes (課題と方向性), one entry a
        paragraph, in the plan's own words.
    outlook
        How the city should look at the end of the plan, one entry a picture.
    other_actions
        Actions under the goal that belong to none of its measures.
    """

    id: str
    name: str
    slogan: str = ""
    summary: str = ""
    problems: tuple[str, ...] = ()
    outlook: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    other_actions: tuple[Action, ...] = ()


class Plan(_Frozen):
    """A plan: its goals in their order."""

    id: str
    title: str
    period: str = ""
    goals: tuple[Goal, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_agree(self) -> Plan:
        problems = tuple(_misnumbered(self.goals))
        if any(goal.id == NO_GOAL for goal in self.goals):
            said = f"番号 {NO_GOAL} は「どの目標でもない」に使うので、目標には使えません"
            problems = ((NO_GOAL, said), *problems)
        if problems:
            raise _NumberingError(problems)
        return self

    def goal(self, goal_id: str) -> Goal:
        """Goal with this id."""
        return next(goal for goal in self.goals if goal.id == goal_id)

    def measure(self, measure_id: str) -> Measure:
        """Measure with this id."""
        return next(
            measure for goal in self.goals for measure in goal.measures if measure.id == measure_id
        )


class _NumberingError(ValueError):
    """Ids that do not agree: each with what is wrong with it."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("、".join(text for _, text in problems))
        self.problems = problems


def find_plan(name: str, study_folder: Path) -> Path:
    """Path of the plan that a study names.

    Parameters
    ----------
    name
        Name of a plan that comes with Kadai, or a path to a plan file, relative
        to the study's folder.

    Raises
    ------
    InputError
        There is no such plan; the known ones are listed.
    """
    plans = dictionaries_folder() / "plans"
    candidates = [study_folder / name] if name.endswith(".toml") else [plans / f"{name}.toml"]
    for path in candidates:
        if path.is_file():
            return path
    known = sorted(
        path.stem for path in plans.glob("*.toml") if not path.name.endswith(".rules.toml")
    )
    raise InputError(
        f"計画「{name}」が見つかりません。",
        remedy=f"使える計画: {'、'.join(known)}。自分の計画は「….toml」の形のパスで指定します。",
    )


def load_plan(path: Path) -> Plan:
    """Read and check a plan file.

    Raises
    ------
    InputError
        The file is not a plan; every wrong key is listed.
    """
    text, values = read_toml(path, _NAME)
    try:
        return Plan.model_validate(values)
    except ValidationError as error:
        problems = [
            problem
            for detail in without_echoes(error.errors())
            for problem in _problems(detail, text, values)
        ]
        raise faulty(path.name, _NAME, problems, "上の項目を直してください。") from error


def _misnumbered(goals: Sequence[Goal]) -> Iterator[tuple[str, str]]:
    """Ids that do not stand under their goal or measure, or stand there twice."""
    seen: set[str] = set()
    twice: list[str] = []

    def note(name: str) -> None:
        if name in seen:
            twice.append(name)
        seen.add(name)

    for goal in goals:
        note(goal.id)
        for measure in goal.measures:
            note(measure.id)
            if not measure.id.startswith(f"{goal.id}-"):
                yield measure.id, f"施策 {measure.id} が基本目標 {goal.id} の下にあります"
        homes = [(measure.id, measure.actions) for measure in goal.measures]
        for home, actions in (*homes, (f"{goal.id}-0", goal.other_actions)):
            for action in actions:
                note(action.id)
                if not action.id.startswith(f"{home}-"):
                    yield action.id, f"アクションプラン {action.id} が {home} の下にあります"
    for name in dict.fromkeys(twice):
        yield name, f"番号が重複しています: {name}"


def _problems(detail: ErrorDetails, text: str, values: Mapping[str, Any]) -> list[Problem]:
    """What pydantic found wrong, with the line of the file where that is known."""
    numbering = detail.get("ctx", {}).get("error")
    if isinstance(numbering, _NumberingError):
        return [Problem(_line_of_id(name, text), said) for name, said in numbering.problems]
    return [Problem(place_line(detail["loc"], text, values), explain(detail))]


def _line_of_id(name: str, text: str) -> int | None:
    """Last line that gives something this id: of two, the one that was added."""
    pattern = re.compile(rf"""(?:^|[\s{{,])id\s*=\s*["']{re.escape(name)}["']""")
    found = [n for n, line in enumerate(text.splitlines(), start=1) if pattern.search(line)]
    return found[-1] if found else None
