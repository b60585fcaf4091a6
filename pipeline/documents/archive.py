"""Is an Office file safe to open? Bombs are refused before a library makes room for them.

An Office file is a zip archive of XML. A few kilobytes can unpack to terabytes, one part
can be named twice (so that two programs read two different files), and XML can define
words that stand for a million others. Every part is really unpacked here, piece by
piece: what the headers say about sizes can be a lie.
"""

from __future__ import annotations

import codecs
import itertools
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.documents.extent import (
    FarCellError,
    OdsExtent,
    SharedTexts,
    SheetExtent,
    TooMuchTextError,
)
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from pipeline.documents.extent import Extent

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
DEEPEST: Final = 256
"""Elements inside each other; libxml2 allows as many. Word nests some dozens."""
LONGEST_TEXT: Final = 10_000_000
"""Bytes between two tags; libxml2 allows as many. A cell of Excel has 32,767 letters."""
MOST_ELEMENTS: Final = 2_000_000
"""Elements of a Word document, which is held in memory as a tree. 1,000 pages have half."""

_BLOCK: Final = 1 << 10  # depth is looked at between blocks
_PIECE: Final = 1 << 16
_LOCAL: Final = struct.Struct("<4s22xHH")
_ENTRY: Final = b"PK\x01\x02"
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1
_DEFINITION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_HALVES: Final = (b"</", b"<", b"/")  # of a tag's marks, where a block ends
_OVERLAP: Final = 16  # bytes of the piece before, so that nothing hides between two pieces
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{1,40})["']""")
_READ_AS_IT_STANDS: Final = re.compile(
    rb"utf-?(?:8|16)(?:le|be)?|us-ascii|iso-8859-\d+|windows-125\d|shift_jis|windows-31j|euc-jp",
    re.IGNORECASE,
)
_XML_NAME: Final = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)


class UnsafeFileError(InputError):
    """A file is built so that reading it could exhaust the machine, or mislead."""


@dataclass
class _Totals:
    """What the parts read so far come to."""

    texts: SharedTexts
    kinds: frozenset[str]
    size: int = 0
    elements: int = 0


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
            raise _damaged(path) from error
        totals = _Totals(SharedTexts(), _kinds(path, parts))
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
            raise _unsafe(f"部品が{MOST_PARTS:,}個より多く入っています。", path)


def _check_directory(parts: Sequence[zipfile.ZipInfo], end: int, path: Path) -> None:
    names: set[str] = set()
    for part in parts:
        # Up to a NUL only, as some readers do; zipfile has cut it there, too.
        name = part.orig_filename.replace("\\", "/").casefold()
        steps = name.split("/")
        if ".." in steps or not steps[0] or ":" in steps[0] or "\0" in name:
            raise _unsafe("ファイルの外を指す部品が入っています。", path)
        if name in names:
            raise _unsafe("同じ名前の部品が2つ入っています。", path)
        names.add(name)
        if part.flag_bits & _ENCRYPTED:
            raise InputError(
                "パスワードが付いています。",
                at=Location(file=path.name),
                remedy="パスワードを外して保存し直してください。",
            )
        if part.compress_type not in _METHODS:
            raise _damaged(path)
    ordered = sorted(parts, key=lambda part: part.header_offset)
    begins = [part.header_offset for part in ordered[1:]] + [end]
    for part, following in zip(ordered, begins, strict=True):
        if part.header_offset + _LOCAL.size + part.compress_size > following:
            raise _unsafe("部品どうしが重なっています。", path)


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


def _check_part(stream: BinaryIO, part: zipfile.ZipInfo, totals: _Totals, path: Path) -> None:
    try:
        size = crc = 0
        pieces = unpacked(stream, part)
        head = next(pieces, b"")
        scan = _Scan.of(part, head, totals, path)
        for piece in itertools.chain([head], pieces):
            size += len(piece)
            totals.size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > LARGEST_PART or totals.size > LARGEST_WHOLE:
                raise too_large(path)
            if size > FREE_OF_RATIO and size > MOST_RATIO * part.compress_size:
                raise _unsafe("小さく圧縮された、とても大きな中身が入っています。", path)
            if scan is not None:
                scan.read(piece)
        if scan is not None:
            scan.read(b"", final=True)
    except (zipfile.BadZipFile, zlib.error, struct.error, OverflowError, UnicodeError) as error:
        raise _damaged(path) from error
    if size != part.file_size or crc != part.CRC:
        raise _damaged(path)


class _Scan:
    """Looks at XML piece by piece without building anything from it."""

    def __init__(self, codec: str, totals: _Totals, path: Path, *, nested: bool) -> None:
        self._decoder = codecs.getincrementaldecoder(codec)() if codec else None
        self._totals, self._path, self._nested = totals, path, nested
        self._tree = "tree" in totals.kinds
        self._extents: list[Extent] = []
        if "sheets" in totals.kinds:
            self._extents.append(SheetExtent(totals.texts))
        if "ods" in totals.kinds:
            self._extents.append(OdsExtent())
        self._before = self._open = b""
        self._depth = self._stretch = 0

    @classmethod
    def of(cls, part: zipfile.ZipInfo, head: bytes, totals: _Totals, path: Path) -> _Scan | None:
        """Prepare for a part; ``None`` for pictures and the like."""
        codec = next((codec for mark, codec in _MARKS if head.startswith(mark)), "")
        if not codec and not head.lstrip().startswith(b"<"):
            if head.strip() and _XML_NAME.search(part.filename):
                raise _damaged(path)
            return None
        text = head.decode(codec, errors="ignore").encode() if codec else head
        declared = _DECLARED.match(text.lstrip())
        if declared and not _READ_AS_IT_STANDS.fullmatch(declared[1]):
            raise _damaged(path)
        # What an office puts into its custom parts is not read, and may quote HTML.
        return cls(codec, totals, path, nested=not part.filename.startswith("customXml/"))

    def read(self, piece: bytes, *, final: bool = False) -> None:
        if self._decoder is not None:
            piece = self._decoder.decode(piece, final).encode("utf-8", "surrogatepass")
        if _DEFINITION.search(self._before[-_OVERLAP:] + piece):
            raise _unsafe("XML の定義（DOCTYPE、ENTITY）が入っています。", self._path)
        self._before = (self._before + piece)[-_OVERLAP:]
        for extent in self._extents:
            extent.read(piece)
            if final:
                extent.close()
        for start in range(0, len(piece), _BLOCK):
            block = self._open + piece[start : start + _BLOCK]
            # 「<」 and 「/」 mean something only together with what follows them.
            self._open = next((end for end in _HALVES if block.endswith(end)), b"")
            self._count(block.removesuffix(self._open))

    def _count(self, block: bytes) -> None:
        first = block.find(b"<")
        if first < 0:
            self._stretch += len(block)
        else:
            self._stretch = len(block) - block.rfind(b"<")
        if self._stretch > LONGEST_TEXT:
            raise _unsafe("1つのセルや段落に、とても長い文字が入っています。", self._path)
        ends = block.count(b"</")
        starts = block.count(b"<") - ends - block.count(b"<?") - block.count(b"<!")
        self._depth += starts - ends - block.count(b"/>")
        self._totals.elements += starts
        if self._nested and self._depth > DEEPEST:
            raise _unsafe("入れ子がとても深くなっています。", self._path)
        if self._tree and self._totals.elements > MOST_ELEMENTS:
            raise too_large(self._path)


def too_large(path: Path) -> InputError:
    """Say that a file holds more than can be read, and how to make it smaller."""
    return UnsafeFileError(
        "中身が大きすぎるため、読むのをやめました。",
        at=Location(file=path.name),
        remedy="いらないシート、列、画像を消すか、ファイルを分けて保存し直してください。"
        "表は、CSV（UTF-8）で保存すると小さくなります。",
    )


def far_cell(error: FarCellError, path: Path) -> UnsafeFileError:
    """Say that a filled cell is too far away from all others, and how to find it."""
    return UnsafeFileError(
        "表からとても離れたところに、文字の入ったセルがあります"
        f"（{_letters(error.columns)}列まで、{error.rows:,}行目まで）。",
        at=Location(file=path.name),
        remedy="どのシートかは、Excel で Ctrl+End を押すと分かります。"
        "離れたセルの文字（空白だけのこともあります）を消して保存し直してください。",
    )


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _unsafe(what: str, path: Path) -> UnsafeFileError:
    return UnsafeFileError(
        f"{what}パソコンを止めるおそれがあるため、読むのをやめました。",
        at=Location(file=path.name),
        remedy="ファイルの出どころを確かめてください。確かなものなら、Excel や Word で開き、"
        "新しい名前で保存し直してください。",
    )


def _damaged(path: Path) -> InputError:
    return InputError(
        "ファイルの中身を取り出せません。壊れているか、別の形式のファイルです。",
        at=Location(file=path.name),
        remedy="Excel や Word で開けるか確かめ、開けたら保存し直してください。",
    )
