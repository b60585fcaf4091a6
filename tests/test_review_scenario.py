"""A committee's year, as its people would go through it: review, run, new answers, run again.

The workbook is filled in by openpyxl and, where there is one, by LibreOffice itself.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

from pipeline import tables
from pipeline.cli import main
from pipeline.decisions import MEMBERS

if TYPE_CHECKING:
    import pandas as pd

EDITOR: Final = Path(__file__).with_name("libreoffice_edit.py")

Edit = tuple[str, str, str, str, str]


def python_with_uno() -> str | None:
    """Python that can speak to LibreOffice; Debian's own can."""
    for name in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python"):
        if shutil.which("soffice") and Path(name).exists():
            found = subprocess.run([name, "-c", "import uno"], check=False, capture_output=True)
            if found.returncode == 0:
                return name
    return None


def edit_with_openpyxl(source: Path, target: Path, edits: list[Edit]) -> None:
    book = openpyxl.load_workbook(source)
    for sheet_name, key_column, key, column, text in edits:
        sheet = book[sheet_name]
        head = [cell.value for cell in sheet[1]]
        (row,) = (
            own for own in sheet.iter_rows(min_row=2) if own[head.index(key_column)].value == key
        )
        row[head.index(column)].value = text
    book.save(target)


def edit_with_libreoffice(source: Path, target: Path, edits: list[Edit]) -> None:
    python = python_with_uno()
    if python is None:
        pytest.skip("no LibreOffice that can be spoken to")
    listed = target.with_suffix(".json")
    listed.write_text(json.dumps(edits, ensure_ascii=False), "utf-8")
    subprocess.run(
        [python, EDITOR, source, target, listed], check=True, timeout=200, capture_output=True
    )


EDITORS: Final = {"openpyxl": edit_with_openpyxl, "LibreOffice": edit_with_libreoffice}


def load(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: tables.load_table(name, folder / "tables") for name in tables.SCHEMAS}


def kadai(*arguments: object) -> None:
    assert main([str(own) for own in arguments]) == 0


@dataclass
class Plan:
    """What the committee wants, by the numbers of the first run."""

    renamed: dict[str, str] = field(default_factory=dict)
    merged: tuple[str, str, str] = ("", "", "")  # two into the third
    moved: dict[str, str] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    rejected: str = ""
    restored: list[tuple[str, int, int]] = field(default_factory=list)

    def edits(self, made: dict[str, pd.DataFrame]) -> list[Edit]:
        titles = dict(zip(made["issues"]["issue_id"], made["issues"]["title"], strict=True))
        one, two, into = self.merged
        shown = f"{into} {titles[into]}"
        issues = [("題（修正）", own, title) for own, title in self.renamed.items()]
        issues += [("統合先", one, shown), ("統合先", two, shown), ("判定", self.rejected, "却下")]
        opinions = [("課題（移動先）", own, f"{to} {titles[to]}") for own, to in self.moved.items()]
        opinions += [("目標（修正）", own, f"{goal} …") for own, goal in self.goals.items()]
        return [
            *(("課題", "課題番号", own, column, text) for column, own, text in issues),
            *(("意見", "意見番号", own, column, text) for column, own, text in opinions),
            *(("対象外", "回答番号", answer, "戻す", "戻す") for answer, _, _ in self.restored),
        ]


def committee(made: dict[str, pd.DataFrame]) -> Plan:
    """Pick what to correct: nothing that two corrections would touch at once."""
    issues, opinions, aside = made["issues"], made["opinions"], made["set_aside"]
    ids = issues.sort_values(["n_opinions", "issue_id"], ascending=[False, True])[
        "issue_id"
    ].tolist()
    alone = opinions["opinion_id"].map(
        opinions["duplicate_of"]
        .where(opinions["duplicate_of"] != "", opinions["opinion_id"])
        .value_counts()
    )
    single = opinions[alone == 1]
    moving = single[single["issue_id"].isin(ids[6:16])].groupby("issue_id").head(1).head(10)
    with_goal = single[(single["goal_id"] == "1") & ~single["issue_id"].isin(ids[3:30])]
    whole = aside[(aside["start"] == 0) & (aside["stage"] == "opinions")]
    pieces = whole[~whole["answer_id"].duplicated(keep=False)].head(2)
    return Plan(
        renamed={own: f"{number}番目の課題" for number, own in enumerate(ids[:3], start=1)},
        merged=(ids[4], ids[5], ids[3]),
        moved=dict.fromkeys(moving["opinion_id"], ids[20]),
        goals=dict.fromkeys(with_goal["opinion_id"].head(5), "4"),
        rejected=ids[25],
        restored=list(pieces[["answer_id", "start", "end"]].itertuples(index=False, name=None)),
    )


def write_study(folder: Path, answers: pd.DataFrame, share: float) -> Path:
    """A survey of the sample's answers: all, or without every tenth."""
    folder.mkdir(exist_ok=True)
    rows = [
        (row.respondent_id or row.answer_id, row.question, row.raw_text)
        for number, row in enumerate(answers.itertuples())
        if number % 10 >= (1 - share) * 10
    ]
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("番号", "問い", "ご意見"), *rows])
    study = folder / "study.toml"
    study.write_text(
        'title = "委員会の一年"\n[[sources]]\nid = "S"\nkind = "survey"\nfile = "answers.csv"\n'
        'text = ["ご意見"]\nrespondent = "番号"\n',
        "utf-8",
    )
    return study


@pytest.fixture(scope="module")
def first(sample_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the study with nine tenths of its answers, run once."""
    folder = tmp_path_factory.mktemp("year") / "study"
    answers = tables.load_table("answers", sample_run / "tables")
    study = write_study(folder, answers, 0.9)
    kadai("run", study, "--output", folder / "first")
    return folder


@dataclass(frozen=True)
class Year:
    """The folder, what the committee wanted, and its three runs."""

    folder: Path
    wanted: Plan
    before: dict[str, pd.DataFrame]
    after: dict[str, pd.DataFrame]
    grown: dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=list(EDITORS))
def year(first: Path, sample_run: Path, tmp_path_factory, request) -> Year:
    folder = tmp_path_factory.mktemp("reviewed") / "study"
    shutil.copytree(first, folder)
    before = load(folder / "first")
    wanted = committee(before)
    assert len(wanted.moved) == 10
    assert len(wanted.goals) == 5
    edited = folder / "記入.xlsx"
    EDITORS[request.param](folder / "first" / "review.xlsx", edited, wanted.edits(before))
    kadai("review", "import", folder / "first", edited, "--reviewer", "策定委員会")
    kadai("run", folder / "study.toml", "--output", folder / "after")
    after = load(folder / "after")
    write_study(folder, tables.load_table("answers", sample_run / "tables"), 1.0)
    kadai("run", folder / "study.toml", "--output", folder / "grown")
    return Year(folder, wanted, before, after, load(folder / "grown"))


def by(table: pd.DataFrame, key: str) -> dict[str, dict[str, object]]:
    return {str(row[key]): row for row in table.to_dict("records")}


def test_every_edit_became_one_decision_with_the_value_that_was_seen(year: Year) -> None:
    with (year.folder / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["field"] != MEMBERS]
    assert len(rows) == 3 + 2 + 10 + 5 + 1 + 2
    assert {row["reviewer"] for row in rows} == {"策定委員会"}
    opinions, issues = (
        by(year.before["opinions"], "opinion_id"),
        by(year.before["issues"], "issue_id"),
    )
    for row in rows:
        if row["field"] == "title":
            assert row["value_seen"] == issues[row["target_id"]]["title"]
        if row["field"] == "goal_id":
            assert row["value_seen"] == opinions[row["target_id"]]["goal_id"]
        if row["field"] == "issue_id":
            assert row["value_seen"] == opinions[row["target_id"]]["issue_id"]


def test_all_of_it_stands_in_the_tables_with_the_machines_values_beside(year: Year) -> None:
    for made in (year.after, year.grown):
        issues, opinions = by(made["issues"], "issue_id"), by(made["opinions"], "opinion_id")
        machine = by(made["machine_issues"], "issue_id")
        for own, title in year.wanted.renamed.items():
            assert issues[own]["title"] == title
            assert issues[own]["machine_title"] == machine[own]["title"] != title
        one, two, into = year.wanted.merged
        assert one not in issues
        assert two not in issues
        assert (machine[one]["outcome"], machine[one]["merged_into"]) == ("merged", into)
        from_one = made["opinions"][made["opinions"]["machine_issue_id"] == one]
        assert set(from_one["issue_id"]) - {"", *year.wanted.moved.values()} == {into}
        for own, to in year.wanted.moved.items():
            assert opinions[own]["issue_id"] == to != opinions[own]["machine_issue_id"]
        for own, goal in year.wanted.goals.items():
            row = opinions[own]
            assert (row["goal_id"], row["assigned_by"]) == (goal, "策定委員会")
        assert issues[year.wanted.rejected]["status"] == "却下"
        back = made["opinions"][made["opinions"]["restored"] == 1]
        assert set(back["answer_id"]) == {answer for answer, _, _ in year.wanted.restored}
        assert not set(made["set_aside"]["answer_id"]) & set(back["answer_id"])


def test_nothing_else_changed(year: Year) -> None:
    """But for a few opinions: what is brought back may make a small issue of its own."""
    before, after = (by(own["opinions"], "opinion_id") for own in (year.before, year.after))
    touched = {*year.wanted.moved, *year.wanted.goals}
    learnt = set(year.after["lessons"]["opinion_id"])
    one, two, _ = year.wanted.merged
    shifted = {
        name
        for name, row in before.items()
        if after[name]["machine_issue_id"] != row["machine_issue_id"]
    }
    assert len(shifted) <= 0.02 * len(before)
    for name, row in before.items():
        now = after[name]
        if name not in touched | shifted and row["issue_id"] not in {one, two}:
            assert now["issue_id"] == row["issue_id"]
        if name not in touched | learnt | shifted:
            assert now["goal_id"] == row["goal_id"]


def test_sizes_are_counted_anew(year: Year) -> None:
    for made in (year.after, year.grown):
        counts = made["opinions"]["issue_id"].value_counts()
        for own, row in by(made["issues"], "issue_id").items():
            assert row["n_opinions"] == counts[own]
        assert set(made["issues"]["issue_id"]) == set(counts.index) - {""}


def test_it_stands_in_the_report_and_in_the_next_workbook(year: Year) -> None:
    report = (year.folder / "after" / "report.html").read_text("utf-8")
    book = openpyxl.load_workbook(year.folder / "after" / "review.xlsx")
    shown = {
        sheet: "\n".join(
            str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value
        )
        for sheet in ("課題", "意見", "引き継ぎ")
    }
    for title in year.wanted.renamed.values():
        assert title in report
        assert title in shown["課題"]
    assert "却下" in shown["課題"]
    assert "却下" in report
    assert shown["引き継ぎ"].count("使っている") == 23
    assert "策定委員会" in report


def test_decisions_are_carried_forward_to_a_run_with_a_tenth_more_answers(year: Year) -> None:
    assert len(year.grown["answers"]) > 1.05 * len(year.after["answers"])
    decided = year.grown["applied_decisions"]
    decided = decided[decided["field"] != MEMBERS]
    assert len(decided) == 23
    carried = decided["stands"].sum()
    assert carried >= 0.95 * len(decided)
    assert (decided.loc[decided["stands"] == 0, "why_not"] != "").all()


def test_runs_with_decisions_can_be_made_again(year: Year) -> None:
    kadai("verify", year.folder / "grown")


def test_the_same_files_and_decisions_give_the_same_bytes(year: Year, tmp_path: Path) -> None:
    kadai("run", year.folder / "study.toml", "--output", tmp_path / "again")
    for name in ("manifest.json", "review.xlsx", "report.html", "decisions.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (
            year.folder / "grown" / name
        ).read_bytes()


def test_taking_the_same_workbook_twice_adds_nothing(year: Year) -> None:
    before = (year.folder / "decisions.csv").read_bytes()
    kadai(
        "review", "import", year.folder / "first", year.folder / "記入.xlsx", "--reviewer", "策定委員会"
    )  # fmt: skip
    assert (year.folder / "decisions.csv").read_bytes() == before
