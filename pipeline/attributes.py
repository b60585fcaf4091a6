"""Attributes of respondents that are fit for a table: one value a person, in natural order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.tables import ATTRIBUTE_PREFIX
from pipeline.value_groups import group_values
from pipeline.value_order import NO_ANSWER, REST_OR_NO_ANSWER, is_banded, spelling
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import pandas as pd

    from pipeline.disclosure import Policy

MOST_VALUES: Final = 12
"""Columns above which a table is no longer read."""

LONGEST_TRAIT: Final = 12
"""Characters of the name of what respondents are; a longer one is a question."""

SEVERAL: Final = 0.05
"""Share of people with several values in one cell, from which the question allowed that."""

ALIKE: Final = 0.9
"""Share of its doubt that one attribute takes from another, from which they say the same."""

BANDS_ALIKE: Final = 0.3
"""The same for two attributes of numbers, which may be one number in other bands."""

_SEPARATOR: Final = re.compile(r"[;；]|(?<![0-9０-９])[,，]|[,，](?![0-9０-９])")


class Attribute(NamedTuple):
    """One attribute.

    Attributes
    ----------
    columns
        Its values, in their order.
    value_of
        Respondent → value, for everybody with an opinion whom a source asked for it.
    is_sensitive
        It tells of illness, disability, care or need (:mod:`pipeline.disclosure.policy`).
    """

    name: str
    columns: tuple[str, ...]
    value_of: Mapping[str, str]
    is_sensitive: bool = False


def find_attributes(
    answers: pd.DataFrame, people: AbstractSet[str], policy: Policy
) -> tuple[list[Attribute], list[tuple[str, str]]]:
    """Attributes in the study's order, and those that are not fit, each with the reason.

    Parameters
    ----------
    answers
        ``source_id, respondent_id`` and the columns ``attr_…``.
    people
        Respondents with an opinion.
    policy
        Values of fewer people than it asks for are taken together.
    """
    known = answers[answers["respondent_id"].isin(list(people))]
    fit: list[Attribute] = []
    unfit: list[tuple[str, str]] = []
    originals: dict[str, Mapping[str, str]] = {}
    for column in answers.columns:
        if not column.startswith(ATTRIBUTE_PREFIX):
            continue
        name = clean(column.removeprefix(ATTRIBUTE_PREFIX))
        written = _one_value_each(known, column)
        reason = _unfit(written)
        same = [other for other, own in originals.items() if not reason and _says(own, written)]
        if same:
            reason = f"「{same[0]}」とほとんど同じ分け方で、二つの表を引き算すると小さな人数が分かってしまうため"
        is_sensitive = policy.is_sensitive_attribute(name, sorted(set(written.values())))
        least = policy.least(is_sensitive=is_sensitive)
        attribute = Attribute(name, *_columns(written, least), is_sensitive)
        if not reason and len(set(attribute.columns) - {NO_ANSWER, REST_OR_NO_ANSWER}) < 2:
            reason = "意見のある人がほとんど一つの値に集まり、比べられないため"
        if reason:
            unfit.append((name, reason))
        else:
            fit.append(attribute)
            originals[name] = written
    return fit, unfit


def is_question(name: str) -> bool:
    """Whether an attribute is a question that was asked, not what somebody is.

    Examples
    --------
    >>> is_question("年代"), is_question("あなたは鯖江市に住み続けたいですか？")
    (False, True)
    """
    return len(name) > LONGEST_TRAIT


def _one_value_each(known: pd.DataFrame, column: str) -> dict[str, str]:
    """Respondent → value, as most people write it; of several, the one given most often.

    Ties go to the value that comes first. Only respondents whose source asked for it.
    """
    asked = set(known.loc[known[column].str.strip() != "", "source_id"])
    own = known[known["source_id"].isin(list(asked))]
    given: dict[str, Counter[str]] = defaultdict(Counter)
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    pairs = zip(own["respondent_id"].tolist(), own[column].tolist(), strict=True)
    for (person, value), times in Counter(pairs).items():
        shown = clean(value).strip()
        key = spelling(shown)
        given[person].update({key: times} if key else {})
        spelled[key][shown] += times
    written = {key: _most(counts) for key, counts in spelled.items()}
    return {
        person: written[_most(given[person])] if given[person] else NO_ANSWER
        for person in sorted(given)
    }


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda own: (-counts[own], own))


def _unfit(written: Mapping[str, str]) -> str:
    """Why an attribute has no table; empty: it may have one."""
    answered = [value for value in written.values() if value != NO_ANSWER]
    if not answered:
        return "意見のある人に、答えた人がいないため"
    several = [value for value in answered if len([p for p in _SEPARATOR.split(value) if p]) > 1]
    if len(several) >= SEVERAL * len(answered):
        return "一人がいくつも選べる質問のため"
    n_values = len(set(answered))
    if n_values > MOST_VALUES:
        return f"値が{n_values}種類あり、多すぎるため（{MOST_VALUES}種類まで）"
    return "値が一つだけで、比べられないため" if n_values < 2 else ""


def _columns(written: Mapping[str, str], threshold: int) -> tuple[tuple[str, ...], dict[str, str]]:
    """Columns, and respondent → column."""
    groups = group_values(Counter(written.values()), threshold)
    column_of = {value: group.name for group in groups for value in group.members}
    value_of = {person: column_of[value] for person, value in written.items()}
    return tuple(group.name for group in groups), value_of


def _says(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether one of two attributes nearly follows from the other (年齢 and 年代).

    References
    ----------
    Goodman & Kruskal (1954), Measures of association for cross classifications, JASA 49:
    lambda, the share of errors in guessing one that knowing the other avoids.
    """
    both = [
        (one[own], other[own])
        for own in one.keys() & other.keys()
        if NO_ANSWER not in {one[own], other[own]}
    ]
    # Ages in tens and in other bands need not follow from each other to be subtracted: which
    # bands do not overlap is known to every reader.
    banded = is_banded(one.values()) and is_banded(other.values())
    enough = BANDS_ALIKE if banded else ALIKE
    return _lambda(both) >= enough or _lambda([(b, a) for a, b in both]) >= enough


def _lambda(pairs: Sequence[tuple[str, str]]) -> float:
    """How much better the second of a pair is guessed when the first is known."""
    if not pairs:
        return 0.0
    blind = len(pairs) - _largest(b for _, b in pairs)
    within: dict[str, list[str]] = defaultdict(list)
    for a, b in pairs:
        within[a].append(b)
    informed = sum(len(own) - _largest(own) for own in within.values())
    return 1 - informed / blind if blind else 0.0


def _largest(values: Iterable[str]) -> int:
    return max(Counter(values).values())
