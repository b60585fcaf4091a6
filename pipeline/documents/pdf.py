"""PDF with a text layer → its lines, in the order in which a person reads them."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.documents.pdfbounds import (
    LARGEST_FILE,
    MOST_PAGES,
    Budget,
    TooMuchError,
    bounded,
    check_lists,
    draw_page,
)
from pipeline.documents.pdflayout import reading_order
from pipeline.documents.pdfletters import page_letters, page_rules, page_text
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pdfplumber.page import Page

# What the parser lets through where a file is damaged.
_DAMAGE: Final = (
    PdfminerException,
    MalformedPDFException,
    PDFException,
    PSException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    struct.error,
    zlib.error,
)
_MOST_UNREADABLE: Final = 0.2
_UNREADABLE: Final = re.compile(r"\(cid:\d+\)")


@dataclass(frozen=True)
class PdfLine:
    """One line of a page.

    Attributes
    ----------
    page, number
        From 1; lines are numbered page by page.
    ruby
        The small reading of the kanji below it.
    """

    page: int
    number: int
    text: str
    ruby: bool = False


@dataclass(frozen=True)
class PdfText:
    """Lines of a PDF, and the pages on which there are none."""

    lines: tuple[PdfLine, ...]
    blank_pages: tuple[int, ...]


def read_pdf(path: Path) -> PdfText:
    """Read the text layer of a PDF.

    Raises
    ------
    InputError
        The file is no PDF, is damaged or locked, asks for more than any document
        needs (:mod:`pipeline.documents.pdfbounds`), or has no text that can be read:
        paper that was scanned, or letters without their meaning.
    """
    lines: list[PdfLine] = []
    blank: list[int] = []
    with pages_of(path) as pages:
        for page in pages:
            found = list(_page_lines(page))
            lines += found
            if not found:
                blank.append(page.page_number)
    check_text([line.text for line in lines], path.name)
    return PdfText(tuple(lines), tuple(blank))


@contextmanager
def pages_of(path: Path) -> Iterator[Iterator[Page]]:
    """Pages of a PDF, one after the other, each laid out within bounds.

    Raises
    ------
    InputError
        As :func:`read_pdf` does, also for what is raised inside the context.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it tells of every odd font
    if path.stat().st_size > LARGEST_FILE:
        raise _too_much(path, "ファイルの大きさ")
    budget = Budget()
    try:
        # Not as a context: its end would lay out every page that there is.
        with bounded(budget), path.open("rb") as stream:
            document = pdfplumber.open(stream)
            check_lists(document, budget)
            n_pages = sum(1 for _ in islice(PDFPage.create_pages(document.doc), MOST_PAGES + 1))
            if n_pages > MOST_PAGES:
                budget.refuse(f"ページの数（{MOST_PAGES:,}ページまで）")
            yield _laid_out(document.pages, budget)
    except (TooMuchError, *_DAMAGE) as error:
        if budget.exceeded:
            raise _too_much(path, budget.exceeded) from error
        raise _damaged(path, error) from error
    if budget.exceeded:
        raise _too_much(path, budget.exceeded)


def _laid_out(pages: Sequence[Page], budget: Budget) -> Iterator[Page]:
    for page in pages:
        draw_page(page, budget)
        yield page
        page.close()


def _damaged(path: Path, error: Exception) -> Exception:
    causes = (error.__context__, *error.args)
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return InputError(
            "PDF にパスワードが付いています。",
            at=Location(file=path.name),
            remedy="パスワードを外した PDF を用意してください。",
        )
    for cause in causes:
        if isinstance(cause, OSError):  # the drive went away, not the file
            return cause
    return InputError(
        "PDF として読めません。壊れているか、別の形式のファイルです。",
        at=Location(file=path.name),
        remedy="PDF を開けるか確かめ、開けたら保存し直してください。",
    )


def _too_much(path: Path, what: str) -> InputError:
    return InputError(
        f"PDF が大きすぎるか、ふつうの文書にない作りです（{what}）。",
        at=Location(file=path.name),
        remedy="必要なページだけを PDF に印刷し直して、分けて指定してください。"
        "知らない人から届いたファイルであれば、開かないでください。",
    )


def check_text(texts: Sequence[str], file: str) -> None:
    """Refuse a scan without a text layer, and letters without their meaning."""
    text = "".join(texts)
    if not text:
        raise InputError(
            "PDF に文字の情報がありません。紙をスキャンした画像のようです。",
            at=Location(file=file),
            remedy="Word などから作られた PDF（文字を選んでコピーできるもの）を用意するか、"
            "文字認識（OCR）をしてテキスト（.txt）で保存したものを指定してください。",
        )
    n_unreadable = count_unreadable(text)
    if n_unreadable > _MOST_UNREADABLE * len(_UNREADABLE.sub("?", text)):
        raise InputError(
            "PDF の文字を読み取れません。文字の対応表が入っていない PDF です。",
            at=Location(file=file),
            remedy="元の文書から PDF を作り直すか、文字認識（OCR）をしたテキスト（.txt）を指定してください。",
        )


def count_unreadable(text: str) -> int:
    """Letters of which the file does not say what they mean."""
    return len(_UNREADABLE.findall(text))


def _page_lines(page: Page) -> Iterator[PdfLine]:
    text = page_text(page_letters(page), page_rules(page), float(page.width))
    number = 0
    for piece in reading_order(text.pieces, text.rules):
        number += 1
        yield PdfLine(page.page_number, number, piece.text)
    for reading in text.readings:
        number += 1
        yield PdfLine(page.page_number, number, reading, ruby=True)
