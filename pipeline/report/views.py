"""What the report shows, as plain frozen data: no table, no markup.

Counts are whole numbers; shares are already words. ``n_people`` is the number of
respondents that can be told apart; a speaker without an id is in no such count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.wording import REJECTED

if TYPE_CHECKING:
    from pipeline.evidence_words import EvidenceWord
    from pipeline.lookups import SdgMark
    from pipeline.report.doubts import Doubt
    from pipeline.report.goal_charts import Matrix, SourceBars
    from pipeline.report.kwic import KwicLine
    from pipeline.report.search import Search
    from pipeline.report.voices import Label


@dataclass(frozen=True)
class Voice:
    """One wording, verbatim (people masked), and how many opinions say the same.

    Attributes
    ----------
    source_kinds
        Kinds of sources that it comes from.
    labels
        Attributes of those who said so, as far as they may be shown.
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
    machine_kind
        Kind that the program proposes, where a person gave it another one.
    moved_from
        Issue that the program had put it in, where a person moved it.
    restored
        A person brought it back from what was set aside.
    comment
        A reviewer's.
    """

    text: str
    times: int
    kind: str
    source: str
    source_kinds: tuple[str, ...]
    labels: tuple[Label, ...]
    goal_id: str
    evidence: tuple[EvidenceWord, ...]
    confidence: str
    decided_by: str
    seen_goal_id: str
    machine_kind: str
    moved_from: str
    restored: bool
    comment: str


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
    kwic
        Its characteristic words where they stand.
    status
        What people made of it: 採用, 保留, 却下; empty where nobody judged it.
    reviewed_by, n_reviewed
        Who decided last about it, and how many of its opinions people looked at.
    by_people
        People made it.
    machine_title
        Title that the program proposes, where a person gave it another one.
    merged
        Number and title of the machine's issues that became a part of it.
    n_moved_in, n_moved_out
        Opinions that people moved there, and away from there.
    comment
        A reviewer's.
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
    kwic: tuple[KwicLine, ...]
    status: str
    reviewed_by: str
    n_reviewed: int
    by_people: bool
    machine_title: str
    merged: tuple[tuple[str, str], ...]
    n_moved_in: int
    n_moved_out: int
    comment: str

    @property
    def is_rejected(self) -> bool:
        """Whether people decided not to take it up."""
        return self.status == REJECTED

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to say of what people did to it."""
        marks = (self.reviewed_by, self.machine_title, self.comment, self.merged)
        counts = (self.n_reviewed, self.n_moved_in, self.n_moved_out)
        return self.by_people or any(marks) or any(counts)


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
    n_own, n_elsewhere, n_rejected, n_alone
        Its opinions: in issues under it, in issues under another or no goal, in issues
        that people rejected, in no issue. They add up to ``n_opinions``.
    n_rejected_issues
        Issues under it that people rejected; they stand in a section of their own.
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
    n_rejected: int
    n_rejected_issues: int
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
    """One line of the overview; the last one is for what stands under no goal.

    Attributes
    ----------
    n_issues
        Issues under it that nobody rejected.
    largest
        The largest of them.
    """

    goal_id: str
    name: str
    n_opinions: int
    n_people: int
    n_unsure: int
    share: str
    n_issues: int
    largest: tuple[Issue, ...]


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
class ProgressRow:
    """Opinions or issues, and how many of them people looked at."""

    goal_id: str
    label: str
    n_all: int
    n_reviewed: int
    share: str


@dataclass(frozen=True)
class Progress:
    """How far the review has come.

    Attributes
    ----------
    statuses
        採用, 保留, 却下 and まだ, each with its number of issues.
    goals
        One row a goal, the last one for opinions under none.
    changes
        What people changed, in words, and how often; nothing that is zero.
    """

    opinions: ProgressRow
    issues: ProgressRow
    statuses: tuple[tuple[str, int], ...]
    goals: tuple[ProgressRow, ...]
    changes: tuple[tuple[str, int], ...]

    @property
    def has_begun(self) -> bool:
        """Whether anybody decided anything."""
        return bool(self.opinions.n_reviewed or self.issues.n_reviewed or self.changes)


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


@dataclass(frozen=True)
class Overview:
    """The first screen.

    Attributes
    ----------
    n_rejected_issues
        Of the issues, those that people rejected.
    n_withheld
        Likely goals that are left to a person.
    largest
        Issues with most opinions, without those that were rejected.
    doubts
        Issues that a person should look at first; ``n_doubts`` of them in all.
    """

    n_answers: int
    n_answering: int
    n_people: int
    n_unknown_speakers: int
    n_opinions: int
    n_distinct: int
    n_issues: int
    n_rejected_issues: int
    n_no_goal: int
    n_withheld: int
    share_no_goal: str
    n_unsure: int
    share_unsure: str
    n_unsure_issues: int
    n_alone: int
    goals: tuple[GoalRow, ...]
    largest: tuple[Issue, ...]
    doubts: tuple[Doubt, ...]
    n_doubts: int


@dataclass(frozen=True)
class Report:
    """Everything that the templates need; ``states_sdgs``: the plan gives SDGs somewhere."""

    title: str
    plan_title: str
    plan_period: str
    overview: Overview
    search: Search
    progress: Progress
    heat: Heat
    source_bars: SourceBars
    matrix: Matrix
    goals: tuple[Goal, ...]
    states_sdgs: bool
    no_goal_groups: tuple[IssueGroup, ...]
    n_no_goal_issues: int
    rejected: tuple[Issue, ...]
    alone: tuple[AloneGroup, ...]
    lessons: Lessons
    decisions: Decisions
    reasons: tuple[Reason, ...]
    ledger: Ledger
    methods: Methods
    confidence_high: float
    confidence_middle: float
