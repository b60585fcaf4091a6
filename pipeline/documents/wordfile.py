"""Open a Word file: .docx, .docm and the strict form of the standard."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

import docx
from docx.opc.exceptions import OpcError

from pipeline.documents.archive import check_archive
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as WordDocument

# What python-docx lets through where the archive or the XML inside is damaged
# (lxml raises a SyntaxError).
DAMAGE: Final = (
    OpcError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    RecursionError,
)
_OLD_OR_ENCRYPTED: Final = b"\xd0\xcf\x11\xe0"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_ROOT: Final = "_rels/.rels"
_WITH_MACROS: Final = b"application/vnd.ms-word.document.macroEnabled.main+xml"
_PLAIN: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STRICT: Final = re.compile(rb"(?<=//)purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL: Final = rb"schemas.openxmlformats.org/\1/2006/\2"
_XML: Final = (".xml", ".rels")


def open_word(path: Path) -> WordDocument:
    """Open a Word document of any of its forms.

    Raises
    ------
    InputError
        The document is damaged, has a password, or would exhaust the machine.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if head == _OLD_OR_ENCRYPTED:
        raise InputError(
            "パスワードが付いているか、古い形式（.doc）の Word ファイルです。",
            at=Location(file=path.name),
            remedy="Word で開き、パスワードを外して「Word 文書（.docx）」で保存し直してください。",
        )
    try:
        check_archive(path)
        return docx.Document(_as_known(path))
    except DAMAGE as error:
        raise damaged(path) from error


def damaged(path: Path) -> InputError:
    """Say that a document cannot be read."""
    return InputError(
        "Word ファイルとして読めません。壊れているか、別の形式のファイルです。",
        at=Location(file=path.name),
        remedy="Word で開けるか確かめ、開けたら .docx で保存し直してください。",
    )


def _as_known(path: Path) -> str | io.BytesIO:
    """The file in the form that python-docx knows: without macros, with the usual names."""
    with zipfile.ZipFile(path) as parts:
        macros = _WITH_MACROS in parts.read(_CONTENT_TYPES)
        strict = _STRICT.search(parts.read(_ROOT)) is not None
        if not macros and not strict:
            return str(path)
        known = io.BytesIO()
        with zipfile.ZipFile(known, "w", zipfile.ZIP_DEFLATED) as changed:
            for name in parts.namelist():
                content = parts.read(name)
                if name == _CONTENT_TYPES:
                    content = content.replace(_WITH_MACROS, _PLAIN)
                if strict and name.endswith(_XML):
                    content = _STRICT.sub(_TRANSITIONAL, content)
                changed.writestr(name, content)
    known.seek(0)
    return known
