"""The space of opinions: words, letters, meanings, concepts, and nothing but what is said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.features import content_words
from pipeline.goals.space import (
    CONCEPTS_WEIGH,
    LETTERS_WEIGH,
    MEANINGS_WEIGH,
    WORDS_WEIGH,
    GoalSpace,
    concept_weights,
    fit_goal_space,
    letters,
)
from pipeline.tokens import default_tokenizer
from tests.goals_fixture import EXAMPLES, read, read_all

if TYPE_CHECKING:
    from pipeline.goals.space import Placed
    from pipeline.lexicon import Lexicon

TEXTS = [own.text for own in EXAMPLES]


@pytest.fixture(scope="module")
def space(lexicon: Lexicon) -> GoalSpace:
    return fit_goal_space(read_all(EXAMPLES, lexicon), lexicon)


def row(placed: Placed, number: int = 0) -> np.ndarray:
    return placed.marks.toarray()[number]


def everything(placed: Placed) -> bytes:
    return placed.marks.toarray().tobytes() + placed.meanings.tobytes()


def test_words_weigh_as_in_scikit_learn(space: GoalSpace, lexicon: Lexicon) -> None:
    words = [content_words(own.tokens, lexicon.stopwords) for own in read_all(EXAMPLES, lexicon)]
    vectorizer = TfidfVectorizer(analyzer=lambda own: own, sublinear_tf=True).fit(words)
    assert list(space.idf) == vectorizer.get_feature_names_out().tolist()
    assert list(space.idf.values()) == pytest.approx(vectorizer.idf_.tolist())
    text = "介護の相談と介護の居場所、それに宇宙船"
    own = read(text, lexicon)
    expected = vectorizer.transform([content_words(own.tokens, lexicon.stopwords)]).toarray()[0]
    placed = row(space.place([own]))[: len(space.idf)]
    assert placed == pytest.approx(WORDS_WEIGH * expected)


def test_words_and_letters_of_a_text_are_of_one_length_however_long_it_is(
    space: GoalSpace, lexicon: Lexicon
) -> None:
    for text in ("介護", "介護のことを相談できる居場所がほしい", "広報が読めない。" * 20):
        own = read(text, lexicon)
        for weights in (space.word_weights(own), space.letter_weights(own)):
            assert math.sqrt(sum(value**2 for value in weights.values())) == pytest.approx(1)


def test_the_marks_of_a_text_are_its_words_its_letters_its_concepts_and_the_constant(
    space: GoalSpace, lexicon: Lexicon
) -> None:
    own = read("母の介護で困る", lexicon)
    marks = row(space.place([own]))
    words, grams = len(space.idf), len(space.letter_idf)
    assert space.first_concept == words + grams
    assert space.n_marks == words + grams + len(lexicon.dictionary.concepts) + 1 == len(marks)
    named = [list(space.idf)[place] for place in np.flatnonzero(marks[:words])]
    assert {"介護"} <= set(named) <= set(content_words(own.tokens, lexicon.stopwords))
    said = [list(space.letter_idf)[place] for place in np.flatnonzero(marks[words:][:grams])]
    assert said
    assert all(letter in "母の介護で困る" for letter in said)
    assert np.linalg.norm(marks[words:][:grams]) == pytest.approx(LETTERS_WEIGH)
    assert marks[-1] == space.constant


def test_a_concept_counts_for_every_concept_above_it(space: GoalSpace, lexicon: Lexicon) -> None:
    own = read("母の介護がつらい", lexicon)
    assert own.hits
    weights = concept_weights(own.hits, lexicon.dictionary)
    for hit in own.hits:
        lineage = lexicon.dictionary.lineages[hit.concept]
        assert len(lineage) > 1
        assert all(weights[concept] >= hit.weight for concept in lineage)
    marks = row(space.place([own]))[space.first_concept : -1]
    expected = {concept: CONCEPTS_WEIGH * math.log1p(own) for concept, own in weights.items()}
    assert dict(zip(np.flatnonzero(marks), marks[marks != 0], strict=True)) == pytest.approx(
        expected
    )


def test_meanings_are_what_sets_a_text_apart_from_the_examples(
    space: GoalSpace, lexicon: Lexicon
) -> None:
    placed = space.place(read_all(EXAMPLES, lexicon))
    assert np.abs(placed.meanings.mean(axis=0)).max() < 1e-6
    assert np.linalg.norm(placed.meanings / MEANINGS_WEIGH + space.centre, axis=1) == pytest.approx(
        np.ones(len(EXAMPLES)), abs=1e-3
    )


def test_texts_that_mean_the_same_are_nearer_than_others(
    space: GoalSpace, lexicon: Lexicon
) -> None:
    texts = ("役場からの通知", "母の看病", "市のお知らせ")
    notice, nursing, news = space.place([read(own, lexicon) for own in texts]).meanings
    assert news @ notice > news @ nursing


@pytest.mark.parametrize("text", ["", "。", "ふむふむ", "😀"])
def test_a_text_without_a_known_word_is_the_constant_alone(
    text: str, space: GoalSpace, lexicon: Lexicon
) -> None:
    own = read(text, lexicon)
    placed = space.place([own])
    assert space.word_weights(own) == {}
    assert np.flatnonzero(row(placed)).tolist() == [space.n_marks - 1]


def test_no_texts_have_no_places(space: GoalSpace) -> None:
    placed = space.place([])
    assert placed.marks.shape == (0, space.n_marks)
    assert placed.meanings.shape == (0, space.lexicon.word_vectors.dimensions)


def test_a_text_stands_where_it_stands_whoever_stands_beside_it(
    space: GoalSpace, lexicon: Lexicon
) -> None:
    together = space.place(read_all(EXAMPLES, lexicon))
    for number, own in enumerate(EXAMPLES):
        alone = space.place([read(own.text, lexicon)])
        assert (row(alone) == row(together, number)).all()
        assert (alone.meanings[0] == together.meanings[number]).all()


def test_the_order_of_the_examples_does_not_matter(space: GoalSpace, lexicon: Lexicon) -> None:
    readings = read_all(EXAMPLES, lexicon)

    @settings(max_examples=20)
    @given(st.permutations(range(len(EXAMPLES))))
    def holds(order: list[int]) -> None:
        other = fit_goal_space([readings[place] for place in order], lexicon)
        assert list(other.idf.items()) == list(space.idf.items())
        assert list(other.letter_idf.items()) == list(space.letter_idf.items())
        assert other.centre.tobytes() == space.centre.tobytes()
        assert everything(other.place(readings)) == everything(space.place(readings))

    holds()


def test_letters_count_where_two_examples_have_them(space: GoalSpace) -> None:
    together = [letter for letter in space.letter_idf if len(letter) == 3]
    assert "ほしい" in together
    for letter in space.letter_idf:
        assert sum(letter in text for text in TEXTS) >= 2


def test_one_example_has_letters_too(lexicon: Lexicon) -> None:
    assert "居場" in fit_goal_space([read("居場所", lexicon)], lexicon).letter_idf


@settings(max_examples=100)
@given(st.text("居場所がほしいABC。、　\n😀", max_size=20))
def test_letters_are_those_of_the_words_that_they_are_said_to_stand_in(text: str) -> None:
    tokens = default_tokenizer().tokenize(text)
    said = "".join(token.surface for token in tokens)
    found = list(letters(tokens))
    assert [own for own, _, _ in found] == [
        said[start : start + length] for length in (2, 3) for start in range(len(said) - length + 1)
    ]
    for own, first, last in found:
        assert first <= last
        assert own in "".join(token.surface for token in tokens[first : last + 1])
