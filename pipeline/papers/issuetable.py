"""Rows of 課題整理シート: what a committee reads about one issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.papers.notes import UNJUDGED
from pipeline.papers.word import Cell, Column, Table, Text, cell
from pipeline.papers.wordstyles import SMALL, VOICE
from pipeline.wording import NO_GOAL, NONE_SHOWN, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.papers.views import Issue, Treatment, Voice

VOICE_SHOWN: Final = 300
"""Characters of a voice; longer ones are read in the list or the report."""

ACTIONS_SHOWN: Final = 2
"""Actions of the plan that are named beside what is proposed for an issue."""

CUT: Final = "…（以下略。全文は一覧と報告書にあります）"

_HEADS: Final = (
    ("課題", 36), ("意見・人", 19), ("施策", 30), ("代表的な声", 80), ("判定・確認", 31),
    ("対応案", 47), ("メモ", 24),
)  # fmt: skip

_HEADS_NO_GOAL: Final = (
    ("課題", 40), ("意見・人", 19), ("代表的な声", 96), ("判定・確認", 34), ("対応案", 47),
    ("メモ", 31),
)  # fmt: skip

_HEADS_REJECTED: Final = (
    ("課題", 40), ("意見・人", 19), ("基本目標", 46), ("代表的な声", 88), ("却下の理由", 50),
    ("判定した人", 24),
)  # fmt: skip


def issue_table(title: str, issues: Sequence[Issue], *, with_goal: bool) -> Table:
    """Issues of one chapter; those without a goal have no column for measures."""
    heads = _HEADS if with_goal else _HEADS_NO_GOAL
    rows = tuple(_issue_row(own, with_goal=with_goal) for own in issues)
    return Table(f"{title}の課題", tuple(Column(*own) for own in heads), rows)


def rejected_table(issues: Sequence[Issue]) -> Table:
    """Issues that people do not take up, and why."""
    rows = tuple(
        (
            cell(Text(own.issue_id, SMALL), Text(own.title, bold=True)),
            _counts(own),
            cell(own.goal or NO_GOAL),
            _voices(own.voices),
            cell(own.reason or "（理由の記入なし）"),
            cell(own.reviewed_by),
        )
        for own in issues
    )
    return Table("却下した課題と理由", tuple(Column(*own) for own in _HEADS_REJECTED), rows)


def _issue_row(own: Issue, *, with_goal: bool) -> tuple[Cell, ...]:
    proposed = own.treatment._replace(name=own.proposal)
    second = f"2つ目の目標: {own.second_goal}" if own.second_goal else ""
    measure = (cell(own.measure or NONE_SHOWN, Text(second, SMALL)),) if with_goal else ()
    return (
        cell(Text(own.issue_id, SMALL), Text(own.title, bold=True), Text(own.words, SMALL)),
        _counts(own),
        *measure,
        _voices(own.voices),
        _judgement(own),
        _treatment(proposed),
        cell(),
    )


def _counts(own: Issue) -> Cell:
    same = own.n_opinions - own.n_distinct
    return cell(
        f"{count(own.n_opinions)}件",
        f"{count(own.n_people)}人",
        Text("\n".join(f"{name} {count(n)}" for name, n in own.kinds if n), SMALL),
        Text(f"同じ文面{count(same)}件を含む" if same else "", SMALL),
    )


def _voices(voices: Sequence[Voice]) -> Cell:
    parts = []
    for own in voices:
        times = f"（ほぼ同じ文面が{count(own.times)}件）" if own.times > 1 else ""
        text = own.text if len(own.text) <= VOICE_SHOWN else own.text[:VOICE_SHOWN] + CUT
        # The source stands in a paragraph of its own: marks of direction in a text end with it.
        parts += [Text(text, VOICE), Text(f"― {own.source}{times}", SMALL)]
    return Cell(tuple(parts))


def _judgement(own: Issue) -> Cell:
    sure = f"目標を決めた人: {own.decided_by}" if own.decided_by else ""
    if not sure and own.confidence:
        sure = f"目標は機械の案（確信度 {own.confidence}）"
    return cell(
        Text(own.status or UNJUDGED, bold=bool(own.status)),
        Text(f"確認した人: {own.reviewed_by}" if own.reviewed_by else "", SMALL),
        Text(sure, SMALL),
        Text(f"まとまり: {own.stability}" if own.stability else "", SMALL),
        Text("意見の目標が分かれています" if own.to_split else "", SMALL),
        Text(f"対応区分: {own.response}" if own.response else "", SMALL),
        Text(own.reason, SMALL),
    )


def _treatment(own: Treatment) -> Cell:
    return cell(
        Text(own.name, bold=True),
        Text(own.rule, SMALL),
        *(Text(f"取り組み: {line}", SMALL) for line in own.actions[:ACTIONS_SHOWN]),
        Text(
            f"ほか{more}件の取り組み" if (more := len(own.actions) - ACTIONS_SHOWN) > 0 else "",
            SMALL,
        ),
    )
