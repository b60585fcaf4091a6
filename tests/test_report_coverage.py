"""The section on revising the plan: its lines with their voices, issues with proposals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.actions import tabulate_actions
from pipeline.plan import Action, Plan
from pipeline.report.coverage import Coverage, build_coverage, shade_bounds
from pipeline.report.html import render_report
from pipeline.treatments import CONTINUE, NEW, STRENGTHEN, tabulate_treatments
from pipeline.wording import ADOPTED
from tests.report_fixture import (
    ADOPTED_ISSUE,
    REJECTED_ISSUE,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
    shaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SPOKEN_TO, SILENT = "3-1-1", "3-1-2"
SILENT_TEXT = "相談員の<b>研修</b>を続けます"


def plan_with_actions() -> Plan:
    """Plan of the made-up city with two lines under a measure and one under a goal alone."""
    plan = make_plan()
    actions = (
        Action(id=SPOKEN_TO, status="充実・強化", text="相談窓口を分かりやすくします"),
        Action(id=SILENT, status="継続", text=SILENT_TEXT),
    )
    goals = []
    for goal in plan.goals:
        measures = tuple(
            own.model_copy(update={"actions": actions}) if own.id == "3-1" else own
            for own in goal.measures
        )
        other = (Action(id="3-0-1", text="後見を始めます"),) if goal.id == "3" else ()
        goals.append(goal.model_copy(update={"measures": measures, "other_actions": other}))
    return plan.model_copy(update={"goals": tuple(goals)})


def tables_of(plan: Plan) -> dict[str, pd.DataFrame]:
    """Tables in which every opinion that says 相談 speaks to the first line."""
    tables = make_tables()
    opinions = tables["opinions"].merge(
        tables["answers"][["answer_id", "respondent_id"]], on="answer_id"
    )
    said = opinions["text"].str.contains("相談") & (opinions["goal_id"] == "3")
    links = shaped(
        "action_links",
        pd.DataFrame(
            {
                "opinion_id": opinions.loc[said, "opinion_id"],
                "action_id": SPOKEN_TO,
                "score": 1.0,
                "words": "相談、<i>窓口",
            }
        ),
    )
    return tables | {
        "action_links": links,
        "actions": tabulate_actions(plan, links, opinions),
        "treatments": tabulate_treatments(plan, tables["issues"], opinions, links),
    }


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return tables_of(plan_with_actions())


@pytest.fixture(scope="module")
def coverage(tables: dict[str, pd.DataFrame]) -> Coverage:
    return build_coverage(tables, plan_with_actions())


@pytest.fixture(scope="module")
def section(tables: dict[str, pd.DataFrame]) -> str:
    page = render_report(tables, plan_with_actions(), make_study(), make_manifest(tables))
    return page[page.index('<section id="coverage"') : page.index('<section id="alone"')]


def issue_ids(coverage: Coverage) -> Iterator[str]:
    shown = [*coverage.outside, *coverage.further_outside, *coverage.undecided]
    for one in coverage.lists:
        shown += one.issues
    return (own.issue_id for own in shown)


def test_every_issue_stands_in_one_list_and_rejected_ones_in_none(
    coverage: Coverage, tables: dict[str, pd.DataFrame]
) -> None:
    listed = list(issue_ids(coverage))
    assert len(set(listed)) == len(listed)
    assert set(listed) == set(tables["issues"]["issue_id"]) - {REJECTED_ISSUE}
    assert coverage.n_rejected == 1


def test_lists_show_what_the_table_proposes(
    coverage: Coverage, tables: dict[str, pd.DataFrame]
) -> None:
    proposed = tables["treatments"].set_index("issue_id")["treatment"]
    assert [one.treatment for one in coverage.lists] == [NEW, STRENGTHEN, CONTINUE]
    for one in coverage.lists:
        assert all(proposed[own.issue_id] == one.treatment for own in one.issues)
        people = [own.n_people for own in one.issues]
        assert people == sorted(people, reverse=True)


def test_an_adopted_issue_is_never_outside_the_plan(coverage: Coverage) -> None:
    outside = [*coverage.outside, *coverage.further_outside]
    assert all(own.status != ADOPTED for own in outside)
    assert ADOPTED_ISSUE in set(issue_ids(coverage))


def test_lines_that_nobody_speaks_to_are_counted_and_listed(coverage: Coverage) -> None:
    assert (coverage.n_actions, coverage.n_silent_actions) == (3, 2)
    goal = next(own for own in coverage.goals if own.goal_id == "3")
    assert [line.action_id for line in goal.silent_actions] == [SILENT, "3-0-1"]
    assert (goal.n_actions, goal.n_silent) == (3, 2)


def test_silence_is_said_to_be_no_proof(section: str) -> None:
    assert "取り組み（アクションプラン）3件のうち<b>2件</b>に、ふれた声がありません" in section
    assert "声がないことは、必要がないことの証拠ではありません" in section


def test_words_of_the_plan_and_of_residents_are_text_and_not_markup(section: str) -> None:
    assert "相談員の&lt;b&gt;研修&lt;/b&gt;を続けます" in section
    assert "<bdi>&lt;i&gt;窓口</bdi>" in section
    assert SILENT_TEXT not in section


def test_every_square_has_its_figure_in_the_table_too(coverage: Coverage, section: str) -> None:
    drawn = re.findall(r"<title>([^<]+)</title>", section)
    assert len(drawn) == 2  # measure 3-1, and the line under the goal alone
    for goal in coverage.goals:
        for measure in goal.measures:
            for line in measure.actions:
                assert any(f"{line.action_id} {line.n_opinions}件" in title for title in drawn)
                row = section[
                    section.index(f"<b>{line.action_id}</b>", section.index("cover-map")) :
                ]
                assert f"{line.n_opinions}件" in row[:400]


def test_every_title_leads_to_its_issue(coverage: Coverage, section: str) -> None:
    for issue_id in issue_ids(coverage):
        assert f'<a href="#{issue_id}">' in section


def test_the_rule_is_told_with_its_thresholds(section: str) -> None:
    for said in ("5人に届かない", "2人以上", "10％以上", "下限が50％を超える"):
        assert said in section


def test_the_section_has_no_style_or_script_of_its_own(section: str) -> None:
    assert not re.search(r"\sstyle=|<script|\son[a-z]+=", section)


def test_a_plan_without_action_lines_shows_measures_alone() -> None:
    tables = make_tables()
    page = render_report(tables, make_plan(), make_study(), make_manifest(tables))
    section = page.partition('<section id="coverage"')[2].partition('<section id="')[0]
    assert "この計画ファイルには、取り組み（アクションプラン）の行がありません" in section
    assert "<figure" not in section
    n_silent = int((tables["measures"]["n_opinions"] == 0).sum())
    assert f"施策12件のうち<b>{n_silent}件</b>" in section


@given(most=st.integers(0, 100_000))
def test_shades_grow_and_the_last_one_holds_the_largest_count(most: int) -> None:
    bounds = shade_bounds(most)
    assert list(bounds) == sorted(bounds)
    assert bounds[-1] == max(most, 1)
