"""How wide a text is where every character has one of two widths."""

from __future__ import annotations

import unicodedata
from typing import Final, Literal


class _Widths(dict[str, int]):
    """Character → columns; every character is looked up in Unicode's table once."""

    def __init__(self, wide: str) -> None:
        super().__init__()
        self._wide = wide

    def __missing__(self, letter: str) -> int:
        width = 2 if unicodedata.east_asian_width(letter) in self._wide else 1
        return self.setdefault(letter, width)


_WIDTHS: Final = {2: _Widths("WFA"), 1: _Widths("WF")}


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
    return sum(map(_WIDTHS[ambiguous].__getitem__, text))
