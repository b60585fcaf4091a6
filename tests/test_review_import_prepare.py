"""Filled-in workbooks become rows of the record: what changed, and nothing that is in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.decision_log import added_to
from pipeline.decisions import COLUMNS, MEMBERS, Decision, in_force, parse_decisions, parse_split
from pipeline.follow import corrections_of
from pipeline.opinions import text_key
from pipeline.privacy import Hidden, find_personal, mask, parse_hidden, with_hidden, write_hidden
from pipeline.review_import.prepare import Prepared, Reviewed, count_fields, prepare
from pipeline.review_import.reading import Entry, Place, Problem, ReviewBook, Row
from pipeline.review_import.state import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.plan import Plan

RUN, MOMENT = "r2", "2026-05-01T10:00:00+09:00"

NAMED = "店長さんの家の前が暗い"
ANSWERS = {
    "A1": NAMED,
    "A2": "バスがない。電話は03-1234-5678です",
    "A3": NAMED,
    "A4": "広報が届かない",
    "A5": "相談先がない",
    "A6": "雪がつらい",
}
ISSUE_OF = {"O1": "I001", "O2": "I002", "O3": "I001", "O4": "I003", "O5": "I001", "O6": ""}
GOALS = {"O1": "1", "O4": "3", "O5": "2"}
TITLES = {"I001": "夜道", "I002": "バス", "I003": "広報"}
PIECE = "A7@0-4"

Cell = tuple[str, str, str]
"""Target, field and what was written."""


def make_tables(decided: Iterable[tuple[Decision, str]] = ()) -> dict[str, pd.DataFrame]:
    """A run of six opinions, of which the first and the third say the same.

    Parameters
    ----------
    decided
        Decisions that stand in it, and what each was applied to.
    """
    opinions = [
        {
            "opinion_id": own, "answer_id": f"A{own[1:]}", "start": 0,
            "end": len(ANSWERS[f"A{own[1:]}"]), "kind": "problem", "issue_id": issue,
            "text": mask(ANSWERS[f"A{own[1:]}"], find_personal(ANSWERS[f"A{own[1:]}"])),
            "machine_issue_id": issue, "goal_id": GOALS.get(own, ""), "goal_id_2": "",
            "measure_id": "1-1" if own == "O1" else "", "hidden": 0, "comment": "",
        }
        for own, issue in ISSUE_OF.items()
    ]  # fmt: skip
    issues = [
        {
            "issue_id": own, "title": title, "machine_title": title, "goal_id": "",
            "goal_id_2": "", "measure_id": "", "status": "", "comment": "",
            "representative_opinion_ids": " ".join(o for o, issue in ISSUE_OF.items() if issue == own),
        }
        for own, title in TITLES.items()
    ]  # fmt: skip
    topics = {"O1": "街灯", "O3": "街灯", "O5": "相談", "O2": "交通"}
    return {
        "answers": pd.DataFrame(
            {"answer_id": list(ANSWERS), "question": "ご意見", "raw_text": list(ANSWERS.values())}
        ),
        "opinions": pd.DataFrame(opinions),
        "issues": pd.DataFrame(issues),
        "machine_issues": pd.DataFrame(issues).assign(headings="")[
            ["issue_id", "title", "headings"]
        ],
        "set_aside": pd.DataFrame([{"answer_id": "A7", "start": 0, "end": 4, "text": "特になし"}]),
        "concepts": pd.DataFrame(
            [{"opinion_id": own, "heading": topic, "facet": "", "is_topic": 1}
             for own, topic in topics.items()]
        ),
        "applied_decisions": pd.DataFrame(
            [(*own, target, 1, "") for own, target in decided],
            columns=[*COLUMNS, "applied_to", "stands", "why_not"],
        ),
    }  # fmt: skip


def with_cells(
    tables: Mapping[str, pd.DataFrame], name: str, key: str, **values: object
) -> dict[str, pd.DataFrame]:
    """Tables in which one row says something else."""
    table = tables[name].copy()
    (first, *_) = table.columns
    for column, value in values.items():
        table.loc[table[first] == key, column] = value
    return {**tables, name: table}


SHEETS = {"I": "課題", "O": "意見", "A": "対象外", "D": "引き継ぎ"}


def book(
    *cells: Cell,
    file: str = "記入.xlsx",
    run_id: str = RUN,
    seen: Mapping[str, Sequence[str]] | None = None,
) -> ReviewBook:
    """A workbook with these cells filled, the cells of one target in one row."""
    rows = {target: number for number, target in enumerate(dict.fromkeys(c[0] for c in cells), 2)}
    entries = tuple(
        Entry(
            Place(file, SHEETS[target[0]], rows[target], field), target, field, text,
            tuple((seen or {}).get(target, ())),
        )
        for target, field, text in cells
    )  # fmt: skip
    return ReviewBook(file, run_id, entries, (), {})


@pytest.fixture
def take(small_plan: Plan):
    """What workbooks of 田中, or of several people, add to a record."""

    def taken(
        *given: Cell | tuple[ReviewBook, str] | ReviewBook,
        record: Sequence[Decision] = (),
        tables: Mapping[str, pd.DataFrame] | None = None,
        moment: str = MOMENT,
        run_id: str = RUN,
        overrule: bool = False,
    ) -> Prepared:
        made = tables or make_tables()
        books = [(own, "田中") if isinstance(own, ReviewBook) else own for own in given]
        cells = [own for own in books if isinstance(own[0], str)]
        reviews = [Reviewed(*own) for own in books if isinstance(own[0], ReviewBook)]
        reviews += [Reviewed(book(*cells, run_id=run_id), "田中")] if cells else []
        state = RunState.of(run_id, small_plan, made)
        found = prepare(reviews, state, made, record, moment, overrule=overrule)
        # Whatever is taken, the record can be read again.
        rows = (*record, *found.decisions)
        assert parse_decisions(added_to(b"", rows), small_plan) == rows
        return found

    return taken


def said(found: Prepared) -> list[tuple[str, str, str, str]]:
    return [(own.target_id, own.field, own.value_seen, own.value) for own in found.judgements]


def told(found: Prepared) -> list[str]:
    return [problem.text for problem in found.problems]


def decision(
    number: int, target: str, field: str, value: str, reviewer: str = "山本", text: str = "声"
) -> Decision:
    return Decision(
        f"D{number:03}", target, field, "", value, reviewer, "2026-04-20T09:30:00+09:00", "", "r1",
        text,
    )  # fmt: skip


@pytest.fixture
def members(take) -> tuple[Decision, ...]:
    """Rows of a record that keep what the issues of the run are made of."""
    found = take(("O6", "comment", "よい声")).decisions
    return tuple(own for own in found if own.field == MEMBERS)


# Only what changed


def test_an_empty_workbook_adds_nothing(take) -> None:
    assert take(book()) == Prepared((), (), 0)


def test_a_cell_that_says_what_stands_there_adds_nothing(take) -> None:
    cells = (
        ("O1", "goal_id", "1 つながりのあるまち"), ("O1", "measure_id", "1-1"),
        ("O1", "goal_id_2", "なし"), ("O1", "kind", "問題"), ("O1", "issue_id", "I001 夜道"),
        ("O6", "issue_id", "なし"), ("O2", "goal_id", "0"), ("I001", "title", " 夜道 "),
    )  # fmt: skip
    assert take(*cells) == Prepared((), (), 0)


def test_every_change_is_a_decision_with_what_was_seen(take) -> None:
    found = take(
        ("O1", "goal_id", "２"), ("O1", "kind", "要望"), ("O1", "measure_id", "2-1"),
        ("O2", "issue_id", "I003"), ("O4", "goal_id", "なし"), ("O4", "issue_id", "なし"),
        ("O6", "goal_id", "目標3"), ("O6", "issue_id", "夜道"), ("O6", "goal_id_2", "1"),
        ("I001", "status", "採用"), ("I001", "title", "暗い　夜道"), ("I002", "merge_into", "I003 広報"),
        (PIECE, "restore", "戻す"),
    )  # fmt: skip
    assert found.problems == ()
    assert said(found) == [
        ("O1", "goal_id", "1", "2"), ("O1", "kind", "problem", "request"),
        ("O1", "measure_id", "1-1", "2-1"), ("O2", "issue_id", "I002", "I003"),
        ("O4", "goal_id", "3", "0"), ("O4", "issue_id", "I003", "0"), ("O6", "goal_id", "0", "3"),
        ("O6", "issue_id", "0", "I001"), ("O6", "goal_id_2", "", "1"),
        ("I001", "status", "", "採用"), ("I001", "title", "夜道", "暗い 夜道"),
        ("I002", "merge_into", "", "I003"), (PIECE, "restore", "", "1"),
    ]  # fmt: skip
    assert {own[5:7] for own in found.judgements} == {("田中", MOMENT)}
    assert {own.run_id for own in found.judgements} == {RUN}


def test_a_decision_has_the_voice_that_it_was_made_for(take) -> None:
    found = take(("O2", "goal_id", "2"), ("I001", "goal_id", "2"), (PIECE, "restore", "戻す"))
    texts = {own.target_id: own.text for own in found.judgements}
    assert texts == {
        "O2": "バスがない。電話は［電話番号］です", "I001": f"{NAMED}\n{NAMED}\n相談先がない",
        PIECE: "特になし",
    }  # fmt: skip


def test_a_decision_comes_with_what_the_issues_are_made_of(take) -> None:
    found = take(("O2", "goal_id", "2"))
    assert [own.field for own in found.decisions] == [MEMBERS] * 3 + ["goal_id"]
    again = take(("O4", "goal_id", "2"), record=found.decisions)
    assert [own.field for own in again.decisions] == ["goal_id"]


def test_decisions_are_counted_as_reviewers_call_them(take) -> None:
    found = take(
        ("O2", "goal_id", "2"), ("O4", "goal_id", "2"), ("I001", "goal_id", "2"),
        (PIECE, "restore", "戻す"), (PIECE, "comment", "よい声"),
    )  # fmt: skip
    assert count_fields(found.judgements) == [
        ("意見の目標", 2), ("対象外から戻す", 1), ("対象外へのコメント", 1), ("課題の目標", 1),
    ]  # fmt: skip


# What is not known


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (("O2", "goal_id", "9"), "目標「9」は、この計画にありません"),
        (("O2", "goal_id_2", "？"), "目標「？」は、この計画にありません"),
        (("O1", "measure_id", "9-9"), "施策「9-9」は、この計画にありません"),
        (("O1", "kind", "苦情"), "種類「苦情」はありません"),
        (("I001", "status", "可決"), "判定「可決」はありません"),
        (("O1", "issue_id", "I099 ない課題"), "課題「I099 ない課題」は、この結果にありません"),
        (
            ("O1", "issue_id", "新：（ここに題を書く）"),
            "新しい課題の題を、「新：」に続けて書いてください",
        ),
        (("I001", "merge_into", "ない課題"), "課題「ない課題」は、この結果にありません"),
        (("I001", "merge_into", "I001 夜道"), "自分自身には統合できません"),
        (("I001", "split", "二つに"), "「二つに」は使えません"),
        (("I002", "split", "話題ごと"), "話題は1つ"),
        (("O99", "goal_id", "2"), "意見番号「O99」は、この結果にありません"),
        (("I099", "status", "採用"), "課題番号「I099」は、この結果にありません"),
        (("A9@0-4", "restore", "戻す"), "対象外の部分（A9@0-4）は、この結果にありません"),
        ((PIECE, "restore", "いいえ"), "「いいえ」は使えません"),
        ((PIECE, "goal_id", "1"), "対象外の部分には使えない列です"),
        (("D099", "withdraw", "取り消す"), "判断番号「D099」は、この結果にありません"),
        (("I001", "title", "長" * 101), "題は1文字以上100文字まで"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_place(take, cell: Cell, why: str) -> None:
    found = take(cell)
    assert found.decisions == ()
    (problem,) = found.problems
    assert why in problem.text
    assert problem.place == Place("記入.xlsx", SHEETS[cell[0][0]], 2, cell[1])


def test_a_row_with_one_problem_is_not_taken_at_all_and_the_others_are(take) -> None:
    found = take(
        ("O1", "goal_id", "2"), ("O1", "kind", "苦情"), ("O1", "comment", "よい声"),
        ("O2", "goal_id", "2"), ("I001", "status", "採用"), ("I001", "merge_into", "I001"),
    )  # fmt: skip
    assert said(found) == [("O2", "goal_id", "0", "2")]
    assert sorted(problem.place.row for problem in found.problems) == [2, 4]


def test_problems_of_the_workbook_itself_are_handed_on_in_the_order_of_files(take) -> None:
    missing = Problem(Place("二冊目.xlsx", "意見", 0), "シートがありません")
    other = replace(book(file="二冊目.xlsx"), problems=(missing,))
    own = book(("O1", "kind", "苦情"), ("I001", "status", "可決"), file="一冊目.xlsx")
    found = take((own, "田中"), (other, "山本"))
    assert [(p.place.file, p.place.sheet) for p in found.problems] == [
        ("一冊目.xlsx", "課題"), ("一冊目.xlsx", "意見"), ("二冊目.xlsx", "意見"),
    ]  # fmt: skip


# Goals and measures of one row


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([("O1", "measure_id", "2-1")], "施策 2-1 は目標2の施策です。この行の目標（1）と合わせて"),
        ([("O2", "measure_id", "2-1")], "この行の目標（なし）と合わせて"),
        ([("O1", "goal_id", "3"), ("O1", "measure_id", "2-1")], "この行の目標（3）と合わせて"),
        (
            [("O1", "goal_id", "なし"), ("O1", "measure_id", "1-2")],
            "この行の目標（なし）と合わせて",
        ),
        ([("O1", "goal_id_2", "1")], "2つ目の目標は、1つ目の目標と違うものを"),
        ([("O2", "goal_id_2", "1")], "1つ目の目標が「なし」なので、2つ目は付けられません"),
        (
            [("O1", "goal_id", "2"), ("O1", "goal_id_2", "2")],
            "2つ目の目標は、1つ目の目標と違うものを",
        ),
    ],
)
def test_goal_second_goal_and_measure_of_a_row_have_to_fit(
    take, cells: list[Cell], why: str
) -> None:
    found = take(*cells)
    assert found.judgements == ()
    assert why in told(found)[0]


@pytest.mark.parametrize(
    "cells",
    [
        [("O1", "goal_id", "2"), ("O1", "measure_id", "2-1"), ("O1", "goal_id_2", "1")],
        [("O1", "measure_id", "1-2")],
        [("O1", "measure_id", "なし"), ("O1", "goal_id", "3")],
        [("O1", "goal_id", "1"), ("O1", "measure_id", "1-2")],
        [("O1", "goal_id", "2")],
    ],
)
def test_what_fits_is_taken(take, cells: list[Cell]) -> None:
    assert take(*cells).problems == ()
    assert take(*cells).judgements


# Comments


def test_a_comment_is_the_reason_of_what_else_was_decided_in_its_row(take) -> None:
    found = take(
        ("O1", "goal_id", "2"), ("O1", "comment", "介護の\n話だから"), ("O2", "goal_id", "2"),
        ("I001", "status", "却下"), ("I001", "comment", "別の課の仕事"),
    )  # fmt: skip
    assert {(own.target_id, own.field): own.reason for own in found.judgements} == {
        ("O1", "goal_id"): "介護の\n話だから", ("O1", "comment"): "", ("O2", "goal_id"): "",
        ("I001", "status"): "別の課の仕事", ("I001", "comment"): "",
    }  # fmt: skip


def test_a_comment_alone_is_kept(take) -> None:
    assert said(take(("O1", "comment", "よい声"))) == [("O1", "comment", "", "よい声")]


def test_a_comment_is_the_reason_of_its_own_writer_also_in_files_of_one_name(take) -> None:
    """Everybody saves ``review.xlsx`` in a folder of his or her own."""
    one = book(("O1", "goal_id", "2"), ("O1", "comment", "田中の理由"))
    other = book(("O1", "kind", "要望"), ("O1", "comment", "山本の理由"))
    found = take((one, "田中"), (other, "山本"))
    reasons = {own.reviewer: own.reason for own in found.judgements if own.field != "comment"}
    assert reasons == {"田中": "田中の理由", "山本": "山本の理由"}


def test_a_problem_in_one_workbook_keeps_no_row_of_another_one_back(take) -> None:
    one, other = book(("O1", "kind", "苦情")), book(("O2", "goal_id", "2"))
    assert said(take((one, "田中"), (other, "山本"))) == [("O2", "goal_id", "0", "2")]


@pytest.mark.parametrize(
    "cells",
    [
        [("O1", "comment", "03-1234-5678 に聞いた")],
        [("O1", "goal_id", "2"), ("O1", "comment", "t@example.jp の方")],
        [("I001", "title", "〒123-4567 の夜道")],
        [("I001", "status", "採用"), ("I001", "comment", "090-1234-5678")],
        [(PIECE, "restore", "戻す"), (PIECE, "comment", "https://example.jp/ を見た")],
    ],
)
def test_numbers_and_addresses_of_people_are_not_taken_into_the_record(
    take, cells: list[Cell]
) -> None:
    found = take(*cells, ("O4", "goal_id", "2"))
    assert said(found) == [("O4", "goal_id", "3", "2")]
    assert all("電話番号やメールアドレスなどがあります" in text for text in told(found))
    assert found.problems


# New issues


def test_a_new_title_makes_an_issue_and_the_same_title_the_same_issue(take) -> None:
    found = take(
        ("O1", "issue_id", "新：街灯"), ("O4", "issue_id", "新:街灯 "), ("O5", "issue_id", "新：相談"),
        ("O6", "issue_id", "I002"),
    )  # fmt: skip
    assert said(found) == [
        ("I004", "title", "", "街灯"), ("I005", "title", "", "相談"), ("O1", "issue_id", "I001", "I004"),
        ("O4", "issue_id", "I003", "I004"), ("O5", "issue_id", "I001", "I005"),
        ("O6", "issue_id", "0", "I002"),
    ]  # fmt: skip
    assert found.judgements[0].text == f"{NAMED}\n広報が届かない"


def test_the_number_of_a_new_issue_is_free_in_the_run_and_in_the_record(take) -> None:
    record = [decision(1, "O1", "issue_id", "I020"), decision(2, "I030", "title", "別の課題")]
    for known, number in (((), "I004"), (record[:1], "I021"), (record, "I031")):
        found = take(("O4", "issue_id", "新：街灯"), record=known)
        assert said(found)[0] == (number, "title", "", "街灯")


def test_two_people_may_make_one_issue_together(take) -> None:
    one, other = (
        book(("O1", "issue_id", "新：街灯")),
        book(("O4", "issue_id", "新：街灯"), file="b"),
    )
    found = take((one, "田中"), (other, "山本"))
    assert [(own.target_id, own.value, own.reviewer) for own in found.judgements] == [
        ("I004", "街灯", "田中"), ("O1", "I004", "田中"), ("O4", "I004", "山本"),
    ]  # fmt: skip


def test_an_issue_that_people_made_before_is_found_by_its_title(take) -> None:
    record = take(("O1", "issue_id", "新：街灯")).decisions
    found = take(("O4", "issue_id", "新：街灯"), record=record, moment="2026-05-02T10:00:00+09:00")
    assert said(found) == [("O4", "issue_id", "I003", "I004")]


def test_an_issue_that_people_made_is_found_by_its_title_in_the_run(take) -> None:
    tables = make_tables()
    made = tables["issues"].iloc[[0]].assign(issue_id="I009", title="街灯", machine_title="")
    tables["issues"] = pd.concat([tables["issues"], made], ignore_index=True)
    assert said(take(("O4", "issue_id", "新：街灯"), tables=tables)) == [
        ("O4", "issue_id", "I003", "I009")
    ]


def test_a_new_issue_whose_rows_were_not_taken_is_not_made(take) -> None:
    found = take(
        ("O1", "issue_id", "新：街灯"), ("O1", "kind", "苦情"), ("O4", "issue_id", "新：広報紙"),
        ("O4", "comment", "t@example.jp"), ("O5", "goal_id", "3"),
    )  # fmt: skip
    assert said(found) == [("O5", "goal_id", "2", "3")]


@pytest.mark.parametrize(
    "title", ["長" * 101, "03-1234-5678の件", "t@example.jpの件"], ids=["long", "phone", "mail"]
)
def test_the_title_of_a_new_issue_is_checked_like_any_other(take, title: str) -> None:
    """It would stand in the record, which could not be read any more."""
    found = take(("O1", "issue_id", f"新：{title}"))
    assert found.decisions == ()
    assert len(found.problems) == 1


def test_a_new_issue_does_not_become_an_issue_of_the_machine_that_is_gone(take) -> None:
    """Its number leads nowhere, and so would the move."""
    record = [
        decision(1, "I010", MEMBERS, "K3F9AAAA"), decision(2, "I010", "title", "街灯", text="ない声"),
    ]  # fmt: skip
    found = take(("O1", "issue_id", "新：街灯"), record=record)
    assert ("I011", "title", "", "街灯") in said(found)


# Splits


def test_an_issue_is_split_by_its_topics_and_the_largest_stays(take) -> None:
    found = take(("I001", "split", "話題ごと"))
    assert found.problems == ()
    assert [own[:2] + own[3:] for own in said(found)] == [
        ("I004", "title", "相談"), ("I001", "title", "街灯"), ("I001", "split", "I004 相談"),
    ]  # fmt: skip
    assert found.judgements[0].text == "相談先がない"


def test_the_title_of_a_row_counts_more_than_the_one_that_a_split_gives(take) -> None:
    found = take(("I001", "title", "夜の道"), ("I001", "split", "話題ごと"))
    titles = [own.value for own in found.judgements if own[1:3] == ("I001", "title")]
    assert titles == ["夜の道"]


def test_a_split_that_is_in_the_record_is_known(take) -> None:
    record = take(("I001", "split", "話題ごと")).decisions
    found = take(("I001", "split", "話題ごと"), record=record)
    assert (found.decisions, found.n_known) == ((), 2)


def test_a_second_split_keeps_what_the_first_one_split_off(take) -> None:
    """After a year a third topic came in; the second one must not come back."""
    first = decision(1, "I001", "split", "I020 食べ物")
    titled = decision(2, "I020", "title", "食べ物")
    tables = make_tables([(first, "I001"), (titled, "I020")])
    found = take(("I001", "split", "話題ごと"), tables=tables, record=[first, titled])
    (split,) = (own for own in found.judgements if own.field == "split")
    assert set(parse_split(split.value) or {}) == {"食べ物", "相談"}


# Two reviewers


def test_where_two_workbooks_differ_neither_is_taken_and_both_are_told(take) -> None:
    one = book(
        ("O1", "goal_id", "2"), ("O2", "goal_id", "2"), ("I001", "status", "採用"), file="一.xlsx"
    )
    other = book(
        ("O1", "goal_id", "3"), ("O4", "goal_id", "1"), ("I001", "status", "採用"), file="二.xlsx"
    )
    found = take((one, "田中"), (other, "山本"))
    assert {(own.target_id, own.reviewer) for own in found.judgements} == {
        ("O2", "田中"), ("O4", "山本"), ("I001", "田中"), ("I001", "山本"),
    }  # fmt: skip
    assert [problem.place.file for problem in found.problems] == ["一.xlsx", "二.xlsx"]
    assert set(told(found)) == {
        "目標の判断が食い違っています（田中は「2 支え合うまち」、山本は「3 情報の届くまち」）"
    }


def test_what_only_one_of_two_wrote_is_taken(take) -> None:
    one, other = book(("O1", "goal_id", "2")), book(("O2", "goal_id", "1"), file="b.xlsx")
    assert len(take((one, "田中"), (other, "山本")).judgements) == 2


def test_who_confirms_what_stands_there_is_not_passed_over(take) -> None:
    """One wrote the machine's goal on purpose, the other another one: they differ."""
    one, other = book(("O1", "goal_id", "2")), book(("O1", "goal_id", "1"), file="b.xlsx")
    found = take((one, "田中"), (other, "山本"))
    assert found.decisions == ()
    assert all("食い違っています" in text for text in told(found))
    # Alone it changes nothing, and nothing is written.
    assert take((other, "山本")) == Prepared((), (), 0)


def test_the_machines_value_can_be_written_over_a_decision_that_came_after_the_run(take) -> None:
    record = take((book(("O1", "goal_id", "2")), "田中")).decisions
    back = book(("O1", "goal_id", "1"))
    assert said(take((back, "田中"), record=record)) == [("O1", "goal_id", "1", "1")]
    assert (
        "田中が目標を「2 支え合うまち」と決めています"
        in told(take((back, "山本"), record=record))[0]
    )
    overruled = take((back, "山本"), record=record, overrule=True)
    assert said(overruled) == [("O1", "goal_id", "1", "1")]


def test_an_old_comment_does_not_take_the_place_of_a_later_one(take) -> None:
    record = take((book(("O1", "comment", "はじめ")), "田中")).decisions
    record += take((book(("O1", "comment", "委員会で協議")), "委員会"), record=record).decisions
    found = take((book(("O1", "comment", "はじめ")), "田中"), record=record)
    assert (found.decisions, found.n_known) == ((), 1)


def test_every_kind_of_decision_can_be_taken_back(take) -> None:
    made = take(
        ("O1", "goal_id", "2"), ("O2", "issue_id", "新：街灯"), ("O3", "kind", "要望"),
        ("O4", "personal", "全文を伏せる"), ("I001", "split", "話題ごと"), ("I002", "status", "却下"),
        ("I003", "merge_into", "I002"), (PIECE, "restore", "戻す"),
    ).judgements  # fmt: skip
    tables = make_tables([(own, own.target_id) for own in made])
    cells = [(own.decision_id, "withdraw", "取り消す") for own in made]
    found = take(*cells, tables=tables, record=made)
    assert found.problems == ()
    assert {own.value for own in found.judgements} == {"machine"}
    assert len(found.judgements) == len(made)


def test_cells_that_were_emptied_again_are_told(take) -> None:
    record = take(("O1", "goal_id", "2"), ("O1", "kind", "要望")).decisions
    own = book(("O1", "kind", "要望"))
    own = replace(own, rows={"O1": Row("意見", "夜道が暗い", ())})
    assert take((own, "田中"), record=record).emptied == ("意見 O1「目標」",)
    assert take((own, "山本"), record=record).emptied == ()


def test_different_comments_are_no_conflict(take) -> None:
    one, other = book(("O1", "comment", "よい声")), book(("O1", "comment", "大事"), file="b.xlsx")
    assert [own.value for own in take((one, "田中"), (other, "山本")).judgements] == [
        "よい声",
        "大事",
    ]


def test_a_workbook_that_is_given_twice_leaves_a_record_that_can_be_read(take) -> None:
    own = book(("O1", "goal_id", "2"))
    found = take((own, "田中"), (own, "田中"))
    assert {row[1:5] for row in found.judgements} == {("O1", "goal_id", "1", "2")}


def test_a_new_issue_and_one_that_there_is_are_different_wishes(take) -> None:
    one, other = (
        book(("O1", "issue_id", "新：街灯")),
        book(("O1", "issue_id", "I003"), file="b.xlsx"),
    )
    (text, _) = told(take((one, "田中"), (other, "山本")))
    assert "田中は「新:街灯」、山本は「I003 広報」" in text


# Beside the record


def test_what_the_record_says_already_is_known_whoever_said_it(take) -> None:
    record = [decision(1, "O1", "goal_id", "2")]
    found = take(("O1", "goal_id", "2"), ("O1", "kind", "要望"), record=record)
    assert said(found) == [("O1", "kind", "problem", "request")]
    assert found.n_known == 1


def test_what_somebody_else_decided_meanwhile_is_told_and_not_overwritten(take) -> None:
    record = [decision(1, "O1", "goal_id", "3")]
    found = take(("O1", "goal_id", "2"), ("O2", "goal_id", "2"), record=record)
    assert said(found) == [("O2", "goal_id", "0", "2")]
    assert told(found) == [
        "このブックのあとに、山本が目標を「3 情報の届くまち」と決めています（2026-04-20 09:30）"
    ]


def test_with_overrule_these_workbooks_count(take) -> None:
    record = [decision(1, "O1", "goal_id", "3")]
    found = take(("O1", "goal_id", "2"), record=record, overrule=True)
    assert said(found) == [("O1", "goal_id", "1", "2")]
    assert found.problems == ()


def test_overruling_does_not_settle_what_two_workbooks_of_one_call_say(take) -> None:
    one, other = book(("O1", "goal_id", "2")), book(("O1", "goal_id", "3"), file="b.xlsx")
    found = take((one, "田中"), (other, "山本"), overrule=True)
    assert found.decisions == ()
    assert len(found.problems) == 2


def test_the_same_person_may_change_his_or_her_mind(take) -> None:
    first = take(("O1", "goal_id", "2")).decisions
    second = take(
        ("O1", "goal_id", "3"), record=first, moment="2026-05-02T10:00:00+09:00"
    ).decisions
    assert [own.value for own in second] == ["3"]
    third = take(
        ("O1", "goal_id", "2"), record=[*first, *second], moment="2026-05-03T10:00:00+09:00"
    )
    assert [own.value for own in third.decisions] == ["2"]


def test_a_comment_never_stands_against_another_one(take) -> None:
    record = [decision(1, "O1", "comment", "よい声")]
    assert said(take(("O1", "comment", "大事"), record=record)) == [("O1", "comment", "", "大事")]


def test_what_the_reviewer_had_before_his_or_her_eyes_may_be_decided_otherwise(take) -> None:
    before = decision(1, "O1", "goal_id", "1")
    found = take(("O1", "goal_id", "2"), record=[before], tables=make_tables([(before, "O1")]))
    assert said(found) == [("O1", "goal_id", "1", "2")]


def test_a_workbook_that_was_taken_and_overruled_since_is_not_taken_again(take) -> None:
    first = take(("O1", "goal_id", "2")).decisions
    later = decision(9, "O1", "goal_id", "3")
    found = take(("O1", "goal_id", "2"), record=[*first, later])
    assert (found.decisions, found.problems, found.n_known) == ((), (), 1)


FULL = (
    ("O1", "goal_id", "2"), ("O1", "kind", "要望"), ("O1", "comment", "よい声"),
    ("O1", "personal", "店長"), ("O2", "issue_id", "新：交通"), ("O4", "issue_id", "I001"),
    ("I001", "status", "採用"), ("I001", "title", "暗い道"), ("I003", "merge_into", "I002"),
    ("I001", "split", "話題ごと"), (PIECE, "restore", "戻す"), (PIECE, "comment", "よい声"),
)  # fmt: skip


def test_taking_the_same_workbook_twice_adds_nothing(take) -> None:
    record = take(*FULL).decisions
    again = take(*FULL, record=record, moment="2026-06-01T10:00:00+09:00")
    assert again.decisions == ()
    assert again.problems == ()
    assert again.n_known == len([own for own in record if own.field != MEMBERS]) - 2
    other = take((book(*FULL), "山本"), record=record)
    assert (other.decisions, other.problems) == ((), ())


# Merges in a circle


def test_merges_in_a_circle_are_told_and_not_taken(take) -> None:
    found = take(
        ("I001", "merge_into", "I002"), ("I002", "merge_into", "I003"), ("I003", "merge_into", "I001"),
        ("I003", "status", "採用"), ("O2", "goal_id", "2"),
    )  # fmt: skip
    assert said(found) == [("O2", "goal_id", "0", "2")]
    assert told(found)[0] == (
        "統合が輪になっています（I001→I002→…→I001）。残す課題を1つ決めてください"
    )
    assert len(found.problems) == 3


def test_a_circle_is_found_together_with_the_record(take, members) -> None:
    record = [*members, decision(1, "I002", "merge_into", "I001")]
    found = take(("I001", "merge_into", "I002"), record=record)
    assert found.decisions == ()
    assert "輪になっています" in told(found)[0]


def test_a_merge_of_the_record_that_is_taken_back_makes_no_circle(take, members) -> None:
    before = decision(1, "I002", "merge_into", "I001")
    tables = make_tables([(before, "I002")])
    cells = (("I001", "merge_into", "I002"), ("D001", "withdraw", "取り消す"))
    found = take(*cells, record=[*members, before], tables=tables)
    assert found.problems == ()
    assert in_force((before, *found.decisions))["I001", "merge_into"].value == "I002"


def test_two_issues_may_be_merged_into_one_and_along_a_chain(take) -> None:
    cells = (("I001", "merge_into", "I002"), ("I002", "merge_into", "I003"))
    assert len(take(*cells).judgements) == 2


# Taking back


def test_a_decision_is_taken_back_with_the_value_that_stood(take) -> None:
    before = decision(1, "O1", "goal_id", "2", text=NAMED)
    found = take(
        ("D001", "withdraw", "取り消す"), record=[before], tables=make_tables([(before, "O1")])
    )
    assert said(found) == [("O1", "goal_id", "2", "machine")]
    assert found.judgements[0].text == NAMED
    assert ("O1", "goal_id") not in in_force((before, *found.decisions))


def test_a_decision_that_led_nowhere_can_be_taken_back(take) -> None:
    before = decision(1, "I077", "goal_id", "2", text="ない声")
    found = take(("D001", "withdraw", "○"), record=[before], tables=make_tables([(before, "")]))
    assert said(found) == [("I077", "goal_id", "2", "machine")]
    assert found.problems == ()


def test_two_decisions_on_one_thing_can_be_taken_back_together(take, members) -> None:
    """Both led nowhere, so both stand in the sheet."""
    before = [decision(n, "I002", "merge_into", f"I09{n}") for n in (1, 2)]
    found = take(
        ("D001", "withdraw", "取り消す"),
        ("D002", "withdraw", "取り消す"),
        record=[*members, *before],
        tables=make_tables((own, "") for own in before),
    )
    assert found.problems == ()
    assert ("I002", "merge_into") not in in_force((*before, *found.decisions))


def test_what_is_taken_back_and_decided_anew_in_one_workbook_is_told(take) -> None:
    before = decision(1, "O1", "goal_id", "2")
    cells = (("O1", "goal_id", "3"), ("D001", "withdraw", "取り消す"))
    found = take(*cells, record=[before], tables=make_tables([(before, "O1")]))
    assert found.decisions == ()
    assert "機械の案にもどす" in told(found)[0]


def test_what_was_taken_back_already_is_known(take) -> None:
    before = decision(1, "O1", "goal_id", "2")
    gone = decision(2, "O1", "goal_id", "machine")
    tables = make_tables([(before, "O1")])
    found = take(("D001", "withdraw", "取り消す"), record=[before, gone], tables=tables)
    assert (found.decisions, found.n_known) == ((), 1)


# Workbooks of another run

SEEN_O1 = ("1", "", "1-1", "I001", "problem", "")
SEEN_I001 = ("", "", "", "夜道", "", "", "O1", "O3", "O5")


def test_a_row_of_an_older_workbook_is_taken_where_its_writer_saw_what_stands_now(take) -> None:
    old = book(
        ("O1", "goal_id", "2"), ("O1", "personal", "店長"), ("I001", "status", "採用"),
        ("I001", "merge_into", "I002"), run_id="r1", seen={"O1": SEEN_O1, "I001": SEEN_I001},
    )  # fmt: skip
    found = take(old)
    assert found.problems == ()
    assert [own.field for own in found.judgements] == [
        "goal_id",
        "personal",
        "status",
        "merge_into",
    ]
    assert {own.run_id for own in found.judgements} == {RUN}


@pytest.mark.parametrize(
    ("cell", "seen", "why"),
    [
        (("O1", "goal_id", "2"), ("3", *SEEN_O1[1:]), "見たときの値（3）が、いまの値（1）と違います"),
        (("O1", "goal_id_2", "2"), ("1", "3", *SEEN_O1[2:]), "見たときの値（3）が、いまの値（なし）と違います"),
        (("O1", "measure_id", "なし"), ("1", "", "", *SEEN_O1[3:]), "見たときの値（なし）が、いまの値（1-1）"),
        (("O1", "issue_id", "I002"), (*SEEN_O1[:3], "I003", *SEEN_O1[4:]), "見たときの値（I003）"),
        (("O1", "kind", "要望"), (*SEEN_O1[:4], "praise", ""), "見たときの値（praise）"),
        (("O1", "comment", "よい声"), (*SEEN_O1[:5], "前の声"), "見たときの値（前の声）"),
        (("I001", "title", "道"), (*SEEN_I001[:3], "前の題", *SEEN_I001[4:]), "見たときの値（前の題）"),
        (("I001", "status", "採用"), (*SEEN_I001[:4], "保留", *SEEN_I001[5:]), "見たときの値（保留）"),
    ],
)  # fmt: skip
def test_a_cell_of_an_older_workbook_is_not_taken_where_something_else_stands_now(
    take, cell: Cell, seen: tuple[str, ...], why: str
) -> None:
    found = take(book(cell, run_id="r1", seen={cell[0]: seen}))
    assert found.decisions == ()
    assert why in told(found)[0]


def test_other_values_of_the_row_may_have_changed_since(take) -> None:
    old = book(
        ("O1", "kind", "要望"), run_id="r1", seen={"O1": ("3", "1", "", "I002", "problem", "")}
    )
    assert said(take(old)) == [("O1", "kind", "problem", "request")]


@pytest.mark.parametrize("field", ["status", "merge_into", "comment", "goal_id", "split"])
def test_an_issue_that_holds_other_voices_now_has_to_be_looked_at_again(take, field: str) -> None:
    text = {
        "status": "採用",
        "merge_into": "I002",
        "comment": "声",
        "goal_id": "1",
        "split": "話題ごと",
    }
    seen = (*SEEN_I001[:6], "O2", "O4", "O1")
    found = take(book(("I001", field, text[field]), run_id="r1", seen={"I001": seen}))
    assert found.decisions == ()
    assert "中身が違います。いまの結果で見直してください" in told(found)[0]


def test_half_of_the_voices_of_an_issue_are_enough(take) -> None:
    seen = (*SEEN_I001[:6], "O1", "O3", "O2", "O4")
    found = take(book(("I001", "status", "採用"), run_id="r1", seen={"I001": seen}))
    assert [own.value for own in found.judgements] == ["採用"]


@pytest.mark.parametrize("seen", [(), SEEN_O1[:5]])
def test_without_the_hidden_column_an_older_workbook_is_not_taken(
    take, seen: tuple[str, ...]
) -> None:
    found = take(book(("O1", "kind", "要望"), run_id="r1", seen={"O1": seen}))
    assert found.decisions == ()
    assert "「控え」の列がない" in told(found)[0]


def test_a_workbook_that_does_not_say_its_run_is_read_like_one_of_another_run(take) -> None:
    assert "「控え」の列がない" in told(take(book(("O1", "kind", "要望"), run_id="")))[0]
    own = book(("O1", "kind", "要望"), run_id="", seen={"O1": SEEN_O1})
    assert [row.value for row in take(own).judgements] == ["request"]


def test_the_hidden_column_is_not_needed_in_a_workbook_of_this_run(take) -> None:
    assert take(book(("O1", "kind", "要望"), seen={"O1": ("9", "9")})).problems == ()


def test_pieces_and_what_is_taken_back_need_no_hidden_column(take) -> None:
    before = decision(1, "O1", "goal_id", "2")
    old = book((PIECE, "restore", "戻す"), ("D001", "withdraw", "取り消す"), run_id="r1")
    found = take(old, record=[before], tables=make_tables([(before, "O1")]))
    assert [own.field for own in found.judgements] == ["restore", "goal_id"]


def test_an_older_workbook_that_wants_what_stands_now_has_no_problem(take) -> None:
    """Its writer saw 3 and wanted 1, and 1 it is."""
    old = book(("O1", "goal_id", "1"), run_id="r1", seen={"O1": ("3", *SEEN_O1[1:])})
    assert take(old) == Prepared((), (), 0)


@pytest.mark.parametrize("field", ["issue_id", "merge_into"])
def test_an_issue_that_an_older_workbook_names_must_be_the_one_that_its_writer_saw(
    take, field: str
) -> None:
    """In the list of that workbook I003 was about snow; now it is about the bulletin."""
    target, seen = ("O1", SEEN_O1) if field == "issue_id" else ("I001", SEEN_I001)
    old = book((target, field, "I003 雪かき"), run_id="r1", seen={target: seen})
    assert take(old).problems


# In the numbers of the record


def test_a_run_that_was_made_without_the_record_is_written_in_its_numbers(take) -> None:
    known = take(("O2", "goal_id", "2")).decisions
    swap = {"I001": "I002", "I002": "I001"}
    tables = make_tables()
    for name, columns in (
        ("opinions", ["issue_id", "machine_issue_id"]),
        ("issues", ["issue_id"]),
        ("machine_issues", ["issue_id"]),
    ):
        tables[name] = tables[name].assign(
            **{own: tables[name][own].map(lambda one: swap.get(one, one)) for own in columns}
        )
    found = take(
        ("I002", "status", "採用"), ("O4", "issue_id", "I001"), ("I003", "merge_into", "I001"),
        record=known, tables=tables, run_id="r3",
    )  # fmt: skip
    assert said(found) == [
        ("I001", "status", "", "採用"), ("O4", "issue_id", "I003", "I002"),
        ("I003", "merge_into", "", "I002"),
    ]  # fmt: skip
    assert found.judgements[0].text.startswith(NAMED)


# What points at a person


def hidden_in(found: Prepared) -> Hidden:
    values = [own.value for own in found.judgements if own.field == "personal"]
    assert len(values) == 1, told(found)
    hidden = parse_hidden(values[0])
    assert hidden is not None
    return hidden


def test_words_are_hidden_wherever_they_stand_in_the_opinion(take) -> None:
    tables = with_cells(make_tables(), "answers", "A1", raw_text="店長と番頭と店長")
    tables = with_cells(tables, "opinions", "O1", end=8, text="店長と番頭と店長")
    found = take(("O1", "personal", "店長"), tables=tables)
    assert hidden_in(found) == Hidden(((0, 2), (6, 8)), text_key("店長と番頭と店長"))
    found = take(("O1", "personal", "番頭、店長、店"), tables=tables)
    assert hidden_in(found).spans == ((0, 2), (3, 5), (6, 8))


def test_a_text_is_hidden_as_a_whole(take) -> None:
    found = take(("O1", "personal", "全文を伏せる"))
    assert hidden_in(found) == Hidden((), text_key(NAMED))
    assert found.judgements[0].text == "［個人情報］"


def test_words_that_are_not_in_the_opinion_are_told(take) -> None:
    found = take(("O1", "personal", "店長、田中"), ("O1", "goal_id", "2"))
    assert found.decisions == ()
    assert told(found) == ["「田中」は、この意見の中にありません。意見にあるとおりに書いてください"]


def test_words_beside_what_is_masked_anyway_are_found_in_the_masked_text(take) -> None:
    text = "バスがない。電話は［電話番号］です"
    found = take(("O2", "personal", "バス、です"))
    assert hidden_in(found) == Hidden(((0, 2), (15, 17)), text_key(text))
    raw = ANSWERS["A2"]
    shown = mask(raw, with_hidden(find_personal(raw), hidden_in(found), len(raw)))
    assert found.judgements[0].text == shown == "［個人情報］がない。電話は［電話番号］［個人情報］"


def test_in_all_decisions_of_the_row_the_words_are_hidden(take) -> None:
    found = take(
        ("O1", "goal_id", "2"), ("O1", "kind", "要望"), ("O1", "personal", "店長"),
        ("O1", "comment", "よい声"),
    )  # fmt: skip
    assert {own.text for own in found.judgements} == {"［個人情報］さんの家の前が暗い"}


@pytest.mark.parametrize(
    "cell",
    [
        ("O3", "goal_id", "2"), ("I001", "goal_id", "2"), ("I001", "split", "話題ごと"),
        ("O1", "issue_id", "新：街灯"), ("O3", "issue_id", "新：街灯"),
    ],
    ids=["the same text", "its issue", "a split", "a new issue of it", "a new issue of the same text"],
)  # fmt: skip
def test_hidden_words_stand_in_no_row_that_is_added_with_them(take, cell: Cell) -> None:
    found = take(("O1", "personal", "店長"), cell)
    assert len(found.judgements) >= 2
    assert not [own for own in found.decisions if "店長" in "".join(own)]


def test_what_the_record_hides_stands_in_no_row_that_is_added_later(take) -> None:
    """A second reviewer's workbook of the same run, whose tables still show the name."""
    record = take(("O1", "personal", "店長")).decisions
    for cell in (("O1", "goal_id", "2"), ("O3", "goal_id", "2"), ("I001", "goal_id", "2")):
        found = take((book(cell), "山本"), record=record)
        assert not [own for own in found.decisions if "店長" in "".join(own)]


@pytest.mark.parametrize(
    "cell", [("O1", "comment", "店長さんの話"), ("O1", "issue_id", "新：店長さん")]
)
def test_a_comment_or_title_that_repeats_a_hidden_word_is_told(take, cell: Cell) -> None:
    found = take(("O1", "personal", "店長"), cell)
    assert not [own for own in found.decisions if "店長" in "".join(own)]


@pytest.fixture
def hidden_before() -> tuple[Decision, dict[str, pd.DataFrame]]:
    """A run in which 店長 was hidden by a decision on the first of two equal opinions."""
    value = write_hidden(Hidden(((0, 2),), text_key(NAMED)))
    before = decision(1, "O1", "personal", value, text="［個人情報］さんの家の前が暗い")
    tables = make_tables([(before, "O1")])
    for own in ("O1", "O3"):
        tables = with_cells(tables, "opinions", own, hidden=1, text=before.text)
    return before, tables


def test_further_words_are_hidden_beside_those_that_were(take, hidden_before) -> None:
    before, tables = hidden_before
    found = take(("O1", "personal", "家"), record=[before], tables=tables)
    assert hidden_in(found) == Hidden(((0, 2), (5, 6)), text_key(NAMED))
    assert found.judgements[0].text == "［個人情報］さんの［個人情報］の前が暗い"
    assert said(found)[0][2] == before.value


def test_words_that_are_hidden_already_change_nothing(take, hidden_before) -> None:
    before, tables = hidden_before
    assert take(("O1", "personal", "店長"), record=[before], tables=tables) == Prepared((), (), 0)


def test_further_words_in_a_copy_of_the_opinion_bring_none_back(take, hidden_before) -> None:
    before, tables = hidden_before
    found = take(("O3", "personal", "家"), record=[before], tables=tables)
    hidden = corrections_of((before, *found.decisions)).hidden[text_key(NAMED)]
    assert hidden.spans == ((0, 2), (5, 6))


def test_a_text_that_is_hidden_as_a_whole_stays_so(take) -> None:
    before = decision(1, "O1", "personal", write_hidden(Hidden((), text_key(NAMED))))
    tables = with_cells(
        make_tables([(before, "O1")]), "opinions", "O1", hidden=1, text="［個人情報］"
    )
    assert take(("O1", "personal", "店長"), record=[before], tables=tables) == Prepared((), (), 0)


def no_raw(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {**tables, "answers": tables["answers"].assign(raw_text="")}


def test_where_raw_texts_are_not_kept_words_are_hidden_in_what_is_shown(take) -> None:
    found = take(("O1", "personal", "店長"), tables=no_raw(make_tables()))
    assert hidden_in(found) == Hidden(((0, 2),), text_key(NAMED))


def test_where_raw_texts_are_not_kept_only_all_of_a_hidden_text_can_be_hidden(
    take, hidden_before
) -> None:
    before, tables = hidden_before
    found = take(("O1", "personal", "家"), record=[before], tables=no_raw(tables))
    assert "「全文を伏せる」を選んでください" in told(found)[0]
    found = take(("O1", "personal", "全文を伏せる"), record=[before], tables=no_raw(tables))
    assert hidden_in(found) == Hidden((), text_key(NAMED))


def test_where_raw_texts_are_not_kept_a_copy_of_a_hidden_text_can_be_hidden_as_a_whole(
    take, hidden_before
) -> None:
    before, tables = hidden_before
    found = take(("O3", "personal", "全文を伏せる"), record=[before], tables=no_raw(tables))
    assert hidden_in(found) == Hidden((), text_key(NAMED))


WORDS = ("店長", "番頭", "電話", "番号", "さん")
PARTS = st.lists(st.sampled_from([*WORDS, "と", "03-1234-5678", "t@example.jp"]), max_size=6)


@example(["03-1234-5678"], {"番号"})
@given(PARTS, st.sets(st.sampled_from(WORDS), min_size=1, max_size=2))
def test_a_decision_shows_an_opinion_as_the_next_run_will_show_it(
    small_plan: Plan, parts: list[str], words: set[str]
) -> None:
    raw = "".join(parts)
    automatic = find_personal(raw)
    tables = with_cells(make_tables(), "answers", "A1", raw_text=raw)
    tables = with_cells(tables, "opinions", "O1", end=len(raw), text=mask(raw, automatic))
    state = RunState.of(RUN, small_plan, tables)
    cells = [("O1", "personal", "、".join(sorted(words)))]
    found = prepare([Reviewed(book(*cells), "田中")], state, tables, (), MOMENT)
    for own in found.judgements:
        hidden = hidden_in(found)
        assert own.text == mask(raw, with_hidden(automatic, hidden, len(raw)))


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ((), "［個人情報］"),
        (((0, 2),), "［個人情報］さんの家"),
        (((0, 2), (5, 6)), "［個人情報］さんの［個人情報］"),
        (((2, 4),), "店長［個人情報］の家"),
    ],
)
def test_an_opinion_is_shown_with_what_is_hidden(
    spans: tuple[tuple[int, int], ...], shown: str
) -> None:
    text = "店長さんの家"
    assert mask(text, with_hidden([], Hidden(spans, "K"), len(text))) == shown
