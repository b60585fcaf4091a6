"""Clusters of vectors: ordered, complete, stable, and as many as were asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import clusters
from pipeline.clusters import ALONE, centres_of, cluster, nearest


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
