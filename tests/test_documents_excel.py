"""Workbooks become one grid a visible sheet, with cells as a person reads them."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
import xlwt
from python_calamine import CalamineWorkbook

from pipeline.answers import read_answers
from pipeline.documents import read
from pipeline.documents.cells import cell_text, column_letters, is_error
from pipeline.documents.excel import read_sheets
from pipeline.errors import InputError
from pipeline.infer import infer_study
from pipeline.nonanswers import reason_for_silence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "回答.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("回答")
        sheet.write_row(1, 0, ["番号", "記入日", "意見"])
        sheet.write_number(2, 0, 224)
        date = book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_datetime(2, 1, dt.date(2023, 10, 3), date)
        sheet.write_string(2, 2, "一つ目\n二つ目")
        book.add_worksheet("Sheet2")
        hidden = book.add_worksheet("控え")
        hidden.write(0, 0, "控え")
        hidden.hide()
    return path


def test_cells_are_as_a_person_reads_them(workbook: Path) -> None:
    (grid,) = read(workbook).grids
    assert grid.sheet == "回答"
    assert grid.rows[2] == ("224", "2023-10-03", "一つ目\n二つ目")
    assert grid.numbers == (1, 2, 3)


def test_sheets_that_are_not_read_are_named_with_the_reason(workbook: Path) -> None:
    skipped = dict(read(workbook).skipped)
    assert "非表示" in skipped["控え"]
    assert "空" in skipped["Sheet2"]


def test_a_named_sheet_is_read_even_when_hidden(workbook: Path) -> None:
    (grid,) = read(workbook, sheet="控え").grids
    assert grid.rows == (("控え",),)


def test_a_missing_sheet_is_refused_with_the_names_that_exist(workbook: Path) -> None:
    with pytest.raises(InputError, match="回答、Sheet2、控え"):
        read(workbook, sheet="結果")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "パスワード"),
        (b"PK\x03\x04broken", "読めません"),
        (b"", "読めません"),
        ("番号,意見\n".encode(), "読めません"),
    ],
)
def test_a_workbook_with_a_password_or_damage_is_refused(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        read(path)


def test_a_truncated_workbook_is_refused(workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(workbook.read_bytes()[:2000])
    with pytest.raises(InputError):
        read(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5, "1.5"), (3.0, "3"), (True, "TRUE"), (None, ""), (dt.time(10, 30), "10:30:00")],
)
def test_values_become_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_columns_are_named_as_excel_names_them() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 29, 701, 702)] == [
        "A", "Z", "AA", "AD", "ZZ", "AAA",
    ]  # fmt: skip


def remarks(path: Path) -> str:
    return "\n".join(f"{remark.place} {remark.text}" for remark in read(path).remarks)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A sheet with what planners do to sheets."""
    path = tmp_path / "癖.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("回答")
        zeros, percent = (book.add_format({"num_format": form}) for form in ("0000", "0.0%"))
        date = book.add_format({"num_format": "yyyy/m/d"})
        long = book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, ["番号", "割合", "日", "時間", "意見"])
        sheet.write_number(1, 0, 1, zeros)
        sheet.write_number(1, 1, 0.355, percent)
        sheet.write_datetime(1, 2, dt.date(2024, 3, 1), date)
        sheet.write_number(1, 3, 1.25, long)
        sheet.write_rich_string(1, 4, "坂が", book.add_format({"bold": True}), "多い", "。")
        sheet.write_row(2, 0, [2, 1, "", "", "道が暗い。\n橋が古い。"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.write_number(3, 0, 12345678901234567890)
        sheet.write_formula(3, 4, "=NA()", None, "#N/A")
        sheet.write_comment(1, 4, "要確認")
    return path


def test_numbers_are_written_as_the_sheet_shows_them(odd: Path) -> None:
    (grid,) = read(odd).grids
    assert grid.rows[1] == ("0001", "35.5%", "2024-03-01", "30:00:00", "坂が多い。")
    assert grid.rows[2][0] == "2"


def test_hidden_rows_and_columns_are_read_and_said(odd: Path) -> None:
    (grid,) = read(odd).grids
    assert grid.rows[2][4] == "道が暗い。\n橋が古い。"
    assert "回答 非表示の行が1行あります（3行目）" in remarks(odd)
    assert "非表示の列が1列あります（B列）" in remarks(odd)


def test_errors_of_formulas_stay_visible_and_are_said(odd: Path) -> None:
    (grid,) = read(odd).grids
    assert grid.rows[3][4] == "#N/A"
    assert is_error(grid.rows[3][4])
    assert "エラー（#N/A など）のセルが1個あります（E4）" in remarks(odd)


def test_comments_and_numbers_that_lost_digits_are_said(odd: Path) -> None:
    assert "コメント（メモ）が1件あります。読みません" in remarks(odd)
    assert "15桁より長い数が1個あります（A4）" in remarks(odd)


def test_a_plain_sheet_needs_no_remark(workbook: Path) -> None:
    assert read(workbook).remarks == ()


def test_text_boxes_and_formulas_without_a_value_are_said(tmp_path: Path) -> None:
    boxed = tmp_path / "図形.xlsx"
    with xlsxwriter.Workbook(str(boxed)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["番号", "意見"])
        sheet.insert_textbox(3, 3, "窓口での意見です")
    assert "テキストボックスの中の文章が1個" in remarks(boxed)
    unsaved = tmp_path / "数式.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["番号", "意見"])
    book.active.append(["=1+1", "坂が多い"])
    book.save(unsaved)
    assert "計算結果が保存されていない数式のセルが1個あります（A2）" in remarks(unsaved)


def test_full_cells_may_be_cut_off_and_are_said(tmp_path: Path) -> None:
    path = tmp_path / "長い.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_column(0, 0, ["意見", "長" * 32_767])
    assert "上限（32,767文字）に達したセルがあります（A2）" in remarks(path)
    assert len(read(path).grids[0].rows[1][0]) == 32_767


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def write_xml(
    path: Path, cells: str, texts: str, *, namespace: str = MAIN, announced: str = ""
) -> Path:
    """Write an .xlsx from its XML, as programs other than Excel do."""
    strict = namespace == STRICT
    base = "http://purl.oclc.org/ooxml" if strict else "http://schemas.openxmlformats.org"
    kind = f"{base}/officeDocument/{'' if strict else '2006/'}relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{types}.sheet.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{namespace}" xmlns:r="{kind}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "xl/sharedStrings.xml", f'<sst xmlns="{namespace}" {announced}>{texts}</sst>'
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>',
        )
    return path


@pytest.mark.parametrize("namespace", [MAIN, STRICT])
def test_phonetic_guides_are_not_glued_to_the_text(tmp_path: Path, namespace: str) -> None:
    path = write_xml(
        tmp_path / "ふりがな.xlsx",
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>',
        '<si><t>意見</t><rPh sb="0" eb="2"><t>イケン</t></rPh></si>'
        '<si><r><t>一行目_x000D_</t></r><r><t xml:space="preserve">\n二行目</t></r></si>',
        namespace=namespace,
    )
    assert read(path).grids[0].rows == (("意見", "一行目\r\n二行目"),)


def test_a_workbook_without_its_texts_is_refused(tmp_path: Path) -> None:
    path = write_xml(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "")
    with pytest.raises(InputError, match="読めません"):
        read(path)


def test_answers_in_hidden_sheets_only_are_said(tmp_path: Path) -> None:
    path = tmp_path / "隠れ.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("表紙")
        hidden = book.add_worksheet("回答")
        hidden.write(0, 0, "意見")
        hidden.hide()
    with pytest.raises(InputError, match="非表示のもの（「回答」）だけ") as caught:
        read(path)
    assert "再表示" in caught.value.remedy


def test_dates_counted_from_1904_are_the_same_dates(tmp_path: Path) -> None:
    path = tmp_path / "1904.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        date = book.add_format({"num_format": "yyyy/m/d"})
        book.add_worksheet().write_datetime(0, 0, dt.date(2024, 3, 1), date)
    assert read(path).grids[0].rows == (("2024-03-01",),)


def old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("回答")
    for column, header in enumerate(["番号", "年代", "意見"]):
        sheet.write(0, column, header)
    sheet.write(1, 0, 1, xlwt.easyxf(num_format_str="0000"))
    sheet.write(1, 2, "坂が多い")
    sheet.write(2, 0, 2)
    sheet.row(2).set_cell_error(2, "#REF!")
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True
    sheet.write(1, 1, "30代")
    book.save(str(path))
    return path


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    path = old_workbook(tmp_path / "回答.xls")
    (grid,) = read(path).grids
    assert grid.rows == (("番号", "年代", "意見"), ("0001", "30代", "坂が多い"), ("2", "", "#REF!"))
    said = remarks(path)
    for what in (
        "非表示の行が1行",
        "非表示の列が1列",
        "エラー（#N/A など）のセルが1個あります（C3）",
    ):
        assert what in said


ODS = "urn:oasis:names:tc:opendocument:xmlns:"


def write_ods(path: Path, table: str, *, manifest: str = "", styles: str = "") -> Path:
    names = " ".join(
        f'xmlns:{name}="{ODS}{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{table}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(text: str, more: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def test_an_opendocument_sheet_keeps_line_breaks_and_leaves_phonetic_guides(
    tmp_path: Path,
) -> None:
    guide = "<text:ruby><text:ruby-base>坂</text:ruby-base><text:ruby-text>さか</text:ruby-text></text:ruby>"
    rows = (
        ods_cell(f'{guide}が<text:s text:c="2"/>多い<text:line-break/>。</text:p><text:p>橋'),
        ods_cell("0012", 'office:value-type="float" office:value="12"'),
        ods_cell("35%", 'office:value-type="percentage" office:value="0.35"'),
        ods_cell("TRUE", 'office:value-type="boolean" office:boolean-value="true"'),
        ods_cell("3月1日", 'office:value-type="date" office:date-value="2024-03-01"'),
        ods_cell("30:00", 'office:value-type="time" office:time-value="PT30H00M00S"'),
        ods_cell("#N/A", 'table:formula="of:=NA()" office:value-type="string"'),
    )
    path = write_ods(
        tmp_path / "回答.ods",
        f'<table:table table:name="回答"><table:table-row>{"".join(rows)}</table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row table:visibility="filter" table:number-rows-repeated="2">'
        f"{ods_cell('道')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        f'<table:table table:name="控え" table:style-name="h"><table:table-row>{ods_cell("x")}'
        "</table:table-row></table:table>",
        styles='<style:style style:name="h"><style:table-properties table:display="false"/>'
        "</style:style>",
    )
    document = read(path)
    (grid,) = document.grids
    assert grid.rows == (
        ("坂が  多い\n。\n橋", "0012", "35%", "TRUE", "2024-03-01", "30:00:00", "#N/A"),
        (),
        (),
        ("道",),
        ("道",),
    )
    assert dict(document.skipped) == {"控え": "非表示のシートです。"}
    assert "非表示の行が2行あります（4行目、5行目）" in remarks(path)
    assert "のセルが1個あります（G1）" in remarks(path)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice がないため")
def test_the_same_sheet_in_three_formats_gives_the_same_cells(odd: Path, tmp_path: Path) -> None:
    for suffix in ("xls", "ods"):
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                suffix,
                "--outdir",
                str(tmp_path),
                str(odd),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    new, old, open_document = (
        [tuple(cell for cell in row if cell) for row in read(odd.with_suffix(suffix)).grids[0].rows]
        for suffix in (".xlsx", ".xls", ".ods")
    )
    assert new == old == open_document
    assert len({remarks(odd.with_suffix(suffix)) for suffix in (".xlsx", ".xls", ".ods")}) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        ("\ufeff<!DOCTYPE html><table>".encode(), "HTML"),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n", "HTML"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "XML スプレッドシート",
        ),
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "壊れている"),
    ],
)
def test_what_is_called_xls_and_is_none_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "出力.xls"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said) as caught:
        read(path)
    assert caught.value.remedy


def test_text_under_the_name_of_a_workbook_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "出力.xls"
    path.write_text("番号\t意見\n1\t坂が多い\n", encoding="cp932")
    document = read(path)
    assert document.grids[0].rows[1] == ("1", "坂が多い")
    assert "テキスト" in document.remarks[0].text


@pytest.mark.parametrize("name", ["回答.csv", "回答.xls", "回答.ods"])
def test_a_workbook_under_another_name_is_read_and_said(
    workbook: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "別" / name
    path.parent.mkdir()
    path.write_bytes(workbook.read_bytes())
    document = read(path)
    assert document.grids[0].rows[2][2] == "一つ目\n二つ目"
    assert "中身は .xlsx" in document.remarks[0].text


def test_passwords_are_named_in_every_format(tmp_path: Path) -> None:
    old = old_workbook(tmp_path / "a.xls").read_bytes()
    # A record of the code page becomes one of a password.
    (tmp_path / "a.xls").write_bytes(old.replace(b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", 1))
    name, locked = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    place = old.index(name)
    entry = locked + old[place + len(locked) : place + 64] + bytes([len(locked) + 2, 0])
    (tmp_path / "b.xlsx").write_bytes(old[:place] + entry + old[place + 66 :])
    write_ods(tmp_path / "c.ods", "", manifest="<encryption-data/>")
    for file in ("a.xls", "b.xlsx", "c.ods"):
        with pytest.raises(InputError, match="パスワードが付いています"):
            read(tmp_path / file)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_old_workbook_is_refused_or_read(tmp_path: Path, share: float) -> None:
    whole = old_workbook(tmp_path / "a.xls").read_bytes()
    path = tmp_path / "b.xls"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError):
        read(path)


def test_a_panic_of_the_reader_is_damage(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # as the bridge to Rust names it
        pass

    def panic(_path: str) -> None:
        raise PanicException

    class Panicking:
        from_path = staticmethod(panic)

    monkeypatch.setattr("pipeline.documents.excel.CalamineWorkbook", Panicking)
    for reader in (read, read_sheets):
        with pytest.raises(InputError, match="読めません"):
            reader(workbook)
    assert CalamineWorkbook is not Panicking


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (1.2345678901234567e19, "12345678901234600000"),
        (dt.datetime(2024, 3, 1, 10, 59, 59, 999_600), "2024-03-01T11:00:00"),  # noqa: DTZ001
        (dt.timedelta(hours=30), "30:00:00"),
    ],
)
def test_values_have_the_digits_that_a_sheet_shows(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_room_is_made_for_no_more_than_a_file_can_hold(tmp_path: Path) -> None:
    path = write_xml(
        tmp_path / "a.xlsx",
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        "<si><t>意見</t></si>",
        announced='uniqueCount="4294967295"',
    )
    with pytest.raises(InputError, match="読めません"):
        read(path)
    far = old_workbook(tmp_path / "b.xls")
    # The number of a row in the record of an error becomes the last one there could be.
    error = b"\x05\x02\x08\x00\x02\x00\x02\x00"
    data = far.read_bytes()
    assert error in data
    far.write_bytes(data.replace(error, error[:4] + b"\xff\xff\xff\x7f"))
    with pytest.raises(InputError, match="離れたところ"):
        read(far)


def test_words_like_a_count_in_an_answer_are_no_count(tmp_path: Path) -> None:
    text = 'uniqueCount="999999999"'
    path = write_xml(
        tmp_path / "a.xlsx",
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        f"<si><t>{text}</t></si>",
    )
    assert read(path).grids[0].rows == ((text,),)


def test_errors_and_totals_end_as_set_aside_and_never_as_an_attribute(tmp_path: Path) -> None:
    path = tmp_path / "アンケート.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["番号", "年代", "意見"])
        for row in range(1, 10):
            sheet.write_row(row, 0, [row, "30代", f"坂が多くて買い物が大変です。{row}"])
        sheet.write_number(10, 0, 10)
        sheet.write_formula(10, 1, "=NA()", None, "#N/A")
        sheet.write_formula(10, 2, "=#REF!", None, "#REF!")
        sheet.write_row(11, 0, ["合計", 9, "9件"])
    study, _ = infer_study([path])
    made = read_answers(study, tmp_path)
    assert len(made.answers) == 11
    assert set(made.answers["attr_年代"]) == {"30代", "", "9"}
    assert made.set_aside[["reason", "text"]].to_numpy().tolist() == [["集計の行", "9件"]]
    assert reason_for_silence("#REF!") == "数式のエラー"
