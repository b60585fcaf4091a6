"""Seconds and memory of whole runs: ``python -m tests.benchmarks.scale`` (``make bench``).

For every size, as often as asked: SudachiPy alone on the survey's texts, then ``kadai
run`` on the survey, by turns, so that what else the machine does hits both. Results go
into a JSON file after every run; started again, the command goes on where it was. Run
folders are deleted as soon as they are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.benchmarks.scale.corpus import write_corpora
from tests.benchmarks.scale.paper import write_paper
from tests.benchmarks.scale.picture import draw
from tests.benchmarks.scale.processes import run_watched
from tests.benchmarks.scale.results import DATA, HERE, ROOT, Pair, Results, about, summaries
from tests.benchmarks.scale.tables import markdown

BYTES_PER_ANSWER: Final = 10_000
"""Free disk that a run is begun with, for every answer; a run writes about a tenth."""


def main() -> None:
    """Measure what is not measured yet, then write the table and the picture."""
    told = _arguments()
    sizes = sorted(set(told.sizes))
    copies = sorted(set(told.copies if told.copies is not None else [max(sizes)]))
    folder = told.folder.resolve()
    write_corpora(told.data, folder / "corpora", sizes, copies)
    results = Results(folder / "results.json")
    surveys = [*(("distinct", size) for size in sizes), *(("copies", size) for size in copies)]
    left = [
        (*survey, run)
        for run in range(told.runs)
        for survey in surveys
        if not results.has(*survey, run)
    ]
    if left:  # what is compiled on first use is compiled before the clock starts
        _measure(folder, "distinct", sizes[0], 0, told.option)
    for corpus, size, run in left:
        if about()["code"] != results.about["code"]:
            sys.exit("The code has changed since the first run: start again.")
        pair = _measure(folder, corpus, size, run, told.option)
        results.add(pair)
        print(_line(pair), flush=True)
    found = summaries(results.pairs)
    text = markdown(found, results.about)
    (folder / "results.md").write_text(text, encoding="utf-8")
    (folder / "scaling.svg").write_text(draw(found), encoding="utf-8")
    if told.publish:
        write_paper(results.pairs, results.about)
    print("\n" + text)


def _measure(folder: Path, corpus: str, size: int, run: int, options: list[str]) -> Pair:
    """The floor, then Kadai, each in a process of its own."""
    survey = folder / "corpora" / f"{corpus}-{size}.csv"
    with tempfile.TemporaryDirectory(prefix="run-", dir=folder) as scratch:
        here = Path(scratch)
        if shutil.disk_usage(here).free < size * BYTES_PER_ANSWER:
            sys.exit(f"{size} answers need {size * BYTES_PER_ANSWER / 1e9:.0f} GB of free disk.")
        raw = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.scale.raw", survey],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout  # fmt: skip
        made = here / "made"
        command = [sys.executable, "-m", "pipeline", "run", survey.with_suffix(".toml")]
        cost = run_watched(
            [*command, "--output", made, *options],
            log=here / "log.txt",
            folder=here,
            environment={"PYTHONPATH": str(ROOT), "KADAI_CACHE": str(folder / "cache")},
        )
        return Pair(
            corpus=corpus,
            size=size,
            run=run,
            raw=json.loads(raw),
            kadai=asdict(cost),
            stages=json.loads((made / "timings.json").read_text("utf-8"))["seconds"],
            counts=_counts(made),
        )


def _counts(made: Path) -> dict[str, float]:
    """What a run found, from its tables: no stage has to be asked for it."""
    from pyarrow import parquet

    return {
        **{
            name: parquet.read_metadata(made / "tables" / f"{name}.parquet").num_rows
            for name in ("answers", "opinions", "issues", "set_aside")
        },
        "megabytes": sum(own.stat().st_size for own in made.rglob("*") if own.is_file()) / 1e6,
    }


def _line(pair: Pair) -> str:
    ratio = pair.kadai["seconds"] / pair.raw["seconds"]
    return (
        f"{pair.corpus} {pair.size}, run {pair.run + 1}: floor {pair.raw['seconds']:.2f} s, "
        f"Kadai {pair.kadai['seconds']:.1f} s ({ratio:.1f}x), {pair.kadai['cpu_seconds']:.1f} CPU s,"
        f" {pair.kadai['peak_mb']:.0f} MB"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--copies", type=int, nargs="*", help="sizes of copy-heavy surveys")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=HERE, help="corpora and results")
    parser.add_argument("--data", type=Path, default=DATA, help="real answers to resample")
    parser.add_argument(
        "--option", action="append", default=[], metavar="=--OPTION", help="handed to kadai run"
    )
    parser.add_argument(
        "--publish", action="store_true", help="write SCALING.md and the picture of the README"
    )
    told = parser.parse_args()
    if not Path("/proc/self/smaps_rollup").exists():
        parser.error("Memory is read from /proc: Linux only.")
    if not (told.data / "fukui").is_dir():
        parser.error(f"No real answers in {os.path.relpath(told.data)}.")
    return told


if __name__ == "__main__":
    main()
