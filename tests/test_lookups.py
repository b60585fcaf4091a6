"""What the report and the workbook look up: marks of SDGs, links, decisions."""

from __future__ import annotations

import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lookups import decided_goals, linked_goals, stated_sdgs, suggested_sdgs


def test_stated_sdgs_keep_their_number_when_a_name_cannot_be_told() -> None:
    assert [mark.label for mark in stated_sdgs("3、11", "健康、まち")] == ["3 健康", "11 まち"]
    assert [mark.label for mark in stated_sdgs("3、11", "健康、福祉、まち")] == ["3", "11"]
    assert stated_sdgs("", "") == ()


def test_suggested_sdgs_bring_their_words() -> None:
    evidence = json.dumps([{"sdg": 4, "name": "教育", "words": ["講座"], "score": 3}])
    (mark,) = suggested_sdgs(evidence)
    assert (mark.label, mark.words) == ("4 教育", ("講座",))


def links(scores: dict[str, float]) -> pd.DataFrame:
    rows = [("O1", goal, score) for goal, score in scores.items()]
    return pd.DataFrame(rows, columns=["target_id", "goal_id", "score"])


@given(st.dictionaries(st.sampled_from("123456"), st.floats(0, 1), min_size=1), st.randoms())
def test_goals_of_a_target_come_by_score_whatever_the_order_of_rows(scores, chance) -> None:
    expected = tuple(sorted(scores, key=lambda goal: (-scores[goal], goal)))
    shuffled = list(scores.items())
    chance.shuffle(shuffled)
    assert linked_goals(links(dict(shuffled))) == {"O1": expected}


def test_only_the_standing_decision_on_a_goal_is_looked_up() -> None:
    rows = [
        ("I1", "goal_id", "1", "一つ目", 0),
        ("I1", "goal_id", "0", "二つ目", 1),
        ("I1", "measure_id", "1-1", "施策", 1),
    ]
    names = ["applied_to", "field", "value_seen", "reason", "stands"]
    found = decided_goals(pd.DataFrame(rows, columns=names))
    assert {name: tuple(own) for name, own in found.items()} == {"I1": ("", "二つ目")}
