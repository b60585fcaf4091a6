"""The same notes as Word, text, Markdown and PDF files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FONT = "HeiseiKakuGo-W5"
SIZE = 10.5
LEFT, TOP, BOTTOM = 72.0, 72.0, 770.0
LETTERS = 42  # a full line: the margins are alike
PITCH = 16.0
SPEAKER_WIDTH = 110.0


class Item(NamedTuple):
    """One piece of notes: heading, bullet, paragraph, turn (of a speaker) or table."""

    kind: str
    text: str = ""
    speaker: str = ""
    rows: tuple[tuple[str, str], ...] = ()


def write(items: Sequence[Item], path: Path) -> Path:
    """Write notes in the format of the suffix."""
    {".docx": _word, ".pdf": _pdf, ".md": _markdown, ".txt": _text}[path.suffix](items, path)
    return path


def expected(items: Sequence[Item]) -> list[tuple[str, str]]:
    """Headings and sentences in their order, without white space."""
    found: list[tuple[str, str]] = []
    for item in items:
        if item.kind == "heading":
            found.append(("heading", item.text))
        elif item.kind == "table":
            found += [("", sentence) for _, text in item.rows for sentence in sentences(text)]
        else:
            found += [("", sentence) for sentence in sentences(item.text)]
    return found


def sentences(text: str) -> list[str]:
    return [part for part in "".join(text.split()).split("。") if part]


def _word(items: Sequence[Item], path: Path) -> None:
    document = docx.Document()
    for item in items:
        if item.kind == "heading":
            document.add_heading(item.text, 1)
        elif item.kind == "bullet":
            document.add_paragraph(item.text, style="List Bullet")
        elif item.kind == "table":
            table = document.add_table(1 + len(item.rows), 2)
            for row, cells in enumerate((("発言者", "意見"), *item.rows)):
                for column, cell in enumerate(cells):
                    table.cell(row, column).text = cell
        else:
            document.add_paragraph(_said(item))
    document.save(str(path))


def _said(item: Item) -> str:
    return f"{item.speaker}：{item.text}" if item.speaker else item.text


def _markdown(items: Sequence[Item], path: Path) -> None:
    parts = []
    for item in items:
        if item.kind == "heading":
            parts.append(f"## {item.text}")
        elif item.kind == "bullet":
            parts.append(f"- {item.text}")
        elif item.kind == "table":
            rows = "\n".join(f"| {speaker} | {text} |" for speaker, text in item.rows)
            parts.append(f"| 発言者 | 意見 |\n|---|---|\n{rows}")
        else:
            parts.append(_said(item))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _text(items: Sequence[Item], path: Path) -> None:
    parts = []
    for item in items:
        if item.kind == "heading":
            parts.append(f"【{item.text}】")
        elif item.kind == "bullet":
            parts.append(f"・{item.text}")
        elif item.kind == "table":
            rows = "\r\n".join(f"| {speaker} | {text} |" for speaker, text in item.rows)
            parts.append(f"| 発言者 | 意見 |\r\n{rows}")
        else:
            parts.append(_said(item))
    path.write_bytes(("\r\n\r\n".join(parts) + "\r\n").encode("cp932"))


class Paper:
    """A canvas that goes from top to bottom, page by page."""

    def __init__(self, path: Path) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.canvas = Canvas(str(path), pagesize=A4)
        self.top = TOP
        self.page = 1

    def room(self, height: float) -> None:
        if self.top + height > BOTTOM:
            self.end_page()

    def end_page(self) -> None:
        self.write(A4[0] / 2 - 10, 810, f"- {self.page} -", 9)
        self.canvas.showPage()
        self.top = TOP
        self.page += 1

    def write(self, left: float, top: float, text: str, size: float = SIZE) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(left, A4[1] - top, text)

    def lines(self, text: str, *, left: float = LEFT, letters: int = LETTERS) -> None:
        for start in range(0, len(text), letters):
            self.room(PITCH)
            self.write(left, self.top, text[start : start + letters])
            self.top += PITCH

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        for speaker, text in rows:
            letters = LETTERS - 12
            parts = [text[start : start + letters] for start in range(0, len(text), letters)]
            height = PITCH * len(parts) + 4
            self.room(height)
            right = LEFT + SPEAKER_WIDTH + 8 + letters * SIZE
            for x0, width in (
                (LEFT, SPEAKER_WIDTH),
                (LEFT + SPEAKER_WIDTH, right - LEFT - SPEAKER_WIDTH),
            ):
                self.canvas.rect(x0, A4[1] - self.top - height + 12, width, height)
            self.write(LEFT + 4, self.top + 2, speaker)
            for place, part in enumerate(parts):
                self.write(LEFT + SPEAKER_WIDTH + 4, self.top + 2 + PITCH * place, part)
            self.top += height

    def save(self) -> None:
        self.end_page()
        self.canvas.save()


def _pdf(items: Sequence[Item], path: Path) -> None:
    paper = Paper(path)
    for item in items:
        if item.kind == "heading":
            paper.room(60)
            paper.top += 10
            paper.write(LEFT, paper.top, item.text, 14)
            paper.top += 24
        elif item.kind == "bullet":
            paper.lines(f"・{item.text}")
        elif item.kind == "table":
            paper.top += 10
            paper.table((("発言者", "意見"), *item.rows))
            paper.top += 24
        else:
            paper.lines(_said(item))
        paper.top += 3
    paper.save()
