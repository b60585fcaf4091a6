"""Compound files: the container of old Office files and of those with a password."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST: Final = 1 << 28
"""Bytes; 65,536 rows × 256 columns of Excel 97 stay below."""

_FREE = 0xFFFFFFF0  # and above: marks, no sectors
_ENTRY = 128
_STREAM = 2
_ROOT = 5


class DamagedCompoundError(Exception):
    """The container contradicts itself."""


class Compound:
    """Streams of a compound file, by name.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    DamagedCompoundError
        Its tables are cut off or run in circles.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(SIGNATURE):
            raise DamagedCompoundError
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or small_shift != 6:
            raise DamagedCompoundError
        self._data, self._size = data, 1 << shift
        self._next = self._allocation()
        first, self._cutoff, first_small = struct.unpack_from("<I4xII", data, 48)
        directory = self._chain(first)
        entries = list(_entries(directory))
        self._streams = {
            name: (start, size) for name, kind, start, size in entries if kind == _STREAM
        }
        root = next((start for _, kind, start, _ in entries if kind == _ROOT), _FREE)
        self._small = self._chain(root) if root < _FREE else b""
        small_table = self._chain(first_small) if first_small < _FREE else b""
        self._next_small = struct.unpack(f"<{len(small_table) // 4}I", small_table)

    @classmethod
    def from_path(cls, path: Path) -> Compound:
        """Read a file of a bounded size."""
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise DamagedCompoundError
        return cls(data)

    @property
    def names(self) -> frozenset[str]:
        """Names of the streams."""
        return frozenset(self._streams)

    def read(self, name: str) -> bytes:
        """Content of a stream; empty where there is none of that name."""
        start, size = self._streams.get(name, (_FREE, 0))
        if size == 0:
            return b""
        if size >= self._cutoff:
            return self._chain(start)[:size]
        sectors = _follow(start, self._next_small)
        return b"".join(self._small[64 * at : 64 * at + 64] for at in sectors)[:size]

    def _allocation(self) -> tuple[int, ...]:
        """Read which sector follows which."""
        data, size = self._data, self._size
        tables = list(struct.unpack_from("<109I", data, 76))
        further, count = struct.unpack_from("<II", data, 68)
        per_sector = size // 4
        while further < _FREE and count > 0:
            more = struct.unpack(f"<{per_sector}I", self._sector(further))
            tables += more[:-1]
            further, count = more[-1], count - 1
            if len(tables) > len(data) // size + 109:
                raise DamagedCompoundError
        sectors = [self._sector(table) for table in tables if table < _FREE]
        return struct.unpack(f"<{per_sector * len(sectors)}I", b"".join(sectors))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if not sector:
            raise DamagedCompoundError
        return sector.ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(start, self._next))


def _follow(start: int, following: Sequence[int]) -> Iterator[int]:
    steps = 0
    while start < _FREE:
        if start >= len(following) or steps > len(following):
            raise DamagedCompoundError
        yield start
        start = following[start]
        steps += 1


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        start, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        yield name, kind, start, size
