"""Files of tables → grids: by their suffix, and by their content where that says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.documents.container import kind_of
from pipeline.documents.delimited import read_delimited
from pipeline.documents.encoding import decode
from pipeline.documents.excel import read_excel
from pipeline.documents.model import Document, Remark

if TYPE_CHECKING:
    from pathlib import Path

DELIMITED: Final = (".csv", ".tsv")
WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
TABLES: Final = (*DELIMITED, *WORKBOOKS)
"""Suffixes of files of tables."""


def is_delimited(path: Path) -> bool:
    """Whether a file is delimited text by its suffix and not a workbook by its content."""
    if path.suffix.lower() not in DELIMITED:
        return False
    try:
        return kind_of(path) == "text"
    except OSError:
        return True  # read() says what is wrong


def read_table_file(path: Path, sheet: str | None, encoding: str | None) -> Document:
    """Read a workbook or a delimited file.

    Systems export text under the name of Excel, and people rename workbooks to ``.csv``.
    Both are read for what they are, and said; pages of the web are refused.

    Raises
    ------
    InputError
        The file is damaged, has a password, or is no table.
    """
    suffix = path.suffix.lower()
    kind = kind_of(path)
    is_text = kind == "text" and suffix in {*DELIMITED, ".xls"}
    if not is_text and (suffix in WORKBOOKS or kind not in {"zip", "empty"}):
        grids, skipped, remarks = read_excel(path, sheet)
        return Document(path.name, grids=grids, skipped=skipped, remarks=remarks)
    text, name = decode(path.read_bytes(), path.name, encoding)
    grid, found = read_delimited(text, path.name)
    if suffix not in DELIMITED:
        said = f"名前の終わりは {path.suffix} ですが、中身は区切り文字の入ったテキストなので、そう読みます。"
        found = (Remark("", said), *found)
    return Document(path.name, grids=(grid,), encoding=name, remarks=found)
