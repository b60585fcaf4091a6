"""Votes: weights, repeated words, headings, concepts, and the evidence that adds up to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.codebook import build_codebook
from pipeline.concepts import find_concepts
from pipeline.plan import NO_GOAL
from pipeline.rules import Rule, Rules, compile_rules
from pipeline.tokens import default_tokenizer
from pipeline.votes import (
    HEADING_FACTOR,
    MORE_WORDS,
    SIMILARITY_ALONE,
    SIMILARITY_WEIGHT,
    Vote,
    count_votes,
    find_gains,
    score_votes,
)
from tests.goals_fixture import SENTENCES

if TYPE_CHECKING:
    from pipeline.concept_dictionary import ConceptDictionary
    from pipeline.goals.mapper import GoalMapper
    from pipeline.plan import Plan

RULES = [
    Rule(goal="1", measure="1-1", name="あいさつ", weight=2, terms=("挨拶", "お茶飲み")),
    Rule(goal="2", measure="2-1", name="介護", weight=3, terms=("#介護",)),
    Rule(goal=NO_GOAL, name="道路", weight=1.5, terms=("道路", "歩道", "車道")),
]


@pytest.fixture(scope="module")
def rules(small_plan: Plan, shipped_concepts: ConceptDictionary) -> Rules:
    return compile_rules(RULES, {}, small_plan, default_tokenizer().tokenize, shipped_concepts)


@pytest.fixture(scope="module")
def bare(small_plan: Plan) -> Rules:
    return compile_rules((), {}, small_plan, default_tokenizer().tokenize)


def votes(text: str, rules: Rules, dictionary: ConceptDictionary | None = None) -> dict[str, Vote]:
    tokens = default_tokenizer().tokenize(text)
    hits = find_concepts(tokens, dictionary) if dictionary else ()
    return count_votes(tokens, rules, build_codebook(rules.codebook), hits)


def test_the_evidence_of_a_goal_adds_up_to_its_votes(mapper: GoalMapper) -> None:
    long = "高齢の母の介護の相談先がわからない。広報も届かず、町内会の役員のなり手もいない。"
    for text in (long, *SENTENCES):
        found = mapper.reader.whole(default_tokenizer().tokenize(text)).votes
        for vote in found.values():
            assert vote.score == pytest.approx(sum(part["weight"] for part in vote.evidence))
            rules = sum(own["weight"] for own in vote.evidence if own["source"] == "rule")
            assert vote.by_rules == pytest.approx(rules)


def test_a_rule_gives_its_weight_and_says_where_it_was_met(rules: Rules) -> None:
    vote = votes("みんなで挨拶したい", rules)["1"]
    assert vote.by_rules == 2
    (part,) = (own for own in vote.evidence if own["source"] == "rule")
    assert (part["word"], part["start"], part["end"]) == ("挨拶", 4, 6)
    assert (part["rule"], part["weight"]) == ("あいさつ", 2)
    assert dict(vote.measures)["1-1"] >= 2


def test_up_to_two_further_places_of_a_rule_count_a_little_more(rules: Rules) -> None:
    counted = [votes("、".join(["歩道"] * n), rules)[NO_GOAL].by_rules for n in (1, 2, 3, 4)]
    assert counted == [1.5, 1.5 * (1 + MORE_WORDS), 1.5 * (1 + 2 * MORE_WORDS), counted[2]]


def test_another_word_of_the_same_rule_is_a_further_place(rules: Rules) -> None:
    assert votes("歩道と車道", rules)[NO_GOAL].by_rules == 1.5 * (1 + MORE_WORDS)


def test_a_rule_may_be_met_by_a_concept(rules: Rules, shipped_concepts: ConceptDictionary) -> None:
    text = "ヘルパーさんに来てほしい"
    assert "2" not in votes(text, rules)
    assert votes(text, rules, shipped_concepts)["2"].by_rules == 3


@pytest.mark.parametrize("heading", ["歩道：", "歩道:", "【歩道】", "歩道の整備："])
def test_a_heading_of_no_goal_counts_double(heading: str, rules: Rules) -> None:
    assert votes(f"{heading}挨拶を", rules)[NO_GOAL].by_rules == 1.5 * HEADING_FACTOR


@pytest.mark.parametrize(
    "text",
    [
        "歩道の挨拶を",
        "歩道が狭い。要望：挨拶を",
        "歩道が狭い！要望：挨拶を",
        "歩道が狭い？要望：挨拶を",
        "挨拶：歩道が狭い",
    ],
)
def test_a_word_behind_or_without_a_heading_counts_once(text: str, rules: Rules) -> None:
    assert votes(text, rules)[NO_GOAL].by_rules == 1.5


def test_a_heading_that_names_a_goal_is_not_raised(rules: Rules) -> None:
    assert votes("挨拶：歩道が狭い", rules)["1"].by_rules == 2


def test_words_of_the_plan_are_votes_too_and_more_where_there_is_nothing_else(
    rules: Rules, bare: Rules
) -> None:
    beside, alone = (votes("防災", own)["1"] for own in (rules, bare))
    assert beside.by_rules == alone.by_rules == 0
    assert 0 < beside.score <= SIMILARITY_WEIGHT
    assert 0 < alone.score <= SIMILARITY_ALONE
    assert {own["source"] for own in alone.evidence} == {"similarity"}
    assert max(alone.measures, key=lambda own: own[1])[0] == "1-2"


@pytest.mark.parametrize("text", ["ふむふむ", "", "。", "123"])
def test_an_opinion_without_a_known_word_has_no_votes(text: str, rules: Rules) -> None:
    assert votes(text, rules) == {}


def test_scores_alone_are_those_of_the_votes(
    rules: Rules, bare: Rules, shipped_concepts: ConceptDictionary
) -> None:
    headings = ("道路整備：歩道が狭い", "【観光】道路", "介護、介護、介護、介護", "")
    for text in (*SENTENCES, *headings):
        tokens = default_tokenizer().tokenize(text)
        hits = find_concepts(tokens, shipped_concepts)
        for own in (rules, bare):
            codebook = build_codebook(own.codebook)
            counted = count_votes(tokens, own, codebook, hits)
            gains = find_gains(tokens, own, hits)
            scores = score_votes(tokens, own, codebook, gains)
            assert scores == {goal: vote.score for goal, vote in counted.items()}
            assert count_votes(tokens, own, codebook, hits, gains) == counted


def test_evidence_gives_the_words_as_they_stand_in_the_text(
    rules: Rules, bare: Rules, shipped_concepts: ConceptDictionary
) -> None:
    for text in ("お茶飲みを続けたい", *SENTENCES):
        for own in (rules, bare):
            for vote in votes(text, own, shipped_concepts).values():
                for part in vote.evidence:
                    assert part["word"] == text[part["start"] : part["end"]] != ""
    words = {part["word"] for part in votes("お茶飲みを続けたい", rules)["1"].evidence}
    assert "お茶飲み" in words
