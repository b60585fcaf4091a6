"""Whose voices (属性ごとの声): issues and goals × attributes, as charts and tables of people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.crosstabs import sensitive_issues, tabulate_attributes
from pipeline.disclosure import DEFAULT_POLICY, withheld
from pipeline.report.voices import short
from pipeline.textwidth import text_width
from pipeline.wording import NO_GOAL, REJECTED, clean, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from pipeline.crosstabs import Crosstab, Table
    from pipeline.disclosure import Policy

LARGEST_SHOWN: Final = 20
"""Issues that stand open; the others are folded."""

NO_ISSUE: Final = "どの課題にも入らない"

SENSITIVE: Final = "※"
"""After the title of an issue that needs more people for a count."""

SIGNS: Final = {1: "▲", -1: "▽", 0: ""}

# The chart, in its own units: as wide as the other drawings.
_WIDTH: Final = 960
_LEFT: Final = 300
_ROW: Final = 36
_GAP: Final = 12
_LINES: Final = 3
_LETTER: Final = 13.5
_TITLE: Final = 19
_LINE: Final = 17

_NOTE: Final = re.compile(r"（[^（）]*）|\([^()]*\)")

BAR_FROM: Final = 10
"""People of a value from which its shares are drawn: one of three people is no 33%."""


@dataclass(frozen=True)
class Cell:
    """People of one row and one value; both words are empty where they are hidden.

    Attributes
    ----------
    share
        Of the people of that value.
    sign
        ▲ or ▽ where it is more or less than chance gives.
    """

    people: str
    share: str
    sign: str
    is_hidden: bool


@dataclass(frozen=True)
class Row:
    """One issue or goal; ``anchor`` is where the report tells more of it."""

    label: str
    anchor: str
    cells: tuple[Cell, ...]
    people: int
    share: str


@dataclass(frozen=True)
class Mark:
    """One cell of the chart: its figure, and a bar beside where the share of all ends."""

    x: float
    y: float
    length: float
    all_at: float
    words: str
    sign: str
    is_hidden: bool
    is_drawn: bool


@dataclass(frozen=True)
class Chart:
    """Small multiples: a column of bars for every value, on one scale."""

    top: int
    height: int
    heads: tuple[tuple[float, tuple[tuple[int, str], ...]], ...]
    labels: tuple[tuple[int, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Figures:
    """A chart, the rows that it draws, and further ones.

    Attributes
    ----------
    withheld
        Label and anchor of issues of which nothing but the total may be shown.
    """

    chart: Chart
    rows: tuple[Row, ...]
    further: tuple[Row, ...]
    withheld: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AttributeTables:
    """One attribute: its values with their people, its goals, its issues.

    Attributes
    ----------
    threshold
        People of a count that is shown; more in rows of sensitive issues.
    """

    name: str
    values: tuple[tuple[str, int], ...]
    n_people: int
    goals: Figures
    issues: Figures
    threshold: int


@dataclass(frozen=True)
class Attributes:
    """The section; where no source has attributes it is left out.

    Attributes
    ----------
    skipped
        Attribute, and why it has no table.
    n_tested, n_marked
        Cells of all tables: tested, those with a mark.
    threshold, sensitive_threshold
        People of a count that is shown, and of one of a sensitive issue or attribute.
    n_sensitive
        Issues of the tables that need more people than their table.
    bar_from
        People of a value from which bars are drawn.
    safe
        Opinion → (attribute, value) that may stand beside it.
    order
        Attribute → its values, in their order.
    """

    tables: tuple[AttributeTables, ...]
    skipped: tuple[tuple[str, str], ...]
    n_tested: int
    n_marked: int
    threshold: int
    sensitive_threshold: int
    n_sensitive: int
    bar_from: int
    safe: Mapping[str, tuple[tuple[str, str], ...]]
    order: Mapping[str, tuple[str, ...]]


def build_attributes(
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    policy: Policy = DEFAULT_POLICY,
) -> Attributes:
    """Count people by their attributes; nothing that is hidden is in what is returned.

    Parameters
    ----------
    tables
        ``answers, opinions, issues``.
    labels
        Goal id → label, in the plan's order.
    policy
        What may be published.
    """
    issues = tables["issues"]
    sensitive = sensitive_issues(issues, policy)
    rejected = set(issues.loc[issues["status"] == REJECTED, "issue_id"])
    found = tabulate_attributes(
        tables["answers"], tables["opinions"], list(labels), sorted(rejected), policy, sensitive
    )
    more = policy.least(is_sensitive=True)
    marked = sensitive if more > policy.threshold else frozenset()
    titles = {
        own: f"{clean(title)}{SENSITIVE if own in marked else ''}"
        for own, title in zip(issues["issue_id"], issues["title"], strict=True)
    }
    shown = [
        (_figures(one, one.goals, {**labels, "": NO_GOAL}, "goal-"),
         _figures(one, one.issues, {**titles, "": NO_ISSUE}, "", rejected))
        for one in found.tables
    ]  # fmt: skip
    both = [table for one in found.tables for table in (one.goals, one.issues)]
    return Attributes(
        tables=tuple(
            AttributeTables(
                one.name,
                tuple(zip(one.columns, one.bases.tolist(), strict=True)),
                int(one.bases.sum()),
                goals,
                issues_,
                one.threshold,
            )
            for one, (goals, issues_) in zip(found.tables, shown, strict=True)
        ),
        skipped=found.skipped,
        n_tested=sum(int(table.tested.sum()) for table in both),
        n_marked=sum(int((table.signs != 0).sum()) for table in both),
        threshold=policy.threshold,
        sensitive_threshold=more,
        n_sensitive=len(marked - rejected),
        bar_from=BAR_FROM,
        safe=found.labels,
        order={one.name: one.columns for one in found.tables},
    )


def _figures(
    crosstab: Crosstab,
    table: Table,
    labels: Mapping[str, str],
    prefix: str,
    rejected: Iterable[str] = (),
) -> Figures:
    """Goals in the plan's order; issues of most people first; what is in none last.

    An issue whose breakdown is withheld is named, and not a row of nothing but asterisks. A
    goal stays where a reader looks for it.
    """
    left_out = set(rejected)
    places = [place for place, own in enumerate(table.rows) if own not in left_out]
    bare = withheld(table.hidden) if not prefix else np.zeros(len(table.rows), dtype=bool)
    if not prefix:
        places.sort(key=lambda place: (
            not table.rows[place], -int(table.totals[place]), table.rows[place]
        ))  # fmt: skip
    unsaid = [table.rows[place] for place in places if bare[place]]
    places = [place for place in places if not bare[place]]
    n_all = int(crosstab.bases.sum())
    rows = [
        Row(
            label=labels.get(table.rows[place], table.rows[place]),
            anchor=f"{prefix}{table.rows[place]}" if table.rows[place] else "",
            cells=tuple(_cells(crosstab, table, place)),
            people=int(table.totals[place]),
            share=percent(int(table.totals[place]), n_all),
        )
        for place in places
    ]
    n_open = len(places) if prefix else min(LARGEST_SHOWN, sum(bool(r.anchor) for r in rows))
    return Figures(
        # Most are often under no goal; on one scale with them all goals would look alike.
        chart=_chart(crosstab, table, *_with_anchor(places[:n_open], rows[:n_open])),
        rows=tuple(rows[:n_open]),
        further=tuple(rows[n_open:]),
        withheld=tuple((labels[own], f"{prefix}{own}" if own else "") for own in unsaid),
    )


def _with_anchor(places: Sequence[int], rows: Sequence[Row]) -> tuple[list[int], list[Row]]:
    kept = [at for at, row in enumerate(rows) if row.anchor]
    return [places[at] for at in kept], [rows[at] for at in kept]


def _cells(crosstab: Crosstab, table: Table, place: int) -> Iterable[Cell]:
    for column, base in enumerate(crosstab.bases.tolist()):
        if table.hidden[place, column]:
            yield Cell("", "", "", is_hidden=True)
        else:
            people = int(table.counts[place, column])
            sign = SIGNS[int(table.signs[place, column])]
            yield Cell(f"{people:,}", percent(people, base), sign, is_hidden=False)


def _chart(crosstab: Crosstab, table: Table, places: Sequence[int], rows: Sequence[Row]) -> Chart:
    """Bars of all columns are on one scale, which ends at the largest share that is drawn."""
    lane = (_WIDTH - _LEFT) / len(crosstab.bases)
    bases, n_all = crosstab.bases.tolist(), int(crosstab.bases.sum())
    all_of = {place: int(table.totals[place]) / n_all for place in places}
    drawn = {
        (place, column): int(table.counts[place, column]) / base
        for place in places
        for column, base in enumerate(bases)
        if base >= BAR_FROM and not table.hidden[place, column]
    }
    most = max([*all_of.values(), *drawn.values()], default=0.0) or 1.0
    heads = [_head(value, lane - 4) for value in _without_notes(crosstab.columns)]
    top = 38 + _LINE * (max(map(len, heads)) - 1)
    room = (lane - _GAP) / most
    marks = []
    for line, (place, row) in enumerate(zip(places, rows, strict=True)):
        for column, cell in enumerate(row.cells):
            x = _LEFT + lane * column
            marks.append(
                Mark(
                    x=round(x, 1),
                    y=top + _ROW * line,
                    length=round(room * drawn.get((place, column), 0.0), 1),
                    all_at=round(x + room * all_of[place], 1),
                    words=cell.share,
                    sign=cell.sign,
                    is_hidden=cell.is_hidden,
                    is_drawn=(place, column) in drawn,
                )
            )
    return Chart(
        top=top,
        height=top + _ROW * len(rows),
        heads=tuple(
            (
                round(_LEFT + lane * column, 1),
                tuple((top - 14 - _LINE * at, own) for at, own in enumerate(reversed(lines)))[::-1],
            )
            for column, lines in enumerate(heads)
        ),
        labels=tuple(
            (top + _ROW * line, short(row.label, _TITLE)) for line, row in enumerate(rows)
        ),
        marks=tuple(marks),
    )


def _without_notes(values: Sequence[str]) -> list[str]:
    """Values without what stands in brackets, where they are still told apart."""
    brief = [_NOTE.sub("", value).strip() for value in values]
    return brief if all(brief) and len(set(brief)) == len(brief) else list(values)


def _head(value: str, room: float) -> list[str]:
    """Break a value into lines, the last one cut where it must be."""
    fits = max(2, int(2 * room / _LETTER))
    lines: list[str] = []
    rest = value
    while rest and len(lines) < _LINES:
        taken = ""
        while rest and text_width(taken + rest[0]) <= fits:
            taken, rest = taken + rest[0], rest[1:]
        lines.append(taken)
    if rest:
        lines[-1] = lines[-1][:-1] + "…"
    return lines
