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

CHUNK: Final = 8192
"""Texts that a worker reads at once, at most; it changes nothing about what is found."""

_FEWEST: Final = 256
_SHARES: Final = 4
"""Chunks for every worker where there are few texts, so that all end at the same time."""

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
    size = chunk_size(len(texts), engine.n_workers, CHUNK)
    starts = range(0, len(texts), size)
    for start, table in zip(starts, engine.map(task, _chunks(texts, starts), advance), strict=True):
        for row, spans in zip(table["row"].to_pylist(), table["spans"].to_pylist(), strict=True):
            found[texts[start + row]] = spans_of(spans)
    return found


def spans_of(spans: Sequence[dict[str, int | str]] | None) -> list[PersonalSpan]:
    """Spans as an Arrow table holds them."""
    return [
        PersonalSpan(int(own["start"]), int(own["end"]), str(own["label"])) for own in spans or ()
    ]


def chunk_size(count: int, n_workers: int, most: int) -> int:
    """How many texts are read at once.

    Examples
    --------
    >>> chunk_size(10_000, 2, 8192), chunk_size(1_000_000, 2, 8192), chunk_size(0, 2, 8192)
    (1250, 8192, 256)
    """
    return min(most, max(_FEWEST, -(-count // (_SHARES * n_workers))))


def _chunks(texts: Sequence[str], starts: range) -> Iterator[pa.Table]:
    for start in starts:
        yield pa.table({"text": pa.array(texts[start : start + starts.step], type=pa.string())})


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
