"""Readings: sentences of an opinion, and what its question brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.features import word_weight
from pipeline.goals.readings import MOST_ASIDE, QUESTION_SHARE, Reader
from pipeline.plan import NO_GOAL
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from pipeline.goals.mapper import GoalMapper


@pytest.fixture(scope="module")
def reader(mapper: GoalMapper) -> Reader:
    return mapper.reader


def sentences_of(text: str, reader: Reader) -> list[str]:
    tokens = default_tokenizer().tokenize(text)
    return [
        "".join(token.surface for token in reading.tokens) for reading in reader.sentences(tokens)
    ]


CUTS = {
    "バスが少ない。介護も心配だ。": ["バスが少ない。", "介護も心配だ。"],
    "バスが少ない！本当に困る？はい、困る": ["バスが少ない！", "本当に困る？", "はい、困る"],
    "バスが少ない!困る?困る": ["バスが少ない!", "困る?", "困る"],
    "自然が豊か　人が優しい": ["自然が豊か", "人が優しい"],
    "自然が豊か 人が優しい": ["自然が豊か", "人が優しい"],
    "自然が豊か\n人が優しい": ["自然が豊か", "人が優しい"],
    "自然が豊か\r\n\r\n人が優しい": ["自然が豊か", "人が優しい"],
    "バスが少ない。\n介護も心配だ。": ["バスが少ない。", "介護も心配だ。"],
    "Wi Fi がつながらない": ["WiFiがつながらない"],
    "free wifi spot を増やして": ["freewifispotを増やして"],
    "市のSNSを見ない": ["市のSNSを見ない"],
    "バス、電車、タクシーが少ない": ["バス、電車、タクシーが少ない"],
    "バスが少ない": ["バスが少ない"],
}


@pytest.mark.parametrize(("text", "pieces"), CUTS.items())
def test_a_text_is_read_sentence_by_sentence(text: str, pieces: list[str], reader: Reader) -> None:
    assert sentences_of(text, reader) == pieces


@pytest.mark.parametrize(
    "text", ["バスが少ない。です。", "。。。バスが少ない", "です。バスが少ない。！"]
)
def test_a_piece_that_says_nothing_is_no_sentence(text: str, reader: Reader) -> None:
    assert [own.strip("。") for own in sentences_of(text, reader)] == ["バスが少ない"]


@pytest.mark.parametrize("text", ["", "。", "です。ます。", "123", "　\n"])
def test_a_text_that_says_nothing_is_read_in_one(text: str, reader: Reader) -> None:
    tokens = default_tokenizer().tokenize(text)
    assert [own.tokens for own in reader.sentences(tokens)] == [tokens]


def test_an_empty_text_has_no_hits_and_no_votes(reader: Reader) -> None:
    (reading,) = reader.sentences(())
    assert (reading.tokens, reading.hits, dict(reading.votes)) == ((), (), {})


PIECES = st.sampled_from(
    ["バスが少ない", "介護", "。", "！", "?", "\n", "　", " ", "です", "Wi-Fi", "SNS", "123", "、", "「", "」", "公園に", "😀"]
)  # fmt: skip


def test_sentences_are_the_words_of_the_text_in_order_and_leave_out_none_that_says_something(
    reader: Reader,
) -> None:
    @settings(max_examples=200)
    @given(st.lists(PIECES, max_size=12).map("".join))
    def holds(text: str) -> None:
        tokens = default_tokenizer().tokenize(text)
        left = list(tokens)
        for reading in reader.sentences(tokens):
            start = left.index(reading.tokens[0]) if reading.tokens else 0
            assert not any(word_weight(token.pos) > 0.0 for token in left[:start])
            assert tuple(left[start : start + len(reading.tokens)]) == reading.tokens
            del left[: start + len(reading.tokens)]
        assert not any(word_weight(token.pos) > 0.0 for token in left)

    holds()


def test_hits_are_places_among_the_words_of_the_sentence(reader: Reader) -> None:
    tokens = default_tokenizer().tokenize("となりの人を知らない。バスの本数を増やしてほしい。")
    second = reader.sentences(tokens)[1]
    assert second.hits
    words = {second.tokens[place].surface for hit in second.hits for place in hit.tokens}
    assert "バス" in words


def test_each_sentence_has_its_own_votes(reader: Reader) -> None:
    tokens = default_tokenizer().tokenize("町内会の役員がいない。広報が読みにくい。")
    first, second = reader.sentences(tokens)
    assert first.votes["2"].by_rules > 0
    assert "5" not in first.votes or first.votes["5"].by_rules == 0
    assert second.votes["5"].by_rules > 0


def aside(question: str, reader: Reader) -> float:
    return reader.aside(default_tokenizer().tokenize(question))


@pytest.mark.parametrize("question", ["観光についてご自由にお書きください", "道路や公園の整備"])
def test_a_question_on_what_the_plan_does_not_speak_of_counts_against_its_goals(
    question: str, reader: Reader
) -> None:
    assert 0 < aside(question, reader) <= QUESTION_SHARE * MOST_ASIDE


@pytest.mark.parametrize(
    "question", ["", "自由意見", "介護の相談について", "町内会や地域の行事のこと"]
)
def test_a_question_on_a_goal_or_on_nothing_brings_nothing(question: str, reader: Reader) -> None:
    assert aside(question, reader) == 0


def test_a_question_that_names_many_things_says_no_more_than_a_few(reader: Reader) -> None:
    many = "観光、道路、公園、除雪、ごみ、商店街、駅前の開発、電車、下水道について"
    assert aside(many, reader) == QUESTION_SHARE * MOST_ASIDE


def test_every_sentence_carries_what_the_question_brings(reader: Reader) -> None:
    tokens = default_tokenizer().tokenize("バスが少ない。人が優しい。")
    assert [own.aside for own in reader.sentences(tokens, 1.5)] == [1.5, 1.5]
    assert [own.aside for own in reader.sentences(tokens)] == [0.0, 0.0]
    assert NO_GOAL in reader.sentences(tokens)[0].votes
