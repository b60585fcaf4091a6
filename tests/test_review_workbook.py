"""The workbook keeps text as text, leaves people's cells empty, and is always the same."""

from __future__ import annotations

import time
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.properties import PageSetupProperties

from pipeline import tables as table_shapes
from pipeline.review.columns import ISSUE_COLUMNS, MEASURE_COLUMNS, OPINION_COLUMNS
from pipeline.review.order import rank_issues, rank_opinions
from pipeline.review.values import NO_GOAL_CHOICE
from pipeline.review.workbook import RUN_PROPERTY, n_lines, write_workbook
from pipeline.sheetfile import CUT, LONGEST_CELL, cell_text
from pipeline.wording import CONFIDENCE_MIDDLE, clean
from tests.report_fixture import (
    DECIDED_ISSUE,
    DECIDED_OPINION,
    HOSTILE,
    RAW_MARK,
    SPLIT_ISSUES,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="module")
def path(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "review.xlsx"
    write_workbook(path, tables, make_plan(), make_study(), make_manifest(tables))
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def _column(sheet: Worksheet, name: str) -> list[Any]:
    heads = [cell.value for cell in sheet[1]]
    return [row[heads.index(name)].value for row in sheet.iter_rows(min_row=2)]


def test_sheets_stand_in_the_order_of_work(book: Workbook) -> None:
    assert book.sheetnames == [
        "手順",
        "課題",
        "意見",
        "目標別",
        "施策",
        "対象外",
        "引き継ぎ",
        "一覧",
    ]
    assert book["一覧"].sheet_state == "hidden"


def test_every_issue_opinion_and_piece_set_aside_has_a_row(
    book: Workbook, tables: dict[str, pd.DataFrame]
) -> None:
    assert sorted(_column(book["課題"], "課題番号")) == tables["issues"]["issue_id"].tolist()
    assert sorted(_column(book["意見"], "意見番号")) == tables["opinions"]["opinion_id"].tolist()
    assert len(_column(book["対象外"], "回答番号")) == len(tables["set_aside"])


def test_issues_stand_in_the_order_of_review(
    book: Workbook, tables: dict[str, pd.DataFrame]
) -> None:
    places = rank_issues(tables["issues"])
    assert _column(book["課題"], "確認の順") == list(range(1, len(places) + 1))
    shown = _column(book["課題"], "課題番号")
    assert [places[issue_id] for issue_id in shown] == sorted(places.values())
    assert shown[-1] == DECIDED_ISSUE


def test_opinions_stand_by_issue_and_what_teaches_most_comes_first(
    book: Workbook, tables: dict[str, pd.DataFrame]
) -> None:
    sheet = book["意見"]
    by_issue = list(dict.fromkeys(_column(sheet, "課題番号")))
    assert by_issue == [*_column(book["課題"], "課題番号"), None]
    places = rank_opinions(tables["opinions"])
    rows = list(zip(_column(sheet, "課題番号"), _column(sheet, "確認の順"), strict=True))
    for issue_id in by_issue:
        own = [place for other, place in rows if other == issue_id]
        assert own == sorted(own)
    assert _column(sheet, "確認の順") == [places[name] for name in _column(sheet, "意見番号")]


def test_measures_stand_with_the_sdgs_of_the_plan_and_suggested_ones(book: Workbook) -> None:
    sheet = book["施策"]
    assert _column(sheet, "施策番号")[:3] == ["1-1", "1-2", "2-1"]
    stated = dict(zip(_column(sheet, "施策番号"), _column(sheet, "SDGs（計画）"), strict=True))
    suggested = dict(zip(_column(sheet, "施策番号"), _column(sheet, "SDGs（提案）"), strict=True))
    assert stated["1-2"] == "3 すべての人に健康と福祉を\n11 住み続けられるまちづくりを"
    assert stated["3-2"] is None
    assert suggested["3-2"] == "3 すべての人に健康と福祉を（介護者、家族）"


def test_confidence_stands_also_where_there_is_no_goal(book: Workbook) -> None:
    for name in ("課題", "意見"):
        goals, sure = _column(book[name], "目標（機械）"), _column(book[name], "確信度")
        assert "なし" in goals
        assert None not in goals + sure
        assert min(sure) < CONFIDENCE_MIDDLE < max(sure)


def test_a_goal_is_given_with_its_words_and_their_reasons(book: Workbook) -> None:
    sheet = book["課題"]
    why = dict(zip(_column(sheet, "課題番号"), _column(sheet, "根拠"), strict=True))
    assert why["I003"].startswith(
        "ボランティア（規則「ボランティアのこと」4件）、担い手（例文4件）"
    )
    assert why["I010"] is None
    # What its opinions are divided between, also where the issue has no goal.
    for issue_id in SPLIT_ISSUES:
        assert "→ 目標5：名簿（規則「名簿のこと」3件）" in why[issue_id]
    spread = dict(zip(_column(sheet, "課題番号"), _column(sheet, "意見ごとの目標"), strict=True))
    marked = [issue_id for issue_id, text in spread.items() if "目標が分かれています" in text]
    assert sorted(marked) == sorted(SPLIT_ISSUES)


def test_what_a_person_decided_stands_beside_the_machines_goal(book: Workbook) -> None:
    for name, key, row, decided, proposed in (
        ("課題", "課題番号", DECIDED_ISSUE, "目標：3 困りごとを受けとめる（策定委員会）", "1 つ"),
        ("意見", "意見番号", DECIDED_OPINION, "目標：2 地域を支える人を育てる（山田）", "なし"),
    ):
        place = _column(book[name], key).index(row)
        assert decided in _column(book[name], "これまでの判断")[place].split("\n")
        assert _column(book[name], "目標（機械）")[place].startswith(proposed)
        assert None in _column(book[name], "これまでの判断")


def test_text_that_looks_like_a_formula_stays_text(book: Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    # The only links are our own, from an issue to its opinions.
    linked = [cell for cell in cells if cell.hyperlink]
    assert linked
    assert all(cell.hyperlink.target is None for cell in linked)
    assert all(cell.hyperlink.location.startswith("'意見'!A") for cell in linked)
    shown = _column(book["意見"], "意見")
    for text in HOSTILE:
        assert clean(text) in shown


def test_people_begin_with_empty_cells_beside_the_machines_goal(book: Workbook) -> None:
    for name, columns in (("課題", ISSUE_COLUMNS), ("意見", OPINION_COLUMNS)):
        for column in columns:
            if column.editable:
                assert set(_column(book[name], column.name)) == {None}
        goals = set(_column(book[name], "目標（機械）"))
        assert "1 つながりのある地域をつくる" in goals


def test_only_yellow_cells_can_be_changed(book: Workbook) -> None:
    sheets = (("課題", ISSUE_COLUMNS), ("意見", OPINION_COLUMNS), ("施策", MEASURE_COLUMNS))
    for name, columns in sheets:
        sheet = book[name]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert not sheet.protection.autoFilter  # False: filtering is not forbidden
        heads = [cell.value for cell in sheet[1]]
        there = [column for column in columns if column.name in heads or not column.needs]
        for cell, column in zip(sheet[2], there, strict=True):
            assert cell.protection.locked is not column.editable
            assert (cell.fill.fgColor.rgb == "FFFFF6CC") is column.editable


def test_drop_downs_offer_goals_measures_issues_and_decisions(book: Workbook) -> None:
    lists = book["一覧"]
    offered = {
        column[0].value: [c.value for c in column[1:] if c.value] for column in lists.columns
    }
    assert offered["goals"][-1] == NO_GOAL_CHOICE
    assert len(offered["goals"]) == 7
    assert offered["decisions"] == ["採用", "保留", "却下"]
    assert offered["responses"][:4] == ["反映", "記載済み", "今後の参考", "対象外"]
    for name, count in (("課題", 7), ("意見", 7), ("対象外", 1), ("引き継ぎ", 1)):
        rules = book[name].data_validations.dataValidation
        assert len(rules) == count
        assert all(rule.type == "list" and rule.formula1.startswith("'一覧'!") for rule in rules)
        rows = {
            str(rule.sqref).split(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for rule in rules
        }
        assert rows == {str(book[name].max_row)}


def test_confidence_is_a_number_that_reads_as_a_word(book: Workbook) -> None:
    sheet = book["課題"]
    place = [cell.value for cell in sheet[1]].index("確信度")
    for row in sheet.iter_rows(min_row=2):
        assert isinstance(row[place].value, float)
        assert row[place].number_format.startswith('[>=0.75]"高い "')


def test_sheets_are_ready_for_work_and_for_print(book: Workbook) -> None:
    for name, frozen in (("課題", "D2"), ("意見", "C2"), ("施策", "D2"), ("対象外", "D2")):
        sheet = book[name]
        assert sheet.freeze_panes == frozen
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr == PageSetupProperties(fitToPage=True)


def test_the_run_is_named_inside_the_file(book: Workbook) -> None:
    properties: Any = getattr(book, "custom_doc_props")  # noqa: B009 - missing in the stubs
    assert properties[RUN_PROPERTY].value == "abc123def0"
    assert "abc123def0" in [cell.value for row in book["手順"].iter_rows() for cell in row]


def test_raw_text_and_respondents_are_not_in_the_file(
    path: Path, tables: dict[str, pd.DataFrame]
) -> None:
    with zipfile.ZipFile(path) as archive:
        whole = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert RAW_MARK not in whole
    known = tables["answers"]["respondent_id"]
    assert not [name for name in known if name and f">{name}<" in whole]


def test_two_writes_give_the_same_bytes(
    path: Path, tables: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another day, as far as the program can tell.
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    again = tmp_path / "again.xlsx"
    write_workbook(again, tables, make_plan(), make_study(), make_manifest(tables))
    assert again.read_bytes() == path.read_bytes()


def test_a_run_without_opinions_is_still_a_workbook(tmp_path: Path) -> None:
    nothing = {name: table_shapes.empty(name) for name in table_shapes.SCHEMAS}
    write_workbook(tmp_path / "empty.xlsx", nothing, make_plan(), make_study(), {})
    assert openpyxl.load_workbook(tmp_path / "empty.xlsx")["課題"].max_row == 1


def test_characters_that_xml_forbids_do_not_break_the_file(
    tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    # Arrow cannot hold half a character; a table that was never saved can.
    opinions = tables["opinions"].astype({"text": object})
    opinions.loc[0, "text"] = "\x00a\x0bb\ud800c\uffff_x0041_\r\nd"
    target = tmp_path / "odd.xlsx"
    broken = tables | {"opinions": opinions}
    write_workbook(target, broken, make_plan(), make_study("題 & \x01"), make_manifest(tables))
    shown = _column(openpyxl.load_workbook(target)["意見"], "意見")
    assert any(str(text).startswith("\ufffda\ufffdb\ufffdc\ufffd") for text in shown)


def test_a_cell_is_cut_at_what_excel_can_hold() -> None:
    assert cell_text("長" * LONGEST_CELL) == "長" * LONGEST_CELL
    for text in ("長" * (LONGEST_CELL + 1), "𠮷" * LONGEST_CELL):
        cut = cell_text(text)
        assert cut.endswith(CUT)
        assert LONGEST_CELL - 1 <= len(cut.encode("utf-16-le")) // 2 <= LONGEST_CELL


def test_rows_are_as_high_as_their_text_needs() -> None:
    assert n_lines("", 20) == 1
    assert n_lines("短い", 20) == 1
    assert n_lines("一\n二\n三", 20) == 3
    assert n_lines("長" * 95, 20) == 10
