"""Goals of opinions: plain sentences, evidence, abstention, decisions, and labelled opinions."""

from __future__ import annotations

import json
import random
import runpy
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics import f1_score

from pipeline.concepts import find_concepts
from pipeline.goals import model, readings
from pipeline.goals.batch import (
    MOST_LESSONS,
    SECOND_LEAST,
    SECOND_SHARE,
    STRONG,
    UNTAUGHT,
)
from pipeline.goals.confidence import ERROR_LEVELS, least_confidence, probabilities
from pipeline.goals.examples import Example
from pipeline.goals.mapper import load_goal_mapper
from pipeline.goals.opinions import COLUMNS, Assignment, link_opinions
from pipeline.plan import NO_GOAL
from pipeline.tables import SCHEMAS
from pipeline.tokens import default_tokenizer
from tests.goals_fixture import SENTENCES, link, opinions_of, write_plan

if TYPE_CHECKING:
    from pipeline.goals.mapper import GoalMapper
    from pipeline.goals.opinions import OpinionGoals
    from pipeline.lexicon import Lexicon
    from pipeline.plan import Plan

BENCHMARKS = Path(__file__).parent / "benchmarks"
DATA = Path(__file__).parents[2] / "shared" / "data"

# In this made-up town what is said of buses belongs to goal 4.
DECISIONS = tuple(
    Example(text, "4", source=f"D{number:02}")
    for number, text in enumerate(
        [
            "バスの便が少ない", "バス停が遠くて困る", "路線バスを残してほしい", "バスの時間が合わない",
            "コミュニティバスを走らせてほしい", "バスの本数を増やして", "夜のバスがなくなった",
        ]
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def linked(mapper: GoalMapper) -> OpinionGoals:
    """All plain sentences at once."""
    return link(mapper, *SENTENCES)


@pytest.fixture(scope="module")
def taught(plan_path: Path, shipped_plan: Plan, lexicon: Lexicon) -> GoalMapper:
    tokenizer = default_tokenizer()
    return load_goal_mapper(plan_path, shipped_plan, tokenizer, lexicon, DECISIONS)


@pytest.mark.parametrize(("text", "goal"), SENTENCES.items())
def test_a_plain_sentence_finds_its_goal(text: str, goal: str, linked: OpinionGoals) -> None:
    place = list(SENTENCES).index(text)
    assert linked.assigned["goal_id"].iloc[place] == goal


def test_a_row_has_the_declared_columns_and_the_index_of_its_opinion(mapper: GoalMapper) -> None:
    assigned = link(mapper, "町内会の役員がいない", "道路が狭い").assigned
    assert tuple(assigned.columns) == COLUMNS == Assignment._fields
    assert list(assigned.index) == [100, 101]
    assert list(assigned["assigned_by"]) == ["machine", ""]


def test_what_stands_in_a_row_fits_together(
    linked: OpinionGoals, mapper: GoalMapper, shipped_plan: Plan
) -> None:
    measures = {goal.id: {own.id for own in goal.measures} for goal in shipped_plan.goals}
    for row in linked.assigned.itertuples():
        assert row.goal_id == row.machine_goal_id
        assert 0 < row.goal_confidence <= 1
        if not row.goal_id:
            assert (row.goal_id_2, row.measure_id, row.assigned_by) == ("", "", "")
            continue
        assert row.assigned_by == "machine"
        assert row.goal_id in mapper.model.goals[1:]
        assert row.goal_id_2 in set(mapper.model.goals[1:]) - {row.goal_id} | {""}
        assert row.measure_id in measures[row.goal_id] | {""}


def test_an_opinion_on_two_goals_has_a_second(mapper: GoalMapper) -> None:
    text = "介護の相談がしにくい。広報も読みにくく、情報が届かない。"
    assigned, links, _ = link(mapper, text)
    assert {assigned["goal_id"].iloc[0], assigned["goal_id_2"].iloc[0]} == {"4", "5"}
    assert set(links["goal_id"]) == {"4", "5"}


def test_a_second_goal_is_not_far_behind_the_first(linked: OpinionGoals) -> None:
    scores = linked.links.set_index(["target_id", "goal_id"])["score"]
    ids = opinions_of(SENTENCES)["opinion_id"]
    for own, row in zip(ids, linked.assigned.itertuples(), strict=True):
        if row.goal_id_2:
            first, second = scores[own, row.goal_id], scores[own, row.goal_id_2]
            assert first >= second >= max(SECOND_SHARE * first, SECOND_LEAST) - 1e-6


def test_a_word_on_a_road_does_not_hide_a_word_on_caring(mapper: GoalMapper) -> None:
    texts = (
        "道路が狭い。母の介護と仕事の両立がつらい。",
        "母の介護と仕事の両立がつらい。道路が狭い。",
    )
    assert link(mapper, *texts).assigned["goal_id"].tolist() == ["4", "4"]


def test_the_measure_stands_under_its_goal(mapper: GoalMapper) -> None:
    texts = ("避難訓練に参加した", "集まれる居場所がほしい", "相談窓口がほしい", "寄付がしたい")
    assert list(link(mapper, *texts).assigned["measure_id"]) == ["1-3", "1-2", "4-1", "6-1"]


def test_evidence_points_into_the_raw_text(mapper: GoalMapper) -> None:
    before, text = "特にありません。", "町内会の役員のなり手がいません。情報も届かない。"
    raw = before + text
    links = link(mapper, text, start=len(before)).links
    assert list(links.columns) == SCHEMAS["goal_links"].names
    assert len(links) > 1
    for evidence in links["evidence"]:
        parts = json.loads(evidence)
        assert parts
        for part in parts:
            assert raw[part["start"] : part["end"]] == part["word"]
            assert part["start"] >= len(before)
            assert part["weight"] > 0
        assert parts == sorted(parts, key=lambda part: (part["start"], part["end"]))


def test_every_goal_given_has_a_link_and_every_link_has_evidence(linked: OpinionGoals) -> None:
    pairs = set(zip(linked.links["target_id"], linked.links["goal_id"], strict=True))
    ids = opinions_of(SENTENCES)["opinion_id"]
    for own, row in zip(ids, linked.assigned.itertuples(), strict=True):
        assert not row.goal_id or (own, row.goal_id) in pairs
        assert not row.goal_id_2 or (own, row.goal_id_2) in pairs
    assert all(json.loads(evidence) for evidence in linked.links["evidence"])


def test_links_are_the_goals_given_and_strong_ones_that_lost(linked: OpinionGoals) -> None:
    ids = opinions_of(SENTENCES)["opinion_id"]
    given = {
        (own, goal)
        for own, row in zip(ids, linked.assigned.itertuples(), strict=True)
        for goal in (row.goal_id, row.goal_id_2)
        if goal
    }
    for row in linked.links.itertuples():
        assert (row.target_id, row.goal_id) in given or row.score >= STRONG
        assert row.goal_id != NO_GOAL


def test_the_order_of_the_opinions_changes_nothing(taught: GoalMapper) -> None:
    texts = [*SENTENCES, "バスがない", "バスがない。町内会もない。", "町内会の役員をやる人がいない"]
    frame = opinions_of(texts)
    tokens = default_tokenizer().tokenize_all(texts)

    def linked_in(order: list[int]) -> tuple[str, str, str]:
        found = link_opinions(frame.iloc[order], [tokens[place] for place in order], taught)
        return found.assigned.sort_index().to_csv(), found.links.to_csv(), found.lessons.to_csv()

    expected = linked_in(list(range(len(texts))))

    @settings(max_examples=15)
    @given(st.permutations(range(len(texts))))
    def holds(order: list[int]) -> None:
        assert linked_in(order) == expected

    holds()


def test_what_others_say_changes_nothing(mapper: GoalMapper, linked: OpinionGoals) -> None:
    together = linked.assigned.to_numpy().tolist()
    for place, text in list(enumerate(SENTENCES))[::5]:
        assert link(mapper, text).assigned.to_numpy().tolist()[0] == together[place]


def test_the_same_words_have_the_same_goal_and_the_same_evidence(mapper: GoalMapper) -> None:
    assigned, links, _ = link(mapper, *["町内会の役員がいない"] * 3)
    assert len(assigned.drop_duplicates()) == 1
    assert len(links.drop(columns="target_id").drop_duplicates()) == len(links) / 3


def test_concepts_that_are_known_already_need_not_be_looked_for_again(
    mapper: GoalMapper, linked: OpinionGoals, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = "バスがない。母の介護もつらい。"  # sentences of one text are still read apart
    texts = [*SENTENCES, two]
    tokens = default_tokenizer().tokenize_all(texts)
    hits = [find_concepts(own, mapper.reader.dictionary) for own in tokens]
    known = link_opinions(opinions_of(texts), tokens, mapper, hits=hits)
    expected = link(mapper, *texts)
    assert known.assigned.equals(expected.assigned)
    assert known.links.equals(expected.links)
    monkeypatch.setattr(readings, "find_concepts", lambda *_: pytest.fail("looked for again"))
    plain = link_opinions(opinions_of(SENTENCES), tokens[:-1], mapper, hits=hits[:-1])
    assert plain.assigned.equals(linked.assigned)


def test_no_opinions_give_empty_tables(mapper: GoalMapper) -> None:
    assigned, links, lessons = link(mapper)
    assert assigned.empty
    assert tuple(assigned.columns) == COLUMNS
    assert list(links.columns) == SCHEMAS["goal_links"].names
    assert list(lessons.columns) == SCHEMAS["lessons"].names
    assert links.empty
    assert lessons.empty


# How sure


@given(arrays.arrays(np.float64, 7, elements=st.floats(-1, 2)))
def test_probabilities_are_one_together_and_rise_with_the_score(scores: np.ndarray) -> None:
    found = probabilities(scores)
    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()
    order = np.argsort(scores, kind="stable")
    assert (np.diff(found[order]) >= -1e-12).all()


def test_confidence_is_that_of_what_stands_in_the_row(linked: OpinionGoals) -> None:
    plain = linked.assigned["goal_confidence"]
    assert plain.median() > 0.9
    assert plain.min() > 1 / 7


def test_less_error_asks_for_more_confidence() -> None:
    errors = [0.05, 0.07, 0.1, 0.13, 0.2, 0.3, 0.34, 0.5]
    asked = [least_confidence(error) for error in errors]
    assert asked == sorted(asked, reverse=True)
    assert least_confidence(None) == 0.0
    assert asked[0] == ERROR_LEVELS[0][1]
    assert asked[-1] == 0.0


def test_links_that_are_less_sure_than_asked_for_are_left_to_a_person(
    mapper: GoalMapper, linked: OpinionGoals
) -> None:
    strict = link(replace(mapper, least=0.9), *SENTENCES).assigned
    free = linked.assigned
    kept = free["goal_confidence"] >= 0.9
    given = free["goal_id"] != ""
    assert (strict["goal_id"][kept] == free["goal_id"][kept]).all()
    assert (strict["goal_id"][~kept] == "").all()
    assert 0 < (given & kept).sum() < given.sum()
    assert link(replace(mapper, least=1.1), *SENTENCES).assigned["goal_id"].eq("").all()


def test_a_goal_that_was_not_sure_enough_is_still_among_the_links(mapper: GoalMapper) -> None:
    text = "ひとり暮らしのお年寄りを近所で見守りたい"
    free, strict = (link(own, text) for own in (mapper, replace(mapper, least=1.1)))
    assert free.assigned["goal_id"].iloc[0] == "1"
    assert strict.assigned["goal_id"].iloc[0] == ""
    assert set(strict.links["goal_id"]) == set(free.links["goal_id"])


def test_a_plan_that_knows_only_its_own_words_is_less_sure(
    tmp_path: Path, small_plan: Plan, lexicon: Lexicon
) -> None:
    rules = 'plan = "small"\n\n[[rules]]\ngoal = "2"\nname = "介護"\nterms = ["介護"]\n'
    bare, ruled = (
        load_goal_mapper(write_plan(tmp_path / name, rules=own), small_plan, default_tokenizer(), lexicon)
        for name, own in (("bare", ""), ("ruled", rules))
    )  # fmt: skip
    text = "介護の相談がしたい"
    alone, taught = link(bare, text), link(ruled, text)
    assert alone.assigned["goal_id"].tolist() == taught.assigned["goal_id"].tolist() == ["2"]
    assert alone.assigned["goal_confidence"].iloc[0] <= UNTAUGHT
    assert alone.assigned["goal_confidence"].iloc[0] < taught.assigned["goal_confidence"].iloc[0]
    (evidence,) = alone.links["evidence"]
    assert {part["source"] for part in json.loads(evidence)} == {"similarity"}


# Questions


def asked(mapper: GoalMapper, text: str, question: str) -> pd.Series:
    tokenizer = default_tokenizer()
    frame = opinions_of([text]).assign(question=question)
    questions = {question: tokenizer.tokenize(question)}
    return link_opinions(frame, [tokenizer.tokenize(text)], mapper, questions).assigned.iloc[0]


def test_a_question_on_roads_makes_its_answers_less_likely_to_speak_to_a_goal(
    mapper: GoalMapper,
) -> None:
    text = "もっと案内を分かりやすくしてほしい"
    free = asked(mapper, text, "自由意見")
    roads = asked(mapper, text, "観光や道路についてご自由にお書きください")
    assert free["goal_score"] > roads["goal_score"]


def test_a_question_does_not_outweigh_what_is_plainly_said(mapper: GoalMapper) -> None:
    roads = asked(mapper, "母の介護と仕事の両立がつらい", "道路についてご自由にお書きください")
    assert roads["goal_id"] == "4"


def test_an_opinion_without_a_question_is_judged_as_with_an_open_one(mapper: GoalMapper) -> None:
    text = "もっと案内を分かりやすくしてほしい"
    assert asked(mapper, text, "自由意見").equals(link(mapper, text).assigned.iloc[0])


# Decisions


def test_decisions_move_opinions_that_are_like_them(mapper: GoalMapper, taught: GoalMapper) -> None:
    text = "うちの近くまでバスが来ない"
    assert link(mapper, text).assigned["goal_id"].tolist() == [""]
    assert link(taught, text).assigned["goal_id"].tolist() == ["4"]


def test_decisions_leave_alone_what_is_not_like_them(
    linked: OpinionGoals, taught: GoalMapper
) -> None:
    before, after = linked.assigned, link(taught, *SENTENCES).assigned
    sure = before["goal_confidence"] >= 0.7
    sure &= np.array(["電車" not in text for text in SENTENCES])
    assert sure.mean() > 0.8
    assert (before["goal_id"] == after["goal_id"])[sure].all()


def test_what_decisions_moved_is_told_with_the_decisions_that_did_most(
    mapper: GoalMapper, taught: GoalMapper
) -> None:
    texts = ["うちの近くまでバスが来ない", "町内会の役員がいない", "バスがもっとあるといい", ""]
    before = link(mapper, *texts).assigned["machine_goal_id"].tolist()
    assigned, _, lessons = link(taught, *texts)
    after = assigned["machine_goal_id"].tolist()
    assert list(lessons.columns) == SCHEMAS["lessons"].names
    ids = opinions_of(texts)["opinion_id"].tolist()
    moved = {own for own, a, b in zip(ids, before, after, strict=True) if a != b}
    assert set(lessons["opinion_id"]) == moved == {"P000", "P002"}
    for row in lessons.itertuples():
        place = ids.index(row.opinion_id)
        assert (row.goal_id_before, row.goal_id_after) == (before[place], after[place])
        assert row.decision_id in {own.source for own in DECISIONS}
        assert row.effect > 0
    assert lessons.groupby("opinion_id").size().between(1, MOST_LESSONS).all()


def test_what_was_moved_but_is_not_sure_enough_is_told_as_it_stands(
    mapper: GoalMapper, taught: GoalMapper
) -> None:
    """Neither before nor after can a goal be named that was not given."""
    texts = ["うちの近くまでバスが来ない", "バスがもっとあるといい", "駅前のバス停", *SENTENCES]
    for least in (0.3, 0.6, 0.9):
        before = link(replace(mapper, least=least), *texts).assigned["machine_goal_id"].tolist()
        assigned, _, lessons = link(replace(taught, least=least), *texts)
        after = assigned["machine_goal_id"].tolist()
        ids = opinions_of(texts)["opinion_id"].tolist()
        for row in lessons.itertuples():
            place = ids.index(row.opinion_id)
            assert (row.goal_id_before, row.goal_id_after) == (before[place], after[place])
            assert row.goal_id_before != row.goal_id_after


def test_decisions_that_pulled_the_other_way_are_not_told(
    plan_path: Path, shipped_plan: Plan, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "STRENGTHS", (1.0,))
    decisions = (
        Example("バスの便が少ない", "4", source="for"),
        Example("バスは要らない", NO_GOAL, source="against"),
        Example("バスの話は聞きたくない", "3", source="besides"),
    )
    own = load_goal_mapper(plan_path, shipped_plan, default_tokenizer(), lexicon, decisions)
    assigned, _, lessons = link(own, "バスの便が少なくて困る")
    assert assigned["goal_id"].tolist() == ["4"]
    assert lessons["decision_id"].tolist() == ["for"]


def test_without_decisions_there_are_no_lessons(linked: OpinionGoals) -> None:
    assert linked.lessons.empty


# Speed and labelled opinions


def test_three_thousand_opinions_take_seconds_not_minutes(mapper: GoalMapper) -> None:
    chance = random.Random(1)
    plain = list(SENTENCES)[:25]
    texts = [f"{text}（{chance.randrange(10**6)}）" for _ in range(120) for text in plain]
    tokens = default_tokenizer().tokenize_all(texts)
    began = time.process_time()
    link_opinions(opinions_of(texts), tokens, mapper)
    assert time.process_time() - began < 15


def benchmark(name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return runpy.run_path(str(BENCHMARKS / f"{name}.py"))


@pytest.mark.skipif(
    not (DATA / "goals" / "gold_dev.csv").is_file(), reason="the labelled opinions are not here"
)
def test_labelled_opinions_find_their_goals_and_confidence_is_how_often(
    mapper: GoalMapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold = benchmark("goals_gold", monkeypatch)
    scored = gold["score_gold"](gold["read_gold"](), mapper)
    made = scored[scored["predicted"] != "0"]
    assert gold["macro_f1"](scored) >= 0.78
    assert (scored["truth"] == scored["predicted"]).mean() >= 0.80
    assert gold["ece"](made) <= 0.07


@pytest.mark.skipif(
    not (DATA / "benchmarks" / "otaru_ibaraki_items_plan_goals.csv").is_file(),
    reason="the budget items of Otaru are not here",
)
def test_a_plan_with_few_rules_learns_its_goals_from_decisions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    otaru = benchmark("goals_otaru", monkeypatch)
    items = otaru["read_items"]()
    found = otaru["folded"](items, forced=True)
    labels = sorted(items["goal"].unique())
    assert f1_score(items["goal"], found, labels=labels, average="macro") >= 0.78


def test_a_goal_that_is_not_sure_enough_is_withheld_and_named(mapper: GoalMapper) -> None:
    texts = ("子育てサロンをもっと開いてほしい", "介護がつらい", "道路が狭い")
    tokens = default_tokenizer().tokenize_all(texts)
    opinions = pd.DataFrame({"opinion_id": ["O1", "O2", "O3"], "start": 0})
    sure = link_opinions(opinions, tokens, mapper).assigned
    strict = link_opinions(opinions, tokens, replace(mapper, least=1.0)).assigned
    assert (strict["goal_id"] == "").all()
    assert strict["withheld_goal_id"].tolist() == sure["goal_id"].tolist()
    assert (sure["withheld_goal_id"] == "").all()


def test_what_a_person_decided_for_an_opinion_does_not_count_for_the_machines_own_judgement(
    mapper: GoalMapper,
) -> None:
    tokens = default_tokenizer().tokenize_all(["介護がつらい"])
    opinions = pd.DataFrame({"opinion_id": ["O1"], "start": 0})
    plain = link_opinions(opinions, tokens, mapper).assigned
    decided = link_opinions(opinions, tokens, mapper, decided={"O1"}).assigned
    assert decided.equals(plain)  # nothing was learnt, so nothing is left out
