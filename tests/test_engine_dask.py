"""The engine on Dask: the same results, whatever happens to a worker."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.engine import cluster, open_engine, sameness
from pipeline.errors import InputError, UsageError
from tests import engine_fixture as toy

pytest.importorskip("distributed", reason="the extra 「distributed」 is not installed")

SIZES = (1, 400, 0, 3, 997, 50, 2, 2, 300)


def serial(task, sizes=SIZES):
    with open_engine("serial") as engine:
        return list(engine.map(task, toy.chunks(*sizes)))


def same(one, other):
    return [table.schema for table in one] == [table.schema for table in other] and all(
        mine.equals(yours) for mine, yours in zip(one, other, strict=True)
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def dask(place):
    with open_engine("dask", 2, place) as engine:
        yield engine
    assert list(place.iterdir()) == []  # nothing that residents wrote is left


def test_dask_gives_what_one_process_gives_in_the_same_order(dask):
    done = []
    assert same(list(dask.map(toy.task(), toy.chunks(*SIZES), done.append)), serial(toy.task()))
    assert done == list(SIZES)


def test_parts_are_gone_when_they_are_read(dask, place):
    list(dask.map(toy.task(), toy.chunks(*SIZES)))
    assert list(place.rglob("*.part*")) + list(place.rglob("*.result*")) == []


def test_chunks_are_taken_only_as_results_are(dask):
    taken = []

    def counted():
        for number, chunk in enumerate(toy.chunks(*[2] * 30)):
            taken.append(number)
            yield chunk

    for number, _ in enumerate(dask.map(toy.task(), counted())):
        assert len(taken) - number <= 2 * 2
    assert len(taken) == 30


def test_an_error_comes_back_as_itself(dask):
    with pytest.raises(InputError) as caught:
        list(dask.map(toy.task(trap="input error", at=404), toy.chunks(*SIZES)))
    assert (
        str(caught.value) == "読めません。\n場所: ファイル「a.csv」 7行目\n対処: 直してください。"
    )


def test_a_call_runs_here(dask, tmp_path):
    assert dask.call(toy.write_greeting, tmp_path / "a.txt", []).result() == os.getpid()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL of POSIX")
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(dask, tmp_path):
    task = toy.task(trap="killed once", place=tmp_path, at=404)
    assert same(list(dask.map(task, toy.chunks(*SIZES))), serial(toy.task()))
    assert (tmp_path / "sprung").exists()
    assert same(list(dask.map(toy.task(), toy.chunks(*SIZES))), serial(toy.task()))


@contextlib.contextmanager
def scheduler(folder: Path):
    """A scheduler of somebody's, with a worker."""
    command = [sys.executable, "-m"]
    address_file = folder / "scheduler.json"
    # Both have to find the tasks of these tests, which are not installed.
    found = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    quiet = subprocess.DEVNULL
    more = {"stdout": quiet, "stderr": quiet, "cwd": folder, "env": found}
    started = [
        subprocess.Popen(
            [*command, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
             "--no-dashboard", "--scheduler-file", str(address_file)],
            **more,
        )
    ]  # fmt: skip
    try:
        for _ in range(1000):
            if address_file.exists() and address_file.read_text():
                break
            time.sleep(0.02)
        address = json.loads(address_file.read_text())["address"]
        started.append(
            subprocess.Popen(
                [*command, "distributed.cli.dask_worker", address, "--nthreads", "1",
                 "--no-dashboard", "--no-nanny"],
                **more,
            )
        )  # fmt: skip
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_an_existing_scheduler_is_joined_where_its_workers_are_the_same(tmp_path, monkeypatch):
    sameness.versions.cache_clear()  # the code may have been edited since an earlier test
    with scheduler(tmp_path) as address:
        with open_engine(address, scratch=tmp_path) as engine:
            assert engine.n_workers == 1
            assert same(list(engine.map(toy.task(), toy.chunks(*SIZES))), serial(toy.task()))
        monkeypatch.setattr(cluster, "differences", lambda _: ["numpy 1.0（こちらは 2.0）"])
        with (
            pytest.raises(InputError, match="numpy 1"),
            open_engine(address, scratch=tmp_path),
        ):
            pass
        monkeypatch.undo()
        monkeypatch.setattr(cluster, "look_around", _sees_nothing)
        with pytest.raises(InputError, match="フォルダー"), open_engine(address, scratch=tmp_path):
            pass


def _sees_nothing(_: Path):
    return sameness.versions(), False


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", 0.2)
    with pytest.raises(InputError, match="つながりません"), open_engine("tcp://127.0.0.1:9"):
        pass


def test_where_dask_is_missing_the_way_to_install_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"distributed\]"), open_engine("dask"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_the_cluster_quietly(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import signal, sys\n"
        # A shell that runs the tests in the background lets them ignore Ctrl+C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path\n"
        "from pipeline.engine import open_engine\n"
        "from tests import engine_fixture as toy\n"
        "if __name__ == '__main__':\n"
        f"    place = Path({str(tmp_path)!r})\n"
        "    task = toy.task(trap='sleep', place=place, at=1)\n"
        "    try:\n"
        "        with open_engine('dask', 1, place) as engine:\n"
        "            list(engine.map(task, toy.chunks(2, 2, 2)))\n"
        "    except KeyboardInterrupt:\n"
        "        sys.exit(7)\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(3000):
        if asleep := next(tmp_path.glob("asleep-*"), None):
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    shown = process.communicate(timeout=60)[1]
    assert shown == ""
    assert process.returncode == 7
    assert not Path(f"/proc/{asleep.name.removeprefix('asleep-')}").exists()
    assert list(tmp_path.glob(".kadai-*")) == []
