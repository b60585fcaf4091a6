"""Excel workbooks (.xlsx) → one grid a visible worksheet."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.documents.model import Grid
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from pathlib import Path

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"

MOST_CELLS: Final = 20_000_000
"""Cells of one sheet, empty ones between others included."""


def read_excel(
    path: Path, sheet: str | None = None
) -> tuple[tuple[Grid, ...], tuple[tuple[str, str], ...]]:
    """Read the visible worksheets of a workbook, or the one that is named.

    Parameters
    ----------
    path
        The workbook.
    sheet
        Name of the one sheet to read, which may be hidden.

    Returns
    -------
    grids, skipped
        Grids in the order of the workbook; sheets that were not read, with reasons.

    Raises
    ------
    InputError
        The workbook is damaged, has a password, or has no such sheet.
    """
    _check_container(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            chosen, skipped = _choose(workbook.sheets_metadata, sheet)
            if sheet is not None and not chosen:
                raise _no_such_sheet(path, sheet, workbook.sheet_names)
            grids = tuple(_grid(workbook, path.name, name) for name in chosen)
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(path) from error
    filled = tuple(grid for grid in grids if any(map(any, grid.rows)))
    skipped += [(grid.sheet or "", "空のシートです。") for grid in grids if grid not in filled]
    if not filled:
        raise InputError(
            "文字の入った、表示されているワークシートがありません。",
            at=Location(file=path.name, sheet=sheet),
            remedy="Excel で開き、回答のあるシートが空や非表示でないかを確かめてください。",
        )
    return filled, tuple(skipped)


def read_sheets(path: Path) -> dict[str, Grid]:
    """Read every worksheet of a workbook, hidden ones too, by name.

    Raises
    ------
    InputError
        The workbook is missing, damaged or has a password.
    """
    try:
        _check_container(path)
        with CalamineWorkbook.from_path(str(path)) as workbook:
            return {
                sheet.name: _grid(workbook, path.name, sheet.name)
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            }
    except (InputError, MemoryError):
        raise
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
    except Exception as error:
        raise _damaged(path) from error
    except BaseException as error:
        # A panic of the reader's own language is no Exception, and no reason to stop either.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path) from error


def cell_text(value: object) -> str:
    """Write a cell's value as a person reads it: 224 rather than 224.0, dates as ISO text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.date | dt.time):  # a datetime is a date as well
        return value.isoformat()
    return "" if value is None else str(value)


def column_letters(index: int) -> str:
    """Excel's name of a column: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _choose(
    sheets: list[SheetMetadata], wanted: str | None
) -> tuple[list[str], list[tuple[str, str]]]:
    chosen, skipped = [], []
    for sheet in sheets:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            skipped.append((sheet.name, "グラフなど、セルの表ではないシートです。"))
        elif wanted is not None:
            if sheet.name == wanted:
                chosen.append(sheet.name)
            else:
                skipped.append((sheet.name, "調査ファイルで別のシートが指定されています。"))
        elif sheet.visible != SheetVisibleEnum.Visible:
            skipped.append((sheet.name, "非表示のシートです。"))
        else:
            chosen.append(sheet.name)
    return chosen, skipped


def _grid(workbook: CalamineWorkbook, file: str, name: str) -> Grid:
    values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows = tuple(tuple(cell_text(value) for value in row) for row in values)
    return Grid(file, name, rows, tuple(range(1, len(rows) + 1)))


def _check_container(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(_OLD_OR_ENCRYPTED):
        raise InputError(
            "パスワードが付いているか、古い形式（.xls）の Excel ファイルです。",
            at=Location(file=path.name),
            remedy="Excel で開き、パスワードを外して .xlsx で保存し直してください。",
        )
    if not head.startswith(_ZIP):
        raise _damaged(path)
    try:
        _check_size(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(path) from error


_CELL: Final = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^>/]>')


def _check_size(path: Path) -> None:
    """Refuse a sheet with a cell far away from all others.

    The reader makes room for everything up to the last cell that is filled; a single
    space in XFD1048576 would take half a terabyte, and end the program without a word.
    """
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                continue
            rows = columns = 0
            last = b""
            for cell in _CELL.finditer(parts.read(name)):
                letters, row = cell[1], int(cell[2])
                rows = max(rows, row)
                if len(letters) > len(last) or (len(letters) == len(last) and letters > last):
                    last = letters
                    columns = column_number(letters.decode())
            if rows * columns > MOST_CELLS:
                raise InputError(
                    "表からとても離れたところに、文字の入ったセルがあります"
                    f"（{last.decode()}列まで、{rows:,}行目まで）。",
                    at=Location(file=path.name),
                    remedy="どのシートかは、Excel で Ctrl+End を押すと分かります。"
                    "離れたセルの文字（空白だけのこともあります）を消して保存し直してください。",
                )


def column_number(letters: str) -> int:
    """Number of a column, from 1: A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _damaged(path: Path) -> InputError:
    return InputError(
        "Excel ファイルとして読めません。壊れているか、別の形式のファイルです。",
        at=Location(file=path.name),
        remedy="Excel で開けるか確かめ、開けたら .xlsx で保存し直してください。",
    )


def _no_such_sheet(path: Path, sheet: str, names: list[str]) -> InputError:
    return InputError(
        f"シート「{sheet}」がありません（あるシート: {'、'.join(names)}）。",
        at=Location(file=path.name, sheet=sheet),
        remedy="調査ファイルの sheet を、あるシートの名前に直してください。",
    )
