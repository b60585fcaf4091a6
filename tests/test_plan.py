"""The plan file of Nishitokyo and what a broken plan file is told."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.normalize import mend_characters
from pipeline.plan import USUAL_STATUSES, Action, Plan, find_plan, load_plan
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


def test_the_statuses_of_the_plan_are_the_usual_ones(plan: Plan) -> None:
    assert {status for _, _, status in actions_of(plan)} == set(USUAL_STATUSES)


def test_an_action_may_have_a_status_of_the_towns_own_or_none() -> None:
    assert Action(id="1-1-1", text="見守り", status="試行").status == "試行"
    assert Action(id="1-1-1", text="見守り").status == ""


def test_every_goal_has_two_paragraphs_of_problems_a_slogan_a_summary_and_an_outlook(
    plan: Plan,
) -> None:
    for goal in plan.goals:
        assert len(goal.problems) == 2
        assert all(paragraph.endswith("。") for paragraph in goal.problems)
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
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"': "3行目 goals.1番目.name: 必要な項目がありません",
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\ncolour = "赤"': "6行目 goals.1番目.colour",
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n'
    '[[goals.measures]]\nid = "2-1"\nname = "m"': ("7行目 施策 2-1 が基本目標 1 の下にあります"),
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n'
    'other_actions = [{ id = "2-0-1", text = "a", status = "新規" }]': (
        "6行目 アクションプラン 2-0-1 が 1-0 の下にあります"
    ),
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n[[goals]]\nid = "1"\nname = "n"': (
        "7行目 番号が重複しています: 1"
    ),
    'id = "x"\ntitle = "t"\n[[goals]]\nid = "1"\nname = "n"\n'
    'other_actions = [{ id = "1-0-1", text = "a", status = 1 }]': (
        "6行目 goals.1番目.other_actions.1番目.status: 文字列"
    ),
    "id = ": "計画ファイルを読めません",
    'id = "x"\ntitle = "t"\nid = "y"\n': "3行目",
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


def test_every_wrong_value_is_told_with_its_own_line(tmp_path: Path) -> None:
    lines = [
        'id = "x"', 'title = "t"', "[[goals]]", 'id = "1"', 'name = "n"', "outlook = [", '  "a",',
        "  # ここまでは正しい", "  3,", "]", "[[goals.measures]]", 'id = "1-1"', 'name = "m"',
        "actions = [", '  { id = "1-1-1", text = "a" },', '  { id = "1-1-2" },', "]",
        "[[goals]]", 'id = "2"', "name = 4", "[[goals.measures]]", 'id = "2-1"', 'name = "m"',
        "sdgs = [", "  1,", '  "二",', "]",
    ]  # fmt: skip
    path = tmp_path / "broken.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_plan(path)
    said = str(caught.value)
    assert "9行目 goals.1番目.outlook.2番目" in said
    assert "16行目 goals.1番目.measures.1番目.actions.2番目.text" in said
    assert "20行目 goals.2番目.name" in said
    assert "26行目 goals.2番目.measures.1番目.sdgs.2番目" in said


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
    lines += [paragraph for goal in plan.goals for paragraph in goal.problems]
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
