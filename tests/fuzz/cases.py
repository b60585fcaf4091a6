"""Cases in a process of their own, so that a hang, a crash or a flood of memory ends only that."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import resource
import signal
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.fuzz.runs import run_case
from tests.fuzz.targets import TARGETS, make_case, read_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

MOST_SECONDS: Final = 5.0
"""Processor time that one case may take."""

RUN: Final = "run"
"""Kind of the cases that go through the whole story, not one reader."""

KINDS: Final = (*TARGETS, RUN)

_RUN_WEIGHT: Final = 0.1  # a run takes a hundred times as long as a file
_DICTIONARIES: Final = 15.0
"""Seconds more that a run has, which reads the dictionaries first."""

MOST_MEMORY: Final = 1 << 30
"""Bytes that a case may add to the process."""

_MOST_WALL_SECONDS: Final = 300.0  # something waits for what never comes
_ADDRESS_SPACE: Final = 6 << 30


class Finding(NamedTuple):
    """A case that neither gave a document nor was refused."""

    kind: str
    number: int
    what: str
    trace: str

    @property
    def signature(self) -> str:
        """What findings of one cause have in common."""
        return f"{self.kind}: {self.what}"


class Result(NamedTuple):
    """What became of some cases."""

    counts: Counter[tuple[str, str]]
    findings: list[Finding]
    slowest: tuple[float, str]


def draw(n_cases: int, first: int = 0, kinds: Sequence[str] = ()) -> Iterator[tuple[str, int]]:
    """Kinds and numbers of so many cases, every kind by its weight, evenly mixed."""
    weights = {kind: float(own.weight) for kind, own in TARGETS.items()} | {RUN: _RUN_WEIGHT}
    chosen = {kind: own for kind, own in weights.items() if not kinds or kind in kinds}
    total = sum(chosen.values())
    shares = {kind: max(1, round(n_cases * own / total)) for kind, own in chosen.items()}
    placed = sorted(
        ((number + 0.5) / share, kind, first + number)
        for kind, share in shares.items()
        for number in range(share)
    )
    yield from ((kind, number) for _, kind, number in placed)


def run_cases(cases: Iterable[tuple[str, int]], seconds: float = float("inf")) -> Result:
    """Run cases one after the other in a worker that is started again when it ends early.

    Parameters
    ----------
    cases
        Kind and number of each.
    seconds
        Time after which no further case is begun.
    """
    left = list(cases)[::-1]
    result = Result(Counter(), [], (0.0, ""))
    slowest = result.slowest
    until = time.monotonic() + seconds
    context = multiprocessing.get_context("fork")
    while left and time.monotonic() < until:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(theirs,))
        worker.start()
        theirs.close()
        try:
            while left and time.monotonic() < until:
                kind, number = left.pop()
                ours.send((kind, number))
                if not ours.poll(_MOST_WALL_SECONDS):
                    worker.kill()
                    result.findings.append(Finding(kind, number, "hang (waits)", ""))
                    break
                outcome, what, trace, took = ours.recv()
                result.counts[kind, outcome] += 1
                slowest = max(slowest, (took, f"{kind}:{number}"))
                if outcome == "finding":
                    result.findings.append(Finding(kind, number, what, trace))
            else:
                ours.send(None)
        except (EOFError, ConnectionError):
            worker.join()
            code = worker.exitcode
            if code == 0:  # it had grown too large, and left before it saw the case
                left.append((kind, number))
                continue
            what = "hang" if code == -signal.SIGPROF else f"crash ({code})"
            result.counts[kind, "finding"] += 1
            result.findings.append(Finding(kind, number, what, ""))
        finally:
            ours.close()
        worker.join()
    return result._replace(slowest=slowest)


def save_finding(finding: Finding, folder: Path) -> None:
    """Keep the file of a finding, and what was raised."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{finding.kind}-{finding.number}"
    if finding.kind != RUN:
        case = make_case(finding.kind, finding.number)
        (folder / f"{name}{case.suffix}").write_bytes(case.content)
    told = json.dumps(finding._asdict(), ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(told, "utf-8")


def _work(pipe: Connection) -> None:
    """Read cases until there are no more; the timer's signal ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A reader that ends the process says so on standard error; the parent knows it already.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(EOFError):
        while (case := _next_case(pipe)) is not None:
            pipe.send(_outcome(*case, Path(folder)))
            if _memory() > 2 * MOST_MEMORY:
                break


def _next_case(pipe: Connection) -> tuple[str, int] | None:
    """Wait for a case as long as there is somebody who might send one."""
    parent = os.getppid()
    while not pipe.poll(1.0):
        if os.getppid() != parent:
            return None
    case: tuple[str, int] | None = pipe.recv()
    return case


def _outcome(kind: str, number: int, folder: Path) -> tuple[str, str, str, float]:
    case = make_case(kind, number) if kind != RUN else None
    before = _memory()
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS + _DICTIONARIES * (case is None))
    try:
        if case is None:
            with tempfile.TemporaryDirectory(dir=folder) as own:
                outcome = run_case(number, Path(own))
        else:
            outcome = read_case(case, folder)
        what = trace = ""
    except BaseException as error:  # noqa: BLE001 - panics of other languages are no Exceptions
        outcome, what, trace = "finding", _place(error), traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    # A run also loads the dictionaries, which are no part of the file's cost.
    if case is not None and (more := _memory() - before) > MOST_MEMORY:
        outcome, what = "finding", f"memory ({more >> 20} MB)"
    return outcome, what, trace, time.process_time() - began


def _place(error: BaseException) -> str:
    """Kind of an error, and the line of ours that it went through last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [own for own in frames if "/pipeline/" in own.filename]
    where = f" in {Path(ours[-1].filename).name}:{ours[-1].name}" if ours else ""
    return f"{type(error).__name__}{where}"


def _memory() -> int:
    """Most bytes that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
