"""The file of decisions grows as a whole or not at all, and no byte of it is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decision_log import added_to, append_decisions, as_rows, locked
from pipeline.decisions import COLUMNS, Decision, load_decisions, parse_decisions
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.plan import Plan

MARK = b"\xef\xbb\xbf"
HEADER = MARK + ",".join(COLUMNS).encode() + b"\r\n"


def decision(number: int, **other: str) -> Decision:
    own = Decision(
        f"D{number:03}", "O1", "goal_id", "1", "2", "田中", "2026-05-01T10:00:00+09:00", "",
        "r1", "道が狭い",
    )  # fmt: skip
    return own._replace(**other)


ONE, OTHER = decision(1), decision(2, text='"狭い",\n暗い', reason="理由, ほか")


def hidden_files(folder: Path) -> list[str]:
    """What was left behind beside the file, but for its lock."""
    return [own.name for own in folder.iterdir() if own.name not in {"d.csv", ".d.csv.lock"}]


# What is written


@pytest.mark.parametrize("content", [b"", MARK, b"\r\n", MARK + b"\n"])
def test_a_new_file_begins_with_its_mark_and_header(content: bytes, small_plan: Plan) -> None:
    made = added_to(content, [ONE])
    assert made.startswith(HEADER + b"D001,O1,")
    assert parse_decisions(made, small_plan) == (ONE,)


@pytest.mark.parametrize(
    "before",
    [HEADER, HEADER[len(MARK) :], HEADER.replace(b"\r\n", b"\n"), HEADER + as_rows([ONE]).encode()],
    ids=["header", "no mark", "other line ends", "rows"],
)
def test_not_a_byte_of_what_was_there_changes(before: bytes, small_plan: Plan) -> None:
    made = added_to(before, [OTHER])
    assert made[: len(before)] == before
    assert parse_decisions(made, small_plan) == (*parse_decisions(before, small_plan), OTHER)


def test_a_row_does_not_run_into_a_last_line_without_an_end(small_plan: Plan) -> None:
    before = added_to(b"", [ONE]).removesuffix(b"\r\n")
    made = added_to(before, [OTHER])
    assert made.startswith(before + b"\r\n")
    assert parse_decisions(made, small_plan) == (ONE, OTHER)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(
    str.strip
)


def test_what_ends_a_text_in_other_programs_does_not_damage_the_record(small_plan: Plan) -> None:
    (own,) = parse_decisions(added_to(b"", [ONE._replace(reason="a\0b")]), small_plan)
    assert own.reason == "a\ufffdb"


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=4))
def test_whatever_people_write_is_read_again_as_they_wrote_it(
    small_plan: Plan, cells: list[tuple[str, str, str]]
) -> None:
    rows = tuple(
        decision(number, reason=reason, text=text, value_seen=seen)
        for number, (reason, text, seen) in enumerate(cells)
    )
    try:
        found = parse_decisions(added_to(b"", rows), small_plan)
    except InputError as error:
        assert "電話番号やメールアドレス" in str(error)  # noqa: PT017 - the only reason to refuse
    else:
        assert found == rows


def test_adding_in_two_steps_is_adding_at_once() -> None:
    assert added_to(added_to(b"", [ONE]), [OTHER]) == added_to(b"", [ONE, OTHER])


# The file


def test_decisions_are_added_at_the_end_of_the_file(tmp_path: Path, small_plan: Plan) -> None:
    path = tmp_path / "d.csv"
    append_decisions(path, [ONE])
    before = path.read_bytes()
    append_decisions(path, [OTHER])
    assert path.read_bytes()[: len(before)] == before
    assert load_decisions(path, small_plan) == (ONE, OTHER)
    assert hidden_files(tmp_path) == []


def test_without_decisions_no_file_is_made_or_touched(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    append_decisions(path, [])
    assert not path.exists()
    path.write_bytes(b"anything")
    os.utime(path, (1, 1))
    append_decisions(path, [])
    assert path.stat().st_mtime == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_who_may_read_the_file_stays_as_it_was(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "d.csv"
    append_decisions(path, [ONE])
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(mode)
    append_decisions(path, [OTHER])
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_where_writing_fails_the_file_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "d.csv"
    append_decisions(path, [ONE])
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(InputError, match="判断の記録に書き込めません。何も書き込んでいません。"):
        append_decisions(path, [OTHER])
    assert path.read_bytes() == before
    assert hidden_files(tmp_path) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"d\.csv"):
        append_decisions(tmp_path / "ない" / "d.csv", [ONE])


# Two people at once


def test_while_somebody_holds_the_file_nobody_else_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    with (
        locked(path),
        pytest.raises(InputError, match="ほかの人が、同じ判断の記録に書き込んでいます。") as caught,
        locked(path, patience=0.05),
    ):
        pytest.fail("two hold it")
    assert "まだ何も書き込んでいません" in str(caught.value)
    with locked(path, patience=0.05):
        assert hidden_files(tmp_path) == []


def test_the_file_is_free_again_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"

    def stumble() -> None:
        with locked(path):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    with locked(path, patience=0.05):
        pass


def test_files_of_one_folder_are_held_apart(tmp_path: Path) -> None:
    with locked(tmp_path / "d.csv"), locked(tmp_path / "e.csv", patience=0.05):
        pass


def test_a_file_is_free_again_when_the_program_that_held_it_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    script = (
        "import sys, time, pathlib\nfrom pipeline.decision_log import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError), locked(path, patience=0.05):
            pass
        holder.kill()
    with locked(path, patience=5):
        pass


def test_of_two_who_write_at_the_same_moment_both_are_in_the_file(
    tmp_path: Path, small_plan: Plan
) -> None:
    path = tmp_path / "d.csv"

    def write(first: int) -> None:
        for number in range(first, first + 8):
            with locked(path):
                append_decisions(path, [decision(number)])

    writers = [threading.Thread(target=write, args=(first,)) for first in (100, 200)]
    for own in writers:
        own.start()
    for own in writers:
        own.join()
    found = {own.decision_id for own in load_decisions(path, small_plan)}
    assert found == {f"D{first + n}" for first in (100, 200) for n in range(8)}
