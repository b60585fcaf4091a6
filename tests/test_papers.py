"""Papers for a committee: what they say, counted from the tables."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from pipeline import tables as table_shapes
from pipeline.deidentify import deidentify
from pipeline.lookups import with_answers
from pipeline.papers.comments import CONTACT, build_comments, has_comments
from pipeline.papers.contents import build_contents
from pipeline.papers.loading import RunTables
from pipeline.papers.views import DIVIDED, OUTSIDE
from pipeline.wording import ADOPTED, HELD, REJECTED
from tests.report_fixture import (
    ADOPTED_ISSUE,
    DECIDED_ISSUE,
    HELD_ISSUE,
    HIDDEN_NAME,
    RAW_MARK,
    REJECTED_BECAUSE,
    REJECTED_ISSUE,
    make_manifest,
    make_plan,
    make_study,
    make_tables,
)


def run_of(tables: dict[str, pd.DataFrame]) -> RunTables:
    study = make_study()
    shown = {name: table for name, table in tables.items() if name not in {"actions", "treatments"}}
    shown["answers"] = deidentify(shown["answers"])
    manifest = make_manifest(tables) | {
        "study": {"title": study.title, "sources": [{"kind": one.kind} for one in study.sources]}
    }
    return RunTables(study.title, manifest, make_plan(), shown)


@pytest.fixture(scope="module")
def tables():
    return make_tables()


@pytest.fixture(scope="module")
def run(tables):
    return run_of(tables)


@pytest.fixture(scope="module")
def contents(run):
    return build_contents(run)


@pytest.fixture(scope="module")
def comments(run):
    return build_comments(run)


def public(tables):
    joined = with_answers(tables["opinions"], tables["answers"])
    return joined[joined["source_kind"] == "public_comment"]


def test_every_issue_stands_once_in_a_chapter_or_among_the_rejected(contents, tables):
    shown = [one.issue_id for one in contents.issues]
    assert sorted(shown) == sorted(tables["issues"]["issue_id"])
    assert [one.issue_id for one in contents.rejected] == [REJECTED_ISSUE]


def test_every_opinion_is_counted_under_one_goal_or_under_none(contents, tables):
    assert sum(one.tally.n_opinions for one in contents.chapters) == len(tables["opinions"])
    assert sum(one.tally.n_issues for one in contents.chapters) == len(tables["issues"])
    assert sum(one.tally.n_alone for one in contents.chapters) == contents.about.n_alone


def test_the_last_chapter_holds_the_issues_that_no_goal_answers(contents):
    assert [one.goal_id for one in contents.chapters] == ["1", "2", "3", "4", "5", "6", ""]
    assert {one.goal_id for one in contents.chapters[-1].issues} == {""}


def test_adopted_issues_come_first_and_held_ones_last(tables):
    issues = tables["issues"].copy()
    issues["goal_id"] = "1"
    order = [
        one.status for one in build_contents(run_of(tables | {"issues": issues})).chapters[0].issues
    ]
    assert order[0] == ADOPTED
    assert order[-1] == HELD
    assert set(order[1:-1]) == {""}


def test_without_a_goal_an_issue_is_new_only_where_its_treatment_says_so(tables):
    issues = tables["issues"].assign(goal_id="", status="").set_index("issue_id", drop=False)
    issues.loc["I001", "status"] = ADOPTED
    opinions = tables["opinions"].assign(goal_id="")
    opinions.loc[opinions["issue_id"] == "I002", "goal_id"] = "1"
    made = tables | {"issues": issues.reset_index(drop=True), "opinions": opinions}
    treatments = tables["treatments"].assign(treatment="", rule="訳")
    treatments.loc[treatments["issue_id"] == "I001", "treatment"] = "新規"
    run = run_of(made)
    shown = build_contents(
        RunTables(run.title, run.manifest, run.plan, {**run.tables, "treatments": treatments})
    )
    found = {one.issue_id: one.proposal for one in shown.issues}
    assert found.pop("I001") == "新規"
    assert found.pop("I002") == DIVIDED
    assert set(found.values()) == {OUTSIDE}


def test_an_issue_has_the_response_that_people_gave_it(tables):
    issues = tables["issues"].copy()
    issues.loc[issues["issue_id"] == "I003", "response"] = "反映"
    shown = build_contents(run_of(tables | {"issues": issues})).issues
    assert {one.issue_id: one.response for one in shown if one.response} == {"I003": "反映"}


def test_a_rejected_issue_says_why(contents):
    (own,) = contents.rejected
    assert (own.status, own.reason) == (REJECTED, REJECTED_BECAUSE)


def test_a_goal_that_a_person_gave_has_that_person_and_no_confidence(contents):
    own = next(one for one in contents.issues if one.issue_id == DECIDED_ISSUE)
    assert (own.decided_by, own.confidence) == ("策定委員会", "")
    other = next(one for one in contents.issues if one.issue_id == HELD_ISSUE)
    assert other.decided_by == ""
    assert other.confidence


def test_voices_are_verbatim_at_most_three_and_each_wording_once(contents, tables):
    texts = set(tables["opinions"]["text"].str.strip())
    for own in contents.issues:
        shown = [voice.text for voice in own.voices]
        assert 1 <= len(shown) <= 3
        assert len(set(shown)) == len(shown)
        assert all(text in texts or "\ufffd" in text for text in shown)


def test_kinds_of_an_issue_add_up_to_its_opinions(contents):
    for own in contents.issues:
        assert sum(number for _, number in own.kinds) == own.n_opinions


def test_people_are_counted_and_unknown_speakers_are_not(contents, tables):
    joined = with_answers(tables["opinions"], tables["answers"])
    known = joined.loc[joined["respondent_id"] != "", "respondent_id"]
    assert contents.about.n_people == known.nunique()
    assert contents.about.n_unknown == len(joined) - len(known)


def test_what_was_set_aside_is_counted_to_the_piece(contents, tables):
    assert sum(one.n_pieces for one in contents.asides) == len(tables["set_aside"])


def test_measures_that_nobody_speaks_to_are_there_with_zero(contents):
    last = contents.chapters[5].measures[-1]
    assert (last.measure_id, last.n_opinions) == ("6-2", 0)


def test_the_order_of_rows_changes_nothing(tables, contents, comments):
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in tables.items()}
    assert build_contents(run_of(turned)) == contents
    assert build_comments(run_of(turned)) == comments


def test_a_proposed_treatment_comes_with_its_rule_and_the_plans_words(tables):
    run = run_of(tables)
    proposed = pd.DataFrame(
        [
            {
                "issue_id": ADOPTED_ISSUE,
                "treatment": "充実・強化",
                "rule": "要望が半分を超えています。",
                "action_ids": "3-2-1 9-9-9",
            }
        ]
    )
    goals = list(run.plan.goals)
    measures = list(goals[2].measures)
    action = {"id": "3-2-1", "text": "休める場をつくります", "status": "継続"}
    measures[1] = type(measures[1]).model_validate(measures[1].model_dump() | {"actions": [action]})
    goals[2] = goals[2].model_copy(update={"measures": tuple(measures)})
    plan = run.plan.model_copy(update={"goals": tuple(goals)})
    made = build_contents(
        RunTables(run.title, run.manifest, plan, {**run.tables, "treatments": proposed})
    )
    own = next(one for one in made.issues if one.issue_id == ADOPTED_ISSUE).treatment
    assert made.has_treatments
    assert (own.name, own.rule) == ("充実・強化", "要望が半分を超えています。")
    assert own.actions == ("3-2-1 休める場をつくります", "9-9-9")


def test_nothing_that_was_hidden_and_no_raw_text_is_in_the_contents(contents, comments):
    shown = f"{contents}{comments}"
    assert RAW_MARK not in shown
    assert HIDDEN_NAME not in shown


def test_a_run_without_public_comments_has_none(tables):
    run = run_of(tables)
    assert has_comments(run)
    answers = run.tables["answers"].assign(source_kind="survey")
    manifest = {**run.manifest, "study": {"sources": [{"kind": "survey"}]}}
    other = RunTables(run.title, manifest, run.plan, {**run.tables, "answers": answers})
    assert not has_comments(other)


ADDRESSED = "attr_該当箇所"


def of_answers(tables, *wanted):
    """The tables with some answers made into public comments, each a list of opinions.

    Of every opinion: text, goal, measure; of every answer what it says of the plan, and the
    part that was read of it.
    """
    answers, opinions = [], []
    answer, opinion = tables["answers"].iloc[0].to_dict(), tables["opinions"].iloc[0].to_dict()
    for number, (written, addressed, said) in enumerate(wanted, start=1):
        answers.append(
            answer
            | {
                "answer_id": f"C{number}", "source_kind": "public_comment", ADDRESSED: written,
                "locator": f"{number + 1}行目 「意見」", "respondent_id": f"c-{number}",
            }
        )  # fmt: skip
        opinions += [
            opinion
            | {
                "opinion_id": f"P{number}{place}", "answer_id": f"C{number}", "start": 10 * place,
                "end": 10 * place + 9, "text": text, "goal_id": goal_id, "measure_id": measure_id,
                "addressed_id": addressed, "duplicate_of": "", "issue_id": "", "response": "",
            }
            for place, (text, goal_id, measure_id) in enumerate(said)
        ]  # fmt: skip
    aside = tables["set_aside"].iloc[:0]
    made = {"answers": pd.DataFrame(answers), "opinions": pd.DataFrame(opinions)}
    return build_comments(run_of(tables | made | {"set_aside": aside}))


def rows_of(comments):
    return [one for part in comments.parts for group in part.groups for one in group.comments]


def labels(comments):
    """Text → the part of the plan where it stands."""
    return {
        one.text: (part.measure or part.goal).split(" ")[0]
        for part in comments.parts
        for group in part.groups
        for one in group.comments
    }


def test_sentences_of_one_answer_stay_where_most_of_them_are_linked(tables):
    most = ("", "", [("道", "1", "1-1"), ("窓口", "3", "3-1"), ("相談", "3", "3-1")])
    alike = ("", "", [("名簿", "5", "5-1"), ("役員", "2", "2-1"), ("同意", "", "")])
    none = ("", "", [("県道", "", ""), ("福祉より先に", "4", "4-1")])
    made = labels(of_answers(tables, most, alike, none))
    assert {made[own] for own in ("道", "窓口", "相談")} == {"3-1"}
    assert {made[own] for own in ("名簿", "役員", "同意")} == {"5-1"}
    assert {made[own] for own in ("県道", "福祉より先に")} == {""}


def test_what_the_writer_wrote_of_the_plan_is_printed_where_it_could_not_be_read(tables):
    made = of_answers(
        tables,
        ("第5章　財源 090-1234-5678", "", [("会費", "6", "6-1"), ("使い道", "6", "6-1")]),
        ("基本目標2", "2", [("授業", "2", "2-1")]),
        ("", "", [("猫", "", "")]),
        ("なし", "", []),
    )
    masked = "第5章 財源 ［電話番号］"
    assert [(own.written, own.n_opinions, own.numbers) for own in made.unread] == [
        (masked, 2, (1,)),
        ("なし", 0, (4,)),
    ]
    assert [own.written for own in made.submissions] == [masked, "基本目標2", "", "なし"]
    beside = {one.text: one.received for one in rows_of(made)}
    assert beside["会費"] == (((1,), masked),)
    assert beside["授業"] == (((2,), ""),)
    assert "090" not in str(made)


def test_a_contact_is_set_aside_with_its_reason_and_waits_for_no_answer(tables):
    contact = "連絡先：［メールアドレス］"
    made = of_answers(tables, ("", "", [("会議を作って", "3", "3-2"), (contact, "", "")]))
    assert [one.text for one in rows_of(made)] == ["会議を作って"]
    assert [(own.text, own.reason) for own in made.asides] == [(contact, CONTACT)]
    assert (made.n_opinions, made.n_contacts) == (1, 1)
    assert made.submissions[0].pieces == ((1, "会議を作って"), (0, contact))


def test_every_opinion_of_every_comment_stands_exactly_once_in_the_paper(tables):
    answers = tables["answers"].copy()
    opinions = tables["opinions"].copy()
    answers.loc[::3, "source_kind"] = "public_comment"
    own = public({"answers": answers, "opinions": opinions})
    opinions.loc[opinions["opinion_id"].isin(own["opinion_id"][::9]), "text"] = "☎［電話番号］"
    opinions.loc[opinions["opinion_id"].isin(own["opinion_id"][::5]), "addressed_id"] = "4-1"
    made = build_comments(run_of(tables | {"answers": answers, "opinions": opinions}))
    rows = {one.number: one for one in rows_of(made)}
    pieces = [(own.number, n) for own in made.submissions for n, _ in own.pieces]
    times = Counter(n for _, n in pieces if n)
    assert times == {number: one.times for number, one in rows.items()}
    assert made.n_opinions == sum(times.values())
    assert made.n_opinions + made.n_contacts == len(own)
    for number, one in rows.items():
        named = {own for received in one.received for own in received.numbers}
        assert named == {submission for submission, n in pieces if n == number}


def test_every_public_comment_is_in_the_table_once(comments, tables):
    own = public(tables)
    rows = [one for part in comments.parts for group in part.groups for one in group.comments]
    assert sum(one.times for one in rows) == len(own) == comments.n_opinions
    assert [one.number for one in rows] == list(range(1, len(rows) + 1))


def test_nothing_of_a_public_comment_vanishes(comments, tables):
    answers = tables["answers"]
    ids = set(answers.loc[answers["source_kind"] == "public_comment", "answer_id"])
    pieces = sum(len(one.pieces) for one in comments.submissions)
    aside = tables["set_aside"]["answer_id"].isin(ids).sum()
    assert len(comments.submissions) == len(ids) == comments.n_answers
    assert len(comments.asides) == aside
    assert pieces == len(public(tables)) + aside


def test_comments_without_an_address_stand_where_they_were_linked(tables):
    opinions = tables["opinions"].drop(columns=["response", "addressed_id"], errors="ignore")
    made = build_comments(run_of(tables | {"opinions": opinions}))
    own = public(tables)
    counted = {(one.goal, one.measure): one.n_opinions for one in made.parts}
    assert counted["", ""] == (own["goal_id"] == "").sum()
    assert set(counted) - {("", "")}
    assert made.responses[-1][:2] == ("", len(own))


def test_a_comment_stands_under_the_part_that_it_addresses_and_with_its_answer(tables):
    opinions = tables["opinions"].copy()
    opinions["addressed_id"], opinions["response"] = "2-1", "今後の参考"
    made = build_comments(run_of(tables | {"opinions": opinions}))
    (part,) = made.parts
    assert (part.goal[0], part.measure[:3]) == ("2", "2-1")
    assert next(own for own in made.responses if own[1])[:2] == ("今後の参考", made.n_opinions)


@pytest.mark.parametrize(
    ("addressed", "part"), [("2-1-3", "2-1"), ("2-0-1", "2"), ("4", "4"), ("99", None)]
)
def test_an_action_leads_to_its_measure_or_goal(tables, addressed, part):
    opinions = tables["opinions"].assign(addressed_id=addressed)
    made = build_comments(run_of(tables | {"opinions": opinions}))
    if part is None:  # as if nothing had been said
        assert len(made.parts) > 1
    else:
        (own,) = made.parts
        assert (own.measure or own.goal).split()[0] == part


def test_one_wording_with_two_answers_makes_two_rows(tables):
    own = public(tables).sort_values("opinion_id")
    first, second = own["opinion_id"].iloc[:2]
    opinions = tables["opinions"].copy().set_index("opinion_id", drop=False)
    opinions["response"], opinions["addressed_id"] = "", "1"
    opinions.loc[second, "duplicate_of"] = first
    opinions.loc[first, "response"] = "反映"
    made = build_comments(run_of(tables | {"opinions": opinions.reset_index(drop=True)}))
    assert {name: n for name, n, _ in made.responses}["反映"] == 1
    assert sum(n for _, n, _ in made.responses) == made.n_opinions


def test_an_empty_run_makes_empty_papers():
    run = run_of(make_tables())
    nothing = {name: table_shapes.empty(name) for name in run.tables}
    nothing["answers"] = nothing["answers"].drop(columns="raw_text")
    made = build_contents(RunTables(run.title, run.manifest, run.plan, nothing))
    assert made.issues == ()
    assert build_comments(RunTables(run.title, run.manifest, run.plan, nothing)).parts == ()


def test_opinions_of_one_wording_that_stand_in_two_issues_stand_under_both(tables):
    opinions = tables["opinions"].copy()
    own = public(tables).index[:3]
    opinions.loc[own, ["text", "duplicate_of"]] = ["移動支援がほしい", ""]
    opinions.loc[own[1:], "duplicate_of"] = opinions.loc[own[0], "opinion_id"]
    opinions.loc[own, ["issue_id", "addressed_id"]] = ["I001", "1-1"]
    opinions.loc[own[2], "issue_id"] = "I002"
    made = build_comments(run_of(tables | {"opinions": opinions}))
    titles = dict(zip(tables["issues"]["issue_id"], tables["issues"]["title"], strict=True))
    found = {
        group.title: sum(one.times for one in group.comments if one.text == "移動支援がほしい")
        for part in made.parts
        for group in part.groups
        if any(one.text == "移動支援がほしい" for one in group.comments)
    }
    assert found == {titles["I001"]: 2, titles["I002"]: 1}


def test_an_issue_under_a_goal_that_the_plan_no_longer_has_is_not_lost(tables):
    issues = tables["issues"].copy()
    issues.loc[issues["issue_id"] == "I002", "goal_id"] = "9"
    made = build_contents(run_of(tables | {"issues": issues}))
    shown = [one.issue_id for chapter in made.chapters for one in chapter.issues]
    assert "I002" in shown
