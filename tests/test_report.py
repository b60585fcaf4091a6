"""The report shows every issue, sums that add up, and residents' words as nothing but text."""

from __future__ import annotations

import html
import math
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import tables as table_shapes
from pipeline.lookups import with_answers
from pipeline.plan import load_plan
from pipeline.report import context, views, write_report
from pipeline.report.charts import bar, heat
from pipeline.report.html import render_report
from pipeline.report.voices import choose_voices, opinion_rows
from pipeline.resources import dictionaries_folder
from pipeline.wording import clean, confidence_word, evidence_words, percent
from tests.report_fixture import (
    HOSTILE,
    RAW_MARK,
    TOPICS,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
)

if TYPE_CHECKING:
    from pathlib import Path

_VOID = {"meta", "link", "br", "img", "hr", "input", "rect"}


class _Reader(HTMLParser):
    """Collects what a browser would build: tags, attributes, ids, visible text, headings."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.headings: list[int] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="module")
def document(tables: dict[str, pd.DataFrame]) -> str:
    return render_report(tables, make_plan(), make_study(), make_manifest(tables))


@pytest.fixture(scope="module")
def read(document: str) -> _Reader:
    return _Reader(document)


@pytest.fixture(scope="module")
def view(tables: dict[str, pd.DataFrame]) -> views.Report:
    return context.build_report(tables, make_plan(), make_study(), make_manifest(tables))


def test_nothing_is_fetched_from_anywhere(document: str, read: _Reader) -> None:
    assert all(value.startswith("#") for value in read.values("href"))
    assert not read.values("src") + read.values("srcset") + read.values("action")
    assert not {"script", "link", "iframe", "object", "img", "form"} & set(read.tags)
    style = document.partition("<style>")[2].partition("</style>")[0]
    assert "@import" not in style
    assert not re.search(r"url\((?!data:)", style)


def test_content_security_policy_forbids_everything_but_our_own_style(read: _Reader) -> None:
    policy = next(value for value in read.values("content") if "default-src" in value)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script-src" not in policy


def test_no_event_handler_stands_in_the_markup(read: _Reader) -> None:
    assert not [name for _, name, _ in read.attributes if name.startswith("on")]


def test_every_tag_is_closed_in_order(read: _Reader) -> None:
    assert read.open == []


def test_ids_are_unique_and_every_link_has_a_target(read: _Reader) -> None:
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in read.values("href")} <= set(ids)
    referred = read.values("aria-labelledby")
    assert set(referred) <= set(ids)


def test_headings_go_down_one_level_at_a_time(read: _Reader) -> None:
    assert read.headings.count(1) == 1
    # The contents come before the text and are a section of their own.
    steps = zip(read.headings, read.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_every_table_has_a_caption_and_every_header_a_scope(read: _Reader) -> None:
    assert read.tags.count("table") == read.tags.count("caption")
    scopes = [value for tag, name, value in read.attributes if tag == "th" and name == "scope"]
    assert len(scopes) == read.tags.count("th")


def test_every_issue_title_is_shown(tables: dict[str, pd.DataFrame], read: _Reader) -> None:
    for issue_id, title in tables["issues"][["issue_id", "title"]].itertuples(index=False):
        assert issue_id in read.values("id")
        assert title in read.text


def test_every_wording_is_shown_in_a_small_run(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    for text in tables["opinions"]["text"].drop_duplicates():
        assert (
            html.escape(clean(text), quote=True)
            .replace("&#x27;", "&#39;")
            .replace("&quot;", "&#34;")
            in document
        )


def test_hostile_text_is_shown_as_text(read: _Reader) -> None:
    for text in HOSTILE:
        assert clean(text) in read.text


def test_raw_text_and_respondents_are_never_shown(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    assert RAW_MARK not in document
    shown = set(re.findall(r"S-\w+", document))
    assert not shown & set(tables["answers"]["respondent_id"])


def test_all_sums_of_the_ledger_add_up(view: views.Report) -> None:
    assert len(view.ledger.sums) == 4
    assert all(line.adds_up for line in view.ledger.sums)
    assert view.ledger.warnings == ()


def test_a_manifest_that_disagrees_with_the_tables_is_named(
    tables: dict[str, pd.DataFrame],
) -> None:
    manifest = make_manifest(tables) | {"ledger": {"opinions": 9_999}}
    shown = render_report(tables, make_plan(), make_study(), manifest)
    assert "数が合いません" in shown
    assert "9,999" in shown


def test_an_answer_that_went_nowhere_is_seen_in_the_sum(
    tables: dict[str, pd.DataFrame],
) -> None:
    lost = tables | {"set_aside": tables["set_aside"].iloc[:-1]}
    sums = context.build_report(lost, make_plan(), make_study(), {}).ledger.sums
    assert [line.adds_up for line in sums] == [False, True, True, True]


def test_opinions_of_goals_and_of_no_goal_are_all_opinions(view: views.Report) -> None:
    assert sum(row.n_opinions for row in view.overview.goals) == view.overview.n_opinions
    for goal in view.goals:
        assert goal.n_own + goal.n_elsewhere + goal.n_alone == goal.n_opinions
        spoken = sum(measure.n_opinions for measure in goal.measures)
        assert spoken + goal.n_without_measure == goal.n_opinions


def test_heat_table_adds_up_by_row_and_by_column(view: views.Report) -> None:
    for _, cells in view.heat.rows:
        assert sum(cell.n_opinions for cell in cells[:-1]) == cells[-1].n_opinions
    for place, total in enumerate(view.heat.totals):
        column = [cells[place].n_opinions for _, cells in view.heat.rows]
        assert sum(column) == total.n_opinions


def test_the_same_tables_give_the_same_bytes(
    tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    shuffled = {
        name: table_shapes.conform(name, table.sample(frac=1, random_state=3))
        for name, table in make_tables().items()
    }
    for name, made in (("a.html", tables), ("b.html", shuffled)):
        write_report(tmp_path / name, made, make_plan(), make_study(), make_manifest(made))
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_measure_that_nobody_speaks_to_says_so(document: str) -> None:
    row = document.partition("6-2 職員の研修")[2][:200]
    assert "この施策にふれた声はありません" in row


def test_a_goal_is_given_with_its_words_and_confidence(document: str) -> None:
    issue = document.partition('id="I003"')[2].partition("</article>")[0]
    assert "確信度 低い" in issue
    for word in TOPICS[2].words.split("、"):
        assert f"<bdi>{word}</bdi>" in issue


def test_a_goal_that_a_person_set_is_not_called_unsure(
    tables: dict[str, pd.DataFrame],
) -> None:
    issues = tables["issues"].assign(goal_confidence=0.1)
    assert context.is_unsure(issues).sum() == (issues["goal_id"] != "").sum()
    assert context.is_unsure(issues.assign(assigned_by="山田")).sum() == 0


def test_a_run_without_opinions_is_still_a_report(tables: dict[str, pd.DataFrame]) -> None:
    nothing = {name: table_shapes.empty(name) for name in table_shapes.SCHEMAS}
    shown = _Reader(render_report(nothing, make_plan(), make_study(), {}))
    assert shown.open == []
    silent = nothing | {"answers": tables["answers"]}
    assert _Reader(render_report(silent, make_plan(), make_study(), {})).open == []


def test_a_large_run_shows_some_voices_and_says_how_many_are_left(
    tables: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "LARGE_RUN", 50)
    monkeypatch.setattr(context, "VOICES_IN_LARGE_RUN", 5)
    made = context.build_report(tables, make_plan(), make_study(), {})
    issues = [issue for goal in made.goals for issue in goal.issues]
    for issue in issues:
        shown = len(issue.voices) + len(issue.further.voices)
        assert shown <= 5
        assert shown + issue.further.n_left_out == issue.n_distinct
    assert "ほか" in render_report(tables, make_plan(), make_study(), {})


def test_identical_wordings_are_shown_once_with_their_number(
    tables: dict[str, pd.DataFrame],
) -> None:
    rows = opinion_rows(with_answers(tables["opinions"], tables["answers"]))
    _, listed = choose_voices(rows)
    assert len(listed.voices) == len({row.text for row in rows})
    assert sum(voice.times for voice in listed.voices) == len(rows)


def test_the_report_is_made_for_the_plan_that_comes_with_kadai(
    tables: dict[str, pd.DataFrame],
) -> None:
    path = dictionaries_folder() / "plans" / "nishitokyo-4.toml"
    if not path.is_file():
        pytest.skip("the plan is not here")
    plan = load_plan(path)
    known = {measure.id for goal in plan.goals for measure in goal.measures} | {""}
    fitted = dict(tables)
    for name in ("opinions", "issues"):
        measures = tables[name]["measure_id"]
        fitted[name] = tables[name].assign(measure_id=measures.where(measures.isin(known), ""))
    shown = _Reader(render_report(fitted, plan, make_study(), {}))
    assert all(any(goal.name in text for text in shown.text) for goal in plan.goals)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("", []),
        ("{", []),
        ("null", []),
        ('["道路", "道路", 3, ""]', ["道路"]),
        ('{"word": "道路"}', ["道路"]),
        ('[{"word": "駅", "weight": 1}, {"word": "道", "weight": 2}]', ["道", "駅"]),
        ('[{"word": "駅", "weight": NaN}, {"span": [1, 2]}]', ["駅"]),
        ('[{"word": "駅", "weight": "x"}]', ["駅"]),
    ],
)
def test_evidence_is_read_leniently(evidence: str, words: list[str]) -> None:
    assert [found.word for found in evidence_words(evidence)] == words


@given(st.text(st.characters()))
def test_clean_text_stays_clean_and_can_be_written(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percent_says_nothing_and_all_only_for_nothing_and_all(part: int, rest: int) -> None:
    whole = part + rest
    shown = percent(part, whole)
    assert (shown == "0%") == (part == 0 and whole > 0)
    assert (shown == "100%") == (rest == 0 and whole > 0)


@pytest.mark.parametrize(
    ("value", "word"),
    [(1.0, "高い"), (0.75, "高い"), (0.74, "中くらい"), (0.49, "低い"), (math.nan, "―")],
)
def test_confidence_is_said_in_a_word(value: float, word: str) -> None:
    assert confidence_word(value) == word


def test_a_bar_is_as_long_as_its_number() -> None:
    assert 'class="sure" width="40.00%"' in bar(50, 10, 100)
    assert 'x="40.00%" y="1" width="10.00%"' in bar(50, 10, 100)
    assert "rect" not in bar(0, 0, 100)
    assert "rect" not in bar(0, 0, 0)


def test_shades_compare_shares_and_not_sizes() -> None:
    rows = [("survey", "1")] * 300 + [("survey", "")] * 300
    rows += [("public_comment", "1"), ("public_comment", "")]
    joined = pd.DataFrame(rows, columns=["source_kind", "goal_id"]).assign(respondent_id="r")
    made = heat(joined, {"1": "1 つながり"})
    under_goal, under_none = (cells[:-1] for _, cells in made.rows)
    assert {cell.level for cell in under_goal} == {5}
    assert {cell.level for cell in under_none} == {0}
