"""Small tables as files for Excel: texts stay texts, the same table gives the same bytes."""

from __future__ import annotations

import csv
import io
import math

import pytest
from openpyxl import load_workbook

from pipeline import sheetfile
from pipeline.errors import UsageError
from pipeline.formulas import unguard_formula
from pipeline.sheetfile import ENDINGS, Column, Sheet, as_csv, as_file, as_workbook

COLUMNS = (
    Column("言葉", 20), Column("採用", 8, "entry"), Column("人数", 8, "count"),
    Column("強さ", 8, "number"), Column("割合", 8, "share"),
)  # fmt: skip
ROWS = [
    ("=1+1", "○", 1200, 0.25, 0.5), ("00123", "", None, math.nan, ""), ("@x", "＝", 0, 0.0, 0.0),
    ("https://example.jp", "", 3, 1.5, 1.0),
]  # fmt: skip
SHEET = Sheet("候補", COLUMNS, ROWS, "外に出さない")


def cells(content: bytes, first: int) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert all(own.data_type != "f" and not own.hyperlink for row in sheet for own in row)
    rows = list(sheet.iter_rows(min_row=first, values_only=True))
    return [["" if own is None else own for own in row] for row in rows]


def test_a_workbook_holds_what_was_given_and_no_formula_or_link():
    shown = cells(as_workbook("候補", [SHEET]), 2)
    assert shown[0] == [own.label for own in COLUMNS]
    for row, given in zip(shown[1:], ROWS, strict=True):
        wanted = ["" if str(own) in {"None", "nan"} else own for own in given]
        assert row == wanted


def test_a_csv_comes_back_as_it_was_but_for_the_guard_of_formulas():
    content = as_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == [own.label for own in COLUMNS]
    assert rows[1] == ["'=1+1", "○", "1200", "0.25", "0.5"]
    assert rows[2] == ["00123", "", "", "", ""]
    assert [unguard_formula(own) for own in rows[3]] == ["@x", "＝", "0", "0.0", "0.0"]


def test_a_mark_stands_above_the_table_and_on_every_printed_page():
    sheet = load_workbook(io.BytesIO(as_workbook("候補", [SHEET]))).active
    assert sheet.cell(1, 1).value == "外に出さない"
    assert "外に出さない" in sheet.oddHeader.center.text
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.auto_filter.ref == "A2:E6"


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_table_gives_the_same_bytes(ending):
    assert as_file(SHEET, ending) == as_file(SHEET, ending)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_without_rows_has_its_header(ending):
    assert as_file(SHEET._replace(rows=[]), ending)


def test_a_table_that_no_sheet_can_hold_is_refused_and_not_cut(monkeypatch):
    monkeypatch.setattr(sheetfile, "MOST_ROWS", 5)
    fits = Sheet("表", [Column("語")], [("道",)] * 3, "注意")
    assert as_workbook("表", [fits])
    with pytest.raises(UsageError, match="4行あり"):
        as_workbook("表", [fits._replace(rows=[("道",)] * 4)])
