"""Names as minutes write them: 「総務局長赤星昭二君」, 「事務局（稲葉）」, 「片桐　賛成です」."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.privacy import lexicon
from pipeline.privacy.lexicon import is_family, is_given, is_place, words_of
from pipeline.privacy.line import KANJI, titles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pipeline.privacy.line import Line

_LETTERS: Final = "一-龠々ヶぁ-んァ-ヺー"
_CLOSED: Final = re.compile("君|氏|様|さん|殿")
_GIVEN: Final = re.compile(f"[{_LETTERS}]{{1,4}}")
_SPACE: Final = re.compile("[ 　]{0,3}")
# What follows a surname in kana and is no given name: 「佐藤という委員」, 「田中のような先生」.
_KANA: Final = re.compile(
    "(?![のはがをにもとでへや]|から|まで|より|など|って|いう|いる|いた|ある|した|する|さん|くん|ちゃん|たち|らの|ほか)"
    "[ぁ-ん]{2,5}?"
)
_NO_END: Final = frozenset("のながをはにもとでへたっ")
_KANA_TITLES: Final = frozenset({"君", "氏", "候補"})
_ROLES: Final = frozenset({"事務局", "司会", "進行", "説明者", "書記", "記録", "発言者"})
_SPEECH: Final = re.compile("(?= *　)[ 　]++[^ 　].{7}")
# 「出席者：安西　みどり、…」: an item of a list, of two words with a wide space between them.
_ITEM_BEGINS: Final = re.compile("(?:^|[：:、，,　 （(○◯●・])$")
_ITEM_GIVEN: Final = re.compile("[ 　]?　[ 　]?([一-龠々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヺー]{2,4})(?=[、，,　 ）)]|$)")  # fmt: skip
_SIGNS: Final = "○◯●〇・◆■"
# What only a person gives or does.
_SAYS: Final = re.compile(
    "の(?:答弁|発言|質問|証言|言い分|言うこと|いうこと|態度|悪口|指摘|説明)"
    "|(?:が|は|も)(?:言っ|言い|言う|怒|述べ|答え|質問し|説明し|発言し|頑張|がんば)"
    "|に(?:言われ|怒られ|どなられ|怒鳴られ|相談し)"
)


# A wide space of a list or before a speech, or a bracket that closes.
_MARKED: Final = re.compile("[　)）]")
_TELLS: Final = re.compile(
    "(?:が|は|も)(?:言っ|言い|怒|述べ|答え)|に(?:言われ|怒られ|どなられ|怒鳴られ)"
)
_END_OF_OFFICE: Final = frozenset("長員士師監官臣")
_OFFICE_ENDS: Final = re.compile("[長員士師監官臣]|知事")
# 「杉山青葉県知事」: the head of a place that is named behind the surname.
_HEAD_OF: Final = re.compile(
    "[一-龠々ヶァ-ヺぁ-ん]{1,5}(?:[都道府県]知事|市長|区長|町長|村長)(?!選|室|会|[賞杯])"
)


def may_be_minutes(text: str, kinds: Collection[str]) -> bool:
    """Whether :func:`find_in_minutes` can find something beside no title."""
    return _MARKED.search(text) is not None or (
        "family" in kinds and _SAYS.search(text) is not None
    )


def may_hold_an_office(text: str, kinds: Collection[str]) -> bool:
    """Whether :func:`holds_an_office` can hold for a word."""
    return ("family" in kinds or "place" in kinds) and _OFFICE_ENDS.search(text) is not None


def find_in_minutes(line: Line) -> Iterator[tuple[int, int]]:
    """Names behind an office, in brackets behind a role, before a speech."""
    yield from _behind_offices(line)
    for place, word in enumerate(line.words):
        if word.kind not in {"family", "place", "noun"} or not is_family(word.surface):
            continue
        if len(word.surface) < 2 or not KANJI.fullmatch(word.surface):
            continue
        if end := _item(line, word.start, word.end):
            yield word.start, end
        elif word.kind == "noun":
            continue
        elif (end := _kana_given(line, word.end)) and not line.is_attached(place):
            yield word.start, end
        elif _in_brackets(line, word.start, word.end) or _speaks(line, place):
            yield word.start, word.end


@functools.cache
def _offices() -> re.Pattern[str]:
    ordered = sorted(words_of("役職"), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered)))


@functools.cache
def _before_brackets() -> re.Pattern[str]:
    ordered = sorted(words_of("役職") | _ROLES, key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(map(re.escape, ordered))})[(（]$")


def _behind_offices(line: Line) -> Iterator[tuple[int, int]]:
    """「事務局長田中一郎」, which every dictionary cuts into 長田 and 中一郎."""
    for office in _offices().finditer(line.text):
        start = office.end()
        for cut in (4, 3, 2, 1):
            family = line.text[start : start + cut]
            if len(family) < cut or not KANJI.fullmatch(family) or not is_family(family):
                continue
            space = _SPACE.match(line.text, start + cut)
            first = space.end() if space else start + cut
            if last := _end_of_given(line, first, whole=cut > 1):
                yield start, last
                break


def _end_of_given(line: Line, first: int, *, whole: bool) -> int:
    """Where a given name ends that begins here; 0 where none does."""
    run = _GIVEN.match(line.text, first)
    for length in range(len(run[0]) if run else 0, 0, -1):
        end = first + length
        own, closed = line.text[first:end], _CLOSED.match(line.text, end)
        if own[-1] in "君氏様殿" or own in words_of("普通の語") | words_of("呼び名"):
            continue
        on = KANJI.match(line.text[end : end + 1]) and KANJI.match(own)
        known = is_given(own) and KANJI.fullmatch(own) and (not on or closed)
        if (known and (whole or length > 1)) or (closed and whole and KANJI.fullmatch(own)):
            return end
    return 0


def _kana_given(line: Line, start: int) -> int:
    """Where kana end that stand between a surname and a title: 「服部ゆくお委員」; or 0."""
    for length in (2, 3, 4, 5):
        end = start + length
        own = line.text[start:end]
        if end >= len(line.text) or not _KANA.fullmatch(own):
            continue
        title = line.title(end)
        if title in _KANA_TITLES or title in titles().offices:
            return 0 if own[-1] in _NO_END else end
    return 0


def _item(line: Line, start: int, end: int) -> int:
    """Where a given name ends that stands behind a surname and a wide space; or 0."""
    given = _ITEM_GIVEN.match(line.text, end)
    if not given or not is_given(given[1]) or given[1][-1] in "君氏様殿":
        return 0
    if is_place(line.text[start:end]) and (not KANJI.match(given[1]) or is_place(given[1])):
        return 0  # 三国　春江
    return given.end(1) if _ITEM_BEGINS.search(line.text[max(0, start - 1) : start]) else 0


def _in_brackets(line: Line, start: int, end: int) -> bool:
    """「事務局（稲葉）」, and not 「委員（福井）」, who comes from there."""
    name = line.text[start:end]
    return (
        line.text[end : end + 1] in {")", "）"}
        and bool(_before_brackets().search(line.text[max(0, start - 12) : start]))
        and not lexicon.is_municipality(name)
    )


def _speaks(line: Line, place: int) -> bool:
    """Whether a surname that is no place stands before a speech, or says something."""
    word = line.words[place]
    name = word.surface
    if word.kind != "family" or lexicon.is_common(name) or lexicon.is_municipality(name):
        return False
    if is_place(name):
        return bool(_TELLS.match(line.text, word.end)) and not line.is_attached(place)
    first = word.start <= 4 and not line.text[: word.start].strip(f"{_SIGNS} 　")
    return bool(
        (first and _SPEECH.match(line.text, word.end))
        or (_SAYS.match(line.text, word.end) and not line.is_attached(place))
    )


def holds_an_office(line: Line, place: int) -> bool:
    """松井財務局長: surname, whatever office."""
    own = line.words[place]
    if lexicon.is_municipality(own.surface) or not is_family(own.surface) or line.is_common(place):
        return False
    following = line.words[place + 1 : place + 6]
    if own.kind == "family" and following and following[0].kind == "place":
        return bool(_HEAD_OF.match(line.text, own.end)) and following[0].start == own.end
    for count, word in enumerate(following, start=1):
        if word.kind != "noun" or not KANJI.fullmatch(word.surface):
            return False
        if word.surface in words_of("施設") or word.surface in "市町村区県郡会校":
            return False
        if word.surface[-1] in _END_OF_OFFICE and count >= 2:
            end = word.end
            after = line.text[end : end + 1]
            return not KANJI.fullmatch(after) or after in "様氏"
    return False
