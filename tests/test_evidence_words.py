"""Words that spoke for a goal are read once, with every kind of reason and its number."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence_words import evidence_line, evidence_words


def part(word: str, source: str = "rule", weight: float = 1.0, **more: object) -> dict[str, object]:
    return {"word": word, "source": source, "rule": f"{word}の規則", "weight": weight, **more}


def read(*parts: dict[str, object]) -> list[str]:
    return [f"{one.word}：{one.label}" for one in evidence_words(json.dumps(parts))]


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("", []),
        ("{", []),
        ("null", []),
        ('["道路", "道路", 3, ""]', ["道路"]),
        ('{"word": "道路"}', ["道路"]),
        ('[{"word": "駅", "weight": 1}, {"word": "道", "weight": 2}]', ["道", "駅"]),
        ('[{"word": "駅", "weight": NaN}, {"span": [1, 2]}]', ["駅"]),
        ('[{"word": "駅", "weight": "x", "n": "y", "start": "z"}]', ["駅"]),
    ],
)
def test_evidence_is_read_leniently(evidence: str, words: list[str]) -> None:
    assert [found.word for found in evidence_words(evidence)] == words


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("rule", "規則「町内会の規則」"),
        ("concept", "話題「町内会の規則」"),
        ("decision", "これまでの判断"),
        ("example", "例文"),
        ("similarity", "計画の言葉"),
        ("", ""),
        ("of a later version", ""),
    ],
)
def test_every_reason_has_a_japanese_name(source: str, label: str) -> None:
    assert read(part("町内会", source)) == [f"町内会：{label}"]


def test_a_word_shows_every_kind_of_reason_and_of_each_kind_the_heaviest() -> None:
    shown = read(
        part("介護", "example", 9.0),
        part("介護", "rule", 1.0, rule="弱い"),
        part("介護", "rule", 2.0, rule="強い"),
        part("介護", "concept", 0.5, rule="高齢"),
    )
    assert shown == ["介護：規則「強い」・話題「高齢」・例文"]


def test_a_reason_of_an_issue_says_in_how_many_opinions() -> None:
    shown = read(part("介護", n=1_200, rule="介護"), part("介護", "example", n=3))
    assert shown == ["介護：規則「介護」1,200件・例文3件"]


def test_the_word_that_counted_most_comes_first_and_ties_are_broken_by_the_word() -> None:
    shown = evidence_words(
        json.dumps([part("b", weight=1), part("c", weight=2), part("a", weight=1)])
    )
    assert [one.word for one in shown] == ["c", "a", "b"]


def test_a_word_inside_a_longer_one_counts_for_it() -> None:
    (found,) = evidence_words(json.dumps([part("養成講座", weight=1.0), part("講座", weight=0.5)]))
    assert (found.word, found.weight) == ("養成講座", 1.5)
    assert found.label == "規則「養成講座の規則」"


def test_a_word_that_more_opinions_have_is_not_hidden_behind_a_longer_one() -> None:
    shown = evidence_words(json.dumps([part("親の介護", n=1), part("介護", n=8)]))
    assert {one.word for one in shown} == {"親の介護", "介護"}


def test_learnt_pieces_that_follow_each_other_are_one_word() -> None:
    pieces = [
        part("引き", "example", start=3, end=5, rule="x"),
        part("受け", "example", start=5, end=7, rule="x"),
        part("役", "example", start=9, end=10, rule="x"),
    ]
    assert [one.word for one in evidence_words(json.dumps(pieces))] == ["引き受け", "役"]


def test_words_of_rules_are_never_joined() -> None:
    pieces = [part("町内", start=0, end=2, rule="x"), part("役員", start=2, end=4, rule="x")]
    assert {one.word for one in evidence_words(json.dumps(pieces))} == {"町内", "役員"}


def test_words_and_reasons_make_one_line() -> None:
    words = evidence_words(json.dumps([part("近所", rule="近所"), {"word": "道"}]))
    assert evidence_line(words) == "近所（規則「近所」）、道"
    assert evidence_line(()) == ""


_PARTS = st.lists(
    st.builds(
        part,
        st.text("介護親の講座", min_size=1, max_size=4),
        st.sampled_from(["rule", "concept", "example"]),
        st.floats(0, 5),
        n=st.integers(0, 9),
    ),
    max_size=8,
)


@given(_PARTS, st.randoms())
def test_the_order_of_the_evidence_changes_nothing(parts: list[dict[str, object]], chance) -> None:
    shuffled = parts[:]
    chance.shuffle(shuffled)
    found, again = (
        [(one.word, one.label) for one in evidence_words(json.dumps(some))]
        for some in (parts, shuffled)
    )
    assert sorted(found) == sorted(again)


@given(_PARTS)
def test_no_weight_is_lost_and_no_word_is_shown_twice(parts: list[dict[str, object]]) -> None:
    found = evidence_words(json.dumps(parts))
    assert sum(one.weight for one in found) == pytest.approx(sum(p["weight"] for p in parts))
    assert len({one.word for one in found}) == len(found)
