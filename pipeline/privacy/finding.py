"""Everything in a text that points at a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.privacy.addresses import find_addresses
from pipeline.privacy.again import find_again, known_names
from pipeline.privacy.names import find_names
from pipeline.privacy.numbers import find_numbers_in
from pipeline.privacy.seen import as_seen, as_written
from pipeline.privacy.spans import LABEL, PersonalSpan, outside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

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
    seen = as_seen(text)
    kept = [own for word in public for own in _all(as_seen(word).text, seen.text)]
    read: _Read = {}
    found: list[PersonalSpan] = []
    # What is masked divides a text: what is left is read again, as it will be read then.
    while new := _next(seen.text, found, kept, read):
        found += new
    return as_written(sorted(found), seen) if found else []


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
    if not found:
        return
    known = known_names(text[own.start : own.end] for own in found if own.label == _NAME)
    yield [
        PersonalSpan(start + first, start + last, _NAME)
        for start, end in sentences
        for first, last in (find_again(text[start:end], known) if known else ())
    ]


def _contacts(text: str, found: list[PersonalSpan]) -> set[int]:
    """Where telephone numbers, addresses and the like begin and end, masked before or now."""
    own = [(one.start, one.end) for one in found if one.label != _NAME]
    if "［" in text:
        own += [label.span() for label in LABEL.finditer(text) if _NAME not in label[0]]
    return {edge for one in own for edge in one}


def names_in(found: Iterable[tuple[str, Sequence[PersonalSpan]]]) -> frozenset[str]:
    """Names that some texts tell to be ones, as far as they can mean nothing else.

    Parameters
    ----------
    found
        Texts with what :func:`find_personal` found in each.
    """
    told = {
        as_seen(text[own.start : own.end]).text
        for text, spans in found
        for own in spans
        if own.label == _NAME
    }
    return known_names(sorted(told))


def with_names(
    text: str, spans: Sequence[PersonalSpan], names: Collection[str], public: Collection[str] = ()
) -> list[PersonalSpan]:
    """Add where names stand that another text of the study told to be ones.

    「栗花落さんに助けられた」 in one answer, 「栗花落が来た」 in another.

    Parameters
    ----------
    spans
        What was found in the text by itself.
    names
        As of :func:`names_in`.
    public
        As in :func:`find_personal`.
    """
    seen = as_seen(text)
    if not any(name in seen.text for name in names):
        return list(spans)
    kept = [own for word in public for own in _all(as_seen(word).text, seen.text)]
    again = [
        PersonalSpan(own.start() + first, own.start() + last, _NAME)
        for own in _SENTENCE.finditer(seen.text)
        for first, last in find_again(own[0], names)
        if not any(
            start <= own.start() + first and own.start() + last <= end for start, end in kept
        )
    ]
    taken = [*spans, *(PersonalSpan(*own.span(), "") for own in LABEL.finditer(text))]
    more = [
        own
        for own in as_written(again, seen)
        if not any(own.start < other.end and other.start < own.end for other in taken)
    ]
    return sorted([*spans, *more])


def _all(word: str, text: str) -> _Pieces:
    return [own.span() for own in re.finditer(re.escape(word), text)] if word else []
