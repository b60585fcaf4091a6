"""What is sensitive about people: words of attributes, headings of issues. The one list of them.

Of such things a small number tells more than of others, so that more people are needed for
a count to be published (:mod:`pipeline.disclosure.policy`). The lists are wide on purpose:
a planner says in the study file what is not sensitive after all.

Notes
-----
An *attribute* is sensitive whose name or values say of a person that he or she is ill, has a
disability, needs care or lives on benefits. Where somebody works (医療・福祉) or goes (病院)
says nothing of that kind.

An *issue* is sensitive where those who speak of it mostly speak of themselves or of their
family: what they have, need or suffer (認知症, 生活困窮, 虐待). It is not where they speak of
what a town offers to everybody (病院・医療体制, バリアフリー, 福祉サービスの情報).

References
----------
個人情報の保護に関する法律 第2条第3項（要配慮個人情報：病歴、障害、犯罪の経歴など）.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADINGS: Final = frozenset([
    "障がい者の福祉", "障がい者の就労・社会参加", "障がい児・発達障がい", "親亡き後",
    "手話・点字などの情報保障", "特別支援教育",
    "体力・病気の不安", "こころの健康・自殺予防", "感染症", "健康づくり・介護予防",
    "健診・検診", "健康でいられること", "在宅医療・看取り", "医療費の負担",
    "認知症", "介護", "介護する家族の負担",
    "生活困窮・貧困", "子どもの貧困・子ども食堂", "ひとり親家庭の支援",
    "ヤングケアラー", "ひきこもり", "いじめ・不登校", "虐待・DV", "権利擁護・成年後見",
    "再犯防止・更生保護", "性の多様性",
])  # fmt: skip
"""Headings and facets of ``dictionaries/concepts.toml`` under which issues are sensitive."""

_OF_A_PERSON: Final = (
    "障害", "障がい", "障碍", "手帳", "療育", "難病", "持病", "疾患", "疾病", "病気",
    "病状", "病歴", "既往", "慢性病", "生活習慣病", "精神病", "うつ病", "糖尿病", "高血圧",
    "がん患者", "通院", "入院", "服薬", "闘病", "療養", "認知症", "医療的ケア", "後遺症",
    "車いす", "車椅子", "寝たきり", "要介護", "要支援", "介護度", "介護認定",
    "生活保護", "被保護", "就学援助", "生活困窮", "困窮", "貧困", "非課税", "ひきこもり",
    "引きこもり", "不登校", "虐待", "依存症", "自殺", "自死", "感染症", "HIV", "LGBT",
    "性的少数", "性的マイノリティ", "保護観察", "前科",
)  # fmt: skip
"""Words that say it of a person wherever they stand."""

_OF_A_QUESTION: Final = ("健康", "病", "介護", "体調", "こころの状態", "心の状態")
"""Words that say it in the name of an attribute, and too little in a value."""

_HARMLESS: Final = re.compile(
    "病院|病児|病後児|介護予防教室|健康センター|健康福祉|健康保険|母子手帳|母子健康手帳|年金手帳|インフラ障害|通信障害"
)
"""Places, offices and papers that bear such a word in their name."""


def is_of_a_person(name: str, values: Iterable[str] = ()) -> bool:
    """Whether an attribute tells of illness, disability, care or need.

    Parameters
    ----------
    name
        Of the attribute: a header, or the question that was asked.
    values
        What people answered.

    Examples
    --------
    >>> is_of_a_person("手帳の有無"), is_of_a_person("世帯", ["要介護者と同居", "そのほか"])
    (True, True)
    >>> is_of_a_person("職業", ["医療・福祉", "製造業"]), is_of_a_person("病院への行き方")
    (False, False)
    """
    return _says(name, (*_OF_A_PERSON, *_OF_A_QUESTION)) or any(
        _says(value, _OF_A_PERSON) for value in values
    )


def is_of_people(title: str, headings: Iterable[str]) -> bool:
    """Whether those who speak of an issue speak of such things.

    Parameters
    ----------
    title
        Of the issue, where it stands under no heading or people gave it a title.
    headings
        Headings under which it stands.

    Examples
    --------
    >>> is_of_people("認知症", ["認知症", "孤独・孤立"]), is_of_people("障がいのある人の働く場", [])
    (True, True)
    >>> is_of_people("病院・医療体制", ["病院・医療体制"])
    False
    """
    return not HEADINGS.isdisjoint(headings) or _says(title, (*_OF_A_PERSON, "健康"))


def _says(text: str, words: Iterable[str]) -> bool:
    own = _HARMLESS.sub("", unicodedata.normalize("NFKC", text))
    return any(word in own for word in words)
