"""Names in kana before a title: グエン・ヴァン・アン, やまだ, ハナコ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.privacy import lexicon
from pipeline.privacy.lexicon import is_family, is_given, is_name, words_of

if TYPE_CHECKING:
    from pipeline.privacy.lexicon import Word
    from pipeline.privacy.line import Line

_KANA_NAME: Final = re.compile("[ァ-ヺー]+(?:[・･＝=][ァ-ヺー]+)*$")
_HIRAGANA_END: Final = re.compile("[ぁ-んー]+$")
_ON_FORM: Final = re.compile(
    "(?:名義人?|フリガナ|ふりがな|ﾌﾘｶﾞﾅ|カナ氏名|氏名|お名前)[ 　]?(?:は|が|：|:|[(（])?[ 　]?"
    "([ァ-ヺー]{2,8}[ 　・]{1,2}[ァ-ヺー]{2,8}|[ｦ-ﾟ]{2,12}[ 　]{1,2}[ｦ-ﾟ]{2,12})(?![ァ-ヺーｦ-ﾟ])"
)
_PARTICLES: Final = frozenset("のはやとがもにをでへ")


def find_kana_on_forms(text: str) -> list[tuple[int, int]]:
    """Surname and given name of katakana as a form asks for them: 「名義 ヤマダ ハナコ」."""
    return [own.span(1) for own in _ON_FORM.finditer(text)]


def katakana_name(line: Line, own: Word) -> int | None:
    """Where a name of katakana begins that ends with a word."""
    whole = _KANA_NAME.search(line.text, 0, own.end) if own.end < 60 else None
    start = whole.start() if whole else own.start
    if whole is None and (near := _KANA_NAME.search(line.text[own.end - 60 : own.end])):
        start = own.end - 60 + near.start()
    name = line.text[start : own.end]
    parts = re.split("[・･＝=]", name)
    if name in words_of("公の名") or name in words_of("呼び名") or len(name) < 2:
        return None
    known = own.kind in {"name", "given", "family"} or any(map(_is_kana_person, parts))
    if not known and (own.kind != "unknown" or own.surface != parts[-1]):
        return None
    family = line.ends.get(start)
    return family.start if family and family.kind == "family" else start


def hiragana_name(line: Line, end: int) -> int | None:
    """Where a name of hiragana begins that ends here."""
    run = _HIRAGANA_END.search(line.text[max(0, end - 9) : end])
    own = run[0] if run else ""
    for length in range(min(8, len(own)), 1, -1):
        name = own[-length:]
        if name in words_of("呼び名") or name in words_of("公の名"):
            return None
        before = own[-length - 1 : -length]
        if (before and before not in _PARTICLES) or not _is_hiragana_person(name):
            continue
        family = line.ends.get(end - length)
        return family.start if family and family.kind == "family" else end - length
    return None


def _is_kana_person(name: str) -> bool:
    """Whether katakana are a name: グエン and ケンタ are, タレント is not."""
    return is_family(name) or is_given(name) or (is_name(name) and not lexicon.is_common(name))


def _is_hiragana_person(name: str) -> bool:
    if is_family(name) or is_given(name):
        return True
    return len(name) >= 4 and any(
        is_family(name[:cut]) and is_given(name[cut:]) for cut in range(2, len(name) - 1)
    )
