"""What the table of public comments shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Comment(NamedTuple):
    """One wording of a public comment about one part of the plan.

    Attributes
    ----------
    number
        Counted through the paper, from 1.
    response
        対応区分; empty: to be filled in.
    """

    number: int
    text: str
    times: int
    response: str


class CommentGroup(NamedTuple):
    """Comments of one issue; those in no issue have an empty title."""

    title: str
    comments: tuple[Comment, ...]


class Part(NamedTuple):
    """A part of the plan and the comments on it.

    Attributes
    ----------
    goal
        Label of the goal; empty: none.
    measure
        Label of the measure; empty: the goal as a whole.
    """

    goal: str
    measure: str
    n_opinions: int
    n_people: int
    groups: tuple[CommentGroup, ...]


class Submission(NamedTuple):
    """One answer as it came in: where it stands, and its pieces in their order.

    Attributes
    ----------
    pieces
        Number of the comment (0: set aside) and text.
    """

    place: str
    pieces: tuple[tuple[int, str], ...]


class AsidePiece(NamedTuple):
    """A piece of a public comment that was set aside."""

    place: str
    text: str
    stage: str
    reason: str


@dataclass(frozen=True)
class Comments:
    """Everything that 意見と考え方 shows.

    Attributes
    ----------
    responses
        対応区分 → opinions and wordings; the empty name: not filled in.
    """

    n_answers: int
    n_people: int
    n_unknown: int
    n_opinions: int
    n_distinct: int
    parts: tuple[Part, ...]
    responses: tuple[tuple[str, int, int], ...]
    asides: tuple[AsidePiece, ...]
    submissions: tuple[Submission, ...]
