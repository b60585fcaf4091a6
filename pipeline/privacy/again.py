"""Names that were told to be ones elsewhere in the same text: 「佐藤さんが…。佐藤は…」."""

from __future__ import annotations

import functools
import re
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
# Surname and given name in kanji, with or without a space.
_FULL_NAME = re.compile("(?=.{3,9}$)[一-龠々]{1,5}[ 　]?[一-龠々]{1,4}")


def known_names(names: Iterable[str]) -> frozenset[str]:
    """Full names, and parts of names as far as they cannot mean a place or a common word."""
    found: set[str] = set()
    whole: set[str] = set()
    for name in names:
        words = split_words(name)
        found.update(word.surface for word in words if word.kind in _OF_PEOPLE)
        of_people = any(word.kind in _OF_PEOPLE for word in words)
        if len(words) > 1 and of_people and _FULL_NAME.fullmatch(name):
            whole.add(name)
    common = words_of("普通の語") | words_of("呼び名")
    return frozenset(whole) | frozenset(
        own
        for own in found
        if len(own) >= 2 and own not in common and not is_place(own) and not is_common(own)
    )


_plain = functools.lru_cache(maxsize=4096)(plain_form)


def find_again(sentence: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Where one of these names stands once more in a sentence."""
    plain = plain_form(sentence)
    if not any(name in plain or _plain(name) in plain for name in known):
        return []
    found = [
        own.span()
        for name in sorted(known)
        if _FULL_NAME.fullmatch(name)
        for own in re.finditer(re.escape(_plain(name)), plain)
        # Three kanji may be a surname alone, and 栗花落橋 a bridge.
        if len(name) > 3 or not names_a_place(plain, own.end())
    ]
    for word in split_words(sentence):
        if word.surface not in known or word.kind not in _OF_PEOPLE:
            continue
        if not names_a_place(plain, word.end):
            found.append((word.start, word.end))
    return _joined(found)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
