"""What the table of public comments shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Received(NamedTuple):
    """Which answers a wording came with.

    Attributes
    ----------
    numbers
        Of the submissions, in their order.
    written
        What their writers wrote of the part of the plan, where it could not be read as one;
        else empty.
    """

    numbers: tuple[int, ...]
    written: str


class Comment(NamedTuple):
    """One wording of a public comment about one part of the plan.

    Attributes
    ----------
    number
        Counted through the paper, from 1.
    response
        対応区分; empty: to be filled in.
    received
        All answers that it came with; those without an unread part first.
    """

    number: int
    text: str
    times: int
    response: str
    received: tuple[Received, ...]


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
    number
        受付: counted in the order of the files, from 1.
    written
        What its writer wrote of the part of the plan; empty for nothing.
    pieces
        Number of the comment (0: set aside) and text.
    """

    number: int
    place: str
    written: str
    pieces: tuple[tuple[int, str], ...]


class AsidePiece(NamedTuple):
    """A piece of a public comment that was set aside, of the submission with that number."""

    number: int
    place: str
    text: str
    stage: str
    reason: str


class Unread(NamedTuple):
    """Words that were meant for a part of the plan and could not be read as one.

    Attributes
    ----------
    n_opinions
        Opinions in the table whose writers wrote them.
    numbers
        Of the submissions, in their order.
    """

    written: str
    n_opinions: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Comments:
    """Everything that 意見と考え方 shows.

    Attributes
    ----------
    n_people, n_speaking
        Respondents that can be told apart: of all answers, and of those in the table.
    n_opinions, n_contacts
        Opinions in the table, and those that are nothing but a contact: they are set aside.
    unread
        The most frequent first.
    responses
        対応区分 → opinions and wordings; the empty name: not filled in.
    """

    n_answers: int
    n_people: int
    n_speaking: int
    n_unknown: int
    n_opinions: int
    n_contacts: int
    n_distinct: int
    parts: tuple[Part, ...]
    responses: tuple[tuple[str, int, int], ...]
    asides: tuple[AsidePiece, ...]
    unread: tuple[Unread, ...]
    submissions: tuple[Submission, ...]
