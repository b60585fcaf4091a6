"""A word in its context (KWIC): how the characteristic words of an issue are used.

Lines are cut out of the voices as they stand (people masked); nothing is put into
other words. References: Luhn (1960), Key word-in-context index for technical
literature, American Documentation 11(4).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WORDS_SHOWN = 3
"""Words of an issue that are shown in context."""

LINES_SHOWN = 3
"""Lines of one word."""

CONTEXT = 16
"""Characters on either side of the word."""

CUT = "…"


class KwicLine(NamedTuple):
    """One place where a word stands, with what is before and behind it."""

    before: str
    word: str
    after: str


def find_lines(words: Sequence[str], texts: Iterable[str]) -> tuple[KwicLine, ...]:
    """Show words where they stand.

    Parameters
    ----------
    words
        Characteristic words, the most characteristic first. A word whose written form
        differs in the voices is passed over.
    texts
        Voices, the most telling first; each is used once a word.

    Returns
    -------
    tuple of KwicLine
        At most :data:`WORDS_SHOWN` × :data:`LINES_SHOWN` lines; of one word, sorted by what
        stands behind it, as is usual, so that the same uses stand together.

    Examples
    --------
    >>> find_lines(["バス"], ["朝のバスが少ない"])
    (KwicLine(before='朝の', word='バス', after='が少ない'),)
    """
    voices = [" ".join(text.split()) for text in texts]
    found: list[KwicLine] = []
    n_words = 0
    for word in words:
        lines = list(islice(_lines(word, voices), LINES_SHOWN))
        if lines:
            found += sorted(lines, key=lambda line: (line.after, line.before))
            n_words += 1
        if n_words == WORDS_SHOWN:
            break
    return tuple(found)


def cut_line(text: str, start: int, end: int, context: int = CONTEXT) -> KwicLine:
    """Cut the characters from `start` to `end` out of a text, with some on either side.

    Examples
    --------
    >>> cut_line("朝のバスが少ない", 2, 4, 3)
    KwicLine(before='朝の', word='バス', after='が少な…')
    """
    before, after = text[max(start - context, 0) : start], text[end : end + context]
    return KwicLine(
        (CUT if start > context else "") + before,
        text[start:end],
        after + (CUT if end + context < len(text) else ""),
    )


def _lines(word: str, voices: Sequence[str]) -> Iterator[KwicLine]:
    seen = set()
    for text in voices:
        start = text.find(word)
        if start < 0:
            continue
        end = start + len(word)
        # A voice that is the word alone shows no use of it.
        if end - start == len(text):
            continue
        line = cut_line(text, start, end)
        if line not in seen:
            seen.add(line)
            yield line
