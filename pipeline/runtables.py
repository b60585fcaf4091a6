"""Tables of a finished run, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pipeline.deidentify import declared_public, deidentify
from pipeline.tables import SCHEMAS, load_columns, load_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

ANSWERS: Final = "answers"
"""The one table that is not given as it is saved."""


class RunTables(Mapping[str, "pd.DataFrame"]):
    """Name → table of a run folder.

    What is given is a copy: whatever is done to it, the next one is as it was saved. The
    table of answers is given without their raw text, and with people masked in what is left
    (:func:`pipeline.deidentify.deidentify`).

    Parameters
    ----------
    folder
        The run folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tables"
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Read a table.

        Raises
        ------
        KeyError
            A run has no such table.
        InputError
            The table is missing or damaged.
        """
        if name not in SCHEMAS:
            raise KeyError(name)
        if name not in self._read:
            table = load_table(name, self._folder)
            self._read[name] = self._masked(table) if name == ANSWERS else table
        return self._read[name].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(SCHEMAS)

    def __len__(self) -> int:
        return len(SCHEMAS)

    def __repr__(self) -> str:
        return f"RunTables({', '.join(self)})"

    def _masked(self, answers: pd.DataFrame) -> pd.DataFrame:
        decided = load_columns("applied_decisions", ("field", "value", "stands"), self._folder)
        return deidentify(answers, declared_public(decided))
