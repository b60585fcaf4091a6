"""Titles: typical words by a formula, and a phrase that is true of the voices behind it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.phrases import CLAUSE, NOUN
from pipeline.titles import (
    Candidate,
    characteristic_words,
    choose_title,
    display_words,
    find_candidates,
    topic_words,
)
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


def candidates(*texts: str, agrees: bool = True) -> list[Candidate]:
    tokens = default_tokenizer().tokenize_all(texts)
    return find_candidates(texts, tokens, [1] * len(texts), [agrees] * len(texts))


def test_a_candidate_has_its_most_frequent_wording() -> None:
    found = candidates("バスが少ない", "バスが少ない。", "ﾊﾞｽが少ない", "バスは少ない")
    clause = next(one for one in found if one.kind == CLAUSE)
    assert clause.text == "バスが少ない"
    assert clause.said == 4
    assert clause.agreeing == 1.0


def words_of(*texts: str) -> list[tuple[frozenset[str], int]]:
    tokens = default_tokenizer().tokenize_all(texts)
    return [(frozenset(token.word for token in own), 1) for own in tokens]


BUS = ("バスの本数が少ない", "バスの本数が少ない。困る", "バスが来ない", "バスの本数を増やして")


def title(*texts: str, weights: dict[str, float], one_sided: float = 1.0, taken: frozenset[str] = frozenset()) -> str:  # fmt: skip
    return choose_title(candidates(*texts), weights, words_of(*texts), one_sided, taken)


def test_a_clause_that_many_say_is_the_title() -> None:
    assert title(*BUS, weights={"バス": 1.0, "本数": 0.8, "少ない": 0.3}) == "バスの本数が少ない"


def test_where_opinions_do_not_agree_the_title_takes_no_side() -> None:
    made = title(*BUS, weights={"バス": 1.0, "本数": 0.8}, one_sided=0.5)
    assert made == "バスの本数"


def test_a_title_is_not_used_twice() -> None:
    taken = frozenset(["バスの本数が少ない"])
    made = title(*BUS, weights={"バス": 1.0, "本数": 0.8}, taken=taken)
    assert made not in taken


def test_a_side_remark_is_no_title() -> None:
    many = [f"祭りが楽しい{'！' * n}" for n in range(29)]
    made = title(*many, "祭りの駐車場が遠い", weights={"祭り": 1.0, "駐車場": 0.9, "遠い": 0.9})
    assert "駐車場" not in made


def test_two_typical_nouns_say_more_than_one_bare_noun() -> None:
    """The empty title asks for the joined words."""
    texts = ("神社", "歴史", "神社", "歴史")
    assert title(*texts, weights={"神社": 1.0, "歴史": 0.9}) == ""
    assert title(*texts, weights={"神社": 1.0}) == "神社"


def test_without_a_characteristic_word_there_is_no_title() -> None:
    assert title(*BUS, weights={}) == ""
    assert choose_title([], {"バス": 1.0}, [], 1.0, frozenset()) == ""


@pytest.mark.parametrize("text", ["「バスが少ない」のだ", "あ" * 30 + "が少ない"])
def test_brackets_and_long_wordings_are_no_title(text: str) -> None:
    phrase = Candidate(text, frozenset(["少ない"]), CLAUSE, 3, 1.0)
    made = choose_title([phrase], {"少ない": 1.0}, [(frozenset(["少ない"]), 3)], 1.0, frozenset())
    assert made == ""


def test_words_are_shown_as_residents_write_them() -> None:
    texts = ["公共交通機関がない", "公共交通機関が不便", "ゴミが多い", "ゴミを増やしたくない"]
    tokens = default_tokenizer().tokenize_all(texts)
    shown = display_words(tokens, [1] * 4, ["機関", "交通", "ゴミ", "増やす", "無関係な語"])
    assert shown == ["公共交通機関", "ゴミ", "増やす"]


def test_topic_words_leave_out_stop_words_and_single_letters() -> None:
    tokens = default_tokenizer().tokenize("バスKの本数")
    assert topic_words(tokens, frozenset(["本数"])) == {"バス"}


def test_a_noun_phrase_is_no_clause() -> None:
    assert {one.kind for one in candidates("子育て支援")} == {NOUN}


def test_a_denial_counts_only_where_it_was_said_not_where_its_words_are() -> None:
    """「車がなくて不便」 has every word of 「不便がない」."""
    texts = (
        "特に不便がない",
        "車がなくて不便",
        "店がなくて移動が不便",
        "バスがなくて移動が不便",
        "夜の移動が不便",
    )
    word_sets = [(own | {"ない"}, count) for own, count in words_of(*texts)]
    made = choose_title(candidates(*texts), {"不便": 1.0, "移動": 0.5}, word_sets, 1.0, frozenset())
    assert made == "移動が不便"
