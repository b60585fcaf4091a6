"""The report shows every issue, sums that add up, and residents' words as nothing but text."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pipeline import tables as table_shapes
from pipeline.lookups import with_answers
from pipeline.measures import tabulate_measures
from pipeline.plan import load_plan
from pipeline.report import context, views, write_report
from pipeline.report.charts import bar, heat
from pipeline.report.html import render_report
from pipeline.report.lessons import build_lessons
from pipeline.report.voices import choose_voices, opinion_rows
from pipeline.resources import dictionaries_folder
from pipeline.wording import clean
from tests.report_fixture import (
    DECIDED_ISSUE,
    DECIDED_OPINION,
    HOSTILE,
    RAW_MARK,
    SPLIT_ISSUES,
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
        if not {"style", "title", "script"} & set(self.open):
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
    assert not {"link", "iframe", "object", "img"} & set(read.tags)
    assert read.tags.count("script") == 1
    style = document.partition("<style>")[2].partition("</style>")[0]
    assert "@import" not in style
    assert not re.search(r"url\((?!data:)", style)


def test_content_security_policy_lets_in_our_own_style_and_script_and_nothing_else(
    document: str, read: _Reader
) -> None:
    policy = next(value for value in read.values("content") if "default-src" in value)
    own = {
        tag: base64.b64encode(
            hashlib.sha256(re.search(f"(?s)<{tag}>(.*?)</{tag}>", document)[1].encode()).digest()
        ).decode()
        for tag in ("style", "script")
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{own['style']}'; "
        f"script-src 'sha256-{own['script']}'; base-uri 'none'; form-action 'none'"
    )


def test_no_style_stands_in_the_markup(read: _Reader) -> None:
    assert read.values("style") == []


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
    assert len(view.ledger.sums) == 7
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
    assert [line.adds_up for line in sums] == [False, *[True] * 6]


def test_opinions_of_goals_and_of_no_goal_are_all_opinions(view: views.Report) -> None:
    assert sum(row.n_opinions for row in view.overview.goals) == view.overview.n_opinions
    for goal in view.goals:
        inside = goal.n_own + goal.n_elsewhere + goal.n_rejected
        assert inside + goal.n_alone == goal.n_opinions
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
    goals = document.partition('<section id="goals"')[2]
    row = goals.partition("6-2 職員の研修")[2][:200]
    assert "この施策にふれた声はありません" in row


def test_a_goal_is_given_with_its_words_and_confidence(document: str) -> None:
    issue = document.partition('id="I003"')[2].partition("</article>")[0]
    assert "確信度 低い" in issue
    for word in TOPICS[2].words.split("、"):
        assert f"<bdi>{word}</bdi>" in issue


def _issue(document: str, issue_id: str) -> str:
    """Text of one issue."""
    rest = document.partition(f'id="{issue_id}"')[2].partition(">")[2]
    return _text(re.split(r'</article>|<details class="issue|</section>', rest)[0])


def _text(markup: str) -> str:
    """What is read of a piece of markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def test_every_word_says_why_it_counted_and_in_how_many_opinions(document: str) -> None:
    shown = _issue(document, "I003")
    assert "ボランティア 規則「ボランティアのこと」4件" in shown
    assert "担い手 例文4件" in shown


def test_confidence_is_said_as_word_and_figure(document: str) -> None:
    assert "確信度 低い 0.43" in _issue(document, "I003")
    assert "目標がないことの確信度 低い 0.45" in _issue(document, "I010")


def test_a_voice_says_why_it_stands_under_its_goal(document: str) -> None:
    voice = document.partition("ボランティアの担い手が高齢になっている")[2].partition("</li>")[0]
    assert re.search(
        r"なぜ：ボランティア（規則「ボランティアのこと」）.*確信度 \S+ 0\.\d\d", _text(voice)
    )


def test_a_voice_that_stands_under_another_goal_than_its_issue_says_so(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    opinions, issues = tables["opinions"], tables["issues"]
    goal_of = dict(zip(issues["issue_id"], issues["goal_id"], strict=True))
    inside = opinions[(opinions["issue_id"] != "") & (opinions["duplicate_of"] == "")]
    moved = inside[
        (inside["goal_id"] != inside["issue_id"].map(goal_of)) & (inside["goal_id"] != "")
    ]
    assert len(moved)
    for row in moved.itertuples():
        assert f"この声は目標{row.goal_id}" in _issue(document, row.issue_id)


def test_voices_without_a_goal_need_no_reason_where_their_issue_has_none(document: str) -> None:
    assert "この声は" not in _issue(document, "I012")
    assert "なぜ：" not in _issue(document, "I012")


@pytest.mark.parametrize("issue_id", SPLIT_ISSUES)
def test_an_issue_to_split_shows_its_counts_and_the_words_of_its_goals(
    document: str, issue_id: str
) -> None:
    shown = _issue(document, issue_id)
    assert re.search(r"目標が分かれています。意見ごとに見ると、(目標4 9件|なし \d+件)・", shown)
    assert "5 災害に備え助け合う を指す語：名簿（規則「名簿のこと」3件）" in shown


def test_a_person_who_decided_is_named_with_what_the_machine_had_proposed(document: str) -> None:
    shown = _issue(document, DECIDED_ISSUE)
    assert "策定委員会 が決めました" in shown
    assert "決める前の機械の案は「1 つながりのある地域をつくる」でした" in shown
    assert "いまの案は「1 つながりのある地域をつくる」（確信度 中くらい 0.61）" in shown
    assert "決めた理由：相談の話だから" in shown
    assert "山田 が決めました（決める前は「どの目標にも当てはまらない」）" in _text(document)


def test_a_decision_on_an_issue_is_not_repeated_at_every_voice(document: str) -> None:
    assert _issue(document, DECIDED_ISSUE).count("が決めました") == 1


def test_a_low_confidence_is_unsure_with_a_goal_or_without_unless_a_person_decided(
    tables: dict[str, pd.DataFrame],
) -> None:
    issues = tables["issues"].assign(goal_confidence=0.1, assigned_by="")
    assert context.is_unsure(issues).all()
    assert not context.is_unsure(issues.assign(goal_confidence=0.5)).any()
    assert not context.is_unsure(issues.assign(assigned_by="山田")).any()
    assert not context.is_unsure(table_shapes.empty("issues")).any()


def test_sdgs_of_the_plan_and_suggested_ones_are_told_apart(document: str) -> None:
    def marks(measure: str) -> list[str]:
        goals = document.partition('<section id="goals"')[2]
        cell = goals.partition(measure)[2].partition('class="marks"')[2].partition("</td>")[0]
        return [_text(item).strip() for item in cell.split("<li>")[1:]]

    assert marks("1-2 居場所づくり") == [
        "3 すべての人に健康と福祉を",
        "11 住み続けられるまちづくりを",  # stated, so not suggested once more
        "提案 17 パートナーシップで目標を達成しよう 協働",
    ]
    assert marks("3-1 総合相談") == ["3 すべての人に健康と福祉を"]
    assert marks("3-2 家族介護者の支援") == ["提案 3 すべての人に健康と福祉を 介護者、家族"]
    assert marks("6-2 職員の研修") == []


def test_a_plan_that_states_no_sdgs_is_said_to(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    silent = tables | {"measures": tables["measures"].assign(sdgs="", sdg_names="")}
    said = "この計画ファイルには SDGs の番号が書かれていない"
    assert said in render_report(silent, make_plan(), make_study(), {})
    assert said not in document


def test_opinions_that_decisions_moved_are_listed_with_the_decision(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    section = _text(document.partition('<section id="lessons"')[2].partition("</section>")[0])
    assert "1件の判断で、2件の意見が動いています" in section
    texts = tables["opinions"].set_index("opinion_id")["text"]
    for opinion_id in tables["lessons"]["opinion_id"]:
        assert texts[opinion_id] in section
    assert f"「{texts[DECIDED_OPINION]}」を目標2に 山田（D002）" in section
    assert "2 地域を支える人を育てる" in section


def test_a_decision_that_did_little_beside_another_is_not_named(
    tables: dict[str, pd.DataFrame],
) -> None:
    first = tables["lessons"].iloc[:1]
    weak = first.assign(decision_id="D003", effect=0.1)
    made = build_lessons(tables | {"lessons": pd.concat([weak, first])}, {"2": "2 人"})
    (lesson,) = made.shown
    assert [teacher.decision_id for teacher in lesson.teachers] == ["D002"]


def test_what_was_decided_itself_is_no_lesson(tables: dict[str, pd.DataFrame]) -> None:
    lessons = tables["lessons"].assign(opinion_id=DECIDED_OPINION)
    made = build_lessons(tables | {"lessons": lessons}, {})
    assert (made.n_opinions, made.shown) == (0, ())


def test_without_lessons_there_is_no_such_section(tables: dict[str, pd.DataFrame]) -> None:
    nothing = tables | {"lessons": table_shapes.empty("lessons")}
    assert "lessons" not in render_report(nothing, make_plan(), make_study(), {})


def test_a_lesson_whose_decision_is_not_known_is_still_shown(
    tables: dict[str, pd.DataFrame],
) -> None:
    unknown = tables | {"applied_decisions": table_shapes.empty("applied_decisions")}
    made = build_lessons(unknown, {"2": "2 人"})
    assert [lesson.teachers for lesson in made.shown] == [()] * len(made.shown)
    assert {lesson.after for lesson in made.shown} == {"2 人"}


def test_the_confidence_is_explained_with_how_often_it_was_right(
    tables: dict[str, pd.DataFrame], document: str
) -> None:
    assert "310件" in document
    assert "この計画では測っていません" in document
    measured = make_plan().model_copy(update={"id": "nishitokyo-4"})
    shown = render_report(tables, measured, make_study(), {})
    assert "この計画では測っていません" not in shown
    assert "ほとんど見ていない別の回答710件では" in shown


def test_every_kind_of_reason_is_explained(document: str) -> None:
    methods = document.partition('<section id="methods"')[2]
    for kind in ("規則「…」", "話題「…」", "例文", "これまでの判断", "計画の言葉"):
        assert f"<dt>{kind}</dt>" in methods


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
    rows = opinion_rows(with_answers(tables["opinions"], tables["answers"]), {}, {})
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
    opinions = with_answers(fitted["opinions"], fitted["answers"])
    fitted["measures"] = tabulate_measures(plan, (), {}, opinions, fitted["issues"])
    shown = _Reader(render_report(fitted, plan, make_study(), {}))
    assert all(any(goal.name in text for text in shown.text) for goal in plan.goals)


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


def test_goals_that_were_left_to_a_person_are_not_counted_as_none_in_silence() -> None:
    tables = make_tables()
    nowhere = tables["opinions"]["goal_id"] == ""
    withheld = tables["opinions"]["withheld_goal_id"].where(~nowhere, "4")
    left = tables | {"opinions": tables["opinions"].assign(withheld_goal_id=withheld)}
    said = "目標を付けずに人にまかせたもの"
    assert said in render_report(left, make_plan(), make_study(), make_manifest(left))
    assert said not in render_report(tables, make_plan(), make_study(), make_manifest(tables))
