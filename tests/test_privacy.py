"""What points at a person is masked for readers and blanked for the analysis."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.privacy import blank, find_personal, mask

WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

PERSONAL = [
    ("電話番号", "0123-45-6789"),
    ("電話番号", "03-1234-5678"),
    ("電話番号", "090-1234-5678"),
    ("電話番号", "090 1234 5678"),
    ("電話番号", "09012345678"),
    ("電話番号", "0312345678"),
    ("電話番号", "0120-123-456"),
    ("電話番号", "(042)123-4567"),
    ("電話番号", "042(123)4567"),
    ("電話番号", "050-1234-5678"),
    ("電話番号", "+81-90-1234-5678"),
    ("メールアドレス", "hanako.suzuki+club@example.ne.jp"),
    ("メールアドレス", "t_1@example.com"),
    ("郵便番号", "123-4567"),
    ("郵便番号", "〒123-4567"),
    ("郵便番号", "〒1234567"),
    ("URL", "https://example.jp/a/b.html?c=1#d"),
    ("URL", "www.example.com/plaza"),
]
WITHOUT_PEOPLE = [
    "2023-08-09",
    "2023/08/09 10:30",
    "2023-08-09 2023-08-10",
    "08-09-2023",
    "10-20代",
    "18-19歳が少ない",
    "500-1000円",
    "300-1000人くらいの催し",
    "100‐2000 m",
    "12,345,678円",
    "1000000000円",
    "電話がつながらない",
    "電話 042 の市外局番",
    "110番と119番",
    "メールが届かない",
    "@駅前",
    "A@B",
    "0-5-10-15",
    "3-2-1",
    "第5回-第12回",
    "24時間365日",
    "平成30-令和5",
    "0.1234",
    "郵便番号がわからない",
    "9:00-17:15",
]


@pytest.mark.parametrize(("label", "written"), PERSONAL)
def test_a_person_is_found_in_half_and_full_width(label: str, written: str) -> None:
    for form in (written, written.translate(WIDE)):
        for text in (form, f"連絡は{form}まで。", f"（{form}）", f"窓口:{form}\n次の行"):
            masked = mask(text, find_personal(text))
            assert masked.count(f"［{label}］") == 1, text
            assert not re.search(r"[0-9０-９]|exam", masked), masked


@pytest.mark.parametrize(("hyphen"), list("-‐‑–—―−－ーｰ"))
def test_every_hyphen_that_a_keyboard_gives_is_one(hyphen: str) -> None:
    text = f"〒123{hyphen}4567 電話090{hyphen}1234{hyphen}5678"
    assert mask(text, find_personal(text)) == "［郵便番号］ 電話［電話番号］"


@pytest.mark.parametrize("text", WITHOUT_PEOPLE)
def test_dates_prices_ages_and_ranges_are_no_person(text: str) -> None:
    assert find_personal(text) == []
    assert find_personal(text.translate(WIDE)) == []


def test_several_people_are_masked_each() -> None:
    text = "町内会長（090-1234-5678）か会計 kaikei@example.jp、〒123-4567 へ"
    assert mask(text, find_personal(text)) == (
        "町内会長（［電話番号］）か会計 ［メールアドレス］、［郵便番号］ へ"
    )


MIXED = st.lists(
    st.sampled_from(
        [written for _, written in PERSONAL]
        + [written.translate(WIDE) for _, written in PERSONAL]
        + [
            *WITHOUT_PEOPLE,
            *"0179-－()（）.@＠+〒円、。 ",
            "ｗｗｗ．",
            "http://",
            "あ",
            "a",
            "］",
            "［",
        ]
    ),
    max_size=9,
).map("".join)
ANY = st.text(max_size=60) | st.text(alphabet="0123-ー() @.a〒", max_size=60) | MIXED


@settings(derandomize=True, max_examples=500)
@given(ANY)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text, find_personal(text))
    assert mask(once, find_personal(once)) == once


@settings(derandomize=True, max_examples=300)
@given(ANY)
def test_blanking_keeps_every_other_character_in_its_place(text: str) -> None:
    spans = find_personal(text)
    blanked = blank(text, spans)
    assert len(blanked) == len(text)
    inside = {place for span in spans for place in range(span.start, span.end)}
    for place, (before, after) in enumerate(zip(text, blanked, strict=True)):
        assert after == ("。" if place in inside else before)
    assert find_personal(blanked) == []


@settings(derandomize=True, max_examples=300)
@given(ANY)
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    spans = find_personal(text)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    "unit",
    ["0", "1", "0-", "-", "@", "a", "a@", "a.", "a@a.", "0(", "0 ", "〒", "www.", "http://", "０１－", "090-1234-567-"],
)  # fmt: skip
def test_no_text_is_slow_to_search(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    find_personal(text)
    assert time.perf_counter() - started < 3
