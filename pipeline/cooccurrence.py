"""Words that stand in many opinions, and pairs of them that stand in the same ones (共起).

Counted are opinions, each once a word however often it uses it. A word or a pair that
comes from one or two people is no word of the residents and is left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.distinct import distinct_numbers
from pipeline.features import word_weight
from pipeline.keywords import VAGUE, is_topic_word, most_frequent
from pipeline.tokentable import TokenTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pipeline.tokens import Token
    from pipeline.tokentable import WordType

LEAST_OPINIONS: Final = 5
"""Opinions that a word has to stand in."""

LEAST_SPEAKERS: Final = 3
"""People who have to use a word, or both words of a pair. An answer whose speaker is
unknown counts as one person."""

LEAST_TOGETHER: Final = 3
"""Distinct wordings that a pair has to stand in: one letter sent by many says little."""

MOST_FREQUENT: Final = 150
"""Words of which pairs are counted: those that stand in most opinions."""

MOST_LINKS: Final = 2000
"""Pairs that are kept, the strongest first."""

JOINED: Final = 0.5
"""Share of the rarer noun's opinions from which two nouns side by side are one word."""

_KINDS: Final = (
    ("名詞", "名詞"), ("動詞", "動詞"), ("形容詞", "形容詞"), ("形状詞", "形容動詞"),
)  # fmt: skip

_PERSON: Final = "名詞-固有名詞-人名"


class Words(NamedTuple):
    """Tables ``words`` and ``word_links`` as :mod:`pipeline.tables` declares them."""

    words: pd.DataFrame
    links: pd.DataFrame


class _Unit(NamedTuple):
    """A word as it is counted: its normalized form, how it was written, its kind."""

    word: str
    written: str
    kind: str


class _Spoken(NamedTuple):
    """Numbers of what stands behind every opinion, from 0; `respondent` is −1 for unknown ones."""

    voice: NDArray[np.int64]
    wording: NDArray[np.int64]
    respondent: NDArray[np.int64]


def count_words(
    opinions: pd.DataFrame, tokens: Sequence[Sequence[Token]], stopwords: frozenset[str]
) -> Words:
    """Count content words and the opinions that they share.

    Parameters
    ----------
    opinions
        ``answer_id, respondent_id, stands_for``; ``stands_for`` is the same for all
        opinions of one wording.
    tokens
        Tokens of every row.
    stopwords
        Words that carry no topic. Vague nouns, numbers and names of people and of places
        are left out, too.

    Notes
    -----
    Of *n* opinions, with *a* and *b* for those that use one word and *c* for both:
    ``jaccard = c / (a + b − c)``, ``npmi = ln(c·n / (a·b)) / −ln(c / n)``.

    References
    ----------
    Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11;
    KH Coder draws its networks from the 60 strongest links by this coefficient
    (Higuchi 2016, A two-step approach to quantitative content analysis, Ritsumeikan
    Social Science Review 52/53). Bouma (2009), Normalized (pointwise) mutual information
    in collocation extraction, GSCL.
    """
    table = TokenTable.of(tokens)
    units = _units(table, _joined_nouns(table), stopwords)
    rows, columns = _once_a_row(units.rows, units.words, len(units.names))
    spoken = _spoken(opinions)
    counted = _count(rows, columns, len(units.names), spoken)
    counted.insert(0, "word", units.names)
    kept = (counted["n_opinions"] >= LEAST_OPINIONS) & (counted["speakers"] >= LEAST_SPEAKERS)
    words = counted[kept].sort_values(["n_opinions", "word"], ascending=[False, True])
    links = _links(words[:MOST_FREQUENT], rows, columns, len(table), spoken)
    shown, kind = _by_word(units.written), _by_word(units.kinds)
    words = words.assign(
        shown=[most_frequent(shown[own]) for own in words["word"]],
        pos=[most_frequent(kind[own]) for own in words["word"]],
    )
    names = ["word", "shown", "pos", "n_opinions", "n_distinct", "n_respondents"]
    return Words(words[names].reset_index(drop=True), links)


class _Units(NamedTuple):
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
    _, of_row = _once_a_row(_rows_of(table, follows), own, len(distinct))
    counts = np.bincount(of_row, minlength=len(distinct))
    often = counts >= LEAST_OPINIONS
    first, second = np.divmod(distinct, max(len(names), 1))
    # How often a word stands alone is asked of those only that could be joined.
    asked = np.zeros(len(names), dtype=np.bool_)
    asked[first[often]] = asked[second[often]] = True
    is_noun = np.array([one.pos.startswith(("名詞", "接")) for one in table.types], dtype=np.bool_)
    nouns = np.flatnonzero((is_noun & asked[word_of])[table.type_ids] if names else [])
    _, alone_words = _once_a_row(_rows_of(table, nouns), word_of[table.type_ids[nouns]], len(names))
    alone = np.bincount(alone_words, minlength=len(names))
    is_one = often & (counts >= JOINED * np.minimum(alone[first], alone[second]))
    joined = np.zeros(len(table.type_ids), dtype=np.bool_)
    joined[follows[is_one[own]]] = True
    return joined


def _units(table: TokenTable, joined: NDArray[np.bool_], stopwords: frozenset[str]) -> _Units:
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
    return _Units(
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


def _once_a_row(
    rows: NDArray[np.int64], things: NDArray[np.int64], n_things: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every thing of a row once, rows ascending."""
    return np.divmod(distinct_numbers(rows * max(n_things, 1) + things), max(n_things, 1))


def _spoken(opinions: pd.DataFrame) -> _Spoken:
    people, answers = opinions["respondent_id"].astype("str"), opinions["answer_id"].astype("str")
    known = (people != "").to_numpy()
    # The letter in front keeps the number of a person apart from that of an answer.
    voices = ("r" + people).where(known, "a" + answers)
    respondents, _ = pd.factorize(people)
    return _Spoken(
        voice=pd.factorize(voices)[0].astype(np.int64),
        wording=pd.factorize(opinions["stands_for"])[0].astype(np.int64),
        respondent=np.where(known, respondents, -1).astype(np.int64),
    )


def _count(
    rows: NDArray[np.int64], things: NDArray[np.int64], n_things: int, spoken: _Spoken
) -> pd.DataFrame:
    """Opinions, wordings, speakers and known respondents behind every thing, a row each."""
    n_having = np.bincount(things, minlength=n_things)

    def different(labels: NDArray[np.int64]) -> NDArray[np.int64]:
        if int(labels.max(initial=-1)) + 1 == len(labels):  # every opinion has one of its own
            return n_having
        own = labels[rows]
        width = int(own.max(initial=0)) + 1
        pairs = distinct_numbers(things[own >= 0] * width + own[own >= 0])
        return np.bincount(pairs // width, minlength=n_things)

    return pd.DataFrame(
        {
            "n_opinions": n_having,
            "n_distinct": different(spoken.wording),
            "speakers": different(spoken.voice),
            "n_respondents": different(spoken.respondent),
        }
    )


def _links(
    words: pd.DataFrame,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    n_opinions: int,
    spoken: _Spoken,
) -> pd.DataFrame:
    """Pairs of `words`, whose index is their number in `columns`."""
    ordered = words.sort_values("word")
    place = np.full(int(columns.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[ordered.index.to_numpy(dtype=np.int64)] = np.arange(len(ordered))
    inside = place[columns] >= 0
    order = np.lexsort([place[columns][inside], rows[inside]])
    rows, columns = rows[inside][order], place[columns][inside][order]
    pair_rows, pairs = _pairs(rows, columns, len(ordered))
    numbers, things = np.unique(pairs, return_inverse=True)
    table = _count(pair_rows, things.ravel(), len(numbers), spoken)
    first, second = np.divmod(numbers, max(len(ordered), 1))
    names, counts = ordered["word"].to_numpy(), ordered["n_opinions"].to_numpy()
    table.insert(0, "word_1", names[first])
    table.insert(1, "word_2", names[second])
    both = table["n_opinions"].to_numpy(dtype=np.float64)
    one, other = counts[first].astype(np.float64), counts[second].astype(np.float64)
    surprise = -np.log(both / max(n_opinions, 1))
    expected = np.log(both * n_opinions / (one * other))
    table["jaccard"] = np.round(both / (one + other - both), 6)
    # Two words that stand in every opinion say nothing by standing together.
    table["npmi"] = np.divide(expected, surprise, out=np.zeros_like(both), where=surprise > 0)
    kept = (table["n_distinct"] >= LEAST_TOGETHER) & (table["speakers"] >= LEAST_SPEAKERS)
    strongest = table[kept].sort_values(
        ["jaccard", "word_1", "word_2"], ascending=[False, True, True]
    )
    return strongest[:MOST_LINKS].drop(columns="speakers").reset_index(drop=True)


def _pairs(
    rows: NDArray[np.int64], columns: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and number (first × width + second) of every pair of columns within a row."""
    found_rows, found = [rows[:0]], [columns[:0]]
    step = 1
    while step < len(rows) and (same := rows[step:] == rows[:-step]).any():
        found_rows.append(rows[step:][same])
        found.append(columns[:-step][same] * width + columns[step:][same])
        step += 1
    return np.concatenate(found_rows), np.concatenate(found)


def _by_word(counts: Counter[tuple[str, str]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for (word, name), count in counts.items():
        found.setdefault(word, Counter())[name] += count
    return found
