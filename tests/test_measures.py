"""Measures of a plan are counted, and SDGs that its words suggest never become its own."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pipeline.measures import tabulate_measures
from pipeline.plan import Goal, Measure, Plan
from pipeline.sdgs import Sdg, SdgSuggestion
from pipeline.tables import SCHEMAS

PLAN = Plan(
    id="p",
    title="p",
    goals=(
        Goal(
            id="1",
            name="一",
            measures=(
                Measure(id="1-1", name="居場所", sdgs=(11, 3)),
                Measure(id="1-2", name="見守り"),
            ),
        ),
        Goal(id="2", name="二", measures=(Measure(id="2-1", name="養成"),)),
    ),
)
SDGS = (
    Sdg(number=3, name="健康", gist="x"),
    Sdg(number=4, name="教育", gist="x"),
    Sdg(number=11, name="まち", gist="x"),
)
SUGGESTED = {"1-1": (SdgSuggestion("1-1", 4, ("学ぶ", "講座"), 5),), "1-2": ()}
OPINIONS = pd.DataFrame(
    [
        ("O1", "", "1-1", "r1"),
        ("O2", "O1", "1-1", "r2"),
        ("O3", "", "1-1", "r2"),
        ("O4", "O9", "1-1", ""),
        ("O5", "", "2-1", ""),
        ("O6", "", "", "r3"),
    ],
    columns=["opinion_id", "duplicate_of", "measure_id", "respondent_id"],
)
ISSUES = pd.DataFrame({"issue_id": ["I1", "I2", "I3"], "measure_id": ["1-1", "1-1", ""]})


@pytest.fixture
def made() -> dict[str, dict]:
    table = tabulate_measures(PLAN, SDGS, SUGGESTED, OPINIONS, ISSUES)
    return {row["measure_id"]: row for row in table.to_dict("records")}


def test_every_measure_has_a_row_also_one_that_nobody_speaks_to(made) -> None:
    assert list(made) == ["1-1", "1-2", "2-1"]
    assert [made["1-2"][name] for name in made["1-2"] if name.startswith("n_")] == [0, 0, 0, 0]
    assert (made["2-1"]["goal_id"], made["2-1"]["name"]) == ("2", "養成")


def test_opinions_wordings_issues_and_known_people_are_counted(made) -> None:
    counts = [made["1-1"][name] for name in ("n_opinions", "n_distinct", "n_issues")]
    # A wording counts although the opinion that stands for it speaks to another measure.
    assert counts == [4, 3, 2]
    assert made["1-1"]["n_respondents"] == 2
    assert made["2-1"]["n_respondents"] == 0


def test_the_plans_own_sdgs_stand_in_its_order_with_their_names(made) -> None:
    assert (made["1-1"]["sdgs"], made["1-1"]["sdg_names"]) == ("11、3", "まち、健康")
    assert (made["1-2"]["sdgs"], made["1-2"]["sdg_names"]) == ("", "")


def test_suggestions_stand_beside_with_the_words_that_speak_for_them(made) -> None:
    assert made["1-1"]["suggested_sdgs"] == "4"
    assert json.loads(made["1-1"]["suggestion_evidence"]) == [
        {"sdg": 4, "name": "教育", "words": ["学ぶ", "講座"], "score": 5}
    ]
    assert json.loads(made["2-1"]["suggestion_evidence"]) == []


def test_the_order_of_opinions_changes_nothing() -> None:
    once = tabulate_measures(PLAN, SDGS, SUGGESTED, OPINIONS, ISSUES)
    again = tabulate_measures(PLAN, SDGS, SUGGESTED, OPINIONS[::-1], ISSUES[::-1])
    pd.testing.assert_frame_equal(once, again)


def test_a_plan_without_measures_gives_a_table_without_rows() -> None:
    plan = Plan(id="p", title="p", goals=(Goal(id="1", name="一"),))
    table = tabulate_measures(plan, SDGS, {}, OPINIONS, ISSUES)
    assert list(table) == SCHEMAS["measures"].names
    assert table.empty


def test_the_measures_of_a_run_agree_with_its_opinions_and_issues(sample_run) -> None:
    from pipeline.tables import load_table

    read = {
        name: load_table(name, sample_run / "tables") for name in ("measures", "opinions", "issues")
    }
    assert len(read["measures"]) == 14
    assert (read["measures"]["sdgs"] == "").all()
    assert (read["measures"]["suggested_sdgs"] != "").all()
    for row in read["measures"].itertuples():
        for name, column in (("opinions", "n_opinions"), ("issues", "n_issues")):
            own = read[name][read[name]["measure_id"] == row.measure_id]
            assert getattr(row, column) == len(own)
        assert row.measure_id.startswith(f"{row.goal_id}-")
