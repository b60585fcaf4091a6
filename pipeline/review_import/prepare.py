"""Workbooks → decisions: only what changed, checked row by row, conflicts named.

Nothing is written here: :func:`prepare` says which rows would be added to the record and
what stands against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decision_words import Voices, field_name, shown_value
from pipeline.decisions import (
    MEMBERS,
    Decision,
    in_force,
    is_issue,
    is_piece,
    parse_split,
    standing,
    used_numbers,
    write_split,
    wrong,
)
from pipeline.follow import corrections_of
from pipeline.identity import highest_number, issue_number, known_issues
from pipeline.privacy import joined_hidden, parse_hidden, write_hidden
from pipeline.regroup import circles
from pipeline.remember import (
    Occasion,
    issue_voices,
    new_id,
    number_issues,
    unused_id,
)
from pipeline.review_import.reading import Place, Problem, ReviewBook
from pipeline.review_import.wanted import (
    NEW,
    RunState,
    Wanted,
    headings_to_split,
    shown_hidden,
    understand,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

VOICES_OF_NEW: Final = 8
"""Voices that are kept with the title of an issue that people made."""


class Reviewed(NamedTuple):
    """A workbook and who filled it in."""

    book: ReviewBook
    reviewer: str


@dataclass(frozen=True)
class Prepared:
    """What reading workbooks back would add to the record.

    Attributes
    ----------
    decisions
        Rows to add; those that only keep what issues are made of come first.
    problems
        What stands against it, in the order of files, sheets and rows. Rows with a
        problem are not among the decisions.
    n_known
        Cells that the record holds already.
    """

    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    n_known: int

    @property
    def judgements(self) -> tuple[Decision, ...]:
        """Rows that a person decided."""
        return tuple(own for own in self.decisions if own.field != MEMBERS)


def prepare(
    reviews: Sequence[Reviewed],
    state: RunState,
    tables: Mapping[str, pd.DataFrame],
    record: Sequence[Decision],
    decided_at: str,
    *,
    overrule: bool = False,
) -> Prepared:
    """Work out what workbooks add to the record of decisions.

    Parameters
    ----------
    reviews
        Workbooks of this run, or of an earlier one of the same study.
    state, tables
        The run.
    record
        Decisions so far, in the order of their file.
    decided_at
        ISO 8601.
    overrule
        What somebody else decided meanwhile gives way.
    """
    reviews = _told_apart(reviews)
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    for book, reviewer in reviews:
        same_run = book.run_id == state.run_id
        found, wrong_cells = understand(book.entries, state, reviewer, same_run=same_run)
        wanted += found
        problems += [*book.problems, *wrong_cells]
    problems += _between_reviewers(wanted, state)
    numbering = _Numbering(tables, state, record, reviews, decided_at)
    kept: list[Decision] = []
    n_known = 0
    counting = standing(record)
    for own, made in numbering.decisions(_without(wanted, problems)):
        verdict = _beside_record(made, record, counting, state)
        if verdict == "known" or (verdict == "said" and not overrule):
            n_known += 1
        elif verdict and not overrule:
            problems.append(Problem(own.place, verdict))
        else:
            kept.append(made)
            problems += [Problem(own.place, why) for why in wrong(made, state.plan)]
    problems += _circles(kept, numbering.places, record)
    taken = _without_rows(kept, numbering.places, problems)
    used = {*used_numbers(taken)}
    titles = [own for own in numbering.new_titles(taken) if own.target_id in used]
    rows = (*numbering.rows, *titles, *taken) if taken else ()
    return Prepared(rows, tuple(sorted(set(problems), key=_in_order(reviews))), n_known)


def _told_apart(reviews: Sequence[Reviewed]) -> list[Reviewed]:
    """Workbooks of one name with their writer behind it: everybody's is ``review.xlsx``."""
    counts = Counter(book.file for book, _ in reviews)
    found = []
    for number, (book, reviewer) in enumerate(reviews, start=1):
        if counts[book.file] > 1:
            name = f"{book.file}（{number}冊目、{reviewer}）"
            entries = [own._replace(place=own.place._replace(file=name)) for own in book.entries]
            problems = [own._replace(place=own.place._replace(file=name)) for own in book.problems]
            renamed = replace(book, file=name, entries=tuple(entries), problems=tuple(problems))
            found.append(Reviewed(renamed, reviewer))
        else:
            found.append(Reviewed(book, reviewer))
    return found


def _in_order(
    reviews: Sequence[Reviewed],
) -> Callable[[Problem], tuple[int, str, int, str, str]]:
    files = {book.file: number for number, (book, _) in enumerate(reviews)}

    def key(problem: Problem) -> tuple[int, str, int, str, str]:
        place = problem.place
        return files.get(place.file, -1), place.sheet, place.row, place.column, problem.text

    return key


def _row(place: Place) -> tuple[str, str, int]:
    return place.file, place.sheet, place.row


def _without(wanted: Iterable[Wanted], problems: Iterable[Problem]) -> list[Wanted]:
    """Cells of rows that nothing stands against."""
    bad = {_row(problem.place) for problem in problems}
    return [own for own in wanted if _row(own.place) not in bad]


def _without_rows(
    made: Iterable[Decision], places: Mapping[str, Place], problems: Iterable[Problem]
) -> list[Decision]:
    bad = {_row(problem.place) for problem in problems}
    return [own for own in made if _row(places[own.decision_id]) not in bad]


def _between_reviewers(wanted: Iterable[Wanted], state: RunState) -> list[Problem]:
    """Cells on one thing in which two workbooks differ."""
    by_thing: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
    for own in wanted:
        if own.field not in {"comment", "personal"}:  # what either hides is hidden
            by_thing[own.target, own.field].append(own)
    problems = []
    for cells in by_thing.values():
        if len({own.value for own in cells}) > 1:
            said = "、".join(f"{own.reviewer}は「{_shown(own, state)}」" for own in cells)
            problems += [
                Problem(own.place, f"{field_name(own.field)}の判断が食い違っています（{said}）")
                for own in cells
            ]
    return problems


def _shown(own: Wanted, state: RunState) -> str:
    if own.value.startswith(NEW):
        return own.value
    return shown_value(own.field, own.value, state.plan, state.titles)


def _circles(
    made: Iterable[Decision], places: Mapping[str, Place], record: Sequence[Decision]
) -> list[Problem]:
    """Merges that end where they begin, together with those that were decided before."""
    before = {
        target: own.value
        for (target, field), own in in_force(record).items()
        if field == "merge_into"
    }
    merges = [own for own in made if own.field == "merge_into"]
    round_about = circles(before | {own.target_id: own.value for own in merges})
    return [
        Problem(
            places[own.decision_id],
            f"統合が輪になっています（{own.target_id}→{own.value}→…→{own.target_id}）。"
            "残す課題を1つ決めてください",
        )
        for own in merges
        if own.target_id in round_about
    ]


def _beside_record(
    made: Decision,
    record: Sequence[Decision],
    counting: Mapping[tuple[str, str], Decision],
    state: RunState,
) -> str:
    """``known``, ``said`` (by the same person, before), what stands against it, or nothing."""
    before = counting.get((made.target_id, made.field))
    if before is None:
        return ""
    if before.value == made.value:
        return "known"
    if before.reviewer == made.reviewer or made.field in {"comment", "personal"}:
        return ""
    if any(_says_the_same(own, made) for own in record):
        return "said"  # before, and somebody decided otherwise since
    if before.decision_id in state.decisions:
        return ""  # the reviewer saw it
    shown = shown_value(made.field, before.value, state.plan, state.titles)
    return (
        f"このブックのあとに、{before.reviewer}が{field_name(made.field)}を「{shown}」と決めています"
        f"（{before.decided_at[:16].replace('T', ' ')}）"
    )


def _says_the_same(own: Decision, made: Decision) -> bool:
    """Whether the same person wrote the same about the same thing of the same run."""
    names = ("target_id", "field", "value", "reviewer", "run_id")
    return all(getattr(own, name) == getattr(made, name) for name in names)


class _Numbering:
    """Decisions in the numbers of the record, with the voices that they were made for."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        state: RunState,
        record: Sequence[Decision],
        reviews: Sequence[Reviewed],
        decided_at: str,
    ) -> None:
        self._state, self._record, self._decided_at = state, record, decided_at
        self._voices = issue_voices(tables["issues"], tables["opinions"])
        numbered = number_issues(
            record,
            tables["opinions"],
            tables["machine_issues"],
            self._occasion(reviews[0].reviewer),
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
        masked = self._masked(wanted)
        found = []
        for own in wanted:
            occasion = self._occasion(own.reviewer)
            target = self._number(own.target)
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
        if own.field == "personal":
            return self._with_hidden_before(own.value)
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

    def _masked(self, wanted: Iterable[Wanted]) -> dict[str, str]:
        """Texts of the opinions in which these decisions hide something."""
        together = dict(corrections_of(self._record).hidden)
        keys: dict[str, str] = {}
        for own in wanted:
            hidden = parse_hidden(own.value) if own.field == "personal" else None
            if hidden is not None:
                before = together.get(hidden.key)
                together[hidden.key] = joined_hidden(before, hidden) if before else hidden
                keys[own.target] = hidden.key
        return {
            target: shown_hidden(self._state.base_text(target) or "", together[key])
            for target, key in keys.items()
        }


def count_fields(decisions: Iterable[Decision]) -> list[tuple[str, int]]:
    """How many decisions there are on every field, as reviewers call it; most first."""
    counts = Counter(_called(own) for own in decisions)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _called(own: Decision) -> str:
    if is_piece(own.target_id):
        return field_name(own.field) if own.field == "restore" else "対象外へのコメント"
    return f"{'課題' if is_issue(own.target_id) else '意見'}の{field_name(own.field)}"
