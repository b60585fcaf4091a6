"""Opinions that say the same in the same words, counted once and shown with their number.

Two opinions are the same when their folded wordings are equal, when their words
follow each other in the same order (「遊ぶ場所が少ない」「遊べる場所少ない。」),
or when they are long, nearly equal letter by letter, and differ only in words
that add nothing (form letters with small edits: 「ぜひ」「と思います」).
"""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from pipeline.nearness import first_near
from pipeline.normalize import fold
from pipeline.tokentable import TokenTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.tokentable import Token

LONG_TEXT: Final = 20
"""Folded characters from which small edits are looked for."""

_NO_WORDS: Final = ("補助記号", "記号", "空白", "感動詞")
# What may be there or not without another meaning. Every other particle and
# auxiliary stays: より, か, だけ, しか, れる, たい, た, べき and, above all, ない.
_LIGHT: Final = {
    "助詞-格助詞": frozenset("がをのにへで"),
    "助詞-係助詞": frozenset("はも"),
    "助詞-準体助詞": frozenset("の"),
    "助詞-接続助詞": frozenset(["から", "ので", "て", "し", "が", "けれど", "けど"]),
    "助詞-終助詞": frozenset(["ね", "よ", "わ", "さ", "な", "なあ", "の"]),
    "助動詞": frozenset(["です", "ます", "だ"]),
}
_DENIALS: Final = frozenset(["ない", "ず", "へん"])
# What a form letter may have more or less of. Nothing else: an added noun is another
# demand (「観光バスを増やす」), an added verb may turn it round (「増やすのをやめる」).
_EMPHASIS: Final = {
    "副詞": frozenset(["是非", "何とぞ", "迚も", "特に", "大変", "必ず", "矢張り", "先ず", "切に", "宜しく"]),
    "接続詞": frozenset(["又", "そして", "更に", "猶"]),
    "連体詞": frozenset(["此の", "其の"]),
    "代名詞": frozenset(["私", "僕", "俺", "我々"]),
    "名詞-普通名詞-副詞可能": frozenset(["今後"]),
    "接頭辞": frozenset(["御"]),
}  # fmt: skip
_BEFORE_NI: Final = frozenset(["本当", "非常", "絶対"])
_SPEAKERS: Final = frozenset(
    ["達", "等", "共", "住民", "市民", "町民", "村民", "区民", "県民", "一同"]
)
_THINK: Final = frozenset(["思う", "考える", "感じる", "存じる"])
_ASK: Final = frozenset(["願い", "願う", "為る", "致す", "申す", "上げる"])
# Of these the neighbours say whether they add something.
_SEEN_BESIDE: Final = _BEFORE_NI | _SPEAKERS | _THINK | _ASK | {"どう", "と", "か"}

_KEY: Final = 16
"""Bytes of a key."""


class Wording(NamedTuple):
    """What two opinions that say the same have in common.

    Attributes
    ----------
    words
        Key of the words that change something, in their order: 16 bytes.
    core
        Key of those that a form letter may not have more or less of, run together:
        a line break inside a word does not make another letter. 16 bytes, none where
        the text is short or has no such word.
    """

    words: bytes
    core: bytes


class Wordings(NamedTuple):
    """Wordings as columns, one entry a text; ``cores`` is null where there is none.

    Parts are put together with :func:`pyarrow.chunked_array`.
    """

    words: pa.FixedSizeBinaryArray | pa.ChunkedArray
    cores: pa.FixedSizeBinaryArray | pa.ChunkedArray


class _Traits(NamedTuple):
    """What matters here of a word, whatever stands beside it.

    Attributes
    ----------
    surface, word, pos, form
        Those of a token.
    told
        What it counts as; None where it changes nothing.
    written
        It counts as its surface before a denial.
    verb, denial
        Whether it is one.
    ending
        What it counts as behind a verb, where that is something else.
    soft
        Whether a form letter says the same without it; None: see what stands beside it.
    """

    surface: str
    word: str
    pos: str
    form: str
    told: str | None
    written: bool
    verb: bool
    denial: bool
    ending: str | None
    soft: bool | None


def first_of_same(
    ids: Sequence[str], texts: Sequence[str], tokens: Sequence[Sequence[Token]]
) -> list[str]:
    """For every opinion the id of the one that stands for it; its own if it stands for itself.

    Parameters
    ----------
    ids, texts, tokens
        Of the same length, one entry an opinion.

    Returns
    -------
    list of str
        The opinion that stands for several is the one with the most frequent
        wording, then the shortest, then the smallest id: the order of the input
        does not matter.
    """
    folded = [fold(text) or text for text in texts]
    return first_of_wordings(ids, texts, folded, wordings_of(tokens, folded), tokens)


def first_of_wordings(
    ids: Sequence[str],
    texts: Sequence[str],
    folded: Sequence[str],
    wordings: Wordings,
    tokens: Sequence[Sequence[Token]],
) -> list[str]:
    """:func:`first_of_same` where the wordings are known already.

    Parameters
    ----------
    folded
        :func:`pipeline.normalize.fold` of every text; the text where that is empty.
    tokens
        Read for those only that may be nearly the same as another.
    """
    groups = _codes(wordings.words)
    sizes = np.bincount(groups)
    near = _joined_letters(groups, sizes, _codes(wordings.cores), folded, tokens)
    groups = near[groups]
    several = np.flatnonzero(np.bincount(groups, minlength=len(sizes))[groups] > 1)
    column = folded if isinstance(folded, ExtensionArray) else np.array(folded, dtype=object)
    of_wording, _ = pd.factorize(column)
    frequency = np.bincount(of_wording)[of_wording[several]].tolist() if len(several) else []
    best: dict[int, tuple[int, int, str, str]] = {}
    own_groups = groups[several].tolist()
    rows = zip(own_groups, frequency, _some(texts, several), _some(ids, several), strict=True)
    for group, count, text, own in rows:
        rank = (-count, len(text), text, own)
        if group not in best or rank < best[group]:
            best[group] = rank
    stands_for = list(ids)
    for group, row in zip(own_groups, several.tolist(), strict=True):
        stands_for[row] = best[group][-1]
    return stands_for


def _some(column: Sequence[str], rows: NDArray[np.int64]) -> list[str]:
    """Some entries of a column, at once where it is one of pandas."""
    if isinstance(column, ExtensionArray):
        taken: list[str] = column.take(rows).tolist()
        return taken
    return [column[row] for row in rows.tolist()]


def wording_of(tokens: Sequence[Token], folded: str) -> Wording:
    """Wording of one text.

    Parameters
    ----------
    folded
        :func:`pipeline.normalize.fold` of the text; the text where that is empty.
    """
    return _keyed(_traits_of(tokens), folded)


def wordings_of(tokens: Sequence[Sequence[Token]], folded: Sequence[str]) -> Wordings:
    """:func:`wording_of` of many texts; at its fastest for a :class:`TokenTable`."""
    words: list[bytes] = []
    cores: list[bytes | None] = []
    for traits, key in zip(_rows_of_traits(tokens), folded, strict=True):
        own, core = _keyed(traits, key)
        words.append(own)
        cores.append(core or None)
    return Wordings(pa.array(words, pa.binary(_KEY)), pa.array(cores, pa.binary(_KEY)))


def _rows_of_traits(tokens: Sequence[Sequence[Token]]) -> Iterator[list[_Traits]]:
    if not isinstance(tokens, TokenTable):
        yield from map(_traits_of, tokens)
        return
    traits = [_traits(*own) for own in tokens.types]
    for row in range(len(tokens)):
        yield [traits[number] for number in tokens.of_row(row)]


def _joined_letters(
    groups: NDArray[np.int64],
    sizes: NDArray[np.int64],
    cores: NDArray[np.int64],
    folded: Sequence[str],
    tokens: Sequence[Sequence[Token]],
) -> NDArray[np.int64]:
    """For every group of one wording the one that it joins, letter by letter; else itself.

    Parameters
    ----------
    groups, cores
        Numbers of the wording and of the core of every text; -1 for no core.
    sizes
        Texts in every group.
    """
    joins = np.arange(len(sizes))
    # Whose core nobody in other words has is near nobody: most need not be looked at.
    long = np.flatnonzero(cores >= 0)
    pairs = np.unique(cores[long] * len(sizes) + groups[long])
    core, own = np.divmod(pairs, max(1, len(sizes)))
    shared = np.zeros(len(sizes), np.bool_)
    shared[own[np.bincount(core)[core] > 1]] = True
    rows: dict[int, list[int]] = defaultdict(list)
    for row in long[shared[groups[long]]].tolist():
        rows[int(groups[row])].append(row)
    # The most frequent wording comes first and others join it, never the other way round.
    words = {group: _spelled_out(_traits_of(tokens[rows[group][0]]))[0] for group in rows}
    order = sorted(rows, key=lambda group: (-sizes[group], words[group]))
    longest = [_longest(rows[group], cores, folded, tokens) for group in order]
    near = first_near([(folded[row], str(cores[row])) for row in longest])
    for group, first in zip(order, near, strict=True):
        joins[group] = order[first]
    return joins


def _longest(
    rows: Sequence[int],
    cores: NDArray[np.int64],
    folded: Sequence[str],
    tokens: Sequence[Sequence[Token]],
) -> int:
    """Text with the most letters."""
    top = max((len(folded[row]), folded[row]) for row in rows)[1]
    tied = {int(cores[row]): row for row in rows if folded[row] == top}
    if len(tied) == 1:
        return next(iter(tied.values()))
    return max(tied.values(), key=lambda row: _spelled_out(_traits_of(tokens[row]))[1])


def _codes(keys: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """Keys as numbers from 0; -1 for none."""
    column = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
    numbers = column.dictionary_encode().indices.fill_null(-1)
    codes: NDArray[np.int64] = numbers.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _keyed(traits: Sequence[_Traits], folded: str) -> Wording:
    words, core = _spelled_out(traits)
    letters = core if len(folded) >= LONG_TEXT else ""
    return Wording(_key("\0".join(words) if words else folded), _key(letters) if letters else b"")


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


def _spelled_out(traits: Sequence[_Traits]) -> tuple[tuple[str, ...], str]:
    """Words of a text in their order, without those that change nothing, and the core."""
    words: list[str] = []
    core: list[str] = []
    polite = [own for own in traits if own.word != "ます"]  # いません as いない
    soft = after_verb = False
    surface: str | None = None  # of a verb that stands last in `words` and may be denied
    for place, own in enumerate(polite):
        if own.denial and surface is not None:  # 「行けない」 is not 「行かない」
            words[-1] = surface
            if not soft:
                core[-1] = surface
        if own.soft is None:
            before = polite[place - 1] if place else None
            after = polite[place + 1] if place + 1 < len(polite) else None
            soft = _adds_nothing(before, own, after, after_soft=soft)
        else:
            soft = own.soft
        ending = own.ending if after_verb else None
        told = ending or own.told
        surface = own.surface if own.written and not ending else None
        after_verb = own.verb
        if told is not None:
            words.append(told)
            if not soft:
                core.append(told)
    return tuple(words), "".join(core)


def _traits_of(tokens: Sequence[Token]) -> list[_Traits]:
    return [_traits(*token[:4]) for token in tokens]


@functools.lru_cache(maxsize=1 << 16)
def _traits(surface: str, word: str, pos: str, form: str) -> _Traits:
    verb = pos.startswith("動詞")
    denial = word in _DENIALS
    told: str | None = None
    if denial:
        told = "ない"  # 分からない, 分からず
    elif not pos.startswith(_NO_WORDS) and word not in _light_words(pos):
        told = f"{word}!" if verb and form.startswith("命令形") else word  # 「仕事しろ」
    ending = None
    if not denial and surface == "ん":
        ending = "ない"  # 分からん
    elif not denial and word == "な" and pos == "助詞-終助詞":
        ending = "な"  # 「車を止めるな」
    soft: bool | None = word in _listed_words(pos)
    if soft:
        soft = None if word == "又" else True
    elif pos.startswith("形容詞") and word in ("強い", "凄い"):
        soft = form.startswith("連用形")  # 「強く求めます」
    elif word in _SEEN_BESIDE:
        soft = None
    written = verb and not denial and not form.startswith("命令形")
    return _Traits(surface, word, pos, form, told, written, verb, denial, ending, soft)


def _adds_nothing(
    before: _Traits | None, own: _Traits, after: _Traits | None, *, after_soft: bool
) -> bool:
    """Whether a form letter says the same with and without this word, as it stands here."""
    word, following = own.word, after.surface if after else ""
    if word in _listed_words(own.pos):
        return not (word == "又" and following == "は")  # 「または」
    if word in _BEFORE_NI:
        return following == "に"
    if word == "どう":  # 「どうか」, but not 「かどうか」
        return following == "か" and (before is None or before.word != "か")
    if word == "と":
        return after is not None and after.word in _THINK
    if before is None:
        return False
    if word in _THINK:
        return before.word == "と"
    return after_soft and (
        (word == "か" and before.word == "どう")
        or (word in _SPEAKERS and before.word in {*_SPEAKERS, *_listed_words("代名詞")})
        or (word in _ASK and before.word in {*_ASK, "御"})
    )


@functools.cache
def _listed_words(pos: str) -> frozenset[str]:
    return next((words for start, words in _EMPHASIS.items() if pos.startswith(start)), frozenset())


@functools.cache
def _light_words(pos: str) -> frozenset[str]:
    return next((words for start, words in _LIGHT.items() if pos.startswith(start)), frozenset())
