"""Compare a finished run with a person's labels of the same opinions.

A column of goals, measures or kinds is compared by name
(:mod:`pipeline.agreement.named`). Any other column is the person's own grouping
(:mod:`pipeline.agreement.groups`): groupings are compared, not their names. 「交通」 and
I003 agree where they hold the same opinions. So there is no κ for them, which needs
names that both sides share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pipeline.agreement.answers import label_rows
from pipeline.agreement.columns import (
    LabelAgreement,
    PeopleAgreement,
    compare_issues,
    compare_labels,
    compare_people,
    compared_rows,
)
from pipeline.agreement.labels import Labels, match_labels, read_labels
from pipeline.agreement.values import (
    KINDS,
    NAMES,
    LabelColumn,
    Vocabulary,
    What,
    plan_vocabularies,
    read_as_groups,
    read_column,
    read_column_as,
)
from pipeline.documents.table import resolve
from pipeline.errors import InputError, UsageError
from pipeline.manifest import hash_file, load_manifest
from pipeline.plan import find_plan, load_plan
from pipeline.runfolder import STUDY
from pipeline.study import load_study
from pipeline.tables import DIGITS, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.agreement.answers import AnswerLabels
    from pipeline.agreement.groups import GroupAgreement
    from pipeline.documents.table import Table
    from pipeline.plan import Plan

RIGHT: Final = "○"
WRONG: Final = "×"


@dataclass(frozen=True)
class Evaluation:
    """Everything that is printed or written about one file of labels.

    Attributes
    ----------
    labels
        The rows and what they were matched with.
    columns
        What every label column holds.
    groups, named
        One a label column: of groupings; of goals, measures and kinds.
    between_people
        One for every two label columns that hold the same.
    names
        Names of goals, measures and kinds.
    reviewed
        Whether goals after people's decisions were compared.
    plan_note
        What is wrong with the plan that labels were read with, in Japanese.
    rows
        ``row, opinion_id, issue_id, title, text, problem``, what the machine said, a
        column of each label, and whether it agrees.
    """

    labels: Labels
    columns: tuple[LabelColumn, ...]
    groups: tuple[GroupAgreement, ...]
    named: tuple[LabelAgreement, ...]
    between_people: tuple[PeopleAgreement, ...]
    names: Mapping[What, Mapping[str, str]]
    reviewed: bool
    plan_note: str
    rows: pd.DataFrame


def evaluate_run(
    folder: Path,
    path: Path,
    *,
    id_column: str = "",
    text_column: str = "",
    columns: Mapping[What, Sequence[str]] | None = None,
    reviewed: bool = False,
) -> Evaluation:
    """Compare a run folder with a file of labels.

    Parameters
    ----------
    id_column, text_column
        See :func:`pipeline.agreement.labels.match_labels`.
    columns
        Columns to compare and what they hold. Without any, every column that may be
        labels is taken, and what it holds is found out.
    reviewed
        Compare the goals after people's decisions.

    Raises
    ------
    InputError
        The folder is no run, or the labels cannot be read or compared.
    UsageError
        A column is asked for as labels and to match by, or as two things.
    """
    folder = folder.absolute()
    if folder.is_file():
        folder = folder.parent  # somebody named the report in it
    manifest = load_manifest(folder)
    opinions, answers, issues = (
        load_table(name, folder / "tables") for name in ("opinions", "answers", "issues")
    )
    table = read_labels(path)
    forced = _resolve_columns(table, columns or {})
    plan, note = _plan_of(
        folder, manifest, needed=not {"goal", "measure"}.isdisjoint(forced.values())
    )
    labels = match_labels(
        table,
        opinions,
        answers,
        id_column=id_column,
        text_column=text_column,
        label_columns=list(forced),
    )
    made = evaluate(opinions, issues, labels, plan, forced=forced, reviewed=reviewed)
    return replace(made, plan_note=note)


def evaluate(
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
    labels: Labels,
    plan: Plan | None = None,
    *,
    forced: Mapping[str, What] | None = None,
    reviewed: bool = False,
) -> Evaluation:
    """Compare issues, goals, measures and kinds with labels.

    An opinion in no issue is a group of its own, together with those of the same
    wording only.

    Parameters
    ----------
    plan
        Without one, no column is read as goals or measures.
    forced
        Label column → what it holds; of the others it is found out.

    Raises
    ------
    InputError
        Fewer than two rows of a label column can be compared, or a label is not what the
        column is said to hold.
    """
    vocabularies: dict[What, Vocabulary] = {
        one.what: one for one in (*(plan_vocabularies(plan) if plan else ()), KINDS)
    }
    columns = _read_columns(labels, vocabularies, forced or {})
    for column in columns:
        _check_enough(column, labels)
    names = {what: one.names for what, one in vocabularies.items()}
    by_name = any(column.what != "group" for column in columns)
    said = label_rows(labels.rows, opinions, reviewed=reviewed) if by_name else []
    own = opinions.set_index("opinion_id")
    matched = [row.opinion_id for row in labels.rows]
    issue_of = [str(own["issue_id"].get(name, "")) for name in matched]
    titles = dict(zip(issues["issue_id"], issues["title"], strict=True))
    written: dict[str, Sequence[object]] = {
        "row": [row.number for row in labels.rows],
        "opinion_id": matched,
        "issue_id": issue_of,
        "title": [titles.get(issue, "") for issue in issue_of],
        "text": [own["text"].get(name, "") for name in matched],
        "problem": [row.problem for row in labels.rows],
    }
    wording = [str(own["duplicate_of"].get(name, "")) or name for name in matched]
    group_of = [issue or f"alone {name}" for issue, name in zip(issue_of, wording, strict=True)]
    return Evaluation(
        labels=labels,
        columns=columns,
        groups=tuple(
            compare_issues(column, labels.rows, issue_of, group_of)
            for column in columns
            if column.what == "group"
        ),
        named=tuple(
            compare_labels(column, labels.rows, said, names[column.what], reviewed=reviewed)
            for column in columns
            if column.what != "group"
        ),
        between_people=tuple(compare_people(columns, labels.rows)),
        names=names,
        reviewed=reviewed,
        plan_note="",
        rows=_rows_table(written, labels, columns, said, reviewed=reviewed),
    )


def _resolve_columns(table: Table, columns: Mapping[What, Sequence[str]]) -> dict[str, What]:
    """Names of the columns that were asked for → what they hold."""
    forced: dict[str, What] = {}
    for what, references in columns.items():
        for reference in references:
            name = resolve(table, reference)[0].name
            if forced.setdefault(name, what) != what:
                raise UsageError(
                    f"「{name}」の列が、{NAMES[forced[name]]}にも{NAMES[what]}にも指定されています。",
                    remedy="--group、--goal、--measure、--kind のどれか1つだけで指定してください。",
                )
    return forced


def _plan_of(folder: Path, manifest: Mapping[str, Any], *, needed: bool) -> tuple[Plan | None, str]:
    """Plan that the run's own study file names, and what is wrong with it."""
    try:
        path = find_plan(load_study(folder / STUDY).plan, folder)
        plan = load_plan(path)
    except InputError as error:
        if needed:
            raise
        return None, f"計画を読めないので、基本目標と施策は比べていません（{error.problem}）"
    if hash_file(path) not in {entry["sha256"] for entry in manifest["dictionaries"]}:
        return plan, "計画ファイルが、結果を作ったときから変わっています。いまの計画で比べました。"
    return plan, ""


def _read_columns(
    labels: Labels, vocabularies: Mapping[What, Vocabulary], forced: Mapping[str, What]
) -> tuple[LabelColumn, ...]:
    numbers = [row.number for row in labels.rows]
    columns = []
    for place, name in enumerate(labels.columns):
        cells = [row.labels[place] for row in labels.rows]
        what = forced.get(name)
        if what is None:
            columns.append(read_column(name, cells, numbers, list(vocabularies.values())))
        elif what == "group":
            columns.append(read_as_groups(name, cells))
        else:
            read = read_column_as(name, cells, vocabularies[what])
            if isinstance(read, int):
                shown = "、".join(list(vocabularies[what].names.values())[:4])
                raise InputError(
                    f"「{cells[read]}」を{NAMES[what]}として読めません。",
                    at=replace(labels.place, row=numbers[read], column=name),
                    remedy=f"計画にある番号か名前（{shown}…）を書いてください。なしは 0、"
                    "いくつかあるときは「|」で区切ります。",
                )
            columns.append(read)
    return tuple(columns)


def _check_enough(column: LabelColumn, labels: Labels) -> None:
    """Refuse a column of which fewer than two rows can be compared."""
    used = len(compared_rows(column, labels.rows))
    if used < 2:
        raise InputError(
            f"比べられる行が {used}行しかありません（2行以上必要です）。",
            at=replace(labels.place, column=column.name),
            remedy="この結果のもとになった回答の分類か、突き合わせる列（--id、--text）と"
            "分類の列（--label）が正しいかを確かめてください。",
        )


def _rows_table(
    written: Mapping[str, Sequence[object]],
    labels: Labels,
    columns: Sequence[LabelColumn],
    said: Sequence[AnswerLabels],
    *,
    reviewed: bool,
) -> pd.DataFrame:
    """Everything about every row; columns of labels may have any name, also one twice."""
    held = {column.what for column in columns}
    parts: list[tuple[str, Sequence[object]]] = list(written.items())
    if "goal" in held:
        parts.append(("goal_id" if reviewed else "machine_goal_id", [one.goal for one in said]))
        parts.append(
            (
                "goal_confidence",
                [round(one.confidence, DIGITS) if one.linked else "" for one in said],
            )
        )
    if "measure" in held:
        parts.append(("measure_id", [one.measure for one in said]))
    if "kind" in held:
        parts.append(("machine_kind", [one.kind for one in said]))
    for place, name in enumerate(labels.columns):
        parts.append((name, [row.labels[place] for row in labels.rows]))
    for column in columns:
        if column.what != "group":
            marks = [""] * len(said)
            for row in compared_rows(column, labels.rows):
                right = said[row].label(column.what) in column.accepted[row]
                marks[row] = RIGHT if right else WRONG
            parts.append((f"right_{column.name}", marks))
    names, values = zip(*parts, strict=True)
    return pd.DataFrame(list(zip(*values, strict=True)), columns=list(names))
