"""The peers' side: clusters of given vectors, by the recipes of ``tests/benchmarks/issues``.

A child process in the peers' own environment: ``peers_side.py RECIPE FOLDER --runs N``.
BERTopic is left unseeded, as it comes, so that its UMAP uses all cores; kouchou-ai fixes
its seed, which makes UMAP use one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "issues"))

from peers import RECIPES, Material

SEEDS: dict[str, Any] = {"bertopic_default": None, "kouchou": 42}
FEW = 2  # the recipe's reading at a true number, unknown here, costs nothing


def main() -> None:
    """Run one recipe some times in this process; only the first run compiles."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", choices=sorted(SEEDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=2)
    told = parser.parse_args()
    texts = json.loads((told.folder / "texts.json").read_text(encoding="utf-8"))
    vectors = np.load(told.folder / "vectors.npy")
    rows = np.flatnonzero(vectors.any(axis=1))
    given = Material([texts[row] for row in rows], [], vectors[rows], FEW, SEEDS[told.recipe])
    seconds, cpu, groups = [], [], 0
    for _ in range(told.runs):
        work = RECIPES[told.recipe](given)
        began, used = time.perf_counter(), time.process_time()
        labels = next(iter(work().values()))
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
        groups = len(set(labels) - {""})
    print(json.dumps({"recipe": {"seconds": seconds, "cpu": cpu}, "groups": groups}))


if __name__ == "__main__":
    main()
