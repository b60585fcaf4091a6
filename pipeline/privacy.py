"""Mask what points at a person before a text leaves the confidential table.

Two forms are made of every text: the masked one that people read
(「［電話番号］」) and a blanked one of equal length that is analysed, so that
offsets still lead back to the raw text and no masked string becomes a word or a
title.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, NamedTuple


class PersonalSpan(NamedTuple):
    """A stretch of text to be masked: characters and what it is."""

    start: int
    end: int
    label: str


_D: Final = "[0-9０-９]"
_HYPHEN: Final = "[-‐‑–—―−－ーｰ]"
_GAP: Final = "[-‐‑–—―−－ーｰ()（） 　]"
_LETTER: Final = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
_NAME: Final = rf"[{_LETTER}_＿\-－]"
# 「300-1000円」 is a range, no postcode.
_UNIT: Final = "[ 　]?[円人名件個回台歩年度分時歳万千億世軒戸区%％‰mMkKgGｍｋｇ㎡㎞キメグト]"

# The order decides where two patterns meet: the longer, more certain one first.
_PATTERNS: Final = (
    (
        "メールアドレス",
        re.compile(rf"[{_LETTER}._%+．＿％＋\-－]{{1,64}}[@＠]{_NAME}{{1,63}}(?:[.．]{_NAME}{{1,63}}){{1,4}}"),
    ),
    (
        "URL",
        re.compile(r"(?:https?://|www\.)[\x21-\x7e]+|(?:ｈｔｔｐｓ?：／／|ｗｗｗ．)[\uff01-\uff07\uff0a-\uff3a\uff3e-\uff5a]+", re.IGNORECASE),
    ),
    (
        "電話番号",
        # Ten or eleven digits in up to four groups: 「08-09-2023」 is a date.
        re.compile(
            rf"(?:(?<!{_D})(?<!{_D}{_HYPHEN})[0０]|[(（][0０](?={_D}{{1,4}}[)）])|[+＋][8８][1１]{_GAP}{{0,2}}(?:[0０][)）]?)?)"
            rf"(?=(?:{_GAP}{{0,2}}{_D}){{9,10}}(?!{_D}))"
            rf"{_D}{{0,10}}(?:{_GAP}{{1,2}}{_D}{{1,8}}){{0,3}}(?!{_D})"
        ),
    ),
    (
        "郵便番号",
        re.compile(
            rf"〒[ 　]?{_D}{{3}}{_HYPHEN}?{_D}{{4}}(?!{_D}|{_HYPHEN}{_D})"
            rf"|(?<!{_D})(?<!{_D}{_HYPHEN}){_D}{{3}}{_HYPHEN}{_D}{{4}}(?!{_D}|{_HYPHEN}{_D}|{_UNIT})"
        ),
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
        position = 0
        # What has been found is cut off: it must not decide about what comes next to
        # it, or a second masking would find more than the first.
        while match := pattern.search(text[position:]):
            found.append(PersonalSpan(position + match.start(), position + match.end(), label))
            position += match.end()
        text = blank(text, found)
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


HIDDEN: Final = "個人情報"
"""Label of what a reviewer hid."""

LABEL: Final = re.compile("［(?:" + "|".join([*(label for label, _ in _PATTERNS), HIDDEN]) + ")］")
"""What stands in a masked text in the place of what was masked."""

_ALL: Final = "all"
_SPAN: Final = re.compile(r"(\d+)-(\d+)")
_HIDDEN_VALUE: Final = re.compile(rf"(?:{_ALL}|\d+-\d+(?: \d+-\d+)*);(?P<key>[0-9A-Z]+)")


class Hidden(NamedTuple):
    """What a reviewer wants hidden in every opinion of one wording.

    Attributes
    ----------
    spans
        Characters of the masked text of :func:`mask`; empty: all of it.
    key
        Digest of that text, so that it is found again without being written down.
    """

    spans: tuple[tuple[int, int], ...]
    key: str


def write_hidden(hidden: Hidden) -> str:
    """Write what is to be hidden as one value.

    Examples
    --------
    >>> write_hidden(Hidden(((0, 2), (8, 10)), "K3F9"))
    '0-2 8-10;K3F9'
    """
    spans = " ".join(f"{start}-{end}" for start, end in hidden.spans) or _ALL
    return f"{spans};{hidden.key}"


def parse_hidden(value: str) -> Hidden | None:
    """Read what :func:`write_hidden` wrote; ``None`` where it is something else."""
    match = _HIDDEN_VALUE.fullmatch(value)
    if match is None:
        return None
    spans = tuple((int(one[1]), int(one[2])) for one in _SPAN.finditer(value.partition(";")[0]))
    in_order = all(start < end for start, end in spans) and all(
        one[1] <= other[0] for one, other in pairwise(spans)
    )
    return Hidden(spans, match["key"]) if in_order else None


def joined_hidden(one: Hidden, other: Hidden) -> Hidden:
    """What two reviewers hid in one wording: all that either did.

    Examples
    --------
    >>> joined_hidden(Hidden(((0, 2),), "K"), Hidden(((1, 3), (5, 6)), "K")).spans
    ((0, 3), (5, 6))
    """
    if not one.spans or not other.spans:
        return Hidden((), one.key)
    found: list[tuple[int, int]] = []
    for start, end in sorted((*one.spans, *other.spans)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return Hidden(tuple(found), one.key)


def unmasked(span: tuple[int, int], spans: list[PersonalSpan]) -> tuple[int, int]:
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


def with_hidden(spans: list[PersonalSpan], hidden: Hidden, length: int) -> list[PersonalSpan]:
    """Add what a reviewer hid to what was found; where they meet it is one stretch.

    Parameters
    ----------
    length
        Of the text that `spans` belong to.
    """
    wanted = tuple(unmasked(span, spans) for span in hidden.spans) or ((0, length),)
    joined = joined_hidden(Hidden(wanted, hidden.key), Hidden(wanted, hidden.key))
    own = [PersonalSpan(start, min(end, length), HIDDEN) for start, end in joined.spans]
    apart = [
        one
        for one in spans
        if not any(one.start < other.end and other.start < one.end for other in own)
    ]
    return sorted([*apart, *(one for one in own if one.start < one.end)])
