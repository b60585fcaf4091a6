"""The section on attributes shows shares and people, and of hidden cells nothing at all."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

from pipeline.lookups import goal_labels
from pipeline.report.attributes import LARGEST_SHOWN, Attributes, build_attributes
from pipeline.report.html import render_report
from tests.report_fixture import (
    REJECTED_ISSUE,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
)

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables(900)


@pytest.fixture(scope="module")
def built(tables: dict[str, pd.DataFrame]) -> Attributes:
    return build_attributes(tables, goal_labels(make_plan()))


@pytest.fixture(scope="module")
def section(tables: dict[str, pd.DataFrame]) -> str:
    page = render_report(tables, make_plan(), make_study(), make_manifest(tables))
    return page.partition('<section id="attributes"')[2].partition('<section id="map"')[0]


def _render(tables: dict[str, pd.DataFrame]) -> str:
    return render_report(tables, make_plan(), make_study(), make_manifest(tables))


def test_every_goal_and_the_largest_issues_stand_open(built: Attributes) -> None:
    (table,) = built.tables
    assert [own.anchor for own in table.goals.rows] == [*(f"goal-{n}" for n in "123456"), ""]
    people = [own.people for own in table.issues.rows]
    assert people == sorted(people, reverse=True)
    assert len(people) <= LARGEST_SHOWN
    assert table.issues.further[-1].label == "どの課題にも入らない"


def test_a_rejected_issue_is_not_shown(built: Attributes) -> None:
    (table,) = built.tables
    shown = {own.anchor for own in (*table.issues.rows, *table.issues.further)}
    assert REJECTED_ISSUE not in shown


def test_an_issue_without_any_shown_cell_is_named_below_and_is_no_row_of_asterisks() -> None:
    few = make_tables(150)
    (table,) = build_attributes(few, goal_labels(make_plan())).tables
    page = _render(few)
    rows = (*table.issues.rows, *table.issues.further)
    assert all(any(not cell.is_hidden for cell in row.cells) for row in rows)
    withheld = [(label, anchor) for label, anchor in table.issues.withheld if anchor]
    assert withheld
    for label, anchor in withheld:
        assert f'<a href="#{anchor}"><bdi>{label}</bdi></a>' in page
    assert f"内訳を示せない課題（{len(table.issues.withheld)}件）" in page
    asked = set(few["answers"]["answer_id"][few["answers"]["attr_年代"] != ""])
    own = few["opinions"][few["opinions"]["answer_id"].isin(asked)]
    named = {row.anchor for row in rows} | {anchor for _, anchor in table.issues.withheld}
    assert named >= set(own["issue_id"]) - {REJECTED_ISSUE}


def test_rows_add_up_where_nothing_is_hidden(built: Attributes) -> None:
    (table,) = built.tables
    whole = [r for r in table.goals.rows if not any(cell.is_hidden for cell in r.cells)]
    assert whole
    for row in whole:
        assert sum(int(cell.people.replace(",", "")) for cell in row.cells) == row.people


def test_of_a_hidden_cell_neither_count_nor_share_nor_length_is_given(
    built: Attributes,
) -> None:
    (table,) = built.tables
    rows = (*table.issues.rows, *table.issues.further, *table.goals.rows)
    hidden = [cell for row in rows for cell in row.cells if cell.is_hidden]
    assert hidden
    assert {(cell.people, cell.share, cell.sign) for cell in hidden} == {("", "", "")}
    marks = (*table.issues.chart.marks, *table.goals.chart.marks)
    assert {(m.length, m.words, m.is_drawn) for m in marks if m.is_hidden} == {(0.0, "", False)}


def test_the_chart_stays_within_its_columns(built: Attributes) -> None:
    (table,) = built.tables
    lane = 660 / len(table.values)
    for mark in (*table.issues.chart.marks, *table.goals.chart.marks):
        assert mark.length <= lane
        assert 300 <= mark.x < 960


def test_the_note_names_test_and_correction_and_the_legend_what_is_hidden(section: str) -> None:
    for words in ("フィッシャーの正確確率検定", "ベンジャミニ・ホッホベルク法", "印がなくても", "回答した人の中での比較",
                  "人数が少ないため示しません（3人に満たない数と、引き算で分かってしまう数）"):  # fmt: skip
        assert words in section


def test_every_picture_has_a_name_and_every_table_a_caption(section: str) -> None:
    pictures = re.findall(r'<svg class="drawing[^>]*role="img" aria-labelledby="([^"]+)"', section)
    assert len(pictures) == len(set(pictures)) == 2
    assert all(f'<title id="{name}">' in section for name in pictures)
    assert section.count("<table") == section.count("<caption>")
    assert section.count("<table") == section.count('role="region"') - len(pictures)


def test_names_that_people_wrote_are_nothing_but_text(tables: dict[str, pd.DataFrame]) -> None:
    answers = tables["answers"]
    hostile = answers.rename(columns={"attr_年代": "attr_<script>年代"})
    hostile["attr_<script>年代"] = hostile["attr_<script>年代"].replace("30代", "<b>30代\u202e</b>")
    page = _render(tables | {"answers": hostile})
    assert "<script>年代" not in page
    assert "<b>30代" not in page
    assert "&lt;b&gt;30代" in page


def test_without_attributes_there_is_no_section(tables: dict[str, pd.DataFrame]) -> None:
    bare = tables["answers"].drop(columns=["attr_年代"])
    page = _render(tables | {"answers": bare})
    assert 'id="attributes"' not in page
    assert 'href="#attributes"' not in page


def test_what_has_no_table_is_named(tables: dict[str, pd.DataFrame]) -> None:
    several = tables["answers"].assign(attr_媒体="新聞;テレビ")
    page = _render(tables | {"answers": several})
    assert "表にしなかった項目" in page
    assert "一人がいくつも選べる質問のため" in page
    assert "「声をさがす」の絞り込みにもありません" in page


def test_attributes_of_which_none_has_a_table_are_named_all_the_same(
    tables: dict[str, pd.DataFrame],
) -> None:
    bare = tables["answers"].drop(columns=["attr_年代"]).assign(attr_媒体="新聞;テレビ")
    page = _render(tables | {"answers": bare})
    section = page.partition('<section id="attributes"')[2].partition("</section>")[0]
    assert "表にできる項目は、ありませんでした" in section
    assert "一人がいくつも選べる質問のため" in section
    assert "▲" not in section


def test_the_section_is_plain_frozen_data(built: Attributes) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        built.threshold = 1  # type: ignore[misc]
