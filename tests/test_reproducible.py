"""The same files give the same result, whatever the machine is doing."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.analysis import run_study
from pipeline.study import Source, Study

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "inputs" / "sample"


def _files(folder: Path) -> dict[str, bytes]:
    """Everything that is part of the result (timings and the study's paths are not)."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"timings.json", "study.toml"}
    }


@pytest.mark.parametrize(
    ("seed", "threads"), [("1", "1"), ("4711", "2")], ids=["one thread", "two threads"]
)
def test_hash_seed_threads_and_working_directory_change_no_byte(
    sample_run, tmp_path, seed, threads
):
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "PYTHONPATH": str(ROOT),
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONUTF8": "1",
    }
    study = os.path.relpath(SAMPLE / "study.toml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", study, "--output", "elsewhere"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    target = Path(done.stdout.strip().splitlines()[-1])
    assert target == tmp_path / "elsewhere"
    assert _files(target) == _files(sample_run)


def test_a_second_run_on_the_same_folder_changes_no_byte(sample_run, tmp_path):
    from pipeline.study import load_study

    study = load_study(SAMPLE / "study.toml")
    first = _files(run_study(study, SAMPLE, tmp_path / "run"))
    assert first == _files(run_study(study, SAMPLE, tmp_path / "run")) == _files(sample_run)


def test_shuffled_rows_give_the_same_issues_members_words_titles_and_goals(tmp_path):
    with (SAMPLE / "survey_web_2025_cp932.csv").open(encoding="cp932", newline="") as file:
        rows = list(csv.reader(file))
    made = []
    for seed in (None, 1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        body = rows[1:]
        if seed is not None:
            random.Random(seed).shuffle(body)
        with (folder / "web.csv").open("w", encoding="cp932", newline="") as file:
            csv.writer(file).writerows([rows[0], *body])
        study = Study(title="順序", sources=(Source(file="web.csv", kind="survey"),))
        target = run_study(study, folder, folder / "run")
        made.append({name: tables.load_table(name, target / "tables") for name in tables.SCHEMAS})
    for other in made[1:]:
        for name in tables.SCHEMAS:
            left, right = made[0][name], other[name]
            if name == "answers":
                left, right = left.drop(columns="locator"), right.drop(columns="locator")
            assert left.equals(right), name


def test_the_form_of_the_file_does_not_change_the_opinions(tmp_path):
    """The same rows as UTF-8 with and without a mark, CP932 and a workbook."""
    import xlsxwriter

    body = [
        ["1", "道路が狭くて危ない"],
        ["2", "特になし"],
        ["3", "NA"],
        ["4", "居場所がほしい\n・気軽に行ける"],
    ]
    body += [[str(n), f"バスの便数が少なくて{n}番は困る"] for n in range(5, 12)]
    rows = [["番号", "ご意見"], *body]
    for name, encoding in (("a", "utf-8"), ("b", "utf-8-sig"), ("c", "cp932")):
        with (tmp_path / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    with xlsxwriter.Workbook(tmp_path / "d.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    results = []
    for name in ("a.csv", "b.csv", "c.csv", "d.xlsx"):
        source = Source(file=name, kind="survey", text=("ご意見",), respondent="番号")
        target = run_study(Study(title="t", sources=(source,)), tmp_path, tmp_path / f"run-{name}")
        results.append(
            [
                tables.load_table(one, target / "tables")
                for one in ("opinions", "issues", "goal_links", "set_aside")
            ]
        )
    for other in results[1:]:
        assert all(left.equals(right) for left, right in zip(results[0], other, strict=True))
