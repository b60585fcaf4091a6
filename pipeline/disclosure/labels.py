"""Which value of an attribute may stand beside a single voice.

Hundreds of voices with 「30代」 beside them are a table, too: they can be counted, and who
carries none can be guessed from what is left. So one attribute alone stands beside voices,
and in an issue all of them carry it, or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.distinct import distinct_numbers
from pipeline.study import PUBLIC_COMMENT, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    Cell = tuple[str, str]
    Thresholds = Mapping[str, int]


LISTED_WHOLE: Final = frozenset({PUBLIC_COMMENT})
"""Kinds of sources of which a paper lists whole answers (意見と考え方): one voice leads to the
others of its answer, so that what stands beside one stands beside all of them."""


class Mention(NamedTuple):
    """One opinion: who said it, in which row of each table it stands (empty: none), and where.

    Attributes
    ----------
    source_kind
        Kind of its source, which stands beside the voice as well.
    """

    opinion_id: str
    person: str
    issue_id: str
    goal_id: str
    source_kind: str = ""


def safe_labels(
    mentions: Sequence[Mention],
    values: Mapping[str, Mapping[str, str]],
    hidden: Mapping[str, tuple[AbstractSet[Cell], AbstractSet[Cell]]],
    threshold: int = THRESHOLD,
    own_thresholds: Thresholds | None = None,
) -> dict[str, tuple[str, str]]:
    """Opinion → the attribute and value that may stand beside it.

    Of several attributes the one that most voices can carry; of equal ones the first.

    Parameters
    ----------
    mentions
        All opinions of people who are known.
    values
        Attribute, in the study's order → person → value as in the table's columns.
    hidden
        Attribute → (issue, value) and (goal, value) of the cells that are not shown.
    threshold
        People of one kind of source who share a value.
    own_thresholds
        Issue → threshold, of those that have another one.
    """
    voices = Voices.of(mentions)
    coded = {name: voices.values(value_of) for name, value_of in values.items()}
    return label_voices(voices, coded, hidden, threshold, own_thresholds)


def label_voices(
    voices: Voices,
    values: Mapping[str, Coded],
    hidden: Mapping[str, tuple[AbstractSet[Cell], AbstractSet[Cell]]],
    threshold: int = THRESHOLD,
    own_thresholds: Thresholds | None = None,
) -> dict[str, tuple[str, str]]:
    """:func:`safe_labels` of mentions by column.

    Parameters
    ----------
    values
        Attribute, in the study's order → value of every voice's person, -1 for none.
    """
    best: dict[str, tuple[str, str]] = {}
    for name, every in values.items():
        asked = np.flatnonzero(every.codes >= 0)
        own, column = voices.at(asked), every.at(asked)
        labelled = _open(own, column, *hidden[name], threshold, own_thresholds or {})
        rows = np.flatnonzero(labelled[own.issue.codes])
        if len(rows) > len(best):
            labels = [(name, value) for value in column.names]
            ids = voices.opinion_ids
            best = {
                ids[row]: labels[code]
                for row, code in zip(asked[rows].tolist(), column.codes[rows].tolist(), strict=True)
            }
    return best


def open_issues(
    mentions: Sequence[Mention],
    value_of: Mapping[str, str],
    hidden_issues: AbstractSet[Cell],
    hidden_goals: AbstractSet[Cell],
    threshold: int = THRESHOLD,
    own_thresholds: Thresholds | None = None,
) -> set[str]:
    """Issues whose voices carry their value, all of them.

    Parameters
    ----------
    mentions
        Opinions of the people whom a source asked for the attribute.

    Notes
    -----
    An issue is open where the table shows its whole row and, under the goals of its voices,
    their cells, and where as many people of each kind of source share each value as a
    published count has. What the labels leave of a goal's cell is nothing, or belongs to
    several issues and to so many people that each may have as many as a published count of
    it; else no issue with such a voice is open. And where whole answers are published
    elsewhere, all issues of a person are open, or none.
    """
    every = Voices.of(mentions)
    values = every.values(value_of)
    asked = np.flatnonzero(values.codes >= 0)
    voices, column = every.at(asked), values.at(asked)
    found = _open(voices, column, hidden_issues, hidden_goals, threshold, own_thresholds or {})
    present = np.unique(voices.issue.codes).tolist()
    return {voices.issue.names[own] for own in present if found[own]}


class Coded(NamedTuple):
    """A column: every name once, and the place of each row's name."""

    names: Sequence[str]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, column: pd.Series[str] | Sequence[str]) -> Coded:
        """Number the names of a column in the order in which they come."""
        codes, names = pd.factorize(pd.Series(column, dtype="str"))
        return cls(names.tolist(), codes)

    def at(self, rows: NDArray[np.int64]) -> Coded:
        """Some rows; all names stay."""
        return Coded(self.names, self.codes[rows])


class Voices(NamedTuple):
    """Mentions by column."""

    opinion_ids: Sequence[str]
    person: Coded
    issue: Coded
    goal: Coded
    kind: Coded

    @classmethod
    def of(cls, mentions: Sequence[Mention]) -> Voices:
        """Mentions one by one."""
        columns = list(zip(*mentions, strict=True)) if mentions else [()] * len(Mention._fields)
        return cls(columns[0], *(Coded.of(list(column)) for column in columns[1:]))

    def at(self, rows: NDArray[np.int64]) -> Voices:
        """Some voices, without their ids."""
        return Voices(
            (), *(own.at(rows) for own in (self.person, self.issue, self.goal, self.kind))
        )

    def values(self, value_of: Mapping[str, str]) -> Coded:
        """Value of every voice's person, -1 for none."""
        place = {value: at for at, value in enumerate(dict.fromkeys(value_of.values()))}
        of_person = [place[value_of[own]] if own in value_of else -1 for own in self.person.names]
        return Coded(list(place), np.array(of_person, dtype=np.int64)[self.person.codes])


def _open(
    own: Voices,
    value: Coded,
    hidden_issues: AbstractSet[Cell],
    hidden_goals: AbstractSet[Cell],
    threshold: int,
    least: Thresholds,
) -> NDArray[np.bool_]:
    """Of every issue whether its voices carry their value; see :func:`open_issues`."""
    issue, goal, person, kind = own.issue.codes, own.goal.codes, own.person.codes, own.kind.codes
    n_issues, n_values = len(own.issue.names), max(len(value.names), 1)
    least_of = np.array([least.get(name, threshold) for name in own.issue.names], dtype=np.int64)
    partly = {name for name, _ in hidden_issues}
    found = np.array([name not in partly for name in own.issue.names], dtype=bool)
    # Voices whose cell under a goal is hidden, or whose value too few of their kind share.
    cell = goal * n_values + value.codes
    goal_of = {name: at for at, name in enumerate(own.goal.names)}
    value_of = {name: at for at, name in enumerate(value.names)}
    unseen = np.zeros(len(own.goal.names) * n_values, dtype=bool)
    for name, one in hidden_goals:
        if name in goal_of and one in value_of:
            unseen[goal_of[name] * n_values + value_of[one]] = True
    shared = kind * n_values + value.codes
    n_sharing = _distinct(shared, person, len(own.kind.names) * n_values)
    found[issue[unseen[cell] | (n_sharing[shared] < least_of[issue])]] = False
    said, whole = _pairs(cell, issue, n_issues), _whole(own)
    by_person = _pairs(cell, person, len(own.person.names))
    pair_of = np.searchsorted(by_person.flat, cell * len(own.person.names) + person)
    link = distinct_numbers(pair_of * n_issues + issue)
    link_pair, link_issue = np.divmod(link, max(n_issues, 1))
    while True:
        closed = ~found[said.second]
        n_closed = np.bincount(said.first[closed], minlength=len(unseen))
        beside = distinct_numbers(link_pair[~found[link_issue]])
        n_without = np.bincount(by_person.first[beside], minlength=len(unseen))
        most = np.zeros(len(unseen), dtype=np.int64)
        np.maximum.at(most, said.first[closed], least_of[said.second[closed]])
        # What the labels leave of one cell of a goal must tell nothing of a single issue.
        blurred = (n_closed == 0) | ((n_closed > 1) & (n_without >= most + n_closed - 1))
        left = said.second[found[said.second] & ~blurred[said.first]]
        torn = distinct_numbers(whole.first[~found[whole.second]])
        beside_torn = whole.second[np.isin(whole.first, torn)]
        left = np.concatenate([left, beside_torn[found[beside_torn]]])
        if not len(left):
            return found
        found[left] = False


class _Pairs(NamedTuple):
    """Different pairs of two columns; ``flat`` is both in one number, ascending."""

    flat: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def _pairs(first: NDArray[np.int64], second: NDArray[np.int64], n_second: int) -> _Pairs:
    flat = distinct_numbers(first * n_second + second)
    return _Pairs(flat, *np.divmod(flat, max(n_second, 1)))


def _distinct(
    groups: NDArray[np.int64], people: NDArray[np.int64], n_groups: int
) -> NDArray[np.int64]:
    """People of every group."""
    pairs = _pairs(groups, people, int(people.max(initial=0)) + 1)
    return np.bincount(pairs.first, minlength=n_groups)


def _whole(own: Voices) -> _Pairs:
    """People and issues of the sources of which whole answers are listed elsewhere."""
    listed = np.array([name in LISTED_WHOLE for name in own.kind.names], dtype=bool)
    rows = listed[own.kind.codes] if len(listed) else np.zeros(0, dtype=bool)
    return _pairs(own.person.codes[rows], own.issue.codes[rows], len(own.issue.names))
