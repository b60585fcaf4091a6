"""意見と考え方: the customary table of public comments and of what a town answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.papers.responseannex import add_asides, add_submissions, received
from pipeline.papers.word import (
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
from pipeline.papers.wordstyles import BAND, NOTE, SMALL, VOICE
from pipeline.wording import MASKED_NOTE, RESPONSES, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

    from pipeline.papers.commentviews import Comments, Part, Received, Unread
    from pipeline.papers.views import About

NAME: Final = "意見と考え方"
FILE: Final = f"{NAME}.docx"
OTHER_PART: Final = "その他"
WHOLE_GOAL: Final = "基本目標の全体"
BLANK: Final = "（未記入）"
WRITTEN_SHOWN: Final = 60
"""Characters of a part of the plan, as written, beside an opinion; all of it is in the annex."""

ALONE: Final = "ほかの意見とまとまらなかったもの"

_HEADS: Final = (("番号", 14), ("意見の概要", 108), ("件数", 15), ("考え方", 102), ("対応区分", 28))


def write_response(comments: Comments, about: About) -> bytes:
    """Word file of the table."""
    document = new_document(f"{NAME} {about.title}", about.plan, f"{NAME}　{about.title}")
    add_title(document, f"寄せられた{NAME}", about.title)
    people = f"{count(comments.n_people)}人から" if comments.n_people else ""
    contacts = (
        f"。ほかに、連絡先などだけの文{count(comments.n_contacts)}件は付録1にあります"
        if comments.n_contacts
        else ""
    )
    unknown = (
        f"（うち回答{count(comments.n_unknown)}件は提出者が分からず、人数に入れていません）"
        if comments.n_unknown
        else ""
    )
    add_facts(
        document,
        (
            ("調査名", about.title),
            ("計画名", f"{about.plan}（{about.period}）" if about.period else about.plan),
            ("実行番号", about.run_id),
            ("寄せられた数", f"{people}回答{count(comments.n_answers)}件{unknown}"),
            (
                "意見の数",
                (
                    f"{count(comments.n_opinions)}件（異なる文面{count(comments.n_distinct)}件）"
                    f"{_who_said_it(comments)}{contacts}"
                ),
            ),
        ),
    )
    for line in (
        (
            "「意見の概要」は、寄せられた文を一つのことを述べる部分に分け、書かれたとおりに載せたものです。"
            "言い換えや要約はしていません。ほぼ同じ文面は一つの行にまとめ、件数を示しました。"
        ),
        (
            "「受付」は、もとのファイルの順にこの資料で付けた番号です。"
            "一つの回答の全文は、付録2の同じ番号のところで読めます。"
        ),
        MASKED_NOTE,
        (
            "「考え方」は記入するための欄です。「対応区分」は、判断の記録にあるものを入れました。"
            f"区分は「{'」「'.join(RESPONSES)}」で、空のところは、まだ決まっていません。"
        ),
    ):
        add_text(document, line)
    _summary(document, comments)
    _parts(document, comments.parts)
    add_asides(document, comments)
    add_submissions(document, comments)
    return save_document(document)


def part_name(part: Part) -> str:
    """Part of the plan in words."""
    if not part.goal:
        return OTHER_PART
    return f"基本目標{part.goal}" + (f"／{part.measure}" if part.measure else "")


def _who_said_it(comments: Comments) -> str:
    """People of the table, and why they are fewer than those who wrote."""
    if not comments.n_people:
        return ""
    silent = comments.n_people - comments.n_speaking
    rest = f"。残る{count(silent)}人の回答には、意見として数えた文がありません" if silent else ""
    return f"、{count(comments.n_speaking)}人から{rest}"


def _origin(own: Received) -> str:
    """Where a wording came from; what its writers wrote of the plan stands last."""
    words = own.written
    if len(words) > WRITTEN_SHOWN:
        words = words[:WRITTEN_SHOWN] + "…"
    return received(own.numbers) + (f"　該当箇所の記入: {words}" if words else "")


def _summary(document: Document, comments: Comments) -> None:
    add_heading(document, "まとめ")
    add_heading(document, "対応区分ごとの数", 2)
    rows = [
        (cell(name or BLANK), figure(n_opinions, "件"), figure(n_rows, "行"))
        for name, n_opinions, n_rows in comments.responses
    ]
    total = (comments.n_opinions, sum(own[2] for own in comments.responses))
    rows.append((cell(Text("合計", bold=True)), figure(total[0], "件"), figure(total[1], "行")))
    columns = (Column("対応区分", 80), Column("意見", 30), Column("表の行", 30))
    add_table(document, Table("対応区分ごとの意見の数", columns, tuple(rows)))
    add_heading(document, "計画の部分ごとの数", 2)
    add_text(
        document,
        "書いた人が示した該当箇所が計画の部分と読めるものは、その部分に入れました。"
        "ほかは、一つの回答の意見がいちばん多く結びついたところに、まとめて入れました（同じ数なら先に"
        "述べたほう）。どこにも結びつかない意見がいちばん多い回答は「その他」です。一人がいくつもの部分について述べることがあるので、"
        "人の数を足しても合計にはなりません。人の数は、意見のあった人の数です。",
        NOTE,
    )
    rows = [
        (cell(part_name(own)), figure(own.n_opinions, "件"), figure(own.n_people, "人"))
        for own in comments.parts
    ]
    everything = (figure(comments.n_opinions, "件"), figure(comments.n_speaking, "人"))
    rows.append((cell(Text("合計", bold=True)), *everything))
    columns = (Column("計画の部分", 180), Column("意見", 30), Column("人", 30))
    add_table(document, Table("計画の部分ごとの意見と人の数", columns, tuple(rows)))
    _unread(document, comments.unread)


def _unread(document: Document, unread: Sequence[Unread]) -> None:
    if not unread:
        return
    title = "計画の部分と読めなかった該当箇所"
    add_heading(document, title, 2)
    add_text(
        document,
        "書いた人が記した該当箇所のうち、基本目標や施策と読めなかったものです。書かれたとおりに"
        "載せました。本文では、該当箇所のなかった意見と同じように扱い、受付の番号の横に記しています。",
        NOTE,
    )
    rows = tuple(
        (cell(own.written), figure(own.n_opinions, "件"), cell(received(own.numbers)))
        for own in unread
    )
    columns = (Column("書かれた該当箇所", 130), Column("意見", 30), Column("受付", 80))
    add_table(document, Table(title, columns, rows))


def _parts(document: Document, parts: Sequence[Part]) -> None:
    goal = None
    for number, own in enumerate(parts):
        if own.goal != goal:
            goal = own.goal
            title = f"基本目標{goal}" if goal else OTHER_PART
            add_heading(document, title, new_page=not number)
        if own.goal:
            add_heading(document, own.measure or WHOLE_GOAL, 2)
        add_table(document, _table(own))


def _table(part: Part) -> Table:
    rows: list[tuple[Cell, ...]] = []
    titled = any(group.title for group in part.groups)
    for group in part.groups:
        if titled:
            total = sum(own.times for own in group.comments)
            name = f"課題: {group.title}" if group.title else ALONE
            band = Text(f"{name}（{count(total)}件）", BAND)
            rows.append((Cell((band,), span=len(_HEADS)),))
        rows += [
            (
                figure(own.number),
                cell(Text(own.text, VOICE), *(Text(_origin(one), SMALL) for one in own.received)),
                figure(own.times),
                cell(),
                cell(own.response),
            )
            for own in group.comments
        ]
    columns = tuple(Column(*own) for own in _HEADS)
    return Table(f"{part_name(part)}への意見と考え方", columns, tuple(rows))
