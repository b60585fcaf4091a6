"""Distinct opinions to issues: headings of the dictionary, clusters of the data, descriptions.

Opinions whose topic the concept dictionary knows stand under its headings. The
rest, and everything where the dictionary does not speak the language of the
files, is clustered by what the opinions have in common. Spaces are fitted on
distinct opinions in canonical order (by wording, never by where they stood), on
at most :data:`MOST_FITTED` of them, chosen by a hash of the wording.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.clusters import (
    SMALLEST,
    Clusters,
    centres_of,
    cluster,
    dense_clusters,
    kept_clusters,
    nearest,
)
from pipeline.concepts import Topic
from pipeline.diffusion import common_space
from pipeline.features import content_words, fit_space, letter_vectors, unit, word_weight
from pipeline.identity import keep_ids, wording_key
from pipeline.issues import Distinct, Issues, largest_first, make_issues
from pipeline.keywords import VAGUE
from pipeline.normalize import digest, fold
from pipeline.stability import ALONE
from pipeline.topics import Headings, gather, is_familiar, is_known, topic_stability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.encoders import Encoder
    from pipeline.study import Parameters
    from pipeline.tokens import Token
    from pipeline.wordvectors import WordVectors

MOST_FITTED: Final = 5000
"""Distinct opinions that issues are made from; average linkage is quadratic."""

FARTHEST_SHARE: Final = 0.05
"""Share of the fitted opinions that are farther from their issue than a placed one may be."""

SHARED: Final = 0.4
"""Share of the opinions of an issue from the data alone that have a noun in common."""

OTHER_FIELD: Final = "そのほかの話題"
"""Group of the issues that come from the data alone, beside the fields of the dictionary."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of Japanese before the first opinion is read.

    Attributes
    ----------
    stopwords
        Words that carry no topic.
    word_vectors
        Vectors of normalized forms.
    encoder
        A sentence encoder, where one was asked for.
    """

    stopwords: frozenset[str]
    word_vectors: WordVectors
    encoder: Encoder | None = None


@dataclass(frozen=True)
class Memory:
    """Which issues there were before.

    Attributes
    ----------
    issue_of
        Wording → its issue (:func:`pipeline.identity.remembered`).
    highest
        Highest number that was ever given to an issue.
    joined
        Headings that were one issue, of every issue.
    """

    issue_of: Mapping[str, str] = field(default_factory=dict)
    highest: int = 0
    joined: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Grouping:
    """Issues, and for every opinion the one it is in.

    Attributes
    ----------
    issues
        What the clusters became.
    row_of
        Opinion id → row of the distinct opinion that stands for it.
    names
        Cluster number → issue id.
    distinct, clusters
        What the issues describe.
    method
        Figures for the manifest: how many opinions were fitted, and so on.
    """

    issues: Issues
    row_of: dict[str, int]
    names: dict[int, str]
    distinct: Distinct
    clusters: Clusters
    method: dict[str, object]

    @property
    def issue_of(self) -> dict[str, tuple[str, float]]:
        """Opinion id → (issue id, strength); missing where it stands alone."""
        found = {}
        for own, row in self.row_of.items():
            if name := self.issues.issue_of[row]:
                found[own] = (name, float(self.issues.strength[row]))
        return found


def group_opinions(
    opinions: pd.DataFrame,
    tokens: Sequence[tuple[Token, ...]],
    topics: Sequence[Topic],
    knowledge: Knowledge,
    parameters: Parameters,
    memory: Memory | None = None,
) -> Grouping:
    """Group opinions into issues.

    Parameters
    ----------
    opinions
        ``opinion_id, text, kind, stands_for``, where ``stands_for`` is the id of
        the opinion that this one repeats, or its own.
    tokens, topics
        Tokens of every row, and what the concept dictionary says that it is about.
    memory
        Issues of earlier runs, whose numbers are kept.
    """
    ids, texts = opinions["opinion_id"].tolist(), opinions["text"].tolist()
    rows = [
        row
        for row, (own, stands_for) in enumerate(zip(ids, opinions["stands_for"], strict=True))
        if own == stands_for
    ]
    rows.sort(key=lambda row: (fold(texts[row]), texts[row], ids[row]))
    repeated = Counter(opinions["stands_for"])
    distinct = _Placed(
        texts=[texts[row] for row in rows],
        tokens=[tokens[row] for row in rows],
        topics=[topics[row] for row in rows],
        counts=np.array([repeated[ids[row]] for row in rows], dtype=np.int64),
        knowledge=knowledge,
    )
    memory = memory or Memory()
    vectors, views, n_fitted = distinct.vectors()
    clusters, method = _clusters(distinct, vectors, views, parameters, memory.joined)
    described = Distinct(
        ids=[ids[row] for row in rows],
        texts=distinct.texts,
        kinds=[str(opinions["kind"].iloc[row]) for row in rows],
        tokens=distinct.tokens,
        counts=distinct.counts.tolist(),
        vectors=vectors,
        topics=distinct.topics,
    )
    place = {own: number for number, own in enumerate(described.ids)}
    row_of = {own: place[one] for own, one in zip(ids, opinions["stands_for"], strict=True)}
    order = largest_first(described, clusters.labels, len(clusters.centres))
    said = _said(texts, [int(clusters.labels[row_of[own]]) for own in ids])
    kept = keep_ids(
        [said[number] for number in order], memory.issue_of, memory.highest, said.get(ALONE)
    )
    names = dict(zip(order, kept, strict=True))
    issues = make_issues(described, clusters, clusters.labels, knowledge.stopwords, names)
    method = {
        "n_distinct": len(rows),
        "n_fit": n_fitted,
        "n_issues": len(issues.table),
        "n_groups": len(issues.groups),
        "n_alone": sum(not name for name in issues.issue_of),
        "dimensions": int(vectors.shape[1]),
        **method,
    }
    return Grouping(issues, row_of, names, described, clusters, method)


def _said(texts: Sequence[str], labels: Sequence[int]) -> dict[int, Counter[str]]:
    """Cluster → keys of its wordings, each with how often it was said."""
    keys: dict[str, str] = {}
    found: dict[int, Counter[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        key = keys.get(text) or keys.setdefault(text, wording_key(text))
        found.setdefault(label, Counter())[key] += 1
    return found


@dataclass(frozen=True)
class _Placed:
    """Distinct opinions in canonical order, and where they stand in the views."""

    texts: list[str]
    tokens: list[tuple[Token, ...]]
    topics: list[Topic]
    counts: NDArray[np.int64]
    knowledge: Knowledge

    def vectors(self) -> tuple[NDArray[np.float64], list[NDArray[np.float64]], int]:
        """Vectors of all opinions, the views that they are made of, number of fitted ones."""
        words = [content_words(own, self.knowledge.stopwords) for own in self.tokens]
        weights = _weights(self.tokens)
        fitted = _sample(self.texts)
        some = [words[row] for row in fitted]
        latent = fit_space(some, weights, counts=self.counts[fitted].tolist()).place(words)
        table = self.knowledge.word_vectors
        meanings = table.mean(words, weights, centre=table.centre(some, weights))
        views = [latent, meanings]
        return unit(np.hstack(views)), views, len(fitted)

    def views_of(
        self, rows: NDArray[np.int64], views: Sequence[NDArray[np.float64]]
    ) -> list[NDArray[np.float64]]:
        """All views of some opinions: words, their meanings, letters, an encoder's."""
        texts = [self.texts[row] for row in rows]
        seen = [*(view[rows] for view in views), letter_vectors([fold(text) for text in texts])]
        if self.knowledge.encoder is not None and texts:
            encoded = self.knowledge.encoder.encode(texts)
            seen.append(unit(encoded - encoded.mean(axis=0)))
        return seen


def _clusters(
    opinions: _Placed,
    vectors: NDArray[np.float64],
    views: Sequence[NDArray[np.float64]],
    parameters: Parameters,
    joined_before: Sequence[tuple[str, ...]],
) -> tuple[Clusters, dict[str, object]]:
    """Headings of the dictionary first, then clusters of what they leave free."""
    topics, counts = opinions.topics, opinions.counts
    n_known = sum(is_known(topic) for topic in topics)
    if not is_familiar(topics):
        topics = [Topic() for _ in topics]
    most = parameters.issues or parameters.max_issues
    every = gather(topics, counts, vectors, len(topics), SMALLEST)
    free = np.flatnonzero(every.labels == ALONE)
    data = _of_data(opinions, vectors, views, free, parameters, every)
    left = most - len(data.centres)
    headings = gather(topics, counts, vectors, left, SMALLEST, joined_before)
    labels = headings.labels.copy()
    labels[free] = np.where(data.labels == ALONE, ALONE, data.labels + len(headings.names))
    stability = topic_stability(topics, counts, vectors, headings, left, joined_before)
    fields = sorted(set(headings.fields))
    groups = [fields.index(field) for field in headings.fields]
    joined = Clusters(
        labels=labels,
        centres=centres_of(vectors, labels),
        groups=np.array([*groups, *(data.groups + len(fields))], dtype=np.int64)
        if fields
        else data.groups,
        stability=np.concatenate([stability, data.stability]),
        silhouette=data.silhouette,
        headings=[*headings.names, *((),) * len(data.centres)],
        fields=[*fields, OTHER_FIELD] if fields else [],
    )
    return joined, {
        "n_topic_known": n_known,
        "n_by_headings": int((headings.labels != ALONE).sum()),
        "n_issues_by_headings": len(headings.names),
        "silhouette": data.silhouette,
    }


def _of_data(
    opinions: _Placed,
    vectors: NDArray[np.float64],
    views: Sequence[NDArray[np.float64]],
    free: NDArray[np.int64],
    parameters: Parameters,
    every: Headings,
) -> Clusters:
    """Clusters of the opinions that no heading has; their share of the issues at most."""
    counts, knowledge = opinions.counts, opinions.knowledge
    most = parameters.issues or parameters.max_issues
    some_free = free[_sample([opinions.texts[row] for row in free])]
    seen = opinions.views_of(some_free, views)
    said = counts[some_free].tolist()
    if every.names:
        room = round(most * float(counts[free].sum()) / float(counts.sum()))
        if parameters.issues:
            room = max(room, parameters.issues - len(every.names))
        room = min(room, most - 1)  # the headings are one issue at least
        # What is left over is scattered: a graph would chain it together.
        found = dense_clusters(unit(np.hstack(seen)), said, len(some_free))
        nouns = [
            frozenset(
                content_words(filter(_names_a_topic, opinions.tokens[row]), knowledge.stopwords)
            )
            for row in some_free
        ]
        found = kept_clusters(found, _with_a_topic(found, nouns)[:room])
    else:
        found = cluster(common_space(seen), parameters.issues, most, said)
    return replace(found, labels=_placed(vectors, free, some_free, found.labels))


def _with_a_topic(found: Clusters, nouns: Sequence[frozenset[str]]) -> list[int]:
    """Clusters in which many of the opinions share a noun that can name a topic.

    Names of places and words such as 場所 or 影響 cannot: 「福井はいい」 has none.
    """
    kept = []
    for number in range(len(found.centres)):
        rows = np.flatnonzero(found.labels == number).tolist()
        shared = Counter(word for row in rows for word in nouns[row])
        if max(shared.values(), default=0) >= SHARED * len(rows):
            kept.append(number)
    return kept


def _names_a_topic(token: Token) -> bool:
    return (
        token.pos.startswith("名詞")
        and not token.pos.startswith("名詞-固有名詞-地名")
        and token.word not in VAGUE
    )


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


def _placed(
    vectors: NDArray[np.float64],
    rows: NDArray[np.int64],
    fitted: NDArray[np.int64],
    fitted_labels: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Labels of all `rows`; those not fitted join the nearest centre that is near enough."""
    labels = np.full(len(rows), ALONE, dtype=np.int64)
    labels[np.searchsorted(rows, fitted)] = fitted_labels
    inside = fitted_labels >= 0
    if not inside.any() or len(fitted) == len(rows):
        return labels
    centres = centres_of(vectors[fitted], fitted_labels)
    own = (vectors[fitted][inside] * centres[fitted_labels[inside]]).sum(axis=1)
    threshold = float(np.quantile(own, FARTHEST_SHARE))
    rest = np.setdiff1d(rows, fitted)
    number, cosine = nearest(vectors[rest], centres)
    labels[np.searchsorted(rows, rest)] = np.where(
        (cosine >= threshold) & (cosine > 0), number, ALONE
    )
    return labels
