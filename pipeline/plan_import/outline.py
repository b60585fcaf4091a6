"""Lines of a plan → its parts in their order: headings, labels, items, paragraphs.

What a line begins is told by :mod:`pipeline.plan_import.marks`; here the lines that a
margin broke are put together again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from pipeline.plan_import.marks import (
    Mark,
    MarkKind,
    ends_with_status,
    is_known_status,
    opens_status,
    read_mark,
    split_status,
)
from pipeline.plan_import.noise import find_noise, is_chapter
from pipeline.plan_import.text import (
    ends_sentence,
    has_open_bracket,
    is_note,
    join_lines,
    runs_on,
)
from pipeline.textwidth import text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.plan_import.marks import ItemKind, SectionKind, Style
    from pipeline.plan_import.noise import SourceLine

PartKind = Literal[MarkKind, "text", "chapter"]

_SOME: Final = 3  # of a thing, so that it is no chance
_LONGEST_ACTION: Final = 4  # lines
_PROSE: Final = frozenset(["goal", "measure", "problems", "contents"])
_FULL: Final = {"contents": 0.6, "actions": 0.85, "other": 0.85}
"""Share of the margin from which a line may end anywhere; under 内容 lines are shorter."""
_FULL_ELSEWHERE: Final = 0.8
_WIDEST_NAME: Final = 50  # columns
_SLOGAN: Final = re.compile(r"^[〜～~―－–-]\s*\S")


@dataclass(frozen=True)
class Part:
    """Lines that belong together, and what they begin or are.

    Attributes
    ----------
    text
        Name, item or paragraph, its lines joined.
    number
        The plan's own number, every part of 「1-2」.
    """

    kind: PartKind
    text: str
    lines: tuple[SourceLine, ...]
    number: tuple[int, ...] = ()
    section: SectionKind | None = None
    item: ItemKind | None = None


@dataclass(frozen=True)
class Outline:
    """What a plan consists of; every line that is not blank is in one part or in the noise.

    Attributes
    ----------
    noise
        Lines that say nothing of the plan itself, each with the reason in Japanese.
    has_status
        The plan marks its actions as new, continued and so on.
    """

    parts: tuple[Part, ...]
    noise: tuple[tuple[SourceLine, str], ...]
    has_status: bool


def outline(lines: Sequence[SourceLine], style: Style) -> Outline:
    """Parts of a plan in their order."""
    written = [line for line in lines if line.text.strip()]
    noise = find_noise(written, style)
    kept = [line for line in written if line not in noise]
    marks = [read_mark(line.text, style) for line in kept]
    texts = [mark.text if mark else line.text for line, mark in zip(kept, marks, strict=True)]
    has_status = sum(bool(split_status(text)[1]) for text in texts) >= _SOME
    reader = _Reader(kept, marks, style, has_status)
    return Outline(tuple(reader.parts()), tuple(noise.items()), has_status)


class _Reader:
    """Goes from line to line; what a line can be depends on the heading that it stands under."""

    def __init__(
        self,
        lines: list[SourceLine],
        marks: list[Mark | None],
        style: Style,
        has_status: bool,  # noqa: FBT001 — one of four facts about the plan
    ) -> None:
        self.lines = lines
        self.marks = marks
        self.style = style
        self.has_status = has_status
        self.margin = _margin(lines, marks)
        self.polite = _is_polite(lines, marks)
        # Where statuses stand in a column, they are lines of one word; else 「強化」 is a chance.
        self.bare_status = sum(is_known_status(line.text) for line in lines) >= _SOME
        self.under = ""

    def parts(self) -> Iterator[Part]:
        place = 0
        while place < len(self.lines):
            part, place = self._part(place)
            yield part

    def _part(self, place: int) -> tuple[Part, int]:
        line, mark = self.lines[place], self.marks[place]
        if is_chapter(line.text):
            return Part("chapter", line.text, (line,)), place + 1
        if mark is None:
            return self._unmarked(place)
        if mark.kind == "item":
            return self._gathered(place, mark.text, mark)
        if mark.section != "sdgs":
            self.under = mark.section or mark.kind
        if mark.kind in {"goal", "measure"}:
            return self._heading(place, mark)
        if mark.kind == "section" and mark.text:
            # 「内容 ・…」 is the label and, on the same line, what stands under it.
            self.lines[place] = replace(line, text=mark.text)
            self.marks[place] = read_mark(mark.text, self.style)
            return Part("section", "", (), section=mark.section), place
        return Part(mark.kind, line.text, (line,), section=mark.section), place + 1

    def _unmarked(self, place: int) -> tuple[Part, int]:
        line = self.lines[place]
        has_own = bool(split_status(line.text)[1]) or self._status_ahead("", place)
        if self.under in {"actions", "other"} and has_own:
            return self._gathered(place, line.text, Mark("item", line.text, item="bullet"))
        if self.under == "goal" and _SLOGAN.match(line.text):
            return self._slogan(place)
        if is_note(line.text) or self.under in _PROSE:
            return self._gathered(place, line.text, None)
        return Part("text", line.text, (line,)), place + 1

    def _gathered(self, place: int, text: str, mark: Mark | None) -> tuple[Part, int]:
        """An item or a paragraph with the lines that continue it."""
        end = place + 1
        while self._is_open(text, end, mark) and self._joins(text, end, mark):
            text = self._join(text, end)
            end += 1
        lines = tuple(self.lines[place:end])
        if mark is None:
            return Part("text", text, lines), end
        return Part("item", text, lines, mark.number, item=mark.item), end

    def _join(self, before: str, place: int) -> str:
        """A text with the line here; a status without brackets stays a word of its own."""
        after = self.lines[place].text
        apart = self.bare_status and is_known_status(after) and before
        return f"{before} {after}" if apart else join_lines([before, after])

    def _is_open(self, before: str, place: int, mark: Mark | None) -> bool:
        """Whether the line here may continue a text: it begins nothing, or only seems to."""
        if self._is_free(place):
            return True
        if place >= len(self.lines) or not self.lines[place].text.startswith("・"):
            return False
        # The dot between two words may come first on a line: 「公民館」「・現役世代…」.
        numbered = mark is not None and mark.item == "number" and self.has_status
        unfinished = numbered and not ends_sentence(before) and not ends_with_status(before)
        return unfinished or has_open_bracket(before)

    def _joins(self, before: str, place: int, mark: Mark | None) -> bool:
        after = self.lines[place].text
        if mark is not None:
            if ends_with_status(before):
                return False
            if opens_status(after, bare=self.bare_status):
                return True
            if not ends_sentence(before) and self._end_ahead(before, place):
                return True
        share = _FULL.get(self.under, _FULL_ELSEWHERE)
        full = text_width(self.lines[place - 1].text) >= share * self.margin
        return runs_on(before, after, full=full)

    def _end_ahead(self, before: str, place: int) -> bool:
        """Whether the lines from here on end an item as the items of this plan end."""
        if self.has_status and self.under != "contents":
            return self._status_ahead(before, place)
        if not self.polite:
            return False
        for number in range(place, place + _LONGEST_ACTION):
            if not self._is_free(number):
                return False
            before = self._join(before, number)
            if ends_sentence(before):
                return True
        return False

    def _status_ahead(self, before: str, place: int) -> bool:
        """Whether the lines from here on end an action with its status."""
        for number in range(place, place + _LONGEST_ACTION):
            if not self._is_free(number):
                return False
            before = self._join(before, number)
            if ends_with_status(before):
                return True
            status_follows = self._is_free(number + 1) and opens_status(
                self.lines[number + 1].text, bare=self.bare_status
            )
            if ends_sentence(before) and not status_follows:
                return False
        return False

    def _heading(self, place: int, mark: Mark) -> tuple[Part, int]:
        """A goal or a measure with the rest of its name."""
        end, name = place + 1, mark.text
        while self._is_free(end):
            after = self.lines[end].text
            full = text_width(self.lines[end - 1].text) >= _FULL_ELSEWHERE * self.margin
            if _SLOGAN.match(after) or after.endswith(("、", "。")) or ends_sentence(after):
                break
            if text_width(after) > _WIDEST_NAME or (name and not runs_on(name, after, full=full)):
                break
            name = join_lines([name, after])
            end += 1
        return Part(mark.kind, name, tuple(self.lines[place:end]), mark.number), end

    def _slogan(self, place: int) -> tuple[Part, int]:
        """A slogan, 〜…〜, on one line or on several."""
        mark = self.lines[place].text[0]
        for end in range(place + 1, place + 4):
            text = join_lines(line.text for line in self.lines[place:end])
            if text[-1] == mark:
                return Part("text", text, tuple(self.lines[place:end])), end
            if not self._is_free(end):
                break
        return Part("text", self.lines[place].text, (self.lines[place],)), place + 1

    def _is_free(self, place: int) -> bool:
        """Whether there is a line here that begins nothing of its own."""
        if place >= len(self.lines) or self.marks[place] is not None:
            return False
        text = self.lines[place].text
        return not is_note(text) and not is_chapter(text)


def _is_polite(lines: Sequence[SourceLine], marks: Sequence[Mark | None]) -> bool:
    """Whether the items of a plan are mostly polite sentences (…ます), not nouns."""
    # What stands before the next item has ended one, or gone on with it.
    ends = [
        split_status(line.text)[0].strip() or "ます"
        for line, following in zip(lines, marks[1:], strict=False)
        if following is not None and following.kind == "item"
    ]
    return 2 * sum(map(ends_sentence, ends)) > len(ends)


def _margin(lines: Sequence[SourceLine], marks: Sequence[Mark | None]) -> int:
    """Width of a full line: the widest tenth of the lines that run on for certain."""
    widths = sorted(
        text_width(line.text)
        for place, line in enumerate(lines[:-1])
        if marks[place + 1] is None and runs_on(line.text, lines[place + 1].text, full=False)
    )
    if not widths:
        widths = sorted(text_width(line.text) for line in lines) or [0]
    return widths[len(widths) * 9 // 10]
