"""Verification says in words what is no longer the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.analysis import run_study
from pipeline.errors import InputError, NotReproducedError
from pipeline.study import load_study
from pipeline.verify import verify

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small study with its own copy of everything, and its run."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "answers.csv").write_text(
        "番号,ご意見\n1,居場所がほしい\n2,相談先が分からない\n3,居場所がない\n4,特になし\n5,広報が読みにくい\n",
        "utf-8",
    )
    plan = (ROOT / "dictionaries" / "plans" / "nishitokyo-4.toml").read_text("utf-8")
    rules = (ROOT / "dictionaries" / "plans" / "nishitokyo-4.rules.toml").read_text("utf-8")
    (folder / "own.toml").write_text(plan, "utf-8")
    (folder / "own.rules.toml").write_text(rules, "utf-8")
    (folder / "study.toml").write_text(
        'title = "小さな調査"\nplan = "own.toml"\n[[sources]]\nfile = "answers.csv"\nkind = "survey"\n',
        "utf-8",
    )
    run_study(load_study(folder / "study.toml"), folder, folder / "run")
    return folder


@pytest.fixture
def study(made, tmp_path):
    shutil.copytree(made, tmp_path / "study")
    return tmp_path / "study"


def test_a_run_that_nobody_touched_is_reproduced(study):
    assert any("1バイトも違わない" in line for line in verify(study / "run"))


def test_a_run_can_be_named_by_a_relative_path(study, monkeypatch):
    monkeypatch.chdir(study.parent)
    assert verify(Path("study/run"))


def test_a_changed_input_is_named(study):
    path = study / "answers.csv"
    path.write_text(path.read_text("utf-8").replace("相談先", "相談所"), "utf-8")
    with pytest.raises(NotReproducedError, match=r"入力ファイル「answers\.csv」の中身が"):
        verify(study / "run")


@pytest.mark.parametrize("text", ["", "番号,別の見出し\n1,あ\n"])
def test_an_input_that_can_no_longer_be_read_is_named_as_changed(study, text):
    (study / "answers.csv").write_text(text, "utf-8")
    with pytest.raises(NotReproducedError) as caught:
        verify(study / "run")
    assert "入力ファイル「answers.csv」の中身が" in str(caught.value)
    assert "もう一度実行することもできません" in str(caught.value)


def test_a_changed_plan_or_rule_file_is_named(study):
    path = study / "own.rules.toml"
    path.write_text(path.read_text("utf-8") + "\n# もう一行\n", "utf-8")
    with pytest.raises(NotReproducedError, match=r"辞書「own\.rules\.toml」の中身が"):
        verify(study / "run")


def test_a_changed_cell_of_a_table_is_named_with_row_column_and_both_values(study):
    path = study / "run" / "tables" / "opinions.csv"
    path.write_bytes(path.read_bytes().replace("居場所がない".encode(), "居場所もない".encode(), 1))
    with pytest.raises(NotReproducedError) as caught:
        verify(study / "run")
    message = str(caught.value)
    assert "tables/opinions.csv は作られたあとに書き換えられています" in message
    assert "「text」: 保存されている値「居場所もない」、再実行の値「居場所がない」" in message


def test_a_missing_table_a_changed_report_and_a_filled_in_workbook_are_named(study):
    (study / "run" / "tables" / "issues.parquet").unlink()
    with (study / "run" / "report.html").open("a", encoding="utf-8") as file:
        file.write("<!-- -->")
    with (study / "run" / "review.xlsx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(NotReproducedError) as caught:
        verify(study / "run")
    for part in ("tables/issues.parquet がありません", "report.html は", "review.xlsx は"):
        assert part in str(caught.value)


def test_another_library_version_is_named(study):
    path = study / "run" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["versions"]["sudachipy"] = "0.6.10"
    path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    with pytest.raises(
        NotReproducedError, match=r"sudachipy の版が違います（実行したとき 0\.6\.10"
    ):
        verify(study / "run")


def test_a_changed_study_file_is_named(study):
    path = study / "run" / "study.toml"
    path.write_text(path.read_text("utf-8").replace("小さな調査", "別の調査"), "utf-8")
    with pytest.raises(NotReproducedError, match="「title」"):
        verify(study / "run")


def test_a_moved_input_is_found_where_the_planner_says(study):
    moved = study.parent / "moved"
    moved.mkdir()
    (study / "answers.csv").rename(moved / "answers.csv")
    with pytest.raises(InputError, match="--inputs"):
        verify(study / "run")
    assert verify(study / "run", inputs=moved)
    (moved / "令和7年度").mkdir()
    (moved / "answers.csv").rename(moved / "令和7年度" / "answers.csv")
    assert verify(study / "run", inputs=moved)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"manifest\.json"):
        verify(tmp_path)
