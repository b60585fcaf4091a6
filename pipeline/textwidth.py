"""How wide a text is where every character has one of two widths."""

from __future__ import annotations

import unicodedata
from typing import Literal


def text_width(text: str, *, ambiguous: Literal[1, 2] = 2) -> int:
    """Width of a line in columns: two for a full-width character, one for any other.

    Parameters
    ----------
    ambiguous
        Columns of what is wide in Japanese fonts only, such as Greek letters [1]_; terminals
        of today give it one.

    References
    ----------
    .. [1] Unicode Standard Annex #11, "East Asian Width".

    Examples
    --------
    >>> text_width("地域ab")
    6
    >>> text_width("κ"), text_width("κ", ambiguous=1)
    (2, 1)
    """
    wide = "WFA" if ambiguous == 2 else "WF"
    return sum(2 if unicodedata.east_asian_width(letter) in wide else 1 for letter in text)
