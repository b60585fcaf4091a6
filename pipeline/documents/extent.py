"""How much a worksheet unfolds to: cells far away, cells repeated, one text in every cell.

The reader of workbooks makes room for everything up to the last filled cell, and copies
a shared text into every cell that names it. What that comes to is counted here from the
XML, piece by piece, before it happens.
"""

from __future__ import annotations

import re
from array import array
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

MOST_CELLS: Final = 20_000_000
"""Cells of one sheet, the empty ones between others included."""
MOST_BLANK_CELLS: Final = 8_000_000
"""The same for a sheet with fewer than one filled cell in :data:`ONE_IN`."""
ONE_IN: Final = 10
LARGEST_TEXT: Final = 1 << 29
"""Bytes of the texts of all cells: 170 Japanese letters for each of 1,048,576 rows."""

_LONGEST_TAG: Final = 4096
_MARKUP: Final = 20  # bytes of the tags around a short text
_ODS_MARKUP: Final = 100
_LARGEST_ROW: Final = 1 << 26
_LETTERS: Final = bytes(range(ord("A"), ord("Z") + 1))
_DIGITS: Final = bytes(range(ord("0"), ord("9") + 1))

_CELL: Final = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_ROW_BEGIN: Final = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row(?=[\s/>])(?:[^<>]*?\sr\s*=\s*["']([0-9]{1,12})["'])?""")
_PLACED: Final = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]""")
_FILLED: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,9}[0-9]{1,12})["'][^<>]*+(?<!/)>""")
_SHARED: Final = re.compile(rb"""\st\s*=\s*["']s["'][^<>]*+>(?:<(?:\w+:)?v>\s*+([0-9]{1,9}))?""")
_TEXT: Final = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")

_ODS_BEGIN: Final = re.compile(rb"(?=<table:table(?:-row)?[\s/>])")
_ODS_ROW: Final = re.compile(rb"<table:table-row(?=[\s/>])([^<>]*+)>")
_ODS_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])([^<>]*+)>")
_ODS_REPEATED: Final = re.compile(rb"""-repeated\s*=\s*["']\s*([0-9]{1,12})""")


class FarCellError(ValueError):
    """A sheet unfolds to more cells than there may be: up to which column and row."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.columns, self.rows = columns, rows


class TooMuchTextError(ValueError):
    """The cells of a workbook hold more text than there may be."""


class Extent(Protocol):
    """Counts what one XML part unfolds to."""

    def read(self, piece: bytes) -> None:
        """Look at the next piece of the part."""

    def close(self) -> None:
        """Refuse the part if it unfolds to too much."""


class SharedTexts:
    """Texts of an .xlsx workbook, each stored once, and the cells that name them."""

    def __init__(self) -> None:
        self._sizes = array("q")
        self._named = array("q")
        self._n_unclear = 0

    def name(self, numbers: list[bytes]) -> None:
        """Note the numbers of texts that cells name; a blank one is not understood."""
        clear = [int(number) for number in numbers if number]
        self._n_unclear += len(numbers) - len(clear)
        self._named.extend(clear)

    def store(self, sizes: list[int]) -> None:
        """Note the sizes of texts in their order, in bytes."""
        self._sizes.extend(sizes)

    def check(self) -> None:
        """Refuse texts that unfold to more than :data:`LARGEST_TEXT`.

        Raises
        ------
        TooMuchTextError
            They do.
        """
        if not self._sizes:
            return
        sizes = np.maximum(np.array(self._sizes, dtype=np.int64) - _MARKUP, 0)
        named = np.array(self._named, dtype=np.int64)
        size = int(sizes[named[named < len(sizes)]].sum())
        _check_text(size + self._n_unclear * int(sizes.max()))


class SheetExtent:
    """Extent of a sheet of an .xlsx workbook, or of any XML part of it: names can deceive."""

    def __init__(self, texts: SharedTexts) -> None:
        self._texts = texts
        self._rest = b""
        self._n_read = 0
        self._begins: list[int] = []
        self._n_filled = self._columns = self._rows = 0
        # Cells and rows that do not say where they stand follow each other.
        self._in_row = self._widest = self._n_rows = self._last_row = 0

    def read(self, piece: bytes) -> None:
        """Look at the next piece of the part."""
        data = self._rest + piece
        # What follows the last closing tag waits, so that a cell and its value stay whole.
        cut = data.rfind(b"</")
        if cut < 0 or len(data) - cut > _LONGEST_TAG:
            cut = data.rfind(b"<")
        if cut < 0 or len(data) - cut > _LONGEST_TAG:
            cut = len(data)
        self._rest = data[cut:]
        self._look(data[:cut])

    def close(self) -> None:
        """Refuse a sheet that unfolds to too many cells.

        Raises
        ------
        FarCellError
            Its last filled cell is too far away.
        """
        self._look(self._rest)
        if self._begins:
            self._texts.store([self._n_read - self._begins[-1]])
        columns, rows = self._columns, self._rows
        if self._widest:
            columns, rows = columns + self._widest, max(rows, self._last_row + self._n_rows)
        check_cells(columns, rows, self._n_filled)

    def _look(self, data: bytes) -> None:
        self._look_for_texts(data)
        self._texts.name(_SHARED.findall(data))
        if places := b"\n".join(_FILLED.findall(data)).upper():
            columns = set(places.translate(None, _DIGITS).split(b"\n"))
            rows = set(places.translate(None, _LETTERS).split(b"\n"))
            self._columns = max(self._columns, *map(column_number, columns))
            self._rows = max(self._rows, *map(int, rows))
            self._n_filled += places.count(b"\n") + 1
        self._look_for_unplaced(data)
        self._n_read += len(data)

    def _look_for_texts(self, data: bytes) -> None:
        begins = [self._n_read + found.start() for found in _TEXT.finditer(data)]
        if begins:
            places = self._begins + begins
            self._texts.store([after - before for before, after in pairwise(places)])
            self._begins = places[-1:]

    def _look_for_unplaced(self, data: bytes) -> None:
        rows = _ROW.findall(data)
        placed = [int(row) for row in rows if row]
        self._last_row = max(self._last_row, *placed, 0)
        self._n_rows += len(rows) - len(placed)
        n_unplaced = len(_CELL.findall(data)) - len(_PLACED.findall(data))
        if n_unplaced <= 0:
            self._in_row = 0
            return
        self._n_filled += n_unplaced
        for number, row in enumerate(_ROW_BEGIN.split(data)):
            if number:
                self._in_row = 0
            self._in_row += len(_CELL.findall(row))
            self._widest = max(self._widest, self._in_row)


class OdsExtent:
    """Extent of the sheets of an .ods workbook, which writes equal cells and rows once."""

    def __init__(self) -> None:
        self._row: list[bytes] = []
        self._size = self._text = 0
        self._n_filled = self._columns = self._rows = self._n_rows = 0

    def read(self, piece: bytes) -> None:
        """Look at the next piece of the part.

        Raises
        ------
        TooMuchTextError
            One row is larger than any that a person could have written.
        """
        # The begin of a row can be cut in two; the end of the piece before comes along.
        if self._row:
            last = self._row.pop()
            self._size -= len(last)
            piece = last + piece
        first, *others = _ODS_BEGIN.split(piece)
        self._keep(first)
        for part in others:
            self._look()
            self._keep(part)

    def close(self) -> None:
        """Refuse sheets that unfold to too much.

        Raises
        ------
        FarCellError
            A filled cell is too far away.
        TooMuchTextError
            Texts come again too often.
        """
        self._look()
        check_cells(self._columns, self._rows, self._n_filled)
        _check_text(self._text)

    def _keep(self, part: bytes) -> None:
        self._row.append(part)
        self._size += len(part)
        if self._size > _LARGEST_ROW:
            raise TooMuchTextError

    def _look(self) -> None:
        data = b"".join(self._row)
        self._row, self._size = [], 0
        head = _ODS_ROW.match(data)
        if head is None:
            if _ODS_BEGIN.match(data):  # another sheet
                check_cells(self._columns, self._rows, self._n_filled)
                self._n_filled = self._columns = self._rows = self._n_rows = 0
            return
        n_rows = _repeated(head[1])
        cells = list(_ODS_CELL.finditer(data))
        ends = [cell.start() for cell in cells[1:]] + [len(data)]
        width = column = n_filled = size = 0
        for cell, end in zip(cells, ends, strict=True):
            times = _repeated(cell[1])
            column += times
            if not cell[1].endswith(b"/"):
                width = column
                n_filled += times
                size += times * max(end - cell.start() - _ODS_MARKUP, 0)
        self._n_rows += n_rows
        if width:
            self._rows = self._n_rows
            self._columns = max(self._columns, width)
            self._n_filled += n_rows * n_filled
            self._text += n_rows * size


def column_number(letters: bytes) -> int:
    """Number of a column, from 1: A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _repeated(attributes: bytes) -> int:
    found = _ODS_REPEATED.search(attributes)
    return int(found[1]) if found else 1


def check_cells(columns: int, rows: int, n_filled: int) -> None:
    """Refuse a sheet that unfolds to too many cells.

    Raises
    ------
    FarCellError
        Its last filled cell is too far away.
    """
    cells = columns * rows
    if cells > MOST_CELLS or (cells > MOST_BLANK_CELLS and cells > ONE_IN * n_filled):
        raise FarCellError(columns, rows)


def _check_text(size: int) -> None:
    if size > LARGEST_TEXT:
        raise TooMuchTextError
