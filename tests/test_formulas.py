"""What a spreadsheet would run is made text, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.formulas import guard_formula, unguard_formula

TEXTS = st.text(st.sampled_from("'=+-@＝＋－＠\t\r\n道a "), max_size=6)


@given(TEXTS)
@example("''=1")
@example("'")
def test_every_text_comes_back(text):
    assert unguard_formula(guard_formula(text)) == text


@given(TEXTS)
def test_nothing_that_is_written_begins_as_a_formula(text):
    assert not guard_formula(text).startswith(tuple("=+-@＝＋－＠\t\r\n"))


@pytest.mark.parametrize("text", ["", "道が暗い", "'安心' なまち", "a=1", "1-2"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert guard_formula(text) == text == unguard_formula(text)
