"""A map of the opinions: issues are islands, every opinion a point. A view, not the grouping.

Islands lie near each other where the opinions on them use words of like meaning, as far
as two dimensions can say that; :attr:`OpinionMap.fidelity` says how far. Positions have
no other meaning, and nothing is computed from them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.clusters import centres_of
from pipeline.opinionvectors import OpinionVectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


WIDTH: Final = 1000.0
HEIGHT: Final = 720.0
"""The sea with the islands; below it, down to :data:`SHORE_END`, lies the shore."""

SHORE: Final = 770.0
SHORE_END: Final = 900.0
"""Band for opinions that are in no issue."""

NEAR: Final = 3
"""Issues that are named as the nearest of one."""

_LAND: Final = 0.44
"""Share of the sea that the islands cover."""

_STRETCH: Final = 1.4
"""How much wider than it is the map may be drawn, to fill the sea."""

_GAP: Final = 8.0
"""Water between two islands."""

_WORK: Final = 500_000
"""Pairs of islands that are looked at to move them; more islands mean fewer rounds."""

_GOLDEN: Final = np.pi * (3.0 - np.sqrt(5.0))
"""Golden angle: points turned by it, one after the other, fill a disc evenly."""

_FILLED: Final = 0.9
"""Part of an island's radius that its points reach."""

_SPACING: Final = 12.0
"""Widest space between two points on the shore."""


class OpinionMap(NamedTuple):
    """Tables ``layout`` and ``near_issues`` as :mod:`pipeline.tables` declares them.

    Attributes
    ----------
    fidelity
        Spearman's rank correlation between the cosine distances of the issues and their
        distances on the map, −1 to 1; ``None`` with fewer than three issues.
    """

    layout: pd.DataFrame
    near: pd.DataFrame
    fidelity: float | None


def lay_out(
    opinions: pd.DataFrame,
    vectors: NDArray[np.float64] | OpinionVectors,
    issue_of: Sequence[str],
) -> OpinionMap:
    """Place issues and opinions on a map.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id, issue_strength``.
    vectors
        Shape (distinct opinions, dimensions): rows of unit length, in canonical order; of
        many opinions those that are kept say where their issues are.
    issue_of
        Issue of every row of `vectors`; empty for none.

    Notes
    -----
    Islands start from classical multidimensional scaling of the issues' centres [1]_ and
    are moved by majorisation of the stress [2]_, then apart until none overlaps. Their
    area is proportional to their opinions; those nearest to the centre of the issue lie
    in the middle, ties by id.

    References
    ----------
    .. [1] Torgerson (1952), Multidimensional scaling: I. Theory and method,
       Psychometrika 17.
    .. [2] de Leeuw (1977), Applications of convex analysis to multidimensional scaling.
    .. [3] Vogel (1979), A better way to construct the sunflower head, Mathematical
       Biosciences 44.
    """
    sizes = opinions.loc[opinions["issue_id"] != "", "issue_id"].value_counts().sort_index()
    names = [str(name) for name in sizes.index]
    place = {name: number for number, name in enumerate(names)}
    labels = np.array([place.get(own, -1) for own in issue_of], dtype=np.int64)
    kept = OpinionVectors.of(vectors)
    similar = _similarities(kept.kept, labels[kept.rows], len(names))
    apart = 1.0 - similar
    np.fill_diagonal(apart, 0.0)  # also of an issue that has no wording of its own
    radii = np.sqrt(_LAND * WIDTH * HEIGHT / np.pi * sizes.to_numpy() / max(sizes.sum(), 1))
    middles, radii = _islands(apart, radii)
    layout = pd.concat(
        [
            pd.DataFrame(
                {
                    "target_id": names,
                    "x": middles[:, 0],
                    "y": middles[:, 1],
                    "radius": radii,
                }
            ),
            _points(opinions, place, middles, radii),
            _shore(opinions),
        ],
        ignore_index=True,
    )
    layout[["x", "y", "radius"]] = layout[["x", "y", "radius"]].astype("float64").round(2) + 0.0
    return OpinionMap(layout, _near(names, similar), _fidelity(apart, middles))


def majorise(
    distances: NDArray[np.float64],
    start: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
    rounds: int = 100,
) -> NDArray[np.float64]:
    """Points in the plane whose distances are as near as can be to those that are given.

    Parameters
    ----------
    distances
        Shape (points, points), symmetric.
    start
        Shape (points, 2); the same start gives the same points.
    weights
        How much every distance matters; all alike by default.
    rounds
        Guttman transforms; each lowers the weighted sum of squared errors.
    """
    count = len(start)
    if count < 2:
        return start
    weights = np.ones_like(distances) if weights is None else weights
    weights = weights * (1.0 - np.eye(count))
    laplacian = np.diag(weights.sum(axis=1)) - weights
    with threadpool_limits(1):
        inverse = np.linalg.inv(laplacian + 1.0 / count) - 1.0 / count
        points = start
        for _ in range(rounds):
            _, length = _between(points)
            pull = np.divide(
                weights * distances, length, out=np.zeros_like(length), where=length > 1e-9
            )
            points = inverse @ (np.diag(pull.sum(axis=1)) - pull) @ points
    return points


def _similarities(
    vectors: NDArray[np.float64], labels: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    centres = np.zeros((count, vectors.shape[1]))
    found = centres_of(vectors, labels)
    centres[: len(found)] = found  # the last issues may have no distinct opinion of their own
    # einsum, not BLAS: the digits must not depend on the number of threads.
    similar: NDArray[np.float64] = np.round(np.einsum("id,jd->ij", centres, centres), 6) + 0.0
    return similar


def _near(names: Sequence[str], similar: NDArray[np.float64]) -> pd.DataFrame:
    """The nearest issues of every issue; one with nothing in common is none."""
    rows = []
    for own, name in enumerate(names):
        order = np.argsort(-similar[own], kind="stable")
        near = [other for other in order.tolist() if other != own and similar[own, other] > 0]
        rows += [(name, names[other], float(similar[own, other])) for other in near[:NEAR]]
    return pd.DataFrame(rows, columns=["issue_id", "near_issue_id", "similarity"])


def _fidelity(apart: NDArray[np.float64], middles: NDArray[np.float64]) -> float | None:
    first, second = np.triu_indices(len(middles), 1)
    if len(first) < 3:  # two distances are always in some order
        return None
    _, length = _between(middles)
    ranks = [_ranks(np.round(own[first, second], 6)) for own in (apart, length)]
    spread = [rank - rank.mean() for rank in ranks]
    norm = float(np.sqrt((spread[0] ** 2).sum() * (spread[1] ** 2).sum()))
    return round(float((spread[0] * spread[1]).sum()) / norm, 2) if norm else None


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank of every value, from 1; equal ones share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


def _islands(
    apart: NDArray[np.float64], radii: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of the islands, none of which overlaps another or leaves the sea."""
    count = len(radii)
    if not count:
        return np.zeros((0, 2)), radii
    rounds = int(np.clip(_WORK // count**2, 20, 400))
    points = majorise(apart, _scaled(apart), rounds=rounds)
    points = points - (points.max(axis=0) + points.min(axis=0)) / 2.0
    room = np.array([WIDTH, HEIGHT]) / 2.0 - radii.max()
    extent = np.abs(points).max(axis=0)
    stretch = np.divide(room, extent, out=np.ones(2), where=extent > 1e-9)
    stretch = np.minimum(stretch, _STRETCH * stretch.min())
    points = points * stretch + np.array([WIDTH, HEIGHT]) / 2.0 + 0.01 * _spiral(count)
    points = np.round(points, 6)
    for _ in range(rounds):
        points = _pushed(points, radii)
    # Where there was no room left all islands become smaller, so that sizes compare.
    _, length = _between(points)
    sums = radii[:, None] + radii[None, :] + _GAP / 2.0
    tight = float((length / sums)[~np.eye(count, dtype=bool)].min(initial=1.0))
    return points, radii * min(1.0, tight)


def _scaled(apart: NDArray[np.float64]) -> NDArray[np.float64]:
    """Classical scaling to two dimensions; the largest coordinate of each is positive."""
    count = len(apart)
    # Axes of equal length are in no order: what the processor makes first would be drawn.
    order = np.arange(count)
    apart = apart + 1e-3 * np.abs(order[:, None] - order[None, :]) / max(count, 1)
    centring = np.eye(count) - 1.0 / count
    with threadpool_limits(1):
        inner = np.round(-0.5 * centring @ (apart * apart) @ centring, 9)
        values, axes = np.linalg.eigh(inner)
    points = np.zeros((count, 2))
    for column in range(min(2, count)):
        axis = np.round(axes[:, -1 - column] * np.sqrt(max(values[-1 - column], 0.0)), 6)
        points[:, column] = axis * (np.sign(axis[np.argmax(np.abs(axis))]) or 1.0)
    return points + 1e-4 * _spiral(count)


def _spiral(count: int) -> NDArray[np.float64]:
    """Another direction for every island: what coincides could not be moved apart."""
    turn = _GOLDEN * np.arange(count)
    away = np.sqrt(np.arange(count) + 1.0)
    return np.column_stack([away * np.cos(turn), away * np.sin(turn)])


def _pushed(points: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """One round: every island gives way to those that it overlaps, then to the sea's edge."""
    difference, length = _between(points)
    overlap = np.maximum(radii[:, None] + radii[None, :] + _GAP - length, 0.0)
    np.fill_diagonal(overlap, 0.0)
    share = radii[None, :] / (radii[:, None] + radii[None, :])  # the smaller one gives way
    push = np.divide(overlap * share, length, out=np.zeros_like(length), where=length > 1e-9)
    moved = points + 0.6 * (push[:, :, None] * difference).sum(axis=1)
    edge = radii[:, None] + _GAP / 2.0
    inside: NDArray[np.float64] = np.clip(moved, edge, np.array([WIDTH, HEIGHT]) - edge)
    return inside.round(6)


def _between(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    difference = points[:, None, :] - points[None, :, :]
    return difference, np.sqrt((difference**2).sum(axis=2))


def _points(
    opinions: pd.DataFrame,
    place: dict[str, int],
    middles: NDArray[np.float64],
    radii: NDArray[np.float64],
) -> pd.DataFrame:
    """Opinions on their islands, as the seeds of a sunflower."""
    inside = opinions[opinions["issue_id"] != ""]
    inside = inside.assign(strength=inside["issue_strength"].round(6)).sort_values(
        ["issue_id", "strength", "opinion_id"], ascending=[True, False, True]
    )
    number = inside["issue_id"].map(place).to_numpy(dtype=np.int64)
    order = inside.groupby("issue_id", sort=False).cumcount().to_numpy(dtype=np.float64)
    size = inside.groupby("issue_id", sort=False)["issue_id"].transform("size").to_numpy()
    reach = _FILLED * radii[number] * np.sqrt((order + 0.5) / np.maximum(size, 1))
    turn = _GOLDEN * order
    return pd.DataFrame(
        {
            "target_id": inside["opinion_id"].to_numpy(),
            "x": middles[number, 0] + reach * np.cos(turn),
            "y": middles[number, 1] + reach * np.sin(turn),
            "radius": 0.0,
        }
    )


def _shore(opinions: pd.DataFrame) -> pd.DataFrame:
    """Opinions in no issue, by id in even rows from one side of the shore to the other."""
    alone = np.sort(opinions.loc[opinions["issue_id"] == "", "opinion_id"].to_numpy(dtype=object))
    height = SHORE_END - SHORE
    spacing = min(_SPACING, float(np.sqrt(WIDTH * height / max(len(alone), 1))))
    wanted = math.ceil(len(alone) * spacing / WIDTH)
    lines = max(1, min(int(height // spacing), wanted))
    across, line = np.divmod(np.arange(len(alone)), lines)
    step = min(spacing, WIDTH / max(-(-len(alone) // lines), 1))
    return pd.DataFrame(
        {
            "target_id": alone,
            "x": step * (across + 0.25 + 0.5 * (line % 2)),
            "y": SHORE + spacing * (line + 0.5),
            "radius": 0.0,
        }
    )
