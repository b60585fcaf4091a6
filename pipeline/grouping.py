"""Distinct opinions to issues: headings of the dictionary, clusters of the data, descriptions.

Opinions whose topic the concept dictionary knows stand under its headings. The
rest, and everything where the dictionary does not speak the language of the
files, is clustered by what the opinions have in common. Spaces are fitted on
distinct opinions in canonical order (by wording, never by where they stood), on
at most :data:`MOST_FITTED` of them, chosen by a hash of the wording; all others are
placed in them one by one. Those that are far from every cluster are clustered again,
so that what few say is found wherever it stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clusters import (
    SMALLEST,
    Clusters,
    centres_of,
    cluster,
    dense_clusters,
    kept_clusters,
)
from pipeline.diffusion import common_space
from pipeline.features import content_words, unit
from pipeline.identity import keep_ids, wording_key
from pipeline.issues import (
    DESCRIBED,
    Distinct,
    Issues,
    largest_first,
    make_issues,
    members_of,
)
from pipeline.keywords import VAGUE
from pipeline.normalize import fold
from pipeline.opinionvectors import OpinionVectors
from pipeline.opinionviews import all_views, fit_views
from pipeline.stability import ALONE
from pipeline.tokentable import TokenTable
from pipeline.topics import Headings, Topics, gather, is_familiar, no_topics, topic_stability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.concepts import Topic
    from pipeline.encoders import Encoder
    from pipeline.opinionviews import Views
    from pipeline.study import Parameters
    from pipeline.tokens import Token
    from pipeline.wordvectors import WordVectors

MOST_FITTED: Final = 5000
"""Distinct opinions that issues are made from; average linkage is quadratic."""

ROUNDS: Final = 2
"""How often what is far from every cluster is clustered by itself."""

FARTHEST_SHARE: Final = 0.05
"""Share of the fitted opinions that are farther from their issue than a placed one may be."""

_TOLD_BY: Final = 5
"""Opinions that say what a heading is like where none of its own is fitted."""

SHARED: Final = 0.4
"""Share of the opinions of an issue from the data alone that have a noun in common."""

OTHER_FIELD: Final = "そのほかの話題"
"""Group of the issues that come from the data alone, beside the fields of the dictionary."""


_ASKED: Final = ("opinion_id", "text", "kind", "folded", "wording_hash")
"""Columns of opinions that are looked at: of a million rows the others are not copied."""


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
        Index of opinion ids: row of the distinct opinion that stands for each.
    names
        Cluster number → issue id.
    distinct, clusters
        What the issues describe.
    method
        Figures for the manifest: how many opinions were fitted, and so on.
    """

    issues: Issues
    row_of: pd.Series[int]
    names: dict[int, str]
    distinct: Distinct
    clusters: Clusters
    method: dict[str, object]

    @property
    def issue_of(self) -> dict[str, tuple[str, float]]:
        """Opinion id → (issue id, strength); missing where it stands alone."""
        rows = zip(self.row_of.index, self.issue_ids, self.strengths.tolist(), strict=True)
        return {str(own): (str(issue), strength) for own, issue, strength in rows if issue}

    @property
    def issue_ids(self) -> NDArray[np.object_]:
        """Issue of every opinion, empty where it stands alone."""
        own: NDArray[np.object_] = np.array(self.issues.issue_of, dtype=object)
        return own[self.row_of.to_numpy()]

    @property
    def strengths(self) -> NDArray[np.float64]:
        """Cosine of every opinion to the centre of its issue."""
        return self.issues.strength[self.row_of.to_numpy()]


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
        the opinion that this one repeats, or its own; ``folded`` and ``wording_hash``
        where they are known (:func:`pipeline.issues.wording_hash`).
    tokens, topics
        Tokens of every row, and what the concept dictionary says that it is about.
    memory
        Issues of earlier runs, whose numbers are kept.
    """
    memory = memory or Memory()
    rows = _canonical(opinions)
    own_ids = pa.array(opinions["opinion_id"]).take(pa.array(rows))
    row_of = pd.Series(
        pc.index_in(pa.array(opinions["stands_for"]), value_set=own_ids).to_numpy(),
        index=pd.Index(opinions["opinion_id"]),
    )
    asked = [name for name in _ASKED if name in opinions]
    chosen = opinions[asked].iloc[rows]
    hashes = chosen["wording_hash"].to_numpy() if "wording_hash" in chosen else None
    distinct = Distinct(
        ids=chosen["opinion_id"].array,
        texts=chosen["text"].array,
        kinds=chosen["kind"].array,
        tokens=TokenTable.of(tokens).take(rows),
        counts=np.bincount(row_of.to_numpy(), minlength=len(rows)).tolist(),
        vectors=np.zeros((0, 1)),
        topics=Topics.of(topics).take(rows),
        hashes=hashes,
    )
    placed, views, n_fitted = fit_vectors(distinct, knowledge)
    distinct = replace(distinct, vectors=placed)
    clusters, placed, method = _clusters(distinct, views, knowledge, parameters, memory.joined)
    distinct = replace(distinct, vectors=placed)
    order = largest_first(distinct, clusters.labels, len(clusters.centres))
    names = dict(
        zip(order, _kept_ids(opinions, row_of, clusters.labels, order, memory), strict=True)
    )
    issues = make_issues(distinct, clusters, clusters.labels, knowledge.stopwords, names)
    method = {
        "n_distinct": len(rows),
        "n_fit": n_fitted,
        "n_issues": len(issues.table),
        "n_groups": len(issues.groups),
        "n_alone": int((clusters.labels == ALONE).sum()),
        "dimensions": placed.dimensions,
        **method,
    }
    return Grouping(issues, row_of, names, distinct, clusters, method)


def _canonical(opinions: pd.DataFrame) -> NDArray[np.int64]:
    """Rows of the opinions that stand for themselves, in the order of their wordings."""
    rows = np.flatnonzero((opinions["opinion_id"] == opinions["stands_for"]).to_numpy())
    own = opinions[[name for name in _ASKED if name in opinions]].iloc[rows]
    folded = own["folded"] if "folded" in own else own["text"].map(fold)
    keys = pd.DataFrame(
        {"folded": folded.array, "text": own["text"].array, "own": own["opinion_id"].array}
    )
    order = pc.sort_indices(
        pa.Table.from_pandas(keys, preserve_index=False),
        sort_keys=[(name, "ascending") for name in keys],
    ).to_numpy()
    canonical: NDArray[np.int64] = rows[order]
    return canonical


def _kept_ids(
    opinions: pd.DataFrame,
    row_of: pd.Series[int],
    labels: NDArray[np.int64],
    order: Sequence[int],
    memory: Memory,
) -> list[str]:
    """Numbers of the clusters in their order; only what is remembered needs its wordings."""
    if not memory.issue_of:
        return keep_ids([{}] * len(order), {}, memory.highest)
    said = _said(opinions["text"].tolist(), labels[row_of.to_numpy()].tolist())
    return keep_ids(
        [said[number] for number in order], memory.issue_of, memory.highest, said.get(ALONE)
    )


def _said(texts: Sequence[str], labels: Sequence[int]) -> dict[int, Counter[str]]:
    """Cluster → keys of its wordings, each with how often it was said."""
    keys: dict[str, str] = {}
    found: dict[int, Counter[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        key = keys.get(text) or keys.setdefault(text, wording_key(text))
        found.setdefault(label, Counter())[key] += 1
    return found


def fit_vectors(distinct: Distinct, knowledge: Knowledge) -> tuple[OpinionVectors, Views, int]:
    """Vectors of the fitted opinions and of any others, their views, and how many are fitted."""
    every = np.arange(len(distinct.ids))
    fitted = distinct.chosen(every, MOST_FITTED)
    views = fit_views(distinct, fitted, knowledge.stopwords, knowledge.word_vectors)
    vectors = OpinionVectors(len(every), fitted, views.joined(fitted), views.joined)
    return vectors, views, len(fitted)


def _clusters(
    distinct: Distinct,
    views: Views,
    knowledge: Knowledge,
    parameters: Parameters,
    joined_before: Sequence[tuple[str, ...]],
) -> tuple[Clusters, OpinionVectors, dict[str, object]]:
    """Headings of the dictionary first, then clusters of what they leave free."""
    counts = np.array(distinct.counts, dtype=np.int64)
    vectors = OpinionVectors.of(distinct.vectors)
    topics = Topics.of(distinct.topics)
    n_known = int(topics.known.sum())
    if not is_familiar(topics):
        topics = no_topics(len(topics))
    most = parameters.issues or parameters.max_issues
    some = None if vectors.is_whole else vectors.rows
    every = gather(topics, counts, vectors.kept, len(topics), SMALLEST, placed=some)
    if some is not None:
        vectors = vectors.keeping(_missed(distinct, every, some))
        some = vectors.rows
    free = np.flatnonzero(every.labels == ALONE)
    data = _of_data(distinct, views, free, knowledge, parameters, every)
    left = most - len(data.centres)
    headings = gather(topics, counts, vectors.kept, left, SMALLEST, joined_before, some)
    labels = headings.labels.copy()
    labels[free] = np.where(data.labels == ALONE, ALONE, data.labels + len(headings.names))
    stability = topic_stability(topics, counts, vectors.kept, headings, left, joined_before, some)
    fields = sorted(set(headings.fields))
    groups = [fields.index(field) for field in headings.fields]
    n_clusters = len(headings.names) + len(data.centres)
    read = [distinct.chosen(own, DESCRIBED) for own in members_of(labels, n_clusters)]
    vectors = vectors.keeping(np.concatenate([vectors.rows[:0], *read]))
    joined = Clusters(
        labels=labels,
        centres=centres_of(vectors.kept, labels[vectors.rows], n_clusters),
        groups=np.array([*groups, *(data.groups + len(fields))], dtype=np.int64)
        if fields
        else data.groups,
        stability=np.concatenate([stability, data.stability]),
        silhouette=data.silhouette,
        headings=[*headings.names, *((),) * len(data.centres)],
        fields=[*fields, OTHER_FIELD] if fields else [],
    )
    return (
        joined,
        vectors,
        {
            "n_topic_known": n_known,
            "n_by_headings": int((headings.labels != ALONE).sum()),
            "n_issues_by_headings": len(headings.names),
            "silhouette": data.silhouette,
        },
    )


def _missed(distinct: Distinct, every: Headings, placed: NDArray[np.int64]) -> NDArray[np.int64]:
    """A few opinions of every heading of which none is placed: they say what it is like.

    Without them it would be like nothing, and no resample would find it again.
    """
    is_placed = np.zeros(len(distinct.ids), dtype=np.bool_)
    is_placed[placed] = True
    found = [
        distinct.chosen(own, _TOLD_BY)
        for own in members_of(every.labels, len(every.names))
        if not is_placed[own].any()
    ]
    return np.concatenate([placed[:0], *found])


def _of_data(
    distinct: Distinct,
    views: Views,
    free: NDArray[np.int64],
    knowledge: Knowledge,
    parameters: Parameters,
    every: Headings,
) -> Clusters:
    """Clusters of the opinions that no heading has; their share of the issues at most."""
    counts = np.array(distinct.counts, dtype=np.int64)
    most = parameters.issues or parameters.max_issues
    if every.names:
        room = round(most * float(counts[free].sum()) / float(counts.sum()))
        if parameters.issues:
            room = max(room, parameters.issues - len(every.names))
        room = min(room, most - 1)  # the headings are one issue at least
    else:
        room = most
    found: list[Clusters] = []
    labels = np.full(len(free), ALONE, dtype=np.int64)
    while not found or (room > 0 and len(found) < ROUNDS):
        # What is far from every cluster so far; in the first round, everything.
        far = np.flatnonzero(labels == ALONE)
        some = distinct.chosen(free[far], MOST_FITTED)
        seen = all_views(some, distinct, views, knowledge.encoder)
        said = counts[some].tolist()
        if every.names or found:
            # What is left over is scattered: a graph would chain it together.
            own = dense_clusters(unit(np.hstack(seen)), said, len(some))
            nouns = [_nouns(distinct.tokens[row], knowledge) for row in some.tolist()]
            own = kept_clusters(own, _with_a_topic(own, nouns)[: max(0, room)])
        else:
            own = cluster(common_space(seen), parameters.issues, most, said)
        placed = _placed(distinct, free[far], some, own.labels)
        labels[far] = np.where(
            placed == ALONE, ALONE, placed + sum(len(one.centres) for one in found)
        )
        found.append(own)
        room -= len(own.centres)
        if len(some) == len(far):  # nothing was left out
            break
    # What was found later is far from every group of the first round: it is one of its own.
    beside = 0 if every.names else int(found[0].groups.max(initial=-1)) + 1
    return replace(
        found[0],
        labels=labels,
        centres=np.concatenate([own.centres[:, :0] for own in found]),
        groups=np.concatenate([found[0].groups, *(own.groups + beside for own in found[1:])]),
        stability=np.concatenate([own.stability for own in found]),
    )


def _nouns(tokens: Sequence[Token], knowledge: Knowledge) -> frozenset[str]:
    """Nouns of an opinion that can name a topic."""
    return frozenset(
        content_words([token for token in tokens if _names_a_topic(token)], knowledge.stopwords)
    )


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


def _placed(
    distinct: Distinct,
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
    vectors = OpinionVectors.of(distinct.vectors)
    known = vectors.at(fitted)
    centres = centres_of(known, fitted_labels)
    own = (known[inside] * centres[fitted_labels[inside]]).sum(axis=1)
    # As many decimals as what is placed has: the same vector is never just too far.
    threshold = float(np.quantile(np.round(own, 9), FARTHEST_SHARE))
    rest = np.setdiff1d(rows, fitted, assume_unique=True)
    number, cosine = vectors.nearest(rest, centres)
    labels[np.searchsorted(rows, rest)] = np.where(
        (cosine >= threshold) & (cosine > 0), number, ALONE
    )
    return labels
