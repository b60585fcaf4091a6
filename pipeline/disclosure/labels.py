"""Which values of attributes may stand beside a single voice.

Hundreds of voices with 「30代・東町」 beside them are a table, too: they can be counted.
So a value is shown only where the tables show its cells, and where nothing can be
subtracted from what the tables show; and no voice carries a combination of values that
fewer people share than a published count has.

References
----------
Sweeney (2002), k-anonymity: a model for protecting privacy, IJUFKS 10(5).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.disclosure.audit import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    Cell = tuple[str, str]


class Mention(NamedTuple):
    """One opinion: who said it, and in which row of each table it stands (empty: none)."""

    opinion_id: str
    person: str
    issue_id: str
    goal_id: str


def safe_labels(
    mentions: Sequence[Mention],
    values: Mapping[str, Mapping[str, str]],
    hidden: Mapping[str, tuple[AbstractSet[Cell], AbstractSet[Cell]]],
    threshold: int = THRESHOLD,
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Opinion → attributes and values that may stand beside it; empty for most of few people.

    Parameters
    ----------
    mentions
        All opinions of people who are known.
    values
        Attribute, in the study's order → person → value as in the table's columns.
    hidden
        Attribute → (issue, value) and (goal, value) of the cells that are not shown.
    threshold
        People who share all that stands beside one person's voices.
    """
    shared = _shared(sorted({own.person for own in mentions}), values, threshold)
    found: dict[str, list[tuple[str, str]]] = {own.opinion_id: [] for own in mentions}
    for place, (name, value_of) in enumerate(values.items()):
        own = [one for one in mentions if one.person in value_of]
        issues, goals = close(own, value_of, *hidden[name], threshold)
        for one in own:
            value = value_of[one.person]
            is_open = (one.issue_id, value) not in issues and (one.goal_id, value) not in goals
            if is_open and place < shared[one.person]:
                found[one.opinion_id].append((name, value))
    return {own: tuple(labels) for own, labels in found.items()}


def close(
    mentions: Sequence[Mention],
    value_of: Mapping[str, str],
    issues: AbstractSet[Cell],
    goals: AbstractSet[Cell],
    threshold: int = THRESHOLD,
) -> tuple[set[Cell], set[Cell]]:
    """Cells in which no voice carries the value, so that nothing is left to subtract.

    Notes
    -----
    The voices of an issue carry a value all or none. Under a goal, those that carry none
    belong to several issues, and to so many people that each of these may have as many
    as a published count; otherwise no voice of the goal carries it. What remains of a
    shown cell after the labels are counted is then the whole, nothing, or a sum of
    several cells.
    """
    no_issue, no_goal = set(issues), set(goals)
    meets: dict[str, set[str]] = defaultdict(set)
    people: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in mentions:
        meets[one.goal_id].add(one.issue_id)
        people[one.issue_id, one.goal_id, value_of[one.person]].add(one.person)
    cells = sorted({(goal_id, value) for _, goal_id, value in people})
    while True:
        size = len(no_issue) + len(no_goal)
        no_issue |= {(i, value) for i, g, value in people if (g, value) in no_goal}
        for goal_id, value in cells:
            closed = [own for own in sorted(meets[goal_id]) if (own, value) in no_issue]
            without: set[str] = set()
            for own in closed:
                without |= people.get((own, goal_id, value), set())
            if closed and (len(closed) < 2 or len(without) < threshold + len(closed) - 1):
                no_goal.add((goal_id, value))
        if len(no_issue) + len(no_goal) == size:
            return no_issue, no_goal


def _shared(
    people: Iterable[str], values: Mapping[str, Mapping[str, str]], threshold: int
) -> dict[str, int]:
    """Person → number of first attributes whose combination enough people share."""
    combinations = {
        person: tuple(value_of.get(person, "") for value_of in values.values()) for person in people
    }
    n_alike = Counter(
        whole[:length] for whole in combinations.values() for length in range(len(whole) + 1)
    )
    return {
        person: max(
            (n for n in range(len(whole) + 1) if n_alike[whole[:n]] >= threshold), default=0
        )
        for person, whole in combinations.items()
    }
