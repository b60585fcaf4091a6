"""A comparison as a table in a file, and files that are never written over."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook

from pipeline.compare.change import tabulate_changes
from pipeline.errors import InputError, Location, UsageError
from pipeline.report.comparison import CLAIMED
from pipeline.review.workbook import cell_text
from pipeline.wording import CHANGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.compare.waves import Waves

COLUMNS: Final = {
    "step": "比べた回",
    "change": "変化",
    "issue_id": "課題の番号",
    "title": "課題",
    "previous_issue_id": "前の番号",
    "previous_title": "前の題",
    "previous_n_respondents": "前の数",
    "previous_n_base": "前の全体",
    "previous_share": "前の割合",
    "previous_share_low": "前の割合の下限",
    "previous_share_high": "前の割合の上限",
    "n_respondents": "後の数",
    "n_base": "後の全体",
    "share": "後の割合",
    "share_low": "後の割合の下限",
    "share_high": "後の割合の上限",
    "difference": "差",
    "difference_low": "差の下限",
    "difference_high": "差の上限",
    "p_value": "p値",
    "p_adjusted": "補正したp値",
    "likeness": "近さ",
    "unit": "単位",
    "note": "注",
}
"""Columns of the file, and what they are called there."""

_CREATED: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes at any time
_NUMBERS: Final = frozenset(
    name for name in COLUMNS if "share" in name or name.startswith(("n_", "previous_n_", "p_"))
) | {"difference", "difference_low", "difference_high", "likeness"}


def check_new(path: Path, endings: Sequence[str]) -> None:
    """Say before the work whether a file can be written under this name.

    Raises
    ------
    UsageError
        There is one already, or its ending is not known.
    """
    if path.suffix.lower() not in endings:
        raise UsageError(
            f"書き出すファイルの名前「{path.name}」が {' か '.join(endings)} ではありません。",
            remedy=f"名前の終わりを {' か '.join(endings)} にしてください。",
        )
    if path.exists():
        raise _taken(path)


def save_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Raises
    ------
    UsageError
        There is one.
    InputError
        The place cannot be written to.
    """
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise InputError(
            "結果を書き込めません。",
            at=Location(file=str(path)),
            remedy="フォルダーがあるか、書き込む権限とディスクの空きがあるかを確かめてください。",
        ) from error


def as_file(waves: Waves, ending: str) -> bytes:
    """Table of all steps, and of first to last where there are several: ``.csv`` or ``.xlsx``."""
    parts = [
        (f"{waves.names[number]} → {waves.names[number + 1]}", step)
        for number, step in enumerate(waves.steps)
    ]
    if len(parts) > 1:
        parts.append((f"{waves.names[0]} → {waves.names[-1]}", waves.overall))
    rows: list[list[str | float]] = []
    for step, comparison in parts:
        order = {own: place for place, own in enumerate((*CLAIMED, *CHANGES))}
        records = tabulate_changes(comparison).to_dict("records")
        records.sort(
            key=lambda row: (
                order[row["change"]] >= len(CLAIMED),
                -abs(row["difference"]) if not math.isnan(row["difference"]) else 1.0,
                row["issue_id"],
                row["previous_issue_id"],
            )
        )
        rows += [[step if name == "step" else row[name] for name in COLUMNS] for row in records]
    return _workbook(rows) if ending == ".xlsx" else _csv(rows)


def _csv(rows: Sequence[Sequence[str | float]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS.values())
    writer.writerows([["" if _is_nothing(cell) else cell for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    content = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
        "default_format_properties": {"font_name": "Yu Gothic", "font_size": 11},
    }
    with Workbook(content, options) as book:
        book.set_properties({"title": "課題の変化", "created": _CREATED})
        sheet = book.add_worksheet("課題の変化")
        head = book.add_format({"bold": True, "bg_color": "#E3ECF3", "border": 1})
        body = book.add_format({"valign": "top", "text_wrap": True, "border": 1})
        share = book.add_format({"valign": "top", "border": 1, "num_format": "0.0%"})
        plain = book.add_format({"valign": "top", "border": 1, "num_format": "0.###"})
        for place, (name, label) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, 30 if "title" in name or name == "note" else 12)
            sheet.write_string(0, place, label, head)
        for number, row in enumerate(rows, start=1):
            for place, (name, cell) in enumerate(zip(COLUMNS, row, strict=True)):
                if name not in _NUMBERS:
                    sheet.write_string(number, place, cell_text(str(cell)), body)
                elif _is_nothing(cell):
                    sheet.write_blank(number, place, None, body)
                else:
                    form = share if "share" in name or "difference" in name else plain
                    sheet.write_number(number, place, float(cell), form)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    return content.getvalue()


def _is_nothing(cell: str | float) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"「{path.name}」はもうあります。上書きしません。",
        remedy="別の名前を指定するか、いらないファイルなら先に消してください。",
    )
