"""The codebook as vectors: how like an opinion is to the words of a plan's measures.

Inverse document frequencies are those of the codebook itself, never of the
opinions: the same opinion gets the same likeness in any survey and in any chunk.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.tokens import Token

    Entries = Sequence[tuple[str, str, Sequence[str]]]

_NEGATIONS: Final = frozenset(["ない", "無い", "ず", "ぬ", "ん", "無し", "なし"])

# Words of every plan and of every opinion, which make nothing alike.
# fmt: off
_EMPTY: Final = frozenset([
    "為る", "居る", "有る", "成る", "出来る", "事", "こと", "物", "もの", "所",
    "為", "方", "時", "中", "様", "良い", "欲しい", "思う", "言う", "行く",
    "来る", "無い", "取り組む", "取り組み", "図る", "努める", "行う", "実施", "推進", "充実",
    "強化", "検討", "新た", "引き続き", "継続", "着手", "開催", "今", "人", "私",
    "皆", "もっと", "多い", "少ない", "町", "市", "地域",
])
# fmt: on
_CONTENT_POS: Final = ("名詞", "動詞", "形容詞", "形状詞")
_NUMERAL: Final = "名詞-数詞"


@dataclass(frozen=True)
class Codebook:
    """TF-IDF of the words of the plan and its rules, one unit-length entry a measure.

    Attributes
    ----------
    keys
        ``(goal_id, measure_id)`` of every entry; ``measure_id`` is empty for what
        stands at the goal itself.
    weights
        Word → ``((entry, weight), …)``.
    idf
        Word → ``ln((1 + n) / (1 + df)) + 1`` over the `n` entries.
    """

    keys: tuple[tuple[str, str], ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]
    idf: Mapping[str, float]

    @functools.cached_property
    def telling(self) -> frozenset[str]:
        """Normalized forms that count where they are a word of content, see `content_words`."""
        return frozenset(self.idf) - _EMPTY - _NEGATIONS


class Likeness(NamedTuple):
    """Cosine (0 to 1) of an opinion to one entry, and what each word adds to it."""

    goal: str
    measure: str
    cosine: float
    words: tuple[tuple[Token, float], ...]


def build_codebook(entries: Entries) -> Codebook:
    """Weigh the words of every entry: sublinear TF × smoothed IDF, length 1.

    Parameters
    ----------
    entries
        ``(goal_id, measure_id, words)``.

    References
    ----------
    The weights are those of :class:`sklearn.feature_extraction.text.TfidfVectorizer`
    with ``sublinear_tf=True``.
    """
    counted = [Counter(words) for _, _, words in entries]
    n_having = Counter(word for counts in counted for word in counts)
    idf = {word: math.log((1 + len(entries)) / (1 + n)) + 1 for word, n in sorted(n_having.items())}
    weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, counts in enumerate(counted):
        for word, weight in _unit_weights(counts, idf).items():
            weights[word].append((number, weight))
    return Codebook(
        keys=tuple((goal, measure) for goal, measure, _ in entries),
        weights={word: tuple(found) for word, found in weights.items()},
        idf=idf,
    )


def similarities(tokens: Sequence[Token], codebook: Codebook) -> list[Likeness]:
    """Entries that share a word with an opinion, nearest first.

    Words that the codebook does not know do not make an opinion less like it.
    """
    places: dict[str, Token] = {}
    counts: Counter[str] = Counter()
    for token in tokens:
        for word in content_words([token]):
            if word in codebook.idf:
                places.setdefault(word, token)
                counts[word] += 1
    shared: dict[int, list[tuple[Token, float]]] = defaultdict(list)
    for word, weight in _unit_weights(counts, codebook.idf).items():
        for number, other in codebook.weights[word]:
            shared[number].append((places[word], weight * other))
    found = [
        Likeness(*codebook.keys[number], sum(weight for _, weight in words), tuple(words))
        for number, words in sorted(shared.items())
    ]
    return sorted(found, key=lambda likeness: -round(likeness.cosine, 9))


def nearest(tokens: Sequence[Token], codebook: Codebook) -> dict[str, float]:
    """Goal → the greatest cosine of its entries that share a word with an opinion.

    The same numbers as :func:`similarities` gives, without what each word adds.
    """
    telling = codebook.telling
    counts: dict[str, int] = {}
    for token in tokens:
        word = token.word
        if word in telling and _tells(token.pos):
            counts[word] = counts.get(word, 0) + 1
    if not counts:
        return {}
    cosines: dict[int, float] = {}
    for word, weight in _unit_weights(counts, codebook.idf).items():
        for number, other in codebook.weights[word]:
            cosines[number] = cosines.get(number, 0.0) + weight * other
    best: dict[str, float] = {}
    for number in sorted(cosines):
        goal, cosine = codebook.keys[number][0], cosines[number]
        known = best.get(goal)
        # Of those that are equal but for the last digits the first, as in `similarities`.
        if known is None or (cosine > known and round(cosine, 9) > round(known, 9)):
            best[goal] = cosine
    return best


def content_words(tokens: Iterable[Token]) -> list[str]:
    """Keep the normalized forms that carry meaning by themselves."""
    return [
        folded(token.word)
        for token in tokens
        if _tells(token.pos) and folded(token.word) not in _EMPTY
    ]


@functools.cache
def _tells(pos: str) -> bool:
    return pos.startswith(_CONTENT_POS) and not pos.startswith(_NUMERAL)


def all_folded(tokens: Iterable[Token]) -> list[str]:
    """Normalized forms of an opinion with all negations as one."""
    words = [token.word for token in tokens]
    # Most opinions deny nothing.
    return words if _NEGATIONS.isdisjoint(words) else [folded(word) for word in words]


def folded(word: str) -> str:
    """Make one of all negations: 「いない」「いません」「なし」."""
    return "無い" if word in _NEGATIONS else word


def _unit_weights(counts: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    raw = {word: (1 + math.log(counts[word])) * idf[word] for word in sorted(counts)}
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {word: value / length for word, value in raw.items()}
