"""Who leads a meeting: what facilitators and the office say is no resident's voice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.documents.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

_FACILITATOR: Final = re.compile(
    r"(?:総合|本日の|全体)?(?:司会(?:者|進行)?|進行(?:役|係|者|担当)?|ファシリテー(?:ター?|タ)|モデレーター?"
    r"|書記|記録(?:係|者|担当)?)(?:さん|氏|君)?[A-Z0-9①-⑳]{0,2}"
)
# 「西町自治会事務局」 takes part in a meeting; 「社協事務局」 and 「山田事務局」 lead it.
_OFFICE: Final = re.compile(
    r"(?:[^\s会人体]{0,6}|.{0,6}社会福祉協議会)事務局(?:次?長|員|職員|担当者?)?(?:さん|氏|君)?[A-Z0-9①-⑳]{0,2}"
)
_NAMED_CLERK: Final = re.compile(r"[^\s会人体]{1,4}(?:書記|司会者?|進行役)(?:さん|氏|君)?")
_CHAIR: Final = re.compile(
    r"(?:委員長|会長|議長|座長|部会長|分科会長|議長団)(?:職務代理者?|代理)?$"
)
_IN_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_MEMBER: Final = re.compile(r"委員|住民|市民|町民|村民|区民|参加者")

_STAGE_DIRECTION: Final = re.compile(r"〔[^〔〕]{0,40}〕|\([^()]{0,60}(?:呼ぶ者あり|拍手|挙手)\)")
_SENTENCE: Final = re.compile(r"[。\n?!]+")
_PROCEDURE: Final = re.compile(
    r"お諮り|異議(?:なし|ありません|ございません)|採決|起立(?:全員|多数|少数|願|を)|賛成の方|挙手"
    r"|(?:開会|閉会|開議|散会|休憩|再開)(?:を?(?:いた|致|し|宣|と|の)|に)|暫時休憩"
    r"|(?:ご|御)(?:了承|着席|退席|起立|静粛|発言)(?:を)?(?:お?願い|いただ|して結構)"
    r"|発言(?:を許|の申し出|がなければ|は終わり|を終わ|願い)|(?:尋問|質疑)(?:は|を)?.{0,12}(?:終了|終わり|始め|開始|行)"
    r"|速記|(?:議事|審議|議題|次第|質疑|協議|意見交換)(?:に|を).{0,6}(?:入|移|進|始)|議題と(?:いた|し)"
    r"|(?:のように|そのように|さよう)決定|指名(?:いた|を|させ)|(?:ほか|他)に.{0,8}(?:意見|質問|発言)"
    r"|(?:(?:ご|御)(?:意見|質問|発言|感想)|(?:ご|御)?説明|自己紹介).{0,12}(?:お願い|いただ(?:け|き)|ありますか|ございますか|ありませんか)"
    r"|お手元に?.{0,6}(?:配布|配付|資料)|(?:座長|議長|委員長)を(?:務め|つとめ)|朗読は省略"
    r"|(?:本日|ただいま|これ|以上).{0,20}(?:開会|閉会|開催|終了)"
)
_GIVES_THE_FLOOR: Final = re.compile(
    r"(?:それでは|では|次に|続いて|続きまして|はい|じゃあ?|どうぞ|、)*"
    r"[^、。\s]{1,10}(?:委員長?|会長|理事|議員|証人|参考人|さん|様|先生|氏|君|局長|部長|課長|事務局)(?:から|より)?"
    r"[、\s]*(?:どうぞ|お願い(?:いた|致)?し?ます|いかがでしょうか?|の順で)?"
)
_COURTESY: Final = re.compile(
    r"(?:はい|どうぞ|それでは|では|皆(?:さん|様)|(?:本日|今日|長時間|貴重な(?:ご|御)?意見|(?:ご|御)(?:意見|説明|協力|苦労))"
    r"|は|を|に|、|\s|どうも|大変|まことに|誠に|ありがとうございま(?:す|した)|さま(?:でした)?|よろしいでしょうか|いかがでしょうか"
    r"|(?:よろしく)?お願い(?:いた|致)?し(?:ます|たいと思います))*"
)
_LONGEST: Final = 400
"""Characters up to which words of a chair may be nothing but procedure."""
_SHOWN: Final = 5  # speakers


def leads(speaker: str, text: str) -> bool:
    """Whether a turn of speech leads the meeting and says nothing of a resident's own.

    Parameters
    ----------
    speaker
        Name or office before the turn.
    text
        What was said.

    Returns
    -------
    bool
        True for every word of 司会, 進行役, ファシリテーター, 事務局 and 書記. A chair
        (座長, 委員長, 会長) is a member with an opinion: only turns in which every
        sentence is procedure lead.

    Examples
    --------
    >>> leads("司会", "若い方はいかがですか。"), leads("山崎委員長", "坂が多くて困ります。")
    (True, False)
    >>> leads("山崎委員長", "次に、お諮りいたします。ご異議ありませんか。")
    True
    """
    name = unicodedata.normalize("NFKC", speaker).strip()
    if not name:
        return False
    bare = "".join(_IN_BRACKETS.sub("", name).split())
    offices = ["".join(one.split()) for one in _IN_BRACKETS.findall(name)]
    if _is_facilitator(bare):
        return True
    named = any(_is_facilitator(one) for one in offices)
    if named and not _MEMBER.search(bare):
        return True
    chairs = named or any(_CHAIR.search(one) for one in (bare, *offices))
    return chairs and is_procedure(text)


def is_procedure(text: str) -> bool:
    """Whether every sentence of a turn is procedure: opening, voting, giving the floor."""
    if len(text) > _LONGEST:
        return False
    plain = _STAGE_DIRECTION.sub("\n", unicodedata.normalize("NFKC", text))
    sentences = [one for part in _SENTENCE.split(plain) if (one := part.strip())]
    return all(
        _PROCEDURE.search(one) or _GIVES_THE_FLOOR.fullmatch(one) or _COURTESY.fullmatch(one)
        for one in sentences
    )


def facilitator_remarks(speakers: Iterable[str]) -> tuple[Remark, ...]:
    """Say how many turns lead the meeting, by speaker.

    Parameters
    ----------
    speakers
        Speaker of each turn that leads (:func:`leads`).
    """
    counts = Counter(speakers)
    if not counts:
        return ()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = "、".join(f"{speaker} {count}件" for speaker, count in ranked[:_SHOWN])
    more = " ほか" if len(ranked) > _SHOWN else ""
    return (
        Remark(
            "",
            f"進行役や事務局の発言が{counts.total():,}件あります（{shown}{more}）。"
            "住民の声ではないと見て、意見に数えません。",
        ),
    )


def _is_facilitator(name: str) -> bool:
    return bool(
        _FACILITATOR.fullmatch(name) or _OFFICE.fullmatch(name) or _NAMED_CLERK.fullmatch(name)
    )
