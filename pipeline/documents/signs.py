"""Signs of the fonts Wingdings and Symbol: minutes use them as bullets and boxes."""

from __future__ import annotations

from typing import Final

_SIGNS: Final = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x75: "◆", 0x76: "◆", 0x77: "◆", 0x9F: "・",
    0xA1: "○", 0xA7: "■", 0xA8: "□", 0xB7: "・", 0xD8: "➢", 0xE0: "→", 0xE8: "→", 0xF0: "⇒",
    0xFC: "✓", 0xFE: "☑",
}  # fmt: skip
_PRIVATE: Final = range(0xF000, 0xF100)  # where Word and PDF put the letters of such fonts

NO_LETTER: Final = "〓"
"""What Japanese printers set where a letter is missing."""


def is_sign(code: int) -> bool:
    """Whether a code is the place of a sign in such a font."""
    return code in _PRIVATE


def sign(code: int) -> str:
    """Letter that looks like a sign; 〓 where there is none."""
    return _SIGNS.get(code - _PRIVATE.start, NO_LETTER)
