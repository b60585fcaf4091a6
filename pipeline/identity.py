"""Numbers of issues that last: an issue keeps its number while most of it stays together.

A file of decisions keeps which wordings made up every issue when it was reviewed (rows
with the field ``members``). The issues of a run are laid beside these, and as many
opinions as possible keep their number: an assignment problem, solved exactly. Without
such rows the largest issue is I001, and so on.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.decisions import ISSUE_MARK, MEMBERS
from pipeline.normalize import digest, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.decisions import Decision

KEPT_SHARE: Final = 0.5
"""Least overlap of an issue with the one whose number it keeps: opinions that are in both,
as a share of those that are in either and whose wording was there before (Jaccard)."""

DIGITS: Final = 3
"""Digits of an issue's number, at least."""

BETWEEN: Final = "、"
"""What stands between the headings of an issue."""

KEY_LENGTH: Final = 8
"""Characters of the digest of a wording: 40 bits."""

_NUMBER: Final = re.compile(rf"{ISSUE_MARK}(\d+)")


def wording_key(text: str) -> str:
    """Digest under which a wording is remembered; its text cannot be read from it."""
    return digest(fold(text) or text, length=KEY_LENGTH)


def remembered(decisions: Iterable[Decision]) -> dict[str, str]:
    """Wording → number of the issue that it was in when it was reviewed last.

    Parameters
    ----------
    decisions
        In the order of their file. Later rows take a wording over from earlier ones.
    """
    found: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for own in decisions:
        if own.field != MEMBERS:
            continue
        for key in members.get(own.target_id, ()):
            if found.get(key) == own.target_id:
                del found[key]
        keys = own.value.split()
        members[own.target_id] = keys
        found.update(dict.fromkeys(keys, own.target_id))
    return found


def joined_before(decisions: Iterable[Decision]) -> tuple[tuple[str, ...], ...]:
    """Headings of the concept dictionary that were one issue when it was reviewed last.

    A heading belongs to the issue that had it last.
    """
    issue_of: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for own in decisions:
        if own.field == MEMBERS:
            names[own.target_id] = [name for name in own.value_seen.split(BETWEEN) if name]
            issue_of.update(dict.fromkeys(names[own.target_id], own.target_id))
    found = (
        tuple(name for name in own if issue_of[name] == issue)
        for issue, own in sorted(names.items())
    )
    return tuple(own for own in found if len(own) > 1)


def known_issues(decisions: Iterable[Decision]) -> frozenset[str]:
    """Issues of which the file keeps what they were made of."""
    return frozenset(own.target_id for own in decisions if own.field == MEMBERS)


def highest_number(ids: Iterable[str]) -> int:
    """Highest number that an issue ever had; 0 where there was none.

    Examples
    --------
    >>> highest_number(["I007", "I1002", "O12"])
    1002
    """
    return max((int(match[1]) for own in ids if (match := _NUMBER.fullmatch(own))), default=0)


def issue_number(number: int, digits: int = DIGITS) -> str:
    """Write the number of an issue, with `digits` at least.

    Examples
    --------
    >>> issue_number(7), issue_number(1002)
    ('I007', 'I1002')
    """
    return f"{ISSUE_MARK}{number:0{digits}d}"


def keep_ids(
    issues: Sequence[Mapping[str, int]],
    memory: Mapping[str, str],
    highest: int = 0,
    apart: Mapping[str, int] | None = None,
) -> list[str]:
    """Give every issue its number.

    Parameters
    ----------
    issues
        Of every issue the keys of its wordings and how often each was said; in the order
        in which new numbers are given.
    memory
        What :func:`remembered` gave.
    highest
        A number up to which none is given anew.
    apart
        The same of the opinions that are in no issue.

    Returns
    -------
    list of str
        In the order of `issues`, no two alike.

    Notes
    -----
    Maximises the number of opinions that keep their number, over pairs that overlap by
    :data:`KEPT_SHARE` or more (H. Kuhn, "The Hungarian method for the assignment
    problem", Naval Research Logistics Quarterly 2, 1955). What was not there before does
    not count for or against.
    """
    # Of equals the same one is chosen, whatever the order of the issues.
    order = sorted(range(len(issues)), key=lambda row: sorted(issues[row].items()))
    everywhere, names = _overlap([*(issues[row] for row in order), apart or {}], memory)
    overlap = everywhere[:-1]
    ids = [""] * len(issues)
    if names and len(issues):
        union = overlap.sum(axis=1)[:, None] + everywhere.sum(axis=0)[None, :] - overlap
        close = overlap >= KEPT_SHARE * np.maximum(union, 1)
        gain = np.where(close, overlap, 0)
        from scipy.optimize import linear_sum_assignment

        for row, column in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
            if gain[row, column]:
                ids[order[int(row)]] = names[int(column)]
    number = max(highest, highest_number(memory.values()))
    # Of a first run all numbers are equally long, and sort as numbers do.
    digits = DIGITS if memory else max(DIGITS, len(str(number + ids.count(""))))
    for place, own in enumerate(ids):
        if not own:
            number += 1
            ids[place] = issue_number(number, digits)
    return ids


def _overlap(
    issues: Sequence[Mapping[str, int]], memory: Mapping[str, str]
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], list[str]]:
    """Opinions that every issue shares with every remembered one."""
    names = sorted(set(memory.values()))
    place = {name: number for number, name in enumerate(names)}
    overlap = np.zeros((len(issues), len(names)), dtype=np.int64)
    for row, own in enumerate(issues):
        for key, count in own.items():
            if key in memory:
                overlap[row, place[memory[key]]] += count
    return overlap, names


def members_of(texts: Iterable[str], issue_ids: Iterable[str]) -> dict[str, Counter[str]]:
    """Issue → keys of its wordings, and how many opinions have each; none for no issue.

    Examples
    --------
    >>> members_of(["バスがない", "バスがない。", "雪"], ["I001", "I001", ""])["I001"].total()
    2
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for text, own in zip(texts, issue_ids, strict=True):
        if own:
            found[own][wording_key(text)] += 1
    return dict(sorted(found.items()))
