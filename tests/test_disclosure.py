"""What is hidden cannot be computed back, by whoever knows all figures and the rule, too."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.disclosure import (
    THRESHOLD,
    Constraint,
    Interval,
    Mention,
    additive,
    audit,
    known,
    leaks,
    pair_constraints,
    safe_labels,
    suppress,
    suppress_pair,
    tighten,
    withheld,
)
from pipeline.disclosure.labels import close


@st.composite
def rows(draw: st.DrawFn, columns: int = 5, most: int = 9) -> tuple[list[int], list[int]]:
    """Bases of columns, and one row of people."""
    bases = draw(st.lists(st.integers(THRESHOLD, most), min_size=2, max_size=columns))
    return bases, [draw(st.integers(0, base)) for base in bases]


@given(rows(columns=8, most=60))
def test_a_shown_count_is_zero_or_large_enough(drawn: tuple[list[int], list[int]]) -> None:
    bases, row = drawn
    shown = np.array(row)[~suppress([row], bases)[0]]
    assert ((shown == 0) | (shown >= THRESHOLD)).all()


@given(rows(columns=8, most=60))
def test_a_row_without_a_small_count_is_shown_if_most_are_not_of_one_mind(
    drawn: tuple[list[int], list[int]],
) -> None:
    bases, row = drawn
    assume(all(own == 0 or own >= THRESHOLD for own in row))
    assume(sum(row) < min(bases) + THRESHOLD - 1)
    assert not suppress([row], bases).any()


@given(rows(columns=8, most=60))
def test_no_hidden_count_follows_from_the_total_and_the_bases(
    drawn: tuple[list[int], list[int]],
) -> None:
    bases, row = drawn
    mask = suppress([row], bases)
    found = audit(known([row], mask, bases), additive((1, len(row)), [row], columns=False))
    assert not leaks(found, mask).any()
    if not withheld(mask)[0]:
        assert (found.high[mask] >= THRESHOLD).all()
        assert (found.high[mask] > found.low[mask]).all()


@given(rows(columns=4, most=7), st.integers(3, 4))
@settings(max_examples=60)
def test_an_attacker_who_knows_the_rule_is_left_with_two_values_for_every_hidden_count(
    drawn: tuple[list[int], list[int]], threshold: int
) -> None:
    bases, row = drawn
    bases = [max(base, threshold) for base in bases]
    every = np.array(
        [one for one in product(*(range(base + 1) for base in bases)) if sum(one) == sum(row)]
    )
    masks = suppress(every, bases, threshold=threshold)
    mask = suppress([row], bases, threshold=threshold)[0]
    alike = (masks == mask).all(axis=1) & (every == row)[:, ~mask].all(axis=1)
    assert all(len(set(every[alike][:, place].tolist())) > 1 for place in np.flatnonzero(mask))


def test_the_smallest_other_count_would_have_given_the_hidden_one_away() -> None:
    # See the notes of the module: the first 5 and not the second would betray the 2.
    assert suppress([[5, 5, 2]], [20, 20, 20]).tolist() == [[True, False, True]]
    assert suppress([[5, 5, 2]], [20, 10, 20]).tolist() == [[False, True, True]]
    # Two hidden counts that sum up to 4 could only be 2 and 2; so a third one goes with them.
    assert suppress([[2, 2, 9, 0]], [20, 20, 20, 20]).tolist() == [[True, True, True, False]]


def test_a_single_voice_withholds_its_row_with_its_zeros() -> None:
    assert suppress([[0, 1, 0], [0, 0, 0]], [9, 9, 9]).tolist() == [[True] * 3, [False] * 3]


def test_rows_do_not_depend_on_each_other() -> None:
    table, bases = [[5, 5, 2], [0, 1, 0], [9, 4, 7], [1, 1, 8]], [20, 12, 20]
    assert suppress(table[::-1], bases)[::-1].tolist() == suppress(table, bases).tolist()


@pytest.mark.parametrize(("bases", "threshold"), [([9, 9], 2), ([9, 2], 3)])
def test_what_cannot_be_protected_is_refused(bases: list[int], threshold: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        suppress([[5, 5]], bases, threshold=threshold)


_OPINIONS = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=2, max_size=4
    )
)


@given(_OPINIONS)
@settings(max_examples=20, deadline=None)
def test_opinions_are_not_found_from_totals_of_rows_and_columns_together(
    table: list[list[int]],
) -> None:
    counts = np.array(table)
    try:
        mask = suppress(counts, columns=True)
    except ValueError:
        return  # published as totals alone, or not at all
    shape = (counts.shape[0], counts.shape[1])
    found = audit(known(counts, mask), additive(shape, counts, columns=True))
    assert (found.low <= counts).all()
    assert (counts <= found.high).all()
    assert not leaks(found, mask).any()


def test_totals_of_one_row_cannot_be_protected() -> None:
    with pytest.raises(ValueError, match="totals alone"):
        suppress([[1, 5]], columns=True)


def test_figures_that_contradict_each_other_are_no_table() -> None:
    seen = Interval(np.array([[0.0, 0.0]]), np.array([[5.0, 5.0]]))
    with pytest.raises(ValueError, match="contradict"):
        audit(seen, [Constraint((0, 1), (1, 1), 11, 11)])


@st.composite
def studies(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Opinions of a small study: person, issue, goal, value of the person's attribute."""
    value_of = draw(st.lists(st.integers(0, 2), min_size=6, max_size=30))
    goal_of = draw(st.lists(st.integers(0, 1), min_size=2, max_size=5))
    one = st.tuples(st.integers(0, len(goal_of) - 1), st.integers(0, 9))
    said = []
    for person, value in enumerate(value_of):
        for issue, turn in draw(st.lists(one, min_size=1, max_size=3)):
            goal = 1 - goal_of[issue] if turn == 0 else goal_of[issue]
            said.append((person, issue, goal, value))
    few = [own for own, n in Counter(value_of).items() if n < THRESHOLD]
    return [own for own in said if own[3] not in few]


def _tabulate(said: list[tuple[int, int, int, int]], place: int) -> np.ndarray:
    """People, rows of nobody left out."""
    lines = sorted({own[place] for own in said})
    values = sorted({own[3] for own in said})
    counts = np.zeros((len(lines), len(values)), dtype=np.int64)
    for _, line, value in {(own[0], own[place], own[3]) for own in said}:
        counts[lines.index(line), values.index(value)] += 1
    return counts


@given(studies())
@settings(max_examples=20, deadline=None)
def test_issues_and_goals_together_give_nothing_away(
    said: list[tuple[int, int, int, int]],
) -> None:
    assume(len({own[3] for own in said}) > 1)
    issues, goals = _tabulate(said, 1), _tabulate(said, 2)
    lines = [sorted({own[place] for own in said}) for place in (1, 2)]
    crossing = np.zeros((len(issues), len(goals)), dtype=bool)
    for _, issue, goal, _ in said:
        crossing[lines[0].index(issue), lines[1].index(goal)] = True
    people = Counter(value for _, value in {(own[0], own[3]) for own in said})
    bases = [people[value] for value in sorted(people)]
    try:
        masks = suppress_pair(issues, goals, crossing, bases)
    except ValueError:
        return  # the attribute gets no table
    stacked, hidden = np.vstack([issues, goals]), np.vstack(masks)
    constraints = pair_constraints(issues, goals, crossing, bases)
    found = audit(known(stacked, hidden, bases), constraints)
    assert (found.low <= stacked).all()
    assert (stacked <= found.high).all()
    assert not leaks(found, hidden).any()
    quick = tighten(known(stacked, hidden, bases), constraints)
    assert (quick.low <= found.low).all()
    assert (found.high <= quick.high).all()


def test_what_an_issue_shows_may_give_away_what_its_goal_hides() -> None:
    # Of the goal's first row 5 and 1 are hidden. But the first issue lies under it and shows
    # its 5: so the 1 cannot be more. Each table by itself hides enough.
    issues, goals = (
        np.array([[5, 0, 0], [0, 1, 9], [20, 30, 40]]),
        np.array([[5, 1, 9], [20, 30, 40]]),
    )
    crossing, bases = np.array([[True, False], [True, False], [False, True]]), [22, 30, 45]
    constraints = pair_constraints(issues, goals, crossing, bases)
    stacked = np.vstack([issues, goals])

    def gives_away(*masks: np.ndarray) -> bool:
        hidden = np.vstack(masks)
        return bool(leaks(audit(known(stacked, hidden, bases), constraints), hidden).any())

    assert gives_away(suppress(issues, bases), suppress(goals, bases))
    assert not gives_away(*suppress_pair(issues, goals, crossing, bases))


_PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 14), st.sampled_from(["I1", "I2", "I3", ""]), st.sampled_from(["1", "2", ""])
    ),
    min_size=1,
    max_size=60,
)
_HIDDEN = st.frozensets(st.tuples(st.sampled_from(["I1", "I2", "I3", ""]), st.sampled_from("ab")))
_HIDDEN_GOALS = st.frozensets(st.tuples(st.sampled_from(["1", "2", ""]), st.sampled_from("ab")))


def _mentions(said: list[tuple[int, str, str]]) -> list[Mention]:
    return [Mention(f"O{n:03d}", f"P{who}", i, g) for n, (who, i, g) in enumerate(said)]


@given(_PEOPLE, _HIDDEN, _HIDDEN_GOALS)
def test_labels_never_let_one_count_a_hidden_cell(
    said: list[tuple[int, str, str]],
    issues: frozenset[tuple[str, str]],
    goals: frozenset[tuple[str, str]],
) -> None:
    mentions = _mentions(said)
    value_of = {f"P{who}": "ab"[who % 2] for who in range(15)}
    labels = safe_labels(mentions, {"年代": value_of}, {"年代": (issues, goals)})
    for own in mentions:
        for _, value in labels[own.opinion_id]:
            assert value == value_of[own.person]
            assert (own.issue_id, value) not in issues
            assert (own.goal_id, value) not in goals


@given(_PEOPLE, _HIDDEN, _HIDDEN_GOALS)
def test_what_is_left_of_a_cell_when_labels_are_counted_is_no_hidden_cell(
    said: list[tuple[int, str, str]],
    issues: frozenset[tuple[str, str]],
    goals: frozenset[tuple[str, str]],
) -> None:
    mentions = _mentions(said)
    value_of = {f"P{who}": "ab"[who % 2] for who in range(15)}
    no_issue, no_goal = close(mentions, value_of, issues, goals)
    assert issues <= no_issue
    assert goals <= no_goal
    without: dict[tuple[str, str], set[str]] = defaultdict(set)
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    shown: set[tuple[str, str]] = set()
    for own in mentions:
        value = value_of[own.person]
        if (own.issue_id, value) in no_issue or (own.goal_id, value) in no_goal:
            # An issue carries a value beside all its voices or none.
            assert (own.issue_id, value) in no_issue
            without[own.goal_id, value].add(own.person)
            sources[own.goal_id, value].add(own.issue_id)
        else:
            shown.add((own.goal_id, value))
    for cell in shown & without.keys():
        meets = {own.issue_id for own in mentions if own.goal_id == cell[0]}
        closed = [own for own in meets if (own, cell[1]) in no_issue]
        assert len(closed) >= 2
        assert len(without[cell]) >= THRESHOLD + len(closed) - 1


def test_what_stands_beside_one_person_is_shared_by_enough() -> None:
    ages = dict.fromkeys([f"P{who}" for who in range(6)], "30代")
    places = {f"P{who}": "東" if who < 4 else "西" for who in range(6)}
    mentions = [Mention(f"O{who}", f"P{who}", "I1", "1") for who in range(6)]
    nothing: tuple[set[tuple[str, str]], set[tuple[str, str]]] = (set(), set())
    labels = safe_labels(
        mentions, {"年代": ages, "地区": places}, {"年代": nothing, "地区": nothing}
    )
    assert labels["O0"] == (("年代", "30代"), ("地区", "東"))
    # Two people of 30代 live in the west.
    assert labels["O5"] == (("年代", "30代"),)


def test_of_fewer_people_than_a_published_count_nothing_is_said() -> None:
    mentions = [Mention("O0", "P0", "I1", "1"), Mention("O1", "P1", "I1", "1")]
    nothing: tuple[set[tuple[str, str]], set[tuple[str, str]]] = (set(), set())
    labels = safe_labels(mentions, {"年代": {"P0": "30代", "P1": "30代"}}, {"年代": nothing})
    assert labels == {"O0": (), "O1": ()}
