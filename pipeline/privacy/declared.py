"""What reviewers declare as not personal: a park that bears a name, the number of an office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.privacy.spans import PersonalSpan

PUBLIC: Final = "public"
"""Field of the decisions that declare strings as not personal, for the whole study."""

LEAST: Final = 2
"""Characters that a string has at least to be declared public."""

LONGEST: Final = 40
"""Characters that it has at most."""

OPENABLE: Final = frozenset(["氏名", "住所", "電話番号", "メールアドレス", "URL"])
"""Labels that may be opened: a place, an office or a public figure can have one of these."""

NAMES: Final = frozenset(["氏名", "住所"])
"""Labels of what is guessed from words; a reviewer's own title or comment may look like it."""

_BETWEEN: Final = "、"


def write_public(words: Iterable[str]) -> str:
    """Write strings that are declared public as one value.

    Examples
    --------
    >>> write_public(["田中児童公園", "佐藤橋", "佐藤橋"])
    '佐藤橋、田中児童公園'
    """
    return _BETWEEN.join(sorted(set(words)))


def parse_public(value: str) -> tuple[str, ...]:
    """Read what :func:`write_public` wrote."""
    return tuple(word for word in value.split(_BETWEEN) if word)


def why_not_public(word: str) -> str:
    """Why a string can be declared public by nobody, in Japanese; empty where it can.

    Examples
    --------
    >>> why_not_public("田中児童公園"), why_not_public("林")
    ('', '公開する言葉は2文字以上40文字までです')
    """
    if not LEAST <= len(word) <= LONGEST:
        return f"公開する言葉は{LEAST}文字以上{LONGEST}文字までです"
    if any(mark in word for mark in "［］[]、,，\n\r\t"):
        return "公開する言葉に、［ ］や区切りの記号は使えません"
    return ""


def inside(span: PersonalSpan, text: str, words: Collection[str]) -> bool:
    """Whether a span lies inside an occurrence of one of these strings."""
    return any(
        start <= span.start and span.end <= start + len(word)
        for word in words
        for start in occurrences(text, word)
    )


def occurrences(text: str, word: str) -> list[int]:
    """Where a string begins in a text, overlapping ones among them."""
    found: list[int] = []
    start = text.find(word) if word else -1
    while start >= 0:
        found.append(start)
        start = text.find(word, start + 1)
    return found


def covering(span: tuple[int, int], spans: Sequence[PersonalSpan]) -> tuple[int, int]:
    """Characters of the masked form of a text that hold a stretch of the text.

    The other way round than :func:`pipeline.privacy.spans.unmasked`; what touches a masked
    stretch takes in its label.

    Examples
    --------
    >>> from pipeline.privacy.spans import PersonalSpan
    >>> covering((4, 8), [PersonalSpan(2, 6, "氏名")])  # 「これ田中太郎です」
    (2, 8)
    """
    start, end = span
    shown_start = shown_end = -1
    shift = 0
    for one in spans:
        length = len(one.label) + 2
        if shown_start < 0 and start < one.end:
            shown_start = min(start, one.start) - shift
        if shown_end < 0 and end <= one.start:
            shown_end = end - shift
        elif shown_end < 0 and end <= one.end:
            shown_end = one.start - shift + length
        shift += one.end - one.start - length
    return (
        start - shift if shown_start < 0 else shown_start,
        end - shift if shown_end < 0 else shown_end,
    )
