"""CSV and TSV → a grid of text. 「NA」 and 「None」 are answers like any other."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from pipeline.documents.extent import MOST_CELLS
from pipeline.documents.model import Grid, Remark
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.documents.model import Row

_SEPARATORS = (",", "\t", ";", "|")
NAMED_SEPARATOR = re.compile(r'"?sep=([^\w"\r\n])"?(?:\r\n|\r|\n)', re.IGNORECASE)
MARK_OF_FILE = re.compile(r"(?<=[\r\n])\ufeff")
_SNIFFED_RECORDS = 200
_LEARNED_RECORDS = 1000
_BLOCK = 1 << 18  # characters
_LONGEST_WORD = 20  # characters
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SWALLOWED = 3  # lines like records inside one cell
_MOST_LINES = 1000  # no answer has more
_MOST_COLUMNS = 16_384  # as in Excel
_MUCH_WIDER = 4
_MOST_TITLES = 5


class DelimitedResult(NamedTuple):
    """Cells of a delimited file.

    Attributes
    ----------
    grid
        Row numbers count records, as Excel numbers its rows when it opens the file.
    remarks
        What else a planner should know.
    """

    grid: Grid
    remarks: tuple[Remark, ...]


def read_delimited(text: str, file: str) -> DelimitedResult:
    """Read delimited text; cells may hold line breaks, rows may be ragged.

    Parameters
    ----------
    text
        Decoded content of the file.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        A quotation mark is never closed, so that the rest of the file would
        silently become one cell.
    """
    remarks = []
    text, n_marks = MARK_OF_FILE.subn("", text)
    if n_marks:
        said = "ファイルの途中に、別のファイルの始まりの印があります。つなげたファイルのようです。"
        remarks.append(Remark("", said + "見出しが途中にもう一度ないかを確かめてください。"))
    if named := NAMED_SEPARATOR.match(text):
        separator, text = named[1], text[named.end() :]
        said = f"1行目の「sep={separator}」は区切り文字の指定なので、読みません。"
        remarks.append(Remark("", said, doubt=False))
    else:
        separator = sniff_separator(text)
    try:
        rows = list(iter_records(lines_of([text]), separator))
    except csv.Error:
        rows = read_sloppy(text, separator, file)
    extent = Extent.of(rows)
    check_spans(rows, 1, separator, extent, file, lambda: rows)
    check_widths(extent, file)
    grid = Grid(file, None, tuple(rows), tuple(range(1, len(rows) + 1)), separator)
    return DelimitedResult(grid, tuple(remarks))


def lines_of(pieces: Iterable[str]) -> Iterator[str]:
    """Lines of a text that comes in pieces, each but the last of which ends with a line."""
    blocks = chain.from_iterable(map(_blocks, pieces))
    return chain.from_iterable(io.StringIO(block, newline="") for block in blocks)


def iter_records(lines: Iterator[str], separator: str) -> Iterator[Row]:
    """Read cells; words that the first records hold, such as 女性 and 70代, are kept once.

    Raises
    ------
    csv.Error
        Quotation marks stand where none may.
    """
    reader = _reader(lines, separator, strict=True)
    first = list(islice(reader, _LEARNED_RECORDS))
    known = {cell: cell for row in first for cell in row if len(cell) <= _LONGEST_WORD}
    for row in chain(first, reader):
        yield tuple(map(known.get, row, row))


def sniff_separator(text: str) -> str:
    """Choose the separator that cuts most records into the same number of cells."""
    return sniff_lines(lambda: lines_of([text]))


def sniff_lines(lines: Callable[[], Iterator[str]]) -> str:
    """:func:`sniff_separator` of lines that can be read several times."""
    best, best_score = _SEPARATORS[0], (0.0, 0)
    for separator in _SEPARATORS:
        records = islice(_reader(lines(), separator, strict=False), _SNIFFED_RECORDS)
        widths = [len(record) for record in records if any(cell.strip() for cell in record)]
        usual, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        if usual < 2 or not _begins_with_header(widths, usual, separator):
            continue
        score = (round(count / len(widths), 1), usual)
        if score > best_score:
            best, best_score = separator, score
    return best


def _begins_with_header(widths: Sequence[int], usual: int, separator: str) -> bool:
    """Whether the first row is cut like a header; titles above it may stand in one cell each."""
    if widths[0] > 1:
        return True
    # The comma is what is taken where nothing else is found, and stands in titles as well.
    n_titles = next(place for place, width in enumerate(widths) if width > 1)
    table = widths[n_titles:]
    return (
        separator != ","
        and n_titles <= _MOST_TITLES
        and len(table) > 1
        and table == [usual] * len(table)
    )


def read_sloppy(text: str, separator: str, file: str) -> list[Row]:
    """Read cells whose quotation marks belong to the text: 「"安心"なまち」.

    A cell is quoted only where its second mark ends it; otherwise the marks are
    characters like any other, unless one is left open at the end of the line.
    """
    either = re.escape(separator) + r"\r\n"
    quoted = re.compile(rf'"((?:[^"]++|"")*+)"(?=[{either}]|\Z)')
    bare = re.compile(rf"[^{either}]*")
    rows: list[Row] = []
    cells: list[str] = []
    place = 0
    while place < len(text):
        if found := quoted.match(text, place):
            cells.append(found[1].replace('""', '"'))
        else:
            found = bare.match(text, place)
            assert found is not None  # it matches the empty text, too
            if found[0].startswith('"') and found[0].count('"') % 2:
                raise _left_open(file, len(rows) + 1, _n_breaks(text[:place]) + 1)
            cells.append(found[0])
        place = found.end()
        if text.startswith(separator, place):
            place += 1
            if place < len(text):
                continue
            cells.append("")
        rows.append(tuple(cells) if cells != [""] else ())
        cells = []
        place += 2 if text.startswith("\r\n", place) else 1
    return rows


class Extent(NamedTuple):
    """How many records there are, how often each width, and the first of the widest."""

    n_rows: int
    widths: Counter[int]
    widest: int

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Extent:
        """Measure records."""
        widths = [*map(len, rows)]
        most = max(widths, default=0)
        return cls(len(widths), Counter(widths), widths.index(most) + 1 if widths else 0)


def check_spans(
    rows: Sequence[Row],
    start: int,
    separator: str,
    extent: Extent,
    file: str,
    again: Callable[[], Iterable[Row]],
) -> None:
    """Refuse a cell that swallowed records: its lines are cut as often as the file's rows.

    Parameters
    ----------
    rows, start
        Some records of a file, and the number of the first.
    extent
        Of all records.
    again
        Gives all records again, to say on which line a wrong one begins.
    """
    usual = Counter({own: n for own, n in extent.widths.items() if own > 1}).most_common(1)
    n_separators = usual[0][0] - 1 if usual else None
    for number, row in enumerate(rows, start):
        if len("".join(row).splitlines()) < 2:
            continue  # none of its cells has a second line
        for cell in row:
            inner = _THOUSANDS.sub("", cell).splitlines()[1:]
            cut = [line for line in inner if line.count(separator) == n_separators]
            several = len(cut) >= _SWALLOWED and len(cut) > len(inner) / 2
            if several or len(inner) > _MOST_LINES:
                above = islice(again(), number - 1)
                n_lines = sum(1 + sum(map(_n_breaks, own)) for own in above)
                raise _left_open(file, number, n_lines + 1)


def check_widths(extent: Extent, file: str) -> None:
    """Refuse a row so wide that the table, which has room for it in every row, cannot be."""
    widest = max(extent.widths, default=0)
    usual = extent.widths.most_common(1)
    too_many = widest * extent.n_rows > MOST_CELLS and widest > _MUCH_WIDER * usual[0][0]
    if widest > _MOST_COLUMNS or too_many:
        raise InputError(
            f"1行にセルが{widest:,}個あり、読めません。",
            at=Location(file=file, row=extent.widest),
            remedy="メモ帳などで開き、その行に余分な区切り文字がないかを確かめてください。",
        )


def _n_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _left_open(file: str, row: int, line: int) -> InputError:
    return InputError(
        '引用符（"）が閉じられていないため、ここから後ろを読めません。',
        at=Location(file=file, row=row),
        remedy=f"メモ帳などで開き、{line}行目から始まるセルの引用符を直すか、"
        "Excel で開いて保存し直してください。",
    )


def _blocks(text: str) -> Iterator[str]:
    """Cut a text where lines end: a reader of lines makes a copy four times as large."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end


def _reader(lines: Iterator[str], separator: str, *, strict: bool) -> Reader:
    # Python refuses cells over 131,072 characters by default; answers have no such limit.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    return csv.reader(lines, delimiter=separator, strict=strict)
