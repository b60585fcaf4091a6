"""What people write for a goal, a measure, a kind, and when a column holds which."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.agreement.values import KINDS, NONE, plan_vocabularies, read_column, read_column_as
from pipeline.lookups import goal_labels, measure_labels
from pipeline.plan import Goal, Measure, Plan, find_plan, load_plan
from pipeline.review.values import NO_GOAL_CHOICE
from pipeline.wording import OPINION_KINDS

PLAN = load_plan(find_plan("nishitokyo-4", Path()))
GOALS, MEASURES = plan_vocabularies(PLAN)
FOURTH = PLAN.goal("4").name


def column(*cells, name="列"):
    return read_column(name, cells, range(2, 2 + len(cells)), (GOALS, MEASURES, KINDS))


@pytest.mark.parametrize(
    "cell",
    [
        "4", " ４ ", "④", "4.0", "基本目標4", "基本目標 ４", "目標4", FOURTH, f"4 {FOURTH}",
        f"4　{FOURTH}", f"4：{FOURTH}", f"基本目標4「{FOURTH}」", f"基本目標4 {FOURTH}", "4.", "4、",
    ],
)  # fmt: skip
def test_a_goal_is_known_by_number_name_or_both(cell):
    assert GOALS.read(cell) == ("4",)


@pytest.mark.parametrize(
    "cell",
    [
        "0", "０", "0.0", "なし", "無し", "対象外", "該当なし", "―", "-", "none",
        "どの基本目標にも当てはまらない", NO_GOAL_CHOICE,
    ],
)  # fmt: skip
def test_none_of_the_goals_has_many_names(cell):
    assert GOALS.read(cell) == (NONE,)
    assert MEASURES.read(cell) == (NONE,)


@pytest.mark.parametrize(
    "cell",
    [
        "7",
        "40",
        "-4",
        "4-2",
        "基本目標",
        "目標7",
        f"1 {FOURTH}",
        "交通",
        "4?交通",
        "？",
        "1|7",
        "|",
    ],
)
def test_what_is_no_goal_of_the_plan_is_not_read_as_one(cell):
    assert GOALS.read(cell) is None


@pytest.mark.parametrize(
    "cell", ["1|4", "1;4", "1；4", "1、4", "1,4", "１｜４", "1/4", "1|4|", "1|4|1"]
)
def test_several_goals_of_one_cell_keep_their_order(cell):
    assert GOALS.read(cell) == ("1", "4")


def test_every_choice_of_the_workbook_is_read_as_its_goal_or_measure():
    for goal_id, label in goal_labels(PLAN).items():
        assert GOALS.read(label) == (goal_id,)
    for measure_id, label in measure_labels(PLAN).items():
        assert MEASURES.read(label) == (measure_id,)


@pytest.mark.parametrize(
    "cell",
    ["4-2", "４－２", "4‐2", "4−2", "施策4-2", "2026-04-02", "2026-04-02T00:00:00", "4月2日"],
)
def test_a_measure_is_known_also_where_excel_made_a_date_of_it(cell):
    assert MEASURES.read(cell) == ("4-2",)


def test_a_number_that_begins_another_is_not_mistaken_for_it():
    measures = (Measure(id="1-1", name="あ"), Measure(id="1-11", name="い"))
    plan = Plan(
        id="p",
        title="計画",
        goals=(
            Goal(id="1", name="一、二", measures=measures),
            Goal(id="11", name="11番目"),
        ),
    )
    goals, under = plan_vocabularies(plan)
    assert (goals.read("11"), goals.read("1")) == (("11",), ("1",))
    assert goals.read("一、二") == ("1",)
    assert (under.read("1-11"), under.read("1-1")) == (("1-11",), ("1-1",))


def test_a_kind_is_known_by_its_key_its_name_and_common_words():
    for kind, name in OPINION_KINDS.items():
        assert KINDS.read(kind) == KINDS.read(kind.upper()) == KINDS.read(name) == (kind,)
    assert KINDS.read("評価") == KINDS.read("良い点") == ("praise",)
    assert KINDS.read("problem|request") == ("problem", "request")
    assert KINDS.read("0") is None
    assert KINDS.read("なし") is None


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["1", "4", "0"], "goal"),
        (["4", "", "基本目標1"], "goal"),
        (["1|4", "4", "2"], "goal"),
        (["4-2", "1-1", ""], "measure"),
        (["問題", "要望", "その他"], "kind"),
        (["交通", "公園", ""], "group"),
        (["1", "4", "7"], "group"),
        (["なし", "対象外", "0"], "group"),
        (["その他", "その他", ""], "group"),
        (["play_places", "welfare"], "group"),
    ],
)
def test_a_column_is_what_all_its_cells_can_be_read_as(cells, what):
    assert column(*cells).what == what


def test_empty_cells_are_none_only_where_nobody_wrote_none():
    assert column("4", "").accepted == (("4",), ("0",))
    assert column("4", "").empty_is_none
    assert column("4", "", "なし").accepted == (("4",), (), ("0",))
    assert not column("4", "", "なし").empty_is_none
    assert not column("4", "1").empty_is_none
    assert column("4-2", "").accepted == (("4-2",), ())
    assert column("要望", "").accepted == (("request",), ())


def test_a_column_with_a_few_cells_that_are_no_goal_is_compared_as_groups_with_a_doubt():
    made = column("1", "4", "0", "4", "7", "1", "1", "1", "1", "1")
    assert made.what == "group"
    assert (made.doubt.what, made.doubt.n_unread, made.doubt.row, made.doubt.text) == (
        ("goal", 1, 6, "7")
    )
    assert column("1", "7", "8").doubt is None


def test_a_column_that_a_person_calls_goals_is_read_or_its_first_mistake_is_named():
    assert read_column_as("列", ["0", "なし", ""], GOALS).what == "goal"
    assert read_column_as("列", ["4", "交通", "7"], GOALS) == 1
