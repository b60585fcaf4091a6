"""PDF with a text layer → entries of notes: minutes, or a table of what was said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from pdfminer.pdftypes import resolve1

from pipeline.documents.model import Remark
from pipeline.documents.notes import read_entries, with_locator
from pipeline.documents.notetables import read_note_table
from pipeline.documents.pdf import check_text, count_unreadable, pages_of
from pipeline.documents.pdfblocks import PageBlocks, Place, page_blocks
from pipeline.documents.pdflines import edges_of_pages, note_lines
from pipeline.documents.pdfsegments import segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pdfplumber.page import Page

    from pipeline.documents.model import NoteEntry
    from pipeline.documents.pdfsegments import TableRow

_LARGE_PICTURE: Final = 0.25  # share of the page
_SHOWN: Final = 10  # pages
_MOST_NOTES: Final = 1_000  # marks on a page that are looked at


class PdfNotes(NamedTuple):
    """Entries of a PDF, and what is to be said of how it was read."""

    entries: tuple[NoteEntry, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class _Seen:
    """What else stands on a page: a large picture, filled fields, notes stuck to it."""

    page: int
    picture: bool
    n_fields: int
    n_notes: int


def read_pdf_notes(path: Path) -> PdfNotes:
    """Read a PDF of minutes or answers.

    Parameters
    ----------
    path
        A PDF with a text layer.

    Returns
    -------
    PdfNotes
        Locators are ``3ページ 12行目`` and ``3ページ 表1 2行目 1列目``. Wrapped lines are
        one entry. Page numbers and headings of pages are records.

    Raises
    ------
    InputError
        As :func:`pipeline.documents.pdf.read_pdf`.
    """
    pages: list[PageBlocks] = []
    seen: list[_Seen] = []
    with pages_of(path) as found:
        for page in found:
            pages.append(page_blocks(page))
            seen.append(_look(page))
    check_text([text for page in pages for text in _texts(page)], path.name)
    return PdfNotes(tuple(_entries(pages)), tuple(_remarks(pages, seen)))


def _entries(pages: Sequence[PageBlocks]) -> Iterator[NoteEntry]:
    edges = edges_of_pages(pages)
    by_number = dict(enumerate(pages, start=1))
    heading = ""
    for segment in segments([block for page in pages for block in page.blocks], edges):
        if isinstance(segment, list):
            lines = note_lines(segment, by_number, edges)
            found = [
                replace(entry, heading=entry.heading or heading) for entry in read_entries(lines)
            ]
        else:
            found = list(_table_entries(segment, heading))
        yield from found
        heading = next((one.heading for one in reversed(found) if one.heading), heading)


def _table_entries(rows: Sequence[TableRow], heading: str) -> Iterator[NoteEntry]:
    for row, column, found in read_note_table([row.cells for row in rows], heading):
        yield from with_locator(found, f"{rows[row].locator} {column + 1}列目")


def _texts(page: PageBlocks) -> Iterator[str]:
    for block in page.blocks:
        if isinstance(block, Place):
            yield block.piece.text
        else:
            yield from (cell for row in block.rows for cell in row)


def _look(page: Page) -> _Seen:
    area = float(page.width * page.height)
    large = any(
        abs((image["x1"] - image["x0"]) * (image["bottom"] - image["top"])) > _LARGE_PICTURE * area
        for image in page.images
    )
    n_fields = n_notes = 0
    for one in (resolve1(page.page_obj.annots) or [])[:_MOST_NOTES]:
        note = resolve1(one)
        if not isinstance(note, dict):
            continue
        kind = getattr(resolve1(note.get("Subtype")), "name", "")
        value = resolve1(note.get("V" if kind == "Widget" else "Contents"))
        filled = isinstance(value, bytes) and bool(value.strip(b"\xfe\xff\x00 "))
        n_fields += filled and kind == "Widget"
        n_notes += filled and kind != "Widget"
    return _Seen(page.page_number, large, n_fields, n_notes)


def _remarks(pages: Sequence[PageBlocks], seen: Sequence[_Seen]) -> Iterator[Remark]:
    blank = [number for number, page in enumerate(pages, start=1) if not page.blocks]
    if blank:
        yield Remark(
            "", f"{_listed(blank)}ページ目には文字がありません（画像のようです）。読んでいません。"
        )
    pictures = [one.page for one in seen if one.picture and one.page not in blank]
    if pictures:
        yield Remark(
            "",
            f"{_listed(pictures)}ページ目に大きな画像があります。画像の中の文字は読んでいません。",
        )
    turned = [number for number, page in enumerate(pages, start=1) if page.vertical]
    if turned:
        yield Remark(
            "", f"{_listed(turned)}ページ目は縦書きと見て、右の行から読みました。", doubt=True
        )
    blocks = [block for page in pages for block in page.blocks]
    n_tables = sum(not isinstance(one, list) for one in segments(blocks, edges_of_pages(pages)))
    if n_tables:
        yield Remark(
            "",
            f"表が{n_tables}個あります。ます目ごとに読みました。"
            "アンケートの回答の表であれば、元の Excel か CSV のほうが正しく読めます。",
        )
    n_fields = sum(one.n_fields for one in seen)
    if n_fields:
        yield Remark(
            "",
            f"入力欄に書かれた文字が{n_fields}か所あります。読んでいません。"
            "PDF に印刷し直す（「Microsoft Print to PDF」など）と読めます。",
        )
    n_notes = sum(one.n_notes for one in seen)
    if n_notes:
        yield Remark("", f"注釈（ふせんなど）が{n_notes}個あります。読んでいません。")
    n_unreadable = sum(count_unreadable(text) for page in pages for text in _texts(page))
    if n_unreadable:
        yield Remark("", f"読み取れない文字が{n_unreadable}個あります（(cid:数字) と出ます）。")
    n_readings = sum(len(page.readings) for page in pages)
    if n_readings:
        yield Remark(
            "", f"ふりがな（小さな読み）が{n_readings}か所あります。読んでいません。", doubt=False
        )


def _listed(numbers: Sequence[int]) -> str:
    shown = "、".join(map(str, numbers[:_SHOWN]))
    return f"{shown} ほか{len(numbers) - _SHOWN}" if len(numbers) > _SHOWN else shown
