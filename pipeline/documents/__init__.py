"""Read the files that planners have: ``read(path)`` → grids of cells or entries of notes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.documents.encoding import decode
from pipeline.documents.facilitators import facilitator_remarks
from pipeline.documents.model import Document, Grid, NoteEntry
from pipeline.documents.plaintext import read_plaintext
from pipeline.documents.tablefiles import TABLES, read_table_file
from pipeline.errors import InputError, Location
from pipeline.plainfile import check_plain

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.documents.model import Remark

__all__ = ["READABLE", "Document", "Grid", "NoteEntry", "forget", "read"]

READABLE = (*TABLES, ".docx", ".docm", ".pdf", ".txt", ".md")
"""Suffixes of the files that can be read."""

_STUDY = re.compile(r"^[ \t]*\[\[?[ \t]*sources[ \t]*\]\]?", re.MULTILINE)
_KEPT = 8  # documents that are remembered
_LOCK = "~$"  # how the files begin that Office keeps beside an open one

_REMEDIES = {
    ".xlsb": "Excel で開き、「名前を付けて保存」で「Excel ブック（.xlsx）」にしてください。",
    ".doc": "Word で開き、「名前を付けて保存」で「Word 文書（.docx）」にしてください。",
    ".odt": "開いて、「名前を付けて保存」で「Word 文書（.docx）」にしてください。",
    ".rtf": "Word で開き、「名前を付けて保存」で「Word 文書（.docx）」にしてください。",
    ".jtd": "一太郎で開き、Word（.docx）かテキスト（.txt）で保存し直してください。",
    ".zip": "展開（解凍）して、中のファイルを指定してください。",
}


def read(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> Document:
    """Read one file of answers or notes.

    Parameters
    ----------
    path
        A file with one of the suffixes in :data:`READABLE`.
    sheet
        Worksheet to read; ``None``: all visible ones. Workbooks only.
    encoding
        Character encoding; ``None``: found. Text files only.

    Returns
    -------
    Document
        Grids of cells (tables), or entries (notes).

    Raises
    ------
    InputError
        The file is missing, damaged, has a password, or is of a kind that
        cannot be read; the remedy says what to save it as.
    """
    suffix = path.suffix.lower()
    if not path.exists():
        raise InputError(
            "ファイルがありません。",
            at=Location(file=str(path)),
            remedy='ファイルの名前と場所を確かめてください。名前に空白があるときは、全体を " で囲みます。',
        )
    check_plain(path)
    if not path.is_file() or suffix not in READABLE or path.name.startswith(_LOCK):
        raise _unreadable(path)
    try:
        state = path.stat()
        stamp = (str(path.resolve()), state.st_ino, state.st_mtime_ns, state.st_ctime_ns)
        document = _read(path, sheet, encoding, (*stamp, state.st_size))
    except OSError as error:
        raise InputError(
            "ファイルを開けません。",
            at=Location(file=path.name),
            remedy="Excel や Word で開いていれば閉じ、開く権限があるかを確かめてください。",
        ) from error
    if not document.grids and not document.entries:
        raise InputError(
            "文章がありません。",
            at=Location(file=path.name),
            remedy="正しいファイルか、文章が画像になっていないかを確かめてください。",
        )
    return document


def forget() -> None:
    """Let go of the documents that :func:`read` remembers, once their answers are taken."""
    _read.cache_clear()


@lru_cache(maxsize=_KEPT)
def _read(
    path: Path, sheet: str | None, encoding: str | None, _stamp: tuple[str | int, ...]
) -> Document:
    """Read a file once, however often it is asked for; one that changed is read again."""
    suffix = path.suffix.lower()
    if suffix in TABLES:
        return read_table_file(path, sheet, encoding)
    # What reads Word and PDF takes a fifth of a second to import; most runs read tables.
    if suffix in {".docx", ".docm"}:
        from pipeline.documents.word import read_word

        return _notes(path.name, *read_word(path))
    if suffix == ".pdf":
        from pipeline.documents.pdfnotes import read_pdf_notes

        return _notes(path.name, *read_pdf_notes(path))
    text, name = decode(path.read_bytes(), path.name, encoding)
    if suffix in {".txt", ".md"} and _STUDY.search(text):
        raise InputError(
            "回答ではなく、調査ファイル（TOML）のようです。",
            at=Location(file=path.name),
            remedy="ファイルの名前の終わりを .toml に変えてください（メモ帳では「ファイルの種類」を"
            "「すべてのファイル」にして保存します）。",
        )
    return _notes(path.name, read_plaintext(text, markdown=suffix == ".md"), encoding=name)


def _notes(
    file: str,
    entries: tuple[NoteEntry, ...],
    remarks: tuple[Remark, ...] = (),
    encoding: str | None = None,
) -> Document:
    """Make a document of notes; who leads the meeting is said, too."""
    leading = facilitator_remarks(one.speaker for one in entries if one.role == "facilitator")
    return Document(file, entries=entries, encoding=encoding, remarks=(*remarks, *leading))


def _unreadable(path: Path) -> InputError:
    readable = "、".join(READABLE)
    if path.name.startswith(_LOCK):
        return InputError(
            "Excel や Word が、ファイルを開いている間だけ作る控えです。回答は入っていません。",
            at=Location(file=path.name),
            remedy=f"名前の初めに {_LOCK} の付かない、もとのファイルを指定してください。",
        )
    if path.is_dir():
        return InputError(
            "フォルダーは読めません。",
            at=Location(file=path.name),
            remedy=f"中のファイル（{readable}）を指定してください。",
        )
    remedy = _REMEDIES.get(path.suffix.lower(), "")
    return InputError(
        f"この種類のファイル（{path.suffix or '拡張子なし'}）は読めません。",
        at=Location(file=path.name),
        remedy=f"{remedy}読めるのは {readable} です。",
    )
