"""Tables inside notes: one entry a row under 発言者／意見, else one entry a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.documents.model import NoteEntry
from pipeline.documents.notes import (
    Line,
    ends_sentence,
    is_marked,
    is_record_label,
    read_entries,
    spoken,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SPEAKER = re.compile(
    r"^(?:発言者|話者|氏\s*名|委員名?|発言委員|お?名前|参加者|出席者|団体名?|所属|班|グループ)(?:名)?$"
)
_TEXT = re.compile(
    r"^(?:主な)?(?:ご?意見|発言|要望|提案|感想|コメント|課題|困りごと|質問|良い点|改善点|アイデア)"
    r"(?:の?(?:内容|概要|要旨|等|など))?(?:[・、／/](?:ご?意見|発言|要望|提案|感想|質問|課題)(?:内容|等)?)*$|^内\s*容$|^記述$"
)
_RULE = re.compile(r"^:?-{1,}:?$")


def read_note_table(
    rows: Sequence[Sequence[str]], heading: str
) -> Iterator[tuple[int, int, tuple[NoteEntry, ...]]]:
    """Read the cells of a table in notes.

    Parameters
    ----------
    rows
        Cells, row by row.
    heading
        Heading above the table.

    Yields
    ------
    row, column, entries
        Positions from 0 and what the cell says; blank cells and the names of
        speakers (which stand in the entries) are left out. The caller sets locators.
    """
    speaker_column, text_columns = _header(rows)
    for row_index, row in enumerate(rows):
        is_header = row_index == 0 and bool(text_columns)
        speaker = (
            row[speaker_column].strip()
            if speaker_column is not None and speaker_column < len(row) and not is_header
            else ""
        )
        label = len(row) > 1 and is_record_label(row[0])
        for column, cell in enumerate(row):
            text = cell.strip()
            if not text:
                continue
            if is_header:
                entry = NoteEntry("", heading, "", text, "heading")
                yield row_index, column, (entry,)
            elif text_columns and column not in text_columns:
                # Nobody's opinion, yet accounted for; a speaker stands in the entry beside it.
                if column != speaker_column or not _says_something(row, text_columns):
                    yield row_index, column, (NoteEntry("", heading, "", text, "meta"),)
            elif label and not (column and ends_sentence(text)):
                yield row_index, column, (NoteEntry("", heading, "", text, "meta"),)
            else:
                yield row_index, column, tuple(_cell_entries(text, heading, speaker))


def is_rule(row: Sequence[str]) -> bool:
    """Whether a row of a Markdown table merely draws the line under the header."""
    cells = [cell for cell in row if cell]
    return bool(cells) and all(_RULE.match(cell) for cell in cells)


def _header(rows: Sequence[Sequence[str]]) -> tuple[int | None, tuple[int, ...]]:
    if len(rows) < 2:
        return None, ()
    first = [cell.strip() for cell in rows[0]]
    texts = tuple(index for index, cell in enumerate(first) if _TEXT.match(cell))
    speakers = [index for index, cell in enumerate(first) if _SPEAKER.match(cell)]
    return (speakers[0] if speakers and texts else None), texts


def _says_something(row: Sequence[str], columns: Sequence[int]) -> bool:
    return any(row[column].strip() for column in columns if column < len(row))


def _cell_entries(text: str, heading: str, speaker: str) -> Iterator[NoteEntry]:
    lines = text.split("\n")
    several = len(lines) > 1 and any(is_marked(line) for line in lines)
    for entry in read_entries([Line("", line) for line in lines] if several else [Line("", text)]):
        yield spoken(
            NoteEntry(
                "", entry.heading or heading, entry.speaker or speaker, entry.text, entry.role
            )
        )
