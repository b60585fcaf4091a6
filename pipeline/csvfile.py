"""Small CSV files that people write beside the dictionaries: read, every row with its line."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError, Location
from pipeline.plainfile import check_plain
from pipeline.tomlfile import Problem, faulty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LARGEST_FILE: Final = 1 << 26
"""Bytes of a file: more than a hundred thousand decisions."""

LONGEST_CELL: Final = 1_000_000
"""Characters of a cell, at most; longer is a quotation mark that nobody closed."""


def read_rows(
    path: Path, name: str, columns: Sequence[str], remedy: str
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Rows of a CSV file in UTF-8 with a fixed header.

    Parameters
    ----------
    path
        The file.
    name, remedy
        What the file is, and what to do where it is wrong, for messages.

    Returns
    -------
    rows : list of (int, list of str)
        Rows that are not empty and have all columns, cells without the space around them,
        each with the line that it begins on; a cell may have several lines.
    problems : list of Problem
        Rows with another number of columns.

    Raises
    ------
    InputError
        The file cannot be read, is not UTF-8 or no CSV, or has another header.
    """
    return parse_rows(read_bytes(path, name), path.name, name, columns, remedy)


def read_bytes(path: Path, name: str) -> bytes:
    """Content of a file.

    Raises
    ------
    InputError
        It cannot be opened, or is no plain file.
    """
    check_plain(path, LARGEST_FILE)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{name}を開けません。",
            at=Location(file=path.name),
            remedy="ファイルの場所と名前を確かめ、Excel などで開いていれば閉じてください。",
        ) from error


def parse_rows(
    data: bytes, file: str, name: str, columns: Sequence[str], remedy: str
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Rows of a file that was read already; see :func:`read_rows`.

    Parameters
    ----------
    data
        Content of the file.
    file
        Its name, for messages.
    """
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            f"{name}が壊れています（文字でないものがあります）。",
            at=Location(file=file, row=_line(data, data.index(b"\0"))),
            remedy="控えがあればそれに戻してください。なければ、その行をメモ帳などで確かめて直します。",
        )
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}の文字コードが UTF-8 ではありません。",
            at=Location(file=file, row=_line(data, error.start)),
            remedy="Excel では「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。",
        ) from error
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    line = 1
    try:
        header = next(reader, [])
        if tuple(header) != tuple(columns):
            wrong = Problem(1, f"見出しが {','.join(columns)} ではありません")
            raise faulty(file, name, [wrong], remedy)
        line = reader.line_num + 1
        for row in reader:
            if any(row) and len(row) != len(columns):
                why = f"列が{len(row)}個です（{len(columns)}個にしてください）"
                problems.append(Problem(line, why))
            elif any(row):
                rows.append((line, [cell.strip() for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{name}を CSV として読めません（{error}）。",
            at=Location(file=file, row=line),
            remedy='その行の " が閉じているか確かめてください。',
        ) from error
    return rows, problems


def _line(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
