"""Opinions become issues: whatever their order, the machine or their number, nobody is lost.

Most of these sentences speak of what the concept dictionary knows; where a test
is about the data alone, no topic is given.
"""

from __future__ import annotations

import functools
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pipeline import grouping
from pipeline.concept_dictionary import load_concepts
from pipeline.concepts import Topic, choose_topic, find_concepts
from pipeline.duplicates import first_of_same
from pipeline.features import read_stopwords
from pipeline.grouping import OTHER_FIELD, Grouping, Knowledge, group_opinions
from pipeline.resources import dictionaries_folder
from pipeline.study import Parameters
from pipeline.tokens import default_tokenizer
from pipeline.topics import is_known
from pipeline.wordvectors import FILE_NAME, load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.encoders import Encoder
    from pipeline.tokens import Token

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


@functools.cache
def knowledge() -> Knowledge:
    folder = dictionaries_folder()
    return Knowledge(
        read_stopwords(folder / "stopwords.txt"), load_word_vectors(folder / FILE_NAME)
    )


@functools.cache
def dictionary() -> ConceptDictionary:
    return load_concepts(dictionaries_folder() / "concepts.toml", default_tokenizer().tokenize)


def topics_of(tokens: Iterable[Sequence[Token]]) -> list[Topic]:
    return [
        choose_topic(own, find_concepts(own, dictionary()), dictionary(), knowledge().stopwords)
        for own in tokens
    ]


def group(
    texts: list[str],
    ids: list[str] | None = None,
    *,
    known: bool = True,
    encoder: Encoder | None = None,
    **parameters: int,
) -> Grouping:
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
    topics = topics_of(tokens) if known else [Topic()] * len(texts)
    knows = replace(knowledge(), encoder=encoder)
    return group_opinions(opinions, tokens, topics, knows, Parameters(**parameters))


def fingerprint(found: Grouping) -> str:
    """Everything that a run writes of a grouping."""
    parts = [
        found.issues.table.round(6).to_json(force_ascii=False),
        found.issues.groups.to_json(force_ascii=False),
        {own: (name, round(strength, 6)) for own, (name, strength) in found.issue_of.items()},
        found.method,
    ]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


@pytest.fixture(scope="module", params=[True, False], ids=["dictionary", "data alone"])
def known(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def found(*, known: bool) -> Grouping:
    return group(sentences(), known=known)


def test_the_order_of_the_opinions_does_not_matter(found: Grouping, *, known: bool) -> None:
    texts = sentences()
    order = list(range(len(texts)))
    random.Random(5).shuffle(order)
    ids = [f"O{row:04d}" for row in order]
    shuffled = group([texts[row] for row in order], ids, known=known)
    assert fingerprint(shuffled) == fingerprint(found)


def test_the_names_of_the_opinions_do_not_matter(found: Grouping, *, known: bool) -> None:
    """Other row numbers (a column was added to the file) leave issues as they were."""
    texts = sentences()
    renamed = group(texts, [f"O{9000 - row}" for row in range(len(texts))], known=known)
    columns = [
        "issue_id", "title", "words", "n_opinions", "n_distinct", "stability", "cohesion",
        "headings",
    ]  # fmt: skip
    assert renamed.issues.table[columns].equals(found.issues.table[columns])


SCRIPT = """
import sys
from tests.test_grouping import fingerprint, group, sentences
for known in (True, False):
    sys.stdout.buffer.write(fingerprint(group(sentences(), known=known)).encode() + b"\\n")
"""


@pytest.mark.parametrize(("threads", "seed"), [("1", "0"), ("2", "4321")])
def test_threads_and_hash_seeds_do_not_matter(threads: str, seed: str) -> None:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": seed}
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[1],
        env=environment,
        capture_output=True,
        check=True,
    )
    expected = [fingerprint(group(sentences(), known=known)) for known in (True, False)]
    assert said.stdout.decode().splitlines() == expected


@pytest.mark.parametrize("word", ["バス", "避難", "広報"])
def test_what_belongs_together_is_together(word: str, *, known: bool) -> None:
    texts = sentences()
    made = group(texts, issues=6, known=known)
    issues = Counter(
        made.issue_of.get(f"O{row:04d}", ("", 0.0))[0]
        for row, text in enumerate(texts)
        if word in text
    )
    name, size = issues.most_common(1)[0]
    assert name
    assert size >= 0.5 * issues.total()


def test_opinions_under_one_heading_of_the_dictionary_are_one_issue() -> None:
    """No vector tears apart what the words say is one thing."""
    texts = sentences()
    topics = topics_of(default_tokenizer().tokenize_all(texts))
    made = group(texts)
    issues_of: dict[tuple[str, ...], set[str]] = {}
    for row, topic in enumerate(topics):
        if is_known(topic):
            issues_of.setdefault(topic.path, set()).add(made.issue_of[f"O{row:04d}"][0])
    assert len(issues_of) >= 5
    assert all(len(names) == 1 for names in issues_of.values())


def test_an_issue_names_the_headings_of_its_opinions() -> None:
    texts = sentences()
    made = group(texts)
    topics = topics_of(default_tokenizer().tokenize_all(texts))
    headings_of = made.issues.table.set_index("issue_id")["headings"]
    for row, topic in enumerate(topics):
        issue_id, _ = made.issue_of.get(f"O{row:04d}", ("", 0.0))
        if issue_id and headings_of[issue_id]:
            assert topic.path[-1] in headings_of[issue_id].split("、")


def test_figures_of_the_headings_are_those_of_the_issues(found: Grouping, *, known: bool) -> None:
    table, method = found.issues.table, found.method
    by_headings = table[table["headings"] != ""]
    assert method["n_issues_by_headings"] == len(by_headings)
    assert method["n_by_headings"] == by_headings["n_distinct"].sum()
    assert method["n_by_headings"] <= method["n_topic_known"] <= method["n_distinct"]
    assert bool(method["n_by_headings"]) == known
    titles = dict(found.issues.groups[["group_id", "title"]].itertuples(index=False))
    if known:
        from_data = table[table["headings"] == ""]
        assert {titles[own] for own in from_data["group_id"]} <= {OTHER_FIELD}
        assert OTHER_FIELD not in {titles[own] for own in by_headings["group_id"]}


def test_a_dictionary_that_does_not_speak_the_language_of_the_opinions_groups_none() -> None:
    """Comments on a bill mention traffic in passing; that makes no issue of traffic."""
    passing = [f"{text}という{end}" for text in ("条文", "附則", "別表", "政令", "省令", "告示")
               for end in ("規定の解釈", "文言の定義", "趣旨の逐条", "要件の該当")]  # fmt: skip
    made = group([*passing, "バスが少ない", "バスがない"])
    assert made.method["n_topic_known"] >= 2
    assert made.method["n_by_headings"] == 0
    assert (made.issues.table["headings"] == "").all()


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
def test_the_planner_gets_as_many_issues_as_were_asked_for(wanted: int, *, known: bool) -> None:
    made = group(sentences(), issues=wanted, known=known)
    check_ledger(made, len(sentences()))
    # Sentences made of templates are equally far from each other: some numbers are no cut.
    assert abs(len(made.issues.table) - wanted) <= 2


@pytest.mark.parametrize("most", [2, 4])
def test_there_are_no_more_issues_than_a_reader_should_be_given(most: int, *, known: bool) -> None:
    assert len(group(sentences(), max_issues=most, known=known).issues.table) <= most


def test_what_the_dictionary_does_not_know_does_not_add_issues_to_those_asked_for() -> None:
    """Headings that one opinion speaks of are no issues; most is left to the data here."""
    lone = [
        "公園がほしい",
        "介護が不安だ",
        "避難所が遠い",
        "除雪が遅い",
        "図書館が狭い",
        "ごみの分別が面倒",
    ]
    unknown = [
        f"ヌラリのホゲラが{end}"
        for end in ("モゲる", "モゲた", "モゲない", "モゲて", "モゲよう", "モゲろ")
    ]
    texts = [*lone, "街灯が暗い", "街灯が少ない", *unknown]
    for wanted in (1, 2, 3):
        made = group(texts, issues=wanted)
        check_ledger(made, len(texts))
        assert made.method["n_by_headings"] == 2
        assert len(made.issues.table) == min(wanted, 2)


def test_nobody_is_lost_where_only_a_sample_is_fitted(
    monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    monkeypatch.setattr(grouping, "MOST_FITTED", 40)
    texts = sentences()
    made = group(texts, known=known)
    assert made.method["n_fit"] == 40 < made.method["n_distinct"]
    # Who was not fitted is placed all the same.
    assert made.method["n_alone"] < made.method["n_distinct"] - 40
    check_ledger(made, len(texts))
    order = list(range(len(texts)))
    random.Random(6).shuffle(order)
    ids = [f"O{row:04d}" for row in order]
    shuffled = group([texts[row] for row in order], ids, known=known)
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


class LettersOfTheEnd:
    """An encoder that sees nothing but the last character."""

    name, version, fingerprint = "last", "1", "0" * 64

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 64))
        for row, text in enumerate(texts):
            rows[row, ord(text[-1]) % 64] = 1.0
        return rows


def test_an_encoder_is_one_more_view_of_what_no_heading_has(*, known: bool) -> None:
    texts = sentences()
    made = group(texts, known=known, encoder=LettersOfTheEnd())
    check_ledger(made, len(texts))
    order = list(range(len(texts)))
    random.Random(7).shuffle(order)
    ids = [f"O{row:04d}" for row in order]
    shuffled = group([texts[row] for row in order], ids, known=known, encoder=LettersOfTheEnd())
    assert fingerprint(shuffled) == fingerprint(made)


def test_an_encoder_has_nothing_to_do_where_every_opinion_has_a_heading() -> None:
    texts = ["バスが少ない", "バスが遅い", "バスがない"]
    made = group(texts, encoder=LettersOfTheEnd())
    assert made.method["n_by_headings"] == 3
    assert made.method["n_issues"] == 1
