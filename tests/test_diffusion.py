"""The common space of several views: neighbours stay together, whatever the order or the machine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from pipeline import diffusion
from pipeline.diffusion import common_space


def view(n, seed=0, kinds=4, spread=0.3, width=10):
    """Rows of unit length around `kinds` directions in turn."""
    random = np.random.default_rng(seed)
    rows = np.eye(kinds, width)[np.arange(n) % kinds] + spread * random.standard_normal((n, width))
    return np.round(rows / np.sqrt((rows**2).sum(axis=1, keepdims=True)), 5)


def lengths(space):
    return np.sqrt((space**2).sum(axis=1))


def cosines(space):
    return space @ space.T


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 70), st.integers(0, 100), st.sets(st.integers(0, 69), max_size=8))
def test_rows_are_of_unit_length_or_zero(n, seed, silent):
    views = [view(n, seed), view(n, seed + 1, kinds=3)]
    unseen = [row for row in silent if row < n]
    for own in views:
        own[unseen] = 0.0
    found = common_space(views)
    assert found.shape[0] == n
    assert np.isfinite(found).all()
    zero = lengths(found) == 0.0
    assert np.all(zero | (np.abs(lengths(found) - 1.0) < 1e-9))
    assert zero[unseen].all()


@pytest.mark.parametrize("n", [12, 29, 30, 61, 140])
def test_another_order_of_the_texts_gives_the_same_likenesses(n):
    views = [view(n, 3), view(n, 4, kinds=5)]
    order = np.random.default_rng(n).permutation(n)
    expected = cosines(common_space(views))[np.ix_(order, order)]
    assert np.abs(cosines(common_space([own[order] for own in views])) - expected).max() < 1e-6


def test_equal_texts_do_not_make_the_order_matter():
    """Many are equally near; all of them are neighbours, so that none is chosen by its place."""
    one = np.repeat(view(20, 5), 4, axis=0)
    order = np.random.default_rng(1).permutation(80)
    expected = cosines(common_space([one]))[np.ix_(order, order)]
    assert np.abs(cosines(common_space([one[order]])) - expected).max() < 1e-6


def test_a_text_that_is_like_no_other_in_any_view_is_zero():
    views = [view(40, 1, width=8), view(40, 2, width=8)]
    views = [np.pad(own, ((0, 1), (0, 1))) for own in views]
    views[0][40, 8] = 1.0  # a direction of its own; the other view knows nothing of it
    found = common_space(views)
    assert not found[40].any()
    assert (lengths(found[:40]) > 0.5).all()


def test_one_view_is_enough_to_be_placed():
    views = [view(40, 1), view(40, 1)]
    views[1][:10] = 0.0
    assert (lengths(common_space(views)) > 0.5).all()


def test_parts_that_nothing_connects_stay_apart():
    parts = np.kron(np.eye(3), np.ones((15, 4)))
    rows = parts * np.tile(view(45, 2, width=12) + 1.0, 1)
    rows /= np.sqrt((rows**2).sum(axis=1, keepdims=True))
    likeness = cosines(common_space([rows]))
    same = np.kron(np.eye(3), np.ones((15, 15))) > 0
    assert likeness[same].mean() > 0.3
    assert likeness[~same].mean() < 0.0
    assert likeness[~same].max() < likeness[same].mean()
    order = np.random.default_rng(2).permutation(45)
    other = cosines(common_space([rows[order]]))
    assert np.abs(other - likeness[np.ix_(order, order)]).max() < 1e-6


def test_texts_of_one_kind_lie_together():
    kind = np.arange(120) % 4
    likeness = cosines(common_space([view(120, 7), view(120, 8)]))
    same = kind[:, None] == kind[None, :]
    assert likeness[same].mean() > likeness[~same].mean() + 0.3


def test_few_texts_are_placed_as_the_views_say():
    """A graph of a few texts says no more than their cosines."""
    views = [view(10, 1), view(10, 2)]
    expected = sum(cosines(own) for own in views) / 2
    assert np.abs(cosines(common_space(views)) - expected).max() < 1e-4


def test_the_number_of_threads_changes_no_bit():
    views = [view(300, 1), view(300, 2)]
    made = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            made.append(common_space(views))
    assert made[0].tobytes() == made[1].tobytes() == common_space(views).tobytes()


def test_the_sparse_solver_sees_the_same_as_the_full_one(monkeypatch):
    """It takes over where all eigenvectors would be slow, and gives way where it fails."""
    views = [view(200, 1), view(200, 2)]
    expected = cosines(common_space(views))
    monkeypatch.setattr(diffusion, "_DENSE", 100)
    assert np.abs(cosines(common_space(views)) - expected).max() < 1e-6

    def give_up(*_, **__):
        raise diffusion.ArpackError(3)

    monkeypatch.setattr(diffusion, "eigsh", give_up)
    assert np.abs(cosines(common_space(views)) - expected).max() < 1e-6


def test_a_large_number_of_texts_is_compared_piece_by_piece(monkeypatch):
    views = [view(70, 1)]
    expected = common_space(views)
    monkeypatch.setattr(diffusion, "_CHUNK", 32)
    assert np.abs(cosines(common_space(views)) - cosines(expected)).max() < 1e-6


@pytest.mark.parametrize("n", [0, 1, 2, 30, 31])
def test_texts_without_any_word_are_zero(n):
    found = common_space([np.zeros((n, 3)), np.zeros((n, 1))])
    assert found.shape[0] == n
    assert not found.any()
