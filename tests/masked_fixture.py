"""All text in the files of a folder, archives opened, for tests of what must not be there."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def texts_under(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every file below a folder; each as written and as it is read."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield from _texts(name, path.read_bytes())


def _texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for part in parts.namelist():
                yield from _texts(f"{name}/{part}", parts.read(part))
        return
    if name.endswith(".parquet"):
        columns = pq.read_table(io.BytesIO(data)).to_pydict()
        yield name, "\n".join(str(cell) for cells in columns.values() for cell in cells)
        return
    text = data.decode("utf-8", errors="replace")
    yield name, text
    unescaped = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), html.unescape(text))
    yield name, unescaped
    # A word that Word or a marked line of context cuts into runs is one word to its reader.
    yield name, _TAG.sub("", unescaped)
