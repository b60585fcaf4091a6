"""Compounds that Sudachi's short units cut apart and that hold together like one word.

A stretch of nouns is a candidate where its parts stand side by side far more often than
chance would have it, and where it stands by itself and not only inside a longer one. The
first is told by normalized pointwise mutual information at the weakest seam, the second by
the C-value.

References
----------
G. Bouma: Normalized (pointwise) mutual information in collocation extraction. GSCL 2009.
K. Frantzi, S. Ananiadou, H. Mima: Automatic recognition of multi-word terms: the
C-value/NC-value method. International Journal on Digital Libraries 3 (2000) 115-130.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.privacy.lexicon import words_of
from pipeline.vocabulary.candidate import COMPOUND, NOUN, PLACE, Candidate
from pipeline.vocabulary.material import LEAST_PEOPLE, is_noun, is_person
from pipeline.vocabulary.unknown import as_looked_up, is_reading, reading_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pipeline.vocabulary.material import Material, Word

MOST_PARTS: Final = 5
"""Words of a compound, at most."""

LEAST_COHESION: Final = 0.3
"""Normalized mutual information at the weakest seam from which parts hold together."""

INSIDE: Final = 0.7
"""Share of its uses inside one longer compound from which a stretch is only a part of it."""

# Suffixes that make no other thing of a word: 「若者向け」 is spoken of under 若者.
_LOOSE_ENDS: Final = frozenset(
    {*"達等的内中外後前時毎別様共ら目方用化性上下系分風側年度間さ", "付き", "向け", "沿い", "周辺"}
    | {"方面", "止まり", "以外", "っぽい", "自体", "同士", "全体", "ずつ", "たち", "次第"}
    | {"県内", "県外", "市内", "市外", "町内", "町外", "村内", "村外", "区内", "区外"}
)
# Prefixes likewise: 「再開発」 is a word, 「全世代」 and 「各地区」 are not.
_LOOSE_BEGINS: Final = frozenset("御各全同当本両某毎諸現旧新約計翌昨来不")
_NO_EDGE: Final = frozenset({"副詞可能", "助数詞可能"})
_TOWN: Final = frozenset(
    {*"市町村県区郡駅山川線島湖", "地区", "海岸", "半島", "温泉", "高原", "地方"}
)

Gram = tuple[str, ...]


class _Stretches(NamedTuple):
    """Stretches of nouns: how often each stands, where, and as which words.

    Attributes
    ----------
    alike
        Words as they are counted → the ways in which they are written.
    """

    counts: Counter[Gram]
    places: dict[Gram, list[int]]
    words: dict[Gram, tuple[Word, ...]]
    alike: dict[Gram, list[Gram]]
    n_words: int


def find_compounds(material: Material, stopwords: Collection[str]) -> list[Candidate]:
    """Stretches of two to five nouns that hold together, written by enough people."""
    stretches = _collect(material)
    longer: defaultdict[Gram, list[Gram]] = defaultdict(list)
    for gram in stretches.counts:
        for part in _parts(gram):
            longer[part].append(gram)
    found: dict[str, Candidate] = {}
    for gram in sorted(stretches.counts):
        words = stretches.words[gram]
        if not 2 <= len(gram) <= MOST_PARTS or not _is_whole(words, stopwords):
            continue
        places = stretches.places[gram]
        people = material.count(places).people
        if people < LEAST_PEOPLE or _stands_inside(gram, longer[gram], stretches.counts):
            continue
        cohesion = _cohesion(gram, stretches)
        value = _c_value(gram, longer[gram], stretches.counts)
        score = round(cohesion * math.log2(1.0 + value), 6) if value > 0.0 else 0.0
        surface = "".join(gram)
        if cohesion < LEAST_COHESION or score <= 0.0:
            continue
        word = as_looked_up(surface)
        if word in found and found[word].score >= score:
            continue  # the same letters, cut in another way or of another width
        found[word] = Candidate(
            COMPOUND,
            word,
            _reading(words),
            _normalized(gram, stretches),
            PLACE if _is_place(words) else NOUN,
            material.count(places),
            score,
            f"結びつき {cohesion:.2f}、C-value {value:.1f}",
            f"「{'」「'.join(gram)}」に切れていますが、ほぼいつも続けて書かれています。",
            tuple(material.contexts(surface, places)),
        )
    return _under_one_form(list(found.values()))


def _under_one_form(compounds: Sequence[Candidate]) -> list[Candidate]:
    """Compounds that are read alike under the form that most people write: あわら温泉, 芦原温泉."""
    alike: defaultdict[str, list[Candidate]] = defaultdict(list)
    for own in compounds:
        alike[own.reading].append(own)
    made = []
    for own in compounds:
        usual = min(alike[own.reading], key=lambda one: (-one.counts.people, one.word))
        # Not a letter in common: another word that is read alike by chance.
        if own.reading and usual.word != own.word and set(usual.word) & set(own.word):
            why = f"{own.why}「{usual.word}」と読みが同じなので、正規形をそろえました。"
            made.append(own._replace(normalized=usual.normalized, why=why))
        else:
            made.append(own)
    return made


def _collect(material: Material) -> _Stretches:
    counts: Counter[Gram] = Counter()
    places: defaultdict[Gram, list[int]] = defaultdict(list)
    words_of: dict[Gram, tuple[Word, ...]] = {}
    n_words = 0
    for place, words in enumerate(material.words):
        n_words += len(words)
        for start, end in _noun_runs(words):
            for begin in range(start, end):
                # One word more: five words that stand in six are cut off in the middle.
                for stop in range(begin + 1, min(end, begin + MOST_PARTS + 1) + 1):
                    gram = tuple(own.surface for own in words[begin:stop])
                    counts[gram] += 1
                    places[gram].append(place)
                    words_of.setdefault(gram, words[begin:stop])
    alike: defaultdict[Gram, list[Gram]] = defaultdict(list)
    for gram, words in words_of.items():
        alike[tuple(own.word for own in words)].append(gram)
    return _Stretches(counts, dict(places), words_of, dict(alike), n_words)


def _noun_runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Begin and end of every longest stretch of nouns and what is put before and behind them."""
    start = None
    for place, own in enumerate(words):
        if _joins(own):
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(words)


def _joins(word: Word) -> bool:
    affix = word.pos[0] == "接頭辞" or (word.pos[0] == "接尾辞" and word.pos[1] == "名詞的")
    return affix or is_noun(word) or is_person(word) or word.pos[:2] == ("形状詞", "一般")


def _is_whole(words: Sequence[Word], stopwords: Collection[str]) -> bool:
    """Whether a stretch may be a word: nothing at its edges that only leans on one."""
    first, last = words[0], words[-1]
    if first.pos[0] == "接尾辞" or last.pos[0] in {"接頭辞", "形状詞"}:
        return False
    if last.surface in words_of("敬称"):  # what stands before it may be somebody's name
        return False
    if {first.surface, first.word} & _LOOSE_BEGINS or {last.surface, last.word} & _LOOSE_ENDS:
        return False
    if first.word in stopwords or last.word in stopwords:
        return False
    if all(own.pos[2] == "地名" for own in words):  # 「大阪京都」 is two places
        return False
    # 「西山公園」 is a place; whatever else begins with a surname may be a person.
    persons = words[1:] if last.surface in words_of("施設") else words
    return not (first.pos[2] in _NO_EDGE or last.pos[2] in _NO_EDGE or any(map(is_person, persons)))


def _parts(gram: Gram) -> Iterator[Gram]:
    """Shorter stretches inside one, each once."""
    n = len(gram)
    inside = {gram[start:end] for start in range(n) for end in range(start + 1, n + 1)}
    return iter(sorted(inside - {gram}))


def _stands_inside(gram: Gram, longer: Sequence[Gram], counts: Counter[Gram]) -> bool:
    return any(counts[own] >= INSIDE * counts[gram] for own in longer)


def _cohesion(gram: Gram, stretches: _Stretches) -> float:
    """Normalized pointwise mutual information at the weakest seam, -1 to 1."""
    n = stretches.n_words
    whole = stretches.counts[gram] / n
    seams = (
        math.log(whole / (stretches.counts[gram[:cut]] / n * (stretches.counts[gram[cut:]] / n)))
        for cut in range(1, len(gram))
    )
    return round(min(seams) / -math.log(whole), 6) if whole < 1.0 else 1.0


def _c_value(gram: Gram, longer: Sequence[Gram], counts: Counter[Gram]) -> float:
    nested = sum(counts[own] for own in longer) / len(longer) if longer else 0.0
    return round(math.log2(len(gram)) * (counts[gram] - nested), 6)


def _normalized(gram: Gram, stretches: _Stretches) -> str:
    """The way of writing that is used most of all that Sudachi takes for the same words."""
    same = stretches.alike[tuple(own.word for own in stretches.words[gram])]
    usual: Gram = min(same, key=lambda own: (-stretches.counts[own], own))
    return as_looked_up("".join(usual))


def _reading(words: Sequence[Word]) -> str:
    readings = [
        own.reading if is_reading(own.reading) else reading_of(own.surface) for own in words
    ]
    return "".join(readings) if all(readings) else ""


def _is_place(words: Sequence[Word]) -> bool:
    named = any(own.pos[2] == "地名" for own in words)
    return named and (words[-1].pos[2] == "地名" or words[-1].surface in _TOWN)
