"""What a file really is, by its content: its suffix can be wrong."""

from __future__ import annotations

import codecs
import errno
import re
import zipfile
from typing import TYPE_CHECKING, Literal

from pipeline.documents.compound import SIGNATURE, Compound, DamagedCompoundError

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal[
    "xlsx", "xlsb", "ods", "docx", "zip",
    "xls", "doc", "encrypted", "compound",
    "html", "spreadsheet_xml", "text", "empty",
]  # fmt: skip

_ZIP = b"PK\x03\x04"
_HEAD = 4096
_HTML = re.compile(
    r"\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body|meta|table|style)\b"
    r"|\s*mime-version\s*:",
    re.IGNORECASE | re.DOTALL,
)
_SPREADSHEET_XML = re.compile(
    r"\s*<\?xml\b.*?(?:urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet)",
    re.IGNORECASE | re.DOTALL,
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def kind_of(path: Path) -> Kind:
    """Say what a file is, by its first bytes and the names of its parts.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(_ZIP):
        return _zip_kind(path)
    if head.startswith(SIGNATURE[:4]):
        return _compound_kind(path)
    if not head.strip():
        return "empty"
    codec = next((codec for mark, codec in _MARKS if head.startswith(mark)), "latin-1")
    text = head.decode(codec, "replace")
    if _SPREADSHEET_XML.match(text):
        return "spreadsheet_xml"
    if _HTML.match(text):
        return "html"
    return "text"


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        return "zip"
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's begin
            raise
        return "zip"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "word/document.xml" in names:
        return "docx"
    return "ods" if "content.xml" in names and _is_spreadsheet(path) else "zip"


def _is_spreadsheet(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as stream:
            return b"opendocument.spreadsheet" in stream.read(_HEAD)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
        return False


def _compound_kind(path: Path) -> Kind:
    try:
        names = Compound.from_path(path).names
    except (DamagedCompoundError, ValueError):
        return "compound"
    if "EncryptedPackage" in names:
        return "encrypted"
    if names & {"Workbook", "Book"}:
        return "xls"
    return "doc" if "WordDocument" in names else "compound"
