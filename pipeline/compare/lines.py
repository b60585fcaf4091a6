"""A comparison as lines for a terminal, and as a table in a file."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook

from pipeline.compare.change import tabulate_changes
from pipeline.compare.counting import PEOPLE
from pipeline.errors import InputError, Location, UsageError
from pipeline.report.comparison import CLAIMED, compare_view
from pipeline.review.workbook import cell_text
from pipeline.textlayout import shorten, table
from pipeline.wording import CHANGES, KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.compare.change import Comparison
    from pipeline.compare.waves import Waves
    from pipeline.report.comparison import ChangeRow

KEPT_LISTED: Final = 10
"""Issues without a change that are listed."""

_TITLE_SHOWN: Final = 40
_LEAST: Final = {1: 16}

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


def render(waves: Waves, width: int) -> list[str]:
    """Lines of a comparison for a terminal that is so wide."""
    found: list[str] = []
    if len(waves.steps) > 1:
        for number, step in enumerate(waves.steps):
            names = waves.names[number : number + 2]
            found += [f"■ {names[0]} → {names[1]}", *_counts(step), *_rows(step, width, 0), ""]
        found.append(f"■ 最初から最後まで: {waves.names[0]} → {waves.names[-1]}")
    else:
        found.append(f"■ {waves.names[0]} → {waves.names[-1]}")
    found += [*_counts(waves.overall), *_rows(waves.overall, width, KEPT_LISTED), ""]
    return [*found, *_notes(waves)]


def _counts(comparison: Comparison) -> list[str]:
    kinds = [own.kind for own in comparison.changes]
    told = "、".join(f"{kind} {kinds.count(kind)}件" for kind in CHANGES if kind in kinds)
    return [f"  課題の変化: {told or 'なし'}"]


def _rows(comparison: Comparison, width: int, n_kept: int) -> list[str]:
    view = compare_view(tabulate_changes(comparison), "", "", ())
    shown = [*view.claimed, *view.kept[:n_kept]]
    if not shown:
        return ["  変わったといえる課題はありません。"]
    header = ("変化", "課題", "前", "後", "差（95%区間）", "補正p値")
    rows = [header, *(_cells(row) for row in shown)]
    lines = table(rows, width, _LEAST, [row.note for row in shown])
    left = len(view.kept) + len(view.others) - len(view.kept[:n_kept])
    return [*lines, f"  ほか {left:,}件は、--output か --report で見られます。"] if left else lines


def _cells(row: ChangeRow) -> tuple[str, ...]:
    return (
        row.change,
        shorten(row.shown_title, _TITLE_SHOWN),
        row.before.words,
        row.now.words,
        f"{row.difference}（{row.interval}）",
        row.p_value,
    )


def _notes(waves: Waves) -> list[str]:
    bases = "、".join(
        f"{name} {own.n_people if waves.unit == PEOPLE else own.n_opinions:,}{waves.unit}"
        for name, own in zip(waves.names, waves.profiles, strict=True)
    )
    what = (
        "意見のある回答者のうち、述べた人" if waves.unit == PEOPLE else "意見のうち、その課題の意見"
    )
    return [
        f"・割合は、{what}の割合です（全体: {bases}）。市民全体の割合ではありません。",
        (
            "・差は「後−前」のポイントです。2つの割合の検定を課題の数だけ行い、p値を"
            "ベンジャミニ・ホックバーグの方法で補正しました。0.05 未満を変化としています。"
        ),
        f"・「{KEPT}」は、同じだったという意味ではなく、変化を示せないという意味です。",
        "・課題の組み合わせは中身の近さから機械が決めています。回答した人は前後で別の人です。",
        *(f"・{line}" for line in waves.remarks),
    ]


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
