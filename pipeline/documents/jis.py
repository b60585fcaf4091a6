"""EUC-JP and ISO-2022-JP as Windows and mail programs write them, with ①㈱髙.

The codecs of Python know the characters of the standard only; offices use those that
Windows has beside them. They have the same numbers in every encoding of the family.
"""

from __future__ import annotations

import re
from typing import Final

_EUC = re.compile(rb"[\x00-\x7f]+|(?:[\xa1-\xfe]{2})+|(?:\x8e[\xa1-\xdf])+|(?:\x8f[\xa1-\xfe]{2})+")
_ESCAPED = re.compile(rb"\x1b(\$[@B]|\([BJI])|([^\x1b]+)")
_DOUBLE: Final = (b"$@", b"$B")
_HALF_WIDTH: Final = b"(I"


def decode_euc(data: bytes) -> str:
    """Decode EUC-JP, with the characters of Windows where the standard has none.

    Raises
    ------
    UnicodeDecodeError
        It is no EUC-JP.
    """
    try:
        return data.decode("euc_jp")
    except UnicodeDecodeError as error:
        first = error
    pieces: list[str] = []
    place = 0
    while place < len(data):
        found = _EUC.match(data, place)
        if found is None:
            raise first
        piece = found[0]
        if piece[0] in {0x8E, 0x8F} or piece[0] < 0x80:
            pieces.append(piece.decode("euc_jp"))
        else:
            pieces.append(_windows(bytes(byte & 0x7F for byte in piece), first))
        place = found.end()
    return "".join(pieces)


def decode_iso2022(data: bytes) -> str:
    """Decode ISO-2022-JP, with the characters of Windows and half-width katakana.

    Raises
    ------
    UnicodeDecodeError
        It is no ISO-2022-JP.
    """
    try:
        return data.decode("iso2022_jp")
    except UnicodeDecodeError as error:
        first = error
    pieces: list[str] = []
    mode = b"(B"
    place = 0
    while place < len(data):
        found = _ESCAPED.match(data, place)
        if found is None:
            raise first
        place = found.end()
        if found[1]:
            mode = found[1]
        elif mode in _DOUBLE:
            pieces += (
                line if line in {"\r", "\n", ""} else _windows(line.encode("latin-1"), first)
                for line in re.split(r"([\r\n])", found[2].decode("latin-1"))
            )
        elif mode == _HALF_WIDTH:
            pieces.append(bytes(byte | 0x80 for byte in found[2]).decode("cp932"))
        else:
            pieces.append(found[2].decode("ascii"))
    return "".join(pieces)


def _windows(jis: bytes, first: UnicodeDecodeError) -> str:
    """Decode pairs of seven-bit bytes by their numbers in CP932."""
    if len(jis) % 2 or not all(0x21 <= byte <= 0x7E for byte in jis):
        raise first
    shifted = bytearray()
    for row, cell in zip(jis[::2], jis[1::2], strict=True):
        lead = (row - 0x21) // 2 + 0x81
        shifted.append(lead if lead <= 0x9F else lead + 0x40)
        if row % 2:
            shifted.append(cell + (0x20 if cell >= 0x60 else 0x1F))
        else:
            shifted.append(cell + 0x7E)
    return shifted.decode("cp932")
