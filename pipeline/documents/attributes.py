"""Which attributes the answers of a source carry: those named, and what its pairs explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.documents.demographics import without_notes
from pipeline.documents.table import fold, resolve

if TYPE_CHECKING:
    from collections.abc import Container

    from pipeline.documents.table import Column, Table
    from pipeline.study import Source


ADDRESSED: Final = "該当箇所"
"""Attribute that keeps, as written, which part of the plan a writer names."""


def attribute_columns(table: Table, source: Source) -> dict[str, Column]:
    """Find the column of every attribute.

    Parameters
    ----------
    table
        The table that the source reads.
    source
        Its attributes, and its pairs: a closed question that a free text
        explains is an attribute, too, under its header without notes, and so is
        what writers name of the plan, under :data:`ADDRESSED`.

    Raises
    ------
    InputError
        A column of the attributes, the pairs or the addressed parts is not there.
    """
    columns = {name: resolve(table, header)[0] for name, header in source.attributes.items()}
    for text, header in source.pairs.items():
        resolve(table, text, many=True)
        closed = resolve(table, header)[0]
        if closed in columns.values():
            continue
        columns[_unused(without_notes(fold(closed.name)), columns)] = closed
    if source.addresses_column:
        addressed = resolve(table, source.addresses_column)[0]
        if addressed not in columns.values():
            columns[_unused(ADDRESSED, columns)] = addressed
    return columns


def _unused(name: str, taken: Container[str]) -> str:
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}（{number}）"
    return unique
