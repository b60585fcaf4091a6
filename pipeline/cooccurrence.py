"""Words that stand in many opinions, and pairs of them that stand in the same ones (共起).

Counted are opinions, each once a word however often it uses it. A word or a pair that
comes from one or two people is no word of the residents and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.distinct import distinct_numbers
from pipeline.tokentable import TokenTable
from pipeline.wordunits import Units, find_units, once_a_row

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Words(NamedTuple):
    """Tables ``words`` and ``word_links`` as :mod:`pipeline.tables` declares them."""

    words: pd.DataFrame
    links: pd.DataFrame


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
    counted = _counted(opinions, tokens, stopwords)
    words = counted.words[counted.kept].sort_values(["n_opinions", "word"], ascending=[False, True])
    links = _links(words[:MOST_FREQUENT], counted)
    words = words.assign(
        shown=counted.units.shown(words["word"].tolist()),
        pos=counted.units.kind(words["word"].tolist()),
    )
    names = ["word", "shown", "pos", "n_opinions", "n_distinct", "n_respondents"]
    return Words(words[names].reset_index(drop=True), links)


def count_around(
    opinions: pd.DataFrame,
    tokens: Sequence[Sequence[Token]],
    stopwords: frozenset[str],
    word: str,
    most: int,
) -> Words:
    """Count the words that stand with one word, and the opinions that they all share.

    Thresholds and figures are those of :func:`count_words`; but a word need not be among the
    :data:`MOST_FREQUENT`.

    Parameters
    ----------
    word
        As it is counted. A word below the thresholds gives empty tables.
    most
        Neighbours that are kept, the strongest first.

    Returns
    -------
    Words
        The word and its neighbours, and all links among them.
    """
    counted = _counted(opinions, tokens, stopwords)
    words = counted.words[counted.kept]
    centre = words.index[words["word"] == word].tolist()
    if not centre:
        none = counted.words[:0]
        return Words(none.assign(shown="", pos="").drop(columns="speakers"), _links(none, counted))
    own = counted.rows[counted.columns == centre[0]]
    inside = np.isin(counted.rows, own)
    together = _count(
        counted.rows[inside], counted.columns[inside], len(counted.words), counted.spoken
    )
    both = together["n_opinions"].loc[words.index]
    near = words.assign(
        jaccard=np.round(both / (words["n_opinions"] + len(own) - both), 6),
        may=(together["n_distinct"] >= LEAST_TOGETHER) & (together["speakers"] >= LEAST_SPEAKERS),
    ).drop(index=centre)
    near = near[near["may"]].sort_values(["jaccard", "word"], ascending=[False, True])[:most]
    chosen = words.loc[[*centre, *near.index]]
    chosen = chosen.assign(
        shown=counted.units.shown(chosen["word"].tolist()),
        pos=counted.units.kind(chosen["word"].tolist()),
    )
    names = ["word", "shown", "pos", "n_opinions", "n_distinct", "n_respondents"]
    return Words(chosen[names].reset_index(drop=True), _links(chosen, counted))


class _Counted(NamedTuple):
    """Content words of all opinions, counted.

    Attributes
    ----------
    rows, columns
        Opinion and number of the word, once each.
    words
        ``word, n_opinions, n_distinct, speakers, n_respondents`` of every word.
    kept
        Words that are frequent enough.
    """

    units: Units
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    words: pd.DataFrame
    kept: pd.Series[bool]
    n_opinions: int
    spoken: _Spoken


def _counted(
    opinions: pd.DataFrame, tokens: Sequence[Sequence[Token]], stopwords: frozenset[str]
) -> _Counted:
    table = TokenTable.of(tokens)
    units = find_units(table, stopwords)
    rows, columns = once_a_row(units.rows, units.words, len(units.names))
    spoken = _spoken(opinions)
    words = _count(rows, columns, len(units.names), spoken)
    words.insert(0, "word", units.names)
    kept = (words["n_opinions"] >= LEAST_OPINIONS) & (words["speakers"] >= LEAST_SPEAKERS)
    return _Counted(units, rows, columns, words, kept, len(table), spoken)


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


def _links(words: pd.DataFrame, counted: _Counted) -> pd.DataFrame:
    """Pairs of `words`, whose index is their number."""
    rows, columns, n_opinions = counted.rows, counted.columns, counted.n_opinions
    ordered = words.sort_values("word")
    place = np.full(int(columns.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[ordered.index.to_numpy(dtype=np.int64)] = np.arange(len(ordered))
    inside = place[columns] >= 0
    order = np.lexsort([place[columns][inside], rows[inside]])
    rows, columns = rows[inside][order], place[columns][inside][order]
    pair_rows, pairs = _pairs(rows, columns, len(ordered))
    numbers, things = np.unique(pairs, return_inverse=True)
    table = _count(pair_rows, things.ravel(), len(numbers), counted.spoken)
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
