"""Plain text and Markdown (.txt, .md) → entries of notes."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.documents.notes import Line, ends_sentence, is_marked, read_entries, with_locator
from pipeline.documents.notetables import is_rule, read_note_table
from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.documents.model import NoteEntry

_FENCE = re.compile(r"^\s{0,3}(?:`{3,}|~{3,})[\w+-]{0,20}\s{0,3}$")
_QUOTE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+")
_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_UNDERLINE = re.compile(r"^(?:=|-|＝|─|━){3,200}\s{0,3}$")
_LONGEST_TITLE = 40
_OPEN_END = re.compile(r"(?:[、，,]|[ぁ-ん](?<=[はがをにのもへとや]))$")
_NARROWEST_WRAP = 40  # columns, two for a full-width character
_RAGGED = 4  # columns that line breaking rules leave free


def read_plaintext(text: str, *, markdown: bool = False) -> tuple[NoteEntry, ...]:
    """Read notes that were typed as plain text or Markdown.

    Parameters
    ----------
    text
        Decoded content of the file.
    markdown
        Whether ``**`` and ``__`` make words bold, and are no part of them.

    Returns
    -------
    tuple of NoteEntry
        Lines that merely wrap a paragraph are one entry, at the line where it
        begins; its text keeps the line breaks. Marks of quoting (``>``) and fences
        (three backticks) are no text; what they mark is.
    """
    written = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    numbered = [
        (number, _unquoted(line, markdown=markdown)) for number, line in enumerate(written, start=1)
    ]
    entries: list[NoteEntry] = []
    block: list[Line] = []
    position = 0
    while position < len(numbered):
        end = position
        while end < len(numbered) and _is_table_row(numbered[end][1]):
            end += 1
        if end - position > 1:
            entries += _with_context(_underlined(block), entries)
            block = []
            entries += _read_table(numbered[position:end], entries)
            position = end
        else:
            number, line = numbered[position]
            block.append(Line(f"{number}行目", line))
            position += 1
    return tuple(entries + _with_context(_underlined(block), entries))


def _unquoted(line: str, *, markdown: bool) -> str:
    """A line without the marks of a mail program or Markdown around its words."""
    if _FENCE.match(line):
        return ""
    line = _QUOTE.sub("", line)
    return _EMPHASIS.sub("", line) if markdown else line


def _is_table_row(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 1 and stripped.startswith("|") and stripped.endswith("|")


def _underlined(block: Sequence[Line]) -> list[Line]:
    """Lines with the style of a heading where a rule is drawn right below them."""
    lines = list(block)
    for place, (line, rule) in enumerate(pairwise(lines)):
        above = place == 0 or not lines[place - 1].text.strip()
        title = line.text.strip()
        short = 0 < len(title) <= _LONGEST_TITLE and not ends_sentence(title)
        if above and short and _UNDERLINE.match(rule.text) and not is_marked(title):
            lines[place] = replace(line, style="heading")
    return lines


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """Join the lines of paragraphs that were wrapped by hand or by a mail program."""
    joined: list[Line] = []
    block: list[Line] = []
    for line in lines:
        if not line.text.strip():
            joined += _join_block(block)
            joined.append(line)
            block = []
        elif block and (is_marked(line.text) or _begins_paragraph(line.text, block)):
            joined += _join_block(block)
            block = [line]
        else:
            block.append(line)
    return joined + _join_block(block)


def _with_context(block: Sequence[Line], before: Sequence[NoteEntry]) -> list[NoteEntry]:
    """Read a block; the heading above a table holds below it, too."""
    read = read_entries(unwrap(block))
    heading = before[-1].heading if before else ""
    return [replace(entry, heading=entry.heading or heading) for entry in read]


def _read_table(rows: Sequence[tuple[int, str]], before: Sequence[NoteEntry]) -> list[NoteEntry]:
    heading = before[-1].heading if before else ""
    cells, numbers = [], []
    for number, line in rows:
        row = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())]
        if not is_rule(row):
            cells.append(row[1:-1])
            numbers.append(number)
    entries: list[NoteEntry] = []
    for row_index, _, found in read_note_table(cells, heading):
        entries += with_locator(found, f"{numbers[row_index]}行目")
    return entries


def _begins_paragraph(text: str, block: Sequence[Line]) -> bool:
    # A full-width space at the beginning is the Japanese way to begin a paragraph;
    # under a label (出席者：…) it continues the label's line.
    labelled = is_marked(block[0].text)
    return text.startswith("　") and not labelled


def _join_block(block: Sequence[Line]) -> list[Line]:
    """Join lines of one block that do not end where a line would end by itself."""
    if not block:
        return []
    full = wrapped_lines(block)
    groups = [[block[0]]]
    labelled = is_marked(block[0].text)
    for before, line in pairwise(block):
        indented = line.text[0] in " 　\t" and labelled
        if before in full or indented or _OPEN_END.search(before.text.rstrip()[-1:]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [replace(group[0], text="\n".join(line.text for line in group)) for group in groups]


def wrapped_lines(block: Sequence[Line]) -> set[Line]:
    """Find lines that run on: as wide as the widest, and mostly broken inside a sentence."""
    widths = [text_width(line.text.rstrip()) for line in block]
    full_width = max(_NARROWEST_WRAP, max(widths) - _RAGGED)
    runs: list[list[Line]] = [[]]
    for line, width in zip(block, widths, strict=True):
        if width >= full_width:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return {
        line
        for run in runs
        if sum(not ends_sentence(line.text) for line in run) * 2 >= len(run)
        for line in run
    }
