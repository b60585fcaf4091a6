"""Sides: what an opinion says is read from its words, denial included."""

from __future__ import annotations

import pytest

from pipeline.sides import BAD, GOOD, LACK, WANT, WISH, sides
from pipeline.tokens import default_tokenizer


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("店が少ない", LACK),
        ("店がない", LACK),
        ("手伝う人がいない", LACK),
        ("お金が足りない", LACK),
        ("店がほしい", WISH),
        ("店を増やしてください", WISH),
        ("道を直すべき", WISH),
        ("県外に行きたい", WANT),
        ("バスが不便", BAD),
        ("字が読みにくい", BAD),
        ("人が優しい", GOOD),
        ("住みやすい", GOOD),
    ],
)
def test_a_side_is_read_from_the_words(text: str, side: str) -> None:
    assert sides(default_tokenizer().tokenize(text)) == {side}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("不便はない", GOOD),
        ("特に不満はありません", GOOD),
        ("心配するところはない", GOOD),
        ("不便は感じない", GOOD),
        ("災害が少ない", GOOD),
        ("人が優しくない", BAD),
        ("工場はほしくない", BAD),
        ("住みやすいわけではない", BAD),
    ],
)
def test_denial_turns_a_side_round(text: str, side: str) -> None:
    assert sides(default_tokenizer().tokenize(text)) == {side}


def test_what_is_said_behind_a_denial_is_heard_too() -> None:
    assert sides(default_tokenizer().tokenize("不便はないが、店が少ない")) == {GOOD, LACK}


@pytest.mark.parametrize(
    "text",
    ["", "神社", "町内で祭りをする", "災害があった", "ゴミを拾う", "役場の人が来てくださった"],
)
def test_what_only_tells_takes_no_side(text: str) -> None:
    assert sides(default_tokenizer().tokenize(text)) == frozenset()
