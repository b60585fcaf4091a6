"""Which value of an attribute may stand beside a single voice.

Hundreds of voices with 「30代」 beside them are a table, too: they can be counted, and who
carries none can be guessed from what is left. So one attribute alone stands beside voices,
and in an issue all of them carry it, or none.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.study import PUBLIC_COMMENT, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

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
    best: dict[str, tuple[str, str]] = {}
    for name, value_of in values.items():
        own = [one for one in mentions if one.person in value_of]
        labelled = open_issues(own, value_of, *hidden[name], threshold, own_thresholds)
        found = {
            one.opinion_id: (name, value_of[one.person]) for one in own if one.issue_id in labelled
        }
        if len(found) > len(best):
            best = found
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
    least: Thresholds = own_thresholds or {}
    of_kind: dict[Cell, set[str]] = defaultdict(set)
    of_issue: dict[str, list[Mention]] = defaultdict(list)
    of_goal: dict[Cell, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    whole: dict[str, set[str]] = defaultdict(set)
    for one in mentions:
        value = value_of[one.person]
        of_kind[one.source_kind, value].add(one.person)
        of_issue[one.issue_id].append(one)
        of_goal[one.goal_id, value][one.issue_id].add(one.person)
        if one.source_kind in LISTED_WHOLE:
            whole[one.person].add(one.issue_id)
    partly = {issue_id for issue_id, _ in hidden_issues}
    found = {
        issue_id
        for issue_id, own in of_issue.items()
        if issue_id not in partly
        and all(
            (one.goal_id, value_of[one.person]) not in hidden_goals
            and len(of_kind[one.source_kind, value_of[one.person]])
            >= least.get(issue_id, threshold)
            for one in own
        )
    }
    while True:
        left = {
            issue_id
            for people in of_goal.values()
            for issue_id in people
            if issue_id in found and not _is_blurred(people, found, threshold, least)
        }
        left |= {own for issues in whole.values() if not issues <= found for own in issues & found}
        if not left:
            return found
        found -= left


def _is_blurred(
    people: Mapping[str, AbstractSet[str]],
    open_ones: AbstractSet[str],
    threshold: int,
    own_thresholds: Thresholds,
) -> bool:
    """Whether what the labels leave of one cell of a goal tells nothing of a single issue."""
    closed = [issue_id for issue_id in people if issue_id not in open_ones]
    without: set[str] = set()
    for issue_id in closed:
        without |= people[issue_id]
    most = max((own_thresholds.get(own, threshold) for own in closed), default=threshold)
    return not closed or (len(closed) > 1 and len(without) >= most + len(closed) - 1)
