"""What a plan lacks, and examples that its rules contradict."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.goals.examples import Example
    from pipeline.plan import Measure, Plan
    from pipeline.rules import Rule
    from pipeline.votes import Vote

STRONG_VOTES: Final = 3.0
"""Votes of the rules from which on an example's goal is said to be contradicted: as many as
one rule gives that decides alone."""


class Gap(NamedTuple):
    """A goal or a measure that nothing leads to.

    Attributes
    ----------
    id, name
        Of the goal or the measure; :data:`~pipeline.plan.NO_GOAL` has no name.
    is_measure
        Whether it is a measure.
    no_rules, no_examples
        What is missing.
    """

    id: str
    name: str
    is_measure: bool
    no_rules: bool
    no_examples: bool


class Contradiction(NamedTuple):
    """An example for whose goal the rules do not speak.

    Attributes
    ----------
    example
        Its place among the examples.
    goal
        Goal with the most votes.
    votes, own_votes
        Votes for that goal, and for the goals that the example states.
    words
        Words that speak for it.
    """

    example: int
    goal: str
    votes: float
    own_votes: float
    words: tuple[str, ...]


def find_gaps(plan: Plan, rules: Sequence[Rule], examples: Sequence[Example]) -> tuple[Gap, ...]:
    """Goals and measures without a rule or without an example, in the plan's order.

    A plan that has no rules at all lacks none in particular, nor one without examples.
    What a whole goal lacks is not said again of its measures. The only measure of a goal
    needs nothing of its own: whatever speaks for the goal speaks for it.
    """
    ruled = Counter(key for rule in rules for key in (rule.goal, rule.measure))
    shown = Counter(key for own in examples for key in (own.goal, own.second, own.measure))

    def gap(key: str, name: str, *, is_measure: bool) -> Gap:
        return Gap(
            key, name, is_measure,
            no_rules=bool(rules) and not ruled[key],
            no_examples=bool(examples) and not shown[key],
        )  # fmt: skip

    def gaps() -> Iterator[Gap]:
        yield gap(NO_GOAL, "", is_measure=False)
        for goal in plan.goals:
            whole = gap(goal.id, goal.name, is_measure=False)
            yield whole
            for measure in goal.measures if len(goal.measures) > 1 else ():
                own = gap(measure.id, measure.name, is_measure=True)
                yield own._replace(
                    no_rules=own.no_rules and not whole.no_rules,
                    no_examples=own.no_examples and not whole.no_examples,
                )

    return tuple(own for own in gaps() if own.no_rules or own.no_examples)


def find_contradictions(
    examples: Sequence[Example], votes: Sequence[Mapping[str, Vote]]
) -> tuple[Contradiction, ...]:
    """Examples whose rules speak for another goal with at least :data:`STRONG_VOTES`.

    Parameters
    ----------
    votes
        Of every example; only those of the coding rules count.
    """
    found = []
    for place, (example, own) in enumerate(zip(examples, votes, strict=True)):
        counts = {goal: round(vote.by_rules, 6) for goal, vote in own.items()}
        if not counts:
            continue
        best = min(counts, key=lambda goal: (-counts[goal], goal))
        stated = max(counts.get(goal, 0.0) for goal in (example.goal, example.second))
        if counts[best] >= STRONG_VOTES and counts[best] > stated:
            parts = [part for part in own[best].evidence if part["source"] == "rule"]
            parts.sort(key=lambda part: (-part["weight"], part["start"]))
            words = tuple(dict.fromkeys(part["word"] for part in parts))
            found.append(Contradiction(place, best, counts[best], stated, words))
    return tuple(sorted(found, key=lambda own: (own.own_votes - own.votes, own.example)))


def without_sdgs(plan: Plan) -> tuple[Measure, ...]:
    """Measures for which no Sustainable Development Goal is written, in the plan's order."""
    return tuple(measure for goal in plan.goals for measure in goal.measures if not measure.sdgs)
