"""A workbook is read by the names of its sheets and columns; what is missing is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.review.columns import (
    ISSUE_COLUMNS,
    OPINION_COLUMNS,
    SEEN,
    SET_ASIDE_COLUMNS,
)
from pipeline.review.seen import seen_issue, seen_opinion
from pipeline.review.workbook import write_workbook
from pipeline.review_import.reading import Entry, Place, ReviewBook, read_workbook
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

RUN_ID = "abc123def0"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables(n_opinions=40)


@pytest.fixture(scope="module")
def written(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "review.xlsx"
    write_workbook(path, tables, make_plan(), make_study(), make_manifest(tables))
    return path


@pytest.fixture
def edited(written: Path, tmp_path: Path) -> Callable[..., ReviewBook]:
    """Change a copy of the workbook and read it."""

    def change(edit: Callable[[Workbook], object] = lambda _: None) -> ReviewBook:
        book = openpyxl.load_workbook(written)
        edit(book)
        path = tmp_path / "記入.xlsx"
        book.save(path)
        return read_workbook(path)

    return change


def column(sheet: Worksheet, name: str) -> int:
    return next(
        cell.column for row in sheet.iter_rows() for cell in row if str(cell.value).strip() == name
    )


def row_of(sheet: Worksheet, key: str) -> int:
    return next(cell.row for row in sheet.iter_rows(min_row=2) for cell in row if cell.value == key)


def fill(book: Workbook, sheet: str, key: str, name: str, value: object) -> None:
    own = book[sheet]
    own.cell(row_of(own, key), column(own, name)).value = value


def first(book: Workbook | ReviewBook, sheet: str, place: int = 0) -> str:
    """Number of a row of a sheet, the first one by default."""
    if isinstance(book, ReviewBook):
        return [own for own, row in book.rows.items() if row.sheet == sheet][place]
    names = {"課題": "課題番号", "意見": "意見番号", "対象外": "回答番号", "引き継ぎ": "判断番号"}
    own = book[sheet]
    return str(own.cell(2 + place, column(own, names[sheet])).value)


def told(book: ReviewBook) -> list[str]:
    return [f"{problem.place}: {problem.text}" for problem in book.problems]


# Nothing written


def test_a_workbook_that_nobody_filled_says_nothing(written: Path) -> None:
    book = read_workbook(written)
    assert (book.file, book.run_id) == ("review.xlsx", RUN_ID)
    assert book.entries == ()
    assert book.problems == ()


def test_every_issue_opinion_piece_and_decision_has_a_row(
    written: Path, tables: dict[str, pd.DataFrame]
) -> None:
    rows = read_workbook(written).rows
    by_sheet: dict[str, list[str]] = {}
    for own, row in rows.items():
        by_sheet.setdefault(row.sheet, []).append(own)
    assert sorted(by_sheet["課題"]) == tables["issues"]["issue_id"].tolist()
    assert sorted(by_sheet["意見"]) == tables["opinions"]["opinion_id"].tolist()
    aside = tables["set_aside"][["answer_id", "start", "end"]].itertuples(index=False)
    assert set(by_sheet["対象外"]) == {f"{own}@{start}-{end}" for own, start, end in aside}
    assert set(by_sheet["引き継ぎ"]) <= set(tables["applied_decisions"]["decision_id"])


def test_a_row_knows_its_words_and_what_stood_there_when_the_workbook_was_made(
    written: Path, tables: dict[str, pd.DataFrame]
) -> None:
    rows = read_workbook(written).rows
    for table, key, seen in (
        ("issues", "issue_id", seen_issue), ("opinions", "opinion_id", seen_opinion),
    ):  # fmt: skip
        for row in tables[table].to_dict("records"):
            assert rows[row[key]].seen == tuple(json.loads(seen(row, answered=True)))
    assert rows["I001"].words.startswith("近所づきあい・町内会の役")


# What was written


def test_every_yellow_cell_that_is_filled_is_an_entry(edited: Callable[..., ReviewBook]) -> None:
    filled: list[tuple[str, str, str, str]] = []

    def edit(book: Workbook) -> None:
        for sheet, columns in (
            ("課題", ISSUE_COLUMNS), ("意見", OPINION_COLUMNS), ("対象外", SET_ASIDE_COLUMNS),
        ):  # fmt: skip
            for place, own in enumerate(own for own in columns if own.editable):
                key = first(book, sheet, place)
                filled.append((sheet, key, own.field, f"{sheet}の{own.name}"))
                fill(book, sheet, key, own.name, filled[-1][-1])
        fill(book, "引き継ぎ", first(book, "引き継ぎ"), "取り消し", "取り消す")

    book = edited(edit)
    assert book.problems == ()
    *others, withdrawn = book.entries
    assert (withdrawn.field, withdrawn.text) == ("withdraw", "取り消す")
    assert [(own.place.sheet, own.target.partition("@")[0], own.field, own.text) for own in others] == (
        filled
    )  # fmt: skip
    for own in others:
        assert own.place.row == filled.index((own.place.sheet, *_named(own))) + 2 - _before(
            filled, own.place.sheet
        )


def _named(own: Entry) -> tuple[str, str, str]:
    return own.target.partition("@")[0], own.field, own.text


def _before(filled: list[tuple[str, str, str, str]], sheet: str) -> int:
    return next(place for place, own in enumerate(filled) if own[0] == sheet)


def test_an_entry_has_its_place_as_excel_counts_and_what_its_writer_saw(
    edited: Callable[..., ReviewBook],
) -> None:
    book = edited(lambda own: fill(own, "意見", first(own, "意見", 6), "種類（修正）", "要望"))
    (entry,) = book.entries
    assert entry.place == Place("記入.xlsx", "意見", 8, "種類（修正）")
    assert str(entry.place) == "記入.xlsx シート「意見」 8行目「種類（修正）」"
    assert entry.seen == book.rows[entry.target].seen
    assert len(entry.seen) == 7


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (3.0, "3"), ("　3　なにか ", "3　なにか"), ("二\n行", "二\n行"), (True, "TRUE")],
)
def test_what_a_cell_holds_is_read_as_text(
    edited: Callable[..., ReviewBook], value: object, text: str
) -> None:
    book = edited(lambda own: fill(own, "課題", "I001", "目標（修正）", value))
    assert [own.text for own in book.entries] == [text]


@pytest.mark.parametrize("value", ["", " ", "　\n"])
def test_a_cell_of_space_is_empty(edited: Callable[..., ReviewBook], value: str) -> None:
    assert edited(lambda own: fill(own, "課題", "I001", "コメント", value)).entries == ()


def test_what_is_written_into_a_white_cell_or_a_new_column_is_not_read(
    edited: Callable[..., ReviewBook],
) -> None:
    def edit(book: Workbook) -> None:
        fill(book, "課題", "I001", "題", "白いセルに書いた題")
        book["課題"].cell(1, 60).value = "わたしのメモ"
        book["課題"].cell(2, 60).value = "あとで見る"

    assert edited(edit).entries == ()


# However it was arranged


def corrections(book: Workbook) -> None:
    fill(book, "課題", "I003", "判定", "採用")
    fill(book, "意見", first(book, "意見", 3), "目標（修正）", "2")


def said(book: ReviewBook) -> set[tuple[str, str, str, tuple[str, ...]]]:
    return {(own.target, own.field, own.text, own.seen) for own in book.entries}


def rearranged(
    sheet: Worksheet, arrange: Callable[[list[list[object]]], list[list[object]]]
) -> None:
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    sheet.delete_rows(1, sheet.max_row)
    for row in arrange(rows):
        sheet.append(row)


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda rows: [row[::-1] for row in rows], id="columns turned round"),
        pytest.param(lambda rows: [[None, *row] for row in rows], id="a column added"),
        pytest.param(lambda rows: [rows[0], *rows[:0:-1]], id="rows turned round"),
        pytest.param(lambda rows: [["確認会 第1回"], [], *rows], id="lines above the header"),
        pytest.param(lambda rows: [rows[0], [], *rows[1:], [], []], id="empty rows"),
        pytest.param(
            lambda rows: [[f" {own or ''}　" for own in rows[0]], *rows[1:]], id="space in headers"
        ),
        pytest.param(
            lambda rows: [[*row, *row[:2]] for row in rows], id="a column twice: the first counts"
        ),
    ],
)
def test_the_arrangement_of_a_sheet_does_not_matter(
    edited: Callable[..., ReviewBook],
    arrange: Callable[[list[list[object]]], list[list[object]]],
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        for name in ("課題", "意見"):
            rearranged(book[name], arrange)

    book = edited(edit)
    assert book.problems == ()
    assert said(book) == said(edited(corrections))
    assert len(said(book)) == 2


def test_rows_that_are_hidden_or_in_sheets_that_are_hidden_count(
    edited: Callable[..., ReviewBook],
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        for number in range(2, book["意見"].max_row + 1):
            book["意見"].row_dimensions[number].hidden = True
        book["課題"].sheet_state = "hidden"
        book["課題"].auto_filter.ref = "A1:C3"

    assert said(edited(edit)) == said(edited(corrections))


def test_sheets_may_be_moved_and_others_added(edited: Callable[..., ReviewBook]) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        book.move_sheet("手順", offset=5)
        book.create_sheet("メモ", 0)["A1"] = "課題番号"

    book = edited(edit)
    assert book.run_id == RUN_ID
    assert said(book) == said(edited(corrections))
    assert book.problems == ()


def test_rows_that_were_deleted_are_not_missed(edited: Callable[..., ReviewBook]) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        book["対象外"].delete_rows(2, 5)

    book = edited(edit)
    assert book.problems == ()
    assert said(book) == said(edited(corrections))


# What is missing


@pytest.mark.parametrize("name", ["課題", "意見", "対象外", "引き継ぎ"])
def test_a_sheet_that_is_missing_is_told_and_the_others_are_read(
    edited: Callable[..., ReviewBook], name: str
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        del book[name]

    book = edited(edit)
    assert told(book) == [
        f"記入.xlsx シート「{name}」: シートがありません。このシートへの記入は読めません"
    ]
    assert len(book.entries) == (1 if name in {"課題", "意見"} else 2)


@pytest.mark.parametrize(
    ("sheet", "name"),
    [("課題", "課題番号"), ("意見", "意見番号"), ("対象外", "終了"), ("引き継ぎ", "判断番号")],
)
def test_a_sheet_whose_numbers_are_missing_is_told_and_not_read(
    edited: Callable[..., ReviewBook], sheet: str, name: str
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        book[sheet].cell(1, column(book[sheet], name)).value = "番号"

    book = edited(edit)
    (problem,) = book.problems
    assert problem.place[:3] == ("記入.xlsx", sheet, 1)
    assert f"{name}」の列がありません。どの行か分からないので読めません" in problem.text
    assert not [own for own in book.entries if own.place.sheet == sheet]
    assert not [own for own in book.rows.values() if own.sheet == sheet]


def test_a_yellow_column_that_is_missing_is_told_and_the_others_are_read(
    edited: Callable[..., ReviewBook],
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        book["課題"].delete_cols(column(book["課題"], "統合先"))
        book["意見"].cell(1, column(book["意見"], "コメント")).value = "備考"

    book = edited(edit)
    assert told(book) == [
        "記入.xlsx シート「課題」 1行目: 「統合先」の列がありません。この列への記入は読めません。見出しを変えていれば、元に戻してください",
        "記入.xlsx シート「意見」 1行目: 「コメント」の列がありません。この列への記入は読めません。見出しを変えていれば、元に戻してください",
    ]
    assert said(book) == said(edited(corrections))


def test_a_row_that_was_filled_but_has_no_number_is_told(
    edited: Callable[..., ReviewBook],
) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["意見"]
        for number in (3, 4):
            sheet.cell(number, column(sheet, "意見番号")).value = None
        sheet.cell(3, column(sheet, "目標（修正）")).value = "2"

    book = edited(edit)
    assert told(book) == [
        "記入.xlsx シート「意見」 3行目: 「意見番号」が空なので、どの行への記入か分かりません"
    ]
    assert book.entries == ()


def test_two_filled_rows_of_one_number_are_told(edited: Callable[..., ReviewBook]) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["課題"]
        copied = [cell.value for cell in sheet[row_of(sheet, "I003")]]
        sheet.append(copied)
        sheet.append(copied)
        sheet.cell(sheet.max_row, column(sheet, "判定")).value = "却下"

    book = edited(edit)
    (problem,) = book.problems
    assert "行目と同じ番号（I003）の行です。どちらかの行を消してください" in problem.text
    assert not [own for own in book.entries if own.text == "却下"]


def test_of_two_filled_rows_of_one_number_neither_is_taken(
    edited: Callable[..., ReviewBook],
) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["課題"]
        fill(book, "課題", "I003", "判定", "採用")
        sheet.append([cell.value for cell in sheet[row_of(sheet, "I003")]])
        sheet.cell(sheet.max_row, column(sheet, "判定")).value = "却下"

    book = edited(edit)
    rows = {problem.place.row for problem in book.problems}
    assert [own for own in book.entries if own.place.row not in rows] == []


def test_what_was_written_into_a_copied_sheet_is_told(edited: Callable[..., ReviewBook]) -> None:
    def edit(book: Workbook) -> None:
        copy = book.copy_worksheet(book["課題"])
        copy.title = "課題 (2)"
        copy.cell(2, column(copy, "判定")).value = "採用"

    book_read = edited(edit)
    (problem,) = book_read.problems
    assert (problem.place.sheet, problem.place.row) == ("課題 (2)", 0)
    assert "「課題」シートに書き写してください" in problem.text
    assert book_read.entries == ()


def test_a_copy_of_a_row_that_is_empty_does_no_harm(edited: Callable[..., ReviewBook]) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["課題"]
        sheet.append([cell.value for cell in sheet[row_of(sheet, "I003")]])
        corrections(book)

    book = edited(edit)
    assert book.problems == ()
    assert len(book.entries) == 2


@pytest.mark.parametrize("value", [None, "", "[", "3", '{"a": "b"}', "[1, 2]", '["1", null]'])
def test_where_the_hidden_cell_was_changed_what_was_seen_is_not_known(
    edited: Callable[..., ReviewBook], value: str | None
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        fill(book, "課題", "I003", SEEN, value)

    book = edited(edit)
    assert book.problems == ()
    assert {own.target: bool(own.seen) for own in book.entries}["I003"] is False


def test_where_the_hidden_column_is_missing_nothing_else_is(
    edited: Callable[..., ReviewBook],
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        book["課題"].delete_cols(column(book["課題"], SEEN))

    book = edited(edit)
    assert book.problems == ()
    assert [own.seen for own in book.entries if own.target == "I003"] == [()]


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "-1",
        "1.5",
        None,
        "²",
    ],
)
def test_a_piece_whose_characters_cannot_be_read_is_told(
    edited: Callable[..., ReviewBook], value: str | None
) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["対象外"]
        sheet.cell(2, column(sheet, "開始")).value = value
        sheet.cell(2, column(sheet, "戻す")).value = "戻す"

    book = edited(edit)
    assert book.entries == ()
    (problem,) = book.problems
    assert problem.place == Place("記入.xlsx", "対象外", 2)


# Which run


def test_the_run_is_found_wherever_its_label_stands(edited: Callable[..., ReviewBook]) -> None:
    def edit(book: Workbook) -> None:
        rearranged(
            book["手順"], lambda rows: [*rows[5:], *([None, row[0], None, *row[1:]] for row in rows[:5])]
        )  # fmt: skip

    assert edited(edit).run_id == RUN_ID


@pytest.mark.parametrize("how", ["sheet", "label", "value"])
def test_a_workbook_that_does_not_name_its_run_is_read_and_told(
    edited: Callable[..., ReviewBook], how: str
) -> None:
    def edit(book: Workbook) -> None:
        corrections(book)
        if how == "sheet":
            del book["手順"]
            return
        (place,) = (
            cell for row in book["手順"].iter_rows() for cell in row if cell.value == "実行番号"
        )
        book["手順"].cell(place.row, place.column + (how == "value")).value = None

    book = edited(edit)
    assert book.run_id == ""
    assert told(book) == [
        "記入.xlsx シート「手順」: 実行番号が読めません。「手順」シートを元のブックから戻してください"
    ]
    assert len(book.entries) == 2


# What is no workbook of Kadai


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "課題番号"
    book.save(tmp_path / "別.xlsx")
    with pytest.raises(InputError, match="Kadai の確認用ブックではありません"):
        read_workbook(tmp_path / "別.xlsx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "ファイルがありません"),
        (b"", "ファイルが空で、読めません"),
        ("番号,判定\n".encode(), "Excel ファイルとして読めません"),
        (b"PK\x03\x04 and nothing more", "Excel ファイルとして読めません"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "パスワードが付いているか、壊れている"),
    ],
    ids=["missing", "empty", "csv", "cut off", "encrypted"],
)
def test_what_cannot_be_opened_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "記入.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read_workbook(path)
    assert "記入.xlsx" in str(caught.value)
