"""Clusters to issues (課題): ids, titles, words, representative voices, sizes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.keywords import WORDS, characteristic_words, display_words, topic_words
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
from pipeline.wordtitles import SHARED, SHARED_BY_SOME, joined_title, noun_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.clusters import Clusters
    from pipeline.concepts import Topic
    from pipeline.tokens import Token

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
        Shape (n, d).
    topics
        What the concept dictionary says that each is about; none where it was not asked.
    """

    ids: list[str]
    texts: list[str]
    kinds: list[str]
    tokens: list[tuple[Token, ...]]
    counts: list[int]
    vectors: NDArray[np.float64]
    topics: Sequence[Topic] = ()


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
    sizes = np.bincount(labels[labels >= 0], weights=counts[labels >= 0], minlength=n_clusters)
    members = [np.flatnonzero(labels == number) for number in range(n_clusters)]
    order = largest_first(distinct, labels, n_clusters)
    strength = np.zeros(len(labels))
    inside = labels >= 0
    strength[inside] = np.clip(
        (distinct.vectors[inside] * clusters.centres[labels[inside]]).sum(axis=1), 0.0, 1.0
    )

    usage = _Usage(distinct, stopwords)
    rows = []
    taken: set[str] = set()
    for number in order:
        rows_inside = members[number].tolist()
        headings = clusters.headings[number] if clusters.headings else ()
        voices = [_voice(distinct, row, headings) for row in rows_inside]
        weights = usage.weights(rows_inside)
        with_places = usage.weights(rows_inside, _PLACES_TOO)
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
        quoted = _quoted(distinct, rows_inside, voices, strength, speaking)
        rows.append(
            {
                "issue_id": names[number],
                "cluster": number,
                "title": title,
                "words": "、".join(words),
                "n_opinions": int(sizes[number]),
                "n_distinct": len(rows_inside),
                "headings": "、".join(headings),
                "stability": float(clusters.stability[number]),
                "cohesion": float(strength[rows_inside].mean()),
                "representative_opinion_ids": " ".join(quoted),
            }
        )
    table = pd.DataFrame(rows, columns=_COLUMNS)
    groups, group_of = _name_groups(table, clusters, distinct, labels, usage)
    table["group_id"] = [group_of[int(clusters.groups[number])] for number in table["cluster"]]
    issue_of = [names.get(int(label), "") for label in labels]
    return Issues(table.drop(columns="cluster"), groups, issue_of, strength)


_COLUMNS: Final = [
    "issue_id", "cluster", "title", "words", "n_opinions", "n_distinct", "headings", "stability",
    "cohesion", "representative_opinion_ids",
]  # fmt: skip


class _Usage:
    """How often every word is used in all opinions."""

    def __init__(self, distinct: Distinct, stopwords: frozenset[str]) -> None:
        self._distinct = distinct
        self._stopwords = stopwords
        everywhere = range(len(distinct.ids))
        self._overall = self._count(everywhere, _PLACES_TOO)

    def weights(self, rows: Sequence[int], least: float = 0.6) -> dict[str, float]:
        """Characteristic words of some rows, heaviest first."""
        counts = self._distinct.counts
        inside = float(sum(counts[row] for row in rows))
        return characteristic_words(
            self._count(rows, least), inside, self._overall, float(sum(counts))
        )

    def _count(self, rows: Sequence[int], least: float) -> dict[str, float]:
        usage: Counter[str] = Counter()
        for row in rows:
            for word in topic_words(self._distinct.tokens[row], self._stopwords, least):
                usage[word] += self._distinct.counts[row]
        return {word: float(count) for word, count in usage.items()}


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
    rows: Sequence[int],
    voices: Sequence[Voice],
    strength: NDArray[np.float64],
    speaking: Sequence[bool],
) -> list[str]:
    """Ids of the voices that are quoted for an issue."""
    quotable = [
        Quotable(
            voice.text,
            voice.count,
            float(strength[row]),
            distinct.vectors[row],
            voice.heading,
            speaks,
        )
        for row, voice, speaks in zip(rows, voices, speaking, strict=True)
    ]
    return [distinct.ids[rows[place]] for place in representatives(quotable)]


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
    rows, names = [], {}
    for place, number in enumerate(order, start=1):
        names[number] = f"G{place:02d}"
        inside = np.flatnonzero(group_of_row == number).tolist()
        words = _shown_words([_voice(distinct, row) for row in inside], usage.weights(inside))
        title = clusters.fields[number] if clusters.fields else "・".join(words[:3])
        rows.append({"group_id": names[number], "title": title, "words": "、".join(words)})
    return pd.DataFrame(rows, columns=["group_id", "title", "words"]), names
