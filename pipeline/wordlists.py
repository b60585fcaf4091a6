"""Lists of words that people edit in Notepad or Excel: read, and every broken line named.

A line is an entry: an unclosed quotation mark breaks its own line only, and whatever is wrong
in the file is told at once, not one line at a time.
"""

from __future__ import annotations

import codecs
import csv
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import InputError, Location
from pipeline.plainfile import LARGEST_SETTINGS, check_plain
from pipeline.tomlfile import Problem, faulty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_NAMED: Final = 20
"""Broken lines that are named; of more, their number is told."""

_OTHER_COMMAS: Final = {
    "，": "全角のコンマ「，」",
    "、": "読点「、」",
    "､": "半角の読点「､」",
    "„": "別の記号「„」",
    "‚": "別の記号「‚」",
    ";": "セミコロン「;」",
    "；": "全角のセミコロン「；」",
    "\t": "タブ",
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufffd]")
_SAVE_AS_UTF8: Final = (
    "メモ帳では文字コード「UTF-8」を、Excel では「CSV UTF-8（コンマ区切り）」を選んで、"
    "保存し直してください。"
)


class Line(NamedTuple):
    """An entry: the number of its line, from 1, and its cells without the space around them."""

    number: int
    cells: tuple[str, ...]


def read_words(path: Path, name: str) -> str:
    """Text of a list of words.

    Parameters
    ----------
    name
        What the file is, for messages.

    Raises
    ------
    InputError
        It cannot be opened, or its text is not in UTF-8.
    """
    check_plain(path, LARGEST_SETTINGS)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{name}を読めません。",
            at=Location(file=path.name),
            remedy="ファイルがあるかを確かめ、Excel などで開いていれば閉じてください。",
        ) from error
    return as_text(data, path.name, name)


def as_text(data: bytes, file: str, name: str) -> str:
    """Text of a list that was read already; errors are those of :func:`read_words`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _encoding(f"{name}の文字コードが UTF-16（「Unicode」）です。", file, None)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        try:
            data.decode("cp932")
        except UnicodeDecodeError:
            problem = f"{name}の文字コードが UTF-8 ではありません。"
        else:
            problem = (
                f"{name}が Shift_JIS（ANSI）で保存されています"
                "（Excel の「CSV（コンマ区切り）」は、この形で保存します）。"
            )
        raise _encoding(problem, file, line) from error


def parse_words(
    text: str, columns: Sequence[str], *, has_header: bool = True
) -> tuple[list[Line], list[Problem]]:
    """Entries of a list in CSV, and the lines that are none.

    Parameters
    ----------
    columns
        Names of the columns.
    has_header
        Whether the first entry has to be these names.

    Returns
    -------
    lines : list of Line
        Without the header, blank lines and those that begin with ``#``. Empty cells at the
        end, which Excel adds, are dropped.
    problems : list of Problem
        One a broken line.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    header = not has_header
    for number, line in _numbered(text):
        if _is_comment(line):
            continue
        cells, problem = _parse(line, columns)
        if not problem and not cells:
            continue
        if not header:
            header = True
            if list(cells) == list(columns):
                continue
            problems.append(Problem(number, f"見出しが「{','.join(columns)}」ではありません"))
            if problem:
                continue
        if problem:
            problems.append(Problem(number, problem))
        else:
            lines.append(Line(number, cells))
    if not header:
        problems.append(Problem(1, f"見出しが「{','.join(columns)}」ではありません"))
    return lines, problems


def parse_plain(text: str) -> tuple[list[Line], list[Problem]]:
    """Entries of a list of one word a line; ``#`` begins a comment, also behind a word."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, line in _numbered(text):
        word = line.split("#", 1)[0].strip()
        if _CONTROL.search(line):
            problems.append(Problem(number, "文字でないもの、または文字化けがあります"))
        elif found := re.search(r"[,，、､;；\t]", word):
            problems.append(
                Problem(number, f"「{_shown(found[0])}」があります（1行に1語だけ書きます）")
            )
        elif word:
            lines.append(Line(number, (word,)))
    return lines, problems


def check_words(problems: Sequence[Problem], file: str, name: str) -> None:
    """Name all that is wrong in a list.

    Raises
    ------
    InputError
        Something is: the first lines of it, and how many there are.
    """
    if not problems:
        return
    ordered = sorted(problems, key=lambda own: (own.line or 0, own.text))
    named = ordered[:MOST_NAMED]
    if left := len(ordered) - len(named):
        named.append(Problem(None, f"ほかに {left:,}か所あります"))
    raise faulty(file, name, named, f"{file} のこの行を直してください。")


def _numbered(text: str) -> list[tuple[int, str]]:
    # Not splitlines: a form feed or a rare separator is a broken letter, not the end of a line.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return list(enumerate(lines, start=1))


def _is_comment(line: str) -> bool:
    # Excel puts a comment with a comma in it into quotation marks.
    return line.strip().lstrip('"').startswith("#")


def _parse(line: str, columns: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Cells of a line, and what is wrong with it; no cells for a blank one."""
    if _CONTROL.search(line):
        return (), "文字でないもの（NUL など）、または文字化けがあります"
    try:
        read = list(csv.reader([line], strict=True))
    except csv.Error:
        return (), '引用符（"）が閉じていないか、余分にあります'
    cells = [cell.strip() for cell in (read[0] if read else [])]
    if not any(cells):
        return (), ""
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if len(cells) == len(columns):
        return tuple(cells), ""
    wrong = f"列が{len(cells)}個あります（{'、'.join(columns)} の{len(columns)}列が必要です"
    other = next((own for own in _OTHER_COMMAS if own in line), None)
    if len(cells) < len(columns) and other is not None:
        told = _OTHER_COMMAS[other]
        return (), f"{wrong}。区切りが{told}になっています。半角のコンマ「,」に直します）"
    return (), f"{wrong}）"


def _shown(letter: str) -> str:
    return "タブ" if letter == "\t" else letter


def _encoding(problem: str, file: str, line: int | None) -> InputError:
    return InputError(problem, at=Location(file=file, row=line), remedy=_SAVE_AS_UTF8)
