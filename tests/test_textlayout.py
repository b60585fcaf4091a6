"""Japanese text in columns for a terminal."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.textlayout import (
    labelled,
    pad,
    shorten,
    table,
    terminal_width,
    width_of,
    wrap,
)

TEXTS = st.text(alphabet="バス停が遠い、。「」（）ab1-@ \n", max_size=60)


@given(TEXTS, st.integers(2, 30))
def test_wrapping_loses_no_character_and_no_line_is_too_wide(text, width):
    lines = wrap(text, width)
    assert "".join(lines) == text.replace("\n", "")
    assert all(width_of(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("バスがない。雪", 10, ["バスがな", "い。雪"]),
        ("課題は I001-02 です", 12, ["課題は ", "I001-02 です"]),
        ("一行目\n二行目", 20, ["一行目", "二行目"]),
        ("A1234567890", 4, ["A123", "4567", "890"]),
        ("。。。。", 4, ["。。", "。。"]),
        ("a字。。", 5, ["a", "字。", "。"]),
        ("a字。)", 5, ["a", "字。)"]),
    ],
)
def test_ids_stay_whole_and_no_line_begins_with_a_mark_where_that_can_be(text, width, lines):
    assert wrap(text, width) == lines


def test_a_short_text_is_padded_and_a_long_one_cut():
    assert pad("課題", 6) == "課題  "
    assert shorten("バスの\n本数が少ない", 6) == "バスの 本…"
    assert shorten("バス", 2) == "バス"


def test_a_long_value_goes_on_below_its_beginning():
    assert labelled("題", "あいうえおかきくけこさしすせそ", 4, 26, "  ") == [
        "  題  あいうえおかきくけこ",
        "      さしすせそ",
    ]


def test_a_short_value_stands_beside_its_label_at_the_edge():
    assert labelled("題", "あ", 4, 26) == ["題  あ"]


@pytest.mark.parametrize(
    ("columns", "most", "expected"),
    [("90", None, 90), ("90", 80, 80), ("70", 80, 70), ("10", None, 60), ("0", None, 120)],
)
def test_lines_are_as_wide_as_the_terminal_within_limits(monkeypatch, columns, most, expected):
    monkeypatch.setenv("COLUMNS", columns)
    if columns == "0":  # nobody can tell
        monkeypatch.setattr("os.get_terminal_size", lambda _: os.terminal_size((0, 0)))
    assert terminal_width(most=most) == expected


ROWS = [("日時", "後"), ("5月1日", "地域で支え合う"), ("5月2日", "なし")]


def test_a_table_stands_in_columns_as_wide_as_what_they_hold():
    assert table(ROWS, 80, {1: 4}) == [
        "日時    後",
        "------  --------------",
        "5月1日  地域で支え合う",
        "5月2日  なし",
    ]


def test_a_table_that_is_too_wide_is_made_narrower_where_that_is_allowed():
    assert table(ROWS, 16, {1: 4}, ["", "注"]) == [
        "日時    後",
        "------  --------",
        "5月1日  地域で支",
        "        え合う",
        "",
        "5月2日  なし",
        "  注",
    ]
    assert max(map(width_of, table(ROWS, 2, {1: 6}))) == 14


def test_of_columns_that_may_be_narrower_the_widest_is_made_so_first():
    rows = [("日時や場所", "あとの値"), ("5月1日", "地域で支え合う")]
    assert table(rows, 20, {0: 4, 1: 4})[2] == "---------  ---------"
    assert table(rows, 24, {0: 4, 1: 4})[1] == "----------  ------------"
