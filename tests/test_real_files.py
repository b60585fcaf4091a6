"""Real surveys, raw as a city hall sends them. Skipped where they are not at hand."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest

from pipeline import tables
from pipeline.analysis import run_study
from pipeline.answers import read_answers
from pipeline.errors import InputError
from pipeline.infer import infer_study
from pipeline.nonanswers import reason_for_silence
from pipeline.verify import verify


def _run(paths, target):
    study, _ = infer_study([Path(path) for path in paths])
    folder = run_study(study, Path(), target)
    return {name: tables.load_table(name, folder / "tables") for name in tables.SCHEMAS}


@pytest.fixture(scope="module")
def sabae(tmp_path_factory):
    data = Path(__file__).parents[2] / "shared" / "data"
    if not data.is_dir():
        pytest.skip("real survey data are not beside the repository")
    target = tmp_path_factory.mktemp("sabae") / "run"
    return _run([data / "sabae" / "vision2023_all.csv"], target), target


def test_the_adults_workbook_needs_no_study_file(real_data):
    study, _ = infer_study([real_data / "sabae" / "vision2023_adults.xlsx"])
    (source,) = study.sources
    assert source.respondent == "受付番号"
    assert {"年齢", "性別", "地区"} <= set(source.attributes)
    assert len(source.text) == 9
    read = read_answers(study, Path())
    assert len(read.answers) == 946


@pytest.mark.slow
def test_every_filled_cell_of_the_sabae_survey_is_accounted_for(sabae):
    made, _ = sabae
    answers = set(made["answers"]["answer_id"])
    assert len(answers) == 4469
    assert answers == set(made["opinions"]["answer_id"]) | set(made["set_aside"]["answer_id"])
    assert made["answers"]["respondent_id"].nunique() == 940
    assert {"attr_年齢", "attr_性別", "attr_地区", "attr_属性"} <= set(made["answers"].columns)


@pytest.mark.slow
def test_no_non_answer_of_the_sabae_survey_is_an_opinion_or_a_title(sabae):
    made, _ = sabae
    spoken = made["opinions"]["text"].drop_duplicates()
    assert [
        text for text in spoken if reason_for_silence(text) not in {"", "場所の名前だけの回答"}
    ] == []
    assert not made["issues"]["title"].map(reason_for_silence).any()


@pytest.mark.slow
def test_the_sabae_survey_is_about_what_its_residents_write_about(sabae):
    made, _ = sabae
    words = "、".join(made["issues"]["words"])
    for topic in ("遊べる", "自然", "公園", "イオン", "バス", "道路", "図書館", "祭り", "子育て"):
        assert topic in words
    assert 20 <= len(made["issues"]) <= 70
    assert set(made["opinions"]["goal_id"]) == {"", "1", "2", "3", "4", "5", "6"}


@pytest.mark.slow
def test_the_sabae_run_can_be_made_again(sabae):
    _, target = sabae
    assert verify(target)


@pytest.mark.parametrize("wave", ["2024-01", "2024-08", "2025-01", "2025-08"])
def test_repeated_headers_become_questions_paired_with_their_closed_question(real_data, wave):
    study, _ = infer_study([real_data / "fukui" / f"{wave}.csv"])
    (source,) = study.sources
    assert len(source.text) == len(set(source.text)) == 12
    assert set(source.pairs) == set(source.text)
    read = read_answers(study, Path())
    for text, closed in source.pairs.items():
        assert closed in text
        assert closed in source.attributes.values()
    assert read.answers["question"].nunique() == 12
    assert (read.answers.filter(like="attr_【問２】") != "").all().all()


@pytest.mark.slow
def test_four_waves_run_together_as_four_sources(real_data, tmp_path):
    waves = sorted((real_data / "fukui").glob("*.csv"))
    made = _run(waves, tmp_path / "run")
    assert set(made["answers"]["source_id"]) == {"S1", "S2", "S3", "S4"}
    assert len(made["answers"]) == 8378 + 5097 + 7845 + 5310
    assert len(made["issues"]) <= 70


def _tables(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in {".csv", ".xlsx"})


def _cells(path, sheet):
    """Rows of a table as another library reads them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    book = openpyxl.load_workbook(path, data_only=True)
    page = book[sheet] if sheet else book.worksheets[0]
    return [["" if own is None else str(own) for own in row] for row in page.values]


def _columns(header, name):
    """Places of the columns of a name: headers that repeat stand behind 「 ― 」."""
    shown = [" ".join(cell.split()) for cell in header]
    wanted = name if name in shown else re.sub(r"（\d+）$", "", name).rpartition(" ― ")[2]
    return [place for place, cell in enumerate(shown) if cell == wanted]


@pytest.mark.slow
def test_every_filled_cell_of_every_real_table_is_an_answer(real_data):
    """Cells are counted by the csv module and openpyxl, without Kadai's readers."""
    counted = {}
    for path in _tables(real_data):
        try:
            study, _ = infer_study([path])
        except InputError:
            counted[path.name] = (0, 0)  # a list of codes or labels: no answers are there
            continue
        answers = read_answers(study, Path()).answers
        filled = 0
        for source in study.sources:
            rows = _cells(path, source.sheet)
            places, last = set(), 0
            for name in source.text:
                # A header of two rows: the code stands in the one, the question in the other.
                where = [number for number, row in enumerate(rows[:5]) if _columns(row, name)]
                assert where, (path.name, name)
                places.update(_columns(rows[where[-1]], name))
                last = max(last, where[-1])
            filled += sum(
                bool(row[place].strip())
                for row in rows[last + 1 :]
                for place in places
                if place < len(row)
            )
        counted[path.name] = (len(answers), filled)
    assert {name: own for name, own in counted.items() if own[0] != own[1]} == {}
    assert sum(own for own, _ in counted.values()) > 30_000


@pytest.mark.parametrize(
    "name",
    ["meetings/minutes_tokyo_welfare_committee.csv", "meetings/shintokyo2050_miro_stickynotes.csv"],
)
def test_meeting_records_in_tables_are_read(real_data, name):
    study, _ = infer_study([real_data / name])
    assert study.sources[0].text == ("text",)
    assert len(read_answers(study, Path()).answers) > 400
