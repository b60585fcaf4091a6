"""The map of opinions: islands, points, labels; the picture's content also as a table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.layout import HEIGHT, NEAR, SHORE, WIDTH
from pipeline.normalize import digest
from pipeline.textwidth import text_width
from pipeline.wording import NO_GOAL, REJECTED, clean, count, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

MOST_POINTS: Final = 3000
"""Points that are drawn in a large run; the islands keep their true size."""

COLOURS: Final = 6
"""Colours for goals, beside the one for none (``--g0``)."""

_MARGIN: Final = 8
"""Space below the last row of points."""

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


@dataclass(frozen=True)
class Near:
    """An issue that lies near another by what is said, with the cosine of their centres."""

    issue_id: str
    title: str
    similarity: str


@dataclass(frozen=True)
class Island:
    """One issue on the map.

    Attributes
    ----------
    number
        Place by size, from 1; small islands show it in place of their title.
    colour
        Of its goal: ``g1`` … ``g6``, ``g0`` for none.
    points
        Path data of its opinions; empty where none of them is drawn.
    label
        Lines of the title, or its number alone.
    said
        Title, number of opinions and goal in a sentence.
    """

    issue_id: str
    number: int
    title: str
    n_opinions: int
    goal: str
    colour: str
    x: float
    y: float
    radius: float
    points: str
    label: tuple[Line, ...]
    badge: Badge | None
    said: str
    near: tuple[Near, ...]


class Key(NamedTuple):
    """One line of the legend; `mark` is the goal's number, empty for none."""

    colour: str
    mark: str
    label: str
    n_islands: int


@dataclass(frozen=True)
class OpinionMap:
    """What the section shows.

    Attributes
    ----------
    islands
        Largest first, ties by id.
    shore
        Colour and path data of the opinions in no issue, by their own goal.
    n_alone
        Opinions in no issue.
    n_points
        Opinions that are drawn, of `n_opinions`.
    dot, height
        Diameter of a point; height of the picture.
    fidelity
        Rank correlation of the map's distances, as a figure; empty where there is none.
    """

    islands: tuple[Island, ...]
    shore: tuple[tuple[str, str], ...]
    keys: tuple[Key, ...]
    n_opinions: int
    n_alone: int
    n_points: int
    dot: float
    height: int
    fidelity: str
    n_near: int = NEAR
    width: int = int(WIDTH)
    shore_at: int = int(SHORE)

    @property
    def is_sample(self) -> bool:
        """Whether some opinions are not drawn."""
        return self.n_points < self.n_opinions


def build_map(
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    manifest: Mapping[str, object],
    most: int = 0,
) -> OpinionMap:
    """Make the map of saved tables.

    Parameters
    ----------
    tables
        ``layout, near_issues, issues, opinions``.
    labels
        Goal id → label, in the plan's order.
    manifest
        ``method.map_fidelity`` is read.
    most
        Opinions that are drawn, those whose id has the smallest hash; 0: all.
    """
    opinions = tables["opinions"][["opinion_id", "issue_id", "goal_id", "issue_strength"]]
    placed = opinions.merge(
        tables["layout"], left_on="opinion_id", right_on="target_id", validate="one_to_one"
    )
    n_all = len(placed)
    if most and n_all > most:
        by_hash = sorted(placed["opinion_id"], key=lambda own: (digest(own), own))
        placed = placed[placed["opinion_id"].isin(by_hash[:most])]
    # The order in which an island was filled keeps the steps of a path short.
    placed = placed.assign(strength=placed["issue_strength"].round(6)).sort_values(
        ["strength", "opinion_id"], ascending=[False, True]
    )
    paths = {
        str(name): _path(own["x"].tolist(), own["y"].tolist())
        for name, own in placed[placed["issue_id"] != ""].groupby("issue_id", sort=True)
    }
    alone = placed[placed["issue_id"] == ""].sort_values(["x", "y"])
    colour = colours(labels)
    islands = _islands(tables, labels, colour, paths)
    n_alone = int((opinions["issue_id"] == "").sum())
    return OpinionMap(
        islands=islands,
        shore=tuple(
            (colour[goal], _path(own["x"].tolist(), own["y"].tolist()))
            for goal in (*labels, "")
            if len(own := alone[alone["goal_id"] == goal])
        ),
        keys=tuple(
            Key(
                colour[goal], goal, label or NO_GOAL,
                sum(island.colour == colour[goal] and island.goal == label for island in islands),
            )
            for goal, label in {**labels, "": ""}.items()
        ),
        n_opinions=n_all,
        n_alone=n_alone,
        n_points=len(placed),
        dot=_dot(islands, int((placed["issue_id"] != "").sum())),
        height=math.ceil(alone["y"].max()) + _MARGIN if len(alone) else int(HEIGHT),
        fidelity=_fidelity(manifest),
    )  # fmt: skip


def colours(labels: Mapping[str, str]) -> dict[str, str]:
    """Class of the colour of every goal; a plan of more than six goals uses them again."""
    numbered = {goal: f"g{place % COLOURS + 1}" for place, goal in enumerate(labels)}
    return {**numbered, "": "g0"}


def _islands(
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    colour: Mapping[str, str],
    paths: Mapping[str, str],
) -> tuple[Island, ...]:
    issues = tables["issues"].merge(
        tables["layout"], left_on="issue_id", right_on="target_id", validate="one_to_one"
    )
    ordered = issues.sort_values(["n_opinions", "issue_id"], ascending=[False, True])
    titles = {row["issue_id"]: clean(row["title"]) for row in ordered.to_dict("records")}
    near: dict[str, list[Near]] = {}
    ranked = tables["near_issues"].sort_values(
        ["issue_id", "similarity", "near_issue_id"], ascending=[True, False, True]
    )
    for own, other, similarity in zip(
        ranked["issue_id"], ranked["near_issue_id"], ranked["similarity"], strict=True
    ):
        near.setdefault(own, []).append(Near(other, titles.get(other, other), share(similarity)))
    rows = ordered.to_dict("records")
    badges = {row["issue_id"]: _badge(row) for row in rows if row["goal_id"] in labels}
    written = _labels(rows, titles, badges)
    found = []
    for number, row in enumerate(rows, start=1):
        goal = labels.get(row["goal_id"], "")
        own, title = row["issue_id"], titles[row["issue_id"]]
        found.append(
            Island(
                issue_id=own,
                number=number,
                title=title,
                n_opinions=row["n_opinions"],
                goal=goal,
                colour=colour[row["goal_id"] if goal else ""],
                x=row["x"],
                y=row["y"],
                radius=row["radius"],
                points=paths.get(own, ""),
                label=written[own],
                badge=badges.get(own),
                said=_said(number, title, row, goal),
                near=tuple(near.get(own, ())),
            )
        )
    return tuple(found)


def _said(number: int, title: str, row: Mapping[str, Any], goal: str) -> str:
    judged = "取り上げないとした課題。" if row["status"] == REJECTED else ""
    under = f"基本目標{goal}" if goal else NO_GOAL
    return f"{number} {title}：意見{count(row['n_opinions'])}件。{judged}{under}"


def _badge(row: Mapping[str, Any]) -> Badge:
    """On the upper left of the rim."""
    rim = row["radius"] * math.sqrt(0.5)
    x, y = max(row["x"] - rim, _BADGE + 1), max(row["y"] - rim, _BADGE + 1)
    return Badge(round(x, 1), round(y, 1), row["goal_id"])


def _labels(
    rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], badges: Mapping[str, Badge]
) -> dict[str, tuple[Line, ...]]:
    """Titles where they fit, the largest island's first; a number where none does."""
    numbers = {
        row["issue_id"]: _box(row["x"], row["y"], (str(number),))
        for number, row in enumerate(rows, start=1)
    }
    taken = [_box(badge.x, badge.y, (badge.text,)) for badge in badges.values()]
    found = {}
    for row in rows:
        own = row["issue_id"]
        number = numbers.pop(own)
        others = [*taken, *numbers.values()]
        found[own] = _centred(row["x"], row["y"], (str(len(found) + 1),))
        for lines in _foldings(_short(titles[own]), _OVERHANG * 2.0 * row["radius"]):
            box = _box(row["x"], row["y"], lines)
            if 0 <= box[0] and box[2] <= WIDTH and not any(_overlap(box, one) for one in others):
                number = box
                found[own] = _centred(row["x"], row["y"], lines)
                break
        taken.append(number)
    return found


def _short(title: str) -> str:
    """A title for the map: what comes first of several things."""
    first, *others = _TURNS.sub("", title).replace("\n", " ").split("／")
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
        Line(round(x, 1), round(first + _LINE * place, 1), line)
        for place, line in enumerate(lines)
    )


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Points as one path of dots: moves from each to the next, in tenths, and lines of no length."""
    parts, at = [], (0, 0)
    for x, y in zip(xs, ys, strict=True):
        here = (round(10 * x), round(10 * y))
        across, down = (_tenths(here[side] - at[side]) for side in (0, 1))
        parts.append(f"m{across}{'' if down.startswith('-') else ' '}{down}h0")
        at = here
    return "".join(parts)


def _tenths(number: int) -> str:
    return f"{number / 10:.1f}".removesuffix(".0")


def _dot(islands: Sequence[Island], n_points: int) -> float:
    """Diameter that leaves a little space between the points of an island."""
    land = math.pi * sum(island.radius**2 for island in islands)
    return round(min(7.0, max(1.6, 0.55 * math.sqrt(land / max(n_points, 1)))), 1)


def _fidelity(manifest: Mapping[str, object]) -> str:
    method = manifest.get("method")
    value = method.get("map_fidelity") if isinstance(method, dict) else None
    return f"{value:.2f}" if isinstance(value, float) else ""
