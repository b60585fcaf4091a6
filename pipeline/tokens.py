"""Opinions to tokens: SudachiPy with the project's user dictionary and synonyms.

Texts are split in mode A, Sudachi's shortest units, and every token carries its
normalized form: 「遊べる」「あそぶ」 are 遊ぶ, 「子ども」 is 子供. Offsets are
those of the text that was given, because Sudachi normalizes inside and counts
outside.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from array import array
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import sudachipy
from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode

from pipeline.normalize import PLAIN, mend_characters
from pipeline.resources import dictionaries_folder
from pipeline.tokentable import Token, TokenTable, WordType, offsets_of
from pipeline.user_dictionary import built_dictionary, read_synonyms, read_user_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = [
    "LONGEST_INPUT", "Token", "Tokenizer", "default_tokenizer", "origin_of",
    "read_synonyms", "read_user_words",
]  # fmt: skip

LONGEST_INPUT: Final = 12_000
"""Characters given to Sudachi at once; its own limit is 49,149 bytes."""

_LONGEST_NORMALIZED: Final = 65_535
"""Bytes that Sudachi holds after its own normalization: ㍿ becomes 株式会社."""

_ALWAYS_FITS: Final = 1_000
"""Characters that cannot outgrow the limit: one character becomes at most 33 bytes."""

_AS_IT_IS: Final = re.compile(rf"(?:[{PLAIN}。、 \n]|ー(?!ー))*")
"""Text of which Sudachi rewrites nothing before it looks words up."""

_FIRST_UNKNOWN: Final = 0xF000_0000
"""Word ids from here on stand for words that are in no dictionary."""

_BLANK: Final = "空白"


class Tokenizer:
    """SudachiPy, opened once; not to be shared between threads or processes.

    Parameters
    ----------
    user_csv, synonyms_csv
        The project's own files by default.

    Attributes
    ----------
    made_from
        Digest of the two files.
    """

    def __init__(self, user_csv: Path | None = None, synonyms_csv: Path | None = None) -> None:
        folder = dictionaries_folder()
        user_csv = user_csv or folder / "user.csv"
        synonyms_csv = synonyms_csv or folder / "synonyms.csv"
        user_dictionary = built_dictionary(user_csv)
        config = sudachipy.Config(
            system="core", user=[str(user_dictionary)] if user_dictionary else []
        )
        # pos and normalized form are all that is asked for: half the time of all fields.
        dictionary = Dictionary(config=config)
        fields = {"pos", "normalized_form"}
        self._tokenizer = dictionary.tokenizer(mode=SplitMode.A, fields=fields)
        # What has analysed one text of 12,000 characters takes twice as long for every
        # short one that follows: long texts have their own.
        self._for_long = dictionary.tokenizer(mode=SplitMode.A, fields=fields)
        self._synonyms = read_synonyms(synonyms_csv)
        contents = (own.read_bytes() for own in (user_csv, synonyms_csv))
        self.made_from = " ".join(hashlib.sha256(own).hexdigest() for own in contents)
        self._pos: dict[int, tuple[str, str]] = {}
        self._types: list[WordType] = []
        self._numbers: dict[WordType, int] = {}
        self._by_word: dict[int, int] = {}
        self._by_surface: dict[tuple[int, str], int] = {}

    def merged(self, word: str) -> str:
        """The word that a normalized form is counted as."""
        return self._synonyms.get(word, word)

    def tokenize(self, text: str) -> tuple[Token, ...]:
        """Tokens of one text, in order; white space is no token."""
        tokens: list[Token] = []
        types = self._types
        start = 0
        for number in self._numbers_of(mend_characters(text)):
            surface, word, pos, form = types[number]
            end = start + len(surface)
            if pos != _BLANK:
                # Half the time of ``Token(...)``.
                tokens.append(tuple.__new__(Token, (surface, word, pos, form, start, end)))
            start = end
        return tuple(tokens)

    def tokenize_table(self, texts: Iterable[str]) -> TokenTable:
        """Tokens of many texts as a table; the same as :meth:`tokenize` finds."""
        rows: dict[str, int] = {}
        wanted = array("q", (rows.setdefault(text, len(rows)) for text in texts))
        numbers = array("i")
        counts = array("q")
        for text in rows:
            own = self._numbers_of(mend_characters(text))
            numbers.extend(own)
            counts.append(len(own))
        table = self._table(np.array(numbers, np.int32), np.array(counts, np.int64))
        return table if len(wanted) == len(rows) else table.take(np.array(wanted, np.int64))

    def _table(self, numbers: NDArray[np.int32], counts: NDArray[np.int64]) -> TokenTable:
        """Table of words that lie end to end, without the white space among them."""
        used = np.flatnonzero(np.bincount(numbers))
        place = np.zeros(len(self._types), np.int32)
        place[used] = np.arange(len(used))
        ids = place[numbers]
        types = [self._types[number] for number in used.tolist()]
        lengths = np.array([len(own.surface) for own in types], np.int64)[ids]
        ends = np.cumsum(lengths)
        before = offsets_of(counts)
        first = np.concatenate([[0], ends])[before[:-1]]
        starts = ends - lengths - np.repeat(first, counts)
        kept = np.array([own.pos != _BLANK for own in types], np.bool_)[ids]
        n_kept = np.concatenate([[0], np.cumsum(kept)])
        return TokenTable(types, ids[kept], starts[kept].astype(np.int32), n_kept[before])

    def _numbers_of(self, mended: str) -> list[int]:
        """Types of the words of a text, by their place in `_types`; they lie end to end."""
        if len(mended) <= _ALWAYS_FITS:
            return self._numbers_in(mended, self._tokenizer.tokenize(mended))
        return [
            own
            for _, piece in _pieces(mended)
            for own in self._numbers_in(piece, self._for_long.tokenize(piece))
        ]

    def _numbers_in(self, piece: str, morphemes: MorphemeList) -> list[int]:
        if not _AS_IT_IS.fullmatch(piece):
            return [self._number(morpheme, piece) for morpheme in morphemes]
        # Where nothing is rewritten, the word of a dictionary tells how it is written,
        # too: most texts need one call a word.
        found = list(map(self._by_word.get, map(Morpheme.word_id, morphemes)))
        if None in found:
            for place, known in enumerate(found):
                if known is None:
                    morpheme = morphemes[place]
                    found[place] = number = self._number(morpheme, piece)
                    if morpheme.word_id() < _FIRST_UNKNOWN:
                        self._by_word[morpheme.word_id()] = number
        return cast("list[int]", found)

    def _number(self, morpheme: Morpheme, piece: str) -> int:
        word_id, surface = morpheme.word_id(), piece[morpheme.begin() : morpheme.end()]
        # A word of no dictionary has the form that Sudachi gave its text: 「㍿」 may be 会社.
        if word_id >= _FIRST_UNKNOWN:
            return self._new_number(morpheme, surface)
        number = self._by_surface.get((word_id, surface))
        if number is None:
            number = self._by_surface[word_id, surface] = self._new_number(morpheme, surface)
        return number

    def _new_number(self, morpheme: Morpheme, surface: str) -> int:
        pos, form = self._part_of_speech(morpheme)
        word = morpheme.normalized_form()
        own = WordType(surface, self._synonyms.get(word, word), pos, form)
        number = self._numbers.setdefault(own, len(self._types))
        if number == len(self._types):
            self._types.append(own)
        return number

    def tokenize_all(self, texts: Iterable[str]) -> list[tuple[Token, ...]]:
        """Tokens of many texts; each distinct text is analysed once."""
        known: dict[str, tuple[Token, ...]] = {}
        result = []
        for text in texts:
            if text not in known:
                known[text] = self.tokenize(text)
            result.append(known[text])
        return result

    def _part_of_speech(self, morpheme: Morpheme) -> tuple[str, str]:
        number = morpheme.part_of_speech_id()
        if number not in self._pos:
            levels = morpheme.part_of_speech()
            pos = "-".join(level for level in levels[:4] if level != "*")
            self._pos[number] = (pos, "" if levels[5] == "*" else levels[5])
        return self._pos[number]


def origin_of(tokenize: Callable[[str], object]) -> str:
    """Digest of the files behind a tokenizer's method; empty for any other function."""
    owner = getattr(tokenize, "__self__", None)
    return owner.made_from if isinstance(owner, Tokenizer) and tokenize == owner.tokenize else ""


@functools.lru_cache(maxsize=1)
def default_tokenizer() -> Tokenizer:
    """Tokenizer with the dictionaries that come with Kadai, opened on first use."""
    return Tokenizer()


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Text in pieces that Sudachi takes, with their offsets; cut after a sentence if it can be."""
    start = 0
    while start < len(text):
        end = min(start + LONGEST_INPUT, len(text))
        while (
            end - start > _ALWAYS_FITS
            and len(unicodedata.normalize("NFKC", text[start:end]).encode()) > _LONGEST_NORMALIZED
        ):
            end = start + (end - start) // 2
        if end < len(text):
            sentence = max(text.rfind(mark, start, end) for mark in "。\n") + 1
            end = sentence if sentence > start else end
        yield start, text[start:end]
        start = end
