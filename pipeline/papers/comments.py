"""Saved tables → the table of public comments (意見と考え方)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pipeline.lookups import (
    goal_labels,
    issue_titles,
    measure_labels,
    parts_of_plan,
    with_answers,
)
from pipeline.papers.commentviews import (
    AsidePiece,
    Comment,
    CommentGroup,
    Comments,
    Part,
    Submission,
)
from pipeline.papers.contents import count_people, wording_of
from pipeline.wording import RESPONSES, clean, stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from pipeline.papers.loading import RunTables

PUBLIC_COMMENT: Final = "public_comment"

_Key = tuple[str, str, str]
"""Part of the plan, wording, answer to it."""


def has_comments(run: RunTables) -> bool:
    """Whether a source of the run is a public comment."""
    named = run.manifest.get("study", {}).get("sources", ())
    return any(source.get("kind") == PUBLIC_COMMENT for source in named) or bool(
        (run.tables["answers"]["source_kind"] == PUBLIC_COMMENT).any()
    )


def build_comments(run: RunTables) -> Comments:
    """Count and order public comments: by part of the plan, by issue, each wording once."""
    answers = run.tables["answers"]
    answers = answers[answers["source_kind"] == PUBLIC_COMMENT]
    opinions = with_answers(run.tables["opinions"], run.tables["answers"])
    opinions = opinions[opinions["source_kind"] == PUBLIC_COMMENT]
    opinions = opinions.assign(addressed_id=_column(opinions, "addressed_id"))
    own = opinions.assign(
        wording=wording_of(opinions),
        response=_column(opinions, "response"),
        place=parts_of_plan(opinions, run.plan),
    )
    own["key"] = list(zip(own["place"], own["wording"], own["response"], strict=True))
    parts, numbers = _parts(own, run)
    aside = run.tables["set_aside"]
    aside = aside[aside["answer_id"].isin(set(answers["answer_id"]))]
    places = {row["answer_id"]: _where(row) for row in answers.to_dict("records")}
    order = {answer_id: n for n, answer_id in enumerate(sorted(places, key=_natural(answers)))}
    aside = aside.assign(at=aside["answer_id"].map(order)).sort_values(["at", "start", "end"])
    return Comments(
        n_answers=len(answers),
        n_people=count_people(answers),
        n_unknown=int((answers["respondent_id"] == "").sum()),
        n_opinions=len(own),
        n_distinct=own["wording"].nunique(),
        parts=parts,
        responses=_responses(own),
        asides=tuple(
            AsidePiece(
                places[row["answer_id"]],
                clean(row["text"]),
                stage(row["stage"]),
                clean(row["reason"]),
            )
            for row in aside.to_dict("records")
        ),
        submissions=_submissions(own, aside, numbers, places, order),
    )


def _column(table: pd.DataFrame, name: str) -> list[str]:
    """Column of a table that runs of earlier versions do not have."""
    return [clean(str(own)) for own in table[name]] if name in table else [""] * len(table)


def _parts(own: pd.DataFrame, run: RunTables) -> tuple[tuple[Part, ...], dict[_Key, int]]:
    labels = {**goal_labels(run.plan), **measure_labels(run.plan), "": ""}
    places = [
        (goal.id, measure_id)
        for goal in run.plan.goals
        for measure_id in ("", *(measure.id for measure in goal.measures))
    ]
    titles = issue_titles(run.tables["issues"], run.tables["issues"])
    numbers: dict[_Key, int] = {}
    parts = []
    for goal_id, measure_id in (*places, ("", "")):
        rows = own[own["place"] == (measure_id or goal_id)]
        if rows.empty:
            continue
        groups = []
        for title, keys in _by_issue(rows, titles):
            comments = []
            for key, text, times in keys:
                numbers[key] = len(numbers) + 1
                comments.append(Comment(numbers[key], text, times, key[2]))
            groups.append(CommentGroup(title, tuple(comments)))
        names = clean(labels[goal_id]), clean(labels[measure_id])
        parts.append(Part(*names, len(rows), count_people(rows), tuple(groups)))
    return tuple(parts), numbers


def _by_issue(
    rows: pd.DataFrame, titles: Mapping[str, str]
) -> Iterator[tuple[str, list[tuple[_Key, str, int]]]]:
    """Title of an issue and its wordings; the largest first, what is in no issue last."""
    together: dict[_Key, list[dict[Any, Any]]] = {}
    for row in rows.sort_values("opinion_id").to_dict("records"):
        together.setdefault(row["key"], []).append(row)
    issues: dict[str, list[_Key]] = {}
    for key, same in together.items():
        issues.setdefault(same[0]["issue_id"], []).append(key)

    def size(issue_id: str) -> tuple[bool, int, str]:
        return not issue_id, -sum(len(together[key]) for key in issues[issue_id]), issue_id

    for issue_id in sorted(issues, key=size):
        keys = sorted(
            issues[issue_id], key=lambda key: (-len(together[key]), together[key][0]["opinion_id"])
        )
        yield (
            clean(titles.get(issue_id, "")),
            [(key, clean(together[key][0]["text"]).strip(), len(together[key])) for key in keys],
        )


def _responses(own: pd.DataFrame) -> tuple[tuple[str, int, int], ...]:
    present = set(own["response"])
    names = (*RESPONSES, *sorted(present - {*RESPONSES, ""}), "")
    found = []
    for name in names:
        rows = own[own["response"] == name]
        found.append((name, len(rows), rows["key"].nunique()))
    return tuple(found)


def _where(row: Mapping[Any, Any]) -> str:
    return clean(f"{row['file']} {row['locator']}".strip())


def _natural(answers: pd.DataFrame) -> Any:  # noqa: ANN401 - a sort key
    """Order in which answers stand in their files: row 2 before row 10."""
    keys = {}
    for row in answers.to_dict("records"):
        pieces = re.split(r"(\d+)", f"{row['source_id']}\x00{row['locator']}")
        keys[row["answer_id"]] = (
            [(0, int(one), "") if one.isdecimal() else (1, 0, one) for one in pieces],
            row["answer_id"],
        )
    return keys.__getitem__


def _submissions(
    own: pd.DataFrame,
    aside: pd.DataFrame,
    numbers: Mapping[_Key, int],
    places: Mapping[str, str],
    order: Mapping[str, int],
) -> tuple[Submission, ...]:
    pieces: dict[str, list[tuple[int, int, int, str]]] = {answer_id: [] for answer_id in places}
    for row in own.to_dict("records"):
        at = (row["start"], row["end"], numbers[row["key"]], clean(row["text"]))
        pieces[row["answer_id"]].append(at)
    for row in aside.to_dict("records"):
        pieces[row["answer_id"]].append((row["start"], row["end"], 0, clean(row["text"])))
    return tuple(
        Submission(
            places[answer_id], tuple((n, text) for _, _, n, text in sorted(pieces[answer_id]))
        )
        for answer_id in sorted(places, key=order.__getitem__)
    )
