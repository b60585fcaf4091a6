"""Tokens to concepts: what the coding rules of a plan recognise in an opinion.

Residents say one thing in many words. Where a rule of the plan knows them
(「居場所」: たまり場, サロン, 集まれる所, …), its name counts as a word of the opinion
when opinions are grouped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.matching import match_rules
from pipeline.rules import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.rules import Rules
    from pipeline.tokens import Token

STRONG: Final = 1.5
"""Weight from which a rule names a topic rather than hints at one."""


def find_concepts(tokens: Sequence[Token], rules: Rules) -> list[str]:
    """Names of the strong rules for a goal that an opinion meets, each once, sorted.

    Rules that say 「none of the goals」 are left out: they are lists of many
    topics, made to hold a goal back, not to bring opinions together.
    """
    met = (rules.rules[match.rule] for match in match_rules(tokens, rules))
    return sorted(
        {
            rule.name or f"{rule.goal}:{rule.terms[0]}"
            for rule in met
            if rule.goal != NO_GOAL and rule.weight >= STRONG
        }
    )
