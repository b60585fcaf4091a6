"""Files of answers in every format that can be read, written from one description.

A :class:`Sheet` is what a person would see in Excel; :data:`TABLE_FORMATS` write it as
delimited text in the encodings that Japanese offices use, and as .xlsx, .xls and .ods.
Paragraphs and tables of notes are written by :data:`NOTE_FORMATS`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import docx
import xlsxwriter
import xlwt
from docx.enum.style import WD_STYLE_TYPE
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


class Error(NamedTuple):
    """A cell that shows an error."""

    code: str

    def __str__(self) -> str:
        return self.code


class Formula(NamedTuple):
    """A cell that is computed, with the value that was stored when it was saved."""

    formula: str
    value: str

    def __str__(self) -> str:
        return self.value


Cell = str | int | float | bool | dt.datetime | dt.date | Error | Formula | None


@dataclass(frozen=True)
class Sheet:
    """Rows of cells and how they are shown; positions count from 0."""

    rows: tuple[tuple[Cell, ...], ...]
    name: str = "回答"
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    number_formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """Everything that has to be encoded."""
        return [str(cell) for row in self.rows for cell in row if cell is not None]


class TableFormat(NamedTuple):
    """A way to write sheets.

    Attributes
    ----------
    can
        What it can hold besides rows of text: ``sheets``, ``hidden``, ``merged``,
        ``typed``, ``errors``, ``formulas``, ``comments``, ``control``, ``number_formats``.
    encoding
        Codec of delimited text, which may not have every character.
    """

    suffix: str
    write: Callable[[Path, tuple[Sheet, ...]], None]
    can: frozenset[str]
    encoding: str | None = None


def shown(cell: Cell) -> str:
    """A cell as delimited text holds it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def delimited_text(sheet: Sheet, separator: str = ",", end: str = "\r\n") -> str:
    """Rows as delimited text, quoted where it is needed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator=end)
    writer.writerows([shown(cell) for cell in row] for row in sheet.rows)
    return stream.getvalue()


def _delimited(suffix: str, encoding: str, separator: str = ",", mark: bytes = b"") -> TableFormat:
    def write(path: Path, sheets: tuple[Sheet, ...]) -> None:
        (sheet,) = sheets
        path.write_bytes(mark + delimited_text(sheet, separator).encode(encoding))

    return TableFormat(suffix, write, frozenset({"control", "ragged"}), encoding)


def _write_xlsx(path: Path, sheets: tuple[Sheet, ...]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for top, left, bottom, right in sheet.merged:
                page.merge_range(top, left, bottom, right, "")
            for place, text in sheet.comments.items():
                page.write_comment(*place, text)
            for row, cells in enumerate(sheet.rows):
                for column, cell in enumerate(cells):
                    own = sheet.number_formats.get((row, column))
                    style = book.add_format({"num_format": own}) if own else None
                    _write_xlsx_cell(book, page, (row, column), cell, style)
            for row in sheet.hidden_rows:
                page.set_row(row, None, None, {"hidden": True})
            for column in sheet.hidden_columns:
                page.set_column(column, column, None, None, {"hidden": True})
            if sheet.hidden:
                page.hide()
        if sheets[0].hidden:
            shown_first = next(own for own in sheets if not own.hidden)
            book.get_worksheet_by_name(shown_first.name).activate()
            book.get_worksheet_by_name(shown_first.name).set_first_sheet()


def _write_xlsx_cell(book, page, place, cell: Cell, style) -> None:
    match cell:
        case None:
            pass
        case bool():
            page.write_boolean(*place, cell, style)
        case Error():
            page.write_formula(*place, "=NA()", style, cell.code)
        case Formula():
            page.write_formula(*place, cell.formula, style, cell.value)
        case str():
            page.write_string(*place, cell, style)
        case dt.date():
            dated = book.add_format({"num_format": "yyyy/m/d"})
            page.write_datetime(*place, cell, dated)
        case _:
            page.write_number(*place, cell, style)


_XLS_ERRORS: Final = {"#N/A": 0x2A, "#REF!": 0x17, "#VALUE!": 0x0F, "#DIV/0!": 0x07}


def _write_xls(path: Path, sheets: tuple[Sheet, ...]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        covered = {
            (row, column)
            for top, left, bottom, right in sheet.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for top, left, bottom, right in sheet.merged:
            page.write_merge(top, bottom, left, right, sheet.rows[top][left])
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                if cell is not None and (row, column) not in covered:
                    own = sheet.number_formats.get((row, column))
                    _write_xls_cell(page, (row, column), cell, own or "General")
        for row in sheet.hidden_rows:
            page.row(row).hidden = True
        for column in sheet.hidden_columns:
            page.col(column).hidden = True
        page.visibility = int(sheet.hidden)
    if sheets[0].hidden:
        book.set_active_sheet(next(place for place, own in enumerate(sheets) if not own.hidden))
    book.save(str(path))


def _write_xls_cell(page, place, cell: Cell, number_format: str) -> None:
    if isinstance(cell, Error):
        page.row(place[0]).set_cell_error(place[1], _XLS_ERRORS[cell.code])
        return
    shown_as = "yyyy/m/d" if isinstance(cell, dt.date) else number_format
    page.write(*place, cell, xlwt.easyxf(num_format_str=shown_as))


_ODS_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_ODS_TAIL: Final = "</office:spreadsheet></office:body></office:document-content>"
_ODS_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    '<manifest:file-entry manifest:full-path="/" manifest:version="1.3"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _write_ods(path: Path, sheets: tuple[Sheet, ...]) -> None:
    body = "".join(map(_ods_sheet, sheets))
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", _ODS_MANIFEST, zipfile.ZIP_DEFLATED)
        parts.writestr("content.xml", _ODS_HEAD + body + _ODS_TAIL, zipfile.ZIP_DEFLATED)


def _ods_sheet(sheet: Sheet) -> str:
    width = max((len(row) for row in sheet.rows), default=1)
    columns = "".join(
        '<table:table-column table:visibility="collapse"/>'
        if column in sheet.hidden_columns
        else "<table:table-column/>"
        for column in range(width)
    )
    spans = {merged[:2]: merged for merged in sheet.merged}
    rows = []
    for row, cells in enumerate(sheet.rows):
        seen = ' table:visibility="collapse"' if row in sheet.hidden_rows else ""
        made = "".join(
            _ods_cell(cell, spans.get((row, column)), sheet.comments.get((row, column)))
            for column, cell in enumerate(cells)
        )
        rows.append(f"<table:table-row{seen}>{made or '<table:table-cell/>'}</table:table-row>")
    style = ' table:style-name="hidden"' if sheet.hidden else ""
    name = quoteattr(sheet.name)
    return f"<table:table table:name={name}{style}>{columns}{''.join(rows)}</table:table>"


def _ods_cell(cell: Cell, span: tuple[int, int, int, int] | None, comment: str | None) -> str:
    note = ""
    if comment is not None:
        note = f"<office:annotation><text:p>{escape(comment)}</text:p></office:annotation>"
    if cell is None:
        return f"<table:table-cell>{note}</table:table-cell>"
    over = ""
    if span is not None:
        top, left, bottom, right = span
        over = (
            f' table:number-columns-spanned="{right - left + 1}"'
            f' table:number-rows-spanned="{bottom - top + 1}"'
        )
    paragraphs = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in shown(cell).split("\n"))
    match cell:
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
        case dt.date():
            kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
        case Error():
            kind = 'table:formula="of:=NA()" office:value-type="string" office:string-value=""'
        case Formula():
            formula = quoteattr(f"of:{cell.formula}")
            kind = f'table:formula={formula} office:value-type="string"'
        case str():
            kind = 'office:value-type="string"'
        case _:
            kind = f'office:value-type="float" office:value="{cell!r}"'
    return f"<table:table-cell {kind}{over}>{note}{paragraphs}</table:table-cell>"


def _ods_text(line: str) -> str:
    """XML of a line; spaces that XML would fold are elements of their own."""
    made = escape(line).replace("\t", "<text:tab/>")
    if made.startswith(" "):
        made = "<text:s/>" + made[1:]
    if made.endswith(" "):
        made = made[:-1] + "<text:s/>"
    while "  " in made:
        made = made.replace("  ", " <text:s/>", 1)
    return made


_OFFICE_CAN: Final = frozenset({"sheets", "hidden", "merged", "typed", "errors", "ragged"})

TABLE_FORMATS: Final = {
    "csv utf-8": _delimited(".csv", "utf-8"),
    "csv utf-8 bom": _delimited(".csv", "utf-8", mark=b"\xef\xbb\xbf"),
    "csv cp932": _delimited(".csv", "cp932"),
    "csv euc-jp": _delimited(".csv", "euc_jp"),
    "csv iso-2022-jp": _delimited(".csv", "iso2022_jp"),
    "csv utf-16le bom": _delimited(".csv", "utf-16-le", mark=b"\xff\xfe"),
    "csv utf-16be bom": _delimited(".csv", "utf-16-be", mark=b"\xfe\xff"),
    "csv semicolon": _delimited(".csv", "utf-8", ";", b"\xef\xbb\xbf"),
    "tsv utf-8": _delimited(".tsv", "utf-8", "\t"),
    "tsv utf-16le bom": _delimited(".tsv", "utf-16-le", "\t", b"\xff\xfe"),
    "tsv cp932": _delimited(".tsv", "cp932", "\t"),
    "xlsx": TableFormat(
        ".xlsx",
        _write_xlsx,
        _OFFICE_CAN | {"formulas", "comments", "control", "number_formats"},
    ),
    "xls": TableFormat(".xls", _write_xls, _OFFICE_CAN | {"control", "number_formats"}),
    "ods": TableFormat(".ods", _write_ods, _OFFICE_CAN | {"formulas", "comments"}),
}
"""Fourteen ways to write one table of answers."""


class Para(NamedTuple):
    """A paragraph of notes; ``style`` is plain, heading or bullet."""

    text: str
    style: str = "plain"


class Cells(NamedTuple):
    """A table inside notes."""

    rows: tuple[tuple[str, ...], ...]


Block = Para | Cells


class NoteFormat(NamedTuple):
    """A way to write notes."""

    suffix: str
    write: Callable[[Path, tuple[Block, ...]], None]
    encoding: str | None = None


def _write_docx(path: Path, blocks: tuple[Block, ...]) -> None:
    document = docx.Document()
    styles = {style.name for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH}
    names = {"heading": "Heading 1", "bullet": "List Bullet", "plain": "Normal"}
    assert set(names.values()) <= styles
    for block in blocks:
        if isinstance(block, Para):
            document.add_paragraph(block.text, names[block.style])
        else:
            table = document.add_table(len(block.rows), len(block.rows[0]))
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
    document.save(str(path))


def _plain_lines(blocks: Iterable[Block], heading: str, bullet: str) -> Iterable[str]:
    marks = {"heading": heading, "bullet": bullet, "plain": ""}
    for block in blocks:
        if isinstance(block, Para):
            yield marks[block.style] + block.text
            if block.style != "bullet":
                yield ""
        else:
            first, *rest = block.rows
            yield ""
            yield "| " + " | ".join(first) + " |"
            yield "|" + "---|" * len(first)
            for row in rest:
                yield "| " + " | ".join(row) + " |"
            yield ""


def _text_format(
    suffix: str, encoding: str, heading: str, bullet: str, end: str = "\n"
) -> NoteFormat:
    def write(path: Path, blocks: tuple[Block, ...]) -> None:
        text = end.join(_plain_lines(blocks, heading, bullet)).replace("\n", end)
        path.write_bytes(text.replace("\r\r", "\r").encode(encoding))

    return NoteFormat(suffix, write, encoding)


_FONT: Final = "HeiseiKakuGo-W5"


def _write_pdf(path: Path, blocks: tuple[Block, ...]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    body = ParagraphStyle("body", fontName=_FONT, fontSize=10, leading=15, wordWrap="CJK")
    marks = {"heading": "■ ", "bullet": "・", "plain": ""}
    story = []
    for block in blocks:
        if isinstance(block, Para):
            text = escape(marks[block.style] + block.text).replace("\n", "<br/>")
            own = body.clone("own", spaceBefore=8, spaceAfter=8)
            story.append(Paragraph(text, own))
        else:
            rows = [[Paragraph(escape(cell), body) for cell in row] for row in block.rows]
            story.append(Table(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(story)


def write_pdf_pages(path: Path, pages: Iterable[Iterable[tuple[float, float, str]]]) -> None:
    """Write text at given places (points from the left and the top), page by page."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for page in pages:
        canvas.setFont(_FONT, 10)
        for left, top, text in page:
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()


NOTE_FORMATS: Final = {
    "docx": NoteFormat(".docx", _write_docx),
    "txt utf-8": _text_format(".txt", "utf-8", "■ ", "・"),
    "txt cp932": _text_format(".txt", "cp932", "■ ", "・", "\r\n"),
    "txt euc-jp": _text_format(".txt", "euc_jp", "■ ", "・"),
    "txt iso-2022-jp": _text_format(".txt", "iso2022_jp", "■ ", "・"),
    "txt utf-16": _text_format(".txt", "utf-16", "■ ", "・", "\r\n"),
    "md": _text_format(".md", "utf-8", "## ", "- "),
    "pdf": NoteFormat(".pdf", _write_pdf),
}
"""Eight ways to write one document of notes."""


def encodable(texts: Iterable[str], encoding: str | None) -> bool:
    """Whether an encoding has every character, and gives the same ones back."""
    if encoding is None:
        return True
    try:
        return all(text.encode(encoding).decode(encoding) == text for text in texts)
    except UnicodeError:
        return False
