"""Dictionaries in TOML: read them, and name the line of whatever is wrong in them."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.errors import InputError, Location
from pipeline.plainfile import LARGEST_SETTINGS, check_plain
from pipeline.tomltext import parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


_KEY: Final = re.compile(r"\s*([a-z_]+)\s*=")
_TABLE: Final = re.compile(r"\s*\[\[?[^\[\]]+\]\]?\s*(?:#.*)?$")


class Problem(NamedTuple):
    """Something wrong in a file.

    Attributes
    ----------
    line
        1 is the first line; ``None`` where it is not known.
    text
        What is wrong, in Japanese.
    """

    line: int | None
    text: str


def read_toml(path: Path, name: str) -> tuple[str, dict[str, Any]]:
    """Text and values of a TOML file.

    Parameters
    ----------
    name
        What the file is, for the error message: 「規則ファイル」.

    Raises
    ------
    InputError
        The file is missing, not UTF-8 or not TOML.
    """
    text = read_text(path, name)
    try:
        return text, parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, name, error) from error


def read_text(path: Path, name: str) -> str:
    """Text of a TOML file as it is written, whether it is TOML or not; see :func:`read_toml`.

    Raises
    ------
    InputError
        The file is missing or not UTF-8.
    """
    check_plain(path, LARGEST_SETTINGS)
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, name, error) from error


def _unreadable(path: Path, name: str, error: Exception) -> InputError:
    found = re.search(r"line (\d+)", str(error))
    reason = "見つかりません" if isinstance(error, FileNotFoundError) else str(error)
    return InputError(
        f"{name}を読めません（{reason}）。",
        at=Location(file=path.name, row=int(found.group(1)) if found else None),
        remedy="文字コード UTF-8 の TOML として保存されているか確かめてください。",
    )


def table_lines(text: str, key: str, values: object) -> list[int | None]:
    """Line that every ``[[key]]`` begins in; unknown where tables are written in another way."""
    n_tables = len(values) if isinstance(values, list) else 0
    pattern = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]")
    found = [
        number for number, line in enumerate(text.splitlines(), start=1) if pattern.match(line)
    ]
    return [*found] if len(found) == n_tables else [None] * n_tables


def value_line(
    lines: Sequence[str], starts: Sequence[int | None], place: int, key: str, written: str
) -> int | None:
    """Line on which one of several tables says a value under a key.

    Parameters
    ----------
    lines
        All lines of the file.
    starts
        What :func:`table_lines` gave.
    place
        Which of the tables, from 0.
    written
        The string, as it stands between quotation marks.

    Returns
    -------
    int or None
        The table's own line where the value is not found in it; ``None`` where not
        even that is known.
    """
    start = starts[place]
    if start is None:
        return None
    following = [line for line in starts[place + 1 :] if line]
    end = following[0] - 1 if following else len(lines)
    found, inside = start, False
    for number in range(start + 1, end + 1):
        line = lines[number - 1]
        if begun := _KEY.match(line):
            inside = begun[1] == key
        if inside and any(own in line for own in (f'"{written}"', f"'{written}'")):
            found = number
    return found


def place_line(place: Sequence[int | str], text: str, values: Mapping[str, Any]) -> int | None:
    """Line of the value that a pydantic location points at, or of the table that holds it.

    Parameters
    ----------
    place
        Keys and places in lists: ``("goals", 0, "measures", 1, "name")``.
    text, values
        The file as written and as parsed.

    Returns
    -------
    int or None
        Arrays of tables (``[[goals]]``) are followed down; in the last one the line of
        the key, and in a list over several lines the line of the entry. ``None`` where
        tables are written in another way.
    """
    start: int | None = 1
    holder: Any = values
    path: list[str] = []
    left = list(place)
    while len(left) > 1 and isinstance(left[0], str) and isinstance(left[1], int):
        own = holder.get(left[0]) if isinstance(holder, dict) else None
        if not isinstance(own, list) or left[1] >= len(own):
            break
        lines = _lines_of_tables([*path, left[0]], text, values)
        found = next((line for entry, line in lines if entry is own[left[1]]), None)
        if found is None:
            break
        start, holder, path, left = found, own[left[1]], [*path, left[0]], left[2:]
    return _line_inside(left, text.splitlines(), start)


def _lines_of_tables(
    path: Sequence[str], text: str, values: Mapping[str, Any]
) -> list[tuple[Any, int | None]]:
    """Every table of an array of tables, of all parents, with the line that it begins in."""
    tables: list[Any] = [values]
    for key in path:
        tables = [
            entry
            for table in tables
            if isinstance(table, dict) and isinstance(table.get(key), list)
            for entry in table[key]
        ]
    return list(zip(tables, table_lines(text, ".".join(path), tables), strict=True))


def _line_inside(left: Sequence[int | str], lines: Sequence[str], start: int | None) -> int | None:
    """Line of a key, and of an entry of its list, in the table that begins at `start`."""
    if start is None or not left or not isinstance(left[0], str):
        return start
    key = re.compile(rf"""\s*["']?{re.escape(left[0])}["']?\s*=""")
    following = range(start + 1, len(lines) + 1)
    end = next((number for number in following if _TABLE.match(lines[number - 1])), len(lines) + 1)
    found = next((number for number in range(start, end) if key.match(lines[number - 1])), None)
    if found is None:
        return start
    opened = re.search(r"=\s*\[\s*(?:#.*)?$", lines[found - 1])
    if len(left) == 1 or not isinstance(left[1], int) or not opened:
        return found
    entries = [
        number for number in range(found + 1, end) if re.match(r"\s*[^\s#\]]", lines[number - 1])
    ]
    return entries[left[1]] if left[1] < len(entries) else found


def faulty(file: str, name: str, problems: Sequence[Problem], remedy: str) -> InputError:
    """One error that lists every problem of a file with its line."""
    listed = [f"  - {f'{line}行目 ' if line else ''}{text}" for line, text in problems]
    return InputError(
        f"{name}の内容に誤りがあります。\n" + "\n".join(listed),
        at=Location(file=file, row=problems[0].line),
        remedy=remedy,
    )
