"""Reviewers' decisions: read, checked, applied, and handed on as examples."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decided import decide_goals, inherit_goals, tabulate_decisions
from pipeline.decisions import (
    COLUMNS,
    GOAL_FIELDS,
    WITHDRAWN,
    Decision,
    as_examples,
    load_decisions,
    public_strings,
    standing,
    used_numbers,
)
from pipeline.errors import InputError
from pipeline.follow import Followed, follow
from pipeline.goals.examples import Example
from pipeline.goals.opinions import COLUMNS as GOAL_COLUMNS
from pipeline.goals.opinions import Assignment
from pipeline.plan import NO_GOAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.plan import Plan


def decision(
    number: int, target: str, value: str, field: str = "goal_id", **other: str
) -> Decision:
    """Describe one decision of the reviewer 田中 on a goal, unless it says otherwise."""
    own = Decision(
        decision_id=f"D{number:03}", target_id=target, field=field, value_seen="", value=value,
        reviewer="田中", decided_at="2026-05-01T10:00:00+09:00", reason="", run_id="0123456789",
        text=f"{target}の声",
    )  # fmt: skip
    return own._replace(**other)


def written(rows: Iterable[Sequence[str]], head: Sequence[str] = COLUMNS) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([head, *rows])
    return buffer.getvalue()


def load_text(text: str | bytes, plan: Plan, folder: Path) -> tuple[Decision, ...]:
    path = folder / "decisions.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_decisions(path, plan)


def error_of(text: str | bytes, plan: Plan, folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_text(text, plan, folder)
    message = str(caught.value)
    for part in ("判断の記録", "decisions.csv", "対処"):
        assert part in message
    return message


# What is read

GOOD = decision(1, "O1", "2", reason="介護の話だから", text="母の介護\nがつらい, とても")


def test_decisions_are_read_as_they_were_written_in_the_order_of_the_file(
    small_plan: Plan, tmp_path: Path
) -> None:
    rows = (
        GOOD,
        decision(2, "O2", NO_GOAL, value_seen="1"),
        decision(3, "I001", "", "goal_id_2"),
        decision(4, "I001", "1-2", "measure_id"),
    )
    assert load_text(written(rows), small_plan, tmp_path) == rows


def test_a_file_with_its_header_alone_holds_no_decisions(small_plan: Plan, tmp_path: Path) -> None:
    assert load_text(written([]), small_plan, tmp_path) == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte order mark"),
        pytest.param(lambda text: text.encode().replace(b"D001", b"\nD001"), id="empty rows"),
        pytest.param(lambda text: text.removesuffix("\n").encode(), id="no last line break"),
    ],
)
def test_how_the_file_was_saved_does_not_matter(change, small_plan: Plan, tmp_path: Path) -> None:
    assert load_text(change(written([GOOD])), small_plan, tmp_path) == (GOOD,)


BROKEN = {
    decision(9, "O2", "9"): "value: 計画に「9」はありません",
    decision(9, "O2", ""): "value: どの目標でもないときは 0 と書いてください",
    decision(9, "O2", "1", reviewer="machine"): "reviewer: 「machine」は機械の印なので",
    decision(9, "O2", "1", text="042-123-4567 に電話した"): "text: 電話番号やメールアドレス",
    decision(9, "O2", "1", reason="a@example.com の方"): "reason: 電話番号やメールアドレス",
    decision(9, "O2", "0", "goal_id_2"): "value: 計画に「0」はありません",
    decision(9, "O2", "4-9", "measure_id"): "value: 計画に「4-9」はありません",
    decision(9, "O2", "1", "issue"): "field: 「issue」は使えません（使えるもの: goal_id、",
    decision(9, "O2", "採用", "status"): "field: 「status」は意見には使えません",
    decision(9, "I002", "problem", "kind"): "field: 「kind」は課題には使えません",
    decision(9, "A1B@0-3", "1", "goal_id"): "field: 「goal_id」は対象外の部分には使えません",
    decision(9, "A1B", "1", "restore"): "target_id: 対象外の部分は「回答番号@開始-終了」",
    decision(9, "O2", "1", "issue_id"): "value: 「1」は課題の番号ではありません",
    decision(9, "O2", "苦情", "kind"): "value: 「苦情」はありません",
    decision(9, "O2", "山田", "personal"): "value: 「山田」は伏せる場所として読めません",
    decision(9, "I002", "可決", "status"): "value: 「可決」はありません",
    decision(9, "I002", "I002", "merge_into"): "value: 自分自身には統合できません",
    decision(9, "I002", "2番", "merge_into"): "value: 「2番」は課題の番号ではありません",
    decision(9, "I002", " ", "title"): "value: 題は1文字以上100文字まで",
    decision(9, "I002", "042-123-4567 の件", "title"): "value: 電話番号やメールアドレス",
    decision(9, "", "1"): "target_id: 空にはできません",
    decision(9, "O2", "1", decision_id=""): "decision_id: 空にはできません",
    decision(9, "O2", "1", reviewer=""): "reviewer: 空にはできません",
    decision(1, "O2", "1"): "decision_id が2行目と同じです",
}


@pytest.mark.parametrize(("row", "said"), BROKEN.items())
def test_a_wrong_decision_is_named_with_its_line(
    row: Decision, said: str, small_plan: Plan, tmp_path: Path
) -> None:
    # The first decision stands on lines 2 and 3.
    message = error_of(written([GOOD, row]), small_plan, tmp_path)
    assert f"4行目 {said}" in message


def test_a_row_with_too_few_or_too_many_cells_is_named(small_plan: Plan, tmp_path: Path) -> None:
    message = error_of(written([GOOD, GOOD[:3], (*GOOD, "")]), small_plan, tmp_path)
    assert "4行目 列が3個です（10個にしてください）" in message
    assert "5行目 列が11個です（10個にしてください）" in message


def test_every_wrong_decision_is_named_at_once(small_plan: Plan, tmp_path: Path) -> None:
    message = error_of(written(BROKEN), small_plan, tmp_path)
    for line in (2, 5, 6, 7):
        assert f"{line}行目 " in message


@pytest.mark.parametrize("head", [(), ("target_id", "value"), COLUMNS[::-1]])
def test_another_header_is_refused(head: Sequence[str], small_plan: Plan, tmp_path: Path) -> None:
    message = error_of(written([GOOD], head), small_plan, tmp_path)
    assert f"1行目 見出しが {','.join(COLUMNS)} ではありません" in message


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(written([GOOD]).encode("cp932"), id="CP932"),
        pytest.param(written([GOOD]).encode() + b'"D002', id="quotation mark left open"),
    ],
)
def test_what_is_no_csv_in_utf_8_is_refused(
    content: bytes, small_plan: Plan, tmp_path: Path
) -> None:
    message = error_of(content, small_plan, tmp_path)
    assert "UTF-8 ではありません" in message or "CSV として読めません" in message


def test_a_missing_file_is_named(small_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        load_decisions(tmp_path / "none.csv", small_plan)


# Which decision counts


def test_of_several_decisions_on_one_thing_the_last_one_counts() -> None:
    rows = (decision(1, "O1", "1"), decision(2, "O2", "2"), decision(3, "O1", "3"))
    found = standing(rows)
    assert found["O1", "goal_id"] is rows[2]
    assert found["O2", "goal_id"] is rows[1]
    assert len(found) == 2


def test_goals_second_goals_and_measures_are_decided_apart() -> None:
    rows = [decision(number, "O1", "1", field) for number, field in enumerate(GOAL_FIELDS)]
    assert set(standing(rows)) == {("O1", field) for field in GOAL_FIELDS}


ROWS = st.lists(
    st.builds(decision, st.just(0), st.sampled_from(["O1", "O2", "O3"]), st.sampled_from("0123")),
    max_size=8,
).map(lambda rows: [own._replace(decision_id=f"D{n}") for n, own in enumerate(rows)])


@given(ROWS)
def test_what_was_decided_earlier_on_the_same_thing_changes_nothing(rows: list[Decision]) -> None:
    last = list(standing(rows).values())
    assert standing(last) == standing(rows)
    assert as_examples(last) == as_examples(rows)
    ids = ["O1", "O2", "O3"]
    assert decide_goals(table_of(ids), ids, last).equals(decide_goals(table_of(ids), ids, rows))


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_decisions_on_different_things_changes_nothing(rows, chance) -> None:
    """Only which of several on one thing is the last one matters."""
    last = list(standing(rows).values())
    mixed = chance.sample(last, len(last))
    ids = ["O1", "O2", "O3"]
    assert decide_goals(table_of(ids), ids, mixed).equals(decide_goals(table_of(ids), ids, rows))
    assert sorted(as_examples(mixed)) == sorted(as_examples(rows))


# What is applied

MACHINE = Assignment("1", "1", 0.9, 0.8, "2", "1-1", "machine")


def table_of(ids: Sequence[str], row: Assignment = MACHINE) -> pd.DataFrame:
    return pd.DataFrame(
        [row] * len(ids), columns=list(GOAL_COLUMNS), index=range(50, 50 + len(ids))
    )


def decided(*rows: Decision, row: Assignment = MACHINE) -> Assignment:
    """Row of the opinion O1 after decisions."""
    found = decide_goals(table_of(["O1"], row), ["O1"], rows)
    return Assignment(*found.iloc[0])


def test_a_decided_goal_stands_in_the_place_of_the_machines_which_is_kept() -> None:
    row = decided(decision(1, "O1", "3"))
    assert (row.goal_id, row.machine_goal_id, row.assigned_by) == ("3", "1", "田中")
    assert (row.goal_score, row.goal_confidence) == (MACHINE.goal_score, MACHINE.goal_confidence)


def test_none_of_the_goals_can_be_decided() -> None:
    row = decided(decision(1, "O1", NO_GOAL))
    assert (row.goal_id, row.goal_id_2, row.measure_id, row.assigned_by) == ("", "", "", "田中")
    assert row.machine_goal_id == "1"


def test_a_goal_can_be_decided_where_the_machine_gave_none() -> None:
    row = decided(decision(1, "O1", "2"), row=Assignment(goal_confidence=0.7))
    assert (row.goal_id, row.machine_goal_id, row.assigned_by) == ("2", "", "田中")


def test_what_nobody_decided_stays_as_it_was() -> None:
    ids = ["O1", "O2", "O3"]
    found = decide_goals(table_of(ids), ids, [decision(1, "O2", "3"), decision(2, "O9", "2")])
    assert list(found.index) == [50, 51, 52]
    assert found.loc[[50, 52]].equals(table_of(ids).loc[[50, 52]])
    assert found.loc[51, "goal_id"] == "3"
    assert decide_goals(table_of(ids), ids, []).equals(table_of(ids))


def test_a_table_is_not_changed_where_it_stands() -> None:
    table = table_of(["O1"])
    decide_goals(table, ["O1"], [decision(1, "O1", "3")])
    assert table.equals(table_of(["O1"]))


def test_a_measure_or_second_goal_of_the_machines_does_not_survive_another_goal() -> None:
    row = decided(decision(1, "O1", "3"))
    assert (row.goal_id, row.goal_id_2, row.measure_id) == ("3", "", "")


def test_a_measure_and_a_second_goal_of_the_machines_survive_a_goal_that_was_confirmed() -> None:
    row = decided(decision(1, "O1", "1"))
    assert (row.goal_id, row.goal_id_2, row.measure_id) == ("1", "2", "1-1")
    assert row.assigned_by == "田中"


def test_a_second_goal_that_becomes_the_first_is_no_second_goal_any_more() -> None:
    row = decided(decision(1, "O1", "2"))
    assert (row.goal_id, row.goal_id_2) == ("2", "")


def test_goal_second_goal_and_measure_can_all_be_decided() -> None:
    rows = (
        decision(1, "O1", "2-1", "measure_id"),
        decision(2, "O1", "3", "goal_id_2"),
        decision(3, "O1", "2"),
    )
    for order in (rows, rows[::-1]):
        row = decided(*order)
        assert (row.goal_id, row.goal_id_2, row.measure_id) == ("2", "3", "2-1")


def test_a_measure_can_be_decided_alone() -> None:
    row = decided(decision(1, "O1", "1-2", "measure_id", reviewer="山本"))
    assert (row.goal_id, row.goal_id_2, row.measure_id) == ("1", "2", "1-2")
    assert row.assigned_by == "machine"  # the goal is still the machine's


def test_a_measure_can_be_taken_away() -> None:
    assert decided(decision(1, "O1", "", "measure_id")).measure_id == ""
    assert decided(decision(1, "O1", "", "goal_id_2")).goal_id_2 == ""


def test_a_measure_that_was_decided_for_another_goal_does_not_stay() -> None:
    earlier = decision(1, "O1", "1-2", "measure_id")
    assert decided(earlier, decision(2, "O1", "2")).measure_id == ""
    assert decided(earlier, decision(2, "O1", NO_GOAL)).measure_id == ""


def test_a_decided_measure_that_does_not_fit_leaves_the_machines() -> None:
    other_machine = MACHINE._replace(goal_id="2", measure_id="2-1")
    assert decided(decision(1, "O1", "1-2", "measure_id"), row=other_machine).measure_id == "2-1"


FIELD_VALUES = st.one_of(
    st.tuples(st.just("goal_id"), st.sampled_from(["0", "1", "2", "3"])),
    st.tuples(st.just("goal_id_2"), st.sampled_from(["", "1", "2", "3"])),
    st.tuples(st.just("measure_id"), st.sampled_from(["", "1-1", "1-2", "2-1"])),
)


@given(
    st.lists(FIELD_VALUES, min_size=1, max_size=6),
    st.sampled_from([MACHINE, Assignment(), Assignment("2", "2", measure_id="2-1")]),
)
def test_whatever_is_decided_a_row_fits_together(
    values: list[tuple[str, str]], machine: Assignment
) -> None:
    rows = [decision(n, "O1", value, field) for n, (field, value) in enumerate(values)]
    row = decided(*rows, row=machine)
    assert row.machine_goal_id == machine.machine_goal_id
    by_person = any(field == "goal_id" for field, _ in values)
    assert row.assigned_by == ("田中" if by_person else machine.assigned_by)
    assert not row.measure_id or row.measure_id.startswith(f"{row.goal_id}-")
    assert not row.goal_id_2 or (row.goal_id and row.goal_id_2 != row.goal_id)
    goals = [value for field, value in values if field == "goal_id"]
    if goals:
        assert row.goal_id == goals[-1].replace(NO_GOAL, "")


# Issues and their opinions


def inherited(*rows: Decision) -> pd.DataFrame:
    """Opinions O1 and O2 of the issue I1, O3 of I2 and O4 of none, after decisions."""
    ids, issue_ids = ["O1", "O2", "O3", "O4"], ["I1", "I1", "I2", ""]
    opinions = decide_goals(table_of(ids), ids, rows).assign(opinion_id=ids, issue_id=issue_ids)
    issues = decide_goals(table_of(["I1", "I2"]), ["I1", "I2"], rows)
    found = inherit_goals(opinions, issues.assign(issue_id=["I1", "I2"]), rows)
    assert list(found.index) == list(opinions.index)
    return found.set_index("opinion_id")


def test_the_opinions_of_an_issue_follow_what_was_decided_for_it() -> None:
    found = inherited(decision(1, "I1", "2"), decision(2, "I1", "2-1", "measure_id"))
    for own in ("O1", "O2"):
        assert found.loc[own, list(GOAL_FIELDS)].tolist() == ["2", "", "2-1"]
        assert found.loc[own, "assigned_by"] == "田中"
        assert found.loc[own, "machine_goal_id"] == "1"
    for own in ("O3", "O4"):
        assert found.loc[own, "assigned_by"] == "machine"
        assert found.loc[own, "goal_id"] == "1"


def test_opinions_follow_their_issue_to_none_of_the_goals() -> None:
    found = inherited(decision(1, "I1", NO_GOAL))
    assert found.loc[["O1", "O2"], "goal_id"].tolist() == ["", ""]
    assert found.loc[["O1", "O2"], "measure_id"].tolist() == ["", ""]


@pytest.mark.parametrize("order", [1, -1])
def test_an_opinion_that_was_decided_by_itself_stays_where_it_is(order: int) -> None:
    rows = (decision(1, "O1", "3", reviewer="山本"), decision(2, "I1", "2"))[::order]
    found = inherited(*rows)
    assert found.loc[["O1", "O2"], "goal_id"].tolist() == ["3", "2"]
    assert found.loc[["O1", "O2"], "assigned_by"].tolist() == ["山本", "田中"]


def test_an_opinion_whose_measure_was_decided_by_itself_stays_where_it_is() -> None:
    found = inherited(decision(1, "O1", "1-2", "measure_id"), decision(2, "I1", "2"))
    assert found.loc["O1", list(GOAL_FIELDS)].tolist() == ["1", "2", "1-2"]
    assert found.loc["O2", "goal_id"] == "2"


def test_without_decisions_on_issues_opinions_stay_as_they_are() -> None:
    assert inherited()["assigned_by"].unique().tolist() == ["machine"]
    found = inherited(decision(1, "I1", "1-2", "measure_id"))  # a measure is no goal
    assert found["measure_id"].unique().tolist() == ["1-1"]


# What is taught


def test_a_decided_opinion_is_an_example() -> None:
    rows = (decision(1, "O1", "2", text="母の介護"), decision(2, "O2", NO_GOAL, text="道が狭い"))
    assert as_examples(rows) == (
        Example("母の介護", "2", source="D001"),
        Example("道が狭い", NO_GOAL, source="D002"),
    )


def test_a_decided_issue_is_as_many_examples_as_voices_that_weigh_one_together() -> None:
    found = as_examples([decision(1, "I1", "2", text="母の介護\n父の介護\n\n 祖母の介護 \n")])
    assert [own.text for own in found] == ["母の介護", "父の介護", "祖母の介護"]
    assert {own.goal for own in found} == {"2"}
    assert {own.source for own in found} == {"D001"}
    assert sum(own.weight for own in found) == pytest.approx(1)


@pytest.mark.parametrize(
    ("second", "taught"), [("3", "3"), ("", ""), ("2", "")], ids=["another", "none", "the same"]
)
def test_a_decided_second_goal_is_taught_with_the_first(second: str, taught: str) -> None:
    rows = (decision(1, "O1", "2"), decision(2, "O1", second, "goal_id_2"))
    assert as_examples(rows) == (Example("O1の声", "2", taught, source="D001"),)


def test_a_second_goal_or_a_measure_alone_teaches_nothing() -> None:
    rows = (decision(1, "O1", "2", "goal_id_2"), decision(2, "O1", "1-2", "measure_id"))
    assert as_examples(rows) == ()


def test_a_decision_without_a_voice_teaches_nothing() -> None:
    assert as_examples([decision(1, "O1", "2", text=" \n")]) == ()


def test_a_decision_that_was_taken_back_does_not_teach() -> None:
    rows = (decision(1, "O1", "2"), decision(2, "O1", "1"))
    assert [(own.goal, own.source) for own in as_examples(rows)] == [("1", "D002")]


def test_of_decisions_on_the_same_words_the_last_one_teaches() -> None:
    """Two residents may say the same; a reviewer who comes back to the first decides for both."""
    same = {"text": "道が狭い"}
    rows = (
        decision(1, "O1", "1", **same), decision(2, "O2", "2", **same),
        decision(3, "O1", "3", **same),
    )  # fmt: skip
    assert [(own.goal, own.source) for own in as_examples(rows)] == [("3", "D003")]


@pytest.mark.parametrize("order", [1, -1])
def test_what_was_decided_for_a_voice_itself_teaches_before_what_was_for_its_issue(
    order: int,
) -> None:
    rows = (
        decision(1, "O1", "3", text="道が狭い"),
        decision(2, "I1", "2", text="道が狭い\n母の介護"),
        decision(3, "I2", "1", text="道が狭い"),
    )[::order]
    found = {own.text: own for own in as_examples(rows)}
    assert (found["道が狭い"].goal, found["道が狭い"].weight) == ("3", 1.0)
    assert (found["母の介護"].goal, found["母の介護"].weight) == ("2", 0.5)


def test_an_opinion_of_several_lines_is_one_voice() -> None:
    rows = (decision(1, "O1", "2", text="母の介護で\n仕事をやめた"),)
    assert as_examples(rows) == (Example("母の介護で\n仕事をやめた", "2", source="D001"),)


def test_issues_of_two_runs_both_teach_although_they_have_the_same_number() -> None:
    rows = [
        decision(1, "I001", "2", text="母の介護", run_id="a"),
        decision(2, "I001", "1", text="近所の人", run_id="b"),
        decision(3, "I001", "3", text="近所の人", run_id="b"),
    ]
    assert [(own.text, own.goal) for own in as_examples(rows)] == [
        ("母の介護", "2"), ("近所の人", "3"),
    ]  # fmt: skip


# What decisions on issues speak of in another run


def grouped(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["opinion_id", "issue_id", "text"])


VOICES = "世話役がいない\n役員が決まらない\n班長のなり手がない"
NOW = grouped(
    ("O1", "I007", "世話役が いない"),
    ("O2", "I007", "役員が決まらない"),
    ("O3", "I001", "班長のなり手がない"),
    ("O4", "I002", "バスが少ない"),
    ("O5", "", "ひとりの声"),
)


def follow_issues(made: Sequence[Decision], opinions: pd.DataFrame) -> tuple[Decision, ...]:
    return followed_in(made, opinions).decisions


def followed_in(made: Sequence[Decision], opinions: pd.DataFrame) -> Followed:
    issues = sorted({own for own in opinions["issue_id"] if own})
    return follow(made, opinions, {own: f"{own}の題" for own in issues})


def applied(made: Sequence[Decision]) -> pd.DataFrame:
    """Decisions after a run in which the machine gave nobody a goal."""
    nothing = dict.fromkeys((*GOAL_FIELDS, "assigned_by"), "")
    followed = followed_in(made, NOW)
    issues = pd.DataFrame({"issue_id": ["I001", "I002", "I007"]}).assign(**nothing)
    opinions = NOW.assign(**nothing)
    opinions, issues = (
        decide_goals(table, table[key].tolist(), followed.decisions)
        for table, key in ((opinions, "opinion_id"), (issues, "issue_id"))
    )
    return tabulate_decisions(made, followed, opinions, issues)


def test_a_decision_on_an_issue_follows_its_voices_to_another_number() -> None:
    (own,) = follow_issues([decision(1, "I002", "2", text=VOICES)], NOW)
    assert own.target_id == "I007"


def test_voices_are_the_same_whatever_line_breaks_and_spaces_stand_in_them() -> None:
    broken = grouped(("O1", "I007", "世話役が\n いない"), ("O2", "I007", "役員が　決まらない"))
    (own,) = follow_issues([decision(1, "I002", "2", text=VOICES)], broken)
    assert own.target_id == "I007"


def test_two_decisions_on_what_is_one_issue_now_are_on_one_thing_and_the_last_counts() -> None:
    rows = (
        decision(1, "I002", "2", text="世話役がいない"),
        decision(2, "I009", "1", text="役員が決まらない"),
    )
    followed = follow_issues(rows, NOW)
    assert [own.target_id for own in followed] == ["I007", "I007"]
    assert standing(followed)["I007", "goal_id"].value == "1"
    assert applied(rows)["stands"].tolist() == [0, 1]


@pytest.mark.parametrize(
    "voices", ["もう誰も言わない声", "ひとりの声", "世話役がいない\nない声\nほかの声"]
)
def test_a_decision_on_an_issue_that_is_gone_is_applied_to_none(voices: str) -> None:
    (own,) = follow_issues([decision(1, "I002", "2", text=voices)], NOW)
    assert own.target_id == ""


def test_a_decision_on_an_opinion_stays_with_it_or_is_applied_to_none() -> None:
    made = follow_issues([decision(1, "O4", "4"), decision(2, "O9", "4")], NOW)
    assert [own.target_id for own in made] == ["O4", ""]


def test_a_decision_on_an_issue_without_voices_is_refused(small_plan: Plan, tmp_path: Path) -> None:
    text = written([decision(1, "I001", "2", text=" ")])
    assert "2行目 text: 課題の判断には" in error_of(text, small_plan, tmp_path)


def test_the_table_says_what_each_decision_was_applied_to_and_which_stand() -> None:
    made = [
        decision(1, "I002", "1", text=VOICES),
        decision(2, "I005", "2", text=VOICES),
        decision(3, "O9", "4"),
    ]
    table = applied(made)
    assert table["target_id"].tolist() == ["I002", "I005", "O9"]
    assert table["applied_to"].tolist() == ["I007", "I007", ""]
    assert table["stands"].tolist() == [0, 1, 0]


def test_no_decisions_make_an_empty_table() -> None:
    assert applied(()).empty


def test_a_decided_measure_that_did_not_fit_does_not_stand() -> None:
    made = [decision(1, "O4", "4"), decision(2, "O4", "1-1", "measure_id")]
    table = applied(made)
    assert table["applied_to"].tolist() == ["O4", "O4"]
    assert table["stands"].tolist() == [1, 0]


def test_a_voice_of_several_lines_is_found_and_the_mark_of_the_workbook_is_passed_over() -> None:
    now = grouped(("O1", "I003", "怖いので\n直してほしい"), ("O2", "I003", "暗い"))
    voices = "・怖いので\n直してほしい\n・暗い"
    (own,) = follow_issues([decision(1, "I001", "0", text=voices)], now)
    assert own.target_id == "I003"


def test_issues_of_runs_without_a_name_are_told_apart_by_their_voices() -> None:
    rows = [
        decision(1, "I001", "2", text="母の介護", run_id=""),
        decision(2, "I001", "1", text="近所の人", run_id=""),
    ]
    assert [own.text for own in as_examples(rows)] == ["母の介護", "近所の人"]


# What is kept of people


def test_what_is_public_no_longer_is_masked_in_reasons_and_titles_and_names_stay_there(
    small_plan: Plan, tmp_path: Path
) -> None:
    office = "0123-45-6789"
    rows = [
        decision(1, "O1", office, field="public"),
        decision(2, "O2", "2", text=f"佐藤さんは{office}", reason=f"佐藤さんは{office}"),
        decision(3, "I001", f"介護 {office} 佐藤さん", field="title", text=f"介護\n{office}"),
    ]
    assert load_text(written(rows), small_plan, tmp_path)[2].value == rows[2].value
    rows.append(rows[0]._replace(decision_id="D004", value=WITHDRAWN))
    _, voice, title, _ = load_text(written(rows), small_plan, tmp_path)
    assert (voice.text, voice.reason) == ("［氏名］さんは［電話番号］", "佐藤さんは［電話番号］")
    assert (title.text, title.value) == ("介護\n［電話番号］", "介護 ［電話番号］ 佐藤さん")


def test_what_was_declared_public_and_not_taken_back_is_not_masked(
    small_plan: Plan, tmp_path: Path
) -> None:
    office, hall = "0123-45-6789", "0123-45-9876"
    text = f"{office}と{hall}に電話した"
    opened = decision(1, "O1", office, field="public", text=text)
    rows = [opened, decision(2, "O2", hall, field="public", text=text)]
    assert public_strings(rows) == {office, hall}
    assert load_text(written(rows), small_plan, tmp_path)[0].text == text
    rows.append(rows[1]._replace(decision_id="D003", value=WITHDRAWN))
    assert public_strings(rows) == {office}
    (read, *_) = load_text(written(rows), small_plan, tmp_path)
    assert read.text == f"{office}と［電話番号］に電話した"


def test_a_decision_that_teaches_nothing_hides_none_behind_it() -> None:
    rows = [
        decision(1, "O1", "2-1", field="measure_id"),
        decision(2, "O2", WITHDRAWN),
        decision(3, "O3", "2"),
    ]
    assert [own.source for own in as_examples(rows)] == ["D003"]


def test_every_issue_that_a_decision_names_has_its_number_used() -> None:
    rows = [
        decision(1, "I001", "2"),
        decision(2, "O1", "I002", field="issue_id"),
        decision(3, "I003", "I004", field="merge_into"),
        decision(4, "I005", "I006 感染症; I007 食べ物", field="split"),
        decision(5, "O2", "I008"),
        decision(6, "I001", "I009", field="title"),
    ]
    assert sorted(used_numbers(rows)) == [
        "I001", "I001", "I002", "I003", "I004", "I005", "I006", "I007",
    ]  # fmt: skip
