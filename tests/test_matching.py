"""Matching of terms: inflection, particles, light words, negation, longer matches."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.matching import match_rules
from pipeline.plan import Goal, Measure, Plan
from pipeline.rules import Rule, Rules, compile_rules
from pipeline.tokens import default_tokenizer

PLAN = Plan(
    id="p",
    title="t",
    goals=(
        Goal(id="1", name="つながり", measures=(Measure(id="1-1", name="近所"),)),
        Goal(id="5", name="情報", measures=(Measure(id="5-1", name="広報"),)),
    ),
)


def rules_of(*rules: dict[str, object]) -> Rules:
    made = [Rule.model_validate({"goal": "1", **rule}) for rule in rules]
    return compile_rules(made, {}, PLAN, default_tokenizer().tokenize, str(Path("x")))


def matched(text: str, *rules: dict[str, object]) -> list[str]:
    tokens = default_tokenizer().tokenize(text)
    return [
        "".join(token.surface for token in tokens[match.first : match.last + 1])
        for match in match_rules(tokens, rules_of(*rules))
    ]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("人が優しい", "近所の人たちはとてもやさしい。", "人たちはとてもやさしい"),
        ("人が優しい", "人、優しい町", None),
        ("なり手がいない", "役員のなり手がいません", "なり手がいません"),
        ("なり手がいない", "成り手が居ない", "成り手が居ない"),
        ("届かない", "広報が届いていない", "届いていない"),
        ("届かない", "広報が届いている", None),
        ("支え合う", "みんなで支え合って暮らす", "支え合っ"),
        ("地域の行事", "地域で行う行事", None),
        ("=人が優しい", "人に優しい道", None),
        ("=人が優しい", "人が優しい", "人が優しい"),
        ("会", "機会がない", None),
        ("子ども会", "子供会をなくさないで", "子供会"),
    ],
)
def test_terms_match_normalized_sequences(term: str, text: str, found: str | None) -> None:
    assert matched(text, {"terms": [term]}) == ([found] if found else [])


def test_with_asks_for_a_word_anywhere_in_the_opinion() -> None:
    rule = {"terms": ["バス"], "with": ["通院", "高齢者"]}
    assert matched("お年寄りには厳しい。バスがない。", rule) == ["バス"]
    assert matched("バスがない。", rule) == []


def test_not_bars_a_rule() -> None:
    rule = {"terms": ["祭り"], "not": ["観光"]}
    assert matched("夏の祭りが楽しい", rule) == ["祭り"]
    assert matched("祭りで観光客を呼ぶ", rule) == []


def test_a_longer_match_of_another_goal_hides_a_shorter_one() -> None:
    rules = ({"terms": ["防災"]}, {"goal": "5", "terms": ["防災無線"]})
    assert matched("防災無線が聞こえない", *rules) == ["防災無線"]
    assert matched("防災無線と防災訓練", *rules) == ["防災", "防災無線"]


def test_overlapping_terms_of_one_rule_count_once() -> None:
    assert matched("町内会の役員", {"terms": ["町内会", "町内会の役員", "役員"]}) == [
        "町内会の役員"
    ]


def test_nothing_matches_in_an_empty_opinion() -> None:
    assert matched("", {"terms": ["町内会"]}) == []
