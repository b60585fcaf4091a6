"""A plan file that Kadai writes is read back as it was, and a planner can read it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan import Action, Goal, Measure, Plan, find_plan, load_plan
from pipeline.plan_import.dump import dump_plan

# A lone surrogate cannot be written to any file, and the mending takes it out.
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)


@st.composite
def plans(draw) -> Plan:
    goals = []
    for goal in range(1, draw(st.integers(1, 3)) + 1):
        measures = [
            Measure(
                id=f"{goal}-{place}",
                name=draw(words),
                contents=tuple(draw(st.lists(words, max_size=3))),
                sdgs=tuple(draw(st.lists(st.integers(1, 17), max_size=3))),
                actions=actions(draw, f"{goal}-{place}"),
            )
            for place in range(1, draw(st.integers(0, 2)) + 1)
        ]
        goals.append(
            Goal(
                id=str(goal),
                name=draw(words),
                slogan=draw(words),
                summary=draw(words),
                problems=tuple(draw(st.lists(words, max_size=2))),
                outlook=tuple(draw(st.lists(words, max_size=2))),
                measures=tuple(measures),
                other_actions=actions(draw, f"{goal}-0"),
            )
        )
    return Plan(id=draw(words), title=draw(words), period=draw(words), goals=tuple(goals))


def actions(draw, home: str) -> tuple[Action, ...]:
    drawn = draw(st.lists(st.tuples(words, st.sampled_from(["", "新規", "試行"])), max_size=2))
    return tuple(
        Action(id=f"{home}-{place}", text=text, status=status)
        for place, (text, status) in enumerate(drawn, start=1)
    )


@given(plans(), st.lists(words, max_size=2), words)
def test_any_plan_is_read_back_equal_whatever_its_comments_say(plan, lines, note):
    notes = {measure.id: note for goal in plan.goals for measure in goal.measures}
    text = dump_plan(plan, header=lines, sdgs_notes=notes, trailer=lines)
    assert Plan.model_validate(tomllib.loads(text)) == plan


def test_the_plan_that_comes_with_kadai_is_read_back_equal_from_its_file(tmp_path):
    plan = load_plan(find_plan("nishitokyo-4", Path()))
    path = tmp_path / "plan.toml"
    path.write_text(dump_plan(plan), encoding="utf-8")
    assert load_plan(path) == plan


def test_a_file_begins_with_the_title_and_what_the_keys_mean():
    plan = load_plan(find_plan("nishitokyo-4", Path()))
    text = dump_plan(plan, header=["どこから"], trailer=["おわりに"])
    assert text.startswith("# 第四次西東京市地域福祉活動計画\n#\n# id は番号")
    assert "# どこから\n" in text
    assert text.endswith("# おわりに\n")
    assert all(key in text.split("\n\n")[0] for key in ("problems", "outlook", "summary", "sdgs"))


def test_actions_stand_one_a_line_and_short_lists_on_theirs():
    plan = load_plan(find_plan("nishitokyo-4", Path()))
    lines = dump_plan(plan).split("\n")
    assert (
        '  { id = "1-2-2", status = "継続", text = "地域における居場所づくりを推進します" },'
        in lines
    )
    assert 'contents = ["社協に困りごとが集まり、解決する仕組みづくりに取り組みます"]' in lines
    assert lines.count("[[goals.other_actions]]") == 6
    assert lines.count("sdgs = []") == 14


@pytest.mark.parametrize("odd", ["\x00", "\x7f", "\x85", "\u2028", "改\n行"])
def test_letters_that_no_comment_may_hold_do_no_harm(odd):
    plan = Plan(id="x", title=f"題{odd}", goals=(Goal(id="1", name=f"町{odd}町"),))
    text = dump_plan(plan, header=[odd], trailer=[odd])
    assert Plan.model_validate(tomllib.loads(text)) == plan
