"""What a run masked as lines for a terminal, and as a workbook that must not leave the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.newfile import check_new, check_outside, save_new
from pipeline.sheetfile import Column, Sheet, as_workbook
from pipeline.textlayout import table
from pipeline.wording import clean

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.audit.masks import Mask, Masks

CONFIDENTIAL: Final = "取扱注意・外に出さない"
"""What stands on everything that shows masked words."""

_MASK_COLUMNS: Final = (
    Column("伏せた印", 14), Column("言葉", 26), Column("前", 28), Column("後ろ", 28),
    Column("ファイル", 24), Column("場所", 18), Column("番号", 22),
)  # fmt: skip
_WORD_COLUMNS: Final = (Column("回数", 8, "count"), Column("伏せた印", 14), Column("言葉", 40))
_OPEN_COLUMNS: Final = (Column("公開とした言葉", 40), Column("決めた人", 16), Column("日時", 18))


def render_masks(made: Masks, width: int, *, words: bool = False) -> list[str]:
    """Lines for a terminal.

    Parameters
    ----------
    width
        Columns of the terminal, for the table of words.
    words
        Distinct strings with their number, instead of every single mask.
    """
    lines = [f"【{CONFIDENTIAL}】"]
    if not made.masks:
        lines.append("伏せたところはありません。")
    elif words:
        rows = [
            tuple(own.label for own in _WORD_COLUMNS),
            *((f"{own.n:,}", own.label, _one_line(own.text)) for own in made.words),
        ]
        lines += table(rows, width, {2: 12})
    else:
        lines += [_line(own) for own in made.masks]
    return [*lines, "", *render_counts(made)]


def render_counts(made: Masks) -> list[str]:
    """How much was masked, by label, and what was declared public."""
    counts = "、".join(f"{label} {number:,}" for label, number in made.by_label)
    lines = [f"伏せたところ {len(made.masks):,}か所" + (f"（{counts}）" if counts else "")]
    if made.public:
        lines.append(
            "公開とした言葉: "
            + "、".join(
                f"{_one_line(own.text)}（{_one_line(own.reviewer)}）" for own in made.public
            )
        )
    if made.n_changed:
        lines.append(
            f"注意: 意見 {made.n_changed:,}件は、いまの決まりで伏せるところが結果と違います。"
            "Kadai か辞書が新しくなっています。kadai run でもう一度結果を作ってから見てください。"
        )
    return lines


def check_output(path: Path, run: Path) -> None:
    """Say before the work whether a file can be written under this name.

    Raises
    ------
    UsageError
        There is one already, its ending is not known, or it would lie in the run folder,
        which is handed on.
    InputError
        There is no such folder.
    """
    check_outside(path, run, "伏せた言葉の一覧")
    check_new(path, (".xlsx",))


def save_masks(made: Masks, path: Path, run: Path) -> None:
    """Write masks and words as a workbook that only its owner can read.

    Raises
    ------
    UsageError, InputError
        As in :func:`check_output` and :func:`pipeline.newfile.save_new`.
    """
    check_output(path, run)
    masks = [
        (own.label, own.text, own.before, own.after, own.file, own.locator, own.target)
        for own in made.masks
    ]
    words = [(own.n, own.label, _one_line(own.text)) for own in made.words]
    public = [(own.text, own.reviewer, own.decided_at) for own in made.public]
    sheets = [
        Sheet("言葉", _WORD_COLUMNS, words, CONFIDENTIAL),
        Sheet("伏せた所", _MASK_COLUMNS, masks, CONFIDENTIAL),
    ]
    if public:
        sheets.append(Sheet("公開", _OPEN_COLUMNS, public, CONFIDENTIAL))
    save_new(path, as_workbook(CONFIDENTIAL, sheets), private=True)


def _line(own: Mask) -> str:
    place = " ".join(part for part in (own.file, own.locator) if part)
    before, text, after = map(_one_line, (own.before, own.text, own.after))
    return f"{own.label}  {before}【{text}】{after}  {_one_line(place)}  {own.target}"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
