"""Names of people: words that a dictionary knows as names, where what stands beside them agrees.

Most words that are a surname somewhere are a place here (西山公園, 福井): a name is taken
for one only beside a title (さん, 課長), as surname and given name together, or where
somebody is introduced (「私は佐藤です」「長男の健太が」).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.privacy import lexicon
from pipeline.privacy.introduced import (
    find_beside_contact,
    find_introduced,
    find_signed,
    may_introduce,
)
from pipeline.privacy.kana import find_kana_on_forms
from pipeline.privacy.latin import find_latin_names
from pipeline.privacy.lexicon import is_place, words_of
from pipeline.privacy.line import HIRAGANA, Line, may_hold_title
from pipeline.privacy.minutes import find_in_minutes, may_be_minutes, may_hold_an_office
from pipeline.privacy.titled import find_titled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# トシ子, ハツ江: born before the war, cut in two by every dictionary.
_OLD_NAMES: Final = re.compile(
    r"(?<![ァ-ヺー一-龠々])(?:[一-龠々]{2,3}[ 　]?)?([ァ-ヺ]{2,3}[子江枝代])(?=さん|さま|様|ちゃん|先生|氏)"
    r"|(?:母|祖母|妻|姉|妹|娘|叔母|伯母)の([ァ-ヺ]{2,3}[子江枝])(?=[はがをにもと、])"
)
_OLD_END: Final = re.compile("[ァ-ヺ][子江枝代]")
_LATIN: Final = re.compile("[A-Za-z]{2}")
# 名義, 氏名, お名前 and フリガナ before a name in kana
_FORM: Final = re.compile("名|フリガナ|ふりがな|ﾌﾘｶﾞﾅ")
_BEGINS_SIGNED: Final = frozenset({"family", "place"})


def find_names(text: str, *, follows: bool, near: bool = False) -> list[tuple[int, int]]:
    """Names of people in one line or sentence.

    Parameters
    ----------
    follows
        Whether something stands before it: what stands alone on a later line signs it.
    near
        Whether a telephone number, an address or the like stands right beside it.

    Returns
    -------
    list of (int, int)
        Characters of each name without its title, in order, not overlapping.
    """
    plain = lexicon.plain_form(text)
    own = lexicon.analysed(plain)
    kinds = frozenset(own.kinds)
    # What each of the ways needs is told by a few signs; most lines hold none of them.
    titled = may_hold_title(plain)
    ways: list[Callable[[Line], Iterable[tuple[int, int]]]] = []
    if titled or may_hold_an_office(plain, kinds):
        ways.append(find_titled)
    if "given" in kinds:
        ways.append(_full)
    if may_introduce(plain, kinds):
        ways.append(find_introduced)
    if titled or may_be_minutes(plain, kinds):
        ways.append(find_in_minutes)
    if (follows or near) and kinds & _BEGINS_SIGNED:
        ways.append(find_signed)
    if near:
        ways.append(find_beside_contact)
    found = _by_form(plain)
    if not ways and not found:
        return []
    line = Line(plain, own.words())
    for way in ways:
        found += way(line)
    return _joined(own for own in found if not _is_public(line, own)) if found else []


def _by_form(plain: str) -> list[tuple[int, int]]:
    """Names that are told without looking at words."""
    found: list[tuple[int, int]] = []
    if _LATIN.search(plain):
        found += find_latin_names(plain)
    if _OLD_END.search(plain):
        found += [own.span(own.lastindex or 0) for own in _OLD_NAMES.finditer(plain)]
    if _FORM.search(plain):
        found += find_kana_on_forms(plain)
    return found


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _full(line: Line) -> Iterator[tuple[int, int]]:
    """Surname and given name together."""
    for place, word in enumerate(line.words):
        if not line.may_be_family(place):
            continue
        after = place + 1
        while after < len(line.words) and line.words[after].kind == "space":
            after += 1
        if after >= len(line.words) or after - place > 3:
            continue
        given = line.words[after]
        if word.kind == "given" and after == place + 1:
            continue
        if given.kind == "given" and _is_full_name(line, place, after):
            yield word.start, given.end - (len(given.surface) > 1 and given.surface[-1] in "氏様君")


def _is_full_name(line: Line, place: int, after: int) -> bool:
    family, given = line.words[place], line.words[after]
    own, spaced = given.surface, after - place > 1
    if own in words_of("普通の語") or own in words_of("呼び名"):
        return False
    if (is_place(family.surface) and lexicon.is_municipality(own)) or (
        lexicon.is_municipality(family.surface) and is_place(own)
    ):
        return False  # 越前武生, 勝山 大野
    if family.kind == "place" and not spaced and len(own) < 2:
        return False
    if len(family.surface) + len(own) < 3 or line.names_a_place(after):
        return False
    if line.goes_on(given.end) or (own[0] == "お" and not spaced):
        return False
    if HIRAGANA.fullmatch(own) and not spaced and len(own) < 3:
        return False
    if len(own) == 1 and not spaced and is_place(family.surface):
        return False
    if not line.is_attached(place):
        return True
    before = line.words[place - 1].surface
    return before[-1] in "長員人者師士役名事" or before in words_of("役職")


def _is_public(line: Line, span: tuple[int, int]) -> bool:
    """紫式部, 徳川家康, 中村屋: known to everybody, or no person at all."""
    start, end = span
    public = words_of("公の名")
    if line.text[start:end].replace(" ", "").replace("　", "") in public:
        return True
    return any(
        line.text[first:last] in public
        for first in range(max(0, start - 3), start + 1)
        for last in range(end, min(len(line.text), end + 4) + 1)
    )
