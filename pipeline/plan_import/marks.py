"""What a line of a plan is by its own words: a heading, a label, an item, a status.

Plans of different towns have the same parts under different names: 基本目標 or 基本方針,
施策 or 取組, 「アクションプラン」 or 「具体的な取り組み」, 「2030年の姿」 or 「目指す姿」.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

MarkKind = Literal["goal", "measure", "section", "unknown_heading", "item"]
SectionKind = Literal["problems", "outlook", "measures", "contents", "actions", "other", "sdgs"]
ItemKind = Literal["number", "bullet", "task"]

GOAL_LABELS: Final = ("基本目標", "重点目標", "基本方針", "基本方向", "目標", "柱")
"""What plans call a goal; the first that a plan uses is the one that counts."""

MEASURE_FORMS: Final = ("施策", "取組", "1-1", "（1）")
"""How plans number their measures; the first that a plan uses is the one that counts."""

_HEADING_MARKS: Final = r"[■□◆◇●○◎▶▷►▼▽★☆◤◢❖\s]*"
_OPENING: Final = r"[【\[［〔〈《＜<（(]?"
_CLOSING: Final = r"[】\]］〕〉》＞>）)]?"
_DIGITS: Final = r"(?:[0-9０-９]{1,2}|[Ⅰ-Ⅻⅰ-ⅻ]|[①-⑳]|[一二三四五六七八九十]{1,2})"
_DASH: Final = r"[-－‐–—―ー−.．]"
_NUMBER: Final = rf"{_DIGITS}(?:\s*{_DASH}\s*{_DIGITS})*"
_SEPARATOR: Final = r"[\s:：．.、・\-－―]*"
# 「基本目標１に関連する…」 speaks of a goal and is none.
_SPEAKS_OF: Final = re.compile(
    r"(?:に(?:関|かか|係|沿|つい|向|基|対|おけ|位)|の(?:達成|実現|もと|下|姿|施策|取組|取り組み|概要|推進|内容|課題)"
    r"|と\s*[0-9０-９]|を|ごと|では|から|まで|とは|として|[～~〜]\s*[0-9０-９])"
)
_KANJI_DIGITS: Final = {mark: place for place, mark in enumerate("一二三四五六七八九十", start=1)}

_STATUS_WORDS: Final = (
    r"(?:一部)?(?:新規|継続|充実|強化|拡充|拡大|改善|見直し|廃止|終了|完了|統合|縮小|変更|休止|再開|再掲"
    r"|検討|着手|移行|実施中?|推進|重点|維持)"
)
_STATUS: Final = rf"{_STATUS_WORDS}(?:\s*[・／/、，,]?\s*{_STATUS_WORDS})*"
_IN_BRACKETS: Final = r"[（(【\[［〔＜<《〈]\s*(?P<status>{})\s*[）)】\]］〕＞>》〉]"
_STATUS_LAST: Final = re.compile(rf"\s*{_IN_BRACKETS.format(_STATUS)}\s*(?P<stop>。?)$")
_STATUS_FIRST: Final = re.compile(rf"^{_IN_BRACKETS.format(_STATUS)}\s*(?=\S)")
_STATUS_APART: Final = re.compile(rf"(?:^|\s+)(?P<status>{_STATUS})$")
_NEW_STATUS: Final = re.compile(
    rf"(?<=[るすうくつむぶぐい。])\s*{_IN_BRACKETS.format(r'[一-龠ァ-ヺー・]{2,8}')}$"
)

_STRIPPED: Final = "■□◆◇●○◎▶▷►▼▽★☆❖【】〔〕[]［］＜＞<>《》〈〉：: \u3000"
_ROLE: Final = r"(?:社協|社会福祉協議会|市|町|村|区|行政|地域|住民|市民|町民|村民|区民|事業者|関係機関|団体|みんな|私たち|わたしたち)"
_TASK: Final = r"(?:取組み?|取り組み|取りくみ|とりくみ)"
_PROBLEM: Final = r"(?:現状|課題|問題点|背景)"
_AND_MORE: Final = rf"(?:と|及び|および|・|や)(?:今後の|{_TASK}の|施策の)?(?:{_PROBLEM}|方向性?)"
_SECTION_WORDS: Final[dict[SectionKind, tuple[str, ...]]] = {
    "other": (rf".{{0,20}}その他.{{0,12}}(?:アクションプラン|{_TASK}|活動|事業|施策|計画)",),
    "outlook": (
        r".{0,20}年(?:度|後)?.{0,15}(?:の姿|将来像|未来像)",
        r".{0,12}(?:目指|めざ)す(?:べき)?.{0,12}(?:姿|像|まち|地域)",
        r".{0,12}(?:(?:あり|なり)たい姿|(?:あるべき|理想の|将来の|未来の)姿|将来像|未来像)",
    ),
    "problems": (
        rf"(?:地域の|主な|おもな|これまでの)?{_PROBLEM}(?:{_AND_MORE})*",
        rf"(?:今後の|施策の|{_TASK}の)(?:基本的な)?方向性?",
    ),
    "contents": (rf"(?:施策|{_TASK})?の?(?:内容|概要|方針|説明|目的|ねらい)",),
    "actions": (
        r".{0,14}アクションプラン",
        r"(?:具体的な?)?(?:行動|活動|実施|年次)計画",
        rf"(?:具体的な?|主な|おもな|重点|主要な?)(?:{_TASK}|事業|活動)(?:の?内容|項目|一覧)?",
        rf"{_ROLE}(?:が|の|で)(?:{_TASK}(?:むこと)?|取り組むこと|行うこと|できること|役割)",
    ),
    "measures": (r"(?:.{0,10}に向けた)?(?:おもな|主な|具体的な?)?施策(?:の(?:展開|体系|一覧))?",),
}
_SECTIONS: Final = {
    kind: re.compile("|".join(f"(?:{word})" for word in words))
    for kind, words in _SECTION_WORDS.items()
}
_LABEL_AND_MORE: Final = re.compile(r"\s*[:：]\s*|\s+(?=\S)")
_LONGEST_LABEL: Final = 16
_SDGS: Final = re.compile(
    r"^.{0,12}(?:SDG|ＳＤＧ)\s*[sｓＳS](?:の?(?:目標|ゴール|番号))?\s*[:：]?\s*"
    r"(?P<numbers>(?:(?:目標|ゴール)?\s*[0-9０-９]{1,2}\s*番?\s*[、，,・/／\s]*)+)$"
)
_NUMBERED: Final = re.compile(
    r"^(?P<number>[0-9０-９]{1,2}(?=[．.、)）\s](?![0-9０-９]))|[（(][0-9０-９]{1,2}(?=[)）])|[①-⑳])"
    r"[．.、)）\s]*(?P<text>\S.*)$"
)
_BULLET: Final = re.compile(r"^[・･•●○◯〇◦◎■□◆◇▪‣*＊→⇒➢✓✔☆★◉－‐–-]\s*(?P<text>\S.*)$")
_SURE_HEADING: Final = re.compile(r"^(?:[▶▷►▼▽].*|【[^】]*】|≪.*≫|《.*》)$")


@dataclass(frozen=True)
class Style:
    """How a plan names its goals and numbers its measures."""

    goal: str
    measure: str


@dataclass(frozen=True)
class Mark:
    """What a line begins.

    Attributes
    ----------
    number
        The plan's own, in digits; of 「1-2」 every part. Empty where there is none.
    text
        What follows: the name, the item, or what stands on the line of a label.
    section, item
        Which label, and which kind of item.
    """

    kind: MarkKind
    text: str = ""
    number: tuple[int, ...] = ()
    section: SectionKind | None = None
    item: ItemKind | None = None


def find_style(texts: Iterable[str]) -> Style | None:
    """How a plan names its parts; ``None`` where it has no heading of a goal."""
    texts = list(texts)
    goal = next((one for one in GOAL_LABELS if any(_goal(text, one) for text in texts)), None)
    if goal is None:
        return None
    first = next(place for place, text in enumerate(texts) if _goal(text, goal))
    inside = texts[first:]
    measure = next(
        (one for one in MEASURE_FORMS if any(_measure(text, one) for text in inside)), ""
    )
    return Style(goal, measure)


def read_mark(text: str, style: Style) -> Mark | None:
    """What a line begins; ``None`` for a line that continues or stands for itself."""
    found = _goal(text, style.goal) or (_measure(text, style.measure) if style.measure else None)
    if found:
        return found
    label = section_of(text)
    if label:
        return Mark("section", section=label)
    for gap in _LABEL_AND_MORE.finditer(text, 0, _LONGEST_LABEL + 2):
        label = section_of(text[: gap.start()])
        if label in {"contents", "problems", "outlook", "actions"} and text[gap.end() :]:
            return Mark("section", text[gap.end() :], section=label)
    if _SURE_HEADING.match(text) and not split_status(text)[1]:
        return Mark("unknown_heading", text)
    if style.measure != "取組" and (task := _measure(text, "取組")):
        return Mark("item", task.text, task.number, item="task")
    if numbered := _NUMBERED.match(text):
        number = _value(numbered["number"].lstrip("（("))
        return Mark("item", numbered["text"], (number,), item="number")
    if bullet := _BULLET.match(text):
        return Mark("item", bullet["text"], item="bullet")
    return None


def section_of(text: str) -> SectionKind | None:
    """Kind of the label that a line is, if it is one: 「▶▶2024年の西東京市の姿」 outlook."""
    if _SDGS.match(text):
        return "sdgs"
    bare = re.sub(r"(?<=[一-龠ァ-ヺぁ-ん])\s+(?=[一-龠ァ-ヺぁ-ん])", "", text.strip(_STRIPPED))
    bare = bare.strip(_STRIPPED)
    return next((kind for kind, pattern in _SECTIONS.items() if pattern.fullmatch(bare)), None)


def sdg_numbers(text: str) -> tuple[int, ...]:
    """Numbers of a line that names the goals of a measure: 「関連するSDGs 1、3」."""
    found = _SDGS.match(text)
    if not found:
        return ()
    numbers = {
        int(one) for one in re.findall(r"\d+", unicodedata.normalize("NFKC", found["numbers"]))
    }
    return tuple(sorted(number for number in numbers if 1 <= number <= 17))


def split_status(text: str) -> tuple[str, str]:
    """Action line and its status, without brackets; the status is empty where there is none.

    「…を実施します（継続）」, 「【新規】…」 and 「…　拡充」 are read. Another word in brackets
    behind the end of a sentence is a status of the town's own.
    """
    if found := _STATUS_LAST.search(text):
        return text[: found.start()] + found["stop"], _plain(found["status"])
    if found := _STATUS_FIRST.match(text):
        return text[found.end() :], _plain(found["status"])
    if found := _STATUS_APART.search(text):
        return text[: found.start()], _plain(found["status"])
    if found := _NEW_STATUS.search(text):
        return text[: found.start()], found["status"]
    return text, ""


def ends_with_status(text: str) -> bool:
    """Whether an action line is complete: its status, if it stands last, has been read."""
    own, status = split_status(text)
    return bool(status) and bool(own) and text.startswith(own)


def is_known_status(status: str) -> bool:
    """Whether a status is one of the words that plans use."""
    return bool(re.fullmatch(_STATUS, status))


def opens_status(text: str, *, bare: bool = True) -> bool:
    """Whether a line is, or begins with, the status of the line before it.

    Parameters
    ----------
    bare
        A status may stand without brackets, in a column of its own.
    """
    if re.match(rf"[（(【\[［〔＜<《〈]\s*{_STATUS_WORDS}", text):
        return True
    return bare and is_known_status(text)


def _goal(text: str, label: str) -> Mark | None:
    pattern = rf"^{_HEADING_MARKS}{_OPENING}\s*{_spaced(label)}\s*(?P<number>{_DIGITS})"
    found = re.match(pattern + rf"(?!\s*{_DASH}\s*[0-9０-９])(?P<rest>.*)$", text)
    return _named("goal", found, sure=len(label) > 2) if found else None


def _measure(text: str, form: str) -> Mark | None:
    if form == "施策":
        label = r"(?:重\s*点|基\s*本|主\s*要|個\s*別|推\s*進|具\s*体\s*的?)?\s*施\s*策(?:目標|項目|の方向性?)?"
    elif form == "取組":
        label = rf"(?:重点|主な|具体的な?|基本)?(?:{_TASK}|活動目標|活動項目|推進項目|実施項目|推進目標)(?:項目)?"
    elif form == "1-1":
        found = re.match(
            rf"^{_HEADING_MARKS}{_OPENING}(?P<number>{_DIGITS}\s*[-－‐–—―ー−]\s*{_DIGITS})(?![0-9０-９年月日])(?P<rest>.*)$",
            text,
        )
        return _named("measure", found, sure=True) if found else None
    else:
        found = re.match(rf"^{_HEADING_MARKS}[（(](?P<number>{_DIGITS})[)）](?P<rest>.*)$", text)
        mark = _named("measure", found, sure=True) if found else None
        sentence = re.search(r"(?:ます|[。、])$", text) or split_status(text)[1]
        return None if sentence else mark
    found = re.match(
        rf"^{_HEADING_MARKS}{_OPENING}\s*{label}\s*[（(]?\s*(?P<number>{_NUMBER})\s*[)）]?(?P<rest>.*)$",
        text,
    )
    return _named("measure", found, sure=True) if found else None


def _named(kind: Literal["goal", "measure"], found: re.Match[str], *, sure: bool) -> Mark | None:
    """Heading with its name, unless what follows the number shows that it is none."""
    rest = found["rest"]
    separated = re.match(rf"\s*{_CLOSING}{_SEPARATOR}", rest)
    assert separated is not None
    name = rest[separated.end() :]
    apart = bool(separated.group())
    kanji = found["number"][0] in _KANJI_DIGITS
    if (
        _SPEAKS_OF.match(name)
        or name.endswith("。")
        or (name and not apart and (kanji or not sure))
    ):
        return None
    if rest[:1] in "、，," and rest[1:2].isdecimal():
        return None
    number = tuple(_value(part) for part in re.findall(_DIGITS, found["number"]))
    return Mark(kind, name.strip(), number)


def _spaced(word: str) -> str:
    return r"\s*".join(word)


def _value(number: str) -> int:
    """1 of 「１」「①」「Ⅰ」「一」."""
    plain = unicodedata.normalize("NFKC", number)
    if plain.isdecimal():
        return int(plain)
    if plain[0] in _KANJI_DIGITS:
        tens = 10 if plain[0] == "十" and len(plain) == 2 else 0
        return tens + _KANJI_DIGITS[plain[-1]]
    return int(unicodedata.numeric(number[0]))


def _plain(status: str) -> str:
    return re.sub(r"\s+", "", status)
