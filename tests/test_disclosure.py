"""What is hidden cannot be computed back, by whoever knows all figures and the rule, too."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.disclosure import (
    THRESHOLD,
    Constraint,
    DisclosureError,
    Interval,
    additive,
    audit,
    known,
    known_pair,
    leaks,
    pair_constraints,
    suppress,
    suppress_pair,
    tighten,
    withheld,
)
from pipeline.disclosure.audit import given_away
from pipeline.disclosure.rule import _ENUMERATED, _are_many, split


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
    assume(len(bases) > 2 or sum(row) != THRESHOLD)
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


@given(st.integers(3, 10), st.integers(2, 3), st.data())
@settings(max_examples=40, deadline=None)
def test_of_a_withheld_row_no_count_is_known_to_be_small_or_the_attack_is_told(
    threshold: int, n_columns: int, data: st.DataObject
) -> None:
    most = 25 if n_columns == 2 else threshold + 4
    bases = data.draw(st.lists(st.integers(threshold, most), min_size=n_columns,
                               max_size=n_columns))  # fmt: skip
    total = data.draw(st.integers(1, sum(bases)))
    every = np.array(
        [one for one in product(*(range(base + 1) for base in bases)) if sum(one) == total]
    )
    alike = suppress(every, bases, threshold=threshold).all(axis=1)
    told = split(every, bases, threshold=threshold)
    assert not told.any() or (told == alike).all()
    for cells in every[alike & ~told].T.tolist():
        assert not cells or min(cells) == 0 or max(cells) >= threshold


def test_a_few_people_of_a_small_column_cost_the_large_rows_and_not_the_table() -> None:
    # 5 of 38 in a row of 80: were it hidden alone, it would be 1 to 9 for certain.
    issues, goals = np.array([[5, 75], [12, 20], [21, 287]]), np.array([[38, 382]])
    bases, crossing = [38, 382], np.array([[80], [32], [308]])
    masks = suppress_pair(issues, goals, crossing, bases, (), 10)
    assert masks[0].tolist() == [[True, True], [False, False], [True, True]]
    few = np.array([[12, 68], [12, 20], [14, 294]])
    assert not np.vstack(suppress_pair(few, goals, crossing, bases, (), 10)).any()


@given(st.integers(5, 40), st.integers(30, 60), st.integers(3, 10), st.data())
@settings(max_examples=40, deadline=None)
def test_of_two_columns_nothing_is_known_to_be_small_in_either_way(
    first: int, second: int, threshold: int, data: st.DataObject
) -> None:
    assume(first >= threshold)
    bases = [first, second]
    splits = [sorted(data.draw(st.lists(st.integers(0, own), max_size=3))) for own in bases]
    issues = np.array([[*np.diff([0, *cut, own])] for cut, own in zip(
        [(*one, *[bases[at]] * (3 - len(one))) for at, one in enumerate(splits)], bases, strict=True
    )]).T  # fmt: skip
    issues = issues[issues.sum(axis=1) > 0]
    goals, crossing = np.array([bases]), issues.sum(axis=1)[:, None]
    try:
        masks = suppress_pair(issues, goals, crossing, bases, (), threshold, least_people=0)
    except DisclosureError:
        return
    hidden = np.vstack(masks)
    seen = known_pair(issues, goals, crossing, bases, hidden)
    mask = _below(hidden, np.zeros((len(seen.low) - len(hidden), 2)))
    found = audit(seen, pair_constraints(issues, goals, crossing, bases), mask)
    assert not leaks(found, mask, threshold).any()


@given(rows(columns=5, most=30), st.lists(st.sampled_from([3, 5, 10]), min_size=1, max_size=5))
def test_every_row_has_its_own_threshold(
    drawn: tuple[list[int], list[int]], thresholds: list[int]
) -> None:
    bases, row = drawn
    assume(min(thresholds) <= min(bases))
    masks = suppress([row] * len(thresholds), bases, threshold=thresholds)
    for own, mask in zip(thresholds, masks, strict=True):
        shown = np.array(row)[~mask]
        assert ((shown == 0) | (shown >= own)).all()
        if own <= min(bases):
            assert mask.tolist() == suppress([row], bases, threshold=own)[0].tolist()
        else:
            assert mask.all() or not sum(row)


@given(st.integers(3, 9), st.integers(3, 9), st.integers(1, 4))
def test_a_few_people_of_two_columns_are_not_known_to_be_one_and_two(
    first: int, second: int, total: int
) -> None:
    every = np.array([[own, total - own] for own in range(total + 1)])
    every = every[(every <= [first, second]).all(axis=1)]
    alike = every[suppress(every, [first, second]).all(axis=1)]
    assert all(min(cells) == 0 or max(cells) >= THRESHOLD for cells in alike.T.tolist())


@given(st.integers(3, 12), st.integers(3, 12), st.data())
def test_that_a_row_of_two_columns_is_split_is_told_by_its_being_hidden(
    first: int, second: int, data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, first + second))
    every = np.array([[own, total - own] for own in range(total + 1)])
    every = every[(every <= [first, second]).all(axis=1)]
    alike = suppress(every, [first, second]).all(axis=1)
    told = split(every, [first, second])
    assert not told.any() or (told == alike).all()
    assert ((every[told].min(axis=1) >= 1) & (every[told].min(axis=1) < THRESHOLD)).all()


def test_one_or_two_of_a_handful_of_people_in_a_large_row_mean_no_large_row() -> None:
    # Of 20 people 4 at most are of the second value: hidden with its total, 18 and 2 can only
    # be 19 and 1 otherwise.
    goals, bases = np.array([[46, 4]]), [46, 4]
    crossing = np.array([[20], [30]])
    masks = suppress_pair(np.array([[18, 2], [28, 2]]), goals, crossing, bases)
    assert masks[0].all()
    assert not masks[1].any()
    shown = suppress_pair(np.array([[20, 0], [26, 4]]), goals, crossing, bases)
    assert not np.vstack(shown).any()


@given(st.lists(st.integers(3, 12), min_size=1, max_size=4), st.data())
def test_rows_are_counted_without_being_written_down(tops: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(tops)))
    n = sum(sum(one) == total for one in product(*(range(top + 1) for top in tops)))
    assert _are_many(total, [min(top, total) for top in tops]) == (n > _ENUMERATED)


def test_among_a_hundred_thousand_people_rows_are_not_written_down() -> None:
    bases = [100_000 // 12] * 12
    assert _are_many(50_000, bases)
    assert not suppress([[4_000] * 12], bases).any()


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


def test_what_cannot_be_protected_is_refused() -> None:
    with pytest.raises(DisclosureError, match="threshold"):
        suppress([[5, 2]], [9, 2])


def test_a_threshold_that_protects_nobody_is_not_the_fault_of_the_counts() -> None:
    with pytest.raises(ValueError, match="threshold") as caught:
        suppress([[5, 5]], [9, 9], threshold=2)
    assert not isinstance(caught.value, DisclosureError)


def test_people_so_few_that_all_their_tables_can_be_tried_out_have_none() -> None:
    table, crossing = np.array([[25, 24]]), np.array([[49]])
    with pytest.raises(DisclosureError, match="too few people"):
        suppress_pair(table, table, crossing, [25, 24])
    table, crossing = np.array([[26, 24]]), np.array([[50]])
    assert not np.vstack(suppress_pair(table, table, crossing, [26, 24])).any()


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
    except DisclosureError:
        return  # published as totals alone, or not at all
    shape = (counts.shape[0], counts.shape[1])
    found = audit(known(counts, mask), additive(shape, counts, columns=True))
    assert (found.low <= counts).all()
    assert (counts <= found.high).all()
    assert not leaks(found, mask).any()


def test_totals_of_both_ways_keep_to_the_threshold_of_the_rows() -> None:
    counts = np.array([[1, 4, 5], [7, 0, 4], [7, 9, 0]])
    mask = suppress(counts, columns=True, threshold=5)
    found = audit(known(counts, mask), additive((3, 3), counts, columns=True))
    assert not leaks(found, mask, 5).any()


def test_totals_of_one_row_cannot_be_protected() -> None:
    with pytest.raises(DisclosureError, match="totals alone"):
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


def _voices(said: list[tuple[int, int, int, int]]) -> np.ndarray:
    """Issues × goals × values: opinions."""
    names = [sorted({own[place] for own in said}) for place in (1, 2, 3)]
    counts = np.zeros([len(own) for own in names], dtype=np.int64)
    for one in said:
        counts[tuple(own.index(at) for own, at in zip(names, one[1:], strict=True))] += 1
    return counts


def _bases(said: list[tuple[int, int, int, int]]) -> list[int]:
    people = Counter(value for _, value in {(own[0], own[3]) for own in said})
    return [people[value] for value in sorted(people)]


def _below(table: np.ndarray, further: np.ndarray) -> np.ndarray:
    return np.vstack([table, further]).astype(table.dtype)


@pytest.mark.parametrize("are_counted", [True, False])
@given(said=studies())
@settings(max_examples=10, deadline=None)
def test_issues_and_goals_together_give_nothing_away(
    said: list[tuple[int, int, int, int]], *, are_counted: bool
) -> None:
    assume(len({own[3] for own in said}) > 1)
    issues, goals, bases = _tabulate(said, 1), _tabulate(said, 2), _bases(said)
    voices = _voices(said)
    crossing = voices.sum(axis=2) if are_counted else voices.any(axis=2)
    try:
        masks = suppress_pair(issues, goals, crossing, bases, least_people=0)
    except DisclosureError:
        return  # the attribute gets no table
    shared = voices[crossing > 0] if are_counted else np.zeros((0, len(bases)))
    true = _below(np.vstack([issues, goals]), shared)
    hidden = _below(np.vstack(masks), np.zeros(shared.shape))
    seen = known_pair(issues, goals, crossing, bases, np.vstack(masks))
    constraints = pair_constraints(issues, goals, crossing, bases)
    found = audit(seen, constraints, hidden)
    assert (found.low <= true).all()
    assert (true <= found.high).all()
    assert all(
        one.low <= np.dot(true.ravel()[list(one.cells)], one.weights) <= one.high
        for one in constraints
    )
    assert not leaks(found, hidden).any()
    quick = tighten(seen, constraints)
    assert (quick.low <= found.low).all()
    assert (found.high <= quick.high).all()


@given(said=studies(), data=st.data())
@settings(max_examples=25, deadline=None)
def test_issues_that_need_more_people_are_safe_beside_others(
    said: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    assume(len({own[3] for own in said}) > 1)
    issues, goals, bases = _tabulate(said, 1), _tabulate(said, 2), _bases(said)
    voices, n_rows = _voices(said), len(issues) + len(goals)
    needed = data.draw(
        st.lists(st.sampled_from([3, 3, 5, 10]), min_size=len(issues), max_size=len(issues))
    )
    least = np.array([*needed, *[3] * len(goals)])
    crossing = voices.sum(axis=2)
    try:
        masks = suppress_pair(issues, goals, crossing, bases, (), least, least_people=0)
    except DisclosureError:
        return  # the attribute gets no table
    stacked = np.vstack([issues, goals])
    hidden = np.vstack(masks)
    assert ((stacked == 0) | (stacked >= least[:, None]))[~hidden].all()
    seen = known_pair(issues, goals, crossing, bases, hidden)
    mask = _below(hidden, np.zeros((len(seen.low) - n_rows, len(bases))))
    found = audit(seen, pair_constraints(issues, goals, crossing, bases), mask)
    assert not leaks(found, mask, [*least, *[1] * (len(mask) - n_rows)]).any()


def test_a_goal_tells_nothing_of_the_only_issue_under_it_that_needs_more_people() -> None:
    # All voices of the first goal are of the first issue: the same people, twice.
    issues = np.array([[6, 4, 12], [30, 20, 12]])
    bases, crossing = [36, 24, 24], np.array([[22, 0], [0, 62]])
    masks = suppress_pair(issues, issues, crossing, bases, (), [10, 3, 3, 3])
    assert masks[0][0].all()
    assert masks[1][0].all()
    assert not suppress_pair(issues, issues, crossing, bases)[0][0].any()


@given(studies())
@settings(max_examples=8, deadline=None)
def test_many_cells_are_attacked_at_once_with_the_same_result(
    said: list[tuple[int, int, int, int]],
) -> None:
    assume(len({own[3] for own in said}) > 1)
    issues, goals, bases = _tabulate(said, 1), _tabulate(said, 2), _bases(said)
    crossing = _voices(said).sum(axis=2)
    alone = np.vstack([suppress(table, bases) for table in (issues, goals)])
    seen = known_pair(issues, goals, crossing, bases, alone)
    constraints = pair_constraints(issues, goals, crossing, bases)
    unseen = np.zeros((len(seen.low) - len(alone), len(bases)))
    true, hidden = _below(np.vstack([issues, goals]), unseen), _below(alone, unseen)
    each = leaks(audit(seen, constraints, hidden), hidden)
    assert (given_away(seen, constraints, true, hidden, hidden) == each).all()


def test_how_many_opinions_an_issue_has_under_a_goal_may_give_a_value_away() -> None:
    # Nobody of the first value mentions the second issue, and of the first issue's people
    # one alone speaks to the second goal. So of the first value, one does at most.
    issues = np.array([[10, 5, 5], [0, 15, 10], [20, 10, 15]])
    goals = np.array([[29, 30, 30], [1, 12, 8]])
    voices, bases = np.array([[19, 1], [25, 20], [45, 0]]), [30, 30, 30]

    def gives_away(crossing: np.ndarray, *masks: np.ndarray) -> bool:
        seen = known_pair(issues, goals, crossing, bases, np.vstack(masks))
        hidden = np.zeros(seen.low.shape, dtype=bool)
        hidden[:5] = np.vstack(masks)
        constraints = pair_constraints(issues, goals, crossing, bases)
        return bool(leaks(audit(seen, constraints), hidden).any())

    uncounted = suppress_pair(issues, goals, voices > 0, bases)
    assert uncounted[1].tolist() == [[False] * 3, [True, True, False]]
    assert not gives_away(voices > 0, *uncounted)
    assert gives_away(voices, *uncounted)
    assert not gives_away(voices, *suppress_pair(issues, goals, voices, bases))


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
