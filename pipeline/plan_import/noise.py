"""Lines of a plan that say nothing of it: page numbers, headings of pages, readings of kanji."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.plan_import.marks import read_mark, split_status
from pipeline.plan_import.text import ends_sentence, is_contents_line, is_page_number, is_ruby

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.plan_import.marks import Style

_SOME: Final = 3  # pages, so that it is no chance
_CHAPTER: Final = re.compile(
    r"^第\s*(?P<number>[0-9０-９一二三四五六七八九十]+)\s*(?P<kind>[章節編部])(?:\s.{0,30})?$"
)


@dataclass(frozen=True)
class SourceLine:
    """One line of the source, its characters mended.

    Attributes
    ----------
    number
        Of the line in its file, or on its page; 1 is the first.
    page
        ``None`` for a text file without page breaks.
    ruby
        Known to be the reading of kanji: small letters of a PDF.
    """

    number: int
    text: str
    page: int | None = None
    ruby: bool = False


def find_noise(lines: Sequence[SourceLine], style: Style) -> dict[SourceLine, str]:
    """Lines that say nothing of the plan itself, each with the reason."""
    repeated = _page_headings(lines, style)
    found: dict[SourceLine, str] = {}
    chapter = ""
    for place, line in enumerate(lines):
        before = lines[place - 1].text if place else ""
        after = lines[place + 1].text if place + 1 < len(lines) else ""
        if line.ruby or is_ruby(line.text, before, after):
            found[line] = "ふりがな"
        elif is_page_number(line.text):
            found[line] = "ページ番号"
        elif not any(letter.isalnum() for letter in line.text):
            found[line] = "記号だけの行"
        elif is_contents_line(line.text):
            found[line] = "目次"
        elif line in repeated:
            found[line] = "各ページの見出し"
        elif begun := _CHAPTER.match(line.text):
            number = unicodedata.normalize("NFKC", begun["number"])
            # Another chapter ends what stands before it; the same one is a page's heading.
            if begun["kind"] == "節" or number == chapter or not chapter:
                found[line] = "章や節の見出し"
            chapter = chapter if begun["kind"] == "節" else number
    return found


def _page_headings(lines: Sequence[SourceLine], style: Style) -> set[SourceLine]:
    """First and last lines of pages that are the same, but for digits, on three pages or more."""
    pages: dict[int, list[SourceLine]] = {}
    for line in lines:
        if line.page is not None:
            pages.setdefault(line.page, []).append(line)
    edges = {
        line: re.sub(r"[0-9０-９]+", "0", line.text)
        for own in pages.values()
        for line in (*own[:2], *own[-2:])
        if len(line.text) >= _SOME
        and not ends_sentence(line.text)
        # The end of an action that goes over a page looks alike on many pages: 「（継続）」.
        and not split_status(line.text)[1]
        and read_mark(line.text, style) is None
    }
    counts = Counter(edges.values())
    return {line for line, pattern in edges.items() if counts[pattern] >= _SOME}


def is_chapter(text: str) -> bool:
    """Whether a line is the heading of a chapter or a part: 「第９章 計画の推進」."""
    return bool(_CHAPTER.match(text))
