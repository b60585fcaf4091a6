"""Progress on standard error: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Watch:
    """Keeps the seconds of every stage; shows nothing.

    Parameters
    ----------
    visible
        Show a bar for every stage where standard error is a terminal.
    """

    def __init__(self, *, visible: bool = False) -> None:
        self.seconds: dict[str, float] = {}
        self._hidden = None if visible else True  # None: tqdm looks for a terminal

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Callable[[int], object]]:
        """Time a stage; gives a function to call with the number of steps that are done.

        Parameters
        ----------
        name
            Japanese name of the stage.
        total
            Number of steps, where it is known.
        """
        layout = "{desc} {bar:20} {n_fmt}/{total_fmt}" if total else "{desc} {elapsed}"
        started = time.perf_counter()
        with tqdm(
            total=total, desc=name, disable=self._hidden, leave=False, bar_format=layout
        ) as bar:
            yield bar.update
        _give_back()
        spent = self.seconds.get(name, 0.0) + time.perf_counter() - started
        self.seconds[name] = round(spent, 3)


def _give_back() -> None:
    """Let the system have what a stage needed: of a million answers half a gigabyte."""
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()
