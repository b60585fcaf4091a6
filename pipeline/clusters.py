"""Vectors to clusters: average linkage on cosine, the number chosen from the data.

Residents' answers group into few large and many small topics. Methods that like
clusters of equal size (k-means, Ward, Leiden) tear the large ones apart; average
linkage does not (DECISIONS.md gives the figures). What is like nothing else
stays alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.cluster.hierarchy import cut_tree, fcluster, linkage

from pipeline.features import DECIMALS
from pipeline.stability import ALONE, best_jaccard, mean_stability, resampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SMALLEST: Final = 2
"""Distinct opinions that make a cluster."""

REPEATED: Final = 3
"""How often one wording has to be said to be a cluster by itself."""

ENOUGH: Final = 0.95
"""Share of the best silhouette at which a cut with fewer clusters is preferred."""

DENSE: Final = 0.25
"""Mean cosine from which opinions outside every heading are one issue (DECISIONS.md)."""

SMALLEST_DENSE: Final = 5
"""How often something outside every heading has to be said to be an issue."""


_MOST_RESAMPLED: Final = 1200

_ROWS: Final = 512
"""Rows whose distances to all others are computed at once."""

MOST_GROUPS: Final = 12


@dataclass(frozen=True)
class Clusters:
    """Two levels of clusters of n vectors.

    Attributes
    ----------
    labels
        Shape (n,): 0 … k-1, or :data:`ALONE`.
    centres
        Shape (k, d): mean of the members, unit length.
    groups
        Shape (k,): number of the upper cluster of every cluster.
    stability
        Shape (k,): mean best Jaccard similarity over resamples.
    silhouette
        Mean simplified silhouette of the chosen cut.
    headings
        Headings of the concept dictionary that every cluster stands for; none where
        it comes from the data.
    fields
        Names of the upper clusters, where they have one.
    """

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    groups: NDArray[np.int64]
    stability: NDArray[np.float64]
    silhouette: float
    headings: Sequence[tuple[str, ...]] = ()
    fields: Sequence[str] = ()


def cluster(
    vectors: NDArray[np.float64],
    n_clusters: int | None = None,
    most: int = 70,
    counts: Sequence[int] | None = None,
) -> Clusters:
    """Cluster vectors.

    Parameters
    ----------
    vectors
        Shape (n, d): rows of unit length in canonical order; rows of zeros are
        left alone.
    n_clusters
        Number of clusters wanted. ``None``: the fewest clusters whose simplified
        silhouette reaches :data:`ENOUGH` of the best among those with at most
        `most` clusters.
    counts
        How often every row was said; once each by default. A row that was said
        :data:`REPEATED` times is never too small to be a cluster.

    Notes
    -----
    The simplified silhouette compares the distance to the own centre with that
    to the nearest other one; opinions alone count 0 (Hruschka et al., 2004,
    Evolutionary algorithms for clustering gene-expression data, ICDM).
    """
    placed = np.flatnonzero(np.abs(vectors).sum(axis=1) > 0)
    labels = np.full(len(vectors), ALONE, dtype=np.int64)
    empty = np.empty(0)
    said = np.ones(len(vectors), dtype=np.int64) if counts is None else np.array(counts)
    mass = np.where(said[placed] >= REPEATED, SMALLEST, 1)
    if mass.sum() < SMALLEST:
        return Clusters(labels, np.empty((0, vectors.shape[1])), empty.astype(int), empty, 0.0)
    inside = vectors[placed]
    if len(placed) == 1:
        labels[placed] = 0
        return Clusters(labels, inside, np.zeros(1, dtype=np.int64), np.ones(1), 0.0)
    tree = _tree(inside)
    chosen, silhouette, cuts = _best_cut(inside, mass, tree, n_clusters, most)
    labels[placed] = chosen
    centres = centres_of(inside, chosen)
    return Clusters(
        labels, centres, _upper(centres), _stability(inside, chosen, cuts), round(silhouette, 6)
    )


def dense_clusters(
    vectors: NDArray[np.float64], counts: Sequence[int], most: int, likeness: float = DENSE
) -> Clusters:
    """Cluster what is plainly alike and leave everything else alone.

    Parameters
    ----------
    vectors, counts
        As in :func:`cluster`.
    most
        Clusters to keep at most, the largest.
    likeness
        Mean cosine between two parts of a cluster below which they stay apart.
    """
    placed = np.flatnonzero(np.abs(vectors).sum(axis=1) > 0)
    labels = np.full(len(vectors), ALONE, dtype=np.int64)
    inside = vectors[placed]
    chosen, cuts = np.zeros(len(placed), dtype=np.int64), len(placed)
    mass = np.array(counts, dtype=np.int64)[placed]
    if len(placed) > 1:
        tree = _tree(inside)
        chosen = fcluster(tree, 1.0 - likeness, "distance").astype(np.int64)
        cuts = len(np.unique(chosen))
    chosen = _relabel(chosen, mass, SMALLEST_DENSE)
    labels[placed] = np.where(chosen < most, chosen, ALONE)
    centres = centres_of(vectors, labels)
    return Clusters(
        labels,
        centres,
        np.zeros(len(centres), dtype=np.int64),
        _stability(inside, labels[placed], cuts),
        _silhouette(inside, labels[placed]) if len(placed) else 0.0,
    )


def kept_clusters(clusters: Clusters, kept: Sequence[int]) -> Clusters:
    """Some clusters only, in their order; the members of the others are alone."""
    rank = np.full(len(clusters.centres) + 1, ALONE, dtype=np.int64)  # the last one: alone
    rank[list(kept)] = np.arange(len(kept))
    return replace(
        clusters,
        labels=rank[clusters.labels],
        centres=clusters.centres[list(kept)],
        groups=clusters.groups[list(kept)],
        stability=clusters.stability[list(kept)],
    )


def centres_of(
    vectors: NDArray[np.float64], labels: NDArray[np.int64], count: int | None = None
) -> NDArray[np.float64]:
    """Mean vector of every cluster, scaled to unit length; `count` where the last may be empty."""
    count = int(labels.max(initial=ALONE)) + 1 if count is None else count
    sums = np.zeros((count, vectors.shape[1]))
    # Sums in canonical order, one thread: the same digits everywhere.
    np.add.at(sums, labels[labels >= 0], vectors[labels >= 0])
    lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    centres: NDArray[np.float64] = np.divide(
        sums, lengths, out=np.zeros_like(sums), where=lengths > 0
    )
    return centres


def nearest(
    vectors: NDArray[np.float64], centres: NDArray[np.float64], chunk: int = 4096
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Nearest centre of every vector and the cosine to it."""
    if not len(centres) or not len(vectors):
        return np.full(len(vectors), ALONE, dtype=np.int64), np.zeros(len(vectors))
    labels, cosines = [], []
    for start in range(0, len(vectors), chunk):
        # einsum, not BLAS: the digits must not depend on the number of threads.
        similarity = np.round(
            np.einsum("nd,kd->nk", vectors[start : start + chunk], centres, optimize=False), 9
        )
        labels.append(similarity.argmax(axis=1))
        cosines.append(similarity.max(axis=1))
    return np.concatenate(labels), np.concatenate(cosines)


def _tree(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average linkage on rounded cosine distances; equal heights merge in canonical order."""
    return np.asarray(linkage(cosine_distances(vectors), "average"))


def cosine_distances(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine distances of all pairs of rows, condensed, to seven decimal places.

    Notes
    -----
    Vectors have :data:`~pipeline.features.DECIMALS` decimal places: in steps of the last one
    they are whole numbers, whose products add up without rounding in any order. So the
    fast product of matrices has the same digits on every machine and any number of threads.
    """
    steps = np.round(vectors * 10.0**DECIMALS)
    lengths = np.sqrt((steps * steps).sum(axis=1))
    found = np.empty(len(steps) * (len(steps) - 1) // 2)
    done = 0
    for start in range(0, len(steps), _ROWS):
        block = steps[start : start + _ROWS]
        likeness = block @ steps[start:].T
        likeness /= lengths[start : start + len(block), None] * lengths[None, start:]
        distances = np.round(np.clip(1.0 - likeness, 0.0, 2.0), 7)
        for row in range(len(block)):
            own = distances[row, row + 1 :]
            found[done : done + len(own)] = own
            done += len(own)
    return found


def _relabel(
    labels: NDArray[np.int64], mass: NDArray[np.int64], smallest: int = SMALLEST
) -> NDArray[np.int64]:
    """Number clusters by size, then by first member; too small ones are alone."""
    names, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    sizes = np.bincount(inverse.ravel(), weights=mass)
    order = np.lexsort((first, -sizes))
    rank = np.full(len(names), ALONE, dtype=np.int64)
    kept = [number for number in order if sizes[number] >= smallest]
    rank[kept] = np.arange(len(kept))
    return np.asarray(rank[inverse.ravel()])


def _best_cut(
    vectors: NDArray[np.float64],
    mass: NDArray[np.int64],
    tree: NDArray[np.float64],
    wanted: int | None,
    most: int,
) -> tuple[NDArray[np.int64], float, int]:
    """Labels, silhouette and number of branches of the best cut."""
    cuts = _cuts(tree, mass)
    if wanted is None:
        grid = _thinned([cut for cut in cuts if 2 <= cut.clusters <= most]) or cuts[-1:]
    else:
        # The nearest number that the tree has; of equals the one that leaves fewest alone.
        grid = [min(cuts, key=lambda cut: (abs(cut.clusters - wanted), cut.branches))]
    tried = []
    for cut in grid:
        labels = _relabel(fcluster(tree, cut.height, "distance").astype(np.int64), mass)
        tried.append((_silhouette(vectors, labels), cut.branches, labels))
    best = max(score for score, _, _ in tried)
    enough = best - (1.0 - ENOUGH) * abs(best)  # a silhouette may be negative
    # Of the cuts that are nearly as good as the best, the one with least to read.
    silhouette, branches, labels = min(
        (candidate for candidate in tried if candidate[0] >= enough), key=lambda c: c[1]
    )
    return labels, silhouette, branches


class _Cut(NamedTuple):
    """A height at which a tree may be cut, and into what."""

    height: float
    branches: int
    clusters: int


def _cuts(tree: NDArray[np.float64], mass: NDArray[np.int64]) -> list[_Cut]:
    """Every height of the tree; merges at equal heights belong to one cut."""
    n = len(mass)
    size = dict(enumerate(mass.tolist()))
    found = []
    clusters = int((mass >= SMALLEST).sum())
    heights = tree[:, 2].tolist()
    for step, (left, right) in enumerate(tree[:, :2].astype(int).tolist()):
        parts = (size.pop(left), size.pop(right))
        size[n + step] = sum(parts)
        clusters += (sum(parts) >= SMALLEST) - sum(part >= SMALLEST for part in parts)
        if step + 1 == len(heights) or heights[step + 1] > heights[step]:
            found.append(_Cut(heights[step], n - step - 1, clusters))
    return found


def _thinned(cuts: list[_Cut]) -> list[_Cut]:
    """Cuts in steps of about 4 % of the branches: neighbours hardly differ."""
    kept: list[_Cut] = []
    for cut in sorted(cuts, key=lambda cut: cut.branches):
        if not kept or cut.branches >= 1.04 * kept[-1].branches:
            kept.append(cut)
    return kept


def _silhouette(vectors: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    centres = centres_of(vectors, labels)
    if len(centres) < 2:
        return 0.0
    similarity = np.einsum("nd,kd->nk", vectors, centres, optimize=False)
    inside = labels >= 0
    rows = np.flatnonzero(inside)
    own = 1.0 - similarity[rows, labels[rows]]
    similarity[rows, labels[rows]] = -2.0
    other = 1.0 - similarity[rows].max(axis=1)
    scores = (other - own) / np.maximum(np.maximum(own, other), 1e-9)
    return round(float(scores.sum() / len(vectors)), 9)


def _upper(centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Groups of clusters for the reader's eye: Ward on the centres, best silhouette.

    Ward is right here and wrong below: a table of contents should be balanced.
    """
    k = len(centres)
    if k < 6:
        return np.zeros(k, dtype=np.int64)
    tree = np.asarray(linkage(np.round(centres, 6), "ward"))
    best, groups = -1.0, np.zeros(k, dtype=np.int64)
    for count in range(3, min(MOST_GROUPS, k // 2) + 1):
        labels = cut_tree(tree, n_clusters=[count]).ravel().astype(np.int64)
        score = _silhouette(centres, labels)
        if score > best + 1e-9:
            best, groups = score, labels
    # Numbered by their first, that is largest, cluster.
    names, first = np.unique(groups, return_index=True)
    rank = dict(zip(names[np.argsort(first)].tolist(), range(len(names)), strict=True))
    return np.array([rank[group] for group in groups.tolist()], dtype=np.int64)


def _stability(
    vectors: NDArray[np.float64], labels: NDArray[np.int64], cuts: int
) -> NDArray[np.float64]:
    """Mean best Jaccard similarity of every cluster over seeded subsamples.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability, Computational
    Statistics & Data Analysis 52(1).
    """
    count = int(labels.max(initial=ALONE)) + 1
    if count == 0:
        return np.zeros(0)
    agreements = []
    for rows in resampled(len(vectors), _MOST_RESAMPLED):
        # Fewer opinions make proportionally fewer small branches.
        branches = max(2, min(len(rows), round(cuts * (len(rows) / len(vectors)) ** 0.5)))
        again = fcluster(_tree(vectors[rows]), branches, "maxclust").astype(np.int64)
        agreements.append(best_jaccard(labels[rows], again, count))
    return mean_stability(agreements, count)
