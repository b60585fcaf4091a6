"""Why an opinion is where it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decision_words import shown_masks
from pipeline.decisions import PRIVACY_FIELDS
from pipeline.follow import COPIED_FIELDS
from pipeline.privacy.declared import PUBLIC, parse_public
from pipeline.wording import clean, opinion_kind

if TYPE_CHECKING:
    from pipeline.audit.result import Result, Row
    from pipeline.audit.views import GoalView, Judged, Origin

OF_WORDING: Final = "同じ文面の意見への判断"
OF_ISSUE: Final = "課題への判断"

_COMMON: Final = frozenset([*COPIED_FIELDS, "issue_id", *PRIVACY_FIELDS])
"""Fields of which a decision on one opinion holds for all of its wording."""


class IssueName(NamedTuple):
    """Number and title of an issue; both empty for none."""

    issue_id: str
    title: str


class TermHit(NamedTuple):
    """A term of the concept dictionary in an opinion.

    Attributes
    ----------
    words
        As they stand in the opinion; empty where masking moved the characters.
    spans
        First and last character in the answer, as in the table ``concepts``.
    """

    field: str
    heading: str
    term: str
    words: str
    spans: tuple[tuple[int, int], ...]
    weight: float
    is_topic: bool


class Declared(NamedTuple):
    """A string of an opinion that somebody declared as not personal."""

    text: str
    decision: Judged


class Lesson(NamedTuple):
    """A decision that moved the machine's goal of an opinion."""

    before: str
    after: str
    decision: Judged | None
    decision_id: str
    voice: str
    effect: float


@dataclass(frozen=True)
class OpinionView:
    """An opinion, where it comes from, and why it is where it is.

    Attributes
    ----------
    first_of
        Opinion that stands for this wording, itself or another one.
    alike
        The other opinions of the same wording.
    moves, merges
        Decisions that brought it into its issue.
    addressed
        Goal or measure that its writer names.
    response
        対応区分, empty for none; ``response_decided`` are the decisions that gave it.
    masks
        What is masked in it, by kind and number.
    public
        Strings in it that would be masked, had nobody declared them public.
    decisions
        Every decision that touched it, its wording or its issue.
    """

    opinion_id: str
    text: str
    origin: Origin
    start: int
    end: int
    kind: str
    machine_kind: str
    kind_decided: tuple[Judged, ...]
    addressed: str
    response: str
    response_decided: tuple[Judged, ...]
    first_of: str
    alike: tuple[str, ...]
    issue: IssueName
    machine_issue: IssueName
    headings: str
    strength: float
    moves: tuple[Judged, ...]
    merges: tuple[Judged, ...]
    terms: tuple[TermHit, ...]
    goal: GoalView
    lessons: tuple[Lesson, ...]
    hidden: bool
    restored: bool
    comment: str
    masks: str
    public: tuple[Declared, ...]
    decisions: tuple[Judged, ...]


def explain_opinion(result: Result, opinion_id: str) -> OpinionView:
    """Collect what is known about an opinion of the run."""
    row = result.row("opinions", "opinion_id", opinion_id)
    assert row is not None
    same = result.alike(row)
    issue, machine = _issue(result, row["issue_id"]), _issue(result, row["machine_issue_id"])
    moves = result.standing("issue_id", same) if issue != machine else []
    reached = result.row("issues", "issue_id", issue.issue_id) or {}
    return OpinionView(
        opinion_id=opinion_id,
        text=clean(row["text"]),
        origin=result.origin(row["answer_id"]),
        start=int(row["start"]),
        end=int(row["end"]),
        kind=opinion_kind(row["kind"]),
        machine_kind=opinion_kind(row["machine_kind"]),
        kind_decided=tuple(_nearest(result, "kind", opinion_id, same)),
        addressed=clean(result.label(row["addressed_id"])),
        response=clean(row["response"]),
        response_decided=tuple(_response_decided(result, row, same)),
        first_of=row["duplicate_of"] or opinion_id,
        alike=tuple(sorted(same - {opinion_id})),
        issue=issue,
        machine_issue=machine,
        headings=clean(str(reached.get("headings", ""))),
        strength=float(row["issue_strength"]),
        moves=tuple(moves),
        merges=tuple(_merges(result, row["issue_id"], row["machine_issue_id"], same)),
        terms=_terms(result, row),
        goal=result.goal(row, opinion_id, _goal_decided(result, row, same)),
        lessons=_lessons(result, opinion_id),
        hidden=bool(row["hidden"]),
        restored=bool(row["restored"]),
        comment=clean(row["comment"]),
        masks=shown_masks(row["text"]),
        public=_public(result, str(row["text"])),
        decisions=_decisions(result, row, same),
    )


def _public(result: Result, text: str) -> tuple[Declared, ...]:
    """What stands in the text because somebody declared it public, wherever that was said."""
    return tuple(
        Declared(clean(word), result.judged(own))
        for own in result.decisions
        if own.stands and own.decision.field == PUBLIC
        for word in parse_public(own.decision.value)
        if word in text
    )


def _issue(result: Result, issue_id: str) -> IssueName:
    return IssueName(issue_id, result.titles.get(issue_id, "") if issue_id else "")


def _nearest(result: Result, field: str, opinion_id: str, same: set[str]) -> list[Judged]:
    """Decisions in force on the opinion itself, or else on one of the same wording."""
    return result.standing(field, {opinion_id}) or result.standing(field, same, OF_WORDING)


def _response_decided(result: Result, row: Row, same: set[str]) -> list[Judged]:
    """Decision that gave the response, or none: on the opinion, its wording, or its issue."""
    found = _nearest(result, "response", row["opinion_id"], same)
    if found or not row["response"]:
        return found
    return result.standing("response", {row["issue_id"]} - {""}, OF_ISSUE)


def _goal_decided(result: Result, row: Row, same: set[str]) -> list[Judged]:
    """Decision that gave the goal: on the opinion, its wording, or its issue."""
    found = [
        *_nearest(result, "goal_id", row["opinion_id"], same),
        *result.standing("goal_id", {row["issue_id"]} - {""}, OF_ISSUE),
    ]
    return [own for own in found if own.reviewer == clean(row["assigned_by"])][:1]


def _merges(result: Result, issue_id: str, machine_id: str, same: set[str]) -> list[Judged]:
    """Merges on the way from where the machine or a person put it to where it is."""
    moved = [
        own.decision.value
        for own in result.decisions
        if own.stands and own.decision.field == "issue_id" and own.applied_to in same
    ]
    start = moved[-1] if moved else machine_id
    return result.merges(start) if start and start != issue_id else []


def _terms(result: Result, row: Row) -> tuple[TermHit, ...]:
    text, start, end = row["text"], int(row["start"]), int(row["end"])
    as_written = len(text) == end - start and "［" not in text
    found = []
    for hit in result.rows("concepts", "opinion_id", [row["opinion_id"]]):
        spans = tuple((int(one), int(other)) for one, other in json.loads(hit["spans"]))
        words = [text[one - start : other - start] for one, other in spans] if as_written else []
        found.append(
            TermHit(
                field=clean(hit["field"]),
                heading=clean(hit["heading"]),
                term=clean(hit["term"]),
                words=clean("…".join(words)),
                spans=spans,
                weight=float(hit["weight"]),
                is_topic=bool(hit["is_topic"]),
            )
        )
    return tuple(found)


def _lessons(result: Result, opinion_id: str) -> tuple[Lesson, ...]:
    rows = result.rows("lessons", "opinion_id", [opinion_id])
    decisions = {own.decision.decision_id: own for own in result.decisions}
    found = []
    for row in sorted(rows, key=lambda own: (-own["effect"], own["decision_id"])):
        teacher = decisions.get(row["decision_id"])
        found.append(
            Lesson(
                before=result.label(row["goal_id_before"]),
                after=result.label(row["goal_id_after"]),
                decision=result.judged(teacher) if teacher else None,
                decision_id=clean(row["decision_id"]),
                voice=result.voices.of(teacher.decision) if teacher else "",
                effect=float(row["effect"]),
            )
        )
    return tuple(found)


def _decisions(result: Result, row: Row, same: set[str]) -> tuple[Judged, ...]:
    """Every decision on the opinion, its wording, its issues, or the piece that it was."""
    opinion_id = row["opinion_id"]
    issues = {row["issue_id"], row["machine_issue_id"]} - {""}
    found = []
    for own in result.decisions:
        if opinion_id in own.targets or _brought_back(own.decision.target_id, row):
            found.append(result.judged(own))
        elif own.decision.field in _COMMON and own.touched in same:
            found.append(result.judged(own, OF_WORDING))
        elif own.touched in issues:
            found.append(result.judged(own, OF_ISSUE))
    return tuple(found)


def _brought_back(target: str, row: Row) -> bool:
    """Whether a decision was on the piece that this opinion was before."""
    answer_id, _, span = target.partition("@")
    if answer_id != row["answer_id"] or not span:
        return False
    start, end = (int(own) for own in span.split("-"))
    return bool(start <= row["start"] and row["end"] <= end)
