"""Kadai's side of the comparison: the seconds of its grouping, part by part.

A child process: ``python -m tests.benchmarks.scale.kadai_side FOLDER --runs N``. Reads
``texts.json``, leaves ``vectors.npy`` (what the peers are given) and prints one line of
JSON. Tokens are there before the clock starts. Grouping is counted whole: with titles,
key words, representatives and stability, for which the peers do less or nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from pipeline import grouping
from pipeline.concepts import choose_topic, find_concepts
from pipeline.study import Parameters

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "issues"))

from kadai_side import _knowledge, _tokens  # words and dictionaries, opened in one place

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Clock:
    """Seconds by the clock, and of the processor, inside the functions that it is put around."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu = 0.0

    def around(self, function: Callable[..., T]) -> Callable[..., T]:
        """The function, clocked."""

        def clocked(*given: object) -> T:
            began, used = time.perf_counter(), time.process_time()
            made = function(*given)
            self.seconds += time.perf_counter() - began
            self.cpu += time.process_time() - used
            return made

        return clocked


def main() -> None:
    """Group the texts some times in this process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=2)
    told = parser.parse_args()
    texts = json.loads((told.folder / "texts.json").read_text(encoding="utf-8"))
    tokens = _tokens(texts)
    dictionary, knowledge = _knowledge()
    ids = [f"O{place:07d}" for place in range(len(texts))]
    opinions = pd.DataFrame({"opinion_id": ids, "text": texts, "kind": "other", "stands_for": ids})

    def find_topics():
        return [
            choose_topic(own, find_concepts(own, dictionary), dictionary, knowledge.stopwords)
            for own in tokens
        ]

    make_vectors = grouping.fit_vectors
    parts = {name: {"seconds": [], "cpu": []} for name in ("topics", "vectors", "grouping")}
    for _ in range(told.runs):
        clocks = {name: Clock() for name in parts}
        grouping.fit_vectors = _clocked(make_vectors, clocks["vectors"])
        topics = clocks["topics"].around(find_topics)()
        made = clocks["grouping"].around(grouping.group_opinions)(
            opinions, tokens, topics, knowledge, Parameters()
        )
        for name, clock in clocks.items():
            parts[name]["seconds"].append(clock.seconds)
            parts[name]["cpu"].append(clock.cpu)
    vectors = made.distinct.vectors
    every = vectors.at(np.arange(vectors.count))
    np.save(told.folder / "vectors.npy", every[made.row_of.to_numpy()])
    print(json.dumps(parts | {"groups": made.method["n_issues"]}))


def _clocked(make: Callable[..., tuple], clock: Clock) -> Callable[..., tuple]:
    """What makes the vectors; most rows are only placed when they are asked for."""

    def made(*given: object) -> tuple:
        vectors, views, count = clock.around(make)(*given)
        return (
            replace(vectors, place=clock.around(vectors.place)),
            SimpleNamespace(place=clock.around(views.place)),  # all that grouping asks for
            count,
        )

    return made


if __name__ == "__main__":
    main()
