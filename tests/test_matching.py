"""Matching of terms: inflection, particles, light words, negation, longer matches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.matching import (
    WIDEST_GAP,
    WordSequence,
    forms,
    index_sequences,
    match_rules,
    sequence_end,
    term_words,
)
from pipeline.plan import Goal, Measure, Plan
from pipeline.rules import Rule, Rules, compile_rules
from pipeline.tokens import Token, default_tokenizer

PLAN = Plan(
    id="p",
    title="t",
    goals=(
        Goal(id="1", name="つながり", measures=(Measure(id="1-1", name="近所"),)),
        Goal(id="5", name="情報", measures=(Measure(id="5-1", name="広報"),)),
    ),
)


def rules_of(*rules: dict[str, object]) -> Rules:
    made = [Rule.model_validate({"goal": "1", **rule}) for rule in rules]
    return compile_rules(made, {}, PLAN, default_tokenizer().tokenize)


def matched(text: str, *rules: dict[str, object]) -> list[str]:
    tokens = default_tokenizer().tokenize(text)
    return [
        "".join(token.surface for token in tokens[match.first : match.last + 1])
        for match in match_rules(tokens, rules_of(*rules))
    ]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("人が優しい", "近所の人たちはとてもやさしい。", "人たちはとてもやさしい"),
        ("人が優しい", "人、優しい町", None),
        ("なり手がいない", "役員のなり手がいません", "なり手がいません"),
        ("なり手がいない", "成り手が居ない", "成り手が居ない"),
        ("届かない", "広報が届いていない", "届いていない"),
        ("届かない", "広報が届いている", None),
        ("支え合う", "みんなで支え合って暮らす", "支え合っ"),
        ("地域の行事", "地域で行う行事", None),
        ("=人が優しい", "人に優しい道", None),
        ("=人が優しい", "人が優しい", "人が優しい"),
        ("会", "機会がない", None),
        ("子ども会", "子供会をなくさないで", "子供会"),
    ],
)
def test_terms_match_normalized_sequences(term: str, text: str, found: str | None) -> None:
    assert matched(text, {"terms": [term]}) == ([found] if found else [])


def test_with_asks_for_a_word_anywhere_in_the_opinion() -> None:
    rule = {"terms": ["バス"], "with": ["通院", "高齢者"]}
    assert matched("お年寄りには厳しい。バスがない。", rule) == ["バス"]
    assert matched("バスがない。", rule) == []


def test_not_bars_a_rule() -> None:
    rule = {"terms": ["祭り"], "not": ["観光"]}
    assert matched("夏の祭りが楽しい", rule) == ["祭り"]
    assert matched("祭りで観光客を呼ぶ", rule) == []


def test_a_longer_match_of_another_goal_hides_a_shorter_one() -> None:
    rules = ({"terms": ["防災"]}, {"goal": "5", "terms": ["防災無線"]})
    assert matched("防災無線が聞こえない", *rules) == ["防災無線"]
    assert matched("防災無線と防災訓練", *rules) == ["防災", "防災無線"]


def test_overlapping_terms_of_one_rule_count_once() -> None:
    assert matched("町内会の役員", {"terms": ["町内会", "町内会の役員", "役員"]}) == [
        "町内会の役員"
    ]


def test_nothing_matches_in_an_empty_opinion() -> None:
    assert matched("", {"terms": ["町内会"]}) == []


@pytest.mark.parametrize(
    ("term", "words", "exact"),
    [
        ("人が優しい", ("人", "優しい"), False),
        ("=人が優しい", ("人", "が", "優しい"), True),
        ("なり手がいない", ("なり手", "居る", "無い"), False),
        ("とても寒い", ("迚も", "寒い"), False),
        ("ワーク・ライフ", ("ワーク", "ライフ"), False),
        ("！", (), False),
        ("", (), False),
        ("=", (), True),
    ],
)
def test_a_term_is_split_into_the_words_that_it_asks_for(
    term: str, words: tuple[str, ...], *, exact: bool
) -> None:
    assert term_words(term, default_tokenizer().tokenize) == (words, exact)


def end(term: str, text: str, start: int = 0) -> int:
    words, light = forms(default_tokenizer().tokenize(text))
    sequence = WordSequence(*term_words(term, default_tokenizer().tokenize))
    assert len(words) == len(light)
    return sequence_end(sequence, words, light, start)


def test_a_sequence_ends_at_its_last_word() -> None:
    assert end("駅", "駅が遠い") == 0
    assert end("駅が遠い", "駅が遠い") == 2
    assert end("駅が遠い", "駅はとても遠い") == 3
    assert end("遠い駅", "うちから遠い駅", 2) == 3


def test_a_sequence_that_the_text_breaks_off_has_no_end() -> None:
    assert end("駅が遠い", "駅") == -1
    assert end("駅が遠い", "駅が") == -1
    assert end("駅が遠い", "駅、遠い") == -1
    assert end("駅が遠い", "駅が近い。遠い") == -1
    assert end("駅が遠い", "駅の店が遠い") == -1


@pytest.mark.parametrize(("between", "found"), [(WIDEST_GAP, True), (WIDEST_GAP + 1, False)])
def test_only_a_few_light_words_may_stand_between(between: int, *, found: bool) -> None:
    sequence = WordSequence(("駅", "遠い"), exact=False)
    words, light = ["駅", *["も"] * between, "遠い"], [False, *[True] * between, False]
    assert sequence_end(sequence, words, light, 0) == (between + 1 if found else -1)


def test_nothing_stands_between_the_words_of_an_exact_sequence() -> None:
    sequence = WordSequence(("駅", "遠い"), exact=True)
    assert sequence_end(sequence, ["駅", "遠い"], [False, False], 0) == 1
    assert sequence_end(sequence, ["駅", "も", "遠い"], [False, True, False], 0) == -1


@pytest.mark.parametrize("term", ["ワーク・ライフ・バランス", "K-POP", "町内会・自治会"])
def test_a_term_with_a_dot_or_a_hyphen_inside_finds_itself(term: str) -> None:
    """A symbol of a term is no word; that of the text must not break the sequence."""
    assert end(term, term) == len(default_tokenizer().tokenize(term)) - 1
    if "・" in term:
        assert end(term, term.replace("・", "")) > 0


def test_all_negations_are_one_form() -> None:
    words, _ = forms(default_tokenizer().tokenize("いない。いません。なし。ず"))
    assert words.count("無い") == 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("バスが少なくて困る", ["バス"]),
        ("バスはある。食事に困る", []),
        ("困る", []),
        ("バス" + "と電車" * 8 + "に困る", []),
    ],
)
def test_near_asks_for_a_word_close_by_in_the_same_sentence(text: str, found: list[str]) -> None:
    assert matched(text, {"terms": ["バス"], "near": ["困る"]}) == found


def test_a_word_is_not_near_itself() -> None:
    assert matched("バスのバス", {"terms": ["バスのバス"], "near": ["バス"]}) == []


LETTERS = st.sampled_from(["駅", "遠い", "は", "とても", "ない"])
SEQUENCES = st.lists(
    st.builds(WordSequence, st.lists(LETTERS, min_size=1, max_size=4).map(tuple), st.booleans()),
    max_size=12,
    unique=True,
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(SEQUENCES, st.lists(LETTERS, max_size=12))
def test_the_index_finds_what_is_found_by_trying_every_sequence_everywhere(
    sequences: list[WordSequence], said: list[str]
) -> None:
    kinds = {"は": "助詞-係助詞", "とても": "副詞"}
    tokens = [
        Token(word, word, kinds.get(word, "名詞-普通名詞-一般"), "", place, place + 1)
        for place, word in enumerate(said)
    ]
    words, light = forms(tokens)
    expected: dict[int, list[tuple[int, int]]] = {}
    for number, sequence in enumerate(sequences):
        for start, word in enumerate(words):
            if word == sequence.words[0]:
                last = sequence_end(sequence, words, light, start)
                if last >= 0:
                    expected.setdefault(number, []).append((start, last))
    assert index_sequences(sequences).find(words, tokens) == expected
