"""Short cuts of the search for people find what the whole search finds."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pipeline import deidentify as deidentifying
from pipeline.deidentify import deidentify
from pipeline.privacy import addresses, blank, clipped, find_personal, mask, names, numbers, seen
from pipeline.privacy.scanning import Rule, beginnings

DATA: Final = Path(__file__).parent / "data"

# Fictitious people and numbers; beside them what only looks like some.
PARTS: Final = (
    "山田", "佐藤花子", "田中太郎", "グエン", "やまだ", "健太", "ハツ江", "Taro Yamada", "Sato-san",
    "さん", "様", "氏", "課長", "の家", "先生", "方", "委員", "という職員", "と申します", "です", "たち",
    "私は", "長男の", "担当の", "名前は", "事務局（", "）", "：", "以上、", "が言った", "　", " ", "\n", "。", "、",
    "青葉市北町", "3丁目", "五番十二号", "3-5-12", "12番地", "字本宿", "青葉ハイツ203号室", "の空き家に住む",
    "090-1234-5678", "〇九〇―一二三四―五六七八", "042", "-", "12", "1", "電話", "内線", "〒", "会員番号は",
    "口座番号", "生年月日は", "昭和三十年五月三日", "生まれ", "LINEのID", "hanako@example.com", "@hana_ko",
    "https://example.com/a", "www.city.example.lg.jp", "ｱｵﾊﾞ", "\u200b", "٣", "髙", "［氏名］", "［電話番号］",
    "バスが少ない", "道が暗い", "高齢者", "市長", "長", "から", "子ども", "ほしい", "ノ関", "いう人",
)  # fmt: skip


def plainly(text: str) -> list[object]:
    """What is found where no short cut is taken."""

    class Anything:
        def search(self, *_: object) -> bool:
            return True

        def fullmatch(self, *_: object) -> None:
            return None

    always = lambda *_: True  # noqa: E731
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "_PLAIN", Anything())
        patch.setattr(numbers, "_FIRST_SIGN", Anything())
        patch.setattr(Rule, "may_find", always)
        patch.setattr(addresses, "_MAY_BE", Anything())
        for name in ("may_hold_title", "may_introduce", "may_be_minutes", "may_hold_an_office"):
            patch.setattr(names, name, always)
        for name in ("_LATIN", "_OLD_END", "_FORM"):
            patch.setattr(names, name, Anything())
        return list(find_personal(text))


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PARTS), max_size=9).map("".join))
def test_signs_tell_only_that_nothing_is_there(text):
    assert find_personal(text) == plainly(text)


@pytest.mark.parametrize("name", ["privacy_sentences.csv", "privacy_second.csv"])
def test_signs_hide_nothing_in_the_sentences_that_were_written_for_it(name):
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        cells = sorted({cell for row in csv.reader(file) for cell in row if cell})
    assert [own for own in cells if find_personal(own) != plainly(own)] == []


def test_what_is_taken_as_it_is_holds_nothing_that_a_reader_does_not_see():
    plain = [chr(code) for code in range(0x10000) if seen._PLAIN.fullmatch(chr(code))]
    assert [own for own in plain if seen._DROPPED.search(own) or seen._CHANGED.search(own)] == []


@given(st.text("市長町会さん様氏", max_size=8))
def test_a_text_without_a_beginning_holds_no_word(text):
    words = ("市長", "町会長", "さん", "様")
    assert beginnings(words).stand_in(text) or not any(own in text for own in words)


@given(st.text(max_size=20))
def test_a_text_without_anything_personal_stays_itself(text):
    assert mask(text, []) == blank(text, []) == text
    assert clipped([], 0, len(text)) == []


def answers(heading: str, places: list[str], people: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"locator": places, "question": heading, "respondent_id": people})


@pytest.mark.parametrize(
    "heading",
    [
        "ご意見",
        "山田太郎さんへの意見",
        "会員番号",
        "問12 電話042-000-1311",
        "担当の小林",
        "昭和30年生まれ",
    ],
)
@pytest.mark.parametrize(
    "public", [(), ("042-000-1311",), ("目 「山田太郎",), ("2行目 「山田太郎",)]
)
def test_the_number_of_a_row_changes_nothing_of_its_place(heading, public, monkeypatch):
    rows = random.Random(8).sample(range(1, 9_999_999), 120)
    places = [f"{row}行目 「{heading}」" for row in rows] + [f"{heading}!B{row}" for row in rows]
    people = [f"S-{row}" for row in range(len(places))]
    table = answers(heading, places, people)
    short = deidentify(table, public)
    monkeypatch.setattr(deidentifying, "_spans_of_form", lambda *_: None)
    assert_frame_equal(short, deidentify(table, public))


@given(
    st.lists(
        st.from_regex(
            r"S[0-9]?-?(?:[A-Za-z]{0,3}[0-9]{1,12}|r[0-9a-f]{10}|TEL12|山田)?(?:-[0-9]{1,4})?",
            fullmatch=True,
        )
    )
)
def test_plain_numbers_of_respondents_are_told_by_their_form(people):
    column = pd.Series(people, dtype="str")
    shown = deidentifying._counted(set(people))
    assert deidentifying._told_apart(column).tolist() == [shown.get(own, own) for own in people]
