"""What explanations of opinions and issues have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pipeline.evidence_words import EvidenceWord

IN_FORCE: Final = "使っている"
TAKEN_BACK: Final = "機械の案にもどしている"


class Origin(NamedTuple):
    """Where an answer stands. Of the respondent only the id is told, of the answer nothing."""

    file: str
    kind: str
    locator: str
    question: str
    answer_id: str
    respondent_id: str


class Judged(NamedTuple):
    """A decision, and what became of it in this run.

    Attributes
    ----------
    about
        What it was decided on, where that is not the thing itself that is explained.
    outcome
        :data:`IN_FORCE` (and on what, where that has another number now),
        :data:`TAKEN_BACK`, replaced by a later one, or why it is not used.
    """

    decision_id: str
    decided_at: str
    reviewer: str
    target_id: str
    field: str
    before: str
    after: str
    reason: str
    run_id: str
    outcome: str
    about: str = ""

    @property
    def who(self) -> str:
        """Reviewer and moment, with the reason where there is one."""
        reason = f"、理由: {self.reason}" if self.reason else ""
        return f"{self.reviewer} {self.decided_at}{reason}"


class GoalWords(NamedTuple):
    """A goal that something speaks for, and the words that do."""

    goal_id: str
    score: float
    words: tuple[EvidenceWord, ...]


class GoalView(NamedTuple):
    """Goal of an opinion or issue: now, the machine's, and why. Labels, empty for none."""

    goal: str
    goal_2: str
    measure: str
    machine_goal: str
    machine_goal_2: str
    machine_measure: str
    confidence: float
    withheld: str
    assigned_by: str
    decided: tuple[Judged, ...]
    why: GoalWords | None
    others: tuple[tuple[str, GoalWords], ...]
