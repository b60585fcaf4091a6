"""What a run says now, looked up by id."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pipeline.decisions import (
    CHECKED,
    NO_ISSUE,
    is_issue,
    is_piece,
    piece_id,
)
from pipeline.opinions import text_key
from pipeline.plan import NO_GOAL
from pipeline.privacy import (
    Hidden,
    PersonalSpan,
    clipped,
    find_personal,
    joined_hidden,
    mask,
    names_in,
    parse_hidden,
    with_hidden,
    with_names,
    write_hidden,
)
from pipeline.privacy.declared import NAMES, PUBLIC, inside, parse_public

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping
    from typing import Any

    import pandas as pd

    from pipeline.plan import Plan


class Written(NamedTuple):
    """An opinion as it was written, and what in it points at a person.

    Attributes
    ----------
    found
        As the machine finds it.
    left
        Without what is declared public.
    """

    text: str
    found: list[PersonalSpan]
    left: list[PersonalSpan]


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
    asked
        Questions.
    """

    run_id: str
    plan: Plan
    opinions: Mapping[str, Mapping[Hashable, Any]]
    issues: Mapping[str, Mapping[Hashable, Any]]
    pieces: Mapping[str, Mapping[Hashable, Any]]
    decisions: Mapping[str, Mapping[Hashable, Any]]
    raw: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

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
            asked=frozenset(answers["question"]),
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
        if field in {"merge_into", "split", PUBLIC, CHECKED}:
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

    @cached_property
    def public(self) -> frozenset[str]:
        """Strings that are declared as not personal."""
        return frozenset(
            word
            for row in self.decisions.values()
            if row["stands"] and row["field"] == PUBLIC
            for word in parse_public(str(row["value"]))
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        """Names that some text of the run tells to be ones."""
        texts = sorted({*self.raw.values(), *self.asked} - {""})
        return names_in((text, find_personal(text)) for text in texts)

    def _left(self, raw: str, public: frozenset[str]) -> list[PersonalSpan]:
        """What is masked in an answer, as in :func:`pipeline.opinions.make_opinions`."""
        return with_names(raw, find_personal(raw, public), self._names, public)

    def is_masked(self, name: str) -> bool:
        """Whether a name or address is masked somewhere in the run."""
        return any(
            raw[one.start : one.end] == name and one.label in NAMES
            for raw in self.raw.values()
            if name in raw  # finding people is dear
            for one in self._left(raw, self.public)
        )

    def written(self, opinion_id: str) -> Written | None:
        """Opinion as it was written; ``None`` where the run does not keep that."""
        row = self.opinions[opinion_id]
        raw = self.raw.get(str(row["answer_id"]), "")
        if not raw:
            return None
        start, end = int(row["start"]), int(row["end"])
        found = clipped(find_personal(raw), start, end)
        left = clipped(self._left(raw, self.public), start, end)
        return Written(raw[start:end], found, left)

    def base_text(self, opinion_id: str) -> str | None:
        """Text of an opinion as the machine masks it; ``None`` where it is not kept."""
        own = self.written(opinion_id)
        if own:
            return mask(own.text, own.found)
        row = self.opinions[opinion_id]
        is_opened = any(word in row["text"] for word in self.public)
        return None if row["hidden"] or is_opened else str(row["text"])

    def next_text(
        self, opinion_id: str, hidden: Hidden | None, public: Collection[str] = ()
    ) -> str:
        """Text of an opinion as the next run will show it.

        Parameters
        ----------
        hidden
            What people hide in it.
        public
            Strings that are declared public besides those that are already.
        """
        own = self.written(opinion_id)
        if own is None:
            base = self.base_text(opinion_id)
            if not hidden or base is None:
                return str(self.opinions[opinion_id]["text"])
            return mask(base, with_hidden([], hidden, len(base)))
        left = own.left
        if public:
            row = self.opinions[opinion_id]
            raw = self.raw[str(row["answer_id"])]
            spans = self._left(raw, self.public | frozenset(public))
            left = clipped(spans, int(row["start"]), int(row["end"]))
        shown = with_hidden(left, hidden, len(own.text), own.found) if hidden else left
        return mask(own.text, shown)

    def opened(self, word: str) -> dict[str, int]:
        """Opinion → masks in it that would not be there if a string were public.

        Only those that stand in an opinion now are counted.
        """
        found: Counter[str] = Counter()
        for own, row in sorted(self.opinions.items()):
            raw = self.raw.get(str(row["answer_id"]), "")
            if word not in raw:
                continue
            spans = self._left(raw, self.public)
            within = [one for one in spans if inside(one, raw, [word])]
            number = len(clipped(within, int(row["start"]), int(row["end"])))
            if number:
                found[own] = number
        return dict(found)


def _by(table: pd.DataFrame, key: str) -> dict[str, Mapping[Hashable, Any]]:
    return {str(row[key]): row for row in table.to_dict("records")}
