"""What a command costs: seconds, processor seconds, and the memory of all its processes.

Memory is the sum of the proportional set sizes (Pss): a page that several processes
share, as after a fork, counts once. Linux only.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

INTERVAL: Final = 0.1
"""Seconds between two looks at the memory."""

MOST_LOOKING: Final = 0.02
"""Share of the time spent looking: the kernel walks every page, which slows what is measured."""


@dataclass(frozen=True)
class Cost:
    """One process and everything that it started.

    Attributes
    ----------
    seconds
        By the clock, from start to end.
    cpu_seconds
        User and system time of all processes that were waited for.
    peak_mb
        Most memory of all processes together (Pss), at any look.
    largest_mb
        Most memory that any one process ever held, shared pages included (``VmHWM`` at
        the last look; ``ru_maxrss`` of a child starts with what its parent held).
    n_processes
        Most processes at any look.
    n_looks
        How often the memory was looked at.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    largest_mb: float
    n_processes: int
    n_looks: int


def run_watched(
    command: Sequence[str | Path],
    log: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command to its end and say what it cost.

    Parameters
    ----------
    log
        File for what the command prints.

    Raises
    ------
    RuntimeError
        The command failed; the end of what it printed is in the message.
    """
    peak, largest, most, looks = 0.0, 0.0, 0, 0
    began = time.perf_counter()
    with log.open("wb") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            pause = INTERVAL
            while True:
                ended, status, used = os.wait4(process.pid, os.WNOHANG)
                if ended:
                    break
                looked = time.perf_counter()
                members = list(family(process.pid))
                together = sum(_megabytes(own, "smaps_rollup", "Pss:") for own in members)
                highest = max(_megabytes(own, "status", "VmHWM:") for own in members)
                cost = time.perf_counter() - looked
                peak, largest = max(peak, together), max(largest, highest)
                most = max(most, len(members))
                looks += 1
                pause = max(INTERVAL, cost / MOST_LOOKING)
                _wait(process.pid, pause)
        except BaseException:
            process.kill()
            raise
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {process.returncode}\n{end}")
    return Cost(
        seconds=seconds,
        cpu_seconds=used.ru_utime + used.ru_stime,
        peak_mb=peak,
        largest_mb=largest,
        n_processes=most,
        n_looks=looks,
    )


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    # A process may end while it is looked at: then there is nothing more to see.
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from family(int(child))


def _megabytes(pid: int, file: str, name: str) -> float:
    """One line of what the kernel says of a process, in units of 2**20 bytes."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0


def _wait(pid: int, seconds: float) -> None:
    """Wait, but no longer than the process lives."""
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        # WNOWAIT leaves the process to be reaped with what it used.
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(min(left, 0.01))
