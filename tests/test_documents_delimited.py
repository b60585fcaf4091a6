"""CSV and TSV become grids of text, to the cell."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import documents
from pipeline.documents import delimited
from pipeline.documents.delimited import sniff_separator
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def read_delimited(text, file):
    return delimited.read_delimited(text, file).grid


def test_na_and_none_are_answers() -> None:
    grid = read_delimited("番号,意見\n1,NA\n2,None\n", "a.csv")
    assert [row[1] for row in grid.rows] == ["意見", "NA", "None"]


def test_cells_keep_their_line_breaks_and_rows_count_as_excel_counts() -> None:
    grid = read_delimited('番号,意見\r\n1,"一つ目\n二つ目"\r\n\r\n3,三つ目\r\n', "a.csv")
    assert grid.rows[1] == ("1", "一つ目\n二つ目")
    assert grid.rows[3] == ("3", "三つ目")
    assert grid.numbers == (1, 2, 3, 4)


def test_ragged_rows_lose_nothing() -> None:
    grid = read_delimited("a,b\n1\n1,2,3\n", "a.csv")
    assert grid.rows == (("a", "b"), ("1",), ("1", "2", "3"))


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("番号,意見\n1,バス;電車\n2,道;橋\n", ","),
        ("番号\t意見\n1\tバス、電車\n", "\t"),
        ("番号;意見\n1;バス, 電車\n2;橋\n", ";"),
        ("意見\nバスが少ない\n", ","),
    ],
)
def test_the_separator_is_found(text: str, separator: str) -> None:
    assert sniff_separator(text) == separator


def test_an_open_quotation_mark_is_refused_where_it_begins() -> None:
    with pytest.raises(InputError) as caught:
        read_delimited('番号,意見\n1,よい\n2,"閉じない\n3,続き\n', "a.csv")
    assert caught.value.at is not None
    assert caught.value.at.row == 3
    assert "3行目" in caught.value.remedy


def test_quotation_marks_inside_a_cell_hide_no_mark_that_is_left_open() -> None:
    rows = [f"{number},坂が多い" for number in range(2, 60)]
    text = "\n".join(["番号,意見", '1,"駅前"が暗い', *rows])
    grid = read_delimited(text, "a.csv")
    assert grid.rows[1] == ("1", '"駅前"が暗い')
    assert len(grid.rows) == 60
    rows[38] = '40,"橋が古い'
    for after in ("坂が多い", '"よい"'):
        rows[45] = f"47,{after}"
        with pytest.raises(InputError) as caught:
            read_delimited("\n".join(["番号,意見", '1,"駅前"が暗い', *rows]), "a.csv")
        assert caught.value.at is not None
        assert caught.value.at.row == 41


def test_a_cell_that_swallowed_records_is_refused() -> None:
    rows = [
        "番号,意見",
        '1,"坂が多い',
        "2,店が遠い",
        "3,道が暗い",
        "4,橋が古い",
        '5,駅が遠い"',
        "6,よい",
    ]
    with pytest.raises(InputError) as caught:
        read_delimited("\n".join(rows), "a.csv")
    assert caught.value.at is not None
    assert caught.value.at.row == 2
    prices = '番号,意見\n1,"高い\n1,000円\n2,000円\n3,000円"\n'
    assert len(read_delimited(prices, "a.csv").rows) == 2


def test_sloppy_marks_change_nothing_else() -> None:
    text = '番号,意見,区\r\n1,"一つ目\n二つ目, ""三つ""",東\r\n\r\n2,"安心"なまち,\r\n'
    assert read_delimited(text, "a.csv").rows == (
        ("番号", "意見", "区"),
        ("1", '一つ目\n二つ目, "三つ"', "東"),
        (),
        ("2", '"安心"なまち', ""),
    )


def test_text_after_a_closing_quotation_mark_is_kept() -> None:
    grid = read_delimited('番号,意見\n1,"安心"なまち\n', "a.csv")
    assert "なまち" in grid.rows[1][1]


def test_a_very_long_answer_is_read() -> None:
    grid = read_delimited("意見\n" + "長" * 200_000 + "\n", "a.csv")
    assert len(grid.rows[1][0]) == 200_000


def test_the_separator_that_excel_writes_into_the_first_line_is_used_and_said() -> None:
    grid, remarks = delimited.read_delimited("sep=;\n番号;意見\n1;バス、電車\n", "a.csv")
    assert grid.rows == (("番号", "意見"), ("1", "バス、電車"))
    assert grid.numbers == (1, 2)
    assert "sep=;" in remarks[0].text


def test_bars_separate_and_a_full_width_comma_does_not() -> None:
    assert read_delimited("番号|意見\n1|坂が多い\n", "a.csv").rows[1] == ("1", "坂が多い")
    assert read_delimited("意見\n坂，橋\n道，駅\n", "a.csv").rows[1] == ("坂，橋",)


def test_titles_above_a_table_do_not_hide_its_separator() -> None:
    text = "対象：市民1,000人\n番号;年齢;ご意見\n1;30代;バスが少ない。\n2;40代;道が狭い。"
    assert read_delimited(text, "a.csv").rows[2] == ("1", "30代", "バスが少ない。")


def test_a_mark_in_the_middle_tells_of_files_that_were_joined() -> None:
    grid, remarks = delimited.read_delimited("番号,意見\n1,坂\n\ufeff番号,意見\n2,橋\n", "a.csv")
    assert grid.rows[2] == ("番号", "意見")
    assert "つなげた" in remarks[0].text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_row(end: str) -> None:
    grid = read_delimited(end.join(["番号,意見", '1,"坂', '橋"', "2,道\f", ""]), "a.csv")
    assert grid.rows == (("番号", "意見"), ("1", f"坂{end}橋"), ("2", "道\f"))


def test_a_row_of_nothing_but_separators_cannot_fill_the_memory() -> None:
    with pytest.raises(InputError, match="セルが20,001個") as caught:
        read_delimited("番号,意見\n" + "," * 20_000 + "\n", "a.csv")
    assert caught.value.at is not None
    assert caught.value.at.row == 2


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from('a,"\r\n\u2028あ'), max_size=9), max_size=4))
def test_lines_are_those_of_the_whole_text_however_it_is_cut(texts: list[str]) -> None:
    text = "\n".join(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_BLOCK", 2)
        lines = [*delimited.lines_of([text])]
    assert lines == [*io.StringIO(text, newline="")]


def test_a_word_that_many_rows_hold_is_kept_once() -> None:
    grid = read_delimited("番号,性別\n" + "".join(f"{n},女性\n" for n in range(2000)), "a.csv")
    assert len({id(row[1]) for row in grid.rows[1:]}) == 1


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from("a\r\n\u2028\x1c、"), max_size=5), max_size=4))
def test_no_cell_with_a_second_line_is_passed_over(row: list[str]) -> None:
    if any(len(cell.splitlines()) > 1 for cell in row):
        assert len("".join(row).splitlines()) > 1


def test_a_document_is_remembered_until_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("番号,意見\n1,よい\n", encoding="utf-8")
    first = documents.read(path)
    assert documents.read(path) is first
    documents.forget()
    assert documents.read(path) is not first
