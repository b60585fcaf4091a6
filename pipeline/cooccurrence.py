"""Words that stand in many opinions, and pairs of them that stand in the same ones (共起).

Counted are opinions, each once a word however often it uses it. A word or a pair that
comes from one or two people is no word of the residents and is left out.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.features import word_weight
from pipeline.keywords import VAGUE, most_frequent, topic_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.tokens import Token

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
    joined = _joined_nouns(tokens)
    numbers: dict[str, int] = {}
    written: Counter[tuple[str, str]] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    found: list[NDArray[np.int64]] = []
    for own in tokens:
        units = list(_units(own, joined, stopwords))
        written.update((unit.word, unit.written) for unit in units)
        kinds.update((unit.word, unit.kind) for unit in units)
        used = {numbers.setdefault(unit.word, len(numbers)) for unit in units}
        found.append(np.array(sorted(used), dtype=np.int64))
    rows = np.repeat(np.arange(len(found)), [len(own) for own in found])
    columns = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    spoken = _spoken(opinions)
    table = _count(rows, columns, len(numbers), spoken)
    table.insert(0, "word", list(numbers))
    kept = (table["n_opinions"] >= LEAST_OPINIONS) & (table["speakers"] >= LEAST_SPEAKERS)
    words = table[kept].sort_values(["n_opinions", "word"], ascending=[False, True])
    links = _links(words[:MOST_FREQUENT], rows, columns, len(found), spoken)
    shown, kind = _by_word(written), _by_word(kinds)
    words = words.assign(
        shown=[most_frequent(shown[own]) for own in words["word"]],
        pos=[most_frequent(kind[own]) for own in words["word"]],
    )
    names = ["word", "shown", "pos", "n_opinions", "n_distinct", "n_respondents"]
    return Words(words[names].reset_index(drop=True), links)


def _continues(left: Token, right: Token) -> bool:
    """Whether two nouns stand side by side; a name of a person is never a part of a word."""
    return (
        left.end == right.start
        and left.pos.startswith(("名詞-普通", "名詞-固有", "接頭辞"))
        and right.pos.startswith(("名詞-普通", "名詞-固有", "接尾辞-名詞的"))
        and not left.pos.startswith(_PERSON)
        and not right.pos.startswith(_PERSON)
    )


def _joined_nouns(tokens: Sequence[Sequence[Token]]) -> frozenset[tuple[str, str]]:
    """Pairs such as 公共＋交通 that are one word to those who wrote them.

    The tokenizer splits them, and as a pair they would be the strongest link of all.
    """
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for own in tokens:
        alone.update({token.word for token in own if token.pos.startswith(("名詞", "接"))})
        pairs.update(
            {(left.word, right.word) for left, right in pairwise(own) if _continues(left, right)}
        )
    return frozenset(
        pair
        for pair, count in pairs.items()
        if count >= LEAST_OPINIONS and count >= JOINED * min(alone[pair[0]], alone[pair[1]])
    )


def _units(
    tokens: Sequence[Token], joined: frozenset[tuple[str, str]], stopwords: frozenset[str]
) -> Iterator[_Unit]:
    """Content words of one opinion, nouns that belong together as one."""
    start = 0
    while start < len(tokens):
        end = start + 1
        while end < len(tokens) and (
            (tokens[end - 1].word, tokens[end].word) in joined
            and _continues(tokens[end - 1], tokens[end])
        ):
            end += 1
        parts = tokens[start:end]
        start = end
        word = "".join(token.word for token in parts)
        if word in stopwords or word in VAGUE or not _has_content(parts, stopwords):
            continue
        first = parts[0]
        plain = not first.form or first.form.startswith(("終止形", "連体形"))
        text = "".join(token.surface for token in parts) if plain else word
        kind = next((name for begin, name in _KINDS if first.pos.startswith(begin)), "名詞")
        yield _Unit(word, text, kind)


def _has_content(parts: Sequence[Token], stopwords: frozenset[str]) -> bool:
    if any(word_weight(token.pos) > 0 and token.pos.startswith(_PERSON) for token in parts):
        return False
    return bool(topic_words(parts, stopwords))


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

    def different(labels: NDArray[np.int64]) -> NDArray[np.int64]:
        own = labels[rows]
        width = int(own.max(initial=0)) + 1
        pairs = np.unique(things[own >= 0] * width + own[own >= 0])
        return np.bincount(pairs // width, minlength=n_things)

    return pd.DataFrame(
        {
            "n_opinions": np.bincount(things, minlength=n_things),
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
