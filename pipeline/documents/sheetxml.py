"""What the XML of an Excel workbook says beside the values that the reader gives.

The reader leaves errors out and shows every row alike. The XML is looked through once
more, piece by piece, so that memory stays small whatever the sheet holds.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from pipeline.documents.cells import column_number
from pipeline.documents.facts import SheetFacts
from pipeline.documents.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.documents.facts import Place

_PIECE = 1 << 20
_LONGEST_ROW = 1 << 24  # bytes without the end of a row, after which a piece is cut anyway
_MOST_STYLES = 1 << 25  # bytes; a workbook that was copied together for years has some millions
_COMMENTS = re.compile(r"xl/(?:comments/)?comments?[^/]*\.xml", re.IGNORECASE)
_THREADS = re.compile(r"xl/threadedComments/[^/]*\.xml", re.IGNORECASE)
_DRAWING = re.compile(r"xl/drawings/[^/]+\.xml", re.IGNORECASE)
_TAG = rb"<(?:\w+:)?"
_IS = rb"""\s*=\s*["']"""
_CELL_NAME = rb"\br" + _IS + rb"""([A-Za-z]{1,3})([0-9]{1,7})["']"""
_ON = _IS + rb"""(?:1|true)["']"""
# Tags are cut atomically: one of a million attributes would take hours otherwise.
_HIDDEN_ROW = re.compile(_TAG + rb"row\s((?>[^<>]*?\bhidden" + _ON + rb")[^<>]*+)>")
_HIDDEN_COLUMN = re.compile(_TAG + rb"col\s((?>[^<>]*?\bhidden" + _ON + rb")[^<>]*+)>")
_ERROR = re.compile(
    _TAG
    + rb"c\s((?>[^<>]*?\bt"
    + _IS
    + rb"""e["'])[^<>]*+)>(?:(?!</(?:\w+:)?c>).){0,20000}?<(?:\w+:)?v>([^<]{1,20})<""",
    re.DOTALL,
)
_BARE_FORMULA = re.compile(
    _TAG
    + rb"c\s([^<>]*+)>\s*+<(?:\w+:)?f\b[^<>]*+(?:(?<=/)>|>[^<]*+</(?:\w+:)?f>)\s*+"
    + rb"(?:<(?:\w+:)?v(?:\s*/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_PLACE = re.compile(_CELL_NAME)
_ROW_NUMBER = re.compile(rb"\br" + _IS + rb"""([0-9]{1,7})["']""")
_TEXT_RESULT = re.compile(rb"\bt" + _IS + rb"""str["']""")
_ATTRIBUTE = re.compile(rb"""(?<![\w:])([\w:]++)\s*+=\s*+["']([^"'<>]*)["']""")
_SHEET_NAME = re.compile(_TAG + rb"sheet\s([^<>]*)>")
_RELATION = re.compile(_TAG + rb"Relationship\s([^<>]*)>")
_FORMAT = re.compile(_TAG + rb"numFmt\s([^<>]*)>")
_CELL_STYLES = re.compile(_TAG + rb"cellXfs\b[^<>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(_TAG + rb"xf\b([^<>]*)>")
_ZEROS_OR_PERCENT = re.compile(r"0{2,}|0(?:\.0+)?%")
_ANNOUNCED = re.compile(_TAG + rb"sst\b[^<>]{0,2000}?\buniqueCount" + _IS + rb"([0-9]{1,20})")
_LONGEST_TAG = 4096
_COMMENT = re.compile(_TAG + rb"comment\b")
_THREADED = re.compile(_TAG + rb"threadedComment\b")
_WORDS = re.compile(_TAG + rb"t>\s*[^<\s]")
_BUILT_IN: Final = {"9": "0%", "10": "0.00%"}


@dataclass(frozen=True)
class WorkbookFacts:
    """What a workbook says beside its values: by sheet, and as a whole."""

    sheets: Mapping[str, SheetFacts]
    remarks: tuple[Remark, ...]


def scan_workbook(path: Path) -> WorkbookFacts:
    """Look through the XML of a workbook (.xlsx, .xlsm).

    Raises
    ------
    zipfile.BadZipFile, zlib.error, EOFError
        The archive is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        parts = {name.lower(): name for name in archive.namelist()}
        _check_counts(archive, parts)
        styles = _styles(archive, parts)
        sheets = {}
        for name, title in _sheet_parts(archive, parts).items():
            with archive.open(parts[name]) as stream:
                sheets[title] = _scan_sheet(stream, styles)
        return WorkbookFacts(sheets, tuple(_remarks(archive)))


def _check_counts(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> None:
    """Refuse a workbook that announces more texts than it can hold; room is made for all."""
    name = parts.get("xl/sharedstrings.xml")
    if name is None:
        return
    most = archive.getinfo(name).file_size // len("<si/>") + 1
    before = b""
    with archive.open(name) as stream:
        while piece := stream.read(_PIECE):
            for count in _ANNOUNCED.findall(before + piece):
                if int(count) > most:
                    raise zipfile.BadZipFile
            before = piece[-_LONGEST_TAG:]


def _scan_sheet(stream: IO[bytes], styles: Mapping[bytes, str]) -> SheetFacts:
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    errors: dict[Place, str] = {}
    bare: list[Place] = []
    shown: dict[Place, str] = {}
    styled = _styled(styles)
    for piece in _pieces(stream):
        # Looking for a few letters first is many times faster than matching tags.
        if b"hidden" in piece:
            hidden_columns.update(_hidden_columns(piece))
            hidden_rows.update(
                int(number[1])
                for found in _HIDDEN_ROW.finditer(piece)
                if (number := _ROW_NUMBER.search(found[1]))
            )
        if b'"e"' in piece or b"'e'" in piece:
            for found in _ERROR.finditer(piece):
                if place := _place(found[1]):
                    errors[place] = html.unescape(found[2].decode("utf-8", "replace"))
        if b"<f" in piece or b":f" in piece:
            bare += [
                place
                for found in _BARE_FORMULA.finditer(piece)
                if not _TEXT_RESULT.search(found[1]) and (place := _place(found[1]))
            ]
        for found in styled.finditer(piece) if styled else ():
            if place := _place(found[1]):
                shown[place] = styles[found[2]]
    return SheetFacts(hidden_rows, hidden_columns, errors, bare, shown)


def _hidden_columns(piece: bytes) -> Iterator[int]:
    for found in _HIDDEN_COLUMN.finditer(piece):
        said = _attributes(found[1])
        first, last = int(said.get("min", "0")), int(said.get("max", "0"))
        yield from range(max(first, 1) - 1, min(last, 1 << 14))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Cut a stream after ends of rows, so that no cell is in two pieces."""
    rest = b""
    while block := stream.read(_PIECE):
        rest += block
        end = rest.rfind(b"row>") + len(b"row>")
        if end < len(b"row>") and len(rest) > _LONGEST_ROW:
            end = rest.rfind(b"<")
        if end >= len(b"row>"):
            yield rest[:end]
            rest = rest[end:]
    yield rest


def _styled(styles: Mapping[bytes, str]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    either = b"|".join(sorted(styles))
    return re.compile(
        _TAG + rb"c\s((?>[^<>]*?\bs" + _IS + rb"(" + either + rb""")["'])[^<>]*+)(?<!/)>"""
    )


def _sheet_parts(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> dict[str, str]:
    """Find which part (in lower case) holds the sheet of which name."""
    book = parts.get("xl/workbook.xml")
    relations = parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return {}
    targets = {}
    for found in _RELATION.finditer(archive.read(relations)):
        said = _attributes(found[1])
        target = posixpath.normpath(posixpath.join("/xl", said.get("Target", "")))
        targets[said.get("Id", "")] = target.lstrip("/").lower()
    sheets = {}
    for found in _SHEET_NAME.finditer(archive.read(book)):
        said = _attributes(found[1])
        key = next((value for name, value in said.items() if name.endswith(":id")), "")
        if (part := targets.get(key)) in parts:
            assert part is not None
            sheets[part] = said.get("name", "")
    return sheets


def _styles(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> dict[bytes, str]:
    """Find the styles whose number format is zeros or percent: style → format."""
    name = parts.get("xl/styles.xml")
    if name is None or archive.getinfo(name).file_size > _MOST_STYLES:
        return {}
    data = archive.read(name)
    formats = dict(_BUILT_IN)
    for found in _FORMAT.finditer(data):
        said = _attributes(found[1])
        formats[said.get("numFmtId", "")] = said.get("formatCode", "").partition(";")[0]
    cells = _CELL_STYLES.search(data)
    styles = {}
    for number, found in enumerate(_STYLE.finditer(cells[1] if cells else b"")):
        form = formats.get(_attributes(found[1]).get("numFmtId", ""), "")
        if _ZEROS_OR_PERCENT.fullmatch(form):
            styles[str(number).encode()] = form
    return styles


def _remarks(archive: zipfile.ZipFile) -> Iterator[Remark]:
    n_notes = n_threads = n_boxes = 0
    for name in archive.namelist():
        if _COMMENTS.fullmatch(name):
            n_notes += len(_COMMENT.findall(archive.read(name)))
        elif _THREADS.fullmatch(name):
            n_threads += len(_THREADED.findall(archive.read(name)))
        elif _DRAWING.fullmatch(name):
            n_boxes += sum(
                bool(_WORDS.search(box)) for box in archive.read(name).split(b"txBody>")[1::2]
            )
    # A new comment has an old twin for old programs.
    if n_comments := max(n_notes, n_threads):
        yield Remark("", f"セルに付いたコメント（メモ）が{n_comments}件あります。読みません。")
    if n_boxes:
        yield Remark(
            "",
            f"図形やテキストボックスの中の文章が{n_boxes}個あります。読みません。"
            "意見があれば、セルに書き写してください。",
        )


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        found[1].decode("utf-8", "replace"): html.unescape(found[2].decode("utf-8", "replace"))
        for found in _ATTRIBUTE.finditer(tag)
    }


def _place(tag: bytes) -> Place | None:
    found = _PLACE.search(tag)
    return (int(found[2]), column_number(found[1].decode().upper()) - 1) if found else None
