"""Characteristic words: typical by a formula, shown as residents write them."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.keywords import characteristic_words, display_words, most_frequent, topic_words
from pipeline.tokens import default_tokenizer


def test_the_weight_of_a_word_is_its_part_in_the_divergence() -> None:
    weights = characteristic_words(
        {"バス": 8.0, "人": 4.0, "道": 1.0}, 10.0, {"バス": 10.0, "人": 40.0, "道": 30.0}, 100.0
    )
    # バス: p = 0.8, q = 0.1; 人 is as frequent in all, 道 more frequent.
    assert weights == {"バス": pytest.approx(0.8 * math.log(0.8 / 0.1))}


COUNTS = st.dictionaries(st.sampled_from("バス道人祭会役"), st.integers(1, 9), max_size=6)


@settings(derandomize=True, max_examples=150)
@given(COUNTS, COUNTS)
def test_weights_are_positive_and_the_heaviest_comes_first(
    inside: dict[str, int], outside: dict[str, int]
) -> None:
    overall = {word: inside.get(word, 0) + outside.get(word, 0) for word in inside | outside}
    weights = characteristic_words(inside, 10.0, overall, 30.0)
    assert all(weight > 0 for weight in weights.values())
    assert list(weights.values()) == sorted(weights.values(), reverse=True)
    assert set(weights) <= set(inside)
    backwards = dict(reversed(list(inside.items())))
    assert list(characteristic_words(backwards, 10.0, overall, 30.0)) == list(weights)


def test_words_are_shown_as_residents_write_them() -> None:
    texts = ["公共交通機関がない", "公共交通機関が不便", "ゴミが多い", "ゴミを増やしたくない"]
    tokens = default_tokenizer().tokenize_all(texts)
    shown = display_words(tokens, [1] * 4, ["機関", "交通", "ゴミ", "増やす", "無関係な語"])
    assert shown == ["公共交通機関", "ゴミ", "増やす"]


def test_a_word_that_hardly_anybody_uses_is_not_shown() -> None:
    texts = ["田んぼが多い"] * 10 + ["戦国武将の田んぼ"]
    tokens = default_tokenizer().tokenize_all(texts)
    assert display_words(tokens, [1] * 11, ["戦国", "田圃"]) == ["田んぼ"]


def test_two_verbs_that_are_one_are_shown_as_one() -> None:
    texts = ["落ち着く町", "落ち着いた町", "静かで落ち着く"]
    tokens = default_tokenizer().tokenize_all(texts)
    assert display_words(tokens, [1] * 3, ["落ちる", "着く"]) == ["落ち着く"]


def test_topic_words_leave_out_stop_words_single_letters_and_marks() -> None:
    tokens = default_tokenizer().tokenize("バスKの本数。。。")
    assert topic_words(tokens, frozenset(["本数"])) == {"バス"}


def test_place_names_are_topic_words_only_where_asked() -> None:
    tokens = default_tokenizer().tokenize("東京への出張")
    assert topic_words(tokens, frozenset()) == {"出張"}
    assert topic_words(tokens, frozenset(), 0.4) == {"東京", "出張"}


def test_a_word_is_shown_as_most_write_it_and_of_equals_the_shortest() -> None:
    assert most_frequent(Counter({"ゴミ": 3, "ごみ": 1, "塵": 2})) == "ゴミ"
    assert most_frequent(Counter({"燃えるゴミ": 2, "ごみ": 2, "ゴミ": 2})) == "ごみ"


def test_a_verb_is_shown_as_residents_write_it_where_it_is_not_inflected() -> None:
    tokens = default_tokenizer().tokenize_all(["ゴミをすてる", "毎日すてる。", "すてない"])
    assert display_words(tokens, [1] * 3, ["捨てる"]) == ["すてる"]


def test_a_compound_counts_as_often_as_it_is_said() -> None:
    tokens = default_tokenizer().tokenize_all(["公共交通機関がない", "機関が古い"])
    assert display_words(tokens, [2, 1], ["機関"]) == ["公共交通機関"]
    assert display_words(tokens, [1, 2], ["機関"]) == ["機関"]
    again = [*tokens, tokens[0]]
    assert display_words(again, [1] * 3, ["機関"]) == ["公共交通機関"]


def test_two_of_a_hundred_opinions_are_enough_for_a_word_and_less_are_not() -> None:
    tokens = default_tokenizer().tokenize_all(["公園が広い", "道が狭い"])
    assert display_words(tokens, [98, 2], ["道"]) == ["道"]
    assert display_words(tokens, [99, 2], ["道"]) == []
