"""One line or sentence, its words, and the titles (さん, 課長) in it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.privacy import lexicon
from pipeline.privacy.lexicon import is_family, words_of
from pipeline.privacy.scanning import beginnings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.privacy.lexicon import Word
    from pipeline.privacy.scanning import Beginnings

KANJI: Final = re.compile("[一-龠々〆ヶ]+")
KATAKANA: Final = re.compile("[ァ-ヺー]+")
HIRAGANA: Final = re.compile("[ぁ-んー]+")

BEFORE_TITLE: Final = (
    "名誉",
    "元",
    "前",
    "副",
    "現",
    "新",
    "故",
    "総",
    "都",
    "県",
    "市",
    "区",
    "町",
    "村",
)
"""What may stand between a name and its office."""

# 「佐藤委員会」「山田町長選」: what was said of a person is a body or an election.
_NO_PERSON: Final = (*"会団級職室選制案像地", "公邸")
_CLAN: Final = ("遺跡", "館", "城", "神社", "庭園", "時代", "一族", "屋敷", "ゆかり", "の里")


class Titles(NamedTuple):
    """Titles by their first character, the longest first, and the offices among them."""

    by_first: dict[str, tuple[str, ...]]
    offices: dict[str, str]


@functools.cache
def titles() -> Titles:
    """Titles of ``dictionaries/names.csv``."""
    polite = words_of("敬称")
    offices = {
        f"{before}{office}": office for office in words_of("役職") for before in ("", *BEFORE_TITLE)
    }
    by_first: dict[str, list[str]] = {}
    for title in sorted(polite | offices.keys(), key=lambda own: (-len(own), own)):
        by_first.setdefault(title[0], []).append(title)
    return Titles({first: tuple(own) for first, own in by_first.items()}, offices)


def may_hold_title(text: str) -> bool:
    """Whether a title or an office may stand anywhere in a text."""
    return _beginnings().stand_in(text) and _titles_anywhere().search(text) is not None


@functools.cache
def _beginnings() -> Beginnings:
    return beginnings(words_of("敬称") | titles().offices.keys())


@functools.cache
def _titles_anywhere() -> re.Pattern[str]:
    # What begins with a shorter title is found with it.
    every = sorted(words_of("敬称") | titles().offices.keys(), key=lambda own: (len(own), own))
    shortest: list[str] = []
    for own in every:
        if not own.startswith(tuple(shortest)):
            shortest.append(own)
    return re.compile("|".join(map(re.escape, shortest)))


class Line:
    """One line or sentence and its words.

    Attributes
    ----------
    text
        Old forms of characters as those in use.
    words
        In order, white space among them.
    ends
        The word that ends at a character.
    """

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self.words = words
        self.ends = {word.end: word for word in words}

    def title(self, start: int) -> str:
        """Longest title that begins here and ends with a word."""
        for title in titles().by_first.get(self.text[start], ()):
            end = start + len(title)
            if end in self.ends and self.text.startswith(title, start):
                return title if self._goes_on_as_person(title, start, end) else ""
        return ""

    def _goes_on_as_person(self, title: str, start: int, end: int) -> bool:
        if title == "氏":
            return not self.text.startswith(_CLAN, end)
        if title == "家":
            return end == len(self.text) or self.text[end] in "のはがもにでとをへ、。)）」"
        if title == "様":  # 「見かける様になった」
            called = start in self.ends and self.ends[start].kind in {"family", "given"}
            kana = not called and HIRAGANA.fullmatch(self.text[start - 1])
            return not (kana and self.text.startswith(("な", "に", "で", "だ"), end))
        if title not in titles().offices:
            return True
        return not self.text.startswith(_NO_PERSON, end)

    def is_attached(self, place: int) -> bool:
        """Whether a word of kanji stands right before."""
        before = self.text[self.words[place].start - 1 : self.words[place].start]
        return bool(place) and bool(KANJI.fullmatch(before))

    def may_be_family(self, place: int) -> bool:
        """Whether a word may be a surname."""
        own = self.words[place]
        known = own.kind in {"family", "given", "place"} and is_family(own.surface)
        return own.kind == "family" or known

    def is_common(self, place: int, title: str = "") -> bool:
        """お客さん, 神様, サンタさん: whoever they are, they are nobody's name."""
        own = self.words[place]
        called = words_of("呼び名")
        if own.surface in called or f"{own.surface}{title}" in called:
            return True
        if own.surface[-1] == "寺" and lexicon.is_common(own.surface):
            return True
        before = self.words[place - 1].surface if place else ""
        if before in {"お", "ご", "御", "各", "皆"} and own.kind != "given":
            return True
        return own.surface in words_of("公の名")

    def names_a_place(self, place: int) -> bool:
        """Whether what follows makes a place of it: 公園, 橋, 医院."""
        return lexicon.names_a_place(self.text, self.words[place].end)

    def goes_on(self, end: int) -> bool:
        """Whether kanji go on where a name ends, and no title does."""
        return bool(KANJI.fullmatch(self.text[end : end + 1])) and not (
            end in self.ends and self.title(end)
        )
