"""How the accuracy of goals grows with the example sentences of a plan.

Where the curve still rises at its end, more examples help; where it is flat, rules or words
have to.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.agreement.answers import label_rows
from pipeline.agreement.named import resolve_truth, score_labels, score_links
from pipeline.agreement.values import NONE
from pipeline.deidentify import deidentify
from pipeline.errors import InputError, Location
from pipeline.goals.confidence import least_confidence
from pipeline.goals.examples import Example, examples_path, load_examples
from pipeline.goals.mapper import GoalMapper, load_goal_mapper, read_examples
from pipeline.goals.model import GoalModel, learn
from pipeline.goals.opinions import link_opinions
from pipeline.hashchoice import smallest_hashes
from pipeline.inspection.truth import truth_of
from pipeline.lexicon import load_lexicon
from pipeline.manifest import load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.privacy import blank_labels
from pipeline.runfolder import STUDY
from pipeline.study import load_study
from pipeline.tables import load_columns
from pipeline.textcolumns import among
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHARES: Final = (0.0, 0.1, 0.25, 0.5, 1.0)
"""Shares of the examples that are learnt from; without any, the rules speak alone."""

_OPINIONS: Final = ("opinion_id", "answer_id", "start", "text", "kind")


def learning_curve(
    run: Path, labels: Path | None = None, column: str = "", shares: Sequence[float] = SHARES
) -> pd.DataFrame:
    """Judge labelled opinions with more and more of the plan's examples.

    Parameters
    ----------
    run
        The run folder; its plan has examples.
    labels, column
        What the goals are compared with (:func:`pipeline.inspection.truth.truth_of`).
    shares
        Shares of the examples, 0 to 1. They are chosen by a hash of their texts, of every
        goal as many: a smaller share is part of a larger one, and the same in every run.

    Returns
    -------
    DataFrame
        ``share, n_examples, n_rows, accuracy, accuracy_low, accuracy_high, macro_f1,
        coverage``, a row a share. The interval (95%) says what chance in the choice of the
        labelled rows does; two shares are compared on the same rows. What reviewers' decisions
        taught is left out.

    Raises
    ------
    InputError
        The plan has no examples, or there is nothing to compare with.
    """
    truth = truth_of(run, labels, column)
    study = load_study(run / STUDY)
    plan_path = find_plan(study.plan, run)
    plan = load_plan(plan_path)
    examples = load_examples(examples_path(plan_path), plan)
    if not examples:
        raise InputError(
            "計画に例文のファイルがないので、学習の曲線を描けません。",
            at=Location(file=examples_path(plan_path).name),
            remedy="計画のファイルの隣に例文のファイルを作ってください（書き方は CONTRIBUTING.md）。",
        )
    tokenizer, lexicon = default_tokenizer(), load_lexicon(default_tokenizer())
    whole = load_goal_mapper(plan_path, plan, tokenizer, lexicon)
    opinions = _opinions(run, {own for row in truth.rows for own in row.opinion_ids})
    tokens = tokenizer.tokenize_all(blank_labels(text) for text in opinions["text"])
    questions = {own: tokenizer.tokenize(own) for own in opinions["question"].unique()}
    least = least_confidence(load_manifest(run)["parameters"].get("goal_error"))
    goals = whole.model.goals
    parts = {share: chosen_examples(examples, share) for share in sorted({*shares})}
    # The model of all is kept from earlier runs; the others are part of the largest part.
    most = max((own for own in parts.values() if len(own) < len(examples)), key=len, default=[])
    readings = read_examples([examples[own] for own in most], tokenizer, whole.reader)
    reading_of = dict(zip(most, readings, strict=True))
    rows = []
    for share, chosen in parts.items():
        model = whole.model
        if len(chosen) < len(examples):
            model = GoalModel(goals)
        if 0 < len(chosen) < len(examples):
            taught = [examples[own] for own in chosen], [reading_of[own] for own in chosen]
            model = GoalModel(goals, codebook=learn(*taught, goals, lexicon))
        mapper = GoalMapper(plan, whole.reader, model, least)
        judged = opinions.join(link_opinions(opinions, tokens, mapper, questions).assigned)
        said = label_rows(truth.rows, judged)
        machine = [own.goal for own in said]
        people = resolve_truth(machine, truth.accepted)
        values = [*goals, *sorted({*people, *machine} - set(goals))]
        scores = score_labels(people, machine, values)
        rows.append(
            {
                "share": share,
                "n_examples": len(chosen),
                "n_rows": scores.n_rows,
                "accuracy": scores.accuracy.value,
                "accuracy_low": scores.accuracy.low,
                "accuracy_high": scores.accuracy.high,
                "macro_f1": scores.macro_f1.value,
                "coverage": score_links(people, machine, None, NONE).coverage,
            }
        )
    return pd.DataFrame(rows)


def chosen_examples(examples: Sequence[Example], share: float) -> list[int]:
    """Places of a share of the examples, ascending: of every goal as many, one at least.

    Examples
    --------
    >>> some = [Example("道が暗い", "4"), Example("坂が急", "4"), Example("集まる場がない", "1")]
    >>> len(chosen_examples(some, 0.5)), chosen_examples(some, 0.0), chosen_examples(some, 1.0)
    (2, [], [0, 1, 2])
    """
    of_goal: dict[str, list[int]] = {}
    for place, own in enumerate(examples):
        of_goal.setdefault(own.goal, []).append(place)
    found: list[int] = []
    for places in of_goal.values():
        wanted = math.ceil(round(min(share, 1.0) * len(places), 9))
        nearest = smallest_hashes([examples[place].text for place in places], wanted)
        found += [places[own] for own in nearest]
    return sorted(found)


def _opinions(run: Path, wanted: set[str]) -> pd.DataFrame:
    """The wanted opinions, with the question that each answers, masked."""
    table = load_columns("opinions", _OPINIONS, run / "tables")
    table = table[among(table["opinion_id"], wanted)].reset_index(drop=True)
    answers = deidentify(load_columns("answers", ("answer_id", "question"), run / "tables"))
    question = dict(zip(answers["answer_id"], answers["question"], strict=True))
    return table.assign(question=[question.get(own, "") for own in table["answer_id"]])
