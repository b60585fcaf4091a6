"""The floor: SudachiPy on one core, and nothing else.

A process of its own: ``python -m tests.benchmarks.scale.raw SURVEY.csv``. Prints one
line of JSON. The clock runs over the loop alone: opening the dictionary and reading
the texts are over, every answer is given to the tokenizer once (mode A, all fields,
the core dictionary, no words taken out of the result). Small surveys are gone through
again until :data:`LEAST` seconds are full; the median pass counts, which is faster than
a first one, so that a ratio to it is not flattered.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from sudachipy import Dictionary, SplitMode

from tests.benchmarks.scale.corpus import read_texts

LEAST: Final = 1.0


def tokenize(texts: list[str]) -> dict[str, float]:
    """Seconds that the texts take, once."""
    analyse = Dictionary(dict="core").tokenizer(mode=SplitMode.A).tokenize
    analyse("最初の一回は辞書を読み込む。")
    clock, processor = [], []
    while sum(clock) < LEAST:
        began, used = time.perf_counter(), time.process_time()
        for text in texts:
            analyse(text)
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return {
        "seconds": median(clock),
        "cpu_seconds": median(processor),
        "passes": len(clock),
        "n_texts": len(texts),
        "characters": sum(map(len, texts)),
    }


if __name__ == "__main__":
    print(json.dumps(tokenize(read_texts(Path(sys.argv[1])))))
