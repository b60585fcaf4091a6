"""Opinions as the goal model reads them: sentence by sentence, with hits and votes.

An opinion may say two things, and one of them may have nothing to do with the plan:
each sentence is read by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.concepts import find_concepts
from pipeline.features import word_weight
from pipeline.goals.space import Reading
from pipeline.plan import NO_GOAL
from pipeline.votes import count_votes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.codebook import Codebook
    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.concepts import Hit
    from pipeline.rules import Rules
    from pipeline.tokens import Token

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
        pieces = list(_pieces(tokens))
        known = hits if len(pieces) == 1 and len(pieces[0]) == len(tokens) else None
        return [self.whole(piece, known)._replace(aside=aside) for piece in pieces]

    def aside(self, question: Sequence[Token]) -> float:
        """Votes for none of the goals that a question brings along.

        Who is asked about tourism speaks of tourism, also without naming it. A question
        that speaks for a goal as much as for none brings nothing.
        """
        votes = self.whole(question).votes
        none = votes[NO_GOAL].by_rules if NO_GOAL in votes else 0.0
        goals = [vote.by_rules for goal, vote in votes.items() if goal != NO_GOAL]
        return QUESTION_SHARE * min(none, MOST_ASIDE) if none > max(goals, default=0.0) else 0.0


def _pieces(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    found = False
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is None or _ends(token, following):
            piece = tokens[start : place + 1]
            start = place + 1
            if any(word_weight(own.pos) > 0.0 for own in piece):
                found = True
                yield piece
    if not found:
        yield tokens


def _ends(token: Token, following: Token) -> bool:
    """Whether a sentence ends between two tokens.

    A line break or a space ends one, too, as in 「自然が豊か　人が優しい」; not between
    words in Latin letters.
    """
    spaced = following.start > token.end and not token.surface.isascii()
    return bool(_ENDS.intersection(token.surface)) or spaced
