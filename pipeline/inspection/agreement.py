"""Where the goals of a run and those of people differ, and how far a confidence can be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.agreement.answers import label_rows
from pipeline.agreement.named import calibration_bins, resolve_truth, score_labels, score_links
from pipeline.agreement.values import NONE
from pipeline.inspection.truth import truth_of
from pipeline.tables import load_columns

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.plan import Plan

COLUMNS: Final = (
    *("opinion_id", "machine_goal_id", "goal_confidence", "measure_id", "kind", "text"),
    "assigned_by",
)
"""Columns of opinions that are read."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """The machine's goals beside people's.

    Attributes
    ----------
    source
        Column of the labels, or 「人の判断」.
    n_rows
        Rows that were compared.
    accuracy, accuracy_low, accuracy_high
        Share of equal goals, and its 95% interval over resamples of the rows.
    macro_f1
        Mean F1 of the goals.
    kappa, alpha
        Cohen's κ and Krippendorff's α; ``None`` where they are undefined, as below.
    coverage
        Share of the rows that the machine gave a goal.
    calibration_error
        Expected calibration error of its confidence: 0 is best.
    confusion
        Rows by goal: people's are the rows, the machine's the columns; ``"0"`` is none.
    calibration
        ``low, high, n, confidence, right``: of the rows that the machine gave a goal, those
        with a confidence in a bin (open below, closed above), their mean confidence and
        how many of them are right.
    notes
        What has to be known beside the figures, in Japanese.
    """

    source: str
    n_rows: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    macro_f1: float
    kappa: float | None
    alpha: float | None
    coverage: float
    calibration_error: float | None
    confusion: pd.DataFrame = field(repr=False)
    calibration: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]


def agreement_of(run: Path, plan: Plan, labels: Path | None = None, column: str = "") -> Agreement:
    """Compare the machine's goals with people's (:func:`pipeline.inspection.truth.truth_of`).

    A decision on an opinion is compared with what the machine says without it.

    Raises
    ------
    InputError
        There is nothing to compare with.
    """
    truth = truth_of(run, labels, column)
    opinions = load_columns("opinions", COLUMNS, run / "tables")
    said = label_rows(truth.rows, opinions)
    machine = [own.goal for own in said]
    people = resolve_truth(machine, truth.accepted)
    goals = [NONE, *(own.id for own in plan.goals)]
    # A plan may have changed since the run.
    goals += sorted({*machine, *people} - set(goals))
    scores = score_labels(people, machine, goals)
    links = score_links(people, machine, [own.confidence for own in said], NONE)
    linked = [place for place, own in enumerate(said) if own.linked]
    bins = calibration_bins(
        [said[place].confidence for place in linked],
        [machine[place] == people[place] for place in linked],
    )
    return Agreement(
        source=truth.source,
        n_rows=scores.n_rows,
        accuracy=scores.accuracy.value,
        accuracy_low=scores.accuracy.low,
        accuracy_high=scores.accuracy.high,
        macro_f1=scores.macro_f1.value,
        kappa=scores.kappa,
        alpha=scores.alpha,
        coverage=links.coverage,
        calibration_error=links.calibration_error,
        confusion=pd.DataFrame(
            [list(row) for row in scores.confusion],
            index=pd.Index(goals, name="people"),
            columns=pd.Index(goals, name="machine"),
        ),
        calibration=pd.DataFrame(bins, columns=["low", "high", "n", "confidence", "right"]).astype(
            {"confidence": "float64", "right": "float64"}
        ),
        notes=truth.notes,
    )
