"""A page of a PDF of notes → its lines and tables, in the order of reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.documents.notes import is_marked, is_record_label
from pipeline.documents.pdflayout import Piece, reading_order
from pipeline.documents.pdfletters import page_letters, page_rules, page_text
from pipeline.documents.signs import is_sign, sign
from pipeline.documents.speakers import split_speaker
from pipeline.normalize import mend_characters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdfplumber.page import Page

    from pipeline.documents.pdfletters import Letter

_LONGEST_LABEL: Final = 6  # letters of a mark or label with a wide gap behind it
_MOST_CROSSINGS: Final = 5_000  # of lines, beyond which a page is a picture without tables
_CELL_EDGE: Final = 2.5  # of the letter size: what a full line leaves free in its cell
_TABLE: Final = "\x00"  # begins the name of a table among the pieces; no letter of a page does


Box = tuple[float, float, float, float]


class _Cells(NamedTuple):
    """A table with drawn lines: the letters of each cell, and where it stands."""

    box: Box
    rows: list[list[tuple[Box, list[Letter]]]]


class Place(NamedTuple):
    """A line and where it stands."""

    page: int
    number: int
    piece: Piece


@dataclass(frozen=True)
class PdfTable:
    """Cells of a table, row by row; what a merged cell covers is blank."""

    page: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PageBlocks:
    """What stands on a page.

    Attributes
    ----------
    width, height
        In points, as the page is read: a vertical page is turned by a quarter.
    sizes
        Size of letters → how many there are.
    """

    blocks: tuple[Place | PdfTable, ...]
    readings: tuple[str, ...]
    width: float
    height: float
    vertical: bool
    sizes: Mapping[float, int]


def page_blocks(page: Page) -> PageBlocks:
    """Read the lines and tables of a page."""
    letters, rules = page_letters(page), page_rules(page)
    tables = _tables(page, letters)
    inside = {
        id(letter) for table in tables for row in table.rows for _, own in row for letter in own
    }
    boxes = [table.box for table in tables]
    text = page_text(
        [letter for letter in letters if id(letter) not in inside],
        [rule for rule in rules if not any(top <= rule.top <= low for _, top, _, low in boxes)],
        float(page.width),
        wide_spaces=True,
    )
    places = [
        Piece(left, right, top, low, 1.0, f"{_TABLE}{number}")
        for number, (left, top, right, low) in enumerate(boxes)
    ]
    blocks: list[Place | PdfTable] = []
    readings = list(text.readings)
    written = [piece._replace(text=piece.text.replace(_TABLE, " ")) for piece in text.pieces]
    ordered = list(reading_order([*written, *places], text.rules, labels=True))
    for number, piece in enumerate(_with_labels(ordered), start=1):
        if _is_table(piece):
            table = tables[int(piece.text[1:])]
            read = [
                [_cell_text(own, box, float(page.width)) for box, own in row] for row in table.rows
            ]
            readings += [one for row in read for _, small in row for one in small]
            rows = tuple(tuple(cell for cell, _ in row) for row in read)
            blocks.append(PdfTable(page.page_number, rows))
        else:
            blocks.append(Place(page.page_number, number, piece))
    size = (float(page.width), float(page.height))
    width, height = reversed(size) if text.vertical else size
    sizes = Counter(round(float(letter["size"]), 1) for letter in letters)
    return PageBlocks(tuple(blocks), tuple(readings), width, height, text.vertical, sizes)


def mended(text: str) -> str:
    """Letters for what only looks like them: radicals (⽇ → 日), signs of symbol fonts."""
    text = mend_characters(text)
    if not any(is_sign(ord(letter)) for letter in text):
        return text
    return "".join(sign(ord(letter)) if is_sign(ord(letter)) else letter for letter in text)


def follows(before: str, text: str) -> str:
    """Two parts of a wrapped line as one: between words of letters stands a space."""
    if not before:
        return text
    latin = before[-1].isascii() and text[:1].isascii()
    apart = latin and before[-1] not in "-/" and not before[-1].isspace()
    return f"{before} {text}" if apart else before + text


def _with_labels(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Join a mark or label with what stands behind it on its line: 「日時　　10月4日」."""
    held: Piece | None = None
    for piece in pieces:
        own = piece if _is_table(piece) else piece._replace(text=mended(piece.text))
        if held is not None and _on_one_line(held, own):
            own = own._replace(x0=held.x0, text=f"{held.text}\u3000{own.text}")
        elif held is not None:
            yield held
        held = own
        if _is_table(own) or not _is_label(own.text):
            yield own
            held = None
    if held is not None:
        yield held


def _is_table(piece: Piece) -> bool:
    return piece.text.startswith(_TABLE)


def _is_label(text: str) -> bool:
    """Whether a short piece is a mark, a name or 日時, which its line goes on behind."""
    if len(text) > _LONGEST_LABEL:
        return False
    sign = not any(letter.isalpha() for letter in text)
    return sign or is_record_label(text) or bool(split_speaker(f"{text}：")[0])


def _on_one_line(label: Piece, piece: Piece) -> bool:
    if _is_table(piece):
        return False
    level = abs(label.top + label.bottom - piece.top - piece.bottom) < label.size
    return level and piece.x0 >= label.x1


def _tables(page: Page, letters: Sequence[Letter]) -> list[_Cells]:
    """Tables with drawn lines, and the letters of each cell."""
    across = {round(edge["top"]) for edge in page.edges if edge["orientation"] == "h"}
    down = {round(edge["x0"]) for edge in page.edges if edge["orientation"] == "v"}
    if not (across and down) or len(across) * len(down) > _MOST_CROSSINGS:
        return []
    found = []
    taken: set[int] = set()
    for table in page.find_tables():
        near = [one for one in letters if id(one) not in taken and _is_in(one, table.bbox)]
        rows: list[list[tuple[Box, list[Letter]]]] = []
        for row in table.rows:
            rows.append([])
            for box in row.cells:
                own = [one for one in near if box and _is_in(one, box) and id(one) not in taken]
                taken |= {id(one) for one in own}
                rows[-1].append((box or table.bbox, own))
        if sum(bool(own) for row in rows for _, own in row) > 1:
            found.append(_Cells(table.bbox, rows))
        else:  # a frame around text is no table
            taken -= {id(one) for one in near}
    return found


def _is_in(letter: Letter, box: Box) -> bool:
    left, top, right, low = box
    across, down = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
    return bool(left <= across <= right and top <= down <= low)


def _cell_text(letters: Sequence[Letter], box: Box, width: float) -> tuple[str, list[str]]:
    """Text of a cell and its small readings; lines that fill the cell run on."""
    text = page_text(letters, [], width, wide_spaces=True)
    pieces = list(_with_labels(list(reading_order(text.pieces, [], labels=True))))
    if not pieces:
        return "", text.readings
    right = max(piece.x1 for piece in pieces) if text.vertical else box[2]
    parts = [pieces[0].text]
    for before, piece in pairwise(pieces):
        full = before.x1 >= right - _CELL_EDGE * before.size
        if full and not is_marked(piece.text):
            parts[-1] = follows(parts[-1], piece.text)
        else:
            parts.append(piece.text)
    return "\n".join(parts), text.readings
