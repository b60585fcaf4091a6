"""Pieces of patterns that everything with digits shares."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGIT: Final = "[0-9０-９]"
HYPHEN: Final = "[-‐‑–—―−－ーｰ]"
GAP: Final = "[-‐‑–—―−－ーｰ()（） 　]"
LETTER: Final = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"


def plain_digits(text: str) -> str:
    """Only the digits of a text, half width."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if "0" <= sign <= "9")


def is_my_number(digits: str) -> bool:
    """Whether the last of twelve digits is the check digit of an individual number.

    References
    ----------
    総務省令第85号（平成26年）第5条: 11 - (Σ P_n·Q_n mod 11), 0 where the remainder is 0 or 1,
    n counted from the right without the check digit; Q_n = n + 1 up to 6, n - 5 after that.

    Examples
    --------
    >>> is_my_number("123456789018"), is_my_number("123456789012")
    (True, False)
    """
    if len(digits) != 12:
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(one) * weight for one, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def is_card_number(digits: str) -> bool:
    """Whether 14 to 16 digits satisfy Luhn's sum, as those of payment cards do.

    References
    ----------
    ISO/IEC 7812-1, annex B.

    Examples
    --------
    >>> is_card_number("4000000000000002"), is_card_number("4000000000000001")
    (True, False)
    """
    if not 14 <= len(digits) <= 16 or len(set(digits)) == 1:
        return False
    return _luhn([int(one) for one in reversed(digits)]) % 10 == 0


def _luhn(digits: Sequence[int]) -> int:
    doubled = (one * 2 for one in digits[1::2])
    return sum(digits[::2]) + sum(one - 9 if one > 9 else one for one in doubled)
