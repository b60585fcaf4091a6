"""Beside voices stands one attribute, in an issue by all of them or by none, never a rare one."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.labels import Mention, open_issues, safe_labels

AGES = ("20代", "30代", "40代", "50代")


def make_study(seed, n_people=80, n_issues=6):
    """Opinions of people of two kinds of sources, their ages, and the cells that are hidden."""
    chance = random.Random(seed)
    ages = {f"P{n}": chance.choices(AGES, (9, 6, 3, 1))[0] for n in range(n_people)}
    kinds = {own: chance.choices(("survey", "public_comment"), (8, 1))[0] for own in ages}
    mentions = []
    for person in ages:
        for _ in range(chance.choice((1, 1, 2, 3))):
            issue = chance.choice(["", *(f"I{n}" for n in range(n_issues))])
            goal = chance.choice(("", "1", "2")) if chance.random() < 0.3 else issue[-1:]
            mentions.append(Mention(f"O{len(mentions):03d}", person, issue, goal, kinds[person]))
    return mentions, ages, hidden_cells(mentions, ages)


def hidden_cells(mentions, ages):
    """Whole rows with a cell of one or two people; what the tables hide is at least that."""
    found = []
    for row_of in (lambda one: one.issue_id, lambda one: one.goal_id):
        people = defaultdict(set)
        for one in mentions:
            people[row_of(one), ages[one.person]].add(one.person)
        small = {row for (row, _), own in people.items() if len(own) < 3}
        found.append({(row, age) for row in small for age in AGES})
    return tuple(found)


@given(st.integers(0, 400))
def test_in_an_issue_all_voices_carry_it_or_none(seed):
    mentions, ages, hidden = make_study(seed)
    labels = safe_labels(mentions, {"年代": ages}, {"年代": hidden})
    for issue in {one.issue_id for one in mentions}:
        own = [one.opinion_id in labels for one in mentions if one.issue_id == issue]
        assert all(own) or not any(own)


@given(st.integers(0, 400))
def test_no_voice_stands_in_a_hidden_cell_and_every_value_is_true(seed):
    mentions, ages, hidden = make_study(seed)
    labels = safe_labels(mentions, {"年代": ages}, {"年代": hidden})
    for one in mentions:
        if one.opinion_id in labels:
            name, value = labels[one.opinion_id]
            assert (name, value) == ("年代", ages[one.person])
            assert (one.issue_id, value) not in hidden[0]
            assert (one.goal_id, value) not in hidden[1]


@given(st.integers(0, 400))
def test_enough_people_of_the_same_kind_of_source_share_every_value(seed):
    mentions, ages, hidden = make_study(seed)
    labels = safe_labels(mentions, {"年代": ages}, {"年代": hidden})
    people = defaultdict(set)
    for one in mentions:
        people[one.source_kind, ages[one.person]].add(one.person)
    for one in mentions:
        if one.opinion_id in labels:
            assert len(people[one.source_kind, ages[one.person]]) >= 3


@given(st.integers(0, 400))
def test_who_commented_in_public_carries_it_everywhere_or_nowhere(seed):
    mentions, ages, hidden = make_study(seed)
    labels = safe_labels(mentions, {"年代": ages}, {"年代": hidden})
    carried = defaultdict(set)
    for one in mentions:
        if one.source_kind == "public_comment":
            carried[one.person].add(one.opinion_id in labels)
    assert all(len(own) == 1 for own in carried.values())


@given(st.integers(0, 400))
def test_an_issue_that_needs_more_people_shows_only_values_of_that_many(seed):
    mentions, ages, hidden = make_study(seed)
    more = {"I1": 10, "I3": 10}
    labels = safe_labels(mentions, {"年代": ages}, {"年代": hidden}, 3, more)
    people = defaultdict(set)
    for one in mentions:
        people[one.source_kind, ages[one.person]].add(one.person)
    for one in mentions:
        if one.opinion_id in labels:
            sharing = people[one.source_kind, ages[one.person]]
            assert len(sharing) >= more.get(one.issue_id, 3)


@given(st.integers(0, 400))
def test_what_the_labels_leave_of_a_goals_cell_is_nothing_or_many(seed):
    mentions, ages, hidden = make_study(seed)
    labels = safe_labels(mentions, {"年代": ages}, {"年代": hidden})
    left, shown = defaultdict(list), Counter()
    for one in mentions:
        cell = (one.goal_id, ages[one.person])
        if one.opinion_id in labels:
            shown[cell] += 1
        else:
            left[cell].append(one)
    for cell, own in left.items():
        if shown[cell]:
            issues = {one.issue_id for one in own}
            assert len(issues) > 1
            assert len({one.person for one in own}) >= 3 + len(issues) - 1


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_opinions_does_not_matter(seed):
    mentions, ages, hidden = make_study(seed)
    mixed = mentions[:]
    random.Random(seed).shuffle(mixed)
    straight = safe_labels(mentions, {"年代": ages}, {"年代": hidden})
    assert safe_labels(mixed, {"年代": ages}, {"年代": hidden}) == straight


def test_one_attribute_alone_is_shown_the_one_that_most_voices_can_carry():
    mentions = [
        Mention(f"O{n}", f"P{n}", "I1" if n < 6 else "I2", "1", "survey") for n in range(12)
    ]
    ages = {f"P{n}": "20代" if n % 2 else "30代" for n in range(12)}
    places = {f"P{n}": "北" for n in range(12)}
    nothing = (set(), set())
    some = ({("I1", "北")}, set())
    both = {"年代": ages, "地区": places}
    assert set(safe_labels(mentions, both, {"年代": nothing, "地区": nothing}).values()) == {
        ("年代", "20代"),
        ("年代", "30代"),
    }
    fewer = safe_labels(mentions, {"地区": places, "年代": ages}, {"地区": some, "年代": nothing})
    assert {name for name, _ in fewer.values()} == {"年代"}


def test_two_people_of_a_value_in_one_kind_of_source_close_their_issue():
    mentions = [Mention(f"O{n}", f"P{n}", "I1", "", "survey") for n in range(6)]
    mentions.append(Mention("O6", "P6", "I1", "", "public_comment"))
    assert open_issues(mentions, {f"P{n}": "80代" for n in range(7)}, set(), set()) == set()
    assert open_issues(mentions[:6], {f"P{n}": "80代" for n in range(6)}, set(), set()) == {"I1"}


def test_who_was_not_asked_carries_nothing_and_closes_nothing():
    mentions = [Mention(f"O{n}", f"P{n}", "I1", "", "survey") for n in range(4)]
    mentions.append(Mention("O9", "P9", "I1", "", "district_meeting"))
    labels = safe_labels(
        mentions, {"年代": {f"P{n}": "30代" for n in range(4)}}, {"年代": (set(), set())}
    )
    assert sorted(labels) == ["O0", "O1", "O2", "O3"]
