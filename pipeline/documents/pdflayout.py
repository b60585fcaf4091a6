"""A page of a PDF → pieces of text, in the order in which a person reads them.

A page is cut along its white space, across and down in turns, until a piece is one
column: bubbles beside each other, or a label beside its text, do not mix.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLUMN_GAP: Final = 1.5  # of the letter size
_BLOCK_GAP: Final = 1.0
_WORD_GAP: Final = 0.4  # less is only wide setting
_WIDE_SPACE: Final = 0.8
_RULE: Final = 0.6  # share of the width that a line must have to part rows
_SHORTEST_COLUMN: Final = 6  # letters; a column of such cells belongs to the rows beside it
_DEEPEST: Final = 60  # cuts within each other; no page has ten


class Piece(NamedTuple):
    """Letters on one line without a wide gap."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    text: str


class Rule(NamedTuple):
    """A horizontal line that is drawn on the page."""

    x0: float
    x1: float
    top: float


def pieces_of(words: Sequence[dict[str, Any]], *, wide_spaces: bool = False) -> list[Piece]:
    """Join the words of each line; a wide gap parts them.

    Parameters
    ----------
    wide_spaces
        Whether a gap as wide as a letter is written as such a space.
    """
    pieces = []
    for row in rows_of(words):
        begun = [row[0]]
        for before, word in pairwise(row):
            if word["x0"] - before["x1"] >= _COLUMN_GAP * max(word["size"], before["size"]):
                pieces.append(joined(begun, wide_spaces=wide_spaces))
                begun = []
            begun.append(word)
        pieces.append(joined(begun, wide_spaces=wide_spaces))
    return pieces


def rows_of(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words that stand on one line, from left to right."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][-1]["top"] <= middle <= rows[-1][-1]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word["x0"]) for row in rows]


def joined(words: Sequence[dict[str, Any]], *, wide_spaces: bool = False) -> Piece:
    """One piece of words that stand beside each other."""
    parts = [words[0]["text"]]
    for before, word in pairwise(words):
        gap = (word["x0"] - before["x1"]) / (word["size"] or 1)
        space = "" if gap < _WORD_GAP * 0.5 else " "
        parts.append(("\u3000" if wide_spaces and gap >= _WIDE_SPACE else space) + word["text"])
    return Piece(
        min(word["x0"] for word in words),
        max(word["x1"] for word in words),
        min(word["top"] for word in words),
        max(word["bottom"] for word in words),
        max(word["size"] for word in words),
        "".join(parts),
    )


def reading_order(
    pieces: Sequence[Piece], rules: Sequence[Rule], *, labels: bool = False, depth: int = 0
) -> Iterator[Piece]:
    """Pieces in the order of reading: cut across, then down, then across again line by line.

    Parameters
    ----------
    pieces, rules
        What stands on the page, and the lines drawn across it.
    labels
        Whether a first column of short words belongs to the rows beside it: 日時, 住民Ａ.
    """
    if len(pieces) <= 1 or depth > _DEEPEST:
        yield from sorted(pieces, key=lambda one: (one.top, one.x0))
        return
    size = sorted(piece.size for piece in pieces)[len(pieces) // 2]
    for cut in (
        _bands(pieces, _BLOCK_GAP * size, rules),
        _columns(pieces, _COLUMN_GAP * size, labels=labels),
    ):
        if len(cut) > 1:
            for part in cut:
                yield from reading_order(part, rules, labels=labels, depth=depth + 1)
            return
    lines = _bands(pieces, 0.0, ())
    if len(lines) > 1:
        for part in lines:
            yield from reading_order(part, rules, labels=labels, depth=depth + 1)
        return
    yield from sorted(pieces, key=lambda one: (one.top, one.x0))


def _bands(pieces: Sequence[Piece], gap: float, rules: Sequence[Rule]) -> list[list[Piece]]:
    """Cut across where nothing stands for `gap` points, or where a line is drawn."""
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    drawn = sorted(
        rule.top
        for rule in rules
        if min(rule.x1, right) - max(rule.x0, left) >= _RULE * (right - left)
    )
    bands: list[list[Piece]] = []
    bottom = 0.0
    for piece in sorted(pieces, key=lambda piece: (piece.top, piece.x0)):
        place = bisect_left(drawn, bottom - 1)
        parted = place < len(drawn) and drawn[place] <= piece.top + 1
        if bands and (piece.top - bottom < gap or piece.top < bottom) and not parted:
            bands[-1].append(piece)
            bottom = max(bottom, piece.bottom)
        else:
            bands.append([piece])
            bottom = piece.bottom
    return bands


def _columns(pieces: Sequence[Piece], gap: float, *, labels: bool) -> list[list[Piece]]:
    """Cut down where nothing stands for `gap` points, unless that would tear rows apart."""
    columns: list[list[Piece]] = []
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
    if labels and len(columns) > 1 and _is_beside_rows(columns[0], columns[1]):
        return [list(pieces)]
    return columns


def _is_beside_rows(cells: Sequence[Piece], rows: Sequence[Piece]) -> bool:
    """Whether short cells stand each beside a row: the status of an action."""
    return (
        len(cells) > 1
        and all(len(cell.text) <= _SHORTEST_COLUMN for cell in cells)
        and all(any(abs(cell.top - row.top) < cell.size / 2 for row in rows) for cell in cells)
    )
