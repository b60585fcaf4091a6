"""Concepts: what the plan's rules recognise in an opinion."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.concepts import find_concepts
from pipeline.plan import find_plan, load_plan
from pipeline.rules import NO_GOAL, load_rules
from pipeline.tokens import default_tokenizer


@pytest.fixture(scope="module")
def rules():
    path = find_plan("nishitokyo-4", Path())
    return load_rules(
        path.with_suffix(".rules.toml"), load_plan(path), default_tokenizer().tokenize
    )


def test_concepts_are_the_names_of_strong_rules_for_a_goal(rules):
    tokens = default_tokenizer().tokenize("町内会の役員のなり手がいない。道路も狭い。")
    found = find_concepts(tokens, rules)
    assert found == sorted(set(found))
    assert {"担い手となり手", "町内会などの集まり"} <= set(found)


def test_rules_for_no_goal_and_hints_are_no_concepts(rules):
    named = {rule.name: rule for rule in rules.rules}
    tokens = default_tokenizer().tokenize(
        "道路が狭くて除雪も来ない。スーパーが遠い。意見を言いたい。"
    )
    for name in find_concepts(tokens, rules):
        assert named[name].goal != NO_GOAL
        assert named[name].weight >= 1.5
    assert "道路と照明" not in find_concepts(tokens, rules)
