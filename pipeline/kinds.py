"""Kind of an opinion: a problem, a request, praise, or something else.

Cues are forms of Japanese that say what a sentence does, not what it is about:
「…てほしい」「…べき」 ask, 「…なくて困る」「少ない」 complain, 「…がいい」
「好き」 praise. Where the wording leaves it open, the question decides:
「良いところは？」 is answered with praise.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    _Cue = tuple[str, float, Callable[[str], re.Match[str] | None]]


def _from(letters: str, pattern: str) -> re.Pattern[str]:
    """Pattern that is tried only at the letters that it can begin with.

    It matches where `pattern` does. The engine leaps to the next of the letters,
    where it would try all branches of the pattern at every letter of a text.
    """
    return re.compile(f"[{letters}](?<=(?={pattern})[{letters}])")


# (weight, pattern), matched anywhere in the opinion.
_CUES: Final[dict[str, tuple[tuple[float, re.Pattern[str]], ...]]] = {
    "request": (
        (
            3.0,
            _from(
                "おがしすせたつてでなにべめやよるれを下作図増希建望求減要進願",
                r"(?:[てで]|に|を|が)(?:ほし|欲し)(?!く(?:ない|なかった))|[てで](?:下さい|ください|くれ(?![たるてま])|くれると|もらいたい|いただきたい|頂きたい|いただけ|頂け|もらえ(?:ると|たら|れば|ない))"
                r"|べき|お願い(?:し|致|いた|でき)|望(?:む|みます|んで|まし)|求め(?:る|ます|たい)|願(?:う|い(?:ます|たい)|って)|要望|希望(?:し|です|する)"
                r"|(?:せよ|しろ|作れ|つくれ|やめろ|下げろ|減らせ|増やせ|建てろ|図れ|進めよ|めよ|すべし)(?:$|[。！!～ー])"
                r"|(?:ように|ようと?に?)して(?:ほし|欲し|下さ|くださ|もら)|たらいいな|(?:たら|れば|ると|なら)(?:もっと|さらに)?(?:いい|良い|よい|嬉し|うれし|あり?がた|助か|有難|最高|良き)",
            ),
        ),
        # An object without its verb (「…の充実を。」) and a bare imperative both ask.
        (
            3.0,
            _from(
                "べを努取図定強急改求深置行進防高",
                r"を(?<=[一-鿿ァ-ヺーりみけ]を)[。！!]?$|(?:取り?組|進|努|求|高|深|強|改|定)め[よろ]?[。！!]?$|(?:べ|行|置|急|防|図)[けげれ][。！!]?$",
            ),
        ),
        (
            2.0,
            _from(
                "あいしすつでどなほれ上下不作促充増変大実広廃建強復必急拡推提支改整検欲活減無発直確育見設誘造重開",
                r"(?:必要|大切|重要|急務|不可欠)(?:だ|です|で(?:ある|は)|と(?:思|考)|では|が(?:ある|あり)|。|$)|検討(?:を|し|すべき|願)|提案|どうでしょう|いかがでしょう|どうか(?!と)"
                r"|(?:増や|減ら|作|造|つく|なく|無く|建て|広げ|直|変え|下げ|上げ|整備|充実|強化|誘致|改善|実施|設置|推進|促進|拡大|拡充|見直|確保|育成|支援|廃止|復活|実現|支給|開催|発展|活性化)"
                r"(?:す|し|さ|せ|)?(?:る|て|を|の)?(?:こと|事)?[。！!]?$|(?:して|なって)(?:いって|いけ|い)(?:ほし|欲し|たら|れば)|欲しい|ほしい|ほしーい|ほしいです"
                r"|(?:する|なる|ある|れる|できる|いる)(?:よう)?(?:な)?(?:街|町|まち|市|地域|社会)(?:づくり)?(?:に|へ)?(?:なる|する|したい|なりたい)?[。！!]?$",
            ),
        ),
        (
            1.5,
            _from(
                "たのまもを市町街",
                r"(?:街|町|まち|市)(?:づくり)?(?:にし?たい|になると|にする|になる|がいい|が良い)|もっと|た(?<=[^いな]た)い(?:です|。|$)|(?:の|を)(?:充実|整備|強化|拡充|推進|誘致|確保|見直し|育成|支援|改善)[。]?$",
            ),
        ),
    ),
    "problem": (
        (
            2.5,
            _from(
                "うがさしすつづでにひまわガス不低出分危古問困多大寂少希心怖悪暗残汚減無物狭老臭苦行衰負足辛迷遅過遠酷面騒高",
                r"困(?:る|って|り|ら|難)|不便|不満|不安|心配|問題|危な|危険|怖|大変|辛い|つらい|ひど|酷|残念|迷惑|うるさ|騒音|臭|汚|負担|ストレス|苦痛|面倒|無駄|不足|遅れ|悪い|悪く|低い|高すぎ|多すぎ|少なすぎ|すぎる|すぎて|過ぎる"
                r"|しづら|しにく|づらい|にくい|がたがた|ガタガタ|でこぼこ|わからない|分からない|できない|出来ない|行けない|ません|足りな|物足り|遠い|狭い|暗い|古い|寂し|さびし|さみし|減って|減少|高齢化|過疎|希薄|衰退|寂れ|さびれ|老朽",
            ),
        ),
        (
            2.0,
            _from(
                "いおずな少怠意無疑",
                r"(?:少な(?:い|く|かった|すぎ)|無い|ない(?!か(?:な|と)|で(?:ほし|欲し|くだ|下さ)|よう|と(?:思|い))|なくて|無くて|なく(?:、|，|$)|なさすぎ)|ず、|おかしい|意味不明|疑問|怠慢|いかが(?:な|か)もの",
            ),
        ),
        (
            1.0,
            _from(
                "くだのばわ割多減高",
                r"のに|くせに|割に|わりに|だけ|ばかり|ばっかり|減|高い|多くて",
            ),
        ),
    ),
    "praise": (
        (
            2.5,
            _from(
                "あいうおきすのやゆよキ仲住便優充助大好嬉安平恵感整暮最有楽気治活温満盛穏素綺美自良落親誇豊過静",
                r"(?:(?<!ば)(?<!たら)(?:良|よ)かった|良い|良く|よい|いい(?!加減)|いいところ|素晴らし|すばらし|最高|好き|すき|気に入|大好き|優し|やさし|親切|温か|あたたか|きれい|綺麗|キレイ|美し|豊か|ゆたか|静か|落ち着|のどか|穏やか|便利|住みやす|住み易|すみやす|暮らしやす|過ごしやす"
                r"|誇れ|誇り|自慢|楽し(?:い|かった|く)|嬉し|うれし|ありがと|有難|感謝|美味し|おいし|安心(?:でき|感|だ|です|して(?!暮|住|生活))|仲(?:が|の)?(?:良|い)|助か(?:り|って)|充実して(?:いる|い|お)|整って|恵まれ|盛ん|活発|満足|平和|治安が)",
            ),
        ),
        (
            1.2,
            _from(
                "いがたちで多慣沢色近都",
                r"(?:たくさん|沢山|いっぱい|多く|色々|いろいろ|近くに).{0,8}(?:ある|いる|あって|あり)|多い(?:ところ|所|から|。|$)|がある(?:ところ|所|から|こと|。|$)|できる(?:ところ|所|から|。|$)|慣れ|近い|都会だから|ちょうど",
            ),
        ),
    ),
}  # fmt: skip

# 「困らない」「不便はない」 deny a trouble.
_DENIED_TROUBLE: Final = re.compile(
    r"(?:困ら(?:ない|ず)|困って(?:い)?(?:ない|ません)|うるさくな[いく]|(?:不便|不満|不自由|不安|問題|困ること|心配|支障)(?:さ|な(?:ところ|所|こと|点|の)|に感じること)?(?:は|が|も|では|じゃ|に)?(?:特に|あまり|ほぼ|全く)?(?:な[いくしか]|無[いくしか]|ありません|感じ(?:ない|ません)))"
)

_QUESTION_CUES: Final = (
    ("praise", re.compile(r"良い|よい|いいところ|好き|自慢|魅力|よかった|良かった|評価")),
    ("problem", re.compile(r"不便|困|問題|課題|不満|心配|不安|悪い|改善|足りない")),
    (
        "request",
        re.compile(r"ほしい|欲しい|期待|要望|希望|提案|アイデア|夢|将来|望|どんなまち|必要"),
    ),
)
_QUESTION_WEIGHT: Final = 3.2
_ASKED_BACK: Final = re.compile(r"(?:か|のか|は|のでしょうか|でしょうか|ますか|ですか)[。?？]?$")
_CLEAR: Final = 2.5
"""Weight of cues that are heard against the direction of the question."""

_THRESHOLD: Final = 1.2


def classify_kind(text: str, question: str = "") -> str:
    """Kind of one opinion.

    Parameters
    ----------
    text
        One opinion, as written.
    question
        The question it answers, where there is one.

    Returns
    -------
    str
        ``problem``, ``request``, ``praise`` or ``other``: the kind with the
        heaviest cues, the end of the opinion counting double because a Japanese
        sentence says there what it does; ``other`` below a threshold.
    """
    scores = dict.fromkeys(_CUES, 0.0)
    text = _DENIED_TROUBLE.sub("満足", text)
    ending = text.rstrip("。．.！!？?　 」）)♪")[-12:]
    asked, heard = _heard(question)
    whole = ending == text
    for kind, weight, search in heard:
        found = search(text)
        if found:
            scores[kind] += weight
        if found if whole else search(ending):
            scores[kind] += weight
    for kind in asked:
        scores[kind] += _QUESTION_WEIGHT / len(asked)
    if not asked and _ASKED_BACK.search(text.strip()) and max(scores.values()) < 4:
        return "other"
    # Ties go to the kind that asks for most attention.
    best = max(("request", "problem", "praise"), key=lambda kind: scores[kind])
    return best if scores[best] >= _THRESHOLD else "other"


@functools.lru_cache(maxsize=1024)
def _heard(question: str) -> tuple[list[str], list[_Cue]]:
    """Kinds that a question asks for, and the cues that are heard in its answers."""
    asked = [kind for kind, pattern in _QUESTION_CUES if pattern.search(question)]
    # 「犯罪が少ない」 praises where praise was asked for, 「虫が多い」 does not elsewhere.
    deaf = {"problem"} if asked == ["praise"] else {"praise"} if asked else set()
    deaf -= {"praise"} if "praise" in asked else set()
    return asked, [
        (kind, weight, pattern.search)
        for kind, cues in _CUES.items()
        for weight, pattern in cues
        if weight >= _CLEAR or kind not in deaf
    ]
