"""Two reviewers' workbooks side by side: how far they agree, and where they do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.agreement.coders import cohen_kappa, krippendorff_alpha
from pipeline.decision_words import field_name
from pipeline.errors import ConflictError
from pipeline.newfile import check_new, save_new
from pipeline.review.columns import ASIDE_SHEET, ISSUE_SHEET, OPINION_SHEET, WITHDRAW
from pipeline.review.values import fold_cell, numbered
from pipeline.review_import.reading import read_workbook, seen_response
from pipeline.sheetfile import Column, Sheet, as_workbook
from pipeline.wording import OPINION_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.review_import.reading import Entry, ReviewBook

_COUNTED: Final = {
    ISSUE_SHEET: ("status", "goal_id", "goal_id_2", "measure_id", "response"),
    OPINION_SHEET: ("goal_id", "goal_id_2", "measure_id", "issue_id", "kind", "response"),
    ASIDE_SHEET: ("restore",),
}
"""Fields of which agreement is a figure; titles and comments are only laid side by side."""

_SEEN: Final = {
    ISSUE_SHEET: ("goal_id", "goal_id_2", "measure_id", "title", "status"),
    OPINION_SHEET: ("goal_id", "goal_id_2", "measure_id", "issue_id", "kind"),
}
_FIRST: Final = re.compile(r"[^\s　（(]+")
CONTRADICTED: Final = "食い違い"
ONE_SIDED: Final = "片方だけの記入"

_NONE: Final = "なし"
_NUMBERED: Final = ("goal_id", "goal_id_2", "measure_id")
_TICKED: Final = ("restore", "split")
_TICK: Final = "○"
_NEW: Final = re.compile(r"新\s*:\s*")
_WIDTHS: Final = (8, 14, 50, 16, 26, 26, 26, 30, 30, 30)
_HEADS: Final = (
    "シート", "番号", "題または意見", "項目", "いまの値", "Aの判断", "Bの判断",
    "Aのコメント", "Bのコメント", "話し合いの結果",
)  # fmt: skip


class FieldAgreement(NamedTuple):
    """Agreement on one field of one sheet.

    Attributes
    ----------
    n_rows, n_same
        Rows that were compared, and those in which both say the same.
    kappa, alpha
        Cohen's κ and Krippendorff's α; ``None`` where one label alone was given.
    """

    sheet: str
    field: str
    n_rows: int
    n_same: int
    kappa: float | None
    alpha: float | None


class Difference(NamedTuple):
    """One thing on which two reviewers do not say the same."""

    sheet: str
    target: str
    words: str
    field: str
    now: str
    one: str
    other: str
    comment_one: str
    comment_other: str


@dataclass(frozen=True)
class Comparison:
    """What two workbooks say, side by side.

    Attributes
    ----------
    files
        Names of the two.
    fields
        Agreement by sheet and field.
    differences
        In the order of the sheets.
    n_alone
        Rows that only one of the two filled.
    both
        Targets of the rows that both filled.
    """

    files: tuple[str, str]
    fields: tuple[FieldAgreement, ...]
    differences: tuple[Difference, ...]
    n_alone: tuple[int, int]
    both: frozenset[str] = frozenset()

    @property
    def sheets(self) -> dict[str, list[Difference]]:
        """Where the two contradict each other, and what only one of them wrote."""
        return {
            CONTRADICTED: [own for own in self.differences if own.target in self.both],
            ONE_SIDED: [own for own in self.differences if own.target not in self.both],
        }


def compare_workbooks(one: Path, other: Path) -> Comparison:
    """Compare two filled-in workbooks of one run.

    Rows count that both filled in somewhere; an empty cell in such a row means that its
    writer leaves what stands there.

    Raises
    ------
    ConflictError
        They are of different runs.
    InputError
        One cannot be read.
    """
    books = (read_workbook(one), read_workbook(other))
    if books[0].run_id != books[1].run_id:
        raise ConflictError(
            f"2冊のブックは、別の実行のものです（{books[0].run_id} と {books[1].run_id}）。",
            remedy="同じ結果から作ったブックどうしを比べてください。",
        )
    cells = (_cells(books[0]), _cells(books[1]))
    both = [target for target in books[0].rows if target in cells[0] and target in cells[1]]
    fields = [
        _agreement(
            sheet, name, [own for own in both if books[0].rows[own].sheet == sheet], books, cells
        )
        for sheet, names in _COUNTED.items()
        for name in names
    ]
    differences = [
        difference
        for target in books[0].rows
        if target in cells[0] or target in cells[1]
        for difference in _differences(target, books, cells)
    ]
    n_alone = (len(cells[0].keys() - cells[1].keys()), len(cells[1].keys() - cells[0].keys()))
    counted = tuple(own for own in fields if own.n_rows)
    return Comparison((one.name, other.name), counted, tuple(differences), n_alone, frozenset(both))


_Cells = dict[str, dict[str, "Entry"]]


def _cells(book: ReviewBook) -> _Cells:
    found: _Cells = {}
    for entry in book.entries:
        if entry.field != WITHDRAW:
            found.setdefault(entry.target, {})[entry.field] = entry
    return found


def _agreement(
    sheet: str,
    field: str,
    targets: Sequence[str],
    books: tuple[ReviewBook, ReviewBook],
    cells: tuple[_Cells, _Cells],
) -> FieldAgreement:
    compared = [
        target
        for target in targets
        if field in cells[0][target] or field in cells[1][target] or _known(books[0], target, field)
    ]
    if field in {"status", "restore", "response"}:
        compared = [own for own in targets if field in cells[0][own] and field in cells[1][own]]
    given = [
        [_value(book, target, field, own[target]) for target in compared]
        for book, own in zip(books, cells, strict=True)
    ]
    n_same = sum(a == b for a, b in zip(*given, strict=True))
    return FieldAgreement(
        sheet, field, len(compared), n_same, cohen_kappa(*given), krippendorff_alpha(*given)
    )


def _known(book: ReviewBook, target: str, field: str) -> bool:
    row = book.rows[target]
    return field in _SEEN.get(row.sheet, ()) and len(row.seen) >= len(_SEEN[row.sheet])


def _value(book: ReviewBook, target: str, field: str, filled: Mapping[str, Entry]) -> str:
    """What a reviewer wants in a field: what was written, else what stands there."""
    if field in filled:
        return plain(field, filled[field].text)
    row = book.rows[target]
    names = _SEEN.get(row.sheet, ())
    if field in names and len(row.seen) > names.index(field):
        return row.seen[names.index(field)] or _NONE
    if field == "response":
        then = seen_response(row.seen[len(names) :])
        return "" if then is None else then or _NONE
    return ""


def plain(field: str, text: str) -> str:
    """Cell as it is compared: the number where it has one.

    Examples
    --------
    >>> plain("goal_id", "3 安心して相談できるまち"), plain("goal_id", "0"), plain("kind", "要望")
    ('3', 'なし', 'request')
    """
    folded = numbered(text) if field in _NUMBERED else fold_cell(text)
    if field == "kind":
        return {label: code for code, label in OPINION_KINDS.items()}.get(folded, folded)
    if field in {"title", "comment", "personal"}:
        return folded
    if field in _TICKED:
        return _TICK
    if new := _NEW.match(folded):
        return f"新:{' '.join(folded[new.end() :].split())}"
    match = _FIRST.match(folded)
    first = match[0] if match else folded
    if field in {"issue_id", "merge_into"}:
        first = first.upper()
    return _NONE if first in {"0", "無し", _NONE} else first


def _differences(
    target: str, books: tuple[ReviewBook, ReviewBook], cells: tuple[_Cells, _Cells]
) -> list[Difference]:
    """Fields of one row in which the two differ; what only one wrote counts, too."""
    row = books[0].rows[target]
    filled = [own.get(target, {}) for own in cells]
    found = []
    for field in dict.fromkeys([*filled[0], *filled[1]]):
        if field == "comment":
            continue
        said = [
            plain(field, own[field].text) if field in own else _silent(books[0], target, field, own)
            for own in filled
        ]
        if said[0] == said[1]:
            continue
        shown = [own[field].text if field in own else "" for own in filled]
        comments = [own["comment"].text if "comment" in own else "" for own in filled]
        now = _value(books[0], target, field, {})
        found.append(Difference(row.sheet, target, row.words, field, now, *shown, *comments))
    return found


def _silent(book: ReviewBook, target: str, field: str, filled: Mapping[str, Entry]) -> str:
    """What an empty cell says: in a row that was filled what stands there, else nothing."""
    return _value(book, target, field, {}) if filled else ""


def render(made: Comparison) -> list[str]:
    """Lines for the screen."""
    lines = [f"A: {made.files[0]}", f"B: {made.files[1]}", ""]
    if made.fields:
        lines.append("2人とも記入した行での一致（空のセルは、いまの値のままでよいと数えます）")
        lines += [
            f"  {own.sheet}の{field_name(own.field)}: {own.n_rows}行のうち{own.n_same}行が一致"
            f"（{own.n_same / own.n_rows:.0%}）、κ {_figure(own.kappa)}、α {_figure(own.alpha)}"
            for own in made.fields
        ]
        lines.append(
            "  κ・α は偶然の一致を引いた値です（1 は完全な一致、0 は偶然なみ。― は値が1種類で計算できません）"
        )
    else:
        lines.append("2人とも記入した行はありませんでした。")
    lines.append(f"片方だけが記入した行: A {made.n_alone[0]}行、B {made.n_alone[1]}行")
    for name, found in made.sheets.items():
        lines.append(f"{name}: {len(found)}件")
        lines += [
            f"  {own.sheet} {own.target}「{_short(own.words)}」{field_name(own.field)}: "
            f"A {_short(own.one) or '（空）'} / B {_short(own.other) or '（空）'}"
            for own in found
        ]
    return lines


def _short(text: str, longest: int = 30) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest] + "…"


def _figure(value: float | None) -> str:
    return "―" if value is None else f"{value:.2f}"


def save_sheet(made: Comparison, path: Path) -> None:
    """Write the differences as a workbook for a meeting, with room for what is agreed there.

    Raises
    ------
    UsageError, InputError
        As in :func:`pipeline.newfile.check_new` and :func:`pipeline.newfile.save_new`.
    """
    check_new(path, (".xlsx",))
    columns = [
        Column(name, width, "entry" if name == _HEADS[-1] else "text")
        for name, width in zip(_HEADS, _WIDTHS, strict=True)
    ]
    sheets = [
        Sheet(title, columns, [(*own._replace(field=field_name(own.field)), "") for own in found])
        for title, found in made.sheets.items()
    ]
    save_new(path, as_workbook("判断の食い違い", sheets))
