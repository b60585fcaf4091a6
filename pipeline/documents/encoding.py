"""Bytes of a text file → text, for the encodings that Japanese offices use.

Guessers by frequency take CP932 with ①㈱髙 for Chinese encodings. Trying strict
decoders in a fixed order is right more often and can be explained.
"""

from __future__ import annotations

import codecs

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
_OFFICE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NUL = "\x00"
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
    if not data.strip():
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
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, file, codec).replace(_NUL, " "), name
    if _ESCAPE in data:  # ISO-2022-JP is seven-bit, so that strict UTF-8 would accept it
        text = _try(data, "iso2022_jp")
        if text is not None:
            return text.replace(_NUL, " "), "ISO-2022-JP（JIS）"
    readings = [
        (text, name)
        for codec, name in _CANDIDATES
        if (text := _try(data, codec)) is not None
        and text.count(_NUL) <= (_MOST_NULS * len(text) if codec == "utf-8" else 0)
    ]
    if readings:
        # Strict CP932 takes most EUC-JP for half-width katakana; the reading with more
        # hiragana is Japanese. Otherwise the first one stands.
        text, name = readings[0]
        if name != "UTF-8":
            text, name = max(readings, key=_n_hiragana)
        return text.replace(_NUL, " "), name
    raise InputError(
        "文字コードが分かりません"
        f"（{'、'.join(name for _, name in _CANDIDATES)} のどれでも読めませんでした）。",
        at=Location(file=file),
        remedy=_REMEDY,
    )


def _decode_as(data: bytes, file: str, encoding: str) -> str:
    try:
        text = data.decode(encoding)
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
            at=Location(file=file, row=data.count(b"\n", 0, start) + 1),
            remedy=_REMEDY,
        ) from error
    return text.removeprefix("\ufeff")


def _n_hiragana(reading: tuple[str, str]) -> int:
    return sum("ぁ" <= character <= "ん" for character in reading[0])


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None
