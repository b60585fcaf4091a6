"""Headings to groups: nobody is lost, few enough to read, the same in every order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import topics as module
from pipeline.concepts import Topic
from pipeline.topics import (
    MANY,
    NOWHERE,
    SMALLEST_FACET,
    gather,
    is_familiar,
    is_known,
    topic_stability,
)

PATHS = [
    ("移動", "バス"), ("移動", "道"), ("移動", "駐車場"), ("福祉", "介護"), ("福祉", "相談"),
    ("防災", "避難"), ("移動",), (),
]  # fmt: skip
FIELD_OF = {path[1]: path[0] for path in PATHS if len(path) > 1}


def unit(rows):
    rows = np.array(rows, dtype=float).reshape(len(rows), 3)
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.round(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0), 5)


def gathered(paths, most=99, smallest=1, counts=None, vectors=None, facets=None):
    topics = [
        Topic(path, facet, 1.0 if path else 0.0)
        for path, facet in zip(paths, facets or [""] * len(paths), strict=True)
    ]
    counts = np.array(counts or [1] * len(paths), dtype=np.int64)
    vectors = np.zeros((len(paths), 3)) if vectors is None else unit(vectors)
    return gather(topics, counts, vectors, most, smallest)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(PATHS),
        st.sampled_from(["", "甲", "乙"]),
        st.sampled_from([0.0, 0.05, 0.2, 1.0]),
        st.integers(1, 400),
        st.lists(st.integers(-2, 2), min_size=3, max_size=3),
    ),
    max_size=25,
)


def parts(rows):
    # A name stands for one concept of the dictionary: no two headings share a facet.
    topics = [
        Topic(path, f"{path[-1]}の{facet}" if path and facet else facet, coverage)
        for path, facet, coverage, _, _ in rows
    ]
    counts = np.array([count for *_, count, _ in rows], dtype=np.int64)
    return topics, counts, unit([vector for *_, vector in rows])


def fingerprint(found, rows):
    """Groups as sets of rows, whatever their order."""
    members = {name: [] for name in found.names}
    for label, row in zip(found.labels.tolist(), rows, strict=True):
        if label != NOWHERE:
            members[found.names[label]].append(row)
    return found.names, found.fields, {name: sorted(own) for name, own in members.items()}


def test_headings_that_were_one_issue_are_joined_first_and_only_where_some_have_to_be() -> None:
    paths = [("くらし", name) for name in "甲甲甲乙乙丙丙丁戊" for _ in range(2)]
    topics = [Topic(path, "", 1.0) for path in paths]
    counts, vectors = np.ones(len(paths), dtype=np.int64), np.zeros((len(paths), 3))

    def names(most: int, *before: tuple[str, ...]) -> set[tuple[str, ...]]:
        return set(gather(topics, counts, vectors, most, 1, before).names)

    assert ("甲", "戊") in names(4, ("甲", "戊"))
    assert ("戊", "甲") in names(4, ("戊", "甲"))
    assert ("甲", "丁", "戊") in names(3, ("甲", "丁", "戊"))
    # A coarse review does not make the next run coarse: no more is joined than has to be.
    assert len(names(4, ("甲", "乙", "丙", "丁", "戊"))) == 4
    assert names(5, ("甲", "戊")) == {("甲",), ("乙",), ("丙",), ("丁",), ("戊",)}
    assert names(4, ("甲", "なくなった")) == names(4)
    # What was put together so is put together so again, from the names alone.
    for most in range(1, 5):
        found = names(most)
        assert names(most, *sorted(found)) == found


@settings(derandomize=True, max_examples=150, deadline=None)
@given(ROWS, st.integers(-1, 8), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_of_the_opinions_does_not_matter(rows, most, smallest, chance):
    shuffled = chance.sample(rows, len(rows))
    one = gather(*parts(rows), most, smallest)
    other = gather(*parts(shuffled), most, smallest)
    assert fingerprint(one, rows) == fingerprint(other, shuffled)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(ROWS, st.integers(-1, 8), st.integers(1, 5))
def test_every_known_opinion_of_a_heading_that_is_large_enough_is_in_one_group(
    rows, most, smallest
):
    topics, counts, vectors = parts(rows)
    found = gather(topics, counts, vectors, most, smallest)
    apart = gather(topics, counts, vectors, len(rows), smallest)
    assert len(found.names) <= max(1, most)
    assert len(found.names) == len(found.fields) == len(set(found.names))
    assert set(found.labels.tolist()) - {NOWHERE} == set(range(len(found.names)))
    # Joining loses nobody: who has a group keeps one.
    assert ((found.labels == NOWHERE) == (apart.labels == NOWHERE)).all()
    assert sorted(name for names in found.names for name in names) == sorted(
        name for names in apart.names for name in names
    )
    sizes = [int(counts[found.labels == number].sum()) for number in range(len(found.names))]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= smallest for size in sizes)
    for topic, label in zip(topics, found.labels.tolist(), strict=True):
        if label != NOWHERE:
            assert is_known(topic)
            assert {topic.path[-1], topic.facet} & set(found.names[label])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(ROWS, st.integers(1, 8))
def test_a_heading_joins_another_field_only_where_its_own_has_no_other_group(rows, most):
    joins = []
    partner = module._partner

    def watched(small, groups, limit):
        other = partner(small, groups, limit)
        joins.append((small.field, other.field, {own.field for own in groups}))
        return other

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_partner", watched)
        found = gather(*parts(rows), most, 1)
    for field, other, left in joins:
        assert field == other or field not in left
    if all(field == other for field, other, _ in joins):
        for names, field in zip(found.names, found.fields, strict=True):
            assert {FIELD_OF.get(name, field) for name in names} == {field}


def test_the_smallest_heading_is_joined_first():
    paths = [("移動", "バス")] * 5 + [("移動", "道")] * 2 + [("福祉", "介護")] * 4
    assert gathered(paths, most=2).names == [("バス", "道"), ("介護",)]
    assert gathered(paths, most=1).names == [("バス", "道", "介護")]
    assert gathered(paths, most=1).fields == ["移動"]


def test_a_heading_with_too_few_opinions_is_no_group():
    paths = [("移動", "バス"), ("移動", "バス"), ("移動", "道")]
    found = gathered(paths, smallest=2)
    assert found.names == [("バス",)]
    assert found.labels.tolist() == [0, 0, NOWHERE]
    assert gathered(paths, smallest=2, counts=[1, 1, 2]).names == [("バス",), ("道",)]


def test_the_number_of_times_that_an_opinion_was_said_decides_the_order():
    paths = [("移動", "バス"), ("移動", "バス"), ("移動", "道")]
    assert gathered(paths, counts=[1, 1, 3]).names == [("道",), ("バス",)]


def test_a_small_heading_joins_the_one_that_is_most_like_it():
    paths = [("移動", "バス")] * 2 + [("移動", "道")] * 2 + [("移動", "駐車場")]
    paths += [("福祉", "介護")] * 195  # so that two small ones together are still small
    vectors = [[1, 0, 0]] * 2 + [[0, 1, 0]] * 2 + [[0, 2, 1]] + [[0, 0, 1]] * 195
    assert gathered(paths, most=3, vectors=vectors).names[1] == ("道", "駐車場")


def test_a_small_heading_joins_the_smallest_where_all_like_it_are_large():
    """A large heading would swallow one after the other."""
    paths = [("移動", "バス")] * 10 + [("移動", "道")] * 6 + [("移動", "駐車場")]
    vectors = [[1, 0, 0]] * 10 + [[0, 1, 0]] * 6 + [[1, 0, 0]]
    assert gathered(paths, most=2, vectors=vectors).names == [("バス",), ("道", "駐車場")]


def test_a_heading_with_too_many_opinions_is_split_along_its_large_facets():
    paths = [("移動", "バス")] * 4 + [("福祉", "介護")]
    facets = ["便数", "", "運賃", "便数", "便数"]
    found = gathered(paths, counts=[MANY, 40, 1, 20, 50], facets=facets)
    assert found.names == [("便数",), ("介護",), ("バス",)]
    assert found.fields == ["移動", "福祉", "移動"]
    assert found.labels.tolist() == [0, 2, 2, 0, 1]
    assert SMALLEST_FACET * (MANY + 111) > 1
    few = gathered(paths, counts=[MANY - 70, 40, 1, 20, 50], facets=facets)
    assert few.names == [("バス",), ("介護",)]


def test_a_heading_is_only_split_where_it_is_a_large_share_of_all():
    paths = [("移動", "バス")] * 2 + [("福祉", "介護")]
    facets = ["便数", "運賃", ""]
    assert gathered(paths, counts=[MANY, 100, 100], facets=facets).names[0] == ("便数",)
    assert gathered(paths, counts=[MANY, 100, 9000], facets=facets).names == [("介護",), ("バス",)]


@pytest.mark.parametrize(
    ("topic", "known"),
    [
        (Topic(("移動", "バス"), "", 1.0), True),
        (Topic(("移動", "バス"), "", module.COVERED), True),
        (Topic(("移動", "バス"), "", module.COVERED - 0.01), False),
        (Topic(("移動",), "", 1.0), False),
        (Topic(), False),
    ],
)
def test_a_topic_is_known_where_enough_words_name_a_heading(topic, known):
    assert is_known(topic) == known


def test_the_dictionary_is_familiar_with_opinions_that_plainly_speak_of_its_topics():
    plain, passing = Topic(("移動", "バス"), "", 0.5), Topic(("移動", "バス"), "", 0.1)
    assert is_familiar([plain, passing])
    assert not is_familiar([plain, passing, passing])
    assert not is_familiar([passing])
    assert not is_familiar([])


def test_headings_that_are_never_joined_are_perfectly_stable():
    rows = [Topic(PATHS[number % 5], "", 1.0) for number in range(100)]
    counts, vectors = np.ones(100, dtype=np.int64), np.zeros((100, 3))
    headings = gather(rows, counts, vectors, 10, 2)
    assert topic_stability(rows, counts, vectors, headings, 10).tolist() == [1.0] * 5


def test_headings_that_are_joined_by_chance_are_less_stable():
    rows = [Topic(("移動", str(number % 10)), "", 1.0) for number in range(100)]
    counts, vectors = np.ones(100, dtype=np.int64), np.zeros((100, 3))
    headings = gather(rows, counts, vectors, 4, 2)
    stability = topic_stability(rows, counts, vectors, headings, 4)
    assert ((stability > 0.2) & (stability < 0.95)).all()


@settings(derandomize=True, max_examples=30, deadline=None)
@given(ROWS, st.integers(1, 8))
def test_stability_is_a_share_for_every_group(rows, most):
    topics, counts, vectors = parts(rows)
    headings = gather(topics, counts, vectors, most, 2)
    stability = topic_stability(topics, counts, vectors, headings, most)
    assert stability.shape == (len(headings.names),)
    assert ((stability >= 0) & (stability <= 1)).all()


def test_no_opinions_make_no_groups():
    found = gathered([])
    assert (found.labels.tolist(), found.names, found.fields) == ([], [], [])
