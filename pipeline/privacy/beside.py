"""Numbers that are personal because of the word beside them: 口座番号, 被保険者番号 and the like."""

from __future__ import annotations

import re
from typing import Final

from pipeline.privacy.digits import DIGIT, HYPHEN, LETTER
from pipeline.privacy.scanning import Rule

_D: Final = DIGIT
# What stands between a word and its number: 「番号は」「：」「（」, no other word.
_IS: Final = r"[ 　:：=＝は、のがも第no.No．№#＃(（「\[]{0,6}"
_GROUPED: Final = rf"{_D}(?:(?:{HYPHEN}|[ 　])?{_D})"
_ID_WORDS: Final = (
    "被保険者(?:証)?(?:の)?(?:記号)?番号|(?:介護|健康|雇用|医療)?保険(?:者|証)?(?:の)?番号|保険証(?:の)?(?:記号)?(?:番号)?|(?:運転)?免許証?(?:の)?番号|"
    "受給者(?:証)?(?:の)?番号|手帳(?:の)?番号|基礎年金番号|年金番号|年金手帳|診察券(?:の)?(?:番号)?|患者番号|"
    "カルテ番号|利用者番号|会員番号|社員番号|職員番号|学籍番号|パスポート(?:の)?番号|旅券番号|"
    "在留カード(?:の)?(?:番号)?|住民票コード|宛名番号|整理番号|契約者番号|お客様番号"
)
_ERA: Final = "(?:明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRＭＴＳＨＲ][.．]?)"
_NUMBER: Final = rf"(?:{_D}{{1,4}}|元|[〇一二三四五六七八九十百千]{{1,7}})"
_DATE: Final = (
    rf"(?:(?:{_ERA}[ 　]?{_NUMBER}|西暦[ 　]?{_D}{{4}}|(?<!{_D}){_D}{{4}})[ 　]?(?:年|[./．／]|{HYPHEN})[ 　]?"
    rf"{_NUMBER}[ 　]?(?:月|[./．／]|{HYPHEN})[ 　]?{_NUMBER}日?)"
)

FIRST: Final = (
    Rule(
        "マイナンバー",
        re.compile(rf"(?:マイナンバー|ﾏｲﾅﾝﾊﾞｰ|個人番号)(?:カード)?(?:の?番号)?{_IS}({_GROUPED}{{11}})(?!{_D})"),
        digits=12,
    ),
    Rule(
        "口座番号",
        re.compile(
            rf"(?:普通(?:預金|口座)?|当座(?:預金|口座)?|貯蓄預金|総合口座|[(（]普[)）]|[(（]当[)）]|口座(?:の?番号)?|振込先)"
            rf"(?:[ 　(（）)]|番号|No|no|№){{0,3}}{_IS}({_D}(?:(?:{HYPHEN}|[ 　])?{_D}){{5,7}})(?!{_D}|円|{HYPHEN}{_D})"
        ),
        digits=6,
    ),
    Rule(
        "口座番号",
        re.compile(
            rf"(記号{_IS}[1１]{_D}{{3}}[0０](?:{HYPHEN}{_D})?[ 　、,，]{{0,3}}番号{_IS}{_D}{{2,8}})(?!{_D})"
        ),
        digits=7,
    ),
    Rule(
        "口座番号",
        re.compile(
            rf"(?:ゆうちょ|郵便局|郵便貯金|通帳)[^0-9０-９。\n]{{0,12}}([1１]{_D}{{3}}[0０](?:{HYPHEN}{_D})?(?:{HYPHEN}|の|[ 　、])?[ 　]?(?:番号)?[ 　]?{_D}{{2,8}})(?!{_D}|円)"
        ),
        digits=7,
    ),
    Rule(
        "カード番号",
        re.compile(rf"(?:クレジット|キャッシュ|デビット)カード(?:の?番号)?{_IS}({_GROUPED}{{12,15}})(?!{_D})"),
        digits=13,
    ),
    Rule(
        "番号",
        re.compile(rf"(?:{_ID_WORDS}){_IS}([{LETTER}]{{0,4}}(?:{HYPHEN}|[ 　])?{_GROUPED}{{3,15}}[A-Za-z]?)(?!{_D}|[円人名件])"),
        digits=4,
    ),
    Rule(
        "番号",
        re.compile(
            rf"保険証?[^0-9０-９\n。]{{0,6}}(記号{_IS}{_D}{{1,8}}[ 　・、\-－]{{0,3}}番号{_IS}{_D}{{1,10}})(?!{_D})"
        ),
        digits=2,
        sign=re.compile("保険"),
    ),
    Rule(
        "番号",
        # The plate of a car: 「青葉300あ12-34」
        re.compile(
            rf"([一-龠]{{2,4}}[ 　]?{_D}{{2,3}}[ 　]?[あ-んア-ン][ 　]?(?:{_D}{{2}}{HYPHEN}{_D}{{2}}|[・．.]{{1,3}}{_D}{{1,3}}))(?!{_D}|[年月日時分人円])"
        ),
        digits=3,
    ),
    Rule(
        "生年月日",
        re.compile(rf"(?:生年月日|誕生日|生まれた日){_IS}({_DATE})"),
        sign=re.compile("生年月日|誕生日|生まれた日"),
    ),
    Rule(
        "生年月日",
        re.compile(rf"({_DATE})[ 　]?(?:生(?![活産き涯徒])|うまれ|誕生(?!し))"),
        sign=re.compile("生|うまれ"),
    ),
    Rule(
        "アカウント",
        re.compile(
            r"(?:LINE|ＬＩＮＥ|ライン|インスタ(?:グラム)?|Instagram|X|Ｘ|ツイッター|Twitter|フェイスブック|Facebook|TikTok|スカイプ|Skype|Discord)"
            r"(?:の)?[ 　]?(?:ID|ＩＤ|id|アイディー|アカウント(?:名)?|ユーザー名)"
            rf"[ 　:：=＝は、が(（「]{{0,4}}([@＠]?(?=[{LETTER}_.\-]*[A-Za-zＡ-Ｚａ-ｚ])[{LETTER}_.\-]{{4,30}})",
            re.IGNORECASE,
        ),
        sign=re.compile("ID|ＩＤ|アイディー|アカウント|ユーザー名", re.IGNORECASE),
    ),
)  # fmt: skip
"""Searched before telephone numbers are: a number of the insured may begin with 0."""

LAST: Final = (
    Rule(
        "電話番号",
        re.compile(
            rf"(?:電話(?:番号)?|でんわ|ＴＥＬ|TEL|Tel|tel|℡|☎|📞|FAX|ＦＡＸ|Fax|ファックス|ファクス|連絡先|携帯(?:番号)?)"
            rf"[ 　:：=＝は、が./．(（]{{0,4}}({_D}{{2,4}}(?:{HYPHEN}|の){_D}{{4}}(?:[ 　]?[(（]?内線[:： 　]?{_D}{{1,5}}[)）]?)?)(?!{_D}|{HYPHEN}{_D})"
        ),
        digits=6,
    ),
    Rule(
        "電話番号",
        re.compile(rf"((?<!{_D})内線[:： 　]?(?:番号)?[はが]?{_D}{{2,5}})(?!{_D}|[人名台回])"),
        digits=2,
        sign=re.compile("内線"),
    ),
)  # fmt: skip
"""Searched after them."""
