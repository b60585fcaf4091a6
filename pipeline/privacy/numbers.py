"""What points at a person by its form alone: telephone numbers, mail addresses and the like."""

from __future__ import annotations

import re
from typing import Final

from pipeline.privacy.beside import FIRST, LAST
from pipeline.privacy.digits import (
    DIGIT,
    GAP,
    HYPHEN,
    LETTER,
    is_card_number,
    is_my_number,
    plain_digits,
)
from pipeline.privacy.scanning import Rule, cut_out
from pipeline.privacy.seen import as_seen, as_written
from pipeline.privacy.spans import PersonalSpan, outside

_D: Final = DIGIT
_NAME: Final = rf"[{LETTER}_＿\-－]"
# 「300-1000円」 is a range, no postcode.
_UNIT: Final = "[ 　]?[円人名件個回台歩年度分時歳万千億世軒戸区%％‰mMkKgGｍｋｇ㎡㎞キメグト]"
_AT: Final = r"(?:[ 　]?[@＠★☆■●◎◆][ 　]?|[ 　]?(?:[\[(（［〔【<＜][ 　]?(?:at|ａｔ|アット(?:マーク)?|＠|@|あっと)[ 　]?[\])）］〕】>＞]|アットマーク)[ 　]?)"
_DOT: Final = (
    r"(?:[.．]|[ 　]?(?:[\[(（［][ 　]?(?:dot|ｄｏｔ|ドット)[ 　]?[\])）］]|ドット)[ 　]?)"
)
_ANY: Final = rf"[ 　]{{0,2}}(?:{HYPHEN}|[/／~〜～_＿､、,，.．・:：|｜の?？])[ 　]{{0,2}}"
_KANJI_DIGIT: Final = "[〇零一二三四五六七八九]"
# Pages on which people are, even where nobody wrote https://.
_SOCIAL: Final = (
    "instagram|twitter|facebook|tiktok|youtube|note|threads|ameblo|lit|linktr|line|fb|x|youtu|"
    "mixi|bsky|pixiv|github|linkedin"
)
# No address ends with a full stop or a bracket that closes before it.
_SIGN: Final = r"[\x21-\x7e]*[\x23-\x26\x2a\x2b\x2d\x2f-\x39\x3d\x40-\x5c\x5e-\x7a\x7e]"
_WIDE: Final = "[\uff01-\uff07\uff0a-\uff3a\uff3e-\uff5a]"

# The order decides where two patterns meet: the longer, more certain one first.
_RULES: Final = (
    Rule(
        "メールアドレス",
        re.compile(
            rf"(?:(?<![{LETTER}._%+．＿％＋\-－])|(?<=[{LETTER}._%+．＿％＋\-－]{{64}}))"
            rf"[{LETTER}._%+．＿％＋\-－]{{1,64}}{_AT}{_NAME}{{1,63}}(?:{_DOT}{_NAME}{{1,63}}){{1,4}}",
            re.IGNORECASE,
        ),
        sign=re.compile("[@＠★☆■●◎◆]|at|ａｔ|アット|あっと", re.IGNORECASE),
    ),
    # Pages of towns and of the state say nothing about who wrote.
    Rule(
        "",
        re.compile(
            rf"(?:https?://|(?<![{LETTER}.@/\-]))(?:[a-z0-9\-]{{1,40}}\.){{1,6}}(?:lg|go)\.jp(?![a-z0-9.@\-])(?:/{_SIGN})?",
            re.IGNORECASE,
        ),
        sign=re.compile(r"\.jp", re.IGNORECASE),
    ),
    Rule(
        "URL",
        re.compile(
            rf"(?:https?://|www\.){_SIGN}"
            rf"|(?:ｈｔｔｐｓ?：／／|ｗｗｗ．){_WIDE}+"
            rf"|(?<![{LETTER}.@/])(?:m\.)?(?:{_SOCIAL})\.(?:com|jp|net|me|be|ee|ly|link|social)/{_SIGN}",
            re.IGNORECASE,
        ),
        sign=re.compile("[/／wｗ]", re.IGNORECASE),
    ),
    *FIRST,
    Rule(
        "電話番号",
        # Ten or eleven digits in up to four groups: 「08-09-2023」 is a date.
        re.compile(
            rf"(?:(?<!{_D})(?<!{_D}{HYPHEN})[0０]|[(（][0０](?={_D}{{1,4}}[)）])|[+＋][8８][1１]{GAP}{{0,2}}(?:[0０][)）]?)?)"
            rf"(?=(?:(?:{GAP}{{0,2}}|[の.．・]){_D}){{9,10}}(?!{_D}))"
            # A mobile number has eleven digits, however they are grouped; what follows is not its.
            rf"(?:(?<=[0０])(?=(?:{GAP}?[5-9５-９]{GAP}?[0０]))(?:(?:{GAP}{{0,2}}|[の.．・]){_D}){{10}}(?!{_D})"
            rf"|(?:{GAP}{{1,2}}{_D}){{9,10}}(?!{_D})"
            rf"|(?=(?:(?:{GAP}{{0,2}}|[の.．・]){_D}){{9}}(?!{_D})){_D}{{0,10}}(?:(?:{GAP}{{1,2}}|[の.．・]){_D}{{1,8}}){{0,2}}(?!{_D})"
            rf"|{_D}{{0,10}}(?:(?:{GAP}{{1,2}}|[の.．・]){_D}{{1,8}}){{0,3}}(?!{_D}))"
            rf"(?:[ 　]?[(（]?内線[:： 　]?{_D}{{1,5}}[)）]?)?"
        ),
        digits=10,
    ),
    Rule(
        "電話番号",
        re.compile(
            rf"(?<!{_KANJI_DIGIT})[〇零]{_KANJI_DIGIT}{{1,4}}(?:の|{HYPHEN}){_KANJI_DIGIT}{{1,4}}(?:の|{HYPHEN}){_KANJI_DIGIT}{{3,4}}(?!{_KANJI_DIGIT})"
        ),
        sign=re.compile("[〇零]"),
    ),
    Rule(
        "電話番号",
        # A mobile number by its form, whatever divides it: 「090/1234/5678」「090 - 1234 - 5678」
        re.compile(
            rf"(?<!{_D})(?<!{_D}{HYPHEN})[0０][5-9５-９][0０](?:{_ANY}{_D}{{4}}){{2}}(?!{_D})"
        ),
        digits=11,
    ),
    Rule(
        "カード番号",
        re.compile(
            rf"(?<!{_D})(?<!{_D}{HYPHEN}){_D}{{4}}(?:(?:{HYPHEN}|[ 　]){_D}{{4}}){{3}}(?!{_D}|{HYPHEN}{_D})"
            rf"|(?<!{_D})(?<!{_D}{HYPHEN}){_D}{{4}}(?:{HYPHEN}|[ 　]){_D}{{6}}(?:{HYPHEN}|[ 　]){_D}{{4,5}}(?!{_D}|{HYPHEN}{_D})"
            rf"|(?<!{_D})(?<!{_D}{HYPHEN}){_D}{{14,16}}(?!{_D}|{HYPHEN}{_D})"
        ),
        lambda found: is_card_number(plain_digits(found)),
        digits=14,
    ),
    Rule(
        "マイナンバー",
        re.compile(
            rf"(?<!{_D})(?<!{_D}{HYPHEN}){_D}{{4}}(?:{HYPHEN}|[ 　])?{_D}{{4}}(?:{HYPHEN}|[ 　])?{_D}{{4}}(?!{_D}|{HYPHEN}{_D}|{_UNIT})"
        ),
        lambda found: is_my_number(plain_digits(found)),
        digits=12,
    ),
    *LAST,
    Rule(
        "郵便番号",
        re.compile(
            rf"(?:〒|郵便番号(?:は|が|：|:)?)[ 　]{{0,2}}{_D}{{3}}[ 　]?{HYPHEN}?[ 　]?{_D}{{4}}(?!{_D}|{HYPHEN}{_D})"
            rf"|(?<!{_D})(?<!{_D}{HYPHEN}){_D}{{3}}{HYPHEN}{_D}{{4}}(?!{_D}|{HYPHEN}{_D}|{_UNIT})"
        ),
        digits=7,
    ),
    Rule(
        "アカウント",
        re.compile(r"(?<![A-Za-z0-9._@＠])[@＠](?!everyone|here|channel|home)(?=[0-9_.]{0,30}[A-Za-z])[A-Za-z0-9_.]{4,30}(?![A-Za-z0-9_@])"),
        sign=re.compile("[@＠]"),
    ),
)  # fmt: skip


_SIGNS: Final = re.compile("[0-9０-９@＠★☆■●◎◆〇零]|://|：／／|[wｗ]{3}|\\.[a-z]|アット|年|[iI][dD]|ＩＤ|アカウント", re.IGNORECASE)  # fmt: skip
"""Without one of these no rule finds anything."""

_FIRST_SIGN: Final = re.compile("[0-9０-９@＠★☆■●◎◆〇零:：wWｗＷ.ア年iIıİＩｉ]")
"""What each of them begins with: most texts hold none."""

_DIGIT: Final = re.compile(_D)


def find_numbers(text: str) -> list[PersonalSpan]:
    """Telephone numbers, mail addresses, accounts and what else is known by its form.

    Pages of towns and of the state (``lg.jp``, ``go.jp``) are not taken for personal ones.

    Returns
    -------
    list of PersonalSpan
        In order, not overlapping.
    """
    seen = as_seen(text)
    return as_written(find_numbers_in(seen.text, outside(seen.text, [])), seen)


def find_numbers_in(text: str, pieces: list[tuple[int, int]]) -> list[PersonalSpan]:
    """Do so in pieces of a text that are read apart from each other."""
    if not _FIRST_SIGN.search(text):
        return []
    pieces = [one for one in pieces if _SIGNS.search(text, *one)]
    if not pieces:
        return []
    found: list[PersonalSpan] = []
    n_digits = len(_DIGIT.findall(text))
    rules = [rule for rule in _RULES if rule.may_find(text, n_digits)]
    changed = bool(rules)
    while changed:
        changed = False
        for rule in rules:
            spans, pieces = cut_out(text, pieces, rule)
            found += [PersonalSpan(*span) for span in spans]
            changed = changed or bool(spans)
    return sorted(found)
