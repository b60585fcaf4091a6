"""What the report shows, as plain frozen data: no table, no markup.

Counts are whole numbers; shares are already words. ``n_people`` is the number of
respondents that can be told apart; a speaker without an id is in no such count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.evidence_words import EvidenceWord
    from pipeline.lookups import SdgMark


@dataclass(frozen=True)
class Voice:
    """One wording, verbatim (people masked), and how many opinions say the same.

    Attributes
    ----------
    goal_id
        Goal that it stands under, by itself; empty for none.
    evidence
        Words that speak for that goal.
    confidence
        Of the program in what it proposes, as word and figure.
    decided_by
        Who decided on its goal; empty where the program did.
    seen_goal_id
        Goal that stood there before the decision.
    """

    text: str
    times: int
    kind: str
    source: str
    goal_id: str
    evidence: tuple[EvidenceWord, ...]
    confidence: str
    decided_by: str
    seen_goal_id: str


@dataclass(frozen=True)
class VoiceList:
    """Voices in the order in which they are shown; ``n_left_out`` wordings are not."""

    voices: tuple[Voice, ...]
    n_left_out: int = 0


@dataclass(frozen=True)
class Issue:
    """One issue (課題) with its voices.

    Attributes
    ----------
    headings
        Of the concept dictionary; empty where the issue comes from the data alone.
    n_other_goals
        Opinions of the issue that stand under another goal than the issue does.
    second_goal
        Label of the goal that came next, empty where there was none.
    machine_goal
        Label of the goal that the program proposes; its confidence is the one given.
    goal_counts
        Opinions under each goal, in words.
    n_silent
        Opinions that stand under no goal.
    to_split
        Its opinions speak to two goals.
    decided_by, decided_because
        Who set the goal, and the reason given; empty where the program did.
    seen_goal
        Label of the goal that stood there before the decision.
    evidence
        Words that speak for the goal.
    rivals
        Other goals that its opinions speak to, with the words for each; given where the
        issue is to be split or has no goal.
    """

    issue_id: str
    title: str
    group: str
    words: tuple[str, ...]
    n_opinions: int
    n_distinct: int
    n_people: int
    cohesion: str
    stability: str
    stability_word: str
    headings: tuple[str, ...]
    goal_id: str
    goal: str
    measure: str
    confidence: str
    confidence_level: str
    second_goal: str
    machine_goal: str
    goal_counts: str
    n_silent: int
    to_split: bool
    decided_by: str
    decided_because: str
    seen_goal: str
    n_other_goals: int
    evidence: tuple[EvidenceWord, ...]
    rivals: tuple[tuple[str, tuple[EvidenceWord, ...]], ...]
    voices: tuple[Voice, ...]
    further: VoiceList


@dataclass(frozen=True)
class MeasureRow:
    """One measure (施策) and how many opinions speak to it.

    Attributes
    ----------
    sdgs
        Sustainable Development Goals that the plan states.
    suggested
        Further ones that its words suggest.
    """

    measure_id: str
    name: str
    n_opinions: int
    n_people: int
    n_unsure: int
    sdgs: tuple[SdgMark, ...]
    suggested: tuple[SdgMark, ...]


@dataclass(frozen=True)
class Goal:
    """One basic goal (基本目標) with what speaks to it.

    Attributes
    ----------
    n_own, n_elsewhere, n_alone
        Its opinions: in issues under it, in issues under another or no goal,
        in no issue. They add up to ``n_opinions``.
    n_without_measure
        Its opinions that are linked to none of its measures.
    elsewhere
        The voices behind ``n_elsewhere``, the most certain first.
    """

    goal_id: str
    name: str
    slogan: str
    summary: str
    n_opinions: int
    n_people: int
    n_unsure: int
    n_own: int
    n_elsewhere: int
    n_alone: int
    n_without_measure: int
    measures: tuple[MeasureRow, ...]
    issues: tuple[Issue, ...]
    elsewhere: VoiceList


@dataclass(frozen=True)
class IssueGroup:
    """Issues under no goal that belong together (課題群)."""

    title: str
    n_opinions: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class GoalRow:
    """One line of the overview; the last one is for what stands under no goal."""

    goal_id: str
    name: str
    n_opinions: int
    n_people: int
    n_unsure: int
    share: str


@dataclass(frozen=True)
class HeatCell:
    """One cell of a cross table; ``level`` 0 (none) to 5 (most) is its shade."""

    n_opinions: int
    n_people: int
    share: str
    level: int


@dataclass(frozen=True)
class Heat:
    """Goals × kinds of sources; the last row and the last cell of a row are totals."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    totals: tuple[HeatCell, ...]


@dataclass(frozen=True)
class AloneGroup:
    """Opinions in no issue, under one goal or under none."""

    goal_id: str
    label: str
    n_opinions: int
    listed: VoiceList


@dataclass(frozen=True)
class Reason:
    """Why something was not carried on, how often, and for example what."""

    reason: str
    stage: str
    n_pieces: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Teacher:
    """A decision that moved another opinion; ``voice`` is what was decided, and for which goal."""

    decision_id: str
    reviewer: str
    voice: str
    goal_id: str


@dataclass(frozen=True)
class Lesson:
    """An opinion that decisions on others have moved, and which did most."""

    text: str
    times: int
    before: str
    after: str
    teachers: tuple[Teacher, ...]


@dataclass(frozen=True)
class Lessons:
    """What was learnt from decisions, the opinions that were moved furthest first.

    Attributes
    ----------
    n_opinions, n_decisions
        Opinions that were moved, and decisions that moved them.
    n_left_out
        Wordings that are not shown.
    """

    n_opinions: int
    n_decisions: int
    shown: tuple[Lesson, ...]
    n_left_out: int


@dataclass(frozen=True)
class Sum:
    """A sum that the reader can check: parts, and what they should add up to."""

    whole: str
    n_whole: int
    parts: tuple[tuple[str, int], ...]

    @property
    def adds_up(self) -> bool:
        """Whether the parts are the whole."""
        return sum(number for _, number in self.parts) == self.n_whole


@dataclass(frozen=True)
class Ledger:
    """Where every answer and every opinion went."""

    sums: tuple[Sum, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class FileRow:
    """One file and its fingerprint; ``note`` is its size or number of rows."""

    file: str
    sha256: str
    note: str


@dataclass(frozen=True)
class Methods:
    """How the result was made, in sentences and in tables."""

    run_id: str
    version: str
    paragraphs: tuple[str, ...]
    confidence: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    inputs: tuple[FileRow, ...]
    dictionaries: tuple[FileRow, ...]
    results: tuple[FileRow, ...]


@dataclass(frozen=True)
class Overview:
    """The first screen; ``n_withheld``: likely goals that are left to a person."""

    n_answers: int
    n_answering: int
    n_people: int
    n_unknown_speakers: int
    n_opinions: int
    n_distinct: int
    n_issues: int
    n_no_goal: int
    n_withheld: int
    share_no_goal: str
    n_unsure: int
    share_unsure: str
    n_unsure_issues: int
    n_alone: int
    goals: tuple[GoalRow, ...]
    largest: tuple[Issue, ...]


@dataclass(frozen=True)
class Report:
    """Everything that the templates need; ``states_sdgs``: the plan gives SDGs somewhere."""

    title: str
    plan_title: str
    plan_period: str
    overview: Overview
    heat: Heat
    goals: tuple[Goal, ...]
    states_sdgs: bool
    no_goal_groups: tuple[IssueGroup, ...]
    n_no_goal_issues: int
    alone: tuple[AloneGroup, ...]
    lessons: Lessons
    reasons: tuple[Reason, ...]
    ledger: Ledger
    methods: Methods
    confidence_high: float
    confidence_middle: float
