"""The sample in inputs/sample: complete, readable as declared, and plainly fictitious."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from pipeline.study import Study, load_study

SAMPLE = Path(__file__).parents[1] / "inputs" / "sample"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(SAMPLE / "study.toml")


def read_csv(name: str, encoding: str) -> list[list[str]]:
    text = (SAMPLE / name).read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_study_loads_with_every_kind_of_resident_voice(study: Study) -> None:
    assert study.plan == "nishitokyo-4"
    assert {source.kind for source in study.sources} == {
        "survey",
        "district_meeting",
        "professional_meeting",
        "public_comment",
    }


def test_every_file_of_the_study_exists_and_every_file_belongs_to_it(study: Study) -> None:
    named = {source.file for source in study.sources}
    assert {path.name for path in SAMPLE.iterdir()} == named | {"study.toml", "README.md"}


def test_the_title_and_the_readme_say_that_the_city_is_fictitious(study: Study) -> None:
    assert "架空" in study.title
    assert "みどり野市は架空の市です" in (SAMPLE / "README.md").read_text(encoding="utf-8")


def test_the_columns_that_the_study_names_stand_in_the_tables(study: Study) -> None:
    sheet = CalamineWorkbook.from_path(SAMPLE / "survey_2025.xlsx").get_sheet_by_name("回答")
    headers: dict[str, set[object]] = {
        "mail": set(sheet.to_python()[2]),
        "web": set(read_csv("survey_web_2025_cp932.csv", "cp932")[0]),
        "comment": set(read_csv("public_comment.csv", "utf-8-sig")[0]),
    }
    for source in study.sources:
        named = {*source.text, *source.attributes.values(), *source.pairs, *source.pairs.values()}
        named |= {source.respondent, source.addresses_column} - {None}
        assert named <= headers.get(source.id, set()), source.file


def test_the_web_export_is_cp932_with_its_own_characters_and_a_repeated_header() -> None:
    rows = read_csv("survey_web_2025_cp932.csv", "cp932")
    assert rows[0].count("上記回答の理由（任意）") == 2
    text = "".join(cell for row in rows for cell in row)
    assert all(character in text for character in "①㈱髙～")
    with pytest.raises(UnicodeDecodeError):
        read_csv("survey_web_2025_cp932.csv", "utf-8")


def test_the_workbook_keeps_awkward_cells_as_text() -> None:
    sheet = CalamineWorkbook.from_path(SAMPLE / "survey_2025.xlsx").get_sheet_by_name("回答")
    rows = sheet.to_python()
    assert len(rows) == 3 + 110
    answers = [cell for row in rows[3:] for cell in row[5:8] if cell != ""]
    cells = [cell for cell in answers if isinstance(cell, str)]
    assert len(cells) == len(answers)
    assert any(cell.startswith("=") for cell in cells)
    assert any(cell.startswith("-") and len(cell) > 1 for cell in cells)
    assert any("\n・" in cell for cell in cells)
    assert "NA" in cells


def test_the_meeting_notes_have_bullets_a_table_and_speakers() -> None:
    document = Document(str(SAMPLE / "district_meeting_higashi.docx"))
    assert sum(p.style.name == "List Bullet" for p in document.paragraphs if p.style) == 14
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["発言者", "意見"]
    for name in ("district_meeting_nishi.md", "professional_meeting.txt"):
        assert "：" in (SAMPLE / name).read_text(encoding="utf-8")
