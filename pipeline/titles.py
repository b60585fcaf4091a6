"""What an issue is called: characteristic words and a phrase that stands in its opinions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.features import word_weight
from pipeline.phrases import CLAUSE, Phrase, find_phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.tokens import Token

WORDS: Final = 6
_DO: Final = "為る"
_JUST_DONE: Final = ("する", "した", "している", "していく", "される", "された", "されている")
_LENGTH: Final = (4, 20)
_FEW: Final = 10
"""Opinions from which a wording of only one of them is no title for all."""
_TRUE_OF: Final = 0.05
"""Share of the opinions that have to use the words of a phrase; else it is a side remark."""
_BESIDE: Final = 0.3
"""Weight of the second word, as a share of the first, from which both make the title."""
_ONE_SIDED: Final = 0.7
"""Share of praise, or of its opposite, from which a title should take that side."""


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


@dataclass(frozen=True)
class Candidate:
    """A phrase that could be the title of an issue.

    Attributes
    ----------
    text
        Its most frequent wording.
    words, kind
        As in :class:`~pipeline.phrases.Phrase`.
    said
        Number of opinions with it.
    agreeing
        Share of those on the side (praise or change) that most of the issue takes.
    """

    text: str
    words: frozenset[str]
    kind: str
    said: int
    agreeing: float


def find_candidates(
    texts: Sequence[str],
    tokens: Sequence[Sequence[Token]],
    counts: Sequence[int],
    on_main_side: Sequence[bool],
) -> list[Candidate]:
    """Phrases of an issue's opinions, each set of words once.

    Parameters
    ----------
    texts, tokens, counts, on_main_side
        One entry a distinct opinion of the issue.
    """
    wordings: dict[tuple[frozenset[str], str], Counter[str]] = defaultdict(Counter)
    agreeing: Counter[tuple[frozenset[str], str]] = Counter()
    for text, own, count, agrees in zip(texts, tokens, counts, on_main_side, strict=True):
        for phrase in sorted(set(find_phrases(text, own)), key=_order):
            wordings[phrase.words, phrase.kind][phrase.text] += count
            agreeing[phrase.words, phrase.kind] += count * agrees
    return [
        Candidate(
            text=_most_frequent(found),
            words=words,
            kind=kind,
            said=sum(found.values()),
            agreeing=agreeing[words, kind] / sum(found.values()),
        )
        for (words, kind), found in wordings.items()
    ]


def choose_title(
    phrases: Sequence[Candidate],
    weights: Mapping[str, float],
    word_sets: Sequence[tuple[frozenset[str], int]],
    one_sided: float,
    taken: frozenset[str],
) -> str:
    """Best phrase for an issue that is not another issue's title.

    Parameters
    ----------
    phrases
        Candidates (:func:`find_candidates`).
    weights
        Characteristic words of the issue.
    word_sets
        Words of each distinct opinion and how often it was said.
    one_sided
        Share of the larger side (praise or change) among the opinions. A clause
        takes a side and is marked down where opinions do not agree.
    taken
        Titles of other issues.

    Returns
    -------
    str
        The empty string where no phrase has a characteristic word, or the best is
        one bare noun beside which another word is nearly as typical: both together
        say more.

    Notes
    -----
    The score is the weight of the phrase's characteristic words, times the share of
    opinions that use all its words to the power 0.4, times the share that says it
    in one phrase to the power 0.2, times a preference for phrases that say
    something: a clause before a noun phrase before a bare noun. What only one of
    many opinions says, and what is told of the past, is marked down; what hardly
    anybody's words support is left out.
    """
    total = sum(count for _, count in word_sets)
    ranked = []
    for phrase in phrases:
        # fsum, because the words of a set have no order.
        specific = math.fsum(weights.get(word, 0.0) for word in phrase.words)
        if specific <= 0 or phrase.text in taken or not _readable(phrase.text):
            continue
        support = sum(count for own, count in word_sets if phrase.words <= own) / total
        if "ない" in phrase.words:
            # 「車がなくて不便」 has the words of 「不便がない」 but says the opposite.
            support = min(support, 2 * phrase.said / total)
        if support < _TRUE_OF or (total >= _FEW and support * total < 2):
            continue
        score = specific * _form_weight(phrase, one_sided)
        score *= support**0.4 * (phrase.said / total) ** 0.2
        if phrase.said == 1 and total >= _FEW:
            score *= 0.5
        ranked.append((-round(score, 9), len(phrase.text), phrase.text, _is_bare(phrase)))
    if not ranked:
        return ""
    _, _, title, bare = min(ranked)
    nouns = {word for phrase in phrases if _is_bare(phrase) for word in phrase.words}
    heaviest = [weight for word, weight in weights.items() if word in nouns][:2]
    together = len(heaviest) == 2 and heaviest[1] >= _BESIDE * max(weights.values())
    return "" if bare and together else title


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
        No word twice, none contained in one before it.
    """
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
        if not surfaces[word]:
            continue
        name = _most_frequent(surfaces[word])
        whole = _most_frequent(compounds[word])
        if compounds[word][whole] >= 0.5 * sum(compounds[word].values()):
            name = whole or name
        if not any(name in other or other in name for other in shown):
            shown.append(name)
    return shown


def _compound(tokens: Sequence[Token], position: int) -> str:
    """The run of up to four nouns in which a noun stands, or nothing."""
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


def _continues(tokens: Sequence[Token], position: int) -> bool:
    left, right = tokens[position], tokens[position + 1]
    return (
        left.end == right.start
        and left.pos.startswith(("名詞-普通", "名詞-固有", "接頭辞"))
        and right.pos.startswith(("名詞-普通", "名詞-固有", "接尾辞-名詞的"))
    )


def _most_frequent(found: Counter[str]) -> str:
    return min(found, key=lambda item: (-found[item], len(item), item))


def _order(phrase: Phrase) -> tuple[str, str, list[str]]:
    return phrase.text, phrase.kind, sorted(phrase.words)


def _readable(wording: str) -> bool:
    low, high = _LENGTH
    brackets = sum(wording.count(mark) for mark in "「」『』（）()【】\n")
    return (low <= len(wording) <= high or (2 <= len(wording) < low)) and not brackets


def _form_weight(phrase: Candidate, one_sided: float) -> float:
    short = 0.8 if len(phrase.text) < _LENGTH[0] else 1.0
    if phrase.kind == CLAUSE:
        told = 0.7 if phrase.text.endswith("た") else 1.0
        # 「活用されていない」 does not say what.
        empty = 0.6 if len(phrase.words - {_DO, "ない"}) == 1 and _DO in phrase.words else 1.0
        side = 2.4 if one_sided >= _ONE_SIDED else 0.8
        return short * phrase.agreeing * told * empty * side
    return short * (0.25 if _is_bare(phrase) else 0.9)


def _is_bare(phrase: Candidate) -> bool:
    """Whether a phrase is one noun: 「安心」, and 「安心する」, which says no more."""
    if phrase.kind == CLAUSE and not phrase.text.endswith(_JUST_DONE):
        return False
    return len(phrase.words - {_DO}) == 1


def topic_words(tokens: Sequence[Token], stopwords: frozenset[str]) -> frozenset[str]:
    """Words of an opinion that may describe its issue, and the predicates beside them."""
    return frozenset(
        token.word
        for token in tokens
        if token.word not in stopwords
        and word_weight(token.pos) >= 0.6
        and (len(token.word) > 1 or "一" <= token.word <= "鿿")
    )
