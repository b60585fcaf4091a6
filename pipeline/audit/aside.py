"""What became of an answer, or of a piece of it, that was not carried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.decisions import piece_id
from pipeline.wording import clean, stage

if TYPE_CHECKING:
    from pipeline.audit.result import Result
    from pipeline.audit.views import Judged, Origin


class Piece(NamedTuple):
    """A part of an answer that was not carried on."""

    piece_id: str
    start: int
    end: int
    stage: str
    reason: str
    text: str


@dataclass(frozen=True)
class AsideView:
    """An answer of which something was set aside, or was and is not any more.

    Attributes
    ----------
    pieces
        What is set aside: the piece that was asked for, or all of the answer's.
    opinions
        Id and text of what became opinions.
    """

    asked_for: str
    origin: Origin
    pieces: tuple[Piece, ...]
    opinions: tuple[tuple[str, str], ...]
    decisions: tuple[Judged, ...]


def explain_aside(result: Result, asked_for: str) -> AsideView:
    """Collect what is known about a piece that was set aside, or about a whole answer."""
    answer_id, _, span = asked_for.partition("@")
    every = [
        Piece(
            piece_id(answer_id, int(row["start"]), int(row["end"])),
            int(row["start"]),
            int(row["end"]),
            stage(row["stage"]),
            clean(row["reason"]),
            clean(row["text"]),
        )
        for row in result.rows("set_aside", "answer_id", [answer_id])
    ]
    said = result.rows("opinions", "answer_id", [answer_id])
    if span:
        start, end = (int(own) for own in span.split("-"))
        said = [row for row in said if start <= row["start"] and row["end"] <= end]
    return AsideView(
        asked_for=asked_for,
        origin=result.origin(answer_id),
        pieces=tuple(own for own in every if not span or own.piece_id == asked_for),
        opinions=tuple((row["opinion_id"], clean(row["text"])) for row in said),
        decisions=tuple(
            result.judged(own)
            for own in result.decisions
            if own.decision.target_id == asked_for
            or (not span and own.decision.target_id.startswith(f"{answer_id}@"))
        ),
    )
