"""What a document is once it has been read: grids of cells, or entries of notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Row = tuple[str, ...]
Role = Literal["statement", "heading", "meta", "facilitator"]


@dataclass(frozen=True)
class Grid:
    """Cells of one delimited file or one worksheet, as text.

    Attributes
    ----------
    file
        File name as the planner knows it.
    sheet
        Name of the worksheet, ``None`` for delimited files.
    rows
        Every row, also the blank ones; rows may differ in length.
    numbers
        Row number of each row, from 1, as Excel counts.
    separator
        What stands between the cells of a delimited file.
    merged
        Merged cells of a worksheet: row from 1 and column from 0 of the first and the
        last cell.
    """

    file: str
    sheet: str | None
    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    separator: str = ","
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class NoteEntry:
    """One paragraph, bullet, turn of speech or cell of a document of notes.

    Attributes
    ----------
    locator
        Where it stands, as a person would find it: ``段落5``, ``12行目``.
    heading
        Nearest heading above; empty where there is none.
    speaker
        Who said it; empty where unknown.
    text
        Verbatim, without the mark of a bullet and the name of the speaker.
    role
        ``statement``, ``heading``, ``meta`` for date, place, attendance and the like, or
        ``facilitator`` for what those say who lead the meeting.
    """

    locator: str
    heading: str
    speaker: str
    text: str
    role: Role


@dataclass(frozen=True)
class Remark:
    """Something about a file that a planner should know: left out, mended or guessed.

    Attributes
    ----------
    place
        Sheet, rows or paragraph; empty: the file as a whole.
    text
        One Japanese sentence.
    doubt
        Whether a person should look at it.
    """

    place: str
    text: str
    doubt: bool = True


@dataclass(frozen=True)
class Document:
    """One file that has been read: either grids or entries.

    Attributes
    ----------
    grids
        Sheets of a workbook or the one grid of a delimited file.
    entries
        Entries of a document of notes, in their order.
    encoding
        Character encoding of text files, ``None`` for Office files.
    skipped
        Sheets that were not read, each with the reason in Japanese.
    remarks
        What else ``kadai check`` should say about the file.
    """

    file: str
    grids: tuple[Grid, ...] = ()
    entries: tuple[NoteEntry, ...] = ()
    encoding: str | None = None
    skipped: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
