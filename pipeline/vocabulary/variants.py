"""Two writings of one word that Sudachi does not hold for the same."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.vocabulary.candidate import VARIANT, Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.vocabulary.material import Material
    from pipeline.vocabulary.used import Used

LEAST_READING: Final = 3
"""Letters of a reading: of shorter ones most are read alike by chance."""

LEAST_KATAKANA: Final = 4
"""Letters of katakana words of which one may be another by a slip."""

_KATAKANA: Final = re.compile(r"[ァ-ヺー・]+")
_KANA: Final = re.compile(r"[ぁ-ゖァ-ヺー・]+")
_SMALL: Final = str.maketrans(
    "ァィゥェォャュョヮッヵヶヴヂヅヰヱヲ", "アイウエオヤユヨワツカケブジズイエオ"
)


class _Pair(NamedTuple):
    likeness: float
    statistic: str
    why: str


def find_variants(material: Material, used: Sequence[Used]) -> list[Candidate]:
    """Pairs of writings; the one that is used less would be counted as the other."""
    found = []
    for one, other in _pairs(used):
        pair = _judged(one, other)
        if pair is None:
            continue
        rare, usual = sorted(
            (one, other), key=lambda own: (own.counts.people, own.counts, own.word)
        )
        found.append(
            Candidate(
                VARIANT,
                rare.word,
                rare.reading,
                usual.word,
                "",
                rare.counts,
                pair.likeness,
                pair.statistic,
                f"{pair.why}「{usual.word}」は{usual.counts.people:,}人が書いています。",
                tuple(material.contexts(rare.surface, rare.places)),
            )
        )
    return found


def _pairs(used: Sequence[Used]) -> Iterator[tuple[Used, Used]]:
    """Pairs that have a sound, a rough sound or all letters but one in common, each once."""
    alike: defaultdict[str, set[int]] = defaultdict(set)
    for place, own in enumerate(used):
        alike[f"reading {own.reading}"].add(place)
        if _KATAKANA.fullmatch(own.word):
            alike[f"sound {rough_sound(own.word)}"].add(place)
            for left_out in range(len(own.word)):
                rest = own.word[:left_out] + own.word[left_out + 1 :]
                # One letter that is another, too many or too few.
                alike[f"{left_out} {rest}"].add(place)
                alike[f"whole {rest}"].add(place)
            alike[f"whole {own.word}"].add(place)
    pairs = {pair for places in alike.values() for pair in combinations(sorted(places), 2)}
    for one, other in sorted(pairs):
        yield used[one], used[other]


def _judged(one: Used, other: Used) -> _Pair | None:
    if _KATAKANA.fullmatch(one.word) and _KATAKANA.fullmatch(other.word):
        if rough_sound(one.word) == rough_sound(other.word):
            return _Pair(
                1.0, "ー・ッ・小さい字をのぞくと同じ", "のばす音や小さい字だけがちがいます。"
            )
        shorter = min(len(one.word), len(other.word))
        doubtful = one.is_unknown or other.is_unknown
        if doubtful and shorter >= LEAST_KATAKANA and is_one_letter_off(one.word, other.word):
            return _Pair(
                round(1.0 - 1.0 / (shorter + 1), 6),
                "1字ちがい",
                "1字だけちがうカタカナ語で、どちらかは辞書にありません。",
            )
        return None
    if one.reading != other.reading or len(one.reading) < LEAST_READING:
        return None
    return _same_reading(one, other)


def _same_reading(one: Used, other: Used) -> _Pair | None:
    kanji, more = _skeleton(one.word), _skeleton(other.word)
    if kanji and more:
        if _is_subsequence(kanji, more) or _is_subsequence(more, kanji):
            return _Pair(
                0.9, "読みと漢字が同じ", "読みが同じで、送りがなや、かなで書く字だけがちがいます。"
            )
        return None
    if bool(_KANA.fullmatch(one.word)) and bool(_KANA.fullmatch(other.word)):
        return _Pair(0.95, "読みが同じ", "ひらがなとカタカナのちがいです。")
    return _Pair(
        0.7, "読みが同じ", "読みが同じです。かなで書いた語が、別の語でないか確かめてください。"
    )


def rough_sound(word: str) -> str:
    """Katakana without what is written now this way and now that.

    Examples
    --------
    >>> rough_sound("コミュニティー") == rough_sound("コミュニテイ")
    True
    """
    return re.sub("[ー・ッ]", "", word).translate(_SMALL)


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether one letter that is another, too many or too few makes one word of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = next((place for place, own in enumerate(short) if own != long[place]), len(short))
    rest = same + 1 if len(short) == len(long) else same
    return short[rest:] == long[same + 1 :]


def _skeleton(word: str) -> str:
    return "".join(own for own in word if "一" <= own <= "鿿" or own == "々")


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(own in letters for own in short)
