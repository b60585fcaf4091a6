"""Issues and goals × the values of one attribute (年代, 地区, …), counted in respondents.

People and not opinions are counted: people are independent of each other, and people are
to be protected. Nothing leaves this module that :mod:`pipeline.disclosure` does not let
out, and what is tested is what is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.attributes import Attribute, find_attributes, is_question
from pipeline.disclosure import (
    DEFAULT_POLICY,
    Coded,
    Constraint,
    DisclosureError,
    Policy,
    Voices,
    label_voices,
    suppress_pair,
)
from pipeline.distinct import distinct_numbers
from pipeline.statistics import above_others, adjust, column_against_others
from pipeline.value_order import NO_ANSWER, REST, REST_OR_NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

LEVEL: Final = 0.05
"""Share of marked cells that may be so by chance (false discovery rate)."""

MOST_TABLES: Final = 5
"""Attributes that get tables: more of them are no longer read."""

TOO_MANY: Final = f"表にするのは{MOST_TABLES}項目までのため（見たい項目だけを、調査ファイルの attributes に書けます）"

TOO_FEW: Final = "人数が少なく、数を示すと一人ひとりのことが分かってしまうため"

_SILENT: Final = frozenset({NO_ANSWER, REST_OR_NO_ANSWER})
"""Columns of which nothing is found out: people who did not answer are no group."""


_BY: Final = ("issue_id", "goal_id")
"""What the rows of the two tables of an attribute are."""


class Table(NamedTuple):
    """One table of people; rows are ids of issues or goals, the last one empty for none.

    Attributes
    ----------
    counts
        Rows × values. Confidential where ``hidden``.
    totals
        People of every row.
    hidden
        Cells that are not to be shown.
    signs
        1 where more people than of all other columns mention it, -1 where fewer, by more
        than chance; else 0.
    tested
        Cells that were tested: all that are shown, but of rejected issues, of the row of
        none and of 無回答.
    """

    rows: tuple[str, ...]
    counts: NDArray[np.int64]
    totals: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    signs: NDArray[np.int64]
    tested: NDArray[np.bool_]


class Crosstab(NamedTuple):
    """Both tables of one attribute.

    Attributes
    ----------
    columns
        Values, in their natural order.
    bases
        People with an opinion, by column.
    threshold
        People that a count stands for at least, but in rows of sensitive issues.
    """

    name: str
    columns: tuple[str, ...]
    bases: NDArray[np.int64]
    issues: Table
    goals: Table
    threshold: int


class Crosstabs(NamedTuple):
    """All that can be shown of attributes.

    Attributes
    ----------
    skipped
        Attribute, and why it has no table, in Japanese.
    labels
        Opinion → (attribute, value) that may stand beside it.
    """

    tables: tuple[Crosstab, ...]
    skipped: tuple[tuple[str, str], ...]
    labels: dict[str, tuple[tuple[str, str], ...]]


class _Counted(NamedTuple):
    """One attribute, counted and protected, not yet tested."""

    attribute: Attribute
    bases: NDArray[np.int64]
    rows: tuple[tuple[str, ...], tuple[str, ...]]
    counts: tuple[NDArray[np.int64], NDArray[np.int64]]
    hidden: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    threshold: int


def tabulate_attributes(
    answers: pd.DataFrame,
    opinions: pd.DataFrame,
    goal_ids: Sequence[str],
    untested: Sequence[str] = (),
    policy: Policy = DEFAULT_POLICY,
    sensitive: Collection[str] = (),
) -> Crosstabs:
    """Count, protect and test every attribute that is fit for it.

    Parameters
    ----------
    answers
        ``answer_id, source_id, source_kind, respondent_id`` and the columns ``attr_…``.
    opinions
        ``opinion_id, answer_id, issue_id, goal_id``.
    goal_ids
        The plan's, in its order.
    untested
        Issues that people rejected: counted, but in no test.
    policy
        How many people a count stands for.
    sensitive
        Issues of which that is more (:func:`sensitive_issues`).

    Notes
    -----
    What respondents are (年代, 地区) comes before what they answered to a question, and there
    are at most :data:`MOST_TABLES`.

    A table holds the respondents of those sources that asked for its attribute. Speakers
    at a meeting whose age nobody asked for would be a column that another table of the
    report gives away.
    """
    said = _said(answers, opinions)
    # Numbered in the order of their ids, as an attribute numbers them.
    persons, people = pd.factorize(said["respondent_id"], sort=True)
    attributes, skipped = find_attributes(answers, set(people.tolist()), policy)
    counted: list[_Counted] = []
    for attribute in sorted(attributes, key=lambda one: is_question(one.name)):
        if len(counted) == MOST_TABLES:
            skipped.append((attribute.name, TOO_MANY))
            continue
        try:
            own = _asked(said, persons, attribute)
            counted.append(_count(attribute, own, goal_ids, policy, sensitive))
        except DisclosureError:
            skipped.append((attribute.name, TOO_FEW))
    voices = Voices(
        said["opinion_id"].tolist(),
        Coded(people.tolist(), persons),
        *(Coded.of(said[name]) for name in ("issue_id", "goal_id", "source_kind")),
    )
    return Crosstabs(
        tables=_tested(counted, frozenset(untested)),
        skipped=tuple(skipped),
        labels=_labels(voices, counted, policy, sensitive),
    )


def sensitive_issues(issues: pd.DataFrame, policy: Policy) -> frozenset[str]:
    """Issues that need more people for a count.

    Parameters
    ----------
    issues
        ``issue_id, title, headings``.
    """
    rows = zip(issues["issue_id"], issues["title"], issues["headings"], strict=True)
    return frozenset(
        own
        for own, title, headings in rows
        if policy.is_sensitive_issue(title, [part for part in headings.split("、") if part])
    )


def _said(answers: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    """Opinions of known respondents, by id."""
    own = opinions[["opinion_id", "answer_id", "issue_id", "goal_id"]]
    known = answers.loc[
        answers["respondent_id"] != "", ["answer_id", "source_kind", "respondent_id"]
    ]
    joined = own.merge(known, on="answer_id", how="inner")
    if joined["opinion_id"].is_monotonic_increasing:
        return joined
    return joined.sort_values("opinion_id", ignore_index=True)


def _count(
    attribute: Attribute,
    own: _Asked,
    goal_ids: Sequence[str],
    policy: Policy,
    sensitive: Collection[str],
) -> _Counted:
    threshold = policy.least(is_sensitive=attribute.is_sensitive)
    issue_ids = (*sorted(set(own.said["issue_id"].unique().tolist()) - {""}), "")
    rows = (issue_ids, (*goal_ids, ""))
    everybody = np.zeros(len(own.said), dtype=np.int64)
    bases = own.people(everybody, 1)[0]
    places = [_places(own.said[by], names) for by, names in zip(_BY, rows, strict=True)]
    counts = (own.people(places[0], len(rows[0])), own.people(places[1], len(rows[1])))
    shape = (len(rows[0]), len(rows[1]))
    both = places[0] * shape[1] + places[1]
    voices = np.bincount(both, minlength=shape[0] * shape[1]).reshape(shape)
    # A row of nobody hides nothing and links nothing; "none" may be one.
    lines = [table.sum(axis=1) > 0 for table in counts]
    hidden = [np.zeros(table.shape, dtype=bool) for table in counts]
    more = policy.least(is_sensitive=True)
    least = [
        np.array([more if one in sensitive else threshold for one in rows[0]], dtype=np.int64),
        np.full(len(rows[1]), threshold, dtype=np.int64),
    ]
    hidden[0][lines[0]], hidden[1][lines[1]] = suppress_pair(
        counts[0][lines[0]],
        counts[1][lines[1]],
        voices[lines[0]][:, lines[1]],
        bases,
        _told_by_kinds(attribute, own, places[1], len(rows[1]), lines),
        np.concatenate([one[line] for one, line in zip(least, lines, strict=True)]),
    )
    return _Counted(attribute, bases, rows, counts, (hidden[0], hidden[1]), threshold)


def _told_by_kinds(
    attribute: Attribute,
    own: _Asked,
    goal_places: NDArray[np.int64],
    n_goals: int,
    lines: Sequence[NDArray[np.bool_]],
) -> list[Constraint]:
    """What the report's table of goals × kinds of sources tells of this one.

    It gives the people of every kind. Where a kind of source offers values of its own (個人
    and 団体 in public comments), they are a part of the row that adds up by itself.
    """
    codes = pd.factorize(own.said["source_kind"], sort=True)[0]
    kind_of = np.zeros(len(own.column_of), dtype=np.int64)
    kind_of[own.persons] = codes  # of several that of the last opinion
    kinds = np.unique(kind_of).tolist()
    if len(kinds) < 2:
        return []
    has = {kind: set(own.column_of[kind_of == kind].tolist()) for kind in kinds}
    told: list[Constraint] = []
    first, width = int(lines[0].sum()), len(attribute.columns)
    for kind in kinds:
        others = set().union(*(has[other] for other in kinds if other != kind))
        people = own.people(goal_places, n_goals, codes == kind)
        for line, number in enumerate(people.sum(axis=1)[lines[1]].tolist()):
            at = (first + line) * width
            may = [at + column for column in range(width) if column in has[kind]]
            only = [at + column for column in range(width) if column not in others]
            told.append(Constraint(tuple(may), (1,) * len(may), number, np.inf))
            told.append(Constraint(tuple(only), (1,) * len(only), -np.inf, number))
    return [one for one in told if one.cells]


class _Asked(NamedTuple):
    """Opinions of the people who have a value of an attribute.

    Attributes
    ----------
    persons
        Number of the respondent of every opinion.
    column_of
        Respondent → column of the table.
    """

    said: pd.DataFrame
    persons: NDArray[np.int64]
    column_of: NDArray[np.int64]
    n_columns: int

    def people(
        self, places: NDArray[np.int64], n_rows: int, some: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Rows × values: people, each once a cell."""
        mine = places * len(self.column_of) + self.persons
        row, person = np.divmod(
            distinct_numbers(mine if some is None else mine[some]), len(self.column_of)
        )
        cells = row * self.n_columns + self.column_of[person]
        shape = (n_rows, self.n_columns)
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def _asked(said: pd.DataFrame, persons: NDArray[np.int64], attribute: Attribute) -> _Asked:
    has = attribute.codes >= 0
    kept = has[persons]
    # Numbered without those who were not asked.
    number = np.cumsum(has) - 1
    width = len(attribute.columns)
    return _Asked(said[kept], number[persons[kept]], attribute.codes[has], width)


def _places(column: pd.Series[str], names: Sequence[str]) -> NDArray[np.int64]:
    """Row of the table of every opinion."""
    codes, present = pd.factorize(column)
    place = {own: at for at, own in enumerate(names)}
    of_present = np.array([place[own] for own in present.tolist()], dtype=np.int64)
    return of_present[codes] if len(codes) else np.zeros(0, dtype=np.int64)


def _tested(counted: Sequence[_Counted], untested: frozenset[str]) -> tuple[Crosstab, ...]:
    """Test all shown cells of all tables together."""
    p_values = [
        _p_values(one, place, untested if place == 0 else frozenset())
        for one in counted
        for place in (0, 1)
    ]
    flat = np.concatenate([own.ravel() for own in p_values]) if p_values else np.array([])
    split = np.split(adjust(flat), np.cumsum([own.size for own in p_values]))
    tables = [
        _table(one, place, split[2 * number + place].reshape(one.counts[place].shape))
        for number, one in enumerate(counted)
        for place in (0, 1)
    ]
    return tuple(
        Crosstab(
            one.attribute.name,
            one.attribute.columns,
            one.bases,
            tables[2 * at],
            tables[2 * at + 1],
            one.threshold,
        )
        for at, one in enumerate(counted)
    )


def _p_values(one: _Counted, place: int, untested: frozenset[str]) -> NDArray[np.float64]:
    """NaN where there is no test; that of a shown cell knows no other cell of its row."""
    rows = np.array([own != "" and own not in untested for own in one.rows[place]], dtype=bool)
    columns = np.array([own not in _SILENT for own in one.attribute.columns], dtype=bool)
    tested = ~one.hidden[place] & rows[:, None] & columns
    return np.where(tested, column_against_others(one.counts[place], one.bases), np.nan)


def _table(one: _Counted, place: int, adjusted: NDArray[np.float64]) -> Table:
    counts, hidden = one.counts[place], one.hidden[place]
    tested = ~np.isnan(adjusted)
    # Rounded, because the last digits differ between machines.
    differs = tested & (np.round(np.where(tested, adjusted, 1.0), 9) <= LEVEL)
    signs = np.where(differs, above_others(counts, one.bases), 0)
    return Table(one.rows[place], counts, counts.sum(axis=1), hidden, signs, tested)


def _labels(
    voices: Voices,
    counted: Sequence[_Counted],
    policy: Policy,
    sensitive: Collection[str],
) -> dict[str, tuple[tuple[str, str], ...]]:
    # An answer to a question says nothing beside a voice without the question. And that
    # somebody is ill or in need stands beside nobody's own words.
    traits = [
        one
        for one in counted
        if not is_question(one.attribute.name) and not one.attribute.is_sensitive
    ]
    values = {
        one.attribute.name: Coded(one.attribute.columns, one.attribute.codes[voices.person.codes])
        for one in traits
    }
    hidden = {one.attribute.name: (_cells(one, 0), _cells(one, 1)) for one in traits}
    more = dict.fromkeys(sensitive, policy.least(is_sensitive=True))
    found = label_voices(voices, values, hidden, policy.threshold, more)
    shown = {
        label: () if label[1] in {*_SILENT, REST} else (label,) for label in set(found.values())
    }
    return {own: shown[label] for own, label in found.items()}


def _cells(one: _Counted, place: int) -> set[tuple[str, str]]:
    values, rows = one.attribute.columns, one.rows[place]
    return {(rows[row], values[column]) for row, column in np.argwhere(one.hidden[place]).tolist()}
