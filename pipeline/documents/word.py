"""Word documents (.docx) → entries of notes, in the order in which they stand.

The body is walked element by element, because text inside tracked insertions,
content controls and text boxes is invisible to ``Paragraph.text``, and nothing
that a resident said may be lost silently.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.documents.notes import Line, is_marked, read_entries, with_locator
from pipeline.documents.notetables import read_note_table
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

    from pipeline.documents.model import NoteEntry
    from pipeline.documents.notes import LineStyle

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
# What python-docx lets through where the archive or the XML inside is damaged
# (lxml raises a SyntaxError).
_DAMAGE = (
    OpcError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    NotImplementedError,
)
_HEADING_STYLE = re.compile(r"^(?:heading|title|subtitle|見出し|表題|副題)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|箇条書き|段落番号", re.IGNORECASE)
_TEXT_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What is read elsewhere (text boxes), a second time (their fallback), or no longer there.
_ELSEWHERE = {_TEXT_BOX, _FALLBACK, qn("w:moveFrom"), qn("w:del")}
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_TRANSPARENT = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:moveTo")}


def read_word(path: Path) -> tuple[NoteEntry, ...]:
    """Read the paragraphs, tables, text boxes and notes of a Word document.

    Parameters
    ----------
    path
        The document.

    Returns
    -------
    tuple of NoteEntry
        Locators are ``段落5``, ``表1 2行目 3列目``, ``テキストボックス1`` and
        ``脚注1``.

    Raises
    ------
    InputError
        The document is damaged or has a password.
    """
    _check_container(path)
    try:
        return tuple(_entries(docx.Document(str(path))))
    except _DAMAGE as error:
        raise InputError(
            "Word ファイルとして読めません。壊れているか、別の形式のファイルです。",
            at=Location(file=path.name),
            remedy="Word で開けるか確かめ、開けたら .docx で保存し直してください。",
        ) from error


def _entries(document: WordDocument) -> Iterator[NoteEntry]:
    lines: list[Line] = []
    heading = ""
    n_tables = n_paragraphs = 0
    for block in _blocks(document):
        if isinstance(block, Paragraph):
            n_paragraphs += 1
            lines += _lines(block, f"段落{n_paragraphs}")
            continue
        above = _under(read_entries(lines), heading)
        yield from above
        lines = []
        heading = above[-1].heading if above else heading
        n_tables += 1
        yield from _table_entries(block, n_tables, heading)
    yield from _under(read_entries(lines), heading)
    yield from _text_boxes(document)
    yield from _notes(document)


def _check_container(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head == _OLD_OR_ENCRYPTED:
        raise InputError(
            "パスワードが付いているか、古い形式（.doc）の Word ファイルです。",
            at=Location(file=path.name),
            remedy="Word で開き、パスワードを外して「Word 文書（.docx）」で保存し直してください。",
        )


def _blocks(document: WordDocument) -> Iterator[Paragraph | Table]:
    def walk(element: BaseOxmlElement) -> Iterator[Paragraph | Table]:
        for child in element:
            if child.tag == qn("w:p"):
                yield Paragraph(child, document._body)
            elif child.tag == qn("w:tbl"):
                yield Table(child, document._body)
            elif child.tag in _TRANSPARENT:
                yield from walk(child)

    yield from walk(document.element.body)


def _lines(paragraph: Paragraph, locator: str) -> list[Line]:
    text = _text(paragraph._p)
    parts = text.split("\n")
    style = _style(paragraph)
    if len(parts) > 1 and any(is_marked(part) for part in parts):
        return [Line(locator, part, style) for part in parts]
    return [Line(locator, text, style)]


def _style(paragraph: Paragraph) -> LineStyle:
    name = (paragraph.style.name if paragraph.style is not None else "") or ""
    if _HEADING_STYLE.match(name):
        return "heading"
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return "bullet" if numbered or _LIST_STYLE.search(name) else "plain"


def _text(element: BaseOxmlElement) -> str:
    parts: list[str] = []

    def walk(node: BaseOxmlElement) -> None:
        for child in node:
            if child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag in _BREAKS and node.tag == qn("w:r"):
                parts.append(_BREAKS[child.tag])
            elif child.tag not in _ELSEWHERE and child.tag != qn("w:rt"):
                walk(child)

    walk(element)
    return "".join(parts)


def _table_entries(table: Table, number: int, heading: str) -> list[NoteEntry]:
    rows = [_cells(row) for row in _inside(table._tbl, qn("w:tr"))]
    entries: list[NoteEntry] = []
    for row_index, column, found in read_note_table(rows, heading):
        locator = f"表{number} {row_index + 1}行目 {column + 1}列目"
        entries += with_locator(found, locator)
    return entries


def _cells(row: BaseOxmlElement) -> list[str]:
    """Texts of a row; the places that a merged cell covers besides its first are blank."""
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    texts = [""] * _value(before, 0)
    for cell in _inside(row, qn("w:tc")):
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        continues = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
        texts.append("" if continues else "\n".join(map(_text, _paragraphs(cell))))
        texts += [""] * (_value(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1) - 1)
    return texts


def _value(element: BaseOxmlElement | None, default: int) -> int:
    return default if element is None else int(element.get(qn("w:val"), default))


def _inside(element: BaseOxmlElement, tag: str) -> Iterator[BaseOxmlElement]:
    """Rows of a table or cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _inside(child, tag)


def _paragraphs(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs of a cell, a text box or a note; those of text boxes inside come elsewhere."""
    for child in element:
        if child.tag == qn("w:p"):
            yield child
        elif child.tag not in _ELSEWHERE:
            yield from _paragraphs(child)


def _text_boxes(document: WordDocument) -> Iterator[NoteEntry]:
    boxes = [
        box
        for box in document.element.body.iter(_TEXT_BOX)
        if not any(ancestor.tag in _ELSEWHERE - {_TEXT_BOX} for ancestor in box.iterancestors())
    ]
    for number, box in enumerate(boxes, start=1):
        yield from _standing_apart(box, f"テキストボックス{number}")


def _notes(document: WordDocument) -> Iterator[NoteEntry]:
    """Footnotes and endnotes; those with a type are the lines that separate them."""
    for kind, tag, name in (
        (RELATIONSHIP_TYPE.FOOTNOTES, qn("w:footnote"), "脚注"),
        (RELATIONSHIP_TYPE.ENDNOTES, qn("w:endnote"), "文末脚注"),
    ):
        for relation in document.part.rels.values():
            if relation.reltype != kind or relation.is_external:
                continue
            notes = parse_xml(relation.target_part.blob).iter(tag)
            written = (note for note in notes if note.get(qn("w:type"), "normal") == "normal")
            for number, note in enumerate(written, start=1):
                yield from _standing_apart(note, f"{name}{number}")


def _standing_apart(element: BaseOxmlElement, locator: str) -> Iterator[NoteEntry]:
    lines = [Line("", _text(paragraph)) for paragraph in _paragraphs(element)]
    yield from with_locator(read_entries(lines), locator)


def _under(entries: tuple[NoteEntry, ...], heading: str) -> list[NoteEntry]:
    return [replace(entry, heading=entry.heading or heading) for entry in entries]
