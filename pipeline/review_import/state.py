"""What a run says now, looked up by id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.decisions import NO_ISSUE, is_issue, is_piece, piece_id
from pipeline.opinions import text_key
from pipeline.plan import NO_GOAL
from pipeline.privacy import (
    Hidden,
    find_personal,
    joined_hidden,
    mask,
    parse_hidden,
    write_hidden,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

    from pipeline.plan import Plan


@dataclass(frozen=True)
class RunState:
    """What a run says now, looked up by id.

    Attributes
    ----------
    run_id
        Of the manifest.
    plan
        Of the run.
    opinions, issues, pieces
        Id → row of the table.
    decisions
        Row of ``applied_decisions`` by its number.
    raw
        Answer → raw text; empty strings where the run keeps none.
    topics
        Opinion → heading of the concept dictionary that it stands under.
    """

    run_id: str
    plan: Plan
    opinions: Mapping[str, Mapping[Hashable, Any]]
    issues: Mapping[str, Mapping[Hashable, Any]]
    pieces: Mapping[str, Mapping[Hashable, Any]]
    decisions: Mapping[str, Mapping[Hashable, Any]]
    raw: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run_id: str, plan: Plan, tables: Mapping[str, pd.DataFrame]) -> RunState:
        """Look up the tables of a run."""
        aside = tables["set_aside"].to_dict("records")
        answers, concepts = tables["answers"], tables["concepts"]
        topics = concepts[concepts["is_topic"] == 1].drop_duplicates("opinion_id")
        return cls(
            run_id=run_id,
            plan=plan,
            opinions=_by(tables["opinions"], "opinion_id"),
            issues=_by(tables["issues"], "issue_id"),
            pieces={piece_id(row["answer_id"], row["start"], row["end"]): row for row in aside},
            decisions=_by(tables["applied_decisions"], "decision_id"),
            raw=dict(zip(answers["answer_id"], answers["raw_text"], strict=True)),
            topics=dict(zip(topics["opinion_id"], topics["heading"], strict=True)),
        )

    @property
    def titles(self) -> dict[str, str]:
        """Title of every issue."""
        return {own: str(row["title"]) for own, row in self.issues.items()}

    def value(self, target: str, field: str) -> str:
        """Value that stands in the run, as a decision writes it."""
        if is_piece(target):
            return ""
        row = self.issues[target] if is_issue(target) else self.opinions[target]
        if field == "personal":
            hidden = self.hidden_in(target)
            return write_hidden(hidden) if hidden else ""
        if field in {"merge_into", "split"}:
            return self._standing(target, field)
        value = str(row[field])
        if field == "goal_id":
            return value or NO_GOAL
        return value or NO_ISSUE if field == "issue_id" else value

    def _standing(self, target: str, field: str) -> str:
        own = [
            row
            for row in self.decisions.values()
            if row["stands"] and row["field"] == field and row["applied_to"] == target
        ]
        return str(own[-1]["value"]) if own else ""

    def is_back(self, piece: str) -> bool:
        """Whether a piece that was set aside was brought back in this run."""
        return any(
            row["stands"] and row["field"] == "restore" and row["target_id"] == piece
            for row in self.decisions.values()
        )

    def hidden_in(self, opinion_id: str) -> Hidden | None:
        """What people hid in an opinion, or in another one of the same text."""
        base, shown = self.base_text(opinion_id), self.opinions[opinion_id]["text"]
        key = text_key(base) if base is not None else ""
        found = None
        for row in self.decisions.values():
            value = parse_hidden(str(row["value"])) if row["field"] == "personal" else None
            if value is None or not row["stands"]:
                continue
            alike = self.opinions.get(str(row["applied_to"]), {}).get("text") == shown
            if value.key == key or (base is None and alike):
                found = joined_hidden(found, value) if found else value
        return found

    def voices_on(self, issue_id: str, heading: str) -> list[str]:
        """Opinions of an issue on one topic."""
        return [
            str(row["text"])
            for own, row in sorted(self.opinions.items())
            if row["issue_id"] == issue_id and self.topics.get(own) == heading
        ]

    def base_text(self, opinion_id: str) -> str | None:
        """Text of an opinion before a person hid anything; ``None`` where it is not kept."""
        row = self.opinions[opinion_id]
        raw = self.raw.get(str(row["answer_id"]), "")
        if raw:
            own = raw[row["start"] : row["end"]]
            return mask(own, find_personal(own))
        return None if row["hidden"] else str(row["text"])


def _by(table: pd.DataFrame, key: str) -> dict[str, Mapping[Hashable, Any]]:
    return {str(row[key]): row for row in table.to_dict("records")}
