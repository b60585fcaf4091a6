"""Goals that people gave to opinions of a run: from a file of labels, or as reviewers decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.agreement.columns import compared_rows
from pipeline.agreement.evaluation import evaluate_run
from pipeline.agreement.labels import Row
from pipeline.decisions import WITHDRAWN, is_issue, is_piece
from pipeline.errors import InputError, Location
from pipeline.tables import load_columns

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.agreement.values import What

BY_REVIEWERS: Final = "人の判断"
"""What is named as the source where there is no file of labels."""

FEWEST: Final = 2
"""Rows that are needed for a figure."""


@dataclass(frozen=True)
class Truth:
    """Goals that people gave.

    Attributes
    ----------
    source
        Column of the labels, or :data:`BY_REVIEWERS`.
    rows
        Opinions, or answers of several, that were given a goal.
    accepted
        Goals of every row of which any is right; ``"0"`` is none of them.
    notes
        What has to be known beside the figures, in Japanese.
    """

    source: str
    rows: tuple[Row, ...]
    accepted: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def truth_of(run: Path, labels: Path | None = None, column: str = "") -> Truth:
    """Read what people say that the goals are.

    Parameters
    ----------
    run
        The run folder.
    labels
        File of labels as ``kadai evaluate`` reads it. By default reviewers' decisions on
        single opinions, as the run applied them.
    column
        Column of the goals in that file; by default the first one that holds goals.

    Raises
    ------
    InputError
        The file cannot be read or has no goals, or there are fewer than :data:`FEWEST`.
    """
    if labels is None:
        return _decided(run)
    asked: dict[What, tuple[str, ...]] = {"goal": (column,)} if column else {}
    made = evaluate_run(run, labels, columns=asked)
    goals = [own for own in made.columns if own.what == "goal"]
    if not goals:
        raise InputError(
            "基本目標の列が見つかりません。",
            at=made.labels.place,
            remedy="基本目標の番号か名前（なしは 0）の列を加えるか、column で列を指定してください。",
        )
    used = compared_rows(goals[0], made.labels.rows)
    notes = (made.plan_note,) if made.plan_note else ()
    return Truth(
        goals[0].name,
        tuple(made.labels.rows[row] for row in used),
        tuple(goals[0].accepted[row] for row in used),
        notes,
    )


def _decided(run: Path) -> Truth:
    columns = ("field", "value", "applied_to", "stands")
    table = load_columns("applied_decisions", columns, run / "tables")
    standing = table[(table["field"] == "goal_id") & (table["stands"] == 1)]
    goals = {
        str(target): str(value)
        for target, value in zip(standing["applied_to"], standing["value"], strict=True)
        if target and not is_issue(target) and not is_piece(target) and value != WITHDRAWN
    }
    if len(goals) < FEWEST:
        raise InputError(
            f"意見の目標についての人の判断が {len(goals)}件しかありません（{FEWEST}件以上必要です）。",
            at=Location(file=run.name),
            remedy="確認用ブックで目標を判断して kadai run をもう一度行うか、"
            "人が目標を付けた表（kadai evaluate と同じもの）を labels に指定してください。",
        )
    note = (
        "人が判断した意見だけの数字です。まちがいだけを直したときは、正解率は実際より低く出ます。"
    )
    pairs = sorted(goals.items())
    return Truth(
        BY_REVIEWERS,
        tuple(Row(place, (goal,), (own,)) for place, (own, goal) in enumerate(pairs, start=1)),
        tuple((goal,) for _, goal in pairs),
        (note,),
    )
