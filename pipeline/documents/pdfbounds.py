"""How much a PDF may ask for: a small file can unpack to gigabytes, or go round for ever.

pdfminer keeps no bounds of its own. While a file is read, every stream that it unpacks
and every object that it fetches is counted here, and so is what a page draws.
"""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pdfminer.pdfdocument import PDFDocument, PDFXRefStream
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import (
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
    resolve1,
    stream_value,
)
from pdfminer.psparser import PSBaseParser, PSStackParser
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdfminer.pdffont import PDFFont
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF

LARGEST_FILE: Final = 200_000_000
"""Bytes of a file. Plans with photographs have some ten million."""
MOST_PAGES: Final = 1_000
"""Pages of a file. A plan with its annexes has 200."""
MOST_LETTERS: Final = 1_000_000
"""Letters of a file; a page of A4 has 1,000 to 2,000."""
MOST_LETTERS_OF_PAGE: Final = 50_000
"""Letters of a page, a poster's included."""
LARGEST_STREAM: Final = 64_000_000
"""Bytes of one unpacked stream that is read: text, fonts, lists. Pictures are not unpacked."""
LARGEST_WHOLE: Final = 512_000_000
"""Bytes of all of them."""
MOST_DRAWN: Final = 16_000_000
"""Bytes of instructions that are followed, those of repeated pieces each time. A page of text
has 20 thousand, a map a million."""
MOST_SHAPES: Final = 50_000
"""Lines and areas that are drawn on one page."""
MOST_FETCHED: Final = 3_000_000
"""Times that an object is fetched."""
MOST_NUMBERED: Final = 5_000_000
"""Objects that a list of objects may count."""

_LARGEST_LZW: Final = 500_000  # packed; LZW has no length to ask for
_WIDEST_RANGE: Final = 70_000  # letters; Unicode's first plane has 65,536
_LONGEST_STRING: Final = 32_768  # bytes; the parser copies a string at each bracket in it
_DEEPEST_LIST: Final = 500
_MOST_ARGUMENTS: Final = 256
_DEEPEST_STATE: Final = 2_000
_RANGES: Final = (b"bfrange", b"cidrange", b"notdefrange")
_TOKEN: Final = re.compile(rb"<[0-9A-Fa-f\s]{0,64}>|\[|\]|\d+")
_BOUNDS: Final = 2  # the first and the last letter that a rule is for


class TooMuchError(Exception):
    """A PDF asks for more than any document needs."""


class Budget:
    """What reading a file has asked for so far."""

    def __init__(self) -> None:
        self.unpacked = 0
        self.drawn = 0
        self.fetched = 0
        self.letters = 0
        self.exceeded = ""

    def refuse(self, what: str) -> None:
        """Stop reading; kept, because the parser passes over errors of fonts and the like."""
        self.exceeded = self.exceeded or what
        raise TooMuchError(what)

    def unpack(self, size: int) -> None:
        """Count the bytes of an unpacked stream."""
        self.unpacked += size
        if size > LARGEST_STREAM or self.unpacked > LARGEST_WHOLE:
            self.refuse("圧縮を解いた大きさ")

    def draw(self, size: int) -> None:
        """Count the bytes of instructions that are followed."""
        self.drawn += size
        if self.drawn > MOST_DRAWN:
            self.refuse("図や文字を描く命令の量")

    def fetch(self) -> None:
        """Count an object that is fetched."""
        self.fetched += 1
        if self.fetched > MOST_FETCHED:
            self.refuse("部品のつながり")


@contextmanager
def bounded(budget: Budget) -> Iterator[None]:
    """Count what pdfminer unpacks and fetches, as long as the context lasts."""
    decode, getobj = PDFStream.decode, PDFDocument.getobj
    parse_string = PSBaseParser._parse_string  # noqa: SLF001 (bounded nowhere else)
    start_type = PSStackParser.start_type

    def counted_decode(stream: PDFStream) -> None:
        budget.unpack(_unpacked_size(stream, budget))
        decode(stream)
        _check_ranges(stream.data or b"", budget)

    def counted_getobj(document: PDFDocument, objid: int) -> object:
        budget.fetch()
        return getobj(document, objid)

    def counted_string(parser: PSBaseParser, text: bytes, start: int) -> int:
        if len(parser._curtoken) > _LONGEST_STRING:  # noqa: SLF001
            budget.refuse("文字列の長さ")
        return parse_string(parser, text, start)

    def counted_type(parser: PSStackParser[Any], place: int, kind: str) -> None:
        if len(parser.context) > _DEEPEST_LIST:
            budget.refuse("部品の深さ")
        start_type(parser, place, kind)

    PDFStream.decode = counted_decode  # type: ignore[assignment, method-assign]
    PDFDocument.getobj = counted_getobj  # type: ignore[assignment, method-assign]
    PSBaseParser._parse_string = counted_string  # type: ignore[assignment, method-assign] # noqa: SLF001
    PSStackParser.start_type = counted_type  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        PDFStream.decode = decode  # type: ignore[method-assign]
        PDFDocument.getobj = getobj  # type: ignore[method-assign]
        PSBaseParser._parse_string = parse_string  # type: ignore[method-assign] # noqa: SLF001
        PSStackParser.start_type = start_type  # type: ignore[method-assign]


def check_lists(document: PDF, budget: Budget) -> None:
    """Refuse lists of objects that count billions; keep watch over fonts."""
    for xref in document.doc.xrefs:
        if isinstance(xref, PDFXRefStream):
            n_objects = sum(length for _, length in xref.ranges)
            if n_objects > MOST_NUMBERED:
                budget.refuse("部品の数")
    document.rsrcmgr = _Resources(budget)


def draw_page(page: Page, budget: Budget) -> None:
    """Lay a page out within bounds; its letters and lines can be asked for afterwards."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    device.start(budget)
    interpreter = _Interpreter(page.pdf.rsrcmgr, device)
    interpreter.process_page(page.page_obj)
    page._layout = device.get_result()  # noqa: SLF001 (what Page.layout looks for)


class _Resources(PDFResourceManager):
    """Fonts whose tables of widths do not count billions."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        for one in (spec, *_list(spec.get("DescendantFonts"))):
            font = resolve1(one)
            for key, length in (("W", 3), ("W2", 5)) if isinstance(font, dict) else ():
                if _widest(_list(font.get(key)), length) > _WIDEST_RANGE:
                    self._budget.refuse("文字の幅の表")
        return super().get_font(objid, spec)


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects the letters and lines of a page, up to a bound."""

    budget: Budget
    n_letters = 0
    n_shapes = 0

    def start(self, budget: Budget) -> None:
        self.budget = budget

    def render_char(self, *args: Any, **kwargs: Any) -> float:  # noqa: ANN401 (as it comes)
        self.n_letters += 1
        self.budget.letters += 1
        if self.n_letters > MOST_LETTERS_OF_PAGE or self.budget.letters > MOST_LETTERS:
            self.budget.refuse("文字の数")
        return super().render_char(*args, **kwargs)

    def paint_path(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as it comes)
        self.n_shapes += 1
        if self.n_shapes > MOST_SHAPES:
            self.budget.refuse("線の数")
        super().paint_path(*args, **kwargs)


class _Interpreter(PDFPageInterpreter):
    """Follows the instructions of a page, up to a bound."""

    device: _Device

    def execute(self, streams: Sequence[object]) -> None:
        self.device.budget.draw(sum(len(stream_value(one).get_data()) for one in streams) + 1)
        super().execute(streams)

    def push(self, obj: Any) -> None:  # noqa: ANN401 (numbers, names, lists)
        super().push(obj)
        if len(self.argstack) > _MOST_ARGUMENTS:
            del self.argstack[: -_MOST_ARGUMENTS // 2]

    def do_q(self) -> None:
        if len(self.gstack) > _DEEPEST_STATE:
            self.device.budget.refuse("描く命令の深さ")
        super().do_q()


def _unpacked_size(stream: PDFStream, budget: Budget) -> int:
    """Bytes of a stream once it is unpacked, without making room for more than the bound."""
    data = stream.rawdata or b""
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    size = len(data)
    for kind, _ in stream.get_filters():
        if kind in LITERALS_FLATE_DECODE:
            unpacker = zlib.decompressobj()
            try:
                data = unpacker.decompress(data, LARGEST_STREAM + 1)
            except zlib.error:
                data = data[:0]  # what can be saved of it is not longer than the bound
        elif kind in LITERALS_LZW_DECODE:
            if len(data) > _LARGEST_LZW:
                budget.refuse("圧縮を解いた大きさ")
        elif kind in LITERALS_RUNLENGTH_DECODE:
            data = bytes(min(len(data) * 64, LARGEST_STREAM + 1))
        size = max(size, len(data))
    return size


def _check_ranges(data: bytes, budget: Budget) -> None:
    """Refuse a table of letters that gives one rule for billions."""
    for part in data.split(b"begin"):
        if part.startswith(_RANGES) and _widest_range(part.partition(b"end")[0]) > _WIDEST_RANGE:
            budget.refuse("文字の対応表")


def _widest_range(rules: bytes) -> int:
    """Most letters that one rule is for: ``<0000> <00FF> <0041>``, the last also a list."""
    widest = depth = 0
    begun: list[int] = []
    for found in _TOKEN.finditer(rules):
        token = found[0]
        if token in {b"[", b"]"}:
            depth += 1 if token == b"[" else -1
            begun = [] if token == b"]" else begun
        elif depth <= 0 and len(begun) == _BOUNDS:
            begun = []
        elif depth <= 0 and token.startswith(b"<"):
            begun.append(int(b"".join(token[1:-1].split()) or b"0", 16))
            if len(begun) == _BOUNDS:
                widest = max(widest, begun[1] - begun[0])
    return widest


def _widest(widths: Sequence[object], length: int) -> int:
    """Most letters that one rule of a table of widths is for."""
    widest = 0
    begun: list[int] = []
    for value in widths:
        own = resolve1(value)
        if isinstance(own, list):
            begun = []
        elif isinstance(own, int | float):
            begun.append(int(own))
            if len(begun) == length:
                widest = max(widest, begun[1] - begun[0])
                begun = []
    return widest


def _list(value: object) -> list[object]:
    own = resolve1(value)
    return own if isinstance(own, list) else []
