"""What was measured: one JSON file that grows by one run at a time, and what follows from it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from math import log
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[3]
DATA: Final = ROOT.parent / "shared" / "data"
HERE: Final = ROOT / "outputs" / ".benchmarks" / "scale"
"""Where corpora and results are kept."""

EXPONENT_FROM: Final = 10_000
"""Answers of the survey that growth is counted from: below it, starting up is most of it."""


class Spread(NamedTuple):
    """Median, least and most of a few runs."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """Of values that are not none."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True)
class Pair:
    """The floor and Kadai on the same survey, one right after the other.

    Attributes
    ----------
    corpus
        ``distinct`` or ``copies``.
    size
        Answers.
    run
        Number of the run, from 0.
    raw, kadai
        What :mod:`tests.benchmarks.scale.raw` printed, and a
        :class:`~tests.benchmarks.scale.processes.Cost`.
    stages
        Stage of the run → seconds, by Kadai's own clock.
    counts
        What the run found: opinions, issues, distinct opinions, megabytes on disk.
    """

    corpus: str
    size: int
    run: int
    raw: dict[str, float]
    kadai: dict[str, float]
    stages: dict[str, float] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """All runs of one survey.

    Attributes
    ----------
    ratio
        Seconds of Kadai by seconds of the floor, pair by pair.
    cpu_ratio
        The same of processor seconds: what stays comparable on a busy machine.
    per_second
        Opinions by seconds of the whole process, at the median.
    """

    corpus: str
    size: int
    n_runs: int
    n_opinions: int
    raw: Spread
    seconds: Spread
    cpu: Spread
    peak_mb: Spread
    largest_mb: Spread
    ratio: Spread
    cpu_ratio: Spread
    per_second: float
    stages: dict[str, float]


class Results:
    """The file of results; measurements of other code than today's are put aside.

    Parameters
    ----------
    path
        Made where it is not there; its folder, too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about = about()
        self.pairs: list[Pair] = []
        if path.is_file():
            held = json.loads(path.read_text(encoding="utf-8"))
            if held["about"]["code"] == self.about["code"]:
                self.about = held["about"]
                self.pairs = [Pair(**own) for own in held["pairs"]]
            else:
                path.rename(path.with_name(f"{path.stem}-{held['about']['code']}{path.suffix}"))
        path.parent.mkdir(parents=True, exist_ok=True)

    def has(self, corpus: str, size: int, run: int) -> bool:
        """Whether this run was measured before."""
        return any((own.corpus, own.size, own.run) == (corpus, size, run) for own in self.pairs)

    def add(self, pair: Pair) -> None:
        """Keep a run; the file is whole at any time."""
        self.pairs.append(pair)
        part = self.path.with_suffix(".part")
        content = {"about": self.about, "pairs": [asdict(own) for own in self.pairs]}
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(self.path)


def summaries(pairs: list[Pair]) -> list[Summary]:
    """One for every survey, distinct ones first, smallest first."""
    by_survey: dict[tuple[str, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_survey[pair.corpus, pair.size].append(pair)
    order = sorted(by_survey, key=lambda survey: (survey[0] != "distinct", survey[1]))
    return [_summary(*survey, by_survey[survey]) for survey in order]


def _summary(corpus: str, size: int, runs: list[Pair]) -> Summary:
    def kadai(name: str) -> Spread:
        return Spread.of([run.kadai[name] for run in runs])

    seconds = kadai("seconds")
    n_opinions = int(runs[0].counts["opinions"])
    return Summary(
        corpus=corpus,
        size=size,
        n_runs=len(runs),
        n_opinions=n_opinions,
        raw=Spread.of([run.raw["seconds"] for run in runs]),
        seconds=seconds,
        cpu=kadai("cpu_seconds"),
        peak_mb=kadai("peak_mb"),
        largest_mb=kadai("largest_mb"),
        ratio=Spread.of([run.kadai["seconds"] / run.raw["seconds"] for run in runs]),
        cpu_ratio=Spread.of([run.kadai["cpu_seconds"] / run.raw["cpu_seconds"] for run in runs]),
        per_second=n_opinions / seconds.median,
        stages={name: median(run.stages.get(name, 0.0) for run in runs) for name in runs[0].stages},
    )


def exponent(found: list[Summary]) -> tuple[float, float] | None:
    """Growth from :data:`EXPONENT_FROM` distinct answers to the largest: of Kadai, of the floor.

    An exponent of 1 means that ten times the answers take ten times as long.
    """
    distinct = [own for own in found if own.corpus == "distinct" and own.size >= EXPONENT_FROM]
    if len(distinct) < 2:
        return None
    first, last = distinct[0], distinct[-1]
    grown = log(last.size / first.size)
    return (
        log(last.seconds.median / first.seconds.median) / grown,
        log(last.raw.median / first.raw.median) / grown,
    )


def about() -> dict[str, Any]:
    """The machine and the code, without names of either."""
    return {
        "code": _code(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "machine": platform.machine(),
        "python": sys.version.split()[0],
        "packages": {
            name: version(name)
            for name in ("sudachipy", "sudachidict-core", "numpy", "pandas", "scikit-learn")
        },
    }


def _code() -> str:
    """Hash of everything that a run's time may depend on in this repository."""
    made = hashlib.sha256()
    files = [*(ROOT / "pipeline").rglob("*"), *(ROOT / "dictionaries").rglob("*")]
    files.append(Path(__file__).with_name("corpus.py"))
    for file in sorted(own for own in files if own.is_file() and "__pycache__" not in own.parts):
        made.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return made.hexdigest()[:12]
