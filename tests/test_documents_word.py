"""Oddities of Word: what is read once, what is not read and said, and every form of the file."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.documents import read

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as WordDocument

W = nsdecls("w")


def paragraph(inside: str) -> str:
    return f"<w:p {W}>{inside}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "記録.docx"


def saved(document: WordDocument, path: Path) -> Path:
    document.save(str(path))
    return path


def of_xml(path: Path, *parts: str) -> Path:
    document = docx.Document()
    for part in reversed(parts):
        document.element.body.insert(0, parse_xml(part))
    return saved(document, path)


def texts(path: Path) -> list[str]:
    return [entry.text for entry in read(path).entries]


def remarks(path: Path) -> str:
    return "\n".join(remark.text for remark in read(path).remarks)


def test_tracked_changes_are_read_as_accepted_and_told(path: Path) -> None:
    of_xml(
        path,
        paragraph(
            run("坂が")
            + '<w:del w:id="1" w:author="x"><w:r><w:delText>少ない</w:delText></w:r></w:del>'
            + f'<w:ins w:id="2" w:author="x">{run("多い。")}</w:ins>'
        ),
    )
    assert texts(path) == ["坂が多い。"]
    assert "消された文字が1か所" in remarks(path)
    assert "加えられた文字が1か所" in remarks(path)


def test_a_paragraph_whose_mark_was_deleted_goes_on_in_the_next(path: Path) -> None:
    mark = '<w:pPr><w:rPr><w:del w:id="1" w:author="x"/></w:rPr></w:pPr>'
    of_xml(
        path, paragraph(mark + run("坂が")), paragraph(run("多い。")), paragraph(run("店が遠い。"))
    )
    assert [(entry.locator, entry.text) for entry in read(path).entries] == [
        ("段落1", "坂が多い。"),
        ("段落3", "店が遠い。"),
    ]


def test_hidden_text_is_read_and_told(path: Path) -> None:
    of_xml(path, paragraph(run("坂が多い。") + run("夜も暗い。", "<w:vanish/>")))
    assert texts(path) == ["坂が多い。夜も暗い。"]
    assert "隠し文字が1か所" in remarks(path)


def test_instructions_of_fields_readings_and_soft_hyphens_are_no_text(path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ yyyy</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("10月4日")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>さか</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>坂</w:t></w:r>"
        "</w:rubyBase></w:ruby></w:r>"
    )
    of_xml(
        path,
        paragraph(field + run("の話では") + ruby + "<w:r><w:softHyphen/></w:r>" + run("が多い。")),
    )
    assert texts(path) == ["10月4日の話では坂が多い。"]


def test_signs_of_symbol_fonts_have_a_letter(path: Path) -> None:
    of_xml(
        path,
        paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("坂が多い。")),
        paragraph(
            run("店") + '<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>' + run("が遠い。")
        ),
    )
    assert texts(path) == ["☑坂が多い。", "店〓が遠い。"]


def test_a_table_in_a_cell_is_a_table_of_its_own(path: Path) -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "道が暗い。"
    inner = outer.cell(0, 1).add_table(2, 2)
    for place, text in enumerate(("発言者", "意見", "住民Ａ", "坂が多い。")):
        inner.cell(place // 2, place % 2).text = text
    saved(document, path)
    found = [(entry.locator, entry.speaker, entry.text) for entry in read(path).entries]
    assert found[0] == ("表1 1行目 1列目", "", "道が暗い。")
    assert found[-1] == ("表2 2行目 2列目", "住民Ａ", "坂が多い。")


def test_headers_and_footers_are_told_and_no_voice(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("坂が多い。")
    document.sections[0].header.paragraphs[0].text = "東町地区懇談会"
    document.sections[0].footer.paragraphs[0].text = "社協"
    saved(document, path)
    assert texts(path) == ["坂が多い。"]
    assert "ヘッダーの文字（「東町地区懇談会」）" in remarks(path)
    assert "フッターの文字（「社協」）" in remarks(path)


def test_comments_are_told_and_no_voice(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("坂が多い。")
    xml = (
        f"<w:comments {W}>"
        f'<w:comment w:id="0" w:author="x">{paragraph(run("要確認"))}</w:comment></w:comments>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    part = Part(PackURI("/word/comments.xml"), kind, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
    saved(document, path)
    assert texts(path) == ["坂が多い。"]
    assert "コメント（吹き出し）が1件" in remarks(path)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<w:r><w:object/></w:r>", "埋め込まれた表やファイルが1個"),
        (
            ('<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata/></v:shape>'
            "</w:pict></w:r>"),
            "画像が1個",
        ),
        (
            ('<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
            '<v:textpath string="夏まつり"/></v:shape></w:pict></w:r>'),
            "ワードアート",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(path: Path, xml: str, said: str) -> None:
    of_xml(path, paragraph(run("坂が多い。") + xml))
    assert said in remarks(path)


def test_a_document_that_another_one_is_put_into_is_told(path: Path) -> None:
    relations = nsdecls("r")
    of_xml(path, paragraph(run("坂が多い。")), f'<w:altChunk {W} {relations} r:id="rId99"/>')
    assert "差し込みが1か所" in remarks(path)


def test_a_plain_document_is_read_without_a_remark(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("坂が多い。")
    assert read(saved(document, path)).remarks == ()


def test_tables_of_contents_are_records_and_outline_levels_headings(path: Path) -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("移動について	3", style="toc 1")
    level = document.add_paragraph("移動について")
    level._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="0"/>'))
    document.add_paragraph("坂が多い。")
    saved(document, path)
    assert [entry.role for entry in read(path).entries] == ["meta", "heading", "statement"]


def _rewritten(path: Path, target: Path, change) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def test_a_document_with_macros_is_read(path: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("坂が多い。")
    saved(document, path)
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    other = _rewritten(path, tmp_path / "b.docm", lambda _, data: data.replace(plain, macros))
    assert texts(other) == ["坂が多い。"]


def test_the_strict_form_of_the_standard_is_read(path: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("坂が多い。")
    document.add_table(1, 1).cell(0, 0).text = "店が遠い。"
    saved(document, path)
    usual = re.compile(
        rb"(?<=//)schemas\.openxmlformats\.org/(wordprocessingml|officeDocument|drawingml)/2006/(\w+)"
    )

    def strict(name: str, data: bytes) -> bytes:
        xml = name.endswith((".xml", ".rels"))
        return usual.sub(rb"purl.oclc.org/ooxml/\1/\2", data) if xml else data

    other = _rewritten(path, tmp_path / "c.docx", strict)
    assert texts(other) == ["坂が多い。", "店が遠い。"]
