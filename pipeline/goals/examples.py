"""Example opinions of a codebook: what residents say, and the goal that it speaks to.

A codebook of qualitative research names every code, says what it means and gives
examples. Beside a plan (``nishitokyo-4.toml``) may stand such a file of examples
(``nishitokyo-4.examples.csv``), one a row: ``text, goal, goal_2, measure``. Goal
``0`` is none of the plan's goals. The examples are written for the codebook; they
are nobody's answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.csvfile import read_rows
from pipeline.plan import NO_GOAL
from pipeline.tomlfile import Problem, faulty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.plan import Plan

COLUMNS: Final = ("text", "goal", "goal_2", "measure")

_NAME: Final = "例文ファイル"
_REMEDY: Final = (
    "上の行を直してください。1行目は text,goal,goal_2,measure、その下に1行に1つずつ例文を書き、"
    "文字コード UTF-8 の CSV として保存します。"
)


class Example(NamedTuple):
    """An opinion whose goal is known.

    Attributes
    ----------
    text
        What somebody may say.
    goal, second
        Goal that it mainly speaks to, ``"0"`` for none, and a further one or nothing.
    measure
        Measure of the first goal, or nothing; for readers and for ``kadai plan check``.
    source
        Id of the decision that it comes from; empty for an example of the codebook.
    weight
        How many examples of the codebook it counts as.
    """

    text: str
    goal: str
    second: str = ""
    measure: str = ""
    source: str = ""
    weight: float = 1.0


def examples_path(plan_path: Path) -> Path:
    """Where the examples of a plan stand."""
    return plan_path.with_suffix(".examples.csv")


def load_examples(path: Path, plan: Plan) -> tuple[Example, ...]:
    """Read and check the examples of a plan.

    Parameters
    ----------
    path
        The file. Where it does not exist, the plan has no examples.
    plan
        The plan whose goals and measures the examples name.

    Raises
    ------
    InputError
        The file cannot be read, or a row is wrong; every wrong row is listed.
    """
    if not path.is_file():
        return ()
    rows, problems = read_rows(path, _NAME, COLUMNS, _REMEDY)
    found: list[Example] = []
    said: dict[str, int] = {}
    for line, row in rows:
        text, goal, second, measure = row
        example = Example(text, goal, second, measure)
        problems += [Problem(line, why) for why in _wrong(example, plan)]
        if example.text in said:
            problems.append(Problem(line, f"{said[example.text]}行目と同じ例文です"))
        said.setdefault(example.text, line)
        found.append(example)
    if problems:
        raise faulty(path.name, _NAME, problems, _REMEDY)
    return tuple(found)


def _wrong(example: Example, plan: Plan) -> Iterator[str]:
    goals = {goal.id: {measure.id for measure in goal.measures} for goal in plan.goals}
    if not example.text:
        yield "text: 例文がありません"
    if example.goal not in {NO_GOAL, *goals}:
        usable = "、".join([NO_GOAL, *goals])
        yield f"goal: 計画にない基本目標「{example.goal}」です（使えるもの: {usable}）"
    elif example.measure and example.measure not in goals.get(example.goal, ()):
        yield f"measure: 基本目標{example.goal}に施策「{example.measure}」はありません"
    if example.second and (example.second not in goals or example.second == example.goal):
        yield f"goal_2: 「{example.second}」は使えません（空か、goal とは別の基本目標）"
