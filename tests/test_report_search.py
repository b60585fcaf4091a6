"""What the search offers is what the voices in the page carry."""

from __future__ import annotations

import re

import pytest

from pipeline.lookups import goal_labels, with_answers
from pipeline.report.html import render_report
from pipeline.report.search import build_search, label_voices
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables


@pytest.fixture(scope="module")
def tables():
    return make_tables()


@pytest.fixture(scope="module")
def document(tables):
    return render_report(tables, make_plan(), make_study(), make_manifest(tables))


def test_every_wording_carries_what_it_can_be_searched_by_exactly_once(tables, document):
    opinions = tables["opinions"].assign(
        wording=tables["opinions"]["duplicate_of"].where(
            tables["opinions"]["duplicate_of"] != "", tables["opinions"]["opinion_id"]
        )
    )
    # A wording stands once in every issue that it is in; alone, once under every goal.
    alone = opinions["issue_id"] == ""
    inside = opinions[~alone].groupby(["issue_id", "wording"]).ngroups
    outside = opinions[alone].groupby(["goal_id", "wording"]).ngroups
    assert document.count("data-kind=") == inside + outside


def test_values_that_can_be_chosen_are_those_of_the_voices(document):
    for name in ("goal", "kind", "source"):
        select = re.search(f'(?s)<select id="search-{name}".*?</select>', document)[0]
        offered = set(re.findall(r'<option value="([^"]+)"', select))
        carried = {
            own or "0"
            for values in re.findall(rf'data-{name}="([^"]*)"', document)
            for own in (values.split(" ") if values else [""])
        }
        assert carried <= offered


def test_a_list_with_one_entry_is_not_offered(tables):
    opinions = with_answers(tables["opinions"], tables["answers"]).assign(source_kind="survey")
    search = build_search(opinions, tables["issues"], goal_labels(make_plan()), (), 0)
    assert "source" not in [choice.name for choice in search.choices]


def test_attributes_are_offered_in_the_order_of_their_table_and_only_where_a_voice_shows_them():
    safe = {"O1": (("年代", "30代"),), "O2": (("年代", "20代"), ("地区", "北"))}
    labels, choices = label_voices(
        safe, {"年代": ("20代", "30代", "40代"), "地区": ("北", "南"), "性別": ("女性",)}
    )
    assert [(one.name, one.label, one.options) for one in choices] == [
        ("attribute0", "年代", (("0.0", "20代"), ("0.1", "30代"))),
        ("attribute1", "地区", (("1.0", "北"),)),
    ]
    assert [label.value for label in labels["O2"]] == ["20代", "北"]


def test_the_search_form_is_hidden_until_the_script_runs(document):
    assert re.search(r'<form id="search-form"[^>]* hidden>', document)
