"""What the last plan says of itself is laid beside the voices, and counts as none of them."""

from __future__ import annotations

import csv

import pytest

from pipeline import tables as shapes
from pipeline.analysis import run_study
from pipeline.lookups import with_answers
from pipeline.manifest import load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.report.context import build_report
from pipeline.report.previous_plan import build_previous_plan
from pipeline.study import load_study

ENTRIES = (
    ("ボランティアの養成", "ボランティア養成講座を毎年開き、担い手を増やしました。"),
    ("居場所づくり", "だれでも立ち寄れる居場所を4か所に増やしました。"),
    ("書庫の整理", "古い書庫の鍵を取り替えました。"),
)
VOICES = (
    "ボランティアの担い手が足りない",
    "ボランティアの担い手が高齢になって困っている",
    "若い担い手のボランティアを増やしてほしい",
)


def _write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("previous_plan")
    _write(folder / "前計画.csv", [("取り組み", "成果"), *ENTRIES])
    _write(folder / "回答.csv", [("番号", "意見"), *enumerate(VOICES, start=1)])
    (folder / "study.toml").write_text(
        """title = "前の計画といまの声"
[[sources]]
id = "now"
kind = "survey"
file = "回答.csv"
text = ["意見"]
respondent = "番号"
[[sources]]
id = "then"
kind = "previous_plan"
file = "前計画.csv"
text = ["取り組み", "成果"]
""",
        "utf-8",
    )
    study = load_study(folder / "study.toml")
    target = run_study(study, folder, folder / "run")
    tables = {name: shapes.load_table(name, target / "tables") for name in shapes.SCHEMAS}
    plan = load_plan(find_plan(study.plan, folder))
    return tables, build_report(tables, plan, study, load_manifest(target))


def test_nobody_of_the_people_said_it(made):
    tables, _ = made
    opinions = with_answers(tables["opinions"], tables["answers"])
    told = opinions["source_kind"] == "previous_plan"
    assert told.sum() >= len(ENTRIES)
    assert set(opinions.loc[told, "respondent_id"]) == {""}
    assert "" not in set(opinions.loc[~told, "respondent_id"])


def test_it_counts_for_no_measure_action_proposal_or_word(made):
    tables, _ = made
    told = with_answers(tables["opinions"], tables["answers"])
    told = set(told.loc[told["source_kind"] == "previous_plan", "opinion_id"])
    assert not told & set(tables["action_links"]["opinion_id"])
    assert tables["measures"]["n_opinions"].max() <= len(VOICES)
    kinds = ["n_problem", "n_request", "n_praise", "n_other"]
    assert tables["treatments"][kinds].to_numpy().sum() <= len(VOICES)
    # With the two entries that say it, it would be a word of five opinions and in the table.
    assert "ボランティア" not in set(tables["words"]["word"])


def test_the_first_screen_says_so(made):
    _, report = made
    assert report.overview.n_people == len(VOICES)
    assert report.overview.n_answering == len(VOICES)
    assert report.overview.n_last_plan >= len(ENTRIES)
    assert report.overview.n_unknown_speakers == 0


def test_one_row_is_one_entry_with_what_was_done_and_what_came_of_it(made):
    tables, _ = made
    view = build_previous_plan(tables)
    assert view.n_entries == len(ENTRIES)
    entries = [*view.spoken_to, *view.silent]
    for what, result in ENTRIES:
        (own,) = (one for one in entries if what in one.text)
        assert result in own.text


def test_todays_complaints_stand_beside_the_entry_that_they_are_about(made):
    tables, _ = made
    view = build_previous_plan(tables)
    assert "ボランティア" in view.spoken_to[0].text
    assert view.spoken_to[0].n_people == len(VOICES)
    assert any("書庫" in one.text for one in view.silent)
