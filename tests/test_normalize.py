"""Normalized text: characters mended in place, wordings folded to a key, short digests."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalize import _MARKS, _ONE_TO_ONE, PLAIN, digest, fold, mend_characters

KANGXI = [chr(code) for code in range(0x2F00, 0x2FD6)]
SUPPLEMENT = [chr(code) for code in range(0x2E81, 0x2EF4) if unicodedata.name(chr(code), "")]
ANY = st.text(max_size=80)
JAPANESE = st.text(alphabet="バスが少ないー〜～~ｰﾊﾞｽｶﾞ゛゜\u3099。、！? _ＡｂC①㍿ßİ\n", max_size=30)


@settings(derandomize=True, max_examples=300)
@given(ANY | JAPANESE)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def folded_step_by_step(text: str) -> str:
    key = text.translate(_ONE_TO_ONE)
    for _ in range(2):
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
        key = re.sub("ー{2,}", "ー", re.sub(r"[\W_]+", "", key))
    return key


@settings(derandomize=True, max_examples=500)
@given(ANY | JAPANESE | st.text(alphabet="ぁかがはーー゛\u3099。、 -〜~々〇一a0", max_size=12))
def test_the_short_way_of_folding_ends_where_the_long_way_does(text: str) -> None:
    assert fold(text) == folded_step_by_step(text)


def test_plain_characters_and_marks_are_what_they_are_said_to_be() -> None:
    every = [chr(code) for code in range(0x110000)]
    plain = re.compile(f"[{PLAIN}]")
    combining = [own for own in every if unicodedata.combining(own)] + [*"゛゜ﾞﾟ"]
    for own in filter(plain.match, every):
        assert folded_step_by_step(own) == own
        assert not unicodedata.combining(own)
        assert unicodedata.is_normalized("NFKC", f"あ{own}ー{own}a{own}")
    for own in filter(_MARKS.match, every):
        assert folded_step_by_step(own) == ""
        assert folded_step_by_step(f"か{own}は") == "かは"
    assert not any(plain.match(own) or _MARKS.match(own) for own in combining)


def test_only_what_must_be_mended_is_looked_for() -> None:
    for code in range(0x110000):
        assert mend_characters(chr(code)) == chr(code).translate(_ONE_TO_ONE)


@settings(derandomize=True, max_examples=200)
@given(ANY | JAPANESE)
def test_mending_keeps_every_character_in_its_place(text: str) -> None:
    mended = mend_characters(text)
    assert len(mended) == len(text)
    assert mend_characters(mended) == mended
    mended.encode("utf-8")


@pytest.mark.parametrize("radicals", [KANGXI, SUPPLEMENT], ids=["kangxi", "supplement"])
def test_every_radical_becomes_one_ideograph(radicals: list[str]) -> None:
    for radical in radicals:
        mended = mend_characters(radical)
        assert len(mended) == 1
        # 丨, 亻 and their like are listed as ideographs too; ⼀ and ⺅ are not.
        assert unicodedata.name(mended).startswith("CJK UNIFIED IDEOGRAPH"), radical


def test_a_radical_becomes_the_form_that_is_in_use_in_japan() -> None:
    pdf = "⼾籍 ⽊ ⼈ ⾼ ⽀援 ⻑寿 ⻘少年 ⾭ ⻢ ⻥ ⻋ ⻅ ⻔ ⻛ ⻜ ⻦ ⿊板 ⿈ ⻨ ⿆ ⻮ ⿒ ⿔ ⻲"
    assert mend_characters(pdf) == (
        "戸籍 木 人 高 支援 長寿 青少年 青 馬 魚 車 見 門 風 飛 鳥 黒板 黄 麦 麦 歯 歯 亀 亀"
    )
    assert not re.search("[马鱼车见门风飞鸟戶黑靑]", mend_characters("".join(KANGXI + SUPPLEMENT)))


def test_a_name_in_old_characters_is_not_rewritten() -> None:
    assert mend_characters("齊藤と龍子と澤田") == "齊藤と龍子と澤田"


def test_what_cannot_be_written_to_a_file_is_replaced() -> None:
    assert mend_characters("町\0内\ud800会") == "町 内\ufffd会"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("バスが少ない。", "バスが 少ない！！"),
        ("ﾊﾞｽが少ない", "バスが少ない"),
        ("Ｗｉ－Ｆｉ", "wi-fi"),
        ("広場がほしい〜", "広場がほしい～～"),
        ("すごーーーい", "すごーい"),
        ("⼾別収集", "戸別収集"),
        ("１０代", "10代"),
        ("が\u3000んばれ", "か\u3099んばれ"),
    ],
)
def test_width_case_space_and_punctuation_do_not_tell_wordings_apart(left: str, right: str) -> None:
    assert fold(left) == fold(right) != ""


@pytest.mark.parametrize(("left", "right"), [("バス", "パス"), ("ある", "あるー"), ("10", "100")])
def test_letters_and_digits_do(left: str, right: str) -> None:
    assert fold(left) != fold(right)


@pytest.mark.parametrize("text", ["", "。", "…！？", "♪♪", "(-_-)", "\n　", "🙂", "〜"])
def test_symbols_only_fold_to_nothing(text: str) -> None:
    assert fold(text) == ""


def test_a_digest_is_the_same_on_every_machine() -> None:
    assert digest("町内会") == digest("町内会")
    assert digest("町内会") == "GZQRT0BWRZNJ"
    assert digest("a", "b") != digest("ab")
    assert digest("\ud800") != digest("\ud801")


@settings(derandomize=True, max_examples=100)
@given(st.lists(st.text(max_size=10), max_size=4), st.integers(1, 40))
def test_a_digest_has_the_asked_length_and_no_mistakable_letters(
    parts: list[str], length: int
) -> None:
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]*", digest(*parts, length=length))
    assert len(digest(*parts, length=length)) == length
    # The first characters do not depend on how many are asked for.
    assert digest(*parts, length=40).startswith(digest(*parts, length=length))
