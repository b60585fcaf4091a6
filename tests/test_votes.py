"""Votes: weights, repeated words, headings, and the evidence that adds up to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.codebook import build_codebook
from pipeline.plan import NO_GOAL, find_plan, load_plan
from pipeline.rules import Rules, load_rules
from pipeline.tokens import default_tokenizer
from pipeline.votes import Vote, count_votes


@pytest.fixture(scope="module")
def rules() -> Rules:
    path = find_plan("nishitokyo-4", Path())
    return load_rules(
        path.with_suffix(".rules.toml"), load_plan(path), default_tokenizer().tokenize
    )


def votes(text: str, rules: Rules) -> dict[str, Vote]:
    tokens = default_tokenizer().tokenize(text)
    return count_votes(tokens, rules, build_codebook(rules.codebook))


def test_the_evidence_of_a_goal_adds_up_to_its_votes(rules: Rules) -> None:
    text = "高齢の母の介護の相談先がわからない。広報も届かず、町内会の役員のなり手もいない。"
    for vote in votes(text, rules).values():
        assert vote.score == pytest.approx(sum(part["weight"] for part in vote.evidence))


def test_more_words_of_a_rule_count_a_little_more(rules: Rules) -> None:
    once = votes("保育園", rules)["4"].score
    twice = votes("保育園と学童保育", rules)["4"].score
    assert once < twice < 2 * once


def test_a_heading_of_no_goal_counts_double(rules: Rules) -> None:
    inside = votes("道路整備の情報提供を", rules)[NO_GOAL].score
    heading = votes("道路整備：情報提供を", rules)[NO_GOAL].score
    assert heading > inside + 1


def test_an_opinion_without_a_known_word_has_no_votes(rules: Rules) -> None:
    assert votes("ふむふむ", rules) == {}
    assert votes("", rules) == {}
