"""What a planner reads is said in the same words everywhere, and promises no more than it holds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wording import (
    CONFIDENCE_HIGH,
    CONFIDENCE_MIDDLE,
    clean,
    confidence,
    confidence_level,
    confidence_word,
    count,
    goal_counts,
    is_person,
    opinion_kind,
    percent,
    share,
    source_kind,
    stability_word,
    stage,
)


@given(st.text(st.characters()))
def test_clean_text_stays_clean_and_can_be_written(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percent_says_nothing_and_all_only_for_nothing_and_all(part: int, rest: int) -> None:
    whole = part + rest
    shown = percent(part, whole)
    assert (shown == "0%") == (part == 0 and whole > 0)
    assert (shown == "100%") == (rest == 0 and whole > 0)


@pytest.mark.parametrize(
    ("value", "word"),
    [(1.0, "高い"), (0.75, "高い"), (0.74, "中くらい"), (0.49, "低い"), (math.nan, "―")],
)
def test_confidence_is_said_in_a_word(value: float, word: str) -> None:
    assert confidence_word(value) == word


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.92, "高い 0.92"), (0.0, "低い 0.00"), (math.nan, "―")],
)
def test_confidence_is_said_as_word_and_figure(value: float, shown: str) -> None:
    assert confidence(value) == shown


@given(st.floats(0.99, 1.0))
def test_nothing_that_a_program_guesses_is_shown_as_certain(value: float) -> None:
    assert confidence(value) == "高い 0.99"


@given(st.floats(0, 1))
def test_word_and_level_of_a_confidence_agree(value: float) -> None:
    levels = {"high": "高い", "middle": "中くらい", "low": "低い"}
    assert confidence_word(value) == levels[confidence_level(value)]
    assert (confidence_level(value) == "high") == (value >= CONFIDENCE_HIGH)
    assert (confidence_level(value) == "low") == (value < CONFIDENCE_MIDDLE)


@pytest.mark.parametrize(
    ("value", "word"), [(0.75, "安定"), (0.74, "やや不安定"), (0.5, "やや不安定"), (0.49, "不安定")]
)
def test_stability_is_said_in_a_word(value: float, word: str) -> None:
    assert stability_word(value) == word


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ("", ""),
        ("0:3", "なし 3件"),
        ("1:10 6:8 0:5", "目標1 10件・目標6 8件・なし 5件"),
        ("10:1", "目標10 1件"),
    ],
)
def test_counts_by_goal_are_said_in_words(counts: str, shown: str) -> None:
    assert goal_counts(counts) == shown


@pytest.mark.parametrize(
    ("assigned_by", "person"), [("machine", False), ("", False), ("山田", True)]
)
def test_whoever_is_not_the_machine_is_a_person(assigned_by: str, *, person: bool) -> None:
    assert is_person(assigned_by) is person


def test_what_has_no_name_keeps_its_own() -> None:
    assert source_kind("survey") == "市民アンケート"
    assert source_kind("") == "出どころ不明"
    assert [name("unheard of") for name in (source_kind, opinion_kind, stage)] == ["unheard of"] * 3


def test_large_and_missing_figures_can_be_read() -> None:
    assert count(1_234_567) == "1,234,567"
    assert (share(0.5), share(math.nan)) == ("0.50", "―")
