"""What is known of words: whether one is a surname, a place, a way to address somebody."""

from __future__ import annotations

import functools
import re
from typing import Final, NamedTuple, cast

import sudachipy
from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode

from pipeline.normalize import mend_characters
from pipeline.resources import dictionaries_folder
from pipeline.tomlfile import Problem
from pipeline.wordlists import check_words, parse_words, read_words

FILE_NAME: Final = "names.csv"
KINDS: Final = (
    "敬称",
    "役職",
    "続柄",
    "呼び名",
    "普通の語",
    "公の名",
    "施設",
    "建物",
    "かなの姓",
    "かなの名",
)
_LONGEST: Final = 1_000
"""Characters given to Sudachi at once: they cannot outgrow its limit."""

# Forms of names that Sudachi's dictionary does not hold, one character for one.
_VARIANTS: Final = str.maketrans("髙﨑𠮷濵邉嵜槗德瀨靜曉勳顯淺國", "高崎吉浜辺崎橋徳瀬静暁勲顕浅国")
_VARIANT: Final = re.compile("[髙﨑𠮷濵邉嵜槗德瀨靜曉勳顯淺國]")

_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}

_FAMILY: Final = "姓"
_GIVEN: Final = "名"
_NAME: Final = "一般"


class Word(NamedTuple):
    """A word of a text.

    Attributes
    ----------
    kind
        ``family``, ``given``, ``name`` (of a person, neither), ``place``, ``noun``,
        ``unknown``, ``particle``, ``space``, ``mark`` or ``other``.
    """

    surface: str
    start: int
    end: int
    kind: str


def words_of(kind: str) -> frozenset[str]:
    """Words of a kind in ``dictionaries/names.csv``."""
    return _words()[kind]


def names_a_place(text: str, end: int) -> bool:
    """Whether what follows a name makes a place of it: 公園, 橋, 医院."""
    return _facilities().match(text, end) is not None


@functools.cache
def _facilities() -> re.Pattern[str]:
    ordered = sorted(words_of("施設"), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered)))


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    name = "名前の語の一覧"
    path = dictionaries_folder() / FILE_NAME
    lines, problems = parse_words(read_words(path, name), ("語", "種類"), has_header=False)
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for number, (word, kind) in lines:
        if (word, kind) == ("語", "種類"):
            continue
        if not word or kind not in KINDS:
            why = f"種類「{kind}」は使えません（使えるもの: {'、'.join(KINDS)}）"
            problems.append(Problem(number, why if word else "語が空です"))
        else:
            found[kind].add(word)
    check_words(problems, path.name, name)
    return {kind: frozenset(words) for kind, words in found.items()}


@functools.cache
def _dictionary() -> Dictionary:
    return Dictionary(config=sudachipy.Config(system="core"))


@functools.cache
def _tokenizer() -> sudachipy.Tokenizer:
    return _dictionary().tokenizer(mode=SplitMode.A, fields={"pos"})


@functools.cache
def _kinds_by_word() -> dict[int, str]:
    """Kinds of words of the dictionary by Sudachi's number, as far as they were met."""
    return {}


class Analysed(NamedTuple):
    """What Sudachi found in a text: which kinds stand in it is told before any word is made.

    Attributes
    ----------
    text
        In its plain form.
    pieces
        Morphemes with the place where their piece of the text begins.
    kinds
        Of all words, one after the other.
    """

    text: str
    pieces: list[tuple[int, MorphemeList]]
    kinds: list[str]

    def words(self) -> list[Word]:
        """Words in order, white space among them."""
        kinds = iter(self.kinds)
        found: list[Word] = []
        for offset, morphemes in self.pieces:
            for own in morphemes:
                start, end, kind = offset + own.begin(), offset + own.end(), next(kinds)
                if start < end:
                    # Half the time of ``Word(...)``.
                    found.append(
                        tuple.__new__(Word, (self.text[start:end], start, end, kind)),
                    )
        return found


def analysed(plain: str) -> Analysed:
    """Let Sudachi read a text in its plain form."""
    tokenize = _tokenizer().tokenize
    pieces = [
        (offset, tokenize(plain[offset : offset + _LONGEST]))
        for offset in range(0, len(plain), _LONGEST)
    ]
    kinds: list[str] = []
    for _, morphemes in pieces:
        # Most words were met before, and ask for one call each.
        own = list(map(_kinds_by_word().get, map(Morpheme.word_id, morphemes)))
        if None in own:
            own = [kind or _new_kind(one) for kind, one in zip(own, morphemes, strict=True)]
        kinds += cast("list[str]", own)
    return Analysed(plain, pieces, kinds)


def _new_kind(own: Morpheme) -> str:
    kind = _kind(own.part_of_speech())
    if own.is_oov():
        return "unknown" if kind == "noun" else kind
    _kinds_by_word()[own.word_id()] = kind
    return kind


def split_words(text: str) -> list[Word]:
    """Words of a text, in order, white space among them."""
    return analysed(plain_form(text)).words()


def plain_form(text: str) -> str:
    """Old and rare forms of characters as those in use, one for one."""
    plain = mend_characters(text)
    return plain.translate(_VARIANTS) if _VARIANT.search(plain) else plain


def is_family(word: str) -> bool:
    """Whether the dictionary knows a surname of this form."""
    return "family" in _known(word)


def is_given(word: str) -> bool:
    """Whether the dictionary knows a given name of this form."""
    return "given" in _known(word)


def is_place(word: str) -> bool:
    """Whether the dictionary knows a place of this form."""
    return "place" in _known(word)


def is_name(word: str) -> bool:
    """Whether it is a name of a person, whichever."""
    return bool(_known(word) & {"family", "given", "name"})


def is_common(word: str) -> bool:
    """Whether it is an ordinary noun, too."""
    return "noun" in _known(word)


@functools.lru_cache(maxsize=20_000)
def is_prefecture(word: str) -> bool:
    """Whether it is what a prefecture is called: 福井, 千葉."""
    return any(is_place(f"{word}{unit}") for unit in "県府都")


@functools.lru_cache(maxsize=20_000)
def is_municipality(word: str) -> bool:
    """Whether it is what a prefecture or a town is called: 福井, 大野."""
    return any(is_place(f"{word}{unit}") for unit in "市県府都")


@functools.lru_cache(maxsize=20_000)
def _known(word: str) -> frozenset[str]:
    if not word or len(word) > 20:
        return frozenset()
    kinds = {_kind(own.part_of_speech()) for own in _dictionary().lookup(word)}
    kana = word.translate(_TO_HIRAGANA)
    kinds |= {"family"} if kana in words_of("かなの姓") else set()
    kinds |= {"given"} if kana in words_of("かなの名") else set()
    return frozenset(kinds)


def _kind(levels: tuple[str, ...]) -> str:
    if levels[2] == "人名":
        return {_FAMILY: "family", _GIVEN: "given"}.get(levels[3], "name")
    if levels[2] == "地名":
        return "place"
    if levels[0] in {"名詞", "接尾辞", "接頭辞"}:
        return "noun" if levels[1] != "数詞" else "number"
    return {"助詞": "particle", "助動詞": "particle", "空白": "space", "補助記号": "mark"}.get(
        levels[0], "other"
    )
