"""A stretch of text that points at a person, and the two forms that a text takes without it.

Two forms are made of every text: the masked one that people read
(「［電話番号］」) and a blanked one of equal length that is analysed, so that
offsets still lead back to the raw text and no masked string becomes a word or a
title.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

HIDDEN: Final = "個人情報"
"""Label of what a reviewer hid."""

LABELS: Final = (
    "氏名",
    "住所",
    "電話番号",
    "メールアドレス",
    "郵便番号",
    "マイナンバー",
    "口座番号",
    "カード番号",
    "番号",
    "生年月日",
    "アカウント",
    "URL",
    HIDDEN,
)
"""What a masked stretch may be."""

LABEL: Final = re.compile("［(?:" + "|".join(LABELS) + ")］")
"""What stands in a masked text in the place of what was masked."""


class PersonalSpan(NamedTuple):
    """A stretch of text to be masked: characters and what it is."""

    start: int
    end: int
    label: str


def mask(text: str, spans: Sequence[PersonalSpan]) -> str:
    """Text for people: every span replaced by its label in ［ ］."""
    if not spans:
        return text
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], f"［{span.label}］"]
        position = span.end
    return "".join([*pieces, text[position:]])


def blank(text: str, spans: Sequence[PersonalSpan]) -> str:
    """Text for analysis: every span replaced by as many full stops."""
    if not spans:
        return text
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = "。" * (span.end - span.start)
    return "".join(characters)


def blank_labels(text: str) -> str:
    """Masked text for analysis: full stops for every label, so that it is no word.

    Examples
    --------
    >>> blank_labels("［氏名］さんが困っている")
    '。。。。さんが困っている'
    """
    return LABEL.sub(lambda found: "。" * len(found[0]), text)


def outside(text: str, spans: Sequence[PersonalSpan]) -> list[tuple[int, int]]:
    """Stretches of a text outside some spans and outside the labels of an earlier masking.

    Examples
    --------
    >>> outside("電話［電話番号］は山田", [PersonalSpan(9, 11, "氏名")])
    [(0, 2), (8, 9)]
    """
    labels = [match.span() for match in LABEL.finditer(text)] if "［" in text else []
    if not labels and not spans:
        return [(0, len(text))] if text else []
    stops = sorted([*labels, *((one.start, one.end) for one in spans)])
    starts = [0, *(end for _, end in stops)]
    ends = [*(start for start, _ in stops), len(text)]
    return [one for one in zip(starts, ends, strict=True) if one[0] < one[1]]


def unmasked(span: tuple[int, int], spans: Sequence[PersonalSpan]) -> tuple[int, int]:
    """Characters of a text that a stretch of its masked form stands for.

    A stretch that begins or ends inside a label takes in all of what the label hides.

    Examples
    --------
    >>> unmasked((9, 11), [PersonalSpan(2, 14, "電話番号")])  # 「電話［電話番号］は山田」
    (15, 17)
    """
    start, end = span
    raw_start, raw_end = start, end
    shift = 0
    for one in spans:
        label_start = one.start - shift
        label_end = label_start + len(one.label) + 2
        shift_after = shift + (one.end - one.start) - (len(one.label) + 2)
        if start >= label_end:
            raw_start = start + shift_after
        elif start > label_start:
            raw_start = one.start
        if end >= label_end:
            raw_end = end + shift_after
        elif end > label_start:
            raw_end = one.end
        shift = shift_after
    return raw_start, raw_end


def clipped(spans: Sequence[PersonalSpan], start: int, end: int) -> list[PersonalSpan]:
    """Spans of a text as spans of ``text[start:end]``; what is cut in two stays masked.

    Examples
    --------
    >>> clipped([PersonalSpan(2, 6, "氏名"), PersonalSpan(9, 12, "住所")], 4, 9)
    [PersonalSpan(start=0, end=2, label='氏名')]
    """
    if not spans:
        return []
    return [
        PersonalSpan(max(one.start, start) - start, min(one.end, end) - start, one.label)
        for one in spans
        if one.start < end and start < one.end
    ]
