"""The engine without workers: everything in this process, one chunk after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pipeline.engine.calls import Call
from pipeline.engine.task import run_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

    from pipeline.engine.reuse import Reuse
    from pipeline.engine.task import Task

P = TypeVar("P")
S = TypeVar("S")
R = TypeVar("R")


class Local:
    """See :class:`pipeline.engine.Engine`."""

    n_workers = 1

    def __init__(self, reuse: Reuse | None = None) -> None:
        self._reuse = reuse

    def map(
        self,
        task: Task[P, S],
        chunks: Iterable[pa.Table],
        advance: Callable[[int], object] = lambda _: None,
    ) -> Iterator[pa.Table]:
        """Work on every chunk when its result is asked for."""
        for chunk in chunks:
            result = run_task(task, chunk, self._reuse)
            advance(chunk.num_rows)
            yield result

    def call(self, function: Callable[..., R], *arguments: object) -> Call[R]:
        """Run a function at once."""
        return Call(partial(function, *arguments))

    def close(self) -> None:
        """Nothing is open."""
