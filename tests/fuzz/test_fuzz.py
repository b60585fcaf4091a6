"""The fuzzer in short form: fixed cases of every kind are read or refused, nothing else."""

from __future__ import annotations

import sys

import pytest

from pipeline.errors import KadaiError

if sys.platform == "win32":
    pytest.skip("the fuzzer forks", allow_module_level=True)

from tests.fuzz import cases
from tests.fuzz.cases import draw, run_cases
from tests.fuzz.runs import run_case
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, make_case

N_CASES = 240

# Cases that once ended in a traceback, a hang or a loss: kind, number and what it was.
ONCE_FOUND = (
    ("study", 154, "a key of thousands of letters took minutes"),
    ("text", 508, "a broken byte behind the last line"),
    ("delimited", 1070, "a broken byte behind the last line"),
    ("xlsx", 12438, "a cell in the last row of the sheet"),
)


@pytest.fixture(autouse=True)
def _slow_machines_have_time(monkeypatch) -> None:
    """The gate runs on machines of any speed; ``make fuzz`` holds the five seconds."""
    monkeypatch.setattr(cases, "MOST_SECONDS", 3 * cases.MOST_SECONDS)


def test_every_seed_is_read_before_it_is_damaged(tmp_path) -> None:
    for kind, own in seeds().items():
        for number, (suffix, content) in enumerate(own):
            path = tmp_path / f"{kind}{number}{suffix}"
            path.write_bytes(content)
            TARGETS[kind].read(path)


def test_the_same_number_makes_the_same_file() -> None:
    for kind in TARGETS:
        assert make_case(kind, 3) == make_case(kind, 3)


def test_damaged_files_are_read_or_refused() -> None:
    result = run_cases(draw(N_CASES))
    assert [(own.kind, own.number, own.what, own.trace) for own in result.findings] == []
    outcomes = {outcome for _, outcome in result.counts}
    assert outcomes == {"read", "refused"}


@pytest.mark.parametrize(("kind", "number", "what"), ONCE_FOUND)
def test_what_was_found_once_is_not_found_again(kind, number, what) -> None:
    result = run_cases([(kind, number)])
    assert result.findings == [], what


@pytest.mark.parametrize("number", range(3))
def test_a_run_on_a_damaged_file_is_whole_or_refused(number, tmp_path) -> None:
    assert run_case(number, tmp_path) in {"read", "refused"}


def test_an_error_is_no_finding_and_everything_else_is(monkeypatch) -> None:
    def fail(_path):
        raise IndexError("list index out of range")

    def refuse(_path):
        raise KadaiError("読めません。", remedy="直してください。")

    for read, outcome in ((fail, "finding"), (refuse, "refused")):
        monkeypatch.setitem(TARGETS, "plan", TARGETS["plan"]._replace(read=read))
        assert set(run_cases([("plan", 0)]).counts) == {("plan", outcome)}
