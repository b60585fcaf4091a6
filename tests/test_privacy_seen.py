"""Numbers and names are found as a reader sees them, whatever is written between their signs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.opinions import make_opinions
from pipeline.privacy import blank, find_numbers, find_personal, mask, names_in, with_names
from pipeline.privacy.seen import as_seen
from tests.test_opinions import answers

INVISIBLE = "\u200b\u200d\u2060\ufeff\xad\u202e\u202c\ufe0f\u0305\x08"
PIECES = st.sampled_from(
    [*INVISIBLE, *"09-の \n\xa0", "1234", "田中さん", "栗花落", "［氏名］", "ｻﾝ"]
)


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_nobody_sees_hides_no_number_and_no_name(sign: str) -> None:
    number = sign.join("090-1234-5678")
    assert mask(number, find_personal(number)) == "［電話番号］"
    assert mask(number, find_numbers(number)) == "［電話番号］"
    name = f"田{sign}中{sign}さんが来た"
    assert mask(name, find_personal(name)) == "［氏名］さんが来た"


@pytest.mark.parametrize(
    "written",
    [
        "090-1234\n-5678", "090-1234-\n5678", "090-\r\n1234-5678", "090\n1234\n5678",
        "090\xa01234\xa05678", "090\u20091234\u20095678", "090\t1234\t5678",
        "٠٩٠-١٢٣٤-٥٦٧٨", "𝟎𝟗𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖", "0 9 0 1 2 3 4 5 6 7 8", "090-12-34-56-78",
        "090/1234/5678", "090 - 1234 - 5678", "０９０＿１２３４＿５６７８", "090、1234、5678",
        "090?1234?5678",
    ],
)  # fmt: skip
def test_a_number_is_masked_to_its_last_digit(written: str) -> None:
    text = f"電話は{written}です"
    assert mask(text, find_personal(text)) == "電話は［電話番号］です"


def test_what_stands_behind_a_number_is_left_to_be_found_itself() -> None:
    text = "090-1234-5678 188-0011、03-1234-5678 3人"
    assert mask(text, find_personal(text)) == "［電話番号］ ［郵便番号］、［電話番号］ 3人"


@pytest.mark.parametrize("name", ["伊藤ｻﾝ", "伊藤ｻﾏ", "ｲﾄｳさん", "山田たろうさん"])
def test_no_part_of_a_name_is_left(name: str) -> None:
    assert mask(name, find_personal(name)) in {"［氏名］ｻﾝ", "［氏名］ｻﾏ", "［氏名］さん"}


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=200, deadline=None)
def test_places_lead_back_and_masking_twice_is_masking_once(text: str) -> None:
    seen = as_seen(text)
    assert len(seen.places) == len(seen.text) + 1
    assert seen.places[-1] == len(text)
    assert sorted(set(seen.places)) == list(seen.places)
    spans = find_personal(text)
    assert all(0 <= own.start < own.end <= len(text) for own in spans)
    assert len(blank(text, spans)) == len(text)
    masked = mask(text, spans)
    assert mask(masked, find_personal(masked)) == masked


def test_a_name_that_one_answer_tells_is_masked_in_every_other() -> None:
    texts = ("栗花落さんに助けられた。", "栗花落が来てくれて助かった。", "栗花落橋が古い。")
    for order in (texts, texts[::-1]):
        made = make_opinions(answers(*order)).table["text"]
        assert sorted(made) == sorted(
            ["［氏名］さんに助けられた。", "［氏名］が来てくれて助かった。", "栗花落橋が古い。"]
        )


def test_a_surname_that_is_a_place_stays_where_nobody_is_meant() -> None:
    told = {text: find_personal(text) for text in ("福井さんが来た", "大野さんが来た")}
    assert names_in(told.items()) == frozenset()


def test_what_was_declared_public_stays_in_every_answer() -> None:
    text = "栗花落が来た"
    assert with_names(text, [], {"栗花落"}, {"栗花落が"}) == []
    assert mask(text, with_names(text, [], {"栗花落"})) == "［氏名］が来た"


def test_a_full_name_that_one_answer_tells_is_masked_in_all_though_its_parts_are_places() -> None:
    texts = ("三浦文夫さんに聞いた。", "三浦文夫学院長が話した。三浦の海がきれい。")
    made = make_opinions(answers(*texts))
    shown = " ".join(made.table["text"])
    assert "文夫" not in shown
    assert "三浦の海" in shown
