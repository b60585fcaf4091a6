"""Word documents: A4 landscape, Japanese styles, page numbers, tables that repeat their head."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from pipeline.papers.seal import PLACEHOLDER, seal
from pipeline.papers.wordstyles import (
    AFTER_TABLE,
    BODY,
    CELL,
    FIGURE,
    FOOTER,
    HEAD,
    TABLE,
    TITLE,
    set_up_styles,
)
from pipeline.review.workbook import n_lines
from pipeline.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document

PAGE_WIDTH: Final = 297
"""Millimetres of A4 landscape; 210 high."""

MARGIN: Final = 15
TEXT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
"""Millimetres that a table may fill."""

LINES_OF_HALF_A_PAGE: Final = 18
"""Lines above which a row may run over to the next page."""

_TWIPS_PER_MM: Final = 56.6929
_HALF_WIDTH: Final = 1.6
"""Millimetres of a half-width character in a table."""
_PADDING: Final = 3.0
# The clock is no part of a run, so every paper was made on the same day.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - python-docx takes no time zone
_UNUSED: Final = ("thumbnail", "stylesWithEffects", "customXml", "/numbering")


class Text(NamedTuple):
    """One paragraph of a cell; several are one below the other."""

    text: str
    style: str = CELL
    bold: bool = False


class Cell(NamedTuple):
    """A cell of a table.

    Attributes
    ----------
    span
        Columns that it takes.
    """

    parts: tuple[Text, ...]
    span: int = 1


class Column(NamedTuple):
    """A column: its head and its width in millimetres."""

    name: str
    width: float


class Table(NamedTuple):
    """A table.

    Attributes
    ----------
    about
        What it shows, for people who hear the document read out.
    """

    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def cell(*texts: str | Text) -> Cell:
    """Cell of some paragraphs; empty ones are left out."""
    parts = (own if isinstance(own, Text) else Text(own) for own in texts)
    return Cell(tuple(own for own in parts if own.text))


def figure(number: int | None, unit: str = "") -> Cell:
    """Cell of a count, at the right side; empty for none."""
    return Cell(() if number is None else (Text(f"{number:,}{unit}", FIGURE),))


def new_document(title: str, subject: str, footer: str) -> Document:
    """Empty A4 landscape document.

    Parameters
    ----------
    title, subject
        Properties of the file.
    footer
        Stands at the foot of every page, left of the page number.
    """
    document = docx.Document()
    _drop_unused(document)
    set_up_styles(document)
    properties = document.core_properties
    properties.title, properties.subject = clean(title)[:255], clean(subject)[:255]
    properties.author, properties.last_modified_by, properties.comments = "Kadai", "Kadai", ""
    properties.language, properties.identifier = "ja-JP", PLACEHOLDER
    properties.created = properties.modified = _CREATED
    properties.revision = 1
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(210)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(15), Mm(16)
    section.header_distance, section.footer_distance = Mm(8), Mm(8)
    for grid in document.element.body.findall(f".//{qn('w:docGrid')}"):
        grid.getparent().remove(grid)  # it would spread the lines of Japanese fonts
    section.footer.paragraphs[0].style = FOOTER
    foot = section.footer.part.element.find(qn("w:p"))
    runs = (
        _run(clean(footer)[:90]),
        "<w:r><w:tab/></w:r>",
        _field("PAGE"),
        _run(" / "),
        _field("NUMPAGES"),
    )
    for own in runs:
        foot.append(_element(own))
    return document


def add_title(document: Document, text: str, below: str) -> None:
    """Title of the document and a line below it."""
    document.add_paragraph(clean(text), TITLE)
    document.add_paragraph(clean(below), "Subtitle")


def add_heading(document: Document, text: str, level: int = 1, *, new_page: bool = False) -> None:
    """Heading that Word's navigation pane shows."""
    heading = document.add_paragraph(clean(text), f"Heading {level}")
    if new_page:
        heading.paragraph_format.page_break_before = True


def add_text(document: Document, text: str, style: str = BODY) -> None:
    """Paragraph."""
    document.add_paragraph(clean(text), style)


def add_table(document: Document, table: Table) -> None:
    """Table with a head that is repeated on every page and rows that stay whole.

    A row that would fill more than half a page may be cut, or the page before it
    would stay empty.
    """
    widths = [round(column.width * _TWIPS_PER_MM) for column in table.columns]
    head = tuple(Cell((Text(column.name, HEAD),)) for column in table.columns)
    pieces = [
        (
            f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblStyle w:val={quoteattr(TABLE)}/>"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblDescription w:val={quoteattr(clean(table.about))}/></w:tblPr><w:tblGrid>"
        ),
        *(f'<w:gridCol w:w="{width}"/>' for width in widths),
        "</w:tblGrid>",
        _row(head, widths, "<w:cantSplit/><w:tblHeader/>"),
    ]
    for row in table.rows:
        whole = _n_lines(row, table.columns) <= LINES_OF_HALF_A_PAGE
        pieces.append(_row(row, widths, "<w:cantSplit/>" if whole else ""))
    pieces.append("</w:tbl>")
    body = document.element.body
    body.insert(len(body) - 1, parse_xml("".join(pieces)))


def add_facts(document: Document, rows: Sequence[tuple[str, str]]) -> None:
    """Table of what the paper is about; what is not known is left out."""
    columns = (Column("項目", 42), Column("内容", TEXT_WIDTH - 42))
    shown = tuple((cell(Text(name, bold=True)), cell(value)) for name, value in rows if value)
    add_table(document, Table("この資料のもとになった調査と計画", columns, shown))


def save_document(document: Document) -> bytes:
    """Bytes of the file; the same document gives the same."""
    if document.element.body[-2].tag == qn("w:tbl"):
        # Word wants a paragraph behind a table; one between two would make empty pages.
        document.add_paragraph("", AFTER_TABLE)
    made = io.BytesIO()
    document.save(made)
    return seal(made.getvalue())


def _drop_unused(document: Document) -> None:
    """Leave out what the template of python-docx has and no paper needs."""
    for owner in (document.part.package, document.part):
        for name, relation in list(owner.rels.items()):
            if any(word in relation.reltype for word in _UNUSED):
                del owner.rels[name]


def _row(cells: Sequence[Cell], widths: Sequence[int], properties: str) -> str:
    pieces = [f"<w:tr><w:trPr>{properties}</w:trPr>" if properties else "<w:tr>"]
    place = 0
    for own in cells:
        width = sum(widths[place : place + own.span])
        place += own.span
        span = f'<w:gridSpan w:val="{own.span}"/>' if own.span > 1 else ""
        pieces.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}</w:tcPr>')
        pieces += [_paragraph(part) for part in own.parts or (Text(""),)]
        pieces.append("</w:tc>")
    return "".join([*pieces, "</w:tr>"])


def _paragraph(part: Text) -> str:
    style = f"<w:pPr><w:pStyle w:val={quoteattr(part.style.replace(' ', ''))}/></w:pPr>"
    return f"<w:p>{style}{_run(clean(part.text), bold=part.bold) if part.text else ''}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    """A run; line breaks and tabs of the text are Word's own."""
    pieces = []
    for number, line in enumerate(text.split("\n")):
        pieces.append("<w:br/>" if number else "")
        for place, piece in enumerate(line.split("\t")):
            pieces.append("<w:tab/>" if place else "")
            pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "")
    strong = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:r>{strong}{''.join(pieces)}</w:r>"


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _element(xml: str) -> object:
    place = xml.index(">") - (xml[xml.index(">") - 1] == "/")
    return parse_xml(f"{xml[:place]} {nsdecls('w')}{xml[place:]}")


def _n_lines(row: Iterable[Cell], columns: Sequence[Column]) -> int:
    most, place = 0, 0
    for own in row:
        width = sum(column.width for column in columns[place : place + own.span])
        place += own.span
        room = (width - _PADDING) / _HALF_WIDTH
        most = max(most, sum(n_lines(part.text, room) for part in own.parts))
    return most
