"""Distinct opinions to issues: the space, the clusters and their descriptions, joined.

Everything is fitted on distinct opinions in canonical order (by wording, never
by where they stood), on at most :data:`MOST_FITTED` of them, chosen by a hash of
the wording. The rest is placed in the same space and joins the nearest issue.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.clusters import ALONE, cluster, nearest
from pipeline.features import content_words, fit_space, word_weight
from pipeline.issues import Distinct, Issues, make_issues
from pipeline.normalize import digest, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.study import Parameters
    from pipeline.tokens import Token

MOST_FITTED: Final = 5000
"""Distinct opinions that issues are made from; average linkage is quadratic."""

CONCEPT_MARK: Final = "§"
CONCEPT_WEIGHT: Final = 2.0
"""Weight of a concept beside the weight 1 of a noun (DECISIONS.md)."""

FARTHEST_SHARE: Final = 0.05
"""Share of the fitted opinions that are farther from their issue than a placed one may be."""


@dataclass(frozen=True)
class Grouping:
    """Issues, and for every opinion the one it is in.

    Attributes
    ----------
    issues
        What the clusters became.
    issue_of
        Opinion id → (issue id, strength); missing where it stands alone.
    method
        Figures for the manifest: how many opinions were fitted, and so on.
    """

    issues: Issues
    issue_of: dict[str, tuple[str, float]]
    method: dict[str, object]


def group_opinions(
    opinions: pd.DataFrame,
    tokens: Sequence[tuple[Token, ...]],
    concepts: Sequence[Sequence[str]],
    stopwords: frozenset[str],
    parameters: Parameters,
) -> Grouping:
    """Group opinions into issues.

    Parameters
    ----------
    opinions
        ``opinion_id, text, kind, stands_for``, where ``stands_for`` is the id of
        the opinion that this one repeats, or its own.
    tokens
        Tokens of every row.
    concepts
        Names of the coding rules that every row meets: what the plan knows of
        residents' words. They count as words of the opinion.
    """
    rows = [
        row
        for row, (own, stands_for) in enumerate(
            zip(opinions["opinion_id"], opinions["stands_for"], strict=True)
        )
        if own == stands_for
    ]
    texts = opinions["text"].tolist()
    ids = opinions["opinion_id"].tolist()
    rows.sort(key=lambda row: (fold(texts[row]), texts[row], ids[row]))
    repeated = Counter(opinions["stands_for"])
    words = [
        [
            *content_words(tokens[row], stopwords),
            *(f"{CONCEPT_MARK}{name}" for name in concepts[row]),
        ]
        for row in rows
    ]
    fitted = _sample([texts[row] for row in rows])
    weights = _weights(tokens[row] for row in rows)
    weights |= {
        word: CONCEPT_WEIGHT for own in words for word in own if word.startswith(CONCEPT_MARK)
    }
    counts = [repeated[ids[row]] for row in rows]
    said = [counts[number] for number in fitted]
    space = fit_space([words[number] for number in fitted], weights, counts=said)
    vectors = space.place(words)
    clusters = cluster(vectors[fitted], parameters.issues, parameters.max_issues, said)
    labels, threshold = _assign(vectors, fitted, clusters.labels, clusters.centres)
    distinct = Distinct(
        ids=[ids[row] for row in rows],
        texts=[texts[row] for row in rows],
        kinds=[str(opinions["kind"].iloc[row]) for row in rows],
        tokens=[tokens[row] for row in rows],
        counts=counts,
        vectors=vectors,
    )
    issues = make_issues(distinct, clusters, labels, stopwords)
    place = {own: number for number, own in enumerate(distinct.ids)}
    issue_of = {}
    for own, stands_for in zip(ids, opinions["stands_for"], strict=True):
        number = place[stands_for]
        if issues.issue_of[number]:
            issue_of[own] = (issues.issue_of[number], float(issues.strength[number]))
    method: dict[str, object] = {
        "n_distinct": len(rows),
        "n_fit": len(fitted),
        "n_issues": len(issues.table),
        "n_groups": len(issues.groups),
        "n_alone": sum(not name for name in issues.issue_of),
        "dimensions": int(vectors.shape[1]),
        "silhouette": clusters.silhouette,
    }
    if len(fitted) < len(rows):
        method["threshold"] = round(threshold, 6)
    return Grouping(issues, issue_of, method)


def _sample(texts: Sequence[str]) -> list[int]:
    """Rows to fit on: all, or those whose wording has the smallest hash."""
    if len(texts) <= MOST_FITTED:
        return list(range(len(texts)))
    by_hash = sorted(range(len(texts)), key=lambda row: (digest(fold(texts[row])), row))
    return sorted(by_hash[:MOST_FITTED])


def _weights(tokens: Iterable[Sequence[Token]]) -> dict[str, float]:
    """Heaviest weight of every word over the parts of speech that it occurs with."""
    weights: dict[str, float] = {}
    for own in tokens:
        for token in own:
            weights[token.word] = max(weights.get(token.word, 0.0), word_weight(token.pos))
    return weights


def _assign(
    vectors: NDArray[np.float64],
    fitted: Sequence[int],
    fitted_labels: NDArray[np.int64],
    centres: NDArray[np.float64],
) -> tuple[NDArray[np.int64], float]:
    """Labels of all opinions; those not fitted join the nearest centre that is near enough."""
    labels = np.full(len(vectors), ALONE, dtype=np.int64)
    labels[list(fitted)] = fitted_labels
    inside = fitted_labels >= 0
    if not inside.any() or len(fitted) == len(vectors):
        return labels, 0.0
    own = (vectors[list(fitted)][inside] * centres[fitted_labels[inside]]).sum(axis=1)
    threshold = float(np.quantile(own, FARTHEST_SHARE))
    rest = np.setdiff1d(np.arange(len(vectors)), fitted)
    number, cosine = nearest(vectors[rest], centres)
    labels[rest] = np.where((cosine >= threshold) & (cosine > 0), number, ALONE)
    return labels, threshold
