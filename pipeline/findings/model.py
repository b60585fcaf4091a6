"""One thing that was found, and what a column holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

GIVEN: Final = "調査ファイルで指定されています。"
"""Reason of what a person wrote into the study file."""

FORMAT: Final = "形式"
"""Subject of the first finding of every file."""

REMARK: Final = "注意"
"""What a remark of a reader is taken for."""

SHEET: Final = "シート"
"""Subject of what becomes of a sheet."""

READ: Final = "読みます"
"""What becomes of a sheet that is read."""

EXAMPLE: Final = "例"
"""Subject of an entry of notes that is shown."""


class ColumnFacts(NamedTuple):
    """A column as it stands in its file.

    Attributes
    ----------
    letter
        Excel's name of it: ``A``, ``AB``.
    use
        What it is taken for, in a word or two.
    n_filled, n_rows
        Cells that are not blank, and rows under the header.
    example
        One value, people masked; empty where there is none.
    """

    letter: str
    use: str
    n_filled: int
    n_rows: int
    example: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was read from the files and what it was taken for.

    Attributes
    ----------
    file, sheet
        Where.
    subject
        形式, 文字コード, 種別, シート, 見出し行, 行, 記録, or the name of a column.
    taken_for
        自由記述, 回答者番号, 属性「年齢」, 複数選択（使いません） and so on.
    reason
        Why, one Japanese sentence.
    doubt
        Whether a person should check it.
    column
        For a column: its cells.
    remedy
        What to do where the doubt is right, one Japanese sentence.
    lines
        What to write into the study file, or to strike out of it, to settle the doubt.
    passes
        Whether there is nothing more to settle: worth a look, but a person decided so, or
        only a person can judge what becomes of it later.
    """

    file: str
    sheet: str | None
    subject: str
    taken_for: str
    reason: str
    doubt: bool = False
    column: ColumnFacts | None = None
    remedy: str = ""
    lines: tuple[str, ...] = ()
    passes: bool = False
