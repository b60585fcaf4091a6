"""Content words of opinions as they are counted: one word, or nouns that are one together.

The tokenizer splits 公共交通 into two words; those who wrote it meant one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.distinct import distinct_numbers
from pipeline.features import word_weight
from pipeline.keywords import VAGUE, is_topic_word, most_frequent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pipeline.tokentable import TokenTable, WordType

LEAST_JOINED: Final = 5
"""Opinions in which two nouns have to stand side by side to be one word."""

JOINED: Final = 0.5
"""Share of the rarer noun's opinions from which two nouns side by side are one word."""


_KINDS: Final = (
    ("名詞", "名詞"), ("動詞", "動詞"), ("形容詞", "形容詞"), ("形状詞", "形容動詞"),
)  # fmt: skip

_PERSON: Final = "名詞-固有名詞-人名"


class _Unit(NamedTuple):
    """A word as it is counted: its normalized form, how it was written, its kind."""

    word: str
    written: str
    kind: str


class Units(NamedTuple):
    """Content words of all opinions, as they are counted.

    Attributes
    ----------
    names
        Distinct words.
    rows, words
        Opinion and number of the word of every unit.
    written, kinds
        Word with how it was written, and with its kind, and how often.
    """

    names: list[str]
    rows: NDArray[np.int64]
    words: NDArray[np.int64]
    written: Counter[tuple[str, str]]
    kinds: Counter[tuple[str, str]]

    def shown(self, words: Sequence[str]) -> list[str]:
        """How each of some words is written most often."""
        return _most(self.written, words)

    def kind(self, words: Sequence[str]) -> list[str]:
        """名詞, 動詞, 形容詞 or 形容動詞, for each of some words."""
        return _most(self.kinds, words)


def find_units(table: TokenTable, stopwords: frozenset[str]) -> Units:
    """Find the content words of every opinion.

    Parameters
    ----------
    stopwords
        Words that carry no topic. Vague nouns, numbers and names of people and of places
        are left out, too.
    """
    return _units(table, _joined_nouns(table), stopwords)


def _most(counts: Counter[tuple[str, str]], words: Sequence[str]) -> list[str]:
    wanted = set(words)
    found: dict[str, Counter[str]] = {}
    for (word, name), count in counts.items():
        if word in wanted:
            found.setdefault(word, Counter())[name] += count
    return [most_frequent(found[word]) for word in words]


def _flags(table: TokenTable, test: Callable[[WordType], bool]) -> NDArray[np.bool_]:
    """What is true of every token because it is true of its type."""
    of_type = np.array([test(own) for own in table.types], dtype=np.bool_)
    flags: NDArray[np.bool_] = of_type[table.type_ids]
    return flags


def _continues(table: TokenTable) -> NDArray[np.bool_]:
    """Whether the noun after a token belongs to it; a name of a person is never part of a word."""
    left = _flags(table, _may_begin)
    right = _flags(table, _may_follow)
    lengths = np.array([len(own.surface) for own in table.types], dtype=np.int64)
    ends = table.starts + lengths[table.type_ids]
    found = np.zeros(len(table.type_ids), dtype=np.bool_)
    found[:-1] = left[:-1] & right[1:] & (ends[:-1] == table.starts[1:])
    lasts = table.offsets[1:][np.diff(table.offsets) > 0] - 1
    found[lasts] = False
    return found


def _may_begin(own: WordType) -> bool:
    return own.pos.startswith(("名詞-普通", "名詞-固有", "接頭辞")) and not own.pos.startswith(
        _PERSON
    )


def _may_follow(own: WordType) -> bool:
    return own.pos.startswith(
        ("名詞-普通", "名詞-固有", "接尾辞-名詞的")
    ) and not own.pos.startswith(_PERSON)


def _joined_nouns(table: TokenTable) -> NDArray[np.bool_]:
    """Tokens that are one word with the next one to those who wrote them: 公共＋交通.

    The tokenizer splits them, and as a pair they would be the strongest link of all.
    """
    names = sorted({own.word for own in table.types})
    number = {word: place for place, word in enumerate(names)}
    word_of = np.array([number[own.word] for own in table.types], dtype=np.int64)
    follows = np.flatnonzero(_continues(table))
    pairs = word_of[table.type_ids[follows]] * len(names) + word_of[table.type_ids[follows + 1]]
    distinct, own = np.unique(pairs, return_inverse=True)
    own = own.ravel()
    _, of_row = once_a_row(_rows_of(table, follows), own, len(distinct))
    counts = np.bincount(of_row, minlength=len(distinct))
    often = counts >= LEAST_JOINED
    first, second = np.divmod(distinct, max(len(names), 1))
    # How often a word stands alone is asked of those only that could be joined.
    asked = np.zeros(len(names), dtype=np.bool_)
    asked[first[often]] = asked[second[often]] = True
    is_noun = np.array([one.pos.startswith(("名詞", "接")) for one in table.types], dtype=np.bool_)
    nouns = np.flatnonzero((is_noun & asked[word_of])[table.type_ids] if names else [])
    _, alone_words = once_a_row(_rows_of(table, nouns), word_of[table.type_ids[nouns]], len(names))
    alone = np.bincount(alone_words, minlength=len(names))
    is_one = often & (counts >= JOINED * np.minimum(alone[first], alone[second]))
    joined = np.zeros(len(table.type_ids), dtype=np.bool_)
    joined[follows[is_one[own]]] = True
    return joined


def _units(table: TokenTable, joined: NDArray[np.bool_], stopwords: frozenset[str]) -> Units:
    """Content words of every opinion, nouns that belong together as one."""
    names: dict[str, int] = {}
    written: Counter[tuple[str, str]] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()

    def numbered(run: list[int], count: int) -> int:
        unit = _unit([table.types[number] for number in run], stopwords)
        if unit is None:
            return -1
        written[unit.word, unit.written] += count
        kinds[unit.word, unit.kind] += count
        return names.setdefault(unit.word, len(names))

    begins = np.ones(len(joined), dtype=np.bool_)
    begins[1:] = ~joined[:-1]
    alone = np.flatnonzero(begins & ~joined)
    counts = np.bincount(table.type_ids[alone], minlength=len(table.types)).tolist()
    of_type = np.array(
        [numbered([own], count) if count else -1 for own, count in enumerate(counts)],
        dtype=np.int64,
    )
    kept = of_type[table.type_ids[alone]] if len(of_type) else np.zeros(0, dtype=np.int64)
    found_rows = [_rows_of(table, alone[kept >= 0])]
    found_words = [kept[kept >= 0]]
    several = np.flatnonzero(begins & joined)
    ends = np.flatnonzero(~joined)
    lengths = ends[np.searchsorted(ends, several)] - several + 1
    for length in np.unique(lengths).tolist():
        own = several[lengths == length]
        runs = table.type_ids[own[:, None] + np.arange(length)[None, :]]
        distinct, inverse, sizes = np.unique(runs, axis=0, return_inverse=True, return_counts=True)
        numbers = np.array(
            [numbered(*one) for one in zip(distinct.tolist(), sizes.tolist(), strict=True)],
            dtype=np.int64,
        )
        words = numbers[inverse.ravel()]
        found_rows.append(_rows_of(table, own[words >= 0]))
        found_words.append(words[words >= 0])
    nothing = np.zeros(0, dtype=np.int64)
    return Units(
        list(names),
        np.concatenate([nothing, *found_rows]),
        np.concatenate([nothing, *found_words]),
        written,
        kinds,
    )


def _unit(parts: Sequence[WordType], stopwords: frozenset[str]) -> _Unit | None:
    """Nouns that belong together, or one word, as it is counted; nothing for any other."""
    word = "".join(own.word for own in parts)
    if word in stopwords or word in VAGUE or not _has_content(parts, stopwords):
        return None
    first = parts[0]
    plain = not first.form or first.form.startswith(("終止形", "連体形"))
    text = "".join(own.surface for own in parts) if plain else word
    kind = next((name for begin, name in _KINDS if first.pos.startswith(begin)), "名詞")
    return _Unit(word, text, kind)


def _has_content(parts: Sequence[WordType], stopwords: frozenset[str]) -> bool:
    if any(word_weight(own.pos) > 0 and own.pos.startswith(_PERSON) for own in parts):
        return False
    return any(is_topic_word(own.word, own.pos, stopwords) for own in parts)


def _rows_of(table: TokenTable, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row of each of some ascending tokens."""
    rows: NDArray[np.int64] = np.searchsorted(table.offsets, places, side="right") - 1
    return rows


def once_a_row(
    rows: NDArray[np.int64], things: NDArray[np.int64], n_things: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every thing of a row once, rows ascending."""
    return np.divmod(distinct_numbers(rows * max(n_things, 1) + things), max(n_things, 1))
