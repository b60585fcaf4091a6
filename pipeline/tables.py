"""Every table of a run: its columns, their types, how it is saved and loaded.

A table is declared once, as an Arrow schema, and checked against it when it is
saved. On disk each is a CSV for people (UTF-8 with a byte order mark, sorted by
id) and a Parquet file for programs. In the CSV, and only there, an apostrophe stands
before a text that a spreadsheet would run as a formula (:mod:`pipeline.formulas`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.arrowcolumns import (
    as_counts,
    as_shares,
    as_texts,
    in_order,
    to_pandas,
    write_parquet,
)
from pipeline.csvwriting import write_csv
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

ATTRIBUTE_PREFIX = "attr_"

_TEXT = pa.string()
_COUNT = pa.int64()
_SHARE = pa.float64()

SCHEMAS: dict[str, pa.Schema] = {
    # One cell or one turn of speech as it was written. The only confidential table.
    "answers": pa.schema(
        {
            "answer_id": _TEXT,
            "source_id": _TEXT,
            "source_kind": _TEXT,
            "file": _TEXT,
            "locator": _TEXT,  # where in the file, as a person would find it
            "question": _TEXT,
            "respondent_id": _TEXT,  # empty where the speaker is unknown
            "raw_text": _TEXT,
        }
    ),
    # One claim of one answer.
    "opinions": pa.schema(
        {
            "opinion_id": _TEXT,
            "answer_id": _TEXT,
            "start": _COUNT,  # characters into raw_text
            "end": _COUNT,
            "text": _TEXT,  # raw_text[start:end], people masked
            "kind": _TEXT,  # problem, request, praise, other
            "duplicate_of": _TEXT,  # opinion_id of the first one with the same wording
            "issue_id": _TEXT,
            "machine_issue_id": _TEXT,
            "issue_strength": _SHARE,  # cosine to the centre, 0 to 1
            "goal_id": _TEXT,
            "machine_goal_id": _TEXT,
            "goal_score": _SHARE,
            "goal_confidence": _SHARE,  # that machine_goal_id is right, also where it is empty
            "goal_id_2": _TEXT,
            "measure_id": _TEXT,
            "assigned_by": _TEXT,  # machine, a reviewer's name, or empty where nobody gave a goal
            "withheld_goal_id": _TEXT,  # likeliest, but less certain than was asked for
            "machine_goal_id_2": _TEXT,
            "machine_measure_id": _TEXT,
            "machine_kind": _TEXT,
            "reviewed": _COUNT,  # 1: a person decided something about it or about its issue
            "hidden": _COUNT,  # 1: a person hid something in its text
            "restored": _COUNT,  # 1: a person brought it back from what was set aside
            "comment": _TEXT,  # a reviewer's
            "response": _TEXT,  # 対応区分, its own or its issue's: 反映, 記載済み, 今後の参考, 対象外
            "addressed_id": _TEXT,  # goal or measure that its writer names; beside the link
        }
    ),
    # One issue (課題).
    "issues": pa.schema(
        {
            "issue_id": _TEXT,
            "group_id": _TEXT,
            "title": _TEXT,
            "words": _TEXT,  # characteristic words, separated by 、
            "n_opinions": _COUNT,
            "n_distinct": _COUNT,
            "n_respondents": _COUNT,
            "stability": _SHARE,
            "cohesion": _SHARE,  # mean cosine of its distinct opinions to its centre
            "representative_opinion_ids": _TEXT,  # separated by a space, best first
            "goal_id": _TEXT,
            "machine_goal_id": _TEXT,
            "goal_confidence": _SHARE,
            "goal_id_2": _TEXT,
            "measure_id": _TEXT,
            "assigned_by": _TEXT,
            "headings": _TEXT,  # of the concept dictionary, separated by 、; empty: from the data
            "stability_word": _TEXT,  # 安定, やや不安定 or 不安定
            "goal_share": _SHARE,  # of its opinions, those that stand under its goal
            "goal_counts": _TEXT,  # opinions under each goal, most first: 1:10 6:8 0:5
            "to_split": _COUNT,  # 1: its opinions speak to two goals
            "machine_title": _TEXT,  # empty where people made the issue
            "machine_goal_id_2": _TEXT,
            "machine_measure_id": _TEXT,
            "status": _TEXT,  # 採用, 保留, 却下; empty: not judged yet
            "reviewed_by": _TEXT,  # who decided last about it
            "n_reviewed": _COUNT,  # of its opinions
            "comment": _TEXT,
            "response": _TEXT,  # 対応区分, for its public comments; empty: nobody decided yet
        }
    ),
    # What the machine made, and what became of it.
    "machine_issues": pa.schema(
        {
            "issue_id": _TEXT,
            "title": _TEXT,
            "words": _TEXT,
            "n_opinions": _COUNT,
            "n_distinct": _COUNT,
            "headings": _TEXT,  # of the concept dictionary, separated by 、
            "outcome": _TEXT,  # kept, changed (opinions moved), merged, emptied
            "merged_into": _TEXT,  # the issue that it is a part of now
        }
    ),
    # One group of issues (課題群).
    "groups": pa.schema(
        {
            "group_id": _TEXT,
            "title": _TEXT,
            "words": _TEXT,
            "n_issues": _COUNT,
            "n_opinions": _COUNT,
            "n_respondents": _COUNT,
        }
    ),
    # A term of the concept dictionary that stands in an opinion.
    "concepts": pa.schema(
        {
            "opinion_id": _TEXT,
            "field": _TEXT,  # level 1 of the dictionary
            "heading": _TEXT,  # level 2
            "facet": _TEXT,  # level 3
            "term": _TEXT,  # as written in the dictionary
            "spans": _TEXT,  # JSON: [[start, end], …], characters of raw_text
            "weight": _SHARE,
            "is_topic": _COUNT,  # 1: the opinion stands under this heading
        }
    ),
    # What the dictionary does not know and the opinions speak of.
    "suggested_concepts": pa.schema(
        {
            "issue_id": _TEXT,
            "name": _TEXT,
            "terms": _TEXT,  # separated by 、
            "n_opinions": _COUNT,
            "example": _TEXT,
        }
    ),
    # Why an opinion or an issue stands under a goal; also the goals that lost.
    "goal_links": pa.schema(
        {
            "target_id": _TEXT,  # opinion_id or issue_id
            "goal_id": _TEXT,
            "measure_id": _TEXT,
            "score": _SHARE,
            "evidence": _TEXT,  # JSON
        }
    ),
    # One measure (施策) of the plan, those that nobody speaks to included.
    "measures": pa.schema(
        {
            "goal_id": _TEXT,
            "measure_id": _TEXT,
            "name": _TEXT,
            "sdgs": _TEXT,  # numbers that the plan states, separated by 、
            "sdg_names": _TEXT,  # their names, in the same order
            "suggested_sdgs": _TEXT,  # by the words of the measure; not the plan's
            "suggestion_evidence": _TEXT,  # JSON: [{sdg, name, words, score}, …]
            "n_opinions": _COUNT,
            "n_distinct": _COUNT,
            "n_issues": _COUNT,
            "n_respondents": _COUNT,
        }
    ),
    # Which line of the action plan an opinion speaks to.
    "action_links": pa.schema(
        {
            "opinion_id": _TEXT,
            "action_id": _TEXT,
            "score": _SHARE,  # weights of the shared words, added up
            "words": _TEXT,  # of the opinion, separated by 、
        }
    ),
    # One line of the action plan (アクションプラン), those that nobody speaks to included.
    "actions": pa.schema(
        {
            "action_id": _TEXT,
            "goal_id": _TEXT,
            "measure_id": _TEXT,  # empty: under the goal alone
            "text": _TEXT,
            "status": _TEXT,  # the plan's own word
            "n_opinions": _COUNT,
            "n_distinct": _COUNT,
            "n_respondents": _COUNT,
            "words": _TEXT,  # that link them, most frequent first, separated by 、
        }
    ),
    # What the next plan might do about an issue: a proposal and the rule that led there.
    "treatments": pa.schema(
        {
            "issue_id": _TEXT,
            "treatment": _TEXT,  # 新規, 充実・強化, 継続; empty: nothing is proposed
            "rule": _TEXT,  # one Japanese sentence with the figures
            "action_ids": _TEXT,  # that its opinions speak to, most first, separated by a space
            "measure_id": _TEXT,
            "n_problem": _COUNT,
            "n_request": _COUNT,
            "n_praise": _COUNT,
            "n_other": _COUNT,
        }
    ),
    # A content word that many opinions use.
    "words": pa.schema(
        {
            "word": _TEXT,  # normalized form
            "shown": _TEXT,  # as it is written most often
            "pos": _TEXT,  # 名詞, 動詞, 形容詞, 形容動詞
            "n_opinions": _COUNT,
            "n_distinct": _COUNT,
            "n_respondents": _COUNT,
        }
    ),
    # Two words that stand in the same opinions; of the most frequent words alone.
    "word_links": pa.schema(
        {
            "word_1": _TEXT,
            "word_2": _TEXT,  # after word_1 in the order of code points
            "n_opinions": _COUNT,  # that use both
            "n_distinct": _COUNT,
            "n_respondents": _COUNT,
            "jaccard": _SHARE,  # of the opinions that use one of them, those that use both
            "npmi": _SHARE,  # normalized pointwise mutual information, -1 to 1
        }
    ),
    # Where issues (islands) and opinions (points) lie on the map: a view, not the grouping.
    "layout": pa.schema(
        {
            "target_id": _TEXT,  # issue_id or opinion_id
            "x": _SHARE,  # 0 to 1000, to the right
            "y": _SHARE,  # 0 to 900, downwards
            "radius": _SHARE,  # of an island; 0 for an opinion
        }
    ),
    # The three nearest issues of every issue.
    "near_issues": pa.schema(
        {
            "issue_id": _TEXT,
            "near_issue_id": _TEXT,
            "similarity": _SHARE,  # cosine of their centres, above 0
        }
    ),
    # Opinions that reviewers' decisions on other opinions have moved, and which ones did.
    "lessons": pa.schema(
        {
            "opinion_id": _TEXT,
            "goal_id_before": _TEXT,  # by rules and examples alone
            "goal_id_after": _TEXT,
            "decision_id": _TEXT,
            "effect": _SHARE,  # score that it added to the new goal, less that to the old
        }
    ),
    # What reviewers had decided when the run was made.
    "applied_decisions": pa.schema(
        {
            "decision_id": _TEXT,
            "target_id": _TEXT,
            "field": _TEXT,
            "value_seen": _TEXT,
            "value": _TEXT,
            "reviewer": _TEXT,
            "decided_at": _TEXT,
            "reason": _TEXT,
            "run_id": _TEXT,  # run that the reviewer had before him or her
            "text": _TEXT,  # the voices, one a line
            "applied_to": _TEXT,  # opinion or issue of this run; empty: it has none such
            "stands": _COUNT,  # 0: not applied, or a later decision took its place
            "why_not": _TEXT,  # why it could not be applied; empty: it was, or was replaced
        }
    ),
    # What became of every issue since the run before; no rows where none was named.
    "comparison": pa.schema(
        {
            "issue_id": _TEXT,  # empty where the issue is gone
            "previous_issue_id": _TEXT,  # of the run before; empty where the issue is new
            "title": _TEXT,
            "previous_title": _TEXT,
            "change": _TEXT,  # a key of pipeline.wording.CHANGES
            "n_respondents": _COUNT,  # what is compared: people, or opinions (see unit)
            "n_base": _COUNT,
            "share": _SHARE,
            "share_low": _SHARE,  # 95% interval
            "share_high": _SHARE,
            "previous_n_respondents": _COUNT,
            "previous_n_base": _COUNT,
            "previous_share": _SHARE,
            "previous_share_low": _SHARE,
            "previous_share_high": _SHARE,
            "difference": _SHARE,  # share less the one before
            "difference_low": _SHARE,  # 95% interval
            "difference_high": _SHARE,
            "p_value": _SHARE,  # empty where no test was made
            "p_adjusted": _SHARE,  # for the number of issues
            "likeness": _SHARE,  # of the two issues, 0 to 1
            "unit": _TEXT,  # 人 or 件
            "note": _TEXT,
            "status": _TEXT,  # of the issue of this run, or of the one before where it is gone
        }
    ),
    # What was not carried on, with the reason.
    "set_aside": pa.schema(
        {
            "answer_id": _TEXT,
            "start": _COUNT,
            "end": _COUNT,
            "stage": _TEXT,
            "reason": _TEXT,
            "text": _TEXT,
        }
    ),
}

SORT_KEYS: dict[str, list[str]] = {
    "answers": ["answer_id"],
    "opinions": ["opinion_id"],
    "issues": ["issue_id"],
    "machine_issues": ["issue_id"],
    "groups": ["group_id"],
    "concepts": ["opinion_id", "spans", "field", "heading", "facet", "term"],
    "suggested_concepts": ["issue_id"],
    "goal_links": ["target_id", "goal_id", "measure_id"],
    "measures": ["measure_id"],
    "action_links": ["opinion_id", "action_id"],
    "actions": ["action_id"],
    "treatments": ["issue_id"],
    "words": ["word"],
    "word_links": ["word_1", "word_2"],
    "layout": ["target_id"],
    "near_issues": ["issue_id", "near_issue_id"],
    "lessons": ["opinion_id", "decision_id"],
    "applied_decisions": ["decision_id"],
    "comparison": ["issue_id", "previous_issue_id"],
    "set_aside": ["answer_id", "start", "end"],
}

DIGITS = 6
"""Decimal places of every share that is written."""


_LATER: dict[str, tuple[str, ...]] = {
    "opinions": ("response", "addressed_id"),
    "issues": ("response",),
    "comparison": ("status",),
}
"""Text columns that runs of earlier versions do not have; they are read as empty."""


def conform(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Bring a table into its declared shape: columns, types, order, rounding.

    Parameters
    ----------
    name
        Key of :data:`SCHEMAS`.
    table
        Any further column that begins with ``attr_`` is kept, as text, after the
        declared ones. A table that has its shape already costs next to nothing.

    Raises
    ------
    KeyError
        A declared column is missing or an undeclared one is there: a mistake in
        the program, not in the planner's files.
    """
    return to_pandas(conform_arrow(name, _from_pandas(name, table)))


def conform_arrow(name: str, table: pa.Table) -> pa.Table:
    """:func:`conform` for tables of Arrow; the result has the types of the schema.

    Raises
    ------
    KeyError
        A declared column is missing or an undeclared one is there.
    ValueError
        A count is missing or is no whole number.
    """
    names = _columns(name, table.column_names)
    schema = pa.schema([pa.field(column, _type_of(name, column)) for column in names])
    made = [_made(table[field.name], field.type) for field in schema]
    # The metadata of pandas, which would make the bytes depend on its version, stay behind.
    return in_order(pa.table(made, schema=schema), SORT_KEYS[name])


def empty(name: str) -> pd.DataFrame:
    """Table without rows."""
    return to_pandas(SCHEMAS[name].empty_table())


def save_table(name: str, table: pd.DataFrame | pa.Table, folder: Path) -> tuple[Path, Path]:
    """Write ``<name>.csv`` and ``<name>.parquet``; the same table gives the same bytes.

    However the table is cut into chunks, and of whichever library it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = table if isinstance(table, pa.Table) else _from_pandas(name, table)
    shaped = conform_arrow(name, given)
    csv_path, parquet_path = folder / f"{name}.csv", folder / f"{name}.parquet"
    write_csv(shaped, csv_path)
    write_parquet(shaped, parquet_path)
    return csv_path, parquet_path


def load_table(name: str, folder: Path) -> pd.DataFrame:
    """Read a table back from its Parquet file.

    Raises
    ------
    InputError
        The table is missing or damaged.
    """
    path = folder / f"{name}.parquet"
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(
            f"結果の表を読めません（{error}）。",
            at=Location(file=f"{folder.name}/{path.name}"),
            remedy="kadai run でもう一度結果を作ってください。",
        ) from error
    for column in _LATER.get(name, ()):
        if column not in table.column_names:
            table = table.append_column(column, pa.nulls(len(table), _TEXT))
    return to_pandas(conform_arrow(name, table))


def load_columns(name: str, columns: Sequence[str], folder: Path) -> pd.DataFrame:
    """Read some columns of a table, also of one that an earlier Kadai wrote with fewer of them.

    Raises
    ------
    InputError
        The table is missing or damaged, or has no such column.
    """
    path = folder / f"{name}.parquet"
    try:
        found = pq.read_table(path, columns=list(columns)).select(list(columns))
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise InputError(
            f"結果の表を読めません（{error}）。",
            at=Location(file=f"{folder.name}/{path.name}"),
            remedy="kadai run でもう一度結果を作ってください。",
        ) from error
    table: pd.DataFrame = found.to_pandas()
    return table


def _columns(name: str, given: Sequence[str]) -> list[str]:
    """Columns of a table in their order, after a look at whether all and no others are there."""
    declared = SCHEMAS[name].names
    if missing := sorted(set(declared) - set(given)):
        raise KeyError(f"{name}: columns missing: {missing}")
    # Attributes keep the order in which the study names them.
    extra = [column for column in given if column not in declared]
    if unknown := sorted(own for own in extra if not own.startswith(ATTRIBUTE_PREFIX)):
        raise KeyError(f"{name}: columns not declared: {unknown}")
    return [*declared, *extra]


def _type_of(name: str, column: str) -> pa.DataType:
    schema = SCHEMAS[name]
    return schema.field(column).type if column in schema.names else _TEXT


def _from_pandas(name: str, table: pd.DataFrame) -> pa.Table:
    """Columns as Arrow; pandas says what a value of another type means as text or number."""
    made: dict[str, pa.ChunkedArray] = {}
    for column in _columns(name, list(table.columns)):
        own, kind = table[column], _type_of(name, column)
        if kind == _TEXT:
            if not _is_arrow_text(own):
                own = own.astype("object").where(own.notna(), "").astype("str")
        else:
            own = own.astype("float64" if kind == _SHARE else "int64")
        found = pa.array(own, from_pandas=True)
        made[column] = found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])
    return pa.table(made)


def _is_arrow_text(column: pd.Series[str]) -> bool:
    return getattr(column.dtype, "storage", "") == "pyarrow"


def _made(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if kind == _SHARE:
        return as_shares(column, DIGITS)
    return as_texts(column) if kind == _TEXT else as_counts(column)
