"""Vectors that are kept and vectors that are made when they are asked for are the same."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline import opinionvectors
from pipeline.opinionvectors import OpinionVectors

VECTORS = np.random.default_rng(8).normal(size=(50, 6))
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
CENTRES = VECTORS[[3, 17, 40]]


def some(*rows: int) -> OpinionVectors:
    kept = np.array(rows, dtype=np.int64)
    return OpinionVectors(len(VECTORS), kept, VECTORS[kept], lambda own: VECTORS[own])


@pytest.mark.parametrize("kept", [(0,), (3, 17), (49,), tuple(range(50))])
def test_vectors_are_the_same_whether_kept_or_made(kept) -> None:
    rows = np.array([49, 0, 3, 17, 18])
    assert np.array_equal(some(*kept).at(rows), VECTORS[rows])
    assert np.array_equal(some(*kept).keeping(rows).at(rows), VECTORS[rows])


@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_the_nearest_centre_depends_neither_on_chunks_nor_on_what_is_kept(
    chunk, monkeypatch
) -> None:
    rows = np.arange(50)
    expected = OpinionVectors.of(VECTORS).nearest(rows, CENTRES)
    monkeypatch.setattr(opinionvectors, "CHUNK", chunk)
    labels, cosines = some(1, 2).nearest(rows, CENTRES)
    assert np.array_equal(labels, expected[0])
    assert np.array_equal(cosines, expected[1])
    own = np.where(rows % 5 == 0, -1, labels)
    assert np.array_equal(
        some(1, 2).cosines(own, CENTRES), OpinionVectors.of(VECTORS).cosines(own, CENTRES)
    )


def test_an_opinion_without_a_label_is_near_nothing() -> None:
    labels = np.full(50, -1)
    assert not OpinionVectors.of(VECTORS).cosines(labels, CENTRES).any()
    assert OpinionVectors.of(VECTORS).nearest(np.arange(0), CENTRES)[0].size == 0
