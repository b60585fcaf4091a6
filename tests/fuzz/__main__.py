"""The long form: ``python -m tests.fuzz --cases 100000 --processes 2``; see ``make fuzz``."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from pipeline.opinions import make_opinions
from tests.fuzz.cases import KINDS, Finding, Result, draw, run_cases, save_finding
from tests.fuzz.seeds import seeds

_BATCH = 500
_COLUMNS = ["answer_id", "question", "source_kind", "respondent_id", "raw_text"]
_SAVED = 3  # files of one cause


def main() -> int:
    """Run cases, print what became of them, and leave with 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--minutes", type=float, default=60.0, help="no batch is begun later")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", default=[], choices=KINDS)
    parser.add_argument("--findings", type=Path, default=Path("outputs/fuzz"))
    told = parser.parse_args()
    seeds()  # what every worker needs is there before they are forked
    make_opinions(
        pd.DataFrame([["A1", "問", "survey", "R1", "田中さんに会う。"]], columns=_COLUMNS)
    )
    began = time.monotonic()
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[str, list[Finding]] = {}
    slowest = (0.0, "")
    cases = list(draw(told.cases, told.first, told.kinds))
    batches = [cases[place : place + _BATCH] for place in range(0, len(cases), _BATCH)]
    until = began + 60 * told.minutes
    with ProcessPoolExecutor(told.processes) as pool:
        for number, result in enumerate(
            pool.map(_run_batch, [(own, until) for own in batches]), start=1
        ):
            counts += result.counts
            slowest = max(slowest, result.slowest)
            for finding in result.findings:
                known = found.setdefault(finding.signature, [])
                if not known:
                    print(f"finding: {finding.signature} (number {finding.number})", flush=True)
                if len(known) < _SAVED:
                    save_finding(finding, told.findings)
                known.append(finding)
            if number % 10 == 0:
                print(f"{counts.total()} cases, {time.monotonic() - began:.0f} s", flush=True)
    _report(counts, found, slowest, time.monotonic() - began)
    return 1 if found else 0


def _run_batch(own: tuple[list[tuple[str, int]], float]) -> Result:
    cases, until = own
    return run_cases(cases, max(0.0, until - time.monotonic()))


def _report(
    counts: Counter[tuple[str, str]],
    found: dict[str, list[Finding]],
    slowest: tuple[float, str],
    seconds: float,
) -> None:
    print(f"{'kind':<12}{'read':>9}{'refused':>9}{'findings':>9}")
    for kind in KINDS:
        row = [counts[kind, outcome] for outcome in ("read", "refused", "finding")]
        if any(row):
            print(f"{kind:<12}{row[0]:>9}{row[1]:>9}{row[2]:>9}")
    n_found = sum(len(own) for own in found.values())
    print(
        f"{counts.total()} cases in {seconds:.0f} s, slowest {slowest[0]:.2f} s ({slowest[1]}),"
        f" {n_found} findings of {len(found)} causes"
    )
    for signature, own in found.items():
        print(f"  {signature}: {len(own)} (numbers {', '.join(str(f.number) for f in own[:5])})")


if __name__ == "__main__":
    sys.exit(main())
