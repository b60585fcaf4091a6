"""Answers that say nothing: 「特になし」「わからない」「同上」 and their many spellings.

The patterns describe how the wordings are built, not a list of them, and they
must match a whole claim: 「特にない」 says nothing, 「特に遊ぶ場所がない」 does.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from pipeline.documents.cells import is_error
from pipeline.normalize import fold
from pipeline.tokens import default_tokenizer

# 「特にないです。」 is built of an opening, what is missing, a negation and a polite end.
_OPENING: Final = (
    r"(?:(?:その他|そのほか|他|ほか|あと)(?:に|は|には)?(?=特|とく|別|べつ))?"
    r"(?:(?:いまのところ|今のところ|今の所|いまは|今は|現在(?:のところ|は)?|現時点では?|いまんところ|今んとこ"
    r"|特に|とくに|得に|特段|特別に?|別に|べつに|これといって|これと言って|一切|全く|まったく|全然|すぐに|急に"
    r"|あまり|あんまり?|まだ|正直|えっと|うーん|私は|私には|自分は|いいえ|すみません|すいません|申し訳(?:ありません|ございません))"
    r"(?:は|も|と|が|けど)?){0,4}"
)
# 「希望がない」「回答がない」 are complaints; 「希望はない」「回答なし」 say nothing.
_NOTHING: Final = (
    r"(?:(?:何|なに|なん|なん?に)も|(?:意見|要望|ご意見|該当(?:する(?:もの|こと))?|理由|いい案|良い案)(?:は|が|など|等|も)?"
    r"|(?:希望|回答|記入|内容|コメント|アイデア|提案)(?:は|など|等|も)?"
    r"|(?:言いたい|書く|書きたい|思う)(?:こと|事|ところ)(?:は|が|も)?"
    r"|(?<=[にてはと])(?:言う|申し上げる|述べる)(?:こと|事)(?:は|が|も)?"
    r"|(?:こと|事|もの|物|ところ|所)は?)?"
)
_NEGATION: Final = (
    r"(?:なー?[いし]ー?|無[いし]|ありません|有りません|ございません|御座いません|なっし(?:ー|んぐ)?|ナシ|ナイ|ナッシング|ないかな"
    r"|なく|ねえ|ねぇ|思いつか(?:ない|ず|ん)|思い付か(?:ない|ず|ん)|思いつきません|思い付きません|思い?(?:浮か|うか)ば(?:ない|ず)|思い浮かびません"
    r"|思い当たら(?:ない|ず)|思い当たりません|浮かばない|浮かびません)"
)
_POLITE: Final = (
    r"(?:でー?す|でした|だ|だよ|よ|ね|な|かな|かも|と(?:思い?ます|思う|おもいます|おもう)|とのこと|の|んです|ので|から|ため|し|っす|す|わ|けど|が"
    r"|んじゃない|笑|w){0,8}(?:今のところは?|現在は?|今は)?"
)
_REFUSED: Final = (
    r"特に(?:は|です|何も|なにも)?|とくに(?:は|です|何も|なにも)?|得に|別に(?:何も|なにも)?|べつに|特|無|なっ?し(?:なし)+|ないない"
    r"|no|none|nothing(?:special)?|na|n a|nil|null|non|nan|nocomment|idontknow|unknown|x|xx+"
    r"|無回答|未回答|未記入|記入なし|回答なし|該当なし|該当せず|パス|ノーコメント|スキップ|空欄|略|省略|割愛|なんですか"
    r"|(?:意見|回答)(?:は)?(?:差し?)?控え(?:ます|る|させていただきます)|回答(?:し(?:ない|ません)|したくない|拒否)|答えたくない"
)

_REASONS: Final = (
    (
        "該当なしの回答（特になし等）",
        # 「何もない」 alone may be a complaint about the town; with an opening it is none.
        re.compile(
            rf"(?!(?:何|なに|なん)も(?:ない|無い)(?:です|よ|ね|から|ので|ため)*$){_OPENING}{_NOTHING}{_NEGATION}{_POLITE}"
            rf"|(?:{_REFUSED})(?:です|でした)?"
        ),
    ),
    (
        "該当なしの回答（特になし等）",
        # The question is taken up and denied: 「自慢できるところは特にありません」.
        re.compile(
            rf"{_OPENING}(?:自慢(?:できる|したい|する)|自慢|言いたい|書きたい|伝えたい|思いつく|あげられる|挙げられる)(?:ような)?(?:ところ|所|こと|事|もの|点)?(?:は|が|も){_OPENING}{_NEGATION}{_POLITE}"
        ),
    ),
    (
        "わからないという回答",
        re.compile(
            rf"{_OPENING}(?:よく|良く|具体的に(?:は)?|あまり|あんまり|全く|まったく|何も|なにも|どちらとも|何とも|なんとも|まだ)*"
            r"(?:わから(?:ない|ん|ず)|分から(?:ない|ん|ず)|判ら(?:ない|ず)|解ら(?:ない|ず)|わかんない|分かんない|わかりません|分かりません|解りません|判りません"
            r"|(?:わ|分)かり(?:かね|兼ね)(?:る|ます)"
            r"|不明|言えない|いえない|言えません|いえません|考え(?:た|ていた)?ことが?(?:ない|ありません)|考え中|考えていない|決めていない|決まっていない|未定|検討中"
            r"|判断(?:でき|出来|がつか|つか)(?:ない|ません)|見当(?:が|も)つか(?:ない|ず|ん)|答え(?:られ|ようが)(?:ない|ません|ありません))"
            rf"(?:から|ため|ので)?{_POLITE}"
        ),
    ),
    (
        "前の回答と同じという回答",
        re.compile(
            r"(?:(?:同上|同左|上述|上記|上|前項?|前間|前述|前記|前回|先|先ほど|先程|さきほど|さっき|左|前問|他の(?=回答|解答|理由|設問|質問)|q[0-9]+|第?[0-9]+番?"
            r"|上?記?(?:問|設問|質問)[0-9]+)(?:の?(?:回答|解答|答え|理由|内容|設問|質問|記載|記入)){0,2}(?:に|と|の|で|も)?(?:ほぼ|だいたい|全く)?"
            r"(?:同じ|おなじ|同様|同|同上|通り|とおり|記載の?(?:通り|とおり)|理由|そのもの|答えた(?:通り|とおり)?|書いた(?:通り|とおり)?|述べた(?:通り|とおり)?|記入した(?:通り|とおり)|準ずる|準じる|回答(?:しています|済み|です))"
            r"|(?:(?:q|問|設問)?[0-9]*|前問?|上記|今まで|これまで)の(?:回答|解答|答え)(?:より|です|(?:の?(?:通り|とおり)))"
            r"|(?:全く|まったく|ほぼ|だいたい|選んだ)?その(?:通り|とおり)|(?:に|と)?(?:ほぼ|だいたい|全く)?(?:同じ|おなじ|同様|同|同上|同左))"
            rf"(?:く|に|の?理由|です)?{_POLITE}"
        ),
    ),
    (
        "理由のない回答（なんとなく等）",
        re.compile(
            rf"(?:ただ|まあ)?(?:なんとなく|何となく|なんとなーく|なぜか|何故か|特に理由(?:は|が)?{_NEGATION}|理由(?:は|が)?{_NEGATION}|理由なんて(?:ない|無い))(?:から)?{_POLITE}"
            r"|(?:なんとなく|何となく|ただ|単に|単純に|普通に|個人的に|私[はも]|自分[はも])*(?:そう|その様に|そのように)(?:思い?ます|思う|おもう|思った|感じる|感じます|感じた|考える|考えます)(?:から|ため|ので|だけ)?(?:です)?"
        ),
    ),
    ("どちらでもないという回答", re.compile(rf"(?:どちら|どっち)で(?:も)?(?:ない|いい|良い|よい|ありません){_POLITE}")),
    ("はい・いいえだけの回答", re.compile(rf"(?:はい|いいえ|うん|ある|あります|yes|ok|あり|有り){_POLITE}")),
    (
        "会議の進行の言葉",
        re.compile(
            r"(?:ご|御)?異議(?:なし|ありません|ございません)(?:か|と呼ぶ者あり|と認めます)*|(?:ご|御)?異議なしと(?:認め|呼ぶ).{0,30}|拍手|賛成者起立|起立(?:全員|多数|少数)"
            r"|(?:ただいま|これ|それでは|以上)(?:から|より|で|をもちまして|をもって)?.{0,40}(?:開会|閉会|開議|散会|開催)(?:を)?(?:いた|致)?し(?:ます|たいと思います)"
            r"|.{0,12}(?:開会|閉会|開議|散会|休憩|再開)|(?:次に|続いて|続きまして|それでは)?.{0,24}(?:に移ります|に入ります|に移らせていただきます)"
            r"|(?:なお)?(?:本日|次回)の(?:会議|委員会|日程).{0,40}(?:いたします|致します|となります|です|なります)|(?:ほか|他)に(?:ご|御)?(?:発言|質問|意見)(?:は|が)?(?:ございませんか|ありませんか|なければ.{0,20})"
            r"|(?:はい)?(?:そうですね|なるほど|ええ|はあ|ごもっともです)"
        ),
    ),
    (
        "あいさつ・結びの言葉",
        re.compile(
            r"(?:以上|おわり|終わり)(?:です|になります|となります)?|(?:どうぞ|今後とも|これからも|何卒)?(?:よろしく|宜しく)(?:お願い|おねがい|御願い)?(?:し|致し|いたし|申し上げ)?(?:ます)?"
            r"|(?:お願い|おねがい|御願い)(?:し|致し|いたし|申し上げ)ます|(?:有り?難う|ありがとう)(?:ござい(?:ます|ました))?"
            r"|(?:お疲れ様|おつかれさま|お世話になっております|お世話になります|失礼(?:し|いたし)ます|すみません|すいません)(?:です|でした)?"
            r"|こんにちは|はじめまして|(?:乱筆|乱文|長文|駄文){1,2}(?:で|に|を|となり|になり)?(?:大変)?(?:失礼|すみません|すいません|申し訳|ごめん|お許し|ご容赦|お詫び).{0,12}|乱筆乱文"
        ),
    ),
)  # fmt: skip

_ANY_REASON: Final = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _REASONS))
_LONGEST: Final = 60
# 「副委員長山田　太郎君」 in the record of a council; 「〔拍手〕」.
_ROLL_CALL: Final = re.compile(
    r"(?:[○◯〇・]?[一-鿿]{0,12}(?:委員長|委員|理事|議長|局長|部長|課長|書記|会長|参事)[\s　（(]*)?[一-鿿々ぁ-んァ-ヶ]{1,5}[\s　]*[一-鿿々ぁ-んァ-ヶ]{1,5}君[）)。]?"
)
_STAGE_DIRECTION: Final = re.compile(
    r"〔[^〔〕]{1,60}〕|[（(](?:拍手|笑い?|うなずく|同意の声|発言する者あり|沈黙)[）)]"
)

_MAY_BE_ASIDE: Final = re.compile(r"\s*[〔（(]")

_WHERE: Final = re.compile(
    r"どこ(?:に|へ).{0,12}(?:住|移|引っ?越|転居|転出|暮|戻|行)|都道府県|市町村?名|市区町村|地区名など|住みたい(?:場所|ところ|地域)は"
)
_WHY: Final = re.compile(r"理由|なぜ|何故|どうして")
# Names joined by 、・や or に, without a word that says why: 「大阪や東京など」.
_BETWEEN_PLACES: Final = re.compile(
    r"[\s、,，。.・/／()（）]|とか|などの?|どこか|または|もしくは|および|あたり|だけ|です|[かやとの]"
)
_PLACE: Final = re.compile(r"[一-鿿々ァ-ヺーヶA-Za-z]{1,12}")
_PLACE_ENDINGS: Final = (
    "市", "県", "府", "都", "区", "町", "村", "圏", "地方", "地区", "方面", "の方", "周辺", "街中", "駅前",
    "県外", "市外", "海外", "国外", "国内", "県内", "市内", "都会", "都市", "田舎", "実家", "以外", "隣県",
)  # fmt: skip
_MOST_PLACES: Final = 200
"""Characters up to which an answer may be a list of places."""


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
    if not key or is_error(claim):
        return "記号だけの回答" if not key else "数式のエラー"
    if len(key) == 1 and not _is_ideograph(key):
        return "意味のとれない1文字の回答"
    if len(key) >= 3 and key[0] == key[1] and len(set(key)) == 1:
        return "意味のとれない同じ文字の繰り返し"
    if key.isdigit():
        return "数字だけの回答"
    if "君" in claim and _ROLL_CALL.fullmatch(claim.strip()):
        return "氏名だけの行"
    if _MAY_BE_ASIDE.match(claim) and _STAGE_DIRECTION.fullmatch(claim.strip()):
        return "会議の場の様子"
    # One search says of most claims that none of the patterns is theirs.
    if len(key) <= _LONGEST and _ANY_REASON.fullmatch(key):
        return next(reason for reason, pattern in _REASONS if pattern.fullmatch(key))
    if question and _asks_where(question) and _names_places(claim):
        return "場所の名前だけの回答"
    return ""


@functools.lru_cache(maxsize=1024)
def _asks_where(question: str) -> bool:
    wording = unicodedata.normalize("NFKC", question)
    return bool(_WHERE.search(wording)) and not _WHY.search(wording)


def _names_places(claim: str) -> bool:
    if len(claim) > _MOST_PLACES:
        return False
    names = [name for name in _BETWEEN_PLACES.split(unicodedata.normalize("NFKC", claim)) if name]
    return bool(names) and all(_PLACE.fullmatch(name) and _is_place(name) for name in names)


def _is_place(name: str) -> bool:
    """Whether a word is a name (宮崎 is a town and a family) or ends like a place."""
    if name.endswith(_PLACE_ENDINGS):
        return True
    return any(
        token.pos.startswith("名詞-固有名詞") for token in default_tokenizer().tokenize(name)
    )


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")
