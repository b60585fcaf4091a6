"""Text and Markdown: marks around words are no words, and long lines take no longer than long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.plaintext import read_plaintext
from pipeline.documents.speakers import split_speaker


def said(text: str, *, markdown: bool = False) -> list[tuple[str, str, str]]:
    entries = read_plaintext(text, markdown=markdown)
    return [(entry.role, entry.speaker, entry.text) for entry in entries]


def test_bold_words_of_markdown_are_words() -> None:
    assert said("**住民Ａ：** 坂が**とても**多い。\n", markdown=True) == [
        ("statement", "住民Ａ", "坂がとても多い。")
    ]


def test_stars_of_a_text_file_stay() -> None:
    assert said("坂が**とても**多い。\n") == [("statement", "", "坂が**とても**多い。")]


def test_fences_and_marks_of_quoting_are_no_text() -> None:
    text = "```\n坂が多い。\n```\n\n> 店が遠い。\n>> 駅も遠い。\n"
    assert [own for _, _, own in said(text, markdown=True)] == [
        "坂が多い。",
        "店が遠い。",
        "駅も遠い。",
    ]


def test_a_link_stays_as_it_was_written() -> None:
    assert said("[地図](https://example.jp)を見ました。\n", markdown=True) == [
        ("statement", "", "[地図](https://example.jp)を見ました。")
    ]


def test_a_line_with_a_rule_below_is_a_heading() -> None:
    text = "坂が多い。\n\n移動について\n------\n店が遠い。\n"
    assert [role for role, _, _ in said(text)] == ["statement", "heading", "statement"]


def test_a_sentence_above_a_rule_is_a_statement() -> None:
    assert said("坂が多い。\n-----\n店が遠い。\n") == [
        ("statement", "", "坂が多い。"),
        ("statement", "", "店が遠い。"),
    ]


@pytest.mark.parametrize(
    ("turn", "speaker", "words"),
    [
        ("住民Ａ　坂が多い。", "住民Ａ", "坂が多い。"),
        ("司会　始めます。", "司会", "始めます。"),
        ("住民　坂が多い。", "", "住民　坂が多い。"),
    ],
)
def test_a_name_with_a_wide_space_speaks_where_it_names_someone(
    turn: str, speaker: str, words: str
) -> None:
    assert split_speaker(turn) == (speaker, words)


@pytest.mark.parametrize(
    "unit",
    [
        "あ",
        "坂が多い。",
        " ",
        "　",
        "|",
        "| ",
        "#",
        "# ",
        "**",
        "> ",
        "「",
        "（",
        "0",
        "・",
        "。",
        "\t",
        "`",
        "1.",
        "…",
    ],
)
def test_a_line_of_a_million_letters_is_read_in_good_time(unit: str) -> None:
    size = 1_000_000
    for text in (unit * (size // len(unit)), "・" + unit * (size // len(unit)) + "\n坂が多い。"):
        begun = time.process_time()
        read_plaintext(text, markdown=True)
        assert time.process_time() - begun < 5


def test_twenty_thousand_lines_of_one_paragraph_are_read_in_good_time() -> None:
    begun = time.process_time()
    (entry,) = read_plaintext("坂が多くて店も遠くて道も暗くて、\n" * 20_000)
    assert time.process_time() - begun < 10
    assert entry.text.count("\n") == 19_999


@given(st.text(alphabet="あ亜ア。、：・■【】1.|-\n >*#`_=　委員司会", max_size=80), st.booleans())
def test_every_word_stands_in_exactly_one_entry(text: str, markdown: object) -> None:
    entries = read_plaintext(text, markdown=bool(markdown))
    kept = "".join(entry.text + entry.speaker for entry in entries)
    for character in "あ亜ア":
        assert kept.count(character) == text.count(character)
    assert all(entry.text.strip() for entry in entries)
