"""基本目標別一覧: the same issues as an Excel workbook, to sort and filter."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from pipeline.papers.listsheets import NO_GOAL_SHEET, list_sheets
from pipeline.papers.notes import (
    NO_GOAL_CHAPTER,
    NO_GOAL_MEANINGS,
    OF_THOSE_WHO_ANSWERED,
    people_and_opinions,
    reading_notes,
)
from pipeline.papers.seal import PLACEHOLDER, seal
from pipeline.review.workbook import MOST_ROWS, n_lines
from pipeline.sheetfile import CREATED, WORKBOOK_OPTIONS, cell_text
from pipeline.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from pipeline.papers.views import Contents
    from pipeline.review.columns import Sheet

NAME: Final = "基本目標別一覧"
FILE: Final = f"{NAME}.xlsx"
_LINE_HEIGHT: Final = 16.0
_GOAL_WIDTH: Final = 46
_FONT: Final = {"font_name": "Yu Gothic", "font_size": 10.5, "font_scheme": False}
_BOX: Final = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#8C939B"}


def write_listing(contents: Contents) -> bytes:
    """Excel file of the list."""
    about = contents.about
    # XlsxWriter adds to what it is given.
    options = WORKBOOK_OPTIONS | {"default_format_properties": dict(_FONT)}
    made = io.BytesIO()
    with Workbook(made, options) as book:
        book.set_properties({"title": cell_text(f"{NAME} {about.title}"), "created": CREATED,
                             "author": "Kadai"})  # fmt: skip
        book.set_custom_property("kadai", PLACEHOLDER, "text")
        formats = _formats(book)
        sheets = list_sheets(contents)
        _summary(book.add_worksheet("概要"), formats, contents)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), formats, sheet)
        _reading(book.add_worksheet("読み方"), formats, contents, sheets)
        for worksheet in book.worksheets():
            _set_up_print(worksheet, about.title, about.run_id)
    return seal(made.getvalue())


def _formats(book: Workbook) -> dict[str, Format]:
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "strong": book.add_format({**_BOX, "bold": True}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "head": book.add_format({**_BOX, "bold": True, "bg_color": "#E3ECF3", "valign": "vcenter"}),
        "text": book.add_format(_BOX),
        "count": book.add_format(
            {**_BOX, "text_wrap": False, "num_format": "#,##0", "align": "right", "indent": 1}
        ),
    }


def _summary(worksheet: Worksheet, formats: Mapping[str, Format], contents: Contents) -> None:
    about = contents.about
    names = ("基本目標", "課題", "意見", "人", "採用", "未判定", "保留", "却下", "まとまらない意見")
    worksheet.set_column(0, 0, _GOAL_WIDTH)
    worksheet.set_column(1, len(names) - 1, 11)
    worksheet.hide_gridlines(2)
    worksheet.set_row(0, 30)
    worksheet.write_string(0, 0, cell_text(f"{NAME}　{about.title}"), formats["title"])
    facts = (
        f"計画: {about.plan}" + (f"（{about.period}）" if about.period else ""),
        f"実行番号: {about.run_id}",
        (
            f"回答{count(about.n_answers)}件。{people_and_opinions(about)}、"
            f"課題{count(about.n_issues)}件。"
        ),
        OF_THOSE_WHO_ANSWERED,
    )
    for row, text in enumerate(facts, start=1):
        worksheet.merge_range(row, 0, row, len(names) - 1, cell_text(text), formats["plain"])
        worksheet.set_row(row, _LINE_HEIGHT * n_lines(text, 130) + 3)
    row = len(facts) + 2
    for place, name in enumerate(names):
        worksheet.write_string(row, place, name, formats["head"])
    worksheet.set_row(row, 2 * _LINE_HEIGHT)
    for chapter in contents.chapters:
        row += 1
        own = chapter.tally
        counts = (
            own.n_issues, own.n_opinions, own.n_people, own.adopted, own.unjudged, own.held,
            own.rejected, own.n_alone,
        )  # fmt: skip
        worksheet.set_row(row, _LINE_HEIGHT * n_lines(own.goal, _GOAL_WIDTH) + 4)
        worksheet.write_string(row, 0, cell_text(own.goal), formats["text"])
        for place, number in enumerate(counts, start=1):
            worksheet.write_number(row, place, number, formats["count"])
    note = (
        "「課題」と判定は課題の基本目標で、「意見」と「人」は意見一件ずつの基本目標で数えました。"
        "人の数を足しても、全体の人数にはなりません。"
    )
    worksheet.merge_range(row + 2, 0, row + 2, len(names) - 1, note, formats["plain"])
    worksheet.set_row(row + 2, _LINE_HEIGHT * 2)


def _write(worksheet: Worksheet, formats: Mapping[str, Format], sheet: Sheet) -> None:
    for place, column in enumerate(sheet.columns):
        worksheet.set_column(place, place, column.width)
        worksheet.write_string(0, place, column.name, formats["head"])
    worksheet.set_row(0, 2 * _LINE_HEIGHT + 2)
    rows = sheet.rows[:MOST_ROWS]
    for number, row in enumerate(rows, start=1):
        lines = 1
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            shape = formats["count" if column.kind == "count" else "text"]
            if value == "":
                worksheet.write_blank(number, place, None, shape)
            elif isinstance(value, str):
                # Never plain write(): it would look for formulas, links and numbers.
                text = cell_text(value)
                worksheet.write_string(number, place, text, shape)
                lines = max(lines, min(n_lines(text, column.width), sheet.lines))
            else:
                worksheet.write_number(number, place, value, shape)
        worksheet.set_row(number, _LINE_HEIGHT * lines + 4)
    if not rows:
        worksheet.write_string(1, 1, "ここに挙げる課題はありません。", formats["text"])
    last = max(len(rows), 1)
    worksheet.freeze_panes(1, sheet.frozen)
    worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)
    worksheet.repeat_rows(0)
    worksheet.print_area(0, 0, last, (sheet.printed or len(sheet.columns)) - 1)
    # Numbers that residents wrote are text; no green triangles for that.
    ignored = f"A1:{xl_col_to_name(len(sheet.columns) - 1)}{last + 1}"
    worksheet.ignore_errors({"number_stored_as_text": ignored})


def _reading(
    worksheet: Worksheet,
    formats: Mapping[str, Format],
    contents: Contents,
    sheets: Sequence[Sheet],
) -> None:
    worksheet.set_column(0, 0, 22)
    worksheet.set_column(1, 1, 110)
    worksheet.hide_gridlines(2)
    notes = reading_notes(contents.about, has_treatments=contents.has_treatments)
    meanings = {column.name: column.meaning for sheet in sheets for column in sheet.columns}
    lines = [("言葉", "意味"), *notes, (NO_GOAL_SHEET, NO_GOAL_CHAPTER)]
    lines += list(NO_GOAL_MEANINGS.items())
    lines += [(f"列「{name}」", meaning) for name, meaning in meanings.items()]
    lines.append(("印刷", "課題のシートは、「確信度」の列までを印刷します。右の列は画面で見ます"))
    for row, (name, meaning) in enumerate(lines):
        head = formats["head"]
        worksheet.write_string(row, 0, cell_text(name), formats["strong"] if row else head)
        worksheet.write_string(row, 1, cell_text(meaning), formats["text"] if row else head)
        worksheet.set_row(row, _LINE_HEIGHT * n_lines(meaning, 110) + 4)
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)


def _set_up_print(worksheet: Worksheet, title: str, run_id: str) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    # In a header & begins a code.
    shown = cell_text(title)[:80].replace("\n", " ").replace("&", "&&")
    worksheet.set_header(f"&L&9 {shown}&R&9 &A")
    worksheet.set_footer(f"&L&9 実行番号 {run_id[:40].replace('&', '&&')}&R&9 &P / &N")
