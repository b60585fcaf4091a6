"""What points at a person by its form alone: telephone numbers, mail addresses and the like."""

from __future__ import annotations

import re
from typing import Final

from pipeline.privacy.spans import PersonalSpan, blank

_D: Final = "[0-9０-９]"
_HYPHEN: Final = "[-‐‑–—―−－ーｰ]"
_GAP: Final = "[-‐‑–—―−－ーｰ()（） 　]"
_LETTER: Final = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
_NAME: Final = rf"[{_LETTER}_＿\-－]"
# 「300-1000円」 is a range, no postcode.
_UNIT: Final = "[ 　]?[円人名件個回台歩年度分時歳万千億世軒戸区%％‰mMkKgGｍｋｇ㎡㎞キメグト]"

# The order decides where two patterns meet: the longer, more certain one first.
_PATTERNS: Final = (
    (
        "メールアドレス",
        re.compile(rf"[{_LETTER}._%+．＿％＋\-－]{{1,64}}[@＠]{_NAME}{{1,63}}(?:[.．]{_NAME}{{1,63}}){{1,4}}"),
    ),
    (
        "URL",
        re.compile(r"(?:https?://|www\.)[\x21-\x7e]+|(?:ｈｔｔｐｓ?：／／|ｗｗｗ．)[\uff01-\uff07\uff0a-\uff3a\uff3e-\uff5a]+", re.IGNORECASE),
    ),
    (
        "電話番号",
        # Ten or eleven digits in up to four groups: 「08-09-2023」 is a date.
        re.compile(
            rf"(?:(?<!{_D})(?<!{_D}{_HYPHEN})[0０]|[(（][0０](?={_D}{{1,4}}[)）])|[+＋][8８][1１]{_GAP}{{0,2}}(?:[0０][)）]?)?)"
            rf"(?=(?:{_GAP}{{0,2}}{_D}){{9,10}}(?!{_D}))"
            rf"{_D}{{0,10}}(?:{_GAP}{{1,2}}{_D}{{1,8}}){{0,3}}(?!{_D})"
        ),
    ),
    (
        "郵便番号",
        re.compile(
            rf"〒[ 　]?{_D}{{3}}{_HYPHEN}?{_D}{{4}}(?!{_D}|{_HYPHEN}{_D})"
            rf"|(?<!{_D})(?<!{_D}{_HYPHEN}){_D}{{3}}{_HYPHEN}{_D}{{4}}(?!{_D}|{_HYPHEN}{_D}|{_UNIT})"
        ),
    ),
)  # fmt: skip


def find_numbers(text: str) -> list[PersonalSpan]:
    """Telephone numbers, mail addresses, web addresses and postcodes in a text.

    Returns
    -------
    list of PersonalSpan
        In order, not overlapping.
    """
    found: list[PersonalSpan] = []
    for label, pattern in _PATTERNS:
        position = 0
        # What has been found is cut off: it must not decide about what comes next to
        # it, or a second masking would find more than the first.
        while match := pattern.search(text[position:]):
            found.append(PersonalSpan(position + match.start(), position + match.end(), label))
            position += match.end()
        text = blank(text, found)
    return sorted(found)
