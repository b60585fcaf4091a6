"""Numbers once each: the same as NumPy's own, which takes longer."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.distinct import counted_numbers, distinct_numbers


@given(st.lists(st.integers(-5, 5) | st.integers(-(2**62), 2**62)))
def test_every_number_comes_once_with_its_count(numbers: list[int]) -> None:
    own = np.array(numbers, dtype=np.int64)
    expected, counts = np.unique(own, return_counts=True)
    found, found_counts = counted_numbers(own)
    assert found.tolist() == distinct_numbers(own).tolist() == expected.tolist()
    assert found_counts.tolist() == counts.tolist()
    assert own.tolist() == numbers  # those of the caller are not touched
