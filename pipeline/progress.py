"""Progress on standard error: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Watch:
    """Keeps the seconds of every stage; shows nothing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Callable[[], object]]:
        """Time a stage; gives a function to call once a step.

        Parameters
        ----------
        name
            Japanese name of the stage.
        total
            Number of steps, where it is known.
        """
        started = time.perf_counter()
        with self._show(name, total) as advance:
            yield advance
        self.seconds[name] = round(time.perf_counter() - started, 3)

    @contextmanager
    def _show(self, name: str, total: int | None) -> Iterator[Callable[[], object]]:  # noqa: ARG002
        yield lambda: None


class TerminalWatch(Watch):
    """Shows a bar for every stage where standard error is a terminal."""

    @contextmanager
    def _show(self, name: str, total: int | None) -> Iterator[Callable[[], object]]:
        from tqdm import tqdm  # noqa: PLC0415 — only where something is shown

        layout = "{desc} {bar:20} {n_fmt}/{total_fmt}" if total else "{desc} {elapsed}"
        with tqdm(total=total, desc=name, disable=None, leave=False, bar_format=layout) as bar:
            yield bar.update
