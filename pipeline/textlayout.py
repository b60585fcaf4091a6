"""Japanese text laid out in columns for a terminal: wrapped, padded, cut."""

from __future__ import annotations

import re
import shutil
from functools import partial
from typing import TYPE_CHECKING, Final

from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GAP: Final = "  "
"""What stands between two columns."""

CUT: Final = "…"

_LEAST_WIDTH: Final = 60

# Numbers and ids stay whole where they can.
_UNIT: Final = re.compile(r"[0-9A-Za-z@_.:+-]+|.", re.DOTALL)
_NEVER_FIRST: Final = frozenset("、。，．・」』）］】〉》〕！？：；…ー々っゃゅょッャュョ,.)]!?:;")

width_of = partial(text_width, ambiguous=1)
"""Width of a line in a terminal of today."""


def terminal_width(usual: int = 120, most: int | None = None) -> int:
    """Columns that lines may take.

    Parameters
    ----------
    usual
        Where nobody can tell: the lines go into a file, or to another program.
    most
        At most; longer lines are hard to read.
    """
    columns = max(shutil.get_terminal_size((usual, 24)).columns, _LEAST_WIDTH)
    return columns if most is None else min(columns, most)


def shorten(text: str, most: int) -> str:
    """Text as one line of `most` characters at most.

    Examples
    --------
    >>> shorten("バスの 本数が少ない", 8)
    'バスの 本数が…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - len(CUT)] + CUT


def pad(text: str, width: int) -> str:
    """Text with spaces behind it up to a width."""
    return text + " " * (width - width_of(text))


def wrap(text: str, width: int) -> list[str]:
    """Lines of a text, none wider than `width` columns (2 or more); no character is lost.

    A number or id that fits into one line is not broken, and no line begins with a
    punctuation mark unless there is nothing to put before it.

    Examples
    --------
    >>> wrap("バスがない。雪", 10)
    ['バスがな', 'い。雪']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line: list[str] = []
        for unit in _units(paragraph, width):
            if line and width_of("".join(line)) + width_of(unit) > width:
                down = _carried_down(line, unit)
                lines.append("".join(line[: len(line) - len(down)]))
                line = down
                if line and width_of("".join(line)) + width_of(unit) > width:
                    lines.append("".join(line))
                    line = []
            line.append(unit)
        lines.append("".join(line))
    return lines


def labelled(label: str, text: str, label_width: int, width: int, indent: str = "") -> list[str]:
    """Label and text beside it; further lines of the text stand below its first one."""
    room = max(width - width_of(indent) - label_width, 20)
    first, *others = wrap(text, room)
    lines = [f"{indent}{pad(label, label_width)}{first}"]
    lines += [f"{indent}{' ' * label_width}{line}" for line in others]
    return [line.rstrip() for line in lines]


def table(
    rows: Sequence[Sequence[str]], width: int, least: Mapping[int, int], notes: Sequence[str] = ()
) -> list[str]:
    """Lines of a table with a header; what is too long goes on in the next line.

    Parameters
    ----------
    rows
        Cells, all to the left; the first row is the header.
    width
        Columns of the terminal.
    least
        Column that may be made narrower → how narrow. Where that does not suffice the
        table is wider than the terminal.
    notes
        For every row but the header what stands below it, across all columns.
    """
    header, *body = rows
    wide = [
        max(width_of(line) for row in rows for line in row[place].split("\n"))
        for place in range(len(header))
    ]
    while sum(wide) + len(GAP) * (len(wide) - 1) > width:
        shrinking = [place for place, floor in least.items() if wide[place] > floor]
        if not shrinking:
            break
        wide[max(shrinking, key=lambda place: (wide[place], -place))] -= 1
    shown = [_row_lines(row, wide) for row in body]
    for lines, note in zip(shown, notes, strict=False):
        if note:
            lines += [GAP + line for line in wrap(note, max(width - len(GAP), 2))]
    apart = [""] if any(len(lines) > 1 for lines in shown) else []
    below = [line for lines in shown for line in (*lines, *apart)]
    rule = GAP.join("-" * own for own in wide)
    return [*_row_lines(header, wide), rule, *(below[:-1] if apart else below)]


def _row_lines(row: Sequence[str], wide: Sequence[int]) -> list[str]:
    cells = [wrap(cell, own) for cell, own in zip(row, wide, strict=True)]
    return [
        GAP.join(
            pad(cell[number] if number < len(cell) else "", own)
            for cell, own in zip(cells, wide, strict=True)
        ).rstrip()
        for number in range(max(map(len, cells)))
    ]


def _units(text: str, width: int) -> list[str]:
    """Pieces that are not broken."""
    found: list[str] = []
    for unit in _UNIT.findall(text):
        found += [unit] if width_of(unit) <= width else list(unit)
    return found


def _carried_down(line: Sequence[str], unit: str) -> list[str]:
    """End of a line that goes to the next one so that this does not begin with a mark."""
    if unit not in _NEVER_FIRST:
        return []
    for place in range(len(line) - 1, 0, -1):
        if line[place] not in _NEVER_FIRST:
            return list(line[place:])
    return []
