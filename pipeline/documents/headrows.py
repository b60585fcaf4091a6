"""Which rows of a grid are its header: one, or two where a form writes codes above questions.

Grids that planners have begin with titles and notes, and some services write two
header rows (a code such as ``4:text`` above the question, or merged cells above
the parts of a question). An answer that is taken for a header is lost, so that a
second row has to look like a header by itself; the order of the answers decides
nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.documents import wording
from pipeline.documents.demographics import canonical_name
from pipeline.documents.notes import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.documents.model import Row

_SEARCHED = 30
_MUCH = 0.5
_REGULAR = 0.1  # share of rows that fill a column of the table; stray cells are rarer
_USUAL = 0.8
_LONGEST_PART = 40
_MOST_TITLES = 5
_CODE = re.compile(r"^(?:[QＱ問設F]?\d+(?:[-_.]\d+)*)(?:[:：_][A-Za-z_]*)?$")
_VALUE = re.compile(r"^[-+]?[\d,]+(?:\.\d+)?%?$|^\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}")
_VALUE_BEGINS = "+-,"
_QUESTION_NUMBER = re.compile(r"^\d+(?=[:：_])")
_NOTE = re.compile(r"^\s*(?:[※＊*]|[（(]?注)")
_QUESTION = re.compile(
    r"(?:[?？]|(?:です|ます|でしょう|ません)か[。．]?"
    r"|(?:書|記入|記載|記述|教え|選|選択|答え|回答|聞かせ)[^。、]{0,6}(?:下さい|ください)[。．]?)"
    r"\s*(?:[\[［(（〔※].*)?$",
    re.DOTALL,
)


def find_header_rows(
    rows: Sequence[Row],
    resolves: Callable[[int, int], bool] | None = None,
    *,
    bare: Sequence[Row] | None = None,
) -> tuple[int, int, bool]:
    """Find the first and the last header row.

    Parameters
    ----------
    rows
        Rows that are not blank, all of one length.
    resolves
        Whether the header in these rows has every column that a study names;
        ``None``: the study names none.
    bare
        The same rows with blanks where ``rows`` repeat a merged cell over its parts;
        ``None``: no cell is merged.

    Returns
    -------
    first, last
        Positions in ``rows``.
    doubt
        Whether a person should check them.
    """
    first, last, doubt = _likely(rows, bare or rows)
    if resolves is not None and not resolves(first, last):
        first, last, doubt = _named(rows, resolves) or (first, last, doubt)
    return first, last, doubt or _hides_answers(rows[:first])


def join_header_rows(cells: Sequence[Row]) -> list[str]:
    """Make one header of two header cells.

    A code above a question gives way to the question; other upper cells stand
    before the lower ones, also over merged cells. A code with nothing below
    belongs to the question whose number it shares.
    """
    upper, lower = cells
    headers: list[str] = []
    group = question = ""
    number: str | None = None
    for above, below in zip(
        (_one_line(cell) for cell in upper), map(_one_line, lower), strict=True
    ):
        group = above or (group if below else "")
        this = _QUESTION_NUMBER.match(above)
        if _CODE.match(above):
            if below:
                question, number = below, this[0] if this else None
                headers.append(below)
            elif this and this[0] == number:
                headers.append(f"{question} ― {above}")
            else:
                headers.append(above)
            group = ""
        else:
            headers.append(f"{group} {below}".strip())
    return headers


def _likely(rows: Sequence[Row], bare: Sequence[Row]) -> tuple[int, int, bool]:
    main = _main_row(rows)
    # A merged cell makes its row wide, and the blanks beside it say that parts stand below.
    for upper, own in ((main, rows), (main, bare), (main - 1, rows)):
        if 0 <= upper < len(rows) - 1:
            continues, doubt = _continues(own, upper)
            if continues:
                return upper, upper + 1, doubt
    return main, main, False


def _named(
    rows: Sequence[Row], resolves: Callable[[int, int], bool]
) -> tuple[int, int, bool] | None:
    """Find the first row, or the first two, with every column that a study names."""
    columns = [_filled_cells(rows, index) for index in range(_width(rows))]
    enough = _MUCH * _n_regular(rows, columns)
    for position, row in enumerate(rows[:_SEARCHED]):
        if _n_filled(row) <= enough:
            continue
        pair = position + 1 < len(rows)
        if resolves(position, position):
            continues, doubt = _continues(rows, position) if pair else (False, False)
            return (position, position + 1, doubt) if continues else (position, position, False)
        if pair and resolves(position, position + 1):
            return position, position + 1, True
    return None


def _main_row(rows: Sequence[Row]) -> int:
    """Find the first row that fills most columns of the table with words."""
    columns = [_filled_cells(rows, index) for index in range(_width(rows))]
    enough = _MUCH * _n_regular(rows, columns)
    valued = [*map(_holds_values, columns)]
    for position, row in enumerate(rows[:_SEARCHED]):
        filled = [index for index, cell in enumerate(row) if cell.strip()]
        # A number above words is a header (a year); a number among numbers is a value.
        values = sum(valued[index] and _is_value(row[index].strip()) for index in filled)
        if len(filled) > enough and values <= _MUCH * len(filled):
            return position
    return 0


def _n_regular(rows: Sequence[Row], columns: Sequence[Sequence[str]]) -> int:
    """Count the columns that rows fill as a rule; one stray comma makes no column."""
    needed = max(2, _REGULAR * len(rows))
    return sum(len(cells) >= needed for cells in columns) or max(map(_n_filled, rows))


def _filled_cells(rows: Sequence[Row], index: int) -> list[str]:
    """Cells of one column that are not blank, without the space around them."""
    return [cell for row in rows if (cell := row[index].strip())]


def _holds_values(cells: Sequence[str]) -> bool:
    """Whether most cells are numbers or dates."""
    # Neither begins with anything but a digit, a sign or a comma; most texts are passed over.
    begins = _VALUE_BEGINS
    may = [cell for cell in cells if cell[0] in begins or cell[0].isdecimal()]
    return len(may) > _MUCH * len(cells) and _n_values(may) > _MUCH * len(cells)


def _continues(rows: Sequence[Row], position: int) -> tuple[bool, bool]:
    """Whether the row below a header row belongs to the header too, and whether in doubt."""
    upper, lower, body = rows[position], rows[position + 1], rows[position + 2 :]
    if not body or not _is_worded_as_header(lower):
        return False, False
    below = [_filled_cells(body, index) for index in range(len(lower))]
    if not _may_be_header(lower, below):
        return False, False
    filled = [index for index, cell in enumerate(lower) if cell.strip()]
    titled = sum(_is_title(lower[index].strip(), below[index]) for index in filled)
    codes = sum(bool(_CODE.match(upper[index].strip())) for index in filled)
    usual = [index for index, cells in enumerate(below) if len(cells) >= _USUAL * len(body)]
    # An answer fills the usual columns; a header may leave out what has its name above.
    gap = any(not lower[index].strip() and upper[index].strip() for index in usual)
    if codes > _MUCH * len(filled):
        return titled > _MUCH * len(filled) and (gap or titled == len(filled)), False
    parts = [index for index in filled if not upper[index].strip()]
    whole = all(
        lower[index].strip() or not below[index]
        for index, cell in enumerate(upper)
        if not cell.strip()
    )
    short = all(len(lower[index].strip()) <= _LONGEST_PART for index in filled)
    if not (gap and whole and short and len(parts) > 1 and any(upper[: parts[0]])):
        return False, False
    words = [lower[index].strip() for index in filled]
    repeated = len(set(words)) <= _MUCH * len(words)
    sure = titled == len(filled) or repeated
    return sure or titled >= _MUCH * len(filled), not sure


def _is_worded_as_header(lower: Row) -> bool:
    cells = [cell for own in lower if (cell := own.strip())]
    return bool(cells) and not any(
        _is_value(cell) or (ends_sentence(cell) and not _QUESTION.search(cell)) for cell in cells
    )


def _may_be_header(lower: Row, below: Sequence[Sequence[str]]) -> bool:
    """Whether no cell is an answer that somebody gave."""
    return not any(cell.strip() in below[index] for index, cell in enumerate(lower) if cell.strip())


def _is_title(cell: str, answers: Sequence[str]) -> bool:
    """Whether a cell looks like a header: it asks, names an attribute, or heads marks."""
    named = canonical_name(cell) or wording.is_bare_text(cell) or wording.is_personal(cell)
    numbered = wording.identifier_rank(cell) is not None or wording.is_time(cell)
    asking = _QUESTION.search(cell) or wording.asks_for_text(cell)
    marks = bool(answers) and all(len(answer) < 2 or _is_value(answer) for answer in answers)
    return bool(named or numbered or asking or (marks and len(cell) > 1))


def _hides_answers(above: Sequence[Row]) -> bool:
    """Whether what stands above a header may be answers rather than titles and notes."""
    said = [cell for row in above for cell in row if cell.strip() and not _NOTE.match(cell)]
    return (
        len(above) > _MOST_TITLES
        or any(_n_filled(row) > 1 for row in above)
        or any(ends_sentence(cell) for cell in said)
    )


def _width(rows: Sequence[Row]) -> int:
    return len(rows[0])


def _n_filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_value(cell: str) -> bool:
    return _VALUE.match(cell) is not None


def _n_values(cells: Sequence[str]) -> int:
    return len([*filter(_VALUE.match, cells)])


def _one_line(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()
