"""A plan with everything that links opinions to its goals: rules, examples, decisions.

What the examples teach is the same for every study, so it is computed once and kept
in the user's cache, under a hash of all that it depends on. Decisions are learnt on
top of it at every run.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.codebook import build_codebook
from pipeline.goals.examples import examples_path, load_examples
from pipeline.goals.model import (
    GoalModel,
    Learnt,
    learn,
    learn_decisions,
)
from pipeline.goals.readings import Reader
from pipeline.goals.space import GoalSpace
from pipeline.kept import kept_path, write_kept
from pipeline.lexicon import FILES
from pipeline.plan import NO_GOAL
from pipeline.resources import dictionaries_folder, is_own
from pipeline.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.goals.examples import Example
    from pipeline.goals.space import Reading
    from pipeline.lexicon import Lexicon
    from pipeline.plan import Plan
    from pipeline.tokens import Tokenizer

# What numpy raises for another kind of file and for damaged bytes.
_NOT_KEPT: Final = (
    OSError, ValueError, TypeError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class GoalMapper:
    """What is needed to link opinions to the goals of a plan.

    Attributes
    ----------
    plan
        The plan.
    reader
        Finds concepts and votes of the rules.
    model
        Scores the goals.
    least
        Confidence below which no goal is given, see
        :func:`pipeline.goals.confidence.least_confidence`.
    """

    plan: Plan
    reader: Reader
    model: GoalModel
    least: float = 0.0


def load_goal_mapper(
    plan_path: Path,
    plan: Plan,
    tokenizer: Tokenizer,
    lexicon: Lexicon,
    decisions: Sequence[Example] = (),
    *,
    least: float = 0.0,
) -> GoalMapper:
    """Read the rules and examples of a plan, and learn from them and from decisions.

    Parameters
    ----------
    plan_path
        The plan's file; its rules and examples stand beside it.
    decisions
        Opinions whose goal a reviewer has decided.

    Raises
    ------
    InputError
        A rule or an example is wrong.
    """
    rules_path = plan_path.with_suffix(".rules.toml")
    rules = load_rules(rules_path, plan, tokenizer.tokenize, lexicon.dictionary)
    reader = Reader(rules, build_codebook(rules.codebook), lexicon.dictionary)
    goals = (NO_GOAL, *(goal.id for goal in plan.goals))
    model = GoalModel(goals)
    if examples_path(plan_path).is_file():
        kept = kept_path("goals", _made_of(plan_path, tokenizer), ".npz")
        learnt = _load(kept, lexicon, len(goals))
        # Examples of which something is kept were read and found right.
        if learnt is None and (examples := load_examples(examples_path(plan_path), plan)):
            learnt = learn(examples, read_examples(examples, tokenizer, reader), goals, lexicon)
            _keep(kept, learnt)
        if learnt is not None:
            model = GoalModel(goals, codebook=learnt)
    if decisions:
        tokens = tokenizer.tokenize_all(own.text for own in decisions)
        whole = [reader.whole(own) for own in tokens]
        sentences = [reader.sentences(own) for own in tokens]
        model = learn_decisions(decisions, whole, sentences, model, lexicon)
    return GoalMapper(plan, reader, model, least)


def read_examples(
    examples: Sequence[Example], tokenizer: Tokenizer, reader: Reader
) -> list[Reading]:
    """Examples as they teach: each read as a whole."""
    return [reader.whole(own) for own in tokenizer.tokenize_all(own.text for own in examples)]


def _made_of(plan_path: Path, tokenizer: Tokenizer) -> list[str | bytes]:
    """Everything that what the examples teach depends on, beside the program."""
    paths = [
        plan_path,
        plan_path.with_suffix(".rules.toml"),
        examples_path(plan_path),
        *(dictionaries_folder() / name for name in FILES),
    ]
    contents = [part for own in paths if own.is_file() for part in (own.name, own.read_bytes())]
    # Not the files that come with Kadai: a dictionary may be tried out before it is one.
    return [tokenizer.made_from, *contents]


def _load(path: Path, lexicon: Lexicon, n_goals: int) -> Learnt | None:
    """What was kept, or nothing where it is missing, damaged or somebody else's."""
    if not is_own(path):
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            words, grams = (
                json.loads(kept[name].tobytes().decode("utf-8")) for name in ("words", "letters")
            )
            space = GoalSpace(
                lexicon=lexicon,
                idf=dict(zip(words, kept["idf"].tolist(), strict=True)),
                letter_idf=dict(zip(grams, kept["letter_idf"].tolist(), strict=True)),
                centre=kept["centre"],
            )
            learnt = Learnt(space, kept["mark_weights"], kept["meaning_weights"])
    except _NOT_KEPT:
        return None
    fits = (
        learnt.mark_weights.shape == (space.n_marks, n_goals)
        and learnt.meaning_weights.shape == (lexicon.word_vectors.dimensions, n_goals)
        and space.centre.shape == (lexicon.word_vectors.dimensions,)
    )
    return learnt if fits else None


def _keep(path: Path, learnt: Learnt) -> None:
    """Keep it for the next run; a cache that cannot be written is no reason to stop."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        words=_as_bytes(learnt.space.idf),
        letters=_as_bytes(learnt.space.letter_idf),
        idf=np.array(list(learnt.space.idf.values())),
        letter_idf=np.array(list(learnt.space.letter_idf.values())),
        centre=learnt.space.centre,
        mark_weights=learnt.mark_weights,
        meaning_weights=learnt.meaning_weights,
    )
    write_kept(path, buffer.getvalue())


def _as_bytes(marks: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(list(marks), ensure_ascii=False).encode(), dtype=np.uint8)
