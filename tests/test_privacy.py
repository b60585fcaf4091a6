"""What points at a person is masked for readers and blanked for the analysis."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.privacy import (
    HIDDEN,
    Hidden,
    PersonalSpan,
    blank,
    clipped,
    find_personal,
    mask,
    parse_hidden,
    unmasked,
    with_hidden,
    write_hidden,
)
from pipeline.privacy.digits import is_card_number, is_my_number, plain_digits
from pipeline.privacy.spans import outside

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
    ("電話番号", "080.1234.5678"),
    ("電話番号", "090の1234の5678"),
    ("電話番号", "0123-45-6789 内線123"),
    ("メールアドレス", "hanako.suzuki+club@example.ne.jp"),
    ("メールアドレス", "t_1@example.com"),
    ("メールアドレス", "exam.taro＠example.com"),
    ("メールアドレス", "exam1[at]example.com"),
    ("メールアドレス", "exam1（アット）example.com"),
    ("カード番号", "4000 0000 0000 0002"),
    ("マイナンバー", "1234 5678 9018"),
    ("郵便番号", "123-4567"),
    ("郵便番号", "〒123-4567"),
    ("郵便番号", "〒1234567"),
    ("URL", "https://example.jp/a/b.html?c=1#d"),
    ("URL", "www.example.com/plaza"),
    ("URL", "https://note.com/example/1"),
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
    "第1-2-3号議案",
    "0.5・1.0",
    "令和5年10月1日現在",
    "平成31年4月1日施行",
    "昭和25年生まれ",
    "1-2丁目",
    "5-6人",
    "1234567890123円",
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
    started = time.process_time()
    find_personal(text)
    assert time.process_time() - started < 3


# What a reviewer hides

LABEL = f"［{HIDDEN}］"
EDGES = st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted)
STRETCHES = EDGES.map(lambda edges: tuple(zip(edges[::2], edges[1::2], strict=False)))
KEYS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=12)


@given(STRETCHES, KEYS)
def test_what_is_to_be_hidden_is_read_as_it_was_written(
    stretches: tuple[tuple[int, int], ...], key: str
) -> None:
    hidden = Hidden(stretches, key)
    assert parse_hidden(write_hidden(hidden)) == hidden


@pytest.mark.parametrize(
    "value",
    [
        "", "山田", "0-2", "all", ";K", "all;", "all;k", "0-2;K ", "0-2,3-4;K", "0-2  3-4;K", "-2;K",
        "2-0;K", "2-2;K", "0-4 2-6;K", "4-6 0-2;K", "all 0-2;K", "0-2;K;K", "machine", "1",
    ],
)  # fmt: skip
def test_another_value_is_nothing_to_hide(value: str) -> None:
    assert parse_hidden(value) is None


@given(st.text(max_size=12) | st.text("all0123-; K", max_size=12))
def test_whatever_stands_in_the_file_is_read_or_is_nothing_to_hide(value: str) -> None:
    hidden = parse_hidden(value)
    if hidden is not None:
        assert parse_hidden(write_hidden(hidden)) == hidden
        edges = [edge for stretch in hidden.spans for edge in stretch]
        assert edges == sorted(edges)


PHONE = "電話0120-123-456は山田、t@example.jpも"  # 「電話［電話番号］は山田、［メールアドレス］も」


@pytest.mark.parametrize(
    ("stretch", "stands_for"),
    [
        ((0, 2), "電話"),
        ((8, 9), "は"),
        ((9, 11), "山田"),
        ((21, 22), "も"),
        ((2, 8), "0120-123-456"),
        ((3, 7), "0120-123-456"),
        ((1, 3), "話0120-123-456"),
        ((7, 9), "0120-123-456は"),
        ((5, 14), "0120-123-456は山田、t@example.jp"),
        ((0, 22), PHONE),
    ],
    ids=[
        "before", "right after a label", "between", "after all", "a label", "inside a label",
        "into a label", "out of a label", "from label to label", "all",
    ],
)  # fmt: skip
def test_a_stretch_of_the_masked_text_leads_back_to_what_was_written(
    stretch: tuple[int, int], stands_for: str
) -> None:
    spans = find_personal(PHONE)
    assert mask(PHONE, spans) == "電話［電話番号］は山田、［メールアドレス］も"
    start, end = unmasked(stretch, spans)
    assert PHONE[start:end] == stands_for


def test_without_anything_masked_a_stretch_is_itself() -> None:
    assert unmasked((3, 5), []) == (3, 5)


def labels_of(text: str) -> set[int]:
    """Characters of the masked text that belong to a label."""
    found: set[int] = set()
    shift = 0
    for one in find_personal(text):
        start = one.start - shift
        found |= set(range(start, start + len(one.label) + 2))
        shift += one.end - one.start - len(one.label) - 2
    return found


@settings(derandomize=True, max_examples=300)
@given(ANY, st.integers(0, 60), st.integers(0, 60))
def test_a_stretch_without_a_label_stands_for_the_same_characters(
    text: str, one: int, other: int
) -> None:
    spans = find_personal(text)
    masked = mask(text, spans)
    start, end = sorted((min(one, len(masked)), min(other, len(masked))))
    raw_start, raw_end = unmasked((start, end), spans)
    assert 0 <= raw_start <= raw_end <= len(text)
    if not set(range(start, end)) & labels_of(text) and start < end:
        assert text[raw_start:raw_end] == masked[start:end]


NAMES = ("山田", "花子", "ヤマダ")
NAMED = st.lists(
    st.sampled_from(
        [*NAMES, *(written for _, written in PERSONAL), "さん", "と", "。", "の電話", " "]
    ),
    max_size=8,
).map("".join)


def occurrences(text: str, word: str) -> list[tuple[int, int]]:
    return [(found.start(), found.end()) for found in re.finditer(re.escape(word), text)]


def replaced(text: str, stretches: list[tuple[int, int]]) -> str:
    for start, end in reversed(stretches):
        text = f"{text[:start]}{LABEL}{text[end:]}"
    return text


@settings(derandomize=True, max_examples=300)
@given(NAMED, st.sets(st.sampled_from(NAMES), min_size=1))
def test_hidden_words_are_gone_and_nothing_else_is(text: str, words: set[str]) -> None:
    """Before, between and after what is masked without a reviewer."""
    spans = find_personal(text)
    masked = mask(text, spans)
    stretches = sorted(place for word in words for place in occurrences(masked, word))
    hidden = with_hidden(spans, Hidden(tuple(stretches), "K"), len(text)) if stretches else spans
    shown, analysed = mask(text, hidden), blank(text, hidden)
    assert shown == replaced(masked, stretches)
    assert len(analysed) == len(text)
    for word in words:
        assert word not in shown
        assert word not in analysed


@settings(derandomize=True, max_examples=300)
@given(NAMED | ANY, STRETCHES)
def test_whatever_is_hidden_stretches_lie_in_the_text_in_their_order(
    text: str, stretches: tuple[tuple[int, int], ...]
) -> None:
    automatic = find_personal(text)
    hidden = with_hidden(automatic, Hidden(stretches, "K"), len(text))
    assert hidden == sorted(hidden)
    assert all(0 <= one.start < one.end <= len(text) for one in hidden)
    inside = {place for one in hidden for place in range(one.start, one.end)}
    assert {place for one in automatic for place in range(one.start, one.end)} <= inside
    assert len(blank(text, hidden)) == len(text)


@given(NAMED | ANY)
def test_a_text_can_be_hidden_as_a_whole(text: str) -> None:
    hidden = with_hidden(find_personal(text), Hidden((), "K"), len(text))
    assert mask(text, hidden) == (LABEL if text else "")
    assert set(blank(text, hidden)) <= {"。"}


def test_a_word_that_meets_a_number_takes_it_in() -> None:
    assert with_hidden(find_personal(PHONE), Hidden(((7, 11),), "K"), len(PHONE)) == [
        PersonalSpan(2, 17, HIDDEN), PersonalSpan(18, 30, "メールアドレス"),
    ]  # fmt: skip


def test_what_lies_behind_the_end_of_a_text_hides_nothing() -> None:
    assert with_hidden([], Hidden(((3, 9), (20, 30)), "K"), 5) == [PersonalSpan(3, 5, HIDDEN)]


def test_two_stretches_that_meet_in_one_label_are_one() -> None:
    """「電話［電話番号］は…」: both 電話 and the 番号 in the label were asked for."""
    hidden = with_hidden(find_personal(PHONE), Hidden(((2, 4), (5, 7)), "K"), len(PHONE))
    assert mask(PHONE, hidden).startswith(f"電話{LABEL}は")


def test_what_was_masked_before_is_outside_nothing() -> None:
    name = PersonalSpan(9, 11, "氏名")
    assert outside("電話［電話番号］は山田", [name]) == [(0, 2), (8, 9)]
    assert outside("電話［電話番号］は山田", []) == [(0, 2), (8, 11)]
    assert outside("［氏名］［住所］", []) == []
    assert outside("［注］山田", []) == [(0, 5)]
    assert outside("", []) == []


def test_what_is_cut_in_two_stays_masked_in_both_parts() -> None:
    spans = [PersonalSpan(2, 6, "氏名"), PersonalSpan(9, 12, "住所")]
    assert clipped(spans, 0, 4) == [PersonalSpan(2, 4, "氏名")]
    assert clipped(spans, 4, 9) == [PersonalSpan(0, 2, "氏名")]
    assert clipped(spans, 6, 20) == [PersonalSpan(3, 6, "住所")]
    assert clipped(spans, 6, 9) == clipped([], 0, 9) == []


def test_only_twelve_digits_with_their_check_digit_are_an_individual_number() -> None:
    assert is_my_number("123456789018")
    assert [last for last in "0123456789" if is_my_number("12345678901" + last)] == ["8"]
    # A single 1 shows the weight of its place.
    for place, last in enumerate("56789456789"):
        assert is_my_number("0" * place + "1" + "0" * (10 - place) + last)
    # Remainders of 0 and 1 have the check digit 0.
    assert is_my_number("000000000000")
    assert is_my_number("000000000060")
    assert not is_my_number("0000000000600")
    assert not is_my_number("12345678901")


def test_only_fourteen_to_sixteen_digits_with_the_sum_of_luhn_are_a_card() -> None:
    for known in ("4000000000000002", "400000000000006", "40000000000002", "5555555555554444"):
        own = [last for last in "0123456789" if is_card_number(known[:-1] + last)]
        assert own == [known[-1]]
    assert not is_card_number("0000000000000000")
    assert not is_card_number("4000000000006")
    assert not is_card_number("40000000000000006")


def test_only_digits_are_left_of_a_number() -> None:
    assert plain_digits("０９０-1234 ５６７８（内線）") == "09012345678"
