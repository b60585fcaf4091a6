"""What a planner is shown of a column: how full it is, and one value without people."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import tomli_w

from pipeline.documents import wording
from pipeline.documents.cells import column_letters
from pipeline.findings.model import ColumnFacts
from pipeline.privacy import find_personal, mask

if TYPE_CHECKING:
    from pipeline.documents.columnguess import ColumnGuess
    from pipeline.documents.table import Table

EXAMPLE_READ: Final = 200
"""Characters of a value that are looked at for an example; a screen shows far fewer."""

NOT_SHOWN: Final = "（伏せています）"
"""Example of a column that holds nothing but persons."""

_TELLING: Final = 5  # characters; 「なし」 tells nothing of a column
_LOOKED_THROUGH: Final = 50
_OF_THE_NET: Final = "メールアドレス"


def column_facts(table: Table, guess: ColumnGuess, use: str) -> ColumnFacts:
    """Describe the cells of a column.

    Parameters
    ----------
    use
        What it is taken for, in a word or two.

    Returns
    -------
    ColumnFacts
        Its example is the first value that is longer than a few characters, else the first
        one. A column of names, addresses or speakers has none.
    """
    filled = [*filter(str.strip, table.values(guess.column))]
    few = filled[:_LOOKED_THROUGH]
    telling = next((value for value in few if len(value.strip()) >= _TELLING), "")
    example = masked(telling or "".join(few[:1]))
    if few and _is_personal(guess):
        example = NOT_SHOWN
    letter = column_letters(guess.column.index)
    return ColumnFacts(letter, use, len(filled), len(table.rows) - len(table.aside), example)


def masked(text: str) -> str:
    """Beginning of a text in one line, people masked."""
    # Masked before a screen cuts it: half a name would no longer be found.
    own = text[:EXAMPLE_READ]
    return " ".join(mask(own, find_personal(own)).split())


def toml(key: str, value: str) -> str:
    """One line of a study file; what cannot be seen is written as its number.

    Examples
    --------
    >>> toml("sheet", "集計")
    'sheet = "集計"'
    """
    line = tomli_w.dumps({key: value}).rstrip("\n")
    return "".join(
        f"\\U{ord(letter):08X}" if unicodedata.category(letter) == "Cf" else letter
        for letter in line
    )


def toml_text(value: str) -> str:
    """A value as it stands in a study file."""
    return toml("x", value).removeprefix("x = ")


def _is_personal(guess: ColumnGuess) -> bool:
    header = guess.column.name.split(" ― ")[-1]
    of_the_net = _OF_THE_NET in guess.reason
    named = wording.is_personal(header) or wording.is_speaker(header)
    return guess.personal or of_the_net or named
