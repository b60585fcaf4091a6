"""Characteristic words of an issue, written as residents write them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from pipeline.features import word_weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.tokens import Token

WORDS: Final = 6
"""Words that are shown of an issue."""

VAGUE: Final = frozenset(
    ["場所", "所", "施設", "建物", "物", "環境", "機会", "理由", "影響", "利用", "生活", "地域", "方面", "両方",
     "可能", "状況", "意味", "面", "点", "他", "事", "部分", "感じ", "気", "話", "思い", "元気"]
)  # fmt: skip
"""Nouns that name no topic by themselves."""

_FEW: Final = 10
"""Opinions from which a word of only one of them is not shown."""

_RARE: Final = 0.02
"""Share of the opinions that have to use a word that is shown."""


def characteristic_words(
    inside: Mapping[str, float], n_inside: float, overall: Mapping[str, float], n_overall: float
) -> dict[str, float]:
    """Weight of every word for one issue.

    Parameters
    ----------
    inside, overall
        Number of opinions that use a word, in the issue and in all.
    n_inside, n_overall
        Number of opinions.

    Returns
    -------
    dict
        Word → p·log(p/q) > 0, with p and q the shares of opinions that use it in
        the issue and in all: the word's part in the Kullback–Leibler divergence,
        frequent *and* typical. Heaviest first, ties by the word itself.

    References
    ----------
    Kullback & Leibler (1951), On information and sufficiency, Annals of
    Mathematical Statistics 22(1).
    """
    weights = {}
    for word, count in inside.items():
        p, q = count / n_inside, overall[word] / n_overall
        if p > q:
            weights[word] = p * math.log(p / q)
    return dict(sorted(weights.items(), key=lambda item: (-round(item[1], 9), item[0])))


def topic_words(
    tokens: Sequence[Token], stopwords: frozenset[str], least: float = 0.6
) -> frozenset[str]:
    """Words of an opinion that may describe its issue: nouns, and predicates beside them.

    Parameters
    ----------
    least
        Weight (:func:`~pipeline.features.word_weight`) from which a word counts; place
        names have less than the default.
    """
    return frozenset(
        token.word for token in tokens if is_topic_word(token.word, token.pos, stopwords, least)
    )


def is_topic_word(word: str, pos: str, stopwords: frozenset[str], least: float = 0.6) -> bool:
    """Whether a word of some part of speech may describe an issue, see :func:`topic_words`."""
    return (
        word_weight(pos) >= least
        and word not in stopwords
        and (len(word) > 1 or "一" <= word <= "鿿")
        and any(letter.isalnum() for letter in word)
    )


def display_words(
    tokens: Sequence[Sequence[Token]], counts: Sequence[int], words: Sequence[str]
) -> list[str]:
    """Words as residents write them: 塵 as ゴミ, 機関 as the 公共交通機関 it stands in.

    Parameters
    ----------
    words
        Normalized forms, most characteristic first.

    Returns
    -------
    list of str
        No word twice, none contained in one before it, none that hardly anybody says.
    """
    total = sum(counts)
    often = 2 if total >= _FEW else 1
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    compounds: dict[str, Counter[str]] = defaultdict(Counter)
    wanted = frozenset(words)
    for own, count in zip(tokens, counts, strict=True):
        for position, token in enumerate(own):
            if token.word in wanted:
                plain = not token.form or token.form.startswith(("終止形", "連体形"))
                surfaces[token.word][token.surface if plain else token.word] += count
                compounds[token.word][_compound(own, position)] += count
    shown: list[str] = []
    for word in words:
        said = sum(surfaces[word].values())
        if said < often or said < _RARE * total:
            continue
        name = most_frequent(surfaces[word])
        whole = most_frequent(compounds[word])
        if compounds[word][whole] >= 0.5 * sum(compounds[word].values()):
            name = whole or name
        if not any(name in other or other in name for other in shown):
            shown.append(name)
    return shown


def _compound(tokens: Sequence[Token], position: int) -> str:
    """The run of up to four nouns in which a noun stands, 「落ち着く」 for 落ち, or nothing."""
    if tokens[position].pos.startswith("動詞"):
        return _compound_verb(tokens, position)
    if not tokens[position].pos.startswith("名詞"):
        return ""
    start = end = position
    while start and _continues(tokens, start - 1):
        start -= 1
    while end + 1 < len(tokens) and _continues(tokens, end):
        end += 1
    if not 1 <= end - start <= 3:
        return ""
    return "".join(token.surface for token in tokens[start : end + 1])


def _compound_verb(tokens: Sequence[Token], position: int) -> str:
    """Two verbs that are one, whichever of them is asked for."""
    for first, second in ((position, position + 1), (position - 1, position)):
        if first < 0 or second >= len(tokens):
            continue
        left, right = tokens[first], tokens[second]
        both = left.pos.startswith("動詞-一般") and right.pos.startswith("動詞-一般")
        if both and left.form.startswith("連用形") and left.end == right.start:
            return left.surface + right.word
    return ""


def _continues(tokens: Sequence[Token], position: int) -> bool:
    left, right = tokens[position], tokens[position + 1]
    return (
        left.end == right.start
        and left.pos.startswith(("名詞-普通", "名詞-固有", "接頭辞"))
        and right.pos.startswith(("名詞-普通", "名詞-固有", "接尾辞-名詞的"))
    )


def most_frequent(found: Counter[str]) -> str:
    """The most frequent; of equals the shortest, then the first."""
    return min(found, key=lambda item: (-found[item], len(item), item))
