"""Issues as people put them together; what they did not touch stays to the letter."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clusters import Clusters, centres_of
from pipeline.concepts import Topic
from pipeline.features import content_words, fit_space, read_stopwords
from pipeline.grouping import Grouping
from pipeline.issues import Distinct, make_issues
from pipeline.regroup import Changes, circles, regroup
from pipeline.resources import dictionaries_folder
from pipeline.stability import ALONE
from pipeline.tokens import default_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping

STOPWORDS = read_stopwords(dictionaries_folder() / "stopwords.txt")

BUS, ROLE, ROAD = "I007", "I002", "I003"
TEXTS = [
    "バスの本数が少ない", "バスの本数を増やしてほしい", "バスがなくて買い物に行けない",
    "町内会の役員のなり手がいない", "町内会の役員の負担が大きい", "町内会の役員が高齢になった",
    "歩道が狭くて危ない", "歩道の段差が危ない",
    "図書館のトイレ",
]  # fmt: skip
IDS = [f"O{number}" for number in range(9)]
COUNTS = [3, 1, 1, 1, 1, 1, 1, 1, 1]
FIRST, SECOND, THIRD, OFFICER, BURDEN, OLD, NARROW, STEP, ALONE_ONE = IDS
REPEATS = {"P1": 0, "P2": 0}
"""Opinions that say what the first one says."""


@pytest.fixture(scope="module")
def machine() -> Grouping:
    """Three issues and one opinion that stands alone."""
    tokens = default_tokenizer().tokenize_all(TEXTS)
    words = [content_words(own, STOPWORDS) for own in tokens]
    vectors = fit_space(words, {word: 1.0 for own in words for word in own}).place(words)
    kinds = ["problem"] * 8 + ["other"]
    distinct = Distinct(IDS, TEXTS, kinds, tokens, COUNTS, vectors)
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 2, ALONE])
    clusters = Clusters(
        labels=labels,
        centres=centres_of(vectors, labels),
        groups=np.array([0, 1, 0]),
        stability=np.array([0.9, 0.6, 0.3]),
        silhouette=0.4,
        headings=[("公共交通",), ("町内会",), ()],
        fields=["交通", "地域"],
    )
    names = {0: BUS, 1: ROLE, 2: ROAD}
    issues = make_issues(distinct, clusters, labels, STOPWORDS, names)
    row_of = pd.Series({own: row for row, own in enumerate(IDS)} | REPEATS)
    return Grouping(issues, row_of, names, distinct, clusters, {"n_distinct": 9})


def changed(
    machine: Grouping,
    moves: Mapping[str, str] | None = None,
    merges: Mapping[str, str] | None = None,
) -> Grouping:
    return regroup(machine, Changes(moves or {}, merges or {}), STOPWORDS)


def inside(found: Grouping) -> dict[str, set[str]]:
    """Issue → the opinions in it."""
    made: dict[str, set[str]] = {}
    for own, (issue, _) in found.issue_of.items():
        made.setdefault(issue, set()).add(own)
    return made


def rows(found: Grouping) -> dict[str, dict[str, object]]:
    return {row["issue_id"]: row for row in found.issues.table.to_dict("records")}


def checked(found: Grouping) -> Grouping:
    """Whatever was changed, the parts of a grouping fit together."""
    table, clusters = found.issues.table, found.clusters
    assert table["issue_id"].is_unique
    assert set(table["issue_id"]) == set(found.issues.issue_of) - {""}
    assert set(found.names.values()) == set(table["issue_id"])
    assert sorted(found.names) == list(range(len(clusters.centres)))
    assert {"groups": len(clusters.groups), "stability": len(clusters.stability)} == {
        "groups": len(clusters.centres), "stability": len(clusters.centres),
    }  # fmt: skip
    assert set(table["group_id"]) == set(found.issues.groups["group_id"])
    assert table["n_opinions"].is_monotonic_decreasing
    for issue, row in rows(found).items():
        own = inside(found)[issue]
        assert row["n_opinions"] == len(own)
        assert row["n_distinct"] == len({found.row_of[name] for name in own})
        assert set(str(row["representative_opinion_ids"]).split()) <= own
        assert 0 <= float(row["cohesion"]) <= 1
        assert row["title"]
    return found


# Nothing to change


@pytest.mark.parametrize(
    ("moves", "merges"),
    [
        ({}, {}),
        ({FIRST: BUS, "P1": BUS, NARROW: ROAD}, {}),
        ({ALONE_ONE: ""}, {}),
        ({}, {"I099": BUS}),
        ({}, {"I098": "I099"}),
    ],
    ids=["nothing", "where it is", "alone already", "unknown into known", "both unknown"],
)
def test_where_people_changed_nothing_it_is_the_same_grouping(
    machine: Grouping, moves: dict[str, str], merges: dict[str, str]
) -> None:
    assert changed(machine, moves, merges) is machine


def test_the_grouping_of_the_machine_is_not_changed_where_it_stands(machine: Grouping) -> None:
    before = (machine.issues.table.copy(), machine.clusters.labels.copy(), dict(machine.names))
    changed(machine, {FIRST: ROLE, OFFICER: "I010"}, {ROAD: BUS})
    pd.testing.assert_frame_equal(machine.issues.table, before[0])
    assert machine.clusters.labels.tolist() == before[1].tolist()
    assert machine.names == before[2]


# Moves


def test_an_opinion_is_moved_with_all_of_its_wording(machine: Grouping) -> None:
    found = checked(changed(machine, {"P2": ROLE}))
    assert inside(found)[ROLE] == {FIRST, "P1", "P2", OFFICER, BURDEN, OLD}
    assert inside(found)[BUS] == {SECOND, THIRD}
    assert rows(found)[ROLE]["n_opinions"] == 6


def test_an_opinion_is_moved_out_of_every_issue(machine: Grouping) -> None:
    found = checked(changed(machine, {SECOND: ""}))
    assert SECOND not in found.issue_of
    assert inside(found)[BUS] == {FIRST, "P1", "P2", THIRD}


def test_an_opinion_that_stood_alone_is_moved_into_an_issue(machine: Grouping) -> None:
    found = checked(changed(machine, {ALONE_ONE: ROAD}))
    assert inside(found)[ROAD] == {NARROW, STEP, ALONE_ONE}


def test_of_two_moves_of_one_wording_the_last_one_counts(machine: Grouping) -> None:
    for moves in ({FIRST: ROLE, "P1": ROAD}, {"P1": ROLE, FIRST: ROAD}):
        assert FIRST in inside(checked(changed(machine, moves)))[ROAD]


def test_an_issue_whose_opinions_were_all_moved_is_gone(machine: Grouping) -> None:
    found = checked(changed(machine, {NARROW: BUS, STEP: ""}))
    assert set(rows(found)) == {BUS, ROLE}


def test_all_issues_may_be_emptied(machine: Grouping) -> None:
    found = checked(changed(machine, dict.fromkeys(IDS, "")))
    assert found.issues.table.empty
    assert found.issues.groups.empty
    assert found.issue_of == {}


def test_an_issue_that_gained_or_lost_opinions_keeps_its_title_and_is_described_anew(
    machine: Grouping,
) -> None:
    before, after = rows(machine), rows(changed(machine, {NARROW: ROLE}))
    for own in (ROLE, ROAD):
        assert after[own]["title"] == before[own]["title"]
        assert after[own]["n_opinions"] != before[own]["n_opinions"]
    assert after[ROLE]["cohesion"] != before[ROLE]["cohesion"]
    assert after[ROAD]["representative_opinion_ids"] == STEP
    assert "狭い" in str(after[ROLE]["words"])


def test_an_issue_that_people_did_not_touch_stays_to_the_letter(machine: Grouping) -> None:
    before, after = rows(machine), rows(changed(machine, {NARROW: ROLE}))
    assert {**after[BUS], "group_id": ""} == {**before[BUS], "group_id": ""}


# Merges


def test_a_merged_issue_is_a_part_of_the_other_one(machine: Grouping) -> None:
    found = checked(changed(machine, merges={ROAD: ROLE}))
    assert inside(found)[ROLE] == {OFFICER, BURDEN, OLD, NARROW, STEP}
    assert set(rows(found)) == {BUS, ROLE}
    assert rows(found)[ROLE]["title"] == rows(machine)[ROLE]["title"]
    assert rows(found)[ROLE]["stability"] == 0.6


def test_the_headings_of_a_merged_issue_stand_with_those_of_the_other_one(
    machine: Grouping,
) -> None:
    found = checked(changed(machine, merges={BUS: ROLE}))
    assert rows(found)[ROLE]["headings"] == "町内会、公共交通"
    assert rows(checked(changed(machine, merges={BUS: ROAD})))[ROAD]["headings"] == "公共交通"


def test_an_issue_is_merged_along_a_chain_into_its_last_link(machine: Grouping) -> None:
    for merges in ({BUS: ROLE, ROLE: ROAD}, {ROLE: ROAD, BUS: ROLE}):
        found = checked(changed(machine, merges=merges))
        assert inside(found) == {ROAD: {*IDS[:8], *REPEATS}}
        assert rows(found)[ROAD]["headings"] == "町内会、公共交通"


def test_two_issues_merged_into_one_are_both_in_it(machine: Grouping) -> None:
    found = checked(changed(machine, merges={ROLE: BUS, ROAD: BUS}))
    assert inside(found) == {BUS: {*IDS[:8], *REPEATS}}


def test_an_opinion_moved_into_a_merged_issue_goes_where_that_went(machine: Grouping) -> None:
    found = checked(changed(machine, {ALONE_ONE: ROAD}, {ROAD: ROLE}))
    assert ALONE_ONE in inside(found)[ROLE]


def test_an_opinion_moved_out_of_an_issue_does_not_follow_its_merge(machine: Grouping) -> None:
    found = checked(changed(machine, {NARROW: ROLE, STEP: ""}, {ROAD: BUS}))
    assert NARROW in inside(found)[ROLE]
    assert STEP not in found.issue_of
    assert rows(found)[BUS]["n_opinions"] == 5


def test_an_issue_merged_into_one_that_is_not_there_stays(machine: Grouping) -> None:
    assert changed(machine, merges={ROAD: "I099"}) is machine


def test_issues_merged_in_a_circle_stay_together_and_are_not_lost(machine: Grouping) -> None:
    found = checked(changed(machine, merges={BUS: ROLE, ROLE: BUS}))
    assert set().union(*inside(found).values()) == {*IDS[:8], *REPEATS}


# Issues that people made


def test_an_issue_that_people_made_has_the_opinions_that_were_moved_there(
    machine: Grouping,
) -> None:
    found = checked(changed(machine, {THIRD: "I010", BURDEN: "I010", ALONE_ONE: "I010"}))
    assert inside(found)["I010"] == {THIRD, BURDEN, ALONE_ONE}
    row = rows(found)["I010"]
    assert row["headings"] == ""
    assert math.isnan(float(row["stability"]))
    assert row["title"]


def test_only_issues_that_people_made_have_no_stability(machine: Grouping) -> None:
    found = rows(changed(machine, {THIRD: "I010"}, {ROAD: ROLE}))
    assert {own: row["stability"] for own, row in found.items() if own != "I010"} == {
        BUS: 0.9, ROLE: 0.6,
    }  # fmt: skip
    assert math.isnan(float(found["I010"]["stability"]))


def test_an_issue_that_people_made_stands_in_the_group_of_most_of_its_opinions(
    machine: Grouping,
) -> None:
    for moves, like in (
        ({BURDEN: "I010", OLD: "I010", NARROW: "I010"}, ROLE),
        ({BURDEN: "I010", NARROW: "I010", STEP: "I010"}, BUS),
    ):
        found = rows(changed(machine, moves))
        assert found["I010"]["group_id"] == found[like]["group_id"]


def test_an_issue_made_of_what_stood_alone_has_a_group(machine: Grouping) -> None:
    checked(changed(machine, {ALONE_ONE: "I010"}))


def test_a_machine_issue_can_be_merged_into_one_that_people_made(machine: Grouping) -> None:
    found = checked(changed(machine, {THIRD: "I010"}, {ROAD: "I010"}))
    assert inside(found)["I010"] == {THIRD, NARROW, STEP}


def test_an_issue_that_people_made_can_be_merged_into_a_machine_issue(machine: Grouping) -> None:
    found = checked(changed(machine, {THIRD: "I010", ALONE_ONE: "I010"}, {"I010": ROAD}))
    assert inside(found)[ROAD] == {NARROW, STEP, THIRD, ALONE_ONE}
    assert "I010" not in rows(found)


def test_the_same_changes_in_another_order_make_the_same_issues(machine: Grouping) -> None:
    moves = {THIRD: "I011", BURDEN: "I010", ALONE_ONE: "I011", NARROW: ROLE}
    tables = []
    for order in itertools.permutations(moves.items()):
        table = changed(machine, dict(order), {ROAD: "I010"}).issues.table
        tables.append(table.sort_values("issue_id", ignore_index=True))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


ISSUES = st.sampled_from([BUS, ROLE, ROAD, "I010", "I011"])


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from([*IDS, *REPEATS]), ISSUES | st.just(""), max_size=6),
    st.dictionaries(ISSUES, ISSUES, max_size=3),
)
def test_whatever_people_change_nobody_is_lost_and_all_fits_together(
    machine: Grouping, moves: dict[str, str], merges: dict[str, str]
) -> None:
    apart = {own: into for own, into in merges.items() if own not in circles(merges)}
    found = checked(changed(machine, moves, apart))
    moved = {machine.row_of[own]: issue for own, issue in moves.items()}
    final = Changes({}, apart).final
    there = {BUS, ROLE, ROAD, *(final(issue) for issue in moves.values())}
    for own, row in machine.row_of.items():
        issue = moved.get(row, machine.issue_of.get(own, ("", 0.0))[0])
        expected = final(issue) if final(issue) in there else issue
        assert found.issue_of.get(own, ("", 0.0))[0] == expected
    for issue, row in rows(machine).items():
        if inside(found).get(issue) == inside(machine)[issue] and issue not in apart.values():
            assert {**rows(found)[issue], "group_id": ""} == {**row, "group_id": ""}


# Issues that were split by topics


@pytest.fixture(scope="module")
def of_two_topics(machine: Grouping) -> Grouping:
    """The same, where the issue of roles is about two topics of the dictionary."""
    headings = {OFFICER: "町内会", BURDEN: "負担", OLD: "町内会", FIRST: "公共交通", NARROW: "負担"}
    topics = [Topic(("地域", headings[own])) if own in headings else Topic() for own in IDS]
    return replace(
        machine,
        distinct=replace(machine.distinct, topics=topics),
        clusters=replace(machine.clusters, headings=[("公共交通",), ("町内会", "負担"), ()]),
    )


def split(
    grouping: Grouping,
    splits: Mapping[str, Mapping[str, str]],
    moves: Mapping[str, str] | None = None,
    merges: Mapping[str, str] | None = None,
) -> Grouping:
    return checked(regroup(grouping, Changes(moves or {}, merges or {}, splits), STOPWORDS))


def test_the_opinions_of_a_topic_that_was_split_off_are_an_issue_of_their_own(
    of_two_topics: Grouping,
) -> None:
    """Only those of the issue that was split: 歩道 is under the same topic and stays."""
    found = split(of_two_topics, {ROLE: {"負担": "I010"}})
    assert inside(found)["I010"] == {BURDEN}
    assert inside(found)[ROLE] == {OFFICER, OLD}
    assert NARROW in inside(found)[ROAD]
    assert rows(found)[ROLE]["headings"] == "町内会"
    assert rows(found)["I010"]["headings"] == "負担"
    assert rows(found)[ROLE]["title"] == rows(of_two_topics)[ROLE]["title"]


def test_an_opinion_that_was_moved_by_itself_stays_where_it_was_moved(
    of_two_topics: Grouping,
) -> None:
    splits = {ROLE: {"負担": "I010"}}
    found = split(of_two_topics, splits, {BURDEN: ROAD, OFFICER: "I010"})
    assert BURDEN in inside(found)[ROAD]
    assert inside(found)["I010"] == {OFFICER}


def test_what_was_split_off_can_be_merged_into_another_issue(of_two_topics: Grouping) -> None:
    splits = {ROLE: {"負担": "I010"}}
    found = split(of_two_topics, splits, merges={"I010": BUS})
    assert BURDEN in inside(found)[BUS]
    assert rows(found)[BUS]["headings"] == "公共交通、負担"
    found = split(of_two_topics, splits, merges={ROLE: BUS})
    assert inside(found)["I010"] == {BURDEN}
    assert rows(found)[BUS]["headings"] == "公共交通、町内会"


def test_topics_of_two_issues_may_become_one(of_two_topics: Grouping) -> None:
    found = split(of_two_topics, {ROLE: {"負担": "I010"}, ROAD: {"負担": "I010"}})
    assert inside(found)["I010"] == {BURDEN, NARROW}


def test_a_split_of_what_is_not_there_changes_nothing(of_two_topics: Grouping) -> None:
    for splits in ({ROLE: {"防災": "I010"}}, {"I099": {"負担": "I010"}}, {BUS: {"負担": "I010"}}):
        assert split(of_two_topics, splits) is of_two_topics


# Merges as they are written


@pytest.mark.parametrize(
    ("merges", "found"),
    [
        ({}, set()),
        ({"a": "b"}, set()),
        ({"a": "b", "b": "c"}, set()),
        ({"a": "a"}, {"a"}),
        ({"a": "b", "b": "a"}, {"a", "b"}),
        ({"a": "b", "b": "c", "c": "a", "d": "a"}, {"a", "b", "c"}),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, {"a", "b", "c", "d"}),
    ],
)
def test_merges_that_end_where_they_begin_are_circles(
    merges: dict[str, str], found: set[str]
) -> None:
    assert circles(merges) == found


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefg")))
def test_without_its_circles_every_merge_ends_in_an_issue_that_was_not_merged(
    merges: dict[str, str],
) -> None:
    apart = {own: into for own, into in merges.items() if own not in circles(merges)}
    assert circles(apart) == set()
    for own in "abcdefg":
        assert Changes({}, apart).final(own) not in apart


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")))
def test_the_last_issue_of_a_chain_is_found_even_in_a_circle(merges: dict[str, str]) -> None:
    for own in "abcdef":
        final = Changes({}, merges).final(own)
        assert own in merges or final == own
