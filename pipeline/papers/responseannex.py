"""Annexes of 意見と考え方: what was set aside, and every answer as it came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.papers.word import Column, Table, Text, add_heading, add_table, add_text, cell
from pipeline.papers.wordstyles import SMALL, VOICE
from pipeline.wording import NONE_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

    from pipeline.papers.commentviews import Comments

EMPTY: Final = "（空）"


def received(numbers: Sequence[int]) -> str:
    """Name submissions by their numbers, those that follow each other as a range.

    Examples
    --------
    >>> received((4,)), received((1, 2, 3, 7, 8))
    ('受付 4', '受付 1〜3、7、8')
    """
    runs: list[list[int]] = []
    for own in numbers:
        if runs and own == runs[-1][-1] + 1:
            runs[-1].append(own)
        else:
            runs.append([own])
    ranges = (f"{own[0]}〜{own[-1]}" if len(own) > 2 else "、".join(map(str, own)) for own in runs)
    return f"受付 {'、'.join(ranges)}"


def add_asides(document: Document, comments: Comments) -> None:
    """Annex of what stands in no row of the table, each with its reason."""
    add_heading(document, "付録1　取り上げなかったもの", new_page=True)
    if not comments.asides:
        add_text(document, "取り上げなかったものはありません。")
        return
    add_text(document, "寄せられた文のうち、意見として数えなかった部分のすべてです。")
    heads = (("文", 137), ("理由", 60), ("段階", 30), ("もとの場所", 40))
    rows = tuple(
        (
            cell(Text(own.text.strip() or EMPTY, VOICE)),
            cell(own.reason),
            cell(own.stage),
            cell(received((own.number,)), Text(own.place, SMALL)),
        )
        for own in comments.asides
    )
    about = "取り上げなかった部分と理由"
    add_table(document, Table(about, tuple(Column(*own) for own in heads), rows))


def add_submissions(document: Document, comments: Comments) -> None:
    """Annex of all answers as they came in, with the numbers of the table."""
    add_heading(document, "付録2　寄せられた順の意見")
    add_text(
        document,
        "一人ひとりの文を、もとの順に並べました。前後の文とあわせて読むときに使います。"
        "［ ］は本文の表の番号、［―］は取り上げなかった部分です。公表するときは、付録を外せます。",
    )
    said = any(own.written for own in comments.submissions)
    places = (("該当箇所の記入", 44),) if said else ()
    heads = (("受付・もとの場所", 48), *places, ("文", 219 - sum(own[1] for own in places)))
    rows = []
    for own in comments.submissions:
        pieces = (
            Text(f"［{number or NONE_SHOWN}］{text.strip() or EMPTY}", VOICE)
            for number, text in own.pieces
        )
        place = cell(received((own.number,)), Text(own.place, SMALL))
        written = (cell(own.written or NONE_SHOWN),) if said else ()
        rows.append((place, *written, cell(*pieces)))
    columns = tuple(Column(*own) for own in heads)
    add_table(document, Table("寄せられた順の意見と、本文の番号", columns, tuple(rows)))
