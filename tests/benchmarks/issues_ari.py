"""How well issues agree with people's own grouping, beside plain k-means on the same rows.

Run: ``python tests/benchmarks/issues_ari.py``. Needs the labelled sets beside the
repository; nothing is tuned here.
"""

from __future__ import annotations

import csv
import functools
import time
from collections import Counter
from pathlib import Path

import pandas as pd
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from pipeline.concepts import find_concepts
from pipeline.features import content_words, read_stopwords
from pipeline.grouping import group_opinions
from pipeline.plan import find_plan, load_plan
from pipeline.resources import dictionaries_folder
from pipeline.rules import load_rules
from pipeline.study import Parameters
from pipeline.tokens import default_tokenizer

DATA = Path(__file__).parents[3] / "shared" / "data" / "benchmarks"
SETS = (
    ("sabae_issues_dev.csv", ("issue_a", "issue_b"), 1),
    ("env_pubcomment2025_official_groups.csv", ("label",), 5),
)


def main() -> None:
    tokenizer = default_tokenizer()
    path = find_plan("nishitokyo-4", Path())
    plan = load_plan(path)
    rules = load_rules(path.with_suffix(".rules.toml"), plan, tokenizer.tokenize)
    stopwords = read_stopwords(dictionaries_folder() / "stopwords.txt")
    print(f"{'set':44} {'labels':8} {'method':24} {'n':>4} {'ARI':>6} {'NMI':>6} {'s':>6}")
    for name, columns, smallest in SETS:
        with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        size = Counter(row[columns[0]] for row in rows)
        rows = [row for row in rows if size[row[columns[0]]] >= smallest]
        tokens = [tokenizer.tokenize(row["text"]) for row in rows]
        words = [content_words(own, stopwords) for own in tokens]
        true = len({row[columns[0]] for row in rows})
        kadai = functools.partial(_kadai, rows, tokens, rules, stopwords)
        methods = {
            "Kadai, own number": functools.partial(kadai, None),
            f"Kadai, {true}": functools.partial(kadai, true),
            f"TF-IDF + k-means, {true}": functools.partial(_k_means, words, true),
        }
        for method, group in methods.items():
            started = time.perf_counter()
            labels = group()
            seconds = time.perf_counter() - started
            for column in columns:
                gold = [row[column] for row in rows]
                ari = adjusted_rand_score(gold, labels)
                nmi = normalized_mutual_info_score(gold, labels)
                n = len(set(labels))
                print(
                    f"{name:44} {column:8} {method:24} {n:4} {ari:6.3f} {nmi:6.3f} {seconds:6.2f}"
                )


def _kadai(rows, tokens, rules, stopwords, number):
    ids = [f"O{place:05d}" for place in range(len(rows))]
    opinions = pd.DataFrame(
        {
            "opinion_id": ids,
            "text": [row["text"] for row in rows],
            "kind": "other",
            "stands_for": ids,
        }
    )
    concepts = [find_concepts(own, rules) for own in tokens]
    grouping = group_opinions(opinions, tokens, concepts, stopwords, Parameters(issues=number))
    return [grouping.issue_of.get(own, (own, 0.0))[0] for own in ids]


def _k_means(words, number):
    vectors = TfidfVectorizer(analyzer=lambda own: own, sublinear_tf=True).fit_transform(words)
    return KMeans(number, n_init=10, random_state=0).fit(vectors).labels_.tolist()


if __name__ == "__main__":
    main()
