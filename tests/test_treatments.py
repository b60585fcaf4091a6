"""What is proposed for every issue, by the rule."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan import Action, Goal, Measure, Plan
from pipeline.treatments import (
    CONTINUE,
    LEAST_PEOPLE,
    NEW,
    STRENGTHEN,
    Weighed,
    propose,
    tabulate_treatments,
)
from pipeline.wording import ADOPTED, HELD, REJECTED

ACTION = Action(id="1-1-1", text="居場所をつくります")


def make_plan(*actions: Action) -> Plan:
    measure = Measure(id="1-1", name="居場所", actions=actions)
    return Plan(id="p", title="計画", goals=(Goal(id="1", name="つながり", measures=(measure,)),))


def weighed(n: int, asking: int, answered: int, status: str = "", *, goal: bool = True) -> Weighed:
    return Weighed(goal, status, n_people=n, n_asking=asking, n_answered=answered)


def test_an_answered_issue_that_clearly_more_than_half_complain_of_is_to_be_strengthened() -> None:
    assert propose(weighed(20, 15, 2))[0] == STRENGTHEN
    assert propose(weighed(20, 14, 2))[0] == ""
    assert propose(weighed(20, 10, 2))[0] == CONTINUE


def test_an_issue_that_no_action_answers_is_new_where_the_wish_is_clear() -> None:
    assert propose(weighed(20, 15, 1))[0] == NEW
    assert propose(weighed(20, 14, 1))[0] == ""


def test_one_person_or_too_small_a_share_is_no_answer() -> None:
    assert propose(weighed(5, 5, 1))[0] == NEW
    assert propose(weighed(30, 30, 2))[0] == NEW
    assert propose(weighed(30, 30, 3))[0] == STRENGTHEN


def test_too_few_people_lead_to_no_proposal_unless_people_adopted_the_issue() -> None:
    few = LEAST_PEOPLE - 1
    assert propose(weighed(few, few, 0)) == (
        "",
        "4人の声で、目安の5人に届かないため、提案しません。",
    )
    assert propose(weighed(few, few, 0, ADOPTED))[0] == NEW
    assert propose(weighed(few, few, 0, HELD))[0] == ""


def test_what_stands_under_no_goal_is_new_only_where_people_adopted_it() -> None:
    assert propose(weighed(40, 40, 0, goal=False))[0] == ""
    assert propose(weighed(1, 0, 0, ADOPTED, goal=False))[0] == NEW


@given(n=st.integers(0, 60), asking=st.integers(0, 60), answered=st.integers(0, 60))
def test_a_rejected_issue_is_never_proposed(n: int, asking: int, answered: int) -> None:
    own = weighed(n, min(asking, n), min(answered, n), REJECTED)
    assert propose(own) == ("", "人が「却下」としたため、提案しません。")


@given(
    n=st.integers(0, 60), asking=st.integers(0, 60), answered=st.integers(0, 60),
    status=st.sampled_from(["", ADOPTED, HELD]), goal_id=st.sampled_from(["", "1"]),
)  # fmt: skip
def test_every_rule_is_one_sentence(
    n: int, asking: int, answered: int, status: str, goal_id: str
) -> None:
    own = weighed(n, min(asking, n), min(answered, n), status, goal=bool(goal_id))
    treatment, rule = propose(own)
    assert treatment in {NEW, STRENGTHEN, CONTINUE, ""}
    assert rule.count("。") == 1
    assert rule.endswith("。")


@given(n=st.integers(1, 60), answered=st.integers(0, 60))
def test_more_people_who_ask_never_weaken_the_proposal(n: int, answered: int) -> None:
    found = [propose(weighed(n, asking, min(answered, n)))[0] for asking in range(n + 1)]
    assert found == sorted(found, key=lambda own: own in {NEW, STRENGTHEN})


def make_opinions(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Opinions of issue I1: id, kind, respondent, what it repeats."""
    table = pd.DataFrame(rows, columns=["opinion_id", "kind", "respondent_id", "duplicate_of"])
    answers = "A" + table["duplicate_of"].where(table["duplicate_of"] != "", table["opinion_id"])
    return table.assign(issue_id="I1", goal_id="1", measure_id="1-1", answer_id=answers)


def make_issues(goal_id: str = "1") -> pd.DataFrame:
    row = {"issue_id": "I1", "goal_id": goal_id, "measure_id": "1-1", "status": ""}
    return pd.DataFrame([row])


def make_links(*opinion_ids: str) -> pd.DataFrame:
    rows = [(own, "1-1-1", 1.0, "居場所") for own in opinion_ids]
    return pd.DataFrame(rows, columns=["opinion_id", "action_id", "score", "words"])


def test_people_are_counted_and_not_opinions() -> None:
    rows = [(f"O{place}", "problem", "R1", "") for place in range(30)]
    table = tabulate_treatments(make_plan(ACTION), make_issues(), make_opinions(rows), make_links())
    assert table["treatment"].tolist() == [""]
    assert table["n_problem"].tolist() == [30]
    assert table["rule"].tolist() == ["1人の声で、目安の5人に届かないため、提案しません。"]


def test_an_unknown_speaker_is_one_person_an_answer_and_the_sentence_says_so() -> None:
    # The last three opinions stand in the first answer.
    rows = [(f"O{place}", "request", "", "" if place < 6 else "O0") for place in range(9)]
    links = make_links("O0", "O1")
    table = tabulate_treatments(make_plan(ACTION), make_issues(), make_opinions(rows), links)
    assert table["treatment"].tolist() == [STRENGTHEN]
    assert "6人のうち6人" in table["rule"].iloc[0]
    assert "だれの声か分からない回答6件を、1件1人として含みます" in table["rule"].iloc[0]
    assert table["action_ids"].tolist() == ["1-1-1"]


def test_too_few_people_to_tell_are_neither_to_be_strengthened_nor_to_be_continued() -> None:
    assert propose(weighed(7, 6, 3))[0] == ""
    assert "決められません" in propose(weighed(7, 6, 3))[1]
    assert propose(weighed(8, 4, 3))[0] == CONTINUE


def test_an_issue_whose_opinions_have_goals_is_divided_and_not_outside_the_plan() -> None:
    rows = [(f"O{place}", "problem", f"R{place}", "") for place in range(8)]
    table = tabulate_treatments(
        make_plan(ACTION), make_issues(""), make_opinions(rows), make_links()
    )
    assert "分かれていて" in table["rule"].iloc[0]
    outside = make_opinions(rows).assign(goal_id="")
    table = tabulate_treatments(make_plan(ACTION), make_issues(""), outside, make_links())
    assert "どの基本目標にも当てはまらず" in table["rule"].iloc[0]


def test_in_a_plan_without_action_lines_measures_answer() -> None:
    rows = [(f"O{place}", "praise", f"R{place}", "") for place in range(8)]
    table = tabulate_treatments(make_plan(), make_issues(), make_opinions(rows), make_links())
    assert table["treatment"].tolist() == [CONTINUE]
    assert "計画の施策に結びついた人は8人のうち8人" in table["rule"].iloc[0]


def test_actions_of_another_goal_than_the_issues_do_not_answer_it() -> None:
    rows = [(f"O{place}", "problem", f"R{place}", "") for place in range(8)]
    plan = make_plan(ACTION)
    links = make_links(*(f"O{place}" for place in range(8)))
    table = tabulate_treatments(plan, make_issues(""), make_opinions(rows), links)
    assert table[["treatment", "action_ids"]].to_numpy().tolist() == [["", ""]]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    kinds = ("problem", "request", "praise", "other")
    rows = [(f"O{place:02d}", kinds[place % 4], f"R{place % 7}", "") for place in range(20)]
    opinions, links = make_opinions(rows), make_links("O03", "O08", "O11")
    plan = make_plan(ACTION)
    straight = tabulate_treatments(plan, make_issues(), opinions, links)
    mixed = tabulate_treatments(
        plan,
        make_issues(),
        opinions.sample(frac=1, random_state=seed),
        links.sample(frac=1, random_state=seed),
    )
    pd.testing.assert_frame_equal(mixed, straight)


def test_an_issue_of_which_nobody_speaks_has_its_row_and_no_issue_has_none() -> None:
    issues = pd.concat([make_issues(), make_issues().assign(issue_id="I2")], ignore_index=True)
    rows = [(f"O{place}", "problem", f"R{place}", "") for place in range(8)]
    table = tabulate_treatments(make_plan(ACTION), issues, make_opinions(rows), make_links())
    assert table["issue_id"].tolist() == ["I1", "I2"]
    assert table["measure_id"].tolist() == ["1-1", "1-1"]
    assert table["n_problem"].tolist() == [8, 0]
    assert table["rule"].iloc[1].startswith("0人の声で")
    none = tabulate_treatments(make_plan(ACTION), issues[:0], make_opinions(rows), make_links())
    assert none.columns.tolist() == table.columns.tolist()
    assert none.empty


@pytest.mark.parametrize("other", [{"goal_id": "2"}, {"measure_id": ""}])
def test_without_action_lines_only_a_measure_of_the_issues_goal_answers(
    other: dict[str, str],
) -> None:
    rows = [(f"O{place}", "problem", f"R{place}", "") for place in range(8)]
    opinions = make_opinions(rows).assign(**other)
    table = tabulate_treatments(make_plan(), make_issues(), opinions, make_links())
    assert table["treatment"].tolist() == [NEW]
    assert table["rule"].iloc[0].startswith("計画の施策に結びついた人はおらず")


@pytest.mark.parametrize(("n_with_goal", "divided"), [(4, False), (5, True)])
def test_opinions_are_divided_where_more_than_half_have_a_goal(
    n_with_goal: int, *, divided: bool
) -> None:
    rows = [(f"O{place}", "problem", f"R{place}", "") for place in range(8)]
    goals = ["1"] * n_with_goal + [""] * (8 - n_with_goal)
    table = tabulate_treatments(
        make_plan(ACTION), make_issues(""), make_opinions(rows).assign(goal_id=goals), make_links()
    )
    assert ("分かれていて" in table["rule"].iloc[0]) is divided


def test_the_sentence_names_actions_where_the_plan_has_them() -> None:
    assert "計画の取り組みに言葉でふれた人は20人のうち2人" in propose(weighed(20, 15, 2))[1]
