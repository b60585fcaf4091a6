"""Values as a reviewer sees and writes them, and as a decision keeps them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from pipeline.decision_words import NONE
from pipeline.decisions import LONGEST_TITLE, NO_ISSUE, WITHDRAWN
from pipeline.lookups import goal_labels, measure_labels
from pipeline.plan import NO_GOAL
from pipeline.privacy import find_personal
from pipeline.privacy.declared import NAMES
from pipeline.wording import ISSUE_STATUSES, OPINION_KINDS, RESPONSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.plan import Plan

NO_GOAL_CHOICE: Final = "なし（どの目標にも当てはまらない）"
NO_MEASURE_CHOICE: Final = "なし（どの施策でもない）"
NO_ISSUE_CHOICE: Final = "なし（どの課題にも入れない）"
NO_RESPONSE_CHOICE: Final = "なし（決めていない）"
NEW_ISSUE_CHOICE: Final = "新：（ここに題を書く）"
HIDE_ALL_CHOICE: Final = "全文を伏せる"
CHECKED_CHOICE: Final = "確認"
PUBLIC_CHOICE: Final = "公開：（ここに言葉を書く）"
RESTORE_CHOICE: Final = "戻す"
SPLIT_CHOICE: Final = "話題ごと"
WITHDRAW_CHOICE: Final = "取り消す"

LONGEST_CHOICE: Final = 60
"""Characters of an issue's title in a drop-down list."""

_NEW: Final = re.compile(r"新\s*[:：]\s*(?P<title>.*)", re.DOTALL)
_BEFORE_SPACE: Final = re.compile(r"[^\s　（(]+")
_CALLED: Final = re.compile(r"^(?:基本目標|目標|施策)\s*")
_GLUED: Final = re.compile(r"第?(?P<number>[0-9]+(?:-[0-9]+)*)[.、:)]?\s*(?P<rest>.*)", re.DOTALL)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HYPHEN: Final = re.compile(r"(?<=[0-9])[ー−‐‑–—―ｰ－-](?=[0-9])")
_NOTHING: Final = frozenset(["なし", "無し", "ない", "該当なし", "0", "－", "-"])


class UnreadableError(ValueError):
    """A cell says something that its field does not know; the message is Japanese."""


def fold_cell(text: str) -> str:
    """Cell as it is compared: full and half width alike, no space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def goal_value(text: str, plan: Plan) -> str:
    """Id of the goal that a cell names by number or name; :data:`NO_GOAL` for none."""
    if _is_none(text):
        return NO_GOAL
    return _named(text, goal_labels(plan), "目標")


def measure_value(text: str, plan: Plan) -> str:
    """Id of the measure that a cell names; empty for none."""
    return "" if _is_none(text) else _named(text, measure_labels(plan), "施策")


def kind_value(text: str) -> str:
    """Code of a kind of opinion."""
    codes = {label: code for code, label in OPINION_KINDS.items()} | {k: k for k in OPINION_KINDS}
    found = codes.get(fold_cell(text))
    if found is None:
        raise UnreadableError(
            f"種類「{text}」はありません（使えるもの: {'、'.join(OPINION_KINDS.values())}）"
        )
    return found


def status_value(text: str) -> str:
    """採用, 保留 or 却下."""
    if fold_cell(text) not in ISSUE_STATUSES:
        raise UnreadableError(
            f"判定「{text}」はありません（使えるもの: {'、'.join(ISSUE_STATUSES)}）"
        )
    return fold_cell(text)


def response_value(text: str) -> str:
    """One of :data:`~pipeline.wording.RESPONSES`; empty for none."""
    if _is_none(text):
        return ""
    if fold_cell(text) not in RESPONSES:
        raise UnreadableError(
            f"対応区分「{text}」はありません（使えるもの: {'、'.join(RESPONSES)}、{NONE}）"
        )
    return fold_cell(text)


def issue_value(text: str, titles: Mapping[str, str]) -> str:
    """Id of the issue that a cell names by number, or by a title that only one has."""
    match = _BEFORE_SPACE.match(fold_cell(text))
    number = match[0].upper() if match else ""
    if number in titles:
        return number
    same = [own for own, title in titles.items() if fold_cell(title) == fold_cell(text)]
    if len(same) == 1:
        return same[0]
    raise UnreadableError(
        f"課題「{text[:LONGEST_CHOICE]}」は、この結果にありません（一覧から選んでください）"
    )


def new_title(text: str) -> str | None:
    """Title of the new issue that a cell asks for; ``None`` where it asks for none."""
    match = _NEW.fullmatch(fold_cell(text))
    if match is None:
        return None
    title = " ".join(match["title"].split())
    if not title or title == fold_cell(NEW_ISSUE_CHOICE).removeprefix("新:"):
        raise UnreadableError("新しい課題の題を、「新：」に続けて書いてください")
    return title_value(title)


def title_value(text: str) -> str:
    """Title in one line; one that the record could not keep is unreadable."""
    title = " ".join(text.split())
    if len(title) > LONGEST_TITLE or title == WITHDRAWN:
        raise UnreadableError(
            f"題は1文字以上{LONGEST_TITLE}文字までです（「{WITHDRAWN}」は使えません）"
        )
    # Whether a name in it is one that the run masks is asked where the run is known.
    if any(own.label not in NAMES for own in find_personal(title)):
        raise UnreadableError(
            "題に、電話番号やメールアドレスなどがあります。伏せてから書いてください"
        )
    return title


def move_value(text: str, titles: Mapping[str, str]) -> str:
    """Issue that an opinion is moved to; :data:`~pipeline.decisions.NO_ISSUE` for none."""
    return NO_ISSUE if _is_none(text) else issue_value(text, titles)


def is_choice(text: str, choice: str) -> bool:
    """Whether a cell of one choice is ticked; anything else is unreadable."""
    if fold_cell(text) in {fold_cell(choice), "○", "〇", "1", "はい", "レ", "✓"}:
        return True
    raise UnreadableError(f"「{text}」は使えません（「{choice}」を選ぶか、空のままにします）")


def _is_none(text: str) -> bool:
    folded = fold_cell(text)
    match = _BEFORE_SPACE.match(folded)
    return folded in _NOTHING or bool(match and match[0] == NONE)


def numbered(text: str) -> str:
    """Cell without the word that goes before a number, hyphens between digits alike.

    Examples
    --------
    >>> numbered("基本目標３ 情報の届くまち"), numbered("施策1ー2")
    ('3 情報の届くまち', '1-2')
    """
    return _HYPHEN.sub("-", _CALLED.sub("", fold_cell(text)))


def _named(text: str, labels: Mapping[str, str], called: str) -> str:
    folded = numbered(text)
    match = _BEFORE_SPACE.match(folded)
    if match and match[0] in labels:
        return match[0]
    if (glued := _GLUED.match(folded)) and glued["number"] in labels:
        rest, name = glued["rest"], fold_cell(labels[glued["number"]].partition(" ")[2])
        if not rest or name.startswith(rest):
            return glued["number"]
    if _DATE.match(folded):
        raise UnreadableError(f"「{text}」は日付に変わっています。▼ の一覧から選び直してください")
    for written in (fold_cell(text), folded):
        names = [
            own for own, label in labels.items() if fold_cell(label.partition(" ")[2]) == written
        ]
        if len(names) == 1:
            return names[0]
    usable = "、".join(labels)
    raise UnreadableError(
        f"{called}「{text}」は、この計画にありません（使えるもの: {usable}、{NONE}）"
    )
