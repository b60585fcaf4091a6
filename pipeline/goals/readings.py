"""Opinions as the goal model reads them: sentence by sentence, with hits and votes.

An opinion may say two things, and one of them may have nothing to do with the plan:
each sentence is read by itself.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.concepts import find_concepts
from pipeline.features import word_weight
from pipeline.goals.space import Reading
from pipeline.plan import NO_GOAL
from pipeline.votes import count_votes, find_gains, score_votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.codebook import Codebook
    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.concepts import Hit
    from pipeline.rules import Rules
    from pipeline.tokens import Token
    from pipeline.votes import Gain

QUESTION_SHARE: Final = 0.5
"""What the question's votes for none of the goals count beside those of the answer."""

MOST_ASIDE: Final = 4.0
"""Votes of a question beyond which it says no more."""

_ENDS: Final = frozenset("。！？!?\n")


@dataclass(frozen=True)
class Reader:
    """What is needed to read an opinion."""

    rules: Rules
    codebook: Codebook
    dictionary: ConceptDictionary

    def whole(self, tokens: Sequence[Token], hits: Sequence[Hit] | None = None) -> Reading:
        """Read a text in one; `hits` where the concepts have been looked for already."""
        if hits is None:
            hits = find_concepts(tokens, self.dictionary)
        votes = count_votes(tokens, self.rules, self.codebook, hits)
        return Reading(tuple(tokens), tuple(hits), votes)

    def sentences(
        self, tokens: Sequence[Token], aside: float = 0.0, hits: Sequence[Hit] | None = None
    ) -> list[Reading]:
        """Read a text sentence by sentence; a piece that says nothing goes with none.

        Parameters
        ----------
        aside
            What :meth:`aside` gives for the question that the text answers.
        hits
            Concepts of the whole text, where they have been looked for already.
        """
        return [self.with_votes(own) for own in self.unweighed(tokens, aside, hits)]

    def unweighed(
        self, tokens: Sequence[Token], aside: float = 0.0, hits: Sequence[Hit] | None = None
    ) -> list[Reading]:
        """What :meth:`sentences` gives, before the votes are counted."""
        pieces = _pieces(tokens)
        if hits is None or len(pieces) > 1 or len(pieces[0]) < len(tokens):
            found = [find_concepts(piece, self.dictionary) for piece in pieces]
        else:
            found = [list(hits)]
        return [
            Reading(tuple(piece), tuple(own), {}, aside)
            for piece, own in zip(pieces, found, strict=True)
        ]

    def with_votes(self, reading: Reading, gains: Sequence[Gain] | None = None) -> Reading:
        """Count the votes of a piece, with the words behind them."""
        tokens, hits, _, aside = reading
        votes = count_votes(tokens, self.rules, self.codebook, hits, gains)
        return Reading(tokens, hits, votes, aside)

    def gains(self, reading: Reading) -> list[Gain]:
        """Rules that a piece meets."""
        return find_gains(reading.tokens, self.rules, reading.hits)

    def scores(self, reading: Reading, gains: Sequence[Gain]) -> dict[str, float]:
        """Goal → votes of a piece, without the words behind them."""
        return score_votes(reading.tokens, self.rules, self.codebook, gains)

    def aside(self, question: Sequence[Token]) -> float:
        """Votes for none of the goals that a question brings along.

        Who is asked about tourism speaks of tourism, also without naming it. A question
        that speaks for a goal as much as for none brings nothing.
        """
        votes = self.whole(question).votes
        none = votes[NO_GOAL].by_rules if NO_GOAL in votes else 0.0
        goals = [vote.by_rules for goal, vote in votes.items() if goal != NO_GOAL]
        return QUESTION_SHARE * min(none, MOST_ASIDE) if none > max(goals, default=0.0) else 0.0


def _pieces(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Sentences that say something; the whole text where none does.

    A line break or a space ends a sentence, too, as in 「自然が豊か　人が優しい」; not between
    words in Latin letters.
    """
    starts = [0]
    surface, end = "", len(tokens) and tokens[0].start
    for place, token in enumerate(tokens):
        if not _ENDS.isdisjoint(surface) or (token.start > end and not surface.isascii()):
            starts.append(place)
        surface, end = token.surface, token.end
    if len(starts) == 1:
        return [tokens]
    pieces = [tokens[one:other] for one, other in itertools.pairwise([*starts, len(tokens)])]
    telling = [own for own in pieces if any(word_weight(token.pos) > 0.0 for token in own)]
    return telling or [tokens]
