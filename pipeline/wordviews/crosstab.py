"""Rows × the values of an attribute, or × the kinds of sources: the coder's cross table.

Issues and goals by an attribute are the tables of the report, cell by cell. Every other table
is protected by the same policy; see :func:`~pipeline.wordviews.protected.protect` for what stands beside what.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.crosstabs import sensitive_issues
from pipeline.deidentify import declared_public, deidentify
from pipeline.disclosure import Policy, policy_of
from pipeline.errors import UsageError
from pipeline.report.attributes import SENSITIVE
from pipeline.runfolder import STUDY
from pipeline.study import KIND_LABELS, load_study
from pipeline.tables import load_table
from pipeline.wordviews.crossed import Rows, find_rows
from pipeline.wordviews.crosstable import KINDS, MEASURES, CrossTable
from pipeline.wordviews.protected import hide_opinions, mark, protect
from pipeline.wordviews.reported import KINDS_NAME, find_reported
from pipeline.wordviews.voices import load_voices

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.wordviews.voices import Voices


SAME_AS_REPORT: Final = "報告書の表と同じ数です。"
NOT_IN_REPORT: Final = "報告書にない表です。"
BESIDE_REPORT: Final = (
    "報告書の課題と基本目標の表を並べても、伏せた数が計算できないことを確かめています。"
)
ALONE: Final = (
    "それぞれの行の合計から、伏せた数は計算できません。行が重なり合うので、行どうしや、報告書の表と"
    "突き合わせたときに計算できないことまでは確かめていません。そのまま公表しないでください。"
)
KINDS_SHOWN: Final = "資料の種類は回答者の属性ではないので、報告書と同じく、数を伏せていません。"
BY_ROW: Final = (
    "意見の数は、人数の表で伏せる所と、行と列の合計から計算できてしまう所を伏せています。"
    "ほかの表（とくに、ほかの意見の数の表）と並べると、伏せた数が計算できることがあります。"
    "そのまま公表しないでください。"
    "割合は、その行の意見に占める割合です。"
)


def cross(
    run: Path,
    rows: str = "issue",
    columns: str = "年代",
    *,
    measure: str = "people",
    words: Sequence[str] = (),
) -> CrossTable:
    """Count the people, or the opinions, of rows by the values of an attribute.

    Parameters
    ----------
    run
        Run folder.
    rows
        One of :data:`~pipeline.wordviews.crossed.ROWS`.
    columns
        Name of an attribute, or ``source_kind``.
    measure
        ``people``, or ``opinions``, for which nothing is tested.
    words
        Words, where they are the rows; else those of most opinions.

    Raises
    ------
    UsageError
        There are no such rows or columns, or the attribute may have no table.
    InputError
        The run cannot be read.
    """
    if measure not in MEASURES:
        raise UsageError(
            f"数えるもの「{measure}」はありません。",
            remedy="people（人）か opinions（意見）にしてください。",
        )
    voices = load_voices(run)
    found = find_rows(rows, run, voices, words)
    asked = _Asked(rows, columns, measure, found, voices)
    if unicodedata.normalize("NFKC", columns) in {KINDS, KINDS_NAME}:
        return _by_kind(asked)
    return _by_attribute(run, asked)


class _Asked(NamedTuple):
    rows_by: str
    columns_by: str
    measure: str
    rows: Rows
    voices: Voices


def _by_kind(asked: _Asked) -> CrossTable:
    own = asked.voices.opinions
    kinds = [kind for kind in KIND_LABELS if (own["source_kind"] == kind).any()]
    column = np.array([kinds.index(kind) for kind in own["source_kind"].tolist()], dtype=np.int64)
    counts, totals, bases = _counted(asked, column, len(kinds))
    note = "人数は、回答者のわかるものだけです。" if asked.measure == "people" else ""
    return _ordered(
        asked._replace(columns_by=KINDS), tuple(KIND_LABELS[kind] for kind in kinds),
        counts, totals, bases, np.zeros(counts.shape, dtype=bool),
        np.zeros(counts.shape, dtype=np.int64), 0, (KINDS_SHOWN, note),
    )  # fmt: skip


def _by_attribute(run: Path, asked: _Asked) -> CrossTable:
    policy = policy_of(load_study(run / STUDY).publication)
    applied = load_table("applied_decisions", run / "tables")
    answers = deidentify(load_table("answers", run / "tables"), declared_public(applied))
    one, column = find_reported(run, answers, asked.columns_by, asked.voices, policy)
    asked = asked._replace(columns_by=one.name)
    counts, totals, bases = _counted(asked, column, len(one.columns))
    is_reported = asked.rows_by in {"issue", "goal"}
    if is_reported:
        table = one.issues if asked.rows_by == "issue" else one.goals
        place = {own: at for at, own in enumerate(table.rows)}
        at = [place.get(own, -1) for own in asked.rows.ids]
        # An issue of people who were not asked for this attribute has no row there.
        blank = np.zeros((1, len(one.columns)), dtype=np.int64)
        hidden = np.vstack([table.hidden, blank.astype(bool)])[at]
        signs = np.vstack([table.signs, blank])[at]
    else:
        people = _counted(asked._replace(measure="people"), column, len(one.columns))[0]
        hidden = protect(
            asked.rows, asked.voices.opinions, column, people, one, policy, _sensitive(run, policy)
        )
        signs = mark(people, one, hidden, asked.rows)
    notes = [SAME_AS_REPORT if is_reported and asked.measure == "people" else NOT_IN_REPORT]
    if not is_reported:
        notes.append(BESIDE_REPORT if asked.rows.is_partition else ALONE)
    if asked.measure == "opinions":
        notes.append(BY_ROW)
        # How many opinions a value has in all would be one more figure to compute with.
        bases, signs = one.bases, np.zeros_like(signs)
        hidden = hide_opinions(counts, hidden, asked.rows, one)
    more = policy.least(is_sensitive=True)
    notes.append(
        f"＊は、{one.threshold}人に満たない数と、そこから計算できてしまう数です"
        + (f"（{SENSITIVE}の行は{more}人）。" if more > one.threshold else "。")
    )
    return _ordered(
        asked, one.columns, counts, totals, bases, hidden, signs, one.threshold, notes,
        _marked(run, asked, policy) if more > one.threshold else (),
    )  # fmt: skip


def _counted(
    asked: _Asked, column: NDArray[np.int64], n_columns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cells, totals of rows, and bases of columns; opinions without a column are not counted."""
    own = asked.voices.opinions
    # Whoever said it, or every opinion by itself.
    who = pd.factorize(own["respondent_id"])[0] if asked.measure == "people" else own.index
    said = pd.DataFrame({"who": who, "column": column})
    if asked.measure == "people":
        said = said.where(own["respondent_id"] != "", -1)
    pairs = said.iloc[asked.rows.opinion].assign(row=asked.rows.row)
    pairs = pairs[pairs["column"] >= 0].drop_duplicates()
    said = said[said["column"] >= 0].drop_duplicates()
    n_rows = len(asked.rows.ids)
    cells = (pairs["row"] * n_columns + pairs["column"]).to_numpy(dtype=np.int64)
    counts = np.bincount(cells, minlength=n_rows * n_columns).reshape(n_rows, n_columns)
    bases = np.bincount(said["column"].to_numpy(dtype=np.int64), minlength=n_columns)
    return counts.astype(np.int64), counts.sum(axis=1).astype(np.int64), bases.astype(np.int64)


def _sensitive(run: Path, policy: Policy) -> frozenset[str]:
    return sensitive_issues(load_table("issues", run / "tables"), policy)


def _marked(run: Path, asked: _Asked, policy: Policy) -> frozenset[str]:
    """Ids of rows that need more people."""
    if asked.rows_by == "goal":
        return frozenset()
    if asked.rows_by == "issue":
        return _sensitive(run, policy)
    names = zip(asked.rows.ids, asked.rows.labels, strict=True)
    return frozenset(own for own, label in names if policy.is_sensitive_issue(label))


def _ordered(
    asked: _Asked,
    columns: tuple[str, ...],
    counts: NDArray[np.int64],
    totals: NDArray[np.int64],
    bases: NDArray[np.int64],
    hidden: NDArray[np.bool_],
    signs: NDArray[np.int64],
    threshold: int,
    notes: Sequence[str],
    marked: Collection[str] = (),
) -> CrossTable:
    """Issues by size; what nobody said (but of goals and kinds) and what was rejected left out."""
    rows = asked.rows
    kept = [at for at, own in enumerate(rows.ids) if own not in rows.untested]
    if asked.rows_by not in {"goal", "kind"}:
        kept = [at for at in kept if totals[at]]
    if asked.rows_by == "issue":
        kept.sort(key=lambda at: (not rows.ids[at], -int(totals[at]), rows.ids[at]))
    return CrossTable(
        asked.rows_by,
        asked.columns_by,
        asked.measure,
        tuple(rows.ids[at] for at in kept),
        tuple(f"{rows.labels[at]}{SENSITIVE if rows.ids[at] in marked else ''}" for at in kept),
        columns,
        counts[kept],
        totals[kept],
        bases,
        hidden[kept],
        signs[kept],
        threshold,
        tuple(own for own in notes if own),
    )
