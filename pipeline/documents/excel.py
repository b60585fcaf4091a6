"""Workbooks (.xlsx, .xlsm, .xls, .ods) → one grid a visible worksheet."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from python_calamine import (
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.documents.archive import check_archive
from pipeline.documents.biff import has_password, scan_biff
from pipeline.documents.bifftexts import check_texts
from pipeline.documents.cells import cell_text, has_lost_digits
from pipeline.documents.compound import Compound
from pipeline.documents.container import kind_of
from pipeline.documents.extent import FarCellError, TooMuchTextError
from pipeline.documents.facts import SheetFacts, sheet_remarks, with_facts
from pipeline.documents.model import Grid, Remark
from pipeline.documents.ods import is_encrypted, read_ods
from pipeline.documents.quiet import quiet
from pipeline.documents.refusals import damaged, locked, no_such_sheet, no_workbook, nothing_visible
from pipeline.documents.sheetxml import scan_workbook
from pipeline.documents.unsafefile import far_cell, too_large
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.documents.container import Kind

_Result = TypeVar("_Result")
_SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"),
    "xls": (".xls",),
    "ods": (".ods",),
}


class WorkbookResult(NamedTuple):
    """What a workbook holds.

    Attributes
    ----------
    grids
        Grids in the order of the workbook.
    skipped
        Sheets that were not read, each with the reason.
    remarks
        What a planner should know about it.
    """

    grids: tuple[Grid, ...]
    skipped: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class _Sheet:
    """One sheet of a workbook of any format; its cells are read when they are asked for."""

    name: str
    table: bool
    visible: bool
    load: Callable[[], tuple[Grid, SheetFacts]]


class _Workbook(NamedTuple):
    sheets: list[_Sheet]
    remarks: tuple[Remark, ...]


def read_excel(path: Path, sheet: str | None = None) -> WorkbookResult:
    """Read the visible worksheets of a workbook, or the one that is named.

    Parameters
    ----------
    path
        The workbook; what it holds, not its suffix, says which format it has.
    sheet
        Name of the one sheet to read, which may be hidden.

    Raises
    ------
    InputError
        The workbook is damaged, has a password, or has no such sheet.
    """
    return _guarded(path, lambda: _read_chosen(path, sheet))


def read_sheets(path: Path) -> dict[str, Grid]:
    """Read every worksheet of a workbook, hidden ones too, by name.

    Raises
    ------
    InputError
        The workbook is missing, damaged or has a password.
    """

    def read() -> dict[str, Grid]:
        return {sheet.name: sheet.load()[0] for sheet in _open(path).sheets if sheet.table}

    try:
        return _guarded(path, read)
    except FileNotFoundError as error:
        raise InputError(
            "ファイルがありません。",
            at=Location(file=path.name),
            remedy="ファイルの場所と名前を確かめてください。",
        ) from error
    except PermissionError as error:
        raise InputError(
            "ファイルを開けません。",
            at=Location(file=path.name),
            remedy="Excel で開いていれば、保存して閉じてから、もう一度実行してください。",
        ) from error
    except OSError as error:
        raise damaged(path) from error


def _guarded(path: Path, read: Callable[[], _Result]) -> _Result:
    """Read, and say in words whatever goes wrong; missing and locked files stay errors."""
    try:
        return read()
    except (InputError, MemoryError):
        raise
    except FarCellError as error:
        raise far_cell(error, path) from error
    except PasswordError as error:
        raise locked(path) from error
    except OSError as error:
        if error.errno is None:  # the reader's own: a file that ends too early
            raise damaged(path) from error
        raise
    except Exception as error:
        raise damaged(path) from error
    except BaseException as error:
        # A panic of the reader's own language is no Exception, and no reason to stop either.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path) from error


def _read_chosen(path: Path, wanted: str | None) -> WorkbookResult:
    book = _open(path)
    names = [sheet.name for sheet in book.sheets]
    if wanted is not None and wanted not in names:
        raise no_such_sheet(path, wanted, names)
    grids: list[Grid] = []
    skipped: list[tuple[str, str]] = []
    remarks = list(book.remarks)
    for sheet in book.sheets:
        if reason := _why_not(sheet, wanted):
            skipped.append((sheet.name, reason))
            continue
        grid, facts = sheet.load()
        if any(map(any, grid.rows)):
            grids.append(grid)
            remarks += sheet_remarks(grid, facts)
        else:
            skipped.append((grid.sheet or "", "空のシートです。"))
    if not grids:
        hidden = [own for own in book.sheets if own.table and not own.visible]
        filled = [own.name for own in hidden if any(map(any, own.load()[0].rows))]
        raise nothing_visible(path, wanted, [] if wanted is not None else filled)
    return WorkbookResult(tuple(grids), tuple(skipped), tuple(remarks))


def _why_not(sheet: _Sheet, wanted: str | None) -> str:
    if not sheet.table:
        return "グラフなど、セルの表ではないシートです。"
    if wanted is not None:
        other = "調査ファイルで別のシートが指定されています。"
        return "" if sheet.name == wanted else other
    return "" if sheet.visible else "非表示のシートです。"


def _open(path: Path) -> _Workbook:
    kind = kind_of(path)
    if kind == "xlsx":
        book = _open_xlsx(path)
    elif kind == "xls":
        book = _open_xls(path)
    elif kind == "ods":
        book = _open_ods(path)
    else:
        raise no_workbook(path, kind)
    if path.suffix.lower() in _SUFFIXES[kind]:
        return book
    said = (
        f"名前の終わりは {path.suffix} ですが、中身は {_SUFFIXES[kind][0]} なので、そう読みます。"
    )
    return book._replace(remarks=(Remark("", said), *book.remarks))


def _open_xlsx(path: Path) -> _Workbook:
    check_archive(path)
    facts = scan_workbook(path)
    return _Workbook(
        _with_calamine(path, "xlsx", lambda _, name: facts.sheets.get(name, SheetFacts())),
        facts.remarks,
    )


def _open_xls(path: Path) -> _Workbook:
    compound = Compound.from_path(path)
    stream = compound.read("Workbook") or compound.read("Book")
    if has_password(stream):
        raise locked(path)
    try:
        check_texts(stream)
    except TooMuchTextError as error:
        raise too_large(path) from error
    facts, n_comments = scan_biff(stream)

    def facts_of(place: int, _: str) -> SheetFacts:
        return facts[place] if place < len(facts) else SheetFacts()

    return _Workbook(_with_calamine(path, "xls", facts_of), _about_comments(n_comments))


def _open_ods(path: Path) -> _Workbook:
    if is_encrypted(path):
        raise locked(path)
    check_archive(path)
    sheets = read_ods(path)

    def load(place: int) -> tuple[Grid, SheetFacts]:
        sheet = sheets[place]
        numbers = tuple(range(1, len(sheet.rows) + 1))
        grid = Grid(path.name, sheet.name, tuple(sheet.rows), numbers, merged=tuple(sheet.merged))
        return grid, sheet.facts

    return _Workbook(
        [
            _Sheet(sheet.name, table=True, visible=not sheet.hidden, load=partial(load, place))
            for place, sheet in enumerate(sheets)
        ],
        _about_comments(sum(sheet.n_comments for sheet in sheets)),
    )


def _calamine(path: Path, kind: Kind) -> CalamineWorkbook:
    if path.suffix.lower() in _SUFFIXES[kind]:
        with quiet():
            return CalamineWorkbook.from_path(str(path))
    # By a path, its suffix would decide.
    data = io.BytesIO(path.read_bytes())
    with quiet():
        return CalamineWorkbook.from_filelike(data)


def _with_calamine(
    path: Path, kind: Kind, facts_of: Callable[[int, str], SheetFacts]
) -> list[_Sheet]:
    workbook = _calamine(path, kind)

    def load(place: int) -> tuple[Grid, SheetFacts]:
        name = workbook.sheet_names[place]
        found = facts_of(place, name)
        with quiet():
            sheet = workbook.get_sheet_by_index(place)
            values = sheet.to_python(skip_empty_area=False)
        long_numbers = [
            (number, index)
            for number, row in enumerate(values, start=1)
            if row.count("") < len(row)  # a stray cell far below stands under a million blank rows
            for index, value in enumerate(row)
            if type(value) is float and has_lost_digits(value)
        ]
        rows = with_facts([_texts(row) for row in values], found)
        merged = tuple(
            (top + 1, left, bottom + 1, right)
            for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or ())
        )
        numbers = tuple(range(1, len(rows) + 1))
        grid = Grid(path.name, name, rows, numbers, merged=merged)
        return grid, replace(found, long_numbers=long_numbers)

    return [
        _Sheet(
            sheet.name,
            sheet.typ == SheetTypeEnum.WorkSheet,
            sheet.visible == SheetVisibleEnum.Visible,
            partial(load, place),
        )
        for place, sheet in enumerate(workbook.sheets_metadata)
    ]


def _texts(row: Sequence[object]) -> tuple[str, ...]:
    """Texts of a row's cells; a blank row, of which there may be a million, is not looked at."""
    if row.count("") == len(row):
        return ("",) * len(row)
    return tuple([cell if type(cell) is str else cell_text(cell) for cell in row])


def _about_comments(n_comments: int) -> tuple[Remark, ...]:
    if not n_comments:
        return ()
    return (Remark("", f"セルに付いたコメント（メモ）が{n_comments}件あります。読みません。"),)
