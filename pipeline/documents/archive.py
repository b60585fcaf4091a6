"""Is an Office file safe to open? Bombs are refused before a library makes room for them.

An Office file is a zip archive of XML. A few kilobytes can unpack to terabytes, one part
can be named twice (so that two programs read two different files), and XML can define
words that stand for a million others. Every part is really unpacked here, piece by
piece: what the headers say about sizes can be a lie.
"""

from __future__ import annotations

import itertools
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from pipeline.documents.extent import FarCellError, SharedTexts, TooMuchTextError
from pipeline.documents.unsafefile import far_cell, too_large, unreadable, unsafe
from pipeline.documents.xmlscan import Totals, XmlScan
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

LARGEST_FILE: Final = 1 << 29
"""Bytes on disk. Half a gigabyte is a full sheet of Excel in every letter."""
MOST_PARTS: Final = 10_000
"""Parts of one file: sheets, pictures, comments. Hundreds occur."""
LARGEST_PART: Final = 1 << 30
"""Bytes of one part, unpacked. 1,048,576 rows × 16 columns make about 750 million."""
LARGEST_WHOLE: Final = 3 << 29
"""Bytes of all parts, unpacked."""
MOST_RATIO: Final = 200
"""Bytes unpacked for one packed. Sheets reach 10 to 50, a bomb 1,000."""
FREE_OF_RATIO: Final = 1 << 24
"""Bytes that a part may have whatever its ratio: short parts of blank cells pack well."""

_PIECE: Final = 1 << 16
_LOCAL: Final = struct.Struct("<4s22xHH")
_ENTRY: Final = b"PK\x01\x02"
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1


def check_archive(path: Path) -> None:
    """Refuse an Office file that would exhaust the machine or that means two things.

    Parameters
    ----------
    path
        A file that is a zip archive: .xlsx, .xlsm, .xlsb, .docx, .docm, .ods.

    Raises
    ------
    InputError
        The archive is damaged or has a password.
    UnsafeFileError
        It is a bomb (size, ratio, number of parts or elements, depth, length of a text),
        holds parts that overlap, have one name or leave the archive, or defines XML
        entities.
    OSError
        The file cannot be read.

    Notes
    -----
    Memory stays below some megabytes, whatever the file holds; the time is that of
    unpacking, at most :data:`LARGEST_WHOLE` bytes.
    """
    with path.open("rb") as stream:
        _check_file(stream, path)
        try:
            with zipfile.ZipFile(stream) as archive:
                parts = archive.infolist()
                _check_directory(parts, archive.start_dir, path)
        except (
            zipfile.BadZipFile,
            zlib.error,
            struct.error,
            NotImplementedError,
            ValueError,
            OverflowError,
        ) as error:
            raise unreadable(path) from error
        totals = Totals(SharedTexts(), _kinds(path, parts))
        try:
            for part in parts:
                _check_part(stream, part, totals, path)
            totals.texts.check()
        except FarCellError as error:
            raise far_cell(error, path) from error
        except TooMuchTextError as error:
            raise too_large(path) from error


def unpacked(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack one part piece by piece, to its real end.

    ``zipfile`` stops where the header says that the part ends, other readers do not.

    Raises
    ------
    zipfile.BadZipFile, zlib.error, struct.error
        The part is damaged.
    """
    stream.seek(part.header_offset)
    signature, name_length, extra_length = _LOCAL.unpack(stream.read(_LOCAL.size))
    if signature != b"PK\x03\x04":
        raise zipfile.BadZipFile
    stream.seek(name_length + extra_length, 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0:
        packed = stream.read(min(left, _PIECE))
        if not packed:
            raise zipfile.BadZipFile
        left -= len(packed)
        if part.compress_type == zipfile.ZIP_STORED:
            yield packed
            continue
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _PIECE)
            packed = inflate.unconsumed_tail
    if part.compress_type == zipfile.ZIP_DEFLATED and not inflate.eof:
        yield inflate.flush()


def _check_file(stream: BinaryIO, path: Path) -> None:
    size = entries = 0
    before = b""
    while piece := stream.read(1 << 20):
        size += len(piece)
        entries += (before + piece).count(_ENTRY)
        before = piece[-len(_ENTRY) + 1 :]
        if size > LARGEST_FILE:
            raise too_large(path)
        if entries > MOST_PARTS:
            raise unsafe(f"部品が{MOST_PARTS:,}個より多く入っています。", path)


def _check_directory(parts: Sequence[zipfile.ZipInfo], end: int, path: Path) -> None:
    names: set[str] = set()
    for part in parts:
        # Up to a NUL only, as some readers do; zipfile has cut it there, too.
        name = part.orig_filename.replace("\\", "/").casefold()
        steps = name.split("/")
        if ".." in steps or not steps[0] or ":" in steps[0] or "\0" in name:
            raise unsafe("ファイルの外を指す部品が入っています。", path)
        if name in names:
            raise unsafe("同じ名前の部品が2つ入っています。", path)
        names.add(name)
        if part.flag_bits & _ENCRYPTED:
            raise InputError(
                "パスワードが付いています。",
                at=Location(file=path.name),
                remedy="パスワードを外して保存し直してください。",
            )
        if part.compress_type not in _METHODS:
            raise unreadable(path)
    ordered = sorted(parts, key=lambda part: part.header_offset)
    begins = [part.header_offset for part in ordered[1:]] + [end]
    for part, following in zip(ordered, begins, strict=True):
        if part.header_offset + _LOCAL.size + part.compress_size > following:
            raise unsafe("部品どうしが重なっています。", path)


def _kinds(path: Path, parts: Sequence[zipfile.ZipInfo]) -> frozenset[str]:
    """How the file may be read, by its suffix and by what is in it: a name can be wrong."""
    suffix = path.suffix.lower()
    names = [part.filename.casefold() for part in parts]
    kinds = set()
    if suffix in {".xlsx", ".xlsm"} or any(name.startswith("xl/") for name in names):
        kinds.add("sheets")
    if suffix == ".ods" or "content.xml" in names:
        kinds.add("ods")
    if suffix in {".docx", ".docm"} or any(name.startswith("word/") for name in names):
        kinds.add("tree")
    return frozenset(kinds)


def _check_part(stream: BinaryIO, part: zipfile.ZipInfo, totals: Totals, path: Path) -> None:
    try:
        size = crc = 0
        pieces = unpacked(stream, part)
        head = next(pieces, b"")
        scan = XmlScan.of(part, head, totals, path)
        for piece in itertools.chain([head], pieces):
            size += len(piece)
            totals.size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > LARGEST_PART or totals.size > LARGEST_WHOLE:
                raise too_large(path)
            if size > FREE_OF_RATIO and size > MOST_RATIO * part.compress_size:
                raise unsafe("小さく圧縮された、とても大きな中身が入っています。", path)
            if scan is not None:
                scan.read(piece)
        if scan is not None:
            scan.read(b"", final=True)
    except (zipfile.BadZipFile, zlib.error, struct.error, OverflowError, UnicodeError) as error:
        raise unreadable(path) from error
    if size != part.file_size or crc != part.CRC:
        raise unreadable(path)
