"""Issues keep their numbers while most of them stays together, and nothing is numbered twice."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decisions import MEMBERS, Decision
from pipeline.identity import (
    KEY_LENGTH,
    highest_number,
    issue_number,
    joined_before,
    keep_ids,
    known_issues,
    members_of,
    remembered,
    wording_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def row(number: int, issue_id: str, keys: str, field: str = MEMBERS) -> Decision:
    """One row of a file of decisions that keeps what an issue was made of."""
    return Decision(f"D{number}", issue_id, field, "", keys, "田中", "", "", "r1", "")


def known(**issues: str) -> dict[str, str]:
    """Memory of issues, each with its wordings, one letter each."""
    return {key: own for own, keys in issues.items() for key in keys}


def kept(*issues: str, memory: Mapping[str, str], alone: str = "", highest: int = 0) -> list[str]:
    """Numbers of issues that are written as their wordings, one letter each."""
    return keep_ids([Counter(own) for own in issues], memory, highest, Counter(alone))


# Without a memory


def test_without_a_memory_issues_are_numbered_in_their_order() -> None:
    assert kept("abc", "de", "f", memory={}) == ["I001", "I002", "I003"]


def test_no_issues_have_no_numbers() -> None:
    assert keep_ids([], {}) == []
    assert keep_ids([], known(I001="ab")) == []


def test_numbers_begin_after_the_highest_that_was_ever_given() -> None:
    assert kept("a", "b", memory={}, highest=7) == ["I008", "I009"]
    assert kept("x", memory=known(I012="a"), highest=7) == ["I013"]


def test_of_many_issues_the_numbers_sort_as_their_order_does() -> None:
    found = keep_ids([{}] * 1200, {})
    assert found == sorted(found)
    assert (found[0], found[-1]) == ("I0001", "I1200")


# What is kept


def test_an_issue_of_the_same_wordings_keeps_its_number() -> None:
    memory = known(I007="abc", I003="de")
    assert kept("abc", "de", memory=memory) == ["I007", "I003"]


@pytest.mark.parametrize(
    ("now", "stays"),
    [("abcd", True), ("abc", True), ("ab", True), ("a", False), ("", False)],
    ids=["all", "three", "half", "a quarter", "nothing"],
)
def test_half_of_an_issue_is_enough_and_less_is_not(now: str, *, stays: bool) -> None:
    """The rest of it is in the run, too: it stands alone."""
    memory = known(I005="abcd")
    rest = "".join(set("abcd") - set(now))
    assert kept(now, memory=memory, alone=rest) == ["I005" if stays else "I006"]


def test_opinions_that_now_stand_alone_count_as_lost() -> None:
    memory = known(I005="abc")
    assert kept("a", memory=memory, alone="bc") == ["I006"]
    assert kept("a", memory=memory) == ["I005"]


def test_wordings_that_are_no_longer_in_the_files_count_neither_for_nor_against() -> None:
    assert kept("a", memory=known(I005="abcdefgh")) == ["I005"]


def test_wordings_that_were_not_there_before_count_neither_for_nor_against() -> None:
    issue = Counter({"a": 1, "new": 500})
    assert keep_ids([issue], known(I005="a")) == ["I005"]


def test_every_opinion_counts_and_not_every_wording() -> None:
    """One wording that was said nine times outweighs three others."""
    memory = known(I001="abcd")
    assert keep_ids([{"b": 1, "c": 1, "d": 1}, {"a": 9}], memory) == ["I002", "I001"]


def test_of_an_issue_that_was_split_the_larger_part_keeps_the_number() -> None:
    assert kept("ab", "cde", memory=known(I001="abcde")) == ["I002", "I001"]


def test_of_two_equal_halves_one_keeps_the_number_and_the_other_is_new() -> None:
    assert sorted(kept("ab", "cd", memory=known(I001="abcd"))) == ["I001", "I002"]


def test_an_issue_that_fell_into_three_is_no_longer_there() -> None:
    assert kept("ab", "cd", "ef", memory=known(I001="abcdef")) == ["I002", "I003", "I004"]


def test_of_issues_that_were_put_together_the_largest_gives_its_number() -> None:
    memory = known(I001="ab", I002="cdef")
    assert kept("abcdef", memory=memory) == ["I002"]


def test_an_issue_made_of_many_small_ones_is_a_new_one() -> None:
    memory = known(I001="ab", I002="cd", I003="ef")
    assert kept("abcdef", memory=memory) == ["I004"]


def test_two_issues_may_change_places() -> None:
    memory = known(I001="ab", I002="cd")
    assert kept("cd", "ab", memory=memory) == ["I002", "I001"]


# Properties

LETTERS = "abcdefgh"
GROUPS = st.dictionaries(st.sampled_from(LETTERS), st.integers(-1, 3))
COUNTS = st.fixed_dictionaries({letter: st.integers(1, 3) for letter in LETTERS})


def clusters(groups: Mapping[str, int], counts: Mapping[str, int]) -> list[Counter[str]]:
    """Issues and, as the last, what stands alone; each wording in one of them."""
    found = [
        Counter({letter: counts[letter] for letter, own in groups.items() if own == number})
        for number in sorted({*groups.values()} - {-1})
    ]
    alone = {letter: counts[letter] for letter, own in groups.items() if own == -1}
    return [*found, Counter(alone)]


MEMORIES = st.dictionaries(
    st.sampled_from(LETTERS), st.sampled_from(["I001", "I004", "I009", "I1000"])
)


@given(GROUPS, COUNTS, MEMORIES, st.integers(0, 30))
def test_no_two_issues_have_one_number_and_new_ones_are_higher_than_all_before(
    groups: dict[str, int], counts: dict[str, int], memory: dict[str, str], highest: int
) -> None:
    *issues, alone = clusters(groups, counts)
    found = keep_ids(issues, memory, highest, alone)
    assert len(set(found)) == len(found) == len(issues)
    new = [own for own in found if own not in memory.values()]
    before = max(highest, highest_number(memory.values()))
    assert [highest_number([own]) for own in new] == list(range(before + 1, before + 1 + len(new)))


@given(GROUPS, COUNTS, MEMORIES)
def test_an_issue_that_keeps_a_number_has_half_of_what_the_two_are_together(
    groups: dict[str, int], counts: dict[str, int], memory: dict[str, str]
) -> None:
    *issues, alone = clusters(groups, counts)
    everywhere = sum([*issues, alone], Counter())
    for issue, own in zip(issues, keep_ids(issues, memory, 0, alone), strict=True):
        if own in memory.values():
            shared = sum(n for key, n in issue.items() if memory.get(key) == own)
            there = sum(n for key, n in everywhere.items() if memory.get(key) == own)
            here = sum(n for key, n in issue.items() if key in memory)
            assert 2 * shared >= here + there - shared


@given(GROUPS, COUNTS, MEMORIES)
def test_as_many_opinions_as_possible_keep_their_number(
    groups: dict[str, int], counts: dict[str, int], memory: dict[str, str]
) -> None:
    *issues, alone = clusters(groups, counts)
    everywhere = sum([*issues, alone], Counter())
    names = sorted(set(memory.values()))

    def shared(issue: Counter[str], name: str) -> int:
        own = sum(n for key, n in issue.items() if memory.get(key) == name)
        there = sum(n for key, n in everywhere.items() if memory.get(key) == name)
        here = sum(n for key, n in issue.items() if key in memory)
        return own if 2 * own >= here + there - own else 0

    found = keep_ids(issues, memory, 0, alone)
    places = [*names, *["" for _ in issues]]
    best = max(
        sum(shared(issue, name) for issue, name in zip(issues, chosen, strict=True) if name)
        for chosen in permutations(places, len(issues))
    )
    got = sum(shared(issue, own) for issue, own in zip(issues, found, strict=True) if own in names)
    assert got == best


@given(GROUPS, COUNTS, st.integers(0, 30))
def test_issues_laid_beside_themselves_keep_their_numbers(
    groups: dict[str, int], counts: dict[str, int], highest: int
) -> None:
    """Whatever numbers they had and in whatever order they come."""
    *issues, alone = clusters(groups, counts)
    numbers = [f"I{10 * place:03d}" for place in range(len(issues))]
    random.Random(highest).shuffle(numbers)
    memory = {key: own for issue, own in zip(issues, numbers, strict=True) for key in issue}
    assert keep_ids(issues, memory, highest, alone) == numbers


@given(GROUPS, COUNTS, MEMORIES, st.randoms(use_true_random=False))
def test_how_many_opinions_keep_their_number_does_not_depend_on_the_order_of_issues(
    groups: dict[str, int],
    counts: dict[str, int],
    memory: dict[str, str],
    chance: random.Random,
) -> None:
    *issues, alone = clusters(groups, counts)
    mixed = chance.sample(issues, len(issues))

    def n_kept(found: Sequence[str], order: Sequence[Counter[str]]) -> int:
        return sum(
            n
            for own, issue in zip(found, order, strict=True)
            for key, n in issue.items()
            if memory.get(key) == own
        )

    one, other = (keep_ids(order, memory, 0, alone) for order in (issues, mixed))
    assert n_kept(one, issues) == n_kept(other, mixed)


def test_which_of_two_equal_halves_keeps_the_number_does_not_depend_on_their_order() -> None:
    memory = known(I001="ab")
    one = dict(zip("ab", kept("a", "b", memory=memory), strict=True))
    other = dict(zip("ba", kept("b", "a", memory=memory), strict=True))
    assert one == other


# What a file of decisions remembers


def test_a_file_remembers_the_wordings_of_its_issues_and_nothing_of_other_rows() -> None:
    rows = [row(1, "I001", "aa bb"), row(2, "I002", "cc"), row(3, "I003", "dd", "title")]
    assert remembered(rows) == {"aa": "I001", "bb": "I001", "cc": "I002"}
    assert known_issues(rows) == {"I001", "I002"}


def test_nothing_is_remembered_without_such_rows() -> None:
    assert remembered([]) == {}
    assert remembered([row(1, "O1", "3", "goal_id")]) == {}


def test_a_later_row_takes_a_wording_over() -> None:
    rows = [row(1, "I001", "aa bb"), row(2, "I002", "bb cc")]
    assert remembered(rows) == {"aa": "I001", "bb": "I002", "cc": "I002"}
    assert remembered(rows[::-1])["bb"] == "I001"


def test_a_later_row_on_the_same_issue_replaces_the_earlier_one() -> None:
    rows = [row(1, "I001", "aa bb"), row(2, "I001", "bb cc")]
    assert remembered(rows) == {"bb": "I001", "cc": "I001"}


def test_what_another_issue_took_over_stays_there_when_its_first_issue_is_written_again() -> None:
    rows = [row(1, "I001", "aa bb"), row(2, "I002", "bb"), row(3, "I001", "aa")]
    assert remembered(rows) == {"aa": "I001", "bb": "I002"}


def test_an_issue_whose_row_is_empty_has_no_wordings_but_is_known() -> None:
    rows = [row(1, "I001", "aa"), row(2, "I001", "")]
    assert remembered(rows) == {}
    assert known_issues(rows) == {"I001"}


# Headings that were one issue


def with_headings(number: int, issue_id: str, headings: str) -> Decision:
    return row(number, issue_id, f"key{number}")._replace(value_seen=headings)


def test_headings_that_were_one_issue_are_remembered_in_their_order() -> None:
    rows = [
        with_headings(1, "I002", "雪、道路、公園"), with_headings(2, "I001", "介護、医療"),
        with_headings(3, "I003", "バス"), with_headings(4, "I004", ""),
    ]  # fmt: skip
    assert joined_before(rows) == (("介護", "医療"), ("雪", "道路", "公園"))
    assert joined_before([]) == ()


def test_a_heading_belongs_to_the_issue_that_had_it_last() -> None:
    rows = [with_headings(1, "I001", "雪、道路、公園"), with_headings(2, "I002", "公園、買い物")]
    assert joined_before(rows) == (("雪", "道路"), ("公園", "買い物"))
    assert joined_before(rows[::-1]) == (("雪", "道路", "公園"),)


def test_an_issue_has_the_headings_that_it_was_reviewed_with_last() -> None:
    rows = [with_headings(1, "I001", "雪、道路"), with_headings(2, "I001", "雪")]
    assert joined_before(rows) == ()


def test_headings_in_other_rows_are_none() -> None:
    other = row(1, "I001", "採用", "status")._replace(value_seen="雪、道路")
    assert joined_before([other]) == ()


# Keys and numbers


@pytest.mark.parametrize(
    "other", ["バスがない。", "バスが ない！", "ﾊﾞｽがない", "「バスがない」", "バスが\nない"]
)
def test_width_spaces_and_punctuation_make_no_other_wording(other: str) -> None:
    assert wording_key(other) == wording_key("バスがない")


@pytest.mark.parametrize("other", ["バスがある", "バスもない", ""])
def test_other_words_are_another_wording(other: str) -> None:
    assert wording_key(other) != wording_key("バスがない")


def test_texts_of_symbols_alone_are_told_apart() -> None:
    assert len({wording_key(own) for own in ("？", "…", "")}) == 3


@given(st.text(max_size=20))
def test_a_wording_cannot_be_read_from_its_key(text: str) -> None:
    key = wording_key(text)
    assert len(key) == KEY_LENGTH
    assert key == key.upper()
    assert key.isalnum()


def test_members_are_counted_by_issue_and_those_of_no_issue_are_left_out() -> None:
    found = members_of(
        ["雪", "バスがない", "雪", "バスがない。", "道"], ["", "I2", "I1", "I2", "I1"]
    )
    assert list(found) == ["I1", "I2"]
    assert found["I2"] == {wording_key("バスがない"): 2}
    assert found["I1"] == {wording_key("雪"): 1, wording_key("道"): 1}


def test_numbers_of_issues_are_read_and_written() -> None:
    assert highest_number(["I007", "I1002", "O9999", "I12x", "", "0"]) == 1002
    assert highest_number([]) == 0
    assert [issue_number(own) for own in (1, 999, 1000)] == ["I001", "I999", "I1000"]


@given(st.integers(1, 99_999))
def test_a_number_that_was_written_is_read_again(number: int) -> None:
    assert highest_number([issue_number(number)]) == number
