"""Answers that say nothing: 「特になし」「わからない」「同上」 and their many spellings.

The patterns describe how the wordings are built, not a list of them, and they
must match a whole claim: 「特にない」 says nothing, 「特に遊ぶ場所がない」 does.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pipeline.normalize import fold

# 「特にないです。」 is built of an opening, what is missing, a negation and a polite end.
_OPENING: Final = (
    r"(?:(?:いまのところ|今のところ|今の所|いまは|今は|現在(?:のところ|は)?|現時点では?|いまんところ|今んとこ"
    r"|特に|とくに|得に|特段|特別に?|別に|べつに|これといって|これと言って|一切|全く|まったく|全然"
    r"|あまり|あんまり?|まだ|正直|えっと|うーん|私は|私には|自分は)(?:は|も|と)?){0,4}"
)
_NOTHING: Final = (
    r"(?:(?:何|なに|なん|なん?に)も|(?:意見|要望|ご意見|希望|回答|記入|該当(?:する(?:もの|こと))?|理由|内容|コメント|アイデア|提案)(?:は|が|など|等)?"
    r"|(?:言いたい|書く|思う)(?:こと|事|ところ)(?:は|が)?|(?:こと|事|もの|物|ところ|所)(?:は|が)?)?"
)
_NEGATION: Final = (
    r"(?:な[いし]|無[いし]|ありません|有りません|ございません|御座いません|なっし(?:ー|んぐ)?|ナシ|ないかな"
    r"|なく|ねえ|ねぇ|思いつか(?:ない|ず|ん)|思いつきません|思い?(?:浮|うか)ば(?:ない|ず)|思い浮かびません"
    r"|思い当たら(?:ない|ず)|思い当たりません|浮かばない)"
)
_POLITE: Final = (
    r"(?:です|でした|だ|だよ|よ|ね|な|かな|かも|と(?:思い?ます|思う|おもいます|おもう)|とのこと|の|んです|ので|し|っす|す|わ"
    r"|笑|w){0,8}"
)

_REASONS: Final = (
    (
        "該当なしの回答（特になし等）",
        # 「何もない」 alone may be a complaint about the town; with an opening it is none.
        re.compile(
            rf"(?!(?:何|なに|なん)も(?:ない|無い|なし)$){_OPENING}{_NOTHING}{_NEGATION}{_POLITE}"
            r"|特に(?:は|です)?|特|なっ?し(?:なし)+|ないない|no|none|nothing|na|n a|nil|null|non|nan|x|xx+"
            r"|無回答|未回答|未記入|記入なし|回答なし|該当なし|該当せず|パス|ノーコメント|スキップ|空欄|略"
            r"|(?:意見|回答)(?:は)?(?:差し?)?控え(?:ます|る|させていただきます)|回答(?:し(?:ない|ません)|したくない|拒否)|答えたくない"
        ),
    ),
    (
        "わからないという回答",
        re.compile(
            rf"{_OPENING}(?:よく|あまり|あんまり|全く|まったく|何も|なにも|どちらとも|何とも|なんとも|まだ)*"
            r"(?:わから(?:ない|ん|ず)|分から(?:ない|ん|ず)|判ら(?:ない|ず)|解ら(?:ない|ず)|わかんない|わかりません|分かりません|解りません|知らない|知らん|知りません"
            r"|不明|言えない|いえない|言えません|考え(?:た|ていた)?ことが?(?:ない|ありません)|考え中|考えていない|決めていない|決まっていない|未定|検討中)"
            rf"(?:から|ため|ので)?{_POLITE}"
        ),
    ),
    (
        "前の回答と同じという回答",
        re.compile(
            r"(?:(?:同上|同左|上記|上|前項?|前述|先|左|前問|他|q[0-9]+|上?記?(?:問|設問|質問)[0-9]+)(?:の?(?:回答|解答|答え|理由|内容))?)?"
            r"(?:に|と|の)?(?:ほぼ|だいたい|全く)?(?:同じ|同様|同|同上|通り|とおり|記載の?(?:通り|とおり)|より)"
            rf"(?:く|に|の?理由|です)?{_POLITE}"
        ),
    ),
    (
        "理由のない回答（なんとなく等）",
        re.compile(rf"(?:ただ|まあ)?(?:なんとなく|何となく|なんとなーく|特に理由(?:は|が)?{_NEGATION}|理由(?:は|が)?{_NEGATION})(?:から)?{_POLITE}"),
    ),
    ("はい・いいえだけの回答", re.compile(rf"(?:はい|いいえ|うん|ある|あります|yes|あり|有り){_POLITE}")),
    (
        "あいさつ・結びの言葉",
        re.compile(
            r"(?:以上|おわり|終わり)(?:です|になります|となります)?|(?:どうぞ|今後とも|これからも|何卒)?(?:よろしく|宜しく)(?:お願い|おねがい)?(?:し|致し|いたし|申し上げ)?(?:ます)?"
            r"|(?:お疲れ様|おつかれさま|お世話になっております|お世話になります|失礼(?:し|いたし)ます|すみません|すいません)(?:です|でした)?"
            r"|こんにちは|はじめまして|乱文(?:失礼)?.{0,10}|長文(?:失礼)?.{0,10}"
        ),
    ),
)  # fmt: skip

_LONGEST: Final = 40

_WHERE: Final = re.compile(
    r"どこ(?:に|へ|が|で)?|都道府県|市町村?名|市区町村|地区名など|住みたい(?:場所|ところ|地域)は"
)
# Names joined by 、・や or に, without a word that says why: 「大阪や東京など」.
_PLACES: Final = re.compile(
    r"(?:[一-鿿々ァ-ヺーヶA-Za-z]{1,10}(?:とか|などの?|等の?|以外|付近|周辺|あたり|どこか|の方|の街中|か|や|と|の|or|または|だけ|です"
    r"|[\s、,，。.・/／()（）]|$)+){1,12}"
)


def reason_for_silence(claim: str, question: str = "") -> str:
    """Why a claim says nothing, or the empty string where it says something.

    Parameters
    ----------
    claim
        One claim, as written.
    question
        The question it answers; a place name says nothing about a need where
        the question was 「どこに…」.

    Returns
    -------
    str
        Japanese reason, as it stands in ``set_aside.reason``.
    """
    key = fold(claim)
    if not key:
        return "記号だけの回答"
    if len(key) == 1 and not _is_ideograph(key):
        return "意味のとれない1文字の回答"
    if len(key) >= 3 and len(set(key)) == 1:
        return "意味のとれない同じ文字の繰り返し"
    if key.isdigit():
        return "数字だけの回答"
    for reason, pattern in _REASONS:
        if len(key) <= _LONGEST and pattern.fullmatch(key):
            return reason
    asked_where = question and _WHERE.search(unicodedata.normalize("NFKC", question))
    if asked_where and _PLACES.fullmatch(unicodedata.normalize("NFKC", claim).strip()):
        return "場所の名前だけの回答"
    return ""


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")
