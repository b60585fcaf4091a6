"""Workbooks → decisions: only what changed, checked row by row, conflicts named.

Nothing is written here: :func:`prepare` says which rows would be added to the record and
what stands against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.decision_words import field_name, shown_value
from pipeline.decisions import (
    MEMBERS,
    PRIVACY_FIELDS,
    WITHDRAWN,
    Decision,
    in_force,
    is_issue,
    is_piece,
    public_strings,
    standing,
    used_numbers,
    wrong,
)
from pipeline.regroup import circles
from pipeline.review.columns import ASIDE_SHEET, CARRIED_SHEET, ISSUE_SHEET, OPINION_SHEET
from pipeline.review_import.numbering import Numbering
from pipeline.review_import.reading import Place, Problem, ReviewBook
from pipeline.review_import.wanted import (
    NEW,
    Wanted,
    understand,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.review_import.state import RunState


_ADD_UP: Final = frozenset(["comment", *PRIVACY_FIELDS])
"""Fields in which two people never contradict each other: what either says holds."""

_SHEETS: Final = (ISSUE_SHEET, OPINION_SHEET, ASIDE_SHEET, CARRIED_SHEET)


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
    emptied
        What the same person decided with this run before, and whose cell is empty now.
    notes
        What the decisions will do that its writers may not expect.
    """

    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    n_known: int
    emptied: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

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
    numbering = Numbering(tables, state, record, reviews[0].reviewer, decided_at)
    kept: list[Decision] = []
    n_known = 0
    counting = standing(record)
    rows_made = numbering.decisions(_without(wanted, problems))
    public = public_strings([*record, *(made for _, made in rows_made)])
    for own, made in rows_made:
        before = counting.get((made.target_id, made.field))
        if made.value == made.value_seen and (before is None or before.value == made.value):
            continue  # what stands there anyway
        verdict = _beside_record(made, record, before, state)
        if verdict == "known" or (verdict == "said" and not overrule):
            n_known += 1
        elif verdict and not overrule:
            problems.append(Problem(own.place, verdict))
        else:
            kept.append(made)
            problems += [Problem(own.place, why) for why in wrong(made, state.plan, public)]
    problems += _circles(kept, numbering.places, record)
    taken = _without_rows(kept, numbering.places, problems)
    used = {*used_numbers(taken)}
    titles = [own for own in numbering.new_titles(taken) if own.target_id in used]
    rows = (*numbering.rows, *titles, *taken) if taken else ()
    told = tuple(sorted(set(problems), key=_in_order(reviews)))
    return Prepared(
        rows, told, n_known, _emptied(reviews, counting, state), _opened(taken, record, state)
    )


def _opened(
    taken: Sequence[Decision], record: Sequence[Decision], state: RunState
) -> tuple[str, ...]:
    """How many masks every string opens that is declared public now."""
    new = public_strings(taken) - public_strings(record)
    found = []
    for word in sorted(new):
        opened = state.opened(word)
        line = (
            f"「{word}」の公開で、意見 {len(opened):,}件の {sum(opened.values()):,}か所が、"
            "次の結果から伏せ字でなくなります。"
        )
        if state.is_masked(word):
            line += (
                "人の名前などとして伏せた言葉そのものなので、ほかの人まで開いていないか、"
                "kadai privacy で確かめてください。"
            )
        found.append(line)
    return tuple(found)


def _emptied(
    reviews: Sequence[Reviewed],
    counting: Mapping[tuple[str, str], Decision],
    state: RunState,
) -> tuple[str, ...]:
    """Cells that were filled when the workbook was read before, and are empty now."""
    found = []
    for book, reviewer in reviews:
        filled = {(entry.target, entry.field) for entry in book.entries}
        split = {entry.target for entry in book.entries if entry.field == "split"}
        for (target, field), own in counting.items():
            if (
                (own.reviewer, own.run_id) == (reviewer, state.run_id)
                and own.value != WITHDRAWN
                and field != MEMBERS
                and target in book.rows
                and (target, _CELLS.get(field, field)) not in filled
                and not (field == "title" and target in split)
            ):
                found.append(f"{book.rows[target].sheet} {target}「{field_name(field)}」")
    return tuple(found)


_CELLS: Final = dict.fromkeys(PRIVACY_FIELDS, "personal")
"""Field → the field of the column that it is written into, where that is another one."""


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
        sheet = f"{_SHEETS.index(place.sheet)}" if place.sheet in _SHEETS else place.sheet
        return files.get(place.file, -1), sheet, place.row, place.column, problem.text

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
        if own.field not in _ADD_UP:
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
    made: Decision, record: Sequence[Decision], before: Decision | None, state: RunState
) -> str:
    """``known``, ``said`` (by the same person, before), what stands against it, or nothing."""
    if before is None:
        return ""
    if before.value == made.value:
        return "known"
    if before.reviewer == made.reviewer:
        return ""
    if any(_says_the_same(own, made) for own in record):
        return "said"  # before, and somebody decided otherwise since
    if made.field in _ADD_UP:
        return ""
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


def count_fields(decisions: Iterable[Decision]) -> list[tuple[str, int]]:
    """How many decisions there are on every field, as reviewers call it; most first."""
    counts = Counter(_called(own) for own in decisions)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _called(own: Decision) -> str:
    if own.field == "title" and not own.value_seen:
        return "新しい課題"
    if is_piece(own.target_id):
        return field_name(own.field) if own.field == "restore" else "対象外へのコメント"
    return f"{'課題' if is_issue(own.target_id) else '意見'}の{field_name(own.field)}"
