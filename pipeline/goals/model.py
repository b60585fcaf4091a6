"""Which goal an opinion speaks to: the votes of the coding rules, and what examples teach.

Two judges are heard: the share of the coding rules' votes for a goal, and what was
learnt from the examples of the codebook by regularized least squares; the score is
their weighted mean. What reviewers decided corrects it. Every score is a sum over the
words of the opinion, and every correction a sum over the decisions that it was learnt
from; both can be shown. There is one solution, found in one step: the same examples
give the same model, in whatever order they come. Decisions correct what the codebook
says, never the other way round, so that what they changed can be told.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from pipeline.goals.space import GoalSpace, Placed, Reading, fit_goal_space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.goals.examples import Example
    from pipeline.lexicon import Lexicon

    Matrix = NDArray[np.float64]

RIDGE_EXAMPLES: Final = 5.0
RIDGE_DECISIONS: Final = 1.0
"""How strongly a correction is held back: noise against the weight of one example.
A decision was made on these very voices, so it counts for more than an example."""

RULES_SHARE: Final = 0.4
"""How much the rules count where there are examples, too. The two are learnt apart: rules
that were written with an eye on the examples would seem surer than they are."""

STRENGTHS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How far decisions may be believed, see :func:`learn_decisions`."""

LEAST_FORETOLD: Final = 2.0
"""Decisions that have to be foretold from others before all of them are believed."""

SILENCE: Final = 0.6
"""Votes for none of the goals that every opinion begins with."""

SECOND_TARGET: Final = 0.3
"""Share of an example's target that its second goal takes."""

_ROWS_AT_ONCE: Final = 500
"""Rows of a matrix of likenesses that are made at once; it changes no digit."""

DECIMALS: Final = 4
"""Decimal places of the learnt weights: far above the last digits in which linear
algebra libraries differ."""


@dataclass(frozen=True)
class Learnt:
    """Scores of goals that were learnt from a set of examples.

    Attributes
    ----------
    space
        Where opinions are compared with the examples.
    mark_weights, meaning_weights
        Shapes (marks, goals) and (dimensions, goals).
    """

    space: GoalSpace
    mark_weights: Matrix
    meaning_weights: Matrix

    @functools.cached_property
    def weights_of_goal(self) -> tuple[tuple[float, ...], ...]:
        """The weights of the marks again, goal by goal, for those who read them one by one."""
        return tuple(map(tuple, self.mark_weights.T.tolist()))

    def scores(self, readings: Sequence[Reading]) -> Matrix:
        """Shape (opinions, goals)."""
        placed = self.space.place(readings)
        added: Matrix = placed.marks @ self.mark_weights + np.einsum(
            "nd,dk->nk", placed.meanings, self.meaning_weights
        )
        return added


@dataclass(frozen=True)
class Lessons(Learnt):
    """What was learnt, and where it comes from.

    Attributes
    ----------
    sources
        Id of the decision behind every example.
    placed
        Where the examples stand.
    pull
        Shape (examples, goals): how strongly each draws what is like it to each goal.
    left_out
        Shape (examples, goals): what the others teach about each.
    """

    sources: tuple[str, ...]
    placed: Placed
    pull: Matrix
    left_out: Matrix

    def weakened(self, strength: float) -> Lessons:
        """The same lessons, believed only so far."""
        return replace(
            self,
            mark_weights=np.round(strength * self.mark_weights, DECIMALS) + 0.0,
            meaning_weights=np.round(strength * self.meaning_weights, DECIMALS) + 0.0,
            pull=strength * self.pull,
            left_out=strength * self.left_out,
        )

    def effects(self, reading: Reading, column: int) -> dict[str, float]:
        """What each decision adds to the score of one goal for one opinion."""
        likeness = _products(self.placed, self.space.place([reading]))[:, 0]
        found: dict[str, float] = {}
        for row, source in enumerate(self.sources):
            added = float(likeness[row] * self.pull[row, column])
            found[source] = round(found.get(source, 0.0) + added, 6)
        return found


@dataclass(frozen=True)
class GoalModel:
    """Scores of goals.

    Attributes
    ----------
    goals
        :data:`~pipeline.plan.NO_GOAL`, then the plan's goals in order.
    codebook
        What the examples of the codebook teach, where a plan has them.
    decisions
        What reviewers' decisions teach on top of that.
    """

    goals: tuple[str, ...]
    codebook: Learnt | None = None
    decisions: Lessons | None = None

    def scores(self, readings: Sequence[Reading]) -> Matrix:
        """Scores of every goal for every opinion, about 0 to 1, in the order of `goals`."""
        return self.weigh(vote_shares(readings, self.goals), readings)

    def weigh(self, shares: Matrix, readings: Sequence[Reading]) -> Matrix:
        """Scores, where the shares of the votes are known; see :func:`shares_of_votes`."""
        total = self.rules_share * shares
        for share, learnt in self.learnt:
            total = total + share * learnt.scores(readings)
        return total

    @property
    def rules_share(self) -> float:
        """How much the coding rules count."""
        return 1.0 if self.codebook is None else RULES_SHARE

    @property
    def learnt(self) -> tuple[tuple[float, Learnt], ...]:
        """What was learnt, and how much it counts."""
        parts = ((1.0 - self.rules_share, self.codebook), (1.0, self.decisions))
        return tuple((share, own) for share, own in parts if own is not None)


def learn(
    examples: Sequence[Example],
    readings: Sequence[Reading],
    goals: Sequence[str],
    lexicon: Lexicon,
    *,
    before: Matrix | None = None,
    centre: Matrix | None = None,
) -> Lessons:
    r"""Learn from opinions whose goals are known.

    Parameters
    ----------
    examples, readings
        Examples or decisions, at least one, and each as it is read. Their order changes
        nothing.
    goals
        :data:`~pipeline.plan.NO_GOAL`, then the plan's goals in order.
    before
        Scores that decisions correct: what is learnt is held back by
        :data:`RIDGE_DECISIONS`, and how often people chose a goal is not taken for how
        often it is meant. ``None`` for the examples of a codebook.
    centre
        Of the word vectors, where decisions are not to be their own middle.

    Notes
    -----
    With the placed examples :math:`X`, their targets :math:`Y` (1 for the goal, or
    0.7 and 0.3 for two goals), less the scores that are to be corrected, and the
    examples' weights :math:`w`, the pull :math:`A` of the examples solves
    :math:`(X X^T + \lambda\, diag(1/w))\, A = Y`, and the weights of the marks are
    :math:`X^T A` [1]_. So what is learnt for an opinion :math:`x` is the sum over the
    examples of :math:`(x \cdot x_i) A_i`.

    References
    ----------
    .. [1] R. Rifkin, G. Yeo and T. Poggio, "Regularized least-squares
       classification", in Advances in Learning Theory, 2003.
    """
    order = sorted(range(len(examples)), key=lambda row: examples[row])
    known = [examples[row] for row in order]
    read = [readings[row] for row in order]
    if before is None:
        space = fit_goal_space(read, lexicon)
    else:  # how a thing is put says nothing about what was decided
        space = fit_goal_space(read, lexicon, constant=0.0, letters_too=False, centre=centre)
    placed = space.place(read)
    wanted = _targets(known, goals)
    if before is not None:
        wanted = wanted - before[order]
    ridge = RIDGE_EXAMPLES if before is None else RIDGE_DECISIONS
    with threadpool_limits(1):
        system = _products_among(placed)
        system[np.diag_indices_from(system)] += ridge / np.array([own.weight for own in known])
        # Turned, it lies in memory as LAPACK wants it: no copy.
        factor = cho_factor(system.T, lower=True, overwrite_a=True)
        pull = cho_solve(factor, wanted)
        left_out = wanted
        if before is not None:
            inverse = cho_solve(factor, np.eye(len(known)))
            left_out = wanted - _untold(inverse, pull, [own.source for own in known])
    marks = np.asarray(placed.marks.T @ pull)
    meanings = np.einsum("nd,nk->dk", placed.meanings, pull)
    return Lessons(
        space=space,
        mark_weights=np.round(marks, DECIMALS) + 0.0,
        meaning_weights=np.round(meanings, DECIMALS) + 0.0,
        sources=tuple(own.source for own in known),
        placed=placed,
        pull=pull,
        left_out=left_out,
    )


def combine(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of an opinion from those of its sentences.

    A goal counts as much as in the sentence that speaks for it most; none of the goals as
    much as midway between the mean and the least of the sentences: who mentions the road
    and then asks for help with caring asks for help with caring.

    Parameters
    ----------
    scores
        Shape (sentences, goals), none of the goals first.
    """
    combined: NDArray[np.float64] = np.max(scores, axis=0)
    none = scores[:, 0]
    combined[0] = (np.add.reduce(none) / len(none) + np.min(none)) / 2
    return combined


def learn_decisions(
    examples: Sequence[Example],
    readings: Sequence[Reading],
    sentences: Sequence[Sequence[Reading]],
    model: GoalModel,
    lexicon: Lexicon,
) -> GoalModel:
    """Teach a model what reviewers decided.

    Parameters
    ----------
    examples
        Decided opinions.
    readings, sentences
        Each read as a whole, as it teaches, and sentence by sentence, as it is judged.

    Notes
    -----
    A goal that was rarely chosen counts for more than one that was chosen often, by the
    square root of how much rarer it is; otherwise what is frequent would swallow what is
    rare.

    Decisions are believed only as far as they bear each other out: of
    :data:`STRENGTHS`, the least with which most decisions would have been foretold from
    the others, at least :data:`LEAST_FORETOLD` more than without for the greatest. Where
    what was corrected has no pattern, nothing is learnt from it.

    References
    ----------
    What the others teach about one needs no second fit: R. Rifkin and R. Lippert, "Notes
    on regularized least squares", MIT-CSAIL-TR-2007-025.
    """
    before = np.array([combine(model.scores(own)) for own in sentences])
    n_chosen = Counter(example.goal for example in examples)
    usual = len(examples) / len(n_chosen)
    evened = [
        own._replace(weight=own.weight * math.sqrt(usual / n_chosen[own.goal])) for own in examples
    ]
    centre = model.codebook.space.centre if model.codebook is not None else None
    lessons = learn(evened, readings, model.goals, lexicon, before=before, centre=centre)
    # The lessons stand in the order of their examples, whatever the order they came in.
    order = sorted(range(len(evened)), key=lambda row: evened[row])
    goal = [model.goals.index(evened[row].goal) for row in order]
    n_voices = Counter(lessons.sources)
    share = 1 / np.array([n_voices[own] for own in lessons.sources])

    def worth(strength: float) -> float:
        scores = np.round(before[order] + strength * lessons.left_out, 9)
        foretold = float((share * (np.argmax(scores, axis=1) == goal)).sum())
        return round(foretold - LEAST_FORETOLD * strength, 9)

    best = max(STRENGTHS, key=lambda strength: (worth(strength), -strength))
    return GoalModel(model.goals, model.codebook, lessons.weakened(best))


def vote_shares(readings: Sequence[Reading], goals: Sequence[str]) -> Matrix:
    """Share of the votes that each goal has; :data:`SILENCE` votes are for none of them."""
    votes = np.zeros((len(readings), len(goals)))
    for row, reading in enumerate(readings):
        for column, goal in enumerate(goals):
            if goal in reading.votes:
                votes[row, column] = reading.votes[goal].score
    return shares_of_votes(votes, np.array([own.aside for own in readings]))


def shares_of_votes(votes: Matrix, asides: NDArray[np.float64]) -> Matrix:
    """Share of the votes that each goal has.

    Parameters
    ----------
    votes
        Shape (opinions, goals), none of the goals first.
    asides
        Shape (opinions,): votes for none of the goals that the questions bring along.
    """
    counted = votes.copy()
    counted[:, 0] = votes[:, 0] + asides + SILENCE
    shares: Matrix = counted / np.add.reduce(counted, axis=1)[:, None]
    return shares


def _untold(inverse: Matrix, pull: Matrix, sources: Sequence[str]) -> Matrix:
    """What the other decisions leave unexplained of each; the voices of one stand together."""
    together: dict[str, list[int]] = {}
    for row, source in enumerate(sources):
        together.setdefault(source, []).append(row)
    found = np.zeros_like(pull)
    for rows in together.values():
        found[rows] = np.linalg.solve(inverse[np.ix_(rows, rows)], pull[rows])
    return found


def _targets(examples: Sequence[Example], goals: Sequence[str]) -> Matrix:
    column = {goal: number for number, goal in enumerate(goals)}
    targets = np.zeros((len(examples), len(goals)))
    for row, example in enumerate(examples):
        second = SECOND_TARGET if example.second else 0.0
        targets[row, column[example.goal]] = 1.0 - second
        if example.second:
            targets[row, column[example.second]] = second
    return targets


def _products_among(placed: Placed) -> Matrix:
    """Likeness of every two of these: :func:`_products` of them with themselves, to the bit.

    Only the half above the diagonal is whole, and no second matrix of that size is made: for
    five thousand examples each is 0.2 GB.
    """
    marks = placed.marks
    n_all = marks.shape[0]
    with threadpool_limits(1):
        likeness: Matrix = placed.meanings @ placed.meanings.T
    for start in range(0, n_all, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        likeness[rows, start:] += (marks[rows] @ marks[start:].T).toarray()
    return likeness


def _products(these: Placed, those: Placed) -> Matrix:
    """Likeness of every one of these to every one of those."""
    with threadpool_limits(1):
        likeness: Matrix = (
            these.marks @ those.marks.T
        ).toarray() + these.meanings @ those.meanings.T
    return likeness
