"""Words that stand together: counted once an opinion, and never one person's words alone."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cooccurrence import (
    LEAST_OPINIONS,
    LEAST_SPEAKERS,
    LEAST_TOGETHER,
    Words,
    count_words,
)
from pipeline.tokens import Token

NOUN = "名詞-普通名詞-一般"
STOPWORDS = frozenset(["事"])


def tokens_of(words: list[str], pos: str = NOUN) -> tuple[Token, ...]:
    """Words one after the other, a space between them."""
    found, at = [], 0
    for word in words:
        found.append(Token(word, word, pos, "", at, at + len(word)))
        at += len(word) + 1
    return tuple(found)


def opinions_of(
    texts: list[list[str]], people: list[str] | None = None, same: list[int] | None = None
) -> pd.DataFrame:
    """Opinions, each of a person of its own unless it is said."""
    numbers = range(len(texts))
    return pd.DataFrame(
        {
            "answer_id": [f"A{number:03d}" for number in numbers],
            "respondent_id": people if people is not None else [f"r{own}" for own in numbers],
            "stands_for": [f"O{own}" for own in (same if same is not None else numbers)],
        }
    )


def count(
    texts: list[list[str]], people: list[str] | None = None, same: list[int] | None = None
) -> Words:
    return count_words(
        opinions_of(texts, people, same), [tokens_of(own) for own in texts], STOPWORDS
    )


def row(made: Words, word: str) -> dict[str, object]:
    (found,) = made.words[made.words["word"] == word].to_dict("records")
    return found


def test_a_word_counts_once_an_opinion_however_often_it_is_used() -> None:
    made = count([["除雪", "除雪", "除雪"]] * 5)
    assert row(made, "除雪")["n_opinions"] == 5


def test_jaccard_and_npmi_are_those_of_the_formulas() -> None:
    made = count([["除雪", "歩道"]] * 4 + [["除雪"]] * 4 + [["歩道"]] * 2 + [["公園"]] * 10)
    (link,) = made.links.to_dict("records")
    assert (link["word_1"], link["word_2"], link["n_opinions"]) == ("歩道", "除雪", 4)
    assert link["jaccard"] == pytest.approx(4 / (8 + 6 - 4))
    assert link["npmi"] == pytest.approx(math.log(4 * 20 / (8 * 6)) / -math.log(4 / 20))


def test_words_that_stand_in_every_opinion_say_nothing_by_standing_together() -> None:
    (link,) = count([["除雪", "歩道"]] * 6).links.to_dict("records")
    assert (link["jaccard"], link["npmi"]) == (1.0, 0.0)


def test_a_word_of_few_opinions_is_left_out() -> None:
    texts = [["除雪"]] * (LEAST_OPINIONS - 1) + [["公園"]] * LEAST_OPINIONS
    assert count(texts).words["word"].tolist() == ["公園"]


def test_a_word_of_one_or_two_people_is_left_out() -> None:
    few = [f"r{number % (LEAST_SPEAKERS - 1)}" for number in range(10)]
    assert count([["除雪", "歩道"]] * 10, few).words.empty
    enough = [f"r{number % LEAST_SPEAKERS}" for number in range(10)]
    assert row(count([["除雪"]] * 10, enough), "除雪")["n_respondents"] == LEAST_SPEAKERS


def test_a_link_of_one_or_two_people_is_left_out_though_others_use_each_word() -> None:
    texts = [["除雪", "歩道"]] * 6 + [["除雪"], ["歩道"]] * 5
    people = ["r0", "r1"] * 3 + [f"x{number}" for number in range(10)]
    made = count(texts, people)
    assert set(made.words["word"]) == {"除雪", "歩道"}
    assert made.links.empty


def test_one_letter_that_many_send_makes_no_link() -> None:
    texts = [["除雪", "歩道"]] * 9
    assert count(texts, same=[0] * 9).links.empty
    varied = count(texts, same=[number % LEAST_TOGETHER for number in range(9)])
    assert varied.links["n_distinct"].tolist() == [LEAST_TOGETHER]


def test_an_answer_whose_speaker_is_unknown_counts_as_one_person() -> None:
    made = count([["除雪"]] * 5, [""] * 5)
    assert row(made, "除雪")["n_respondents"] == 0
    assert row(made, "除雪")["n_opinions"] == 5


@pytest.mark.parametrize(
    ("word", "pos"),
    [
        ("事", NOUN),
        ("場所", NOUN),
        ("三", "名詞-数詞"),
        ("港野", "名詞-固有名詞-人名-姓"),
        ("鯖江", "名詞-固有名詞-地名-一般"),
        ("を", "助詞-格助詞"),
    ],
)
def test_what_names_no_topic_is_no_word_of_the_network(word: str, pos: str) -> None:
    texts = [[word]] * 10
    made = count_words(opinions_of(texts), [tokens_of(own, pos) for own in texts], STOPWORDS)
    assert made.words.empty


def test_nouns_that_always_stand_side_by_side_are_one_word() -> None:
    compound = (
        Token("公共", "公共", NOUN, "", 0, 2),
        Token("交通", "交通", NOUN, "", 2, 4),
        Token("便利", "便利", NOUN, "", 5, 7),
    )
    accident = tokens_of(["交通", "事故"])
    texts = [["x"]] * 14
    made = count_words(opinions_of(texts), [compound] * 8 + [accident] * 6, STOPWORDS)
    counted = dict(zip(made.words["word"], made.words["n_opinions"], strict=True))
    assert counted == {"公共交通": 8, "便利": 8, "交通": 6, "事故": 6}
    links = set(zip(made.links["word_1"], made.links["word_2"], strict=True))
    assert links == {("便利", "公共交通"), ("事故", "交通")}  # 事 comes before 交


def test_a_word_is_shown_as_most_people_write_it() -> None:
    def written(surface: str) -> tuple[Token, ...]:
        return (Token(surface, "子供", NOUN, "", 0, len(surface)),)

    texts = [["x"]] * 6
    made = count_words(
        opinions_of(texts), [written("子ども")] * 4 + [written("こども")] * 2, STOPWORDS
    )
    assert row(made, "子供")["shown"] == "子ども"


def test_an_inflected_verb_is_shown_in_its_dictionary_form() -> None:
    token = Token("遊ん", "遊ぶ", "動詞-一般", "連用形-撥音便", 0, 2)
    made = count_words(opinions_of([["x"]] * 5), [(token,)] * 5, STOPWORDS)
    assert (row(made, "遊ぶ")["shown"], row(made, "遊ぶ")["pos"]) == ("遊ぶ", "動詞")


def test_without_opinions_there_are_no_words() -> None:
    made = count([])
    assert made.words.empty
    assert made.links.empty


WORDS = st.lists(st.sampled_from(["除雪", "歩道", "公園", "子供", "バス"]), max_size=4)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(WORDS, st.integers(0, 6), st.integers(0, 20)), max_size=60),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_opinions_changes_nothing(
    said: list[tuple[list[str], int, int]], chance: object
) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    made = [
        count(
            [words for words, _, _ in own],
            [f"r{person}" if person else "" for _, person, _ in own],
            [wording for _, _, wording in own],
        )
        for own in (sorted(said), shuffled)
    ]
    # Unknown speakers are told apart by their answer, whose number is its place here.
    assert made[0].words.equals(made[1].words)
    assert made[0].links.equals(made[1].links)


@settings(max_examples=40)
@given(st.lists(st.tuples(WORDS, st.integers(1, 6)), max_size=80))
def test_a_link_is_never_stronger_than_its_words_allow(said: list[tuple[list[str], int]]) -> None:
    made = count([words for words, _ in said], [f"r{person}" for _, person in said])
    counts = dict(zip(made.words["word"], made.words["n_opinions"], strict=True))
    for link in made.links.to_dict("records"):
        assert link["word_1"] < link["word_2"]
        assert link["n_opinions"] >= LEAST_TOGETHER
        assert link["n_opinions"] <= min(counts[link["word_1"]], counts[link["word_2"]])
        assert 0 < link["jaccard"] <= 1
        assert -1 <= round(link["npmi"], 9) <= 1
