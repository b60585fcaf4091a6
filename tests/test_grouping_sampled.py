"""Issues from a sample: nobody is lost, and what few say is found outside of it, too."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline import grouping, issues, opinionvectors, regroup
from pipeline.issues import wording_hash
from pipeline.normalize import fold
from pipeline.regroup import Changes
from tests.test_grouping import check_ledger, fingerprint, group, knowledge, sentences

if TYPE_CHECKING:
    from pipeline.grouping import Grouping

ENDS = ["", "。残念だ", "と祖父が言う", "。去年もそうだった", "と思う", "。昔からだ"]
ODD = "琵琶法師は夜半に笛を磨く"


def phrases(subjects: list[str], predicates: list[str]) -> list[str]:
    return ["".join(parts) for parts in product(subjects, predicates, ENDS)]


def of_many() -> list[str]:
    """What the dictionary knows, and two topics of many that no heading has."""
    return [
        *phrases(
            ["囲碁の名人戦", "囲碁の対局", "囲碁の碁盤", "囲碁の棋譜"],
            ["が楽しい", "を見たい", "が続く", "を覚えた"],
        ),
        *phrases(
            ["鯉のぼりの竿", "鯉のぼりの吹き流し", "鯉のぼりの矢車", "川の鯉のぼり"],
            ["が色あせた", "を飾りたい", "が破れた", "が揺れる"],
        ),
        *sentences(),
    ]


def of_few(count: int) -> list[str]:
    """Wordings on another topic that a choice by hash takes last."""
    every = phrases(
        ["隕石のかけら", "隕石の落下", "拾った隕石", "隕石の標本"],
        ["を眺めたい", "が光った", "を調べたい", "が珍しい"],
    )
    return sorted(every, key=lambda text: -wording_hash(fold(text)))[:count]


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so small that a few hundred opinions are many."""
    monkeypatch.setattr(grouping, "MOST_FITTED", 60)
    monkeypatch.setattr(opinionvectors, "CHUNK", 7)
    for module in (issues, grouping, regroup):
        monkeypatch.setattr(module, "DESCRIBED", 12)
    monkeypatch.setattr(issues, "_OFTENEST", 4)


def first_sample(made: Grouping) -> set[str]:
    """Wordings outside the headings from which the first clusters are made."""
    labels = made.clusters.labels
    n_headings = int(made.method["n_issues_by_headings"])
    free = np.flatnonzero((labels < 0) | (labels >= n_headings))
    chosen = made.distinct.chosen(free, grouping.MOST_FITTED)
    assert len(chosen) < len(free)
    return {made.distinct.texts[row] for row in chosen.tolist()}


@pytest.mark.usefixtures("sampled")
def test_what_few_say_is_an_issue_though_no_sample_of_all_had_it() -> None:
    few = of_few(9)
    texts = [*of_many(), *few, ODD]
    made = group(texts)
    check_ledger(made, len(texts))
    missed = [text for text in few if text not in first_sample(made)]
    assert len(missed) >= 8
    issue_of = made.issue_of
    found = Counter(
        issue_of.get(f"O{len(texts) - 1 - len(few) + place:04d}", ("", 0.0))[0]
        for place in range(len(few))
    )
    name, size = found.most_common(1)[0]
    assert name
    assert size >= 8
    own = made.issues.table.set_index("issue_id").loc[name]
    assert own["n_opinions"] == size  # nothing else is in it
    assert "隕石" in own["title"]


@pytest.mark.usefixtures("sampled")
def test_what_is_like_nothing_stays_alone() -> None:
    texts = [*of_many(), ODD]
    assert f"O{len(texts) - 1:04d}" not in group(texts).issue_of


def test_what_is_found_later_is_put_into_no_group_of_the_first_round(monkeypatch) -> None:
    """Where no heading gives groups, those of the first round are made of what is alike."""
    monkeypatch.setattr(grouping, "MOST_FITTED", 80)
    few = of_few(9)
    texts = [*of_many(), *few]
    made = group(texts, known=False)
    check_ledger(made, len(texts))
    issue_id, _ = made.issue_of[f"O{len(texts) - 1:04d}"]
    table = made.issues.table.set_index("issue_id")
    beside = table[table["group_id"] == table.loc[issue_id, "group_id"]]
    assert "隕石" in table.loc[issue_id, "title"]
    assert not beside["words"].str.contains("囲碁|バス").any()


def test_a_heading_that_the_sample_missed_is_as_stable_as_when_all_are_fitted(monkeypatch) -> None:
    texts = sentences()
    whole = group(texts).issues.table.set_index("title")["stability"]
    monkeypatch.setattr(grouping, "MOST_FITTED", 12)
    made = group(texts)
    assert made.method["n_fit"] == 12
    sampled = made.issues.table[made.issues.table["headings"] != ""].set_index("title")
    assert sampled["stability"].to_dict() == whole[sampled.index].to_dict()


@pytest.mark.usefixtures("sampled")
@pytest.mark.parametrize("known", [True, False])
def test_the_order_of_the_rows_and_the_size_of_a_chunk_change_nothing(monkeypatch, known) -> None:
    texts = [*of_many(), *of_few(9), ODD]
    expected = fingerprint(group(texts, known=known))
    for seed, chunk in ((1, 1), (2, 10_000)):
        monkeypatch.setattr(opinionvectors, "CHUNK", chunk)
        order = list(range(len(texts)))
        random.Random(seed).shuffle(order)
        ids = [f"O{row:04d}" for row in order]
        shuffled = group([texts[row] for row in order], ids, known=known)
        assert fingerprint(shuffled) == expected


@pytest.mark.usefixtures("sampled")
def test_decisions_do_to_every_opinion_what_they_say_where_only_a_sample_is_read() -> None:
    texts = [*of_many(), *of_few(9), ODD]
    machine = group(texts)
    ids = machine.issues.table["issue_id"].tolist()
    before = dict(zip(machine.row_of.index, machine.issue_ids.tolist(), strict=True))
    alone = f"O{len(texts) - 1:04d}"
    moved = dict.fromkeys([name for name in before if before[name] == ids[0]][:1], ids[3])
    row_of = machine.row_of
    same = {int(row_of[own]): into for own, into in {**moved, alone: "I900"}.items()}
    changes = Changes({**moved, alone: "I900"}, {ids[1]: ids[2]})
    made = regroup.regroup(machine, changes, knowledge().stopwords)
    assert made.issues.table["n_opinions"].sum() == len(made.issue_of)
    expected = [
        same.get(int(row_of[own]), ids[2] if issue == ids[1] else issue)
        for own, issue in before.items()
    ]
    assert made.issue_ids.tolist() == expected
    untouched = machine.issues.table[~machine.issues.table["issue_id"].isin(ids[:4])]
    after = made.issues.table.set_index("issue_id").loc[untouched["issue_id"]].reset_index()
    assert len(untouched) > 5
    columns = ["issue_id", "title", "words", "n_opinions", "representative_opinion_ids"]
    assert after[columns].to_dict("list") == untouched[columns].to_dict("list")
