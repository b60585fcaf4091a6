"""An answer falls into its claims: slices in order, no word lost between them."""

from __future__ import annotations

import re
import time
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.claims import split_claims
from pipeline.normalize import fold

# Each line is one case; | stands between claims, ␣ for a full-width space, ⏎ for a new line.
GOLDEN = (Path(__file__).parent / "golden" / "claims.txt").read_text(encoding="utf-8")
CASES = [
    tuple(
        part.replace("⏎", "\n").replace("␣", "　").replace("␍", "\r") for part in line.split(" ⇒ ")
    )
    for line in GOLDEN.splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("answer", "expected"), CASES)
def test_an_answer_is_split_as_a_reader_would(answer: str, expected: str) -> None:
    claims = [answer[start:end] for start, end in split_claims(answer)]
    assert claims == [part for part in expected.split("|") if part]


WORDS = [
    "バス",
    "広場が狭い",
    "図書館の本",
    "と思う",
    "から",
    "など",
    "3",
    "15.5",
    "Wi-Fi",
    "ア",
    "w",
    "笑",
    "です",
]
MARKS = [
    *"。、，．.！？!?…・●■①②⑩「」『』（）()【】<>＜＞\n\r\t 　-－*＊:：;～♪★👍",
    "\r\n", "\n\n", "1. ", "２）", "（1）", "(ア)", "ア．", "・", "(^_^)", "\u2028", "http://example.jp/?a=1", "...",
]  # fmt: skip
MIXTURES = st.lists(st.sampled_from(WORDS + MARKS), max_size=25).map("".join)
BETWEEN = re.compile(
    r"(?:[\W_]|[①-⑳❶-❿][.．、,)）]?|[（(][0-9０-９一二三四五六七八九十ァ-ンa-zA-Zａ-ｚＡ-Ｚ]{1,2}[）)]"
    r"|[0-9０-９]{1,2}[.．、:：)）]|[ァ-ン][.．、)）])*"
)


@settings(derandomize=True, max_examples=400)
@given(MIXTURES | st.text(max_size=40))
def test_to_see_early_that_there_is_nothing_to_cut_changes_nothing(text: str) -> None:
    short = split_claims(text)
    never, always = re.compile(r"(?!)"), re.compile("")
    with (
        mock.patch("pipeline.claims._SOME_WORDS", never),
        mock.patch("pipeline.claims._ONE_SENTENCE", never),
        mock.patch("pipeline.claims._MAY_ENCLOSE", always),
    ):
        assert split_claims(text) == short


@settings(derandomize=True, max_examples=400)
@given(MIXTURES | st.text(max_size=40))
def test_only_white_space_symbols_and_list_marks_lie_between_claims(text: str) -> None:
    position = 0
    for start, end in [*split_claims(text), (len(text), len(text))]:
        assert BETWEEN.fullmatch(text, position, start), (text, text[position:start])
        position = end


@settings(derandomize=True, max_examples=400)
@given(MIXTURES | st.text(max_size=40))
def test_claims_are_in_order_and_say_something(text: str) -> None:
    position = 0
    for start, end in split_claims(text):
        assert position <= start < end <= len(text)
        assert fold(text[start:end])
        assert text[start:end] == text[start:end].strip()
        position = end


@settings(derandomize=True, max_examples=200)
@given(MIXTURES)
def test_a_claim_of_one_line_without_marks_is_one_claim(text: str) -> None:
    """Splitting a claim again never finds more than its own sentences."""
    for start, end in split_claims(text):
        claim = text[start:end]
        again = split_claims(claim)
        assert again
        assert again[-1][1] == len(claim)


@settings(derandomize=True, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["道が狭い", "広場がほしい", "祭りが楽しい", "職員が親切"]), min_size=1
    )
)
def test_plain_sentences_come_back_one_by_one(sentences: list[str]) -> None:
    for separator in ("。", "！", "\n", "\r\n", "。\n", "\n・", "\n\n"):
        text = separator.join(sentences)
        claims = [text[start:end].strip("。！") for start, end in split_claims(text)]
        assert claims == sentences


@pytest.mark.parametrize(
    "unit",
    [
        "あ", "。", ".", ".a", "？", "？ ", "「", "」", "「」", "（", "「」）", "・", "1.", "①", "\n", "あ、\n", "あ\n", " ",
        "　", "\r\n", "- ", "(1)", "www.", "から。", "が\n", "a.b ", "…", "あ？と", "「あ」", "（」",
    ],
)  # fmt: skip
def test_long_answers_take_no_longer_than_their_length(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    split_claims(text)
    assert time.perf_counter() - started < 8


def test_brackets_that_never_meet_are_not_searched_again_and_again() -> None:
    started = time.perf_counter()
    split_claims("（" * 50_000 + "」" * 50_000)
    assert time.perf_counter() - started < 8
