"""The report shows what changed, and what the last plan did beside what people still ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline import tables as table_shapes
from pipeline.comparison.change import compare_runs, tabulate_changes
from pipeline.report.comparison import (
    CLAIMED,
    Point,
    build_comparison,
    compare_view,
    dumbbell,
    share_words,
)
from pipeline.report.html import render_report
from pipeline.report.previous_plan import build_previous_plan
from pipeline.wording import CHANGES, SAME_VOICES
from tests.compare_fixture import BUS, PARK, SHOP, SNOW, Made, make_profile
from tests.report_fixture import RAW_MARK, make_manifest, make_plan, make_study, make_tables

if TYPE_CHECKING:
    import pandas as pd

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def changes() -> pd.DataFrame:
    more = BUS._replace(headings={"公共交通": 150}, title=HOSTILE)
    old = make_profile([BUS, PARK, SHOP], run_id="r1")
    new = make_profile([more, PARK, SNOW], run_id="r2")
    return tabulate_changes(compare_runs(old, new))


@pytest.fixture(scope="module")
def made(changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables of a run with a predecessor; some of its answers are entries of the last plan."""
    tables = make_tables() | {"comparison": changes}
    first = tables["answers"]["answer_id"].isin(["A00001", "A00002", "A00003", "B00000"])
    kinds = tables["answers"]["source_kind"].where(~first, "previous_plan")
    return tables | {"answers": tables["answers"].assign(source_kind=kinds)}


@pytest.fixture(scope="module")
def document(made: dict[str, pd.DataFrame]) -> str:
    before = {"run_id": "r1", "title": "前回 <調査>", "remarks": ["質問が違います。"]}
    manifest = make_manifest(made) | {"previous": before}
    return render_report(made, make_plan(), make_study(), manifest)


def test_the_section_names_the_run_before_and_what_became_of_every_issue(document: str) -> None:
    section = document.partition('id="comparison"')[2].partition("</section>")[0]
    assert "前回 &lt;調査&gt;" in section
    assert "質問が違います。" in section
    for kind in CHANGES:
        assert kind in section
    assert section.count('class="dumbbell"') == 4
    assert 'href="#comparison"' in document


def test_titles_are_text_and_nothing_but_text(document: str) -> None:
    section = document.partition('id="comparison"')[2].partition("</section>")[0]
    assert HOSTILE not in section
    assert "&lt;script&gt;alert(1)" in section


def test_without_a_run_before_there_is_no_section() -> None:
    tables = make_tables()
    manifest = make_manifest(tables)
    assert build_comparison(tables, manifest) is None
    document = render_report(tables, make_plan(), make_study(), manifest)
    assert 'id="comparison"' not in document
    assert 'id="previous-plan"' not in document


def test_every_row_is_shown_once_and_the_counts_add_up(changes: pd.DataFrame) -> None:
    view = compare_view(changes, "前回", "r1", ())
    rows = [*view.claimed, *view.kept, *view.others]
    assert len(rows) == len(changes) == sum(one.n_issues for one in view.counts)
    assert {row.change for row in view.claimed} <= set(CLAIMED)
    assert {row.shown_title for row in view.grown} == {HOSTILE}
    assert {row.shown_title for row in view.new} == {SNOW.title}
    assert {row.shown_title for row in view.gone} == {SHOP.title}


def test_a_table_without_rows_can_be_shown() -> None:
    view = compare_view(table_shapes.empty("comparison"), "前回", "r1", ())
    assert (view.claimed, view.kept, view.others) == ((), (), ())


def test_small_issues_of_one_run_are_named_first_of_now_and_at_most_five() -> None:
    few = [Made(f"小{n}", {f"見出し{n}": n + 1}, (f"語{n}",)) for n in range(1, 5)]
    gone = [Made(f"前{n}", {f"前の見出し{n}": n + 1}, (f"前語{n}",)) for n in range(1, 4)]
    old = make_profile([BUS, *gone], run_id="r1")
    new = make_profile([BUS, *few], run_id="r2")
    view = compare_view(tabulate_changes(compare_runs(old, new)), "前回", "r1", ())
    assert [row.shown_title for row in view.small] == ["小4", "小3", "小2", "小1", "前3"]
    assert view.small[0].people == "0人→5人"
    assert view.n_small == 7


def test_a_rejected_issue_stands_in_the_table_and_is_named_nowhere_before(
    made: dict[str, pd.DataFrame],
) -> None:
    changes = made["comparison"]
    rejected = changes["change"].isin(CLAIMED) | (changes["title"] == PARK.title)
    tables = made | {"comparison": changes.assign(status=rejected.map({True: "却下", False: ""}))}
    view = compare_view(tables["comparison"], "前回", "r1", ())
    assert view.named == view.grown == view.new == view.gone == ()
    assert view.n_rejected == len(view.claimed) == 3
    assert sum(one.n_issues for one in view.counts) == len(changes)
    manifest = make_manifest(made) | {"previous": {"run_id": "r1", "title": "前回"}}
    document = render_report(tables, make_plan(), make_study(), manifest)
    overview = document.partition('id="changed"')[2].partition('id="doubts"')[0]
    assert SNOW.title not in overview
    assert "却下した課題のほかに" in overview
    section = document.partition('id="comparison"')[2].partition("</section>")[0]
    assert "うち却下した課題 3件" in section
    assert section.count("（却下）") == 5  # four rows, and what it means


def test_a_word_that_was_counted_gets_no_interval_and_no_p_value() -> None:
    hope = Made("期待する", {"": 60}, ("期待",))
    old = make_profile([BUS, hope], run_id="r1", vocabulary={"期待": 145})
    new = make_profile([BUS], run_id="r2", vocabulary={"期待": 76})
    view = compare_view(tabulate_changes(compare_runs(old, new)), "前回", "r1", ())
    row = next(own for own in view.kept if own.shown_title == hope.title)
    assert row.is_by_word
    assert (row.difference, row.interval, row.p_value) == ("−17.2", "―", "語の数だけ")
    assert not any(own.is_by_word for own in view.kept if own.shown_title == BUS.title)


def test_the_same_answers_are_not_called_other_people(made: dict[str, pd.DataFrame]) -> None:
    for remarks, told in (([], True), ([SAME_VOICES], False)):
        before = {"run_id": "r1", "title": "前回", "remarks": remarks}
        manifest = make_manifest(made) | {"previous": before}
        document = render_report(made, make_plan(), make_study(), manifest)
        assert ("前後で別の人たち" in document) is told
        assert ("同じ回答から作った結果" in document) is not told


def test_what_was_not_counted_is_not_drawn() -> None:
    nan = float("nan")
    nothing = Point(0, 0, nan, nan, nan, "人")
    some = Point(5, 50, 0.1, 0.04, 0.21, "人")
    assert nothing.words == nothing.interval == share_words(nan) == "―"
    assert dumbbell(nothing, some, 0.3).count("<circle") == 1
    assert "nan" not in dumbbell(nothing, some, 0.3)


def test_entries_of_the_last_plan_stand_beside_what_is_still_asked_for(
    made: dict[str, pd.DataFrame], document: str
) -> None:
    view = build_previous_plan(made)
    assert view is not None
    assert view.n_entries == 4
    entries = [*view.spoken_to, *view.silent]
    assert {entry.answer_id for entry in entries} == {"A00001", "A00002", "A00003", "B00000"}
    opinions = made["opinions"].merge(made["answers"], on="answer_id")
    asked = opinions[
        opinions["kind"].isin(["problem", "request"]) & (opinions["source_kind"] != "previous_plan")
    ]
    for entry in view.spoken_to:
        issues = {issue_id for issue_id, _ in entry.issues}
        assert entry.n_complaints == asked["issue_id"].isin(issues).sum()
        assert 1 <= len(entry.voices) <= 2
    sizes = [entry.n_complaints for entry in view.spoken_to]
    assert sizes == sorted(sizes, reverse=True)
    assert "B00000" in {entry.answer_id for entry in view.silent}
    section = document.partition('id="previous-plan"')[2].partition("</section>")[0]
    assert RAW_MARK not in section
    assert all(entry.text[:8] in section for entry in view.silent if "<" not in entry.text)


def test_the_order_of_rows_does_not_matter(made: dict[str, pd.DataFrame]) -> None:
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in made.items()}
    assert build_previous_plan(turned) == build_previous_plan(made)
    manifest = {"previous": {"title": "前回"}}
    assert build_comparison(turned, manifest) == build_comparison(made, manifest)
