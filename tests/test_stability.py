"""Stability: seeded resamples, and how much of a cluster comes back in them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stability import ALONE, RESAMPLES, best_jaccard, mean_stability, resampled


@pytest.mark.parametrize(
    ("labels", "again", "expected"),
    [
        ([0, 0, 1, 1], [0, 0, 1, 1], [1.0, 1.0]),
        ([0, 0, 1, 1], [7, 7, 3, 3], [1.0, 1.0]),
        ([0, 0, 1, 1], [0, 0, 0, 0], [0.5, 0.5]),
        ([0, 0, 0, 1], [0, 0, 1, 1], [2 / 3, 1 / 2]),
        ([0, 0, 1, 1], [ALONE, ALONE, 0, 0], [0.0, 1.0]),
        ([0, 0, 1, 1], [ALONE, 0, 1, 1], [0.5, 1.0]),
        ([ALONE, ALONE, 0, 0], [0, 0, 0, 0], [0.5]),
        ([0, 0], [0, 0], [1.0, None]),
        ([ALONE], [ALONE], []),
        ([], [], [None]),
    ],
)
def test_the_best_jaccard_similarity_is_that_of_the_sets(
    labels: list[int], again: list[int], expected: list[float | None]
) -> None:
    found = best_jaccard(np.array(labels, dtype=int), np.array(again, dtype=int), len(expected))
    assert found.tolist() == pytest.approx(
        [np.nan if e is None else e for e in expected], nan_ok=True
    )


LABELS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 4)), max_size=15)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(LABELS)
def test_the_best_jaccard_similarity_agrees_with_counting_sets(
    pairs: list[tuple[int, int]],
) -> None:
    labels, again = (np.array([pair[side] for pair in pairs], dtype=int) for side in (0, 1))
    sets = [{row for row, label in enumerate(again) if label == number} for number in range(5)]
    for number, best in enumerate(best_jaccard(labels, again, 4).tolist()):
        own = {row for row, label in enumerate(labels) if label == number}
        if own:
            assert best == pytest.approx(max(len(own & other) / len(own | other) for other in sets))
        else:
            assert np.isnan(best)


def test_resamples_are_the_same_each_time_and_hold_four_of_five() -> None:
    one, other = list(resampled(50)), list(resampled(50))
    assert len(one) == RESAMPLES
    for rows, again in zip(one, other, strict=True):
        assert rows.tolist() == again.tolist() == sorted(set(rows.tolist()))
        assert len(rows) == 40
    assert all(len(rows) == 10 for rows in resampled(50, 10))
    assert list(resampled(4)) == []


def test_resamples_in_which_nobody_of_a_cluster_was_do_not_count() -> None:
    values = [np.array([1.0, np.nan, np.nan]), np.array([0.5, 0.25, np.nan])]
    assert mean_stability(values, 3).tolist() == [0.75, 0.25, 0.0]
    assert mean_stability([], 2).tolist() == [0.0, 0.0]
