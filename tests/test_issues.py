"""Issues: named in residents' words, with voices of their own, largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pipeline.clusters import Clusters, cluster
from pipeline.concepts import Topic
from pipeline.features import content_words, fit_space, read_stopwords
from pipeline.identity import keep_ids
from pipeline.issues import Distinct, Issues, largest_first, make_issues
from pipeline.representatives import REPRESENTATIVES
from pipeline.resources import dictionaries_folder
from pipeline.stability import ALONE
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

STOPWORDS = read_stopwords(dictionaries_folder() / "stopwords.txt")

TEXTS = [
    "バスの本数が少ない", "バスの本数を増やしてほしい", "バスの本数が減って困る", "バスが一時間に一本しかない", "バスがなくて買い物に行けない",
    "町内会の役員のなり手がいない", "町内会の役員の負担が大きい", "町内会の役員を引き受ける人がいない", "町内会の役員が高齢になった",
    "雨の日に子どもが遊べる場所がない", "子どもの遊べる場所が少ない", "子どもが遊べる場所を作ってほしい",
    "夏祭りが毎年楽しい", "夏祭りが賑やかで楽しい", "夏祭りの花火がきれいで楽しい",
    "図書館のトイレ",
]  # fmt: skip
KINDS = ["problem"] * 12 + ["praise"] * 3 + ["other"]
COUNTS = [5] + [1] * 15


@pytest.fixture(scope="module")
def distinct() -> Distinct:
    tokens = default_tokenizer().tokenize_all(TEXTS)
    words = [content_words(own, STOPWORDS) for own in tokens]
    weight_of = {word: 1.0 for own in words for word in own}
    vectors = fit_space(words, weight_of).place(words)
    ids = [f"O{number:03d}" for number in range(len(TEXTS))]
    return Distinct(ids, TEXTS, KINDS, tokens, COUNTS, vectors)


def described(distinct: Distinct, clusters: Clusters, labels: NDArray[np.int64]) -> Issues:
    """Issues with the numbers that a first run gives them."""
    order = largest_first(distinct, labels, len(clusters.centres))
    names = dict(zip(order, keep_ids([{}] * len(order), {}), strict=True))
    return make_issues(distinct, clusters, labels, STOPWORDS, names)


@pytest.fixture(scope="module")
def made(distinct: Distinct) -> Issues:
    clusters = cluster(distinct.vectors, 4)
    return described(distinct, clusters, clusters.labels)


def members(made: Issues, issue_id: str) -> list[int]:
    return [row for row, name in enumerate(made.issue_of) if name == issue_id]


def test_a_title_is_a_slice_of_an_opinion_of_its_issue_or_its_words_joined(made: Issues) -> None:
    for issue in made.table.itertuples():
        texts = [TEXTS[row] for row in members(made, issue.issue_id)]
        for part in issue.title.split("・"):
            assert any(part in text for text in texts), issue.title


def test_titles_are_distinct_and_keep_their_negation(made: Issues) -> None:
    assert made.table["title"].is_unique
    for issue in made.table.itertuples():
        if "なり手" in issue.title or "しか" in issue.title:
            assert issue.title.endswith(("ない", "なり手"))


def test_words_are_written_in_the_opinions_or_are_their_dictionary_forms(
    made: Issues, distinct: Distinct
) -> None:
    for issue in made.table.itertuples():
        rows = members(made, issue.issue_id)
        known = "".join(TEXTS[row] for row in rows)
        forms = {token.word for row in rows for token in distinct.tokens[row]}
        for word in issue.words.split("、"):
            assert word in known or word in forms, word


def test_representative_voices_belong_to_the_issue(made: Issues, distinct: Distinct) -> None:
    for issue in made.table.itertuples():
        own = {distinct.ids[row] for row in members(made, issue.issue_id)}
        chosen = issue.representative_opinion_ids.split(" ")
        assert len(set(chosen)) == len(chosen) == min(REPRESENTATIVES, len(own))
        assert set(chosen) <= own


def test_sizes_count_repetitions_and_the_largest_comes_first(made: Issues) -> None:
    table = made.table
    assert table["n_opinions"].is_monotonic_decreasing
    for issue in table.itertuples():
        rows = members(made, issue.issue_id)
        assert issue.n_distinct == len(rows)
        assert issue.n_opinions == sum(COUNTS[row] for row in rows)
    assert made.issue_of[0] == "I001"


def test_figures_are_in_their_range(made: Issues) -> None:
    for column in ("stability", "cohesion"):
        assert made.table[column].between(0, 1).all()
    assert ((made.strength >= 0) & (made.strength <= 1)).all()
    assert all(
        strength == 0
        for name, strength in zip(made.issue_of, made.strength, strict=True)
        if not name
    )


def test_every_issue_is_in_a_group_that_is_named(made: Issues) -> None:
    groups = made.groups.set_index("group_id")
    assert set(made.table["group_id"]) == set(groups.index)
    assert (groups["title"] != "").all()


def test_the_same_issues_come_out_of_reordered_labels(distinct: Distinct) -> None:
    """The number of a cluster is no part of its issue."""
    clusters = cluster(distinct.vectors, 4)
    order = np.arange(len(clusters.centres))[::-1]
    renumbered = type(clusters)(
        np.where(clusters.labels >= 0, order[clusters.labels], ALONE),
        clusters.centres[order],
        clusters.groups[order],
        clusters.stability[order],
        clusters.silhouette,
    )
    one = described(distinct, clusters, clusters.labels)
    other = described(distinct, renumbered, renumbered.labels)
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.issue_of == other.issue_of


def test_more_than_999_issues_still_sort_by_their_id() -> None:
    count = 1001
    texts = [f"{word}" for number in range(count) for word in (f"場所{number}", f"場所{number}番")]
    tokens = default_tokenizer().tokenize_all(texts)
    vectors = np.tile(np.array([1.0, 0.0]), (len(texts), 1))
    labels = np.repeat(np.arange(count), 2)
    distinct = Distinct([f"O{n:05d}" for n in range(len(texts))], texts, ["other"] * len(texts), tokens, [1] * len(texts), vectors)  # fmt: skip
    clusters = type(cluster(vectors[:0]))(
        labels, np.tile([1.0, 0.0], (count, 1)), np.zeros(count, int), np.zeros(count), 0.0
    )
    ids = described(distinct, clusters, labels).table["issue_id"].tolist()
    assert ids == sorted(ids)


def test_an_issue_of_headings_is_named_by_them_unless_a_clause_is_true_of_most(
    distinct: Distinct,
) -> None:
    labels = np.array([0] * 5 + [1] * 4 + [ALONE] * 7)
    vectors = distinct.vectors
    paths = [("交通", "公共交通")] * 5 + [("地域", "町内会")] * 2 + [("地域", "役員")] * 9
    topics = [Topic(path, "町内会費" if row == 5 else "", 1.0) for row, path in enumerate(paths)]
    clusters = Clusters(
        labels, vectors[[0, 5]], np.zeros(2, int), np.ones(2), 0.0,
        [("公共交通",), ("役員", "町内会", "町内会費")], ["交通"],
    )  # fmt: skip
    own = Distinct(distinct.ids, TEXTS, KINDS, distinct.tokens, COUNTS, vectors, topics)
    titles = described(own, clusters, labels).table["title"].tolist()
    assert titles == ["バスの本数が少ない", "役員／町内会 ほか"]
