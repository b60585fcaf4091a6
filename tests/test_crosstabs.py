"""Cross tables count people, add up in every row, and show nothing that must be hidden."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attributes import Attribute
from pipeline.crosstabs import (
    MOST_TABLES,
    TOO_FEW,
    TOO_MANY,
    Crosstabs,
    _Counted,
    _tested,
    tabulate_attributes,
)
from pipeline.disclosure import withheld
from tests.report_fixture import make_tables

GOALS = ["1", "2"]


def make_study(seed: int, n_people: int = 120) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People of four ages and two places; those of the first age speak of the first issue."""
    chance = random.Random(seed)
    answers, opinions = [], []
    for person in range(n_people):
        age = chance.choice(["20代", "30代", "40代", "50代"])
        place = chance.choice(["東", "西"])
        answers.append(
            {
                "answer_id": f"A{person:03d}", "source_id": "S", "source_kind": "survey", "respondent_id": f"S-{person}",
                "attr_年代": age, "attr_地区": place,
            }
        )  # fmt: skip
        issues = ["I1"] if age == "20代" and chance.random() < 0.8 else []
        issues += chance.choices(["I1", "I2", "I3", "I4", ""], [1, 5, 5, 1, 2], k=2)
        for issue in issues:
            opinions.append(
                {
                    "opinion_id": f"O{len(opinions):04d}", "answer_id": f"A{person:03d}",
                    "issue_id": issue, "goal_id": {"I1": "1", "I2": "2"}.get(issue, ""),
                }
            )  # fmt: skip
    return pd.DataFrame(answers), pd.DataFrame(opinions)


@pytest.fixture(scope="module")
def study() -> tuple[pd.DataFrame, pd.DataFrame]:
    return make_study(1)


@pytest.fixture(scope="module")
def found(study: tuple[pd.DataFrame, pd.DataFrame]) -> Crosstabs:
    return tabulate_attributes(*study, GOALS)


def test_a_person_counts_once_a_cell(
    study: tuple[pd.DataFrame, pd.DataFrame], found: Crosstabs
) -> None:
    answers, opinions = study
    joined = opinions.merge(answers, on="answer_id")
    table = found.tables[0]
    assert table.columns == ("20代", "30代", "40代", "50代")
    for row, issue in enumerate(table.issues.rows):
        for column, age in enumerate(table.columns):
            own = joined[(joined["issue_id"] == issue) & (joined["attr_年代"] == age)]
            assert table.issues.counts[row, column] == own["respondent_id"].nunique()


def test_columns_add_up_in_every_row(found: Crosstabs) -> None:
    for table in found.tables:
        assert int(table.bases.sum()) == 120
        for part in (table.issues, table.goals):
            assert (part.counts.sum(axis=1) == part.totals).all()
            assert (part.counts <= table.bases).all()
            assert part.rows[-1] == ""


def test_every_shown_count_is_zero_or_large_enough(found: Crosstabs) -> None:
    for table in found.tables:
        for part in (table.issues, table.goals):
            shown = part.counts[~part.hidden]
            assert ((shown == 0) | (shown >= 3)).all()


def test_what_is_more_than_chance_is_marked_where_it_is_shown(found: Crosstabs) -> None:
    issues = found.tables[0].issues
    row = issues.rows.index("I1")
    assert issues.signs[row, 0] == 1
    assert issues.signs[row, 1:].max() <= 0
    assert (issues.signs[issues.hidden] == 0).all()
    assert (issues.signs[withheld(issues.hidden)] == 0).all()
    assert not issues.signs[issues.rows.index("I2")].any()


def test_an_issue_that_was_rejected_is_counted_and_not_tested(
    study: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    issues = tabulate_attributes(*study, GOALS, untested=["I1"]).tables[0].issues
    assert not issues.tested[issues.rows.index("I1")].any()
    assert not issues.signs[issues.rows.index("I1")].any()
    assert issues.totals[issues.rows.index("I1")] > 0


def test_a_test_knows_no_more_than_the_reader() -> None:
    # Two people moved between hidden cells of a row: nothing that is shown changes.
    attribute = Attribute("年代", ("20代", "30代", "40代"), (), np.zeros(0, dtype=int))
    hidden = np.array([[True, True, False]])
    tables = []
    for counts in ([[2, 9, 40]], [[4, 7, 40]]):
        part = (np.array(counts), np.array(counts))
        bases = np.array([30, 60, 60])
        one = _Counted(attribute, bases, (("I1",), ("1",)), part, (hidden, hidden), 3)
        tables += _tested([one], frozenset())
    (first, second) = (table.issues for table in tables)
    assert first.tested.tolist() == second.tested.tolist() == [[False, False, True]]
    assert first.signs.tolist() == second.signs.tolist() == [[0, 0, 1]]


def test_a_difference_is_marked_in_a_row_of_few_people() -> None:
    # Nine of thirty people by the river, and nobody of all others: no chance, however few.
    attribute = Attribute("地区", ("川沿い", "東", "無回答"), (), np.zeros(0, dtype=int))
    part = np.array([[9, 0, 0], [8, 24, 9]])
    hidden = np.zeros(part.shape, dtype=bool)
    rows = (("I1", ""), ("1", ""))
    one = _Counted(attribute, np.array([30, 90, 29]), rows, (part, part), (hidden, hidden), 3)
    issues = _tested([one], frozenset())[0].issues
    assert issues.signs.tolist() == [[1, -1, 0], [0, 0, 0]]
    # 無回答 is no group, and to be in no issue is no finding.
    assert issues.tested.tolist() == [[True, True, False], [False, False, False]]


def test_attributes_that_were_dealt_at_random_have_marks_in_few_studies() -> None:
    marked = 0
    for seed in range(30):
        answers, opinions = make_study(seed)
        dealt = answers["attr_年代"].sample(frac=1, random_state=seed).to_numpy()
        tables = tabulate_attributes(answers.assign(attr_年代=dealt), opinions, GOALS).tables
        marked += any((part.signs != 0).any() for one in tables for part in (one.issues, one.goals))
    assert marked <= 4  # one in twenty is what was allowed for


@given(st.integers(0, 20), st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_changes_nothing(seed: int, chance: random.Random) -> None:
    answers, opinions = make_study(seed, 40)
    again = tabulate_attributes(
        answers.sample(frac=1, random_state=chance.randrange(99)),
        opinions.sample(frac=1, random_state=chance.randrange(99)),
        GOALS,
    )
    first = tabulate_attributes(answers, opinions, GOALS)
    assert first.labels == again.labels
    assert first.skipped == again.skipped
    for one, other in zip(first.tables, again.tables, strict=True):
        assert (one.name, one.columns) == (other.name, other.columns)
        for part, same in ((one.issues, other.issues), (one.goals, other.goals)):
            assert part.rows == same.rows
            assert (part.hidden == same.hidden).all()
            assert (part.counts == same.counts).all()
            assert (part.signs == same.signs).all()


def test_labels_stand_only_where_both_tables_show_their_cell(
    study: tuple[pd.DataFrame, pd.DataFrame], found: Crosstabs
) -> None:
    _, opinions = study
    assert set(found.labels) == set(opinions["opinion_id"])
    assert any(found.labels.values())
    for row in opinions.to_dict("records"):
        for name, value in found.labels[row["opinion_id"]]:
            table = next(one for one in found.tables if one.name == name)
            column = table.columns.index(value)
            issue = table.issues.rows.index(row["issue_id"])
            goal = table.goals.rows.index(row["goal_id"])
            assert not table.issues.hidden[issue, column]
            assert not table.goals.hidden[goal, column]


def test_people_of_one_kind_of_source_do_not_give_away_those_of_another() -> None:
    # The report shows that one person of the comments speaks to the goal. As nobody of 個人
    # does, it is one of 団体, whatever else is hidden in the row.
    who = [("survey", "東", 30), ("survey", "西", 20), ("public_comment", "個人", 9),
           ("public_comment", "団体", 4)]  # fmt: skip

    def hidden(kind_of_comments: str) -> list[bool]:
        rows = [
            (kind_of_comments if kind == "public_comment" else kind, value)
            for kind, value, n in who
            for _ in range(n)
        ]
        people = [f"P{number:02d}" for number in range(len(rows))]
        answers = pd.DataFrame(rows, columns=["source_kind", "attr_立場"]).assign(
            answer_id=people, source_id="S", respondent_id=people
        )
        to_goal = [*people[:9], *people[30:36], people[-1]]
        said = [(own, "1") for own in to_goal] + [(own, "") for own in people]
        opinions = pd.DataFrame(said, columns=["answer_id", "goal_id"]).assign(
            opinion_id=[f"O{number:02d}" for number in range(len(said))], issue_id=""
        )
        table = tabulate_attributes(answers, opinions, ["1"]).tables[0]
        assert table.columns == ("東", "西", "個人", "団体")
        return table.goals.hidden[0].tolist()

    assert hidden("survey") == [False, True, False, True]
    assert hidden("public_comment") == [True] * 4


def test_without_attributes_there_is_nothing() -> None:
    answers, opinions = make_study(1, 5)
    bare = answers.drop(columns=["attr_年代", "attr_地区"])
    found = tabulate_attributes(bare, opinions, GOALS)
    assert found.tables == ()
    assert found.skipped == ()


def test_unknown_speakers_are_in_no_table() -> None:
    tables = make_tables()
    found = tabulate_attributes(tables["answers"], tables["opinions"], list("123456"))
    known = tables["answers"].set_index("answer_id")["respondent_id"]
    named = tables["opinions"]["opinion_id"][tables["opinions"]["answer_id"].map(known) != ""]
    assert set(found.labels) <= set(named)


def test_no_opinion_means_no_table() -> None:
    answers, opinions = make_study(1, 5)
    assert tabulate_attributes(answers, opinions.iloc[:0], GOALS).tables == ()


def test_what_people_are_comes_before_what_they_answered_and_the_rest_is_named(
    study: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    answers, opinions = study
    question = "あなたは住み続けたいと思いますか"
    chance = random.Random(5)
    asked = {
        f"attr_{question}{number}": chance.choices(["はい", "いいえ"], k=len(answers))
        for number in range(MOST_TABLES)
    }
    several = pd.concat([pd.DataFrame(asked), answers], axis=1)
    made = tabulate_attributes(several, opinions, GOALS)
    names = [table.name for table in made.tables]
    assert names[:2] == ["年代", "地区"]
    assert len(names) == MOST_TABLES
    left_out = [name for name, reason in made.skipped if reason == TOO_MANY]
    assert len(left_out) == 2
    assert {name for own in made.labels.values() for name, _ in own} <= {"年代", "地区"}


def test_an_attribute_of_too_few_people_has_no_table_and_is_named_with_the_reason() -> None:
    few = tabulate_attributes(*make_study(1, n_people=40), GOALS)
    assert few.tables == ()
    assert set(few.skipped) == {("年代", TOO_FEW), ("地区", TOO_FEW)}
