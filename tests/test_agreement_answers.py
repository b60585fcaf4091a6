"""One goal, measure and kind of an answer that was split into several opinions."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest

from pipeline.agreement.answers import AnswerLabels, Said, goal_of_answer, label_answer, label_rows
from pipeline.agreement.labels import Row


def said(goal="", sure=0.5, length=10, measure="", kind="other"):
    return Said(goal, sure, measure, kind, length)


def test_the_goal_about_which_most_is_said_is_the_answers():
    assert goal_of_answer([said("4", length=10), said("1", length=30)]) == "1"
    assert goal_of_answer([said("4", length=20), said("1", length=30), said("4", length=20)]) == "4"


def test_a_doubtful_link_weighs_less():
    assert goal_of_answer([said("4", sure=0.9, length=20), said("1", sure=0.5, length=30)]) == "4"


def test_opinions_without_a_goal_do_not_count_against_one_with_a_goal():
    assert goal_of_answer([said(length=200), said("4", length=5)]) == "4"
    assert goal_of_answer([said(), said()]) == ""


def test_equal_goals_are_decided_by_their_number_whatever_the_order():
    parts = [said("4"), said("1"), said(), said("6", sure=0.25, length=20)]
    assert {goal_of_answer(order) for order in permutations(parts)} == {"1"}


def test_an_answer_is_as_sure_as_its_surest_opinion_of_that_goal():
    made = label_answer([said("4", 0.6, 30), said("4", 0.8, 10), said(sure=0.9, length=50)])
    assert made == AnswerLabels("4", 0.8, "0", "other")
    assert label_answer([said(sure=0.4)]).confidence == 0.0


def test_an_answer_that_speaks_to_two_goals_is_less_sure_of_either():
    made = label_answer([said("4", 0.6, 40), said("1", 0.8, 10)])
    assert made.goal == "4"
    assert made.confidence == pytest.approx(0.6 * 24 / 32)


def test_the_measure_is_that_of_the_opinions_with_the_answers_goal():
    parts = [said("4", 0.6, 30, "4-1"), said("4", 0.8, 40, "4-3"), said("1", 0.9, 10, "1-1")]
    assert label_answer(parts).measure == "4-3"
    assert label_answer([said(measure="4-1")]).measure == "0"


def test_the_kind_is_that_of_most_of_the_text():
    parts = [said(kind="praise", length=15), said(kind="request"), said(kind="request")]
    assert label_answer(parts).kind == "request"


OPINIONS = pd.DataFrame(
    {
        "opinion_id": ["O1", "O2"],
        "goal_id": ["2", "4"],
        "machine_goal_id": ["1", "4"],
        "goal_confidence": [0.5, 0.7],
        "measure_id": ["2-1", "4-3"],
        "kind": ["problem", "request"],
        "text": ["近所の付き合いがない", "相談する所がない"],
        "assigned_by": ["田中", "machine"],
    }
)


def test_the_machines_goal_is_compared_unless_peoples_decisions_are_asked_for():
    rows = [Row(2, ("1",), ("O1",)), Row(3, ("4",), ("O2",))]
    machine = label_rows(rows, OPINIONS)
    assert machine == [
        # The measure is under the person's goal, and so nothing that the machine said.
        AnswerLabels("1", 0.5, "0", "problem"),
        AnswerLabels("4", 0.7, "4-3", "request"),
    ]
    reviewed = label_rows(rows, OPINIONS, reviewed=True)
    assert [(one.goal, one.measure) for one in reviewed] == [("2", "2-1"), ("4", "4-3")]


def test_a_persons_decision_weighs_more_than_a_doubtful_link():
    row = Row(2, ("2",), ("O1", "O2"))
    (made,) = label_rows([row], OPINIONS, reviewed=True)
    assert made.goal == "2"
    assert made.confidence == pytest.approx(10 / (10 + 0.7 * 8))


def test_an_answer_that_was_set_aside_has_no_goal_and_one_that_is_not_there_no_label():
    aside, missing = Row(2, ("0",), (), set_aside=True), Row(3, ("4",), ())
    assert label_rows([aside, missing], OPINIONS) == [AnswerLabels("0", 0.0, "0"), AnswerLabels()]


@pytest.mark.parametrize(("what", "label"), [("goal", "4"), ("measure", "4-1"), ("kind", "praise")])
def test_each_label_can_be_asked_for_by_what_it_is(what, label):
    assert AnswerLabels("4", 0.5, "4-1", "praise").label(what) == label


def test_a_request_counts_double_and_nothing_else_does():
    request = said(kind="request", length=10)
    assert label_answer([request, said(kind="problem", length=19)]).kind == "request"
    assert label_answer([request, said(kind="problem", length=21)]).kind == "problem"


def test_of_a_goal_of_which_nothing_is_sure_an_answer_is_not_sure():
    made = label_answer([said("4", sure=0.0), said("1", sure=0.0)])
    assert (made.goal, made.confidence) == ("1", 0.0)
