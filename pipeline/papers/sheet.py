"""課題整理シート: issue × goal × measure × voices × what is proposed, for a committee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.papers.issuetable import issue_table, rejected_table
from pipeline.papers.notes import (
    NO_GOAL_CHAPTER,
    OF_THOSE_WHO_ANSWERED,
    UNJUDGED,
    people_and_opinions,
    reading_notes,
)
from pipeline.papers.word import (
    TEXT_WIDTH,
    Cell,
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
from pipeline.papers.wordstyles import NOTE, SMALL
from pipeline.wording import NO_GOAL, NONE_SHOWN, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

    from pipeline.papers.views import (
        About,
        Action,
        Chapter,
        Contents,
        Issue,
        Tally,
    )

NAME: Final = "課題整理シート"
FILE: Final = f"{NAME}.docx"

LARGEST_SHOWN: Final = 8
"""Issues on the page of the summary."""

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
    _summary(document, contents)
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


def _summary(document: Document, contents: Contents) -> None:
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
    _largest(document, contents)


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
    if not with_goal:
        add_text(
            document,
            "計画のどの基本目標にも結びつかなかった課題です。計画に新しく取り入れるか、"
            "ほかの計画や担当へ引き継ぐかを検討してください。",
        )
    if chapter.measures:
        add_heading(document, "この目標の施策", 2)
        add_table(document, _measures(chapter, has_actions=contents.has_actions))
    add_heading(document, "課題", 2)
    if not chapter.issues:
        add_text(
            document,
            "ここに挙げる課題はありません。"
            + ("却下した課題は、付録にあります。" if tally.rejected else ""),
        )
        return
    add_table(document, issue_table(title, chapter.issues, with_goal=with_goal))


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
