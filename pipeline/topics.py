"""Topics to groups: opinions under one heading of the concept dictionary are one issue.

Where the words say what an opinion is about, no vector has to guess it: the same
words lead to the same heading in every survey. Small headings of one field are
joined until there are few enough to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from pipeline.concepts import Topic
from pipeline.stability import best_jaccard, mean_stability, resampled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

COVERED: Final = 0.1
"""Share of an opinion's words that have to speak of its topic."""

PLAINLY_COVERED: Final = 0.2
"""Share of its words from which the dictionary speaks an opinion's language (DECISIONS.md)."""

FAMILIAR: Final = 0.5
"""Share of the opinions whose topic has to be known for the dictionary to group them."""

LARGEST_JOINED: Final = 0.03
"""Share of all opinions that headings may have together when they are joined."""

MANY: Final = 300
SPLIT_FROM: Final = 0.1
"""Opinions, and share of all opinions, from which a heading is split along its facets."""

SMALLEST_FACET: Final = 0.02
"""Share of all opinions that a facet needs to stand for itself."""

NOWHERE: Final = -1


@dataclass(frozen=True)
class Topics(Sequence[Topic]):
    """What many opinions are about, in columns.

    Attributes
    ----------
    paths, facets
        What occurs, once each; the number of a path or facet is its place here.
    path, facet
        Shape (n,): number of the path and of the facet of every opinion.
    coverage
        Shape (n,).

    Examples
    --------
    >>> topics = Topics.of([Topic(), Topic(("交通", "バス"), "本数", 0.5)])
    >>> topics[1].facet, len(topics.take(np.array([1, 1])))
    ('本数', 2)
    """

    paths: tuple[tuple[str, ...], ...]
    facets: tuple[str, ...]
    path: NDArray[np.int32]
    facet: NDArray[np.int32]
    coverage: NDArray[np.float64]

    @classmethod
    def of(cls, topics: Iterable[Topic]) -> Topics:
        """Columns of some topics, or the columns as they are."""
        if isinstance(topics, Topics):
            return topics
        paths: dict[tuple[str, ...], int] = {}
        facets: dict[str, int] = {}
        rows = [
            (
                paths.setdefault(own.path, len(paths)),
                facets.setdefault(own.facet, len(facets)),
                own.coverage,
            )
            for own in topics
        ]
        return cls(
            tuple(paths),
            tuple(facets),
            np.array([row[0] for row in rows], dtype=np.int32),
            np.array([row[1] for row in rows], dtype=np.int32),
            np.array([row[2] for row in rows], dtype=np.float64),
        )

    def __len__(self) -> int:
        return len(self.path)

    @overload
    def __getitem__(self, row: int) -> Topic: ...
    @overload
    def __getitem__(self, row: slice) -> Topics: ...
    def __getitem__(self, row: int | slice) -> Topic | Topics:
        if isinstance(row, slice):
            return self.take(np.arange(len(self))[row])
        return Topic(
            self.paths[self.path[row]], self.facets[self.facet[row]], float(self.coverage[row])
        )

    def take(self, rows: NDArray[np.int64]) -> Topics:
        """Some rows, in the order that is given."""
        return Topics(
            self.paths, self.facets, self.path[rows], self.facet[rows], self.coverage[rows]
        )

    @property
    def known(self) -> NDArray[np.bool_]:
        """Shape (n,): whether the dictionary says what an opinion is about."""
        told = np.array([len(path) > 1 for path in self.paths], dtype=np.bool_)
        known: NDArray[np.bool_] = told[self.path] & (self.coverage >= COVERED)
        return known

    @property
    def headings(self) -> list[str]:
        """Heading of every path, empty where it has none."""
        return [path[-1] if len(path) > 1 else "" for path in self.paths]


def no_topics(count: int) -> Topics:
    """As many opinions of which nothing is known."""
    zeros = np.zeros(count, dtype=np.int32)
    return Topics(((),), ("",), zeros, zeros, np.zeros(count))


@dataclass(frozen=True)
class Headings:
    """Groups of opinions by the dictionary.

    Attributes
    ----------
    labels
        Shape (n,): number of a group, or :data:`NOWHERE`.
    names
        Headings of every group, the one with most opinions first.
    fields
        Field of every group.
    """

    labels: NDArray[np.int64]
    names: list[tuple[str, ...]]
    fields: list[str]


def is_known(topic: Topic) -> bool:
    """Whether the dictionary says what an opinion is about, rather than what it mentions."""
    return bool(Topics.of([topic]).known[0])


def is_familiar(topics: Sequence[Topic]) -> bool:
    """Whether the dictionary speaks the language of these opinions.

    Public comments on one bill mention traffic and children in passing; grouping
    them by such words would be wrong.
    """
    plain = int((Topics.of(topics).coverage >= PLAINLY_COVERED).sum())
    return plain >= FAMILIAR * max(1, len(topics))


def gather(
    topics: Sequence[Topic],
    counts: NDArray[np.int64],
    vectors: NDArray[np.float64],
    most: int,
    smallest: int,
    joined: Sequence[tuple[str, ...]] = (),
    placed: NDArray[np.int64] | None = None,
) -> Headings:
    """Group opinions by their heading; join small headings until there are at most `most`.

    Parameters
    ----------
    topics
        Topic of every distinct opinion, in canonical order.
    counts
        How often each was said.
    vectors
        Shape (n, d): rows of unit length or zeros; they say which headings of a
        field are most alike.
    placed
        Rows whose vectors these are, ascending; all by default.
    most
        Groups wanted at most.
    smallest
        Opinions below which a heading is no group.
    joined
        Headings that were one issue before; they are joined first, so that the issues of
        a later run are not put together otherwise for a few opinions more.

    Notes
    -----
    The smallest group joins the most similar one of its field, as long as both
    together stay below :data:`LARGEST_JOINED` of all opinions; else the smallest of
    its field; a field that has no other group joins the smallest group of all.
    """
    groups = [
        _Group(
            path[0],
            (path[-1],),
            rows,
            int(counts[rows].sum()),
            vectors[_places(rows, placed)].sum(axis=0),
        )
        for path, rows in sorted(_members(Topics.of(topics), counts).items())
        if counts[rows].sum() >= smallest
    ]
    limit = LARGEST_JOINED * float(counts.sum())
    groups = _joined_before(groups, joined, max(1, most))
    while len(groups) > max(1, most):
        small = min(groups, key=lambda own: (own.size, own.names))
        groups.remove(small)
        other = _partner(small, groups, limit)
        groups.remove(other)
        groups.append(small.joined(other))
    groups.sort(key=lambda own: (-own.size, own.names))
    labels = np.full(len(topics), NOWHERE, dtype=np.int64)
    for number, group in enumerate(groups):
        labels[group.rows] = number
    return Headings(labels, [own.names for own in groups], [own.field for own in groups])


def _joined_before(
    groups: Sequence[_Group], joined: Sequence[tuple[str, ...]], most: int
) -> list[_Group]:
    """Groups with those together that were together before, until there are few enough.

    The smallest joins the others of its issue first; in an issue the headings stand in the
    order in which they stood then.
    """
    place = {
        name: (number, rank)
        for number, names in enumerate(joined)
        for rank, name in enumerate(names)
    }
    before: dict[int, list[_Group]] = defaultdict(list)
    left = []
    for own in groups:
        if own.names[0] in place:
            before[place[own.names[0]][0]].append(own)
        else:
            left.append(own)
    issues = [
        sorted(before[number], key=lambda own: place[own.names[0]][1]) for number in sorted(before)
    ]
    joining = sorted((own.size, own.names) for first, *others in issues for own in others)
    chosen = {names for _, names in joining[: max(0, len(groups) - most)]}
    for first, *others in issues:
        together = first
        for own in others:
            if own.names in chosen:
                together = together.with_more(own)
            else:
                left.append(own)
        left.append(together)
    return left


def _places(rows: NDArray[np.int64], placed: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Places of those of some ascending rows that are among the placed ones."""
    if placed is None:
        return rows
    return np.flatnonzero(np.isin(placed, rows, assume_unique=True))


def _members(topics: Topics, counts: NDArray[np.int64]) -> dict[tuple[str, ...], NDArray[np.int64]]:
    """Rows of every heading, and of the large facets of a heading that has too many to read."""
    known = np.flatnonzero(topics.known)
    members = {topics.paths[code]: rows for code, rows in _by_code(topics.path, known)}
    total = float(counts.sum())
    for path, rows in sorted(members.items()):
        if counts[rows].sum() < max(MANY, SPLIT_FROM * total):
            continue
        facets = {topics.facets[code]: own for code, own in _by_code(topics.facet, rows)}
        apart = {
            facet: own
            for facet, own in sorted(facets.items())
            if facet and counts[own].sum() >= SMALLEST_FACET * total
        }
        members |= {(*path, facet): own for facet, own in apart.items()}
        left = [own for facet, own in facets.items() if facet not in apart]
        members[path] = np.sort(np.concatenate([rows[:0], *left]))
    return members


def _by_code(
    codes: NDArray[np.int32], rows: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Ascending rows of every code that some ascending rows have."""
    own = codes[rows]
    order = rows[np.argsort(own, kind="stable")]
    found, starts = np.unique(codes[order], return_index=True)
    if len(found):
        yield from zip(found.tolist(), np.split(order, starts[1:]), strict=True)


def topic_stability(
    topics: Sequence[Topic],
    counts: NDArray[np.int64],
    vectors: NDArray[np.float64],
    headings: Headings,
    most: int,
    joined: Sequence[tuple[str, ...]] = (),
    placed: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Mean best Jaccard similarity of every group over seeded resamples.

    An opinion's heading depends on its own words alone and never changes; what may
    change is which headings are large enough and which small ones are joined. Resampled
    are the placed opinions.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability, Computational
    Statistics & Data Analysis 52(1).
    """
    count = len(headings.names)
    if not count:
        return np.zeros(0)
    table, labels = Topics.of(topics), headings.labels
    if placed is not None:
        table, labels, counts = table.take(placed), labels[placed], counts[placed]
    agreements = []
    for rows in resampled(len(table)):
        again = gather(table.take(rows), counts[rows], vectors[rows], most, 1, joined)
        agreements.append(best_jaccard(labels[rows], again.labels, count))
    return mean_stability(agreements, count)


@dataclass(frozen=True)
class _Group:
    field: str
    names: tuple[str, ...]
    rows: NDArray[np.int64]
    size: int
    total: NDArray[np.float64]

    def joined(self, other: _Group) -> _Group:
        large, small = sorted((self, other), key=lambda own: (-own.size, own.names))
        return large.with_more(small)

    def with_more(self, other: _Group) -> _Group:
        return _Group(
            self.field,
            (*self.names, *other.names),
            np.concatenate([self.rows, other.rows]),
            self.size + other.size,
            self.total + other.total,
        )

    def likeness(self, other: _Group) -> float:
        lengths = float(np.sqrt((self.total @ self.total) * (other.total @ other.total)))
        return round(float(self.total @ other.total) / lengths, 6) if lengths > 0.0 else 0.0


def _partner(small: _Group, groups: Sequence[_Group], limit: float) -> _Group:
    """Group that a small one joins."""
    siblings = [own for own in groups if own.field == small.field]
    fitting = [own for own in siblings if own.size + small.size <= limit]
    if fitting:
        return min(fitting, key=lambda own: (-small.likeness(own), own.size, own.names))
    return min(siblings or groups, key=lambda own: (own.size, own.names))
