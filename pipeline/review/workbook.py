"""The workbook for reviewers: what the machine proposes, and yellow cells for people.

What stands in a white cell is the machine's and locked; what a person thinks goes
into a yellow cell beside it, which begins empty. So nothing that the machine said is
overwritten, and what a person said can be read back by the name of its column.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from pipeline.review.columns import COMMENTS, GUIDE_SHEET, OPINION_SHEET, RUN_LABEL
from pipeline.review.listing import list_opinions
from pipeline.review.rowsheet import BLANK, RowSheet
from pipeline.review.sheets import (
    carried_sheet,
    choices,
    goal_sheet,
    issue_sheet,
    looked_at,
    measure_sheet,
    opinion_sheet,
    set_aside_sheet,
)
from pipeline.sheetfile import CREATED, WORKBOOK_OPTIONS, cell_text
from pipeline.textwidth import text_width
from pipeline.wording import CONFIDENCE_HIGH, CONFIDENCE_MIDDLE, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from pipeline.plan import Plan
    from pipeline.review.columns import Cell, Column, Sheet
    from pipeline.study import Study

MOST_ROWS = 1_048_575
"""Rows that Excel holds in one sheet, without the header."""

LEAST_LINES = 3
"""Lines of a row on the sheets that people decide on."""

RUN_PROPERTY = "kadai_run_id"
"""Name of the document property that says from which run a workbook is."""

_LISTS = "一覧"
_LINE_HEIGHT = 18.75
_FONT = {"font_name": "Yu Gothic", "font_size": 11, "font_scheme": False}
_TEXT = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#D0CCC2"}
_CONFIDENCE = f'[>={CONFIDENCE_HIGH}]"高い "0.00;[>={CONFIDENCE_MIDDLE}]"中くらい "0.00;"低い "0.00'
_GUIDE = (
    "「課題」シートを上から順に見てください。確かめると役に立つ順（意見が多く、機械の自信がないものが先）です。",
    "白いセルは機械の案で、変えられません。直したいところだけ、黄色いセルに書いてください。",
    "黄色いセルが空のままなら、前の判断（「これまでの判断」の列）か、それがなければ機械の案のとおりになります。",
    "見終わった課題は「判定」で 採用・保留・却下 を選びます。空で、前の判定もなければ「まだ見ていない」印です。",
    "目標と施策は、黄色いセルの右に出る ▼ から選びます。どれでもないときは、一覧のいちばん下の「なし」です。",
    "二つの課題を一つにするときは、消えるほうの行の「統合先」で、残るほうの課題を選びます。",
    "一つの意見だけ直すときは「意見」シートを使います（課題番号を押すと移れます）。同じ文面の意見は、いっしょに変わります。",
    "「／」や「ほか」の付いた、いくつもの話題が合わさった課題は、「分ける」で「話題ごと」を選ぶと、話題ごとの課題に分かれます。",
    "ほかの分け方をするときは、意見の「課題（移動先）」に「新：」と新しい題を書きます。同じ題を書いた意見が一つの課題になります。",
    "人が分かる言葉は、意見の「個人情報」にそのまま書くと、次の結果から伏せ字になります。",
    "伏せ字は「意見」の「伏せた所」で絞り込めます。これでよければ「個人情報」で「確認」を選びます。",
    "伏せなくてよい言葉（公園の名前など）は、そこに「公開：田中児童公園」と書くと、次からどの意見でもそのまま出ます。",
    "何を伏せたかは、担当者が kadai privacy で見られます（ブックと報告書には出ません）。",
    "「対象外」シートの「戻す」で、取り上げなかったものを意見に戻せます。",
    "前に決めたことは「引き継ぎ」シートにあります。いまの結果に合わなくなったものが、わけとともに先に並びます。",
    "時間がないときは、「意見」の「確認の順」を「20以下」のように絞り込んで、そこから見てください。",
    "並べ替えるときは「校閲」→「シート保護の解除」を選んでください（パスワードはありません）。行の順、列の幅は変えてかまいません。",
    "保存して閉じたら、担当者が kadai review import で読み戻します。番号の列、列の名前、シートの名前は変えないでください。",
    "記入したブックは、このフォルダーでもう一度実行しても消えません（「記入済み」の名前で残ります）。",
)
_GUIDE_TO_RESPONSES = (
    "パブリックコメントへの「対応区分」は、課題で選ぶと、その課題のパブリックコメントすべてにかかります。"
    "違うものだけ、「意見」シートで選んでください（意見で選んだものが先に立ちます）。"
)


def write_workbook(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    plan: Plan,
    study: Study,
    manifest: Mapping[str, object],
) -> None:
    """Write ``review.xlsx``; the same tables give the same bytes.

    Parameters
    ----------
    path
        File to write; its folder exists.
    tables
        ``answers, opinions, issues, machine_issues, groups, concepts, goal_links,
        measures, applied_decisions, set_aside`` as declared
        in :mod:`pipeline.tables`. Raw text of answers is not read.
    plan
        Its goals and measures are offered in the drop-down lists.
    study
        Its title stands on the first sheet and on every printed page.
    manifest
        ``run_id`` is kept inside the file, so that decisions find their run again.

    Raises
    ------
    KeyError
        A table or column is missing, or a goal is not the plan's.
    OSError
        The file cannot be written, for instance because it is open in Excel.
    """
    run_id, title = clean(str(manifest.get("run_id", ""))), clean(study.title)
    listed = list_opinions(tables)
    sheets = (
        issue_sheet(tables, plan, listed),
        opinion_sheet(tables, plan, listed),
        goal_sheet(tables, plan),
        measure_sheet(tables, plan),
        set_aside_sheet(tables),
        carried_sheet(tables, plan),
    )
    offered = choices(tables, plan)
    # XlsxWriter adds to what it is given.
    options = WORKBOOK_OPTIONS | {"default_format_properties": dict(_FONT)}
    # In memory: on a full disk XlsxWriter would leave a file whose end is an error, too.
    made = io.BytesIO()
    with Workbook(made, options) as book:
        book.set_properties({"title": f"課題の確認 {title}", "created": CREATED})
        book.set_custom_property(RUN_PROPERTY, run_id, "text")
        formats = _formats(book)
        guide = book.add_worksheet(GUIDE_SHEET)
        about = (("計画", plan.title), (RUN_LABEL, run_id), *_about_masks(tables))
        _write_guide(guide, formats, title, about, sheets)
        _set_up_print(guide, title, run_id)
        guide.set_portrait()
        for sheet in sheets:
            worksheet = book.add_worksheet(sheet.name, RowSheet)
            _write_sheet(worksheet, formats, sheet)
            _offer_choices(worksheet, sheet, offered)
            _protect(worksheet)
            _set_up_print(worksheet, title, run_id)
            worksheet.repeat_rows(0, sheet.head)
            if sheet.printed:
                worksheet.print_area(0, 0, _last_row(sheet), sheet.printed - 1)
        lists = book.add_worksheet(_LISTS)
        _write_lists(lists, offered)
        lists.protect()
        lists.hide()
    path.write_bytes(made.getvalue())


def _formats(book: Workbook) -> dict[str, Format]:
    yellow = {"bg_color": "#FFF6CC", "locked": False}
    right = {**_TEXT, "text_wrap": False, "align": "right", "indent": 1}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "strong": book.add_format({"bold": True, "valign": "top"}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "note": book.add_format({"bold": True, "valign": "vcenter"}),
        "sample": book.add_format({**_TEXT, **yellow, "locked": True, "bold": True}),
        "head": book.add_format(
            {**_TEXT, "bold": True, "bg_color": "#E3ECF3", "valign": "vcenter"}
        ),
        "head_edit": book.add_format(
            {**_TEXT, "bold": True, "bg_color": "#FFE58A", "valign": "vcenter"}
        ),
        "text": book.add_format(_TEXT),
        "count": book.add_format({**right, "num_format": "#,##0"}),
        "share": book.add_format({**right, "num_format": "0.00"}),
        "confidence": book.add_format({**right, "indent": 0, "num_format": _CONFIDENCE}),
        "edit": book.add_format({**_TEXT, **yellow}),
        "jump": book.add_format({**_TEXT, "font_color": "#1F5FA8", "underline": 1}),
    }


def _write_guide(
    worksheet: Worksheet,
    formats: Mapping[str, Format],
    title: str,
    about: Sequence[tuple[str, str]],
    sheets: Sequence[Sheet],
) -> None:
    worksheet.set_column(0, 0, 12)
    worksheet.set_column(1, 1, 24)
    worksheet.set_column(2, 2, 78)
    worksheet.hide_gridlines(2)
    worksheet.write_string(0, 0, cell_text(f"課題の確認　{title}"), formats["title"])
    worksheet.set_row(0, 30)
    for place, (name, value) in enumerate(about, start=1):
        worksheet.write_string(place, 0, name, formats["strong"])
        worksheet.write_string(place, 1, cell_text(value))
    row = len(about) + 2
    worksheet.write_string(row, 0, "使い方", formats["strong"])
    answered = any(column.needs == COMMENTS for sheet in sheets for column in sheet.columns)
    further = [_GUIDE_TO_RESPONSES] if answered else []
    lines = (*_GUIDE, *further, *_row_limit_notes(sheets))
    for number, line in enumerate(lines, start=1):
        row += 1
        worksheet.write_string(row, 0, f"{number}.", formats["plain"])
        worksheet.merge_range(row, 1, row, 2, line, formats["plain"])
        worksheet.set_row(row, _LINE_HEIGHT * n_lines(line, 96))
    row += 2
    for place, name in enumerate(("シート", "列", "意味")):
        worksheet.write_string(row, place, name, formats["head"])
    for sheet in sheets:
        for column in sheet.columns:
            if column.hidden:
                continue
            row += 1
            worksheet.set_row(row, _LINE_HEIGHT * n_lines(column.meaning, 78))
            worksheet.write_string(row, 0, sheet.name, formats["text"])
            name_format = formats["sample" if column.editable else "text"]
            worksheet.write_string(row, 1, column.name, name_format)
            worksheet.write_string(row, 2, column.meaning, formats["text"])
    worksheet.protect()


def _about_masks(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Say how far it was looked at what is masked."""
    n_seen, n_masked = looked_at(tables)
    shown = f"伏せた所のある意見 {n_masked:,}件のうち、人が確かめたもの {n_seen:,}件"
    return [("伏せ字", shown)] if n_masked else []


def _row_limit_notes(sheets: Sequence[Sheet]) -> list[str]:
    sampled = [f"「{sheet.name}」シート：{sheet.note}" for sheet in sheets if sheet.note]
    return sampled + [
        f"「{sheet.name}」の{len(sheet.rows):,}行のうち、初めの{MOST_ROWS:,}行を載せました。"
        for sheet in sheets
        if len(sheet.rows) > MOST_ROWS
    ]


def _write_sheet(worksheet: RowSheet, formats: Mapping[str, Format], sheet: Sheet) -> None:
    for place, column in enumerate(sheet.columns):
        worksheet.set_column(place, place, column.width, None, {"hidden": column.hidden})
        head = formats["head_edit" if column.editable else "head"]
        worksheet.write_string(sheet.head, place, column.name, head)
    worksheet.set_row(sheet.head, 3 * _LINE_HEIGHT + 2)
    if sheet.note:
        worksheet.write_string(0, 0, sheet.note, formats["note"])
    # A link is more than a text and a format: XlsxWriter keeps a list of them.
    write_rows = _write_cells if any(column.jumps for column in sheet.columns) else _put_rows
    write_rows(worksheet, formats, sheet)
    last = _last_row(sheet)
    worksheet.freeze_panes(sheet.head + 1, sheet.frozen)
    worksheet.autofilter(sheet.head, 0, last, len(sheet.columns) - 1)
    # Numbers that residents wrote are text; no green triangles for that.
    worksheet.ignore_errors(
        {"number_stored_as_text": f"A1:{xl_col_to_name(len(sheet.columns) - 1)}{last + 1}"}
    )


def _put_rows(worksheet: RowSheet, formats: Mapping[str, Format], sheet: Sheet) -> None:
    """Write rows as a whole; the same file as :func:`_write_cells` makes."""
    worksheet.shape_columns([formats[_shape(column)] for column in sheet.columns])
    counted, least = _lines_counted(sheet)
    # Most texts of a column stand in many rows: each is cleaned and measured once.
    known: list[dict[str, tuple[str, int]]] = [{} for _ in sheet.columns]
    widths = [column.width if place < counted else 0 for place, column in enumerate(sheet.columns)]
    for number, row in enumerate(sheet.rows[:MOST_ROWS], start=sheet.head + 1):
        lines, n_texts = least, 0
        ends = []
        for value, ends_of, width in zip(row, known, widths, strict=True):
            if isinstance(value, str):
                if not value:
                    ends.append(BLANK)
                    continue
                found = ends_of.get(value)
                if found is None:
                    text = cell_text(value)
                    tall = n_lines(text, width) if width else 0
                    found = ends_of[value] = (worksheet.text_end(text), tall)
                ends.append(found[0])
                n_texts += 1
                lines = max(lines, found[1])
            else:
                ends.append(BLANK if math.isnan(value) else worksheet.number_end(value))
        worksheet.put_row(number, ends, _height(lines, sheet), n_texts)


def _write_cells(worksheet: RowSheet, formats: Mapping[str, Format], sheet: Sheet) -> None:
    """Write rows cell by cell, with links to the opinions of an issue."""
    counted, least = _lines_counted(sheet)
    for number, row in enumerate(sheet.rows[:MOST_ROWS], start=sheet.head + 1):
        lines = least
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            cell = cell_text(value) if isinstance(value, str) else value
            if column.jumps and (target := sheet.jumps.get(str(cell))):
                to = f"internal:'{OPINION_SHEET}'!A{target}"
                worksheet.write_url(number, place, to, formats["jump"], str(cell))
            else:
                _write_cell(worksheet, (number, place), cell, formats[_shape(column)])
            if isinstance(cell, str) and place < counted:
                lines = max(lines, n_lines(cell, column.width))
        worksheet.set_row(number, _height(lines, sheet))


def _lines_counted(sheet: Sheet) -> tuple[int, int]:
    """Columns that make a row tall, and its least lines.

    What is not printed is read when it is asked for: it does not make rows tall.
    """
    return sheet.printed or len(sheet.columns), LEAST_LINES if sheet.printed else 1


def _last_row(sheet: Sheet) -> int:
    """Last row, counted from 0; an empty sheet has one to write into."""
    return sheet.head + max(min(len(sheet.rows), MOST_ROWS), 1)


def _shape(column: Column) -> str:
    return "edit" if column.editable else column.kind


def _height(lines: int, sheet: Sheet) -> float:
    return _LINE_HEIGHT * min(lines, sheet.lines) + 3


def _write_cell(worksheet: Worksheet, place: tuple[int, int], value: Cell, shape: Format) -> None:
    if value == "" or (isinstance(value, float) and math.isnan(value)):
        worksheet.write_blank(*place, None, shape)
    elif isinstance(value, str):
        # Never plain write(): it would look for formulas, links and numbers.
        worksheet.write_string(*place, value, shape)
    else:
        worksheet.write_number(*place, value, shape)


def _offer_choices(
    worksheet: Worksheet, sheet: Sheet, offered: Mapping[str, Sequence[str]]
) -> None:
    for place, column in enumerate(sheet.columns):
        if not column.choices or not offered[column.choices]:
            continue
        letter = xl_col_to_name(list(offered).index(column.choices))
        worksheet.data_validation(
            sheet.head + 1,
            place,
            _last_row(sheet),
            place,
            {
                "validate": "list",
                # A list of names would end at 255 characters; a range does not.
                "source": f"='{_LISTS}'!${letter}$2:${letter}${len(offered[column.choices]) + 1}",
                "error_title": "一覧から選んでください",
                "error_message": f"「{column.name}」は、▼ を押して一覧から選んでください。",
                # What is not in the list is asked about once more, not refused.
                "error_type": "warning" if column.free else "stop",
                "show_error": not column.free,
            },
        )


def _write_lists(worksheet: Worksheet, offered: Mapping[str, Sequence[str]]) -> None:
    for place, (name, entries) in enumerate(offered.items()):
        worksheet.set_column(place, place, 40)
        worksheet.write_string(0, place, name)
        for row, entry in enumerate(entries, start=1):
            worksheet.write_string(row, place, cell_text(entry))


def _protect(worksheet: Worksheet) -> None:
    allowed = ("autofilter", "sort", "format_columns", "format_rows")
    worksheet.protect("", dict.fromkeys(allowed, True))


def _set_up_print(worksheet: Worksheet, title: str, run_id: str) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    # In a header & begins a code.
    worksheet.set_header(
        "&L&9" + " " + title[:80].replace("\n", " ").replace("&", "&&") + "&R&9 &A"
    )
    worksheet.set_footer("&L&9 実行番号 " + run_id[:40].replace("&", "&&") + "&R&9 &P / &N")


def n_lines(text: str, width: float) -> int:
    """Lines that a text fills in a column; a Japanese character is two wide."""
    room = max(width - 1, 4)
    if "\n" not in text and 2 * len(text) <= room:
        return 1
    # Exact widths matter only below the height at which rows are cut off anyway.
    widths = [text_width(line[:2000]) for line in text.split("\n")]
    return sum(max(1, math.ceil(wide / room)) for wide in widths)
