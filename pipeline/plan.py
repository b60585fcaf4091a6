"""The plan as a codebook: goals, measures, actions.

A plan is a TOML file in ``dictionaries/plans``. Its names of goals, measures and
actions are the plan's own; ids follow its numbering (goal ``"4"``, measure
``"4-2"``, action ``"4-2-1"``; actions under a goal but under no measure
``"4-0-1"``).
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import InputError, Location
from pipeline.resources import dictionaries_folder
from pipeline.study import explain, without_echoes

if TYPE_CHECKING:
    from pathlib import Path

ActionStatus = Literal["新規", "継続", "充実・強化"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Action(_Frozen):
    """One line of an action plan (アクションプラン) and what happens to it."""

    id: str
    text: str
    status: ActionStatus


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
    outlook
        How the city should look at the end of the plan, one entry a picture.
    other_actions
        Actions under the goal that belong to none of its measures.
    """

    id: str
    name: str
    slogan: str = ""
    summary: str = ""
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
        for goal in self.goals:
            for measure in goal.measures:
                if not measure.id.startswith(f"{goal.id}-"):
                    raise ValueError(f"施策 {measure.id} が基本目標 {goal.id} の下にあります")
        names = [goal.id for goal in self.goals]
        names += [measure.id for goal in self.goals for measure in goal.measures]
        for goal in self.goals:
            homes = [(measure.id, measure.actions) for measure in goal.measures]
            for home, actions in (*homes, (f"{goal.id}-0", goal.other_actions)):
                for action in actions:
                    if not action.id.startswith(f"{home}-"):
                        raise ValueError(f"アクションプラン {action.id} が {home} の下にあります")
                    names.append(action.id)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"番号が重複しています: {'、'.join(twice)}")
        return self

    def goal(self, goal_id: str) -> Goal:
        """Goal with this id."""
        return next(goal for goal in self.goals if goal.id == goal_id)

    def measure(self, measure_id: str) -> Measure:
        """Measure with this id."""
        return next(
            measure for goal in self.goals for measure in goal.measures if measure.id == measure_id
        )


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
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"計画ファイルを読めません（{error}）。",
            at=Location(file=path.name),
            remedy="文字コード UTF-8 の TOML として保存されているか確かめてください。",
        ) from error
    try:
        return Plan.model_validate(values)
    except ValidationError as error:
        problems = [explain(detail) for detail in without_echoes(error.errors())]
        raise InputError(
            "計画ファイルの内容に誤りがあります。\n"
            + "\n".join(f"  - {line}" for line in problems),
            at=Location(file=path.name),
            remedy="上の項目を直してください。",
        ) from error
