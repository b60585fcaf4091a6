"""Words that enough people used, as Kadai counts them: what variants and synonyms are among."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.features import is_content_word
from pipeline.keywords import most_frequent
from pipeline.vocabulary.material import LEAST_PEOPLE, is_noun
from pipeline.vocabulary.unknown import to_katakana

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.vocabulary.material import Counts, Material, Word


class Used(NamedTuple):
    """A noun as it is counted.

    Attributes
    ----------
    word
        Normalized form, synonyms merged.
    surface, reading
        The way of writing that is used most, and how that is read most often.
    places
        Texts that it stands in.
    """

    word: str
    surface: str
    reading: str
    is_unknown: bool
    groups: frozenset[int]
    counts: Counts
    places: tuple[int, ...]


def nouns_of(material: Material, stopwords: Collection[str]) -> list[Used]:
    """Nouns that say what an opinion is about and that enough people used, sorted by word.

    Names of people and of places are none: the one may not be shown, the other are no
    synonyms of each other.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    words: defaultdict[str, list[Word]] = defaultdict(list)
    stop = frozenset(stopwords)
    for place, own_words in enumerate(material.words):
        for own in own_words:
            if is_noun(own) and own.pos[2] != "地名":
                places[own.word].append(place)
                words[own.word].append(own)
    found = []
    for word in sorted(places):
        if not is_content_word(word, "名詞-普通名詞-一般", stop):
            continue
        counts = material.count(places[word])
        if counts.people < LEAST_PEOPLE:
            continue
        surface = most_frequent(Counter(own.surface for own in words[word]))
        same = [own for own in words[word] if own.surface == surface]
        found.append(
            Used(
                word,
                surface,
                to_katakana(most_frequent(Counter(own.reading for own in same))),
                all(own.is_unknown for own in words[word]),
                frozenset(group for own in words[word] for group in own.groups),
                counts,
                tuple(sorted(set(places[word]))),
            )
        )
    return found
