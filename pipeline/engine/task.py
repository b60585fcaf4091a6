"""What a worker does with a chunk, alike in every process and on every machine."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import pyarrow as pa
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.engine.reuse import Reuse

P = TypeVar("P")
S = TypeVar("S")

_MOST_STATES: Final = 4
"""States kept in a process; a run has two or three kinds of work."""


class Task(NamedTuple, Generic[P, S]):
    """Work on chunks, made of functions that any process can import.

    Attributes
    ----------
    prepare
        Builds what `work` needs (tokenizer, dictionaries) from the parameters, once in a
        process.
    work
        The same table in, the same table out, whatever was worked on before.
    parameters
        Small values that can be pickled.
    key
        Digest of everything that `prepare` reads: parameters and the files behind them.
    """

    prepare: Callable[[P], S]
    work: Callable[[S, pa.Table], pa.Table]
    parameters: P
    key: str

    @property
    def name(self) -> str:
        """Names of the two functions and the key: the same name, the same results."""
        return "\n".join([_name_of(self.prepare), _name_of(self.work), self.key])


_states: dict[str, object] = {}
# A tokenizer serves one thread at a time; the workers of somebody's cluster may have several.
_one_at_a_time = threading.RLock()


def prepared(task: Task[P, S]) -> S:
    """What a task needs, built once in this process; processes forked later have it, too."""
    with _one_at_a_time:
        if task.name not in _states:
            while len(_states) >= _MOST_STATES:
                del _states[next(iter(_states))]
            _states[task.name] = task.prepare(task.parameters)
        state: Any = _states[task.name]
    return state  # type: ignore[no-any-return]


def run_task(task: Task[P, S], chunk: pa.Table, reuse: Reuse | None = None) -> pa.Table:
    """Do the work on one chunk here, or take what an earlier run kept of the same work."""
    if reuse is None:
        return _compute(task, chunk)
    key = reuse.key(task.name, chunk)
    kept = reuse.load(key)
    if kept is None:
        kept = _compute(task, chunk)
        reuse.save(key, kept)
    return kept


def _compute(task: Task[P, S], chunk: pa.Table) -> pa.Table:
    with _one_at_a_time:
        state = prepared(task)
        with one_thread():
            return task.work(state, chunk)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS, OpenMP and Arrow use one thread: sums and orders do not hang on their number."""
    before = pa.cpu_count()
    with threadpool_limits(1):
        pa.set_cpu_count(1)
        try:
            yield
        finally:
            pa.set_cpu_count(before)


def _name_of(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
