"""Where the maps run changes nothing: here, on processes, with processes that die."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import Reuse, open_engine
from pipeline.engine.parts import read_part, read_quick_part, write_part, write_quick_part
from pipeline.engine.processes import Processes
from pipeline.engine.scratch import Scratch
from pipeline.errors import InputError, KadaiError, UsageError
from tests import engine_fixture as toy

SIZES = (1, 400, 0, 3, 997, 50, 2, 2, 300)
fork = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux")


def serial(task, sizes=SIZES):
    with open_engine("serial") as engine:
        return list(engine.map(task, toy.chunks(*sizes)))


def same(one, other):
    return [table.schema for table in one] == [table.schema for table in other] and all(
        mine.equals(yours) for mine, yours in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_processes_give_what_one_process_gives_in_the_same_order(workers):
    with open_engine("processes", workers) as engine:
        found = list(engine.map(toy.task(), toy.chunks(*SIZES)))
    assert same(found, serial(toy.task()))


def test_spawned_processes_give_the_same_and_stay_for_the_next_map():
    with open_engine("processes", 2, method="spawn") as engine:
        first = list(engine.map(toy.task(), toy.chunks(*SIZES)))
        second = list(engine.map(toy.task(factor=7), toy.chunks(5, 6)))
    assert same(first, serial(toy.task()))
    assert same(second, serial(toy.task(factor=7), (5, 6)))


def test_parts_are_gone_when_they_are_read(tmp_path):
    with Scratch(tmp_path) as scratch:
        engine = Processes(2, scratch)
        found = list(engine.map(toy.task(), toy.chunks(*SIZES)))
        left = [path.name for path in scratch.folder().iterdir()]
    assert same(found, serial(toy.task()))
    assert [name for name in left if name != "lock"] == []
    assert list(tmp_path.iterdir()) == []


@given(
    numbers=st.lists(st.one_of(st.none(), st.floats()), max_size=20),
    words=st.lists(st.one_of(st.none(), st.text()), max_size=20),
)
@settings(max_examples=30, deadline=None)
def test_a_table_that_travelled_is_the_same(tmp_path_factory, numbers, words):
    n = min(len(numbers), len(words))
    table = pa.table(
        {
            "number": pa.array(numbers[:n], pa.float64()),
            "word": pa.array(words[:n], pa.string()),
            "kind": pa.array(words[:n], pa.dictionary(pa.int8(), pa.string())),
            "nothing": pa.nulls(n),
            "pieces": pa.array([[own] for own in numbers[:n]], pa.list_(pa.float32())),
        },
        metadata={"about": "試し"},
    )
    path = tmp_path_factory.mktemp("part") / "a.part"
    for write, read in ((write_part, read_part), (write_quick_part, read_quick_part)):
        write(table, path)
        back = read(path)
        assert back.schema.equals(table.schema, check_metadata=True)
        assert repr(back.to_pylist()) == repr(table.to_pylist())  # nan is nan, -0.0 is not 0.0


def test_little_work_is_done_here_and_much_by_others():
    def pids(*sizes):
        with open_engine("auto", 2) as engine:
            list(engine.map(toy.task(), toy.chunks(*sizes)))
            return engine._many._scratch._folder is not None  # a map over processes has one

    assert not pids(10, 20, 30)
    assert not pids(100_000)  # one chunk cannot be shared
    if sys.platform == "linux":
        assert pids(500, 500, 10)


def test_auto_gives_the_same():
    with open_engine(None, 2) as engine:
        found = list(engine.map(toy.task(), toy.chunks(*SIZES)))
    assert same(found, serial(toy.task()))


def test_progress_counts_every_row_once():
    for name in ("serial", "processes"):
        done = []
        with open_engine(name, 2) as engine:
            list(engine.map(toy.task(), toy.chunks(*SIZES), done.append))
        assert done == list(SIZES)


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_chunks_are_taken_only_as_results_are(name):
    taken = []

    def counted():
        for number, chunk in enumerate(toy.chunks(*[2] * 50)):
            taken.append(number)
            yield chunk

    with open_engine(name, 2) as engine:
        for number, _ in enumerate(engine.map(toy.task(), counted())):
            assert len(taken) - number <= 2 * 2
    assert len(taken) == 50


@fork
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_that_is_killed_changes_nothing(method, tmp_path):
    task = toy.task(trap="killed once", place=tmp_path, at=404)
    with open_engine("processes", 2, method=method) as engine:
        found = list(engine.map(task, toy.chunks(*SIZES)))
    assert (tmp_path / "sprung").exists()
    assert same(found, serial(toy.task()))


@fork
def test_workers_that_are_killed_again_and_again_end_it_with_one_message():
    with open_engine("processes", 2) as engine, pytest.raises(KadaiError, match="何度も止め"):
        list(engine.map(toy.task(trap="always killed", at=404), toy.chunks(*SIZES)))


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_an_error_comes_back_as_itself(name):
    task = toy.task(trap="input error", at=404)
    with open_engine(name, 2) as engine, pytest.raises(InputError) as caught:
        list(engine.map(task, toy.chunks(*SIZES)))
    assert (
        str(caught.value) == "読めません。\n場所: ファイル「a.csv」 7行目\n対処: 直してください。"
    )


def test_an_error_that_cannot_travel_comes_back_by_its_name():
    with (
        open_engine("processes", 2) as engine,
        pytest.raises(RuntimeError, match=r"Unfriendly.*one"),
    ):
        list(engine.map(toy.task(trap="unfriendly", at=404), toy.chunks(*SIZES)))


def test_results_before_an_error_have_been_given():
    given_before = []
    task = toy.task(trap="input error", at=1500)
    with open_engine("processes", 2) as engine, pytest.raises(InputError):
        given_before.extend(engine.map(task, toy.chunks(*SIZES)))  # stops in the middle
    with open_engine("processes", 2) as engine:
        results = engine.map(task, toy.chunks(*SIZES))
        assert next(results).num_rows == 1


@fork
def test_a_map_that_nobody_finishes_leaves_no_process(tmp_path):
    with open_engine("processes", 2) as engine:
        results = engine.map(toy.task(trap="sleep", place=tmp_path, at=5), toy.chunks(*SIZES))
        next(results)
        wait_for_file(tmp_path, "asleep-*")
    pid = int(next(tmp_path.glob("asleep-*")).name.removeprefix("asleep-"))
    assert not is_alive(pid)


@fork
def test_a_call_runs_beside_the_main_process_and_gives_its_result(tmp_path):
    with open_engine("processes", 2) as engine:
        call = engine.call(toy.write_greeting, tmp_path / "a.txt", ["はい", "どうぞ"])
        assert call.result() != os.getpid()
    assert (tmp_path / "a.txt").read_text("utf-8") == "はい どうぞ"


def test_a_call_without_workers_runs_here(tmp_path):
    with open_engine("serial") as engine:
        assert engine.call(toy.write_greeting, tmp_path / "a.txt", []).result() == os.getpid()


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_an_error_of_a_call_is_told_when_its_result_is_asked_for(name):
    with open_engine(name, 2) as engine:
        call = engine.call(toy.fail, "だめです。")
        with pytest.raises(InputError, match="だめです"):
            call.result()


@fork
def test_a_call_whose_process_is_killed_is_made_again_here(tmp_path):
    with open_engine("processes", 2) as engine:
        assert engine.call(toy.killed_beside, tmp_path / "a", os.getpid()).result() == "done"


@fork
def test_a_call_that_nobody_waits_for_is_stopped(tmp_path):
    with open_engine("processes", 2) as engine:
        engine.call(toy.sleep_for_ever, tmp_path / "pid")
        wait_for_file(tmp_path, "pid")
        while not (written := (tmp_path / "pid").read_text()):
            time.sleep(0.01)
    assert not is_alive(int(written))


def test_an_unknown_engine_is_a_wrong_use():
    with pytest.raises(UsageError, match="計算のしかた"), open_engine("spark"):
        pass


def test_a_second_run_takes_over_what_the_first_kept(tmp_path):
    reuse = Reuse(tmp_path / "kept")
    for name in ("processes", "serial"):
        with open_engine(name, 2, reuse=reuse) as engine:
            assert same(list(engine.map(toy.task(), toy.chunks(*SIZES))), serial(toy.task()))
    # The same work would now raise, if it were done.
    trapped = toy.task()._replace(parameters=toy.Parameters(trap="input error", at=404))
    with open_engine("serial", reuse=reuse) as engine:
        assert same(list(engine.map(trapped, toy.chunks(*SIZES))), serial(toy.task()))
    with open_engine("serial", reuse=reuse) as engine, pytest.raises(InputError):
        list(engine.map(trapped._replace(key="other"), toy.chunks(*SIZES)))


def test_what_is_kept_is_the_users_own(tmp_path):
    with open_engine("serial", reuse=Reuse(tmp_path / "kept")) as engine:
        list(engine.map(toy.task(), toy.chunks(3)))
    if os.name != "nt":
        assert (tmp_path / "kept").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: data.replace(b"\0", b"\1")]
)
def test_a_damaged_result_is_worked_out_anew(damage, tmp_path):
    reuse = Reuse(tmp_path / "kept")
    with open_engine("serial", reuse=reuse) as engine:
        whole = list(engine.map(toy.task(), toy.chunks(40)))
        (kept,) = (tmp_path / "kept").glob("*/*.parquet")
        content = kept.read_bytes()
        kept.write_bytes(damage(content))
        assert same(list(engine.map(toy.task(), toy.chunks(40))), whole)
        assert kept.read_bytes() == content


def test_the_oldest_results_go_first(tmp_path):
    reuse = Reuse(tmp_path / "kept", largest=0)
    with open_engine("serial", reuse=reuse) as engine:
        list(engine.map(toy.task(), toy.chunks(3, 4, 5)))
    assert list((tmp_path / "kept").glob("*/*.parquet")) == []
    with open_engine("serial", reuse=Reuse(tmp_path / "kept")) as engine:
        list(engine.map(toy.task(), toy.chunks(3, 4, 5)))
    entries = sorted((tmp_path / "kept").glob("*/*.parquet"))
    for age, path in enumerate(entries):
        os.utime(path, (1_000 + age, 1_000 + age))
    Reuse(tmp_path / "kept", largest=sum(path.stat().st_size for path in entries[1:])).tidy()
    assert sorted((tmp_path / "kept").glob("*/*.parquet")) == entries[1:]


def test_a_place_that_cannot_be_written_keeps_nothing_and_stops_nothing(tmp_path):
    (tmp_path / "file").touch()
    with open_engine("serial", reuse=Reuse(tmp_path / "file")) as engine:
        assert len(list(engine.map(toy.task(), toy.chunks(3)))) == 1


def wait_for_file(folder: Path, pattern: str) -> None:
    for _ in range(2000):
        if next(folder.glob(pattern), None):
            return
        time.sleep(0.01)
    pytest.fail(f"no {pattern}")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()


@fork
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_main_process(number, tmp_path):
    import subprocess

    program = tmp_path / "program.py"
    program.write_text(
        "import signal, sys\n"
        # A shell that runs the tests in the background lets them ignore Ctrl+C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path\n"
        "from pipeline.engine import open_engine\n"
        "from pipeline.faults import stopping_in_order\n"
        "from tests import engine_fixture as toy\n"
        f"place = Path({str(tmp_path)!r})\n"
        "task = toy.task(trap='sleep', place=place, at=1)\n"
        "try:\n"
        "    with stopping_in_order(), open_engine('processes', 2, place) as engine:\n"
        "        engine.call(toy.sleep_for_ever, place / 'asleep-call')\n"
        "        list(engine.map(task, toy.chunks(2, 2, 2)))\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(7)\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for_file(tmp_path, "asleep-[0-9]*")
    wait_for_file(tmp_path, "asleep-call")
    while not (called := (tmp_path / "asleep-call").read_text()):
        time.sleep(0.01)
    workers = [int(called), int(next(tmp_path.glob("asleep-[0-9]*")).name[len("asleep-") :])]
    assert all(is_alive(pid) for pid in workers)
    if number == signal.SIGKILL:
        process.kill()
    else:
        os.killpg(process.pid, number)  # as a terminal does
    shown = process.communicate(timeout=60)[1]
    for _ in range(500):
        if not any(is_alive(pid) for pid in workers):
            break
        time.sleep(0.01)
    assert not any(is_alive(pid) for pid in workers)
    assert shown == ""
    if number != signal.SIGKILL:
        assert process.returncode == 7
        assert list(tmp_path.glob(".kadai-*")) == []
