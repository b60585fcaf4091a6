"""The history of decisions as a table: lines for a terminal, a file for Excel."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook

from pipeline.decision_words import REPLACED
from pipeline.errors import InputError, Location, UsageError
from pipeline.formulas import guard_formula
from pipeline.review.workbook import cell_text
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
# The clock is no part of what is told.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes no time zone


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


def check_output(path: Path) -> None:
    """Say before the work whether a file can be written under this name.

    Raises
    ------
    UsageError
        There is one already, or its ending is not known.
    """
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        raise UsageError(
            f"書き出すファイルの名前「{path.name}」が .csv でも .xlsx でもありません。",
            remedy="--output 履歴.csv か --output 履歴.xlsx のように指定してください。",
        )
    if path.exists():
        raise _taken(path)


def save_history(history: History, path: Path) -> None:
    """Write the rows as .csv or .xlsx; what is there already stays.

    Raises
    ------
    UsageError
        There is a file of that name already, or its ending is not known.
    InputError
        The place cannot be written to.
    """
    check_output(path)
    rows = [FILE_COLUMNS, *(_file_cells(own) for own in history.entries)]
    content = _workbook(rows) if path.suffix.lower() == ".xlsx" else _csv(rows)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise InputError(
            "履歴を書き込めません。",
            at=Location(file=str(path)),
            remedy="フォルダーがあるか、書き込む権限とディスクの空きがあるかを確かめてください。",
        ) from error


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


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(guard_formula, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,  # what residents wrote is not left in a temporary folder
        "default_format_properties": {"font_name": "Yu Gothic", "font_size": 11},
    }
    with Workbook(content, options) as book:
        book.set_properties({"title": "判断の履歴", "created": _CREATED})
        sheet = book.add_worksheet("判断の履歴")
        head = book.add_format({"bold": True, "bg_color": "#E3ECF3", "border": 1})
        body = book.add_format({"valign": "top", "text_wrap": True, "border": 1})
        for place, wide in enumerate(_FILE_WIDTHS):
            sheet.set_column(place, place, wide)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                # Never plain write(): it would look for formulas, links and numbers.
                sheet.write_string(number, place, cell_text(cell), body if number else head)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(FILE_COLUMNS) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:K{len(rows)}"})
    return content.getvalue()


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"「{path.name}」はもうあります。上書きしません。",
        remedy="別の名前を指定するか、いらないファイルなら先に消してください。",
    )
