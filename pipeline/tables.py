"""Every table of a run: how it is checked, saved and loaded.

A table is declared once, in :mod:`pipeline.tablecolumns`, and checked against that when it
is saved. On disk each is a CSV for people (UTF-8 with a byte order mark, sorted by
id) and a Parquet file for programs. In the CSV, and only there, an apostrophe stands
before a text that a spreadsheet would run as a formula (:mod:`pipeline.formulas`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.arrowcolumns import (
    as_counts,
    as_shares,
    as_texts,
    in_order,
    to_pandas,
    write_parquet,
)
from pipeline.csvwriting import write_csv
from pipeline.errors import InputError, Location
from pipeline.tablecolumns import COUNT, SHARE, TABLES, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

ATTRIBUTE_PREFIX = "attr_"

SCHEMAS: dict[str, pa.Schema] = {name: table.schema for name, table in TABLES.items()}

SORT_KEYS: dict[str, list[str]] = {name: list(table.keys) for name, table in TABLES.items()}

DIGITS = 6
"""Decimal places of every share that is written."""


def conform(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Bring a table into its declared shape: columns, types, order, rounding.

    Parameters
    ----------
    name
        Key of :data:`SCHEMAS`.
    table
        Any further column that begins with ``attr_`` is kept, as text, after the
        declared ones. A table that has its shape already costs next to nothing.

    Raises
    ------
    KeyError
        A declared column is missing or an undeclared one is there: a mistake in
        the program, not in the planner's files.
    """
    return to_pandas(conform_arrow(name, _from_pandas(name, table)))


def conform_arrow(name: str, table: pa.Table) -> pa.Table:
    """:func:`conform` for tables of Arrow; the result has the types of the schema.

    Raises
    ------
    KeyError
        A declared column is missing or an undeclared one is there.
    ValueError
        A count is missing or is no whole number.
    """
    names = _columns(name, table.column_names)
    schema = pa.schema([pa.field(column, _type_of(name, column)) for column in names])
    made = [_made(table[field.name], field.type) for field in schema]
    # The metadata of pandas, which would make the bytes depend on its version, stay behind.
    return in_order(pa.table(made, schema=schema), SORT_KEYS[name])


def empty(name: str) -> pd.DataFrame:
    """Table without rows."""
    return to_pandas(SCHEMAS[name].empty_table())


def save_table(name: str, table: pd.DataFrame | pa.Table, folder: Path) -> tuple[Path, Path]:
    """Write ``<name>.csv`` and ``<name>.parquet``; the same table gives the same bytes.

    However the table is cut into chunks, and of whichever library it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = table if isinstance(table, pa.Table) else _from_pandas(name, table)
    shaped = conform_arrow(name, given)
    csv_path, parquet_path = folder / f"{name}.csv", folder / f"{name}.parquet"
    write_csv(shaped, csv_path)
    write_parquet(shaped, parquet_path)
    return csv_path, parquet_path


def load_table(name: str, folder: Path) -> pd.DataFrame:
    """Read a table back from its Parquet file.

    Raises
    ------
    InputError
        The table is missing or damaged.
    """
    path = folder / f"{name}.parquet"
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(
            f"結果の表を読めません（{error}）。",
            at=Location(file=f"{folder.name}/{path.name}"),
            remedy="kadai run でもう一度結果を作ってください。",
        ) from error
    return to_pandas(conform_arrow(name, _with_later(name, table)))


def load_columns(name: str, columns: Sequence[str], folder: Path) -> pd.DataFrame:
    """Read some columns of a table, as they are saved; what came later is empty.

    Raises
    ------
    InputError
        The table is missing or damaged, or has no such column.
    """
    path = folder / f"{name}.parquet"
    try:
        known = [column for column in pq.read_schema(path).names if column in columns]
        found = _with_later(name, pq.read_table(path, columns=known)).select(list(columns))
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise InputError(
            f"結果の表を読めません（{error}）。",
            at=Location(file=f"{folder.name}/{path.name}"),
            remedy="kadai run でもう一度結果を作ってください。",
        ) from error
    table: pd.DataFrame = found.to_pandas()
    return table


def _with_later(name: str, table: pa.Table) -> pa.Table:
    """A table of an earlier Kadai with the columns that came later, empty."""
    for column, own in TABLES[name].columns.items():
        if own.later and column not in table.column_names:
            nothing = pa.scalar({TEXT: "", COUNT: 0}.get(own.type), own.type)
            table = table.append_column(column, pa.repeat(nothing, len(table)))
    return table


def _columns(name: str, given: Sequence[str]) -> list[str]:
    """Columns of a table in their order, after a look at whether all and no others are there."""
    declared = SCHEMAS[name].names
    if missing := sorted(set(declared) - set(given)):
        raise KeyError(f"{name}: columns missing: {missing}")
    # Attributes keep the order in which the study names them.
    extra = [column for column in given if column not in declared]
    if unknown := sorted(own for own in extra if not own.startswith(ATTRIBUTE_PREFIX)):
        raise KeyError(f"{name}: columns not declared: {unknown}")
    return [*declared, *extra]


def _type_of(name: str, column: str) -> pa.DataType:
    schema = SCHEMAS[name]
    return schema.field(column).type if column in schema.names else TEXT


def _from_pandas(name: str, table: pd.DataFrame) -> pa.Table:
    """Columns as Arrow; pandas says what a value of another type means as text or number."""
    made: dict[str, pa.ChunkedArray] = {}
    for column in _columns(name, list(table.columns)):
        own, kind = table[column], _type_of(name, column)
        if kind == TEXT:
            if not _is_arrow_text(own):
                own = own.astype("object").where(own.notna(), "").astype("str")
        else:
            own = own.astype("float64" if kind == SHARE else "int64")
        found = pa.array(own, from_pandas=True)
        made[column] = found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])
    return pa.table(made)


def _is_arrow_text(column: pd.Series[str]) -> bool:
    return getattr(column.dtype, "storage", "") == "pyarrow"


def _made(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if kind == SHARE:
        return as_shares(column, DIGITS)
    return as_texts(column) if kind == TEXT else as_counts(column)
