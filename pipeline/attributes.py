"""Attributes of respondents that are fit for a table: one value a person, in natural order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.distinct import counted_numbers
from pipeline.tables import ATTRIBUTE_PREFIX
from pipeline.textcolumns import among
from pipeline.value_groups import group_values
from pipeline.value_order import NO_ANSWER, REST_OR_NO_ANSWER, is_banded, spelling
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from pipeline.disclosure import Policy
    from pipeline.value_groups import Group

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
    people
        Respondents with an opinion, in the order of their ids.
    codes
        Of each of them the place of the value in ``columns``; -1: no source asked for it.
    is_sensitive
        It tells of illness, disability, care or need (:mod:`pipeline.disclosure.policy`).
    """

    name: str
    columns: tuple[str, ...]
    people: Sequence[str]
    codes: NDArray[np.int64]
    is_sensitive: bool = False

    @property
    def value_of(self) -> dict[str, str]:
        """Respondent → value, for everybody whom a source asked for it."""
        pairs = zip(self.people, self.codes.tolist(), strict=True)
        return {person: self.columns[code] for person, code in pairs if code >= 0}


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
    attributed = [name for name in answers.columns if name.startswith(ATTRIBUTE_PREFIX)]
    known = answers.loc[
        among(answers["respondent_id"], list(people)), ["source_id", "respondent_id", *attributed]
    ]
    persons, names = pd.factorize(known["respondent_id"], sort=True)
    everybody = names.tolist()
    fit: list[Attribute] = []
    unfit: list[tuple[str, str]] = []
    originals: dict[str, _Written] = {}
    for column in attributed:
        name = clean(column.removeprefix(ATTRIBUTE_PREFIX))
        written = _one_value_each(known, column, persons, len(names))
        sizes = written.sizes()
        reason = _unfit(sizes)
        same = [other for other, own in originals.items() if not reason and _says(own, written)]
        if same:
            reason = f"「{same[0]}」とほとんど同じ分け方で、二つの表を引き算すると小さな人数が分かってしまうため"
        is_sensitive = policy.is_sensitive_attribute(name, sorted(sizes))
        groups = group_values(sizes, policy.least(is_sensitive=is_sensitive))
        columns = tuple(group.name for group in groups)
        if not reason and len(set(columns) - {NO_ANSWER, REST_OR_NO_ANSWER}) < 2:
            reason = "意見のある人がほとんど一つの値に集まり、比べられないため"
        if reason:
            unfit.append((name, reason))
        else:
            codes = _columns(written, groups)
            fit.append(Attribute(name, columns, everybody, codes, is_sensitive))
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


class _Written(NamedTuple):
    """What everybody answered.

    Attributes
    ----------
    names
        Values, each once.
    codes
        Of every person the place of his or her value, -1 for who was not asked.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int64]

    def sizes(self) -> dict[str, int]:
        """Value → people, of those values that anybody has."""
        people = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names)).tolist()
        return {value: n for value, n in zip(self.names, people, strict=True) if n}


def _one_value_each(
    known: pd.DataFrame, column: str, persons: NDArray[np.int64], n_people: int
) -> _Written:
    """Value of every respondent, as most people write it; of several, the one given most often.

    Ties go to the value that comes first. Only respondents whose source asked for it.

    Parameters
    ----------
    persons
        Number of the respondent of every row.
    """
    codes, raw = pd.factorize(known[column])
    # Each way of writing is looked at once, however many people chose it.
    shown = [clean(value).strip() for value in raw.tolist()]
    keys = [spelling(value) for value in shown]
    blank = np.array([not value.strip() for value in raw.tolist()], dtype=bool)
    asked = set(known["source_id"][~blank[codes]].unique().tolist())
    here = known["source_id"].isin(list(asked)).to_numpy(dtype=bool)
    times = np.bincount(codes[here], minlength=len(raw)).tolist()
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for key, one, n in zip(keys, shown, times, strict=True):
        if n:
            spelled[key][one] += n
    order = sorted(set(spelled) - {""})
    place = {key: at for at, key in enumerate(order)}
    values = dict.fromkeys([*(_most(spelled[key]) for key in order), NO_ANSWER])
    number = {value: at for at, value in enumerate(values)}
    of_key = np.array([number[_most(spelled[key])] for key in order], dtype=np.int64)
    key_of = np.array([place.get(key, -1) for key in keys], dtype=np.int64)
    own = np.full(n_people, -1, dtype=np.int64)
    own[persons[here]] = number[NO_ANSWER]
    saying = here & (key_of[codes] >= 0)
    given = persons[saying] * max(len(order), 1) + key_of[codes[saying]]
    pairs, often = counted_numbers(given)
    person, said = np.divmod(pairs, max(len(order), 1))
    best = np.lexsort((said, -often, person))[::-1]
    own[person[best]] = of_key[said[best]]  # of several the last that is put stays: the best
    return _Written(tuple(values), own)


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda own: (-counts[own], own))


def _unfit(sizes: Mapping[str, int]) -> str:
    """Why an attribute has no table; empty: it may have one.

    Parameters
    ----------
    sizes
        Value → people.
    """
    answered = {value: n for value, n in sizes.items() if value != NO_ANSWER}
    if not answered:
        return "意見のある人に、答えた人がいないため"
    several = [value for value in answered if len([p for p in _SEPARATOR.split(value) if p]) > 1]
    if sum(answered[value] for value in several) >= SEVERAL * sum(answered.values()):
        return "一人がいくつも選べる質問のため"
    n_values = len(answered)
    if n_values > MOST_VALUES:
        return f"値が{n_values}種類あり、多すぎるため（{MOST_VALUES}種類まで）"
    return "値が一つだけで、比べられないため" if n_values < 2 else ""


def _columns(written: _Written, groups: Sequence[Group]) -> NDArray[np.int64]:
    """Of every person the column of the table."""
    column_of = {value: at for at, group in enumerate(groups) for value in group.members}
    # The last one is for who was not asked: its place is -1.
    of_value = [column_of.get(value, -1) for value in written.names]
    return np.array([*of_value, -1], dtype=np.int64)[written.codes]


def _says(one: _Written, other: _Written) -> bool:
    """Whether one of two attributes nearly follows from the other (年齢 and 年代).

    References
    ----------
    Goodman & Kruskal (1954), Measures of association for cross classifications, JASA 49:
    lambda, the share of errors in guessing one that knowing the other avoids.
    """
    silent = [own.names.index(NO_ANSWER) for own in (one, other)]
    both = (one.codes >= 0) & (other.codes >= 0)
    both &= (one.codes != silent[0]) & (other.codes != silent[1])
    shape = (len(one.names), len(other.names))
    flat = one.codes[both] * shape[1] + other.codes[both]
    table = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
    # Ages in tens and in other bands need not follow from each other to be subtracted: which
    # bands do not overlap is known to every reader.
    banded = _is_banded(one) and _is_banded(other)
    enough = BANDS_ALIKE if banded else ALIKE
    return _lambda(table) >= enough or _lambda(table.T) >= enough


def _is_banded(written: _Written) -> bool:
    """Whether the answers of all people are told apart by numbers; of each two are enough."""
    return is_banded(value for value, n in written.sizes().items() for _ in range(min(n, 2)))


def _lambda(table: NDArray[np.int64]) -> float:
    """How much better the column of a table is guessed when the row is known."""
    n = int(table.sum())
    blind = n - int(table.sum(axis=0).max(initial=0))
    informed = n - int(table.max(axis=1, initial=0).sum())
    return 1 - informed / blind if blind else 0.0
