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
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.documents import forget, read
from pipeline.documents.attributes import attribute_columns
from pipeline.documents.cells import column_letters, is_error
from pipeline.documents.facilitators import leads
from pipeline.documents.headers import read_table
from pipeline.documents.speakers import is_anyone
from pipeline.documents.streamed import iter_tables
from pipeline.documents.table import resolve
from pipeline.documents.tablefiles import is_delimited
from pipeline.documents.wording import is_speaker
from pipeline.infer import complete, table_grids
from pipeline.normalize import digest
from pipeline.privacy import find_personal, mask
from pipeline.study import PREVIOUS_PLAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.documents import NoteEntry
    from pipeline.documents.model import Row
    from pipeline.documents.table import Column, Table
    from pipeline.privacy import PersonalSpan
    from pipeline.study import Source, Study

    FindPersonal = Callable[[Sequence[str]], dict[str, Sequence[PersonalSpan]]]

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

LARGE: Final = 32 << 20
"""Bytes from which a delimited file is read in parts."""


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
        Raw text or question → what points at a person in it; a text that is not named
        holds nothing.
    """

    answers: pd.DataFrame
    set_aside: pd.DataFrame
    addressed: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, Sequence[PersonalSpan]] = field(default_factory=dict)


_COLUMNS: Final = ("locator", "question", "respondent_id", "raw_text", "tie", "role", "addressed")
"""Of every answer; ``tie`` tells apart what is alike in all else."""


def read_answers(study: Study, folder: Path, find: FindPersonal | None = None) -> AnswersResult:
    """Read every answer of every source.

    Parameters
    ----------
    study
        What to read. Columns that it leaves open are found.
    folder
        Folder that paths in the study are relative to.
    find
        Looks for people in distinct texts; :func:`find_in_texts` by default.

    Returns
    -------
    AnswersResult
        Answers in the order of their ids, and those that are set aside.

    Raises
    ------
    InputError
        A file cannot be read, or a column of the study is not there.
    """
    parts: list[pd.DataFrame] = []
    names: dict[str, None] = {}
    completed = complete(study, folder)
    for source in completed.sources:
        for part, attributes in _read_source(source, folder):
            parts.append(_with_source(part, source))
            names.update(dict.fromkeys(attributes))
    forget()
    found = _joined(parts, list(names))
    texts = _distinct(found["question"], found["raw_text"])
    personal = (find or find_in_texts)(texts)
    found.insert(0, "answer_id", _answer_ids(found, personal))
    found = found.sort_values("answer_id", kind="stable", ignore_index=True)
    said = found[found["addressed"] != ""]
    return AnswersResult(
        _answers_table(found, list(names)),
        _set_aside(found),
        dict(zip(said["answer_id"], said["addressed"], strict=True)),
        personal,
    )


def find_in_texts(texts: Sequence[str]) -> dict[str, Sequence[PersonalSpan]]:
    """What points at a person in each of some texts; those with nothing are left out."""
    found = ((text, find_personal(text)) for text in texts)
    return {text: spans for text, spans in found if spans}


def _read_source(
    source: Source, folder: Path
) -> Iterator[tuple[pd.DataFrame, Mapping[str, Column]]]:
    """Read the answers of a source, in parts, each with its attributes."""
    path = folder / source.file
    if source.text and is_delimited(path) and path.stat().st_size > LARGE:
        same: Counter[str] = Counter()
        for table in iter_tables(
            path, header_row=source.header_row, text=source.text, encoding=source.encoding
        ):
            attributes = attribute_columns(table, source)
            yield _table_answers(source, table, attributes, same), attributes
        return
    document = read(path, sheet=source.sheet, encoding=source.encoding)
    if not document.grids:
        yield _note_answers(source, document.entries), {}
        return
    for grid in table_grids(document, source):
        table = read_table(grid, source.header_row, source.text)
        attributes = attribute_columns(table, source)
        yield _table_answers(source, table, attributes, Counter()), attributes


def _with_source(part: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Answers with where they come from."""
    return part.assign(
        source_id=source.id,
        source_kind=source.kind,
        # Where the file lay is no part of the result.
        file=Path(source.file).name,
    )


def _joined(parts: Sequence[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    """All answers; an attribute that a source does not have is empty in its rows."""
    columns = [*_COLUMNS, "source_id", "source_kind", "file"]
    attributes = [f"{tables.ATTRIBUTE_PREFIX}{name}" for name in names]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in [*columns, *attributes]})
    joined = pd.concat(parts, ignore_index=True)[[*columns, *attributes]]
    return joined.assign(**{name: joined[name].fillna("") for name in attributes})


def _distinct(*columns: pd.Series[str]) -> list[str]:
    """Every text of some columns once."""
    return list(dict.fromkeys(text for column in columns for text in column.unique()))


def _note_answers(source: Source, entries: Sequence[NoteEntry]) -> pd.DataFrame:
    by_office = source.kind == PREVIOUS_PLAN
    rows = [
        (
            entry.locator,
            entry.heading or DEFAULT_QUESTION,
            _speaker_id(source.id, entry.speaker),
            _line_feeds(entry.text),
            entry.role,
            # What the last plan did was written by the office throughout.
            "statement" if by_office and entry.role == "facilitator" else entry.role,
            source.addresses or "",
        )
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str")


def _speaker_id(source_id: str, speaker: str) -> str:
    """Id of who spoke; empty where a word such as 参加者 tells nobody apart."""
    return f"{source_id}-{speaker}" if speaker and not is_anyone(speaker) else ""


def _table_answers(
    source: Source, table: Table, attributes: Mapping[str, Column], same: Counter[str]
) -> pd.DataFrame:
    """Filled text cells of a table, column by column.

    `same` counts rows of one content that have no number of their own; it goes from one
    part of a table to the next.
    """
    texts = list(
        dict.fromkeys(column for name in source.text for column in resolve(table, name, many=True))
    )
    respondent = resolve(table, source.respondent)[0] if source.respondent else None
    addressed = resolve(table, source.addresses_column)[0] if source.addresses_column else None
    spoken = respondent if respondent is not None and is_speaker(respondent.name) else None
    spoken = None if source.kind == PREVIOUS_PLAN else spoken
    rows, numbers = table.rows, table.numbers
    shared = {
        "respondent_id": _respondent_ids(source.id, rows, respondent, same),
        "tie": [_row_digest(row) for row in rows],
        "addressed": [row[addressed.index].strip() for row in rows]
        if addressed
        else [source.addresses or ""] * len(rows),
        **{
            f"{tables.ATTRIBUTE_PREFIX}{name}": _values([row[column.index] for row in rows])
            for name, column in attributes.items()
        },
    }
    by_row = pd.DataFrame({name: pd.Series(own, dtype="str") for name, own in shared.items()})
    parts = []
    for column in texts:
        cells = [row[column.index] for row in rows]
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        own = {
            "locator": [_cell_locator(table, numbers[place], column) for place in filled],
            "question": [column.name] * len(filled),
            "raw_text": [_line_feeds(cells[place]) for place in filled],
            "role": [
                table.aside.get(numbers[place]) or _role(rows[place], spoken, cells[place])
                for place in filled
            ]
            if spoken is not None or table.aside
            else ["statement"] * len(filled),
        }
        part = by_row if len(filled) == len(by_row) else by_row.iloc[filled]
        parts.append(
            part.reset_index(drop=True).assign(
                **{name: pd.Series(values, dtype="str") for name, values in own.items()}
            )
        )
    return pd.concat(parts, ignore_index=True)


def _values(cells: Sequence[str]) -> list[str]:
    """Values of an attribute; the error of a formula is none. There are few different ones."""
    clean = {cell: "" if is_error(own := cell.strip()) else own for cell in set(cells)}
    return [clean[cell] for cell in cells]


def _role(row: Row, speaker: Column | None, text: str) -> str:
    leading = speaker is not None and leads(row[speaker.index], text)
    return "facilitator" if leading else "statement"


def _respondent_ids(
    source_id: str, rows: Sequence[Row], column: Column | None, same: Counter[str]
) -> list[str]:
    """Take the respondent's own number, else one made of the row's content."""
    spoken = column is not None and is_speaker(column.name)
    ids = []
    for row in rows:
        number = row[column.index].strip() if column is not None else ""
        if number:
            ids.append(_speaker_id(source_id, number) if spoken else f"{source_id}-{number}")
            continue
        digits = hashlib.sha256(_row_key(row).encode()).hexdigest()[:_ROW_DIGITS]
        same[digits] += 1
        again = f"-{same[digits]}" if same[digits] > 1 else ""
        ids.append(f"{source_id}-r{digits}{again}")
    return ids


def _answer_ids(answers: pd.DataFrame, found: Mapping[str, Sequence[PersonalSpan]]) -> list[str]:
    """Make ids of what everybody may read: the question and the answer, people masked.

    `found` is what points at a person in the texts.

    An id can be computed again by whoever guesses what it was made of, so that neither a
    respondent's number nor a name may be part of it. Like answers are numbered in the order
    of what else is in their rows.
    """
    shown = {text: mask(text, spans) for text, spans in found.items()}
    asked, said = answers["question"], answers["raw_text"]
    keys = [
        answers["source_id"].tolist(),
        [shown.get(text, text) for text in asked] if shown else asked.tolist(),
        [shown.get(text, text) for text in said] if shown else said.tolist(),
    ]
    number = pd.DataFrame(dict(enumerate(keys))).groupby([0, 1, 2], sort=False).ngroup()
    occurrence = np.ones(len(answers), dtype=np.int64)
    again = number.duplicated(keep=False)
    attributes = [str(name) for name in answers if str(name).startswith(tables.ATTRIBUTE_PREFIX)]
    rest = ["question", "raw_text", "respondent_id", *attributes, "tie"]
    alike = answers.loc[again, rest].assign(_number=number[again])
    ordered = alike.sort_values(["_number", *rest], kind="stable")
    counted = ordered.groupby("_number", sort=False).cumcount() + 1
    occurrence[counted.index.to_numpy()] = counted.to_numpy()
    return [
        "A" + digest(source, question, text, str(place))
        for source, question, text, place in zip(*keys, occurrence.tolist(), strict=True)
    ]


def _answers_table(answers: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    attributes = [f"{tables.ATTRIBUTE_PREFIX}{name}" for name in names]
    columns = [*tables.SCHEMAS["answers"].names, *attributes]
    # What the last plan did was written by the office, not by a resident.
    by_office = answers["source_kind"] == PREVIOUS_PLAN
    people = answers["respondent_id"].where(~by_office, "")
    return tables.conform("answers", answers.assign(respondent_id=people)[columns])


def _set_aside(answers: pd.DataFrame) -> pd.DataFrame:
    aside = answers[answers["role"].isin(list(REASONS))]
    return tables.conform(
        "set_aside",
        pd.DataFrame(
            {
                "answer_id": aside["answer_id"],
                "start": 0,
                "end": aside["raw_text"].map(len),
                "stage": STAGE,
                "reason": aside["role"].map(REASONS),
                "text": aside["raw_text"],
            }
        ),
    )


def _row_key(row: Row) -> str:
    """All cells of a row as one text; blank cells at its end are an accident of the format."""
    return json.dumps(_cells(row), ensure_ascii=False)


def _row_digest(row: Row) -> str:
    """What tells a row apart from one that is alike in all that matters."""
    # The separator counts as white space: blank cells at the end are an accident of the format.
    joined = "\x1f".join(row).replace("\r\n", "\n").rstrip()
    data = joined.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _cells(row: Row) -> list[str]:
    cells = [_line_feeds(cell) for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _cell_locator(table: Table, number: int, column: Column) -> str:
    if table.sheet is not None:
        return f"{table.sheet}!{column_letters(column.index)}{number}"
    return f"{number}行目 「{column.name}」"


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")
