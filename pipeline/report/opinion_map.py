"""The map of opinions: islands, points, labels; the picture's content also as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.hashchoice import smallest_hashes
from pipeline.layout import HEIGHT, NEAR, SHORE, WIDTH
from pipeline.report.map_labels import Badge, Line, badge, place_labels
from pipeline.wording import NO_GOAL, REJECTED, clean, count, share

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

MOST_POINTS: Final = 3000
"""Points that are drawn in a large run; the islands keep their true size."""

COLOURS: Final = 6
"""Colours for goals, beside the one for none (``--g0``)."""

_MARGIN: Final = 8
"""Space below the last row of points."""


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
    if most and len(placed) > most:
        placed = placed.iloc[smallest_hashes(placed["opinion_id"].tolist(), most)]
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
                colour[goal], goal, label.removeprefix(f"{goal} ") or NO_GOAL,
                sum(island.colour == colour[goal] and island.goal == label for island in islands),
            )
            for goal, label in {**labels, "": ""}.items()
        ),
        n_opinions=len(opinions),
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
    badges = {row["issue_id"]: badge(row) for row in rows if row["goal_id"] in labels}
    written = place_labels(rows, titles, badges)
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


def _said(number: int, title: str, row: Mapping[Hashable, Any], goal: str) -> str:
    judged = "取り上げないとした課題。" if row["status"] == REJECTED else ""
    under = f"基本目標{goal}" if goal else NO_GOAL
    return f"{number} {title}：意見{count(row['n_opinions'])}件。{judged}{under}"


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
