"""What the report shows of one issue, as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.wording import REJECTED

if TYPE_CHECKING:
    from pipeline.evidence_words import EvidenceWord
    from pipeline.report.kwic import KwicLine
    from pipeline.report.voices import Voice, VoiceList


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
    treatment, because
        What the next plan might do about it (対応案), and the rule that says so; empty
        where nothing is proposed.
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
    treatment: str
    because: str
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
