"""What the committee's papers show, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.wording import ADOPTED, REJECTED

OUTSIDE: Final = "計画の外の声"
"""Of an issue under no goal that nobody adopted: it may be a matter for another section."""

DIVIDED: Final = "目標が分かれている"
"""Of such an issue whose opinions mostly stand under goals, not under the same one."""

NOTHING_PROPOSED: Final = "案なし"


class Voice(NamedTuple):
    """One wording, verbatim.

    Attributes
    ----------
    times
        Opinions with this wording in the same issue.
    source
        Where it was collected, and the question.
    """

    text: str
    times: int
    source: str


class Treatment(NamedTuple):
    """What is proposed for an issue (対応案).

    Attributes
    ----------
    name
        新規, 充実・強化 or 継続; empty where nothing is proposed.
    rule
        Why, in words.
    actions
        Number and text of the plan's actions that the issue speaks to.
    """

    name: str = ""
    rule: str = ""
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Issue:
    """One issue (課題) as a row of the papers.

    Attributes
    ----------
    status
        採用, 保留, 却下; empty: not judged yet.
    confidence
        Of the machine in the goal, as word and figure; empty where a person gave it.
    decided_by
        Who gave the goal; empty: the machine.
    is_divided
        Under no goal, although most of its opinions stand under one.
    response
        対応区分 of its public comments; empty: not decided.
    reason
        Why it was judged so, or a reviewer's comment.
    kinds
        問題, 要望, よい点 and その他, each with its opinions.
    """

    issue_id: str
    title: str
    words: str
    n_opinions: int
    n_distinct: int
    n_people: int
    goal_id: str
    goal: str
    second_goal: str
    measure: str
    stability: str
    status: str
    reviewed_by: str
    confidence: str
    decided_by: str
    to_split: bool
    is_divided: bool
    response: str
    reason: str
    kinds: tuple[tuple[str, int], ...]
    voices: tuple[Voice, ...]
    treatment: Treatment

    @property
    def proposal(self) -> str:
        """What is proposed, or why nothing is: as the report names it."""
        if self.treatment.name or self.status == REJECTED:
            return self.treatment.name
        if not self.goal_id and self.status != ADOPTED:
            return DIVIDED if self.is_divided else OUTSIDE
        return NOTHING_PROPOSED if self.treatment.rule else ""


class Action(NamedTuple):
    """A line of the action plan; counts are missing where the run has no table of actions."""

    action_id: str
    text: str
    status: str
    n_opinions: int | None = None
    n_people: int | None = None
    words: str = ""


class Measure(NamedTuple):
    """A measure (施策) with what speaks to it."""

    measure_id: str
    name: str
    n_opinions: int
    n_issues: int
    n_people: int
    actions: tuple[Action, ...]


class Tally(NamedTuple):
    """Opinions, people and issues under one goal, and how far the review has come.

    Attributes
    ----------
    n_alone
        Of the opinions, those in no issue.
    """

    goal: str
    n_issues: int
    n_opinions: int
    n_people: int
    n_alone: int
    adopted: int
    held: int
    rejected: int
    unjudged: int


@dataclass(frozen=True)
class Chapter:
    """One goal (基本目標); the last chapter has none and an empty ``goal_id``.

    Attributes
    ----------
    issues
        Adopted, not judged, held; in each the largest first, ties by id. Never rejected ones.
    other_actions
        Of the goal, under none of its measures.
    """

    goal_id: str
    label: str
    slogan: str
    tally: Tally
    measures: tuple[Measure, ...]
    other_actions: tuple[Action, ...]
    issues: tuple[Issue, ...]


class Aside(NamedTuple):
    """What was set aside for one reason: pieces of text, and answers that they are from."""

    stage: str
    reason: str
    n_pieces: int
    n_answers: int


class Origin(NamedTuple):
    """One kind of source."""

    name: str
    n_answers: int
    n_opinions: int
    n_people: int


@dataclass(frozen=True)
class About:
    """What stands at the head of every paper.

    Attributes
    ----------
    n_answering, n_people
        Respondents that can be told apart: of all answers, and of those with an opinion.
    n_unknown
        Opinions whose speaker is not known.
    n_silent_answers
        Answers without any opinion.
    """

    title: str
    plan: str
    period: str
    run_id: str
    version: str
    n_answers: int
    n_answering: int
    n_people: int
    n_unknown: int
    n_opinions: int
    n_distinct: int
    n_issues: int
    n_alone: int
    n_silent_answers: int
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Contents:
    """Everything that 課題整理シート and 基本目標別一覧 show.

    Attributes
    ----------
    has_treatments, has_actions
        Whether the run proposes treatments, and whether it counts opinions by action.
    """

    about: About
    chapters: tuple[Chapter, ...]
    rejected: tuple[Issue, ...]
    asides: tuple[Aside, ...]
    has_treatments: bool
    has_actions: bool

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All issues, chapter by chapter, the rejected ones last."""
        return (*(one for chapter in self.chapters for one in chapter.issues), *self.rejected)
