"""OpenDocument spreadsheets (.ods) → cells, with what a person sees in them.

The XML is small enough to be read directly; general readers glue line breaks and
phonetic guides to the text and leave out errors and hidden rows.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lxml import etree

from pipeline.documents.cells import cell_text, duration_text, has_lost_digits, is_error
from pipeline.documents.facts import SheetFacts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.documents.facts import Place
    from pipeline.documents.model import Row

_NAMESPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE: Final = f"{{{_NAMESPACE}table:1.0}}"
_TEXT: Final = f"{{{_NAMESPACE}text:1.0}}"
_OFFICE: Final = f"{{{_NAMESPACE}office:1.0}}"
_STYLE: Final = f"{{{_NAMESPACE}style:1.0}}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ZEROS = re.compile(r"0\d+")
_PERCENT = re.compile(r"-?[\d.,]+\s?%")
_MOST_COLUMNS = 16_384
_MOST_BLANKS = 100  # side by side
_WAYS = ("rows", "columns")
_LARGEST_MANIFEST = 1 << 20


@dataclass
class OdsSheet:
    """One sheet of an OpenDocument spreadsheet.

    Attributes
    ----------
    name, hidden
        Its name, and whether the program shows it.
    rows
        Rows up to the last filled one; they differ in length.
    facts
        What else it says.
    n_comments
        Comments on its cells.
    merged
        Merged cells, as in :class:`~pipeline.documents.model.Grid`.
    """

    name: str
    hidden: bool
    rows: list[Row] = field(default_factory=list)
    facts: SheetFacts = field(default_factory=SheetFacts)
    n_comments: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def is_encrypted(path: Path) -> bool:
    """Whether an OpenDocument file has a password."""
    with zipfile.ZipFile(path) as archive:
        if "META-INF/manifest.xml" not in archive.namelist():
            return False
        with archive.open("META-INF/manifest.xml") as stream:
            return b"encryption-data" in stream.read(_LARGEST_MANIFEST)


def read_ods(path: Path) -> list[OdsSheet]:
    """Read every sheet of an OpenDocument spreadsheet that is no bomb.

    Raises
    ------
    lxml.etree.XMLSyntaxError, zipfile.BadZipFile, KeyError
        The file is damaged.
    """
    sheets: list[OdsSheet] = []
    hidden_styles: set[str] = set()
    tags = [f"{_STYLE}style", *(f"{_TABLE}{tag}" for tag in ("table", "table-column", "table-row"))]
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        reading: _Reading | None = None
        depth = 0
        parser = etree.iterparse(
            stream, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
        )
        for event, element in parser:
            kind = etree.QName(element).localname
            if kind == "table":
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    style = element.get(f"{_TABLE}style-name", "")
                    name = element.get(f"{_TABLE}name", "")
                    reading = _Reading(OdsSheet(name, style in hidden_styles))
                elif event == "end" and depth == 0 and reading is not None:
                    sheets.append(reading.finished())
                    reading = None
                    element.clear()
            elif event == "start" or depth > 1:
                continue
            elif kind == "style":
                properties = element.find(f"{_STYLE}table-properties")
                if properties is not None and properties.get(f"{_TABLE}display") == "false":
                    hidden_styles.add(element.get(f"{_STYLE}name", ""))
            elif reading is not None:
                reading.take_column(element) if kind == "table-column" else reading.take_row(
                    element
                )
                element.clear()
    return sheets


class _Reading:
    """Collects the rows of a sheet; blank rows and cells count once something follows."""

    def __init__(self, sheet: OdsSheet) -> None:
        self._sheet = sheet
        self._n_rows = self._n_columns = 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._errors: dict[Place, str] = {}
        self._bare: list[Place] = []
        self._long: list[Place] = []

    def finished(self) -> OdsSheet:
        self._sheet.facts = SheetFacts(
            self._hidden_rows,
            self._hidden_columns,
            self._errors,
            self._bare,
            long_numbers=self._long,
        )
        return self._sheet

    def take_column(self, element: etree._Element) -> None:
        repeated = _repeated(element, "columns")
        if element.get(f"{_TABLE}visibility", "visible") != "visible":
            last = min(self._n_columns + repeated, _MOST_COLUMNS)
            self._hidden_columns.update(range(self._n_columns, last))
        self._n_columns += repeated

    def take_row(self, element: etree._Element) -> None:
        repeated = _repeated(element, "rows")
        number = self._n_rows + 1
        cells = self._cells(element, number)
        self._n_rows += repeated
        if not any(cells):
            return
        blank: list[Row] = [()]
        self._sheet.rows += blank * (number - 1 - len(self._sheet.rows))
        self._sheet.rows += [tuple(cells)] * repeated
        if element.get(f"{_TABLE}visibility", "visible") != "visible":
            self._hidden_rows.update(range(number, number + repeated))

    def _cells(self, row: etree._Element, number: int) -> list[str]:
        cells: list[str] = []
        index = 0
        for cell in row.iterchildren(*_CELLS):
            repeated = _repeated(cell, "columns")
            text = _cell(cell)
            self._sheet.n_comments += cell.find(f"{_OFFICE}annotation") is not None
            if text:
                cells += [""] * (index - len(cells)) + [text] * repeated
                self._note(cell, text, (number, index))
                down, right = (_count(cell.get(f"{_TABLE}number-{of}-spanned")) for of in _WAYS)
                if down > 1 or right > 1:
                    end = number + down - 1, index + right - 1
                    self._sheet.merged.append((number, index, *end))
            elif cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type"):
                self._bare.append((number, index))
            index += repeated
        return cells

    def _note(self, cell: etree._Element, text: str, place: Place) -> None:
        if cell.get(f"{_TABLE}formula") and is_error(text):
            self._errors[place] = text
        value = cell.get(f"{_OFFICE}value")
        if value and _is_number(value) and has_lost_digits(float(value)):
            self._long.append(place)


def _cell(cell: etree._Element) -> str:
    """Text of a cell: words as they stand, numbers as in every other format."""
    kind = cell.get(f"{_OFFICE}value-type", "string")
    value = cell.get(f"{_OFFICE}value", "")
    paragraphs = [_inline(paragraph) for paragraph in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
    shown = "\n".join(paragraphs)
    if kind == "date":
        return _date(cell.get(f"{_OFFICE}date-value", shown))
    if kind == "time":
        return duration_text(cell.get(f"{_OFFICE}time-value", shown))
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", shown)).upper()
    if kind in {"float", "currency", "percentage"} and _is_number(value):
        as_shown = _ZEROS.fullmatch(shown) or _PERCENT.fullmatch(shown)
        return shown if as_shown or shown in {"TRUE", "FALSE"} else cell_text(float(value))
    return shown or str(cell.get(f"{_OFFICE}string-value", ""))


def _inline(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    """Text with its blanks and line breaks, without phonetic guides and comments."""
    yield element.text or ""
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            yield " " * min(_count(child.get(f"{_TEXT}c")), _MOST_BLANKS)
        elif tag == f"{_TEXT}tab":
            yield "\t"
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        # Comments and instructions of XML have no tag.
        elif isinstance(tag, str) and tag not in {f"{_TEXT}ruby-text", f"{_OFFICE}annotation"}:
            yield from _pieces(child)
        yield child.tail or ""


def _date(value: str) -> str:
    try:
        if "T" not in value:
            return cell_text(dt.date.fromisoformat(value))
        return cell_text(dt.datetime.fromisoformat(value))
    except ValueError:
        return value


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _repeated(element: etree._Element, what: str) -> int:
    return _count(element.get(f"{_TABLE}number-{what}-repeated"))


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else 1
