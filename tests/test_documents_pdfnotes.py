"""Minutes as PDF: lines are joined, edges of pages told apart, nothing unread goes unsaid."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.answers import read_answers
from pipeline.documents import pdfbounds, read
from pipeline.documents.pdfblocks import follows, mended
from pipeline.errors import InputError
from pipeline.infer import infer_study

if TYPE_CHECKING:
    from pathlib import Path

FONT = "HeiseiMin-W3"
HEIGHT = A4[1]
LONG = (
    "この地区では高齢化が進んでいて町内会の役員のなり手が見つからない年が続いていま"  # a full line
)


@pytest.fixture
def page(tmp_path: Path) -> Page:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return Page(tmp_path / "懇談会.pdf")


class Page:
    """A canvas that writes Japanese at (left, top)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.canvas = Canvas(str(path), pagesize=A4)

    def write(self, left: float, top: float, text: str, size: float = 10.5) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(left, HEIGHT - top, text)

    def boxes(self, left: float, top: float, widths: list[float], heights: list[float]) -> None:
        for height in heights:
            start = left
            for width in widths:
                self.canvas.rect(start, HEIGHT - top - height, width, height)
                start += width
            top += height

    def turn(self) -> None:
        self.canvas.showPage()

    def read(self):
        self.canvas.save()
        return read(self.path)


def found(document) -> list[tuple[str, str, str]]:
    return [(entry.locator, entry.role, entry.text) for entry in document.entries]


def remarks(document) -> str:
    return "\n".join(remark.text for remark in document.remarks)


def test_a_wrapped_paragraph_is_one_entry_at_its_first_line(page: Page) -> None:
    page.write(72, 100, LONG)
    page.write(72, 116, "す。若い人に声をかけても来ません。")
    page.write(72, 132, "店が遠い。")
    assert found(page.read()) == [
        ("1ページ 1行目", "statement", f"{LONG}す。若い人に声をかけても来ません。"),
        ("1ページ 3行目", "statement", "店が遠い。"),
    ]


def test_one_statement_a_line_stays_one_entry_a_line(page: Page) -> None:
    for place, text in enumerate(
        ["坂の多さ", "店までの距離と荷物の重さ", "バスの本数", "夜道の暗さ"]
    ):
        page.write(72, 100 + 16 * place, text)
    assert [text for _, _, text in found(page.read())][1:] == [
        "店までの距離と荷物の重さ", "バスの本数", "夜道の暗さ",
    ]  # fmt: skip


def test_a_paragraph_that_goes_over_a_page_is_one_entry(page: Page) -> None:
    for number in (1, 2):
        page.write(72, 40, "令和7年度 東町地区懇談会の記録", 9)
        page.write(72, 100, LONG if number == 1 else "す。")
        page.write(290, 810, f"- {number} -", 9)
        page.turn()
    rows = found(page.read())
    assert ("1ページ 2行目", "statement", f"{LONG}す。") in rows
    assert [role for _, role, _ in rows].count("meta") == 4


def test_headings_of_pages_and_page_numbers_are_records(page: Page) -> None:
    for number in range(1, 4):
        page.write(72, 40, f"資料{number} 東町地区懇談会")
        page.write(72, 100, f"坂が多い。{number}丁目も同じです。")
        page.write(290, 810, f"{number} / 3")
        page.turn()
    document = page.read()
    assert [entry.role for entry in document.entries] == ["meta", "statement", "meta"] * 3


def test_a_number_that_is_an_answer_is_no_page_number(page: Page) -> None:
    page.write(72, 400, "80")
    page.write(72, 420, "坂が多い。")
    assert "meta" not in [role for _, role, _ in found(page.read())]


def test_two_columns_are_read_one_after_the_other(page: Page) -> None:
    for place in range(4):
        page.write(60, 100 + 16 * place, f"左の段の{place}行目に声があります。")
        page.write(320, 100 + 16 * place, f"右の段の{place}行目に声があります。")
    texts = [text for _, _, text in found(page.read())]
    assert texts == [
        f"{side}の段の{place}行目に声があります。" for side in "左右" for place in range(4)
    ]


def test_a_vertical_page_is_read_from_its_right_line_to_its_left(page: Page) -> None:
    lines = ["坂が多くて困ります。", "店も駅も遠いです。", "夜は道が暗くて危ない。"]
    for column, text in enumerate(lines):
        for place, letter in enumerate(text):
            page.write(500 - 24 * column, 100 + 12 * place, letter, 12)
    document = page.read()
    assert [entry.text for entry in document.entries] == lines
    assert "1ページ目は縦書き" in remarks(document)


def test_a_vertical_label_beside_text_is_one_piece(page: Page) -> None:
    for place, letter in enumerate("困りごと"):
        page.write(60, 100 + 12 * place, letter, 12)
    page.write(120, 100, "坂が多くて買い物に行けません。")
    page.write(120, 132, "夜は道が暗くて歩けません。")
    texts = [text for _, _, text in found(page.read())]
    assert sorted(texts) == sorted(
        ["困りごと", "坂が多くて買い物に行けません。", "夜は道が暗くて歩けません。"]
    )


def test_letters_printed_twice_and_small_readings_are_read_once(page: Page) -> None:
    for shift in (0, 0.3):
        page.write(72 + shift, 100, "坂が多い。")
    page.write(72, 132, "さか", 4)
    page.write(72, 142, "坂も長い。")
    document = page.read()
    assert [text for _, _, text in found(document)] == ["坂が多い。", "坂も長い。"]
    assert "ふりがな（小さな読み）が1か所" in remarks(document)


def test_a_table_of_turns_has_its_speakers(page: Page) -> None:
    page.boxes(60, 85, [110, 360], [20, 20, 20])
    for row, (who, text) in enumerate(
        [("発言者", "意見"), ("住民Ａ", "坂が多い。"), ("事務局", "承ります。")]
    ):
        page.write(66, 99 + 20 * row, who)
        page.write(176, 99 + 20 * row, text)
    document = page.read()
    said = [(entry.locator, entry.speaker, entry.role) for entry in document.entries[2:]]
    assert said == [
        ("1ページ 表1 2行目 2列目", "住民Ａ", "statement"),
        ("1ページ 表1 3行目 2列目", "事務局", "facilitator"),
    ]
    assert "表が1個" in remarks(document)


def test_a_table_over_two_pages_is_one(page: Page) -> None:
    page.boxes(60, 700, [110, 360], [20, 20])
    for row, (who, text) in enumerate([("発言者", "意見"), ("住民Ａ", "坂が多くて買い物に")]):
        page.write(66, 714 + 20 * row, who)
        page.write(176, 714 + 20 * row, text)
    page.turn()
    page.boxes(60, 85, [110, 360], [20, 20])
    page.write(176, 99, "行けません。")
    page.write(66, 119, "住民Ｂ")
    page.write(176, 119, "店が遠い。")
    said = [(e.speaker, e.text) for e in page.read().entries if e.role == "statement"]
    assert said == [("住民Ａ", "坂が多くて買い物に行けません。"), ("住民Ｂ", "店が遠い。")]


def test_numbers_and_voices_of_a_table_of_answers_are_told_apart(page: Page) -> None:
    page.boxes(60, 85, [60, 360], [20, 20, 20])
    for row, (number, text) in enumerate(
        [("番号", "ご意見"), ("1", "坂が多い。"), ("2", "店が遠い。")]
    ):
        page.write(66, 99 + 20 * row, number)
        page.write(126, 99 + 20 * row, text)
    document = page.read()
    assert [e.text for e in document.entries if e.role == "statement"] == [
        "坂が多い。",
        "店が遠い。",
    ]
    assert [e.text for e in document.entries if e.role == "meta"] == ["1", "2"]
    assert "元の Excel か CSV" in remarks(document)


def test_a_page_without_letters_is_told(page: Page) -> None:
    page.write(72, 100, "坂が多い。")
    page.turn()
    page.canvas.line(50, 100, 500, 100)
    page.turn()
    document = page.read()
    assert "2ページ目には文字がありません（画像のようです）。読んでいません。" in remarks(document)
    assert any(remark.doubt for remark in document.remarks)


def test_notes_stuck_to_a_page_and_filled_fields_are_told(page: Page) -> None:
    page.write(72, 100, "坂が多い。")
    page.canvas.textAnnotation("look", Rect=[10, 10, 50, 50])
    page.canvas.acroForm.textfield(name="a", value="filled in", x=100, y=100)
    said = remarks(page.read())
    assert "注釈（ふせんなど）が1個" in said
    assert "入力欄に書かれた文字が1か所" in said


def test_a_scan_and_a_locked_file_are_refused(page: Page, tmp_path: Path) -> None:
    page.canvas.line(50, 100, 500, 100)
    with pytest.raises(InputError, match="スキャンした画像"):
        page.read()
    locked = tmp_path / "locked.pdf"
    canvas = Canvas(str(locked), pagesize=A4, encrypt="secret")
    canvas.drawString(60, 700, "locked")
    canvas.save()
    with pytest.raises(InputError, match="パスワードが付いています"):
        read(locked)


def test_a_pdf_of_minutes_becomes_answers(page: Page) -> None:
    page.write(72, 100, "東町地区懇談会の記録", 16)
    page.write(72, 130, "日時：令和7年10月4日")
    page.write(72, 150, "司会：ご意見をどうぞ。")
    page.write(72, 170, "住民Ａ：坂が多い。")
    page.canvas.save()
    study, _ = infer_study([page.path])
    result = read_answers(study, page.path.parent)
    assert study.sources[0].kind == "district_meeting"
    assert dict(zip(result.set_aside["text"], result.set_aside["reason"], strict=True)) == {
        "東町地区懇談会の記録": "見出し",
        "日時：令和7年10月4日": "会議の記録事項",
        "ご意見をどうぞ。": "進行役・事務局の発言",
    }
    assert len(result.answers) == 4


def test_a_letter_without_meaning_is_no_table(page: Page) -> None:
    page.boxes(60, 85, [110, 360], [20])
    page.write(66, 99, "住民Ａ")
    page.write(176, 99, "坂が多い。")
    page.write(72, 300, "\x007")
    page.write(72, 330, "店が遠い。")
    texts = [text for _, _, text in found(page.read())]
    assert "坂が多い。" in texts
    assert "店が遠い。" in texts


def test_radicals_and_signs_have_their_letters() -> None:
    assert mended("⽇本の⺠\uf0b7坂") == "日本の民・坂"
    assert mended("坂") == "坂"


def test_latin_words_of_two_lines_are_parted_by_a_space() -> None:
    assert follows("small", "town") == "small town"
    assert follows("坂が", "多い") == "坂が多い"
    assert follows("", "坂") == "坂"


# Hostile files, written by hand.


def made(*objects: bytes) -> bytes:
    """A PDF of objects numbered from 1; the first is the catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    n_objects = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % n_objects
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (n_objects, len(data))
    return data + head + table + end


def stream(data: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (
        len(packed),
        extra,
        packed,
    )


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONTS = b"/Font<</F 5 0 R>>"
LATIN = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CID = (
    b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]"
    b"/ToUnicode 7 0 R>>"
)
INFO = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R"
DESCRIPTOR = b"<</Type/FontDescriptor/FontName/A>>"
TEXT = b"BT /F 12 Tf 50 700 Td (hello) Tj ET "
RANGE = b"begincmap 1 beginbfrange <00000000><FFFFFFFF><0041> endbfrange endcmap"


def one_page(content: bytes, *more: bytes, font: bytes = LATIN, also: bytes = b"") -> bytes:
    box = b"/MediaBox[0 0 595 842]/Contents 4 0 R"
    page = b"<</Type/Page/Parent 2 0 R%s/Resources<<%s%s>>>>" % (box, FONTS, also)
    return made(CATALOG, PAGES, page, content, font, *more)


def cid_font(widths: bytes) -> bytes:
    return b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A%s%s>>" % (INFO, widths)


def form(number: int) -> bytes:
    inside = b"/X%d Do " % (number + 1) * 10 if number < 8 else TEXT
    names = b"/XObject<</X%d %d 0 R>>" % (number + 1, number + 7)
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s%s>>" % (FONTS, names)
    return stream(inside, head)


HOSTILE = {
    "a stream of a gigabyte": lambda: one_page(stream(bytes(300_000_000))),
    "pieces that repeat each other": lambda: one_page(
        stream(b"/X0 Do"), *map(form, range(9)), also=b"/XObject<</X0 6 0 R>>"
    ),
    "widths of billions of letters": lambda: one_page(
        stream(TEXT), cid_font(b"/W[0 2000000000 500]"), stream(b""), DESCRIPTOR, font=CID
    ),
    "meanings of billions of letters": lambda: one_page(
        stream(TEXT), cid_font(b""), stream(RANGE), DESCRIPTOR, font=CID
    ),
    "a string of brackets": lambda: one_page(stream(b"(" * 2_000_000)),
    "lists in lists": lambda: one_page(stream(b"[" * 1_000_000)),
    "states upon states": lambda: one_page(stream(b"q " * 1_000_000)),
    "an object that is itself": lambda: made(CATALOG, b"2 0 R"),
    "pages without end": lambda: made(
        CATALOG,
        b"<</Type/Pages/Count 2000/Kids[%s]>>" % b" ".join(b"%d 0 R" % n for n in range(3, 2003)),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * 2_000,
    ),
    "pages below pages": lambda: made(
        CATALOG, *(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 3) for n in range(3_000))
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(HOSTILE[name]())
    begun = time.process_time()
    with pytest.raises(InputError) as caught:
        read(path)
    assert time.process_time() - begun < 20
    assert "対処" in str(caught.value)


def test_what_is_patched_while_reading_is_put_back(tmp_path: Path) -> None:
    before = pdfbounds.PDFStream.decode, pdfbounds.PDFDocument.getobj
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(stream(TEXT)))
    assert [entry.text for entry in read(path).entries] == ["hello"]
    path.write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(InputError):
        read(path)
    assert (pdfbounds.PDFStream.decode, pdfbounds.PDFDocument.getobj) == before
