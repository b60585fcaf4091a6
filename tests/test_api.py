"""The public API: names that resolve, runs that are read and not damaged, one logic with kadai."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from pipeline import compare, load_run
from pipeline.errors import InputError, UsageError
from pipeline.running import Wishes, prepare, read_study
from pipeline.tables import SCHEMAS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(sample_run):
    return load_run(sample_run)


def test_every_public_name_is_there():
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    assert set(pipeline.__all__) <= set(dir(pipeline))


def test_a_name_that_is_not_public_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = pipeline.analyse


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, pipeline; pipeline.load_run;"
        "print(sorted({'pandas', 'sklearn', 'sudachipy', 'pyarrow'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_tables_are_copies_and_the_raw_text_is_not_among_them(made):
    before = made.opinions
    changed = made.opinions
    changed["text"] = ""
    changed.to_numpy()[0, 0] = "O"
    assert made.opinions.equals(before)
    assert list(made.tables) == list(SCHEMAS)
    assert len(made.tables) == len(SCHEMAS)
    assert "raw_text" not in made.answers
    assert "raw_text" not in made.tables["answers"]
    assert any(name.startswith("attr_") for name in made.answers)
    with pytest.raises(KeyError):
        _ = made.tables["voices"]


def test_a_run_is_shown_in_one_line(made):
    assert repr(made) == f"Run(folder={made.folder!r})"
    assert repr(made.tables).startswith("RunTables(answers, opinions")


def test_the_plan_of_a_run_is_the_one_that_it_names(made):
    assert [goal.id for goal in made.plan.goals] == ["1", "2", "3", "4", "5", "6"]


def test_a_run_is_found_by_its_folder_by_its_report_and_as_the_newest(
    sample_run, tmp_path, monkeypatch
):
    place = tmp_path / "outputs" / "new"
    old = tmp_path / "outputs" / "old"
    for own in (old, place):
        own.mkdir(parents=True)
        for name in ("manifest.json", "report.html"):
            shutil.copy(sample_run / name, own / name)
    os.utime(old / "manifest.json", (1, 1))
    assert load_run(place / "report.html").folder == place
    monkeypatch.chdir(tmp_path)
    assert load_run().folder == place
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert load_run().folder == place
    monkeypatch.chdir(place)
    assert load_run().folder == place


def test_where_there_is_no_run_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="まだありません") as told:
        load_run()
    assert "kadai run" in told.value.remedy
    with pytest.raises(InputError):
        load_run(tmp_path)


def test_a_run_without_files_or_with_impossible_numbers_is_refused(tmp_path):
    with pytest.raises(UsageError, match="指定してください"):
        pipeline.run()
    with pytest.raises(UsageError, match="課題の数 0"):
        pipeline.run(tmp_path / "a.csv", issues=0)
    with pytest.raises(UsageError, match="プロセスの数 62"):
        pipeline.run(tmp_path / "a.csv", processes=62)


def test_runs_are_compared_in_twos_at_least_and_no_run_with_itself(made):
    with pytest.raises(UsageError, match="1つだけ"):
        compare(made)
    with pytest.raises(UsageError, match="同じ結果"):
        compare(made, made)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "answers.csv").write_text("ご意見\nバスが少ない。\n公園が暗い。\n", "utf-8")
    (tmp_path / "study.toml").write_text(
        'title = "試し"\n[[sources]]\nid = "S"\nkind = "survey"\nfile = "answers.csv"\n'
        'text = ["ご意見"]\n',
        "utf-8",
    )
    return tmp_path


def test_a_folder_its_study_file_and_its_answers_are_read(study):
    by_folder, folder, _ = read_study([study])
    by_file, _, _ = read_study([study / "study.toml"])
    assert by_folder == by_file
    assert folder == study
    alone, _, findings = read_study([study / "answers.csv"])
    assert alone.title == "answers"
    assert findings


def test_wishes_are_in_the_study_that_is_run(study):
    wishes = Wishes(issues=7, decisions=study / "判断.csv")
    prepared = prepare([study], wishes)
    assert prepared.study.parameters.issues == 7
    assert prepared.study.decisions == str(study / "判断.csv")
    assert prepared.place == study / "判断.csv"
    assert prepared.is_found


def test_decisions_beside_a_study_are_taken_unless_they_are_not_wanted(study):
    assert not prepare([study]).is_found
    (study / "decisions.csv").write_text("", "utf-8")
    assert prepare([study]).study.decisions == str(study / "decisions.csv")
    assert prepare([study], Wishes(no_decisions=True)).study.decisions is None


def test_what_is_doubtful_is_shown_unless_nobody_wants_to_know(monkeypatch, study, capsys):
    import pipeline.running

    monkeypatch.setattr(pipeline.running, "carry_out", lambda *_: study)
    monkeypatch.setattr(pipeline.api, "load_run", lambda folder: folder)
    pipeline.run(study / "answers.csv")
    assert "確かめてほしいところ" in capsys.readouterr().err
    pipeline.run(study / "answers.csv", quiet=True)
    assert capsys.readouterr().err == ""


SCRIPT = """
from pathlib import Path

import pandas as pd

from pipeline import Comparison, Run, compare, load_run, run


def look(folder: Path) -> pd.DataFrame:
    made: Run = run("answers.xlsx", issues=30, output=folder)
    old = load_run("outputs/old")
    changes: Comparison = compare(old, made)
    page: Path = changes.report("changes.html")
    goals = [goal.name.upper() for goal in made.plan.goals]
    near = made.neighbours(str(made.opinions["opinion_id"].iloc[0]), n=3)
    told: str = made.together("O1", "O2").told
    print(page, goals, near, told, made.agreement("labels.csv").accuracy + 1.0)
    return made.tables["goal_links"]
"""


def test_a_script_that_uses_the_package_is_checked_with_its_types(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    wrong = SCRIPT.replace('load_run("outputs/old")', "load_run(2024)").replace("n=3", "n='3'")
    (tmp_path / "wrong.py").write_text(wrong, "utf-8")
    # The settings of the project, whose cache `make lint` has filled.
    told = subprocess.run(
        [sys.executable, "-m", "mypy", str(tmp_path / "script.py"), str(tmp_path / "wrong.py")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wrong = [line for line in told.stdout.splitlines() if "script.py" in line or "wrong.py" in line]
    found = [line for line in wrong if "error:" in line]
    assert len(found) == 2, told.stdout + told.stderr
    assert not any("script.py" in line for line in found)
