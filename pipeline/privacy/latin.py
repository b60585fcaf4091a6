"""Names of people in Latin letters: 「Taro Yamada」, 「Mr. Smith」, 「Yamada-san」."""

from __future__ import annotations

import re
from typing import Final

from pipeline.privacy.lexicon import is_family, is_given

_WORD: Final = "[A-Z][a-z]{1,15}"
_ADDRESSED: Final = re.compile(
    rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof)(?:\.|(?= ))[ ]?({_WORD}(?:[ ]{_WORD})?)(?![A-Za-z])"
)
_SAN: Final = re.compile(
    r"(?<![A-Za-z])([A-Z][a-z]{1,15}|[A-Z]{3,15})[- ]?(?:san|sama|sensei|kun|chan)(?![A-Za-z])"
)
_PAIR: Final = re.compile(r"(?<![A-Za-z.])(?=([A-Za-z]{2,15})[ 　,]{1,2}([A-Za-z]{2,15})(?![.]?[A-Za-z@]))")  # fmt: skip

_VOWELS: Final = "aiueo"
_ROWS: Final = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ",
    "t": "たちつてと", "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
_KANA: Final = {
    **{row + vowel: kana for row, line in _ROWS.items() for vowel, kana in zip(_VOWELS, line, strict=True)},
    "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "ya": "や", "yu": "ゆ", "yo": "よ",
    "wa": "わ", "wo": "を",
    **{
        f"{row}{glide}{vowel}": f"{kana}{small}"
        for row, glide, kana in (
            ("k", "y", "き"), ("g", "y", "ぎ"), ("n", "y", "に"), ("h", "y", "ひ"), ("b", "y", "び"),
            ("p", "y", "ぴ"), ("m", "y", "み"), ("r", "y", "り"), ("s", "h", "し"), ("c", "h", "ち"),
            ("s", "y", "し"), ("t", "y", "ち"), ("j", "", "じ"), ("j", "y", "じ"),
        )
        for vowel, small in (("a", "ゃ"), ("u", "ゅ"), ("o", "ょ"))
    },
}  # fmt: skip


def find_latin_names(text: str) -> list[tuple[int, int]]:
    """Names in Latin letters: with a title, or a Japanese surname and given name together."""
    found = [own.span(1) for pattern in (_ADDRESSED, _SAN) for own in pattern.finditer(text)]
    for own in _PAIR.finditer(text):
        one, other = own[1], own[2]
        if not (one[0].isupper() and other[0].isupper()):
            continue
        first, second = _readings(one), _readings(other)
        if (any(map(is_given, first)) and any(map(is_family, second))) or (
            any(map(is_family, first)) and any(map(is_given, second))
        ):
            found.append((own.start(1), own.end(2)))
    return found


def is_latin_name(word: str) -> bool:
    """Whether a word of Latin letters is a Japanese name: Tanaka."""
    return len(word) > 2 and any(is_family(own) or is_given(own) for own in _readings(word))


def _readings(word: str) -> tuple[str, ...]:
    """Taro is たろう, Sato is さとう."""
    kana = in_kana(word)
    if not kana:
        return ()
    long = re.sub("(?<=[おこそとのほもよろごぞどぼぽょ])(?=.)", "う", kana)
    return kana, f"{kana}う", long, f"{long}う"


def in_kana(word: str) -> str:
    """A word of Hepburn letters in hiragana; empty where it is none.

    Examples
    --------
    >>> in_kana("Shimizu"), in_kana("Kenji"), in_kana("Smith")
    ('しみず', 'けんじ', '')
    """
    rest = word.lower()
    kana = ""
    while rest:
        if rest[0] == "n" and (len(rest) == 1 or rest[1] not in "aiueoy"):
            kana, rest = kana + "ん", rest[1:]
            continue
        if rest[0] == "m" and len(rest) > 1 and rest[1] in "bpm":
            kana, rest = kana + "ん", rest[1:]
            continue
        if len(rest) > 1 and rest[0] == rest[1] and rest[0] in "kstcpg":
            kana, rest = kana + "っ", rest[1:]
            continue
        for length in (3, 2, 1):
            if rest[:length] in _KANA:
                kana, rest = kana + _KANA[rest[:length]], rest[length:]
                break
        else:
            return ""
    return kana
