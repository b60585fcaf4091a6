"""The voices that are quoted for an issue: few, whole, unlike each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

REPRESENTATIVES: Final = 3

_QUOTABLE: Final = (8, 80)
# A sentence that begins so needs the one before it.
_OPENINGS: Final = (
    "なので", "と、", "また", "しかし", "そして", "だから", "ただ", "それ", "その", "そう", "でも", "が、", "が　",
    "ので", "あと", "（", "(", "・", "、",
)  # fmt: skip
_ENDS: Final = ("。", "！", "!", "い", "る", "す", "た")
_LARGE: Final = 0.15
"""Share of an issue from which a joined heading should be heard."""

_SAME: Final = 0.6
"""Share of common letter pairs from which two wordings are nearly the same."""


@dataclass(frozen=True)
class Quotable:
    """What the choice of voices has to know of one distinct opinion.

    Attributes
    ----------
    text, count
        As shown, and how often it was said.
    near
        Cosine to the issue's centre.
    vector
        Unit length, to compare opinions with each other.
    heading
        Heading that it stands under.
    says_title
        Whether it has the words of the title.
    """

    text: str
    count: int
    near: float
    vector: NDArray[np.float64]
    heading: str
    says_title: bool


def representatives(voices: Sequence[Quotable]) -> list[int]:
    """Places of up to three voices.

    Notes
    -----
    Each is the best of those left: near the centre, of a length that can be quoted,
    unlike those chosen before; the first has the title's words. Every larger heading of the
    issue is heard before one is heard twice, and a wording that is nearly another's
    is taken only if nothing else is left.
    """
    total = sum(voice.count for voice in voices)
    sizes: dict[str, int] = {}
    for voice in voices:
        sizes[voice.heading] = sizes.get(voice.heading, 0) + voice.count
    large = [name for name in sizes if sizes[name] >= _LARGE * total]
    chosen: list[int] = []
    while len(chosen) < min(REPRESENTATIVES, len(voices)):
        heard = {voices[place].heading for place in chosen}
        unheard = frozenset(name for name in large if name not in heard)
        left = [place for place in range(len(voices)) if place not in chosen]
        chosen.append(min(left, key=lambda place: _rank(voices, place, chosen, unheard)))
    return chosen


def _rank(
    voices: Sequence[Quotable], place: int, chosen: Sequence[int], unheard: frozenset[str]
) -> tuple[bool, bool, float, int]:
    voice = voices[place]
    again = any(_alike(voice.text, voices[other].text) for other in chosen)
    repeats = bool(unheard) and voice.heading not in unheard
    return again, repeats, -round(_worth(voice, [voices[other] for other in chosen]), 6), place


def _worth(voice: Quotable, chosen: Sequence[Quotable]) -> float:
    low, high = _QUOTABLE
    likeness = max((float((voice.vector * other.vector).sum()) for other in chosen), default=0.0)
    return (
        voice.near
        + (0.4 if low <= len(voice.text) <= high else 0.0)
        + (0.2 if voice.text.rstrip().endswith(_ENDS) else 0.0)
        - (0.3 if voice.text.startswith(_OPENINGS) else 0.0)
        + (0.3 if voice.says_title and not chosen else 0.0)
        + 0.05 * float(np.log(voice.count))
        - 0.7 * likeness
    )


def _alike(one: str, other: str) -> bool:
    """Whether two wordings are nearly the same, by their pairs of letters."""
    first, second = _pairs(fold(one)), _pairs(fold(other))
    return len(first & second) >= _SAME * max(1, min(len(first), len(second)))


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}
