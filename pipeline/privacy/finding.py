"""Everything in a text that points at a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.privacy.addresses import find_addresses
from pipeline.privacy.again import find_again, known_names
from pipeline.privacy.names import find_names
from pipeline.privacy.numbers import find_numbers_in
from pipeline.privacy.spans import LABEL, PersonalSpan, outside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# A line or a sentence: names are looked for in one at a time.
_SENTENCE: Final = re.compile(r"[^。\n\r]+")
_NAME: Final = "氏名"

_Pieces = list[tuple[int, int]]
_Read = dict[tuple[str, bool, bool], list[tuple[int, int]]]


def find_personal(text: str, public: Collection[str] = ()) -> list[PersonalSpan]:
    """Names, addresses, numbers, mail and web addresses in a text.

    Parameters
    ----------
    text
        A whole answer: what stands around a name tells whether it is one.
    public
        Strings that are not personal, whatever they look like: nothing that lies inside
        an occurrence of one is found.

    Returns
    -------
    list of PersonalSpan
        In order, not overlapping. A text in which they are masked or blanked holds no more.
    """
    kept = [own.span() for word in public if word for own in re.finditer(re.escape(word), text)]
    read: _Read = {}
    found: list[PersonalSpan] = []
    # What is masked divides a text: what is left is read again, as it will be read then.
    while new := _next(text, found, kept, read):
        found += new
    return sorted(found)


def _next(text: str, found: list[PersonalSpan], kept: _Pieces, read: _Read) -> list[PersonalSpan]:
    """What the surest of the ways finds that finds anything outside what has been found."""
    pieces = outside(text, found)
    for spans in _ways(text, pieces, found, read):
        new = [
            own
            for own in spans
            if not any(start <= own.start and own.end <= end for start, end in kept)
        ]
        if new:
            return new
    return []


def _ways(
    text: str, pieces: _Pieces, found: list[PersonalSpan], read: _Read
) -> Iterator[list[PersonalSpan]]:
    yield find_numbers_in(text, pieces)
    yield find_addresses(text, pieces)
    sentences = [own.span() for piece in pieces for own in _SENTENCE.finditer(text, *piece)]
    names: list[PersonalSpan] = []
    contacts = _contacts(text, found)
    for start, end in sentences:
        key = (text[start:end], start > 0, start in contacts or end in contacts)
        if key not in read:
            read[key] = find_names(key[0], follows=key[1], near=key[2])
        names += [PersonalSpan(start + first, start + last, _NAME) for first, last in read[key]]
    yield names
    known = known_names(text[own.start : own.end] for own in found if own.label == _NAME)
    yield [
        PersonalSpan(start + first, start + last, _NAME)
        for start, end in sentences
        for first, last in (find_again(text[start:end], known) if known else ())
    ]


def _contacts(text: str, found: list[PersonalSpan]) -> set[int]:
    """Where telephone numbers, addresses and the like begin and end, masked before or now."""
    own = [(one.start, one.end) for one in found if one.label != _NAME]
    own += [label.span() for label in LABEL.finditer(text) if _NAME not in label[0]]
    return {edge for one in own for edge in one}
