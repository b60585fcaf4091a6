"""The history of decisions as a table: lines for a terminal, a file for Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.decision_words import REPLACED
from pipeline.newfile import check_new, save_new
from pipeline.sheetfile import ENDINGS, Column, Sheet, as_file
from pipeline.textlayout import shorten, table
from pipeline.wording import NONE_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.audit.history import Entry, History

COLUMNS: Final = ("日時", "判断した人", "対象", "項目", "前", "後", "理由", "実行")
"""Columns of the table in a terminal."""

FILE_COLUMNS: Final = (*COLUMNS[:3], "声", *COLUMNS[3:], "備考", "判断番号")
"""Columns of a file: the voice and what became of the decision stand by themselves."""

VOICE_SHOWN: Final = 40
"""Characters of a voice in a terminal."""

_LEAST: Final = {4: 12, 5: 12, 6: 12}
"""Columns that may be narrower than what stands in them: 前, 後, 理由."""

_FILE_WIDTHS: Final = (17, 12, 20, 44, 16, 26, 26, 34, 13, 18, 20)


def render_history(history: History, width: int) -> list[str]:
    """Lines for a terminal of this width.

    Examples
    --------
    >>> from pipeline.audit.history import History
    >>> render_history(History((), (), (), ()), 100)
    ['人の判断は、まだ1件もありません。']
    """
    if not history.entries:
        lines = [
            f"「{history.target}」についての判断は、この記録にありません。"
            if history.target
            else "人の判断は、まだ1件もありません。"
        ]
        if history.near:
            lines.append(f"似た番号: {'、'.join(history.near)}")
        return [*lines, *_kept(history)]
    rows = [COLUMNS, *(_cells(own) for own in history.entries)]
    notes = [_note(own) for own in history.entries]
    n_replaced = sum(own.replaced for own in history.entries)
    return [
        *table(rows, width, _LEAST, notes),
        "",
        f"判断 {len(history.entries):,}件"
        + (f"（うち {n_replaced:,}件は、{REPLACED}られたもの）" if n_replaced else ""),
        f"判断した人ごと: {_counts(history.by_reviewer)}",
        f"項目ごと: {_counts(history.by_field)}",
        *_kept(history),
    ]


def save_history(history: History, path: Path) -> None:
    """Write the rows as .csv or .xlsx; what is there already stays.

    Raises
    ------
    UsageError, InputError
        As in :func:`pipeline.newfile.check_new` and :func:`pipeline.newfile.save_new`.
    """
    check_new(path, ENDINGS)
    columns = [Column(*own) for own in zip(FILE_COLUMNS, _FILE_WIDTHS, strict=True)]
    sheet = Sheet("判断の履歴", columns, [_file_cells(own) for own in history.entries])
    save_new(path, as_file(sheet, path.suffix.lower()))


def _cells(own: Entry) -> tuple[str, ...]:
    return (
        own.decided_at, own.reviewer, own.target_id, own.field, own.before, own.after,
        own.reason, own.run_id,
    )  # fmt: skip


def _note(own: Entry) -> str:
    voice = f"「{shorten(own.voice, VOICE_SHOWN)}」" if own.voice else ""
    return voice + (f"（{REPLACED}）" if own.replaced else "")


def _file_cells(own: Entry) -> tuple[str, ...]:
    return (
        own.decided_at, own.reviewer, own.target_id, own.voice, own.field, own.before, own.after,
        own.reason, own.run_id, REPLACED if own.replaced else "", own.decision_id,
    )  # fmt: skip


def _counts(counts: Sequence[tuple[str, int]]) -> str:
    return "、".join(f"{name} {number:,}件" for name, number in counts)


def _kept(history: History) -> list[str]:
    if not history.kept:
        return []
    runs = "、".join(f"実行 {name or NONE_SHOWN} の {number:,}件" for name, number in history.kept)
    purpose = "課題の番号を次の実行でも保つための控えで、人の判断ではありません。"
    return [f"このほかに、課題の控えがあります: {runs}。{purpose}"]
