"""Text of a planner's file as a part of one line in a terminal: harmless, and cut where it must."""

from __future__ import annotations

import unicodedata
from typing import Final

from pipeline.textlayout import width_of

# Fonts of Windows draw … in one column or in two; in a table only this is sure.
CUT: Final = ".."
_TAIL: Final = 3  # one part in three of a header that is cut stays at its end


def one_line(text: str) -> str:
    r"""Text as one line that can do nothing to a terminal but stand there.

    Examples
    --------
    >>> one_line("ご意見\n\x1b[2J欄\u202e")
    'ご意見 [2J欄'
    """
    return " ".join(harmless(text).split())


def harmless(text: str) -> str:
    """Text without controls: escape sequences, reversed writing, half surrogates."""
    return "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    )


def cut(text: str, width: int, *, tail: bool = False) -> str:
    """Text in so many columns; with a tail its end stays, where headers differ."""
    if width_of(text) <= width:
        return text
    room = width - len(CUT)
    end = ""
    if tail:
        for letter in reversed(text):
            if width_of(letter + end) > room // _TAIL:
                break
            end = letter + end
    start = ""
    for letter in text:
        if width_of(start + letter + end) > room:
            break
        start += letter
    return start + CUT + end
