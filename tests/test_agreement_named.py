"""Figures about goals, kinds and measures: worked out by hand, whatever the order of rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from pipeline.agreement.named import (
    Estimate,
    calibration_error,
    links_within_error,
    resolve_truth,
    score_labels,
    score_links,
)

GOALS = ["0", "1", "4", "6"]
# Ten rows. 1: two found, one missed, one too many; 4: all three; 0: three of four; 6: nobody.
TRUTH = ["1", "1", "1", "4", "4", "4", "0", "0", "0", "0"]
MACHINE = ["1", "1", "0", "4", "4", "4", "0", "0", "0", "1"]
LINKS = st.lists(
    st.tuples(st.sampled_from([0.1, 0.3, 0.55, 0.8, 0.8001, 1.0]), st.booleans()), min_size=1
)
PAIRS = st.lists(st.tuples(st.sampled_from(GOALS), st.sampled_from(GOALS)), min_size=1, max_size=30)


def value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def test_precision_recall_and_f1_of_every_goal_are_those_worked_out_by_hand():
    none, first, fourth, sixth = score_labels(TRUTH, MACHINE, GOALS).by_value
    assert (first.n, first.n_machine) == (3, 3)
    assert value(first.precision) == pytest.approx(2 / 3)
    assert value(first.recall) == pytest.approx(2 / 3)
    assert value(none.f1) == pytest.approx(2 * 3 / (4 + 4))
    assert (value(fourth.precision), value(fourth.recall), value(fourth.f1)) == (1.0, 1.0, 1.0)
    assert (sixth.n, sixth.precision, sixth.recall, sixth.f1) == (0, None, None, None)


def test_macro_f1_is_the_mean_over_the_goals_that_occur():
    scores = score_labels(TRUTH, MACHINE, GOALS)
    assert scores.macro_f1.value == pytest.approx((3 / 4 + 2 / 3 + 1) / 3)
    assert scores.accuracy.value == pytest.approx(0.8)
    assert scores.confusion == ((3, 1, 0, 0), (1, 2, 0, 0), (0, 0, 3, 0), (0, 0, 0, 0))


@given(PAIRS)
def test_accuracy_and_macro_f1_are_those_of_scikit_learn(pairs):
    truth, machine = zip(*pairs, strict=True)
    scores = score_labels(truth, machine, GOALS)
    assert scores.accuracy.value == pytest.approx(accuracy_score(truth, machine))
    expected = f1_score(truth, machine, average="macro", zero_division=0)
    assert scores.macro_f1.value == pytest.approx(expected)


@given(PAIRS, st.randoms())
def test_no_figure_and_no_interval_depends_on_the_order_of_rows(pairs, random):
    turned = random.sample(pairs, len(pairs))
    one = score_labels(*zip(*pairs, strict=True), GOALS)
    assert one == score_labels(*zip(*turned, strict=True), GOALS)


def test_intervals_hold_the_figure_and_shrink_with_more_rows():
    few = score_labels(TRUTH, MACHINE, GOALS)
    many = score_labels(TRUTH * 20, MACHINE * 20, GOALS)
    for small, large in ((few.accuracy, many.accuracy), (few.macro_f1, many.macro_f1)):
        assert small.low <= small.value <= small.high
        assert large.high - large.low < (small.high - small.low) / 3
    # A binomial share of .8 of 200 rows has a standard error of .028.
    assert many.accuracy.low == pytest.approx(0.8 - 1.96 * 0.0283, abs=0.01)
    assert many.accuracy.high == pytest.approx(0.8 + 1.96 * 0.0283, abs=0.01)


def test_a_goal_that_is_always_found_has_an_interval_without_width():
    fourth = score_labels(TRUTH, MACHINE, GOALS).by_value[2]
    assert fourth.f1 == Estimate(1.0, 1.0, 1.0)


def test_one_row_can_be_scored_but_says_nothing_beyond_chance():
    scores = score_labels(["1"], ["1"], GOALS)
    assert (scores.accuracy, scores.kappa, scores.alpha) == (Estimate(1.0, 1.0, 1.0), None, None)


def test_any_accepted_label_is_right_and_else_the_first_is_the_truth():
    accepted = [["1", "4"], ["1", "4"], ["1", "4"], ["0"]]
    assert resolve_truth(["4", "1", "6", "0"], accepted) == ["4", "1", "1", "0"]


def test_links_are_judged_apart_from_the_rows_without_one():
    found = score_links(TRUTH, MACHINE, [0.9] * 5 + [0.6] * 5, none="0")
    assert (found.n_links, found.coverage) == (6, pytest.approx(0.6))
    assert found.accuracy == pytest.approx(5 / 6)
    # Rows 1, 2, 4, 5 at .9 and right; 6 right and 10 wrong at .6.
    assert found.mean_confidence == pytest.approx((4 * 0.9 + 2 * 0.6) / 6)
    assert found.calibration_error == pytest.approx((4 * 0.1 + 2 * 0.1) / 6)
    assert [one.n_links for one in found.within_error] == [4, 4, 6]


def test_without_any_link_nothing_is_said_of_links():
    found = score_links(["1", "0"], ["0", "0"], [0.2, 0.1], none="0")
    assert (found.n_links, found.coverage, found.accuracy) == (0, 0.0, None)
    assert (found.mean_confidence, found.calibration_error, found.within_error) == (None, None, ())


def test_without_confidence_only_coverage_and_accuracy_are_told():
    found = score_links(TRUTH, MACHINE, None, none="0")
    assert found.accuracy == pytest.approx(5 / 6)
    assert (found.mean_confidence, found.calibration_error, found.within_error) == (None, None, ())


def test_the_calibration_error_of_a_true_confidence_is_zero():
    right = [True] * 9 + [False] + [True] * 3 + [False] * 7
    assert calibration_error([0.9] * 10 + [0.3] * 10, right) == pytest.approx(0.0, abs=1e-12)


def test_the_calibration_error_is_the_weighted_gap_of_the_bins():
    # Bin (.9, 1]: two rows, sure .95, half right; bin (.2, .3]: one, sure .3, right.
    made = calibration_error([0.95, 0.95, 0.3], [True, False, True])
    assert made == pytest.approx((2 * 0.45 + 1 * 0.7) / 3)


def test_gaps_inside_a_bin_cancel_and_between_bins_do_not():
    assert calibration_error([0.45, 0.45], [True, False]) == pytest.approx(0.05)
    assert calibration_error([0.45, 0.55], [True, False]) == pytest.approx(0.55)


def test_a_bin_is_closed_above_so_that_full_and_no_confidence_have_one():
    assert calibration_error([1.0, 0.0], [True, False]) == 0.0
    # .5 and .45 share a bin, .5 and .55 do not.
    assert calibration_error([0.5, 0.45], [True, False]) == pytest.approx(0.025)
    assert calibration_error([0.5, 0.55], [True, False]) == pytest.approx((0.5 + 0.55) / 2)


@given(LINKS, st.randoms(), st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.5]))
def test_neither_calibration_nor_coverage_depends_on_the_order_of_links(links, random, target):
    turned = random.sample(links, len(links))
    one, other = zip(*links, strict=True), zip(*turned, strict=True)
    (sure, right), (sure_turned, right_turned) = one, other
    assert calibration_error(sure, right) == calibration_error(sure_turned, right_turned)
    assert links_within_error(sure, right, target) == links_within_error(
        sure_turned, right_turned, target
    )


@given(LINKS, st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.5]))
def test_the_surest_links_that_are_taken_keep_to_the_target_and_more_would_not(links, target):
    sure, right = zip(*links, strict=True)
    taken = links_within_error(sure, right, target)
    ranked = sorted(links, key=lambda link: -link[0])
    cuts = [
        0,
        *(place for place in range(1, len(ranked)) if ranked[place][0] < ranked[place - 1][0]),
    ]
    kept = [
        cut
        for cut in [*cuts, len(ranked)]
        if sum(not good for _, good in ranked[:cut]) <= target * cut + 1e-9
    ]
    assert taken == max(kept)


def test_links_of_one_confidence_are_taken_together_or_not_at_all():
    assert links_within_error([0.9, 0.5, 0.5, 0.5], [True, True, True, False], 0.2) == 1
    assert links_within_error([0.9, 0.5, 0.5, 0.5], [True, True, True, False], 0.25) == 4


def test_a_wrong_link_among_the_surest_does_not_end_the_search():
    assert links_within_error([0.9, *[0.8] * 9], [False, *[True] * 9], 0.1) == 10


def test_every_interval_is_of_its_own_figure_even_where_the_goals_are_of_unlike_size():
    # Recall is high on both goals, F1 is not: half of the many were taken for one of the few.
    truth, machine = ["1"] * 10 + ["4"] * 90, ["1"] * 10 + ["1"] * 45 + ["4"] * 45
    scores = score_labels(truth, machine, GOALS)
    rates = [rate for one in scores.by_value for rate in (one.precision, one.recall, one.f1)]
    for found in (scores.accuracy, scores.macro_f1, *filter(None, rates)):
        assert found.low <= found.value <= found.high
        assert found.high - found.low < 0.35
