"""Decisions applied: what people decided stands in the place of what the machine proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.decision_words import Voices
from pipeline.decisions import (
    CHECKED,
    COLUMNS,
    GOAL_FIELDS,
    MEMBERS,
    NO_ISSUE,
    PRIVACY_FIELDS,
    Decision,
    in_force,
    is_piece,
)
from pipeline.plan import NO_GOAL
from pipeline.privacy.declared import PUBLIC
from pipeline.study import PUBLIC_COMMENT
from pipeline.textcolumns import among

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pipeline.follow import Followed

NO_LONGER_FITS: Final = "いまの目標や課題に合わないので、使っていません"
MERGED: Final = "課題がほかの課題に統合されたので、使っていません"
EMPTIED: Final = "課題の意見がすべてほかへ移されたので、使っていません"


def tabulate_decisions(
    decisions: Sequence[Decision],
    followed: Followed,
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
    final: Callable[[str], str] = str,
) -> pd.DataFrame:
    """Table ``applied_decisions``: what was decided, and what it was applied to.

    Parameters
    ----------
    followed
        What :func:`pipeline.follow.follow` made of the decisions.
    opinions, issues
        After the decisions: what does not fit (a measure of another goal) did not stay.
    final
        Issue → the one that it is a part of after the merges.
    """
    targets = {own.target_id for own in followed.decisions}
    values = {
        (target, field): value
        for table, key, fields in (
            (opinions, "opinion_id", (*GOAL_FIELDS, "kind", "issue_id", "response", "comment")),
            (issues, "issue_id", (*GOAL_FIELDS, "title", "status", "response", "comment")),
        )
        for part in [table.iloc[_rows_of(table[key], targets)]]
        for field in fields
        if field in part
        for target, value in zip(part[key], part[field], strict=True)
    }
    counting = {own.decision_id for own in in_force(followed.decisions).values()}
    rows = [
        _outcome(own, why, values, counting, final)
        for own, why in zip(followed.decisions, followed.why, strict=True)
    ]
    voices = Voices(decisions)
    shown = [own._replace(text=voices.text(own)) for own in decisions]
    return pd.DataFrame(shown, columns=list(COLUMNS)).assign(
        applied_to=[own.target_id for own in followed.decisions],
        stands=[stands for stands, _ in rows],
        why_not=[why for _, why in rows],
    )


def _outcome(
    own: Decision,
    why: str,
    values: Mapping[tuple[str, str], str],
    counting: set[str],
    final: Callable[[str], str],
) -> tuple[int, str]:
    """Whether a followed decision stands, and why not where that is not plain."""
    if not own.target_id or own.decision_id not in counting:
        return 0, why
    if own.field in {MEMBERS, "restore", *PRIVACY_FIELDS} or is_piece(own.target_id):
        return 1, ""
    if own.field == "split":
        return 1, ""
    if own.field == "merge_into":
        return int(own.value == "" or final(own.target_id) != own.target_id), ""
    wanted = own.value
    if own.field == "issue_id":
        wanted = "" if wanted == NO_ISSUE else final(wanted)
    elif own.field == "goal_id":
        wanted = "" if wanted == NO_GOAL else wanted
    place = (own.target_id, own.field)
    if place not in values:
        return 0, MERGED if final(own.target_id) != own.target_id else EMPTIED
    return (1, "") if values[place] == wanted else (0, NO_LONGER_FITS)


def decide_kinds(opinions: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """Opinions with the kind that people gave them; ``machine_kind`` is the machine's."""
    return opinions.assign(
        machine_kind=opinions["kind"],
        kind=_replaced(opinions["kind"], opinions["opinion_id"], _values(decisions, "kind")),
    )


def _values(decisions: Sequence[Decision], field: str) -> dict[str, str]:
    """Target → what was decided of one field."""
    counting = in_force(decisions)
    return {target: own.value for (target, name), own in counting.items() if name == field}


def _rows_of(ids: pd.Series[str] | Sequence[str], targets: Collection[str]) -> list[int]:
    """Rows of some ids: of a million rows few are decided."""
    if not targets:
        return []
    rows: list[int] = np.flatnonzero(among(pd.Series(ids), targets)).tolist()
    return rows


def _replaced(
    column: pd.Series[str], ids: pd.Series[str], values: Mapping[str, str]
) -> pd.Series[str]:
    """A column with some values in the place of others."""
    rows = _rows_of(ids, values)
    if not rows:
        return column
    found = column.tolist()
    for row in rows:
        found[row] = values[ids.iloc[row]]
    return pd.Series(found, index=column.index, dtype="str")


NO_JUDGEMENT: Final = frozenset(["comment", "response", PUBLIC, CHECKED])
"""Fields of decisions that do not say that the machine's proposal was looked at."""


def decide_titles(issues: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """Issues with the titles, judgements, responses and comments that people gave them.

    Returns
    -------
    DataFrame
        Further ``machine_title`` (empty where people made the issue), ``status``,
        ``response``, ``comment`` and ``reviewed_by``, who decided last about the issue.
    """
    counting = in_force(decisions)
    last: dict[str, str] = {}
    for (target, field), own in counting.items():
        if field not in {MEMBERS, *NO_JUDGEMENT}:
            last[target] = own.reviewer
    ids = issues["issue_id"].tolist()

    def decided(field: str) -> list[str]:
        return [counting[own, field].value if (own, field) in counting else "" for own in ids]

    titles = [
        given or title for given, title in zip(decided("title"), issues["title"], strict=True)
    ]
    return issues.assign(
        title=titles,
        status=decided("status"),
        response=decided("response"),
        comment=decided("comment"),
        reviewed_by=[last.get(own, "") for own in ids],
    )


def decide_responses(
    opinions: pd.DataFrame,
    issues: pd.DataFrame,
    decisions: Sequence[Decision],
    everywhere: Sequence[Decision],
) -> pd.DataFrame:
    """Opinions with what is answered to them (対応区分): a person's word, never a guess.

    What was decided for an opinion itself counts, whatever its source; else, for a public
    comment, what was decided for another one of its wording; else what was decided for its
    issue. An opinion that was given none by itself has none.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id, source_kind``.
    issues
        ``issue_id, response``.
    decisions, everywhere
        As they apply to this run, without and with those of the same wording
        (:func:`pipeline.follow.with_same_wording`).
    """
    alone = in_force(decisions)
    alike = {place: own.value for place, own in in_force(everywhere).items()}
    of_issue: dict[str, str] = dict(zip(issues["issue_id"], issues["response"], strict=True))

    def response(own: str, issue: str, source: str) -> str:
        place = (own, "response")
        if place in alone:
            return alone[place].value
        if source != PUBLIC_COMMENT:
            return ""
        return alike[place] if place in alike else of_issue.get(issue, "")

    told = {target for target, field in (*alone, *alike) if field == "response"}
    answered = [issue for issue, own in of_issue.items() if own]
    rows = sorted(
        {*_rows_of(opinions["opinion_id"], told), *_rows_of(opinions["issue_id"], answered)}
    )
    some = opinions.iloc[rows]
    values = {
        own: response(own, issue, source)
        for own, issue, source in zip(
            some["opinion_id"], some["issue_id"], some["source_kind"], strict=True
        )
    }
    found = _replaced(
        pd.Series("", index=opinions.index, dtype="str"), opinions["opinion_id"], values
    )
    return opinions.assign(response=found)


def mark_reviewed(
    opinions: pd.DataFrame, issues: pd.DataFrame, decisions: Sequence[Decision]
) -> pd.DataFrame:
    """Opinions that a person looked at, by themselves or with their issue.

    What is answered to a comment (対応区分) says nothing of whether its issue and goal were
    checked.

    Parameters
    ----------
    opinions
        ``opinion_id, issue_id``.

    Returns
    -------
    DataFrame
        Further ``reviewed`` (1 or 0) and ``comment``.
    """
    counting = in_force(decisions)
    looked_at = {target for target, field in counting if field not in NO_JUDGEMENT}
    done = set(issues.loc[issues["reviewed_by"] != "", "issue_id"])
    ids = opinions["opinion_id"]
    nothing = pd.Series("", index=opinions.index, dtype="str")
    reviewed = among(ids, looked_at) | among(opinions["issue_id"], done)
    return opinions.assign(
        reviewed=reviewed.astype("int64"),
        comment=_replaced(nothing, ids, _values(decisions, "comment")),
    )


def outcomes(
    machine: pd.DataFrame, opinions: pd.DataFrame, issues: pd.DataFrame, final: Callable[[str], str]
) -> pd.DataFrame:
    """Table ``machine_issues``: every issue that the machine made, and what became of it.

    Parameters
    ----------
    machine
        ``issue_id, title, words, n_opinions, n_distinct, headings``.
    opinions
        ``issue_id, machine_issue_id``.
    issues
        ``issue_id`` of what is left.
    """
    left = set(issues["issue_id"])
    moved = opinions[opinions["issue_id"] != opinions["machine_issue_id"]]
    changed = {*moved["issue_id"], *moved["machine_issue_id"]}
    rows = []
    for row in machine.to_dict("records"):
        own = str(row["issue_id"])
        into = final(own)
        outcome = "changed" if own in changed else "kept"
        if into != own:
            outcome = "merged"
        elif own not in left:
            outcome = "emptied"
        names = ("issue_id", "title", "words", "n_opinions", "n_distinct", "headings")
        values = {name: row[name] for name in names}
        rows.append({**values, "outcome": outcome, "merged_into": into if into != own else ""})
    columns = [
        "issue_id", "title", "words", "n_opinions", "n_distinct", "headings", "outcome",
        "merged_into",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def with_machine_links(assigned: pd.DataFrame) -> pd.DataFrame:
    """Goals of opinions with what the machine proposed beside, to be kept when people decide."""
    return assigned.assign(
        machine_goal_id_2=assigned["goal_id_2"], machine_measure_id=assigned["measure_id"]
    )


def decide_goals(
    table: pd.DataFrame, ids: Sequence[str] | pd.Series[str], decisions: Sequence[Decision]
) -> pd.DataFrame:
    """Put what people decided in the place of what the machine proposed.

    Parameters
    ----------
    table
        Columns of :class:`pipeline.goals.opinions.Assignment`; ``machine_goal_id`` stays.
    ids
        Opinion or issue id of every row.

    Returns
    -------
    DataFrame
        ``assigned_by`` is the reviewer where the goal was decided.
    """
    counting = in_force(decisions)
    rows = _rows_of(ids, {target for target, field in counting if field in GOAL_FIELDS})
    if not rows:
        return table
    columns = {name: table[name].tolist() for name in (*GOAL_FIELDS, "assigned_by")}
    for row, own in zip(rows, pd.Series(ids).iloc[rows], strict=True):
        decided = [counting[own, field] for field in GOAL_FIELDS if (own, field) in counting]
        for decision in decided:
            value = "" if decision.value == NO_GOAL else decision.value
            if decision.field == "goal_id" and value != columns["goal_id"][row]:
                columns["goal_id_2"][row] = ""  # it stood beside the goal that was replaced
            columns[decision.field][row] = value
            if decision.field == "goal_id":
                columns["assigned_by"][row] = decision.reviewer
        if decided:
            _leave_consistent(columns, row, table["measure_id"].iloc[row])
    return table.assign(**columns)


def inherit_goals(
    opinions: pd.DataFrame, issues: pd.DataFrame, decisions: Sequence[Decision]
) -> pd.DataFrame:
    """Let the opinions of an issue follow what was decided for it.

    An opinion of which anything was decided by itself stays where it is.
    """
    counting = in_force(decisions)
    looked_at = {target for target, field in counting if field in GOAL_FIELDS}
    decided = {
        str(row["issue_id"]): row
        for row in issues.to_dict("records")
        if (str(row["issue_id"]), "goal_id") in counting
    }
    if not decided:
        return opinions
    follows = opinions["issue_id"].isin(list(decided)) & ~opinions["opinion_id"].isin(
        list(looked_at)
    )
    given = opinions["issue_id"].where(follows)
    return opinions.assign(
        **{
            name: opinions[name].where(
                ~follows, given.map({own: str(row[name]) for own, row in decided.items()})
            )
            for name in (*GOAL_FIELDS, "assigned_by")
        }
    )


def _leave_consistent(columns: dict[str, list[str]], row: int, machine_measure: str) -> None:
    """A measure of another goal, or a second goal beside none or itself, does not stay."""
    goal = columns["goal_id"][row]
    mark = f"{goal}-"
    if not goal or not columns["measure_id"][row].startswith(mark):
        fits = bool(goal) and machine_measure.startswith(mark) and columns["measure_id"][row]
        columns["measure_id"][row] = machine_measure if fits else ""
    if columns["goal_id_2"][row] == goal or not goal:
        columns["goal_id_2"][row] = ""
