"""What the words of a header say about its column."""

from __future__ import annotations

import re
import unicodedata

from pipeline.documents.demographics import core

_BARE_TEXT = re.compile(
    r"text|body|comment|opinion|本文|全文|原文|(?:ご)?意見(?:内容|の内容|等|・要望)?"
    r"|(?:自由)?(?:記述|回答|意見)(?:欄|内容)?"
    r"|発言(?:内容)?|コメント|内容|ご?要望|感想|付箋|回答(?:内容|文)|テキスト",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"自由|記述|理由|具体的|その他|意見|要望|提案|感想|コメント|想い|思い(?!ますか)|アイデア|アイディア"
    r"|お?書き(?:下さい|ください)|書いて|お聞かせ|聞かせて|ご?記入(?:下さい|ください|欄)"
    r"|困(?:って|り)ごと|お困り|気に?なる(?:点|こと)|お気づき|発言|text|comment|opinion|freeword",
    re.IGNORECASE,
)
_INSISTS = re.compile(
    r"自由(?:に|記述|記入|回答|意見)|記述式|書いて|お書き|その他[\s:：]*$|freeword"
)
_OFFICIAL = re.compile(
    r"^(?:市|町|村|区|県|都|府|省|行政|事務局|本市|当市)の(?:考え方?|対応|見解|回答)"
    r"|^(?:対応|回答)(?:方針|状況|案)"
    r"|^(?:考え方|見解|備考|処理欄|担当課?|記録者|メモ欄)$"
)
_SEVERAL = re.compile(
    r"複数(?:回答|選択|可)|いくつでも|(?:すべて|全て)(?:に?[○お選答ご]|選)|(?:○|丸|〇)は?\D{0,3}[2-9２-９]つ"
    r"|[2-9２-９二三五]つ(?:まで|以内)|あてはまるもの(?:すべて|全て)"
    r"|当てはまる(?:と思う)?(?:もの|選択肢)を?(?:すべて|全て)"
)
_PERSONAL = re.compile(
    r"氏名|(?:お)?名前|姓|名|フリガナ|ふりがな|カナ|(?:e-?)?(?:メール|mail)(?:アドレス| ?address)?|(?:ご)?連絡先"
    r"|(?:お)?電話(?:番号)?|tel|fax|携帯(?:電話)?(?:番号)?|(?:ご)?住所|郵便番号|〒|生年月日"
    r"|(?:回答者|申込者|申請者|応募者|参加者|投稿者|提出者|代表者|保護者|担当者|本人)の?(?:お|ご)?(?:氏名|名前|名|連絡先|住所|メールアドレス)"
    r"|(?:お子(?:さま|様|さん)?|子ども)の(?:お)?名前|ニックネーム|ペンネーム|ハンドルネーム"
    r"|(?:ユーザー?|アカウント)(?:名)?|ログイン(?:名|id)|作成者|更新者|line ?(?:id|名)"
    r"|ip(?:アドレス| ?address)?"
    r"|(?:(?:first|last|full|family|given|user) ?)?name|address|phone(?: ?number)?",
    re.IGNORECASE,
)
_PERSONAL_PART = re.compile(rf"(?:ご|お)?(?:{_PERSONAL.pattern})", re.IGNORECASE)
_AND = re.compile(r"[・、,/／]|および|及び|または|又は|(?<=[名前先所号])と")
_TIME = re.compile(
    r"タイムスタンプ|timestamp|(?:回答|受付|送信|受信|登録|記入|実施|開始|終了|完了|提出|申請|作成|更新|最終更新|最終変更)?(?:日時|年月日|日付|日|時刻|時間)"
    r"|(?:(?:start|end|completion|last modified|submission) ?)?(?:date|time)"
    r"|created_?at|submitted_?at",
    re.IGNORECASE,
)
_NUMBERED = r"(?:番号|番|no\.?|№|id|コード|#)"
_NUMBERED_THINGS = (
    "整理|管理|調査票?|個票|票|サンプル|通し|通|連|申込|申請|提出|意見|回答|レコード|データ|行"
    "|sample|response|answer|record"
)
_IDENTIFIERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:回答者|respondent|参加者)[ _]?{_NUMBERED}",
        rf"受付{_NUMBERED}",
        rf"(?:{_NUMBERED_THINGS})[ _]?{_NUMBERED}",
        rf"{_NUMBERED}",
    )
)
_ADDRESSED = re.compile(r"該当(?:箇|個|か|カ|ヵ|ケ|ヶ)所(?!.*(?:[○〇◯]|印|選|付け|つけ|チェック))")
_SPEAKER = re.compile(r"発言者(?:名)?|話者|委員名|発言委員|speaker", re.IGNORECASE)
_PERSON = re.compile(r"回答者|respondent|参加者", re.IGNORECASE)


def is_bare_text(header: str) -> bool:
    """Whether the header is nothing but a word for text, as in files of one answer a row."""
    return bool(_BARE_TEXT.fullmatch(core(header)))


def asks_for_text(header: str) -> bool:
    """Whether the header asks for words of one's own."""
    return bool(_OPEN.search(unicodedata.normalize("NFKC", header)))


def insists_on_text(header: str) -> bool:
    """Whether the header leaves no doubt, however often the answers repeat."""
    return bool(_INSISTS.search(unicodedata.normalize("NFKC", header)))


def is_official(header: str) -> bool:
    """Whether the column holds what the municipality, not a resident, says."""
    return bool(_OFFICIAL.search(core(header)))


def asks_for_several(header: str) -> bool:
    """Whether the header lets one choose several options."""
    return bool(_SEVERAL.search(unicodedata.normalize("NFKC", header)))


def is_addressed(header: str) -> bool:
    """Whether the column says which part of a plan an opinion is about."""
    return bool(_ADDRESSED.search(unicodedata.normalize("NFKC", header)))


def is_personal(header: str) -> bool:
    """Whether the column holds names, addresses or the like, which Kadai leaves alone."""
    parts = [part for part in _AND.split(core(header)) if part]
    return bool(parts) and all(map(_PERSONAL_PART.fullmatch, parts))


def is_time(header: str) -> bool:
    """Whether the column holds a date or time."""
    return bool(_TIME.fullmatch(core(header)))


def is_speaker(header: str) -> bool:
    """Whether the column says who spoke."""
    return bool(_SPEAKER.fullmatch(core(header)))


def identifier_rank(header: str) -> int | None:
    """How surely a header names a respondent's number: 0 is surest, ``None`` not at all."""
    text = unicodedata.normalize("NFKC", header).strip()
    if _PERSON.fullmatch(text):
        return 0
    for rank, pattern in enumerate(_IDENTIFIERS):
        if pattern.fullmatch(text) or pattern.fullmatch(core(header)):
            return rank
    return None
