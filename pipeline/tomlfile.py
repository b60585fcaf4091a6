"""Dictionaries in TOML: read them, and name the line of whatever is wrong in them."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


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
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        reason = "見つかりません" if isinstance(error, FileNotFoundError) else str(error)
        raise InputError(
            f"{name}を読めません（{reason}）。",
            at=Location(file=path.name, row=int(found.group(1)) if found else None),
            remedy="文字コード UTF-8 の TOML として保存されているか確かめてください。",
        ) from error


def table_lines(text: str, key: str, values: object) -> list[int | None]:
    """Line that every ``[[key]]`` begins in; unknown where tables are written in another way."""
    n_tables = len(values) if isinstance(values, list) else 0
    pattern = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]")
    found = [
        number for number, line in enumerate(text.splitlines(), start=1) if pattern.match(line)
    ]
    return [*found] if len(found) == n_tables else [None] * n_tables


def faulty(file: str, name: str, problems: Sequence[Problem], remedy: str) -> InputError:
    """One error that lists every problem of a file with its line."""
    listed = [f"  - {f'{line}行目 ' if line else ''}{text}" for line, text in problems]
    return InputError(
        f"{name}の内容に誤りがあります。\n" + "\n".join(listed),
        at=Location(file=file, row=problems[0].line),
        remedy=remedy,
    )
