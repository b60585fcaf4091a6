"""The codebook's vectors: cosines, their parts, and what does not count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook import build_codebook, content_words, nearest, similarities
from pipeline.tokens import default_tokenizer

ENTRIES = (
    ("1", "1-2", ("居場所", "サロン", "居場所")),
    ("5", "5-1", ("広報", "情報", "発信")),
    ("6", "6-3", ("情報", "管理")),
)


def test_an_opinion_is_like_the_entry_whose_words_it_has() -> None:
    tokens = default_tokenizer().tokenize("居場所とサロンがほしい")
    first = similarities(tokens, build_codebook(ENTRIES))[0]
    assert (first.goal, first.measure) == ("1", "1-2")
    assert 0.95 < first.cosine <= 1.000001


def test_a_word_of_fewer_entries_counts_more() -> None:
    tokens = default_tokenizer().tokenize("情報の広報")
    found = {found.goal: found.cosine for found in similarities(tokens, build_codebook(ENTRIES))}
    assert found["5"] > found["6"]


def test_words_unknown_to_the_codebook_leave_no_likeness() -> None:
    assert similarities(default_tokenizer().tokenize("桜がきれい"), build_codebook(ENTRIES)) == []


def test_empty_words_and_numerals_are_no_content() -> None:
    tokens = default_tokenizer().tokenize("この町で3回することがない")
    assert content_words(tokens) == ["回"] or content_words(tokens) == []


@given(st.lists(st.sampled_from(["居場所", "サロン", "広報", "情報", "発信", "管理"]), max_size=9))
def test_the_parts_add_up_to_a_cosine(words: list[str]) -> None:
    tokens = default_tokenizer().tokenize("、".join(words))
    for found in similarities(tokens, build_codebook(ENTRIES)):
        assert found.cosine == pytest.approx(sum(weight for _, weight in found.words))
        assert 0 < found.cosine <= 1 + 1e-9


@given(st.lists(st.sampled_from(["居場所", "サロン", "広報", "情報", "管理", "ない", "の", "桜"])))
def test_a_goal_is_as_near_as_its_nearest_entry(words: list[str]) -> None:
    tokens = default_tokenizer().tokenize("".join(words))
    codebook = build_codebook(
        (*ENTRIES, ("5", "5-2", ("桜", "情報")), ("5", "5-3", ("情報", "桜")))
    )
    expected: dict[str, float] = {}
    for found in similarities(tokens, codebook):
        expected.setdefault(found.goal, found.cosine)
    assert nearest(tokens, codebook) == expected
