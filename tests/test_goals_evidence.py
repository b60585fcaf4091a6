"""Evidence: the words behind a score, which add up to it, and where they stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.goals import evidence as module
from pipeline.goals.evidence import BY_DECISIONS, BY_EXAMPLES, LEAST, MOST, explain_goal
from pipeline.goals.examples import Example
from pipeline.goals.mapper import load_goal_mapper
from pipeline.goals.model import SILENCE
from pipeline.goals.space import MEANINGS_WEIGH
from pipeline.plan import NO_GOAL
from pipeline.tokens import default_tokenizer
from tests.goals_fixture import SENTENCES, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.goals.mapper import GoalMapper
    from pipeline.goals.model import GoalModel
    from pipeline.goals.space import Reading
    from pipeline.lexicon import Lexicon
    from pipeline.plan import Plan
    from pipeline.votes import Evidence

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

TEXTS = [
    *SENTENCES,
    "バスの本数が少なくて困る",
    "バス、バス、バスが足りない",
    "相談窓口　相談窓口",
    "町内会の役員のなり手がいないので市の広報で呼びかけてほしい",
    "見守り隊の活動",
    "ふむふむ",
    "123",
]

SOURCES = {"rule", "concept", "example", "decision", "similarity"}


@pytest.fixture(scope="module")
def taught(plan_path: Path, shipped_plan: Plan, lexicon: Lexicon) -> GoalMapper:
    tokenizer = default_tokenizer()
    return load_goal_mapper(plan_path, shipped_plan, tokenizer, lexicon, DECISIONS)


def read_all(texts: list[str], mapper: GoalMapper) -> list[Reading]:
    return [mapper.reader.whole(own) for own in default_tokenizer().tokenize_all(texts)]


def not_of_a_word(reading: Reading, goal: str, model: GoalModel) -> float:
    """What a score holds beside its words: silence, the constant, the mean of all meanings."""
    found = 0.0
    if goal == NO_GOAL:
        silent = SILENCE + reading.aside
        everything = silent + sum(vote.score for vote in reading.votes.values())
        found += model.rules_share * silent / everything
    column = model.goals.index(goal)
    for share, learnt in model.learnt:
        constant = learnt.space.constant * learnt.mark_weights[-1, column]
        centre = MEANINGS_WEIGH * learnt.space.centre @ learnt.meaning_weights[:, column]
        # A text without a known word has no direction, but lies as far from the mean.
        found += share * (constant - centre)
    return float(found)


@pytest.mark.parametrize("text", TEXTS)
def test_the_weights_of_all_words_and_what_is_not_of_a_word_are_the_score(
    text: str, taught: GoalMapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST", -math.inf)
    monkeypatch.setattr(module, "MOST", 10_000)
    monkeypatch.setattr(module, "word_weight", lambda _: 1.0)  # particles, too
    model = taught.model
    (reading,) = read_all([text], taught)
    for aside in (0.0, 1.5):
        asked = reading._replace(aside=aside)
        scores = model.scores([asked])[0]
        for goal, score in zip(model.goals, scores, strict=True):
            words = sum(part["weight"] for part in explain_goal(asked, goal, model))
            assert words + not_of_a_word(asked, goal, model) == pytest.approx(score, abs=1e-3)


def check(parts: tuple[Evidence, ...], text: str) -> None:
    for part in parts:
        assert part["source"] in SOURCES
        assert part["rule"]
        assert part["weight"] >= LEAST
        assert 0 <= part["start"] < part["end"] <= len(text)
        assert "".join(text[part["start"] : part["end"]].split()) == part["word"]
    places = [(part["start"], part["end"], part["source"], part["rule"]) for part in parts]
    assert places == sorted(places)
    assert len(set(places)) == len(places) <= MOST


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_is_words_of_the_text_each_once_in_order(text: str, taught: GoalMapper) -> None:
    (reading,) = read_all([text], taught)
    for goal in taught.model.goals:
        check(explain_goal(reading, goal, taught.model), text)


PIECES = st.sampled_from(
    ["町内会の役員", "バスの便", "介護", "広報", "が少ない", "がほしい", "、", "。", " ", "\n", "😀", "Wi-Fi", "ｶﾞｲﾄﾞ", "㍿"]
)  # fmt: skip


def test_evidence_leads_back_to_the_words_of_any_text(taught: GoalMapper) -> None:
    @settings(max_examples=60)
    @given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(taught.model.goals))
    def holds(text: str, goal: str) -> None:
        (reading,) = read_all([text], taught)
        check(explain_goal(reading, goal, taught.model), text)

    holds()


def test_every_kind_of_evidence_names_what_it_comes_from(taught: GoalMapper) -> None:
    rules = {rule.label for rule in taught.reader.rules.rules}
    concepts = {concept.name for concept in taught.reader.dictionary.concepts}
    named = {
        "rule": rules, "concept": concepts, "example": {BY_EXAMPLES}, "decision": {BY_DECISIONS},
        "similarity": {"計画の言葉との近さ"},
    }  # fmt: skip
    found = [
        part
        for reading in read_all(TEXTS, taught)
        for goal in taught.model.goals
        for part in explain_goal(reading, goal, taught.model)
    ]
    assert {part["source"] for part in found} == SOURCES
    for part in found:
        assert part["rule"] in named[part["source"]]


def test_words_that_several_rules_name_are_evidence_once_for_each(mapper: GoalMapper) -> None:
    (reading,) = read_all(["町内会の役員をやる人がいない"], mapper)
    parts = explain_goal(reading, "2", mapper.model)
    named = [part["rule"] for part in parts if part["source"] == "rule"]
    assert len(set(named)) > 1
    assert {part["word"] for part in parts if part["source"] == "rule"} >= {"町内会", "役員"}


def test_the_heaviest_reasons_are_kept(mapper: GoalMapper, monkeypatch: pytest.MonkeyPatch) -> None:
    long = (
        "町内会の役員、民生委員、ボランティア、自治会の班長、見守り隊、老人会の会長のなり手がいない"
    )
    (reading,) = read_all([long], mapper)
    kept = explain_goal(reading, "2", mapper.model)
    assert len(kept) == MOST
    monkeypatch.setattr(module, "MOST", 10_000)
    everything = explain_goal(reading, "2", mapper.model)
    assert len(everything) > MOST
    least = min(part["weight"] for part in kept)
    assert all(part["weight"] <= least + 1e-6 for part in everything if part not in kept)


def test_without_decisions_no_decision_is_evidence(mapper: GoalMapper) -> None:
    for reading in read_all(TEXTS, mapper):
        for goal in mapper.model.goals:
            parts = explain_goal(reading, goal, mapper.model)
            assert "decision" not in {part["source"] for part in parts}


def test_what_decisions_taught_is_shown_at_the_words_that_are_like_them(
    taught: GoalMapper,
) -> None:
    (reading,) = read_all(["うちの近くまでバスが来ない"], taught)
    parts = explain_goal(reading, "4", taught.model)
    assert "バス" in {part["word"] for part in parts if part["source"] == "decision"}


def test_a_plan_without_rules_and_examples_explains_itself_by_its_own_words(
    tmp_path: Path, small_plan: Plan, lexicon: Lexicon
) -> None:
    path = write_plan(tmp_path / "plan")
    bare = load_goal_mapper(path, small_plan, default_tokenizer(), lexicon)
    (reading,) = read_all(["介護の相談がしたい"], bare)
    parts = explain_goal(reading, "2", bare.model)
    assert {part["word"] for part in parts} == {"介護", "相談"}
    assert {part["source"] for part in parts} == {"similarity"}


@pytest.mark.parametrize("text", ["", "。", "ふむふむ"])
def test_a_text_that_says_nothing_has_no_evidence(text: str, mapper: GoalMapper) -> None:
    (reading,) = read_all([text], mapper)
    assert all(explain_goal(reading, goal, mapper.model) == () for goal in mapper.model.goals[1:])


def test_a_word_said_three_times_has_three_places_of_equal_weight(mapper: GoalMapper) -> None:
    (reading,) = read_all(["保育園と保育園と保育園"], mapper)
    parts = explain_goal(reading, "4", mapper.model)
    for source in ("rule", "concept"):
        said = [part for part in parts if part["source"] == source and part["word"] == "保育園"]
        assert [part["start"] for part in said] == [0, 4, 8]
        assert [part["weight"] for part in said] == pytest.approx([said[0]["weight"]] * 3)
