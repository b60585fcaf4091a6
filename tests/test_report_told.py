"""What is chosen before rows are made is what would be shown if all rows were made."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.told import ALONE, ELSEWHERE, INSIDE, choose_told
from pipeline.report.voices import Opinion, choose_voices

STRENGTHS = st.sampled_from([0.0, 0.25, 0.5, 1.0, float("nan")])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "I1", "I2"]), st.sampled_from(["", "1", "2"]),
        STRENGTHS, STRENGTHS, st.integers(0, 5),
    ),
    max_size=40,
)  # fmt: skip
ISSUES = pd.DataFrame({"issue_id": ["I1", "I2"], "goal_id": ["1", ""], "status": ["", ""]})


def table(rows: list[tuple[str, str, float, float, int]]) -> pd.DataFrame:
    columns = ["issue_id", "goal_id", "issue_strength", "goal_confidence", "same"]
    made = pd.DataFrame(rows, columns=columns)
    made["opinion_id"] = [f"O{row:02d}" for row in range(len(rows))]
    first = made.groupby("same")["opinion_id"].transform("min") if rows else made["opinion_id"]
    return made.assign(duplicate_of=first.where(first != made["opinion_id"], ""))


def voices(opinions: pd.DataFrame, strength: str) -> list[Opinion]:
    return [
        Opinion(
            row["opinion_id"], row["issue_id"], row["goal_id"], row["duplicate_of"] or row["opinion_id"],
            "other", row["duplicate_of"] or row["opinion_id"], row[strength], row["goal_confidence"],
            "survey", "", "", "other", 0, "", "", "", "",
        )
        for row in opinions.to_dict("records")
    ]  # fmt: skip


@given(ROWS, st.integers(1, 6), st.sets(st.integers(0, 39), max_size=3))
def test_lists_are_the_same_with_the_chosen_rows_alone(rows, limit, places) -> None:
    opinions = table(rows)
    named = [f"O{place:02d}" for place in sorted(places)]
    told = choose_told(opinions, ISSUES, named, limit)
    issue, goal = opinions["issue_id"], opinions["goal_id"]
    home = issue.map({"": "", "I1": "1", "I2": ""})
    lists = [(INSIDE, own, issue == own, "issue_strength", named) for own in ("I1", "I2")]
    for own in ("", "1", "2"):
        lists.append((ALONE, own, (issue == "") & (goal == own), "issue_strength", []))
        elsewhere = (issue != "") & (goal == own) & (home != own)
        lists += [(ELSEWHERE, own, elsewhere, "goal_confidence", [])] if own else []
    for kind, own, member, strength, representatives in lists:
        every = choose_voices(voices(opinions[member], strength), representatives, limit)
        some = opinions[member & told.is_shown]
        n = told.n_wordings.get((kind, own), 0)
        assert choose_voices(voices(some, strength), representatives, limit, n) == every


@given(ROWS)
def test_opinions_are_counted_by_issue_and_goal_and_all_are_chosen_without_a_limit(rows) -> None:
    opinions = table(rows)
    told = choose_told(opinions, ISSUES, [], 0)
    assert told.is_shown.all()
    sizes = opinions.groupby(["issue_id", "goal_id"]).size().to_dict()
    counted = {(a, b): n for a, goals in told.by_goal.items() for b, n in goals.items()}
    assert counted == sizes
