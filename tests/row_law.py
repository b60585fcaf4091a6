"""The law of rows: what an answer says is in exactly one opinion or set aside, to the character.

What the code promises, and what is checked here without its help:

* every answer has at least one row in ``opinions`` or in ``set_aside``;
* ``raw_text[start:end]`` of both is inside the answer and not empty;
* no character is in two of them;
* a character in none of them is white space, punctuation, a symbol, or part of the mark
  of a list (``1.``, ``(2)``, ``（ア）``, ``イ．``, ``①``) at the beginning of what follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

# A number or one or two letters, as people number what they write.
_MARK: Final = (
    r"(?:[①-⑳❶-❿]"
    r"|[（(][0-9０-９一二三四五六七八九十ァ-ンa-zA-Zａ-ｚＡ-Ｚ]{1,2}[）)]"
    r"|[0-9０-９]{1,2}[.．、:：)）]"
    r"|[ァ-ン][.．)）])"
)
_NO_WORDS: Final = re.compile(rf"(?:{_MARK}|[\W_])*")


def broken(answers: pd.DataFrame, opinions: pd.DataFrame, set_aside: pd.DataFrame) -> Iterator[str]:
    """What of the law does not hold, one sentence each; nothing where it holds."""
    raw = dict(zip(answers["answer_id"], answers["raw_text"], strict=True))
    if len(raw) != len(answers):
        yield "an answer's id stands twice"
    if opinions["opinion_id"].duplicated().any():
        yield "an opinion's id stands twice"
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for table in (opinions, set_aside):
        for own, start, end in zip(table["answer_id"], table["start"], table["end"], strict=True):
            spans[own].append((int(start), int(end)))
    for unknown in sorted(spans.keys() - raw.keys()):
        yield f"{unknown}: there is no such answer"
    for own, text in raw.items():
        yield from (f"{own}: {why} ({text!r}, {spans[own]})" for why in _broken(text, spans[own]))


def _broken(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    if not spans:
        yield "in no opinion and not set aside"
        return
    place = 0
    for start, end in sorted(spans):
        if not (0 <= start < end <= len(text)):
            yield f"{start}:{end} is no part of it"
        if start < place:
            yield f"{start}:{place} stands twice"
        elif not _NO_WORDS.fullmatch(text[place:start]):
            yield f"{text[place:start]!r} is nowhere"
        place = max(place, end)
    if not _NO_WORDS.fullmatch(text[place:]):
        yield f"{text[place:]!r} is nowhere"
