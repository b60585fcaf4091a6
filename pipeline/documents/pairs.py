"""Which closed question a free-text answer explains: 「上記回答の理由」 and 「その他」."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.documents.table import Column

_REFERS_BACK = re.compile(r"上記|前問|前の(?:質問|設問|問)|理由")
# 「その他、ご意見を…」 opens a question of its own; 「…その他」 ends a list of options.
_OTHER = re.compile(
    r"その他(?:を|の(?:方|場合|内容|具体)|と|に|」|\)|の?記述|[(\[].*)|その他[\s:：]*$"
)


def closed_question_of(
    column: Column, columns: Sequence[Column], closed: Mapping[int, Column]
) -> Column | None:
    """Find the closed question that a free-text column explains.

    Parameters
    ----------
    column
        A free-text column.
    columns
        All columns of the table, in their order.
    closed
        The closed ones among them, by position.

    Returns
    -------
    Column or None
        The nearest closed column before it, where the header refers back or
        repeats; else ``None``.
    """
    before = [
        closed[other.index]
        for other in columns
        if other.index in closed and other.index < column.index
    ]
    if not before:
        return None
    header = unicodedata.normalize("NFKC", column.name.split(" ― ")[-1])
    repeats = " ― " in column.name
    follows = before[-1].index == column.index - 1
    if repeats or _REFERS_BACK.search(header) or (_OTHER.search(header) and follows):
        return before[-1]
    return None
