"""Another plan: budget items of Otaru under its six pillars, with decisions and without.

Run from the repository: ``python tests/benchmarks/goals_otaru.py``. Folds are grouped by
item, because two years repeat their items. The baseline is TF-IDF with logistic regression.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

sys.path.insert(0, str(Path(__file__).parent))

from goals_gold import ROOT, lexicon, mapper_of

from pipeline.features import content_words
from pipeline.goals.batch import score_texts
from pipeline.goals.examples import Example
from pipeline.plan import find_plan, load_plan
from pipeline.tokens import default_tokenizer

ITEMS = ROOT.parent / "shared" / "data" / "benchmarks" / "otaru_ibaraki_items_plan_goals.csv"
PLAN = "otaru-7"


def read_items() -> pd.DataFrame:
    """Items of the six pillars; what stands under no pillar (その他主要事業) is left out."""
    table = pd.read_csv(ITEMS, dtype=str, keep_default_na=False)
    plan = load_plan(find_plan(PLAN, ROOT))
    names = {goal.name: goal.id for goal in plan.goals}
    otaru = table[table["municipality"] == "小樽市"]
    # A roman number behind a pillar's name is the heading that follows it on the page.
    goals = otaru["label_goal"].str.replace("Ⅳ", "").map(names)
    return otaru.assign(goal=goals).dropna(subset="goal")


def predict(items: pd.DataFrame, decisions: tuple[Example, ...], *, forced: bool) -> list[str]:
    """Goals of items; `forced`: the best pillar also where the machine would abstain."""
    mapper = mapper_of(PLAN, decisions)
    tokens = default_tokenizer().tokenize_all(items["text"])
    combined = score_texts(tokens, None, [0.0] * len(tokens), mapper).combined
    first = 1 if forced else 0
    return [mapper.model.goals[first + int(own[first:].argmax())] for own in combined]


def folded(items: pd.DataFrame, *, forced: bool) -> pd.Series[str]:
    """Goals of every item, decisions on the other four fifths of the items known."""
    found = pd.Series("", index=items.index)
    for known, asked in GroupKFold(5).split(items, groups=items["item"]):
        decisions = tuple(
            Example(row.text, row.goal, source=row.id) for row in items.iloc[known].itertuples()
        )
        test = items.iloc[asked]
        found.loc[test.index] = predict(test, decisions, forced=forced)
    return found


def baseline(items: pd.DataFrame) -> pd.Series[str]:
    """TF-IDF of the same words with logistic regression, same folds."""
    tokens = default_tokenizer().tokenize_all(items["text"])
    words = pd.Series(
        [" ".join(content_words(own, lexicon().stopwords)) for own in tokens], index=items.index
    )
    found = pd.Series("", index=items.index)
    for known, asked in GroupKFold(5).split(items, groups=items["item"]):
        model = make_pipeline(
            TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True),
            LogisticRegression(C=50, max_iter=2000, class_weight="balanced"),
        )
        model.fit(words.iloc[known], items["goal"].iloc[known])
        found.iloc[asked] = model.predict(words.iloc[asked])
    return found


def main() -> None:
    """Print the scores."""
    items = read_items()
    ways = {
        "names and rules alone": predict(items, (), forced=False),
        "names and rules alone, best pillar": predict(items, (), forced=True),
        "with decisions": folded(items, forced=False),
        "with decisions, best pillar": folded(items, forced=True),
        "TF-IDF + logistic regression": baseline(items),
    }
    labels = sorted(items["goal"].unique())
    print(f"n {len(items)}")
    for name, found in ways.items():
        score = f1_score(items["goal"], found, labels=labels, average="macro", zero_division=0)
        right = (items["goal"] == pd.Series(list(found), index=items.index)).mean()
        print(f"{name}: macro-F1 {score:.3f}  accuracy {right:.3f}")


if __name__ == "__main__":
    main()
