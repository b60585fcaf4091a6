"""The issues of a run under the numbers that a file of decisions knows."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.decisions import MEMBERS, Decision, used_numbers
from pipeline.follow import memory_of
from pipeline.identity import highest_number, keep_ids, remembered, wording_key
from pipeline.remember import (
    VOICES,
    Numbering,
    Occasion,
    issue_voices,
    new_id,
    number_issues,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

OCCASION = Occasion("田中", "2026-05-01T10:00:00+09:00", "r1")
WORDINGS = tuple(f"{number}番目の声" for number in range(8))


def made_of(**issues: Sequence[str]) -> pd.DataFrame:
    """Opinions of a run by the issue that the machine put them in; ``none`` for no issue."""
    rows = [("" if own == "none" else own, text) for own, texts in issues.items() for text in texts]
    return pd.DataFrame(rows, columns=["machine_issue_id", "text"])


def numbered(
    record: Sequence[Decision],
    opinions: pd.DataFrame,
    titles: Mapping[str, str] | None = None,
    headings: Mapping[str, str] | None = None,
    occasion: Occasion = OCCASION,
) -> Numbering:
    ids = sorted({*opinions["machine_issue_id"]} - {""})
    machine = pd.DataFrame(
        {
            "issue_id": ids,
            "title": [(titles or {}).get(own, "") for own in ids],
            "headings": [(headings or {}).get(own, "") for own in ids],
        }
    )
    return number_issues(record, opinions, machine, occasion)


def decision(target: str, field: str, value: str, text: str = "声") -> Decision:
    return Decision(
        f"D-{target}-{field}", target, field, "", value, "山本", "2026-04-01", "", "r0", text
    )


BUS = ("バスがない", "バスが少ない", "バスが遠い")
ROAD = ("道が狭い", "道が暗い")
BOTH = made_of(I001=BUS, I002=ROAD, none=["ひとりの声"])


# A file that knows nothing yet


def test_with_an_empty_file_every_issue_has_its_own_number_and_a_row() -> None:
    found = numbered([], BOTH, {"I001": "バス", "I002": "道"})
    assert found.number_of == {"I001": "I001", "I002": "I002"}
    assert [(own.target_id, own.field, own.text) for own in found.rows] == [
        ("I001", MEMBERS, "バス"), ("I002", MEMBERS, "道"),
    ]  # fmt: skip
    assert {own[4:] for own in found.rows} == {
        (own.value, "田中", "2026-05-01T10:00:00+09:00", "", "r1", own.text) for own in found.rows
    }


def test_a_row_keeps_digests_of_the_wordings_in_their_order_and_no_word_of_them() -> None:
    (bus, _) = numbered([], BOTH).rows
    assert bus.value == " ".join(sorted(wording_key(text) for text in BUS))
    assert "バス" not in bus.value


def test_a_row_keeps_the_headings_that_were_one_issue() -> None:
    first = numbered([], BOTH, headings={"I001": "公共交通、買い物"})
    assert [own.value_seen for own in first.rows] == ["公共交通、買い物", ""]
    assert numbered(first.rows, BOTH, headings={"I001": "公共交通、買い物"}).rows == ()
    (again,) = numbered(first.rows, BOTH, headings={"I001": "公共交通"}).rows
    assert (again.target_id, again.value_seen) == ("I001", "公共交通")
    assert again.value == first.rows[0].value


def test_a_wording_that_was_said_twice_is_kept_once() -> None:
    (own,) = numbered([], made_of(I001=["バスがない", "バスがない。", "バスがない"])).rows
    assert own.value == wording_key("バスがない")


def test_a_run_without_issues_adds_nothing() -> None:
    assert numbered([], made_of(none=["ひとりの声"])) == ({}, ())
    assert numbered([], made_of()) == ({}, ())


def test_decisions_on_opinions_alone_change_no_number() -> None:
    found = numbered([decision("O1", "goal_id", "2")], BOTH)
    assert found.number_of == {"I001": "I001", "I002": "I002"}


# A run that was made with the file


def test_a_run_that_was_made_with_the_file_has_its_numbers_and_adds_no_rows() -> None:
    record = numbered([], BOTH).rows
    assert numbered(record, BOTH) == ({"I001": "I001", "I002": "I002"}, ())


def test_only_what_changed_is_written_again() -> None:
    record = numbered([], BOTH).rows
    grown = made_of(I001=[*BUS, "バスが高い"], I002=ROAD, none=["ひとりの声"])
    found = numbered(record, grown)
    assert [own.target_id for own in found.rows] == ["I001"]
    assert wording_key("バスが高い") in found.rows[0].value.split()


def test_the_order_of_the_opinions_does_not_matter() -> None:
    record = numbered([], BOTH).rows
    mixed = BOTH.sample(frac=1, random_state=3)
    assert numbered([], mixed) == numbered([], BOTH)
    assert numbered(record, mixed).rows == ()


# A run that was made without the file, or with an older one


def test_a_run_that_was_made_without_the_file_takes_its_numbers_by_the_wordings() -> None:
    record = numbered([], BOTH).rows
    found = numbered(record, made_of(I001=ROAD, I002=BUS))
    assert found == ({"I001": "I002", "I002": "I001"}, ())


def test_an_issue_that_the_file_does_not_know_keeps_its_number_where_it_is_free() -> None:
    record = numbered([], BOTH).rows
    found = numbered(record, made_of(I001=BUS, I007=["雪がつらい", "雪が多い"]))
    assert found.number_of == {"I001": "I001", "I007": "I007"}
    assert [own.target_id for own in found.rows] == ["I007"]


def test_a_number_that_the_file_gave_to_another_issue_is_not_given_again() -> None:
    record = numbered([], BOTH).rows
    found = numbered(record, made_of(I001=["雪がつらい", "雪が多い"], I002=BUS))
    assert found.number_of == {"I001": "I003", "I002": "I001"}


@pytest.mark.parametrize(
    ("row", "free"),
    [
        (decision("O1", "issue_id", "I009"), "I010"),
        (decision("I001", "merge_into", "I012"), "I013"),
        (decision("I020", "title", "人が作った課題"), "I021"),
        (decision("O1", "issue_id", "0"), "I003"),
    ],
    ids=["moved to", "merged into", "made by people", "moved to none"],
)
def test_a_number_that_any_decision_speaks_of_is_taken(row: Decision, free: str) -> None:
    record = [*numbered([], BOTH).rows, row]
    taken = row.value if row.field != "title" else row.target_id
    opinions = made_of(
        I002=BUS, I001=["雪がつらい"], **{taken: ["川が臭い"]} if taken != "0" else {}
    )
    found = numbered(record, opinions)
    assert found.number_of["I002"] == "I001"
    assert found.number_of["I001"] == free
    if taken != "0":
        assert highest_number([found.number_of[taken]]) > highest_number([free])


def test_a_number_is_taken_also_in_a_file_that_keeps_no_issues_yet() -> None:
    """A decision that follows its voices would from then on follow its number: another issue."""
    old = decision("I002", "goal_id", "2", text="バスがない\nバスが少ない")._replace(run_id="r0")
    found = numbered([old], BOTH)
    assert found.number_of["I001"] == "I001"
    assert found.number_of["I002"] not in {"I001", "I002"}


def test_numbers_that_decisions_speak_of_are_all_listed() -> None:
    rows = [
        decision("I003", "goal_id", "1"), decision("O1", "issue_id", "I004"),
        decision("O2", "issue_id", "0"), decision("I005", "merge_into", "I006"),
        decision("O3", "goal_id", "1"), decision("I007", "merge_into", ""),
        decision("I008", "title", "I009"),
    ]  # fmt: skip
    assert set(used_numbers(rows)) == {"I003", "I004", "I005", "I006", "I007", "I008"}


# Reviews of several runs, one after the other

GROUPS = st.dictionaries(st.sampled_from(WORDINGS), st.integers(-1, 3))
TIMES = st.fixed_dictionaries({text: st.integers(1, 3) for text in WORDINGS})
RUNS = st.lists(st.tuples(GROUPS, TIMES, st.booleans()), min_size=1, max_size=4)


def run_of(
    groups: Mapping[str, int], times: Mapping[str, int], record: Sequence[Decision]
) -> pd.DataFrame:
    """Opinions of a run that makes these clusters, numbered as a run numbers them."""
    said = {
        number: Counter({wording_key(own): times[own] for own in groups if groups[own] == number})
        for number in {*groups.values()}
    }
    order = sorted({*groups.values()} - {-1}, key=lambda own: (-said[own].total(), own))
    memory = memory_of(record)
    found = keep_ids(
        [said[own] for own in order], memory.issue_of, memory.highest, said.get(-1, Counter())
    )
    names = dict(zip(order, found, strict=True)) | {-1: ""}
    rows = [(names[own], text) for text, own in groups.items() for _ in range(times[text])]
    return pd.DataFrame(rows, columns=["machine_issue_id", "text"])


def reviewed(runs: Sequence[tuple[dict[str, int], dict[str, int], bool]]) -> list[Decision]:
    """File of decisions after runs that were reviewed, some of them made without the file."""
    record: list[Decision] = []
    for number, (groups, times, with_record) in enumerate(runs):
        opinions = run_of(groups, times, record if with_record else [])
        record += numbered(record, opinions, occasion=OCCASION._replace(run_id=f"r{number}")).rows
    return record


@given(RUNS)
def test_a_run_on_the_same_clusters_has_the_numbers_of_the_file_and_adds_nothing(
    runs: list[tuple[dict[str, int], dict[str, int], bool]],
) -> None:
    """The fixed point: review, run again on the same answers, nothing moves."""
    *before, (groups, times, with_record) = runs
    record = reviewed(before)
    opinions = run_of(groups, times, record if with_record else [])
    found = numbered(record, opinions)
    record += found.rows
    again = run_of(groups, times, record)
    expected = [found.number_of.get(own, "") for own in opinions["machine_issue_id"]]
    assert again["machine_issue_id"].tolist() == expected
    assert numbered(record, again) == ({own: own for own in expected if own}, ())


@given(RUNS)
def test_no_two_issues_of_a_run_have_one_number_in_the_file(
    runs: list[tuple[dict[str, int], dict[str, int], bool]],
) -> None:
    *before, (groups, times, with_record) = runs
    record = reviewed(before)
    opinions = run_of(groups, times, record if with_record else [])
    found = numbered(record, opinions, occasion=OCCASION._replace(run_id="now"))
    numbers = list(found.number_of.values())
    assert len(set(numbers)) == len(numbers)
    assert set(found.number_of) == set(opinions["machine_issue_id"]) - {""}
    assert all(re.fullmatch(r"I\d{3,}", own) for own in numbers)
    ids = [own.decision_id for own in found.rows]
    assert len({*ids, *(own.decision_id for own in record)}) == len(ids) + len(record)


@given(RUNS)
def test_a_number_of_the_file_goes_only_to_an_issue_with_one_of_its_wordings(
    runs: list[tuple[dict[str, int], dict[str, int], bool]],
) -> None:
    *before, (groups, times, with_record) = runs
    record = reviewed(before)
    opinions = run_of(groups, times, record if with_record else [])
    memory = remembered(record)
    for own, number in numbered(record, opinions).number_of.items():
        if number in used_numbers(record):
            texts = opinions.loc[opinions["machine_issue_id"] == own, "text"]
            assert number in {memory.get(wording_key(text)) for text in texts}


@given(RUNS, st.randoms(use_true_random=False))
def test_rows_do_not_depend_on_the_order_of_the_opinions(
    runs: list[tuple[dict[str, int], dict[str, int], bool]], chance: random.Random
) -> None:
    *before, (groups, times, with_record) = runs
    record = reviewed(before)
    opinions = run_of(groups, times, record if with_record else [])
    order = chance.sample(range(len(opinions)), len(opinions))
    assert numbered(record, opinions.iloc[order]) == numbered(record, opinions)


def test_a_run_that_was_made_with_the_file_has_its_numbers_also_among_equals() -> None:
    """An issue fell into equal halves: the run and the file must give the same one its number."""
    record = numbered([], made_of(I001="ab", I002="cd", I003="ef")).rows
    opinions = run_of(
        dict(zip("febdac", (0, 1, 2, 2, 3, 3), strict=True)), Counter("abcdef"), record
    )
    numbers = set(opinions["machine_issue_id"])
    assert numbered(record, opinions).number_of == {own: own for own in numbers}


@given(GROUPS, TIMES)
def test_a_run_made_with_the_file_keeps_its_numbers_where_no_two_parts_are_equal(
    groups: dict[str, int], times: dict[str, int]
) -> None:
    record = numbered([], made_of(I001=WORDINGS[:3], I002=WORDINGS[3:6])).rows
    sizes = Counter[tuple[int, str]]()
    for text, own in groups.items():
        sizes[own, remembered(record).get(wording_key(text), "")] += times[text]
    assume(len(set(sizes.values())) == len(sizes))
    opinions = run_of(groups, times, record)
    assert all(own == new for own, new in numbered(record, opinions).number_of.items())


# Ids and voices


def test_the_same_decision_has_the_same_id_and_any_other_another_one() -> None:
    one = new_id("I001", "status", "採用", OCCASION)
    assert re.fullmatch(r"D20260501-[0-9A-Z]{8}", one)
    others = [
        new_id("I002", "status", "採用", OCCASION), new_id("I001", "title", "採用", OCCASION),
        new_id("I001", "status", "却下", OCCASION),
        *(
            new_id("I001", "status", "採用", OCCASION._replace(**{name: "2026-05-01T10:00"}))
            for name in Occasion._fields
        ),
    ]  # fmt: skip
    assert new_id("I001", "status", "採用", OCCASION) == one
    assert len({one, *others}) == 1 + len(others)


def test_a_row_without_a_moment_has_an_id_without_a_day() -> None:
    assert new_id("I001", MEMBERS, "K", Occasion("前回の結果", "", "r1")).startswith("D-")


def test_voices_of_an_issue_are_its_representative_ones_one_a_line() -> None:
    opinions = pd.DataFrame(
        {"opinion_id": ["O1", "O2", "O3"], "text": ["道が\n狭い", "道が　暗い", " "]}
    )
    issues = pd.DataFrame(
        {
            "issue_id": ["I001", "I002"],
            "representative_opinion_ids": ["O2 O3 O9 O1", ""],
        }
    )
    assert issue_voices(issues, opinions) == {"I001": "道が 暗い\n道が 狭い", "I002": ""}


def test_of_many_voices_some_are_kept() -> None:
    ids = [f"O{number}" for number in range(20)]
    issues = pd.DataFrame({"issue_id": ["I001"], "representative_opinion_ids": [" ".join(ids)]})
    opinions = pd.DataFrame({"opinion_id": ids, "text": ids})
    assert issue_voices(issues, opinions)["I001"].splitlines() == ids[:VOICES]
