r"""An Arrow table → a CSV file that Excel opens: a million rows in seconds, memory of one batch.

UTF-8 with a byte order mark, lines that end with ``\r\n``, quotation marks only where they
are needed, numbers as Python writes them: byte for byte what ``pandas.DataFrame.to_csv``
makes of the same table. An apostrophe stands before what a spreadsheet would run
(:mod:`pipeline.formulas`).
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.formulas import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

BATCH_ROWS: Final = 1 << 14
"""Rows that are made text at a time."""

_NEWLINE: Final = "\r\n"
_TEXT: Final = pa.large_string()  # a batch of long answers may pass two gigabytes
_BEGINS_FORMULA: Final = rf"\A{FORMULA}"
_TO_QUOTE: Final = '[",\r\n]'
_QUOTED_BYTES: Final = tuple(b'",\r\n')
# Between these, Arrow and Python write the same digits; both write the shortest that tell
# a number from its neighbours.
_SMALLEST_PLAIN: Final = 1e-4
_LARGEST_PLAIN: Final = 1e9


def write_csv(table: pa.Table, path: Path) -> None:
    """Write a table of texts, whole numbers and shares.

    Parameters
    ----------
    table
        At least two columns; a missing value becomes an empty cell. How the table is cut
        into chunks changes nothing.
    """
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF8)
        file.write(_header(table.column_names))
        for batch in table.to_batches(max_chunksize=BATCH_ROWS):
            file.write(_lines(batch))


def guard_formulas(column: pa.Array) -> pa.Array:
    """:func:`pipeline.formulas.guard_formula` of every text of a column."""
    runs = pc.match_substring_regex(column, _BEGINS_FORMULA)
    return _changed(column, runs, lambda texts: _joined(["'", texts], ""))


def _header(names: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=_NEWLINE).writerow(names)
    return line.getvalue().encode()


def _lines(batch: pa.RecordBatch) -> memoryview:
    """Lines of some rows, as they stand in the file."""
    cells = [_cells(column) for column in batch.columns]
    cells[-1] = _joined([cells[-1], _NEWLINE], "")
    return _letters(_joined(cells, ","))


def _cells(column: pa.Array) -> pa.Array:
    """Cells of a column as text, quoted where they must be."""
    if pa.types.is_floating(column.type):
        return pc.fill_null(_numbers(column), "")
    text = pc.fill_null(column.cast(_TEXT), "")
    return text if pa.types.is_integer(column.type) else _quoted(guard_formulas(text))


def _quoted(column: pa.Array) -> pa.Array:
    if not _may_need_quotes(column):
        return column
    return _changed(
        column,
        pc.match_substring_regex(column, _TO_QUOTE),
        lambda texts: _joined(['"', pc.replace_substring(texts, '"', '""'), '"'], ""),
    )


def _may_need_quotes(column: pa.Array) -> bool:
    """Whether any byte of a column asks for quotes: most columns hold ids and words."""
    letters = bytes(_letters(column))
    return any(letters.find(byte) >= 0 for byte in _QUOTED_BYTES)


def _letters(column: pa.Array) -> memoryview:
    """Bytes of all texts of a column, which stand one behind the other."""
    _, offsets, data = column.buffers()
    if not len(column) or data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, dtype=np.int64)
    return memoryview(data)[ends[column.offset] : ends[column.offset + len(column)]]


def _numbers(column: pa.Array) -> pa.Array:
    """Numbers as Python's ``repr`` writes them."""
    values = column.to_numpy(zero_copy_only=False)
    text = column.cast(_TEXT)
    size = np.abs(values)
    whole = (values == np.floor(values)) & (size < _LARGEST_PLAIN)
    odd = (size >= _LARGEST_PLAIN) | ((size < _SMALLEST_PLAIN) & (values != 0.0))
    text = _changed(text, pa.array(whole), lambda texts: _joined([texts, ".0"], ""))
    written = pa.array([repr(value) for value in values[odd].tolist()], type=_TEXT)
    return _changed(text, pa.array(odd), lambda _: written)


def _changed(column: pa.Array, where: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A column whose cells are changed in some places."""
    if not pc.any(where).as_py():
        return column
    return pc.replace_with_mask(column, where, change(column.filter(where)))


def _joined(parts: Sequence[pa.Array | str], separator: str) -> pa.Array:
    return pc.binary_join_element_wise(
        *(part if isinstance(part, pa.Array) else pa.scalar(part, _TEXT) for part in parts),
        pa.scalar(separator, _TEXT),
    )
