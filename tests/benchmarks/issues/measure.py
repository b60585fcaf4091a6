"""What a child process hands back: a label for every row, seconds and peak memory.

Standard library only: both Kadai's side and the peers' side import it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

ALONE = ""
"""Label of a row that a method puts into no group."""

Labelings = dict[str, list[str]]
"""Name of a way to read the result (levels of a hierarchy, …) → label of every row."""


@dataclass(frozen=True)
class Measured:
    """One run of one method.

    Attributes
    ----------
    labelings
        Every reading of the result; most methods have one, named "".
    seconds
        Of the method itself; imports are over before the clock starts.
    megabytes
        Most memory that the process ever held, imports included.
    """

    labelings: Labelings
    seconds: float
    megabytes: float


def measure(runs: Iterable[Callable[[], Labelings]], folder: Path) -> None:
    """Run a method, once or more, and leave what it gives, and its cost, in the folder."""
    done: list[Measured] = []
    for run in runs:
        started = time.perf_counter()
        labelings = run()
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        megabytes = peak / (1e6 if sys.platform == "darwin" else 1e3)
        done.append(Measured(labelings, seconds, megabytes))
    write(folder / "result.json", [asdict(run) for run in done])


def read_measured(folder: Path) -> list[Measured]:
    """What :func:`measure` left in the folder."""
    return [Measured(**run) for run in read(folder / "result.json")]


def write(path: Path, content: object) -> None:
    """Write JSON."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read(path: Path) -> Any:
    """Read JSON."""
    return json.loads(path.read_text(encoding="utf-8"))
