"""A run's issues and a person's own grouping agree as far as can be worked out by hand."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sklearn import metrics

from pipeline.agreement.groups import compare_groups, rand_index

# Six rows: a person sees two groups of three; the run has one issue of four and two rows alone.
PEOPLE = ["バス", "バス", "バス", "公園", "公園", "公園"]
ISSUES = ["K1", "K1", "K1", "K1", "", ""]
RUN = ["K1", "K1", "K1", "K1", "alone 1", "alone 2"]


def test_pairs_that_are_together_are_counted_by_hand():
    found = compare_groups("まとまり", PEOPLE, RUN, ISSUES)
    # Together in both 3 pairs, in the run 6, for the person 6.
    assert (found.precision, found.recall, found.f1) == (3 / 6, 3 / 6, 6 / 12)


def test_precision_asks_the_run_and_recall_asks_the_person():
    found = compare_groups("まとまり", ["a", "a", "b"], ["1", "1", "1"], ["K1", "K1", "K1"])
    assert (found.precision, found.recall, found.f1) == (1 / 3, 1.0, 0.5)


def test_rows_labels_issues_and_what_stands_alone_are_counted():
    found = asdict(compare_groups("まとまり", PEOPLE, RUN, ISSUES))
    expected = {"label": "まとまり", "n_rows": 6, "n_labels": 2, "n_issues": 1, "alone": 2 / 6}
    assert {name: found[name] for name in expected} == expected


def test_rand_index_and_v_measure_are_those_of_scikit_learn():
    found = compare_groups("まとまり", PEOPLE, RUN, ISSUES)
    assert found.ari == rand_index(PEOPLE, RUN) == metrics.adjusted_rand_score(PEOPLE, RUN)
    assert found.homogeneity == pytest.approx(metrics.homogeneity_score(PEOPLE, RUN))
    assert found.completeness == pytest.approx(metrics.completeness_score(PEOPLE, RUN))
    assert found.v_measure == pytest.approx(metrics.v_measure_score(PEOPLE, RUN))


def test_where_nothing_is_together_pairs_have_no_figures():
    found = compare_groups("まとまり", ["a", "b"], ["1", "2"], ["", ""])
    assert (found.precision, found.recall, found.f1) == (None, None, None)
    assert (found.n_issues, found.alone) == (0, 1.0)
