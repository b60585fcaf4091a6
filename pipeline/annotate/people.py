"""Look for people in many texts, in workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

import pipeline
from pipeline.engine import Task
from pipeline.privacy import PersonalSpan, find_personal

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
    task = Task(_nothing, _find, None, pipeline.__version__)
    found: dict[str, Sequence[PersonalSpan]] = {}
    for table in engine.map(task, _chunks(texts), advance):
        spans = table["spans"].to_pylist()
        for text, own in zip(table["text"].to_pylist(), spans, strict=True):
            found[text] = spans_of(own)
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
    found = [(text, find_personal(text)) for text in chunk["text"].to_pylist()]
    told = [(text, spans) for text, spans in found if spans]
    return pa.table(
        {
            "text": pa.array([text for text, _ in told], type=pa.string()),
            "spans": pa.array([[own._asdict() for own in spans] for _, spans in told], type=SPANS),
        }
    )
