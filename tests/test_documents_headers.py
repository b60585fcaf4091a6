"""The header row is found, every column gets a name of its own, references are resolved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.columnnames import name_columns
from pipeline.documents.headers import read_table
from pipeline.documents.model import Grid
from pipeline.documents.table import Table, resolve
from pipeline.errors import InputError


def table(
    *rows: tuple[str, ...], header_row: int | None = None, text: tuple[str, ...] = ()
) -> Table:
    grid = Grid("a.csv", None, rows, tuple(range(1, len(rows) + 1)))
    return read_table(grid, header_row, text)


def names(found: Table) -> list[str]:
    return [column.name for column in found.columns]


def test_titles_and_blank_rows_above_the_header_are_passed_over() -> None:
    found = table(
        ("令和5年度 市民アンケート", "", ""),
        ("", "", ""),
        ("番号", "年代", "意見"),
        ("1", "30代", "バスが少ない"),
        ("2", "60代", "道が暗い"),
    )
    assert found.header_rows == (3,)
    assert found.numbers == (4, 5)
    assert found.above == ("令和5年度 市民アンケート",)


def test_repeated_headers_are_told_apart_by_the_question_before() -> None:
    assert name_columns(["問1", "理由\n（任意）", "問2", "理由 （任意）"], [True] * 4) == [
        "問1",
        "問1 ― 理由 （任意）",
        "問2",
        "問2 ― 理由 （任意）",
    ]


def test_names_that_still_coincide_are_numbered() -> None:
    assert name_columns(["意見", "問1", "意見", "意見", ""], [True] * 5) == [
        "意見",
        "問1",
        "問1 ― 意見",
        "問1 ― 意見（2）",
        "列E（見出しなし）",
    ]


def test_an_empty_header_over_nothing_is_dropped() -> None:
    assert name_columns(["意見", ""], [True, False]) == ["意見", None]


@given(st.lists(st.sampled_from(["", "問1", "理由", "理由（2）", "列A（見出しなし）", " 理由 "])))
def test_names_are_unique_whatever_the_headers(headers: list[str]) -> None:
    found = [name for name in name_columns(headers, [True] * len(headers)) if name]
    assert len(found) == len(set(found)) == len(headers)


def test_codes_above_questions_are_one_header_of_two_rows() -> None:
    found = table(
        ("番号", "状況", "2:select", "3:text", "4:checkbox", "4:text"),
        ("", "", "性別は？", "困りごとは？", "使うものは？", ""),
        ("1", "受付", "女性", "坂が多い", "バス;電車", ""),
        ("2", "受付", "男性", "店が遠い", "バス", "舟"),
    )
    assert found.header_rows == (1, 2)
    assert names(found) == [
        "番号", "状況", "性別は？", "困りごとは？", "使うものは？", "使うものは？ ― 4:text",
    ]  # fmt: skip
    assert resolve(found, "3:text")[0].name == "困りごとは？"


def test_merged_cells_above_their_parts_are_one_header_of_two_rows() -> None:
    found = table(
        ("番号", "属性", "", "", "意見"),
        ("", "性別", "年代", "地区", ""),
        ("1", "女", "30代", "東", "坂が多い"),
        ("2", "男", "40代", "西", "店が遠い"),
    )
    assert names(found) == ["番号", "属性 性別", "属性 年代", "属性 地区", "意見"]


def test_an_incomplete_first_answer_is_no_header() -> None:
    found = table(
        ("番号", "年代", "意見"),
        ("", "30代", "坂が多い"),
        ("2", "30代", "店が遠い"),
        ("3", "40代", "道が狭い"),
    )
    assert found.header_rows == (1,)


ANSWERS = (
    ("坂道が急だ", "", "店が遠い"),
    ("駅が暗いと思う", "街灯の数", "橋が古い"),
    ("便が減った", "ベンチの設置", "特になし"),
    ("バスが来ない", "祭りの継続", "医者が足りない"),
    ("歩道が狭い", "空き家の活用", "遊び場"),
    ("静かで良い", "見守り", "広報が届かない"),
)


@pytest.mark.parametrize("header", [("Q1", "Q2", "Q3"), ("問1", "問2", "問3"), ("駅", "町", "店")])
@pytest.mark.parametrize("options", [{}, {"header_row": 1}, {"text": True}])
@pytest.mark.parametrize("start", range(len(ANSWERS)))
def test_an_answer_below_codes_is_no_second_header(header, options, start: int) -> None:
    rows = (header, *ANSWERS[start:], *ANSWERS[:start])
    given = {**options, "text": header} if "text" in options else options
    found = table(*rows, **given)
    assert found.header_rows == (1,)
    assert names(found) == list(header)
    assert not found.doubt


def test_a_row_of_words_below_gaps_is_an_answer_unless_it_looks_like_a_header() -> None:
    found = table(
        ("番号", "町名", "意見", "", ""),
        ("", "北町", "坂道", "街灯", "空き家"),
        ("2", "南町", "歩道", "祭り", "遊び場"),
        ("3", "西町", "バス", "見守り", "広報"),
    )
    assert found.header_rows == (1,)


def test_options_above_marks_are_a_second_header() -> None:
    found = table(
        ("番号", "問1 使うもの", "", "", "意見"),
        ("", "バス", "電車", "自転車", ""),
        ("1", "○", "", "○", "坂が多い"),
        ("2", "", "○", "", "店が遠い"),
        ("3", "○", "○", "", "道が暗い"),
    )
    assert found.header_rows == (1, 2)
    assert names(found)[1:4] == ["問1 使うもの バス", "問1 使うもの 電車", "問1 使うもの 自転車"]


@pytest.mark.parametrize("place", [1, 2, 8, 15])
def test_a_stray_cell_makes_no_row_the_header(place: int) -> None:
    rows = [("意見", "")] + [(f"{number}丁目の坂が急で困る", "") for number in range(20)]
    rows[place] = ("店が遠い", "バスも少ない")
    found = table(*rows)
    assert found.header_rows == (1,)
    assert len(found.rows) == 20


@pytest.mark.parametrize("header", [("2023", "2024"), ("1", "2")])
def test_numbers_above_words_are_a_header(header: tuple[str, str]) -> None:
    rows = (header, ("坂が多い", "店が遠い"), ("道が暗い", "橋が古い"), ("駅が遠い", ""))
    assert table(*rows).header_rows == (1,)
    assert table(*rows, text=header).header_rows == (1,)


def test_the_columns_that_a_study_names_find_the_header() -> None:
    rows = (("2023", "2024"), ("12", "15"), ("30", "坂が多い"), ("41", "12"), ("7", "8"))
    found = table(*rows, text=("2024",))
    assert found.header_rows == (1,)
    assert found.values(resolve(found, "2024")[0]) == ["15", "坂が多い", "12", "8"]
    merged = table(
        ("番号", "属性", "", "", "意見"),
        ("", "性別", "年代", "地区", ""),
        ("1", "女", "30代", "東", "坂が多い"),
        ("2", "男", "40代", "西", "店が遠い"),
        text=("意見",),
    )
    assert merged.header_rows == (1, 2)


def test_what_may_be_answers_above_the_header_is_told() -> None:
    body = (("番号", "年代", "意見"), ("1", "30代", "坂が多い"), ("2", "40代", "店が遠い"))
    assert not table(("みどり市 意見一覧", "", ""), *body).doubt
    assert table(("道が暗くて怖い。", "", ""), *body).doubt


def test_an_answer_that_a_comma_cut_is_put_together_again() -> None:
    rows = (
        ("番号", "意見"),
        ("1", "坂が多い"),
        ("2", "店が遠く", "バスも少ない", ""),
        ("3", "道が暗い", ""),
    )
    for text in ((), ("意見",)):
        found = table(*rows, text=text)
        assert names(found) == ["番号", "意見"]
        assert [row[1] for row in found.rows] == ["坂が多い", "店が遠く,バスも少ない", "道が暗い"]
        assert found.joined == (3,)
        assert found.doubt


def test_cells_that_belong_to_no_column_are_refused_with_their_row() -> None:
    rows = (("意見", "年代"), ("坂が多い", "30代"), ("店が遠く", "バスも少ない", "40代"))
    with pytest.raises(InputError) as caught:
        table(*rows, text=("意見",))
    assert caught.value.at is not None
    assert caught.value.at.row == 3


def test_a_study_may_name_the_header_row() -> None:
    found = table(("a", "b"), ("番号", "意見"), ("1", "坂が多い"), header_row=2)
    assert names(found) == ["番号", "意見"]
    with pytest.raises(InputError, match="見出し行"):
        table(("番号", "意見"), ("1", "坂"), header_row=9)


def test_a_blank_grid_is_refused() -> None:
    with pytest.raises(InputError):
        table(("", " "))


QUESTIONS = table(
    ("番号", "問１ 満足度", "理由", "問2 定住", "理由", "ご意見（自由）"),
    ("1", "5", "近い", "3", "遠い", "特になし"),
)


def test_a_header_that_repeats_means_all_its_columns_for_text_only() -> None:
    assert [column.index for column in resolve(QUESTIONS, "理由", many=True)] == [2, 4]
    with pytest.raises(InputError, match="2つ"):
        resolve(QUESTIONS, "理由")


def test_a_unique_name_means_one_column() -> None:
    assert [column.index for column in resolve(QUESTIONS, "問2 定住 ― 理由")] == [4]


@pytest.mark.parametrize("reference", ["問1満足度", "問１　満足度", "問1 満足\n度"])
def test_white_space_and_width_do_not_matter(reference: str) -> None:
    assert resolve(QUESTIONS, reference)[0].index == 1


def test_an_unknown_header_is_refused_with_the_closest_ones() -> None:
    with pytest.raises(InputError) as caught:
        resolve(QUESTIONS, "ご意見")
    assert caught.value.remedy.startswith("近い見出し: 「ご意見（自由）」")


def merged_table(*rows: tuple[str, ...], merged: tuple[tuple[int, int, int, int], ...]) -> Table:
    return read_table(Grid("a.xlsx", "S", rows, tuple(range(1, len(rows) + 1)), merged=merged))


TWO_PAIRS = (
    ("1", "3", "坂が多い。", "2", "窓口が遠い。"),
    ("2", "1", "道が暗い。", "3", "会費が高い。"),
)


def test_merged_cells_make_two_rows_one_header() -> None:
    found = merged_table(
        ("アンケート", "", "", "", ""),
        ("番号", "移動", "", "福祉", ""),
        ("", "満足度", "理由", "満足度", "理由"),
        *TWO_PAIRS,
        merged=((1, 0, 1, 4), (2, 0, 3, 0), (2, 1, 2, 2), (2, 3, 2, 4)),
    )
    assert found.header_rows == (2, 3)
    assert not found.doubt
    assert names(found) == ["番号", "移動 満足度", "移動 理由", "福祉 満足度", "福祉 理由"]


def test_a_number_with_nothing_below_it_does_not_hide_the_parts_of_merged_cells() -> None:
    found = merged_table(
        ("アンケート 回答一覧", "", "", "", "", ""),
        ("No.", "あなたについて", "", "", "問8", "備考"),
        ("", "年代", "性別", "地区", "困っていることをお書きください", ""),
        ("1", "30代", "男", "東", "バスが少ない", ""),
        ("2", "60代", "女", "西", "道が暗い", "字が薄い"),
        ("3", "60代", "女", "北", "店がない", ""),
        merged=((2, 1, 2, 3),),
    )
    assert found.header_rows == (2, 3)
    assert names(found)[1:5] == [
        "あなたについて 年代",
        "あなたについて 性別",
        "あなたについて 地区",
        "問8 困っていることをお書きください",
    ]
    assert found.numbers == (4, 5, 6)


def test_merged_cells_make_three_rows_one_header() -> None:
    found = merged_table(
        ("番号", "第1部", "", "", ""),
        ("", "問1", "", "問2", ""),
        ("", "選択", "理由", "選択", "理由"),
        *TWO_PAIRS,
        merged=((1, 0, 3, 0), (1, 1, 1, 4), (2, 1, 2, 2), (2, 3, 2, 4)),
    )
    assert found.header_rows == (1, 2, 3)
    assert names(found)[1:3] == ["第1部 問1 選択", "第1部 問1 理由"]
    assert len(found.rows) == 2


def test_a_merged_header_over_several_answers_names_each_of_them() -> None:
    found = merged_table(
        ("番号", "ご意見（複数可）", "", ""),
        ("1", "坂が多い。", "", "道が暗い。"),
        ("2", "橋が古い。", "駅が遠い。", ""),
        merged=((1, 1, 1, 3),),
    )
    assert found.header_rows == (1,)
    assert names(found)[1:3] == ["ご意見（複数可）", "ご意見（複数可）（2）"]
    assert len(resolve(found, "ご意見（複数可）", many=True)) in {1, 3}


def test_cells_merged_over_several_answers_are_said() -> None:
    found = merged_table(
        ("番号", "地区", "意見"),
        ("1", "東", "坂が多い。"),
        ("2", "", "道が暗い。"),
        merged=((2, 1, 3, 1),),
    )
    assert "結合されたセルが、回答の中に1個あります（B2 など）" in found.remarks[0].text


def test_values_under_an_empty_header_are_kept_and_said() -> None:
    found = table(("番号", "意見", ""), ("1", "坂が多い。", "道が暗い。"), ("2", "橋。", ""))
    assert names(found) == ["番号", "意見", "列C（見出しなし）"]
    assert "C列は見出しが空" in found.remarks[0].text


def test_totals_and_a_header_once_more_are_no_answers() -> None:
    found = table(
        ("番号", "年代", "意見"),
        ("1", "30代", "坂が多い。"),
        ("番号", "年代", "意見"),
        ("2", "40代", "合計"),
        ("合計", "２人", "2件"),
    )
    assert found.aside == {3: "header_again", 5: "total"}
    assert len(found.rows) == 4
    assert found.values(found.columns[2]) == ["坂が多い。", "合計"]


def test_an_answer_that_says_total_is_an_answer() -> None:
    found = table(
        ("意見", "点"), ("合計", "なぜ増税するのか"), ("合計してほしい", "3"), ("平均", "")
    )
    assert found.aside == {}


def test_two_rows_that_merged_cells_tie_are_one_header_beyond_doubt() -> None:
    rows = (
        ("番号", "基本属性", "", "困りごと"),
        ("", "年齢", "地区", "自由にお書きください"),
        ("1", "30代", "東町", "バスが少ない"),
        ("2", "60代", "西町", "道が暗い"),
    )
    grid = Grid("a.xlsx", "S", rows, (1, 2, 3, 4), merged=((1, 0, 2, 0), (1, 1, 1, 2)))
    for text in ((), ("困りごと 自由にお書きください",)):
        found = read_table(grid, None, text)
        assert (found.header_rows, found.doubt) == ((1, 2), False)
