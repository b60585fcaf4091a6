"""The same study gives the same files wherever and however its answers are read."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import answers, opinionvectors, runfolder
from pipeline.analysis import run_study
from pipeline.annotate import opinions as reading
from pipeline.annotate import people
from pipeline.documents.streamed import iter_tables
from pipeline.engine import Reuse, open_engine
from pipeline.runfolder import STUDY, TIMINGS
from pipeline.study import load_study
from tests.conftest import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from pipeline.engine import Engine


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks of few answers, so that workers have something to share."""
    monkeypatch.setattr(reading, "CHUNK", 7)
    monkeypatch.setattr(people, "CHUNK", 5)
    monkeypatch.setattr(opinionvectors, "CHUNK", 3)


def run_sample(output: Path, engine: Engine | None = None, folder: Path = SAMPLE) -> Path:
    return run_study(load_study(folder / "study.toml"), folder, output, engine=engine)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a run but what tells of its time and place."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {TIMINGS, STUDY}
    }


def differing(one: Path, other: Path) -> list[str]:
    """Names of the files that are not the same in two runs."""
    mine, yours = files(one), files(other)
    return [name for name in sorted({*mine, *yours}) if mine.get(name) != yours.get(name)]


@pytest.mark.usefixtures("small_chunks")
def test_processes_and_small_chunks_give_the_files_of_one_process(sample_run, tmp_path) -> None:
    with open_engine("processes", 3, tmp_path) as engine:
        made = run_sample(tmp_path / "run", engine)
    assert differing(sample_run, made) == []
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


class Deadly:
    """An engine on Dask, one of whose workers is killed over its work, early in every map."""

    def __init__(self, engine: Any) -> None:
        self.n_workers = engine.n_workers
        self.killed: list[int] = []
        self._engine = engine

    def map(self, *arguments: Any) -> Iterator[pa.Table]:
        for number, table in enumerate(self._engine.map(*arguments)):
            if number == 0:
                self._kill_one()
            yield table

    def call(self, *arguments: Any) -> Any:
        return self._engine.call(*arguments)

    def close(self) -> None:
        self._engine.close()

    def _kill_one(self) -> None:
        client = self._engine._client
        pids = client.run(os.getpid)
        busy = sorted(own for own, keys in client.processing().items() if keys)
        if busy:
            self.killed.append(pids[busy[-1]])
            os.kill(pids[busy[-1]], signal.SIGKILL)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL of POSIX")
@pytest.mark.usefixtures("small_chunks")
def test_a_run_on_dask_survives_the_death_of_workers_to_the_byte(sample_run, tmp_path) -> None:
    pytest.importorskip("distributed", reason="the extra 「distributed」 is not installed")
    with open_engine("dask", 2, tmp_path) as engine:
        deadly = Deadly(engine)
        made = run_sample(tmp_path / "run", deadly)
    assert deadly.killed
    assert differing(sample_run, made) == []
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.usefixtures("small_chunks")
def test_what_an_earlier_run_kept_changes_nothing(sample_run, tmp_path) -> None:
    kept = tmp_path / "kept"
    for name in ("first", "second"):
        with open_engine("serial", reuse=Reuse(kept)) as engine:
            made = run_sample(tmp_path / name, engine)
        assert differing(sample_run, made) == []
        assert list(kept.rglob("*.parquet"))


def test_files_that_are_read_in_parts_give_the_same_run(sample_run, tmp_path, monkeypatch) -> None:
    parts = []

    def in_parts(*arguments: Any, **options: Any) -> Iterator[Any]:
        for part in iter_tables(*arguments, **options, n_rows=7):
            parts.append(part)
            yield part

    monkeypatch.setattr(answers, "LARGE", 0)
    monkeypatch.setattr(answers, "iter_tables", in_parts)
    made = run_sample(tmp_path / "run")
    assert len(parts) > 1
    assert differing(sample_run, made) == []


def _write_for_ever(path: Path, *_: object) -> None:
    (path.parent.parent.parent / "pid").write_text(str(os.getpid()), encoding="ascii")
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"words of residents")


def _interrupted(place: Path, *_: object) -> None:
    while not (place.parent.parent.parent / "pid").exists():
        time.sleep(0.01)
    raise KeyboardInterrupt


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of POSIX")
def test_a_workbook_that_is_being_written_is_stopped_before_its_place_is_removed(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(runfolder, "write_workbook", _write_for_ever)
    monkeypatch.setattr(runfolder, "write_report", _interrupted)
    with open_engine("processes", 1, method="fork") as engine:
        with pytest.raises(KeyboardInterrupt):
            run_sample(tmp_path / "run", engine)
        pid = int((tmp_path / "pid").read_text(encoding="ascii"))
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert [path.name for path in tmp_path.iterdir()] == ["pid"]
