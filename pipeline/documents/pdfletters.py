"""Letters of a PDF's page → words and pieces: printed twice, small readings, vertical writing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pdfplumber.utils.text import extract_words

from pipeline.documents.pdflayout import Piece, Rule, joined, pieces_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdfplumber.page import Page

Letter = dict[str, Any]

_SAME_PLACE: Final = 1  # points between glyphs that were printed over each other
_WORD_GAP: Final = 0.4  # of the letter size; less is only wide setting
_RUBY: Final = 0.62  # size of a reading beside its kanji, at most
_KANA: Final = re.compile(r"[ぁ-ゖァ-ヺー]+")
_SHORTEST_VERTICAL: Final = 3  # letters
_ASIDE: Final = 0.35  # of the letter size, between letters below each other
_TURNED: Final = 0.5  # share of letters below each other that makes a page vertical
_ACROSS: Final = 4  # letters; a number that stands upright in a vertical line is no longer
_FAR: Final = 100_000.0  # points
_BAND: Final = 20.0  # points
_MOST_RULES: Final = 2_000  # lines on a page beyond which they are a picture


class PageText(NamedTuple):
    """Pieces of a page.

    Attributes
    ----------
    pieces
        In no order yet. On a vertical page they are turned by a quarter.
    readings
        Small readings beside kanji, line by line.
    rules
        Horizontal lines that are drawn.
    vertical
        Whether the page is written from top to bottom.
    """

    pieces: list[Piece]
    readings: list[str]
    rules: list[Rule]
    vertical: bool


def page_letters(page: Page) -> list[Letter]:
    """Letters of a page; those printed over each other to look bold are one."""
    return list(page.dedupe_chars(tolerance=_SAME_PLACE).chars)


def page_rules(page: Page) -> list[Rule]:
    """Horizontal lines of a page; a page with thousands is a picture, and they part nothing."""
    rules = [
        Rule(edge["x0"], edge["x1"], edge["top"])
        for edge in page.edges
        if edge["orientation"] == "h"
    ]
    return rules if len(rules) <= _MOST_RULES else []


def page_text(
    letters: Sequence[Letter], rules: Sequence[Rule], width: float, *, wide_spaces: bool = False
) -> PageText:
    """Put letters together to pieces.

    Parameters
    ----------
    letters, rules
        Of a page or a part of it.
    width
        Of the page.
    wide_spaces
        As :func:`pipeline.documents.pdflayout.pieces_of`.
    """
    runs = list(_vertical_runs(letters))
    below = {id(letter) for run in runs for letter in run}
    words = _words([letter for letter in letters if id(letter) not in below])
    n_letters = sum(not letter["text"].isspace() for letter in letters)
    if len(below) > _TURNED * n_letters:
        short = [word for word in words if len(word["text"]) <= _ACROSS]
        long = [word for word in words if len(word["text"]) > _ACROSS]
        turned = [_turned(word, width) for word in (*map(_as_word, runs), *short)]
        text = _with_readings(turned, [], vertical=True, wide_spaces=wide_spaces)
        # What is written across on such a page is its heading or its edge: read first.
        first = [
            piece._replace(top=piece.top - _FAR, bottom=piece.bottom - _FAR)
            for piece in pieces_of(long)
        ]
        return text._replace(pieces=[*first, *text.pieces])
    text = _with_readings(words, list(rules), vertical=False, wide_spaces=wide_spaces)
    labels = [joined([_as_word(run)]) for run in runs]
    return text._replace(pieces=[*text.pieces, *labels])


def _words(letters: Sequence[Letter]) -> list[dict[str, Any]]:
    return extract_words(list(letters), x_tolerance_ratio=_WORD_GAP, extra_attrs=["size"])


def _with_readings(
    words: Sequence[dict[str, Any]], rules: list[Rule], *, vertical: bool, wide_spaces: bool
) -> PageText:
    ruby = {id(word) for word in _readings(words)}
    plain = [word for word in words if id(word) not in ruby]
    small = [word for word in words if id(word) in ruby]
    readings = [" ".join(word["text"] for word in row) for row in rows_of(small)]
    return PageText(pieces_of(plain, wide_spaces=wide_spaces), readings, rules, vertical)


def _readings(words: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Words in kana that are small and stand above a larger word."""
    kana = [word for word in words if _KANA.fullmatch(word["text"])]
    if not kana:
        return
    smallest = min(word["size"] for word in kana)
    larger = [word for word in words if smallest <= _RUBY * word["size"]]
    bands: dict[int, list[dict[str, Any]]] = {}
    for word in larger:
        bands.setdefault(int(word["top"] // _BAND), []).append(word)
    for word in kana:
        first = int((word["bottom"] - word["size"]) // _BAND)
        last = int((word["bottom"] + word["size"]) // _BAND)
        near = (other for band in range(first, last + 1) for other in bands.get(band, ()))
        if any(_is_reading(word, other) for other in near):
            yield word


def _is_reading(word: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        word["size"] <= _RUBY * other["size"]
        and -word["size"] <= other["top"] - word["bottom"] <= word["size"]
        and other["top"] > word["top"]
        and min(word["x1"], other["x1"]) > max(word["x0"], other["x0"])
    )


def _vertical_runs(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Letters that were written one below the other without a gap."""
    run: list[Letter] = []
    for letter in letters:
        if run and not _is_below(letter, run[-1]):
            if len(run) >= _SHORTEST_VERTICAL:
                yield run
            run = []
        run.append(letter)
    if len(run) >= _SHORTEST_VERTICAL:
        yield run


def _is_below(letter: Letter, before: Letter) -> bool:
    slack = _ASIDE * max(letter["size"], before["size"])
    return bool(
        abs(letter["x0"] + letter["x1"] - before["x0"] - before["x1"]) < slack
        and abs(letter["top"] - before["bottom"]) < slack
        and not letter["text"].isspace()
    )


def _as_word(run: Sequence[Letter]) -> dict[str, Any]:
    return {
        "text": "".join(letter["text"] for letter in run),
        "x0": min(letter["x0"] for letter in run),
        "x1": max(letter["x1"] for letter in run),
        "top": run[0]["top"],
        "bottom": run[-1]["bottom"],
        "size": max(letter["size"] for letter in run),
    }


def _turned(word: dict[str, Any], width: float) -> dict[str, Any]:
    """A word of a vertical page as it lies when the page is turned by a quarter."""
    return {
        **word,
        "x0": word["top"],
        "x1": word["bottom"],
        "top": width - word["x1"],
        "bottom": width - word["x0"],
    }
