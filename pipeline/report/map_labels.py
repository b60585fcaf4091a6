"""Letters in the pictures: titles that fit into their islands and over nothing else."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.layout import WIDTH
from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

_LETTER: Final = 15.0
"""Height of a label's letters; the picture is 1,000 wide."""

_LINE: Final = 18.0
_LONGEST_LINE: Final = 10
_MOST_LINES: Final = 3
_OVERHANG: Final = 1.2
"""How much wider than its island a label may be; its letters have a rim of their own."""

_BADGE: Final = 9.5

# Behind ・ and spaces, and behind a particle where a new word begins: 娯楽施設が｜少ない.
_PHRASE_END: Final = re.compile("(?<=[・ ])|(?<=[のがをにはでもとやな])(?=[一-鿿ァ-ヺ])|(?=（)")

# What turns the direction of writing would turn the rest of a label, too.
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Line(NamedTuple):
    """One line of letters, its middle at `x`."""

    x: float
    y: float
    text: str


class Badge(NamedTuple):
    """Number of a goal on the rim of an island."""

    x: float
    y: float
    text: str


def label_text(text: str, longest: int) -> str:
    """Text for a picture: one line, nothing that turns its direction, cut where it is too long.

    Parameters
    ----------
    longest
        Full-width letters.
    """
    text = " ".join(_TURNS.sub("", text).split())
    if text_width(text) <= 2 * longest:
        return text
    fitting = next(end for end in range(len(text), -1, -1) if text_width(text[:end]) < 2 * longest)
    return f"{text[:fitting]}…"


def badge(row: Mapping[Hashable, Any]) -> Badge:
    """Number of the goal of an island (``x, y, radius, goal_id``), on the upper left of its rim."""
    rim = row["radius"] * math.sqrt(0.5)
    x, y = max(row["x"] - rim, _BADGE + 1), max(row["y"] - rim, _BADGE + 1)
    return Badge(round(x, 1), round(y, 1), row["goal_id"])


def place_labels(
    rows: Sequence[Mapping[Hashable, Any]], titles: Mapping[str, str], badges: Mapping[str, Badge]
) -> dict[str, tuple[Line, ...]]:
    """Issue → its title where that fits, the largest island's first; else its number.

    Parameters
    ----------
    rows
        ``issue_id, x, y, radius`` of the islands, in the order of their numbers.
    badges
        Issue → what stands on its rim, which no label covers.
    """
    numbers = {
        row["issue_id"]: _box(row["x"], row["y"], (str(number),))
        for number, row in enumerate(rows, start=1)
    }
    taken = [_box(one.x, one.y, (one.text,)) for one in badges.values()]
    found: dict[str, tuple[Line, ...]] = {}
    for row in rows:
        own = row["issue_id"]
        number = numbers.pop(own)
        others = [*taken, *numbers.values()]
        found[own] = _centred(row["x"], row["y"], (str(len(found) + 1),))
        for lines in _foldings(_short(titles[own]), _OVERHANG * 2.0 * row["radius"]):
            box = _box(row["x"], row["y"], lines)
            if box[0] >= 0 and box[2] <= WIDTH and not any(_overlap(box, one) for one in others):
                number = box
                found[own] = _centred(row["x"], row["y"], lines)
                break
        taken.append(number)
    return found


def _short(title: str) -> str:
    """A title for the map: what comes first of several things."""
    first, *others = " ".join(_TURNS.sub("", title).split()).split("／")
    first = first.removesuffix(" ほか")
    return f"{first} ほか" if others or title.endswith(" ほか") else first


def _foldings(text: str, across: float) -> Iterator[tuple[str, ...]]:
    """Ways to write a label so that it fits into a disc, those of fewest lines first."""
    ways = {_folded(text, longest) for longest in range(3, _LONGEST_LINE + 1)}
    for lines in sorted(ways - {()}, key=lambda own: (len(own), max(map(_width, own)), own)):
        tall = _LINE * len(lines)
        if len(lines) <= _MOST_LINES and math.hypot(max(map(_width, lines)), tall) <= across:
            yield lines


def _folded(text: str, longest: int) -> tuple[str, ...]:
    """Lines of at most so many full-width letters, folded where a phrase ends; or none."""
    lines = [""]
    for piece in _PHRASE_END.sub("\n", text).split("\n"):
        if text_width((lines[-1] + piece).rstrip()) > 2 * longest:
            lines.append("")
        lines[-1] += piece
    lines = [line.strip() for line in lines if line.strip()]
    return tuple(lines) if all(text_width(line) <= 2 * longest for line in lines) else ()


def _box(x: float, y: float, lines: Sequence[str]) -> tuple[float, float, float, float]:
    wide, tall = max(map(_width, lines)) / 2.0 + 2.0, _LINE * len(lines) / 2.0
    return (x - wide, y - tall, x + wide, y + tall)


def _width(line: str) -> float:
    return text_width(line) * _LETTER / 2.0


def _centred(x: float, y: float, lines: Sequence[str]) -> tuple[Line, ...]:
    first = y - _LINE * (len(lines) - 1) / 2.0
    return tuple(
        Line(round(x, 1), round(first + _LINE * place, 1), line) for place, line in enumerate(lines)
    )


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
