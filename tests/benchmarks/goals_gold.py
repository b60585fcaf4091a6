"""Goal links against labelled opinions: macro-F1, accuracy, precision and recall by goal.

Run from the repository: ``python tests/benchmarks/goals_gold.py [--half a|b] [--errors]``.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import sys
from pathlib import Path

import pandas as pd
from sklearn.metrics import f1_score, precision_recall_fscore_support

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from pipeline.concept_dictionary import load_concepts  # noqa: E402 — the path comes first
from pipeline.features import read_stopwords  # noqa: E402
from pipeline.goals.examples import Example  # noqa: E402
from pipeline.goals.mapper import GoalMapper, load_goal_mapper  # noqa: E402
from pipeline.goals.opinions import link_opinions  # noqa: E402
from pipeline.lexicon import Lexicon  # noqa: E402
from pipeline.plan import find_plan, load_plan  # noqa: E402
from pipeline.resources import dictionaries_folder  # noqa: E402
from pipeline.tokens import default_tokenizer  # noqa: E402
from pipeline.wordvectors import FILE_NAME, load_word_vectors  # noqa: E402

GOLD = ROOT.parent / "shared" / "data" / "goals" / "gold_dev.csv"
LINKS_RIGHT = 0.9
GOALS = ["0", "1", "2", "3", "4", "5", "6"]


def half_of(name: str) -> str:
    """Half of the labelled rows that a row belongs to: ``a`` to tune on, ``b`` to confirm."""
    return "ab"[hashlib.sha256(name.encode()).digest()[0] % 2]


@functools.cache
def lexicon() -> Lexicon:
    """What is known of words."""
    folder = dictionaries_folder()
    return Lexicon(
        load_concepts(folder / "concepts.toml", default_tokenizer().tokenize),
        load_word_vectors(folder / FILE_NAME),
        read_stopwords(folder / "stopwords.txt"),
    )


def mapper_of(plan_name: str = "nishitokyo-4", decisions: tuple[Example, ...] = ()) -> GoalMapper:
    """Mapper of a plan that comes with Kadai, with decisions or without."""
    path = find_plan(plan_name, ROOT)
    return load_goal_mapper(path, load_plan(path), default_tokenizer(), lexicon(), decisions)


def score_gold(gold: pd.DataFrame, mapper: GoalMapper | None = None) -> pd.DataFrame:
    """Labelled rows with the machine's ``predicted`` goal and ``truth``, any accepted label right.

    Where the prediction is one of ``goals_accepted`` it is the truth, else ``goal``.
    """
    opinions = pd.DataFrame({"opinion_id": gold["id"], "start": 0})
    tokens = default_tokenizer().tokenize_all(gold["text"])
    assigned = link_opinions(opinions, tokens, mapper or mapper_of()).assigned
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


def as_decisions(gold: pd.DataFrame) -> tuple[Example, ...]:
    """Labelled rows as if a reviewer had decided them."""
    return tuple(
        Example(row.text, row.goal, _second(row.goal_second, row.goal), source=row.id)
        for row in gold.itertuples()
    )


def _second(second: str, goal: str) -> str:
    first = second.split("|", maxsplit=1)[0]
    return "" if first in {"0", goal} else first


def learning_curve(gold: pd.DataFrame, splits: int = 5, tested: int = 110) -> pd.DataFrame:
    """Scores on `tested` rows after so many decisions on others; one row a split and number."""
    rows = []
    for split in range(splits):
        mixed = gold.sample(frac=1, random_state=split)
        others, test = mixed.iloc[tested:], mixed.iloc[:tested]
        for n in (0, 25, 50, 100, 200):
            scored = score_gold(test, mapper_of(decisions=as_decisions(others.iloc[:n])))
            right = (scored["truth"] == scored["predicted"]).mean()
            rows.append((split, n, macro_f1(scored), right))
    return pd.DataFrame(rows, columns=["split", "decisions", "macro_f1", "accuracy"])


def macro_f1(scored: pd.DataFrame) -> float:
    """Mean of the F1 of goals 0 to 6."""
    return float(f1_score(scored["truth"], scored["predicted"], labels=GOALS, average="macro"))


def read_gold(path: Path = GOLD) -> pd.DataFrame:
    """Labelled opinions as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def ece(scored: pd.DataFrame, bins: int = 10) -> float:
    """Expected calibration error of ``goal_confidence``."""
    right = (scored["truth"] == scored["predicted"]).astype(float)
    place = (scored["goal_confidence"] * bins).clip(upper=bins - 1e-9).astype(int)
    groups = pd.DataFrame({"bin": place, "right": right, "sure": scored["goal_confidence"]})
    means = groups.groupby("bin").agg(
        n=("right", "size"), right=("right", "mean"), sure=("sure", "mean")
    )
    return float((means["n"] * (means["right"] - means["sure"]).abs()).sum() / len(scored))


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=["a", "b"])
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--curve", action="store_true", help="scores after 0 to 200 decisions")
    parser.add_argument("--file", type=Path, default=GOLD, help="another file of that form")
    arguments = parser.parse_args()
    gold = read_gold(arguments.file)
    if arguments.half:
        gold = gold[gold["id"].map(half_of) == arguments.half]
    scored = score_gold(gold)
    right = scored["truth"] == scored["predicted"]
    print(f"n {len(scored)}  macro-F1 {macro_f1(scored):.3f}  accuracy {right.mean():.3f}")
    table = precision_recall_fscore_support(scored["truth"], scored["predicted"], labels=GOALS)
    for goal, precision, recall, f1, n in zip(GOALS, *table, strict=True):
        print(f"goal {goal}  precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.2f}  n {n}")
    print(f"expected calibration error, all rows {ece(scored):.3f}")
    made = scored[scored["predicted"] != "0"]
    ranked = made.sort_values(["goal_confidence", "id"], ascending=[False, True])
    rate = (ranked["truth"] == ranked["predicted"]).expanding().mean().to_numpy()
    confident = made["goal_confidence"].mean()
    covered = int((rate >= LINKS_RIGHT).nonzero()[0].max(initial=-1)) + 1
    print(f"links {len(made)}  right {rate[-1]:.3f}  mean confidence {confident:.3f}")
    print(f"expected calibration error of the links {ece(made):.3f}")
    print(f"links that can be made with 10 % wrong: {covered / len(made):.2f} of the links,")
    print(f"  {covered / (scored['goal'] != '0').sum():.2f} of the rows that have a goal")
    second = scored[(scored["goal_second"] != "") & (scored["predicted"] == scored["truth"])]
    found = [
        a in b.split("|") for a, b in zip(second["goal_id_2"], second["goal_second"], strict=True)
    ]
    given = scored[scored["goal_id_2"] != ""]
    right_2 = [
        a in f"{b}|{c}".split("|")
        for a, b, c in zip(
            given["goal_id_2"], given["goal_second"], given["goals_accepted"], strict=True
        )
    ]
    print(
        f"second goals: {sum(found)} of {len(second)} found, {sum(right_2)} of {len(given)} right"
    )
    known = made[(made["measure"] != "") & (made["truth"] == made["predicted"])]
    agree = (known["measure"] == known["machine_measure"]).mean()
    print(f"measure right {agree:.3f} of {len(known)}")
    if arguments.curve:
        curve = learning_curve(gold).groupby("decisions")[["macro_f1", "accuracy"]].mean()
        print(curve.round(3).to_string())
    if arguments.errors:
        for row in scored[~right].itertuples():
            text = str(row.text).replace("\n", " / ")
            print(f"{row.goals_accepted} → {row.predicted} ({row.goal_score:.1f}) {text[:120]}")


if __name__ == "__main__":
    main()
