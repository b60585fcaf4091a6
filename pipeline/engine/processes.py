"""The engine on the cores of this computer: processes that are handed chunk after chunk."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pipeline.engine.calls import Call
from pipeline.engine.parts import read_quick_part, write_quick_part
from pipeline.engine.pool import FORK, Process, may_have_children, start_method
from pipeline.engine.task import prepared
from pipeline.engine.worker import Reply, serve, serve_once
from pipeline.errors import KadaiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from pipeline.engine.reuse import Reuse
    from pipeline.engine.scratch import Scratch
    from pipeline.engine.task import Task

P = TypeVar("P")
S = TypeVar("S")
R = TypeVar("R")

_MOST_DEATHS: Final = 3
"""Workers that may be killed over the same chunk, before it is taken for what kills them."""

_AHEAD: Final = 2
"""Chunks for every worker that are sent or done before the first is taken."""

_PATIENCE: Final = 0.5
"""Seconds after which waiting looks up, so that Ctrl+C is heard on every system."""


@dataclass
class _Sent:
    """A chunk on its way; it is kept until its result is there."""

    chunk: Path
    result: Path
    n_rows: int
    reply: Reply | None = None
    deaths: int = 0


@dataclass
class _Worker:
    """A process and the chunks that it has; it replies in their order."""

    process: Process
    has: deque[_Sent] = field(default_factory=deque)


class Processes:
    """See :class:`pipeline.engine.Engine`.

    Forked workers are made for every map: they are ready at once, share what the main
    process has loaded, and give their memory back at the end. Others start slowly, and
    stay until the engine is closed.
    """

    def __init__(
        self,
        n_workers: int,
        scratch: Scratch,
        reuse: Reuse | None = None,
        method: str | None = None,
    ) -> None:
        self.n_workers = n_workers
        self.method = method or start_method()
        self._scratch = scratch
        self._reuse = reuse
        self._idle: list[_Worker] = []
        self._running: list[Process] = []

    def map(
        self,
        task: Task[P, S],
        chunks: Iterable[pa.Table],
        advance: Callable[[int], object] = lambda _: None,
    ) -> Iterator[pa.Table]:
        """Results in the order of the chunks; a few chunks are under way at a time.

        Raises
        ------
        KadaiError
            Workers were killed over a chunk again and again, as by a system without memory.
        """
        source = iter(chunks)
        sent: deque[_Sent] = deque()
        if self.method == FORK and self._reuse is None:  # else it may not be needed at all
            prepared(task)
        workers = self._workers()
        try:
            while True:
                for chunk in islice(source, _AHEAD * self.n_workers - len(sent)):
                    sent.append(self._pack(chunk))
                    self._hand(task, min(workers, key=lambda one: len(one.has)), sent[-1])
                    del chunk
                if not sent:
                    break
                reply = self._first_reply(task, workers, sent)
                reply.taken()
                own = sent.popleft()
                result = read_quick_part(own.result)
                own.chunk.unlink()
                own.result.unlink()
                advance(own.n_rows)
                yield result
                del result
        except BaseException:
            self._stop(workers)
            raise
        if self.method == FORK:
            self._stop(workers)
        else:
            self._idle.extend(workers)

    def call(self, function: Callable[..., R], *arguments: object) -> Call[R]:
        """Run a function in a process of its own, or at once where those start slowly.

        A forked process has the arguments without their being copied.
        """
        own = partial(function, *arguments)
        if self.method != FORK or not may_have_children():
            return Call(own)
        return Call(own, self._start(serve_once, own))

    def close(self) -> None:
        """Stop what still runs."""
        while self._running:
            self._running.pop().stop()
        self._idle.clear()

    def _workers(self) -> list[_Worker]:
        kept, self._idle = self._idle, []
        made = range(self.n_workers - len(kept))
        return kept + [_Worker(self._start(serve, self._reuse)) for _ in made]

    def _start(self, function: Callable[..., None], *arguments: object) -> Process:
        process = Process(self.method, function, *arguments)
        self._running.append(process)
        return process

    def _stop(self, workers: list[_Worker]) -> None:
        for worker in workers:
            worker.process.stop()
            if worker.process in self._running:
                self._running.remove(worker.process)

    def _pack(self, chunk: pa.Table) -> _Sent:
        place = self._scratch.new_file()
        write_quick_part(chunk, place)
        return _Sent(place, place.with_suffix(".result"), chunk.num_rows)

    def _hand(self, task: Task[Any, Any], worker: _Worker, own: _Sent) -> None:
        worker.has.append(own)
        worker.process.send((task, own.chunk, own.result))

    def _first_reply(
        self, task: Task[Any, Any], workers: list[_Worker], sent: deque[_Sent]
    ) -> Reply:
        """Reply to the first chunk; where a worker was killed, another does what it had."""
        while (reply := sent[0].reply) is None:
            ready = wait([own.process.connection for own in workers if own.has], _PATIENCE)
            for worker in [own for own in workers if own.process.connection in ready]:
                answer = worker.process.receive()
                if answer is None:
                    self._replace(task, worker)
                else:
                    worker.has.popleft().reply = answer
        return reply

    def _replace(self, task: Task[Any, Any], worker: _Worker) -> None:
        lost = list(worker.has)
        lost[0].deaths += 1
        if lost[0].deaths >= _MOST_DEATHS:
            raise KadaiError(
                "計算を分担しているプロセスが、途中で何度も止められました。",
                remedy="メモリーが足りないときに起きます。ほかのプログラムを閉じるか、"
                "--processes 1 を付けて実行してください。途中の結果は残していません。",
            )
        self._stop([worker])
        worker.process, worker.has = self._start(serve, self._reuse), deque()
        for own in lost:
            self._hand(task, worker, own)
