"""Look for people in many texts, in workers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.engine import Task
from pipeline.privacy import PersonalSpan, find_personal
from pipeline.privacy.lexicon import FILE_NAME
from pipeline.resources import dictionaries_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.engine import Engine

CHUNK: Final = 4096
"""Texts that a worker reads at once; it changes nothing about what is found."""

SPANS: Final = pa.list_(
    pa.struct([("start", pa.int32()), ("end", pa.int32()), ("label", pa.string())])
)
"""Personal spans of a text; null for none."""


def find_people(
    texts: Sequence[str], engine: Engine, advance: Callable[[int], object] = lambda _: None
) -> dict[str, Sequence[PersonalSpan]]:
    """What points at a person in each of some distinct texts; those with nothing are left out."""
    names = (dictionaries_folder() / FILE_NAME).read_bytes()
    task = Task(_nothing, _find, None, hashlib.sha256(names).hexdigest())
    found: dict[str, Sequence[PersonalSpan]] = {}
    for start, table in zip(
        range(0, len(texts), CHUNK), engine.map(task, _chunks(texts), advance), strict=True
    ):
        for row, spans in zip(table["row"].to_pylist(), table["spans"].to_pylist(), strict=True):
            found[texts[start + row]] = spans_of(spans)
    return found


def spans_of(spans: Sequence[dict[str, int | str]] | None) -> list[PersonalSpan]:
    """Spans as an Arrow table holds them."""
    return [
        PersonalSpan(int(own["start"]), int(own["end"]), str(own["label"])) for own in spans or ()
    ]


def _chunks(texts: Sequence[str]) -> Iterator[pa.Table]:
    for start in range(0, len(texts), CHUNK):
        yield pa.table({"text": pa.array(texts[start : start + CHUNK], type=pa.string())})


def _nothing(_: None) -> None:
    """No state: the lexicon of names is opened on first use."""


def _find(_: None, chunk: pa.Table) -> pa.Table:
    found = [find_personal(text) for text in chunk["text"].to_pylist()]
    told = [row for row, spans in enumerate(found) if spans]
    # Rows, not texts: what is kept for the next run names nobody.
    return pa.table(
        {
            "row": pa.array(told, type=pa.int32()),
            "spans": pa.array([[own._asdict() for own in found[row]] for row in told], type=SPANS),
        }
    )
