"""What the rows of a cross table are: issues, goals, measures, kinds, words or coding rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.errors import UsageError
from pipeline.report.attributes import NO_ISSUE
from pipeline.tables import load_columns
from pipeline.wording import NO_GOAL, OPINION_KINDS, REJECTED, clean
from pipeline.wordviews.places import find_places, nothing_found, wanted_word
from pipeline.wordviews.voices import frequent_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.wordviews.voices import Voices

ROWS: Final = {
    "issue": "課題", "goal": "基本目標", "measure": "施策", "kind": "意見の種類",
    "word": "言葉", "rule": "規則",
}  # fmt: skip
"""What rows may be, and what that is called."""

WORDS_SHOWN: Final = 20
"""Words of a table for which none are named: those of most opinions."""

NO_MEASURE: Final = "どの施策にも当てはまらない"


class Rows(NamedTuple):
    """Rows of a table and the opinions in them.

    Attributes
    ----------
    ids, labels
        Of every row; the id is empty for what is in none.
    row, opinion
        Pairs: place of the row, and of the opinion among the voices.
    is_partition
        Every opinion stands in exactly one row.
    untested
        Rows that are counted and stand in no test.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    row: NDArray[np.int64]
    opinion: NDArray[np.int64]
    is_partition: bool
    untested: frozenset[str] = frozenset()


def find_rows(rows: str, run: Path, voices: Voices, words: Sequence[str] = ()) -> Rows:
    """Rows of one of :data:`ROWS`.

    Parameters
    ----------
    words
        Words that are asked for, where rows are words.

    Raises
    ------
    UsageError
        There are no such rows, or a word stands nowhere.
    """
    if rows == "word":
        return _words(run, voices, words)
    if rows == "rule":
        return _rules(run, voices)
    own = voices.opinions
    if rows == "issue":
        issues = load_columns("issues", ("issue_id", "status"), run / "tables")
        rejected = frozenset(issues.loc[issues["status"] == REJECTED, "issue_id"])
        return _partition(own["issue_id"], {**voices.titles, "": NO_ISSUE}, rejected)
    if rows == "goal":
        return _partition(own["goal_id"], {**voices.goals, "": NO_GOAL})
    if rows == "measure":
        return _partition(own["measure_id"], {**voices.measures, "": NO_MEASURE})
    if rows == "kind":
        return _partition(own["kind"], OPINION_KINDS)
    raise UsageError(
        f"行にするもの「{rows}」はありません。",
        remedy=f"{'、'.join(f'{own}（{name}）' for own, name in ROWS.items())} のどれかにしてください。",
    )


def _partition(
    column: pd.Series[str], labels: Mapping[str, str], untested: frozenset[str] = frozenset()
) -> Rows:
    place = {own: at for at, own in enumerate(labels)}
    row = np.array([place[own] for own in column.tolist()], dtype=np.int64)
    everybody = np.arange(len(row), dtype=np.int64)
    shown = tuple(clean(own) for own in labels.values())
    return Rows(tuple(labels), shown, row, everybody, is_partition=True, untested=untested)


def _words(run: Path, voices: Voices, words: Sequence[str]) -> Rows:
    words = [words] if isinstance(words, str) else words
    asked = words or frequent_words(run)["shown"].tolist()[:WORDS_SHOWN]
    found: dict[str, list[int]] = {}
    for word in asked:
        wanted = wanted_word(word)
        met = sorted({own.row for own in find_places(wanted, voices.texts, voices.tokens)})
        if not met and words:
            raise nothing_found(wanted, voices.tokens)
        found[wanted.written] = met
    return _overlapping(found)


def _rules(run: Path, voices: Voices) -> Rows:
    """Rules that speak for a goal of an opinion, also for one that lost."""
    links = load_columns("goal_links", ("target_id", "evidence"), run / "tables")
    place = {own: at for at, own in enumerate(voices.opinions["opinion_id"].tolist())}
    found: dict[str, set[int]] = {}
    for target, evidence in zip(links["target_id"], links["evidence"], strict=True):
        if target in place:
            for one in json.loads(evidence):
                if one["source"] == "rule":
                    found.setdefault(one["rule"], set()).add(place[target])
    ranked = sorted(found.items(), key=lambda own: (-len(own[1]), own[0]))
    return _overlapping({name: sorted(own) for name, own in ranked})


def _overlapping(found: Mapping[str, Sequence[int]]) -> Rows:
    names = tuple(found)
    sizes = [len(own) for own in found.values()]
    opinion = np.array([at for own in found.values() for at in own], dtype=np.int64)
    row = np.repeat(np.arange(len(names)), sizes).astype(np.int64)
    return Rows(names, tuple(clean(own) for own in names), row, opinion, is_partition=False)
