"""What a run's issues were made of, as rows for a file of decisions.

Such rows let the issues of later runs keep their numbers (:mod:`pipeline.identity`).
They are added when a workbook is read back, or when a study names the run before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decisions import MEMBERS, Decision, used_numbers
from pipeline.identity import (
    highest_number,
    issue_number,
    keep_ids,
    members_of,
    remembered,
)
from pipeline.normalize import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

VOICES: Final = 8
"""Representative voices of an issue that are kept with a decision on it, at most."""


class Numbering(NamedTuple):
    """Issues of a run under the numbers that a file of decisions knows.

    Attributes
    ----------
    number_of
        Issue of the run → its number in the file, mostly the same.
    rows
        What the file does not keep yet of what issues are made of.
    """

    number_of: Mapping[str, str]
    rows: tuple[Decision, ...]


class Occasion(NamedTuple):
    """When rows are added, and by whom."""

    reviewer: str
    decided_at: str
    run_id: str


def number_issues(
    decisions: Sequence[Decision],
    opinions: pd.DataFrame,
    machine: pd.DataFrame,
    occasion: Occasion,
) -> Numbering:
    """Lay the issues of a run beside those that a file of decisions knows.

    Parameters
    ----------
    decisions
        All rows of the file.
    opinions
        ``machine_issue_id, text`` of the run.
    machine
        ``issue_id, title, headings`` of the issues as the machine made them.
    """
    members = members_of(opinions["text"], opinions["machine_issue_id"])
    names = sorted(members, key=lambda own: (highest_number([own]), own))
    memory = remembered(decisions)
    number_of = {own: own for own in names}
    taken = set(used_numbers(decisions))
    found: dict[str, str] = {}
    if memory:
        apart = ["" if own else "-" for own in opinions["machine_issue_id"]]
        alone = members_of(opinions["text"], apart).get("-")
        kept = keep_ids([members[own] for own in names], memory, 0, alone)
        known = set(memory.values())
        found = {own: new for own, new in zip(names, kept, strict=True) if new in known}
    number = highest_number({*taken, *names})
    for own in names:
        if own in found:
            number_of[own] = found[own]
        elif own in taken:
            number += 1
            number_of[own] = issue_number(number)
    state = {
        own.target_id: (own.value, own.value_seen) for own in decisions if own.field == MEMBERS
    }
    titles = dict(zip(machine["issue_id"], machine["title"], strict=True))
    headings = dict(zip(machine["issue_id"], machine["headings"], strict=True))
    rows = []
    ids = {own.decision_id for own in decisions}
    for own in names:
        value = " ".join(sorted(members[own]))
        target = number_of[own]
        if state.get(target) != (value, headings.get(own, "")):
            rows.append(
                Decision(
                    decision_id=unused_id(new_id(target, MEMBERS, value, occasion), ids),
                    target_id=target,
                    field=MEMBERS,
                    value_seen=headings.get(own, ""),
                    value=value,
                    reviewer=occasion.reviewer,
                    decided_at=occasion.decided_at,
                    reason="",
                    run_id=occasion.run_id,
                    text=titles.get(own, ""),
                )
            )
    return Numbering(number_of, tuple(rows))


def new_id(target: str, field: str, value: str, occasion: Occasion) -> str:
    """Id of a decision, made of its content: the same decision twice has the same id.

    Examples
    --------
    >>> new_id("I001", "status", "採用", Occasion("田中", "2026-05-01T10:00:00+09:00", "a1"))
    'D20260501-P1YQNGKC'
    """
    day = occasion.decided_at[:10].replace("-", "")
    return f"D{day}-{digest(target, field, value, *occasion, length=8)}"


def unused_id(decision_id: str, taken: set[str]) -> str:
    """Id that no other decision has, also where one is made again within a second.

    Parameters
    ----------
    taken
        Ids of other decisions; the one that is given is added.
    """
    number, own = 1, decision_id
    while own in taken:
        number += 1
        own = f"{decision_id}-{number}"
    taken.add(own)
    return own


def issue_voices(issues: pd.DataFrame, opinions: pd.DataFrame) -> dict[str, str]:
    """Representative voices of every issue, one a line.

    Parameters
    ----------
    issues
        ``issue_id, representative_opinion_ids``.
    opinions
        ``opinion_id, text`` (people masked).
    """
    texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))
    found = {}
    for own, names in zip(issues["issue_id"], issues["representative_opinion_ids"], strict=True):
        lines = [" ".join(texts.get(name, "").split()) for name in names.split()[:VOICES]]
        found[own] = "\n".join(line for line in lines if line)
    return found
