"""Bytes of a text file → text, for the encodings that Japanese offices use.

Guessers by frequency take CP932 with ①㈱髙 for Chinese encodings. Trying strict
decoders in a fixed order is right more often and can be explained.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from pipeline.documents.jis import decode_euc, decode_iso2022
from pipeline.errors import InputError, Location

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8（BOM付き）"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CANDIDATES = (
    ("utf-8", "UTF-8"),
    ("cp932", "CP932（Shift_JIS）"),
    ("euc_jp", "EUC-JP"),
    ("iso2022_jp", "ISO-2022-JP（JIS）"),
)
_WITHOUT_MARK = (
    ("utf-16-le", "UTF-16（リトルエンディアン、BOMなし）"),
    ("utf-16-be", "UTF-16（ビッグエンディアン、BOMなし）"),
)
_SAME: Final = {
    "shift_jis": "cp932",
    "euc_jis_2004": "euc_jp",
}
"""Names that planners write → what Windows means by them."""
_MOST_BROKEN = 20  # characters; more, and the file is in another encoding
_USUAL_SHARE = 0.95
_USUAL_CHARACTERS = (
    (" ", "~"),
    ("‐", "➿"),  # punctuation, arrows, ①, ■
    ("\u3000", "ヿ"),
    ("㈀", "㏿"),  # ㈱
    ("一", "鿿"),
    ("！", "￮"),
    ("\U0001f000", "\U0001faff"),
)
_OFFICE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NO_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")
"""What Python makes of bytes that are no character of CP932 rather than refuse them."""
_HIRAGANA = re.compile("[ぁ-ん]+")
_NUL = "\x00"
_BLOCK = 1 << 18  # bytes
_MOST_NULS = 0.1  # share of characters; UTF-16 without a mark has more
_ESCAPE = b"\x1b$"
_REMEDY = (
    "Excel で開き、「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」か .xlsx で保存し直すか、"
    "調査ファイルに encoding を書いてください。"
)


def decode(data: bytes, file: str, encoding: str | None = None) -> tuple[str, str]:
    """Turn the bytes of a text file into text.

    Parameters
    ----------
    data
        The whole file.
    file
        Its name, for messages.
    encoding
        Encoding that a study names; ``None``: byte order mark, then strict
        UTF-8, CP932, EUC-JP and ISO-2022-JP in this order.

    Returns
    -------
    text, name
        The text without a byte order mark, and the encoding as planners call it.
        A stray NUL, which no report could show, is a space.

    Raises
    ------
    InputError
        The file is empty, is no text, or fits no encoding.
    """
    if not data or data.isspace():
        raise InputError(
            "ファイルが空です。",
            at=Location(file=file),
            remedy="正しいファイルか、保存できているかを確かめてください。",
        )
    if data.startswith((_OFFICE, _OLD_OFFICE)):
        raise InputError(
            "拡張子は文字のファイルですが、中身は Excel や Word などのファイルです。",
            at=Location(file=file),
            remedy="拡張子を元に戻す（.xlsx、.docx など）か、Excel で開いて保存し直してください。",
        )
    if encoding is not None:
        return _decode_as(data, file, encoding).replace(_NUL, " "), encoding
    text, name = _found(data, file)
    return text.replace(_NUL, " "), name


def _found(data: bytes, file: str) -> tuple[str, str]:
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, file, codec), name
    if _ESCAPE in data:  # ISO-2022-JP is seven-bit, so that strict UTF-8 would accept it
        text = _try(data, "iso2022_jp")
        if text is not None:
            return text, "ISO-2022-JP（JIS）"
    # A NUL in two of these bytes is a character; in the others it is an accident.
    if without_mark := _utf16_without_mark(data):
        return without_mark
    readings = _readings(data)
    if len(readings) == 1:
        return readings[0]
    if readings:
        # Strict CP932 takes most EUC-JP for half-width katakana; the reading with more
        # hiragana is Japanese. Otherwise the first one stands.
        return max(readings, key=_n_hiragana)
    _say_where_broken(data, file)
    raise InputError(
        "文字コードが分かりません"
        f"（{'、'.join(name for _, name in _CANDIDATES)} のどれでも読めませんでした）。",
        at=Location(file=file),
        remedy=_REMEDY,
    )


def _readings(data: bytes) -> list[tuple[str, str]]:
    """Texts that the bytes may be; nothing else is tried where they are UTF-8."""
    readings: list[tuple[str, str]] = []
    for codec, name in _CANDIDATES:
        text = _try(data, codec)
        if text is None or text.count(_NUL) > _MOST_NULS * len(text):
            continue
        if name == "UTF-8":
            return [(text, name)]
        readings.append((text, name))
    return readings


def _decode_as(data: bytes, file: str, encoding: str) -> str:
    try:
        text = _decode_strictly(data, encoding)
    except LookupError as error:
        raise InputError(
            f"文字コード「{encoding}」を知りません。",
            at=Location(file=file, column="encoding"),
            remedy="utf-8、cp932、euc-jp、iso-2022-jp、utf-16 のどれかを書いてください。",
        ) from error
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise InputError(
            f"文字コード {encoding} では読めない文字があります。",
            at=Location(file=file, row=_row_of(data, start, encoding)),
            remedy=_REMEDY,
        ) from error
    return text.removeprefix("\ufeff")


def _n_hiragana(reading: tuple[str, str]) -> int:
    return len(reading[0]) - len(_HIRAGANA.sub("", reading[0]))


def _try(data: bytes, codec: str) -> str | None:
    try:
        return _decode_strictly(data, codec)
    except UnicodeDecodeError:
        return None


def _decode_strictly(data: bytes, codec: str) -> str:
    name = codecs.lookup(codec).name
    name = _SAME.get(name, name)
    return _OWN[name](data) if name in _OWN else data.decode(name)


def _decode_cp932(data: bytes) -> str:
    text = data.decode("cp932")
    if found := _NO_CP932.search(text):
        place = len(text[: found.start()].encode("cp932"))
        raise UnicodeDecodeError("cp932", data, place, place + 1, "no character")
    return text


def _decode_utf8(data: bytes) -> str:
    """Decode block by block: one emoji late in a file would move all of its text twice."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    own = memoryview(data)
    try:
        pieces = [decoder.decode(own[at : at + _BLOCK]) for at in range(0, len(own), _BLOCK)]
        return "".join([*pieces, decoder.decode(b"", final=True)])
    except UnicodeDecodeError:
        return data.decode("utf-8")  # says where in the whole the error is


def _decode_utf8_sig(data: bytes) -> str:
    return _decode_utf8(data).removeprefix("\ufeff")


_OWN: Final = {
    "utf-8": _decode_utf8,
    "utf-8-sig": _decode_utf8_sig,
    "cp932": _decode_cp932,
    "euc_jp": decode_euc,
    "iso2022_jp": decode_iso2022,
}


def _utf16_without_mark(data: bytes) -> tuple[str, str] | None:
    """Read UTF-16 that has lost its mark: nearly every character is one of a Japanese text."""
    if b"\x00" not in data or len(data) % 2:
        return None
    readings = [
        (sum(map(_is_usual, text)) / len(text), text, name)
        for codec, name in _WITHOUT_MARK
        if (text := _try(data, codec)) and _NUL not in text and ("\n" in text or "\r" in text)
    ]
    share, text, name = max(readings, default=(0.0, "", ""), key=lambda reading: reading[0])
    return (text, name) if share >= _USUAL_SHARE else None


def _is_usual(character: str) -> bool:
    return character in "\t\r\n" or any(
        first <= character <= last for first, last in _USUAL_CHARACTERS
    )


def _say_where_broken(data: bytes, file: str) -> None:
    """Refuse a file in a known encoding but for a few bytes, and say in which rows they are."""
    for codec, name in (("utf-8", "UTF-8"), ("cp932", "CP932（Shift_JIS）")):
        places: list[int] = []
        start = 0
        while len(places) <= _MOST_BROKEN:
            try:
                _decode_strictly(data[start:], codec)
                break
            except UnicodeDecodeError as error:
                places.append(start + error.start)
                start += error.end
        text = data.decode(codec, "ignore")
        if not places:
            continue  # refused for its NULs
        if len(places) > _MOST_BROKEN or _n_hiragana((text, name)) < max(10, 5 * len(places)):
            continue
        rows = list(dict.fromkeys(_row_of(data, place, codec) for place in places))
        said = "、".join(f"{row}行目" for row in rows[:5]) + (" など" if len(rows) > 5 else "")
        raise InputError(
            f"文字コードは {name} のようですが、壊れた文字が{len(places)}か所あります（{said}）。",
            at=Location(file=file, row=rows[0]),
            remedy="メモ帳で開くと、壊れた文字は � と表示されます。その行を直し、文字コードを"
            "「UTF-8」にして保存し直してください。",
        )


def _row_of(data: bytes, place: int, codec: str) -> int:
    text = data[:place].decode(codec, "ignore")
    return text.count("\n") + text.count("\r") - text.count("\r\n") + 1
