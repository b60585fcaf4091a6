"""Weights of terms: to the last bit those of scikit-learn, from numbers instead of words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.termweights import (
    columns_of,
    count_terms,
    inverse_frequencies,
    weigh_letters,
    weigh_terms,
)

WORDS = ["バス", "会費", "役員", "祭り", "道"]
TEXTS = st.lists(
    st.lists(st.sampled_from([*WORDS, "知らない"]), max_size=9), min_size=1, max_size=9
)
LETTERS = st.lists(st.text("バス停道路 \n狭𠮷é", max_size=9), max_size=12)


@given(TEXTS)
def test_words_weigh_what_they_weigh_in_scikit_learn(texts):
    theirs = TfidfVectorizer(
        analyzer=lambda own: own, lowercase=False, vocabulary=WORDS, sublinear_tf=True
    )
    expected = csr_array(theirs.fit_transform(texts))
    column = {word: number for number, word in enumerate(WORDS)}
    counts = count_terms(*columns_of(texts, column), len(WORDS))
    found = weigh_terms(counts, inverse_frequencies(counts))
    assert inverse_frequencies(counts).tobytes() == theirs.idf_.tobytes()
    assert found.indices.tolist() == expected.indices.tolist()
    assert found.indptr.tolist() == expected.indptr.tolist()
    assert found.data.tobytes() == expected.data.tobytes()


@given(LETTERS)
def test_letters_weigh_what_they_weigh_in_scikit_learn(texts):
    theirs = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 3), lowercase=False, sublinear_tf=True, min_df=2
    )
    # It also makes one space of several; here that is done by whoever asks.
    texts = [" ".join(text.split()) for text in texts]
    found = weigh_letters(texts)
    try:
        expected = csr_array(theirs.fit_transform(texts))
    except ValueError:  # no run of letters stands in two texts
        assert found.shape == (len(texts), 0)
        return
    assert found.shape == expected.shape
    assert found.indices.tolist() == expected.indices.tolist()
    assert found.indptr.tolist() == expected.indptr.tolist()
    assert found.data.tobytes() == expected.data.tobytes()


def test_the_numbers_of_the_caller_are_not_touched():
    ids = np.array([2, 0, 2, -1, 1], dtype=np.int32)
    counts = count_terms(np.array([0, 3, 5]), ids, 3)
    assert ids.tolist() == [2, 0, 2, -1, 1]
    assert counts.toarray().tolist() == [[1, 0, 2], [0, 1, 0]]


@pytest.mark.parametrize("texts", [[], [[]], [["知らない"]]])
def test_a_text_without_a_term_is_a_row_of_zeros(texts):
    counts = count_terms(*columns_of(texts, {"道": 0}), 1)
    assert not weigh_terms(counts, np.ones(1)).toarray().any()
