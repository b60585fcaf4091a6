"""Files of a study → answers: one row for each filled cell or entry of notes.

Ids are made of what was answered, never of where it stood: rows in another
order, a file of another name or another format give the same ids.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline import tables
from pipeline.documents import read
from pipeline.documents.attributes import attribute_columns
from pipeline.documents.cells import column_letters, is_error
from pipeline.documents.facilitators import leads
from pipeline.documents.headers import read_table
from pipeline.documents.speakers import is_anyone
from pipeline.documents.table import resolve
from pipeline.documents.wording import is_speaker
from pipeline.infer import complete, table_grids
from pipeline.normalize import digest
from pipeline.privacy import find_personal, mask
from pipeline.study import PREVIOUS_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.documents import NoteEntry
    from pipeline.documents.model import Row
    from pipeline.documents.table import Column, Table
    from pipeline.privacy import PersonalSpan
    from pipeline.study import Source, Study

STAGE = "answers"
REASONS = {
    "heading": "見出し",
    "meta": "会議の記録事項",
    "facilitator": "進行役・事務局の発言",
    "header_again": "見出しの繰り返し",
    "total": "集計の行",
}
"""Why entries of notes and turns of speech that are no resident's are set aside."""

DEFAULT_QUESTION = "発言"
"""Question of statements that stand under no heading."""

_ROW_DIGITS = 10


@dataclass(frozen=True)
class AnswersResult:
    """What was read from the files of a study.

    Attributes
    ----------
    answers
        Columns of ``tables.SCHEMAS["answers"]`` and one ``attr_<name>`` for every
        attribute of any source, in the order of the study.
    set_aside
        Entries of notes that are headings, records of the meeting or words of those
        who lead it, also where a table names the speakers. Their rows stand in
        ``answers``, too. Texts are as written: mask them before saving.
    addressed
        Answer → the part of the plan that it is said to be about, as written
        (:mod:`pipeline.addressed`); answers of which nothing is said are left out.
    personal
        Every raw text and question → what points at a person in it.
    """

    answers: pd.DataFrame
    set_aside: pd.DataFrame
    addressed: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, Sequence[PersonalSpan]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Answer:
    source: Source
    locator: str
    question: str
    respondent_id: str
    raw_text: str
    attributes: tuple[tuple[str, str], ...] = ()
    tie: str = ""  # what else tells apart answers that are alike
    role: str = "statement"
    addressed: str = ""


def read_answers(study: Study, folder: Path) -> AnswersResult:
    """Read every answer of every source.

    Parameters
    ----------
    study
        What to read. Columns that it leaves open are found.
    folder
        Folder that paths in the study are relative to.

    Returns
    -------
    AnswersResult
        Answers in the order of their ids, and those that are set aside.

    Raises
    ------
    InputError
        A file cannot be read, or a column of the study is not there.
    """
    collected: list[_Answer] = []
    names: dict[str, None] = {}
    completed = complete(study, folder)
    for source in completed.sources:
        found, attributes = _read_source(source, folder)
        collected += found
        names.update(dict.fromkeys(attributes))
    personal = _personal(collected)
    ids = _answer_ids(collected, personal)
    addressed = zip(ids, (answer.addressed for answer in collected), strict=True)
    return AnswersResult(
        _answers_table(collected, ids, list(names)),
        _set_aside(collected, ids),
        {own: said for own, said in addressed if said},
        personal,
    )


def _read_source(source: Source, folder: Path) -> tuple[list[_Answer], list[str]]:
    """Read the answers of a source and the names of their attributes."""
    document = read(folder / source.file, sheet=source.sheet, encoding=source.encoding)
    if not document.grids:
        return [_note_answer(source, entry) for entry in document.entries], []
    answers: list[_Answer] = []
    names: list[str] = []
    for grid in table_grids(document, source):
        table = read_table(grid, source.header_row, source.text)
        attributes = attribute_columns(table, source)
        answers += _table_answers(source, table, attributes)
        names += attributes
    return answers, names


def _note_answer(source: Source, entry: NoteEntry) -> _Answer:
    by_office = source.kind == PREVIOUS_PLAN
    return _Answer(
        source=source,
        locator=entry.locator,
        question=entry.heading or DEFAULT_QUESTION,
        respondent_id=_speaker_id(source.id, entry.speaker),
        raw_text=_line_feeds(entry.text),
        tie=entry.role,
        # What the last plan did was written by the office throughout.
        role="statement" if by_office and entry.role == "facilitator" else entry.role,
        addressed=source.addresses or "",
    )


def _speaker_id(source_id: str, speaker: str) -> str:
    """Id of who spoke; empty where a word such as 参加者 tells nobody apart."""
    return f"{source_id}-{speaker}" if speaker and not is_anyone(speaker) else ""


def _table_answers(
    source: Source, table: Table, attributes: Mapping[str, Column]
) -> Iterator[_Answer]:
    texts = list(
        dict.fromkeys(column for name in source.text for column in resolve(table, name, many=True))
    )
    respondent = resolve(table, source.respondent)[0] if source.respondent else None
    addressed = resolve(table, source.addresses_column)[0] if source.addresses_column else None
    keys = [_row_key(row) for row in table.rows]
    respondents = _respondent_ids(source.id, table.rows, keys, respondent)
    spoken = respondent if respondent is not None and is_speaker(respondent.name) else None
    spoken = None if source.kind == PREVIOUS_PLAN else spoken
    for row, number, key, respondent_id in zip(
        table.rows, table.numbers, keys, respondents, strict=True
    ):
        values = tuple((name, _value(row, column)) for name, column in attributes.items())
        about = row[addressed.index].strip() if addressed else source.addresses or ""
        for column in texts:
            text = _line_feeds(row[column.index])
            if text.strip():
                yield _Answer(
                    source=source,
                    locator=_cell_locator(table, number, column),
                    question=column.name,
                    respondent_id=respondent_id,
                    raw_text=text,
                    attributes=values,
                    tie=key,
                    role=table.aside.get(number) or _role(row, spoken, text),
                    addressed=about,
                )


def _value(row: Row, column: Column) -> str:
    """Value of an attribute; the error of a formula is none."""
    value = row[column.index].strip()
    return "" if is_error(value) else value


def _role(row: Row, speaker: Column | None, text: str) -> str:
    leading = speaker is not None and leads(row[speaker.index], text)
    return "facilitator" if leading else "statement"


def _respondent_ids(
    source_id: str, rows: Sequence[Row], keys: Sequence[str], column: Column | None
) -> list[str]:
    """Take the respondent's own number, else one made of the row's content."""
    same: Counter[str] = Counter()
    spoken = column is not None and is_speaker(column.name)
    ids = []
    for row, key in zip(rows, keys, strict=True):
        number = row[column.index].strip() if column is not None else ""
        if number:
            ids.append(_speaker_id(source_id, number) if spoken else f"{source_id}-{number}")
            continue
        digits = hashlib.sha256(key.encode()).hexdigest()[:_ROW_DIGITS]
        same[digits] += 1
        again = f"-{same[digits]}" if same[digits] > 1 else ""
        ids.append(f"{source_id}-r{digits}{again}")
    return ids


def _answer_ids(
    answers: Sequence[_Answer], found: Mapping[str, Sequence[PersonalSpan]]
) -> list[str]:
    """Make ids of what everybody may read: the question and the answer, people masked.

    `found` is what points at a person in every text.

    An id can be computed again by whoever guesses what it was made of, so that neither a
    respondent's number nor a name may be part of it. Like answers are numbered in the order
    of what else is in their rows.
    """
    shown = {text: mask(text, spans) for text, spans in found.items()}
    keys = [
        (answer.source.id, shown[answer.question], shown[answer.raw_text]) for answer in answers
    ]
    order = sorted(range(len(answers)), key=lambda place: (keys[place], _rest(answers[place])))
    ids = [""] * len(answers)
    occurrences: Counter[tuple[str, ...]] = Counter()
    for place in order:
        occurrences[keys[place]] += 1
        ids[place] = "A" + digest(*keys[place], str(occurrences[keys[place]]))
    return ids


def _personal(answers: Sequence[_Answer]) -> dict[str, Sequence[PersonalSpan]]:
    """Look for people in every distinct text once; it is the dearest step of reading."""
    texts = dict.fromkeys(text for answer in answers for text in (answer.question, answer.raw_text))
    return {text: find_personal(text) for text in texts}


def _rest(answer: _Answer) -> tuple[object, ...]:
    return answer.question, answer.raw_text, answer.respondent_id, answer.attributes, answer.tie


def _answers_table(
    answers: Sequence[_Answer], ids: Sequence[str], names: Sequence[str]
) -> pd.DataFrame:
    files = {answer.source.file: _shown_file(answer.source) for answer in answers}
    columns: dict[str, list[str]] = {
        "answer_id": list(ids),
        "source_id": [answer.source.id for answer in answers],
        "source_kind": [answer.source.kind for answer in answers],
        "file": [files[answer.source.file] for answer in answers],
        "locator": [answer.locator for answer in answers],
        "question": [answer.question for answer in answers],
        # What the last plan did was written by the office, not by a resident.
        "respondent_id": [
            "" if answer.source.kind == PREVIOUS_PLAN else answer.respondent_id
            for answer in answers
        ],
        "raw_text": [answer.raw_text for answer in answers],
    }
    values = [dict(answer.attributes) for answer in answers]
    for name in names:
        columns[f"{tables.ATTRIBUTE_PREFIX}{name}"] = [row.get(name, "") for row in values]
    return tables.conform("answers", pd.DataFrame(columns))


def _set_aside(answers: Sequence[_Answer], ids: Sequence[str]) -> pd.DataFrame:
    rows = [
        {
            "answer_id": answer_id,
            "start": 0,
            "end": len(answer.raw_text),
            "stage": STAGE,
            "reason": REASONS[answer.role],
            "text": answer.raw_text,
        }
        for answer, answer_id in zip(answers, ids, strict=True)
        if answer.role in REASONS
    ]
    if not rows:
        return tables.empty("set_aside")
    return tables.conform("set_aside", pd.DataFrame(rows))


def _row_key(row: Row) -> str:
    """All cells of a row as one text; blank cells at its end are an accident of the format."""
    cells = [_line_feeds(cell) for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return json.dumps(cells, ensure_ascii=False)


def _cell_locator(table: Table, number: int, column: Column) -> str:
    if table.sheet is not None:
        return f"{table.sheet}!{column_letters(column.index)}{number}"
    return f"{number}行目 「{column.name}」"


def _shown_file(source: Source) -> str:
    # Where the file lay is no part of the result.
    return Path(source.file).name


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")
