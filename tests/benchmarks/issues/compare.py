"""Kadai's grouping and its peers' on the same labelled rows and the same vectors.

Run: ``python tests/benchmarks/issues/compare.py`` (``--help``; README.md beside it).
Nothing is tuned here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from environment import HERE, ROOT, peers_python
from measure import Measured, read_measured, write
from scores import Row, table
from sets import SETS, Labelled

KADAI = (("Kadai", False), ("Kadai, true number", True))
PEERS = (
    ("bertopic_default", "BERTopic, default", True),
    ("bertopic_japanese", "BERTopic, Japanese words", True),
    ("kouchou", "kouchou-ai", True),
    ("tfidf_kmeans", "TF-IDF + k-means, true number", False),
    ("lsa_kmeans", "LSA-100 + k-means, true number", False),
)
"""Recipe, name in the table, whether it needs much time."""


@dataclass(frozen=True)
class Child:
    """Starts methods on the rows of one folder, each in a process of its own."""

    folder: Path
    peers: Path | None

    def kadai(self, *command: object, seed: int = 0) -> None:
        """Run Kadai's side in this interpreter, with the code of this repository."""
        own = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed)}
        _run([sys.executable, HERE / "kadai_side.py", *command], own)

    def group(self, number: int | None, runs: int) -> list[Measured]:
        """Kadai: every time a new process, another hash seed and another order of rows."""
        wanted = ["--number", number] if number else []
        done: list[Measured] = []
        for run in range(runs):
            self.kadai("group", self.folder, "--shuffle", run, *wanted, seed=run)
            done += read_measured(self.folder)
        return done

    def peer(self, recipe: str, number: int, runs: int) -> list[Measured]:
        """Run a recipe of the peers with several seeds, all in one process."""
        command = [self.peers, HERE / "peers.py", recipe, self.folder]
        _run([*command, "--number", number, "--runs", runs], {})
        return read_measured(self.folder)


def compare(labelled: Labelled, runs: int, peers: Path | None) -> str:
    """Table of one set."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        child = Child(Path(name), peers)
        write(child.folder / "texts.json", labelled.texts)
        child.kadai("share", child.folder)  # first: compiles Kadai's dictionary, untimed
        for method, told in KADAI:
            _say(labelled, method)
            number = labelled.number if told else None
            rows += _rows(method, child.group(number, runs))
        for recipe, method, slow in PEERS if peers else ():
            if slow and not labelled.slow:
                continue
            _say(labelled, method)
            rows += _rows(method, child.peer(recipe, labelled.number, runs))
    # Apart, since a child is charged with the memory of the process that starts it.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(table, labelled, rows).result()


def _rows(method: str, done: list[Measured]) -> list[Row]:
    """One row of the table for every reading of a method's result."""
    return [
        Row(
            f"{method}, {reading}" if reading else method,
            [one.labelings[reading] for one in done],
            [one.seconds for one in done],
            [one.megabytes for one in done],
        )
        for reading in done[0].labelings
    ]


def _run(command: list[object], variables: dict[str, str]) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(str(command[1])).name} failed:\n{done.stderr}")


def _say(labelled: Labelled, method: str) -> None:
    print(f"{labelled.name}: {method}", file=sys.stderr)


def main() -> None:
    """Print a table for every set that is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, help="write the tables to this file too")
    parser.add_argument("--no-peers", action="store_true", help="Kadai alone; installs nothing")
    given = parser.parse_args()
    peers = None if given.no_peers else peers_python()
    tables: list[str] = []
    for name in given.sets:
        try:
            sets = SETS[name]()
        except FileNotFoundError as error:
            print(f"{name} is skipped: {error}", file=sys.stderr)
            continue
        for labelled in sets:
            tables.append(compare(labelled, given.runs, peers))
            print(tables[-1], flush=True)
            if given.output:
                given.output.write_text("\n".join(tables), encoding="utf-8")


if __name__ == "__main__":
    main()
