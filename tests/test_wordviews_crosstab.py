"""Cross tables count people, agree with the report, and hide what the policy hides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.disclosure import (
    DisclosureError,
    audit,
    hide_both_ways,
    known,
    known_pair,
    leaks,
    pair_constraints,
    policy_of,
    suppress,
    suppress_beside,
)
from pipeline.disclosure.audit import additive
from pipeline.errors import UsageError
from pipeline.lookups import goal_labels
from pipeline.plan import find_plan, load_plan
from pipeline.report.attributes import SIGNS, build_attributes
from pipeline.runtables import RunTables
from pipeline.study import load_study
from pipeline.tables import load_table
from pipeline.wordviews.crosstab import ALONE, BESIDE_REPORT, KINDS_SHOWN, SAME_AS_REPORT, cross
from pipeline.wordviews.kwic import find_word
from pipeline.wordviews.reported import attribute_named
from pipeline.wordviews.screen import HIDDEN, render_cross
from pipeline.wordviews.sheets import cross_sheet


@pytest.fixture(scope="module")
def said(sample_run):
    """Opinions of the sample with what its answers say of those who wrote them."""
    tables = sample_run / "tables"
    answers = load_table("answers", tables).drop(columns="raw_text")
    return load_table("opinions", tables).merge(answers, on="answer_id")


@pytest.fixture(scope="module")
def report(sample_run):
    """The tables of attributes that the report shows."""
    study = load_study(sample_run / "study.toml")
    plan = load_plan(find_plan(study.plan, sample_run))
    return build_attributes(RunTables(sample_run), goal_labels(plan), policy_of(study.publication))


def test_issues_and_goals_by_an_attribute_are_the_tables_of_the_report(sample_run, report):
    for table in report.tables[:2]:
        for rows, figures in (("goal", table.goals), ("issue", table.issues)):
            made = cross(sample_run, rows, table.name)
            place = {label: at for at, label in enumerate(made.labels)}
            for row in (*figures.rows, *figures.further):
                at = place[row.label]
                cells = [
                    ("" if hidden else f"{n:,}", SIGNS[sign])
                    for n, hidden, sign in zip(
                        made.counts[at].tolist(), made.hidden[at].tolist(),
                        made.signs[at].tolist(), strict=True,
                    )
                ]  # fmt: skip
                assert cells == [(own.people, own.sign) for own in row.cells]
                assert made.totals[at] == row.people
            for label, _ in figures.withheld:
                assert made.hidden[place[label]].all()
            assert SAME_AS_REPORT in made.notes


@pytest.mark.parametrize(("rows", "column"), [("measure", "measure_id"), ("kind", "kind")])
def test_what_is_shown_is_what_a_plain_count_finds(sample_run, said, rows, column):
    for measure in ("people", "opinions"):
        shown = cross(sample_run, rows, "性別", measure=measure).cells().query("not hidden")
        assert len(shown)
        for row in shown.to_dict("records"):
            if "無回答" in row["value"]:  # several values in one
                continue
            own = said[(said[column] == row["row_id"]) & (said["attr_性別"] == row["value"])]
            own = own[own["respondent_id"] != ""]
            n = own["respondent_id"].nunique() if measure == "people" else len(own)
            assert row["n"] == n


def test_words_are_counted_in_people_who_use_them(sample_run, said):
    made = cross(sample_run, "word", "source_kind", words=["バス", "公園"])
    assert made.labels == ("バス", "公園")
    own = said[said["opinion_id"].isin(find_word(sample_run, "バス").lines["opinion_id"])]
    assert made.totals[0] >= own.loc[own["respondent_id"] != "", "respondent_id"].nunique()


def test_goals_by_kinds_of_sources_are_counted_as_in_the_report(sample_run, said):
    made = cross(sample_run, "goal", "source_kind", measure="opinions")
    counts = said.groupby("goal_id").size()
    assert dict(zip(made.ids, made.totals.tolist(), strict=True)) == {
        own: counts.get(own, 0) for own in made.ids
    }
    assert KINDS_SHOWN in made.notes
    assert not made.hidden.any()


@pytest.mark.parametrize("rows", ["issue", "measure", "rule"])
def test_no_small_number_of_people_is_shown(sample_run, rows):
    people = cross(sample_run, rows, "年代")
    small = (people.counts > 0) & (people.counts < people.threshold)
    assert small.any()
    assert people.hidden[small].all()
    assert np.isnan(people.shares())[people.hidden].all()
    assert (people.signs[people.hidden] == 0).all()
    shown = people.wide()[list(people.columns)]
    assert shown.isna().to_numpy().tolist() == people.hidden.tolist()
    opinions = cross(sample_run, rows, "年代", measure="opinions")
    gone = opinions.cells().set_index(["row_id", "value"])["hidden"]
    assert gone[people.cells().query("hidden").set_index(["row_id", "value"]).index].all()


def test_what_is_not_protected_is_told(sample_run):
    assert ALONE in cross(sample_run, "word", "年代").notes
    assert BESIDE_REPORT in cross(sample_run, "measure", "年代").notes


def test_hidden_figures_are_asterisks_on_the_screen_and_empty_in_a_file(
    sample_run, tmp_path, capsys
):
    made = cross(sample_run, "goal", "年代")
    text = "\n".join(render_cross(made, 120))
    assert HIDDEN in text
    path = tmp_path / "c.csv"
    call = ["crosstab", str(sample_run), "--columns", "年代", "--rows", "goal"]
    assert main([*call, "--output", str(path)]) == 0
    assert "報告書の表と同じ数です" in capsys.readouterr().out
    row = path.read_text("utf-8-sig").splitlines()[2].split(",")
    hidden = made.hidden[1].tolist()
    assert [cell == "" for cell in row[3 : 3 + len(hidden)]] == hidden
    assert main([*call, "--output", str(path)]) == 2


def test_an_attribute_that_is_not_there_is_answered_with_those_that_are(sample_run):
    with pytest.raises(UsageError, match="属性「年台」は、この結果にありません") as caught:
        cross(sample_run, "goal", "年台")
    assert "性別" in caught.value.remedy
    assert "似た名前: 年代" in caught.value.remedy


def test_a_long_question_is_found_by_how_it_begins(sample_run):
    assert cross(sample_run, "goal", "問1").columns_by.startswith("問1 いまの地域の暮らし")


def test_a_name_below_a_heading_is_found_by_how_it_ends():
    names = ["あなたのくらし 年代", "世帯 年代", "あなたのくらし 性別"]
    assert attribute_named("性別", names) == "あなたのくらし 性別"
    with pytest.raises(UsageError, match="属性「年代」は、この結果にありません"):
        attribute_named("年代", names)


def test_rows_and_figures_that_are_not_known_are_refused(sample_run):
    for arguments in ({"rows": "people"}, {"measure": "words"}):
        with pytest.raises(UsageError, match="はありません"):
            cross(sample_run, **{"rows": "goal", "columns": "年代"} | arguments)


def test_an_attribute_that_the_report_may_not_show_has_no_table_here_either(sample_run, report):
    for name, reason in report.skipped:
        if "5項目まで" not in reason:
            with pytest.raises(UsageError, match="の表は出せません"):
                cross(sample_run, "goal", name)


_STUDIES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=50, max_size=70
)
"""For every person: row here, row of the table that is out, column."""


def _table(pairs, places, width=3):
    counts = np.zeros((3, width), dtype=np.int64)
    for own in pairs:
        counts[own[places[0]], own[places[1]]] += 1
    return counts


@given(_STUDIES)
@settings(max_examples=6)
def test_a_table_beside_one_that_is_out_gives_nothing_away(pairs):
    rows, shown, crossing = (_table(pairs, own) for own in ((0, 2), (1, 2), (0, 1)))
    bases = np.bincount([own[2] for own in pairs], minlength=3)
    if (bases < 3).any() or not (rows.sum(axis=1).all() and shown.sum(axis=1).all()):
        return
    hidden = suppress(shown, bases)
    try:
        mask = suppress_beside(rows, shown, hidden, crossing, bases)
    except DisclosureError:
        return
    both = np.vstack([mask, hidden])
    found = audit(
        known_pair(rows, shown, crossing, bases, both),
        pair_constraints(rows, shown, crossing, bases),
    )
    assert not leaks(type(found)(found.low[:6], found.high[:6]), both).any()


@given(_STUDIES)
@settings(max_examples=6)
def test_opinions_that_are_hidden_already_stay_hidden_and_do_not_follow_from_totals(pairs):
    counts = _table(pairs, (0, 2))
    mask = (counts > 0) & (counts < 4)
    try:
        hidden = hide_both_ways(counts, mask)
    except DisclosureError:
        return
    assert hidden[mask].all()
    found = audit(known(counts, hidden), additive((3, 3), counts, columns=True))
    assert not leaks(found, hidden).any()


def test_whoever_gets_a_table_gets_its_notes(sample_run):
    made = cross(sample_run, "word", "性別", words="バス")
    assert made.labels == ("バス",)
    assert ALONE in made.wide().attrs["notes"]
    assert made.cells().attrs["notes"] == list(made.notes)


@pytest.mark.parametrize(
    ("rows", "columns", "measure", "is_internal"),
    [
        ("word", "性別", "people", True),
        ("goal", "性別", "opinions", True),
        ("goal", "性別", "people", False),
        ("word", "source_kind", "opinions", False),
    ],
)
def test_a_sheet_says_whether_it_may_go_out(sample_run, rows, columns, measure, is_internal):
    made = cross(sample_run, rows, columns, measure=measure)
    assert ("公表しないでください" in cross_sheet(made).mark) == is_internal
    assert any("公表しないでください" in own for own in made.notes) == is_internal
