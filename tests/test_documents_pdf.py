"""PDFs made in the test: what is printed on a page comes out as a person reads it."""

from __future__ import annotations

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.documents.pdf import read_pdf
from pipeline.errors import InputError
from pipeline.plan_import.chapter import import_plan

FONT = "HeiseiMin-W3"  # a name that every reader knows: no font file is needed
HEIGHT = A4[1]


@pytest.fixture
def page(tmp_path):
    """A canvas that writes Japanese at (left, top), and the lines that are read from it."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return Page(tmp_path / "plan.pdf")


class Page:
    def __init__(self, path):
        self.path = path
        self.canvas = Canvas(str(path), pagesize=A4)

    def write(self, left, top, text, size=10.5):
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(left, HEIGHT - top, text)

    def rule(self, top):
        self.canvas.line(50, HEIGHT - top, 545, HEIGHT - top)

    def turn(self):
        self.canvas.showPage()

    def read(self):
        self.canvas.save()
        return read_pdf(self.path)

    def texts(self):
        return [line.text for line in self.read().lines]


def test_lines_come_out_from_top_to_bottom_with_page_and_number(page):
    page.write(60, 120, "二行目")
    page.write(60, 100, "一行目")
    page.turn()
    page.write(60, 100, "次のページ")
    found = page.read()
    assert [(line.page, line.number, line.text) for line in found.lines] == [
        (1, 1, "一行目"),
        (1, 2, "二行目"),
        (2, 1, "次のページ"),
    ]
    assert found.blank_pages == ()


def test_letters_printed_over_each_other_to_look_bold_are_read_once(page):
    for shift in (0, 0.3, 0.6, 0.3):
        page.write(60 + shift, 100, "基本目標１ 地域のきずな", 16)
    assert page.texts() == ["基本目標１ 地域のきずな"]


def test_bubbles_beside_each_other_are_read_one_after_the_other(page):
    page.write(60, 80, "■2031年のあおば町の姿が、この下の二つの吹き出しに書いてあります")
    page.write(80, 120, "あいさつの声が町の")
    page.write(80, 136, "あちこちで聞こえています")
    page.write(320, 120, "困ったときに手伝って")
    page.write(320, 136, "くれる人がとなりにいます")
    assert page.texts()[1:] == [
        "あいさつの声が町の",
        "あちこちで聞こえています",
        "困ったときに手伝って",
        "くれる人がとなりにいます",
    ]


def test_a_label_in_the_middle_of_its_cell_is_read_before_the_text_beside_it(page):
    page.rule(90)
    page.write(60, 120, "内容")
    for place in range(3):
        page.write(150, 105 + 15 * place, f"・見守りの輪を広げます{place}")
    page.rule(145)
    assert page.texts() == ["内容", *(f"・見守りの輪を広げます{place}" for place in range(3))]


def test_a_column_of_statuses_is_read_row_by_row(page):
    for place, status in enumerate(["新規", "継続", "拡充"]):
        page.write(60, 100 + 15 * place, f"{place + 1}．見守りの会を町のあちこちで開きます")
        page.write(430, 100 + 15 * place, status)
    assert page.texts() == [
        "1．見守りの会を町のあちこちで開きます", "新規",
        "2．見守りの会を町のあちこちで開きます", "継続",
        "3．見守りの会を町のあちこちで開きます", "拡充",
    ]  # fmt: skip


def test_small_readings_above_kanji_are_told_apart(page):
    page.write(60, 93, "ちいきふくし", 5)
    page.write(60, 105, "地域福祉の計画")
    found = page.read()
    assert [(line.text, line.ruby) for line in found.lines] == [
        ("地域福祉の計画", False),
        ("ちいきふくし", True),
    ]


def test_a_page_without_letters_is_named(page):
    page.write(60, 100, "文字のあるページ")
    page.turn()
    page.rule(100)
    page.turn()
    assert page.read().blank_pages == (2,)


def test_a_scan_without_letters_is_refused_with_what_to_do(page):
    page.rule(100)
    page.turn()
    with pytest.raises(InputError) as caught:
        page.read()
    assert "スキャンした画像" in str(caught.value)
    assert "文字認識（OCR）" in str(caught.value)
    assert "plan.pdf" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no pdf at all", b"%PDF-1.7\n1 0 obj\n<<"])
def test_a_damaged_file_is_refused(content, tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_pdf(path)
    assert "対処" in str(caught.value)


def test_a_locked_file_is_refused(tmp_path):
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    path = tmp_path / "plan.pdf"
    canvas = Canvas(str(path), pagesize=A4, encrypt="secret")
    canvas.drawString(60, 700, "locked")
    canvas.save()
    with pytest.raises(InputError, match="パスワードが付いています"):
        read_pdf(path)


def test_letters_without_their_meaning_are_refused(page):
    page.write(60, 100, "(cid:12)(cid:13)(cid:14)")
    with pytest.raises(InputError, match="文字を読み取れません"):
        page.read()


def test_a_plan_is_read_out_of_its_pdf(page):
    for shift in (0, 0.4):
        page.write(60 + shift, 80, "基本目標１ 声をかけ合う町", 16)
    page.write(60, 105, "〜となり近所と力を合わせよう〜")
    page.write(60, 130, "「となりの人の顔を知らない」という声が多く聞かれ、あいさつが減ってきてい")
    page.write(60, 146, "ます。")
    page.write(60, 175, "▶▶2031年のあおば町の姿", 12)
    page.write(80, 205, "あいさつの声が町の")
    page.write(80, 221, "あちこちで聞こえています")
    page.write(320, 205, "困ったときに手伝って")
    page.write(320, 221, "くれる人がいます")
    page.write(60, 255, "施策①")
    page.write(140, 255, "顔の見える関係づくり", 12)
    page.rule(265)
    page.write(60, 288, "内容")
    page.write(140, 281, "・あいさつ運動を広げます")
    page.write(140, 296, "・行事を応援します")
    page.rule(305)
    page.write(60, 325, "アクションプラン")
    page.write(60, 345, "１．旗を配り、通学路に立つ人を増やします（継続）")
    page.write(
        60, 361, "２．「顔あわせ会」を、自治会と社協がいっしょに開けるように、手引きを新しく"
    )
    page.write(60, 377, "つくります（新規）")
    page.write(290, 800, "- 13 -")
    page.canvas.save()
    imported = import_plan(page.path)
    (goal,) = imported.plan.goals
    assert goal.name == "声をかけ合う町"
    assert goal.slogan == "〜となり近所と力を合わせよう〜"
    assert goal.problems == (
        "「となりの人の顔を知らない」という声が多く聞かれ、あいさつが減ってきています。",
    )
    assert goal.outlook == (
        "あいさつの声が町のあちこちで聞こえています",
        "困ったときに手伝ってくれる人がいます",
    )
    (measure,) = goal.measures
    assert measure.name == "顔の見える関係づくり"
    assert measure.contents == ("あいさつ運動を広げます", "行事を応援します")
    assert [(action.status, action.text) for action in measure.actions] == [
        ("継続", "旗を配り、通学路に立つ人を増やします"),
        (
            "新規",
            "「顔あわせ会」を、自治会と社協がいっしょに開けるように、手引きを新しくつくります",
        ),
    ]
    assert [(one.page, one.text) for one in imported.unplaced] == [(1, "- 13 -")]
