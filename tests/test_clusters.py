"""Clusters of vectors: ordered, complete, stable, and as many as were asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import clusters
from pipeline.clusters import (
    SMALLEST_DENSE,
    centres_of,
    cluster,
    dense_clusters,
    nearest,
)
from pipeline.stability import ALONE


def bunches(sizes: list[int], seed: int = 1, spread: float = 0.05, width: int = 8) -> np.ndarray:
    """Rows of unit length around as many directions as there are sizes."""
    random = np.random.default_rng(seed)
    rows = []
    for number, size in enumerate(sizes):
        middle = np.zeros(width)
        middle[number % width] = 1.0
        rows.append(middle + spread * random.standard_normal((size, width)))
    vectors = np.concatenate(rows) if rows else np.empty((0, width))
    return np.round(vectors / np.sqrt((vectors**2).sum(axis=1, keepdims=True)), 5)


def vectors_of(data: list[list[int]]) -> np.ndarray:
    rows = np.array(data, dtype=float).reshape(-1, 4)
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.round(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0), 5)


ROWS = st.lists(st.lists(st.integers(-2, 2), min_size=4, max_size=4), max_size=24).map(vectors_of)


def test_bunches_are_found_and_numbered_by_their_size() -> None:
    found = cluster(bunches([4, 12, 8]))
    assert found.labels.tolist() == [2] * 4 + [0] * 12 + [1] * 8
    assert found.silhouette > 0.8
    assert (found.stability > 0.9).all()


@settings(derandomize=True, max_examples=150, deadline=None)
@given(ROWS)
def test_every_row_is_in_a_cluster_or_alone_and_figures_are_in_their_range(
    vectors: np.ndarray,
) -> None:
    found = cluster(vectors, most=6)
    count = len(found.centres)
    assert found.labels.shape == (len(vectors),)
    assert set(found.labels.tolist()) - {ALONE} == set(range(count))
    assert found.groups.shape == found.stability.shape == (count,)
    assert ((found.stability >= 0) & (found.stability <= 1)).all()
    assert -1 <= found.silhouette <= 1
    sizes = np.bincount(found.labels[found.labels >= 0], minlength=count)
    assert (np.diff(sizes) <= 0).all()
    assert (sizes >= clusters.SMALLEST).all()
    assert (found.labels[np.abs(vectors).sum(axis=1) == 0] == ALONE).all()
    if count:
        assert sorted(set(found.groups.tolist())) == list(range(int(found.groups.max()) + 1))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(ROWS)
def test_the_same_vectors_give_the_same_clusters(vectors: np.ndarray) -> None:
    one, other = cluster(vectors), cluster(vectors.copy())
    for name in ("labels", "centres", "groups", "stability"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 5, 6])
def test_as_many_clusters_as_were_asked_for(wanted: int) -> None:
    found = cluster(bunches([9, 8, 7, 6, 5, 4]), wanted)
    assert len(found.centres) == wanted


@pytest.mark.parametrize("wanted", [1, 3, 50, 1000])
def test_a_number_that_the_tree_has_not_gives_the_nearest(wanted: int) -> None:
    vectors = bunches([3, 3])
    counts = {
        cut.clusters
        for cut in clusters._cuts(clusters._tree(vectors), np.ones(len(vectors), dtype=int))
    }
    got = len(cluster(vectors, wanted).centres)
    assert got in counts
    assert abs(got - wanted) == min(abs(count - wanted) for count in counts)


def test_no_more_clusters_than_a_reader_should_be_given() -> None:
    assert len(cluster(bunches([5] * 8), most=3).centres) <= 3


@pytest.mark.parametrize(
    "vectors",
    [
        np.empty((0, 3)),
        np.empty((0, 0)),
        np.zeros((3, 0)),
        np.zeros((1, 3)),
        np.zeros((5, 3)),
        np.eye(3)[:1],
        np.eye(3)[:2],
        np.eye(3),
        np.eye(3)[[0, 0]],
        np.eye(3)[[0] * 9],
        np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]]),
    ],
)
def test_tiny_and_equal_inputs_have_clusters_or_none(vectors: np.ndarray) -> None:
    for wanted in (None, 1, 2, 7):
        found = cluster(vectors, wanted)
        assert len(found.labels) == len(vectors)
        assert np.isfinite(found.centres).all()


def test_equal_rows_are_one_cluster_and_a_row_like_no_other_is_alone() -> None:
    vectors = np.concatenate([np.eye(6)[[0] * 5], np.eye(6)[[1] * 4], np.eye(6)[[2]]])
    assert cluster(vectors).labels.tolist() == [0] * 5 + [1] * 4 + [ALONE]


def test_a_bad_best_cut_is_still_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_silhouette", lambda *_: -0.5)
    assert len(cluster(bunches([4, 4])).labels) == 8


def test_many_clusters_are_put_into_a_table_of_contents() -> None:
    vectors = bunches([6] * 8)
    groups = cluster(vectors, 8).groups
    assert 3 <= len(set(groups.tolist())) <= clusters.MOST_GROUPS
    assert groups[0] == 0


def test_centres_are_mean_directions() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]])
    labels = np.array([0, 0, ALONE, 1])
    assert centres_of(vectors, labels) == pytest.approx(np.array([[0.5**0.5, 0.5**0.5], [-1, 0]]))


def test_the_nearest_centre_does_not_depend_on_the_chunk() -> None:
    vectors, centres = bunches([5, 5, 5]), np.eye(8)[:3]
    whole = nearest(vectors, centres)
    for chunk in (1, 4, 15):
        parts = nearest(vectors, centres, chunk)
        assert np.array_equal(whole[0], parts[0])
        assert np.array_equal(whole[1], parts[1])
    assert whole[0].tolist() == [0] * 5 + [1] * 5 + [2] * 5


def test_without_centres_everything_is_alone() -> None:
    labels, cosines = nearest(np.eye(2), np.empty((0, 2)))
    assert labels.tolist() == [ALONE, ALONE]
    assert cosines.tolist() == [0.0, 0.0]
    assert nearest(np.empty((0, 2)), np.eye(2))[0].tolist() == []


def test_what_is_like_nothing_is_left_alone_by_dense_clusters() -> None:
    vectors = np.concatenate([bunches([6, 5]), np.eye(8)[2:6]])
    found = dense_clusters(vectors, [1] * 15, 10)
    assert found.labels.tolist() == [0] * 6 + [1] * 5 + [ALONE] * 4
    assert found.groups.tolist() == [0, 0]
    assert found.silhouette > 0.6


def test_dense_clusters_join_nothing_below_the_likeness_asked_for() -> None:
    """Two directions at 60 degrees: a cosine of one half."""
    vectors = np.array([[1.0, 0.0]] * 5 + [[0.5, 0.75**0.5]] * 5)
    assert len(dense_clusters(vectors, [1] * 10, 9, likeness=0.49).centres) == 1
    assert len(dense_clusters(vectors, [1] * 10, 9, likeness=0.51).centres) == 2


def test_dense_clusters_are_said_often_enough_or_are_none() -> None:
    vectors = np.eye(3)[[0, 0, 1, 1, 2]]
    assert dense_clusters(vectors, [1] * 5, 9).labels.tolist() == [ALONE] * 5
    assert dense_clusters(vectors, [2, 2, 3, 2, SMALLEST_DENSE], 9).labels.tolist() == [
        ALONE, ALONE, 0, 0, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("most", [-1, 0, 1, 2, 9])
def test_only_the_largest_dense_clusters_are_kept(most: int) -> None:
    found = dense_clusters(bunches([3, 5, 4]), [2] * 12, most)
    assert len(found.centres) == len(found.stability) == min(max(most, 0), 3)
    kept = {number: [1, 2, 0].index(number) < most for number in range(3)}
    for place, row in enumerate(np.repeat(np.arange(3), [3, 5, 4])):
        assert (found.labels[place] != ALONE) == kept[int(row)]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(ROWS, st.integers(0, 6))
def test_dense_clusters_of_anything_are_in_their_range(vectors: np.ndarray, most: int) -> None:
    found = dense_clusters(vectors, [1] * len(vectors), most)
    count = len(found.centres)
    assert count <= most
    assert found.labels.shape == (len(vectors),)
    assert set(found.labels.tolist()) - {ALONE} == set(range(count))
    assert ((found.stability >= 0) & (found.stability <= 1)).all()
    assert (found.labels[np.abs(vectors).sum(axis=1) == 0] == ALONE).all()
    assert np.isfinite(found.centres).all()


def test_clusters_that_lie_far_apart_are_perfectly_stable() -> None:
    assert cluster(bunches([20, 15, 10], spread=0.01), 3).stability.tolist() == [1.0] * 3
    assert dense_clusters(bunches([20, 15, 10], spread=0.01), [1] * 45, 9).stability.tolist() == [
        1.0, 1.0, 1.0,
    ]  # fmt: skip


def test_a_cluster_that_chance_made_is_less_stable_than_one_that_lies_apart() -> None:
    angles = np.arange(60) / 60 * np.pi
    arc = np.stack([np.zeros(60), np.cos(angles), np.sin(angles)], axis=1)
    found = cluster(np.concatenate([np.eye(3)[[0] * 20], np.round(arc, 5)]), 6)
    lone = found.labels[0]
    assert found.stability[lone] == 1.0
    assert np.delete(found.stability, lone).max() < 0.9
