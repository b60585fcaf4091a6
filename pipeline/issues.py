"""Clusters to issues (課題): ids, titles, words, representative voices, sizes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.titles import (
    WORDS,
    characteristic_words,
    choose_title,
    display_words,
    find_candidates,
    topic_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.clusters import Clusters
    from pipeline.tokens import Token

REPRESENTATIVES: Final = 3
_QUOTABLE: Final = (8, 80)


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
    """

    ids: list[str]
    texts: list[str]
    kinds: list[str]
    tokens: list[tuple[Token, ...]]
    counts: list[int]
    vectors: NDArray[np.float64]


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


def make_issues(
    distinct: Distinct,
    clusters: Clusters,
    labels: NDArray[np.int64],
    stopwords: frozenset[str],
) -> Issues:
    """Describe clusters as issues.

    Parameters
    ----------
    clusters
        Centres, groups and stability by cluster number.
    labels
        Cluster of every distinct opinion, −1 for none.

    Returns
    -------
    Issues
        I001 is the issue with most opinions; G01 the group with most.
    """
    n_clusters = len(clusters.centres)
    counts = np.array(distinct.counts, dtype=np.int64)
    sizes = np.bincount(labels[labels >= 0], weights=counts[labels >= 0], minlength=n_clusters)
    members = [np.flatnonzero(labels == number) for number in range(n_clusters)]
    order = sorted(
        range(n_clusters), key=lambda number: (-sizes[number], distinct.texts[members[number][0]])
    )
    digits = max(3, len(str(n_clusters)))  # ids sort as numbers do
    names = {number: f"I{place:0{digits}d}" for place, number in enumerate(order, start=1)}
    strength = np.zeros(len(labels))
    inside = labels >= 0
    strength[inside] = np.clip(
        (distinct.vectors[inside] * clusters.centres[labels[inside]]).sum(axis=1), 0.0, 1.0
    )

    words_of = [topic_words(tokens, stopwords) for tokens in distinct.tokens]
    wide_words = [
        frozenset(token.word for token in tokens) | _negation(tokens) for tokens in distinct.tokens
    ]
    overall = _usage(words_of, counts, range(len(words_of)))
    rows = []
    taken: set[str] = set()
    for number in order:
        rows_inside = members[number].tolist()
        own = _Members(distinct, rows_inside)
        usage = _usage(words_of, counts, rows_inside)
        weights = characteristic_words(usage, float(sizes[number]), overall, float(counts.sum()))
        phrases = find_candidates(own.texts, own.tokens, own.counts, own.on_main_side())
        title = choose_title(
            phrases,
            weights,
            [(wide_words[row], distinct.counts[row]) for row in rows_inside],
            own.one_sided(),
            frozenset(taken),
        )
        words = display_words(own.tokens, own.counts, list(weights)[: 2 * WORDS])[:WORDS]
        # Joined are nouns that stand in the opinions: no 「減る」 for 「減って」.
        verbs = own.predicates()
        written = [
            word for word in words if word not in verbs and any(word in text for text in own.texts)
        ]
        joined = ("・".join(written[:count]) for count in (2, 3, 1))
        names_left = (title, *joined, own.texts[0][:20], "、".join(words))
        title = next((name for name in names_left if name and name not in taken), names[number])
        taken.add(title)
        said = next((phrase.words for phrase in phrases if phrase.text == title), None)
        title_words = said or frozenset(list(weights)[:1])
        speaking = [title_words <= wide_words[row] for row in rows_inside]
        rows.append(
            {
                "issue_id": names[number],
                "cluster": number,
                "title": title,
                "words": "、".join(words),
                "n_opinions": int(sizes[number]),
                "n_distinct": len(rows_inside),
                "headings": "、".join(clusters.headings[number]) if clusters.headings else "",
                "stability": float(clusters.stability[number]),
                "cohesion": float(strength[rows_inside].mean()),
                "representative_opinion_ids": " ".join(
                    _representatives(distinct, rows_inside, strength, speaking)
                ),
            }
        )
    table = pd.DataFrame(rows, columns=_COLUMNS)
    groups, group_of = _name_groups(table, clusters, distinct, labels, words_of, overall)
    table["group_id"] = [group_of[int(clusters.groups[number])] for number in table["cluster"]]
    issue_of = [names.get(int(label), "") for label in labels]
    return Issues(table.drop(columns="cluster"), groups, issue_of, strength)


_COLUMNS: Final = [
    "issue_id", "cluster", "title", "words", "n_opinions", "n_distinct", "headings", "stability",
    "cohesion", "representative_opinion_ids",
]  # fmt: skip


class _Members:
    """The members of one issue."""

    def __init__(self, distinct: Distinct, rows: list[int]) -> None:
        self.texts = [distinct.texts[row] for row in rows]
        self.tokens = [distinct.tokens[row] for row in rows]
        self.counts = [distinct.counts[row] for row in rows]
        self.kinds = [distinct.kinds[row] for row in rows]

    def predicates(self) -> frozenset[str]:
        """Verbs and adjectives, as written and in their dictionary form."""
        return frozenset(
            form
            for own in self.tokens
            for token in own
            if token.pos.startswith(("動詞", "形容詞"))
            for form in (token.surface, token.word)
        )

    def one_sided(self) -> float:
        """Share of the larger side: praise, or anything that asks for a change."""
        praise = self._praise()
        return max(praise, 1.0 - praise)

    def on_main_side(self) -> list[bool]:
        """Whether each opinion is on the larger side."""
        praised = self._praise() > 0.5
        return [(kind == "praise") == praised for kind in self.kinds]

    def _praise(self) -> float:
        pairs = zip(self.kinds, self.counts, strict=True)
        return sum(count for kind, count in pairs if kind == "praise") / sum(self.counts)


def _negation(tokens: Sequence[Token]) -> frozenset[str]:
    denied = any(token.word in {"ない", "ず", "無い"} for token in tokens)
    return frozenset(["ない"] if denied else [])


def _usage(
    words_of: Sequence[frozenset[str]], counts: NDArray[np.int64], rows: Sequence[int] | range
) -> dict[str, float]:
    usage: Counter[str] = Counter()
    for row in rows:
        for word in words_of[row]:
            usage[word] += int(counts[row])
    return {word: float(count) for word, count in usage.items()}


def _representatives(
    distinct: Distinct, rows: list[int], strength: NDArray[np.float64], speaking: list[bool]
) -> list[str]:
    """Up to three voices: near the centre, quotable, with the title's words, no point twice."""
    chosen: list[int] = []
    to_title = dict(zip(rows, speaking, strict=True))
    low, high = _QUOTABLE
    while len(chosen) < min(REPRESENTATIVES, len(rows)):
        best = max(
            (row for row in rows if row not in chosen),
            key=lambda row: (
                round(
                    float(strength[row])
                    + (0.15 if low <= len(distinct.texts[row]) <= high else 0.0)
                    + (0.3 if to_title[row] else 0.0)
                    + 0.05 * float(np.log(distinct.counts[row]))
                    - 0.5 * _likeness(distinct, row, chosen),
                    6,
                ),
                -row,
            ),
        )
        chosen.append(best)
    return [distinct.ids[row] for row in chosen]


def _likeness(distinct: Distinct, row: int, chosen: list[int]) -> float:
    """Highest cosine to a voice that is already chosen."""
    if not chosen:
        return 0.0
    return float(max((distinct.vectors[row] * distinct.vectors[other]).sum() for other in chosen))


def _name_groups(
    table: pd.DataFrame,
    clusters: Clusters,
    distinct: Distinct,
    labels: NDArray[np.int64],
    words_of: list[frozenset[str]],
    overall: dict[str, float],
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
        weights = characteristic_words(
            _usage(words_of, counts, inside), float(sizes[number]), overall, float(counts.sum())
        )
        own = _Members(distinct, inside)
        words = display_words(own.tokens, own.counts, list(weights)[: 2 * WORDS])[:WORDS]
        title = clusters.fields[number] if clusters.fields else "・".join(words[:3])
        rows.append({"group_id": names[number], "title": title, "words": "、".join(words)})
    return pd.DataFrame(rows, columns=["group_id", "title", "words"]), names
