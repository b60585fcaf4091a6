"""What the report shows, as plain frozen data: no table, no markup.

Counts are whole numbers; shares are already words. ``n_people`` is the number of
respondents that can be told apart; a speaker without an id is in no such count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.report.attributes import Attributes
    from pipeline.report.charts import Heat
    from pipeline.report.comparison import Comparison
    from pipeline.report.consultation import Consultation
    from pipeline.report.coverage import Coverage
    from pipeline.report.decisions import Decisions
    from pipeline.report.doubts import Doubt
    from pipeline.report.goal_charts import Matrix, SourceBars
    from pipeline.report.issue import Issue
    from pipeline.report.ledger import Ledger, Reason
    from pipeline.report.lessons import Lessons
    from pipeline.report.methods import Methods
    from pipeline.report.network import Network
    from pipeline.report.opinion_map import OpinionMap
    from pipeline.report.planned import ActionRow, MeasureRow
    from pipeline.report.previous_plan import PreviousPlan
    from pipeline.report.progress import Progress
    from pipeline.report.search import Search
    from pipeline.report.voices import VoiceList


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
    problems, outlook
        What the plan says is wrong, and how the city should look at its end.
    other_actions
        Lines of the action plan under the goal that belong to none of its measures.
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
    problems: tuple[str, ...]
    outlook: tuple[str, ...]
    measures: tuple[MeasureRow, ...]
    other_actions: tuple[ActionRow, ...]
    issues: tuple[Issue, ...]
    elsewhere: VoiceList

    @property
    def n_actions(self) -> int:
        """Lines of the action plan under it."""
        return len(self.other_actions) + sum(len(measure.actions) for measure in self.measures)


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
class AloneGroup:
    """Opinions in no issue, under one goal or under none."""

    goal_id: str
    label: str
    n_opinions: int
    listed: VoiceList


@dataclass(frozen=True)
class Overview:
    """The first screen.

    Attributes
    ----------
    n_last_plan
        Opinions that are the last plan's own words; nobody of the people said them.
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
    n_last_plan: int
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
    coverage: Coverage
    heat: Heat
    source_bars: SourceBars
    matrix: Matrix
    attributes: Attributes
    map: OpinionMap
    network: Network
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
    comparison: Comparison | None
    consultation: Consultation | None
    previous_plan: PreviousPlan | None
