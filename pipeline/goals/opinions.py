"""Opinions to goal links: which goal of the plan, why, and how sure.

Coding rules (:mod:`pipeline.rules`) and the examples of the codebook are weighed against
each other, and reviewers' decisions correct both (:mod:`pipeline.goals.model`). Every link
says which words speak for it (:mod:`pipeline.goals.evidence`). Where none of the goals
is the likeliest, or a link would be less certain than was asked for, the pipeline
abstains: ``goal_id`` is empty, and a person decides.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.goals.confidence import probabilities
from pipeline.goals.evidence import explain_goal
from pipeline.goals.model import GoalModel, combine
from pipeline.plan import NO_GOAL
from pipeline.tables import conform

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.concepts import Hit
    from pipeline.goals.mapper import GoalMapper
    from pipeline.goals.space import Reading
    from pipeline.plan import Plan
    from pipeline.tokens import Token
    from pipeline.votes import Evidence

UNTAUGHT: Final = 0.5
"""Factor on the confidence where a plan has neither rules nor examples nor decisions."""

SECOND_SHARE: Final = 0.6
SECOND_LEAST: Final = 0.25
"""Score of a second goal, in shares of the first, and at least."""

MOST_LESSONS: Final = 3
"""Decisions that are named for an opinion that they moved."""

STRONG: Final = 0.2
"""Score from which a goal that was not given is listed among the links."""


class Assignment(NamedTuple):
    """What an opinion or an issue is given; the columns of the results.

    Attributes
    ----------
    withheld_goal_id
        The likeliest goal of an opinion that is less certain than was asked for
        (``goal_error``); a person is to decide.
    """

    goal_id: str = ""
    machine_goal_id: str = ""
    goal_score: float = 0.0
    goal_confidence: float = 0.0
    goal_id_2: str = ""
    measure_id: str = ""
    assigned_by: str = ""
    withheld_goal_id: str = ""


COLUMNS: Final = Assignment._fields
"""Columns that :func:`link_opinions` and :func:`pipeline.goals.issues.link_issues` fill."""


class Said(NamedTuple):
    """A wording as it has to be judged.

    Attributes
    ----------
    words
        Its tokens.
    aside
        Votes for none of the goals that its question brings along.
    decided
        A person decided this very opinion: the machine's own judgement has to do without
        what it learnt from that, or the two could not be compared.
    """

    words: tuple[Token, ...]
    aside: float = 0.0
    decided: bool = False


class Judgement(NamedTuple):
    """What the model makes of one wording.

    Attributes
    ----------
    readings
        Its sentences.
    scores
        Shape (sentences, goals).
    combined
        Shape (goals,): see :func:`pipeline.goals.model.combine`.
    untaught
        The same without what reviewers' decisions taught.
    """

    readings: tuple[Reading, ...]
    scores: NDArray[np.float64]
    combined: NDArray[np.float64]
    untaught: NDArray[np.float64]


class OpinionGoals(NamedTuple):
    """What :func:`link_opinions` finds.

    Attributes
    ----------
    assigned
        Index of the opinions, columns :data:`COLUMNS`. ``goal_score`` is the score of the
        best goal. ``goal_confidence`` is the probability that what stands in the row is
        right: this goal, or none (``goal_id`` and ``assigned_by`` empty).
    links
        Table ``goal_links``: a row for the goals given and for strong ones that lost.
    lessons
        Table ``lessons``: the opinions that decisions on others have moved, with the
        decisions that did most.
    """

    assigned: pd.DataFrame
    links: pd.DataFrame
    lessons: pd.DataFrame


def link_opinions(
    opinions: pd.DataFrame,
    tokens: Sequence[Sequence[Token]],
    mapper: GoalMapper,
    questions: Mapping[str, Sequence[Token]] | None = None,
    hits: Sequence[Sequence[Hit]] | None = None,
    decided: Collection[str] = (),
) -> OpinionGoals:
    """Give every opinion its goal, or none, with the evidence.

    Parameters
    ----------
    opinions
        ``opinion_id``, ``start`` (characters into the answer), and ``question`` where
        `questions` are given.
    tokens
        Tokens of every row, offsets relative to its text.
    questions
        Question → its tokens.
    hits
        What the concept dictionary found in every row, where that is known already.
    decided
        Opinions of which a person decided the goal.
    """
    asides = {asked: mapper.reader.aside(own) for asked, own in (questions or {}).items()}
    asked = opinions["question"] if asides else [""] * len(opinions)
    said = [
        Said(tuple(words), asides.get(question, 0.0), own in decided)
        for own, words, question in zip(opinions["opinion_id"], tokens, asked, strict=True)
    ]
    judged = judge(said, mapper, dict(zip(said, hits, strict=True)) if hits else None)
    rows: list[Assignment] = []
    links: list[dict[str, object]] = []
    lessons: list[dict[str, object]] = []
    explained: dict[Said, _Explained] = {}
    # Opinions of the same wording share their tokens and are judged once.
    for opinion_id, start, key in zip(opinions["opinion_id"], opinions["start"], said, strict=True):
        if key not in explained:
            row, reasons = _decide(judged[key], mapper)
            explained[key] = _Explained(row, reasons, _taught(judged[key], row, mapper))
        row, reasons, moved = explained[key]
        rows.append(row)
        lessons.extend({"opinion_id": opinion_id, **effect} for effect in moved)
        links.extend(
            {
                "target_id": opinion_id,
                "goal_id": link.goal,
                "measure_id": link.measure,
                "score": link.score,
                "evidence": _as_json(link.evidence, int(start)),
            }
            for link in reasons
        )
    assigned = pd.DataFrame(rows, columns=list(COLUMNS), index=opinions.index)
    return OpinionGoals(assigned, links_table(links), _lessons_table(lessons))


def judge(
    said: Iterable[Said], mapper: GoalMapper, hits: Mapping[Said, Sequence[Hit]] | None = None
) -> dict[Said, Judgement]:
    """Read and score every wording under every kind of question once."""
    wordings = list(dict.fromkeys(said))
    known = hits or {}
    read = [mapper.reader.sentences(own.words, own.aside, known.get(own)) for own in wordings]
    every = [reading for own in read for reading in own]
    without = GoalModel(mapper.model.goals, mapper.model.codebook).scores(every)
    lessons = mapper.model.decisions
    scores = without if lessons is None else without + lessons.scores(every)
    judged = {}
    done = 0
    for words, own in zip(wordings, read, strict=True):
        part, before = (one[done : done + len(own)] for one in (scores, without))
        part = before if words.decided else part
        done += len(own)
        judged[words] = Judgement(tuple(own), part, combine(part), combine(before))
    return judged


class _Explained(NamedTuple):
    row: Assignment
    links: list[_Link]
    lessons: list[dict[str, object]]


class _Link(NamedTuple):
    goal: str
    measure: str
    score: float
    evidence: tuple[Evidence, ...]


def _decide(judgement: Judgement, mapper: GoalMapper) -> tuple[Assignment, list[_Link]]:
    """Weigh the scores of one wording, and say what speaks for the goals that count."""
    combined = judgement.combined
    certain = probabilities(combined)
    names = mapper.model.goals
    ranked = sorted(range(1, len(names)), key=lambda goal: (-round(float(combined[goal]), 9), goal))
    best = ranked[0]
    known = 1.0 if mapper.model.learnt or mapper.reader.rules.rules else UNTAUGHT
    sure, score = known * float(certain[best]), float(combined[best])
    likeliest = combined[best] > combined[0] and sure >= mapper.least
    links = []
    for goal in ranked:
        if combined[goal] < STRONG and not (likeliest and goal == best):
            continue
        link = _link(judgement, goal, mapper)
        if link.evidence:  # no goal without a word that speaks for it
            links.append(link)
    if not likeliest or not links or links[0].goal != names[best]:
        withheld = names[best] if combined[best] > combined[0] and links else ""
        confidence = known * float(certain[0])
        nothing = Assignment(goal_score=score, goal_confidence=confidence)
        return nothing._replace(withheld_goal_id=withheld if sure < mapper.least else ""), links
    second = ""
    if len(links) > 1 and links[1].score >= max(SECOND_SHARE * score, SECOND_LEAST):
        second = links[1].goal
    row = Assignment(names[best], names[best], score, sure, second, links[0].measure, "machine")
    return row, links


def _link(judgement: Judgement, goal: int, mapper: GoalMapper) -> _Link:
    """One goal with the sentence that speaks for it most."""
    name = mapper.model.goals[goal]
    place = int(np.argmax(judgement.scores[:, goal]))
    reading = judgement.readings[place]
    return _Link(
        goal=name,
        measure=_measure(name, reading, mapper.plan),
        score=float(judgement.combined[goal]),
        evidence=explain_goal(reading, name, mapper.model),
    )


def _measure(goal_id: str, reading: Reading, plan: Plan) -> str:
    """Measure with the most votes; the only one where a goal has one."""
    measures = [measure.id for measure in plan.goal(goal_id).measures]
    if len(measures) == 1:
        return measures[0]
    vote = reading.votes.get(goal_id)
    votes = [(score, measure) for measure, score in vote.measures if measure] if vote else []
    return min(votes, key=lambda pair: (-round(pair[0], 9), pair[1]))[1] if votes else ""


def _taught(judgement: Judgement, row: Assignment, mapper: GoalMapper) -> list[dict[str, object]]:
    """The decisions that moved a wording from one goal (or none) to the one in its row."""
    lessons = mapper.model.decisions
    names = mapper.model.goals
    before, after = int(np.argmax(judgement.untaught)), names.index(row.machine_goal_id or NO_GOAL)
    if probabilities(judgement.untaught)[before] < mapper.least:
        before = 0
    if lessons is None or before == after:
        return []
    place = int(np.argmax(judgement.scores[:, after]))
    towards = lessons.effects(judgement.readings[place], after)
    away = lessons.effects(judgement.readings[place], before)
    pulls = {own: round(towards[own] - away[own], 6) for own in towards}
    ranked = sorted(pulls, key=lambda own: (-pulls[own], own))[:MOST_LESSONS]
    return [
        {
            "goal_id_before": "" if names[before] == NO_GOAL else names[before],
            "goal_id_after": "" if names[after] == NO_GOAL else names[after],
            "decision_id": own,
            "effect": pulls[own],
        }
        for own in ranked
        if pulls[own] > 0.0
    ]


def _lessons_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = ["opinion_id", "goal_id_before", "goal_id_after", "decision_id", "effect"]
    return conform("lessons", pd.DataFrame(rows, columns=columns))


def _as_json(evidence: Iterable[Evidence], offset: int) -> str:
    moved = [
        {
            **part,
            "start": part["start"] + offset,
            "end": part["end"] + offset,
            "weight": round(part["weight"], 4),
        }
        for part in evidence
    ]
    moved.sort(key=lambda part: (part["start"], part["end"], part["source"], part["rule"]))
    return json.dumps(moved, ensure_ascii=False)


def links_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as the table ``goal_links``."""
    columns = ["target_id", "goal_id", "measure_id", "score", "evidence"]
    return conform("goal_links", pd.DataFrame(rows, columns=columns))
