"""Look a plan over: the plan, its rules and examples, and the texts at hand."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.codebook import build_codebook
from pipeline.goals.examples import examples_path, load_examples
from pipeline.goals.readings import Reader
from pipeline.lexicon import load_dictionary
from pipeline.manifest import load_manifest
from pipeline.matching import WordSequence
from pipeline.plan import load_plan
from pipeline.plan_check.clashes import Clash, Meeting, find_clashes, rank_meetings
from pipeline.plan_check.gaps import (
    Contradiction,
    Gap,
    find_contradictions,
    find_gaps,
    without_sdgs,
)
from pipeline.plan_check.measured import Text, measure
from pipeline.plan_check.terms import (
    Shrunk,
    Silent,
    Unseen,
    find_silent,
    find_unseen,
    measure_shrunk,
    shrunk_terms,
)
from pipeline.plan_check.written import WrittenRules, read_written, sequence_of
from pipeline.rules import load_rules
from pipeline.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.goals.examples import Example
    from pipeline.goals.space import Reading
    from pipeline.plan import Measure, Plan
    from pipeline.tokens import Tokenizer

TextSource = Literal["examples", "run", ""]
"""Where the texts come from on which rules and terms were tried; empty: there are none."""


@dataclass(frozen=True)
class PlanCheck:
    """What was found; nothing of it is an error.

    Attributes
    ----------
    plan, rules, examples
        What was looked at.
    rules_file, examples_file
        Names of the files, whether or not they exist.
    example_lines
        Line of every example.
    source, n_texts
        What the rules were tried on.
    """

    plan: Plan
    rules: WrittenRules
    examples: tuple[Example, ...]
    rules_file: str
    examples_file: str
    example_lines: tuple[int, ...]
    source: TextSource
    n_texts: int
    gaps: tuple[Gap, ...]
    clashes: tuple[Clash, ...]
    meetings: tuple[Meeting, ...]
    unseen: tuple[Unseen, ...]
    silent: tuple[Silent, ...]
    shrunk: tuple[Shrunk, ...]
    contradictions: tuple[Contradiction, ...]
    without_sdgs: tuple[Measure, ...]


def check_plan(plan_path: Path, tokenizer: Tokenizer, run: Path | None = None) -> PlanCheck:
    """Look over a plan with its rules and examples.

    Parameters
    ----------
    plan_path
        The plan's file; its rules and examples stand beside it.
    run
        A run folder, on whose distinct opinions rules and terms are tried; they are tried
        on the examples otherwise. Opinions are read sentence by sentence, as they are
        when they are linked to goals, and examples in one, as they are when they teach.

    Raises
    ------
    InputError
        The plan, a rule, an example or the run cannot be read.
    """
    wordings = None if run is None else _wordings(run)
    plan = load_plan(plan_path)
    dictionary = load_dictionary(tokenizer)
    rules_path = plan_path.with_suffix(".rules.toml")
    rules = load_rules(rules_path, plan, tokenizer.tokenize, dictionary)
    examples = load_examples(examples_path(plan_path), plan)
    written = read_written(rules_path, rules, tokenizer.tokenize, dictionary)
    reader = Reader(rules, build_codebook(rules.codebook), dictionary)

    read = _read_examples(examples, tokenizer, reader)
    if wordings is not None:
        tokens = tokenizer.tokenize_all(wordings)
        texts = [Text(own, tuple(reader.sentences(own))) for own in tokens]
    else:
        texts = [
            Text(own.tokens, (own,), example.goal)
            for own, example in zip(read, examples, strict=True)
        ]
    shrunk = shrunk_terms(written, tokenizer.tokenize)
    sequences = [
        *(key for term in written.everything() for key in term.keys),
        *(sequence_of(f"={text}", tokenizer.tokenize) for text in shrunk),
    ]
    measured = measure(texts, rules, (own for own in sequences if isinstance(own, WordSequence)))
    return PlanCheck(
        plan=plan,
        rules=written,
        examples=examples,
        rules_file=rules_path.name,
        examples_file=examples_path(plan_path).name,
        example_lines=_lines(examples_path(plan_path)) if examples else (),
        source="" if not texts else "run" if run else "examples",
        n_texts=len(texts),
        gaps=find_gaps(plan, rules.rules, examples),
        clashes=find_clashes(written),
        meetings=rank_meetings(measured),
        unseen=find_unseen(written, measured) if texts else (),
        silent=find_silent(written, measured) if texts else (),
        shrunk=measure_shrunk(shrunk, measured, tokenizer.tokenize),
        contradictions=find_contradictions(examples, [own.votes for own in read]),
        without_sdgs=without_sdgs(plan),
    )


def _read_examples(
    examples: Sequence[Example], tokenizer: Tokenizer, reader: Reader
) -> list[Reading]:
    return [reader.whole(own) for own in tokenizer.tokenize_all(own.text for own in examples)]


def _wordings(run: Path) -> tuple[str, ...]:
    """Distinct opinions of a run, people masked."""
    folder = run.parent if run.is_file() else run  # somebody named the report in it
    load_manifest(folder)
    opinions = load_table("opinions", folder / "tables")
    return tuple(dict.fromkeys(opinions.loc[opinions["duplicate_of"] == "", "text"]))


def _lines(path: Path) -> tuple[int, ...]:
    """Line in which every example ends, as error messages name it."""
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    next(reader)
    return tuple(reader.line_num for row in reader if any(row))
