"""The network of words (共起ネットワーク): which words stand in the same opinions.

Every connected part is drawn by itself, then all are packed side by side. The layout
follows from the links alone: no chance, no order of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, shortest_path

from pipeline import cooccurrence
from pipeline.layout import majorise
from pipeline.report.map_labels import label_text
from pipeline.textwidth import text_width
from pipeline.wording import clean, count, share

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

DRAWN: Final = 60
"""Links that are drawn, the strongest by Jaccard; what KH Coder draws, too."""

_WIDTH: Final = 1000.0
_LETTER: Final = 15.0
_LONGEST: Final = 10
_STEP: Final = 80.0
"""Length of a link."""

_BELOW: Final = 11.0
"""From the foot of a circle to the middle of a label that does not fit inside it."""

_LEAST, _MOST = 7.0, 26.0
"""Radius of a word that stands in hardly any opinion, and of the most frequent one."""

_THINNEST, _THICKEST = 1.2, 8.0
_GAP: Final = 34.0
_ROUNDS: Final = 100


class Node(NamedTuple):
    """A word; `anchor` is the row of the table that its link leads to.

    Its label stands in the circle or, where that is too small, below: `label_y`.
    """

    x: float
    y: float
    radius: float
    label_y: float
    label: str
    said: str
    anchor: str


class Edge(NamedTuple):
    """A line between two words."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True)
class LinkRow:
    """One link as a row of the table; an id stands where a word comes for the first time."""

    first: str
    second: str
    first_id: str
    second_id: str
    n_opinions: int
    n_people: int
    jaccard: str
    npmi: str


@dataclass(frozen=True)
class Network:
    """What the section shows.

    Attributes
    ----------
    nodes
        Words, those of most opinions first.
    rows
        Links, the strongest first.
    n_words, n_links
        Words and links that the tables hold.
    least_opinions, least_speakers, least_together, most_frequent
        Thresholds of :mod:`pipeline.cooccurrence`.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    rows: tuple[LinkRow, ...]
    width: int
    height: int
    n_words: int
    n_links: int
    least_opinions: int = cooccurrence.LEAST_OPINIONS
    least_speakers: int = cooccurrence.LEAST_SPEAKERS
    least_together: int = cooccurrence.LEAST_TOGETHER
    most_frequent: int = cooccurrence.MOST_FREQUENT


def build_network(tables: Mapping[str, pd.DataFrame]) -> Network:
    """Make the network of the saved tables ``words`` and ``word_links``."""
    strongest = tables["word_links"].sort_values(
        ["jaccard", "word_1", "word_2"], ascending=[False, True, True]
    )[:DRAWN]
    links = strongest.to_dict("records")
    used = {link[side] for link in links for side in ("word_1", "word_2")}
    words = tables["words"][tables["words"]["word"].isin(used)].sort_values(
        ["n_opinions", "word"], ascending=[False, True]
    )
    own = words.to_dict("records")
    place = {row["word"]: number for number, row in enumerate(own)}
    shown = [clean(row["shown"]) for row in own]
    ends = [(place[link["word_1"]], place[link["word_2"]]) for link in links]
    anchors, rows = _rows(links, ends, shown)
    largest = max((row["n_opinions"] for row in own), default=1)
    radii = np.array(
        [_LEAST + (_MOST - _LEAST) * math.sqrt(row["n_opinions"] / largest) for row in own]
    )
    labels = [label_text(word, _LONGEST) for word in shown]
    wide = np.array([text_width(label) * _LETTER / 2.0 for label in labels])
    below = np.where(wide + 4 > 2 * radii, radii + _BELOW, 0.0)
    # The box reaches as far above the circle as below it, so that the circle is its middle.
    tall = np.where(below > 0, 2 * below + 18, np.maximum(2 * radii, 20.0) + 6)
    boxes = np.column_stack([np.maximum(2 * radii, wide) + 22, tall])
    points, size = _packed(ends, boxes)
    partners = _partners(ends, links, shown)
    return Network(
        nodes=tuple(
            Node(
                *_rounded(points[number]), round(float(radii[number]), 1),
                round(float(points[number][1] + below[number]), 1), label,
                f"{shown[number]}：意見{count(row['n_opinions'])}件。"
                f"つながる語：{'、'.join(partners[number])}",
                anchors[number],
            )
            for number, (row, label) in enumerate(zip(own, labels, strict=True))
        ),
        edges=_edges(ends, links, points),
        rows=rows,
        width=size[0],
        height=size[1],
        n_words=len(tables["words"]),
        n_links=len(tables["word_links"]),
    )  # fmt: skip


def _rows(
    links: Sequence[Mapping[Hashable, Any]], ends: Sequence[tuple[int, int]], shown: Sequence[str]
) -> tuple[dict[int, str], tuple[LinkRow, ...]]:
    anchors: dict[int, str] = {}

    def first_time(number: int) -> str:
        if number in anchors:
            return ""
        return anchors.setdefault(number, f"word-{len(anchors) + 1}")

    rows = [
        LinkRow(
            first=shown[one],
            second=shown[other],
            first_id=first_time(one),
            second_id=first_time(other),
            n_opinions=link["n_opinions"],
            n_people=link["n_respondents"],
            jaccard=share(link["jaccard"]),
            npmi=share(link["npmi"]),
        )
        for (one, other), link in zip(ends, links, strict=True)
    ]
    return anchors, tuple(rows)


def _partners(
    ends: Sequence[tuple[int, int]], links: Sequence[Mapping[Hashable, Any]], shown: Sequence[str]
) -> dict[int, list[str]]:
    """Words that every word is linked to, the strongest first, each with the Jaccard."""
    found: dict[int, list[str]] = {}
    for (one, other), link in zip(ends, links, strict=True):
        for own, partner in ((one, other), (other, one)):
            found.setdefault(own, []).append(f"{shown[partner]}（{share(link['jaccard'])}）")
    return found


def _edges(
    ends: Sequence[tuple[int, int]],
    links: Sequence[Mapping[Hashable, Any]],
    points: NDArray[np.float64],
) -> tuple[Edge, ...]:
    strongest = max((link["jaccard"] for link in links), default=1.0)
    return tuple(
        Edge(
            *_rounded(points[one]), *_rounded(points[other]),
            round(_THINNEST + (_THICKEST - _THINNEST) * link["jaccard"] / strongest, 1),
        )
        for (one, other), link in zip(ends, links, strict=True)
    )  # fmt: skip


def _rounded(point: NDArray[np.float64]) -> tuple[float, float]:
    return round(float(point[0]), 1), round(float(point[1]), 1)


def _packed(
    ends: Sequence[tuple[int, int]], boxes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Place of every word, and width and height of the picture."""
    n = len(boxes)
    if not n:
        return np.zeros((0, 2)), (int(_WIDTH), 0)
    one, other = np.array(ends).T
    graph = csr_array((np.ones(len(ends)), (one, other)), shape=(n, n))
    _, part_of = connected_components(graph, directed=False)
    steps = shortest_path(graph, directed=False, unweighted=True)
    parts = []
    for number in range(int(part_of.max()) + 1):
        members = np.flatnonzero(part_of == number)
        points = _drawn(steps[np.ix_(members, members)], boxes[members])
        low = (points - boxes[members] / 2).min(axis=0)
        high = (points + boxes[members] / 2).max(axis=0)
        parts.append((members, points - low, high - low))
    parts.sort(key=lambda part: (-len(part[0]), int(part[0][0])))
    width = max(_WIDTH, *(float(part[2][0]) for part in parts))
    placed = np.zeros((n, 2))
    free = [(0.0, 0.0, width, math.inf)]  # x, y, width, height; the topmost first
    bottom = 0.0
    for members, points, (wide, tall) in parts:
        spot = next(one for one in free if wide <= one[2] and tall <= one[3])
        x, y, room_x, room_y = spot
        placed[members] = points + np.array([x, y])
        bottom = max(bottom, y + tall)
        free.remove(spot)
        free.append((x + wide + _GAP, y, room_x - wide - _GAP, tall))
        free.append((x, y + tall + _GAP, room_x, room_y - tall - _GAP))
        free.sort(key=lambda one: (one[1], one[0]))
    return placed, (math.ceil(width), math.ceil(bottom))


def _drawn(steps: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Words of one connected part, no label over another, its length along the line.

    References
    ----------
    Kamada & Kawai (1989), An algorithm for drawing general undirected graphs, Information
    Processing Letters 31; Gansner, Koren & North (2004), Graph drawing by stress
    majorization, GD 2004.
    """
    distances = steps * _STEP
    weights = np.divide(1.0, steps * steps, out=np.zeros_like(steps), where=steps > 0)
    points = np.round(majorise(distances, _start(distances), weights, _ROUNDS), 3)
    points = points - points.mean(axis=0)
    spread = points.T @ points
    turn = 0.5 * math.atan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
    cosine, sine = math.cos(turn), math.sin(turn)
    points = np.round(points @ np.array([[cosine, -sine], [sine, cosine]]), 3)
    for _ in range(_ROUNDS):
        if not _overlaps(points, boxes).any():
            break
        points = _apart(points, boxes)
    for _ in range(_ROUNDS):  # what coincides exactly would never come apart
        if not _overlaps(points, boxes).any():
            break
        points = points * 1.05
    return np.round(points, 1)


def _start(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a part starts from: far ends left and right, what is far from both above."""
    count_of_words = len(distances)
    left, right = np.unravel_index(np.argmax(distances), distances.shape)
    away = np.minimum(distances[left], distances[right])
    above = distances[np.argmax(away)] - (distances[left] + distances[right]) / 2
    turn = np.arange(count_of_words) * math.pi * (3 - math.sqrt(5))
    # A little turn for each: words at the same distances must not coincide.
    small = 0.2 * _STEP * np.column_stack([np.cos(turn), np.sin(turn)])
    return np.column_stack([(distances[left] - distances[right]) / 2, above]) + small


def _overlaps(points: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (words, words, 2): how far labels would have to move sideways or up; 0 for none."""
    room = (boxes[:, None, :] + boxes[None, :, :]) / 2
    over = room - np.abs(points[:, None, :] - points[None, :, :])
    both = (over > 1e-6).all(axis=2) & ~np.eye(len(points), dtype=bool)
    return np.where(both[:, :, None], over, 0.0)


def _apart(points: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """One round: labels that overlap move apart, on the way that is shorter."""
    over = _overlaps(points, boxes)
    side = points[:, None, :] - points[None, :, :]
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None, :])
    way = np.where(np.abs(side) > 1e-9, np.sign(side), order[:, :, None])
    shorter = np.stack([over[..., 0] <= over[..., 1], over[..., 0] > over[..., 1]], axis=2)
    moved: NDArray[np.float64] = points + 0.3 * (over * way * shorter).sum(axis=1)
    return moved.round(3)
