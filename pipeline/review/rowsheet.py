"""A sheet that is given whole rows at once: the bytes of XlsxWriter in less time.

XlsxWriter keeps an object for every cell, and builds the same attributes for each of them
again. A workbook of ten thousand opinions has 300,000 cells, most of them empty or with a
text that stands in many rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format

BLANK = "/>"
"""How a cell ends that holds nothing but its format."""


class RowSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter states no types
    """A worksheet of XlsxWriter with :meth:`put_row` beside its own methods.

    Every row that is put has a cell in each column of the header, and stands below all rows
    that were written by other methods.
    """

    def __init__(self) -> None:
        super().__init__()
        self._put: list[tuple[int, Sequence[str]]] = []
        self._shapes: Sequence[Format] = ()

    def shape_columns(self, shapes: Sequence[Format]) -> None:
        """Say which format the cells of each column have."""
        self._shapes = shapes

    def text_end(self, text: str) -> str:
        """End of a cell that holds a text, see :meth:`put_row`. The text is not empty."""
        # The table counts uses, too; put_row counts them, because ends are used again.
        index = self.str_table._get_shared_string_index(text)  # noqa: SLF001
        self.str_table.count -= 1
        return f' t="s"><v>{index}</v></c>'

    @staticmethod
    def number_end(number: float) -> str:
        """End of a cell that holds a number."""
        return f"><v>{number:.16G}</v></c>"

    def put_row(self, number: int, ends: Sequence[str], height: float, n_texts: int) -> None:
        """Write one row.

        Parameters
        ----------
        number
            Counted from 0.
        ends
            For every column what :meth:`text_end` or :meth:`number_end` gave, or
            :data:`BLANK`.
        height
            In points.
        n_texts
            How many of them are texts.
        """
        self.set_row(number, height)
        self._check_dimensions(number, len(ends) - 1)
        self.str_table.count += n_texts
        self._put.append((number, ends))

    def _write_rows(self) -> None:
        """Write rows in their order; XlsxWriter calls this when it makes the file."""
        if not self._put:
            super()._write_rows()
            return
        last: int = self.dim_rowmax  # type: ignore[has-type]
        self.dim_rowmax = self._put[0][0] - 1
        super()._write_rows()
        self.dim_rowmax = last
        # Asked for here and not before: formats are numbered in the order of their first use.
        heads = [
            (f'<c r="{xl_col_to_name(place)}', f'" s="{shape._get_xf_index()}"')  # noqa: SLF001
            for place, shape in enumerate(self._shapes)
        ]
        spans = f"1:{len(heads)}"
        write = self.fh.write
        for number, ends in self._put:
            self._write_row(number, spans, self.row_info[number])
            here = number + 1
            cells = [
                f"{name}{here}{shape}{end}" for (name, shape), end in zip(heads, ends, strict=True)
            ]
            write("".join(cells) + "</row>")
