"""Meeting notes become entries: headings, records, speakers and statements, none lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import NoteEntry, read
from pipeline.documents.plaintext import read_plaintext
from pipeline.documents.speakers import split_speaker
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def statements(text: str) -> list[tuple[str, str, str]]:
    return [
        (entry.heading, entry.speaker, entry.text)
        for entry in read_plaintext(text)
        if entry.role == "statement"
    ]


def roles(text: str) -> list[str]:
    return [entry.role for entry in read_plaintext(text)]


@pytest.mark.parametrize(
    ("turn", "speaker", "said"),
    [
        ("田中：坂が多いです", "田中", "坂が多いです"),
        ("Ａ委員：坂が多いです", "Ａ委員", "坂が多いです"),
        ("○田中委員　坂が多いです", "田中委員", "坂が多いです"),
        ("○会長（山田太郎君）　始めます", "会長（山田太郎君）", "始めます"),
        ("【Ｂさん】坂が多いです", "Ｂさん", "坂が多いです"),
        ("（住民）坂が多いです", "住民", "坂が多いです"),
        ("・参加者A: 坂が多いです", "参加者A", "坂が多いです"),
        ("鈴木さん「坂が多いです」", "鈴木さん", "「坂が多いです」"),
    ],
)
def test_the_speaker_is_told_from_what_was_said(turn: str, speaker: str, said: str) -> None:
    assert split_speaker(turn) == (speaker, said)


@pytest.mark.parametrize(
    "line",
    [
        "課題：坂が多い",
        "通院：バスが少ない",
        "駐車場：狭い",
        "小山商店街：店が減った",
        "10：30から始まる会は早い",
        "https://example.jp を見ました",
        "○バスが少ない",
        "・高齢者と家族",
        "同様：変わらない",
    ],
)
def test_a_topic_before_a_colon_is_no_speaker(line: str) -> None:
    assert split_speaker(line) == ("", line)


def test_bullets_are_statements_under_their_heading() -> None:
    text = "■ 移動について\n・坂が多い\n- 店が遠い\n\n【居場所】\n1. 集まる場所がほしい\n2. 空き家を使いたい\n"
    assert statements(text) == [
        ("移動について", "", "坂が多い"),
        ("移動について", "", "店が遠い"),
        ("居場所", "", "集まる場所がほしい"),
        ("居場所", "", "空き家を使いたい"),
    ]


def test_records_of_the_meeting_are_no_opinions() -> None:
    text = "日時：令和5年10月3日\n場所　北公民館\n出席者：甲野、乙野、\n　　　　丙野\n坂が多い。\n以上\n"
    assert roles(text) == ["meta", "meta", "meta", "statement", "meta"]


@pytest.mark.parametrize("heading", ["参加者の意見", "出席者から出た課題", "配布資料への感想"])
def test_opinions_under_a_heading_that_names_people_are_opinions(heading: str) -> None:
    assert roles(f"■ {heading}\n・坂の多さ\n・店までの距離\n") == [
        "heading", "statement", "statement",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["出席者", "参加者一覧", "委員名簿", "出席者・欠席者", "次第", "配布資料（当日）"]
)
def test_what_stands_under_the_heading_of_a_record_is_a_record(heading: str) -> None:
    assert roles(f"■ {heading}\n・甲野町内会\n・乙野町内会\n") == ["heading", "meta", "meta"]


@pytest.mark.parametrize(
    "line",
    [
        "資料：図が細かくて見にくい。",
        "会場：駐車場が狭くて困った。",
        "担当：税務課の説明が長いです。",
        "時間　が短い",
    ],
)
def test_a_labelled_sentence_is_a_statement(line: str) -> None:
    assert roles(f"坂が多い。\n\n{line}\n") == ["statement", "statement"]


def test_a_date_is_a_record_even_in_a_sentence() -> None:
    text = "開催日：令和6年2月1日に開催した。\n日時　2月1日に行いました。\n坂が多い。\n"
    assert roles(text) == ["meta", "meta", "statement"]


def test_a_numbered_title_is_a_heading_and_numbered_statements_are_not() -> None:
    assert roles("1. 議題\n坂が多い。\n2. その他\n店が遠い。\n") == [
        "heading", "statement", "heading", "statement",
    ]  # fmt: skip


def test_lines_that_wrap_a_paragraph_are_one_entry() -> None:
    wrapped = (
        "この地区では高齢化が進んでいて、町内会の役員のなり手が見つからない年が続\n"
        "いており、若い世代に声をかけても、仕事や子育てが忙しくて引き受けてもらえ\n"
        "ない。\n"
    )
    assert [text for _, _, text in statements(wrapped)] == [wrapped.strip()]


def test_one_statement_a_line_stays_one_entry_a_line() -> None:
    text = "坂が多くて買い物に行くのが大変なので困る\n店が遠い\n近所に子どもの遊び場がもっとほしいと思います\n"
    assert len(statements(text)) == 3


def test_a_speaker_holds_until_the_next_one_or_a_heading() -> None:
    text = "○甲野委員　坂が多い。\n店も遠い。\n○乙野委員　同じです。\n【次】\n広報が届かない。\n"
    assert [speaker for _, speaker, _ in statements(text)] == [
        "甲野委員",
        "甲野委員",
        "乙野委員",
        "",
    ]


def test_a_markdown_table_gives_one_entry_a_row() -> None:
    text = "# 記録\n| 発言者 | 意見 |\n|---|---|\n| Aさん | 坂が多い |\n| | 店が遠い |\n"
    assert statements(text) == [("記録", "Aさん", "坂が多い"), ("記録", "", "店が遠い")]
    assert roles(text) == ["heading", "heading", "heading", "statement", "statement"]


def test_locators_are_lines_as_an_editor_counts() -> None:
    entries = read_plaintext("見出し\r\n\r\n・坂が多い\r\n・店が遠い\r\n")
    assert [entry.locator for entry in entries] == ["1行目", "3行目", "4行目"]


@given(st.text(alphabet="あ亜ア。、：○・■【】1.|-\n 　委員", max_size=80))
def test_no_word_is_lost(text: str) -> None:
    """Every word character of a note stands in an entry's text or is its speaker."""
    kept = "".join(entry.text + entry.speaker for entry in read_plaintext(text))
    for character in "あ亜ア委員":
        assert kept.count(character) >= text.count(character)


def entries_of(path: Path) -> list[NoteEntry]:
    return list(read(path).entries)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_heading("関係者懇談会", 0)
    record = document.add_table(1, 2)
    record.cell(0, 0).text, record.cell(0, 1).text = "日時", "令和5年11月"
    document.add_heading("相談支援", 1)
    document.add_paragraph("窓口が遠い", style="List Bullet")
    document.add_paragraph("・書類が難しい")
    document.add_paragraph("Ａ委員：相談員が足りない。")
    changed = document.add_paragraph("見守りを")
    insertion = f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>増やす</w:t></w:r></w:ins>'
    changed._p.append(parse_xml(insertion))
    table = document.add_table(3, 2)
    for place, text in enumerate(
        ["発言者", "意見", "Ｂ委員", "・夜が不安\n・連携が弱い", "", "会議"]
    ):
        table.cell(place // 2, place % 2).text = text
    path = tmp_path / "懇談会.docx"
    document.save(str(path))
    return path


def test_paragraphs_and_tables_of_word_are_read_in_their_order(notes: Path) -> None:
    found = [(e.locator, e.speaker, e.text) for e in entries_of(notes) if e.role == "statement"]
    assert found == [
        ("段落3", "", "窓口が遠い"),
        ("段落4", "", "書類が難しい"),
        ("段落5", "Ａ委員", "相談員が足りない。"),
        ("段落6", "Ａ委員", "見守りを増やす"),
        ("表2 2行目 2列目", "Ｂ委員", "夜が不安"),
        ("表2 2行目 2列目", "Ｂ委員", "連携が弱い"),
        ("表2 3行目 2列目", "", "会議"),
    ]


def _boxed(text: str) -> str:
    inside = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    return (
        f'<w:p {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:r>'
        f'<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{inside}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def _controlled(xml: str) -> str:
    return f"<w:sdt {nsdecls('w')}><w:sdtContent>{xml}</w:sdtContent></w:sdt>"


def test_content_controls_text_boxes_and_moves_of_word_are_read_once(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {nsdecls('w')}><w:moveFrom w:id='1' w:author='x'><w:r><w:t>橋が古い。</w:t></w:r>"
            "</w:moveFrom><w:r><w:t>道が暗い。</w:t></w:r></w:p>"
        ),
    )
    moved = f"<w:moveTo {nsdecls('w')} w:id='2' w:author='x'><w:r><w:t>橋が古い。</w:t></w:r></w:moveTo>"
    document.add_paragraph("")._p.append(parse_xml(moved))
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "坂が多い。"
    table.cell(0, 1)._tc.append(parse_xml(_boxed("窓口が遠い。")))
    table.cell(0, 1)._tc.append(parse_xml(_controlled(paragraph.format("便が少ない。"))))
    cell = "<w:tc>" + paragraph.format("{}") + "</w:tc>"
    row = "<w:tr>" + cell.format("店が遠い。") + _controlled(cell.format("駅が寒い。")) + "</w:tr>"
    table._tbl.append(parse_xml(_controlled(row)))
    path = tmp_path / "記録.docx"
    document.save(str(path))
    assert [(entry.locator, entry.text) for entry in entries_of(path)] == [
        ("段落1", "道が暗い。"),
        ("段落2", "橋が古い。"),
        ("表1 1行目 1列目", "坂が多い。"),
        ("表1 1行目 2列目", "便が少ない。"),
        ("表1 2行目 1列目", "店が遠い。"),
        ("表1 2行目 2列目", "駅が寒い。"),
        ("テキストボックス1", "窓口が遠い。"),
    ]


def test_merged_cells_and_footnotes_of_word_are_read_once(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("道が暗い。")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "坂が多い。"
    table.cell(0, 2).text = "橋が古い。"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "店が遠い。"
    table.cell(2, 1).text = "駅が寒い。"
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>街灯も少ない。</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    path = tmp_path / "記録.docx"
    document.save(str(path))
    assert [(entry.locator, entry.text) for entry in entries_of(path)] == [
        ("段落1", "道が暗い。"),
        ("表1 1行目 1列目", "坂が多い。"),
        ("表1 1行目 3列目", "橋が古い。"),
        ("表1 2行目 1列目", "店が遠い。"),
        ("表1 3行目 2列目", "駅が寒い。"),
        ("脚注1", "街灯も少ない。"),
    ]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "記録.txt"
    path.write_text("坂が多い。\n", encoding="utf-8")
    assert read(path) is read(path)
    path.write_text("店も駅も遠い。\n", encoding="utf-8")
    assert [entry.text for entry in entries_of(path)] == ["店も駅も遠い。"]


def test_headings_and_records_of_word_are_kept_with_their_role(notes: Path) -> None:
    found = {entry.text: entry.role for entry in entries_of(notes)}
    assert found["相談支援"] == "heading"
    assert found["日時"] == found["令和5年11月"] == "meta"


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04broken", b""])
def test_a_damaged_word_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read(path)


@pytest.mark.parametrize("cut", range(500, 30_000, 3_000))
def test_a_truncated_word_file_is_refused(notes: Path, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "b.docx"
    path.write_bytes(notes.read_bytes()[:cut])
    with pytest.raises(InputError):
        read(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.xlsb", "xlsx"),
        ("a.odt", "docx"),
        ("a.doc", "docx"),
        ("a.exe", ".csv"),
    ],
)
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        read(path)
    assert said in caught.value.remedy


def test_missing_files_folders_and_empty_notes_are_refused(tmp_path: Path) -> None:
    blank = tmp_path / "空.docx"
    docx.Document().save(str(blank))
    for path in (tmp_path / "ない.csv", tmp_path, blank):
        with pytest.raises(InputError):
            read(path)
