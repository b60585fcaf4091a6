"""Draw links from opinions to lines of the action plan, to be read and marked by a person.

    python tests/benchmarks/actions.py RUN 60 links.csv      # draws; fill in the column `ok`
    python tests/benchmarks/actions.py RUN links.csv         # precision, by kind of evidence

The draw follows a hash of the ids: nobody chooses, and the same run gives the same draw. The
file holds residents' words; it belongs beside the run and not into the repository.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pandas as pd
from scipy.stats import binomtest

from pipeline.tables import load_table

SALT = "h5"


def draw(run: Path, number: int, target: Path) -> None:
    """Write the first links in the order of their hash, with an empty column to fill in."""
    folder = run / "tables"
    opinions, actions = load_table("opinions", folder), load_table("actions", folder)
    links = load_table("action_links", folder)
    keys = (SALT + links["opinion_id"] + links["action_id"]).str.encode("utf-8")
    links["order"] = [hashlib.sha256(key).hexdigest() for key in keys]
    shown = links.merge(
        opinions[["opinion_id", "text", "goal_id", "measure_id"]], on="opinion_id"
    ).merge(actions[["action_id", "text", "measure_id"]], on="action_id", suffixes=("", "_action"))
    shown["ok"] = ""
    drawn = shown.sort_values("order").head(number).drop(columns="order")
    drawn.to_csv(target, index=False, encoding="utf-8-sig")


def measure(marked: Path) -> None:
    """Print the precision of what a person marked 1 (right) or 0, with its 95 % interval."""
    links = pd.read_csv(marked, dtype={"measure_id": str, "measure_id_action": str})
    own_measure = links["measure_id"].fillna("") == links["measure_id_action"].fillna("")
    for name, rows in (("all", links), ("own measure", links[own_measure])):
        right, whole = int(rows["ok"].sum()), len(rows)
        interval = binomtest(right, whole).proportion_ci(method="wilson")
        print(f"{name}: {right}/{whole} = {right / whole:.2f}", end=" ")
        print(f"({interval.low:.2f} to {interval.high:.2f})")


if __name__ == "__main__":
    if sys.argv[2].isdecimal():
        draw(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    else:
        measure(Path(sys.argv[2]))
