"""Opinions → voices: each wording once, verbatim, the most telling first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from pipeline.report.views import Voice, VoiceList
from pipeline.wording import clean, opinion_kind, source_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

SOURCES_NAMED = 2
"""Sources that are named beside a wording that several people wrote."""

QUESTION_SHOWN = 36
"""Characters of a question that are shown beside every voice."""


class Opinion(NamedTuple):
    """One row of opinions with what its answer says about where it comes from."""

    opinion_id: str
    issue_id: str
    goal_id: str
    text: str
    kind: str
    wording: str
    strength: float
    goal_confidence: float
    source_kind: str
    question: str


def opinion_rows(joined: pd.DataFrame) -> list[Opinion]:
    """Rows of :func:`pipeline.lookups.with_answers` in the order of their ids.

    Opinions that say the same carry the id of the one that stands for them as ``wording``.
    """
    wording = joined["duplicate_of"].where(joined["duplicate_of"] != "", joined["opinion_id"])
    columns = [
        joined["opinion_id"],
        joined["issue_id"],
        joined["goal_id"],
        joined["text"],
        joined["kind"],
        wording,
        joined["issue_strength"],
        joined["goal_confidence"],
        joined["source_kind"],
        joined["question"],
    ]
    return [Opinion(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def by_issue(rows: Iterable[Opinion]) -> dict[str, list[Opinion]]:
    """Opinions of every issue; those in no issue stand under the empty id."""
    found: dict[str, list[Opinion]] = {}
    for row in rows:
        found.setdefault(row.issue_id, []).append(row)
    return found


def choose_voices(
    rows: Sequence[Opinion], representatives: Sequence[str] = (), limit: int = 0
) -> tuple[tuple[Voice, ...], VoiceList]:
    """Choose representative voices, and list all others.

    Parameters
    ----------
    rows
        Opinions of one issue, or opinions in no issue.
    representatives
        Opinion ids, best first; ids that are not among ``rows`` are passed over.
    limit
        Most wordings to show, representatives included; 0 shows all.

    Returns
    -------
    tuple
        Representatives in their order; then the others, nearest to the centre of
        the issue first, ties by id.
    """
    together: dict[str, list[Opinion]] = {}
    for row in rows:
        together.setdefault(row.wording, []).append(row)
    wording_of = {row.opinion_id: row.wording for row in rows}
    # A dict keeps the order and drops a second representative of the same wording.
    chosen = list(dict.fromkeys(wording_of[name] for name in representatives if name in wording_of))
    others = sorted(set(together) - set(chosen), key=lambda key: _nearest_first(together[key]))
    room = max(limit - len(chosen), 0) if limit else len(others)
    return (
        tuple(_voice(together[key]) for key in chosen),
        VoiceList(tuple(_voice(together[key]) for key in others[:room]), len(others[room:])),
    )


def _nearest_first(same: Sequence[Opinion]) -> tuple[float, str]:
    strength = max(0.0 if math.isnan(row.strength) else row.strength for row in same)
    return (-strength, same[0].opinion_id)


def _voice(same: Sequence[Opinion]) -> Voice:
    # The one that stands for the others may have been moved to another issue.
    first = next((row for row in same if row.opinion_id == row.wording), same[0])
    sources = list(dict.fromkeys(_source(row) for row in same))
    shown = "、".join(sources[:SOURCES_NAMED]) + (" ほか" if len(sources) > SOURCES_NAMED else "")
    return Voice(clean(first.text), len(same), opinion_kind(first.kind), shown)


def _source(row: Opinion) -> str:
    label = source_kind(row.source_kind)
    question = clean(row.question).replace("\n", " ")
    if len(question) > QUESTION_SHOWN:
        question = question[:QUESTION_SHOWN] + "…"
    return f"{label}・{question}" if question else label
