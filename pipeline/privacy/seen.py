"""A text as its reader sees it: what is invisible left out, every sign with its place.

A zero-width space inside a telephone number, a number that a line break divides, a digit of
another script, a title in kana of half width: a reader sees a number or a name, and so must
whoever looks for them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.privacy.digits import DIGIT, HYPHEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.privacy.spans import PersonalSpan

# Controls, soft hyphens, marks that combine (but those of kana), fillers, joiners, signs of
# direction, selectors of variants.
_INVISIBLE: Final = (
    "[\x01-\x08\x0e-\x1f\x7f\xad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_BLANK: Final = "[ \u3000]*"
_BROKEN: Final = (
    rf"(?<={DIGIT}){_BLANK}\r?\n{_BLANK}(?={HYPHEN}{DIGIT})"
    rf"|(?<={DIGIT}{HYPHEN}){_BLANK}\r?\n{_BLANK}(?={DIGIT})"
)
_DROPPED: Final = re.compile(f"{_INVISIBLE}|{_BROKEN}")
_KANA: Final = "[\uff66-\uff9d][\uff9e\uff9f]?"
_SPACE: Final = "[\t\xa0\u1680\u2000-\u200a\u202f\u205f]"
_OTHER_DIGIT: Final = r"(?![0-9０-９])\d"
_CHANGED: Final = re.compile(f"{_KANA}|{_SPACE}|{_OTHER_DIGIT}")
_THREE_LINES: Final = re.compile(
    rf"(?<!{DIGIT})[0０]{DIGIT}{{1,4}}(\r?\n){DIGIT}{{1,4}}(\r?\n){DIGIT}{{4}}(?!{DIGIT})"
)

# What nothing above speaks of, most texts whole; a line break matters only beside digits.
_PLAIN: Final = re.compile("[ -~\r\n…―—‐’“”\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff！-～]*")
_DIGIT: Final = re.compile(DIGIT)


class Seen(NamedTuple):
    """A text as it is seen.

    Attributes
    ----------
    text
        Without what is invisible.
    places
        Where each of its characters begins in the text as written, and where that ends.
    """

    text: str
    places: list[int] | range


def as_seen(text: str) -> Seen:
    r"""Leave out what nobody sees.

    Examples
    --------
    >>> as_seen("090\u200b1234\u200b5678").text, as_seen("ﾀﾞﾃｻﾝ").text
    ('09012345678', 'ダテサン')
    """
    seen = Seen(text, range(len(text) + 1))
    if _PLAIN.fullmatch(text) and not ("\n" in text and _DIGIT.search(text)):
        return seen
    seen = _without(seen, ((*own.span(), "") for own in _DROPPED.finditer(seen.text)))
    seen = _without(seen, ((*own.span(), _plain(own[0])) for own in _CHANGED.finditer(seen.text)))
    breaks = (own.span(n) for own in _THREE_LINES.finditer(seen.text) for n in (1, 2))
    return _without(seen, ((*own, " ") for own in breaks))


def as_written(spans: Iterable[PersonalSpan], seen: Seen) -> list[PersonalSpan]:
    """Spans of what is seen as spans of what was written."""
    if isinstance(seen.places, range):
        return list(spans)
    return [own._replace(start=seen.places[own.start], end=seen.places[own.end]) for own in spans]


def _plain(sign: str) -> str:
    if sign.isspace():
        return " "
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return unicodedata.normalize("NFKC", sign)[:1] or sign


def _without(seen: Seen, changes: Iterable[tuple[int, int, str]]) -> Seen:
    """Put one character or none in the place of each stretch."""
    pieces: list[str] = []
    places: list[int] = []
    position = 0
    for start, end, sign in changes:
        pieces += [seen.text[position:start], sign]
        places += [*seen.places[position:start], *([seen.places[start]] if sign else [])]
        position = end
    if not pieces:
        return seen
    text = "".join([*pieces, seen.text[position:]])
    return Seen(text, [*places, *seen.places[position:]])
