"""Names before a title: 佐藤さん, 山田課長, グエンさん."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.privacy import lexicon
from pipeline.privacy.kana import hiragana_name, katakana_name
from pipeline.privacy.latin import is_latin_name
from pipeline.privacy.lexicon import is_family, is_given, is_place, words_of
from pipeline.privacy.line import BEFORE_TITLE, HIRAGANA, KANJI, KATAKANA, titles
from pipeline.privacy.minutes import holds_an_office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.privacy.lexicon import Word
    from pipeline.privacy.line import Line

_SHORT: Final = frozenset("原関東南林森岡谷堀辻岸沖泉星柳堤菅桂榊乾滝牧畑梶槙")
_SEVERAL: Final = frozenset(
    before + after
    for before in ("", "の")
    for after in ("両名", "両氏", "両先生", "各氏", "両委員", "各委員", "両議員", "各議員")
)
# 「福井の各委員」: those of a place.
_OF_BODY: Final = frozenset({"の両委員", "の各委員", "の両議員", "の各議員"})
_FAMILY_ONLY: Final = frozenset(
    {"方", "邸", "ママ", "パパ", "夫妻", "夫婦", "ご夫妻", "ご夫婦", "一家", "宅", "家", "殿"}
)
_OF_TOWN: Final = {
    "市長": "市",
    "町長": "町",
    "村長": "村",
    "区長": "区",
    "市議": "市",
    "町議": "町",
}
_OF_STATE: Final = frozenset({"知事", "県議", "都議", "代表", "選手"})
_OF_PLACE: Final = frozenset(
    [
        "監督",
        "キャプテン",
        "コーチ",
        "会長",
        "館長",
        "園長",
        "院長",
        "校長",
        "所長",
        "店長",
        "議長",
        "団長",
        "隊長",
    ]
)


def find_titled(line: Line) -> Iterator[tuple[int, int]]:
    """Names before a title: 佐藤さん, 山田課長."""
    for place, word in enumerate(line.words):
        if place and (title := line.title(word.start)):
            start = _name_before(line, place, title)
            if start is not None:
                yield start, _trimmed(line, start, place)
                yield from _listed_before(line, place - 1, several=title in _SEVERAL)
        elif word.kind in {"family", "place"} and holds_an_office(line, place):
            yield word.start, word.end


def _listed_before(line: Line, place: int, *, several: bool) -> Iterator[tuple[int, int]]:
    """「三浦、本田両名」: the names in front of one that has a title."""
    while place >= 2 and line.words[place - 1].surface in "、・，,":
        word = line.words[place - 2]
        family = word.kind == "family" or (several and is_family(word.surface))
        town = is_place(word.surface) or lexicon.is_municipality(word.surface)
        if not family or (town and not several) or lexicon.is_prefecture(word.surface):
            return
        yield word.start, word.end
        place -= 2


def _trimmed(line: Line, start: int, place: int) -> int:
    """End of a name before a title: without white space and 元 or 前."""
    end = line.words[place].start
    if end - start >= 3 and line.text[end - 1] in "氏様":
        end -= 1
    while end > start and line.text[end - 1].isspace():
        end -= 1
    own = line.text[start:end]
    return end - 1 if len(own) >= 3 and own[-1] in "元前現故" and is_family(own[:-1]) else end


def _name_before(line: Line, place: int, title: str) -> int | None:
    """Where the name begins that a title belongs to."""
    last = place - 1
    if line.words[last].kind == "space" and last and _is_named(line, last - 1):
        last -= 1
    own = line.words[last]
    if line.is_common(last, title) or own.kind in {"space", "mark", "number"}:
        return None
    if title in _OF_BODY and lexicon.is_municipality(own.surface):
        return None
    if title == "邸" and line.text[max(0, own.start - 1) : own.start] == "旧":
        return None  # 旧片倉邸: a monument
    office = titles().offices.get(title, "")
    if office and _is_of_place(own, office):
        return None
    if own.kind == "given":
        start = _with_family(line, last)
        # 「女将さんをはじめ市長の」
        kana = office and start == own.start and HIRAGANA.fullmatch(own.surface)
        return None if kana else start
    if (whole := _spaced_start(line, last)) is not None:
        return whole
    if own.kind == "family":
        before = _joined_start(line, last) if line.is_attached(last) else None
        return own.start if before is None else before
    return _unknown_before(line, last, title)


def _unknown_before(line: Line, last: int, title: str) -> int | None:
    """Where a name begins that Sudachi took for something else: やまだ, グエン, 平野."""
    own, office = line.words[last], title in titles().offices
    if title in _FAMILY_ONLY:
        known = own.kind in {"place", "noun"} and len(own.surface) > 1 and is_family(own.surface)
        wide = title in {"家", "方"} or line.is_attached(last)
        return own.start if known and not wide else None
    if KATAKANA.fullmatch(own.surface):
        return None if office and own.kind != "name" else katakana_name(line, own)
    if HIRAGANA.fullmatch(own.surface):
        return None if office else hiragana_name(line, own.end)
    if len(own.surface) == 1 and not KANJI.fullmatch(own.surface):
        return None
    if own.kind == "name" or (own.kind == "place" and is_family(own.surface)):
        return own.start
    if own.surface.isascii():
        return own.start if is_latin_name(own.surface) else None
    return _kanji_name(line, last, title)


def _is_named(line: Line, place: int) -> bool:
    return line.words[place].kind in {"given", "family"}


def _is_of_place(own: Word, office: str) -> bool:
    """大野市長, 石川知事, 福井代表: a town's, not a family's."""
    if office in _OF_TOWN:
        unit = _OF_TOWN[office]
        town = (own.kind == "place" or unit == "市") and is_place(f"{own.surface}{unit}")
        return town or lexicon.is_prefecture(own.surface)
    if office in _OF_STATE:
        return lexicon.is_municipality(own.surface)
    return office in _OF_PLACE and own.kind == "place" and lexicon.is_municipality(own.surface)


def _spaced_start(line: Line, last: int) -> int | None:
    """Where 「熊野　順祥」 begins: a surname, white space, one or two words of a given name."""
    first = last
    while line.is_attached(first) and line.words[last].end - line.words[first].start < 3:
        first -= 1
    before = first - 1
    while before > 0 and line.words[before].kind == "space" and first - before <= 3:
        before -= 1
    if before < 0 or first - before < 2 or not line.may_be_family(before):
        return None
    return line.words[before].start


def _with_family(line: Line, place: int) -> int | None:
    before = place - 1
    while before > 0 and line.words[before].kind == "given":
        before -= 1
    while before > 0 and line.words[before].kind == "space" and place - before <= 3:
        before -= 1
    if before >= 0 and line.may_be_family(before):
        return line.words[before].start
    if not line.is_attached(place):
        return line.words[place].start
    return _joined_start(line, place)


def _joined_start(line: Line, last: int) -> int | None:
    """Where a name of kanji begins that was cut in the wrong place: 内|田茂."""
    end, first = line.words[last].end, last
    while line.is_attached(first) and end - line.words[first - 1].start <= 6:
        first -= 1
        name = line.text[line.words[first].start : end]
        if lexicon.is_common(name) or name in words_of("呼び名"):
            return None
        if line.words[first].surface in BEFORE_TITLE:
            return None
        lone = line.words[last].kind == "given" and len(name) <= 4
        if _is_full(name) or (lone and not line.is_attached(first)):
            return line.words[first].start
    return None


def _kanji_name(line: Line, last: int, title: str) -> int | None:
    own = line.words[last]
    if not KANJI.fullmatch(own.surface):
        return None
    start = own.start
    alone = not line.is_attached(last)
    if own.kind != "unknown" and (office := titles().offices.get(title)):
        short = len(own.surface) < 2 and own.surface not in _SHORT
        # 「根本園長先生」 is somebody, whatever 根本 means.
        person = line.text.startswith(("先生", "さん", "様"), own.end + len(title))
        common = short or (office in _OF_PLACE and not person) or not is_family(own.surface)
        return None if common or line.is_attached(last) else start
    if is_family(own.surface) and alone:
        return start
    first = last
    while line.is_attached(first) and own.end - line.words[first - 1].start <= 6:
        first -= 1
        name = line.text[line.words[first].start : own.end]
        known = is_family(name) or (len(name) > 2 and _is_full(name))
        if known and not line.is_attached(first):
            return line.words[first].start
    if own.kind == "unknown" and _is_full(own.surface) and alone:
        return own.start
    if alone and title in {"くん", "ちゃん", "君"} and is_given(own.surface):
        return own.start
    known = own.kind != "unknown" or title not in {"さん", "様", "氏", "君", "くん", "ちゃん"}
    return None if known or not alone or len(own.surface) > 3 else own.start


def _is_full(name: str) -> bool:
    return any(is_family(name[:cut]) and is_given(name[cut:]) for cut in range(1, len(name)))
