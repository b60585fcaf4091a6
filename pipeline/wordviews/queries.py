"""SQL over the tables of a run: DuckDB in memory, with nothing but these tables in its reach.

The tables are handed over as they were read; DuckDB itself opens no file, writes none, loads
no extension and cannot be told otherwise. One thread and kept order: the same query of the
same run gives the same rows in the same order, unless it asks for chance or the clock itself
(``random()``, ``USING SAMPLE``, ``now()``).
"""

from __future__ import annotations

import contextlib
import difflib
import io
import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import UsageError
from pipeline.manifest import load_manifest
from pipeline.runtables import RunTables
from pipeline.tablecolumns import COUNT, SHARE, TABLES
from pipeline.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

ANSWERS: Final = "answers"

_CONFIG: Final[dict[str, str]] = {
    "threads": "1",
    "preserve_insertion_order": "true",
    "memory_limit": "1GB",
    # What residents wrote is not left in a temporary folder.
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",  # variables of this program are no tables
}

_LOCKS: Final = (
    "SET TimeZone = 'UTC'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)

_OF_ALL: Final = re.compile(r"\b(?:show|describe|summarize|information_schema|duckdb_\w+)\b")
"""Words of a query that asks what tables there are."""

_TYPES: Final = {COUNT: "整数", SHARE: "小数"}

MOST_BYTES: Final = 1_000_000_000
"""Size of an answer: DuckDB does not count what it has handed over."""

_AS_TEXT: Final = re.compile(
    r"\b(?:DATE|TIME\w*|INTERVAL|UNION|BIT|BLOB|BIGNUM|GEOMETRY|VARIANT)\b"
)
"""Types that pandas, Parquet or Excel cannot hold, or not all of: a date may be infinite."""


def query(run: Path, sql: str, *, raw: bool = False) -> pd.DataFrame:
    """Answer one SELECT over the tables of a run.

    Nothing is suppressed: what is counted here is not for publication.

    Parameters
    ----------
    run
        Run folder.
    sql
        One statement of DuckDB's SQL that begins with SELECT, WITH, FROM, DESCRIBE, …
    raw
        ``answers`` as it is saved, with what people wrote; else without ``raw_text``, and with
        people masked in what is left.

    Raises
    ------
    UsageError
        DuckDB is not installed, or the query is wrong or does something else than read.
    InputError
        The run cannot be read.
    """
    made: pd.DataFrame = run_query(run, sql, raw=raw).to_pandas()
    return made


def run_query(run: Path, sql: str, *, raw: bool = False) -> pa.Table:
    """:func:`query` as a table of Arrow, with the same errors."""
    duckdb = _library()
    load_manifest(run)  # tells where this is no run folder
    tables = _tables(run, sql, raw=raw)
    connection = _locked(duckdb, tables)
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type.name != "SELECT":
            raise UsageError(
                "SQL は、表を読む文（SELECT …）を1つだけ書いてください。",
                remedy="表や設定を変える文、ファイルを読み書きする文は使えません。",
            )
        found = _fetched(connection.sql(statements[0]))
    except duckdb.Error as error:
        raise _wrong(str(error), tables) from error
    finally:
        connection.close()
    return _plain(found)


def describe_tables(run: Path) -> pd.DataFrame:
    """Tables that a query may name: ``table, column, type, meaning``."""
    load_manifest(run)
    rows: list[tuple[str, str, str, str]] = []
    for name, table in TABLES.items():
        rows += [
            (name, column, _TYPES.get(own.type, "文字"), own.meaning)
            for column, own in table.columns.items()
            if column != "raw_text"
        ]
        if name == ANSWERS:
            known = pq.read_schema(run / "tables" / f"{ANSWERS}.parquet").names
            rows += [(name, own, "文字", "属性") for own in known if own not in table.columns]
    return pd.DataFrame(rows, columns=["table", "column", "type", "meaning"])


def as_parquet(table: pa.Table) -> bytes:
    """Content of a Parquet file."""
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def _library() -> Any:  # noqa: ANN401 - a module that may not be there
    try:
        import duckdb  # noqa: PLC0415 - an extra that not everybody has
    except ImportError as error:
        raise UsageError(
            "kadai sql には、DuckDB という部品が要ります。",
            remedy="Kadai のフォルダーで .venv\\Scripts\\python -m pip install --require-hashes "
            "-r requirements-notebooks.lock と打ってから、もう一度実行してください"
            "（macOS と Linux では .venv/bin/python です）。",
        ) from error
    return duckdb


def _tables(run: Path, sql: str, *, raw: bool) -> dict[str, pa.Table]:
    """Tables that a query names; all where it asks which there are."""
    lowered = sql.lower()
    of_all = _OF_ALL.search(lowered) is not None
    named = [name for name in TABLES if of_all or name in lowered]
    known = RunTables(run)
    read = {
        name: load_table(name, run / "tables") if raw and name == ANSWERS else known[name]
        for name in named
    }
    return {
        name: pa.Table.from_pandas(own, preserve_index=False).replace_schema_metadata()
        for name, own in read.items()
    }


def _locked(duckdb: Any, tables: Mapping[str, pa.Table]) -> DuckDBPyConnection:  # noqa: ANN401
    connection: DuckDBPyConnection = duckdb.connect(":memory:", config=dict(_CONFIG))
    for name, table in tables.items():
        connection.register(name, table)
    for lock in _LOCKS:
        connection.execute(lock)
    return connection


def _fetched(found: DuckDBPyRelation) -> pa.Table:
    """All rows, as long as they fit; times and the like as text.

    Raises
    ------
    UsageError
        They are more than :data:`MOST_BYTES`.
    """
    names, kinds = found.columns, [str(own) for own in found.types]
    if any(map(_AS_TEXT.search, kinds)):
        places = [
            f"CAST(#{place} AS VARCHAR)" if _AS_TEXT.search(kind) else f"#{place}"
            for place, kind in enumerate(kinds, start=1)
        ]
        found = found.project(", ".join(places))
    batches, size = [], 0
    reader = found.to_arrow_reader()
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > MOST_BYTES:
            raise _too_large()
    return pa.Table.from_batches(batches, reader.schema).rename_columns(names)


def _plain(table: pa.Table) -> pa.Table:
    """Sums of whole numbers are whole numbers, other decimals are numbers."""
    return pa.table(
        [_number(own) if pa.types.is_decimal(own.type) else own for own in table.columns],
        names=table.column_names,
    )


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type.scale == 0:
        with contextlib.suppress(pa.ArrowInvalid):  # more digits than a whole number has
            return column.cast(pa.int64())
    return column.cast(pa.float64())


def _wrong(message: str, tables: Mapping[str, pa.Table]) -> UsageError:
    """What DuckDB says, and which names there are."""
    if message.startswith("Permission Error"):
        return UsageError(
            f"この SQL は実行できません。\nDuckDB の表示: {message}",
            remedy="読めるのは、結果のフォルダーの表だけです。ファイルや外部は読み書きできません。",
        )
    if message.startswith("Out of Memory"):
        return _too_large()
    near = _near(re.findall(r"(?:Table with name|column) \"?(\w+)", message), tables)
    return UsageError(
        f"この SQL は実行できません。\nDuckDB の表示: {message}",
        remedy="".join(
            [
                f"もしかして: {'、'.join(near)}。" if near else "",
                *(f"{name} の列: {'、'.join(own.column_names)}。" for name, own in tables.items()),
                f"表: {'、'.join(TABLES)}。",
            ]
        ),
    )


def _too_large() -> UsageError:
    return UsageError(
        "この SQL は、使ってよいメモリー（1GB）に収まりません。",
        remedy="WHERE や GROUP BY で行を減らすか、つなぐ条件（ON）を確かめてください。",
    )


def _near(names: Iterable[str], tables: Mapping[str, pa.Table]) -> list[str]:
    known = [*TABLES, *(column for own in tables.values() for column in own.column_names)]
    found = [one for name in names for one in difflib.get_close_matches(name, known, 3)]
    return list(dict.fromkeys(found))
