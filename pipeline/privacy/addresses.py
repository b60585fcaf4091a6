"""Street addresses down to the block: 「青葉市北町3-5-12」, 「北町三丁目五番十二号」, 「青葉ハイツ203号室」."""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.privacy.digits import DIGIT, HYPHEN
from pipeline.privacy.lexicon import words_of
from pipeline.privacy.scanning import Rule, cut_out
from pipeline.privacy.spans import PersonalSpan

_KANJI: Final = "一-龠々〆ヶヵ髙﨑𠮷"
_N: Final = rf"(?:{DIGIT}{{1,4}}|[〇一二三四五六七八九十百千]{{1,5}})"
_CHOME: Final = rf"{_N}[ 　]?丁目"
# What follows a number that counts something: 「1丁目2-3人」 is no house.
_NO_UNIT: Final = rf"(?!{DIGIT}|[ 　]?(?:[円人名件個回台歩年度分時歳万千億軒戸％%階組班月日位点割倍％本枚km]|メートル|キロ|ヶ月|か月|丁目|番線|学年|世帯))"
_LEAF: Final = rf"(?:(?:の|{HYPHEN})?{_N}(?!{DIGIT}))"
_BLOCK: Final = (
    # 五番十二号, 12番地, 12番地の3, 12番3号
    rf"(?:{_N}[ 　]?番地(?!区)(?:{_LEAF}){{0,2}}(?:[ 　]?{DIGIT}{{1,3}}号)?"
    rf"|{_N}[ 　]?番[ 　]?(?:の[ 　]?)?{_N}[ 　]?号(?:{_LEAF})?"
    rf"|{_N}(?:の{_N}){{1,2}}(?:番地|号)?{_NO_UNIT}(?!の[0-9０-９]|[ヵカヶ])"
    rf"|{_N}(?:{HYPHEN}{_N}){{1,3}}(?:[ 　]?(?:番地|号)(?!線|車|室|区))?{_NO_UNIT})"
)
_AFTER_CHOME: Final = rf"(?:の|[ 　])?(?:{_BLOCK}|{_N}[ 　]?番(?!目|線|組|街|人|煎|台|地)(?:地)?|{DIGIT}{{1,4}}{_NO_UNIT}(?![、,]{DIGIT}|[～~〜]))"
# 青葉市, 西多摩郡, さいたま市, ひばりが丘, 大字本宿: what an address is made of before its numbers.
_PART: Final = rf"(?:[北南]{DIGIT}{{1,2}}条[東西]|[{_KANJI}ァ-ヶー・]|[ぁ-ん]{{2,5}}[がケヶ](?=[丘岡台原沢谷])|(?<=[都道府県市区町村郡])[ぁ-ん]{{2,4}}(?=[市区町村台])|(?<=[{_KANJI}])の(?=[内上下木瀬宮森里町原前])|(?<=[{_KANJI}])[がケ](?=[丘岡台原沢谷関崎]))"
_PLACE: Final = (
    rf"(?:(?<![ぁ-ん])[ぁ-ん]{{2,4}}(?=[市区町村])|(?<![ァ-ヶー{_KANJI}]))?{_PART}{{1,30}}"
)
_TOWN: Final = rf"{_PLACE}(?:(?<=[町村字区市台丘郷里原])|(?<=[都道府県市区郡町村].)|(?<=[都道府県市区郡町村]..)|(?<=[都道府県市区郡町村]...)|(?<=[都道府県市区郡町村]....))"
_SPACE: Final = "[ 　]?"
# 「資料1-2の家計」, 「国道8の2に住んでいる」: these have numbers and are no place.
_NO_PLACE: Final = (
    "(?<![表図問第約年週度])(?<!令和|平成|昭和|大正|西暦|資料|議案|人口|国道|県道|市道|平均|割合)"
)
# What says that somebody lives where a name without 町 stands: 「中谷77の3の空き家」
_LIVED_IN: Final = (
    "(?=に(?:住[みむん]|暮ら)|在住|の(?:空き?家|自宅(?![待療介学])|実家|家(?![庭族計賃事])))"
)
# 「302」「302号室」, 「A棟201」
_ROOM: Final = rf"(?:{DIGIT}{{1,3}}{HYPHEN}{DIGIT}{{3,4}}(?:号室?)?(?!{DIGIT}|{HYPHEN}|[年月人円])|(?:[A-ZＡ-Ｚ]棟|{DIGIT}{{1,2}}号?棟)?[ 　\-－]?(?:[A-ZＡ-Ｚ]?[\-－]?{DIGIT}{{2,4}}(?:号室|号|室)?(?!{DIGIT}|[年月人円名件世戸軒])|{DIGIT}{{1,4}}号室))"
_LABELS: Final = re.compile(
    "(?:現住所|住所|所在地|居住地|自宅|実家|本籍(?:地)?|在住|場所|住まい|[私僕俺家]|現在|番地|以前|例|元|旧)+(?=.)"
)


@functools.cache
def _rules() -> tuple[Rule, ...]:
    buildings = "|".join(sorted(words_of("建物"), key=lambda word: (-len(word), word)))
    building = (
        rf"(?:(?:[{_KANJI}ァ-ヶーA-Za-zＡ-Ｚａ-ｚ・ⅠⅡⅢ]|[がケ](?=[丘岡台原])){{0,15}}(?:{buildings})"
        rf"[{_KANJI}ぁ-んァ-ヶーA-Za-zＡ-Ｚａ-ｚ・ⅠⅡⅢ]{{0,8}}(?:{_SPACE}|の){_ROOM})"
    )
    tail = rf"(?:[ 　、,]{{0,2}}{building}|{_SPACE}{DIGIT}{{1,4}}号室|{_SPACE}[{_KANJI}ァ-ヶー]{{2,12}}{DIGIT}{{2,4}}号室?)?"
    patterns = (
        rf"(?:{_PLACE}{_SPACE})?{_CHOME}{_AFTER_CHOME}{tail}",
        rf"{_TOWN}{_SPACE}{_BLOCK}{tail}",
        rf"(?:{_PLACE}{_SPACE})?{_N}番地(?!区)(?:{_LEAF}){{0,2}}(?!.{{0,2}}(?:変更|整理)){tail}",
        rf"(?:{_PLACE}{_SPACE})?{_N}番[ 　]?(?:の[ 　]?)?{_N}号(?![線車室])(?:{_LEAF})?{tail}",
        # 青葉市北町1234
        rf"(?:{_PLACE})?[市郡区](?:{_PART}{{1,8}})[町村字郷]{_SPACE}{DIGIT}{{1,5}}(?:の{DIGIT}{{1,3}})?{_NO_UNIT}(?!{HYPHEN}|[、,～〜~]|丁)(?=[ 　。、,\n)）]|に|の|で|$)",
        rf"(?:大字|(?:(?<=[町村市郡区])|(?<![{_KANJI}]))字)[{_KANJI}ァ-ヶー]{{1,8}}?{_SPACE}{DIGIT}{{1,5}}(?:(?:の|{HYPHEN}){DIGIT}{{1,4}})?{_NO_UNIT}",
        rf"(?<![{_KANJI}])[{_KANJI}]{{2,6}}{_NO_PLACE}{_SPACE}{DIGIT}{{1,4}}(?:の|{HYPHEN}){DIGIT}{{1,3}}{_LIVED_IN}",
        rf"{building[:-1]}(?:(?<=[号室])|(?<={HYPHEN}{DIGIT}{DIGIT}{DIGIT})))",
    )
    return tuple(Rule("住所", re.compile(f"({pattern})")) for pattern in patterns)


# 「改革の一丁目一番地」: where one begins.
_FIGURE_OF_SPEECH: Final = re.compile("[1１一][ 　]?丁目[ 　]?[1１一][ 　]?番地")
_SIGNS: Final = re.compile(
    "丁目|番地?|号|家|自宅|住[みむん]|在住|暮ら|[町村字区市台丘郷条里原].{0,5}[0-9０-９〇一二三四五六七八九十]"
)

_NUMERAL: Final = "[0-9０-９〇一二三四五六七八九十百千]"
_MAY_BE: Final = re.compile(
    rf"{DIGIT}(?:{DIGIT}|号室)|{_NUMERAL}(?:[ 　]?(?:丁目|番)|(?:の|{HYPHEN}){_NUMERAL})"
    rf"|[町村字郷][ 　]?{DIGIT}|字[{_KANJI}ァ-ヶー]{{1,8}}[ 　]?{DIGIT}"
)
"""What every rule above needs a part of."""


def find_addresses(text: str, pieces: list[tuple[int, int]]) -> list[PersonalSpan]:
    """Addresses down to the block or the house in pieces of a text.

    A district (「田無町」), a crossing or 「3丁目の公園」 is no address of a person.
    """
    if not _MAY_BE.search(text):
        return []
    found: list[PersonalSpan] = []
    left = [one for one in pieces if _SIGNS.search(text, *one)]
    for rule in _rules() if left else ():
        spans, left = cut_out(text, left, rule)
        found += [
            _without_words(text, PersonalSpan(*span))
            for span in spans
            if not _FIGURE_OF_SPEECH.fullmatch(text[span[0] : span[1]])
        ]
    return sorted(found)


def _without_words(text: str, span: PersonalSpan) -> PersonalSpan:
    """「住所北町3-5」: the word before an address is none of it."""
    before = _LABELS.match(text, span.start, span.end)
    return span._replace(start=before.end()) if before else span
