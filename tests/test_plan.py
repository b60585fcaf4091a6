"""The plan file of Nishitokyo and what a broken plan file is told."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.normalize import mend_characters
from pipeline.plan import Plan, find_plan, load_plan
from pipeline.resources import dictionaries_folder

CHAPTER = Path(__file__).parents[2] / "shared" / "plan" / "nishitokyo-4-chapter8.txt"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(find_plan("nishitokyo-4", Path()))


def actions_of(plan: Plan) -> list[tuple[str, str, str]]:
    return [
        (action.id, action.text, action.status)
        for goal in plan.goals
        for actions in (*(m.actions for m in goal.measures), goal.other_actions)
        for action in actions
    ]


def test_plan_has_six_goals_fourteen_measures_and_seventy_action_lines(plan: Plan) -> None:
    actions = actions_of(plan)
    assert [goal.id for goal in plan.goals] == ["1", "2", "3", "4", "5", "6"]
    assert sum(len(goal.measures) for goal in plan.goals) == 14
    assert len(actions) == 70
    assert len({text for _, text, _ in actions}) == 61


def test_plan_has_twelve_pictures_of_2024(plan: Plan) -> None:
    assert [len(goal.outlook) for goal in plan.goals] == [3, 2, 2, 2, 2, 1]


def test_two_and_four_actions_stand_under_no_measure(plan: Plan) -> None:
    others = {goal.id: len(goal.other_actions) for goal in plan.goals if goal.other_actions}
    assert others == {"4": 2, "6": 4}


def test_ids_follow_the_numbering_of_the_plan(plan: Plan) -> None:
    for goal in plan.goals:
        for number, measure in enumerate(goal.measures, start=1):
            assert measure.id == f"{goal.id}-{number}"
            assert [a.id for a in measure.actions] == [
                f"{measure.id}-{place}" for place in range(1, len(measure.actions) + 1)
            ]
        assert [a.id for a in goal.other_actions] == [
            f"{goal.id}-0-{place}" for place in range(1, len(goal.other_actions) + 1)
        ]


def test_every_goal_has_a_slogan_a_summary_and_an_outlook(plan: Plan) -> None:
    for goal in plan.goals:
        assert goal.slogan.startswith("〜")
        assert goal.slogan.endswith("〜")
        assert goal.summary
        assert goal.outlook


def test_the_seventeen_sustainable_development_goals_are_listed() -> None:
    text = (dictionaries_folder() / "sdgs.toml").read_text(encoding="utf-8")
    goals = tomllib.loads(text)["goals"]
    assert [goal["number"] for goal in goals] == list(range(1, 18))
    assert all(goal["name"] and goal["gist"] for goal in goals)


BROKEN = {
    'id = "x"\ntitle = "t"\ngoals = []': "goals",
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"': "goals.1番目.name: 必要な項目がありません",
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\ncolour = "赤"': "goals.1番目.colour",
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n'
    '[[goals.measures]]\nid = "2-1"\nname = "m"': "施策 2-1 が基本目標 1 の下にあります",
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n'
    'other_actions = [{ id = "2-0-1", text = "a", status = "新規" }]': (
        "アクションプラン 2-0-1 が 1-0 の下にあります"
    ),
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n[[goals]]\nid = "1"\nname = "n"': (
        "番号が重複しています: 1"
    ),
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n'
    'other_actions = [{ id = "1-0-1", text = "a", status = "中止" }]': (
        "goals.1番目.other_actions.1番目.status: 次のどれかを書いてください"
    ),
    "id = ": "計画ファイルを読めません",
}


@pytest.mark.parametrize(("text", "said"), BROKEN.items())
def test_a_broken_plan_is_refused_in_japanese_with_the_wrong_key(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_plan(path)
    assert said in str(caught.value)
    assert "broken.toml" in str(caught.value)
    assert "対処" in str(caught.value)


def test_an_unknown_plan_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="nishitokyo-4"):
        find_plan("atlantis", Path())


def chapter_text() -> str:
    """Chapter without white space and broken glyphs: as it is, then with repetitions collapsed.

    Headings are printed two to four times over; 「キラキラ」 is not.
    """
    text = squeezed(mend_characters(CHAPTER.read_text(encoding="utf-8")))
    collapsed = re.sub(r"(.{2,40}?)\1+", r"\1", text)
    return text + "\n" + re.sub(r"(.)\1{3,}", r"\1", collapsed)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.skipif(not CHAPTER.is_file(), reason="the plan's chapter is not here")
def test_every_name_stands_in_the_chapter(plan: Plan) -> None:
    chapter = chapter_text()
    lines = [text for goal in plan.goals for text in (goal.name, goal.slogan, *goal.outlook)]
    lines += [m.name for goal in plan.goals for m in goal.measures]
    lines += [line for goal in plan.goals for m in goal.measures for line in m.contents]
    lines += [f"{text}({status})" for _, text, status in actions_of(plan)]
    assert [line for line in lines if squeezed(line) not in chapter] == []


@pytest.mark.skipif(not CHAPTER.is_file(), reason="the plan's chapter is not here")
def test_summaries_are_in_our_own_words(plan: Plan) -> None:
    chapter = chapter_text()
    for goal in plan.goals:
        summary = squeezed(goal.summary)
        copied = [summary[i : i + 16] for i in range(len(summary) - 15)]
        assert not [piece for piece in copied if piece in chapter]
