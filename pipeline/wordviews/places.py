"""Where a word stands: as it is written, and in every form that has the same normalized form.

「あそぶ」 finds 遊べる, 「子供」 finds こども. A word is met where words of the texts begin and
end: 「道」 is not met in 水道, which is told apart as a longer word that holds it.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.errors import UsageError
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pipeline.tokentable import TokenTable

INSIDE_SHOWN: Final = 8
"""Longer words that are named."""


class Place(NamedTuple):
    """Where a word stands: row of the opinion, its tokens, characters of its text.

    ``last`` is the first token behind it.
    """

    row: int
    first: int
    last: int
    start: int
    end: int


class Wanted(NamedTuple):
    """A word that is looked for.

    Attributes
    ----------
    written
        As it was given, in half width where there is one.
    forms
        Its normalized forms, one or several.
    """

    written: str
    forms: tuple[str, ...]


def wanted_word(word: str) -> Wanted:
    """Normalize a word that somebody asks for.

    Raises
    ------
    UsageError
        It is empty.

    Examples
    --------
    >>> wanted_word("あそぶ")
    Wanted(written='あそぶ', forms=('遊ぶ',))
    """
    written = " ".join(unicodedata.normalize("NFKC", word).split())
    forms = tuple(token.word for token in default_tokenizer().tokenize(written))
    if not forms:
        raise UsageError(
            "探す言葉がありません。", remedy="kadai kwic バス のように、言葉を1つ指定してください。"
        )
    return Wanted(written, forms)


def find_places(wanted: Wanted, texts: Sequence[str], tokens: TokenTable) -> list[Place]:
    """Places of a word, in the order of the texts; none overlaps another."""
    ends = tokens.starts + _lengths(tokens)[tokens.type_ids]
    spans = {*_by_form(wanted.forms, tokens), *_as_written(wanted.written, texts, tokens, ends)}
    rows = np.searchsorted(tokens.offsets, [first for first, _ in spans], side="right") - 1
    found: list[Place] = []
    for row, first, last in sorted(
        zip(rows.tolist(), *zip(*spans, strict=True), strict=True) if spans else (),
        key=lambda own: (own[0], own[1], -own[2]),
    ):
        start, end = int(tokens.starts[first]), int(ends[last - 1])
        # 「…」 is three words of the dictionary, of which the last two have no letters.
        if start < end and (not found or found[-1].row != row or found[-1].end <= start):
            found.append(Place(row, first, last, start, end))
    return found


def longer_words(
    wanted: Wanted, tokens: TokenTable, places: Collection[Place]
) -> list[tuple[str, int]]:
    """Words of the texts that hold the word in their midst, and how often each stands there."""
    own = {token for place in places for token in range(place.first, place.last)}
    holds = np.array(
        [wanted.written in one.surface and wanted.written != one.surface for one in tokens.types],
        dtype=np.bool_,
    )
    met = np.flatnonzero(holds[tokens.type_ids]) if len(holds) else np.zeros(0, dtype=np.int64)
    counts = Counter(
        tokens.types[tokens.type_ids[token]].surface for token in met.tolist() if token not in own
    )
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def nothing_found(wanted: Wanted, tokens: TokenTable) -> UsageError:
    """What to say of a word that stands nowhere: words that are like it."""
    known = {own.word for own in tokens.types} | {own.surface for own in tokens.types}
    written = wanted.written
    holding = sorted((own for own in known if written in own), key=lambda own: (len(own), own))
    alike = difflib.get_close_matches(written, sorted(known), INSIDE_SHOWN)
    parts = sorted(
        (own for own in known if own in written and own.isalnum() and (len(own) > 1 or own > "一")),
        key=lambda own: (-len(own), own),
    )
    near = list(dict.fromkeys([*holding, *alike, *parts]))[:INSIDE_SHOWN]
    return UsageError(
        f"「{written}」は、この結果の意見に出てきません。",
        remedy=f"書き方を変えてみてください（似た言葉: {'、'.join(near)}）。"
        if near
        else "ほかの言葉で試してください。",
    )


def _lengths(tokens: TokenTable) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([len(own.surface) for own in tokens.types], dtype=np.int32)


def _by_form(forms: Sequence[str], tokens: TokenTable) -> Iterator[tuple[int, int]]:
    """First token and the one behind the last of every sequence of these normalized forms."""
    n = len(forms)
    if not len(tokens.types):
        return
    alike = np.stack([np.array([own.word == form for own in tokens.types]) for form in forms])
    firsts = np.flatnonzero(alike[0][tokens.type_ids])
    ends = tokens.offsets[np.searchsorted(tokens.offsets, firsts, side="right")]
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        if first + n <= end and all(
            alike[step, tokens.type_ids[first + step]] for step in range(1, n)
        ):
            yield first, first + n


def _as_written(
    written: str,
    texts: Sequence[str],
    tokens: TokenTable,
    ends: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
) -> Iterator[tuple[int, int]]:
    """The same of every place where the word stands letter by letter, from word to word."""
    for row, text in enumerate(texts):
        start = text.find(written)
        if start < 0:
            continue
        low, high = int(tokens.offsets[row]), int(tokens.offsets[row + 1])
        begins = {own: low + at for at, own in enumerate(tokens.starts[low:high].tolist())}
        stops = {own: low + at + 1 for at, own in enumerate(ends[low:high].tolist())}
        while start >= 0:
            if start in begins and start + len(written) in stops:
                yield begins[start], stops[start + len(written)]
            start = text.find(written, start + 1)
