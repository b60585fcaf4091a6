"""Clusters to issues (課題): ids, titles, words, representative voices, sizes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.keywords import WORDS, characteristic_words, display_words
from pipeline.normalize import fold
from pipeline.opinionvectors import OpinionVectors
from pipeline.representatives import Quotable, representatives
from pipeline.sides import sides
from pipeline.titles import (
    Candidate,
    Voice,
    clause_for_all,
    find_candidates,
    says,
    title_of_headings,
)
from pipeline.tokentable import TokenTable
from pipeline.usage import TopicWordUse
from pipeline.wordtitles import SHARED, SHARED_BY_SOME, joined_title, noun_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.clusters import Clusters
    from pipeline.concepts import Topic
    from pipeline.tokens import Token

DESCRIBED: Final = 150
"""Distinct opinions of an issue that are read for its title and its voices: a share of one
half is known from them to four hundredths. Words and sizes are counted over all."""

_OFTENEST: Final = 50
"""Of these, the ones that were said most often; the others are chosen by a hash."""

_PLACES_TOO: Final = 0.4
"""Weight from which a word may name an issue that comes from the data alone."""


@dataclass(frozen=True)
class Distinct:
    """Distinct opinions in canonical order, the rows that clusters speak of.

    Attributes
    ----------
    ids, texts, kinds, tokens
        One entry an opinion that stands for itself.
    counts
        How many opinions say the same, itself included.
    vectors
        Shape (n, d), or where they are kept and made.
    topics
        What the concept dictionary says that each is about; none where it was not asked.
    hashes
        Shape (n,): hash of every wording (:func:`wording_hash`), where it is known already.
    """

    ids: Sequence[str]
    texts: Sequence[str]
    kinds: Sequence[str]
    tokens: Sequence[tuple[Token, ...]]
    counts: Sequence[int]
    vectors: NDArray[np.float64] | OpinionVectors
    topics: Sequence[Topic] = ()
    hashes: NDArray[np.uint64] | None = None

    def chosen(self, rows: NDArray[np.int64], most: int, oftenest: int = 0) -> NDArray[np.int64]:
        """At most so many of some ascending rows: those said most often, then by their hash.

        Hashes spread as chance does, and are the same in every run, whatever the order.
        """
        if len(rows) <= most:
            return rows
        hashes = wording_hashes(self.texts, rows) if self.hashes is None else self.hashes[rows]
        counts = np.array(self.counts, dtype=np.int64)[rows]
        first = np.lexsort((hashes, -counts))[:oftenest]
        left = np.setdiff1d(np.argsort(hashes, kind="stable"), first, assume_unique=True)
        left = left[np.argsort(hashes[left], kind="stable")]
        return np.sort(rows[np.concatenate([first, left[: most - len(first)]])])


def wording_hash(folded: str) -> int:
    """64 bits of a folded wording (:func:`pipeline.normalize.fold`)."""
    return int.from_bytes(
        hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


def wording_hashes(texts: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hashes of the wordings of some rows."""
    return np.array([wording_hash(fold(texts[row])) for row in rows.tolist()], dtype=np.uint64)


@dataclass(frozen=True)
class Issues:
    """Issues and groups, and which issue every distinct opinion is in.

    Attributes
    ----------
    table
        ``issue_id, group_id, title, words, n_opinions, n_distinct, headings,
        stability, cohesion, representative_opinion_ids``.
    groups
        ``group_id, title, words``.
    issue_of
        One entry a distinct opinion; the empty string where it stands alone.
    strength
        Cosine to the issue's centre, 0 to 1.
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    issue_of: list[str]
    strength: NDArray[np.float64]


def largest_first(distinct: Distinct, labels: NDArray[np.int64], n_clusters: int) -> list[int]:
    """Numbers of clusters in the order of their size; of equal ones by their first wording."""
    counts = np.array(distinct.counts, dtype=np.int64)
    sizes = np.bincount(labels[labels >= 0], weights=counts[labels >= 0], minlength=n_clusters)
    first = [distinct.texts[int(np.argmax(labels == number))] for number in range(n_clusters)]
    return sorted(range(n_clusters), key=lambda number: (-sizes[number], first[number]))


def make_issues(
    distinct: Distinct,
    clusters: Clusters,
    labels: NDArray[np.int64],
    stopwords: frozenset[str],
    names: Mapping[int, str],
) -> Issues:
    """Describe clusters as issues.

    Parameters
    ----------
    clusters
        Centres, groups and stability by cluster number.
    labels
        Cluster of every distinct opinion, −1 for none; no cluster is empty.
    names
        Cluster number → id of its issue (:func:`pipeline.identity.keep_ids`).

    Returns
    -------
    Issues
        The issue with most opinions first; G01 is the group with most.
    """
    n_clusters = len(clusters.centres)
    counts = np.array(distinct.counts, dtype=np.int64)
    order = largest_first(distinct, labels, n_clusters)
    strength = OpinionVectors.of(distinct.vectors).cosines(labels, clusters.centres)
    members = members_of(labels, n_clusters)
    described = [distinct.chosen(own, DESCRIBED, _OFTENEST) for own in members]
    usage = _Usage(distinct, counts, stopwords)
    weights_of, with_places_of = (
        usage.weights(labels, n_clusters),
        usage.weights(labels, n_clusters, _PLACES_TOO),
    )
    rows = []
    taken: set[str] = set()
    for number in order:
        rows_inside = described[number].tolist()
        headings = clusters.headings[number] if clusters.headings else ()
        voices = [_voice(distinct, row, headings) for row in rows_inside]
        weights, with_places = weights_of[number], with_places_of[number]
        words = _shown_words(voices, weights) or _shown_words(voices, with_places)
        beside = any(clusters.headings)
        title, clause = _title(voices, headings, with_places, taken, beside_headings=beside)
        title = next(
            name
            for name in (title, "、".join(words), voices[0].text[:20], names[number])
            if name and name not in taken
        )
        taken.add(title)
        first = frozenset(list(weights)[:1])
        speaking = [says(clause, own) if clause else first <= own.words for own in voices]
        quoted = _quoted(distinct, described[number], voices, strength, speaking)
        rows.append(
            {
                "issue_id": names[number],
                "cluster": number,
                "title": title,
                "words": "、".join(words),
                "n_opinions": int(counts[members[number]].sum()),
                "n_distinct": len(members[number]),
                "headings": "、".join(headings),
                "stability": float(clusters.stability[number]),
                "cohesion": float(strength[members[number]].mean()),
                "representative_opinion_ids": " ".join(quoted),
            }
        )
    table = pd.DataFrame(rows, columns=_COLUMNS)
    groups, group_of = _name_groups(table, clusters, distinct, labels, described, usage)
    table["group_id"] = [group_of[int(clusters.groups[number])] for number in table["cluster"]]
    return Issues(table.drop(columns="cluster"), groups, _named(labels, names), strength)


def members_of(labels: NDArray[np.int64], n_clusters: int) -> list[NDArray[np.int64]]:
    """Ascending rows of every cluster."""
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(n_clusters + 1))
    return [order[start:end] for start, end in pairwise(bounds.tolist())]


def _named(labels: NDArray[np.int64], names: Mapping[int, str]) -> list[str]:
    """Issue of every row."""
    return [names.get(own, "") for own in labels.tolist()]


_COLUMNS: Final = [
    "issue_id", "cluster", "title", "words", "n_opinions", "n_distinct", "headings", "stability",
    "cohesion", "representative_opinion_ids",
]  # fmt: skip


class _Usage:
    """Characteristic words of groups of opinions, counted over all of them."""

    def __init__(
        self, distinct: Distinct, counts: NDArray[np.int64], stopwords: frozenset[str]
    ) -> None:
        self._tokens = TokenTable.of(distinct.tokens)
        self._counts = counts
        self._stopwords = stopwords
        self._with_places = TopicWordUse(self._tokens, counts, stopwords, _PLACES_TOO)
        self._overall = self._with_places.overall()

    def weights(
        self, labels: NDArray[np.int64], n_groups: int, least: float = 0.6
    ) -> list[dict[str, float]]:
        """Characteristic words of the opinions of every label, heaviest first."""
        use = self._with_places
        if least != _PLACES_TOO:
            use = TopicWordUse(self._tokens, self._counts, self._stopwords, least)
        inside = labels >= 0
        said = np.bincount(labels[inside], weights=self._counts[inside], minlength=n_groups)
        total = float(self._counts.sum())
        return [
            characteristic_words(own, float(n_inside), self._overall, total)
            for own, n_inside in zip(use.of_groups(labels, n_groups), said, strict=True)
        ]


def _voice(distinct: Distinct, row: int, headings: Sequence[str] = ()) -> Voice:
    """One opinion of an issue; a large facet may be a heading of its own."""
    tokens = distinct.tokens[row]
    denied = any(token.word in {"ない", "ず", "無い"} for token in tokens)
    topic = distinct.topics[row] if distinct.topics else None
    path = topic.path if topic and len(topic.path) > 1 else ("", "")
    facet = topic.facet if topic and topic.facet in headings else ""
    return Voice(
        text=distinct.texts[row],
        tokens=tokens,
        count=distinct.counts[row],
        words=frozenset(token.word for token in tokens) | frozenset(["ない"] if denied else []),
        sides=sides(tokens),
        field=path[0],
        heading=facet or path[-1],
        praises=distinct.kinds[row] == "praise",
    )


def _quoted(
    distinct: Distinct,
    rows: NDArray[np.int64],
    voices: Sequence[Voice],
    strength: NDArray[np.float64],
    speaking: Sequence[bool],
) -> list[str]:
    """Ids of the voices that are quoted for an issue."""
    vectors = OpinionVectors.of(distinct.vectors).at(rows)
    quotable = [
        Quotable(
            voice.text,
            voice.count,
            float(strength[row]),
            vector,
            voice.heading,
            speaks,
        )
        for row, vector, voice, speaks in zip(rows, vectors, voices, speaking, strict=True)
    ]
    return [distinct.ids[int(rows[place])] for place in representatives(quotable)]


def _title(
    voices: Sequence[Voice],
    headings: Sequence[str],
    weights: dict[str, float],
    taken: set[str],
    *,
    beside_headings: bool,
) -> tuple[str, Candidate | None]:
    """Title of an issue, and the clause that it is, if it is one."""
    used = frozenset(taken)
    candidates = find_candidates(voices)
    clause = clause_for_all(candidates, voices, headings, used)
    if clause:
        return clause.text, clause
    if headings:
        return title_of_headings(headings, voices), None
    least = SHARED if beside_headings else SHARED_BY_SOME
    name = noun_title(candidates, voices, weights, used, least) or joined_title(
        voices, weights, used, beside_headings=beside_headings
    )
    return name, None


def _shown_words(voices: Sequence[Voice], weights: dict[str, float]) -> list[str]:
    tokens, counts = [voice.tokens for voice in voices], [voice.count for voice in voices]
    return display_words(tokens, counts, list(weights)[: 3 * WORDS])[:WORDS]


def _name_groups(
    table: pd.DataFrame,
    clusters: Clusters,
    distinct: Distinct,
    labels: NDArray[np.int64],
    described: Sequence[NDArray[np.int64]],
    usage: _Usage,
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Groups, largest first, named by their field or their three most characteristic words."""
    counts = np.array(distinct.counts, dtype=np.int64)
    group_of_row = (
        np.where(labels >= 0, clusters.groups[np.maximum(labels, 0)], -1)
        if len(clusters.groups)
        else np.full(len(labels), -1)
    )
    numbers = sorted({int(clusters.groups[number]) for number in table["cluster"]})
    sizes = {number: int(counts[group_of_row == number].sum()) for number in numbers}
    order = sorted(numbers, key=lambda number: (-sizes[number], number))
    weights = usage.weights(group_of_row, max(numbers, default=-1) + 1)
    rows, names = [], {}
    for place, number in enumerate(order, start=1):
        names[number] = f"G{place:02d}"
        parts = [
            own for own, group in zip(described, clusters.groups, strict=True) if group == number
        ]
        inside = np.sort(np.concatenate(parts)).tolist()
        words = display_words(
            [distinct.tokens[row] for row in inside],
            [distinct.counts[row] for row in inside],
            list(weights[number])[: 3 * WORDS],
        )[:WORDS]
        title = clusters.fields[number] if clusters.fields else "・".join(words[:3])
        rows.append({"group_id": names[number], "title": title, "words": "、".join(words)})
    return pd.DataFrame(rows, columns=["group_id", "title", "words"]), names
