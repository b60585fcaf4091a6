"""Papers as files: opened again, made twice, and rendered as a printer would."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from pipeline.papers import make_papers
from pipeline.papers.comments import build_comments
from pipeline.papers.contents import build_contents
from pipeline.papers.issuetable import CUT, VOICE_SHOWN
from pipeline.papers.listing import FILE as LISTING
from pipeline.papers.listsheets import sheet_name
from pipeline.papers.response import FILE as RESPONSE
from pipeline.papers.seal import is_untouched
from pipeline.papers.sheet import FILE as SHEET
from pipeline.wording import clean
from tests.report_fixture import (
    HIDDEN_NAME,
    HOSTILE,
    RAW_MARK,
    REJECTED_BECAUSE,
    make_plan,
    make_tables,
)
from tests.test_papers import run_of

WORD = (SHEET, RESPONSE)
HOSTILE_ISSUES = ("I001", "I003", "I009", "I010")


@pytest.fixture(scope="module")
def run():
    tables = make_tables(400)
    # What is hostile is what committees are shown first, and came as public comments.
    opinions, answers, issues = tables["opinions"], tables["answers"], tables["issues"]
    hostile = opinions[opinions["text"].isin(HOSTILE)]
    came = answers["answer_id"].isin(hostile["answer_id"])
    answers.loc[came, "source_kind"] = "public_comment"
    for place, issue_id in enumerate(HOSTILE_ISSUES):
        own = hostile.iloc[3 * place : 3 * place + 3]
        opinions.loc[own.index, "issue_id"] = issue_id
        row = issues["issue_id"] == issue_id
        issues.loc[row, "representative_opinion_ids"] = " ".join(own["opinion_id"])
        issues.loc[row, "title"] = (*HOSTILE[:3], HOSTILE[4])[place]
    return run_of(tables)


@pytest.fixture(scope="module")
def papers(run):
    return make_papers(run)


@pytest.fixture(scope="module", params=WORD)
def document(request, papers):
    return docx.Document(io.BytesIO(papers[request.param]))


def opened(papers, name):
    return docx.Document(io.BytesIO(papers[name]))


def texts_of(document) -> str:
    body = document.element.body
    return "\n".join(
        "".join(
            {qn("w:br"): "\n", qn("w:tab"): "\t"}.get(one.tag, one.text or "")
            for one in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
        )
        for paragraph in body.iter(qn("w:p"))
    )


def test_the_same_run_gives_the_same_bytes(run, papers):
    assert make_papers(run) == papers


def test_every_paper_knows_that_nobody_changed_it(papers):
    assert all(is_untouched(content) for content in papers.values())


def test_no_style_leans_on_one_that_is_not_there(document):
    styles = document.styles.element
    there = {own.get(qn("w:styleId")) for own in styles.iter(qn("w:style"))}
    named = [own for kind in ("basedOn", "next", "link") for own in styles.iter(qn(f"w:{kind}"))]
    named += [
        own
        for kind in ("pStyle", "tblStyle")
        for part in (document.element, document.sections[0].footer.part.element)
        for own in part.iter(qn(f"w:{kind}"))
    ]
    assert {own.get(qn("w:val")) for own in named} <= there


def test_no_file_knows_the_time(papers):
    for content in papers.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {own.date_time for own in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    made = opened(papers, SHEET).core_properties
    assert made.created.replace(tzinfo=None) == datetime(2000, 1, 1)  # noqa: DTZ001
    assert made.modified == made.created
    assert made.language == "ja-JP"
    assert made.title.startswith("課題整理シート 令和5年度")


def test_pages_are_a4_landscape(document):
    (section,) = document.sections
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (297, 210)


def test_every_table_repeats_its_head_and_keeps_its_widths(document):
    for table in document.tables:
        first, *others = table._tbl.tr_lst
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(own.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None for own in others)
        widths = [int(own.get(qn("w:w"))) for own in table._tbl.tblGrid.iterchildren()]
        assert sum(widths) <= 15_150  # 267 mm
        assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
        for row in table._tbl.tr_lst:
            spans = [one.tcPr.find(qn("w:gridSpan")) for one in row.tc_lst]
            n_columns = sum(1 if one is None else int(one.get(qn("w:val"))) for one in spans)
            assert n_columns == len(widths)


def test_rows_stay_whole_unless_they_fill_more_than_half_a_page(papers):
    split = []
    for table in opened(papers, RESPONSE).tables:
        for row in table._tbl.tr_lst:
            whole = row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None
            length = sum(len(own.text or "") for own in row.iter(qn("w:t")))
            assert whole or length > 500
            split.append(not whole)
    assert any(split)


def test_headings_are_words_own_and_name_every_goal(papers):
    found = opened(papers, SHEET).paragraphs
    first = [own.text for own in found if own.style.name == "Heading 1"]
    goals = [f"基本目標{goal.id} {goal.name}" for goal in make_plan().goals]
    assert first[:8] == ["全体のまとめ", *goals, "どの基本目標にも当てはまらない課題"]
    assert [own[:3] for own in first[8:]] == ["付録1", "付録2", "付録3"]
    assert [own.text for own in found if own.style.name == "Title"] == ["課題整理シート"]


def test_page_numbers_are_fields(document):
    foot = document.sections[0].footer.part.element
    fields = [own.get(qn("w:instr")).strip() for own in foot.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_fonts_and_language_are_japanese(document):
    default = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert default.find(qn("w:lang")).get(qn("w:eastAsia")) == "ja-JP"
    assert default.find(qn("w:lang")).get(qn("w:val")) == "ja-JP"
    for own in document.styles:
        if own.name.startswith("Heading") or own.name in {"Normal", "Title", "声", "表の文字"}:
            fonts = own.element.rPr.find(qn("w:rFonts"))
            assert fonts.get(qn("w:eastAsia")) == "游ゴシック"
            assert not [key for key in fonts if "Theme" in key]


def test_nothing_leads_out_of_a_paper_and_nothing_runs_in_it(papers):
    for content in papers.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not [own for own in archive.namelist() if "vba" in own or "media" in own]
            for name in archive.namelist():
                part = archive.read(name)
                if name.endswith(".rels"):
                    assert b"External" not in part
                assert b"<f>" not in part  # no formula
                assert b"<w:hyperlink " not in part


def test_hostile_text_is_text(papers):
    shown = texts_of(opened(papers, RESPONSE))
    for own in HOSTILE:
        assert clean(own).strip() in shown


def test_voices_in_the_sheet_are_cut_where_they_are_endless(papers):
    shown = texts_of(opened(papers, SHEET))
    assert "長" * VOICE_SHOWN + CUT in shown
    assert "長" * (VOICE_SHOWN + 1) not in shown


def test_nothing_confidential_is_in_any_part_of_any_file(papers):
    for content in papers.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            every = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
        assert RAW_MARK not in every
        assert HIDDEN_NAME not in every
        assert "S-10" not in re.findall(r"S-\d+", every)  # nobody's number


def test_a_rejected_issue_stands_in_the_annex_with_its_reason(papers):
    document = opened(papers, SHEET)
    shown = texts_of(document)
    annex = shown.index("付録1　却下した課題")
    assert shown.index(REJECTED_BECAUSE) > annex


def test_what_was_written_of_the_plan_and_where_a_comment_came_from_can_be_read():
    tables = make_tables()
    own = tables["answers"]["source_kind"] == "public_comment"
    tables["answers"]["attr_該当箇所"] = own.map({True: "第5章　財源", False: "だれにも見せない"})
    papers = make_papers(run_of(tables))
    shown = texts_of(opened(papers, RESPONSE))
    main, annex = shown.split("付録2　寄せられた順の意見")
    assert "計画の部分と読めなかった該当箇所" in main
    assert "受付 1　該当箇所の記入: 第5章 財源" in main
    assert annex.count("第5章 財源") == own.sum()
    assert "だれにも見せない" not in "".join(texts_of(opened(papers, name)) for name in WORD)


def test_without_a_goal_only_what_people_adopted_is_called_new(papers):
    shown = texts_of(opened(papers, SHEET))
    chapter = shown[shown.rindex("どの基本目標にも当てはまらない課題") :].split("付録1")[0]
    assert "ほかの課の仕事かもしれません" in chapter
    assert "新規の候補" not in chapter


def test_what_is_to_be_filled_in_is_empty(papers, run):
    rows = [
        row
        for table in opened(papers, RESPONSE).tables
        if [own.text for own in table.rows[0].cells][3:4] == ["考え方"]
        for row in table.rows[1:]
        if len(row._tr.tc_lst) == 5
    ]
    made = build_comments(run)
    assert len(rows) == sum(n for _, _, n in made.responses)
    assert {row.cells[3].text for row in rows} == {""}


def test_the_list_has_a_sheet_for_every_goal_and_for_none(papers, run):
    book = openpyxl.load_workbook(io.BytesIO(papers[LISTING]))
    goals = [f"{goal.id} {goal.name}"[:28] for goal in run.plan.goals]
    tail = ["目標なし", "却下", "施策と取り組み", "読み方"]
    assert book.sheetnames == ["概要", *goals, *tail]
    issues = {
        row[0].value
        for name in (*goals, "目標なし", "却下")
        for row in book[name].iter_rows(min_row=2)
        if row[0].value
    }
    assert issues == {one.issue_id for one in build_contents(run).issues}


def test_sheets_of_the_list_can_be_printed_filtered_and_scrolled(papers):
    book = openpyxl.load_workbook(io.BytesIO(papers[LISTING]))
    assert book.properties.created == datetime(2000, 1, 1)  # noqa: DTZ001
    for own in book.worksheets:
        setup = own.page_setup
        assert (setup.orientation, int(setup.paperSize), own.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", 9, True)  # fmt: skip
        if own.title not in {"概要", "読み方"}:
            assert own.freeze_panes
            assert own.auto_filter.ref
            assert own.print_title_rows == "$1:$1"
    for own in book.worksheets:
        for row in own.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("label", ["1 [x]:*?/\\", "", "'", "あ" * 60, "概要"])
def test_any_goal_makes_a_name_that_excel_takes(label):
    made = sheet_name(label, ["概要"])
    assert 1 <= len(made) <= 31
    assert not set(made) & set("[]:*?/\\")
    assert made != "概要"


@pytest.fixture(scope="module")
def printed(papers, tmp_path_factory):
    """Name of a paper → its PDF, as LibreOffice prints it."""
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("no LibreOffice or no Poppler here")
    folder = tmp_path_factory.mktemp("printed")
    for name, content in papers.items():
        (folder / name).write_bytes(content)
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", "pdf", "--outdir", folder, *(folder / name for name in papers),
        ],
        check=True, timeout=200, capture_output=True,
    )  # fmt: skip
    made = {name: (folder / name).with_suffix(".pdf") for name in papers}
    if not made[SHEET].exists():
        pytest.skip("this LibreOffice has no Writer")
    return made


def pages_of(pdf) -> list[str]:
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode("utf-8")
    return text.split("\f")[:-1]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.slow
def test_printed_pages_carry_numbers_heads_and_japanese_that_can_be_selected(printed):
    pages = pages_of(printed[SHEET])
    assert len(pages) > 8
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in squeezed(page)
    assert "回答した人の声です" in squeezed(pages[0])
    last = next(n for n, own in enumerate(pages) if "計画の外の声（" in squeezed(own))
    assert "代表的な声" in squeezed(pages[last + 1])
    assert "課題意見・人代表的な声判定・確認" in squeezed(pages[last + 1])


@pytest.mark.slow
def test_a_long_table_of_comments_repeats_its_head_on_every_page(printed):
    pages = [squeezed(own) for own in pages_of(printed[RESPONSE])]
    start = next(n for n, own in enumerate(pages) if own.startswith("基本目標1"))
    end = next(n for n, own in enumerate(pages) if "付録1" in own)
    assert end - start > 2
    assert all("番号意見の概要件数考え方対応区分" in own for own in pages[start:end])


@pytest.mark.slow
def test_printed_pages_have_something_on_them(printed, tmp_path):
    if not shutil.which("pdftoppm"):
        pytest.skip("no Poppler here")
    for name, pdf in printed.items():
        subprocess.run(["pdftoppm", "-r", "40", "-gray", pdf, tmp_path / name], check=True)
        pictures = sorted(tmp_path.glob(f"{name}*.pgm"))
        assert pictures
        for own in pictures:
            assert sum(value < 230 for value in own.read_bytes()[20:]) > 100
