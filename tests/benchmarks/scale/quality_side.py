"""One grouping of labelled rows: ``quality_side.py FOLDER --fitted N``.

A child process, so that its memory is its own. Reads ``texts.json`` and leaves
``labels.json``; prints seconds and the number of distinct rows.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from pipeline import grouping

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "issues"))

from kadai_side import group  # Kadai's interface, known in one place


def main() -> None:
    """Group all rows, with issues made of at most so many distinct ones."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fitted", type=int, required=True)
    told = parser.parse_args()
    assert isinstance(grouping.MOST_FITTED, int)  # the limit has its name still
    grouping.MOST_FITTED = told.fitted
    texts = json.loads((told.folder / "texts.json").read_text(encoding="utf-8"))
    began = time.perf_counter()
    labels = group(texts)
    seconds = time.perf_counter() - began
    (told.folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "distinct": len(set(texts))}))


if __name__ == "__main__":
    main()
