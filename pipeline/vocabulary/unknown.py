"""Words that stand in no dictionary of Sudachi: names of facilities, new loan words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from pipeline.keywords import most_frequent
from pipeline.privacy.lexicon import words_of
from pipeline.vocabulary.candidate import NOUN, UNKNOWN, Candidate
from pipeline.vocabulary.material import LEAST_PEOPLE, is_person

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.vocabulary.material import Material

# Kanji of two letters or more, kana of three: shorter ones are mostly slips of the pen.
_WORD: Final = re.compile(
    r"(?=.*[^ー・])(?:[一-鿿々]{2,}|[ァ-ヺー・]{3,}|[ぁ-ゖー]{3,}|[A-Za-zＡ-Ｚａ-ｚ]{2,}"
    r"|(?=.*[一-鿿々ァ-ヺ])[一-鿿々ァ-ヺーぁ-ゖA-Za-z0-9・]{3,})"
)
_NUMBER: Final = re.compile("[〇零一二三四五六七八九十百千万億兆]+")
_LETTERS: Final = {
    "A": "エー", "B": "ビー", "C": "シー", "D": "ディー", "E": "イー", "F": "エフ", "G": "ジー",
    "H": "エイチ", "I": "アイ", "J": "ジェー", "K": "ケー", "L": "エル", "M": "エム", "N": "エヌ",
    "O": "オー", "P": "ピー", "Q": "キュー", "R": "アール", "S": "エス", "T": "ティー", "U": "ユー",
    "V": "ブイ", "W": "ダブリュー", "X": "エックス", "Y": "ワイ", "Z": "ゼット",
}  # fmt: skip
_LONGEST_ABBREVIATION: Final = 5


def find_unknown(material: Material, stopwords: Collection[str]) -> list[Candidate]:
    """Words of no dictionary that enough people wrote.

    Notes
    -----
    Sudachi joins a run of katakana that it does not know to one word, so the word is the
    run; it counts 名詞-普通名詞 whatever it is.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, words in enumerate(material.words):
        for own, after in zip(words, (*words[1:], None), strict=True):
            # What stands before さん may be somebody's name.
            if after is not None and after.surface in words_of("敬称"):
                continue
            if _NUMBER.fullmatch(own.surface):
                continue
            if own.is_unknown and not is_person(own) and _WORD.fullmatch(own.surface):
                # Full and half width are one: Sudachi looks words up in the latter.
                places[as_looked_up(own.surface)].append(place)
                written[as_looked_up(own.surface)][own.surface] += 1
    found = []
    for surface in sorted(places):
        counts = material.count(places[surface])
        if counts.people < LEAST_PEOPLE or surface in stopwords:
            continue
        found.append(
            Candidate(
                UNKNOWN,
                surface,
                reading_of(surface),
                surface,
                NOUN,
                counts,
                float(counts.people),
                "Sudachi の辞書にない",
                "辞書にない語です。読みと種類を決めておくと、続けて書かれた語とまちがって切れなくなります。",
                tuple(material.contexts(most_frequent(written[surface]), places[surface])),
            )
        )
    return found


def as_looked_up(surface: str) -> str:
    """Word with the width of its letters as a dictionary has to have it."""
    return unicodedata.normalize("NFKC", surface)


def reading_of(surface: str) -> str:
    """Reading in katakana of kana and of short names in capital letters; else nothing.

    Examples
    --------
    >>> reading_of("ゆめみらい"), reading_of("DX"), reading_of("越前海岸")
    ('ユメミライ', 'ディーエックス', '')
    """
    kana = to_katakana(surface).replace("・", "")
    if is_reading(kana):
        return kana
    if len(surface) <= _LONGEST_ABBREVIATION and all(own in _LETTERS for own in surface):
        return "".join(_LETTERS[own] for own in surface)
    return ""


def to_katakana(text: str) -> str:
    """Hiragana as katakana; everything else stays."""
    return "".join(chr(ord(own) + 0x60) if "ぁ" <= own <= "ゖ" else own for own in text)


def is_reading(text: str) -> bool:
    """Whether a text can stand in the column 読み."""
    return bool(text) and all("ァ" <= own <= "ヺ" or own == "ー" for own in text)
