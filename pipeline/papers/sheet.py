"""課題整理シート: issue × goal × measure × voices × what is proposed, for a committee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.papers.issuetable import issue_table, rejected_table
from pipeline.papers.notes import (
    ADOPTED_TITLE,
    NO_GOAL_CHAPTER,
    NO_GOAL_MEANINGS,
    OF_THOSE_WHO_ANSWERED,
    people_and_opinions,
    reading_notes,
)
from pipeline.papers.sheetsummary import add_summary
from pipeline.papers.word import (
    TEXT_WIDTH,
    Column,
    Table,
    Text,
    add_facts,
    add_heading,
    add_table,
    add_text,
    add_title,
    cell,
    figure,
    new_document,
    save_document,
)
from pipeline.papers.wordstyles import SMALL
from pipeline.wording import NONE_SHOWN, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

    from pipeline.papers.views import (
        About,
        Action,
        Chapter,
        Contents,
        Issue,
    )

NAME: Final = "課題整理シート"
FILE: Final = f"{NAME}.docx"

_HOW_TO_USE: Final = (
    "1. 「全体のまとめ」で、基本目標ごとの数と、判定の進みぐあいを見ます。",
    "2. 基本目標ごとの章で、課題を一つずつ読みます。代表的な声は、書かれたとおりの言葉です。",
    "3. 判定（採用・保留・却下）と対応案を話し合い、「メモ」に書きます。",
    "4. 決まったことを確認用ブック（review.xlsx）に記入します。次に作る資料に入ります。",
)


def write_sheet(contents: Contents) -> bytes:
    """Word file of the sheet."""
    about = contents.about
    document = new_document(f"{NAME} {about.title}", about.plan, f"{NAME}　{about.title}")
    add_title(document, NAME, about.title)
    _head(document, about)
    add_summary(document, contents)
    for chapter in contents.chapters:
        _chapter(document, chapter, contents)
    _rejected(document, contents.rejected)
    _asides(document, contents)
    _how_made(document, about, has_treatments=contents.has_treatments)
    return save_document(document)


def _head(document: Document, about: About) -> None:
    origins = "、".join(
        f"{own.name}（回答{count(own.n_answers)}件・意見{count(own.n_opinions)}件）"
        for own in about.origins
    )
    add_facts(
        document,
        (
            ("調査名", about.title),
            ("計画名", f"{about.plan}（{about.period}）" if about.period else about.plan),
            ("実行番号", about.run_id),
            ("回答", f"{count(about.n_answers)}件"),
            ("人と意見", people_and_opinions(about)),
            (
                "意見の内訳",
                (
                    f"異なる文面{count(about.n_distinct)}件、課題{count(about.n_issues)}件、"
                    f"課題にまとまらなかった意見{count(about.n_alone)}件"
                ),
            ),
            ("声の出どころ", origins),
        ),
    )
    add_text(document, OF_THOSE_WHO_ANSWERED)
    add_heading(document, "この資料の使い方", 2)
    for line in _HOW_TO_USE:
        add_text(document, line)


def _chapter(document: Document, chapter: Chapter, contents: Contents) -> None:
    tally, with_goal = chapter.tally, bool(chapter.goal_id)
    title = f"基本目標{chapter.label}" if with_goal else NO_GOAL_CHAPTER
    add_heading(document, title, new_page=True)
    if chapter.slogan:
        add_text(document, chapter.slogan)
    add_text(
        document,
        f"課題{count(tally.n_issues)}件（採用{tally.adopted}・未判定{tally.unjudged}・保留"
        f"{tally.held}・却下{tally.rejected}）、意見{count(tally.n_opinions)}件、"
        f"{count(tally.n_people)}人。"
        f"意見のうち{count(tally.n_alone)}件は、どの課題にも入りませんでした。",
    )
    if chapter.measures:
        add_heading(document, "この目標の施策", 2)
        add_table(document, _measures(chapter, has_actions=contents.has_actions))
    if not with_goal and chapter.issues:
        _without_goal(document, chapter.issues)
        return
    add_heading(document, "課題", 2)
    if not chapter.issues:
        add_text(
            document,
            "ここに挙げる課題はありません。"
            + ("却下した課題は、付録にあります。" if tally.rejected else ""),
        )
        return
    add_table(document, issue_table(title, chapter.issues, with_goal=with_goal))


def _without_goal(document: Document, issues: Sequence[Issue]) -> None:
    """Issues under no goal, kind by kind: few of them are candidates for the next plan."""
    kinds: dict[str, list[Issue]] = {name: [] for name in NO_GOAL_MEANINGS}
    for own in issues:
        kinds[own.proposal if own.proposal in kinds else ADOPTED_TITLE].append(own)
    for name, meaning in NO_GOAL_MEANINGS.items():
        if kinds[name]:
            add_heading(document, f"{name}（{count(len(kinds[name]))}件）", 2)
            add_text(document, meaning)
            add_table(document, issue_table(name, kinds[name], with_goal=False))


def _measures(chapter: Chapter, *, has_actions: bool) -> Table:
    heads = (("施策", 62), ("課題", 15), ("意見", 15), ("人", 15), ("計画の取り組み", 160))
    rows = []
    for own in chapter.measures:
        lines = [Text(_action(line, counted=has_actions), SMALL) for line in own.actions]
        rows.append(
            (
                cell(f"{own.measure_id} {own.name}"),
                figure(own.n_issues),
                figure(own.n_opinions),
                figure(own.n_people),
                cell(*lines) if lines else cell(NONE_SHOWN),
            )
        )
    if chapter.other_actions:
        lines = [Text(_action(line, counted=has_actions), SMALL) for line in chapter.other_actions]
        rows.append((cell("その他の取り組み"), cell(), cell(), cell(), cell(*lines)))
    columns = tuple(Column(*own) for own in heads)
    return Table(f"基本目標{chapter.label}の施策と、結びついた課題・意見", columns, tuple(rows))


def _action(own: Action, *, counted: bool) -> str:
    status = f"［{own.status}］" if own.status else ""
    number = f"（意見{count(own.n_opinions)}件）" if counted and own.n_opinions is not None else ""
    return f"{own.action_id} {own.text}{status}{number}"


def _rejected(document: Document, issues: Sequence[Issue]) -> None:
    add_heading(document, "付録1　却下した課題", new_page=True)
    if not issues:
        add_text(document, "却下した課題はありません。")
        return
    add_text(document, "人が、この計画では取り上げないとした課題です。声は残してあります。")
    add_table(document, rejected_table(issues))


def _asides(document: Document, contents: Contents) -> None:
    about = contents.about
    add_heading(document, "付録2　取り上げなかったもの")
    add_text(
        document,
        f"回答{count(about.n_answers)}件のうち{count(about.n_silent_answers)}件からは、"
        "意見を切り出しませんでした。"
        "下の表は、取り上げなかった部分の数を、理由ごとに数えたものです。一つの回答に、"
        "取り上げた部分と取り上げなかった部分の両方があることがあります。"
        "文は、報告書（report.html）と確認用ブック（review.xlsx）の「対象外」で読めます。",
    )
    if not contents.asides:
        add_text(document, "取り上げなかった部分はありません。")
        return
    heads = (("理由", 140), ("段階", 57), ("部分", 35), ("回答", 35))
    rows = tuple(
        (
            cell(own.reason),
            cell(own.stage),
            figure(own.n_pieces, "か所"),
            figure(own.n_answers, "件"),
        )
        for own in contents.asides
    )
    about_it = "取り上げなかった部分の数（理由ごと）"
    add_table(document, Table(about_it, tuple(Column(*own) for own in heads), rows))


def _how_made(document: Document, about: About, *, has_treatments: bool) -> None:
    add_heading(document, "付録3　読み方と作り方")
    add_text(document, OF_THOSE_WHO_ANSWERED)
    columns = (Column("言葉", 34), Column("意味", TEXT_WIDTH - 34))
    rows = tuple(
        (cell(Text(name, bold=True)), cell(meaning))
        for name, meaning in reading_notes(about, has_treatments=has_treatments)
    )
    add_table(document, Table("この資料の言葉の意味", columns, rows))
