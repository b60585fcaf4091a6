"""Agreement beyond chance: the textbooks' own examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement.coders import cohen_kappa, krippendorff_alpha

ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2)


def test_kappa_of_the_textbook_table_is_two_fifths():
    # Two readers of 50 proposals: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
    one = ["yes"] * 25 + ["no"] * 25
    other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(one, other) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


@pytest.mark.parametrize(
    ("one", "other", "alpha"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
)
def test_alpha_of_two_observers_is_krippendorffs_figure(one, other, alpha):
    # Krippendorff (2011), his examples of ten units with two and twelve with five names.
    assert krippendorff_alpha(one, other) == pytest.approx(alpha, abs=5e-4)


def test_alpha_of_four_observers_with_missing_labels_is_krippendorffs_figure():
    # Krippendorff (2011), his example of twelve units; a blank is a missing label.
    coders = "123321412   ", "1233224125 3", " 3332342251 ", "12332441251 "
    given_labels = [[None if label == " " else label for label in coder] for coder in coders]
    assert krippendorff_alpha(*given_labels) == pytest.approx(0.743, abs=5e-4)


def test_alpha_of_two_full_columns_is_the_closed_form():
    # 3 of 4 rows agree; a 5 times, b 3 times: 1 - 7 · 2 / (64 - 25 - 9).
    assert krippendorff_alpha("aaab", "aabb") == pytest.approx(1 - 7 * 2 / 30)


@given(ROWS)
def test_who_says_the_same_agrees_perfectly_or_cannot_be_judged(rows):
    one = [first for first, _ in rows]
    expected = 1.0 if len(set(one)) > 1 else None
    assert cohen_kappa(one, one) == expected
    assert krippendorff_alpha(one, one) == expected


@given(ROWS, st.randoms())
def test_the_order_of_rows_and_of_coders_does_not_matter(rows, random):
    one, other = zip(*rows, strict=True)
    second, first = zip(*random.sample(rows, len(rows)), strict=True)
    for measure in (cohen_kappa, krippendorff_alpha):
        assert measure(one, other) == pytest.approx(measure(first, second))


def test_labels_that_cannot_be_paired_or_are_all_one_have_no_alpha():
    assert krippendorff_alpha(["a", None], [None, "b"]) is None
    assert krippendorff_alpha(["a", "a"], ["a", "a"]) is None
