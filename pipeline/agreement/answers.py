"""What the machine said of every row of labels: its goal, how sure, its measure, its kind.

A row may be a whole answer that the pipeline split into several opinions. People label
the answer; the machine labels opinions. The rules here make one label of several.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.agreement.values import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from pipeline.agreement.labels import Row
    from pipeline.agreement.values import What

_REQUEST_WEIGHS: Final = 2.0

MACHINE: Final = "machine"
"""What ``assigned_by`` says where no person decided."""


class Said(NamedTuple):
    """What was said of one opinion.

    Attributes
    ----------
    sure
        Confidence of the goal; 1 where a person decided.
    length
        Characters of the text.
    """

    goal: str
    sure: float
    measure: str
    kind: str
    length: int


class AnswerLabels(NamedTuple):
    """What was said of one row; every label empty where the run does not have it.

    Attributes
    ----------
    goal, measure
        ``"0"`` for none.
    confidence
        Of the goal; 0 where there is none.
    kind
        Empty also where the answer was set aside.
    """

    goal: str = ""
    confidence: float = 0.0
    measure: str = ""
    kind: str = ""

    @property
    def linked(self) -> bool:
        """Whether the row was given a goal."""
        return self.goal not in {"", NONE}

    def label(self, what: What) -> str:
        """Its goal, measure or kind."""
        labels: dict[What, str] = {
            "goal": self.goal,
            "measure": self.measure,
            "kind": self.kind,
        }
        return labels[what]


def label_rows(
    rows: Sequence[Row], opinions: pd.DataFrame, *, reviewed: bool = False
) -> list[AnswerLabels]:
    """Label every row as the machine did.

    An answer that was set aside as saying nothing has no goal: that, too, is a judgement.

    Parameters
    ----------
    opinions
        Table of the run.
    reviewed
        Take the goals that hold after people's decisions (``goal_id``) instead of the
        machine's own (``machine_goal_id``).
    """
    said = _read_opinions(opinions, reviewed=reviewed)
    none = AnswerLabels(goal=NONE, measure=NONE)
    return [
        label_answer([said[own] for own in row.opinion_ids])
        if row.opinion_ids
        else (none if row.set_aside else AnswerLabels())
        for row in rows
    ]


def label_answer(said: Sequence[Said]) -> AnswerLabels:
    """Make one label of what was said of an answer's opinions; at least one.

    The measure is that of the opinions with the answer's goal.
    """
    goal = goal_of_answer(said)
    with_goal = [one for one in said if one.goal == goal]
    return AnswerLabels(
        goal=goal or NONE,
        confidence=_confidence(said, goal) if goal else 0.0,
        measure=(goal and _heaviest((one.measure, one.sure * one.length) for one in with_goal))
        or NONE,
        kind=kind_of_answer(said),
    )


def goal_of_answer(said: Sequence[Said]) -> str:
    """Choose the goal with the largest sum of confidence × characters; empty if none has one.

    *Rationale.* Residents tell a story and ask for one thing: whoever labels an answer
    names the goal that it speaks to, however many sentences lead there. So opinions
    without a goal do not count against those with one. Between goals, the one about which
    most is said weighs most, and a doubtful link less. On the 310 labelled answers of
    ``gold_dev.csv``, 123 of them split, ten such rules (sums of length, confidence, score
    or number, the longest, first, last, surest opinion; with and without a vote for none)
    differed by five answers: this one was chosen for its reason, not for its figure.
    """
    return _heaviest((one.goal, one.sure * one.length) for one in said)


def _confidence(said: Sequence[Said], goal: str) -> float:
    """How sure an answer is of its goal.

    As sure as the surest opinion that has it, times its share of what
    :func:`goal_of_answer` weighs: an answer that speaks to two goals may be labelled with
    either.
    """
    weights = [(one.goal, one.sure * one.length) for one in said if one.goal]
    own = math.fsum(weight for name, weight in weights if name == goal)
    every = math.fsum(weight for _, weight in weights)
    surest = max(one.sure for one in said if one.goal == goal)
    return surest * own / every if every else 0.0


def kind_of_answer(said: Sequence[Said]) -> str:
    """Choose the kind of most of the text; what is said beside it (``other``) does not count.

    *Rationale.* Whoever tells a story and then asks for something, asks: a request counts
    double, and remarks that are neither problem nor wish nor praise only where nothing
    else is said. On ``gold_dev.csv`` .85 of the answers are right (.78 by length alone);
    on 710 further answers of Sabae .81 (.79).
    """
    weighed = [
        (one.kind, one.length * (_REQUEST_WEIGHS if one.kind == "request" else 1.0)) for one in said
    ]
    telling = [pair for pair in weighed if pair[0] != "other"]
    return _heaviest(telling or weighed)


def _heaviest(weighed: Iterable[tuple[str, float]]) -> str:
    """Label with the largest sum of weights; of equal ones the first by name."""
    sums: defaultdict[str, float] = defaultdict(float)
    for label, weight in sorted(weighed):
        if label:
            sums[label] += weight
    return min(sums, key=lambda label: (-round(sums[label], 9), label)) if sums else ""


def _read_opinions(opinions: pd.DataFrame, *, reviewed: bool) -> dict[str, Said]:
    columns = (
        opinions["opinion_id"],
        opinions["goal_id" if reviewed else "machine_goal_id"],
        opinions["goal_confidence"],
        opinions["measure_id"],
        opinions["kind"],
        opinions["text"].str.len(),
        opinions["assigned_by"],
    )
    return {
        own: Said(
            goal,
            1.0 if reviewed and by not in {"", MACHINE} else float(sure),
            # Where a person chose another goal, the measure is under that one.
            measure if measure.startswith(f"{goal}-") else "",
            kind,
            int(length),
        )
        for own, goal, sure, measure, kind, length, by in zip(*columns, strict=True)
    }
