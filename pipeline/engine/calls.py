"""A function that runs beside the main process, and what it gives in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pipeline.engine.worker import Reply, replied

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.engine.pool import Process

R = TypeVar("R")

_PATIENCE: Final = 0.5
"""Seconds after which waiting looks up, so that Ctrl+C is heard on every system."""


class Call(Generic[R]):
    """A function that may still be running.

    Parameters
    ----------
    function
        The function, its arguments bound.
    process
        Where it runs. ``None``: here, before this returns.
    """

    def __init__(self, function: Callable[[], R], process: Process | None = None) -> None:
        self._function = function
        self._process = process
        self._reply = replied(function) if process is None else None

    def done(self) -> bool:
        """Whether there is a result, or an error."""
        return self._reply is not None or bool(self._process and self._process.connection.poll())

    def result(self) -> R:
        """Wait for the function's result.

        Where its process was killed, the function is run again in this one: what it writes
        must stand as well when it is written twice.

        Raises
        ------
        Exception
            What the function raised.
        """
        if self._reply is None:
            self._reply = self._wait()
        value: R = self._reply.taken()
        return value

    def stop(self) -> None:
        """Stop it where nobody waits for its result any more."""
        if self._process is not None:
            self._process.stop()

    def _wait(self) -> Reply:
        process: Any = self._process
        while not process.connection.poll(_PATIENCE):
            pass
        reply: Reply | None = process.receive()
        process.stop()
        return reply or replied(self._function)
