"""The reviewers' workbook filled in, and damaged in all the ways that befall a file."""

from __future__ import annotations

import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import escape

import openpyxl

from pipeline.review.columns import (
    ANSWER_ID,
    ASIDE_SHEET,
    CARRIED_COLUMNS,
    CARRIED_SHEET,
    DECISION_ID,
    END,
    ISSUE_COLUMNS,
    ISSUE_ID,
    ISSUE_SHEET,
    OPINION_COLUMNS,
    OPINION_ID,
    OPINION_SHEET,
    SET_ASIDE_COLUMNS,
    START,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook


class Filled(NamedTuple):
    """A yellow cell that somebody filled, and the decision that it stands for."""

    sheet: str
    key: tuple[str, ...]
    column: str
    text: str
    target: str
    field: str
    value: str


KEYS: Final = {
    ISSUE_SHEET: (ISSUE_ID,),
    OPINION_SHEET: (OPINION_ID,),
    ASIDE_SHEET: (ANSWER_ID, START, END),
    CARRIED_SHEET: (DECISION_ID,),
}
EDITABLE: Final = {
    name: {column.field: column.name for column in columns if column.editable}
    for name, columns in (
        (ISSUE_SHEET, ISSUE_COLUMNS),
        (OPINION_SHEET, OPINION_COLUMNS),
        (ASIDE_SHEET, SET_ASIDE_COLUMNS),
        (CARRIED_SHEET, CARRIED_COLUMNS),
    )
}


def heads(book: Workbook, sheet: str) -> tuple[int, list[str]]:
    """Row of the headers and the headers; row 0 where the keys are nowhere."""
    for number, row in enumerate(book[sheet].iter_rows(max_row=10, values_only=True), start=1):
        names = ["" if own is None else str(own).strip() for own in row]
        if all(key in names for key in KEYS[sheet]):
            return number, names
    return 0, []


def rows_of(book: Workbook, sheet: str) -> dict[tuple[str, ...], list[int]]:
    """Key of a row → the rows that have it."""
    header, names = heads(book, sheet)
    found: dict[tuple[str, ...], list[int]] = {}
    if header:
        places = [names.index(key) for key in KEYS[sheet]]
        for number, row in enumerate(
            book[sheet].iter_rows(min_row=header + 1, values_only=True), start=header + 1
        ):
            key = tuple("" if row[own] is None else str(row[own]).strip() for own in places)
            found.setdefault(key, []).append(number)
    return found


def cell_of(book: Workbook, own: Filled) -> Any:
    _, names = heads(book, own.sheet)
    (row,) = rows_of(book, own.sheet)[own.key]
    return book[own.sheet].cell(row, names.index(own.column) + 1)


def fill_with_openpyxl(source: Path, target: Path, filled: list[Filled]) -> Path:
    """Fill cells as a program does that writes the whole workbook anew."""
    book = openpyxl.load_workbook(source)
    for own in filled:
        cell_of(book, own).value = own.text
    book.save(target)
    return target


def fill_as_excel_does(source: Path, target: Path, filled: list[Filled]) -> Path:
    """Fill cells in the file itself: everything else stays, readings (ふりがな) are added."""
    book = openpyxl.load_workbook(source)
    parts = parts_of(source)
    for own in filled:
        part = f"xl/worksheets/sheet{book.sheetnames.index(own.sheet) + 1}.xml"
        place = cell_of(book, own).coordinate
        written = (
            f't="inlineStr"><is><t xml:space="preserve">{escape(own.text)}</t>'
            '<rPh sb="0" eb="1"><t>ヨミ</t></rPh><phoneticPr fontId="1"/></is></c>'
        )
        before = parts[part].decode()
        (empty,) = re.findall(rf'<c r="{place}" s="\d+"/>', before)
        parts[part] = before.replace(empty, f"{empty[:-2]} {written}").encode()
    return write_parts(target, parts)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write_parts(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def still_there(path: Path, filled: list[Filled]) -> dict[Filled, tuple[int, ...]]:
    """Filled cells that another reader finds unharmed, with the rows that they stand in."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path)
    except Exception:  # noqa: BLE001 - whatever it cannot read is not there
        return {}
    found = {}
    for own in filled:
        if own.sheet not in book.sheetnames:
            continue
        _, names = heads(book, own.sheet)
        if own.column not in names:
            continue
        numbers = tuple(
            number
            for number in rows_of(book, own.sheet).get(own.key, ())
            if book[own.sheet].cell(number, names.index(own.column) + 1).value == own.text
        )
        if numbers:
            found[own] = numbers
    return found


# Every damage writes a damaged copy and gives back what the planner has to be told of.


def cut_off(rng: random.Random, source: Path, target: Path) -> list[str]:
    data = source.read_bytes()
    target.write_bytes(data[: rng.randrange(len(data))])
    return []


def flip_bytes(rng: random.Random, source: Path, target: Path) -> list[str]:
    data = bytearray(source.read_bytes())
    for _ in range(rng.choice([1, 1, 2, 8, 40])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    target.write_bytes(data)
    return []


def fill_with_zeros(rng: random.Random, source: Path, target: Path) -> list[str]:
    """What a power cut leaves of a file whose length was written before its content."""
    data = bytearray(source.read_bytes())
    start = rng.randrange(len(data))
    end = rng.choice([len(data), min(len(data), start + 512)])
    data[start:end] = bytes(end - start)
    target.write_bytes(data)
    return []


def _with_part(
    rng: random.Random, source: Path, target: Path, change: Callable[[bytes], bytes | None]
) -> list[str]:
    parts = parts_of(source)
    name = rng.choice(sorted(parts))
    changed = change(parts.pop(name))
    if changed is not None:
        parts[name] = changed
    write_parts(target, parts)
    return []


def lose_part(rng: random.Random, source: Path, target: Path) -> list[str]:
    return _with_part(rng, source, target, lambda _: None)


def empty_part(rng: random.Random, source: Path, target: Path) -> list[str]:
    return _with_part(rng, source, target, lambda _: b"")


def cut_part(rng: random.Random, source: Path, target: Path) -> list[str]:
    return _with_part(rng, source, target, lambda own: own[: rng.randrange(len(own))])


def garble_part(rng: random.Random, source: Path, target: Path) -> list[str]:
    def change(own: bytes) -> bytes:
        data = bytearray(own)
        for _ in range(rng.choice([1, 2, 5, 20])):
            place = rng.randrange(len(data))
            data[place : place + 1] = rng.choice([b"", b"<", b'"', b"&", rng.randbytes(1), b"\xff"])
        return bytes(data)

    return _with_part(rng, source, target, change)


def swap_parts(rng: random.Random, source: Path, target: Path) -> list[str]:
    parts = parts_of(source)
    names = sorted(name for name in parts if name.startswith("xl/worksheets/sheet"))
    one, other = rng.sample(names, 2)
    parts[one], parts[other] = parts[other], parts[one]
    write_parts(target, parts)
    return []


def _edited(source: Path, target: Path, edit: Callable[[Workbook], list[str] | None]) -> list[str]:
    book = openpyxl.load_workbook(source)
    told = edit(book)
    book.save(target)
    return told or []


def remove_sheet(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> list[str]:
        name = rng.choice(book.sheetnames)
        book.remove(book[name])
        return [f"シート「{name}」"] if name in KEYS else []

    return _edited(source, target, edit)


def rename_sheet(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> list[str]:
        name = rng.choice(sorted(KEYS))
        book[name].title = rng.choice([f"{name} (2)", "Sheet1", f"確認済み{name}"])
        return [f"シート「{name}」"]

    return _edited(source, target, edit)


def _column(book: Workbook, rng: random.Random, *, key: bool) -> tuple[str, str]:
    """A sheet and one of its columns; 対応区分 is there where there are public comments."""
    sheet = rng.choice(sorted(KEYS))
    there = heads(book, sheet)[1]
    names = KEYS[sheet] if key else EDITABLE[sheet].values()
    return sheet, rng.choice([name for name in names if name in there])


def rename_header(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> list[str]:
        sheet, name = _column(book, rng, key=rng.random() < 0.3)
        place = heads(book, sheet)[1].index(name) + 1
        book[sheet].cell(1, place).value = rng.choice([f"{name}２", "メモ", None, 5])
        return [f"シート「{sheet}」", f"「{name}"]

    return _edited(source, target, edit)


def delete_yellow_column(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> list[str]:
        sheet, name = _column(book, rng, key=False)
        book[sheet].delete_cols(heads(book, sheet)[1].index(name) + 1)
        return [f"シート「{sheet}」", f"「{name}」の列がありません"]

    return _edited(source, target, edit)


def delete_key_column(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> list[str]:
        sheet, name = _column(book, rng, key=True)
        book[sheet].delete_cols(heads(book, sheet)[1].index(name) + 1)
        return [f"シート「{sheet}」", name, "の列がありません"]

    return _edited(source, target, edit)


def clear_keys(rng: random.Random, source: Path, target: Path) -> list[str]:
    """Somebody empties cells that say which row is which; one of them of a row that is filled."""

    def edit(book: Workbook) -> list[str]:
        sheet = rng.choice(sorted(KEYS))
        _, names = heads(book, sheet)
        yellow = [names.index(name) for name in EDITABLE[sheet].values() if name in names]
        rows = [
            number
            for number, row in enumerate(book[sheet].iter_rows(values_only=True), start=1)
            if number > 1 and any(row[place] for place in yellow)
        ]
        chosen = rng.choice(rows)
        for number in {chosen, rng.randint(2, book[sheet].max_row)}:
            book[sheet].cell(number, names.index(rng.choice(KEYS[sheet])) + 1).value = None
        return [f"シート「{sheet}」 {chosen}行目"]

    return _edited(source, target, edit)


def double_yellow_column(rng: random.Random, source: Path, target: Path) -> list[str]:
    """Somebody inserts a copy of a column, and one of the two is filled."""

    def edit(book: Workbook) -> list[str]:
        sheet, name = _column(book, rng, key=False)
        place = heads(book, sheet)[1].index(name) + 1
        book[sheet].insert_cols(place)
        book[sheet].cell(1, place).value = name
        return [f"シート「{sheet}」", f"「{name}」"]

    return _edited(source, target, edit)


def insert_columns(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for sheet in KEYS:
            place = rng.randint(1, book[sheet].max_column)
            book[sheet].insert_cols(place, rng.randint(1, 3))
            book[sheet].cell(1, place).value = rng.choice([None, "担当", "メモ"])

    return _edited(source, target, edit)


def insert_rows_above(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for sheet in KEYS:
            book[sheet].insert_rows(1, rng.randint(1, 5))
            book[sheet].cell(1, 1).value = rng.choice([None, "社協 内部資料"])

    return _edited(source, target, edit)


def shuffle_rows(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for sheet in KEYS:
            cells = list(book[sheet].iter_rows(min_row=2))
            values = [[cell.value for cell in row] for row in cells]
            rng.shuffle(values)
            for row, own in zip(cells, values, strict=True):
                for cell, value in zip(row, own, strict=True):
                    cell.value = value

    return _edited(source, target, edit)


def hide_things(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for name in KEYS:
            sheet = book[name]
            for number in range(2, sheet.max_row + 1):
                sheet.row_dimensions[number].hidden = rng.random() < 0.5
            sheet.auto_filter.add_filter_column(1, ["何か"])
            for letter in rng.sample("ABCDEFGHIJKL", 4):
                sheet.column_dimensions[letter].hidden = True
            sheet.sheet_state = rng.choice(["visible", "hidden", "veryHidden"])

    return _edited(source, target, edit)


def add_sheets(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for place in range(rng.randint(1, 3)):
            sheet = book.create_sheet(f"集計{place}", rng.randint(0, len(book.sheetnames)))
            sheet.append(["課題番号", "コメント"])
            sheet.append(["I001", "ここは読まれない"])
        book.create_chartsheet("グラフ")

    return _edited(source, target, edit)


def delete_rows(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for sheet in KEYS:
            for _ in range(rng.randint(0, 3)):
                book[sheet].delete_rows(rng.randint(2, max(2, book[sheet].max_row)))

    return _edited(source, target, edit)


def double_rows(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for name in KEYS:
            sheet = book[name]
            for _ in range(rng.randint(1, 3)):
                own = [cell.value for cell in sheet[rng.randint(2, max(2, sheet.max_row))]]
                sheet.append(own)

    return _edited(source, target, edit)


def merge_cells(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for name in KEYS:
            row, column = rng.randint(2, max(2, book[name].max_row)), rng.randint(2, 8)
            book[name].merge_cells(
                start_row=row, end_row=row + 1, start_column=column, end_column=column + 1
            )

    return _edited(source, target, edit)


ODD: Final[tuple[Any, ...]] = (
    "長" * 10_000, "😀👨‍👩‍👧‍👦𠮷野家", "\u202eשלום عليكم\u200f", "zero\u200bwidth\ufeff", "a\u2028b\x85c",
    '",\r\n"";\t', "=1+1", '=HYPERLINK("http://example.jp","x")', "=課題!B2", "#N/A", "#DIV/0!",
    -1, 0, 3, 3.0, 1e300, 10**20, 0.1 + 0.2, True, False, " ", "\n\n\n", "新：", "新：（ここに題を書く）",
    "新：" + "題" * 300, "新：同じ題", "なし", "machine", "all;KEY", "I999", "I001", "I001 公共交通", "O0",
    "A0@0-1", "A0@9999999999999999999-1", "０３", "3", "９", "電話は090-1234-5678です", "x@example.jp",
    "_x0000_null", "_x0001_\tbell_x0007_", "<b>&amp;</b>", "取り消す", "戻す", "採用", "却 下", "全文を伏せる",
    "、、、", "'; DROP TABLE", "%s{0}{}\\N\\x00", "１" * 5000, "1-1", "目標 1", "None", "nan",
)  # fmt: skip


def write_odd_cells(rng: random.Random, source: Path, target: Path) -> list[str]:
    def edit(book: Workbook) -> None:
        for _ in range(rng.choice([1, 3, 8, 25])):
            sheet = book[rng.choice(sorted(KEYS))]
            cell = sheet.cell(
                rng.randint(1, sheet.max_row) if rng.random() < 0.1 else rng.randint(2, 20),
                rng.randint(1, sheet.max_column),
            )
            cell.value = rng.choice(ODD)

    return _edited(source, target, edit)


def write_odd_yellow_cells(rng: random.Random, source: Path, target: Path) -> list[str]:
    """Only into yellow cells of rows that exist, as somebody does who does not read the guide."""

    def edit(book: Workbook) -> None:
        for _ in range(rng.choice([2, 5, 10])):
            sheet, name = _column(book, rng, key=False)
            place = heads(book, sheet)[1].index(name) + 1
            number = rng.randint(2, max(2, book[sheet].max_row))
            book[sheet].cell(number, place).value = rng.choice(ODD)

    return _edited(source, target, edit)


def write_control_characters(rng: random.Random, source: Path, target: Path) -> list[str]:
    """Characters that no program should write, straight into the strings of the file."""
    parts = parts_of(source)
    name = rng.choice([own for own in sorted(parts) if own.startswith("xl/worksheets/sheet")])
    odd = rng.choice([b"_x0000_", b"_x001F_", b"\x01", b"\x0b", b"\xef\xbf\xbf", b"&#13;", b"&#0;"])
    parts[name] = re.sub(rb"(<t[^>]*>)", rb"\1" + odd, parts[name], count=rng.randint(1, 40))
    write_parts(target, parts)
    return []


def write_a_cell_far_away(source: Path, target: Path, place: str) -> Path:
    """Somebody presses Ctrl and an arrow key, and a space after that."""
    book = openpyxl.load_workbook(source)
    book[OPINION_SHEET][place].value = " "
    book.save(target)
    return target
