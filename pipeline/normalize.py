"""Pure text functions: the same string in, the same string out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import product
from typing import Final

# Radicals that PDF and some fonts put in place of kanji, each with the kanji that a
# Japanese reader sees: simplified Chinese and old forms become the form in use here.
# U+2E80 (a mark of repetition) has none.
_PAIRS: Final = (
    "⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇几 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺑尢 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄 "
    "⺗㣺 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歹 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪疋 ⺫目 "
    "⺬示 ⺭礻 ⺮竹 ⺯糸 ⺰糸 ⺱罒 ⺲罒 ⺳罒 ⺴罒 ⺵罒 ⺶羊 ⺷羊 ⺸羊 ⺹耂 ⺺聿 ⺻聿 ⺼肉 ⺽臼 ⺾艹 ⺿艹 "
    "⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅見 ⻆角 ⻇角 ⻈言 ⻉貝 ⻊足 ⻋車 ⻌辶 ⻍辶 ⻎辶 ⻏阝 ⻐金 ⻑長 ⻒長 ⻓長 "
    "⻔門 ⻕阝 ⻖阝 ⻗雨 ⻘青 ⻙韋 ⻚頁 ⻛風 ⻜飛 ⻝食 ⻞食 ⻟食 ⻠食 ⻡首 ⻢馬 ⻣骨 ⻤鬼 ⻥魚 ⻦鳥 ⻧鹵 "
    "⻨麦 ⻩黄 ⻪黽 ⻫斉 ⻬斉 ⻭歯 ⻮歯 ⻯竜 ⻰竜 ⻱亀 ⻲亀 ⻳亀 "
)
_SUPPLEMENT: Final = dict(zip(_PAIRS[::3], _PAIRS[1::3], strict=True))
# Kangxi radicals have an NFKC form; of these seven it is not the one in use.
_IN_USE: Final = str.maketrans("戶靑麥黃黑齒龜", "戸青麦黄黒歯亀")
_KANGXI: Final = {
    chr(code): unicodedata.normalize("NFKC", chr(code)).translate(_IN_USE)
    for code in range(0x2F00, 0x2FD6)
}
_ONE_TO_ONE: Final = str.maketrans(
    _SUPPLEMENT
    | _KANGXI
    # A lone surrogate cannot be encoded, and a NUL ends strings in other programs.
    | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
    | {"\0": " "}
)

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS_OF_DIGITS: Final = tuple(low + high for high, low in product(_DIGITS, repeat=2))

_TO_MEND: Final = re.compile("[\0\u2e80-\u2fdf\ud800-\udfff]")
"""A character of :data:`_ONE_TO_ONE`; to look for one is five times cheaper than to translate."""

_OF_NO_MEANING: Final = re.compile(r"[\W_]+")
_LONG_SOUND: Final = re.compile("ー{2,}")

PLAIN: Final = "0-9a-z〇々ぁ-ゖァ-ヺ一-龥"
"""Characters, as they stand between ``[`` and ``]``, that fold to themselves whatever
stands beside them: none of them composes with another of them or with a mark."""

_ALL_PLAIN: Final = re.compile(f"[{PLAIN}ー]*")
_MARKS: Final = re.compile("[\\s　、。，．・！？!?.,「」『』()（）…~～〜:：;；/／-]+")
"""What folds to nothing and composes with nothing."""


def mend_characters(text: str) -> str:
    """Put the kanji back where a radical stands, one character for one.

    Offsets into the result are offsets into `text`.
    """
    return text.translate(_ONE_TO_ONE) if _TO_MEND.search(text) else text


def fold(text: str) -> str:
    """Key under which two wordings count as the same.

    Width, case, white space, punctuation and symbols do not tell opinions
    apart: 「バスが少ない。」 and 「バスが 少ない！！」 fold to the same key.
    A text of symbols only folds to the empty string.
    """
    key = _MARKS.sub("", text)
    # Of most answers nothing else is left out or rewritten.
    if _ALL_PLAIN.fullmatch(key):
        return _LONG_SOUND.sub("ー", key) if "ーー" in key else key
    key = mend_characters(text)
    # What is left out may bring two characters together that compose: a second
    # time nothing changes.
    for _ in range(2):
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
        key = _LONG_SOUND.sub("ー", _OF_NO_MEANING.sub("", key))
    return key


def digest(*parts: str, length: int = 12) -> str:
    """Short id of some strings: base 32 of their SHA-256, upper case.

    Parameters
    ----------
    length
        Characters of five bits each; 12 make 60 bits.
    """
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    # The lowest digit comes first, so that the last bytes are enough.
    last = hashlib.sha256(joined).digest()[-((5 * length + 7) // 8) :]
    number = int.from_bytes(last, "big")
    pairs = [_PAIRS_OF_DIGITS[number >> bits & 1023] for bits in range(0, 5 * length, 10)]
    return "".join(pairs)[:length]
