"""Who decided what: the reviewers' decisions as rows that anybody can read."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from pipeline.decision_words import field_name, shown_value
from pipeline.decisions import FIELDS, ISSUE_TAKEN_BACK, MEMBERS, WITHDRAWN, is_issue, is_piece
from pipeline.lookups import issue_titles
from pipeline.report.progress import NOT_JUDGED
from pipeline.report.voices import short
from pipeline.wording import NONE_SHOWN, clean

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan

SHOWN: Final = 200
"""Decisions that the report shows; all of them stand in the table ``applied_decisions``."""

LOST_SHOWN: Final = 50
"""Decisions that could not be carried on and are shown apart."""

TEXT_SHOWN: Final = 60
"""Characters of a voice, a title or a comment that are shown."""

REASON_SHOWN: Final = 200
"""Characters of a reason that are shown."""

IN_USE: Final = "使っている"
REPLACED: Final = "後の判断で置きかえ"
LOST: Final = "引き継げなかった"
TAKEN_BACK: Final = "機械の案にもどした"

HIDDEN_VOICE: Final = "（個人情報を伏せた意見）"
"""In the place of a voice of an earlier run in which something was hidden."""

_JAPAN: Final = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class DecisionRow:
    """One decision of one reviewer.

    Attributes
    ----------
    thing
        What was decided on: 課題, 意見 or 対象外の部分.
    issue_id
        Issue that was decided on; empty where it was a voice.
    has_section
        The issue stands in this report.
    target
        Title of the issue, or the voice.
    state
        What became of the decision, in words.
    why_not
        Why it could not be carried on; empty where it was.
    """

    decided_at: str
    reviewer: str
    run_id: str
    thing: str
    issue_id: str
    has_section: bool
    target: str
    field: str
    before: str
    after: str
    reason: str
    state: str
    why_not: str


@dataclass(frozen=True)
class Decisions:
    """What people decided, the newest first.

    Attributes
    ----------
    n_in_use, n_replaced, n_taken_back, n_lost
        Decisions that hold, that a later one replaced, that gave a thing back to the
        program, and that could not be carried on. They add up to ``n_decisions``.
    n_left_out, n_lost_left_out
        Decisions that are not shown.
    """

    n_decisions: int
    n_people: int
    n_in_use: int
    n_replaced: int
    n_taken_back: int
    n_lost: int
    rows: tuple[DecisionRow, ...]
    n_left_out: int
    lost: tuple[DecisionRow, ...]
    n_lost_left_out: int


def build_decisions(tables: Mapping[str, pd.DataFrame], plan: Plan) -> Decisions:
    """Collect what people decided, the newest first, issues before opinions.

    Rows that only keep what an issue was made of are no decisions.

    Parameters
    ----------
    tables
        ``applied_decisions, opinions, issues, machine_issues``.
    plan
        Gives the names of goals and measures.
    """
    table = tables["applied_decisions"]
    records = table[table["field"] != MEMBERS].to_dict("records")
    now = _Names(tables, plan, records)
    records.sort(key=_newest_first)
    in_use = {(row["applied_to"], row["field"]) for row in records if row["stands"] == 1}
    states = [_state(row, in_use) for row in records]
    lost = [row for row, state in zip(records, states, strict=True) if state == LOST]
    counts = Counter(states)
    return Decisions(
        n_decisions=len(records),
        n_people=len({row["reviewer"] for row in records}),
        n_in_use=counts[IN_USE],
        n_replaced=counts[REPLACED],
        n_taken_back=counts[TAKEN_BACK],
        n_lost=counts[LOST],
        rows=tuple(
            replace(now.row(row), state=state)
            for row, state in zip(records[:SHOWN], states[:SHOWN], strict=True)
        ),
        n_left_out=len(records[SHOWN:]),
        lost=tuple(now.row(row) for row in lost[:LOST_SHOWN]),
        n_lost_left_out=len(lost[LOST_SHOWN:]),
    )


def _state(row: Mapping[Hashable, Any], in_use: set[tuple[str, str]]) -> str:
    if row["stands"] == 1:
        return IN_USE
    if row["why_not"] == ISSUE_TAKEN_BACK:
        return TAKEN_BACK
    if row["why_not"]:
        return LOST
    replaced = (row["applied_to"], row["field"]) in in_use
    return TAKEN_BACK if row["value"] == WITHDRAWN and not replaced else REPLACED


class _Names:
    """What decisions speak of, in words."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        plan: Plan,
        records: Sequence[Mapping[Hashable, Any]],
    ) -> None:
        opinions = tables["opinions"]
        opinions = opinions[opinions["opinion_id"].isin([row["applied_to"] for row in records])]
        self._plan = plan
        self._shown = set(tables["issues"]["issue_id"])
        self._texts = dict(zip(opinions["opinion_id"], opinions["text"], strict=True))
        # An issue of an earlier run may have no other title left than a person's.
        given = {
            row["target_id"]: row["value"]
            for row in records
            if row["field"] == "title" and row["value"] != WITHDRAWN
        }
        self._titles = given | issue_titles(tables["issues"], tables["machine_issues"])
        self._hidden = {row["target_id"] for row in records if row["field"] == "personal"}

    def row(self, row: Mapping[Hashable, Any]) -> DecisionRow:
        """One decision; its state is left open."""
        target = row["applied_to"] or row["target_id"]
        field = row["field"]
        of_issue = is_issue(target)
        return DecisionRow(
            decided_at=_day_and_time(row["decided_at"]),
            reviewer=clean(row["reviewer"]),
            run_id=clean(row["run_id"]),
            thing="課題" if of_issue else "対象外の部分" if is_piece(target) else "意見",
            issue_id=target if of_issue else "",
            has_section=target in self._shown,
            target=self._title(target) if of_issue else self._voice(row),
            field=field_name(field),
            before=self._value(field, row["value_seen"]),
            after=self._value(field, row["value"]),
            reason=short(clean(row["reason"]), REASON_SHOWN),
            state="",
            why_not=clean(row["why_not"]),
        )

    def _title(self, issue_id: str) -> str:
        return short(clean(self._titles.get(issue_id, "")), TEXT_SHOWN)

    def _voice(self, row: Mapping[Hashable, Any]) -> str:
        if row["applied_to"] in self._texts:
            return short(clean(self._texts[row["applied_to"]]), TEXT_SHOWN)
        if row["target_id"] in self._hidden:
            return HIDDEN_VOICE
        return short(clean(row["text"]), TEXT_SHOWN) or clean(row["target_id"])

    def _value(self, field: str, value: str) -> str:
        """Value before or after, as a planner reads it."""
        if field == "status" and not value:
            return NOT_JUDGED
        titles = {own: self._title(own) for own in (value,) if own in self._titles}
        return short(clean(shown_value(field, value, self._plan, titles)), TEXT_SHOWN) or NONE_SHOWN


def _newest_first(row: Mapping[Hashable, Any]) -> tuple[float, bool, str, int, str]:
    """What came in at one moment, with one workbook, stands together by what it is about."""
    target, field = row["applied_to"] or row["target_id"], row["field"]
    place = list(FIELDS).index(field) if field in FIELDS else len(FIELDS)
    return (
        -_instant(row["decided_at"]),
        not is_issue(target),
        target,
        place,
        row["decision_id"],
    )


def _instant(decided_at: str) -> float:
    """Seconds by which decisions are put in order; what cannot be read is oldest."""
    when = _read(decided_at)
    if when is None:
        return -math.inf
    return (when if when.tzinfo else when.replace(tzinfo=_JAPAN)).timestamp()


def _day_and_time(decided_at: str) -> str:
    when = _read(decided_at)
    if when is None:
        return short(clean(decided_at), TEXT_SHOWN) or NONE_SHOWN
    return when.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")


def _read(decided_at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(decided_at)
    except ValueError:
        return None
