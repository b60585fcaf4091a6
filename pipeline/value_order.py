"""The order in which a reader expects the values of an attribute: bands, scales, sizes.

What somebody chose comes first, what says nothing (回答しない, その他, 無回答) last.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_ANSWER: Final = "無回答"
REST: Final = "そのほか"
"""Values of too few people, taken together."""

REST_OR_NO_ANSWER: Final = "そのほか・無回答"
"""The same, with people who did not answer among them."""

_NUMBER: Final = re.compile(r"\d+")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BELOW: Final = re.compile(r"未満|以下|まで")
_OPEN: Final = re.compile(
    r"(?:その他|そのほか|わからない|分からない|答えたくない|回答しない|不明)(?:\(.*\))?"
)
_LAST: Final = {NO_ANSWER: 3, REST_OR_NO_ANSWER: 2, REST: 2}

_DEGREES: Final = (
    (4, r"とても|大変|たいへん|非常に|大いに|強く|よく|いつも|常に|十分|全く|まったく|全然|ぜんぜん"),
    (2, r"おおむね|だいたい|ほぼ|ほとんど"),
    (1, r"やや|まあ|少し|すこし|多少|ある程度|どちらかと|比較的|時々|ときどき|たまに|あまり|それほど"),
)  # fmt: skip
"""How strongly a value says yes or no, by the word that it begins with; 3 without one."""

_MIDDLE: Final = re.compile(r"どちらとも|どちらでも|ふつう|普通|変わらない")

_POLES: Final = (
    ("満足", "不満|不満足"),
    ("思う|思います", "思わない|思いません"),
    ("感じる|感じている", "感じない|感じていない"),
    ("好ましい", "好ましくない"),
    ("良い|よい", "良くない|よくない|悪い"),
    ("ゆとりがある|余裕がある", "余裕がない|苦しい"),
    ("やすい", "にくい"),
    ("安心", "不安"),
    ("賛成", "反対"),
    ("知っている", "知らない"),
    ("できている|できる", "できていない|できない"),
    ("している|する", "していない|しない"),
    ("ある", "ない"),
)
"""What the two ends of a scale end with. An inflection may follow (満足している)."""

_ENDING: Final = r"(?:している|である|です|だ)?$"


def order_values(sizes: Mapping[str, int]) -> list[str]:
    """Bands by their number, scales from yes to no, other values by size; silence last.

    Examples
    --------
    >>> order_values({"３０代": 5, "80歳以上": 1, "18～29歳": 9, "無回答": 3, "18歳未満": 2})
    ['18歳未満', '18～29歳', '３０代', '80歳以上', '無回答']
    >>> order_values({"やや不満": 9, "満足": 1, "どちらともいえない": 4, "やや満足": 7})
    ['満足', 'やや満足', 'どちらともいえない', 'やや不満']
    >>> order_values({"西": 3, "東": 3, "その他": 7, "中央": 5})
    ['中央', '東', '西', 'その他']
    """
    places = _places(sizes)

    def key(value: str) -> tuple[int, int, int, int, str]:
        own = places.get(value, (0, 0))
        return silence(value), *own, 0 if value in places else -sizes[value], spelling(value)

    return sorted(sizes, key=key)


def is_ordered(values: Iterable[str]) -> bool:
    """Whether values have neighbours: bands of a number, or steps of a scale."""
    return bool(_places(values))


def is_banded(values: Iterable[str]) -> bool:
    """Whether values that say something are told apart by their numbers, as ages are.

    Examples
    --------
    >>> is_banded(["30代", "40代", "無回答"]), is_banded(["東町", "西町"])
    (True, False)
    """
    saying = [value for value in values if not silence(value)]
    return len(saying) > 1 and all(_number(spelling(value)) is not None for value in saying)


def silence(value: str) -> int:
    """How little a value says of a person: 0 for what somebody is or thinks, else 1 to 3."""
    return _LAST.get(value, 1 if _OPEN.fullmatch(spelling(value)) else 0)


def spelling(value: str) -> str:
    """One form of what is written in several widths and with several spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value)).strip()


def _places(values: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Where each value that says something stands; empty where they have no order."""
    telling = [value for value in values if not silence(value)]
    numbers = {value: _number(value) for value in telling}
    found = {value: place for value, place in numbers.items() if place is not None}
    return found if len(found) == len(telling) else _scale(telling)


def _number(value: str) -> tuple[int, int] | None:
    found = _NUMBER.search(_THOUSANDS.sub("", spelling(value)))
    return (int(found[0]), 0 if _BELOW.search(value) else 1) if found else None


def _scale(values: list[str]) -> dict[str, tuple[int, int]]:
    """Steps of one scale. All values have to be different steps of it, else they are none."""
    for yes, no in _POLES:
        steps = {value: _step(spelling(value), yes, no) for value in values}
        found = {value: (-step, 0) for value, step in steps.items() if step is not None}
        if len(set(found.values())) == len(values) > 1:
            return found
    return {}


def _step(value: str, yes: str, no: str) -> int | None:
    """From 4 (とても満足) over 0 (どちらともいえない) to -4 (とても不満)."""
    if _MIDDLE.match(value):
        return 0
    degree = next((own for own, words in _DEGREES if re.match(words, value)), 3)
    if re.search(f"(?:{no}){_ENDING}", value):
        return -degree
    return degree if re.search(f"(?:{yes}){_ENDING}", value) else None
