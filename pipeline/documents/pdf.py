"""PDF with a text layer → its lines, in the order in which a person reads them.

A page is cut along its white space, across and down in turns, until a piece is one
column: bubbles beside each other, or a label beside its text, do not mix.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pdfplumber.page import Page

# What the parser lets through where a file is damaged.
_DAMAGE: Final = (PdfminerException, ValueError, KeyError, TypeError, IndexError, AssertionError)
_SAME_PLACE: Final = 1  # points between glyphs that were printed over each other
_WORD_GAP: Final = 0.4  # of the letter size; less is only wide setting
_COLUMN_GAP: Final = 1.5
_BLOCK_GAP: Final = 1.0
_RUBY: Final = 0.62  # size of a reading beside its kanji, at most
_RULE: Final = 0.6  # share of the width that a line must have to part rows
_SHORTEST_COLUMN: Final = 6  # letters; a column of such cells belongs to the rows beside it
_MOST_UNREADABLE: Final = 0.2
_KANA: Final = re.compile(r"[ぁ-ゖァ-ヺー]+")
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


class _Piece(NamedTuple):
    """Letters on one line without a wide gap."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    text: str


class _Rule(NamedTuple):
    """A horizontal line that is drawn on the page."""

    x0: float
    x1: float
    top: float


def read_pdf(path: Path) -> PdfText:
    """Read the text layer of a PDF.

    Raises
    ------
    InputError
        The file is no PDF, is damaged or locked, or has no text that can be read:
        paper that was scanned, or letters without their meaning.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it tells of every odd font
    lines: list[PdfLine] = []
    blank: list[int] = []
    try:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                found = list(_page_lines(page))
                lines += found
                if not found:
                    blank.append(page.page_number)
                page.close()
    except _DAMAGE as error:
        if isinstance(error.__context__, PDFPasswordIncorrect):
            raise InputError(
                "PDF にパスワードが付いています。",
                at=Location(file=path.name),
                remedy="パスワードを外した PDF を用意してください。",
            ) from error
        raise InputError(
            "PDF として読めません。壊れているか、別の形式のファイルです。",
            at=Location(file=path.name),
            remedy="PDF を開けるか確かめ、開けたら保存し直してください。",
        ) from error
    _check(lines, path.name)
    return PdfText(tuple(lines), tuple(blank))


def _check(lines: Sequence[PdfLine], file: str) -> None:
    text = "".join(line.text for line in lines)
    if not text:
        raise InputError(
            "PDF に文字の情報がありません。紙をスキャンした画像のようです。",
            at=Location(file=file),
            remedy="Word などから作られた PDF（文字を選んでコピーできるもの）を用意するか、"
            "文字認識（OCR）をしてテキスト（.txt）で保存したものを指定してください。",
        )
    n_unreadable = len(_UNREADABLE.findall(text))
    if n_unreadable > _MOST_UNREADABLE * len(_UNREADABLE.sub("?", text)):
        raise InputError(
            "PDF の文字を読み取れません。文字の対応表が入っていない PDF です。",
            at=Location(file=file),
            remedy="元の文書から PDF を作り直すか、文字認識（OCR）をしたテキスト（.txt）を指定してください。",
        )


def _page_lines(page: Page) -> Iterator[PdfLine]:
    words = page.dedupe_chars(tolerance=_SAME_PLACE).extract_words(
        x_tolerance_ratio=_WORD_GAP, extra_attrs=["size"]
    )
    ruby = [word for word in words if _is_ruby(word, words)]
    plain = [word for word in words if word not in ruby]
    rules = [
        _Rule(edge["x0"], edge["x1"], edge["top"])
        for edge in page.edges
        if edge["orientation"] == "h"
    ]
    number = 0
    for text in _reading_order(_pieces(plain), rules):
        number += 1
        yield PdfLine(page.page_number, number, text)
    for row in _rows(ruby):
        number += 1
        text = " ".join(word["text"] for word in row)
        yield PdfLine(page.page_number, number, text, ruby=True)


def _is_ruby(word: dict[str, Any], words: Sequence[dict[str, Any]]) -> bool:
    if not _KANA.fullmatch(word["text"]):
        return False
    return any(
        word["size"] <= _RUBY * other["size"]
        and -word["size"] <= other["top"] - word["bottom"] <= word["size"]
        and other["top"] > word["top"]
        and min(word["x1"], other["x1"]) > max(word["x0"], other["x0"])
        for other in words
    )


def _rows(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words that stand on one line, from left to right."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][-1]["top"] <= middle <= rows[-1][-1]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word["x0"]) for row in rows]


def _pieces(words: Sequence[dict[str, Any]]) -> list[_Piece]:
    pieces = []
    for row in _rows(words):
        begun = [row[0]]
        for before, word in pairwise(row):
            if word["x0"] - before["x1"] >= _COLUMN_GAP * max(word["size"], before["size"]):
                pieces.append(_joined(begun))
                begun = []
            begun.append(word)
        pieces.append(_joined(begun))
    return pieces


def _joined(words: Sequence[dict[str, Any]]) -> _Piece:
    text = words[0]["text"]
    for before, word in pairwise(words):
        touching = word["x0"] - before["x1"] < _WORD_GAP * word["size"] * 0.5
        text += word["text"] if touching else f" {word['text']}"
    return _Piece(
        min(word["x0"] for word in words),
        max(word["x1"] for word in words),
        min(word["top"] for word in words),
        max(word["bottom"] for word in words),
        max(word["size"] for word in words),
        text,
    )


def _reading_order(pieces: Sequence[_Piece], rules: Sequence[_Rule]) -> Iterator[str]:
    """Texts of the pieces, cut across, then down, then across again line by line."""
    if len(pieces) <= 1:
        yield from (piece.text for piece in pieces)
        return
    size = sorted(piece.size for piece in pieces)[len(pieces) // 2]
    for cut in (_bands(pieces, _BLOCK_GAP * size, rules), _columns(pieces, _COLUMN_GAP * size)):
        if len(cut) > 1:
            for part in cut:
                yield from _reading_order(part, rules)
            return
    lines = _bands(pieces, 0.0, ())
    if len(lines) > 1:
        for part in lines:
            yield from _reading_order(part, rules)
        return
    yield from (piece.text for piece in sorted(pieces, key=lambda one: (one.top, one.x0)))


def _bands(pieces: Sequence[_Piece], gap: float, rules: Sequence[_Rule]) -> list[list[_Piece]]:
    """Cut across where nothing stands for `gap` points, or where a line is drawn."""
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    drawn = [
        rule.top
        for rule in rules
        if min(rule.x1, right) - max(rule.x0, left) >= _RULE * (right - left)
    ]
    bands: list[list[_Piece]] = []
    bottom = 0.0
    for piece in sorted(pieces, key=lambda piece: (piece.top, piece.x0)):
        parted = any(bottom - 1 <= top <= piece.top + 1 for top in drawn)
        if bands and (piece.top - bottom < gap or piece.top < bottom) and not parted:
            bands[-1].append(piece)
            bottom = max(bottom, piece.bottom)
        else:
            bands.append([piece])
            bottom = piece.bottom
    return bands


def _columns(pieces: Sequence[_Piece], gap: float) -> list[list[_Piece]]:
    """Cut down where nothing stands for `gap` points, unless that would tear rows apart."""
    columns: list[list[_Piece]] = []
    right = 0.0
    for piece in sorted(pieces, key=lambda piece: (piece.x0, piece.top)):
        if columns and piece.x0 - right < gap:
            columns[-1].append(piece)
            right = max(right, piece.x1)
        else:
            columns.append([piece])
            right = piece.x1
    if len(columns) > 1 and _is_beside_rows(columns[-1], columns[-2]):
        return [list(pieces)]
    return columns


def _is_beside_rows(cells: Sequence[_Piece], rows: Sequence[_Piece]) -> bool:
    """Whether short cells stand each beside a row: the status of an action."""
    return (
        len(cells) > 1
        and all(len(cell.text) <= _SHORTEST_COLUMN for cell in cells)
        and all(any(abs(cell.top - row.top) < cell.size / 2 for row in rows) for cell in cells)
    )
