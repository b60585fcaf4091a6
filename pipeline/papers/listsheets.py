"""Sheets of 基本目標別一覧: which columns they have, and their rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.papers.notes import UNJUDGED
from pipeline.review.columns import Cell, Column, Sheet
from pipeline.wording import OPINION_KINDS, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.papers.views import Action, Chapter, Contents, Issue

NO_GOAL_SHEET: Final = "目標なし"
REJECTED_SHEET: Final = "却下"
MEASURE_SHEET: Final = "施策と取り組み"
_MOST_LINES: Final = 24

_ID: Final = Column("課題番号", 8, "課題の番号")
_TITLE: Final = Column("課題", 24, "課題の題")
_OPINIONS: Final = Column("意見", 7, "課題に入った意見の数", "count")
_PEOPLE: Final = Column("人", 7, "区別できる回答者の数", "count")
_GOAL: Final = Column("基本目標", 24, "課題の基本目標")
_MEASURE: Final = Column("施策", 22, "課題に結びついた施策")
_STATUS: Final = Column("判定", 8, "採用・保留・却下。まだのものは「未判定」")
_REASON: Final = Column("理由・コメント", 26, "判定の理由か、確認した人のコメント")
_VOICES: Final = Column("代表的な声", 62, "課題をよく表す意見、3件まで（書かれたとおり）と出どころ")
_SURE: Final = Column("確信度", 12, "機械の案の目標が正しい見込み。空は、人が決めたもの")
_TREATMENT: Final = (
    Column("対応案", 11, "規則で出した案（新規・充実・強化・継続）。案のないものは、その訳"),
    Column("対応案の理由", 24, "案を出した規則"),
)
_RESPONSE: Final = Column(
    "対応区分", 12, "パブリックコメントへの対応。空は、まだ決まっていないもの"
)
_ACTIONS: Final = Column("関係する取り組み", 36, "計画の取り組みのうち、課題にかかわるもの")
_MORE: Final = (
    Column("目標を決めた人", 14, "空は、機械の案"),
    Column("確認した人", 14, "最後に判断した人"),
    Column("異なる文面", 8, "同じ文面を一つと数えた意見の数", "count"),
    *(Column(name, 8, f"意見の種類が「{name}」の数", "count") for name in OPINION_KINDS.values()),
    Column("語", 30, "課題によく出る語"),
    Column("まとまり", 11, "安定・やや不安定・不安定。まとめ直したとき同じ課題になるか"),
)
"""Columns that are read on the screen; on paper the others would be too small beside them."""


def sheet_name(label: str, taken: Iterable[str]) -> str:
    """Name that Excel allows for a sheet, and that no other one has.

    Examples
    --------
    >>> sheet_name("1 つながりの/ある地域", [])
    '1 つながりの・ある地域'
    >>> sheet_name("あ" * 40, ["あ" * 28])[-4:]
    'あああ2'
    """
    own = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "・", label).strip(" '")[:28] or "目標"
    used = {name.lower() for name in taken}
    name, number = own, 1
    while name.lower() in used:
        number += 1
        name = f"{own[:26]}{number}"
    return name


def list_sheets(contents: Contents) -> tuple[Sheet, ...]:
    """Sheets of the goals, of issues without one, of rejected ones and of measures."""
    proposed = _TREATMENT if contents.has_treatments else ()
    actions = (_ACTIONS,) if contents.has_treatments else ()
    response = (_RESPONSE,) if any(own.response for own in contents.issues) else ()
    counts = (_ID, _TITLE, _OPINIONS, _PEOPLE)
    sheets: list[Sheet] = []
    fixed = ["概要", NO_GOAL_SHEET, REJECTED_SHEET, MEASURE_SHEET, "読み方"]
    for chapter in contents.chapters:
        taken = (*fixed, *(sheet.name for sheet in sheets))
        name = sheet_name(chapter.label, taken) if chapter.goal_id else NO_GOAL_SHEET
        own = (_MEASURE,) if chapter.goal_id else ()
        printed = (*counts, *own, *proposed, _VOICES, _STATUS, _SURE)
        sheets.append(_sheet(name, printed, (_REASON, *actions, *response, *_MORE), chapter.issues))
    if contents.rejected:
        printed = (*counts, _GOAL, _REASON, _VOICES, _STATUS)
        sheets.append(
            _sheet(REJECTED_SHEET, printed, (_SURE, *response, *_MORE), contents.rejected)
        )
    sheets.append(_measure_sheet(contents))
    return tuple(sheets)


def _sheet(
    name: str,
    printed: tuple[Column, ...],
    further: tuple[Column, ...],
    issues: Sequence[Issue],
) -> Sheet:
    columns = (*printed, *further)
    rows = []
    for own in issues:
        values = _values(own)
        rows.append(tuple(values[column.name] for column in columns))
    return Sheet(name, columns, tuple(rows), 2, _MOST_LINES, len(printed))


def _values(own: Issue) -> dict[str, Cell]:
    """Column → what stands there for an issue."""
    return {
        **dict(own.kinds),
        _ID.name: own.issue_id,
        _TITLE.name: own.title,
        _OPINIONS.name: own.n_opinions,
        "異なる文面": own.n_distinct,
        _PEOPLE.name: own.n_people,
        "語": own.words,
        _MEASURE.name: own.measure,
        _GOAL.name: own.goal,
        "対応案": own.proposal,
        _RESPONSE.name: own.response,
        "対応案の理由": own.treatment.rule,
        _ACTIONS.name: "\n".join(own.treatment.actions),
        _VOICES.name: "\n".join(
            f"・{voice.text}（{voice.source}"
            + (f"、ほぼ同じ文面が{count(voice.times)}件" if voice.times > 1 else "")
            + "）"
            for voice in own.voices
        ),
        "まとまり": own.stability,
        _SURE.name: own.confidence,
        "目標を決めた人": own.decided_by,
        _STATUS.name: own.status or UNJUDGED,
        "確認した人": own.reviewed_by,
        _REASON.name: own.reason,
    }


def _measure_sheet(contents: Contents) -> Sheet:
    columns = [
        Column("基本目標", 28, "計画の基本目標"),
        Column("区分", 9, "施策か、その下の取り組みか"),
        Column("番号", 10, "計画の番号"),
        Column("施策・取り組み", 60, "計画の文言"),
        Column("計画での扱い", 12, "計画に書かれた 新規・継続 など"),
        Column("意見", 8, "結びついた意見の数", "count"),
        Column("人", 8, "区別できる回答者の数", "count"),
        Column("課題", 8, "結びついた課題の数（施策だけ）", "count"),
    ]
    if contents.has_actions:
        columns.append(Column("語", 30, "取り組みと意見の両方に出る語"))
    rows: list[tuple[Cell, ...]] = []
    for chapter in contents.chapters:
        for measure in chapter.measures:
            counts = (measure.n_opinions, measure.n_people, measure.n_issues)
            row = (chapter.label, "施策", measure.measure_id, measure.name, "", *counts, "")
            rows.append(row[: len(columns)])
            rows += [_action_row(chapter, one)[: len(columns)] for one in measure.actions]
        rows += [_action_row(chapter, one)[: len(columns)] for one in chapter.other_actions]
    return Sheet(MEASURE_SHEET, tuple(columns), tuple(rows), 4, _MOST_LINES)


def _action_row(chapter: Chapter, own: Action) -> tuple[Cell, ...]:
    n_opinions: Cell = "" if own.n_opinions is None else own.n_opinions
    n_people: Cell = "" if own.n_people is None else own.n_people
    known = (chapter.label, "取り組み", own.action_id, own.text, own.status)
    return (*known, n_opinions, n_people, "", own.words)
