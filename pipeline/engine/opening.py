"""Choosing an engine by its name."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from pipeline.engine.local import Local
from pipeline.engine.scratch import Scratch
from pipeline.errors import Location, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from pipeline.engine.calls import Call
    from pipeline.engine.processes import Processes
    from pipeline.engine.reuse import Reuse
    from pipeline.engine.task import Task

P = TypeVar("P")
S = TypeVar("S")
R = TypeVar("R")

NAMES: Final = ("auto", "serial", "processes", "dask")
"""Engines by name; an address of a scheduler is one, too."""

_ADDRESSES: Final = ("tcp://", "tls://")

MOST_PROCESSES: Final = 61
"""Windows waits for no more."""

_USUAL_MOST: Final = 8
"""Workers where nobody asks for a number: beyond, the main process is what they wait for."""

_WORTHWHILE: Final = {"fork": 1_000, "spawn": 20_000}
"""Rows that take longer than the making of processes, which load everything when spawned."""


class Engine(Protocol):
    """Where work is done."""

    n_workers: int
    """Chunks that are worked on at the same time."""

    def map(
        self,
        task: Task[P, S],
        chunks: Iterable[pa.Table],
        advance: Callable[[int], object] = ...,
    ) -> Iterator[pa.Table]:
        """Results in the order of the chunks, while they are asked for.

        Parameters
        ----------
        chunks
            Taken a few at a time, as results are taken.
        advance
            Called with the number of rows of every chunk that is done.

        Raises
        ------
        Exception
            What `prepare` or `work` raised.
        KadaiError
            Workers died again and again.
        """

    def call(self, function: Callable[..., R], *arguments: object) -> Call[R]:
        """Run a function beside the main process, where there is room for it."""

    def close(self) -> None:
        """Stop what still runs."""


@contextmanager
def open_engine(
    name: str | None = None,
    processes: int | None = None,
    scratch: Path | None = None,
    *,
    reuse: Reuse | None = None,
    method: str | None = None,
) -> Iterator[Engine]:
    """Open an engine; whatever runs when the block is left is stopped.

    Parameters
    ----------
    name
        One of :data:`NAMES`, or the address of a Dask scheduler (``tcp://HOST:PORT``),
        whose workers see `scratch` under the same name. ``None`` is ``auto``: processes
        where there is enough work for them.
    processes
        Number of workers. ``None``: one for each core that this process may use, at most
        eight.
    scratch
        Folder for parts; they stand in a private folder in it, which is gone at the end.
        ``None``: among temporary files.
    reuse
        Results that may be taken over and kept. Not for somebody else's cluster.
    method
        A start method of :mod:`multiprocessing`; ``None``: the best here.

    Raises
    ------
    UsageError
        There is no such engine, or Dask is not installed.
    InputError
        A scheduler does not answer, or its workers differ from this Kadai.
    """
    name = check_engine(name)
    with ExitStack() as stack:
        place = stack.enter_context(Scratch(scratch))
        n_workers = processes or _usual_number()
        engine: Engine
        if name.startswith(_ADDRESSES):
            from pipeline.engine.cluster import join_cluster  # noqa: PLC0415 - an extra

            engine = stack.enter_context(join_cluster(name, place))
        elif name == "dask":
            from pipeline.engine.cluster import open_cluster  # noqa: PLC0415 - an extra

            engine = stack.enter_context(open_cluster(n_workers, place, reuse))
        elif name == "serial" or (name == "auto" and n_workers == 1):
            engine = Local(reuse)
        else:
            from pipeline.engine.pool import may_have_children  # noqa: PLC0415 - not for --help
            from pipeline.engine.processes import Processes  # noqa: PLC0415

            if may_have_children():
                many = Processes(n_workers, place, reuse, method)
                engine = _Auto(many, Local(reuse)) if name == "auto" else many
            else:
                engine = Local(reuse)
        stack.callback(_tidy, reuse)
        stack.callback(engine.close)
        yield engine


def check_engine(name: str | None) -> str:
    """Name of an engine, ``auto`` for none.

    Raises
    ------
    UsageError
        There is no such engine.
    """
    if name is None:
        return "auto"
    if name in NAMES or name.startswith(_ADDRESSES):
        return name
    raise UsageError(
        f"「{name}」という計算のしかたはありません。",
        at=Location(column="--engine"),
        remedy=f"{'、'.join(NAMES)} か、Dask のスケジューラー（tcp://ホスト:ポート）を"
        "指定してください。",
    )


class _Auto:
    """Begins in this process, and opens others when there is enough work."""

    def __init__(self, many: Processes, local: Local) -> None:
        self.n_workers = many.n_workers
        self._many = many
        self._local = local

    def map(
        self,
        task: Task[P, S],
        chunks: Iterable[pa.Table],
        advance: Callable[[int], object] = lambda _: None,
    ) -> Iterator[pa.Table]:
        source = iter(chunks)
        first: list[pa.Table] = []
        n_rows = 0
        for chunk in source:
            first.append(chunk)
            n_rows += chunk.num_rows
            if len(first) > 1 and n_rows >= _WORTHWHILE[self._many.method]:
                yield from self._many.map(task, chain(first, source), advance)
                return
        yield from self._local.map(task, first, advance)

    def call(self, function: Callable[..., R], *arguments: object) -> Call[R]:
        return self._many.call(function, *arguments)

    def close(self) -> None:
        self._many.close()


def _usual_number() -> int:
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return max(1, min(cores, _USUAL_MOST))


def _tidy(reuse: Reuse | None) -> None:
    if reuse is not None:
        reuse.tidy()
