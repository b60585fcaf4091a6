"""How much the shared texts of an old workbook (.xls) unfold to, before they do."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.documents.extent import LARGEST_TEXT, TooMuchTextError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS: Final = 0x00FC
_CONTINUE: Final = 0x003C
_CELL: Final = 0x00FD  # a cell that names a shared text
_BYTES: Final = 3  # of a Japanese letter


def check_texts(stream: bytes) -> None:
    """Refuse a stream whose cells name more text than :data:`LARGEST_TEXT`.

    Parameters
    ----------
    stream
        The stream 「Workbook」, or 「Book」, of a compound file.

    Raises
    ------
    TooMuchTextError
        They do.
    """
    named: list[int] = []
    pieces: list[bytes] = []
    before = 0
    for kind, place, length in _records(stream):
        if kind == _CELL and length >= 10:
            named.append(struct.unpack_from("<I", stream, place + 6)[0])
        elif kind == _TEXTS or (kind == _CONTINUE and before == _TEXTS):
            pieces.append(stream[place : place + length])
        before = before if kind == _CONTINUE else kind
    sizes = np.array(list(_lengths(pieces)) or [0], dtype=np.int64) * _BYTES
    numbers = np.array(named, dtype=np.int64)
    known = numbers < len(sizes)
    # What was not understood counts as the longest.
    size = int(sizes[numbers[known]].sum()) + int((~known).sum()) * int(sizes.max())
    if size > LARGEST_TEXT:
        raise TooMuchTextError


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of every record."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, length
        place += 4 + length


def _lengths(pieces: list[bytes]) -> Iterator[int]:
    """Letters of every shared text; letters that go on in another piece begin with a mark."""
    number, place = 0, 8
    while number < len(pieces):
        piece = pieces[number]
        if place + 3 > len(piece):
            number, place = number + 1, 0
            continue
        letters, flags = struct.unpack_from("<HB", piece, place)
        yield letters
        place += 3
        behind = 0
        if flags & 8 and place + 2 <= len(piece):
            behind += 4 * struct.unpack_from("<H", piece, place)[0]
            place += 2
        if flags & 4 and place + 4 <= len(piece):
            behind += struct.unpack_from("<I", piece, place)[0]
            place += 4
        width = 1 + (flags & 1)
        while letters and number < len(pieces):
            here = min(letters, (len(pieces[number]) - place) // width)
            letters -= here
            place += here * width
            if letters:
                number, place = number + 1, 1
                if number < len(pieces) and pieces[number]:
                    width = 1 + (pieces[number][0] & 1)
        while number < len(pieces) and place + behind > len(pieces[number]):
            behind -= len(pieces[number]) - place
            number, place = number + 1, 0
        place += behind
