"""Columns of Arrow as the tables of a run have them: types, order, one way to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

ROW_GROUP: Final = 1 << 17
"""Rows of a Parquet row group, whatever the chunks that a table comes in."""

_MOST_BYTES: Final = 1 << 30  # of a column of texts that is put in order in one piece
_TEXT: Final = pa.string()


def as_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts, an empty one for each that is missing."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not _is_text(kind):
        own = [None if value is None else str(value) for value in column.to_pylist()]
        column = pa.chunked_array([pa.array(own, _TEXT)])
    if column.type != _TEXT:
        # An array of this type holds two gigabytes at most; pieces never come near.
        pieces = (
            chunk.slice(start, ROW_GROUP)
            for chunk in column.chunks
            for start in range(0, len(chunk), ROW_GROUP)
        )
        column = pa.chunked_array([piece.cast(_TEXT) for piece in pieces], _TEXT)
    return pc.fill_null(column, "") if column.null_count else column


def as_counts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers.

    Raises
    ------
    ValueError
        One is missing, or is not whole.
    """
    if column.null_count:
        raise ValueError("a count is missing")
    return column.cast(pa.int64())


def as_shares(column: pa.ChunkedArray, digits: int) -> pa.ChunkedArray:
    """Numbers, rounded; what is missing stays missing."""
    # numpy rounds as pandas does; 0.0 makes minus zero plain zero.
    values = np.round(column.cast(pa.float64()).to_numpy(), digits) + 0.0
    return pa.chunked_array([pa.array(values, from_pandas=True)])


def in_order(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Sort rows; those with the same keys stay as they stand.

    Arrow compares texts byte by byte, which in UTF-8 is the order of code points.
    """
    if _is_in_order(table, keys):
        return table
    places = pc.sort_indices(table, [(key, "ascending") for key in keys])
    columns = [_taken(column, places) for column in table.columns]
    return pa.table(columns, schema=table.schema)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """The same table of pandas, which may be written to."""
    # A copy, because Arrow only lends its numbers; texts are shared.
    frame: pd.DataFrame = table.to_pandas().copy()
    return frame


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a Parquet file whose bytes do not depend on the chunks of the table."""
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for start in range(0, max(1, len(table)), ROW_GROUP):
            # Pages end where chunks end, so that a row group is one chunk.
            group = table.slice(start, ROW_GROUP).combine_chunks()
            writer.write_table(group, row_group_size=ROW_GROUP)


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    )


def _is_in_order(table: pa.Table, keys: Sequence[str]) -> bool:
    first, second = table.slice(0, max(0, len(table) - 1)), table.slice(1)
    ordered = pc.less_equal(first[keys[-1]], second[keys[-1]])
    for key in reversed(keys[:-1]):
        tied = pc.and_(pc.equal(first[key], second[key]), ordered)
        ordered = pc.or_(pc.less(first[key], second[key]), tied)
    return bool(pc.all(ordered, min_count=0).as_py())


def _taken(column: pa.ChunkedArray, places: pa.Array) -> pa.ChunkedArray:
    if column.type != _TEXT or column.nbytes < _MOST_BYTES:
        return column.take(places)
    # Arrow joins the chunks first, and would pass what an array of texts holds.
    return as_texts(column.cast(pa.large_string()).take(places))
