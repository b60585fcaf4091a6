"""Small work for engines, importable from any process, with ways to fail."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.engine import Task
from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator


class Parameters(NamedTuple):
    """What the work is to do; a trap goes off once, in the first process that meets it."""

    factor: int = 3
    trap: str = ""
    place: Path = Path()
    at: int = -1


class State(NamedTuple):
    parameters: Parameters
    digits: tuple[str, ...]


class UnfriendlyError(Exception):
    """An error that holds what no pickle takes."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.held = lambda: words


def prepare(parameters: Parameters) -> State:
    return State(parameters, tuple("零一二三四五六七八九"))


def work(state: State, chunk: pa.Table) -> pa.Table:
    """Words and floats from numbers: sums whose order would show."""
    parameters = state.parameters
    numbers = chunk["number"].to_pylist()
    if parameters.at in numbers:
        _spring(parameters)
    rng = np.random.default_rng(0)
    table = rng.normal(size=(10, 10))
    values = [float((table[n % 10] @ table[:, (n // 10) % 10]) * n) for n in numbers]
    words = ["".join(state.digits[int(one)] for one in str(n * parameters.factor)) for n in numbers]
    return pa.table(
        {
            "number": pa.array(numbers, pa.int64()),
            "value": pa.array(values, pa.float64()),
            "word": pa.array(words, pa.string()),
            "kind": pa.array([f"k{n % 3}" for n in numbers]).dictionary_encode(),
            "pieces": pa.array([[n] * (n % 3) for n in numbers], pa.list_(pa.int32())),
        }
    )


def _spring(parameters: Parameters) -> None:
    if parameters.trap == "input error":
        raise InputError(
            "読めません。", at=Location(file="a.csv", row=7), remedy="直してください。"
        )
    if parameters.trap == "unfriendly":
        raise UnfriendlyError("one")
    if parameters.trap == "always killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if parameters.trap == "sleep":
        (parameters.place / f"asleep-{os.getpid()}").touch()
        time.sleep(60)
    sprung = parameters.place / "sprung"
    if parameters.trap == "killed once" and not sprung.exists():
        sprung.write_text(str(os.getpid()), encoding="ascii")
        os.kill(os.getpid(), signal.SIGKILL)


def task(**parameters: object) -> Task[Parameters, State]:
    made = Parameters(**parameters)
    return Task(prepare, work, made, repr(made))


def chunks(*sizes: int) -> Iterator[pa.Table]:
    """Tables of these sizes, numbers running on."""
    first = 0
    for size in sizes:
        yield pa.table({"number": pa.array(range(first, first + size), pa.int64())})
        first += size


def write_greeting(place: Path, words: list[str]) -> int:
    place.write_text(" ".join(words), encoding="utf-8")
    return os.getpid()


def killed_beside(place: Path, main: int) -> str:
    """Dies where it is not the main process."""
    if os.getpid() != main:
        os.kill(os.getpid(), signal.SIGKILL)
    place.write_text("done", encoding="utf-8")
    return "done"


def fail(words: str) -> None:
    raise InputError(words)


def sleep_for_ever(place: Path) -> None:
    place.write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)
