"""Workbooks become one grid a visible sheet, with cells as a person reads them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from pipeline.documents import read
from pipeline.documents.excel import cell_text, column_letters
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "回答.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("回答")
        sheet.write_row(1, 0, ["番号", "記入日", "意見"])
        sheet.write_number(2, 0, 224)
        date = book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_datetime(2, 1, dt.date(2023, 10, 3), date)
        sheet.write_string(2, 2, "一つ目\n二つ目")
        book.add_worksheet("Sheet2")
        hidden = book.add_worksheet("控え")
        hidden.write(0, 0, "控え")
        hidden.hide()
    return path


def test_cells_are_as_a_person_reads_them(workbook: Path) -> None:
    (grid,) = read(workbook).grids
    assert grid.sheet == "回答"
    assert grid.rows[2] == ("224", "2023-10-03", "一つ目\n二つ目")
    assert grid.numbers == (1, 2, 3)


def test_sheets_that_are_not_read_are_named_with_the_reason(workbook: Path) -> None:
    skipped = dict(read(workbook).skipped)
    assert "非表示" in skipped["控え"]
    assert "空" in skipped["Sheet2"]


def test_a_named_sheet_is_read_even_when_hidden(workbook: Path) -> None:
    (grid,) = read(workbook, sheet="控え").grids
    assert grid.rows == (("控え",),)


def test_a_missing_sheet_is_refused_with_the_names_that_exist(workbook: Path) -> None:
    with pytest.raises(InputError, match="回答、Sheet2、控え"):
        read(workbook, sheet="結果")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "パスワード"),
        (b"PK\x03\x04broken", "読めません"),
        (b"", "読めません"),
        ("番号,意見\n".encode(), "読めません"),
    ],
)
def test_a_workbook_with_a_password_or_damage_is_refused(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        read(path)


def test_a_truncated_workbook_is_refused(workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(workbook.read_bytes()[:2000])
    with pytest.raises(InputError):
        read(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5, "1.5"), (3.0, "3"), (True, "TRUE"), (None, ""), (dt.time(10, 30), "10:30:00")],
)
def test_values_become_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_columns_are_named_as_excel_names_them() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 29, 701, 702)] == [
        "A", "Z", "AA", "AD", "ZZ", "AAA",
    ]  # fmt: skip
