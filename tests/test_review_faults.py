"""Kills, errors, damaged files: no decision is lost, no run half-written, no traceback shown."""

from __future__ import annotations

import csv
import functools
import io
import os
import random
import re
import shutil
import signal
import time
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

import pipeline.analysis
from pipeline import decision_log, runfolder, tables
from pipeline.cli import main
from pipeline.decisions import MEMBERS, load_decisions
from pipeline.manifest import DECISIONS, hash_file, load_manifest
from pipeline.plan import load_plan
from pipeline.review.columns import ASIDE_SHEET, CARRIED_SHEET, ISSUE_SHEET, OPINION_SHEET
from pipeline.review_import import transfer
from pipeline.study import load_study
from tests import decay_fixture as decay
from tests import workbook_fixture as harm
from tests.faults_fixture import ERRORS, Access, Faults, ended, kill, quietly_read, start
from tests.goals_fixture import EXAMPLES, write_plan
from tests.workbook_fixture import Filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pandas as pd

    from pipeline.analysis import Analysis
    from pipeline.decisions import Decision

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")

ANSWERS: Final = (
    "街灯が少なくて夜道が暗い", "夜道が暗いので街灯がほしい", "街灯を増やしてほしい", "バスの本数が少ない",
    "バスを増やしてほしい", "バスが来ない", "子どもの居場所がほしい", "居場所がほしい", "相談先が分からない",
    "どこに相談すればよいか分からない", "町内会の役員がいない", "町内会の役員のなり手がいない", "広報が読みにくい",
    "母の介護がつらい", "特になし", "以上",
)  # fmt: skip
STUDY: Final = """title = "小さな調査"
plan = "small.toml"
[[sources]]
id = "S"
kind = "survey"
file = "answers.csv"
text = ["ご意見"]
respondent = "番号"
"""
NOTE: Final = "委員会で説明する"
REVIEWER: Final = "策定委員会"
NEW_ISSUE: Final = "新：紙の お知らせ"
BOOKS: Final = ("openpyxl.xlsx", "excel.xlsx")
SCENES: Final = ("no record", "record", "record without a last line end")


@dataclass(frozen=True)
class Home:
    """Folder of a study that was reviewed once, run again, and reviewed once more.

    ``run/`` is its run, ``decisions.csv`` what was decided on an earlier one, and
    ``openpyxl.xlsx`` and ``excel.xlsx`` are the second review, not read back yet.
    """

    folder: Path
    filled: tuple[Filled, ...]
    analysis: Analysis

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def record(self) -> Path:
        return self.folder / DECISIONS

    def read(self) -> tuple[Decision, ...]:
        return load_decisions(self.record, load_plan(self.folder / "small.toml"))

    def taken(self) -> set[Filled]:
        """Filled cells that stand in the record."""
        made = self.read()
        titles = {own.target_id: own.value for own in made if own.field == "title"}
        rows = {(own.target_id, own.field, own.value) for own in made}
        rows |= {(own.target_id, own.field, f"新：{titles.get(own.value)}") for own in made}
        return {own for own in self.filled if (own.target, own.field, own.value) in rows}

    def import_(self, *books: str | Path, more: tuple[str, ...] = ()) -> int:
        names = [name for _ in books for name in ("--reviewer", REVIEWER)]
        return kadai(
            "review", "import", self.run, *(self.folder / own for own in books), *names, *more
        )

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


def kadai(*arguments: object) -> int:
    return main([str(own) for own in arguments])


def review(run: Path) -> dict[str, list[tuple[str, ...]]]:
    """Keys of the rows of the workbook of a run, in the order of its sheets."""
    book = openpyxl.load_workbook(run / "review.xlsx")
    return {name: list(harm.rows_of(book, name)) for name in harm.KEYS}


def filled(sheet: str, key: tuple[str, ...], field: str, text: str, value: str, target: str = "",
           column: str = "") -> Filled:  # fmt: skip
    name = harm.EDITABLE[sheet][column or field]
    return Filled(sheet, key, name, text, target or key[0], field, value)


def second_review(run: Path, before: tuple[Decision, ...]) -> tuple[Filled, ...]:
    """One cell of every kind that there is; none is against another one."""
    keys = review(run)
    issues = {own[0] for own in keys[ISSUE_SHEET]}
    judged = {own.target_id: own for own in before if own.field != MEMBERS}
    free = sorted(issues - judged.keys())
    one, two = [(own,) for own in free[:2]]
    said = [own for own in keys[OPINION_SHEET] if own[0] not in judged]
    alone = said[-4:]  # in no issue
    aside = keys[ASIDE_SHEET]
    piece, other = (f"{own[0]}@{own[1]}-{own[2]}" for own in aside)
    goal = next(own for own in judged.values() if own.field == "goal_id")
    return (
        filled(ISSUE_SHEET, one, "status", "保留", "保留"),
        filled(ISSUE_SHEET, one, "title", " 夜の 明るさ ", "夜の 明るさ"),
        filled(ISSUE_SHEET, one, "comment", "二行の\nコメント", "二行の\nコメント"),
        filled(ISSUE_SHEET, two, "goal_id", "1 つながりのあるまち", "1"),
        filled(ISSUE_SHEET, two, "measure_id", "1-2 防災", "1-2"),
        filled(OPINION_SHEET, said[0], "kind", "よい点", "praise"),
        filled(OPINION_SHEET, said[0], "comment", '引用符"と,コンマ', '引用符"と,コンマ'),
        filled(OPINION_SHEET, said[1], "goal_id", "目標3", "3"),
        filled(OPINION_SHEET, said[2], "issue_id", f"{one[0]} …", one[0]),
        filled(OPINION_SHEET, alone[0], "issue_id", NEW_ISSUE, NEW_ISSUE),
        filled(OPINION_SHEET, alone[1], "goal_id", "1", "1"),
        filled(OPINION_SHEET, alone[1], "goal_id_2", "情報の届くまち", "3"),
        filled(OPINION_SHEET, alone[2], "goal_id", "2", "2"),
        filled(ASIDE_SHEET, aside[0], "restore", "戻す", "1", piece),
        filled(ASIDE_SHEET, aside[1], "comment", "このままで", "このままで", other),
        filled(CARRIED_SHEET, (goal.decision_id,), "goal_id", "取り消す", "machine",
               goal.target_id, column="withdraw"),
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _tables_read_once() -> Iterator[None]:
    """What a table's bytes say is read once: three quarters of the time of an import."""
    known: dict[tuple[str, bytes], pd.DataFrame] = {}
    load = tables.load_table

    def load_once(name: str, folder: Path) -> pd.DataFrame:
        key = (name, quietly_read(folder / f"{name}.parquet"))
        if key not in known:
            known[key] = load(name, folder)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "load_table", load_once)
        yield


@pytest.fixture(scope="module")
def origin(tmp_path_factory) -> Home:
    folder = tmp_path_factory.mktemp("faults") / "study"
    write_plan(folder, EXAMPLES)
    rows = "".join(f"{number},{text}\n" for number, text in enumerate(ANSWERS, start=1))
    (folder / "answers.csv").write_text(f"番号,ご意見\n{rows}", "utf-8")
    (folder / "study.toml").write_text(STUDY, "utf-8")
    made: list[Analysis] = []
    analyse = pipeline.analysis.analyse
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            pipeline.analysis, "analyse", lambda *own: made.append(analyse(*own)) or made[-1]
        )
        assert kadai("run", folder / "study.toml", "--output", folder / "run") == 0
        review_once(folder)
        assert kadai("run", folder / "study.toml", "--output", folder / "run") == 0
    home = Home(folder, (), made[-1])
    cells = second_review(home.run, home.read())
    harm.fill_with_openpyxl(home.run / "review.xlsx", folder / "openpyxl.xlsx", [*cells])
    harm.fill_as_excel_does(home.run / "review.xlsx", folder / "excel.xlsx", [*cells])
    return replace(home, filled=cells)


def review_once(folder: Path) -> None:
    """Take three decisions into the record, and leave the run as if nobody had touched it."""
    keys = review(folder / "run")
    issue, opinion = keys[ISSUE_SHEET][0], keys[OPINION_SHEET][-1]
    cells = [
        filled(ISSUE_SHEET, issue, "title", "人の付けた題", ""),
        filled(ISSUE_SHEET, issue, "status", "採用", ""),
        filled(OPINION_SHEET, opinion, "goal_id", "3", ""),
    ]
    book = harm.fill_with_openpyxl(folder / "run" / "review.xlsx", folder / "first.xlsx", cells)
    assert kadai("review", "import", folder / "run", book, "--reviewer", "田中") == 0
    book.unlink()
    (folder / ".decisions.csv.lock").unlink(missing_ok=True)


@pytest.fixture
def home(origin: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the folder for one fault; who waits for a lock gives up soon."""
    shutil.copytree(origin.folder, tmp_path / "年度 1")
    monkeypatch.setattr(transfer, "locked", functools.partial(decision_log.locked, patience=0.3))
    return replace(origin, folder=tmp_path / "年度 1")


def assert_told_in_japanese(told: str) -> None:
    assert re.search(r"エラー: .*[ぁ-ん]", told), told
    assert_no_traceback(told)


def assert_no_traceback(told: str) -> None:
    for mark in ("Traceback", "予期しない", "panicked", "Exception ignored", "Error:"):
        assert mark not in told, told


def set_scene(home: Home, scene: str) -> bytes:
    """Record as it is before a fault."""
    if scene == "no record":
        home.record.unlink()
        return b""
    if scene != "record":
        home.record.write_bytes(home.record.read_bytes().rstrip(b"\r\n"))
    return home.record.read_bytes()


def assert_old_or_whole(home: Home, before: bytes) -> None:
    """The record is what it was, or all of the new decisions stand behind that."""
    now = home.record.read_bytes() if home.record.exists() else b""
    if now != before:
        assert now.startswith(before)
        assert home.taken() == set(home.filled)


def assert_next_import_takes_everything(home: Home, before: bytes, book: str) -> None:
    assert home.import_(book) == 0
    assert home.record.read_bytes().startswith(before)
    assert home.taken() == set(home.filled)


# What the faults are measured by


@pytest.mark.parametrize("name", BOOKS)
def test_without_a_fault_every_filled_cell_is_taken(home: Home, name: str, capfd) -> None:
    before = home.record.read_bytes()
    assert home.import_(name) == 0
    # and the title of the new issue
    assert f"判断 {len(home.filled) + 1}件を書き足しました" in capfd.readouterr().err
    assert home.taken() == set(home.filled)
    assert home.record.read_bytes().startswith(before)
    again = home.record.read_bytes()
    assert home.import_(name) == 0
    assert home.record.read_bytes() == again
    assert harm.still_there(home.folder / name, [*home.filled]).keys() == set(home.filled)


@pytest.fixture(scope="module")
def ways(origin: Home, tmp_path_factory) -> dict[str, list[Access]]:
    """Every access to the disk of an import, by the scene that it happens in."""
    found = {}
    for scene in SCENES:
        folder = tmp_path_factory.mktemp("way") / "study"
        shutil.copytree(origin.folder, folder)
        home = replace(origin, folder=folder)
        set_scene(home, scene)
        with Faults(folder).armed() as faults:
            assert home.import_(BOOKS[0]) == 0
        found[scene] = faults.log
    return found


def pick(rng: random.Random, way: list[Access], *, removing: bool) -> int:
    """Number of an access, as often near the end, where things are written, as anywhere."""
    open_to_fault = [
        number
        for number, own in enumerate(way, start=1)
        if own.what != "stat" and (removing or not own.removes)
    ]
    return rng.choice(open_to_fault[-14:] if rng.random() < 0.6 else open_to_fault)


# Imports that are killed, or that fail


KILLED_IMPORTS: Final = 30
FAILED_IMPORTS: Final = 35
CUT_OFF_IMPORTS: Final = 6


@forks
@pytest.mark.parametrize("seed", range(KILLED_IMPORTS))
def test_an_import_that_is_killed_leaves_the_old_record_or_the_whole_new_one(
    home: Home, ways: dict[str, list[Access]], tmp_path: Path, seed: int
) -> None:
    rng = random.Random(f"killed {seed}")
    scene, book = SCENES[seed % 3], rng.choice(BOOKS)
    before = set_scene(home, scene)
    at = pick(rng, ways[scene], removing=True)

    def work() -> int:
        with Faults(home.folder, at, kill).armed():
            return home.import_(book)

    assert ended(start(work, tmp_path / "told.txt")) == -signal.SIGKILL
    assert_old_or_whole(home, before)
    assert_next_import_takes_everything(home, before, book)


@pytest.mark.parametrize("seed", range(FAILED_IMPORTS))
def test_an_import_that_fails_says_so_in_japanese_and_leaves_nothing_behind(
    home: Home, ways: dict[str, list[Access]], capfd, seed: int
) -> None:
    rng = random.Random(f"failed {seed}")
    scene, book, error = SCENES[seed % 3], rng.choice(BOOKS), [*ERRORS][seed % len(ERRORS)]
    before, names = set_scene(home, scene), home.names()
    stays = error not in PASSING and rng.random() < 0.5
    at = pick(rng, ways[scene], removing=False)
    capfd.readouterr()
    with Faults(home.folder, at, ERRORS[error], lasting=stays).armed() as faults:
        code = home.import_(book)
    assert faults.struck
    told = capfd.readouterr().err
    assert_told_in_japanese(told)
    assert code in PASSING.get(error, OF_FILES), told
    assert_old_or_whole(home, before)
    assert home.names() - names <= {DECISIONS, f".{DECISIONS}.lock"}
    assert_next_import_takes_everything(home, before, book)


PASSING: Final = {"interrupt": {1}, "no memory": {1}}
"""Exit codes of what is no matter of files, and does not stay."""

OF_FILES: Final = {2, 3}
"""Exit codes of what is; 2: the note where the record is cannot be read, so name the record."""


@pytest.mark.parametrize("seed", range(CUT_OFF_IMPORTS))
def test_an_import_from_a_network_drive_that_goes_away_says_so(
    home: Home, ways: dict[str, list[Access]], capfd, seed: int
) -> None:
    rng = random.Random(f"network {seed}")
    before = home.record.read_bytes()
    at = rng.randint(1, len(ways["record"]) - 4)
    capfd.readouterr()
    with Faults(home.folder, at, ERRORS["broken disk"], every=True).armed() as faults:
        code = home.import_(BOOKS[0])
    assert faults.struck
    assert code in OF_FILES
    assert_told_in_japanese(capfd.readouterr().err)
    assert_old_or_whole(home, before)
    assert_next_import_takes_everything(home, before, BOOKS[0])


# Run folders


KILLED_RUNS: Final = 12
FAILED_RUNS: Final = 12
KILLED_WHOLE_RUNS: Final = 2
FAILED_EXPORTS: Final = 10
RUN_SCENES: Final = ("new folder", "folder of an older run")


@pytest.fixture(scope="module")
def reviewed(origin: Home, tmp_path_factory) -> Home:
    """The same with the second review in the record, and what people keep in a run folder."""
    folder = tmp_path_factory.mktemp("reviewed") / "study"
    shutil.copytree(origin.folder, folder)
    home = replace(origin, folder=folder)
    assert home.import_(BOOKS[0]) == 0
    (folder / f".{DECISIONS}.lock").unlink(missing_ok=True)
    shutil.copyfile(folder / BOOKS[1], home.run / "review.xlsx")
    (home.run / "メモ.txt").write_text(NOTE, "utf-8")
    return home


@pytest.fixture
def quick(origin: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run does nothing but read and write files: what it writes is known already."""

    def write(name: str) -> Callable[..., None]:
        content = (origin.run / name).read_bytes()

        def written(path: Path, *_: object) -> None:
            with path.open("wb") as file:
                file.write(content[:1000])
                file.write(content[1000:])

        return written

    # Tables are changed while they are saved.
    shared = {name: table.copy() for name, table in origin.analysis.tables.items()}
    analysis = replace(origin.analysis, tables=shared)
    monkeypatch.setattr(pipeline.analysis, "analyse", lambda *_: analysis)
    monkeypatch.setattr(runfolder, "write_workbook", write("review.xlsx"))
    monkeypatch.setattr(runfolder, "write_report", write("report.html"))


@dataclass(frozen=True)
class Running:
    """A run that is about to be made, and what its folder is before that."""

    home: Home
    target: Path
    before: dict[str, bytes]

    @classmethod
    def of(cls, reviewed: Home, folder: Path, scene: str) -> Running:
        shutil.copytree(reviewed.folder, folder)
        home = replace(reviewed, folder=folder)
        target = home.run if scene == RUN_SCENES[1] else folder / "結果"
        return cls(home, target, content_of(target))

    def run(self) -> int:
        return kadai("run", self.home.folder / "study.toml", "--output", self.target)

    def way(self) -> list[Access]:
        with Faults(self.home.folder).armed() as faults:
            assert self.run() == 0
        return faults.log

    def assert_old_or_whole(self, *, gone: bool) -> None:
        """The folder is what it was, or the new one; for a moment there may be none."""
        if not self.target.exists():
            assert gone or not self.before
        elif content_of(self.target) != self.before:
            self.assert_whole()

    def assert_whole(self) -> None:
        folder = self.target
        manifest = load_manifest(folder)
        hashes = {f"tables/{name}": own["sha256"] for name, own in manifest["tables"].items()}
        hashes |= {name: own["sha256"] for name, own in manifest["outputs"].items()}
        hashes[DECISIONS] = manifest["decisions"][0]["sha256"]
        assert len(hashes) == 2 * len(tables.SCHEMAS) + 3
        assert {name: hash_file(folder / name) for name in hashes} == hashes
        assert (folder / DECISIONS).read_bytes() == self.home.record.read_bytes()
        assert load_study(folder / "study.toml").decisions == DECISIONS
        assert runfolder.decisions_place(folder) == self.home.record
        if self.before:
            assert (folder / "メモ.txt").read_text("utf-8") == NOTE
            kept = (folder / "review-記入済み1.xlsx").read_bytes()
            assert kept == self.before["review.xlsx"]


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def run_ways() -> dict[str, list[Access]]:
    """Every access to the disk of a run, by its scene: what :func:`run_way` has seen."""
    return {}


def run_way(
    ways: dict[str, list[Access]], reviewed: Home, tmp_path: Path, scene: str
) -> list[Access]:
    if scene not in ways:
        ways[scene] = Running.of(reviewed, tmp_path / "way", scene).way()
    return ways[scene]


@forks
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seed", range(KILLED_RUNS))
def test_a_run_that_is_killed_leaves_no_folder_or_a_whole_one_and_nothing_of_peoples_is_lost(
    reviewed: Home, run_ways: dict[str, list[Access]], tmp_path: Path, seed: int
) -> None:
    rng = random.Random(f"killed run {seed}")
    scene = RUN_SCENES[seed % 4 != 0]
    way = run_way(run_ways, reviewed, tmp_path, scene)
    swaps = [number for number, own in enumerate(way, start=1) if own.what == "rename"]
    last = swaps[-1] + 1  # between a folder put aside and the other in its place, and after
    at = {1: swaps[0], 2: swaps[-1], 3: last}.get(seed) or pick(rng, way, removing=True)
    running = Running.of(reviewed, tmp_path / "study", scene)

    def work() -> int:
        with Faults(running.home.folder, at, kill).armed():
            return running.run()

    assert ended(start(work, tmp_path / "told.txt")) == -signal.SIGKILL
    running.assert_old_or_whole(gone=True)
    assert running.run() == 0
    running.assert_whole()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seed", range(FAILED_RUNS))
def test_a_run_that_fails_leaves_the_older_one_and_nothing_behind(
    reviewed: Home, run_ways: dict[str, list[Access]], tmp_path: Path, capfd, seed: int
) -> None:
    rng = random.Random(f"failed run {seed}")
    scene, error = RUN_SCENES[seed % 4 != 0], [*ERRORS][seed % len(ERRORS)]
    way = run_way(run_ways, reviewed, tmp_path, scene)
    at = pick(rng, way, removing=False)
    running = Running.of(reviewed, tmp_path / "study", scene)
    names = running.home.names()
    stays = error not in PASSING and rng.random() < 0.5
    capfd.readouterr()
    with Faults(running.home.folder, at, ERRORS[error], lasting=stays).armed() as faults:
        code = running.run()
    assert faults.struck
    told = capfd.readouterr().err
    if code == 0:  # what the older run notes of itself could not be read: all of it is kept
        running.assert_whole()
    else:
        assert_told_in_japanese(told)
        assert code in PASSING.get(error, {3}), told
        running.assert_old_or_whole(gone=False)
    assert running.home.names() - names <= {running.target.name}
    assert running.run() == 0
    running.assert_whole()


@forks
@pytest.mark.parametrize("seed", range(KILLED_WHOLE_RUNS))
def test_a_run_of_real_answers_that_is_killed_can_be_made_again_and_verified(
    reviewed: Home, tmp_path: Path, seed: int
) -> None:
    running = Running.of(reviewed, tmp_path / "study", RUN_SCENES[seed % 2])
    at = random.Random(f"killed whole run {seed}").randint(20, 110)

    def work() -> int:
        with Faults(running.home.folder, at, kill).armed():
            return running.run()

    assert ended(start(work, tmp_path / "told.txt")) == -signal.SIGKILL
    running.assert_old_or_whole(gone=True)
    assert running.run() == 0
    running.assert_whole()
    assert kadai("verify", running.target) == 0


@pytest.fixture(scope="module")
def export_way(origin: Home, tmp_path_factory) -> list[Access]:
    folder = tmp_path_factory.mktemp("export") / "study"
    shutil.copytree(origin.folder, folder)
    with Faults(folder).armed() as faults:
        assert kadai("review", "export", folder / "run", "--output", folder / "渡す.xlsx") == 0
    return faults.log


@pytest.mark.parametrize("seed", range(FAILED_EXPORTS))
def test_an_export_that_fails_leaves_no_workbook_or_a_whole_one(
    home: Home, export_way: list[Access], capfd, seed: int
) -> None:
    rng = random.Random(f"export {seed}")
    error = [*ERRORS][seed % len(ERRORS)]
    output, names = home.folder / "渡す.xlsx", home.names()
    at, stays = pick(rng, export_way, removing=False), error not in PASSING and rng.random() < 0.5
    with Faults(home.folder, at, ERRORS[error], lasting=stays).armed() as faults:
        code = kadai("review", "export", home.run, "--output", output)
    assert faults.struck
    told = capfd.readouterr().err
    assert_told_in_japanese(told)
    assert code in PASSING.get(error, {3}), told
    assert home.names() == names
    assert kadai("review", "export", home.run, "--output", output) == 0
    assert output.read_bytes() == (home.run / "review.xlsx").read_bytes()


# Damaged workbooks


DAMAGES: Final = (
    (harm.cut_off, 5),
    (harm.flip_bytes, 5),
    (harm.fill_with_zeros, 3),
    (harm.lose_part, 3),
    (harm.empty_part, 3),
    (harm.cut_part, 4),
    (harm.garble_part, 6),
    (harm.swap_parts, 2),
    (harm.remove_sheet, 3),
    (harm.rename_sheet, 2),
    (harm.rename_header, 3),
    (harm.delete_yellow_column, 3),
    (harm.delete_key_column, 3),
    (harm.double_yellow_column, 3),
    (harm.clear_keys, 3),
    (harm.delete_rows, 3),
    (harm.double_rows, 3),
    (harm.merge_cells, 2),
    (harm.write_odd_cells, 8),
    (harm.write_odd_yellow_cells, 7),
    (harm.write_control_characters, 3),
)
CHANGES: Final = (
    (harm.insert_columns, 2),
    (harm.insert_rows_above, 2),
    (harm.shuffle_rows, 2),
    (harm.hide_things, 2),
    (harm.add_sheets, 2),
)
FAR_CELLS: Final = ("XFD1", "W900000", "A1048576", "XFD1048576")


def ids(cases: list[tuple[Callable[..., object], int]]) -> list[str]:
    return [f"{damage.__name__}-{seed}" for damage, seed in cases]


CASES: Final = [(damage, seed) for damage, times in DAMAGES for seed in range(times)]
HARMLESS: Final = [(change, seed) for change, times in CHANGES for seed in range(times)]


@pytest.mark.parametrize(("change", "seed"), HARMLESS, ids=ids(HARMLESS))
def test_what_people_may_do_to_a_workbook_keeps_no_cell_from_being_taken(
    home: Home, change: Callable[..., list[str]], seed: int, capfd
) -> None:
    rng = random.Random(f"{change.__name__} {seed}")
    before = home.record.read_bytes()
    change(rng, home.folder / rng.choice(BOOKS), home.folder / "記入.xlsx")
    capfd.readouterr()
    assert home.import_("記入.xlsx") == 0
    assert_no_traceback(capfd.readouterr().err)
    assert home.record.read_bytes().startswith(before)
    assert home.taken() == set(home.filled)


@pytest.mark.parametrize(("damage", "seed"), CASES, ids=ids(CASES))
def test_of_a_damaged_workbook_every_cell_is_taken_or_told_of(
    home: Home, damage: Callable[..., list[str]], seed: int, capfd
) -> None:
    rng = random.Random(f"{damage.__name__} {seed}")
    source, target = home.folder / rng.choice(BOOKS), home.folder / "記入.xlsx"
    marks = damage(rng, source, target)
    before = home.record.read_bytes()
    capfd.readouterr()
    code = home.import_(target.name)
    told = capfd.readouterr().err
    assert_no_traceback(told)
    assert code in {0, 3, 4}, told
    if code:
        assert_told_in_japanese(told)
        assert home.record.read_bytes() == before
    if code == 3:
        assert target.name in told
        return
    assert all(mark in told for mark in marks), (marks, told)
    if code == 4:
        assert home.import_(target.name, more=("--accept-clean",)) == 0
        told = capfd.readouterr().err
        assert_no_traceback(told)
    assert home.record.read_bytes().startswith(before)
    taken, there = home.taken(), harm.still_there(target, [*home.filled])
    lost = [
        own for own, rows in there.items() if own not in taken and not is_told_of(own, rows, told)
    ]
    assert not lost, told
    after = home.record.read_bytes()
    assert home.import_(target.name, more=("--accept-clean",)) == 0
    assert home.record.read_bytes() == after


PLACE: Final = re.compile(
    r"シート「(?P<sheet>[^」]*)」 ?(?:(?P<row>[0-9]+)行目)?(?:「(?P<column>[^」]*)」)?: (?P<why>.*)"
)


def is_told_of(own: Filled, rows: tuple[int, ...], told: str) -> bool:
    """Whether a row of a cell, its column or its sheet is named as not taken."""
    for line in told.splitlines():
        found = PLACE.search(line)
        if found and found["sheet"] == own.sheet:
            names = (own.column, *harm.KEYS[own.sheet])
            column = "の列が" in found["why"] and any(name in found["why"] for name in names)
            whole = "このシートへの記入は読めません" in found["why"]
            if whole or column or int(found["row"] or 0) in rows:
                return True
    return False


@forks
@pytest.mark.parametrize("place", FAR_CELLS)
def test_a_cell_far_away_from_the_others_does_not_end_the_program(
    home: Home, tmp_path: Path, place: str
) -> None:
    import resource

    target = home.folder / "記入.xlsx"
    harm.write_a_cell_far_away(home.folder / BOOKS[0], target, place)
    before = home.record.read_bytes()

    def work() -> int:
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        return home.import_(target.name)

    code = ended(start(work, tmp_path / "told.txt"))
    told = (tmp_path / "told.txt").read_text("utf-8", "replace")
    assert_no_traceback(told)
    assert code in {0, 3}, told
    assert code == 0 or home.record.read_bytes() == before
    assert code == 3 or home.taken() == set(home.filled)


TOO_LONG: Final = "題" * 101
PHONE: Final = "090-1234-5678"
WRONG_CELLS: Final = (
    (OPINION_SHEET, "issue_id", f"新：{TOO_LONG}"),
    (OPINION_SHEET, "issue_id", f"新：電話 {PHONE}"),
    (OPINION_SHEET, "issue_id", "新："),
    (OPINION_SHEET, "issue_id", "I999 ない課題"),
    (OPINION_SHEET, "comment", f"{PHONE} に電話する"),
    (OPINION_SHEET, "kind", "質問"),
    (OPINION_SHEET, "goal_id", "9 ない目標"),
    (OPINION_SHEET, "measure_id", "2-9"),
    (OPINION_SHEET, "personal", "この声にない言葉"),
    (ISSUE_SHEET, "title", TOO_LONG),
    (ISSUE_SHEET, "title", "tanaka@example.jp の題"),
    (ISSUE_SHEET, "status", "たぶん採用"),
    (ISSUE_SHEET, "merge_into", "I999"),
    (ASIDE_SHEET, "restore", "戻さない"),
    (CARRIED_SHEET, "withdraw", "取り消さない"),
)


@pytest.mark.parametrize(
    ("sheet", "field", "text"), WRONG_CELLS, ids=[f"{own[1]} {own[2][:12]}" for own in WRONG_CELLS]
)
def test_a_cell_that_cannot_be_taken_is_told_of_and_keeps_no_other_one_out(
    home: Home, sheet: str, field: str, text: str, capfd
) -> None:
    book = openpyxl.load_workbook(home.folder / BOOKS[0])
    used = {own.key for own in home.filled if own.sheet == sheet}
    rows = harm.rows_of(book, sheet)
    (number,) = next((rows[key] for key in rows if key not in used), [*rows.values()][-1])
    column = harm.EDITABLE[sheet][field]
    book[sheet].cell(number, harm.heads(book, sheet)[1].index(column) + 1).value = text
    book.save(home.folder / "記入.xlsx")
    before = home.record.read_bytes()
    capfd.readouterr()
    assert home.import_("記入.xlsx") == 4
    told = capfd.readouterr().err
    assert_told_in_japanese(told)
    assert f"シート「{sheet}」 {number}行目" in told
    assert home.record.read_bytes() == before
    assert home.import_("記入.xlsx", more=("--accept-clean",)) == 0
    told = capfd.readouterr().err
    assert f"シート「{sheet}」 {number}行目" in told
    missing = set(home.filled) - home.taken()
    assert all(is_told_of(own, (number,), told) for own in missing)
    assert len(missing) <= 1


def _zip(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


NO_WORKBOOKS: Final[dict[str, bytes]] = {
    "empty file": b"",
    "CSV in UTF-8": "課題番号,判定\r\nI001,採用\r\n".encode(),
    "CSV in CP932": "課題番号,判定\r\nI001,採用\r\n".encode("cp932"),
    "text": "議事録\n".encode("utf-16"),
    "HTML": b"<html><table><tr><td>I001</td></tr></table></html>",
    "file with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
    "ODS": _zip(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        content_xml="<office:document-content/>",
    ),
    "Word document": _zip(word__document_xml="<w:document/>"),
    "empty ZIP": _zip(),
    "ZIP mark alone": b"PK\x03\x04",
    "PDF": b"%PDF-1.7\n%%EOF\n",
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00",
    "Excel's own lock file": b"\x06tanaka" + b" " * 158,
    "zeros": bytes(30_000),
}


@pytest.mark.parametrize("kind", [*NO_WORKBOOKS, "folder", "missing file", "other workbook"])
def test_what_is_no_workbook_of_kadai_is_refused_by_name(home: Home, kind: str, capfd) -> None:
    target, before = home.folder / "記入.xlsx", home.record.read_bytes()
    if kind == "folder":
        target.mkdir()
    elif kind == "other workbook":
        book = openpyxl.Workbook()
        book.active.append(["番号", "ご意見"])
        book.save(target)
    elif kind != "missing file":
        target.write_bytes(NO_WORKBOOKS[kind])
    assert home.import_(target.name, more=("--accept-clean",)) == 3
    told = capfd.readouterr().err
    assert_told_in_japanese(told)
    assert "記入.xlsx" in told
    assert home.record.read_bytes() == before


def test_one_bad_workbook_among_several_keeps_the_others_out(home: Home, capfd) -> None:
    before = home.record.read_bytes()
    (home.folder / "記入.xlsx").write_bytes(b"")
    assert home.import_(BOOKS[0], "記入.xlsx") == 3
    assert_told_in_japanese(capfd.readouterr().err)
    assert home.record.read_bytes() == before


def test_one_workbook_named_twice_does_no_harm(home: Home, capfd) -> None:
    assert home.import_(BOOKS[0], BOOKS[0]) == 0
    assert_no_traceback(capfd.readouterr().err)
    assert home.taken() == set(home.filled)
    again = home.record.read_bytes()
    assert home.import_(BOOKS[1]) == 0
    assert home.record.read_bytes() == again


def test_two_decisions_on_one_thing_can_both_be_taken_back(home: Home) -> None:
    """Neither could be carried on, so both stand in the workbook, each with a cell of its own."""
    row = next(own for own in home.read() if own.field == "goal_id")
    wanted = {"goal_id": "3", "kind": "praise"}
    gone = [
        row._replace(
            decision_id=f"D-{field}",
            target_id="OGONE-01",
            field=field,
            value=value,
            text="もうない声",
        )
        for field, value in wanted.items()
    ]
    replaced = gone[0]._replace(decision_id="D-before", value="1")
    with home.record.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([replaced, *gone])
    assert kadai("run", home.folder / "study.toml", "--output", home.run) == 0
    assert (replaced.decision_id,) not in review(home.run)[CARRIED_SHEET]
    cells = [
        filled(
            CARRIED_SHEET, (own.decision_id,), own.field, "取り消す", "machine", column="withdraw"
        )
        for own in gone
    ]
    harm.fill_with_openpyxl(home.run / "review.xlsx", home.folder / "記入.xlsx", cells)
    assert home.import_("記入.xlsx") == 0
    values = [own.value for own in home.read() if own.target_id == "OGONE-01"]
    assert values == ["1", "3", "praise", "machine", "machine"]
    again = home.record.read_bytes()
    assert home.import_("記入.xlsx") == 0
    assert home.record.read_bytes() == again


def test_the_oddest_words_of_reviewers_do_not_stop_the_next_run(home: Home, capfd) -> None:
    odd = [own for own in harm.ODD if isinstance(own, str) and own.strip() and own[0] not in "=#"]
    opinions = review(home.run)[OPINION_SHEET]
    cells = [
        filled(OPINION_SHEET, key, "comment", " ".join(odd[number :: len(opinions)]), "")
        for number, key in enumerate(opinions)
    ]
    harm.fill_as_excel_does(home.run / "review.xlsx", home.folder / "記入.xlsx", cells)
    assert home.import_("記入.xlsx", more=("--accept-clean",)) == 0
    assert kadai("run", home.folder / "study.toml", "--output", home.run) == 0
    assert_no_traceback(capfd.readouterr().err)
    openpyxl.load_workbook(home.run / "review.xlsx")


# What is around a workbook


HOLDERS: Final = ("ends by itself", "is killed")
OPEN_BOOKS: Final = ("~${name}", ".~lock.{name}#")
READ_ONLY: Final = ("open to write", "replace", "write", "fsync")
CROWDS: Final = 3
CROWD: Final = 4


def hold(record: Path, seconds: float, ready: int) -> int:
    """Keep others from a record, as somebody does who adds decisions at the same moment."""
    with decision_log.locked(record):
        os.write(ready, b"x")
        time.sleep(seconds)
    return 0


@forks
@pytest.mark.parametrize("holder", HOLDERS)
def test_an_import_waits_for_another_one_only_so_long_and_says_so(
    home: Home, tmp_path: Path, monkeypatch, capfd, holder: str
) -> None:
    before = home.record.read_bytes()
    killed = holder == "is killed"
    told, ready = os.pipe()
    other = start(lambda: hold(home.record, 60 if killed else 0.8, ready), tmp_path / "told.txt")
    assert os.read(told, 1) == b"x"
    began = time.monotonic()
    assert home.import_(BOOKS[0]) == 3
    assert time.monotonic() - began < 5
    message = capfd.readouterr().err
    assert_told_in_japanese(message)
    assert "ほかの人が" in message
    assert home.record.read_bytes() == before
    patient = functools.partial(decision_log.locked, patience=20)
    monkeypatch.setattr(transfer, "locked", patient)
    if killed:
        os.kill(other, signal.SIGKILL)
    assert_next_import_takes_everything(home, before, BOOKS[0])
    assert ended(other) == (-signal.SIGKILL if killed else 0)


@pytest.mark.parametrize("mark", OPEN_BOOKS)
def test_a_workbook_that_is_still_open_is_read_and_told_of(home: Home, capfd, mark: str) -> None:
    (home.folder / mark.format(name=BOOKS[0])).write_bytes(NO_WORKBOOKS["Excel's own lock file"])
    assert home.import_(BOOKS[0]) == 0
    assert f"{BOOKS[0]} は、まだ開かれているようです" in capfd.readouterr().err
    assert home.taken() == set(home.filled)


@pytest.mark.parametrize("what", READ_ONLY)
def test_a_record_that_cannot_be_written_is_told_and_kept(home: Home, what: str, capfd) -> None:
    """A folder that is read-only, or a file that is open in Excel."""
    before, names = home.record.read_bytes(), home.names()

    class ReadOnly(Faults):
        def meet(self, own: str, *_: object) -> None:
            if own == what:
                ERRORS["no permission"]()

    with ReadOnly(home.folder).armed():
        assert home.import_(BOOKS[0]) == 3
    told = capfd.readouterr().err
    assert_told_in_japanese(told)
    assert str(home.record) in told
    assert "Excel などで開いていれば閉じ" in told
    assert home.names() - names <= {f".{DECISIONS}.lock"}
    assert_next_import_takes_everything(home, before, BOOKS[0])


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to this user"
)
def test_a_read_only_folder_is_told_of(home: Home, capfd) -> None:
    before = home.record.read_bytes()
    home.folder.chmod(0o555)
    try:
        assert home.import_(BOOKS[0]) == 3
    finally:
        home.folder.chmod(0o755)
    assert_told_in_japanese(capfd.readouterr().err)
    assert_next_import_takes_everything(home, before, BOOKS[0])


@forks
@pytest.mark.parametrize("seed", range(CROWDS))
def test_what_several_people_take_in_at_the_same_moment_is_all_there(
    home: Home, ways: dict[str, list[Access]], tmp_path: Path, monkeypatch, seed: int
) -> None:
    """In the last two rounds one of them is killed on the way."""
    monkeypatch.setattr(transfer, "locked", decision_log.locked)
    before = set_scene(home, SCENES[seed])
    rng = random.Random(f"crowd {seed}")
    rows = list(dict.fromkeys((own.sheet, own.key) for own in home.filled))
    shares = [
        [own for own in home.filled if (own.sheet, own.key) in rows[number::CROWD]]
        for number in range(CROWD)
    ]
    names = []
    for number, share in enumerate(shares):
        names.append(f"委員{number}.xlsx")
        harm.fill_with_openpyxl(home.run / "review.xlsx", home.folder / names[-1], share)
    gate, opened = os.pipe()

    def work(number: int) -> int:
        os.close(opened)
        os.read(gate, 1)  # until everybody is there
        at = pick(rng, ways[SCENES[seed]], removing=True) if number == seed > 0 else 0
        with Faults(home.folder, at, kill).armed():
            book = home.folder / names[number]
            return kadai("review", "import", home.run, book, "--reviewer", f"委員{number}")

    others = [start(lambda own=own: work(own), tmp_path / f"told{own}") for own in range(CROWD)]
    os.close(opened)
    os.close(gate)
    codes = [ended(own) for own in others]
    assert codes == [-signal.SIGKILL if own == seed > 0 else 0 for own in range(CROWD)]
    assert home.record.read_bytes().startswith(before)
    safe = {own for number, share in enumerate(shares) for own in share if not codes[number]}
    assert safe <= home.taken()
    ids = [own.decision_id for own in home.read()]
    assert len(set(ids)) == len(ids)
    assert_next_import_takes_everything(home, before, names[seed])


# Damaged records and run folders


BROKEN: Final = (
    (decay.cut_in_a_row, 7),
    (decay.in_cp932, 1),
    (decay.in_utf_16, 1),
    (decay.with_another_header, 4),
    (decay.with_a_row_twice, 2),
    (decay.with_zeros_at_the_end, 2),
    (decay.with_zeros_in_a_row, 4),
    (decay.with_a_huge_cell, 1),
    (decay.with_an_open_quote, 2),
    (decay.with_marks_of_a_merge, 1),
    (decay.with_a_wrong_value, 3),
    (decay.emptied, 1),
)
BROKEN_CASES: Final = [(damage, seed) for damage, times in BROKEN for seed in range(times)]


@pytest.fixture
def _as_in_a_new_process() -> Iterator[None]:
    """Reading answers lets CSV files have longer cells than a new process does."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("_as_in_a_new_process")
@pytest.mark.parametrize(("damage", "seed"), BROKEN_CASES, ids=ids(BROKEN_CASES))
def test_a_damaged_record_is_named_with_its_row_and_not_touched(
    home: Home, damage: Callable[..., decay.Broken], seed: int, capfd
) -> None:
    content, row = damage(random.Random(f"{damage.__name__} {seed}"), home.record.read_bytes())
    home.record.write_bytes(content)
    names = home.names()
    for command in (
        lambda: home.import_(BOOKS[0], more=("--accept-clean", "--overrule")),
        lambda: kadai("run", home.folder / "study.toml", "--output", home.folder / "次"),
    ):
        assert command() == 3
        told = capfd.readouterr().err
        assert_told_in_japanese(told)
        assert DECISIONS in told
        assert row is None or f" {row}行目" in told, (row, told)
    assert home.record.read_bytes() == content
    assert home.names() - names <= {f".{DECISIONS}.lock"}


SPOILS: Final = (
    (decay.cut_a_table, 3),
    (decay.lose_a_table, 2),
    (decay.flip_a_bit_of_a_table, 3),
    (decay.swap_two_tables, 1),
    (decay.lose_all_tables, 1),
    (decay.lose_the_manifest, 1),
    (decay.cut_the_manifest, 3),
    (decay.fill_the_manifest_with_odd_things, 4),
    (decay.change_a_section_of_the_manifest, 4),
    (decay.lose_the_study, 1),
    (decay.cut_the_study, 2),
    (decay.fill_the_study_with_odd_things, 2),
    (decay.lose_the_plan, 1),
    (decay.lose_everything, 1),
)
SPOIL_CASES: Final = [(damage, seed) for damage, times in SPOILS for seed in range(times)]


@pytest.mark.parametrize(("damage", "seed"), SPOIL_CASES, ids=ids(SPOIL_CASES))
def test_a_damaged_run_folder_is_told_of_and_nothing_is_taken(
    home: Home, damage: Callable[[random.Random, Path], None], seed: int, capfd
) -> None:
    damage(random.Random(f"{damage.__name__} {seed}"), home.run)
    before, names = home.record.read_bytes(), home.names()
    more = ("--decisions", str(home.record))
    assert home.import_(BOOKS[0], more=(*more, "--accept-clean")) == 3
    assert_told_in_japanese(capfd.readouterr().err)
    assert home.record.read_bytes() == before
    assert kadai("review", "export", home.run, "--output", home.folder / "渡す.xlsx") == 3
    assert_told_in_japanese(capfd.readouterr().err)
    assert home.names() == names


def test_there_are_two_hundred_faults_at_least() -> None:
    n_faults = (
        KILLED_IMPORTS + FAILED_IMPORTS + CUT_OFF_IMPORTS
        + KILLED_RUNS + FAILED_RUNS + KILLED_WHOLE_RUNS + FAILED_EXPORTS
        + len(CASES) + len(HARMLESS) + len(WRONG_CELLS) + len(FAR_CELLS) + len(NO_WORKBOOKS) + 3
        + len(HOLDERS) + len(OPEN_BOOKS) + len(READ_ONLY) + CROWDS
        + len(BROKEN_CASES) + len(SPOIL_CASES)
    )  # fmt: skip
    assert n_faults >= 200
