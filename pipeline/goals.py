"""Opinions and issues to goal links: which goal of the plan, why, and how sure.

Coding rules speak first (:mod:`pipeline.rules`); the likeness of an opinion to
the words of the plan and its rules (the codebook) is a small further vote and
chooses among measures. Every vote is kept as evidence. Where the votes are weak,
or what belongs to no goal outweighs them, the pipeline abstains: ``goal_id`` is
empty, and a person decides.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.codebook import build_codebook
from pipeline.rules import NO_GOAL
from pipeline.tables import conform
from pipeline.votes import count_votes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.plan import Plan
    from pipeline.rules import Rules
    from pipeline.tokens import Token
    from pipeline.votes import Evidence, Vote

ENOUGH: Final = 1.0
"""Votes below which no goal is given."""

NO_GOAL_SHARE: Final = 0.5
"""Share of the votes for no goal that a goal has to exceed."""

SECOND_SHARE: Final = 0.5
"""Votes of a second goal, in shares of the first."""

RIVAL_SHARE: Final = 0.75
"""Share of the second goal's votes that the margin leaves out."""

CONFIDENCE_SLOPE: Final = 1.0
CONFIDENCE_START: Final = 0.9
"""Logistic curve from margin to confidence, see :func:`confidence`."""

WORDS_ONLY: Final = 0.5
"""Factor on the confidence where a plan has no rules."""

ISSUE_SHARE: Final = 0.5
ISSUE_SECOND_SHARE: Final = 0.3
"""Share of an issue's opinions that must speak to its goal, and to a second one."""

_ROUNDING: Final = 1e-9  # three thirds are one


class Assignment(NamedTuple):
    """What an opinion or an issue is given; the columns of the results."""

    goal_id: str = ""
    machine_goal_id: str = ""
    goal_score: float = 0.0
    goal_confidence: float = 0.0
    goal_id_2: str = ""
    measure_id: str = ""
    assigned_by: str = ""


COLUMNS: Final = Assignment._fields
"""Columns that :func:`link_opinions` and :func:`link_issues` fill."""


def link_opinions(
    opinions: pd.DataFrame,
    tokens: Sequence[Sequence[Token]],
    plan: Plan,
    rules: Rules,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every opinion its goal, or none, with the evidence.

    Parameters
    ----------
    opinions
        ``opinion_id``, ``start`` (characters into the answer), ``text``.
    tokens
        Tokens of every row, offsets relative to its ``text``.
    plan, rules
        The plan, and what :func:`pipeline.rules.load_rules` made for it.

    Returns
    -------
    assigned : DataFrame
        Index of `opinions`, columns :data:`COLUMNS`. ``goal_score`` is the votes of the
        best goal, ``goal_confidence`` the probability that this goal is right, also
        where it was too weak to be given (``goal_id`` and ``assigned_by`` empty).
    links : DataFrame
        Table ``goal_links``: a row for the goals given and for strong ones that lost.
    """
    codebook = build_codebook(rules.codebook)
    known: dict[tuple[Token, ...], dict[str, Vote]] = {}
    rows: list[Assignment] = []
    links: list[dict[str, object]] = []
    certain = 1.0 if rules.rules else WORDS_ONLY
    order = [goal.id for goal in plan.goals]
    for opinion_id, start, words in zip(
        opinions["opinion_id"], opinions["start"], tokens, strict=True
    ):
        # Opinions of the same wording share their tokens and are counted once.
        key = tuple(words)
        if key not in known:
            known[key] = count_votes(words, rules, codebook)
        votes = known[key]
        ranked = sorted(
            (goal for goal in order if goal in votes),
            key=lambda goal: (-votes[goal].score, order.index(goal)),
        )
        row, chosen = _decide(ranked, votes, certain, plan)
        rows.append(row)
        strong = max(ENOUGH, SECOND_SHARE * votes[ranked[0]].score) if ranked else 0.0
        links.extend(
            {
                "target_id": opinion_id,
                "goal_id": goal,
                "measure_id": _measure(goal, votes[goal], plan),
                "score": votes[goal].score,
                "evidence": _as_json(votes[goal].evidence, int(start)),
            }
            for goal in ranked
            if goal in chosen or votes[goal].score >= strong
        )
    assigned = pd.DataFrame(rows, columns=list(COLUMNS), index=opinions.index)
    return assigned, _links_table(links)


def link_issues(
    issues: pd.DataFrame, opinions: pd.DataFrame, links: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every issue the goal of its opinions.

    An opinion gives one vote: all of it to its goal, or two thirds and one third
    where it speaks to a second goal too. An issue has a goal when at least half
    (:data:`ISSUE_SHARE`) of its opinions' votes speak to it, and a second one from
    three tenths (:data:`ISSUE_SECOND_SHARE`). Its confidence is the share times the
    mean confidence of the opinions that speak to it.

    Parameters
    ----------
    issues
        ``issue_id``.
    opinions
        ``opinion_id``, ``issue_id`` and the columns of :func:`link_opinions`.
    links
        The opinions' goal links.

    Returns
    -------
    assigned : DataFrame
        Index of `issues`, columns :data:`COLUMNS`; ``goal_score`` is the share.
    issue_links : DataFrame
        Table ``goal_links``; evidence is the most frequent words, with ``n`` the
        number of opinions that have them.
    """
    members = {
        str(issue): frame.sort_values("opinion_id")
        for issue, frame in opinions.groupby("issue_id", sort=True)
    }
    nobody = opinions.iloc[:0]
    measures = _by_target(links, "measure_id")
    evidence = _by_target(links, "evidence")
    rows: list[Assignment] = []
    made: list[dict[str, object]] = []
    for issue_id in issues["issue_id"]:
        frame = members.get(str(issue_id), nobody)
        shares = _shares(frame)
        ranked = sorted(shares, key=lambda goal: (-round(shares[goal], 9), goal))
        row = _issue_row(frame, ranked, shares, measures)
        rows.append(row)
        chosen = (row.goal_id, row.goal_id_2)
        for goal in ranked:
            if goal not in chosen and shares[goal] < ISSUE_SECOND_SHARE - _ROUNDING:
                continue
            made.append(
                {
                    "target_id": issue_id,
                    "goal_id": goal,
                    "measure_id": _issue_measure(frame, goal, measures),
                    "score": shares[goal],
                    "evidence": _summary(frame, goal, evidence),
                }
            )
    assigned = pd.DataFrame(rows, columns=list(COLUMNS), index=issues.index)
    return assigned, _links_table(made)


def confidence(margin: float) -> float:
    """Probability that the best goal is right.

    A logistic curve, ``1 / (1 + exp(-slope * (margin - start)))``, of the votes by
    which the best goal exceeds what stands against it: :data:`NO_GOAL_SHARE` of the
    votes for no goal or :data:`RIVAL_SHARE` of the second goal's, whichever is more.
    Platt's method [1]_ on the 310 opinions of ``gold_dev.csv`` gave slope 1.06 and
    start 0.71; the start is set a little higher, because the rules were written with
    those rows in sight and are surer there than elsewhere.

    References
    ----------
    .. [1] J. Platt, "Probabilistic outputs for support vector machines", in Advances
       in Large Margin Classifiers, 1999.
    """
    return 1 / (1 + math.exp(-CONFIDENCE_SLOPE * (margin - CONFIDENCE_START)))


def _decide(
    ranked: Sequence[str], votes: Mapping[str, Vote], certain: float, plan: Plan
) -> tuple[Assignment, list[str]]:
    """Weigh the votes of one opinion; the goals that it was given stand beside."""
    if not ranked:
        return Assignment(), []
    best = ranked[0]
    score = votes[best].score
    against = NO_GOAL_SHARE * votes[NO_GOAL].score if NO_GOAL in votes else 0.0
    rival = votes[ranked[1]].score if len(ranked) > 1 else 0.0
    sure = certain * confidence(score - max(against, RIVAL_SHARE * rival))
    if score < ENOUGH or score <= against:
        return Assignment(goal_score=score, goal_confidence=sure), []
    second = ""
    if len(ranked) > 1 and rival >= max(ENOUGH, SECOND_SHARE * score) and rival > against:
        second = ranked[1]
    measure = _measure(best, votes[best], plan)
    row = Assignment(best, best, score, sure, second, measure, "machine")
    return row, [best, second] if second else [best]


def _measure(goal_id: str, vote: Vote, plan: Plan) -> str:
    """Measure with the most votes; the only one where a goal has one."""
    measures = [measure.id for measure in plan.goal(goal_id).measures]
    if len(measures) == 1:
        return measures[0]
    votes = [(score, measure) for measure, score in vote.measures if measure]
    return min(votes, key=lambda pair: (-round(pair[0], 9), pair[1]))[1] if votes else ""


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


def _links_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = ["target_id", "goal_id", "measure_id", "score", "evidence"]
    return conform("goal_links", pd.DataFrame(rows, columns=columns))


def _by_target(links: pd.DataFrame, column: str) -> dict[tuple[str, str], str]:
    return {
        (str(target), str(goal)): str(value)
        for target, goal, value in zip(
            links["target_id"], links["goal_id"], links[column], strict=True
        )
    }


def _shares(frame: pd.DataFrame) -> dict[str, float]:
    """Goal → share of an issue's opinions' votes; opinions without a goal count too."""
    votes: dict[str, float] = defaultdict(float)
    for goal, second in zip(frame["goal_id"], frame["goal_id_2"], strict=True):
        if goal:
            votes[goal] += 2 / 3 if second else 1.0
        if second:
            votes[second] += 1 / 3
    return {goal: votes[goal] / len(frame) for goal in sorted(votes)}


def _issue_row(
    frame: pd.DataFrame,
    ranked: Sequence[str],
    shares: Mapping[str, float],
    measures: Mapping[tuple[str, str], str],
) -> Assignment:
    """Weigh the shares of one issue."""
    if not ranked:
        return Assignment()
    best = ranked[0]
    # The confidence of an opinion is that of its first goal.
    speaking = frame[frame["goal_id"] == best]
    sure = shares[best] * float(speaking["goal_confidence"].mean()) if len(speaking) else 0.0
    if shares[best] < ISSUE_SHARE - _ROUNDING:
        return Assignment(goal_score=shares[best], goal_confidence=sure)
    second = ranked[1] if len(ranked) > 1 else ""
    if second and shares[second] < ISSUE_SECOND_SHARE - _ROUNDING:
        second = ""
    measure = _issue_measure(frame, best, measures)
    return Assignment(best, best, shares[best], sure, second, measure, "machine")


def _issue_measure(frame: pd.DataFrame, goal: str, measures: Mapping[tuple[str, str], str]) -> str:
    """Measure that most of the opinions under the goal have."""
    counts = Counter(
        measure for opinion in frame["opinion_id"] if (measure := measures.get((opinion, goal)))
    )
    return min(counts, key=lambda measure: (-counts[measure], measure)) if counts else ""


def _summary(
    frame: pd.DataFrame, goal: str, evidence: Mapping[tuple[str, str], str], n_words: int = 10
) -> str:
    """Evidence of an issue: the words that stand in most of its opinions."""
    n_having: Counter[tuple[str, str, str]] = Counter()
    weight: dict[tuple[str, str, str], float] = defaultdict(float)
    for opinion in frame["opinion_id"]:
        parts = json.loads(evidence.get((opinion, goal), "[]"))
        for key in {(part["word"], part["source"], part["rule"]) for part in parts}:
            n_having[key] += 1
        for part in parts:
            weight[part["word"], part["source"], part["rule"]] += part["weight"]
    ranked = sorted(n_having, key=lambda key: (-n_having[key], -round(weight[key], 6), key))
    return json.dumps(
        [
            {
                "word": key[0],
                "start": None,
                "end": None,
                "weight": round(weight[key], 4),
                "source": key[1],
                "rule": key[2],
                "n": n_having[key],
            }
            for key in ranked[:n_words]
        ],
        ensure_ascii=False,
    )
