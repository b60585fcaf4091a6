"""Of very many opinions the workbook lists those that matter for review, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from pipeline.review import sheets, workbook
from pipeline.review.columns import OPINION_ID, SET_ASIDE_COLUMNS, Sheet
from pipeline.review.listing import list_opinions, list_pieces
from pipeline.review.workbook import write_workbook
from pipeline.review_import.reading import read_workbook
from tests.report_fixture import make_manifest, make_plan, make_study, make_tables

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

MOST = 60
PIECES = 4


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="module")
def path(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "review.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "list_opinions", lambda own: list_opinions(own, MOST))
        patch.setattr(sheets, "list_pieces", lambda own: list_pieces(own, PIECES))
        write_workbook(path, tables, make_plan(), make_study(), make_manifest(tables))
    return path


def test_a_small_run_is_listed_whole_and_nothing_is_said(tables) -> None:
    listed = list_opinions(tables)
    assert len(listed.opinions) == len(tables["opinions"])
    assert listed.note == ""


def test_what_stands_for_an_issue_and_what_people_decided_is_always_listed(tables) -> None:
    listed = set(list_opinions(tables, 1).opinions["opinion_id"])
    known = set(tables["opinions"]["opinion_id"])
    voices = set(" ".join(tables["issues"]["representative_opinion_ids"]).split()) & known
    decided = tables["applied_decisions"]
    own = set(decided.loc[decided["stands"] == 1, "applied_to"]) & known
    restored = tables["opinions"]["restored"] == 1
    assert voices | own | set(tables["opinions"].loc[restored, "opinion_id"]) <= listed


@pytest.mark.parametrize("most", [1, 40, MOST, 100])
def test_no_more_than_the_limit_is_listed_beside_what_is_always_there(tables, most) -> None:
    always = len(list_opinions(tables, 1).opinions)
    assert len(list_opinions(tables, most).opinions) <= max(most, always)


def test_the_order_of_rows_changes_nothing(tables) -> None:
    mixed = {
        name: table.sample(frac=1, random_state=1, ignore_index=True)
        for name, table in tables.items()
    }
    one, other = list_opinions(tables, MOST), list_opinions(mixed, MOST)
    assert one.opinions["opinion_id"].tolist() == other.opinions["opinion_id"].tolist()
    assert one.note == other.note


def test_pieces_of_every_reason_are_listed(tables) -> None:
    pieces = tables["set_aside"]
    some, note = list_pieces(pieces, PIECES)
    assert len(some) == PIECES < len(pieces)
    assert set(some["reason"]) == set(pieces["reason"]) or pieces["reason"].nunique() > PIECES
    assert f"{len(pieces):,}件のうち{PIECES:,}件" in note


def test_the_sheet_and_the_guide_say_how_many_of_how_many_and_where_the_rest_is(
    tables, path: Path
) -> None:
    book = openpyxl.load_workbook(path)
    guide = "\n".join(str(cell.value) for row in book["手順"].iter_rows() for cell in row)
    n = len(tables["opinions"])
    note = str(book["意見"]["A1"].value)
    assert f"意見{n:,}件のうち{book['意見'].max_row - 2:,}件" in note
    assert "tables/opinions.csv" in note
    assert note in guide
    assert OPINION_ID in [cell.value for cell in book["意見"][2]]
    assert "tables/set_aside.csv" in str(book["対象外"]["A1"].value)
    assert book["対象外"].max_row == PIECES + 2


def test_a_link_of_an_issue_leads_to_its_first_opinion_below_the_note(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    rows = {cell.value: cell for cell in book["課題"]["B"][1:]}
    linked = {own: cell.hyperlink for own, cell in rows.items() if cell.hyperlink}
    assert linked
    for own, link in linked.items():
        row = int(link.location.rpartition("A")[2])
        assert book["意見"].cell(row, 3).value == own


def test_rows_that_are_not_listed_are_not_decided_when_it_is_read_back(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["意見"]
    heads = [cell.value for cell in sheet[2]]
    sheet.cell(5, heads.index("コメント") + 1).value = "確かめました"
    target = sheet.cell(5, heads.index(OPINION_ID) + 1).value
    filled = path.with_name("filled.xlsx")
    book.save(filled)
    read = read_workbook(filled)
    assert read.problems == ()
    assert [(own.target, own.field, own.text) for own in read.entries] == [
        (target, "comment", "確かめました")
    ]


def test_rows_as_a_whole_are_the_same_file_as_cell_by_cell(
    tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = (tables, make_plan(), make_study(), make_manifest(tables))
    write_workbook(tmp_path / "rows.xlsx", *given)
    monkeypatch.setattr(workbook, "_put_rows", workbook._write_cells)
    write_workbook(tmp_path / "cells.xlsx", *given)
    assert (tmp_path / "rows.xlsx").read_bytes() == (tmp_path / "cells.xlsx").read_bytes()


def test_a_sheet_without_a_note_begins_with_its_columns() -> None:
    assert Sheet("対象外", SET_ASIDE_COLUMNS, (), frozen=1, lines=1).head == 0
