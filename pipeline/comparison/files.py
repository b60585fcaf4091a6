"""A comparison as a table in a file: for Excel, and for programs."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter import Workbook

from pipeline.comparison.change import tabulate_changes
from pipeline.formulas import guard_formula
from pipeline.report.comparison import CLAIMED
from pipeline.review.workbook import cell_text
from pipeline.wording import CHANGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.comparison.waves import Waves

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
    "status": "判定",
    "remarks": "比べるときに気を付けること",
}
"""Columns of the file, and what they are called there."""

_CREATED: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes at any time
_NUMBERS: Final = frozenset(
    name for name in COLUMNS if "share" in name or name.startswith(("n_", "previous_n_", "p_"))
) | {"difference", "difference_low", "difference_high", "likeness"}


def as_file(waves: Waves, ending: str) -> bytes:
    """Table of all steps, and of first to last where there are several: ``.csv`` or ``.xlsx``."""
    parts = [
        (f"{waves.names[number]} → {waves.names[number + 1]}", step, told)
        for number, (step, told) in enumerate(zip(waves.steps, waves.step_remarks, strict=True))
    ]
    if len(parts) > 1:
        parts.append((f"{waves.names[0]} → {waves.names[-1]}", waves.overall, waves.remarks))
    rows: list[list[str | float]] = []
    for step, comparison, told in parts:
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
        around: dict[Any, Any] = {"step": step, "remarks": "".join(told)}
        rows += [[(row | around)[name] for name in COLUMNS] for row in records]
    return _workbook(rows) if ending == ".xlsx" else _csv(rows)


def _csv(rows: Sequence[Sequence[str | float]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS.values())
    for row in rows:
        writer.writerow(_plain(name, cell) for name, cell in zip(COLUMNS, row, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _plain(name: str, cell: str | float) -> str | float:
    """Cell of which a spreadsheet makes no formula: titles are residents' words."""
    if name in _NUMBERS:
        return "" if _is_nothing(cell) else cell
    return guard_formula(str(cell))


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
            is_long = "title" in name or name in {"note", "remarks"}
            sheet.set_column(place, place, 30 if is_long else 12)
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
