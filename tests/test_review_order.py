"""What a reviewer sees first is what the machine is least sure of and most hangs on."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.order import doubt, issue_priority, rank_issues, rank_opinions

SHARES = st.floats(0, 1)


def issues(*rows: tuple[str, int, float, str, float, int]) -> pd.DataFrame:
    columns = [
        "issue_id", "n_distinct", "goal_confidence", "assigned_by", "stability", "to_split",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(status="")


def opinions(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    return pd.DataFrame(
        rows, columns=["opinion_id", "duplicate_of", "goal_confidence", "assigned_by"]
    )


def ordered(places: dict[str, int]) -> list[str]:
    return sorted(places, key=lambda name: (places[name], name))


def test_large_doubtful_and_unstable_issues_come_first() -> None:
    usual = (10, 0.8, "machine", 0.9, 0)
    table = issues(
        ("usual", *usual),
        ("large", 30, *usual[1:]),
        ("doubtful", 10, 0.5, *usual[2:]),
        ("unstable", 10, 0.8, "machine", 0.1, 0),
        ("sure", 10, 0.99, *usual[2:]),
    )
    assert ordered(rank_issues(table)) == ["large", "doubtful", "unstable", "usual", "sure"]


def test_an_issue_without_a_goal_is_ranked_by_how_sure_the_machine_is_of_that() -> None:
    table = issues(("roads", 19, 0.97, "", 1.0, 0), ("mixed", 9, 0.1, "", 1.0, 0))
    assert ordered(rank_issues(table)) == ["mixed", "roads"]


def test_judged_issues_come_last_those_that_are_held_before_the_others() -> None:
    table = issues(
        ("adopted", 90, 0.5, "machine", 0.2, 0),
        ("held", 80, 0.5, "machine", 0.2, 0),
        ("rejected", 70, 0.5, "machine", 0.2, 0),
        ("open", 2, 0.9, "machine", 1.0, 0),
    ).assign(status=["採用", "保留", "却下", ""])
    assert ordered(rank_issues(table)) == ["open", "held", "adopted", "rejected"]


def test_of_equal_issues_one_to_split_comes_first_then_the_larger_then_by_id() -> None:
    table = issues(
        ("d", 4, 1.0, "machine", 1.0, 0),
        ("c", 4, 1.0, "machine", 1.0, 0),
        ("b", 5, 1.0, "machine", 1.0, 0),
        ("a", 4, 1.0, "machine", 1.0, 1),
    )
    assert ordered(rank_issues(table)) == ["a", "b", "c", "d"]


def test_what_a_person_decided_comes_last() -> None:
    table = issues(("decided", 99, 0.1, "山田", 0.0, 1), ("open", 1, 0.9, "machine", 1.0, 0))
    assert ordered(rank_issues(table)) == ["open", "decided"]
    said = opinions(("decided", "", 0.1, "山田"), ("open", "", 0.9, "machine"))
    assert ordered(rank_opinions(said)) == ["open", "decided"]


def test_an_unsure_opinion_comes_before_a_sure_one_and_one_said_often_before_a_rare_one() -> None:
    table = opinions(
        ("a", "", 0.9, "machine"),
        ("b", "", 0.5, ""),
        ("c", "", 0.8, "machine"),
        ("d", "c", 0.8, "machine"),
        ("e", "c", 0.8, "machine"),
    )
    assert rank_opinions(table) == {"c": 1, "d": 1, "e": 1, "b": 2, "a": 3}


def test_a_wording_is_as_doubtful_as_the_most_doubtful_of_its_opinions() -> None:
    table = opinions(("a", "", 0.9, "machine"), ("b", "a", 0.2, "machine"), ("c", "", 0.5, ""))
    assert rank_opinions(table) == {"a": 1, "b": 1, "c": 2}


def test_one_decided_opinion_does_not_settle_the_others_of_its_wording() -> None:
    table = opinions(("a", "", 0.5, "山田"), ("b", "a", 0.5, "machine"), ("c", "", 0.4, ""))
    assert rank_opinions(table) == {"b": 1, "c": 2, "a": 3}


def test_a_missing_confidence_is_none_and_a_missing_stability_counts_once() -> None:
    assert doubt(math.nan, "machine") == 1.0
    assert issue_priority(2, 0.5, math.nan) == issue_priority(2, 0.5, 1.0)


def test_a_table_without_rows_has_no_order() -> None:
    assert rank_issues(issues()) == {}
    assert rank_opinions(opinions()) == {}


@given(st.integers(1, 500), SHARES, SHARES, SHARES)
def test_a_priority_never_falls_with_size_doubt_or_instability(
    size: int, doubted: float, stability: float, less: float
) -> None:
    own = issue_priority(size, doubted, stability)
    assert 0 <= own <= 2 * size
    assert issue_priority(size + 1, doubted, stability) >= own
    assert issue_priority(size, doubted * less, stability) <= own
    assert issue_priority(size, doubted, stability * less) >= own


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9), SHARES, st.sampled_from(["machine", "", "x"]), SHARES, st.just(0)
        ),
        max_size=9,
    ),
    st.randoms(),
)
def test_the_order_of_rows_changes_no_place_and_every_place_is_given_once(rows, chance) -> None:
    named = [(f"I{number}", *row) for number, row in enumerate(rows)]
    places = rank_issues(issues(*named))
    assert sorted(places.values()) == list(range(1, len(rows) + 1))
    chance.shuffle(named)
    assert rank_issues(issues(*named)) == places


@pytest.mark.parametrize("name", ["machine", ""])
def test_without_a_person_the_doubt_is_what_is_missing_from_the_confidence(name: str) -> None:
    assert doubt(0.25, name) == 0.75
