"""A comparison as a table in a file: for Excel, and for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from pipeline import sheetfile
from pipeline.comparison.change import tabulate_changes
from pipeline.report.comparison import CLAIMED
from pipeline.sheetfile import Column, Sheet
from pipeline.wording import CHANGES

if TYPE_CHECKING:
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
    columns = [_column(name, label) for name, label in COLUMNS.items()]
    return sheetfile.as_file(Sheet("課題の変化", columns, rows), ending)


def _column(name: str, label: str) -> Column:
    if name in _NUMBERS:
        return Column(label, 12, "share" if "share" in name or "difference" in name else "number")
    return Column(label, 30 if "title" in name or name in {"note", "remarks"} else 12)
