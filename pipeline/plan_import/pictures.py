"""Lines of speech bubbles → pictures of the future, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.plan_import.text import ends_sentence, is_note, join_lines, runs_on
from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.plan_import.outline import Part

WIDEST_BUBBLE: Final = 56
"""Columns of a line in a bubble; lines of the text itself are wider."""

_LONGEST_PICTURE: Final = 160  # columns


def split_pictures(parts: Sequence[Part], *, detached: bool) -> tuple[list[str], list[Part]]:
    """Split lines into pictures.

    Parameters
    ----------
    parts
        Lines, or items of a list, each of which is a picture of its own.
    detached
        They stand away from their heading: only short lines that make whole polite
        sentences (「…が広がっています」) are taken for pictures.

    Returns
    -------
    pictures, rest
        Texts, and the parts that are in none.
    """
    polite = detached or any(ends_sentence(part.text) for part in parts)
    pictures: list[str] = []
    rest: list[Part] = []
    begun: list[Part] = []

    def close(*, whole: bool) -> None:
        text = join_lines(part.text for part in begun)
        if whole and begun and text_width(text) <= _LONGEST_PICTURE:
            pictures.append(text)
        else:
            rest.extend(begun)
        begun.clear()

    for place, part in enumerate(parts):
        odd = is_note(part.text) or (detached and text_width(part.text) > WIDEST_BUBBLE)
        if part.kind == "item" or odd:
            close(whole=not polite)
            begun.append(part)
            close(whole=not odd)
            continue
        begun.append(part)
        text = join_lines(one.text for one in begun)
        following = parts[place + 1].text if place + 1 < len(parts) else ""
        if polite:
            if ends_sentence(text) and not runs_on(text, following, full=False):
                close(whole=True)
        elif not runs_on(part.text, following, full=False):
            close(whole=True)
    close(whole=not polite)
    return pictures, rest
