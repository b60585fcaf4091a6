"""What a worksheet says beside its values: hidden rows, errors, formulas without a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pipeline.documents.cells import column_letters
from pipeline.documents.model import Grid, Remark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pipeline.documents.model import Row

Place = tuple[int, int]
"""Row from 1 and column from 0."""

MOST_LETTERS: Final = 32_767
"""Characters that a cell of Excel can hold."""

_SHOWN = 5


@dataclass(frozen=True)
class SheetFacts:
    """What a worksheet says beside its values.

    Attributes
    ----------
    hidden_rows, hidden_columns
        Rows (from 1) and columns (from 0) that Excel does not show.
    errors
        Place → what a formula that failed shows, such as ``#N/A``.
    uncalculated
        Formulas whose value was never stored, so that nobody can read it.
    shown
        Place → number format of a number that is not shown as a plain number.
    long_numbers
        Whole numbers of more digits than spreadsheets keep.
    """

    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    errors: Mapping[Place, str] = field(default_factory=dict)
    uncalculated: Sequence[Place] = ()
    shown: Mapping[Place, str] = field(default_factory=dict)
    long_numbers: Sequence[Place] = ()


def sheet_remarks(grid: Grid, facts: SheetFacts) -> list[Remark]:
    """Say what a planner should know about a sheet that is read.

    Parameters
    ----------
    grid
        Its cells; hidden rows and columns without text are not worth a word.
    facts
        What was found beside the values.
    """
    place = grid.sheet or ""
    remarks = []
    # A stray cell far below stands under a million blank rows.
    written = [pair for pair in zip(grid.numbers, grid.rows, strict=True) if any(pair[1])]
    hidden = set(facts.hidden_rows)
    rows = [
        number for number, row in written if number in hidden and any(cell.strip() for cell in row)
    ]
    if rows:
        said = f"非表示の行が{len(rows)}行あります（{_listed(f'{row}行目' for row in rows)}）。"
        remarks.append(
            Remark(place, said + "読みます。使わない行なら、消して保存し直してください。")
        )
    covered = set(facts.hidden_columns)
    filled = {
        index for _, row in written for index, cell in enumerate(row) if index in covered and cell
    }
    if filled:
        names = _listed(f"{column_letters(index)}列" for index in sorted(filled))
        remarks.append(Remark(place, f"非表示の列が{len(filled)}列あります（{names}）。読みます。"))
    if facts.errors:
        names = _listed(map(_name, sorted(facts.errors)))
        remarks.append(
            Remark(
                place,
                f"数式のエラー（#N/A など）のセルが{len(facts.errors)}個あります（{names}）。"
                "意見としては読みません。文章があるはずなら、Excel で直して保存し直してください。",
            )
        )
    if facts.uncalculated:
        names = _listed(map(_name, sorted(facts.uncalculated)))
        remarks.append(
            Remark(
                place,
                f"計算結果が保存されていない数式のセルが{len(facts.uncalculated)}個あります（{names}）。"
                "空のセルとして扱います。Excel で開き、保存し直すと読めます。",
            )
        )
    if facts.long_numbers:
        names = _listed(map(_name, sorted(facts.long_numbers)))
        remarks.append(
            Remark(
                place,
                f"15桁より長い数が{len(facts.long_numbers)}個あります（{names}）。Excel は16桁目から先を"
                "残さないので、番号なら、文字列として入力し直す必要があります。",
            )
        )
    full = [
        (number, index)
        for number, row in written
        for index, cell in enumerate(row)
        if len(cell) >= MOST_LETTERS
    ]
    if full:
        remarks.append(
            Remark(
                place,
                f"1つのセルに入る上限（{MOST_LETTERS:,}文字）に達したセルがあります"
                f"（{_listed(map(_name, full))}）。終わりが切れているかもしれません。",
            )
        )
    return remarks


def with_facts(rows: Sequence[Row], facts: SheetFacts) -> tuple[Row, ...]:
    """Put errors, and numbers as they are shown, into the cells where they stand."""
    changed = {place[0] for place in (*facts.errors, *facts.shown)}
    if not changed:
        return tuple(rows)
    texts: dict[int, dict[int, str]] = {number: {} for number in changed}
    for (number, index), form in facts.shown.items():
        if number <= len(rows) and index < len(rows[number - 1]):
            texts[number][index] = shown_number(rows[number - 1][index], form)
    for (number, index), error in facts.errors.items():
        texts[number][index] = error
    return tuple(
        tuple(texts[number].get(index, cell) for index, cell in enumerate(row))
        if number in changed
        else row
        for number, row in enumerate(rows, start=1)
    )


def shown_number(text: str, form: str) -> str:
    """Write a number in a format of zeros (``0000``) or of percent (``0.0%``)."""
    if form.endswith("%"):
        decimals = len(form.partition(".")[2].rstrip("%"))
        try:
            return f"{100 * float(text):.{decimals}f}%"
        except ValueError:
            return text
    return text.zfill(len(form)) if text.isdecimal() else text


def _name(place: Place) -> str:
    return f"{column_letters(place[1])}{place[0]}"


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = " など" if len(every) > _SHOWN else ""
    return "、".join(every[:_SHOWN]) + more
