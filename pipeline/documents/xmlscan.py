"""One part of an Office file, looked at piece by piece while it is unpacked."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.documents.extent import OdsExtent, SharedTexts, SheetExtent
from pipeline.documents.unsafefile import too_large, unreadable, unsafe

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

    from pipeline.documents.extent import Extent

DEEPEST: Final = 256
"""Elements inside each other; libxml2 allows as many. Word nests some dozens."""
LONGEST_TEXT: Final = 10_000_000
"""Bytes between two tags; libxml2 allows as many. A cell of Excel has 32,767 letters."""
MOST_ELEMENTS: Final = 2_000_000
"""Elements of a Word document, which is held in memory as a tree. 1,000 pages have half."""

_BLOCK: Final = 1 << 10  # depth is looked at between blocks
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


@dataclass
class Totals:
    """What the parts read so far come to.

    Attributes
    ----------
    texts
        Words that cells share by their number.
    kinds
        How the file may be read: ``sheets``, ``ods``, ``tree`` (a document in memory).
    size
        Bytes, unpacked.
    elements
        Elements of XML.
    """

    texts: SharedTexts
    kinds: frozenset[str]
    size: int = 0
    elements: int = 0


class XmlScan:
    """Looks at XML piece by piece without building anything from it."""

    def __init__(self, codec: str, totals: Totals, path: Path, *, nested: bool) -> None:
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
    def of(cls, part: zipfile.ZipInfo, head: bytes, totals: Totals, path: Path) -> XmlScan | None:
        """Prepare for a part; ``None`` for pictures and the like."""
        codec = next((codec for mark, codec in _MARKS if head.startswith(mark)), "")
        if not codec and not head.lstrip().startswith(b"<"):
            if head.strip() and _XML_NAME.search(part.filename):
                raise unreadable(path)
            return None
        text = head.decode(codec, errors="ignore").encode() if codec else head
        declared = _DECLARED.match(text.lstrip())
        if declared and not _READ_AS_IT_STANDS.fullmatch(declared[1]):
            raise unreadable(path)
        # What an office puts into its custom parts is not read, and may quote HTML.
        return cls(codec, totals, path, nested=not part.filename.startswith("customXml/"))

    def read(self, piece: bytes, *, final: bool = False) -> None:
        """Look at the next bytes of the part.

        Raises
        ------
        UnsafeFileError
            It defines entities, is nested too deeply, holds too long a text or too much.
        """
        if self._decoder is not None:
            piece = self._decoder.decode(piece, final).encode("utf-8", "surrogatepass")
        if _DEFINITION.search(self._before[-_OVERLAP:] + piece):
            raise unsafe("XML の定義（DOCTYPE、ENTITY）が入っています。", self._path)
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
            raise unsafe("1つのセルや段落に、とても長い文字が入っています。", self._path)
        ends = block.count(b"</")
        starts = block.count(b"<") - ends - block.count(b"<?") - block.count(b"<!")
        self._depth += starts - ends - block.count(b"/>")
        self._totals.elements += starts
        if self._nested and self._depth > DEEPEST:
            raise unsafe("入れ子がとても深くなっています。", self._path)
        if self._tree and self._totals.elements > MOST_ELEMENTS:
            raise too_large(self._path)
