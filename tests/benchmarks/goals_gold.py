"""Goal links against labelled opinions: macro-F1, accuracy, precision and recall by goal.

Run from the repository: ``python tests/benchmarks/goals_gold.py [--half a|b] [--errors]``.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import pandas as pd
from sklearn.metrics import f1_score, precision_recall_fscore_support

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from pipeline.goals import link_opinions  # noqa: E402 — the path has to be set before
from pipeline.plan import load_plan  # noqa: E402
from pipeline.rules import load_rules  # noqa: E402
from pipeline.tokens import default_tokenizer  # noqa: E402

GOLD = ROOT.parent / "shared" / "data" / "goals" / "gold_dev.csv"
LINKS_RIGHT = 0.9
GOALS = ["0", "1", "2", "3", "4", "5", "6"]


def half_of(name: str) -> str:
    """Half of the labelled rows that a row belongs to: ``a`` to tune on, ``b`` to confirm."""
    return "ab"[hashlib.sha256(name.encode()).digest()[0] % 2]


def score_gold(gold: pd.DataFrame, plan_name: str = "nishitokyo-4") -> pd.DataFrame:
    """Labelled rows with the machine's ``predicted`` goal and ``truth``, any accepted label right.

    Where the prediction is one of ``goals_accepted`` it is the truth, else ``goal``.
    """
    plan_path = ROOT / "dictionaries" / "plans" / f"{plan_name}.toml"
    plan = load_plan(plan_path)
    tokenizer = default_tokenizer()
    rules = load_rules(plan_path.with_suffix(".rules.toml"), plan, tokenizer.tokenize)
    opinions = pd.DataFrame(
        {"opinion_id": gold["id"], "start": 0, "text": gold["text"], "question": "", "kind": ""}
    )
    assigned, _ = link_opinions(opinions, tokenizer.tokenize_all(gold["text"]), plan, rules)
    predicted = assigned["goal_id"].where(assigned["goal_id"] != "", "0")
    accepted = gold["goals_accepted"].str.split("|")
    truth = [
        guess if guess in labels else label
        for guess, labels, label in zip(predicted, accepted, gold["goal"], strict=True)
    ]
    columns = ["goal_score", "goal_confidence", "goal_id_2", "measure_id"]
    return gold.assign(predicted=predicted, truth=truth).join(
        assigned[columns].rename(columns={"measure_id": "machine_measure"})
    )


def macro_f1(scored: pd.DataFrame) -> float:
    """Mean of the F1 of goals 0 to 6."""
    return float(f1_score(scored["truth"], scored["predicted"], labels=GOALS, average="macro"))


def read_gold() -> pd.DataFrame:
    """Labelled opinions as text."""
    return pd.read_csv(GOLD, dtype=str, keep_default_na=False)


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=["a", "b"])
    parser.add_argument("--errors", action="store_true")
    arguments = parser.parse_args()
    gold = read_gold()
    if arguments.half:
        gold = gold[gold["id"].map(half_of) == arguments.half]
    scored = score_gold(gold)
    right = scored["truth"] == scored["predicted"]
    print(f"n {len(scored)}  macro-F1 {macro_f1(scored):.3f}  accuracy {right.mean():.3f}")
    table = precision_recall_fscore_support(scored["truth"], scored["predicted"], labels=GOALS)
    for goal, precision, recall, f1, n in zip(GOALS, *table, strict=True):
        print(f"goal {goal}  precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.2f}  n {n}")
    made = scored[scored["predicted"] != "0"]
    ranked = made.sort_values(["goal_confidence", "id"], ascending=[False, True])
    rate = (ranked["truth"] == ranked["predicted"]).expanding().mean().to_numpy()
    confident = made["goal_confidence"].mean()
    covered = int((rate >= LINKS_RIGHT).nonzero()[0].max(initial=-1)) + 1
    print(f"links {len(made)}  right {rate[-1]:.3f}  mean confidence {confident:.3f}")
    print(f"links that can be made with 10 % wrong: {covered / len(made):.2f}")
    known = made[(made["measure"] != "") & (made["truth"] == made["predicted"])]
    agree = (known["measure"] == known["machine_measure"]).mean()
    print(f"measure right {agree:.3f} of {len(known)}")
    if arguments.errors:
        for row in scored[~right].itertuples():
            text = str(row.text).replace("\n", " / ")
            print(f"{row.goals_accepted} → {row.predicted} ({row.goal_score:.1f}) {text[:120]}")


if __name__ == "__main__":
    main()
