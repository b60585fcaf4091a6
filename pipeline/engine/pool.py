"""Processes of our own, each with a pipe to it, that can be stopped at any moment.

The executors of the standard library are not used: their threads hang where a worker is
stopped while it sends a result, and one death takes all workers along. Here no thread and
no lock is shared, and all that goes through a pipe is a few hundred bytes: neither side
ever waits for the other to read.
"""

from __future__ import annotations

import multiprocessing
import sys
import warnings
from typing import TYPE_CHECKING, Any, Final

from pipeline.engine.worker import Reply, signals_held_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

FORK: Final = "fork"

_AT_ONCE: Final = 5.0
"""Seconds that a stopped process has, before it is killed."""


class Process:
    """A process that runs a function of this module's neighbour :mod:`worker`.

    Parameters
    ----------
    method
        A start method of :mod:`multiprocessing`.
    function, arguments
        What it runs; the first argument is its end of the pipe. A forked process has the
        others without their being copied.
    """

    def __init__(self, method: str, function: Callable[..., None], *arguments: object) -> None:
        context: Any = multiprocessing.get_context(method)
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=function, args=(theirs, *arguments), daemon=True)
        with signals_held_back(), warnings.catch_warnings():
            # Newer Pythons warn of forking beside threads; ours hold nothing that a worker uses.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()

    def receive(self) -> Reply | None:
        """The next reply; ``None``: the process is dead.

        Waits, unless the connection says that something is there.
        """
        try:
            reply: Reply = self.connection.recv()
        except (EOFError, OSError):
            return None
        return reply

    def send(self, message: object) -> None:
        """Send a small message; whether somebody reads it shows when the reply is asked for."""
        try:
            self.connection.send(message)
        except OSError:
            return

    def stop(self) -> None:
        """Stop it in the middle of its work."""
        self._process.terminate()
        self._process.join(_AT_ONCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.connection.close()


def start_method() -> str:
    """How processes are made here: where it is safe, as copies that have everything loaded."""
    return FORK if sys.platform.startswith("linux") else "spawn"


def may_have_children() -> bool:
    """Whether this process may start others; a daemon of somebody's pool may not."""
    process: Any = multiprocessing.current_process()
    return not process.daemon
