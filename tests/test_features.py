"""The latent space: content words, weights, and vectors that no machine changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import features
from pipeline.errors import InputError
from pipeline.features import (
    DECIMALS,
    content_words,
    fit_space,
    letter_vectors,
    read_stopwords,
    unit,
    word_weight,
)
from pipeline.resources import dictionaries_folder
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["バス", "道", "祭り", "会費", "役員", "広場", "少ない", "狭い", "増やす", "見守る"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=5), max_size=12)
WEIGHTS = dict.fromkeys(WORDS, 1.0)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(TEXTS, TEXTS)
def test_a_vector_is_of_unit_length_or_zero(
    fitted: list[list[str]], others: list[list[str]]
) -> None:
    space = fit_space(fitted, WEIGHTS, dimensions=4)
    for words in (fitted, others):
        vectors = space.place(words)
        assert vectors.shape[0] == len(words)
        lengths = np.sqrt((vectors**2).sum(axis=1))
        assert np.all((np.abs(lengths - 1.0) < 10**-DECIMALS * 4) | (lengths == 0.0))


@settings(derandomize=True, max_examples=30, deadline=None)
@given(TEXTS)
def test_a_vector_depends_on_its_own_text_only(texts: list[list[str]]) -> None:
    space = fit_space(texts, WEIGHTS)
    vectors = space.place(texts)
    for text, vector in zip(texts, vectors, strict=True):
        assert np.array_equal(space.place([text])[0], vector)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(TEXTS, TEXTS, st.integers(1, 12))
def test_words_as_numbers_have_the_same_vectors_in_whatever_chunks(
    fitted: list[list[str]], texts: list[list[str]], size: int
) -> None:
    space = fit_space(fitted, WEIGHTS, dimensions=4)
    columns = space.columns_of(WORDS)
    numbered = [np.array([WORDS.index(word) for word in own], dtype=np.int32) for own in texts]
    found = [np.zeros((0, space.components.shape[1]))]
    for start in range(0, len(texts), size):
        some = numbered[start : start + size]
        indptr = np.concatenate([[0], np.cumsum([len(own) for own in some])]).astype(np.int64)
        found.append(space.place_ids(indptr, columns[np.concatenate(some)]))
    assert np.vstack(found).tobytes() == space.place(texts).tobytes()


def test_texts_in_the_same_words_lie_together_and_unlike_ones_apart() -> None:
    texts = [["バス", "増やす"], ["バス", "少ない"], ["祭り", "役員"], ["祭り", "会費"]] * 3
    vectors = fit_space(texts, WEIGHTS, dimensions=2).place(texts)
    similarity = vectors @ vectors.T
    assert similarity[0, 4] == pytest.approx(1.0, abs=1e-4)
    assert similarity[0, 1] > 0.9
    assert similarity[0, 2] < 0.1


def test_a_word_that_one_opinion_uses_brings_nothing_together() -> None:
    space = fit_space([["バス", "道"], ["バス"], ["祭り"]], WEIGHTS)
    assert list(space.words) == ["バス"]
    assert not space.place([["道"], ["知らない言葉"], []]).any()


@pytest.mark.parametrize("texts", [[], [[]], [["道"]], [["道"], ["道"]], [["道"], ["バス"]], [[], [], []]])  # fmt: skip
def test_tiny_inputs_have_vectors(texts: list[list[str]]) -> None:
    vectors = fit_space(texts, WEIGHTS).place(texts)
    assert vectors.shape[0] == len(texts)
    assert np.isfinite(vectors).all()


def test_a_large_matrix_is_decomposed_to_the_same_space_as_a_small_one() -> None:
    """The sparse decomposition takes over where the full one would be slow."""
    texts = [[WORDS[row % 10], WORDS[(row * 7 + 3) % 10], WORDS[row % 3]] for row in range(60)]
    sparse = fit_space(texts, WEIGHTS, dimensions=4).place(texts)
    dense = fit_space(texts, WEIGHTS, dimensions=5).place(texts)
    assert sparse.shape[1] <= 4
    assert dense.shape[1] <= 5
    close = np.triu(sparse @ sparse.T > 0.999, 1)
    assert ((dense @ dense.T)[close] > 0.8).all()


def test_texts_with_fewer_directions_than_dimensions_are_placed_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sparse solver gives up on them; the full one takes over."""

    def give_up(*_: object, **__: object) -> None:
        raise features.ArpackError(3)

    texts = [[WORDS[row % 10], WORDS[(row * 7 + 3) % 10]] for row in range(60)]
    expected = fit_space(texts, WEIGHTS, dimensions=4).place(texts)
    monkeypatch.setattr(features, "svds", give_up)
    vectors = fit_space(texts, WEIGHTS, dimensions=4).place(texts)
    assert vectors @ vectors.T == pytest.approx(expected @ expected.T, abs=1e-3)


@pytest.mark.parametrize(
    ("pos", "weight"),
    [
        ("名詞-普通名詞-一般", 1.0),
        ("名詞-数詞", 0.0),
        ("動詞-一般", 0.7),
        ("動詞-非自立可能", 0.0),
        ("形容詞-一般", 0.6),
        ("形容詞-非自立可能", 0.0),
        ("形状詞-一般", 0.8),
        ("助詞-格助詞", 0.0),
        ("", 0.0),
    ],
)
def test_nouns_say_more_about_the_topic_than_verbs(pos: str, weight: float) -> None:
    assert word_weight(pos) == weight


def test_content_words_leave_out_particles_numbers_and_stop_words() -> None:
    tokens = default_tokenizer().tokenize("この3年で町内会の役員が減ったことは問題だと思います。")
    stopwords = frozenset(["年", "事", "こと", "思う"])
    assert content_words(tokens, stopwords) == ["町内会", "役員", "減る", "問題"]
    assert "思う" in content_words(tokens, frozenset())


def test_the_list_of_stop_words_that_comes_with_kadai_can_be_read() -> None:
    assert {"為る", "思う"} <= read_stopwords(dictionaries_folder() / "stopwords.txt")


def test_a_single_kana_is_no_word_and_a_single_kanji_is() -> None:
    tokens = default_tokenizer().tokenize("川")
    assert content_words(tokens, frozenset()) == ["川"]
    assert content_words([tokens[0]._replace(word="ア")], frozenset()) == []


def test_stop_words_are_read_without_their_comments(tmp_path: Path) -> None:
    path = tmp_path / "stopwords.txt"
    path.write_text("\ufeff# 説明\n事\n\n  物  # 形式名詞\n", encoding="utf-8")
    assert read_stopwords(path) == {"事", "物"}


@pytest.mark.parametrize("content", [None, "事\n".encode("cp932")])
def test_an_unreadable_list_of_stop_words_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "stopwords.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"stopwords\.txt"):
        read_stopwords(path)


LETTERS = st.lists(st.text("バス停道路が狭い", max_size=8), max_size=15)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(LETTERS)
def test_letter_vectors_are_of_unit_length_or_zero(texts: list[str]) -> None:
    vectors = letter_vectors(texts, dimensions=4)
    assert vectors.shape[0] == len(texts)
    lengths = np.sqrt((vectors**2).sum(axis=1))
    assert np.all((np.abs(lengths - 1.0) < 10**-DECIMALS * 4) | (lengths == 0.0))


def test_letters_see_what_the_tokenizer_splits_in_another_way() -> None:
    vectors = letter_vectors(["ぐるりん号", "ぐるりんバス", "側溝の蓋", "側溝のふた", "孤立"])
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.9
    assert likeness[2, 3] > 0.9
    assert abs(likeness[0, 2]) < 0.1
    assert not vectors[4].any()


def test_letter_vectors_do_not_depend_on_the_order_of_the_texts() -> None:
    texts = ["道路が狭い", "歩道が狭い", "バスが遅い", "バス停が遠い", "駅が遠い", "道路が暗い"]
    order = [3, 0, 5, 1, 4, 2]
    likeness = letter_vectors(texts) @ letter_vectors(texts).T
    other = letter_vectors([texts[row] for row in order])
    assert other @ other.T == pytest.approx(likeness[np.ix_(order, order)], abs=1e-4)


@pytest.mark.parametrize("texts", [[], [""], ["道"], ["道", "川"], ["", "", ""], ["道路", "道路"]])
def test_tiny_inputs_have_letter_vectors(texts: list[str]) -> None:
    vectors = letter_vectors(texts)
    assert vectors.shape[0] == len(texts)
    assert np.isfinite(vectors).all()


def test_rows_are_scaled_to_unit_length_and_zeros_stay() -> None:
    found = unit(np.array([[3.0, 4.0], [0.0, 0.0], [-2.0, 0.0], [1e-12, 0.0]]))
    assert found.tolist() == [[0.6, 0.8], [0.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]
    # No row has a negative zero: the bytes would differ where the numbers do not.
    assert not np.signbit(found[1:2]).any()
    assert not np.signbit(unit(np.array([[-1e-9, 1.0]]))[0, 0])
