"""A cross table as it is handed on: what is hidden stays hidden in whatever is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.report.attributes import SIGNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS: Final = "source_kind"
MEASURES: Final = {"people": "人", "opinions": "件"}


@dataclass(frozen=True, eq=False)
class CrossTable:
    """One cross table.

    Attributes
    ----------
    rows_by, columns_by, measure
        What was asked for.
    ids, labels, columns
        Of rows and of columns.
    counts
        Rows × columns: people or opinions. Confidential where ``hidden``.
    totals, bases
        Of rows; of columns: people with any opinion (opinions by kind of source: all opinions).
    hidden
        Cells that are not to be shown.
    signs
        1 where more people than of all other columns, -1 where fewer, by more than chance.
    threshold
        People that a shown count stands for at least; 0: nothing is hidden.
    notes
        What is hidden, and what is not protected, in Japanese.
    """

    rows_by: str
    columns_by: str
    measure: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    counts: NDArray[np.int64]
    totals: NDArray[np.int64]
    bases: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    signs: NDArray[np.int64]
    threshold: int
    notes: tuple[str, ...]

    @property
    def is_internal(self) -> bool:
        """Whether other tables may give away what is hidden: rows overlap, or opinions add up."""
        overlap = self.rows_by in {"word", "rule"}
        return self.columns_by != KINDS and (overlap or self.measure == "opinions")

    def shares(self) -> NDArray[np.float64]:
        """Of the column's people or opinions; opinions by an attribute: of the row's. NaN: hidden."""
        by_row = self.measure == "opinions" and self.columns_by != KINDS
        base = self.totals[:, None] if by_row else np.broadcast_to(self.bases, self.counts.shape)
        shares = np.divide(self.counts, base, out=np.zeros(self.counts.shape), where=base > 0)
        return np.where(self.hidden, np.nan, np.round(shares, 6))

    def wide(self) -> pd.DataFrame:
        """``row_id, row, total`` and a column for every value; ``<NA>`` where it is hidden.

        ``attrs["notes"]`` of it, and of :meth:`cells`, are the notes.
        """
        made = pd.DataFrame({"row_id": self.ids, "row": self.labels, "total": self.totals})
        for place, name in enumerate(self.columns):
            shown = pd.array(self.counts[:, place], dtype="Int64")
            shown[self.hidden[:, place]] = pd.NA
            made[name] = shown
        made.attrs["notes"] = list(self.notes)
        return made

    def cells(self) -> pd.DataFrame:
        """``row_id, row, value, n, base, share, sign, hidden``: a row for every cell."""
        n_rows, n_columns = self.counts.shape
        n = pd.array(self.counts.ravel(), dtype="Int64")
        n[self.hidden.ravel()] = pd.NA
        made = pd.DataFrame(
            {
                "row_id": np.repeat(np.array(self.ids, dtype=object), n_columns),
                "row": np.repeat(np.array(self.labels, dtype=object), n_columns),
                "value": list(self.columns) * n_rows,
                "n": n,
                "base": np.tile(self.bases, n_rows),
                "share": self.shares().ravel(),
                "sign": [SIGNS[own] for own in self.signs.ravel().tolist()],
                "hidden": self.hidden.ravel(),
            }
        )
        made.attrs["notes"] = list(self.notes)
        return made
