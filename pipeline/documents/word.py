"""Word documents (.docx, .docm) → entries of notes, in the order in which they stand.

The body is walked element by element, because text inside tracked insertions,
content controls and text boxes is invisible to ``Paragraph.text``, and nothing
that a resident said may be lost silently.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.documents.notes import Line, is_marked, read_entries, with_locator
from pipeline.documents.notetables import read_note_table
from pipeline.documents.wordfile import DAMAGE, damaged, open_word
from pipeline.documents.wordremarks import word_remarks
from pipeline.documents.wordtext import (
    ELSEWHERE,
    TEXT_BOX,
    TRANSPARENT,
    inside,
    joined_paragraphs,
    mark_is_deleted,
    paragraphs_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle

    from pipeline.documents.model import NoteEntry, Remark
    from pipeline.documents.notes import LineStyle

_HEADING_STYLE = re.compile(r"^(?:heading|title|subtitle|見出し|表題|副題)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|箇条書き|段落番号", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"^(?:toc|目次)", re.IGNORECASE)
_BODY_LEVEL = 9  # of an outline: no heading
_BASED_ON = 10  # styles upon each other that are looked at


class WordText(NamedTuple):
    """Entries of a document, and what is to be said of what was not read."""

    entries: tuple[NoteEntry, ...]
    remarks: tuple[Remark, ...]


def read_word(path: Path) -> WordText:
    """Read the paragraphs, tables, text boxes and notes of a Word document.

    Parameters
    ----------
    path
        The document.

    Returns
    -------
    WordText
        Locators are ``段落5``, ``表1 2行目 3列目``, ``テキストボックス1`` and
        ``脚注1``; a table inside a cell is numbered like the others, after the table
        around it. Tracked changes are read as if they were accepted.

    Raises
    ------
    InputError
        The document is damaged, has a password, or would exhaust the machine.
    """
    document = open_word(path)
    try:
        return WordText(tuple(_entries(document)), word_remarks(document))
    except DAMAGE as error:
        raise damaged(path) from error


def _entries(document: WordDocument) -> Iterator[NoteEntry]:
    lines: list[Line] = []
    heading = open_text = open_locator = ""
    tables = count(1)
    n_paragraphs = 0
    for block in _blocks(document):
        if isinstance(block, Paragraph):
            n_paragraphs += 1
            text = open_text + text_of(block._p)
            locator = open_locator or f"段落{n_paragraphs}"
            open_text = open_locator = ""
            if mark_is_deleted(block._p):
                open_text, open_locator = text, locator
            else:
                lines += _lines(text, _style(block), locator)
            continue
        above = _under(read_entries(lines), heading)
        yield from above
        lines = []
        heading = above[-1].heading if above else heading
        yield from _table_entries(block, tables, heading)
    lines += _lines(open_text, "plain", open_locator)
    yield from _under(read_entries(lines), heading)
    yield from _text_boxes(document)
    yield from _notes(document)


def _blocks(document: WordDocument) -> Iterator[Paragraph | Table]:
    def walk(element: BaseOxmlElement) -> Iterator[Paragraph | Table]:
        for child in element:
            if child.tag == qn("w:p"):
                yield Paragraph(child, document._body)
            elif child.tag == qn("w:tbl"):
                yield Table(child, document._body)
            elif child.tag in TRANSPARENT:
                yield from walk(child)

    yield from walk(document.element.body)


def _lines(text: str, style: LineStyle, locator: str) -> list[Line]:
    parts = text.split("\n")
    if len(parts) > 1 and any(is_marked(part) for part in parts):
        return [Line(locator, part, style) for part in parts]
    return [Line(locator, text, style)]


def _style(paragraph: Paragraph) -> LineStyle:
    properties = paragraph._p.pPr
    names, level = _named_styles(paragraph.style)
    own = properties.find(qn("w:outlineLvl")) if properties is not None else None
    if any(map(_CONTENTS_STYLE.match, names)):
        return "record"
    if any(map(_HEADING_STYLE.match, names)) or _value(own, level) < _BODY_LEVEL:
        return "heading"
    numbered = properties is not None and properties.numPr is not None
    return "bullet" if numbered or any(map(_LIST_STYLE.search, names[:1])) else "plain"


def _named_styles(style: ParagraphStyle | None) -> tuple[list[str], int]:
    """Names of a style and of those that it is based on, and the level that they set."""
    names: list[str] = []
    level = _BODY_LEVEL
    while style is not None and len(names) < _BASED_ON:
        names.append(style.name or "")
        set_by = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        level = min(level, _value(set_by, _BODY_LEVEL))
        style = style.base_style
    return names, level


def _table_entries(table: Table, numbers: Iterator[int], heading: str) -> list[NoteEntry]:
    number = next(numbers)
    rows = [_cells(row) for row in inside(table._tbl, qn("w:tr"))]
    entries: list[NoteEntry] = []
    for row_index, column, found in read_note_table(rows, heading):
        locator = f"表{number} {row_index + 1}行目 {column + 1}列目"
        entries += with_locator(found, locator)
    for nested in _tables_in(table._tbl):
        entries += _table_entries(Table(nested, table), numbers, heading)
    return entries


def _tables_in(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Tables inside the cells of a table, not those inside them."""
    for child in element:
        if child.tag == qn("w:tbl"):
            yield child
        elif child.tag not in ELSEWHERE and child.tag != qn("w:p"):
            yield from _tables_in(child)


def _cells(row: BaseOxmlElement) -> list[str]:
    """Texts of a row; the places that a merged cell covers besides its first are blank."""
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    texts = [""] * _value(before, 0)
    for cell in inside(row, qn("w:tc")):
        text = "\n".join(joined_paragraphs(paragraphs_of(cell)))
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        continues = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
        # What stands in a cell that is merged away cannot be seen in Word, but is there.
        texts.append("" if continues and not text.strip() else text)
        texts += [""] * (_value(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1) - 1)
    return texts


def _value(element: BaseOxmlElement | None, default: int) -> int:
    return default if element is None else int(element.get(qn("w:val"), default))


def _text_boxes(document: WordDocument) -> Iterator[NoteEntry]:
    boxes = [
        box
        for box in document.element.body.iter(TEXT_BOX)
        if not any(ancestor.tag in ELSEWHERE - {TEXT_BOX} for ancestor in box.iterancestors())
    ]
    for number, box in enumerate(boxes, start=1):
        yield from _standing_apart(document, box, f"テキストボックス{number}")


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
                yield from _standing_apart(document, note, f"{name}{number}")


def _standing_apart(
    document: WordDocument, element: BaseOxmlElement, locator: str
) -> Iterator[NoteEntry]:
    lines = [Line("", text) for text in joined_paragraphs(paragraphs_of(element))]
    yield from with_locator(read_entries(lines), locator)
    for table in _tables_in(element):
        for entry in _table_entries(Table(table, document._body), count(1), ""):
            yield replace(entry, locator=f"{locator} {entry.locator}")


def _under(entries: tuple[NoteEntry, ...], heading: str) -> list[NoteEntry]:
    return [replace(entry, heading=entry.heading or heading) for entry in entries]
