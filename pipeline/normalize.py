"""Pure text functions: the same string in, the same string out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

# Radicals that PDF and some fonts put in place of kanji. Kangxi radicals
# (U+2F00–2FD5) have an NFKC form; the CJK supplement (U+2E80–2EF3) mostly has
# none and needs this table.
_SUPPLEMENT: Final = {
    "⺅": "亻", "⺟": "母", "⺠": "民", "⺩": "王", "⺫": "目", "⺬": "示", "⺮": "竹", "⺼": "肉",
    "⻁": "虎", "⻄": "西", "⻆": "角", "⻑": "長", "⻘": "青", "⻝": "食", "⻣": "骨", "⻤": "鬼",
    "⻨": "麦", "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀", "⻳": "亀", "⻌": "辶",
    "⻖": "阝", "⻏": "阝", "⺾": "艹", "⻀": "艹", "⺹": "耂", "⻎": "辶", "⻢": "马", "⻥": "鱼",
}  # fmt: skip
_ONE_TO_ONE: Final = str.maketrans(
    _SUPPLEMENT
    | {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    # A lone surrogate cannot be encoded, and a NUL ends strings in other programs.
    | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
    | {"\0": " "}
)

_CASE_OF_NO_MEANING: Final = re.compile(r"[\W_]+", re.UNICODE)
_LONG_SOUND: Final = re.compile(r"[ーｰ〜～]{2,}")


def mend_characters(text: str) -> str:
    """Put the kanji back where a radical stands, one character for one.

    Offsets into the result are offsets into `text`.
    """
    return text.translate(_ONE_TO_ONE)


def fold(text: str) -> str:
    """Key under which two wordings count as the same.

    Width, case, white space, punctuation and symbols do not tell opinions
    apart: 「バスが少ない。」 and 「バスが 少ない！！」 fold to the same key.
    A text of symbols only folds to the empty string.
    """
    wide = unicodedata.normalize("NFKC", mend_characters(text)).casefold()
    return _CASE_OF_NO_MEANING.sub("", _LONG_SOUND.sub("ー", wide))


def digest(*parts: str, length: int = 12) -> str:
    """Short id of some strings: base 32 of their SHA-256, upper case.

    Parameters
    ----------
    length
        Characters of five bits each; 12 make 60 bits.
    """
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(joined).digest(), "big")
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        characters.append(alphabet[digit])
    return "".join(characters)
