"""Issues as people put them together: opinions moved, issues merged, made and emptied.

The machine's issues are the start. What was moved or merged is described anew (words,
voices, sizes); a title that the machine gave stays with the issue that it was given to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.clusters import centres_of
from pipeline.issues import DESCRIBED, make_issues, members_of
from pipeline.opinionvectors import OpinionVectors
from pipeline.stability import ALONE
from pipeline.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from pipeline.grouping import Grouping


@dataclass(frozen=True)
class Changes:
    """What people changed about the issues.

    Attributes
    ----------
    moves
        Opinion → the issue it was moved to; empty: to none. All opinions of one wording
        move together.
    merges
        Issue → the issue that it became a part of.
    splits
        Issue → topic → the issue that opinions of this topic stand in instead, unless
        they were moved by themselves.
    """

    moves: Mapping[str, str]
    merges: Mapping[str, str]
    splits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def final(self, issue_id: str) -> str:
        """Issue that an issue is a part of in the end, its own if it was not merged."""
        seen = {issue_id}
        while (into := self.merges.get(issue_id)) and into not in seen:
            seen.add(into)
            issue_id = into
        return issue_id


def circles(merges: Mapping[str, str]) -> set[str]:
    """Issues that were merged in a circle, each in the end into itself.

    Examples
    --------
    >>> sorted(circles({"I001": "I002", "I002": "I001", "I003": "I001"}))
    ['I001', 'I002']
    """
    found = set()
    for start in merges:
        seen, own = [start], merges[start]
        while own in merges and own not in seen:
            seen.append(own)
            own = merges[own]
        if own == start:
            found.add(start)
    return found


def regroup(grouping: Grouping, changes: Changes, stopwords: frozenset[str]) -> Grouping:
    """Issues after what people changed; the same grouping where they changed nothing.

    Returns
    -------
    Grouping
        Issues without opinions are gone, those that people made are there. ``stability``
        is that of the machine's issue, not a number for one that people made.
    """
    names = [grouping.names[number] for number in sorted(grouping.names)]
    labels = _labels(grouping, changes, names)
    if np.array_equal(labels, grouping.clusters.labels):
        return grouping
    used, compact = np.unique(labels[labels != ALONE], return_inverse=True)
    small = np.full(len(labels), ALONE, dtype=np.int64)
    small[labels != ALONE] = compact.ravel()
    old = grouping.clusters
    distinct = grouping.distinct
    # An issue that people made is known from all that is described of it.
    read = [distinct.chosen(own, DESCRIBED) for own in members_of(small, len(used))]
    vectors = OpinionVectors.of(distinct.vectors)
    vectors = vectors.keeping(np.concatenate([vectors.rows[:0], *read]))
    distinct = replace(distinct, vectors=vectors)
    n_machine = len(old.centres)
    joined = _joined_headings(grouping, changes, names)
    clusters = replace(
        old,
        labels=small,
        centres=centres_of(vectors.kept, small[vectors.rows], len(used)),
        groups=np.array(
            [_group(int(number), labels, old.labels, old.groups) for number in used],
            dtype=np.int64,
        ),
        stability=np.array(
            [old.stability[number] if number < n_machine else np.nan for number in used]
        ),
        headings=[joined.get(int(number), ()) for number in used] if old.headings else (),
    )
    final = {place: names[int(number)] for place, number in enumerate(used)}
    made = make_issues(distinct, clusters, small, stopwords, final)
    before = grouping.issues.table.set_index("issue_id")
    changed = _changed(labels, old.labels, names)
    table = made.table.copy()
    for row, own in enumerate(table["issue_id"]):
        if own in before.index:
            columns = ["title"] if own in changed else _DESCRIBED
            for column in columns:
                table.loc[row, column] = before.loc[own, column]
    issues = replace(made, table=table)
    method = grouping.method | {
        "n_issues": len(table),
        "n_groups": len(made.groups),
        "n_alone": int((small == ALONE).sum()),
        "n_machine_issues": len(before),
    }
    return replace(
        grouping, issues=issues, names=final, distinct=distinct, clusters=clusters, method=method
    )


def headings_of(grouping: Grouping) -> NDArray[np.object_]:
    """Topic of every distinct opinion, as the table of concepts calls it; or nothing."""
    topics = Topics.of(grouping.distinct.topics)
    if not len(topics):
        return np.full(len(grouping.distinct.ids), "", dtype=object)
    return np.array(topics.headings, dtype=object)[topics.path]


_DESCRIBED = ["title", "words", "representative_opinion_ids"]


def _labels(grouping: Grouping, changes: Changes, names: list[str]) -> NDArray[np.int64]:
    """Cluster of every distinct opinion; `names` grows by the issues that people made."""
    number_of = {name: number for number, name in enumerate(names)}
    labels = grouping.clusters.labels.copy()

    def number(issue_id: str) -> int:
        final = changes.final(issue_id) if issue_id else ""
        if final and final not in number_of:
            number_of[final] = len(names)
            names.append(final)
        return number_of[final] if final else ALONE

    headings = headings_of(grouping) if changes.splits else labels
    before = grouping.clusters.labels
    for own, parts in changes.splits.items():
        for row in np.flatnonzero(before == number_of[own]) if own in number_of else ():
            if into := parts.get(headings[row]):
                labels[row] = number(into)
    for opinion_id, issue_id in changes.moves.items():
        labels[grouping.row_of[opinion_id]] = number(issue_id)
    for own in changes.merges:
        into = changes.final(own)
        if own in number_of and into in number_of:
            labels[labels == number_of[own]] = number_of[into]
    return labels


def _changed(labels: NDArray[np.int64], before: NDArray[np.int64], names: list[str]) -> set[str]:
    moved = labels != before
    return {names[int(number)] for number in {*labels[moved], *before[moved]} if number != ALONE}


def _group(
    number: int, labels: NDArray[np.int64], before: NDArray[np.int64], groups: NDArray[np.int64]
) -> int:
    """Group of an issue: its own, or for one that people made that of most of its opinions."""
    if number < len(groups):
        return int(groups[number])
    came_from = Counter(int(groups[own]) for own in before[labels == number] if own != ALONE)
    return min(came_from, key=lambda own: (-came_from[own], own), default=0)


def _joined_headings(
    grouping: Grouping, changes: Changes, names: list[str]
) -> dict[int, tuple[str, ...]]:
    """Headings of every issue: the machine's, less what was split off, with what was merged in."""
    if not grouping.clusters.headings:
        return {}
    number_of = {name: number for number, name in enumerate(names)}
    found = dict(enumerate(grouping.clusters.headings))
    for own, parts in sorted(changes.splits.items()):
        if own not in number_of:
            continue
        whole = found[number_of[own]]
        found[number_of[own]] = tuple(name for name in whole if name not in parts)
        for heading, issue in sorted(parts.items()):
            if (place := number_of.get(changes.final(issue))) is not None:
                found[place] = tuple(dict.fromkeys([*found.get(place, ()), heading]))
    for own in sorted(changes.merges):
        into = number_of.get(changes.final(own))
        if into is not None and own in number_of and into != number_of[own]:
            extra = found.get(number_of[own], ())
            found[into] = tuple(dict.fromkeys([*found.get(into, ()), *extra]))
    return found
