"""A finished run, looked up by id: what :mod:`pipeline.audit.explain` tells from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.audit.views import IN_FORCE, TAKEN_BACK, GoalView, GoalWords, Judged, Origin
from pipeline.decision_words import (
    REPLACED,
    Voices,
    before_and_after,
    field_name,
    moment_key,
    shown_moment,
)
from pipeline.decisions import COLUMNS, MEMBERS, WITHDRAWN, Decision
from pipeline.evidence_words import evidence_words
from pipeline.lookups import goal_evidence, goal_labels, linked_goals, measure_labels
from pipeline.wording import clean, source_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from pipeline.plan import Plan

Row = dict[str, Any]


class Applied(NamedTuple):
    """A row of the table ``applied_decisions``."""

    decision: Decision
    applied_to: str
    stands: bool
    why_not: str

    @property
    def targets(self) -> tuple[str, str]:
        """What it was decided on, and what it was applied to."""
        return self.decision.target_id, self.applied_to

    @property
    def touched(self) -> str:
        """What it speaks of in this run; what it was decided on where it has none such."""
        return self.applied_to or self.decision.target_id


@dataclass(frozen=True)
class Result:
    """Tables of a run without the raw text, and its plan.

    Attributes
    ----------
    tables
        By name; ``answers`` has no ``raw_text``.
    note
        What is to be known about the plan, in Japanese; empty for nothing.
    """

    tables: Mapping[str, pd.DataFrame]
    plan: Plan
    note: str = ""

    def rows(self, name: str, column: str, values: Collection[str]) -> list[Row]:
        """Rows of a table that have one of some values in a column, in the table's order."""
        table = self.tables[name]
        found = table[table[column].isin(list(values))].to_dict("records")
        return [{str(key): value for key, value in row.items()} for row in found]

    def row(self, name: str, column: str, value: str) -> Row | None:
        """First such row, or none."""
        return next(iter(self.rows(name, column, [value])), None)

    def alike(self, opinion: Row) -> set[str]:
        """Opinions of one wording, this one among them."""
        first = str(opinion["duplicate_of"] or opinion["opinion_id"])
        others = self.rows("opinions", "duplicate_of", [first])
        return {first, *(str(own["opinion_id"]) for own in others)}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title of every issue: now, or the machine's where it is no longer there."""
        return {
            own: clean(title)
            for name in ("machine_issues", "issues")
            for own, title in zip(
                self.tables[name]["issue_id"], self.tables[name]["title"], strict=True
            )
        }

    @cached_property
    def labels(self) -> dict[str, str]:
        """Goal or measure → number and name."""
        return {**goal_labels(self.plan), **measure_labels(self.plan), "": ""}

    def label(self, own: str) -> str:
        """Number and name of a goal or measure, the number alone where the plan lacks it."""
        return self.labels.get(own, own)

    @cached_property
    def decisions(self) -> tuple[Applied, ...]:
        """Every judgement that the run read, in the order of time."""
        return tuple(own for own in self._applied if own.decision.field != MEMBERS)

    @cached_property
    def members(self) -> tuple[Applied, ...]:
        """What the run remembered of what issues were made of."""
        return tuple(own for own in self._applied if own.decision.field == MEMBERS)

    @cached_property
    def voices(self) -> Voices:
        """Voices of decisions that may be shown."""
        return Voices(own.decision for own in self._applied)

    @cached_property
    def _applied(self) -> tuple[Applied, ...]:
        rows = [
            Applied(
                Decision(*(str(row[name]) for name in COLUMNS)),
                str(row["applied_to"]),
                bool(row["stands"]),
                clean(str(row["why_not"])),
            )
            for row in self.tables["applied_decisions"].to_dict("records")
        ]
        return tuple(
            sorted(
                rows,
                key=lambda own: (moment_key(own.decision.decided_at), own.decision.decision_id),
            )
        )

    def judged(self, own: Applied, about: str = "") -> Judged:
        """Put a decision into words."""
        before, after = before_and_after(own.decision, self.plan, self.titles)
        return Judged(
            decision_id=clean(own.decision.decision_id),
            decided_at=shown_moment(own.decision.decided_at),
            reviewer=clean(own.decision.reviewer),
            target_id=clean(own.decision.target_id),
            field=field_name(own.decision.field),
            before=before,
            after=after,
            reason=clean(own.decision.reason),
            run_id=clean(own.decision.run_id),
            outcome=self._outcome(own),
            about=about,
        )

    def standing(self, field: str, targets: Collection[str], about: str = "") -> list[Judged]:
        """Decisions on one field that are in force for some targets."""
        return [
            self.judged(own, about)
            for own in self.decisions
            if own.stands and own.decision.field == field and own.applied_to in targets
        ]

    def origin(self, answer_id: str) -> Origin:
        """Where an answer stands."""
        row = self.row("answers", "answer_id", answer_id) or {}
        names = ("file", "source_kind", "locator", "question", "answer_id", "respondent_id")
        file, kind, *others = (clean(str(row.get(name, ""))) for name in names)
        return Origin(file, source_kind(kind), *others)

    def goal(self, row: Row, target: str, decided: Sequence[Judged]) -> GoalView:
        """Goal of an opinion or issue; `decided` are the decisions that gave it."""
        links = self.tables["goal_links"]
        links = links[links["target_id"] == target]
        evidence = goal_evidence(links)
        score = dict(zip(links["goal_id"], links["score"], strict=True))
        found = [
            GoalWords(own, float(score[own]), evidence_words(evidence[target, own]))
            for own in linked_goals(links).get(target, ())
        ]
        return GoalView(
            goal=self.label(row["goal_id"]),
            goal_2=self.label(row["goal_id_2"]),
            measure=self.label(row["measure_id"]),
            machine_goal=self.label(row["machine_goal_id"]),
            machine_goal_2=self.label(row["machine_goal_id_2"]),
            machine_measure=self.label(row["machine_measure_id"]),
            confidence=float(row["goal_confidence"]),
            withheld=self.label(row.get("withheld_goal_id", "")),
            assigned_by=clean(row["assigned_by"]),
            decided=tuple(decided),
            why=next((own for own in found if own.goal_id == row["goal_id"]), None),
            others=tuple(
                (self.label(own.goal_id), own) for own in found if own.goal_id != row["goal_id"]
            ),
        )

    def merges(self, start: str) -> list[Judged]:
        """Decisions by which an issue became a part of others, one after the other."""
        found: list[Judged] = []
        seen = {start}
        while step := next(
            (
                own
                for own in self.decisions
                if own.stands
                and own.decision.field == "merge_into"
                and own.applied_to == start
                and own.decision.value
            ),
            None,
        ):
            found.append(self.judged(step))
            start = step.decision.value
            if start in seen:
                break
            seen.add(start)
        return found

    def _outcome(self, own: Applied) -> str:
        if own.stands:
            target, applied_to = own.targets
            return IN_FORCE if applied_to == target else f"{IN_FORCE}（この結果では {applied_to}）"
        if own.why_not:
            return f"使っていない（{own.why_not}）"
        # The table is sorted by id: of two decisions on one thing the later one is known
        # by its time, or by standing.
        moment = moment_key(own.decision.decided_at)
        later = any(
            other.stands or moment_key(other.decision.decided_at) > moment
            for other in self.decisions
            if other is not own
            and (other.applied_to, other.decision.field) == (own.applied_to, own.decision.field)
        )
        return TAKEN_BACK if own.decision.value == WITHDRAWN and not later else REPLACED
