"""A workbook read back: what people wrote into the yellow cells, each with its place.

Rows may stand in another order, be filtered or hidden, columns may be moved, sheets
added; what is needed is found by name. What is missing is told, never guessed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decisions import piece_id
from pipeline.documents.excel import read_sheets
from pipeline.errors import InputError, Location
from pipeline.plainfile import check_plain
from pipeline.review.columns import (
    ANSWER_ID,
    ASIDE_SHEET,
    CARRIED_COLUMNS,
    CARRIED_SHEET,
    DECISION_ID,
    END,
    GUIDE_SHEET,
    ISSUE_COLUMNS,
    ISSUE_ID,
    ISSUE_SHEET,
    OPINION_COLUMNS,
    OPINION_ID,
    OPINION_SHEET,
    RUN_LABEL,
    SEEN,
    SEEN_RESPONSE,
    SET_ASIDE_COLUMNS,
    START,
    Column,
)
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.documents.model import Grid


class Place(NamedTuple):
    """Where in a workbook something stands; ``column`` empty: the whole row."""

    file: str
    sheet: str
    row: int
    column: str = ""

    def __str__(self) -> str:
        column = f"「{self.column}」" if self.column else ""
        row = f"{self.row}行目" if self.row else ""
        return f"{self.file} シート「{self.sheet}」 {row}{column}".rstrip()


class Problem(NamedTuple):
    """Something that a person has to settle before a cell or row can be taken."""

    place: Place
    text: str


class Entry(NamedTuple):
    """One yellow cell that somebody filled.

    Attributes
    ----------
    target
        Opinion, issue, piece that was set aside, or decision that is taken back.
    field
        What it decides.
    text
        As written.
    seen
        What stood in the row when the workbook was made, empty where it is not known.
    words
        Title or voice that stands in the row.
    """

    place: Place
    target: str
    field: str
    text: str
    seen: tuple[str, ...]
    words: str = ""


class Row(NamedTuple):
    """A row, filled or not: title or voice, and what stood there when it was made."""

    sheet: str
    words: str
    seen: tuple[str, ...]


@dataclass(frozen=True)
class ReviewBook:
    """What a workbook says.

    Attributes
    ----------
    file
        Its name.
    run_id
        Run that it was made of.
    entries
        Yellow cells that are filled, in the order of the sheets.
    problems
        What is missing or twice.
    rows
        Every row's target, filled or not, and what stands in it.
    """

    file: str
    run_id: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    rows: Mapping[str, Row]


class _Layout(NamedTuple):
    columns: Sequence[Column]
    keys: tuple[str, ...]
    words: str


_LAYOUTS: Final = {
    ISSUE_SHEET: _Layout(ISSUE_COLUMNS, (ISSUE_ID,), "題"),
    OPINION_SHEET: _Layout(OPINION_COLUMNS, (OPINION_ID,), "意見"),
    ASIDE_SHEET: _Layout(SET_ASIDE_COLUMNS, (ANSWER_ID, START, END), "文"),
    CARRIED_SHEET: _Layout(CARRIED_COLUMNS, (DECISION_ID,), "言葉"),
}


def read_workbook(path: Path) -> ReviewBook:
    """Read a workbook that reviewers filled in.

    Raises
    ------
    InputError
        It cannot be opened, is no plain file, or is no workbook of Kadai.
    """
    check_plain(path)
    grids = read_sheets(path)
    entries: list[Entry] = []
    problems: list[Problem] = []
    rows: dict[str, Row] = {}
    run_id = _run_id(grids.get(GUIDE_SHEET))
    told = _told_columns(grids.get(GUIDE_SHEET))
    if not run_id and not any(name in grids for name in (ISSUE_SHEET, OPINION_SHEET)):
        raise InputError(
            "Kadai の確認用ブックではありません。",
            at=Location(file=path.name),
            remedy="結果のフォルダーの review.xlsx に記入したものを指定してください。",
        )
    if not run_id:
        problems.append(
            Problem(
                Place(path.name, GUIDE_SHEET, 0),
                "実行番号が読めません。「手順」シートを元のブックから戻してください",
            )
        )
    for name, layout in _LAYOUTS.items():
        grid = grids.get(name)
        if grid is None:
            missing = "シートがありません。このシートへの記入は読めません"
            problems.append(Problem(Place(path.name, name, 0), missing))
            continue
        found, wrong, own = _read_sheet(path.name, name, grid, layout, told)
        entries += found
        problems += wrong
        rows.update(own)
    problems += _copied_sheets(path.name, grids)
    return ReviewBook(path.name, run_id, tuple(entries), tuple(problems), rows)


def seen_response(seen: Sequence[str]) -> str | None:
    """What was answered when the workbook was made; ``None`` where that is not kept.

    Parameters
    ----------
    seen
        What the hidden column keeps behind the fields that it always has.
    """
    kept = [own for own in seen if own.startswith(SEEN_RESPONSE)]
    return kept[-1].removeprefix(SEEN_RESPONSE) if kept else None


def _copied_sheets(file: str, grids: Mapping[str, Grid]) -> Iterator[Problem]:
    """Tell of sheets that are copies of ours, where somebody wrote into one."""
    for name, grid in grids.items():
        for own, layout in _LAYOUTS.items():
            places = _header(grid, layout.keys)[1]
            yellow = (own for own in layout.columns if own.editable and not own.needs)
            whole = all(column.name in places for column in yellow)
            if name in _LAYOUTS or not (places and whole):
                continue
            if _read_sheet(file, name, grid, layout)[0]:
                why = f"このシートへの記入は読みません。「{own}」シートに書き写してください"
                yield Problem(Place(file, name, 0), why)


def _run_id(grid: Grid | None) -> str:
    """Value beside the label, wherever the two stand on the first sheet."""
    for row in grid.rows if grid else ():
        for place, cell in enumerate(row):
            if cell.strip() == RUN_LABEL:
                return next((own.strip() for own in row[place + 1 :] if own.strip()), "")
    return ""


def _told_columns(grid: Grid | None) -> frozenset[tuple[str, str]]:
    """Sheets and columns that the first sheet explains: those that the workbook was made with."""
    rows = grid.rows if grid else ()
    return frozenset(
        (one.strip(), other.strip())
        for row in rows
        for one, other in pairwise(row)
        if one and other
    )


def _read_sheet(
    file: str,
    name: str,
    grid: Grid,
    layout: _Layout,
    told: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[list[Entry], list[Problem], dict[str, Row]]:
    """Filled cells of one sheet, and all its rows."""
    header_row, places = _header(grid, layout.keys)
    editable = {
        column.name: column.field
        for column in layout.columns
        if column.editable
        and (not column.needs or column.name in places or (name, column.name) in told)
    }
    whole = Place(file, name, header_row)
    if not places:
        names = "」「".join(layout.keys)
        why = f"「{names}」の列がありません。どの行か分からないので読めません"
        return [], [Problem(whole, why)], {}
    problems = [
        Problem(
            whole,
            f"「{missing}」の列がありません。この列への記入は読めません。見出しを変えていれば、元に戻してください",
        )
        for missing in editable
        if missing not in places
    ]
    heads = [cell.strip() for cell in grid.rows[header_row - 1]]
    for column in [own for own in editable if heads.count(own) > 1]:
        why = f"「{column}」の列が{heads.count(column)}つあります。この列への記入は読めません。1つにしてください"
        problems.append(Problem(whole, why))
        del editable[column]
    entries: list[Entry] = []
    rows: dict[str, Row] = {}
    filled_at: dict[str, list[int]] = {}
    seen_at: dict[str, list[int]] = {}
    for number, row in zip(grid.numbers[header_row:], grid.rows[header_row:], strict=True):
        cells = {column: _cell(row, place) for column, place in places.items()}
        filled = {column: text for column in editable if (text := cells.get(column, ""))}
        target = _target(cells, layout.keys)
        if not target:
            if filled:
                why = f"「{layout.keys[0]}」が空なので、どの行への記入か分かりません"
                problems.append(Problem(Place(file, name, number), why))
            continue
        seen_at.setdefault(target, []).append(number)
        if filled:
            filled_at.setdefault(target, []).append(number)
        seen = _seen(cells.get(SEEN, ""))
        words = cells.get(layout.words, "")
        rows.setdefault(target, Row(name, words, seen))
        entries += [
            Entry(Place(file, name, number, column), target, editable[column], text, seen, words)
            for column, text in filled.items()
        ]
    twice = {
        target: places_of
        for target, places_of in filled_at.items()
        if len(places_of) > 1 or (len(seen_at[target]) > 1 and places_of != seen_at[target][:1])
    }
    for target, places_of in twice.items():
        for number in places_of:
            other = next(own for own in seen_at[target] if own != number)
            why = f"{other}行目と同じ番号（{target}）の行です。どちらかの行を消してください"
            problems.append(Problem(Place(file, name, number), why))
    return [own for own in entries if own.target not in twice], problems, rows


def _header(grid: Grid, keys: tuple[str, ...]) -> tuple[int, dict[str, int]]:
    """Row of the headers, counted from 1, and the place of every column."""
    for number, row in enumerate(grid.rows[:10], start=1):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            if name := cell.strip():
                places.setdefault(name, place)
        if all(key in places for key in keys):
            return number, places
    return 1, {}


def _cell(row: Sequence[str], place: int) -> str:
    return clean(row[place]).strip() if place < len(row) else ""


def _target(cells: Mapping[str, str], keys: tuple[str, ...]) -> str:
    own = [cells.get(key, "") for key in keys]
    if not all(own):
        return ""
    if len(own) == 1:
        return own[0]
    answer, start, end = own
    return piece_id(answer, int(start), int(end)) if _number(start) and _number(end) else ""


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _seen(text: str) -> tuple[str, ...]:
    """What the hidden column keeps; nothing where it was changed or is not there."""
    try:
        values = json.loads(text) if text else []
    except ValueError:
        return ()
    plain = isinstance(values, list) and all(isinstance(own, str) for own in values)
    return tuple(values) if plain else ()
