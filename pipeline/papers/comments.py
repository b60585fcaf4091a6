"""Saved tables → the table of public comments (意見と考え方)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pipeline.addressed import AddressReader
from pipeline.consulted import public_comments, written_addresses
from pipeline.lookups import goal_labels, issue_titles, measure_labels
from pipeline.papers.commentviews import (
    AsidePiece,
    Comment,
    CommentGroup,
    Comments,
    Part,
    Received,
    Submission,
    Unread,
)
from pipeline.papers.contents import count_people, wording_of
from pipeline.study import PUBLIC_COMMENT
from pipeline.wording import RESPONSES, clean, stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.papers.loading import RunTables

CONTACT: Final = "伏せた連絡先などのほかに、意見の言葉がない"
"""Why an opinion is left out of the table."""

HERE: Final = "この資料"
"""Where that was done."""

_Key = tuple[str, str, str, str]
"""Part of the plan, wording, answer to it, issue: opinions of one wording may be moved apart."""

_Row = dict[Any, Any]
"""Of the table of opinions."""


def has_comments(run: RunTables) -> bool:
    """Whether a source of the run is a public comment."""
    named = run.manifest.get("study", {}).get("sources", ())
    return any(source.get("kind") == PUBLIC_COMMENT for source in named) or bool(
        (run.tables["answers"]["source_kind"] == PUBLIC_COMMENT).any()
    )


def build_comments(run: RunTables) -> Comments:
    """Count and order public comments: by part of the plan, by issue, each wording once."""
    answers = run.tables["answers"]
    sources = run.manifest.get("study", {}).get("sources", ())
    asked = answers[answers["source_kind"] == PUBLIC_COMMENT]
    order = _order(asked)
    every = public_comments(run.tables["opinions"], answers, run.plan, sources)
    every = every.assign(
        number=[order[own] for own in every["answer_id"]],
        wording=wording_of(every),
        unread=every["written"].where(~every["is_named"], ""),
    )
    keys = [every[name] for name in ("part", "wording", "response", "issue_id")]
    every["key"] = list(zip(*keys, strict=True))
    own, contacts = every[~every["is_contact"]], every[every["is_contact"]]
    parts, numbers = _parts(own, run)
    aside = _aside(run.tables["set_aside"], contacts, order)
    written = written_addresses(asked, sources)
    return Comments(
        n_answers=len(asked),
        n_people=count_people(asked),
        n_speaking=count_people(own),
        n_unknown=int((asked["respondent_id"] == "").sum()),
        n_opinions=len(own),
        n_contacts=len(contacts),
        n_distinct=own["wording"].nunique(),
        parts=parts,
        responses=_responses(own),
        asides=_aside_pieces(aside, asked),
        unread=_unread(every, {order[one]: text for one, text in written.items()}, run),
        submissions=_submissions(own, aside, numbers, asked, written, order),
    )


def _order(answers: pd.DataFrame) -> dict[str, int]:
    """Answer → its number in the order of the files."""
    ids = sorted((str(own) for own in answers["answer_id"]), key=_natural(answers))
    return {answer_id: number for number, answer_id in enumerate(ids, start=1)}


def _aside(
    set_aside: pd.DataFrame, contacts: pd.DataFrame, order: Mapping[str, int]
) -> pd.DataFrame:
    """What is in no row of the table: set aside by the run, and contacts."""
    columns = ["answer_id", "start", "end", "stage", "reason", "text"]
    rows = [
        *set_aside[set_aside["answer_id"].isin(list(order))][columns].to_dict("records"),
        *contacts.assign(stage=HERE, reason=CONTACT)[columns].to_dict("records"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    table["number"] = [order[own] for own in table["answer_id"]]
    return table.sort_values(["number", "start", "end"], kind="stable")


def _aside_pieces(aside: pd.DataFrame, asked: pd.DataFrame) -> tuple[AsidePiece, ...]:
    places = {row["answer_id"]: _where(row) for row in asked.to_dict("records")}
    return tuple(
        AsidePiece(
            row["number"],
            places[row["answer_id"]],
            clean(row["text"]),
            stage(row["stage"]),
            clean(row["reason"]),
        )
        for row in aside.to_dict("records")
    )


def _unread(every: pd.DataFrame, written: Mapping[int, str], run: RunTables) -> tuple[Unread, ...]:
    """What was written of the plan and could not be read, by its words."""
    named = set(every.loc[every["is_named"], "number"])
    speaking = set(every["number"])
    reader = AddressReader(run.plan)
    found: dict[str, list[int]] = {}
    for number, text in sorted(written.items()):
        # Of an answer without opinions the run saves no part: it is read again.
        if number not in named and (number in speaking or not reader.read(text)):
            found.setdefault(text, []).append(number)
    n_opinions = every[~every["is_contact"]]["unread"].value_counts().to_dict()
    made = [Unread(text, n_opinions.get(text, 0), tuple(own)) for text, own in found.items()]
    return tuple(sorted(made, key=lambda own: (-own.n_opinions, own.numbers)))


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
        rows = own[own["part"] == (measure_id or goal_id)]
        if rows.empty:
            continue
        groups = []
        for title, keys in _by_issue(rows, titles):
            comments = []
            for key, same in keys:
                numbers[key] = len(numbers) + 1
                text = clean(same[0]["text"]).strip()
                comments.append(Comment(numbers[key], text, len(same), key[2], _received(same)))
            groups.append(CommentGroup(title, tuple(comments)))
        names = clean(labels[goal_id]), clean(labels[measure_id])
        parts.append(Part(*names, len(rows), count_people(rows), tuple(groups)))
    return tuple(parts), numbers


def _by_issue(
    rows: pd.DataFrame, titles: Mapping[str, str]
) -> Iterator[tuple[str, list[tuple[_Key, list[_Row]]]]]:
    """Title of an issue and its wordings; the largest first, what is in no issue last."""
    together: dict[_Key, list[_Row]] = {}
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
        yield clean(titles.get(issue_id, "")), [(key, together[key]) for key in keys]


def _received(same: Sequence[_Row]) -> tuple[Received, ...]:
    """Answers that opinions came with, by what they say of the plan that could not be read."""
    by_words: dict[str, set[int]] = {}
    for row in same:
        by_words.setdefault(row["unread"], set()).add(row["number"])
    return tuple(
        Received(tuple(sorted(by_words[words])), words)
        for words in sorted(by_words, key=lambda words: (words != "", min(by_words[words])))
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
    asked: pd.DataFrame,
    written: Mapping[str, str],
    order: Mapping[str, int],
) -> tuple[Submission, ...]:
    pieces: dict[str, list[tuple[int, int, int, str]]] = {answer_id: [] for answer_id in order}
    for row in own.to_dict("records"):
        at = (row["start"], row["end"], numbers[row["key"]], clean(row["text"]))
        pieces[row["answer_id"]].append(at)
    for row in aside.to_dict("records"):
        pieces[row["answer_id"]].append((row["start"], row["end"], 0, clean(row["text"])))
    rows = {row["answer_id"]: row for row in asked.to_dict("records")}
    return tuple(
        Submission(
            order[answer_id],
            _where(rows[answer_id]),
            written.get(answer_id, ""),
            tuple((n, text) for _, _, n, text in sorted(pieces[answer_id])),
        )
        for answer_id in order
    )
