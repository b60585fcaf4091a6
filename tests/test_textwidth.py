"""Width of Japanese text in columns."""

from __future__ import annotations

import pytest

from pipeline.textwidth import text_width


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("地域ab", 6), ("ﾊﾞｽ", 3), ("ＡＢ（）", 8), ("①", 2)]
)
def test_a_full_width_letter_is_two_columns_wide(text, width):
    assert text_width(text) == width


def test_what_is_wide_in_japanese_fonts_only_may_be_narrow():
    assert text_width("κとα", ambiguous=1) == 4
    assert text_width("κとα") == 6
