"""Votes: what speaks for which goal in one opinion, word by word."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

from pipeline.codebook import nearest, similarities
from pipeline.matching import match_rules
from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.codebook import Codebook
    from pipeline.matching import ConceptHit, Match
    from pipeline.rules import Rule, Rules
    from pipeline.tokens import Token

MORE_WORDS: Final = 0.25
"""What every further place where a rule is met adds, in shares of its weight."""

HEADING_FACTOR: Final = 2.0
"""What a rule for no goal counts in a heading (「道路整備：…」「【観光】…」).

A heading that names roads or tourism says what the whole opinion is about. One that
names a goal is not raised: 「障害者施策：情報提供を」 asks for information.
"""

LONGEST_HEADING: Final = 15
"""Tokens within which a heading must end."""

SIMILARITY_WEIGHT: Final = 1.0
"""Votes that a cosine of 1 to the codebook gives."""

SIMILARITY_ALONE: Final = 5.0
"""The same where a plan has no rules: a cosine of 0.2 is enough for a goal."""


class Evidence(TypedDict):
    """One word that speaks for a goal; ``start`` and ``end`` are characters of ``raw_text``."""

    word: str
    start: int
    end: int
    weight: float
    source: str
    rule: str


@dataclass(frozen=True)
class Vote:
    """What speaks for one goal in one opinion.

    Attributes
    ----------
    score
        All votes.
    by_rules
        Those of the coding rules alone.
    evidence
        The words behind them.
    measures
        Votes of each measure of the goal; the empty id is the goal itself.
    """

    score: float
    by_rules: float
    evidence: tuple[Evidence, ...]
    measures: tuple[tuple[str, float], ...]


class Gain(NamedTuple):
    """A rule that is met: what it gives, and where."""

    rule: Rule
    votes: float
    matches: list[Match]


def find_gains(
    tokens: Sequence[Token], rules: Rules, hits: Sequence[ConceptHit] = ()
) -> list[Gain]:
    """Rules that one opinion meets, in their order.

    `hits` is what the concept dictionary found in the opinion. A rule gives its weight once,
    and :data:`MORE_WORDS` of it for each of up to two further places where it is met.
    """
    by_rule: dict[int, list[Match]] = {}
    for match in match_rules(tokens, rules, hits):
        by_rule.setdefault(match.rule, []).append(match)
    gains = []
    for number, matches in by_rule.items():
        rule = rules.rules[number]
        votes = rule.weight * (1 + MORE_WORDS * min(len(matches) - 1, 2))
        if rule.goal == NO_GOAL and matches[0].last < _heading_end(tokens):
            votes *= HEADING_FACTOR
        gains.append(Gain(rule, votes, matches))
    return gains


def score_votes(
    tokens: Sequence[Token], rules: Rules, codebook: Codebook, gains: Sequence[Gain]
) -> dict[str, float]:
    """Goal → the score that :func:`count_votes` gives it, without what speaks for it.

    Most opinions speak to no goal; nobody asks for their evidence.
    """
    scores: dict[str, float] = {}
    for rule, gained, _ in gains:
        scores[rule.goal] = scores.get(rule.goal, 0.0) + gained
    weight = SIMILARITY_WEIGHT if rules.rules else SIMILARITY_ALONE
    for goal, cosine in nearest(tokens, codebook).items():
        scores[goal] = scores.get(goal, 0.0) + weight * cosine
    return scores


def count_votes(
    tokens: Sequence[Token],
    rules: Rules,
    codebook: Codebook,
    hits: Sequence[ConceptHit] = (),
    gains: Sequence[Gain] | None = None,
) -> dict[str, Vote]:
    """Votes of one opinion for every goal that has any, :data:`~pipeline.plan.NO_GOAL` included.

    Parameters
    ----------
    hits
        What the concept dictionary found in the opinion.
    gains
        What :func:`find_gains` gives, where that is known already.
    """
    gains = find_gains(tokens, rules, hits) if gains is None else gains
    scores: dict[str, float] = defaultdict(float)
    measures: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for rule, gained, matches in gains:
        scores[rule.goal] += gained
        measures[rule.goal][rule.measure] += gained
        evidence[rule.goal] += [
            _rule_evidence(tokens, match, rule, gained / len(matches)) for match in matches
        ]
    by_rules = dict(scores)
    seen: set[str] = set()
    weight = SIMILARITY_WEIGHT if rules.rules else SIMILARITY_ALONE
    for likeness in similarities(tokens, codebook):
        goal, gained = likeness.goal, weight * likeness.cosine
        measures[goal][likeness.measure] += gained
        if goal not in seen:  # A goal is as near as its nearest measure.
            seen.add(goal)
            scores[goal] += gained
            evidence[goal] += [
                _similarity_evidence(token, weight * part) for token, part in likeness.words
            ]
    return {
        goal: Vote(
            score=score,
            by_rules=by_rules.get(goal, 0.0),
            evidence=tuple(evidence[goal]),
            measures=tuple(sorted(measures[goal].items())),
        )
        for goal, score in sorted(scores.items())
    }


def _heading_end(tokens: Sequence[Token]) -> int:
    """Count the tokens of the heading that a text begins with; 0 where there is none."""
    for number, token in enumerate(tokens[:LONGEST_HEADING]):
        if token.surface in {"：", ":", "】"}:
            return number
        if token.surface in {"。", "！", "？"}:
            break
    return 0


def _rule_evidence(tokens: Sequence[Token], match: Match, rule: Rule, weight: float) -> Evidence:
    first, last = tokens[match.first], tokens[match.last]
    surface = "".join(token.surface for token in tokens[match.first : match.last + 1])
    return Evidence(
        word=surface,
        start=first.start,
        end=last.end,
        weight=weight,
        source="rule",
        rule=rule.label,
    )


def _similarity_evidence(token: Token, weight: float) -> Evidence:
    return Evidence(
        word=token.surface,
        start=token.start,
        end=token.end,
        weight=weight,
        source="similarity",
        rule="計画の言葉との近さ",
    )
