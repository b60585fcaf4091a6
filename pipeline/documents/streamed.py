"""A delimited file of any size as tables of some rows each: memory of one part, not of all.

The file is read twice. The first time, nothing is kept but what its shape tells: how its
records are cut, the rows in which a header may stand, and the first row that fills each
column. The second time, its rows come in parts, the very rows that reading it as a whole
would give.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from pipeline.documents.delimited import (
    MARK_OF_FILE,
    NAMED_SEPARATOR,
    Extent,
    check_spans,
    check_widths,
    iter_records,
    lines_of,
    read_sloppy,
    sniff_lines,
)
from pipeline.documents.encoding import decode
from pipeline.documents.headers import join_cut, padded, read_table
from pipeline.documents.model import Grid
from pipeline.documents.norecords import rows_set_aside
from pipeline.errors import InputError, Location
from pipeline.plainfile import check_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.documents.model import Row
    from pipeline.documents.table import Table

LARGEST: Final = 1 << 36
"""Bytes of a file that is read in parts."""

PART_ROWS: Final = 20_000
"""Rows of a part."""

HEAD_ROWS: Final = 20_000
"""Rows, from the first, by which the header is found where a study does not name it."""

_BLOCK: Final = 1 << 20  # bytes
_ESCAPE: Final = b"\x1b$"
_NUL: Final = b"\0"
_OTHER: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class _Scan:
    """What the first reading tells of a file.

    Attributes
    ----------
    records
        Gives all its records, as often as it is asked.
    head
        Rows among which the header stands, and the first after them that fills each column.
    """

    records: Callable[[], Iterator[Row]]
    extent: Extent
    head: Grid


def iter_tables(
    path: Path,
    *,
    header_row: int | None = None,
    text: Sequence[str] = (),
    encoding: str | None = None,
    n_rows: int = PART_ROWS,
) -> Iterator[Table]:
    """Read a delimited file part by part.

    Parameters
    ----------
    path
        A file for which :func:`pipeline.documents.tablefiles.is_delimited` holds.
    header_row, text
        As for :func:`pipeline.documents.headers.read_table`. Without ``header_row``, the
        header is looked for by the first :data:`HEAD_ROWS` rows.
    encoding
        Character encoding; ``None``: found. Of a file that is not UTF-8 the text is kept in
        memory, though not its rows.
    n_rows
        Records of a part, at most; how many changes nothing but where parts end.

    Yields
    ------
    Table
        Header and columns are those of the whole, ``rows``, ``numbers``, ``aside`` and
        ``joined`` those of the part. There is at least one.

    Raises
    ------
    InputError
        As in reading the whole. A cell that swallowed records is found only when its part
        is reached.
    """
    check_plain(path, LARGEST)
    try:
        scan = _scan(path, encoding, HEAD_ROWS + (header_row or 0))
        whole = read_table(scan.head, header_row, text)
        yield from _parts(whole, scan, n_rows)
    except OSError as error:
        raise InputError(
            "ファイルを開けません。",
            at=Location(file=path.name),
            remedy="Excel などで開いていれば閉じ、開く権限があるかを確かめてください。",
        ) from error


def _parts(whole: Table, scan: _Scan, n_rows: int) -> Iterator[Table]:
    head, separator = scan.head, scan.head.separator
    header = [head.rows[head.numbers.index(number)] for number in whole.header_rows]
    width = max(map(len, header))
    header = [padded(row, width) for row in header]
    records, start = scan.records(), 1
    while records_of_part := tuple(islice(records, n_rows)):
        check_spans(records_of_part, start, separator, scan.extent, whole.file, scan.records)
        under = [
            (number, padded(row, width))
            for number, row in enumerate(records_of_part, start)
            if number > whole.header_rows[-1] and any(map(str.strip, row))
        ]
        numbers = tuple(number for number, _ in under)
        rows, joined = join_cut([row for _, row in under], numbers, width, separator)
        aside = rows_set_aside(header, rows, numbers)
        yield replace(whole, rows=tuple(rows), numbers=numbers, aside=aside, joined=tuple(joined))
        start += len(records_of_part)


def _scan(path: Path, encoding: str | None, n_head: int) -> _Scan:
    pieces = _pieces(path, encoding)
    first = next(pieces(), "")
    named = NAMED_SEPARATOR.match(first)
    skipped = named.end() if named else 0

    def lines() -> Iterator[str]:
        own = pieces()
        return lines_of(chain([next(own, "")[skipped:]], own))

    separator = named[1] if named else sniff_lines(lines)

    def records() -> Iterator[Row]:
        return iter_records(lines(), separator)

    try:
        extent, head = _measure(records(), n_head)
    except csv.Error:
        rows = read_sloppy("".join(pieces())[skipped:], separator, path.name)
        return _scanned(path, separator, lambda: iter(rows), *_measure(rows, n_head))
    return _scanned(path, separator, records, extent, head)


def _scanned(
    path: Path,
    separator: str,
    records: Callable[[], Iterator[Row]],
    extent: Extent,
    head: Sequence[tuple[int, Row]],
) -> _Scan:
    check_widths(extent, path.name)
    rows = tuple(row for _, row in head)
    grid = Grid(path.name, None, rows, tuple(number for number, _ in head), separator)
    return _Scan(records, extent, grid)


def _measure(records: Iterable[Row], n_head: int) -> tuple[Extent, list[tuple[int, Row]]]:
    """Extent of all records, and those of them that tell what the columns are."""
    head: list[tuple[int, Row]] = []
    widths: Counter[int] = Counter()
    widest = width = n_rows = 0
    unfilled: set[int] = set()  # columns that no row after the first ones fills yet
    for n_rows, row in enumerate(records, start=1):
        own = len(row)
        widths[own] += 1
        is_wider = own > width
        if is_wider:
            unfilled.update(range(width, own))
            widest, width = n_rows, own
        if n_rows <= n_head:
            head.append((n_rows, row))
            continue
        fills = [index for index in unfilled if index < own and row[index].strip()]
        if is_wider or fills:
            head.append((n_rows, row))
            unfilled.difference_update(fills)
    return Extent(n_rows, widths, widest), head


def _pieces(path: Path, encoding: str | None) -> Callable[[], Iterator[str]]:
    """Text of a file in pieces that end where a line ends, as often as it is asked for."""
    if _is_utf8(path, encoding):
        # As in decoding the whole, where the name of the encoding takes one mark, too.
        n_marks = 1 if encoding and codecs.lookup(encoding).name == "utf-8" else 2
        return lambda: _utf8_pieces(path, n_marks)
    text, _ = decode(path.read_bytes(), path.name, encoding)
    text = MARK_OF_FILE.sub("", text)
    return lambda: iter([text])


def _is_utf8(path: Path, encoding: str | None) -> bool:
    """Whether a file is read as UTF-8, without anything that asks for a closer look."""
    try:
        if encoding and codecs.lookup(encoding).name not in {"utf-8", "utf-8-sig"}:
            return False
    except LookupError:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_blank, before = True, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not before and block.startswith(_OTHER):
                return False
            if _NUL in block or _ESCAPE in before[-1:] + block:
                return False
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
            is_blank, before = is_blank and block.isspace(), block
    return not is_blank and not decoder.getstate()[0]


def _utf8_pieces(path: Path, n_marks: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    pending: list[str] = []
    begin = ""  # what stands before a piece
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = decoder.decode(block)
            while n_marks:
                text = text.removeprefix(_MARK)
                n_marks -= 1
            cut = text.rfind("\n") + 1
            pending.append(text[:cut] if cut else text)
            if cut:
                yield _without_marks("".join(pending), begin)
                pending, begin = [text[cut:]], "\n"
    if any(pending):
        yield _without_marks("".join(pending), begin)


def _without_marks(piece: str, begin: str) -> str:
    """A piece without marks of files inside, of which one may stand at its beginning."""
    if _MARK not in piece:
        return piece
    return MARK_OF_FILE.sub("", begin + piece)[len(begin) :]
