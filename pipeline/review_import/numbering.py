"""Cells as rows of the record: in its numbers, with the voices that they were written for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.decision_words import Voices
from pipeline.decisions import (
    CHECKED,
    WITHDRAWN,
    Decision,
    in_force,
    is_issue,
    parse_split,
    used_numbers,
    write_split,
)
from pipeline.follow import corrections_of
from pipeline.identity import highest_number, issue_number, known_issues
from pipeline.opinions import text_key
from pipeline.privacy import Hidden, joined_hidden, parse_hidden, write_hidden
from pipeline.privacy.declared import PUBLIC, parse_public, write_public
from pipeline.remember import Occasion, issue_voices, new_id, number_issues, unused_id
from pipeline.review_import.wanted import NEW, Wanted, headings_to_split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.review_import.reading import Place
    from pipeline.review_import.state import RunState

VOICES_OF_NEW: Final = 8
"""Voices that are kept with the title of an issue that people made."""


class Numbering:
    """Decisions in the numbers of the record, with the voices that they were made for."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        state: RunState,
        record: Sequence[Decision],
        reviewer: str,
        decided_at: str,
    ) -> None:
        self._state, self._record, self._decided_at = state, record, decided_at
        self._voices = issue_voices(tables["issues"], tables["opinions"])
        numbered = number_issues(
            record,
            tables["opinions"],
            tables["machine_issues"],
            self._occasion(reviewer),
        )
        self.rows = numbered.rows
        self._number_of = dict(numbered.number_of)
        self._highest = highest_number(
            [*used_numbers(record), *self._number_of.values(), *state.issues]
        )
        self._made = self._made_before()
        self._new: dict[str, tuple[str, str, list[str]]] = {}
        self.places: dict[str, Place] = {}
        self._hidden = dict(corrections_of(record).hidden)
        self._public = {
            target: parse_public(own.value)
            for (target, field), own in in_force(record).items()
            if field == PUBLIC
        }
        self._ids = {own.decision_id for own in (*record, *self.rows)}

    def _occasion(self, reviewer: str) -> Occasion:
        return Occasion(reviewer, self._decided_at, self._state.run_id)

    def _made_before(self) -> dict[str, str]:
        """Title → issue that people made, in the run or in the record."""
        made = {
            own.value: target
            for (target, field), own in in_force(self._record).items()
            if field == "title"
            and is_issue(target)
            and target not in {*self._number_of.values(), *known_issues(self._record)}
        }
        here = {
            str(row["title"]): own
            for own, row in self._state.issues.items()
            if not row["machine_title"]
        }
        return made | here

    def decisions(self, wanted: Sequence[Wanted]) -> list[tuple[Wanted, Decision]]:
        """Every cell as a row of the record."""
        comments = {
            (own.place.file, own.target): own.value for own in wanted if own.field == "comment"
        }
        together = self._hidden_together(wanted)
        masked = {
            target: self._state.next_text(target, hidden) for target, hidden in together.items()
        }
        public = {word for own in wanted if own.field == PUBLIC for word in parse_public(own.value)}
        found = []
        for own in wanted:
            occasion = self._occasion(own.reviewer)
            target = self._number(own.target)
            if own.field == CHECKED and own.value != WITHDRAWN:
                hidden = together.get(own.target) or self._state.hidden_in(own.target)
                value = text_key(self._state.next_text(own.target, hidden, public))
            else:
                value = self._value(own)
            text = masked.get(own.target, own.text)
            if is_issue(own.target):
                text = self._voices.get(own.target, own.text)
            reason = comments.get((own.place.file, own.target), "")
            made = Decision(
                decision_id=new_id(target, own.field, value, occasion),
                target_id=target,
                field=own.field,
                value_seen=self._seen(own),
                value=value,
                reviewer=own.reviewer,
                decided_at=self._decided_at,
                reason="" if own.field == "comment" else reason,
                run_id=self._state.run_id,
                text=text,
            )
            made = made._replace(decision_id=unused_id(made.decision_id, self._ids))
            self.places[made.decision_id] = own.place
            found.append((own, made))
        voices = Voices([*self._record, *(made for _, made in found)])
        return [
            (own, made if own.target in masked else made._replace(text=voices.text(made)))
            for own, made in found
        ]

    def new_titles(self, taken: Sequence[Decision]) -> list[Decision]:
        """Titles of the issues that people make with these decisions."""
        found = []
        shown = Voices([*self._record, *taken])
        for title, (number, reviewer, voices) in self._new.items():
            occasion = self._occasion(reviewer)
            masked = (shown.voice(voice) for voice in voices)
            lines = [" ".join(voice.split()) for voice in masked if voice][:VOICES_OF_NEW]
            found.append(
                Decision(
                    new_id(number, "title", title, occasion), number, "title", "", title, reviewer,
                    self._decided_at, "", self._state.run_id, "\n".join(lines),
                )
            )  # fmt: skip
        return found

    def _number(self, target: str) -> str:
        return self._number_of.get(target, target) if is_issue(target) else target

    def _value(self, own: Wanted) -> str:
        if own.field == "issue_id" and own.value.startswith(NEW):
            return self._made_issue(own.value.removeprefix(NEW), own.reviewer, [own.text])
        if own.value == WITHDRAWN:
            return own.value
        if own.field == "personal":
            return self._with_hidden_before(own.value)
        if own.field == PUBLIC:
            declared = self._public.get(own.target, ())
            self._public[own.target] = (*declared, *parse_public(own.value))
            return write_public(self._public[own.target])
        if own.field == "split":
            before = parse_split(own.seen) or {}
            new = {
                heading: self._made_issue(
                    heading, own.reviewer, self._state.voices_on(own.target, heading)
                )
                for heading in headings_to_split(own.value)
            }
            return write_split(before | new)
        return self._number(own.value) if own.field in {"issue_id", "merge_into"} else own.value

    def _with_hidden_before(self, value: str) -> str:
        """What is to be hidden, with what was hidden in this wording before."""
        hidden = parse_hidden(value)
        if hidden is None:
            return value
        if before := self._hidden.get(hidden.key):
            hidden = joined_hidden(before, hidden)
        self._hidden[hidden.key] = hidden
        return write_hidden(hidden)

    def _made_issue(self, title: str, reviewer: str, voices: Sequence[str]) -> str:
        """Number of the issue that people make under a title, a new one where there is none."""
        named = [own for own, other in self._state.titles.items() if other == title]
        if len(named) == 1:
            return self._number(named[0])
        if title in self._made:
            return self._number(self._made[title])
        if title not in self._new:
            self._highest += 1
            self._new[title] = (issue_number(self._highest), reviewer, [])
        self._new[title][2].extend(voices)
        return self._new[title][0]

    def _seen(self, own: Wanted) -> str:
        return self._number(own.seen) if own.field in {"issue_id", "merge_into"} else own.seen

    def _hidden_together(self, wanted: Iterable[Wanted]) -> dict[str, Hidden]:
        """Opinions in which these decisions hide something → all that is hidden there."""
        together = dict(corrections_of(self._record).hidden)
        keys: dict[str, str] = {}
        for own in wanted:
            hidden = parse_hidden(own.value) if own.field == "personal" else None
            if hidden is not None:
                before = together.get(hidden.key)
                together[hidden.key] = joined_hidden(before, hidden) if before else hidden
                keys[own.target] = hidden.key
        return {target: together[key] for target, key in keys.items()}
