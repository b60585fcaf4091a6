"""Mask what points at a person before a text leaves the confidential table.

Two forms are made of every text: the masked one that people read
(「［電話番号］」) and a blanked one of equal length that is analysed, so that
offsets still lead back to the raw text and no masked string becomes a word or a
title.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class PersonalSpan(NamedTuple):
    """A stretch of text to be masked: characters and what it is."""

    start: int
    end: int
    label: str


_D: Final = "[0-9０-９]"
_HYPHEN: Final = "[-‐‑–—―−－ー()（）]"

# The order decides where two patterns meet: the longer, more certain one first.
_PATTERNS: Final = (
    (
        "メールアドレス",
        re.compile(r"[A-Za-z0-9０-９._%+\-]{1,64}[@＠][A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"),
    ),
    ("URL", re.compile(r"(?:https?://|www\.)[\x21-\x7e]{1,2000}", re.IGNORECASE)),
    (
        "電話番号",
        re.compile(
            rf"(?<!{_D})[(（]?[0０]{_D}{{1,4}}{_HYPHEN}{{1,2}}{_D}{{1,4}}{_HYPHEN}{_D}{{3,4}}(?!{_D})"
            rf"|(?<!{_D})[0０][5-9５-９][0０]{_D}{{8}}(?!{_D})"
        ),
    ),
    (
        "郵便番号",
        re.compile(rf"〒\s?{_D}{{3}}{_HYPHEN}?{_D}{{4}}|(?<!{_D}){_D}{{3}}[-－−]{_D}{{4}}(?!{_D}|[-－−])"),
    ),
)  # fmt: skip


def find_personal(text: str) -> list[PersonalSpan]:
    """Telephone numbers, mail addresses, web addresses and postcodes in a text.

    Returns
    -------
    list of PersonalSpan
        In order, not overlapping.
    """
    found: list[PersonalSpan] = []
    for label, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= span.start or match.start() >= span.end for span in found):
                found.append(PersonalSpan(match.start(), match.end(), label))
    return sorted(found)


def mask(text: str, spans: list[PersonalSpan]) -> str:
    """Text for people: every span replaced by its label in ［ ］."""
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], f"［{span.label}］"]
        position = span.end
    return "".join([*pieces, text[position:]])


def blank(text: str, spans: list[PersonalSpan]) -> str:
    """Text for analysis: every span replaced by as many full stops."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = "。" * (span.end - span.start)
    return "".join(characters)
