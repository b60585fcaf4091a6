"""Which side an opinion takes: something is lacking, wished for, bad or good.

Read from the words of the text alone, never from the question: an opinion under
「良い影響は？」 need not praise. Only general evaluations of Japanese are listed;
what they are about is no matter of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.tokens import Token

LACK: Final = "lack"
WISH: Final = "wish"
BAD: Final = "bad"
GOOD: Final = "good"
WANT: Final = "want"
"""What somebody wants to do, 「県外に行きたい」, rather than to have."""

NEEDS: Final = frozenset([LACK, WISH, BAD])
"""Sides that ask for a change."""

_WORDS: Final[dict[str, frozenset[str]]] = {
    LACK: frozenset(["少ない", "不足", "乏しい", "無し", "足りず", "皆無", "物足りない", "数少ない"]),
    WISH: frozenset(
        ["欲しい", "べし", "望む", "願う", "求める", "希望", "要望", "必要", "増やす", "誘致", "もっと", "期待", "御願い", "願い"]
    ),
    WANT: frozenset(["たい"]),
    BAD: frozenset(
        ["不便", "不満", "不安", "心配", "問題", "悪い", "困る", "危ない", "危険", "怖い", "大変", "辛い", "酷い",
         "残念", "迷惑", "煩い", "汚い", "臭い", "暗い", "狭い", "遅い", "遠い", "高い", "古い", "寂しい", "嫌", "嫌い",
         "詰まらない", "面倒", "無駄", "負担", "悪化", "低下", "減る", "減少", "衰退", "過疎", "不十分", "低い", "難しい",
         "厳しい", "苦しい", "不自由", "渋滞", "事故", "犯罪", "ポイ捨て", "無くなる", "閉鎖", "がたがた", "懸念",
         "マイナス", "デメリット", "支障", "荒れる", "遅れる", "中途半端"]
    ),
    GOOD: frozenset(
        ["良い", "好き", "大好き", "豊か", "便利", "楽しい", "奇麗", "美しい", "優しい", "親切", "温かい", "暖かい",
         "美味しい", "旨い", "静か", "長閑", "穏やか", "安心", "安全", "平和", "素晴らしい", "最高", "嬉しい", "有り難い",
         "有り難う", "感謝", "満足", "幸せ", "落ち着く", "誇り", "自慢", "賑やか", "盛ん", "恵まれる", "楽",
         "快適", "助かる", "程良い", "丁度良い", "気に入る", "面白い", "凄い", "気持ち良い", "手厚い", "メリット", "のんびり"]
    ),
}  # fmt: skip
_EASE: Final = {"易い": GOOD, "辛い": BAD, "難い": BAD}
_NEGATIONS: Final = frozenset(["ない", "ず", "無い"])
_OPPOSITE: Final = {GOOD: BAD, BAD: GOOD, WISH: BAD, WANT: BAD, LACK: ""}
# Whose lack is good; by themselves they take no side.
_HARMS: Final = frozenset(["災害", "被害", "地震", "台風", "津波", "塵", "ゴミ", "虫", "混雑"])
# Verbs whose denial means that something is lacking.
_THERE: Final = frozenset(["居る", "出来る", "足りる", "有る"])

_SIDE_OF: Final = {word: side for side, words in reversed(_WORDS.items()) for word in words}
_ASKED_FOR: Final = "下さる"
_TELLING: Final = frozenset(_SIDE_OF) | _EASE.keys() | _NEGATIONS | _HARMS | {_ASKED_FOR}


def sides(tokens: Sequence[Token]) -> frozenset[str]:
    """Sides that the words take, their denial heard: 「不便はない」 is good, 「良くない」 bad."""
    # Most words take no side.
    telling = [place for place, token in enumerate(tokens) if token.word in _TELLING]
    taken: set[str] = set()
    denials: set[int] = set()
    for place in telling:
        token = tokens[place]
        harm = token.word in _HARMS
        side = _side_of(token)
        if place in denials or not (side or harm):
            continue
        denied = _denied(tokens, place, lacks=side == BAD or harm)
        if harm:
            side = BAD if denied else ""
        if side:
            denials |= {denied} if denied else set()
            taken.add(_OPPOSITE[side] if denied else side)
    for place in telling:
        token = tokens[place]
        if token.word in _NEGATIONS and place not in denials and place:
            before = tokens[place - 1]
            missing = token.word == "無い" and not before.form
            if missing or before.word in _THERE:
                taken.add(LACK)
    return frozenset(taken - {""})


def _side_of(token: Token) -> str:
    if token.word in _EASE and token.pos.startswith("接尾辞"):
        return _EASE[token.word]
    if token.word == _ASKED_FOR:
        return WISH if token.form.startswith("命令形") else ""
    return _SIDE_OF.get(token.word, "")


def _denied(tokens: Sequence[Token], place: int, *, lacks: bool) -> int:
    """Place of the word that denies the one at `place`, or says that it is rare; 0 if none."""
    for after in range(place + 1, min(place + 5, len(tokens))):
        token = tokens[after]
        if token.word in _NEGATIONS or (lacks and token.word == "少ない"):
            return after
        if not token.pos.startswith(("助詞", "助動詞", "接尾辞", "動詞-非自立", "副詞")) and (
            token.word not in {"所", "事", "訳", "感じる", "思う"}
        ):
            return 0
    return 0
