"""Intervals and tests agree with SciPy and with the papers that they come from."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact

from pipeline.statistics import (
    above_others,
    adjust,
    column_against_others,
    newcombe,
    two_shares,
    wilson,
)

_SHARES = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(_SHARES)
def test_a_wilson_interval_is_the_one_of_scipy(share: tuple[int, int]) -> None:
    k, n = share
    expected = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nobody_has_no_interval() -> None:
    assert all(math.isnan(limit) for limit in (*wilson(0, 0), *newcombe(0, 0, 3, 9)))


def test_more_people_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        wilson(5, 4)


@pytest.mark.parametrize(
    ("first", "second", "limits"),
    [
        # Newcombe (1998), table II, method 10; there the difference is first less second.
        ((48, 80), (56, 70), (0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.1705, 0.8090)),
        ((0, 10), (10, 10), (0.6075, 1.0)),
    ],
)
def test_a_difference_has_the_interval_that_newcombe_gives(
    first: tuple[int, int], second: tuple[int, int], limits: tuple[float, float]
) -> None:
    assert newcombe(*first, *second) == pytest.approx(limits, abs=5e-5)


@given(_SHARES, _SHARES)
def test_the_interval_holds_the_difference_and_turns_with_it(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    low, high = newcombe(*first, *second)
    assert low <= second[0] / second[1] - first[0] / first[1] <= high
    assert newcombe(*second, *first) == pytest.approx((-high, -low))


@given(_SHARES, _SHARES)
def test_two_shares_are_tested_as_scipy_does(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    (k1, n1), (k2, n2) = first, second
    found = two_shares(k1, n1, k2, n2)
    if k1 + k2 in {0, n1 + n2}:
        assert math.isnan(found)
        return
    table = [[k1, n1 - k1], [k2, n2 - k2]]
    chance = chi2_contingency(table, correction=False)
    exact = chance.expected_freq.min() < 5
    expected = fisher_exact(table).pvalue if exact else chance.pvalue
    assert found == pytest.approx(expected, abs=1e-9)


_ROWS = st.lists(_SHARES, min_size=2, max_size=5)


@given(_ROWS)
def test_a_cell_is_tested_as_scipy_does_with_its_smaller_tail_doubled(
    row: list[tuple[int, int]],
) -> None:
    counts, bases = [k for k, _ in row], [n for _, n in row]
    did, people = sum(counts), sum(bases)
    for found, (k, n) in zip(column_against_others(counts, bases)[0], row, strict=True):
        if did in {0, people}:
            assert math.isnan(found)
            continue
        table = [[k, n - k], [did - k, people - n - did + k]]
        tails = [fisher_exact(table, side).pvalue for side in ("less", "greater")]
        assert found == pytest.approx(min(1, 2 * min(tails)), rel=1e-6)


@given(_ROWS)
def test_more_in_one_column_is_less_in_all_others_together(row: list[tuple[int, int]]) -> None:
    counts, bases = [k for k, _ in row], [n for _, n in row]
    two = [counts[0], sum(counts[1:])], [bases[0], sum(bases[1:])]
    assert above_others(*two)[0].sum() == 0
    assert above_others(*two)[0, 0] == above_others(counts, bases)[0, 0]
    first, second = column_against_others(*two)[0]
    assert first == pytest.approx(second, rel=1e-6, nan_ok=True)


def test_one_column_has_nothing_to_be_compared_with() -> None:
    assert np.isnan(column_against_others([[4]], [40])).all()


def test_a_cell_above_its_base_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="more people"):
        column_against_others([[41, 0]], [40, 60])


def test_corrected_values_are_never_smaller_and_missing_ones_stay_missing() -> None:
    found = adjust([0.01, math.nan, 0.02, 0.5])
    assert found[[0, 2, 3]] == pytest.approx([0.03, 0.03, 0.5])
    assert math.isnan(found[1])
    assert np.isnan(adjust([math.nan])).all()
    assert adjust([]).shape == (0,)


def test_a_large_study_takes_no_time() -> None:
    chance = np.random.default_rng(1)
    bases = chance.integers(20, 200, 12)
    counts = chance.binomial(bases, 0.1, (70, 12))
    start = time.perf_counter()
    adjust(np.concatenate([column_against_others(counts, bases).ravel() for _ in range(2)]))
    assert time.perf_counter() - start < 0.3


@given(_ROWS, st.data())
def test_rows_are_tested_as_if_each_stood_alone(
    row: list[tuple[int, int]], data: st.DataObject
) -> None:
    bases = [n for _, n in row]
    rows = [[k for k, _ in row], [data.draw(st.integers(0, n)) for n in bases]]
    for compare in (column_against_others, above_others):
        alone = np.vstack([compare([own], bases) for own in rows])
        np.testing.assert_array_equal(compare(rows, bases), alone)
