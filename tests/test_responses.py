"""対応区分: what is answered to public comments goes from the workbook to the tables and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from pipeline import tables as shapes
from pipeline.analysis import run_study
from pipeline.audit.explain import explain, load_result
from pipeline.audit.text import render
from pipeline.cli import main
from pipeline.decided import decide_responses, mark_reviewed
from pipeline.decision_log import added_to
from pipeline.decision_words import shown_value
from pipeline.decisions import COLUMNS, WITHDRAWN, Decision, parse_decisions
from pipeline.errors import InputError
from pipeline.follow import with_same_wording
from pipeline.lookups import with_answers
from pipeline.review.sheets import issue_sheet, opinion_sheet
from pipeline.review.values import NO_RESPONSE_CHOICE, UnreadableError, response_value
from pipeline.review.workbook import write_workbook
from pipeline.review_import.compare import compare_workbooks
from pipeline.review_import.prepare import Prepared, Reviewed, prepare
from pipeline.review_import.reading import ReviewBook, read_workbook
from pipeline.review_import.state import RunState
from pipeline.review_import.transfer import import_workbooks
from pipeline.study import load_study
from pipeline.wording import RESPONSES
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.plan import Plan

Tables = dict[str, pd.DataFrame]
SAMPLE = Path(__file__).parents[1] / "inputs" / "sample"
RUN = "abc123def0"
MOMENT = "2026-06-01T09:00:00+09:00"


def decision(number: int, target: str, value: str, field: str = "response") -> Decision:
    return Decision(
        f"D{number}", target, field, "", value, "田中", f"2026-05-01T10:{number:02}:00+09:00", "",
        RUN, "声",
    )  # fmt: skip


# In the tables

OPINIONS = pd.DataFrame(
    [
        ("O1", "I1", "public_comment", "O1"), ("O2", "I1", "public_comment", "O2"),
        ("O3", "I1", "survey", "O3"), ("O4", "I2", "public_comment", "O2"),
        ("O5", "", "public_comment", "O5"), ("O6", "I2", "survey", "O2"),
    ],
    columns=["opinion_id", "issue_id", "source_kind", "stands_for"],
)  # fmt: skip


def responses(*decisions: Decision) -> dict[str, str]:
    """What every opinion is answered, of those that are answered at all."""
    last = {own.target_id: own.value for own in decisions if own.value != WITHDRAWN}
    issues = pd.DataFrame({"issue_id": ["I1", "I2"]})
    issues["response"] = [last.get(own, "") for own in issues["issue_id"]]
    made = decide_responses(OPINIONS, issues, decisions, with_same_wording(decisions, OPINIONS))
    found = dict(zip(made["opinion_id"], made["response"], strict=True))
    return {own: value for own, value in found.items() if value}


def test_the_response_of_an_issue_holds_for_its_public_comments_alone() -> None:
    assert responses(decision(1, "I1", "反映")) == {"O1": "反映", "O2": "反映"}


def test_an_opinions_own_response_goes_before_its_issues() -> None:
    found = responses(decision(1, "O1", "対象外"), decision(2, "I1", "反映"))
    assert found == {"O1": "対象外", "O2": "反映"}


def test_an_opinion_can_be_left_without_the_response_of_its_issue() -> None:
    assert responses(decision(1, "I1", "反映"), decision(2, "O1", "")) == {"O2": "反映"}


def test_an_opinion_of_any_source_can_be_answered_by_itself() -> None:
    assert responses(decision(1, "O3", "記載済み")) == {"O3": "記載済み"}


def test_what_one_is_answered_holds_for_public_comments_of_the_same_wording() -> None:
    assert responses(decision(1, "O2", "反映")) == {"O2": "反映", "O4": "反映"}
    # But not for one with a response of its own, or a goal decided for it: that is another field.
    both = (decision(1, "O2", "反映"), decision(2, "O4", "対象外"))
    assert responses(*both) == {"O2": "反映", "O4": "対象外"}
    assert responses(decision(1, "O2", "反映"), decision(2, "O4", "1", "goal_id"))["O4"] == "反映"


def test_a_response_of_its_own_does_not_keep_an_opinion_from_the_goal_of_its_wording() -> None:
    given = (decision(1, "O2", "1", "goal_id"), decision(2, "O4", "反映"))
    copied = {(own.target_id, own.field) for own in with_same_wording(given, OPINIONS)}
    assert ("O4", "goal_id") in copied


def test_a_response_that_was_taken_back_is_none() -> None:
    assert responses(decision(1, "O1", "反映"), decision(2, "O1", WITHDRAWN)) == {}


def test_nothing_is_answered_until_a_person_decides() -> None:
    assert responses() == {}
    assert responses(decision(1, "O1", "2", "goal_id")) == {}


def test_an_answer_to_a_comment_is_no_review_of_its_goal() -> None:
    given = (decision(1, "O2", "反映"),)
    issues = pd.DataFrame({"issue_id": ["I1", "I2"], "response": "", "reviewed_by": ""})
    answered = decide_responses(OPINIONS, issues, given, with_same_wording(given, OPINIONS))
    made = mark_reviewed(answered, issues, given)
    assert made["reviewed"].tolist() == [0] * len(made)


# In the record


@pytest.mark.parametrize("target", ["O1", "I001"])
@pytest.mark.parametrize("value", [*RESPONSES, "", WITHDRAWN])
def test_opinions_and_issues_can_be_answered_in_the_four_ways(
    target: str, value: str, small_plan: Plan
) -> None:
    rows = (decision(1, target, value),)
    assert parse_decisions(added_to(b"", rows), small_plan) == rows


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (decision(1, "O1", "検討"), "「検討」はありません（使えるもの: "),
        (decision(1, "A1@0-4", "反映"), "「response」は対象外の部分には使えません"),
    ],
)
def test_any_other_answer_or_target_is_refused(own: Decision, said: str, small_plan: Plan) -> None:
    with pytest.raises(InputError, match=said):
        parse_decisions(added_to(b"", (own,)), small_plan)


def test_a_reviewer_reads_none_as_a_word(small_plan: Plan) -> None:
    assert shown_value("response", "", small_plan, {}) == "なし"
    assert shown_value("response", "反映", small_plan, {}) == "反映"


# In the workbook


@pytest.fixture(scope="module")
def tables() -> Tables:
    made = make_tables(n_opinions=60)
    assert (made["answers"]["source_kind"] == "public_comment").any()
    return made


def without_comments(tables: Tables) -> Tables:
    answers = tables["answers"]
    kinds = answers["source_kind"].replace("public_comment", "survey")
    return {**tables, "answers": answers.assign(source_kind=kinds)}


def addressed(tables: Tables) -> Tables:
    ids = ["4-2" if place == 0 else "" for place in range(len(tables["opinions"]))]
    return {**tables, "opinions": tables["opinions"].assign(addressed_id=ids)}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write the workbook of some tables, with cells of some rows filled, by column."""

    def written(
        tables: Tables, cells: dict[str, dict[str, str]] | None = None, name: str = "a.xlsx",
        run_id: str = RUN,
    ) -> Path:  # fmt: skip
        path = tmp_path / name
        manifest = {**make_manifest(tables), "run_id": run_id}
        write_workbook(path, tables, make_plan(), make_study(), manifest)
        book = openpyxl.load_workbook(path)
        for sheet in (book["課題"], book["意見"]):
            heads = [cell.value for cell in sheet[1]]
            key = heads.index("課題番号" if sheet.title == "課題" else "意見番号")
            for row in sheet.iter_rows(min_row=2):
                for column, text in (cells or {}).get(str(row[key].value), {}).items():
                    row[heads.index(column)].value = text
        book.save(path)
        return path

    return written


def heads(path: Path, sheet: str) -> list[Any]:
    return [cell.value for cell in openpyxl.load_workbook(path)[sheet][1]]


def test_the_columns_are_there_only_where_the_run_has_use_for_them(
    tables: Tables, write: Callable[..., Path]
) -> None:
    bare = without_comments(tables)
    for made, there in ((tables, True), (bare, False)):
        path = write(made)
        assert ("対応区分" in heads(path, "課題")) is there
        assert ("対応区分" in heads(path, "意見")) is there
        assert "該当箇所" not in heads(path, "意見")
        guide = [cell.value for row in openpyxl.load_workbook(path)["手順"] for cell in row]
        assert ("対応区分" in guide) is there
    assert "該当箇所" in heads(write(addressed(bare)), "意見")


def test_a_workbook_without_the_columns_is_read_without_a_complaint(
    tables: Tables, write: Callable[..., Path]
) -> None:
    assert read_workbook(write(without_comments(tables))).problems == ()


def test_a_column_that_somebody_deleted_is_missed(
    tables: Tables, write: Callable[..., Path]
) -> None:
    path = write(tables)
    book = openpyxl.load_workbook(path)
    book["意見"].delete_cols(heads(path, "意見").index("対応区分") + 1)
    book.save(path)
    (problem,) = read_workbook(path).problems
    assert problem.place.sheet == "意見"
    assert "「対応区分」の列がありません" in problem.text


def test_the_addressed_part_is_shown_with_its_name_beside_the_machines_goal(
    tables: Tables,
) -> None:
    sheet = opinion_sheet(addressed(tables), make_plan())
    names = [column.name for column in sheet.columns]
    first = tables["opinions"]["opinion_id"][0]
    row = next(row for row in sheet.rows if row[names.index("意見番号")] == first)
    assert str(row[names.index("該当箇所")]).startswith("4-2 ")
    assert names.index("該当箇所") + 1 == names.index("目標（機械）")


def test_the_response_of_an_issue_stands_beside_its_opinions(tables: Tables) -> None:
    own = tables["opinions"].assign(response="")
    own.loc[0, "response"] = "反映"
    sheet = opinion_sheet({**tables, "opinions": own}, make_plan())
    names = [column.name for column in sheet.columns]
    row = next(row for row in sheet.rows if row[names.index("意見番号")] == own["opinion_id"][0])
    decided = str(row[names.index("これまでの判断")]).split("\n")
    assert decided[-1] == "対応区分：反映（課題か同じ文面への判断）"
    assert row[names.index("対応区分")] == ""


def test_what_stood_there_is_kept_at_the_end_and_with_its_name(tables: Tables) -> None:
    for sheet in (issue_sheet(tables, make_plan()), opinion_sheet(tables, make_plan())):
        assert {json.loads(str(row[-1]))[-1] for row in sheet.rows} == {"response="}
    bare = without_comments(tables)
    for sheet in (issue_sheet(bare, make_plan()), opinion_sheet(bare, make_plan())):
        assert not any("response=" in str(row[-1]) for row in sheet.rows)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("反映", "反映"), (" 記載済み ", "記載済み"), ("今後の参考", "今後の参考"), ("対象外", "対象外"),
        ("なし", ""), (NO_RESPONSE_CHOICE, ""),
    ],
)  # fmt: skip
def test_a_cell_says_one_of_four_or_none(text: str, value: str) -> None:
    assert response_value(text) == value


def test_a_cell_that_says_something_else_is_told() -> None:
    with pytest.raises(UnreadableError, match="対応区分「検討します」はありません"):
        response_value("検討します")


# Read back


def take(
    tables: Tables, *books: ReviewBook, record: Sequence[Decision] = (), run_id: str = RUN
) -> Prepared:
    state = RunState.of(run_id, make_plan(), tables)
    reviews = [Reviewed(book, f"{n}人目") for n, book in enumerate(books, start=1)]
    return prepare(reviews, state, tables, record, MOMENT)


def said(found: Prepared) -> list[tuple[str, str, str, str]]:
    return [(own.target_id, own.field, own.value_seen, own.value) for own in found.judgements]


def with_response(tables: Tables, target: str, value: str) -> Tables:
    """The run after a decision on a response."""
    name, key = ("issues", "issue_id") if target.startswith("I") else ("opinions", "opinion_id")
    table = tables[name].copy()
    table.loc[table[key] == target, "response"] = value
    row = dict(zip(COLUMNS, decision(90, target, value), strict=True))
    added = pd.DataFrame([row]).assign(applied_to=target, stands=1, why_not="")
    decided = pd.concat([tables["applied_decisions"], added], ignore_index=True)
    return {**tables, name: table, "applied_decisions": decided}


def test_cells_become_decisions_with_their_comment_as_reason(
    tables: Tables, write: Callable[..., Path]
) -> None:
    own = tables["opinions"]["opinion_id"][0]
    cells = {"I001": {"対応区分": "反映", "コメント": "4章に書き足す"}, own: {"対応区分": "対象外"}}
    found = take(tables, read_workbook(write(tables, cells)))
    assert found.problems == ()
    assert ("I001", "response", "", "反映") in said(found)
    assert (own, "response", "", "対象外") in said(found)
    reasons = {own.field: own.reason for own in found.judgements if own.target_id == "I001"}
    assert reasons["response"] == "4章に書き足す"


def test_only_what_changes_is_taken_and_none_takes_it_back(
    tables: Tables, write: Callable[..., Path]
) -> None:
    now = with_response(tables, "I001", "反映")
    same = read_workbook(write(now, {"I001": {"対応区分": "反映"}}))
    assert said(take(now, same, record=(decision(90, "I001", "反映"),))) == []
    none = read_workbook(write(now, {"I001": {"対応区分": NO_RESPONSE_CHOICE}}))
    assert said(take(now, none)) == [("I001", "response", "反映", "")]


def test_a_response_is_taken_back_on_the_sheet_of_earlier_decisions(
    tables: Tables, write: Callable[..., Path]
) -> None:
    now = with_response(tables, "I001", "反映")
    path = write(now)
    book = openpyxl.load_workbook(path)
    sheet = book["引き継ぎ"]
    columns = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[columns.index("判断番号")].value == "D90":
            assert row[columns.index("項目")].value == "対応区分"
            assert row[columns.index("後")].value == "反映"
            row[columns.index("取り消し")].value = "取り消す"
    book.save(path)
    assert said(take(now, read_workbook(path))) == [("I001", "response", "反映", WITHDRAWN)]


def test_two_workbooks_that_answer_differently_are_a_conflict(
    tables: Tables, write: Callable[..., Path]
) -> None:
    one = read_workbook(write(tables, {"I001": {"対応区分": "反映"}}))
    other = read_workbook(write(tables, {"I001": {"対応区分": "対象外"}}, "b.xlsx"))
    found = take(tables, one, other)
    assert found.judgements == ()
    assert all("対応区分の判断が食い違っています" in own.text for own in found.problems)


def test_a_response_that_changed_since_another_runs_workbook_is_told(
    tables: Tables, write: Callable[..., Path]
) -> None:
    cells = {"I001": {"対応区分": "対象外"}}
    book = read_workbook(write(tables, cells, run_id="old0000000"))
    assert said(take(tables, book)) == [("I001", "response", "", "対象外")]
    found = take(with_response(tables, "I001", "反映"), book)
    assert found.judgements == ()
    assert [own.text for own in found.problems] == [
        "見たときの値（なし）が、いまの値（反映）と違います"
    ]


def test_agreement_on_responses_is_a_figure_where_both_answered(
    tables: Tables, write: Callable[..., Path]
) -> None:
    now = with_response(tables, "I001", "記載済み")
    one = write(now, {"I001": {"対応区分": "反映"}, "I002": {"対応区分": "反映"}})
    other = write(now, {"I001": {"対応区分": "対象外"}, "I002": {"判定": "採用"}}, "b.xlsx")
    made = compare_workbooks(one, other)
    (figure,) = [own for own in made.fields if own.field == "response"]
    assert (figure.n_rows, figure.n_same) == (1, 0)
    (own,) = [own for own in made.differences if own.target == "I001"]
    assert (own.field, own.now, own.one, own.other) == ("response", "記載済み", "反映", "対象外")


# The whole way: workbook, record, next run, explanation, report


@pytest.fixture(scope="module")
def answered(sample_run: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A run after a review: an issue is answered, and one of its public comments by itself."""
    folder = tmp_path_factory.mktemp("answered")
    before = {name: shapes.load_table(name, sample_run / "tables") for name in shapes.SCHEMAS}
    opinions = with_answers(before["opinions"], before["answers"])
    comments = opinions[opinions["source_kind"] == "public_comment"]
    alone = comments[(comments["duplicate_of"] == "") & (comments["issue_id"] != "")]
    issue = alone["issue_id"].value_counts().sort_index().idxmax()
    own = alone.loc[alone["issue_id"] == issue, "opinion_id"].iloc[-1]
    book = openpyxl.load_workbook(sample_run / "review.xlsx")
    for name, key, target, text in (
        ("課題", "課題番号", issue, "反映"), ("意見", "意見番号", own, "対象外"),
    ):  # fmt: skip
        names = [cell.value for cell in book[name][1]]
        for row in book[name].iter_rows(min_row=2):
            if row[names.index(key)].value == target:
                row[names.index("対応区分")].value = text
    book.save(folder / "記入.xlsx")
    record = folder / "decisions.csv"
    made = import_workbooks(sample_run, [folder / "記入.xlsx"], ["田中"], record, now=MOMENT)
    assert len(made.prepared.judgements) == 2
    study = load_study(SAMPLE / "study.toml").model_copy(update={"decisions": str(record)})
    return run_study(study, SAMPLE, folder / "run"), issue, own


def test_the_next_run_has_what_was_answered(answered: tuple[Path, str, str]) -> None:
    folder, issue, own = answered
    after = {name: shapes.load_table(name, folder / "tables") for name in shapes.SCHEMAS}
    opinions = with_answers(after["opinions"], after["answers"]).set_index("opinion_id")
    assert opinions.loc[own, "response"] == "対象外"
    others = opinions[(opinions["issue_id"] == issue) & (opinions["response"] != "対象外")]
    wanted = others["source_kind"].map(lambda kind: "反映" if kind == "public_comment" else "")
    assert others["response"].tolist() == wanted.tolist()
    assert set(others["response"]) == {"反映", ""}
    issues = after["issues"].set_index("issue_id")["response"]
    assert issues[issues != ""].to_dict() == {issue: "反映"}
    assert (opinions["reviewed"] == 0).all()
    decided = after["applied_decisions"]
    standing = decided[decided["field"] == "response"]
    assert sorted(standing["applied_to"]) == sorted([issue, own])
    assert (standing["stands"] == 1).all()


def test_an_explanation_says_what_was_answered_and_by_whom(
    answered: tuple[Path, str, str],
) -> None:
    folder, issue, own = answered
    result = load_result(folder)
    told = "\n".join(render(explain(result, own), 200))
    assert "■ 対応区分" in told
    assert "対象外" in told.partition("■ 対応区分")[2].partition("■")[0]
    assert explain(result, issue).view.response == "反映"
    opinions = result.tables["opinions"]
    other = opinions.loc[opinions["response"] == "反映", "opinion_id"].iloc[0]
    view = explain(result, other).view
    (given,) = view.response_decided
    assert (given.reviewer, given.target_id, given.about) == ("田中", issue, "課題への判断")


def test_the_report_lists_the_answers_among_the_decisions(answered: tuple[Path, str, str]) -> None:
    text = (answered[0] / "report.html").read_text("utf-8")
    assert "対応区分" in text


# The part that is addressed, in a run


def test_the_sample_says_which_part_its_public_comments_address(sample_run: Path) -> None:
    opinions = shapes.load_table("opinions", sample_run / "tables")
    answers = shapes.load_table("answers", sample_run / "tables")
    joined = opinions.merge(answers, on="answer_id")
    addressed = dict(zip(joined["attr_該当箇所"], joined["addressed_id"], strict=True))
    assert addressed == {
        "": "", "全体": "", "その他": "", "第4章　災害": "", "第5章　財源": "", "第5章　職員": "",
        "基本目標4": "4", **{f"第3章　基本目標{n}": str(n) for n in range(1, 6)},
    }  # fmt: skip
    beside = opinions[(opinions["addressed_id"] != "") & (opinions["goal_id"] == "")]
    assert len(beside)  # the machine abstains where it did


def test_the_report_and_an_explanation_name_the_addressed_part(sample_run: Path) -> None:
    text = (sample_run / "report.html").read_text("utf-8")
    assert "パブリックコメント・意見・該当箇所：4 包括的な相談支援体制の構築" in text
    result = load_result(sample_run)
    opinions = result.tables["opinions"]
    own = opinions.loc[opinions["addressed_id"] == "3", "opinion_id"].iloc[0]
    told = "\n".join(render(explain(result, own), 200))
    assert "3 地域の課題解決力強化（機械の案とは別）" in told


def test_a_run_of_a_study_that_addresses_what_the_plan_lacks_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study.toml"
    (tmp_path / "意見.csv").write_text("ご意見\n相談の窓口を一つに\n", "utf-8")
    study.write_text(
        'title = "意見"\n[[sources]]\nkind = "public_comment"\nfile = "意見.csv"\n'
        'addresses = "9-1"\n',
        "utf-8",
    )
    for command in (["run", str(study), "--output", str(tmp_path / "run")], ["check", str(study)]):
        assert main(command) == 3
        said = capsys.readouterr().err
        assert 'addresses = "9-1"' in said
        assert "1、1-1、1-2" in said
    assert not (tmp_path / "run").exists()


def test_check_says_how_many_parts_were_understood_and_shows_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(SAMPLE / "study.toml")]) == 0
    said = capsys.readouterr().out
    assert "該当箇所: 22件のうち 13件を" in said
    assert "comment  「その他」: 3件" in said
    assert "comment  「第4章 災害」: 2件" in said
    assert "基本目標4」" not in said


# Runs of earlier versions


def test_a_table_of_an_earlier_version_is_read_with_the_columns_empty(
    tables: Tables, tmp_path: Path
) -> None:
    own = tables["opinions"].head(3)
    _, path = shapes.save_table("opinions", own, tmp_path)
    pd.read_parquet(path).drop(columns=["response", "addressed_id"]).to_parquet(path)
    read = shapes.load_table("opinions", tmp_path)
    assert set(read["response"]) == set(read["addressed_id"]) == {""}
    assert read["opinion_id"].tolist() == own["opinion_id"].tolist()
