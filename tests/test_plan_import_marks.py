"""What a line of a plan is by its own words."""

from __future__ import annotations

import pytest

from pipeline.plan_import.marks import (
    Style,
    ends_with_status,
    find_style,
    is_known_status,
    opens_status,
    read_mark,
    sdg_numbers,
    section_of,
    split_status,
)

STYLE = Style("基本目標", "施策")


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("基本目標１ 支え合い", 1, "支え合い"),
        ("基本目標1：支え合い", 1, "支え合い"),
        ("【基本目標Ⅲ】支え合い", 3, "支え合い"),
        ("■ 基本目標 ② 支え合い", 2, "支え合い"),
        ("基本目標１支え合い", 1, "支え合い"),
        ("基本目標２ ともに生きる", 2, "ともに生きる"),
        ("基 本 目 標 四 支え合い", 4, "支え合い"),
        ("基本目標３", 3, ""),
    ],
)
def test_headings_of_goals_are_known_in_every_spelling(text, number, name):
    mark = read_mark(text, STYLE)
    assert (mark.kind, mark.number, mark.text) == ("goal", (number,), name)


@pytest.mark.parametrize(
    "text",
    [
        "基本目標ごとに課題を示します",
        "基本目標１に関連するその他の話",
        "基本目標１、２の関係",
        "基本目標１の達成に向けた話",
        "基本目標一覧",
        "基本目標１を進めます。",
    ],
)
def test_a_line_that_speaks_of_a_goal_is_no_heading(text):
    mark = read_mark(text, STYLE)
    assert mark is None or mark.kind != "goal"


@pytest.mark.parametrize(
    ("text", "style", "number", "name"),
    [
        ("施 策 ① 見守り", "施策", (1,), "見守り"),
        ("重点施策（２）見守り", "施策", (2,), "見守り"),
        ("施策1-2 見守り", "施策", (1, 2), "見守り"),
        ("施策１－３：見守り", "施策", (1, 3), "見守り"),
        ("取組２ 見守り", "取組", (2,), "見守り"),
        ("取り組み③ 見守り", "取組", (3,), "見守り"),
        ("2-1 見守り", "1-1", (2, 1), "見守り"),
        ("（１）見守り", "（1）", (1,), "見守り"),
    ],
)
def test_headings_of_measures_are_known_as_the_plan_numbers_them(text, style, number, name):
    mark = read_mark(text, Style("基本目標", style))
    assert (mark.kind, mark.number, mark.text) == ("measure", number, name)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("▶▶2024年の西東京市の姿", "outlook"),
        ("【目指す姿】", "outlook"),
        ("めざす地域の姿", "outlook"),
        ("５年後のまちの姿", "outlook"),
        ("令和12年度の将来像", "outlook"),
        ("現状と課題", "problems"),
        ("■課題と今後の方向性", "problems"),
        ("施策の方向性", "problems"),
        ("内 容", "contents"),
        ("施策の内容", "contents"),
        ("具現化するためのアクションプラン", "actions"),
        ("主な取り組み", "actions"),
        ("社協が取り組むこと", "actions"),
        ("▶▶基本目標 4 に関連するその他のアクションプラン", "other"),
        ("その他の取り組み", "other"),
        ("目標達成に向けたおもな施策", "measures"),
        ("関連するSDGs 1、3、11", "sdgs"),
    ],
)
def test_labels_are_known_under_the_names_that_towns_give_them(text, section):
    assert section_of(text) == section
    assert read_mark(text, STYLE).section == section


@pytest.mark.parametrize(
    "text",
    ["内容を検討します", "課題が残っています", "2024年に始めました", "あおば町地域福祉活動計画"],
)
def test_words_of_labels_inside_a_sentence_are_no_label(text):
    assert section_of(text) is None


def test_what_stands_behind_a_label_on_its_line_is_kept():
    mark = read_mark("内 容 ・見守りを広げます", STYLE)
    assert (mark.section, mark.text) == ("contents", "・見守りを広げます")
    mark = read_mark("目指す姿：声をかけ合う町", STYLE)
    assert (mark.section, mark.text) == ("outlook", "声をかけ合う町")


@pytest.mark.parametrize(
    ("text", "item", "body"),
    [
        ("１．見守り", "number", "見守り"),
        ("(2) 見守り", "number", "見守り"),
        ("③見守り", "number", "見守り"),
        ("4 見守り", "number", "見守り"),
        ("・見守り", "bullet", "見守り"),
        ("○見守り", "bullet", "見守り"),
        ("● 見守り", "bullet", "見守り"),
        ("取組①：見守り", "task", "見守り"),
    ],
)
def test_items_are_known_by_their_marks(text, item, body):
    mark = read_mark(text, STYLE)
    assert (mark.kind, mark.item, mark.text) == ("item", item, body)


@pytest.mark.parametrize("text", ["2.5倍に増やします", "広がっています", "2031年までに始めます"])
def test_a_line_without_a_mark_begins_nothing(text):
    assert read_mark(text, STYLE) is None


@pytest.mark.parametrize(
    ("text", "own", "status"),
    [
        ("見守ります（継続）", "見守ります", "継続"),
        ("見守ります (新規)", "見守ります", "新規"),
        ("見守ります（充実・ 強化）", "見守ります", "充実・強化"),
        ("見守ります。【拡充】", "見守ります。", "拡充"),
        ("【新規】見守ります", "見守ります", "新規"),
        ("見守りの推進 新規", "見守りの推進", "新規"),
        ("見守ります（継続）。", "見守ります。", "継続"),
        ("見守ります（試行）", "見守ります", "試行"),
        ("話し合いの場（円卓会議等）", "話し合いの場（円卓会議等）", ""),
        ("（円卓会議）を開きます", "（円卓会議）を開きます", ""),
    ],
)
def test_the_status_is_split_off_wherever_it_stands(text, own, status):
    assert split_status(text) == (own, status)


def test_a_status_at_the_end_completes_an_action_and_one_in_front_does_not():
    assert ends_with_status("見守ります（継続）")
    assert not ends_with_status("【新規】見守りの会を開き")
    assert not ends_with_status("（継続）")
    assert opens_status("（充実・")
    assert opens_status("継続")
    assert not opens_status("（円卓会議等）を")


def test_words_that_plans_use_are_known_statuses_and_others_are_not():
    assert all(map(is_known_status, ["新規", "継続", "充実・強化", "拡充", "新規・拡充"]))
    assert not is_known_status("試行")


def test_numbers_of_sustainable_development_goals_are_read_where_they_are_text():
    assert sdg_numbers("関連するSDGs：３、1, 11") == (1, 3, 11)
    assert sdg_numbers("SDGs 目標3・目標17") == (3, 17)
    assert sdg_numbers("SDGsを学びます") == ()
    assert sdg_numbers("SDGs 99") == ()


def test_the_style_is_the_first_one_that_the_plan_uses():
    assert find_style(["目標1 あ", "基本目標1 い", "（1）う", "施策1 え"]) == STYLE
    assert find_style(["基本方針Ⅰ い", "取組1 う"]) == Style("基本方針", "取組")
    assert find_style(["目標1 い"]) == Style("目標", "")
    assert find_style(["目標10年後", "第1章"]) is None
