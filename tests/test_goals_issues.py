"""Goals of issues: those of their opinions, how they are spread, and where to split."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.goals.issues import (
    FURTHER_COLUMNS,
    ISSUE_SECOND_SHARE,
    ISSUE_SHARE,
    SPLIT_SHARE,
    link_issues,
)
from pipeline.goals.opinions import COLUMNS, links_table
from pipeline.tables import SCHEMAS
from tests.goals_fixture import link, opinions_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from pipeline.goals.mapper import GoalMapper


def issue_of(*goals: str, measures: Mapping[int, str] | None = None) -> pd.Series:
    """Row of one issue whose opinions have these goals; ``"1+2"`` has a second one."""
    return issues_of({"K1": goals}, measures)[0].iloc[0]


def issues_of(
    members: Mapping[str, Sequence[str]], measures: Mapping[int, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Issues whose opinions have these goals, sure to four fifths, and their links."""
    rows = [(issue, *goal.partition("+")[::2]) for issue, own in members.items() for goal in own]
    opinions = pd.DataFrame(rows, columns=["issue_id", "goal_id", "goal_id_2"])
    opinions["opinion_id"] = [f"P{number:03}" for number in range(len(rows))]
    opinions["goal_confidence"] = 0.8
    links = links_table(
        [
            {
                "target_id": f"P{number:03}", "goal_id": goal,
                "measure_id": (measures or {}).get(number, ""), "score": 0.9,
                "evidence": json.dumps([{"word": f"語{goal}", "start": 0, "end": 2, "weight": 0.5,
                                         "source": "rule", "rule": "規則"}]),
            }
            for number, (_, first, second) in enumerate(rows)
            for goal in (first, second)
            if goal
        ]
    )  # fmt: skip
    return link_issues(pd.DataFrame({"issue_id": list(members)}), opinions, links)


def test_an_issue_has_the_goal_of_at_least_half_of_its_opinions() -> None:
    assert issue_of("4", "4", "", "")["goal_id"] == "4"
    assert issue_of("4", "4", "", "", "")["goal_id"] == ""
    assert issue_of("4", "5", "1", "")["goal_id"] == ""
    assert issue_of("4", "5")["goal_id"] == "4"  # the lower number where two are level


def test_a_score_is_the_share_and_a_confidence_the_share_of_what_is_sure() -> None:
    row = issue_of("4", "4", "4", "")
    assert row["goal_score"] == pytest.approx(3 / 4)
    assert row["goal_confidence"] == pytest.approx(3 / 4 * 0.8)
    assert row["assigned_by"] == "machine"
    assert row["machine_goal_id"] == "4"


def test_an_opinion_with_two_goals_gives_one_vote_to_both() -> None:
    row = issue_of("4+5", "4+5", "4+5")
    assert (row["goal_id"], row["goal_id_2"]) == ("4", "5")
    assert row["goal_score"] == pytest.approx(2 / 3)
    assert issue_of("4+5", "4", "4")["goal_id_2"] == ""


def test_a_second_goal_needs_three_tenths_of_the_votes() -> None:
    assert pytest.approx(0.3) == ISSUE_SECOND_SHARE
    assert issue_of(*"4444444555")["goal_id_2"] == "5"
    assert issue_of(*"4444444455")["goal_id_2"] == ""


def test_three_thirds_are_a_whole() -> None:
    """Shares are sums of thirds; half of them must not miss the half by a rounding."""
    assert issue_of("1+4", "1+4", "1+4", "")["goal_id"] == "1"
    assert issue_of("1+4", "1+4", "1+4", "")["goal_score"] == pytest.approx(ISSUE_SHARE)


def test_an_issue_without_opinions_or_goals_has_no_goal() -> None:
    for row in (issue_of("", ""), issue_of()):
        assert (row["goal_id"], row["assigned_by"], row["goal_score"]) == ("", "", 0.0)
        assert (row["goal_share"], row["to_split"]) == (0.0, 0)
    assert issue_of("", "")["goal_counts"] == "0:2"
    assert issue_of()["goal_counts"] == ""


def test_the_measure_is_that_of_most_opinions_under_the_goal() -> None:
    own = {0: "4-1", 1: "4-3", 2: "4-3", 3: "5-1"}
    assert issue_of("4", "4", "4", "5", measures=own)["measure_id"] == "4-3"
    assert issue_of("4", "4", measures={0: "4-3", 1: "4-1"})["measure_id"] == "4-1"
    assert issue_of("4", "", "", measures={0: "4-3"})["measure_id"] == ""


def test_the_spread_says_how_many_opinions_stand_under_each_goal_most_first() -> None:
    row = issue_of(*"1111166", "", "", "")
    assert row["goal_counts"] == "1:5 0:3 6:2"
    assert row["goal_share"] == pytest.approx(0.5)
    assert issue_of("1", "2", "")["goal_counts"] == "0:1 1:1 2:1"
    assert issue_of("1+2", "1+2")["goal_counts"] == "1:2"  # first goals alone


def test_an_issue_without_a_goal_is_as_sure_as_its_opinions_without_one() -> None:
    row = issue_of("", "", "", "1")
    assert row["goal_id"] == ""
    assert 0 < row["goal_confidence"] <= 0.75


def test_an_issue_of_two_large_goals_is_to_be_split() -> None:
    assert pytest.approx(0.3) == SPLIT_SHARE
    assert issue_of(*"1111111666")["to_split"] == 1
    assert issue_of(*"1111111166")["to_split"] == 0
    assert issue_of(*"1111111", "", "", "")["to_split"] == 0  # none of the goals is no goal
    assert issue_of(*"111666222")["to_split"] == 1
    assert issue_of(*"111666222")["goal_id"] == ""


def test_links_of_an_issue_are_its_goal_and_what_has_three_tenths() -> None:
    _, links = issues_of({"K1": "4444444555", "K2": "4445", "K3": ("1", "2", "3", "4", "5")})
    assert list(links.columns) == SCHEMAS["goal_links"].names
    found = links.groupby("target_id")["goal_id"].apply(list).to_dict()
    assert found == {"K1": ["4", "5"], "K2": ["4"]}


def test_evidence_of_an_issue_counts_the_opinions_that_have_a_word() -> None:
    _, links = issues_of({"K1": ("4", "4", "4", "5")})
    (part,) = json.loads(links[links["goal_id"] == "4"]["evidence"].iloc[0])
    assert part == {
        "word": "語4", "start": None, "end": None, "weight": 1.5, "source": "rule",
        "rule": "規則", "n": 3,
    }  # fmt: skip


GOALS = st.sampled_from(["", "1", "2", "3", "1+2", "2+3", "3+1"])


@given(st.lists(GOALS, max_size=12))
def test_figures_of_an_issue_fit_together(goals: list[str]) -> None:
    row = issue_of(*goals)
    assert 0 <= row["goal_confidence"] <= 1 + 1e-9
    assert row["goal_confidence"] <= row["goal_score"] or not row["goal_id"]
    counts = dict(own.split(":") for own in row["goal_counts"].split())
    assert sum(map(int, counts.values())) == len(goals)
    assert bool(row["goal_id"]) == (row["goal_score"] >= ISSUE_SHARE - 1e-9)
    assert bool(row["assigned_by"]) == bool(row["goal_id"])
    if row["goal_id"]:
        assert row["goal_share"] == pytest.approx(int(counts.get(row["goal_id"], 0)) / len(goals))
        assert row["goal_id_2"] != row["goal_id"]
    else:
        assert (row["goal_id_2"], row["measure_id"], row["goal_share"]) == ("", "", 0.0)


@settings(max_examples=40)
@given(st.lists(GOALS, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_the_opinions_does_not_matter(goals: list[str], chance: Random) -> None:
    one, other = issue_of(*goals), issue_of(*chance.sample(goals, len(goals)))
    shares = ["goal_score", "goal_confidence", "goal_share"]
    assert one.drop(shares).equals(other.drop(shares))
    assert one[shares].tolist() == pytest.approx(other[shares].tolist())


def test_issues_of_real_sentences_have_their_goals_and_words(mapper: GoalMapper) -> None:
    members = {
        "K1": ["保育園に入れない", "介護がつらい", "道路が狭い", "店が少ない"],
        "K2": ["保育園に入れない", "道路が狭い", "店が少ない"],
        "K3": ["保育園に入れない", "広報が届かない"],
        "K9": [],
    }
    texts = [text for own in members.values() for text in own]
    linked = link(mapper, *texts)
    opinions = opinions_of(texts).join(linked.assigned)
    opinions["issue_id"] = [issue for issue, own in members.items() for _ in own]
    issues = pd.DataFrame({"issue_id": list(members)}, index=[7, 8, 9, 10])
    assigned, links = link_issues(issues, opinions, linked.links)
    assert tuple(assigned.columns) == (*COLUMNS, *FURTHER_COLUMNS)
    assert list(assigned.index) == [7, 8, 9, 10]
    assert list(assigned["goal_id"]) == ["4", "", "4", ""]
    assert list(assigned["goal_id_2"]) == ["", "", "5", ""]
    assert list(assigned["measure_id"]) == ["4-3", "", "4-3", ""]
    assert list(assigned["goal_counts"]) == ["0:2 4:2", "0:2 4:1", "4:1 5:1", ""]
    assert list(assigned["to_split"]) == [0, 0, 1, 0]
    words = json.loads(links[links["target_id"] == "K1"]["evidence"].iloc[0])
    assert {"保育園", "介護"} <= {part["word"] for part in words}
    assert all(part["start"] is None and part["n"] >= 1 for part in words)
