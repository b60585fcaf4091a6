"""Names where somebody says whose they are: 「私は佐藤です」, 「担当の小林」, a signature."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pipeline.privacy import lexicon
from pipeline.privacy.lexicon import is_family, is_given, is_place, words_of
from pipeline.privacy.line import KANJI
from pipeline.privacy.scanning import beginnings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pipeline.privacy.lexicon import Word
    from pipeline.privacy.line import Line
    from pipeline.privacy.scanning import Beginnings

_SHORT: Final = 12
"""Characters of punctuation that may stand beside a name and a number."""

_AGE: Final = re.compile(r"[ 　]?[(（][ 　]?[0-9０-９]{1,3}[ 　]?(?:歳|才|代|さい)?[)）、,・]")
_CALLED: Final = re.compile(
    r"(?:と|って)(?:申し|もうし|申す|いい(?:ます|まして)|言い(?:ます|まして)|名乗)"
)
# 「早瀬という職員」, and not 「福井という方法」
_SOMEBODY: Final = re.compile(
    r"(?:という|とかいう|っていう|って)(?:人(?![口材気類間工])|方(?![法針向面])|かた|職員|者|先生|女性|男性|担当|係|医者|おじさん|おばさん|ケアマネ)"
)
_IS_CALLED: Final = re.compile(
    r"(?:です|でした|でございます|といい|と言い|だ(?:けど|が|よ|。|$)|、|$)"
)
_IS_ME: Final = re.compile(r"(?:です|でございます|と申し)(?:[。、！!　 ]|$)")
_ME: Final = re.compile(
    r"(?:私|わたし|わたくし|僕|ぼく|俺|自分|こちら)(?:の名前|の名)?(?:は|が|も|、)$"
)
_FORM: Final = re.compile(
    r"(?:名前|お名前|氏名|姓名|名字|苗字|本名|実名|記入者|回答者|投稿者|記載者|担当者?|代表者?|世帯主|責任者|提出者|連絡先|保護者|署名|聞き取り|記録者?|文責)"
    r"(?:[(（][^)）]{0,8}[)）])?[ 　]{0,2}(?:は|：|:|＝|=|／|/|…|[ 　])[ 　]{0,2}$"
)
# 「参加者：飯塚、小倉、戸田」, and 「以上、及川」 at the end
_ROLL: Final = re.compile(
    r"(?:進行|司会|書記|会計|記録|参加者|出席者?|欠席者?|発言者|発表者?|メンバー|班員|座長|ファシリテーター|事務局|回答者|記入者)"
    r"[ 　]?[：:][ 　]?(?:[^、・,，。：:]{1,10}[、・,，][ 　]?){0,8}$|^[ 　]?以上[、 　]$"
)
_OFFICE: Final = re.compile(
    r"(?:課|係|室|局|支所|センター|事務所|病院|施設|社協|役所|役場|支店|薬局|部署)の$"
)
_SIGNED: Final = re.compile(r"[ 　]{0,2}(?:記|拝|より|生|代筆|まで)?[ 　]{0,3}$")
_NOTHING: Final = re.compile(r"[ 　、,，・:：()（）「」\[\]の\-－]*")
_CONTACT: Final = re.compile(
    r"[ 　、,，・:：()（）]*+(?:です|と申します|より|まで|宛|あて)?+[ 　、,，・:：()（）]*+(?:電話|でんわ|ＴＥＬ|TEL|Tel|tel|携帯|自宅|住所|連絡先|メール|〒|☎|℡)?[ 　:：()（）]*"
)
_CONTACT_END: Final = re.compile(r"(?:^|[ 　、,，:：()（）])$")
# 「処分場（片倉）」: where it is, not who is there.
_SITES: Final = ("場", "地", "跡", "駅", "線", "橋", "公園", "校舎", "施設")
_SPEAKER: Final = re.compile(r"[ 　]{0,2}[：:]")
_NEARBY: Final = frozenset({"隣", "お隣", "となり", "向かい", "近所"})
_AFTER_NAME: Final = frozenset({"particle", "mark", "space", "number"})
_KIN: Final = re.compile(
    r"(?:ん(?:ち|家|とこ)|の(?:お(?:ばあ|じい|ば|じ|母|父|兄|姉|かあ|とう)(?:ちゃん|さん)|奥さん|奥様|ご主人|旦那|だんな|息子|娘|嫁|ばあ|じい|母さん|父さん|婆|爺|家族|妻|夫人))"
)
_LIST_OF_PEOPLE: Final = re.compile(r"(?:ら|たち|達)(?=[のがはをにも、。]|$)")


@functools.cache
def _relations() -> re.Pattern[str]:
    words = words_of("続柄") | words_of("役職")
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"(?P<who>{'|'.join(ordered)})の$")


@functools.cache
def _around() -> re.Pattern[str]:
    """What stands before or behind every word that is introduced, whatever kind it is of."""
    words = words_of("続柄") | words_of("役職")
    ordered = sorted(words, key=lambda word: (-len(word), word))
    own = (_CALLED.pattern, _SOMEBODY.pattern, _FORM.pattern.removesuffix("$"))
    return re.compile(rf"[：:(（]|以上[、 　]|(?:{'|'.join(ordered)})の|{'|'.join(own)}")


@functools.cache
def _beginnings() -> Beginnings:
    """Two characters of everything that :func:`_around` looks for."""
    said = [f"{end}{begin}" for end in "うて" for begin in "人方か職者先女男担係医おケ"]
    called = [f"{end}{begin}" for end in "とて" for begin in "申もい言名"]
    forms = (
        "名前 お名 氏名 姓名 名字 苗字 本名 実名 記入 回答 投稿 記載 担当 代表 世帯 責任 提出 連絡 保護 "
        "署名 聞き 記録 文責 以上 ： : ( （"
    )
    relations = (f"{own}の" for own in words_of("続柄") | words_of("役職"))
    return beginnings((*said, *called, *forms.split(), *relations))


# What stands there for a word that is a name and no noun.
_AROUND_NAME: Final = re.compile(
    "私|わたし|わたくし|僕|ぼく|俺|自分|こちら|[課係室局所ー院設協役場店署]の"
    f"|です|でございます|と申し|ら|たち|達|{_KIN.pattern}"
)


def may_introduce(text: str, kinds: Collection[str]) -> bool:
    """Whether :func:`find_introduced` can find something among words of these kinds."""
    if "given" in kinds or (_beginnings().stand_in(text) and _around().search(text)):
        return True
    named = "family" in kinds or "place" in kinds or "unknown" in kinds
    return named and _AROUND_NAME.search(text) is not None


@functools.cache
def _of_kin() -> frozenset[str]:
    """Relations that a given name follows, not a surname."""
    whole = "娘 息子 妻 夫 姉 妹 兄 弟 孫 長男 長女 いとこ 従兄弟 従姉妹 甥っ子 姪っ子 次男 次女 三男 三女 上の子 下の子 甥 姪 彼氏 彼女"
    return frozenset(whole.split())


@functools.cache
def _kin_before() -> re.Pattern[str]:
    words = {
        *words_of("続柄") & _of_kin(),
        "母",
        "父",
        "祖母",
        "祖父",
        "主人",
        "家内",
        "義母",
        "義父",
    }
    return re.compile(f"(?:{'|'.join(sorted(words, key=lambda own: (-len(own), own)))})([(（]?)$")


def _beside_kin(word: Word, before: str, after: str) -> bool:
    """「夫（正雄）」, 「長女結衣が」: a given name right beside the relation."""
    kin = _kin_before().search(before)
    if not kin or not is_given(word.surface):
        return False
    if kin[1]:
        return word.surface not in words_of("普通の語") and after[:1] in {")", "）"}
    return word.kind == "given" and after[:1] in set("はがをにもとの、（(")


def find_introduced(line: Line) -> Iterator[tuple[int, int]]:
    """Names where somebody says whose they are."""
    for place, word in enumerate(line.words):
        known = word.kind in {"place", "noun", "unknown"} and (
            is_family(word.surface) or is_given(word.surface)
        )
        if word.kind not in {"family", "given"} and not known:
            continue
        whole = _whole(line, place)
        if whole is not None and _is_introduced(line, place, *whole):
            yield whole


def _whole(line: Line, place: int) -> tuple[int, int] | None:
    """Surname with the given name behind it; ``None`` for a word that is rather none."""
    word = line.words[place]
    following = line.words[place + 1] if place + 1 < len(line.words) else None
    if following and word.kind == "family" and following.kind == "given":
        return None  # said by full()
    kin = word.kind == "given" and _kin_before().search(
        line.text[max(0, word.start - 6) : word.start]
    )
    if line.names_a_place(place) or (line.is_attached(place) and not kin):
        return None
    return word.start, word.end


def _is_introduced(line: Line, place: int, start: int, end: int) -> bool:
    word = line.words[place]
    before, after = line.text[max(0, start - 60) : start], line.text[end : end + 12]
    single = word.kind != "family" and len(word.surface) == 1
    if _CALLED.match(after):
        return not (single and before.endswith("の"))  # 「沖縄の心といいますか」
    somebody = _SOMEBODY.match(after) and len(word.surface) > 1 and is_family(word.surface)
    if somebody and not lexicon.is_prefecture(word.surface):
        return True
    common = word.surface in words_of("普通の語") or word.surface in words_of("呼び名")
    common = common or (word.kind == "noun" and single)
    if common or _FORM.search(before):
        return not common
    if _ROLL.search(before):
        known = is_family(word.surface) and not lexicon.is_prefecture(word.surface)
        return known and _ends_name(line, place)
    if relation := _relations().search(before):
        return _ends_name(line, place) and _is_related(word, relation["who"])
    if len(word.surface) > 1 and _beside_kin(word, before, after):
        return True
    if lexicon.is_prefecture(word.surface) or word.kind == "noun":
        return False
    if _OFFICE.search(before) and word.kind == "family" and not is_place(word.surface):
        return _ends_name(line, place)
    return (bool(_ME.search(before)) and bool(_IS_CALLED.match(after))) or (
        word.kind == "family" and _is_surname(word, before, after)
    )


def _is_surname(word: Word, before: str, after: str) -> bool:
    """Whether what stands around a surname means the person and not a place."""
    if _AGE.match(after):
        return True
    if (not before or before.isspace() or before[-1] in "○◯●〇・◆■") and _SPEAKER.match(after):
        return True
    if _KIN.match(after):
        return True
    if is_place(word.surface) or lexicon.is_municipality(word.surface):
        return False
    if not before.strip() and _IS_ME.match(after):
        return True
    if before[-1:] in {"(", "（"} and after[:1] in {")", "）"}:
        return not before[:-1].endswith(_SITES)
    return bool(_LIST_OF_PEOPLE.match(after))


def _is_related(word: Word, who: str) -> bool:
    """Whether it may be the name of a daughter, a colleague, a neighbour."""
    if who in _of_kin():
        return is_given(word.surface) and (word.kind != "noun" or len(word.surface) > 1)
    if who in _NEARBY:
        return word.kind == "family" and not is_place(word.surface)
    if who in words_of("役職"):
        return word.kind == "family" and not lexicon.is_municipality(word.surface)
    return word.kind != "noun" or is_place(word.surface)


def _ends_name(line: Line, place: int) -> bool:
    return place + 1 == len(line.words) or (
        line.words[place + 1].kind in _AFTER_NAME
        or line.text.startswith(("と", "です", "って"), line.words[place].end)
    )


def find_signed(line: Line) -> Iterator[tuple[int, int]]:
    """A name that stands alone on its line: 「田口」, 「山田　花子 記」."""
    own = [word for word in line.words if word.kind != "space"]
    if not own or own[0].kind not in {"family", "place"} or not is_family(own[0].surface):
        return
    first = own[0]
    if _SIGNED.fullmatch(line.text, first.end):
        common = is_place(first.surface) or lexicon.is_common(first.surface)
        if first.kind == "family" and not common:
            yield first.start, first.end
    elif len(own) in {2, 3} and _SIGNED.fullmatch(line.text, own[1].end):
        spaced = own[1].start > first.end
        if _may_be_given(own[1].surface, spaced=spaced):
            yield first.start, own[1].end


def _may_be_given(word: str, *, spaced: bool) -> bool:
    """Whether the second word of a line is a given name: known, or kanji after white space."""
    if word[-1] in "氏様君殿" or word in words_of("施設") or is_place(word):
        return False
    return is_given(word) or (spaced and len(word) <= 3 and bool(KANJI.fullmatch(word)))


def find_beside_contact(line: Line) -> Iterator[tuple[int, int]]:
    """A surname that stands alone before or after a number or an address."""
    for place, word in enumerate(line.words):
        if not is_family(word.surface) or (word.kind == "noun" and len(word.surface) == 1):
            continue
        first, last = word.start <= _SHORT, len(line.text) - word.end <= 2 * _SHORT
        if not first and not last:
            continue
        before, after = line.text[: word.start], line.text[word.end :]
        if (_NOTHING.fullmatch(before) and _CONTACT.fullmatch(after)) or (
            _whole(line, place) and _CONTACT_END.search(before) and _NOTHING.fullmatch(after)
        ):
            yield word.start, word.end
