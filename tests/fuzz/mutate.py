"""Valid files → damaged ones: of bytes, of text, of XML, of the parts of a zip archive.

Everything is drawn from the generator that is handed in: one seed, one file.
"""

from __future__ import annotations

import functools
import io
import re
import struct
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    Mutator = Callable[[bytes, random.Random], bytes]

_BYTES: Final = (
    b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"\x1b(B", b"\x80",
    b"\xe3\x81", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\n", b"\r\n", b'"', b'""', b",",
    b";", b"\t", b"|", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"=", b"-1", b"9" * 30,
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\xe2\x80\xae", b"\xe3\x80\x80", b"\xf0\x9f\x98\x80",
    b"\x87\x40", b"\x8f\xa2\xb7",
)  # fmt: skip
_WORDS: Final = (
    "", " ", "　", "\u200b", "\ufeff", "\u202e", "\u2028", "\x85", "①", "㈱", "髙", "～", "－",
    "特になし", "無回答", "合計", "その他", "番号", "ご意見", "発言者", "司会：", "田中委員：", "#",
    "# ", "##", "[[sources]]", "title = ", "[", "]", "{", "}", "'''", '"""', "\\u0000", "\\x",
    "0", "-0", "1e999", "nan", "true", "1979-05-27", "９" * 20, "あ" * 5000, "「" * 500, "(" * 500,
    "- " * 200, "|" * 200, "|---|", "\n\n", "\n|a|b|\n|---|---|\n|c|d|\n", "…", "？！", "が\u3099",
    "\U000e0041", "葛\U000e0100", "﷽" * 50, "=HYPERLINK(1)", "@", "+", "</w:t>", "&#0;", "]]>",
    "問1", "1:text", "4:text",
)  # fmt: skip
_NUMBERS: Final = (
    b"0", b"1", b"-1", b"2", b"255", b"256", b"65535", b"65536", b"16384", b"1048576", b"1048577",
    b"2147483647", b"4294967295", b"18446744073709551616", b"1e308", b"1e-308", b"NaN", b"inf",
    b"", b" ", b"0x10", b"XFD1048576", b"A0", b"a1", b"\xe2\x91\xa0", b"true", b"9" * 400,
)  # fmt: skip
_TAG: Final = re.compile(rb"<[^<>]{1,400}>")
_ATTRIBUTE: Final = re.compile(rb'(?<==")[^"]*(?=")')
_CONTENT: Final = re.compile(rb"(?<=>)[^<>]+(?=<)")
_NUMBER: Final = re.compile(rb"\d+")
_LARGEST: Final = 400_000
"""Bytes of a file beyond which nothing is doubled."""


def damage_bytes(data: bytes, rng: random.Random) -> bytes:
    """Flip, drop, double, move or insert a few bytes, or cut the end off."""
    if not data:
        return rng.choice(_BYTES)
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.choice((1, 1, 2, 4, 16, 64, 512)))
    match rng.randrange(7):
        case 0:
            flipped = bytes(own ^ (1 << rng.randrange(8)) for own in data[start:end][:4])
            return data[:start] + flipped + data[start + len(flipped) :]
        case 1:
            return data[:start] + data[end:]
        case 2:
            times = rng.choice((2, 3, 50)) if len(data) < _LARGEST else 2
            return data[:start] + data[start:end] * times + data[end:]
        case 3:
            return data[:start]
        case 4:
            place = rng.randrange(len(data))
            return data[:place] + data[start:end] + data[place:]
        case 5:
            return data[:start] + rng.randbytes(end - start) + data[end:]
        case _:
            return data[:start] + rng.choice(_BYTES) + data[start:]


def damage_text(data: bytes, rng: random.Random) -> bytes:
    """Put words, marks and separators where they do harm; lines are dropped, doubled, moved."""
    codec = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        codec = "cp932"
        text = data.decode(codec, "surrogateescape")
    place = rng.randrange(len(text) + 1)
    lines = text.split("\n")
    line = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0 | 1:
            text = text[:place] + rng.choice(_WORDS) * rng.choice((1, 1, 1, 3)) + text[place:]
        case 2:
            text = text[:place] + rng.choice('",;\t|\r\n：　■・.#=[]{}\0') + text[place:]
        case 3:
            lines.insert(line, lines[rng.randrange(len(lines))])
            text = "\n".join(lines)
        case 4:
            del lines[line]
            text = "\n".join(lines)
        case _:
            end = min(len(text), place + rng.randrange(1, 9))
            text = text[:place] + rng.choice(_WORDS) + text[end:]
    return _encoded(text, codec)


def _encoded(text: str, codec: str) -> bytes:
    """Bytes of a text; characters that a codec has not are UTF-8 in the midst of it."""
    if codec == "utf-16":
        return text.encode(codec, "replace")
    try:
        return text.encode(codec, "surrogateescape")
    except UnicodeEncodeError:
        pass
    parts = []
    for character in text:
        try:
            parts.append(character.encode(codec, "surrogateescape"))
        except UnicodeEncodeError:
            parts.append(character.encode("utf-8", "replace"))
    return b"".join(parts)


def damage_xml(data: bytes, rng: random.Random) -> bytes:
    """Swap, drop, double or nest tags; put strange values into attributes and texts."""
    pattern = rng.choice((_TAG, _TAG, _ATTRIBUTE, _ATTRIBUTE, _CONTENT, _NUMBER))
    found = list(pattern.finditer(data))
    if not found:
        return damage_bytes(data, rng)
    one, other = sorted((rng.choice(found), rng.choice(found)), key=lambda own: own.start())
    if pattern in {_ATTRIBUTE, _NUMBER}:
        new = rng.choice((*_NUMBERS, other[0]))
        return data[: one.start()] + new + data[one.end() :]
    if pattern is _CONTENT:
        new = rng.choice((*_BYTES, rng.choice(_WORDS).encode(), *_NUMBERS))
        return data[: one.start()] + new + data[one.end() :]
    match rng.randrange(6):
        case 0:
            return data[: one.start()] + data[one.end() :]
        case 1 if one is not other:
            middle = data[one.end() : other.start()]
            return data[: one.start()] + other[0] + middle + one[0] + data[other.end() :]
        case 2:
            return data[: one.start()] + other[0] + data[one.end() :]
        case 3 if len(data) < _LARGEST:
            # What stands between two tags comes again, or inside itself.
            part = data[one.start() : other.end()]
            return data[: other.end()] + part * rng.choice((1, 1, 20)) + data[other.end() :]
        case 4:
            name = re.match(rb"</?([\w:]+)", one[0])
            depth = rng.choice((1, 5, 300))
            opened = (b"<" + name[1] + b">") * depth if name else b"<a>"
            closed = (b"</" + name[1] + b">") * depth if name else b"</a>"
            return data[: one.start()] + opened + closed + data[one.start() :]
        case _:
            return data[: one.start()] + rng.choice(_BYTES) + data[one.start() :]


def damage_zip(data: bytes, rng: random.Random, inside: Mutator = damage_xml) -> bytes:
    """Damage parts of an archive and pack it again: dropped, doubled, renamed, emptied, changed."""
    members = list(_members(data))
    if not members:
        return damage_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        _damage_member(members, inside, rng)
        if not members:
            break
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as parts:
        warnings.simplefilter("ignore")  # names that stand twice are meant
        for name, content in members:
            parts.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def _damage_member(members: list[tuple[str, bytes]], inside: Mutator, rng: random.Random) -> None:
    """Change one part in its place; small parts are as likely to be chosen as large ones."""
    place = rng.randrange(len(members))
    name, content = members[place]
    match rng.randrange(24):
        case 0:
            del members[place]
        case 1:
            members.append(rng.choice(((name, content), (f"{name}.xml", content))))
        case 2:
            members[place] = (rng.choice((rng.choice(members)[0], name.upper())), content)
        case 3:
            members[place] = (name, rng.choice((b"", b"<a/>", b"\xff\xfe", content[:100])))
        case 4:
            members[place] = (name, rng.choice(members)[1])
        case 5:
            members[place] = (name, damage_bytes(content, rng))
        case _:
            for _ in range(rng.choice((1, 2, 5))):
                content = inside(content, rng)
            members[place] = (name, content)


@functools.lru_cache(maxsize=64)
def _members(data: bytes) -> tuple[tuple[str, bytes], ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return tuple((own.filename, parts.read(own)) for own in parts.infolist())
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, ValueError, EOFError):
        return ()


def damage_xls(data: bytes, rng: random.Random) -> bytes:
    """Damage the records of an old workbook: their kinds, lengths and contents."""
    start = 512  # behind the header of the container the stream of records begins
    places = []
    while start + 4 <= len(data) and len(places) < 2000:
        kind, length = struct.unpack_from("<HH", data, start)
        if (kind == 0 and length == 0) or start + 4 + length > len(data):
            break
        places.append((start, length))
        start += 4 + length
    if not places or rng.random() < 0.2:
        return damage_bytes(data, rng)
    place, length = rng.choice(places)
    changed = bytearray(data)
    match rng.randrange(4):
        case 0:
            struct.pack_into(
                "<H", changed, place, struct.unpack_from("<H", data, rng.choice(places)[0])[0]
            )
        case 1:
            struct.pack_into("<H", changed, place + 2, rng.choice((0, 1, length + 1, 8224, 65535)))
        case 2 if length:
            for _ in range(rng.choice((1, 2, 4))):
                changed[place + 4 + rng.randrange(length)] = rng.choice((0, 1, 127, 128, 255))
        case _ if length > 1:
            at = place + 4 + rng.randrange(length - 1)
            struct.pack_into("<H", changed, at, rng.choice((0, 1, 255, 256, 32767, 65535)))
        case _:
            pass
    return bytes(changed)


def damage_pdf(data: bytes, rng: random.Random) -> bytes:
    """Damage the objects of a PDF: numbers, names, references, streams."""
    choice = rng.randrange(5)
    if choice == 0:
        return damage_bytes(data, rng)
    pattern = (rb"\d+", rb"/[A-Za-z0-9]+", rb"\d+ 0 R", rb"\d+ 0 obj", rb"endobj|endstream|stream")
    found = list(re.finditer(rng.choice(pattern), data))
    if not found:
        return damage_bytes(data, rng)
    one, other = rng.choice(found), rng.choice(found)
    new = rng.choice(
        (other[0], other[0], *_NUMBERS, b"null", b"[", b"<<", b"(", b"/Kids", b"/Contents")
    )
    return data[: one.start()] + new + data[one.end() :]


def splice(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Begin like one file and end like another."""
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
