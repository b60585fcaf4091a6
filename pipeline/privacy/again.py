"""Names that were told to be ones elsewhere in the same text: 「佐藤さんが…。佐藤は…」."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.privacy.lexicon import (
    is_common,
    is_place,
    names_a_place,
    plain_form,
    split_words,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_OF_PEOPLE = frozenset({"family", "given", "name"})


def known_names(names: Iterable[str]) -> frozenset[str]:
    """Names and their parts, as far as they cannot mean a place or a common word."""
    found: set[str] = set()
    for name in names:
        found.update(word.surface for word in split_words(name) if word.kind in _OF_PEOPLE)
    common = words_of("普通の語") | words_of("呼び名")
    return frozenset(
        own
        for own in found
        if len(own) >= 2 and own not in common and not is_place(own) and not is_common(own)
    )


def find_again(sentence: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Where one of these names stands once more in a sentence."""
    plain = plain_form(sentence)
    if not any(name in plain for name in known):
        return []
    found = []
    for word in split_words(sentence):
        if word.surface not in known or word.kind not in _OF_PEOPLE:
            continue
        if not names_a_place(plain, word.end):
            found.append((word.start, word.end))
    return found
