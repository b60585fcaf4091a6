"""Opinions become issues: whatever their order, the machine or their number, nobody is lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from pipeline import grouping
from pipeline.duplicates import first_of_same
from pipeline.features import read_stopwords
from pipeline.grouping import Grouping, group_opinions
from pipeline.resources import dictionaries_folder
from pipeline.study import Parameters
from pipeline.tokens import default_tokenizer

STOPWORDS = read_stopwords(dictionaries_folder() / "stopwords.txt")

TOPICS = [
    (["バスの本数", "バスの便", "路線バス"], ["が少ない", "を増やしてほしい", "が減って困る", "がなく不便"]),
    (["町内会の役員", "町内会の当番", "自治会の役員"], ["のなり手がいない", "の負担が大きい", "を減らしてほしい"]),
    (["子どもの遊び場", "子どもの広場", "雨の日の遊び場"], ["がない", "がほしい", "を作ってほしい", "が少ない"]),
    (["災害の時の避難所", "避難訓練", "避難所の備え"], ["が心配", "に参加しない人が多い", "を知らない"]),
    (["一人暮らしの高齢者", "近所の高齢者", "高齢者の見守り"], ["が増えた", "が心配", "を続けてほしい"]),
    (["広報紙の字", "広報紙の案内", "市のお知らせ"], ["が小さい", "が届かない", "を読みやすくしてほしい"]),
]  # fmt: skip
ENDS = ["", "。", "と思う", "です", "。とても困る"]


def sentences() -> list[str]:
    return [
        f"{subject}{predicate}{end}"
        for subjects, predicates in TOPICS
        for subject in subjects
        for predicate in predicates
        for end in ENDS
    ]


def group(texts: list[str], ids: list[str] | None = None, **parameters: int) -> Grouping:
    ids = ids or [f"O{number:04d}" for number in range(len(texts))]
    tokens = default_tokenizer().tokenize_all(texts)
    opinions = pd.DataFrame(
        {
            "opinion_id": ids,
            "text": texts,
            "kind": ["request" if "ほしい" in text else "problem" for text in texts],
            "stands_for": first_of_same(ids, texts, tokens),
        }
    )
    concepts = [["防災"] if "避難" in text else [] for text in texts]
    return group_opinions(opinions, tokens, concepts, STOPWORDS, Parameters(**parameters))


def fingerprint(found: Grouping) -> str:
    """Everything that a run writes of a grouping."""
    parts = [
        found.issues.table.round(6).to_json(force_ascii=False),
        found.issues.groups.to_json(force_ascii=False),
        {own: (name, round(strength, 6)) for own, (name, strength) in found.issue_of.items()},
        found.method,
    ]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


@pytest.fixture(scope="module")
def found() -> Grouping:
    return group(sentences())


def test_the_order_of_the_opinions_does_not_matter(found: Grouping) -> None:
    texts = sentences()
    order = list(range(len(texts)))
    random.Random(5).shuffle(order)
    shuffled = group([texts[row] for row in order], [f"O{row:04d}" for row in order])
    assert fingerprint(shuffled) == fingerprint(found)


def test_the_names_of_the_opinions_do_not_matter(found: Grouping) -> None:
    """Other row numbers (a column was added to the file) leave issues as they were."""
    texts = sentences()
    renamed = group(texts, [f"O{9000 - row}" for row in range(len(texts))])
    columns = ["issue_id", "title", "words", "n_opinions", "n_distinct", "stability", "cohesion"]
    assert renamed.issues.table[columns].equals(found.issues.table[columns])


SCRIPT = """
import sys
from tests.test_grouping import fingerprint, group, sentences
sys.stdout.buffer.write(fingerprint(group(sentences())).encode())
"""


@pytest.mark.parametrize(("threads", "seed"), [("1", "0"), ("2", "4321")])
def test_threads_and_hash_seeds_do_not_matter(found: Grouping, threads: str, seed: str) -> None:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": seed}
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[1],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode() == fingerprint(found)


def test_what_belongs_together_is_together() -> None:
    texts = sentences()
    made = group(texts, issues=6)
    for word in ("バス", "避難", "広報"):
        issues = Counter(
            made.issue_of.get(f"O{row:04d}", ("", 0.0))[0]
            for row, text in enumerate(texts)
            if word in text
        )
        name, size = issues.most_common(1)[0]
        assert name
        assert size >= 0.5 * issues.total(), word


def test_every_opinion_is_in_an_issue_or_counted_as_alone(found: Grouping) -> None:
    check_ledger(found, len(sentences()))


def check_ledger(found: Grouping, n_opinions: int) -> None:
    table, method = found.issues.table, found.method
    assert table["n_distinct"].sum() + method["n_alone"] == method["n_distinct"]
    assert table["n_opinions"].sum() == len(found.issue_of) <= n_opinions
    counts = pd.Series([name for name, _ in found.issue_of.values()]).value_counts()
    assert counts.to_dict() == dict(zip(table["issue_id"], table["n_opinions"], strict=True))
    assert all(0.0 <= strength <= 1.0 for _, strength in found.issue_of.values())
    assert table["stability"].between(0, 1).all()
    assert method["n_issues"] == len(table)
    assert method["n_groups"] == len(found.issues.groups)


def test_issues_are_numbered_by_their_size(found: Grouping) -> None:
    table = found.issues.table
    assert table["issue_id"].tolist() == [f"I{n:03d}" for n in range(1, len(table) + 1)]
    assert table["n_opinions"].is_monotonic_decreasing
    assert set(table["group_id"]) == set(found.issues.groups["group_id"])


@pytest.mark.parametrize("wanted", [2, 3, 5, 8])
def test_the_planner_gets_as_many_issues_as_were_asked_for(wanted: int) -> None:
    made = group(sentences(), issues=wanted)
    check_ledger(made, len(sentences()))
    # Sentences made of templates are equally far from each other: some numbers are no cut.
    assert abs(len(made.issues.table) - wanted) <= 2


def test_there_are_no_more_issues_than_a_reader_should_be_given() -> None:
    assert len(group(sentences(), max_issues=4).issues.table) <= 4


def test_nobody_is_lost_where_only_a_sample_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST_FITTED", 40)
    texts = sentences()
    made = group(texts)
    assert made.method["n_fit"] == 40 < made.method["n_distinct"]
    assert "threshold" in made.method
    check_ledger(made, len(texts))
    order = list(range(len(texts)))
    random.Random(6).shuffle(order)
    shuffled = group([texts[row] for row in order], [f"O{row:04d}" for row in order])
    assert fingerprint(shuffled) == fingerprint(made)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["バスが少ない"],
        ["バスが少ない", "祭りが楽しい"],
        ["バスが少ない", "バスが遅い", "祭りが楽しい"],
        ["バスが少ない"] * 5,
        ["これはそれ", "あれがこれ", "それはあれ", "どれ"],
        ["はい", "。", "！"],
        ["バスが少ない", "バスが少なくない"],
    ],
    ids=["none", "one", "two", "three", "equal", "no content", "symbols", "opposite"],
)
def test_tiny_inputs_make_few_issues_or_none(texts: list[str]) -> None:
    for parameters in ({}, {"issues": 1}, {"issues": 7}):
        made = group(texts, **parameters)
        check_ledger(made, len(texts))
        assert (made.issues.table["title"] != "").all()
        assert made.issues.table["title"].is_unique


def test_opinions_in_the_same_words_count_but_weigh_once() -> None:
    texts = sentences()
    made = group([*texts, *[texts[0]] * 30])
    check_ledger(made, len(texts) + 30)
    name, _ = made.issue_of["O0000"]
    assert made.issue_of[f"O{len(texts):04d}"][0] == name
    assert made.method["n_distinct"] == group(texts).method["n_distinct"]
