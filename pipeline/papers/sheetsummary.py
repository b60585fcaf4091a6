"""The first pages of 課題整理シート: goals, judgements, proposals and the largest issues."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.papers.notes import UNJUDGED
from pipeline.papers.views import DIVIDED, NOTHING_PROPOSED, OUTSIDE
from pipeline.papers.word import (
    Cell,
    Column,
    Table,
    Text,
    add_heading,
    add_table,
    add_text,
    cell,
    figure,
)
from pipeline.papers.wordstyles import NOTE
from pipeline.treatments import CONTINUE, NEW, STRENGTHEN
from pipeline.wording import NO_GOAL, count

if TYPE_CHECKING:
    from docx.document import Document

    from pipeline.papers.views import Contents, Tally

LARGEST_SHOWN: Final = 8
"""Issues on the page of the summary."""


def add_summary(document: Document, contents: Contents) -> None:
    """Page with the counts of every goal, of what is proposed, and the largest issues."""
    add_heading(document, "全体のまとめ", new_page=True)
    names = ("基本目標", "課題", "意見", "人", "採用", "未判定", "保留", "却下", "まとまらない意見")
    widths = (103, 19, 19, 19, 18, 18, 18, 18, 35)
    tallies = [chapter.tally for chapter in contents.chapters]
    rows = [_tally_row(own) for own in tallies]
    sums = (
        sum(own.n_issues for own in tallies),
        sum(own.n_opinions for own in tallies),
        contents.about.n_people,
        sum(own.adopted for own in tallies),
        sum(own.unjudged for own in tallies),
        sum(own.held for own in tallies),
        sum(own.rejected for own in tallies),
        sum(own.n_alone for own in tallies),
    )
    rows.append((cell(Text("合計", bold=True)), *(figure(own) for own in sums)))
    columns = tuple(Column(*own) for own in zip(names, widths, strict=True))
    add_table(document, Table("基本目標ごとの課題・意見・人の数と判定", columns, tuple(rows)))
    add_text(
        document,
        "「課題」と判定は課題の基本目標で、「意見」と「人」は意見一件ずつの基本目標で数えました。"
        "一人がいくつもの目標について述べることがあるので、人の数を足しても合計にはなりません。"
        "「まとまらない意見」は「意見」のうち、似た意見がなく、どの課題にも入らなかったものです。",
        NOTE,
    )
    judged = sum(own.adopted + own.held + own.rejected for own in tallies)
    add_text(
        document,
        f"判定の進みぐあい: 課題{count(sums[0])}件のうち{count(judged)}件を判定しました。"
        + ("" if judged == sums[0] else f"残る{count(sums[0] - judged)}件は、機械の案のままです。"),
    )
    _proposals(document, contents)
    _largest(document, contents)


def _proposals(document: Document, contents: Contents) -> None:
    """How many issues each treatment is proposed for; as many as in the report."""
    if not contents.has_treatments:
        return
    every = [own for chapter in contents.chapters for own in chapter.issues]
    counts = Counter(own.proposal for own in every)
    named = (NEW, STRENGTHEN, CONTINUE, NOTHING_PROPOSED, DIVIDED, OUTSIDE)
    shown = "、".join(f"{name}{count(counts[name])}件" for name in named if counts[name])
    if shown:
        add_text(document, f"対応案: {shown}（却下を除く{count(len(every))}件の内訳）。")


def _largest(document: Document, contents: Contents) -> None:
    """The issues with most opinions, whatever their goal; none that was rejected."""
    kept = [own for chapter in contents.chapters for own in chapter.issues]
    shown = sorted(kept, key=lambda own: (-own.n_opinions, own.issue_id))[:LARGEST_SHOWN]
    if not shown:
        return
    add_heading(document, "意見の多い課題", 2)
    heads = (("課題", 100), ("意見", 19), ("人", 19), ("基本目標", 107), ("判定", 22))
    rows = tuple(
        (
            cell(f"{own.issue_id}　{own.title}"),
            figure(own.n_opinions),
            figure(own.n_people),
            cell(own.goal or NO_GOAL),
            cell(own.status or UNJUDGED),
        )
        for own in shown
    )
    about = f"意見の多い課題（{len(shown)}件、却下を除く）"
    add_table(document, Table(about, tuple(Column(*own) for own in heads), rows))


def _tally_row(own: Tally) -> tuple[Cell, ...]:
    counts = (
        own.n_issues, own.n_opinions, own.n_people, own.adopted, own.unjudged, own.held,
        own.rejected, own.n_alone,
    )  # fmt: skip
    return (cell(own.goal), *(figure(number) for number in counts))
