"""Opinions that say the same in the same words, counted once and shown with their number.

Two opinions are the same when their folded wordings are equal, when their words
follow each other in the same order (「遊ぶ場所が少ない」「遊べる場所少ない。」),
or when they are long, nearly equal letter by letter, and differ only in words
that add nothing (form letters with small edits: 「ぜひ」「と思います」).
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.nearness import first_near
from pipeline.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.tokens import Token

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


class _Wording(NamedTuple):
    """Words of an opinion in their order, without those that change nothing.

    Attributes
    ----------
    words
        What two opinions in the same words have in common.
    core
        The words that a form letter may not have more or less of, run together:
        a line break inside a word does not make another letter.
    """

    words: tuple[str, ...]
    core: str


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
    frequency = Counter(folded)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    cores: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    for row, (key, own) in enumerate(zip(folded, tokens, strict=True)):
        wording = _wording(own)
        words = wording.words or (key,)
        groups[words].append(row)
        if len(key) >= LONG_TEXT and wording.core:
            cores[words].add((key, wording.core))
    # The most frequent wording comes first and others join it, never the other way round.
    order = sorted(cores, key=lambda words: (-len(groups[words]), words))
    longest = [max(cores[words], key=lambda own: (len(own[0]), own)) for words in order]
    for words, first in zip(order, first_near(longest), strict=True):
        if order[first] != words:
            groups[order[first]] += groups.pop(words)

    stands_for = [""] * len(ids)
    for rows in groups.values():
        first = min(
            rows, key=lambda row: (-frequency[folded[row]], len(texts[row]), texts[row], ids[row])
        )
        for row in rows:
            stands_for[row] = ids[first]
    return stands_for


def _wording(tokens: Sequence[Token]) -> _Wording:
    words: list[str] = []
    core: list[str] = []
    polite = [token for token in tokens if token.word != "ます"]  # いません as いない
    soft = False
    for before, token, after in zip([None, *polite], polite, [*polite[1:], None], strict=False):
        soft = _adds_nothing(before, token, after, after_soft=soft)
        after_verb = before is not None and before.pos.startswith("動詞")
        if token.word in _DENIALS or (after_verb and token.surface == "ん"):
            words.append("ない")  # 分からない, 分からず, 分からん
        elif after_verb and token.word == "な" and token.pos == "助詞-終助詞":
            words.append("な")  # 「車を止めるな」
        elif not token.pos.startswith(_NO_WORDS) and token.word not in _light_words(token.pos):
            words.append(_told_apart(token, after))
        else:
            continue
        if not soft:
            core.append(words[-1])
    return _Wording(tuple(words), "".join(core))


def _adds_nothing(
    before: Token | None, token: Token, after: Token | None, *, after_soft: bool
) -> bool:
    """Whether a form letter says the same with and without this word."""
    word, following = token.word, after.surface if after else ""
    if word in _listed_words(token.pos):
        return not (word == "又" and following == "は")  # 「または」
    if token.pos.startswith("形容詞") and word in ("強い", "凄い"):
        return token.form.startswith("連用形")  # 「強く求めます」
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


def _told_apart(token: Token, after: Token | None) -> str:
    """Normalized word; the written form where Sudachi folds two meanings into one."""
    if not token.pos.startswith("動詞"):
        return token.word
    if token.form.startswith("命令形"):
        return f"{token.word}!"  # 「仕事しろ」 is not 「仕事する」
    if after is not None and after.word in _DENIALS:
        return token.surface  # 「行けない」 is not 「行かない」
    return token.word
