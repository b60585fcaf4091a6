"""How tables travel to a worker and back: as parts, files in a private folder.

Between processes of one computer a part is a stream of Arrow, elsewhere it is Parquet.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA: Final = b"kadai.schema"


def to_bytes(table: pa.Table) -> bytes:
    """A table as a stream of Arrow."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def write_quick_part(table: pa.Table, path: Path) -> None:
    """Write a table as it lies in memory, for a reader on this computer."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def read_quick_part(path: Path) -> pa.Table:
    """Read what :func:`write_quick_part` wrote."""
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_stream(source.read_buffer()).read_all()


def write_part(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, whole or not at all.

    Parquet forgets a few things, as the width of the indices of a dictionary: the schema
    goes with it.
    """
    metadata = {**(table.schema.metadata or {}), _SCHEMA: table.schema.serialize().to_pybytes()}
    # Two workers may do the same part, one of them taken for dead.
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    pq.write_table(
        table.replace_schema_metadata(metadata), unfinished, compression="lz4",
        write_statistics=False,
    )  # fmt: skip
    unfinished.replace(path)


def read_part(path: Path) -> pa.Table:
    """Read a table as it was written.

    Raises
    ------
    OSError, pyarrow.ArrowInvalid
        There is no such part, or it is damaged.
    """
    # Read first: a part may be removed while Windows still holds an open file.
    return parse_part(path.read_bytes())


def parse_part(data: bytes) -> pa.Table:
    """The table in the bytes of a part.

    Raises
    ------
    pyarrow.ArrowInvalid
        They are damaged, or no part of ours.
    """
    table = pq.read_table(pa.BufferReader(data), use_threads=False)
    stored = (table.schema.metadata or {}).get(_SCHEMA)
    if stored is None:
        raise pa.ArrowInvalid("no schema in a part")
    return table.cast(pa.ipc.read_schema(pa.py_buffer(stored)))
