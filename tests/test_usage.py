"""Words are counted over columns as they would be counted opinion by opinion."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.features import content_words, word_weight
from pipeline.keywords import topic_words
from pipeline.tokens import Token
from pipeline.tokentable import TokenTable
from pipeline.usage import ContentWords, TopicWordUse

STOPWORDS = frozenset(["事"])
_POS = ("名詞-普通名詞-一般", "名詞-固有名詞-地名-一般", "動詞-一般", "助詞-格助詞", "名詞-数詞")
_TOKEN = st.builds(
    lambda word, pos: Token(word, word, pos, "", 0, len(word)),
    st.sampled_from(("道", "バス", "事", "あ", "増やす", "１", "小学校")),
    st.sampled_from(_POS),
)
_TEXTS = st.lists(st.lists(_TOKEN, max_size=6).map(tuple), max_size=8)


@given(texts=_TEXTS, order=st.randoms(use_true_random=False))
def test_content_words_of_rows_are_those_of_each_opinion(texts, order) -> None:
    words = ContentWords.of(TokenTable.of(texts), STOPWORDS)
    assert [words.of_row(row) for row in range(len(texts))] == [
        content_words(own, STOPWORDS) for own in texts
    ]
    rows = np.array(order.sample(range(len(texts)), len(texts)), dtype=np.int64)
    indptr, ids = words.of_rows(rows)
    for place, row in enumerate(rows.tolist()):
        own = [words.words[number] for number in ids[indptr[place] : indptr[place + 1]]]
        assert own == words.of_row(row)
    for token in {token for own in texts for token in own}:
        if token.word in words.weight_of and word_weight(token.pos) > 0:
            assert words.weight_of[token.word] >= word_weight(token.pos)


@given(texts=_TEXTS, data=st.data())
def test_topic_words_are_counted_once_an_opinion_and_as_often_as_it_was_said(texts, data) -> None:
    n = len(texts)
    counts = data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    labels = data.draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    use = TopicWordUse(TokenTable.of(texts), np.array(counts, dtype=np.int64), STOPWORDS, 0.4)
    expected: list[Counter[str]] = [Counter() for _ in range(4)]
    for own, count, label in zip(texts, counts, labels, strict=True):
        for word in topic_words(own, STOPWORDS, 0.4):
            expected[3][word] += count
            if label >= 0:
                expected[label][word] += count
    assert use.overall() == dict(expected[3])
    assert use.of_groups(np.array(labels, dtype=np.int64), 3) == [dict(own) for own in expected[:3]]


def test_a_word_of_rows_that_were_not_taken_does_not_count() -> None:
    token = Token("道", "道", "名詞-普通名詞-一般", "", 0, 1)
    table = TokenTable.of([(token,), ()]).take([1])
    assert ContentWords.of(table, STOPWORDS).words == []
    assert TopicWordUse(table, np.ones(1, dtype=np.int64), STOPWORDS, 0.4).overall() == {}
