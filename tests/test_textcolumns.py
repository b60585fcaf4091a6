"""Columns of texts are asked as a whole, and say what pandas says."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.textcolumns import among

TEXTS = st.lists(st.sampled_from(["", "a", "あ", "東", "b"]), max_size=12)


@pytest.mark.parametrize("kind", ["str", "object"])
@given(texts=TEXTS, others=TEXTS)
def test_a_text_is_among_others_as_pandas_says(kind, texts, others) -> None:
    column = pd.Series(texts, dtype=kind)
    assert among(column, others).tolist() == column.isin(others).tolist()
    assert among(column, pd.Series(others, dtype="str")).tolist() == column.isin(others).tolist()
