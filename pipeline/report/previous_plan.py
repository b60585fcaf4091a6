"""What the last plan did (前計画の取り組みと成果), beside what people still complain about."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from pipeline.lookups import with_answers
from pipeline.report.voices import short
from pipeline.study import PREVIOUS_PLAN
from pipeline.wording import clean, opinion_kind, source_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPLAINTS: Final = frozenset(["problem", "request"])
"""Kinds of opinions that ask for something."""

VOICES: Final = 2
"""Voices that stand beside an entry."""

ENTRY_SHOWN: Final = 300
"""Characters of an entry that are shown."""

# How places in files are written: 「19行目 「成果」」, 「表1 8行目 2列目」, 「Sheet1!W120」.
_ROW: Final = re.compile(r"(?P<row>.*?(?<!\d)\d++行目)(?: |$)")
_CELL: Final = re.compile(r"(?P<sheet>.*!)?[A-Z]+(?P<row>\d+)$")


@dataclass(frozen=True)
class Complaint:
    """A voice of today, verbatim (people masked)."""

    text: str
    kind: str
    source: str


@dataclass(frozen=True)
class Entry:
    """One entry of what the last plan did.

    Attributes
    ----------
    issues
        Number and title of the issues in which its opinions stand.
    headings
        Headings of the concept dictionary under which they stand.
    n_complaints, n_people
        Problems and requests of today in these issues or under these headings, and the
        respondents behind them.
    """

    answer_id: str
    text: str
    issues: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    n_complaints: int
    n_people: int
    voices: tuple[Complaint, ...]


@dataclass(frozen=True)
class PreviousPlan:
    """The entries that people still speak to, most complaints first, and the others."""

    n_entries: int
    n_complaints: int
    spoken_to: tuple[Entry, ...]
    silent: tuple[Entry, ...]


class _Row(NamedTuple):
    opinion_id: str
    issue_id: str
    heading: str
    text: str
    kind: str
    wording: str
    respondent_id: str
    source_kind: str
    strength: float


def build_previous_plan(tables: Mapping[str, pd.DataFrame]) -> PreviousPlan | None:
    """Lay the entries of the last plan beside today's complaints.

    Parameters
    ----------
    tables
        ``answers, opinions, issues, concepts, set_aside``; raw text is not read.

    Returns
    -------
    PreviousPlan or None
        ``None`` where no source tells what the last plan did.
    """
    answers = tables["answers"]
    entries = _entries(answers[answers["source_kind"] == PREVIOUS_PLAN])
    if not entries:
        return None
    rows = _rows(tables)
    own: dict[str, list[_Row]] = defaultdict(list)
    for row, answer_id in zip(rows, tables["opinions"]["answer_id"], strict=True):
        if row.source_kind == PREVIOUS_PLAN:
            own[answer_id].append(row)
    complaints = [
        row for row in rows if row.source_kind != PREVIOUS_PLAN and row.kind in COMPLAINTS
    ]
    titles = {
        issue_id: clean(title)
        for issue_id, title in zip(
            tables["issues"]["issue_id"], tables["issues"]["title"], strict=True
        )
    }
    aside = _set_aside(tables["set_aside"])
    made = [
        _entry(
            names,
            [row for name in names for row in own[name]],
            "\n".join(aside[name] for name in names if name in aside),
            complaints,
            titles,
        )
        for names in entries
    ]
    ranked = sorted(made, key=lambda entry: (-entry.n_complaints, entry.answer_id))
    return PreviousPlan(
        n_entries=len(made),
        n_complaints=len(complaints),
        spoken_to=tuple(entry for entry in ranked if entry.n_complaints),
        silent=tuple(entry for entry in ranked if not entry.n_complaints),
    )


def _entries(answers: pd.DataFrame) -> list[tuple[str, ...]]:
    """Answers that are one entry: the cells of one row (取り組み and 成果), in their order."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in answers.to_dict("records"):
        line, cell = _ROW.match(row["locator"]), _CELL.match(row["locator"])
        key = row["answer_id"]
        if line:
            key = line["row"]
        elif cell:
            key = f"{cell['sheet'] or ''}{cell['row']}"
        found[row["source_id"], key].append((row["locator"], row["answer_id"]))
    return [tuple(own for _, own in sorted(cells)) for _, cells in sorted(found.items())]


def _rows(tables: Mapping[str, pd.DataFrame]) -> list[_Row]:
    joined = with_answers(tables["opinions"], tables["answers"])
    concepts = tables["concepts"]
    topics = concepts[concepts["is_topic"] == 1].sort_values(["opinion_id", "heading"])
    heading = dict(zip(topics["opinion_id"], topics["heading"], strict=True))
    same = joined["duplicate_of"].where(joined["duplicate_of"] != "", joined["opinion_id"])
    columns = (
        joined["opinion_id"],
        joined["issue_id"],
        pd.Series([heading.get(own, "") for own in joined["opinion_id"]], dtype="str"),
        joined["text"],
        joined["kind"],
        same,
        joined["respondent_id"],
        joined["source_kind"],
        joined["issue_strength"].fillna(0.0),
    )
    return [_Row(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _entry(
    answer_ids: Sequence[str],
    own: Sequence[_Row],
    aside: str,
    complaints: Sequence[_Row],
    titles: Mapping[str, str],
) -> Entry:
    issues = sorted({row.issue_id for row in own} - {""})
    headings = {row.heading for row in own} - {""}
    found = [row for row in complaints if row.issue_id in issues or row.heading in headings]
    return Entry(
        answer_id=answer_ids[0],
        text=short(
            clean("\n".join([*(row.text for row in own), *([aside] if aside else [])])), ENTRY_SHOWN
        ),
        issues=tuple((issue_id, titles.get(issue_id, issue_id)) for issue_id in issues),
        headings=tuple(sorted(headings)),
        n_complaints=len(found),
        n_people=len({row.respondent_id for row in found} - {""}),
        voices=_voices(found, headings, set(issues)),
    )


def _voices(found: Sequence[_Row], headings: set[str], issues: set[str]) -> tuple[Complaint, ...]:
    """The nearest: same heading and same issue first, then nearest to the issue's centre."""
    ranked = sorted(
        found,
        key=lambda row: (
            -((row.heading in headings) + (row.issue_id in issues)),
            -row.strength,
            row.opinion_id,
        ),
    )
    first: dict[str, _Row] = {}
    for row in ranked:
        first.setdefault(row.wording, row)
    return tuple(
        Complaint(clean(row.text), opinion_kind(row.kind), source_kind(row.source_kind))
        for row in list(first.values())[:VOICES]
    )


def _set_aside(set_aside: pd.DataFrame) -> dict[str, str]:
    """Answer → what was set aside of it: an entry without an opinion is still an entry."""
    found: dict[str, str] = {}
    for answer_id, text in zip(set_aside["answer_id"], set_aside["text"], strict=True):
        found[answer_id] = f"{found[answer_id]}\n{text}" if answer_id in found else text
    return found
