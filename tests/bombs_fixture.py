"""Files that are small on disk and would exhaust a machine, built for tests."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "application/vnd.openxmlformats-officedocument"
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_XLSX: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.spreadsheetml.sheet.main+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1"'
    f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
    f' Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
_DOCX: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.wordprocessingml.document.main+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1"'
    f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
}
LAUGHS: Final = (
    '<!DOCTYPE x [<!ENTITY a0 "笑">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    + "]>"
)


def archive(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return path


def workbook(path: Path, rows: str, shared: str = "", head: str = "", **more: str) -> Path:
    """Workbook of one sheet; `rows` is the XML of its rows, `shared` that of its texts."""
    sheet = f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    texts = f'<sst xmlns="{_MAIN}">{shared}</sst>'
    parts = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts}
    more = {name.replace("__", "/") + ".xml": content for name, content in more.items()}
    return archive(path, _XLSX | parts | more)


def document(path: Path, body: str, head: str = "") -> Path:
    content = f'{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return archive(path, _DOCX | {"word/document.xml": content})


def spreadsheet(path: Path, rows: str, head: str = "") -> Path:
    """OpenDocument spreadsheet of one sheet."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"{head}<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive(path, {"mimetype": kind, "content.xml": content})


def ods_row(n_cells: int, *, filled: bool, times: int = 1) -> str:
    cell = f'<table:table-cell table:number-columns-repeated="{n_cells}"'
    text = ' office:value-type="string"><text:p>あ</text:p></table:table-cell>'
    return (
        f'<table:table-row table:number-rows-repeated="{times}">{cell}{text if filled else "/>"}'
        "</table:table-row>"
    )


def zeros(path: Path, name: str, size: int) -> Path:
    """Archive whose part `name` unpacks to `size` zeros; the header says 100 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # After a full flush nothing before is referred to: the same bytes can come again.
    block = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = block * (size >> 24) + packer.flush()
    crc = zlib.crc32(bytes(100))
    head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, crc, len(packed), 100, len(name), 0)
    local = b"PK\x03\x04" + head + name.encode()
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHLL", 0, 0, 0, 0, 0)
    directory = entry + name.encode()
    end = struct.pack("<4H2LH", 0, 0, 1, 1, len(directory), len(local) + len(packed), 0)
    path.write_bytes(local + packed + directory + b"PK\x05\x06" + end)
    return path


def pdf(path: Path, objects: Iterable[bytes]) -> Path:
    """PDF of these objects, numbered from 1; the first is the catalogue."""
    content, places = b"%PDF-1.7\n", []
    for number, own in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, own)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    content += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n" % (len(places) + 1)
    path.write_bytes(content + b"%d\n%%%%EOF\n" % content.rindex(b"xref\n0"))
    return path


def flate(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
