"""Titles of issues that come from the data alone: what their opinions have in common.

No heading speaks for such an issue. A noun phrase that most opinions share does;
where none is, the two nouns that are shared by most.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Final

from pipeline.keywords import VAGUE, display_words
from pipeline.phrases import NOUN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.titles import Candidate, Voice

SHARED: Final = 0.5
"""Share of the opinions that has to use the words of a noun phrase."""

_BESIDE: Final = 0.15
"""Share of the opinions that a second noun has to add to the first."""

SHARED_BY_SOME: Final = 0.1
"""The same where no issue has a heading: public comments on one bill say much in each."""

_LONE: Final = 0.3
"""What a lone noun counts beside a compound."""

_FEW: Final = 10
_COMPARED: Final = 6
_SHORTEST, _LONGEST = 2, 14


def noun_title(
    candidates: Sequence[Candidate],
    voices: Sequence[Voice],
    weights: Mapping[str, float],
    taken: frozenset[str] = frozenset(),
    least: float = SHARED,
) -> str:
    """A noun phrase that many opinions share; a compound says more than a lone noun.

    Parameters
    ----------
    weights
        Characteristic words of the issue; a phrase has to have one.
    taken
        Titles of other issues.
    least
        Share of the opinions that has to use its words.
    """
    total = sum(voice.count for voice in voices)
    ranked = []
    for own in candidates:
        said = _together(voices, own.words)
        weight = math.fsum(weights.get(word, 0.0) for word in own.words)
        fits = _SHORTEST <= len(own.text) <= _LONGEST and own.text not in taken
        if own.kind != NOUN or not fits or weight <= 0.0 or own.words <= VAGUE:
            continue
        if said >= least * total and (said > 1 or total < _FEW):
            form = 1.0 if len(own.words) > 1 else _LONE
            score = form * weight * (said / total) ** 0.4 * (own.said / total) ** 0.2
            ranked.append((-round(score, 9), len(own.text), own.text, len(own.words)))
    if not ranked:
        return ""
    _, _, title, words = min(ranked)
    return title if words > 1 else title + _beside(title, voices, weights, total)


def _beside(title: str, voices: Sequence[Voice], weights: Mapping[str, float], total: int) -> str:
    """What is said beside a lone noun, where a part of the opinions shares it: 「（出張）」."""
    often = [
        word
        for word in list(weights)[:_COMPARED]
        if word not in VAGUE and _covered(voices, (word,)) >= max(2, _BESIDE * total)
    ]
    shown = _shown(voices, often)
    others = [word for word in shown if word not in title and title not in word][:2]
    return f"（{'・'.join(others)}）" if others else ""


def joined_title(
    voices: Sequence[Voice],
    weights: Mapping[str, float],
    taken: frozenset[str] = frozenset(),
    *,
    beside_headings: bool = False,
) -> str:
    """The two nouns that together stand in most opinions, 「敦賀・小浜」.

    Where no two do, the opinions have no topic in common. Beside issues that have
    headings the title says so: 「そのほか（悪い・両方）」.
    """
    total = sum(voice.count for voice in voices)
    share = {word: _covered(voices, (word,)) for word in weights}
    common = sorted(share, key=lambda word: (-share[word], word))[:_COMPARED]
    nouns = [
        word
        for word in common
        if word not in VAGUE
        and share[word] >= max(2, _BESIDE * total)
        and any(_is_noun(voice, word) for voice in voices)
    ]
    for pair in sorted(combinations(nouns, 2), key=lambda pair: (-_covered(voices, pair), pair)):
        shown = _shown(voices, pair)
        title = "・".join(shown)
        adds = _covered(voices, pair) - max(share[word] for word in pair) >= _BESIDE * total
        enough = _covered(voices, pair) >= SHARED * total
        if adds and enough and len(shown) > 1 and title not in taken:
            return title
    left = "・".join(_shown(voices, common)[:2])
    title = f"そのほか（{left}）" if beside_headings else left
    return title if left and title not in taken else ""


def _shown(voices: Sequence[Voice], words: Sequence[str]) -> list[str]:
    return display_words(
        [voice.tokens for voice in voices], [voice.count for voice in voices], words
    )


def _is_noun(voice: Voice, word: str) -> bool:
    return any(
        token.word == word and token.pos.startswith(("名詞-普通名詞", "名詞-固有名詞"))
        for token in voice.tokens
    )


def _together(voices: Sequence[Voice], words: frozenset[str]) -> int:
    """Number of opinions with all of the words."""
    return sum(voice.count for voice in voices if words <= voice.words)


def _covered(voices: Sequence[Voice], words: tuple[str, ...]) -> int:
    """Number of opinions with any of the words."""
    return sum(voice.count for voice in voices if not voice.words.isdisjoint(words))
