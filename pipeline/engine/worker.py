"""What happens in a worker process, from its start to its end."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.engine.parts import read_part, read_quick_part, write_part, write_quick_part
from pipeline.engine.task import run_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from pipeline.engine.reuse import Reuse
    from pipeline.engine.task import Task

_OURS_ALONE: Final = ("SIGINT", "SIGHUP", "SIGBREAK")
"""Signals that a terminal sends to all processes, and that the main process answers for all."""

_HELD_BACK: Final = ("SIGINT", "SIGHUP", "SIGTERM")


class Reply(NamedTuple):
    """What comes back from a worker: a value, or the error in its place."""

    value: Any
    error: Exception | None

    def taken(self) -> Any:  # noqa: ANN401 - a parcel, or what a call gave
        """The value.

        Raises
        ------
        Exception
            The error.
        """
        if self.error is not None:
            raise self.error
        return self.value


def serve(connection: Connection, reuse: Reuse | None) -> None:
    """Life of a worker: work on one part after the other, until it is stopped."""
    _become_worker()
    while True:
        try:
            task, chunk, result = connection.recv()
        except EOFError:
            return
        connection.send(replied(partial(_work_on_quick_part, task, chunk, result, reuse)))


def serve_once(connection: Connection, function: Callable[[], object]) -> None:
    """Life of a process for one call."""
    _become_worker()
    connection.send(replied(function))


def work_on(task: Task[Any, Any], chunk: Path, result: Path, reuse: Reuse | None) -> Reply:
    """Read a Parquet part, work on it, and write another: what Dask's workers do."""
    return replied(lambda: write_part(run_task(task, read_part(chunk), reuse), result))


def _work_on_quick_part(
    task: Task[Any, Any], chunk: Path, result: Path, reuse: Reuse | None
) -> None:
    write_quick_part(run_task(task, read_quick_part(chunk), reuse), result)


def _become_worker() -> None:
    """Make a new process a quiet worker that ends with its parent."""
    gc.freeze()  # what was inherited stays in memory shared with the parent
    for name in _OURS_ALONE:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.Signals[name] for name in _HELD_BACK])
    threading.Thread(target=_end_with_parent, daemon=True).start()


def replied(function: Callable[[], object]) -> Reply:
    """What a function gives or raises, so that it can travel."""
    try:
        return Reply(function(), None)
    except Exception as error:  # noqa: BLE001 - raised again in the main process
        return Reply(None, _portable(error))


@contextlib.contextmanager
def signals_held_back(*names: str) -> Iterator[None]:
    """Let no signal reach a process that is just being made: it would die with a traceback.

    Parameters
    ----------
    names
        Names of signals; none: all that could come.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    held_back = [signal.Signals[name] for name in names or _HELD_BACK]
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held_back)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End when the parent is gone, whatever ended it: it holds what residents wrote."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _portable(error: Exception) -> Exception:
    """The error itself where it survives the way, else its name and words."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        same = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own, made a moment ago
    except Exception:  # noqa: BLE001 - whatever an odd class of errors does
        same = None
    if type(same) is type(error):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")
