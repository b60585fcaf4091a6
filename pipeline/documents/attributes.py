"""Which attributes the answers of a source carry: those named, and what its pairs explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.documents.demographics import without_notes
from pipeline.documents.headers import fold, resolve

if TYPE_CHECKING:
    from pipeline.documents.headers import Column, Table
    from pipeline.study import Source


def attribute_columns(table: Table, source: Source) -> dict[str, Column]:
    """Find the column of every attribute.

    Parameters
    ----------
    table
        The table that the source reads.
    source
        Its attributes, and its pairs: a closed question that a free text
        explains is an attribute, too, under its header without notes.

    Raises
    ------
    InputError
        A column of the attributes or the pairs is not there.
    """
    columns = {name: resolve(table, header)[0] for name, header in source.attributes.items()}
    for text, header in source.pairs.items():
        resolve(table, text, many=True)
        closed = resolve(table, header)[0]
        if closed in columns.values():
            continue
        name = unique = without_notes(fold(closed.name))
        number = 1
        while unique in columns:
            number += 1
            unique = f"{name}（{number}）"
        columns[unique] = closed
    return columns
