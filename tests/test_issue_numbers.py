"""On a real survey: issues keep their numbers when a fifth of the respondents is another."""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import pytest

from pipeline import tables
from pipeline.analysis import analyse, run_study
from pipeline.identity import highest_number
from pipeline.infer import infer_study
from pipeline.progress import Watch

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

SHARE = 0.2


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    return head, rows


def write(path: Path, head: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def numbers(opinions: pd.DataFrame) -> dict[str, str]:
    return dict(zip(opinions["opinion_id"], opinions["machine_issue_id"], strict=True))


def kept(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Share of the opinions that stayed and were in an issue that keep its number."""
    then, now = numbers(before), numbers(after)
    stayed = [own for own in now if then.get(own)]
    assert len(stayed) > 1000
    return sum(then[own] == now[own] for own in stayed) / len(stayed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("waves")


def test_nine_tenths_of_the_opinions_that_stay_keep_the_number_of_their_issue(
    real_data: Path, folder: Path
) -> None:
    head, rows = rows_of(real_data / "fukui" / "2024-08.csv")
    other_head, others = rows_of(real_data / "fukui" / "2025-01.csv")
    assert head == other_head
    chance = random.Random(5)
    n_new = round(SHARE * len(rows))
    stay = sorted(chance.sample(range(len(rows)), len(rows) - n_new))
    new = [rows[number] for number in stay] + chance.sample(others, n_new)

    path = write(folder / "wave.csv", head, rows)
    study, _ = infer_study([path])
    first = run_study(study, folder, folder / "first")
    write(path, head, new)
    naive = analyse(study, folder, Watch()).tables
    lasting = analyse(
        study.model_copy(update={"previous": str(folder / "first")}), folder, Watch()
    ).tables

    before = tables.load_table("opinions", folder / "first" / "tables")
    assert first == folder / "first"
    assert kept(before, lasting["opinions"]) >= 0.9
    assert kept(before, naive["opinions"]) < kept(before, lasting["opinions"])
    # A number that was given once is given to nothing else.
    old = set(numbers(before).values())
    fresh = set(lasting["machine_issues"]["issue_id"]) - old
    assert all(highest_number([own]) > highest_number(old) for own in fresh)
