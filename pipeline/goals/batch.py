"""Many wordings at once: scores, goals, links and lessons, without tables.

What can be said of all wordings with a few matrices is said of all at once; only those
that speak to a goal are looked at one by one. Every wording is judged by itself: whoever
else is in the batch changes no digit.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.goals.confidence import probabilities
from pipeline.goals.evidence import explain_goal
from pipeline.goals.model import GoalModel, combine, shares_of_votes
from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.concepts import Hit
    from pipeline.goals.mapper import GoalMapper
    from pipeline.goals.space import Reading
    from pipeline.plan import Plan
    from pipeline.tokens import Token
    from pipeline.votes import Evidence, Gain

    Matrix = NDArray[np.float64]

UNTAUGHT: Final = 0.5
"""Factor on the confidence where a plan has neither rules nor examples nor decisions."""

SECOND_SHARE: Final = 0.6
SECOND_LEAST: Final = 0.25
"""Score of a second goal, in shares of the first, and at least."""

MOST_LESSONS: Final = 3
"""Decisions that are named for an opinion that they moved."""

STRONG: Final = 0.2
"""Score from which a goal that was not given is listed among the links."""

_CLOSE: Final = 2e-9
"""Distance of scores below which their order is asked of their rounded values."""

_PLACES: Final = re.compile(r'"start": (\d+), "end": (\d+)')


class GoalLink(NamedTuple):
    """A goal that a wording speaks to.

    Attributes
    ----------
    text
        Row of the wording.
    evidence
        JSON as in the table ``goal_links``, places relative to the wording.
    """

    text: int
    goal_id: str
    measure_id: str
    score: float
    evidence: str


class Lesson(NamedTuple):
    """A decision that moved a wording, as in the table ``lessons``; `text` is its row."""

    text: int
    goal_id_before: str
    goal_id_after: str
    decision_id: str
    effect: float


class Scored(NamedTuple):
    """What the model makes of wordings.

    Attributes
    ----------
    readings
        Sentences of all wordings, their votes left out.
    gains
        Rules that each sentence meets.
    bounds
        Shape (wordings + 1,): sentences of wording *i* are ``readings[bounds[i]:bounds[i + 1]]``.
    scores
        Shape (sentences, goals).
    combined
        Shape (wordings, goals): see :func:`pipeline.goals.model.combine`.
    untaught
        The same without what reviewers' decisions taught.
    """

    readings: list[Reading]
    gains: list[list[Gain]]
    bounds: NDArray[np.int64]
    scores: Matrix
    combined: Matrix
    untaught: Matrix


class Judged(NamedTuple):
    """What wordings are given.

    Attributes
    ----------
    assigned
        Column of :class:`pipeline.goals.opinions.Assignment` → its values, one a wording.
    links, lessons
        In the order of the wordings; the best goal of a wording first.
    """

    assigned: dict[str, list[str] | list[float]]
    links: list[GoalLink]
    lessons: list[Lesson]


def judge_texts(
    tokens: Sequence[Sequence[Token]],
    hits: Sequence[Sequence[Hit]] | None,
    asides: Sequence[float],
    mapper: GoalMapper,
    decided: Sequence[bool] | None = None,
) -> Judged:
    """Give wordings their goals, or none, with the evidence.

    Parameters
    ----------
    tokens
        Of every wording.
    hits
        What the concept dictionary found in each, where that is known already.
    asides
        Votes for none of the goals that the question of each brings along
        (:meth:`pipeline.goals.readings.Reader.aside`).
    decided
        Whether a person decided this very opinion: the machine's own judgement has to do
        without what it learnt from that, or the two could not be compared. Nobody by default.
    """
    scored = score_texts(tokens, hits, asides, mapper, decided)
    combined = scored.combined
    names = mapper.model.goals
    rows = np.arange(len(combined))
    certain = probabilities(combined) if len(combined) else combined
    best = _best(combined)
    known = 1.0 if mapper.model.learnt or mapper.reader.rules.rules else UNTAUGHT
    score, sure = combined[rows, best], known * certain[rows, best]
    beaten = score > combined[:, 0]
    likeliest = beaten & (sure >= mapper.least)
    confidence = known * certain[:, 0]
    goals = [""] * len(rows)
    seconds, measures, withheld = goals.copy(), goals.copy(), goals.copy()
    links: list[GoalLink] = []
    speaking = likeliest | (combined[:, 1:] >= STRONG).any(axis=1)
    for row in np.flatnonzero(speaking).tolist():
        given = int(best[row]) if likeliest[row] else 0
        own = _links(row, given, scored, mapper)
        links += own
        if given and own and own[0].goal_id == names[given]:
            goals[row], measures[row], confidence[row] = names[given], own[0].measure_id, sure[row]
            if len(own) > 1 and own[1].score >= max(SECOND_SHARE * score[row], SECOND_LEAST):
                seconds[row] = own[1].goal_id
        elif beaten[row] and sure[row] < mapper.least and own:
            withheld[row] = names[best[row]]
    return Judged(
        {
            "goal_id": goals,
            "machine_goal_id": goals.copy(),
            "goal_score": score.tolist(),
            "goal_confidence": confidence.tolist(),
            "goal_id_2": seconds,
            "measure_id": measures,
            "assigned_by": ["machine" if goal else "" for goal in goals],
            "withheld_goal_id": withheld,
        },
        links,
        _lessons(scored, goals, mapper),
    )


def score_texts(
    tokens: Sequence[Sequence[Token]],
    hits: Sequence[Sequence[Hit]] | None,
    asides: Sequence[float],
    mapper: GoalMapper,
    decided: Sequence[bool] | None = None,
) -> Scored:
    """Read and score wordings; parameters as of :func:`judge_texts`."""
    reader, model = mapper.reader, mapper.model
    known = [None] * len(tokens) if hits is None else hits
    readings: list[Reading] = []
    ends = [0]
    for words, aside, own in zip(tokens, asides, known, strict=True):
        readings += reader.unweighed(words, aside, own)
        ends.append(len(readings))
    bounds = np.array(ends)
    gains = [reader.gains(own) for own in readings]
    shares = shares_of_votes(
        _votes([reader.scores(*own) for own in zip(readings, gains, strict=True)], model.goals),
        np.array([own.aside for own in readings]),
    )
    without = GoalModel(model.goals, model.codebook).weigh(shares, readings)
    if model.decisions is None:
        combined = _combined(without, bounds)
        return Scored(readings, gains, bounds, without, combined, combined)
    scores = without + model.decisions.scores(readings)
    if decided is not None:
        alone = np.repeat(np.array(decided, dtype=bool), np.diff(bounds))
        scores[alone] = without[alone]
    combined = _combined(scores, bounds)
    return Scored(readings, gains, bounds, scores, combined, _combined(without, bounds))


def moved(evidence: str, offset: int) -> str:
    """Evidence with its places moved by so many characters."""
    if not offset:
        return evidence
    # A quotation mark inside a word is escaped, so that only the keys can look like this.
    return _PLACES.sub(
        lambda at: f'"start": {int(at[1]) + offset}, "end": {int(at[2]) + offset}', evidence
    )


def _votes(scores: Sequence[Mapping[str, float]], goals: Sequence[str]) -> Matrix:
    """Shape (sentences, goals)."""
    column = {goal: number for number, goal in enumerate(goals)}
    votes = np.zeros((len(scores), len(goals)))
    places = [
        (row, column[goal], score)
        for row, own in enumerate(scores)
        for goal, score in own.items()
        if goal in column
    ]
    if places:
        rows, columns, values = zip(*places, strict=True)
        votes[list(rows), list(columns)] = values
    return votes


def _combined(scores: Matrix, bounds: NDArray[np.int64]) -> Matrix:
    """Scores of wordings from those of their sentences; one sentence says it all by itself."""
    combined = scores[bounds[:-1]]
    for row in np.flatnonzero(np.diff(bounds) > 1).tolist():
        combined[row] = combine(scores[bounds[row] : bounds[row + 1]])
    return combined


def _best(combined: Matrix) -> NDArray[np.int64]:
    """Column of the best goal of every wording, as :func:`_ranked` has it."""
    best: NDArray[np.int64] = 1 + np.argmax(combined[:, 1:], axis=1)
    if combined.shape[1] > 2:
        highest = np.sort(combined[:, 1:], axis=1)[:, -2:]
        for row in np.flatnonzero(highest[:, 1] - highest[:, 0] < _CLOSE).tolist():
            best[row] = _ranked(combined[row])[0]
    return best


def _ranked(combined: NDArray[np.float64]) -> list[int]:
    """Columns of the goals, the best first; of equal ones that of the plan's order."""
    scores = combined.tolist()
    return sorted(range(1, len(scores)), key=lambda goal: (-round(scores[goal], 9), goal))


def _links(row: int, given: int, scored: Scored, mapper: GoalMapper) -> list[GoalLink]:
    """What speaks for the goals that count: the one that is `given` (0: none), and strong ones."""
    names = mapper.model.goals
    first, last = scored.bounds[row], scored.bounds[row + 1]
    combined, scores = scored.combined[row], scored.scores[first:last]

    @functools.cache
    def read(place: int) -> Reading:
        number = int(first) + place
        return mapper.reader.with_votes(scored.readings[number], scored.gains[number])

    links = []
    for goal in _ranked(combined):
        if combined[goal] < STRONG and goal != given:
            continue
        # The sentence that speaks for it most.
        reading = read(int(np.argmax(scores[:, goal])))
        evidence = explain_goal(reading, names[goal], mapper.model)
        if evidence:  # no goal without a word that speaks for it
            measure = _measure(names[goal], reading, mapper.plan)
            links.append(
                GoalLink(row, names[goal], measure, float(combined[goal]), _as_json(evidence))
            )
    return links


def _measure(goal_id: str, reading: Reading, plan: Plan) -> str:
    """Measure with the most votes; the only one where a goal has one."""
    measures = [measure.id for measure in plan.goal(goal_id).measures]
    if len(measures) == 1:
        return measures[0]
    vote = reading.votes.get(goal_id)
    votes = [(score, measure) for measure, score in vote.measures if measure] if vote else []
    return min(votes, key=lambda pair: (-round(pair[0], 9), pair[1]))[1] if votes else ""


def _lessons(scored: Scored, goals: Sequence[str], mapper: GoalMapper) -> list[Lesson]:
    """The decisions that moved wordings from one goal (or none) to the one that they have."""
    lessons = mapper.model.decisions
    if lessons is None or not len(goals):
        return []
    names = mapper.model.goals
    before = np.argmax(scored.untaught, axis=1)
    certain = probabilities(scored.untaught)[np.arange(len(goals)), before]
    before[certain < mapper.least] = 0
    after = np.array([names.index(goal or NO_GOAL) for goal in goals])
    found = []
    for row in np.flatnonzero(before != after).tolist():
        now, then = int(after[row]), int(before[row])
        first, last = scored.bounds[row], scored.bounds[row + 1]
        reading = scored.readings[first + int(np.argmax(scored.scores[first:last, now]))]
        towards, away = lessons.effects(reading, now), lessons.effects(reading, then)
        pulls = {own: round(towards[own] - away[own], 6) for own in towards}
        ranked = sorted(pulls, key=lambda own: (-pulls[own], own))[:MOST_LESSONS]
        was, is_ = ("" if names[goal] == NO_GOAL else names[goal] for goal in (then, now))
        found += [Lesson(row, was, is_, own, pulls[own]) for own in ranked if pulls[own] > 0.0]
    return found


def _as_json(evidence: Iterable[Evidence]) -> str:
    parts = [{**part, "weight": round(part["weight"], 4)} for part in evidence]
    return json.dumps(parts, ensure_ascii=False)
