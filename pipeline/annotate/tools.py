"""What is needed to read a text: dictionaries, the plan, and what its goals are told by."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.goals.confidence import least_confidence
from pipeline.goals.mapper import load_goal_mapper
from pipeline.lexicon import load_lexicon
from pipeline.plan import load_plan
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.goals.examples import Example
    from pipeline.goals.mapper import GoalMapper
    from pipeline.plan import Plan
    from pipeline.tokens import Tokenizer
    from pipeline.wordvectors import WordVectors


class Ground(NamedTuple):
    """What tools are made from.

    Attributes
    ----------
    plan
        File of the plan.
    key
        Digest of the plan, the dictionaries and the versions: other contents of the same
        files are another ground.
    goal_error
        Share of wrong goals that a study accepts, if it says so.
    examples
        Opinions whose goal a reviewer has decided.
    """

    plan: str
    key: str
    goal_error: float | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Tools:
    """Opened dictionaries."""

    tokenizer: Tokenizer
    plan: Plan
    dictionary: ConceptDictionary
    stopwords: frozenset[str]
    word_vectors: WordVectors
    mapper: GoalMapper


@functools.lru_cache(maxsize=1)
def load_tools(ground: Ground) -> Tools:
    """Open what is needed to read texts, once in a process.

    Raises
    ------
    InputError
        The plan, a rule, an example or a dictionary cannot be read or checked.
    """
    tokenizer = default_tokenizer()
    path = Path(ground.plan)
    plan = load_plan(path)
    lexicon = load_lexicon(tokenizer)
    mapper = load_goal_mapper(
        path,
        plan,
        tokenizer,
        lexicon,
        ground.examples,
        least=least_confidence(ground.goal_error),
    )
    return Tools(
        tokenizer, plan, lexicon.dictionary, lexicon.stopwords, lexicon.word_vectors, mapper
    )
