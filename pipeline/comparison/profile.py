"""What a comparison needs of a run: counts and words, no answer and no respondent.

A profile can be kept beside another run. People stand in it as *patterns*: how many of
them spoke to exactly the same pieces. From that the people of any set of issues can be
counted exactly. Most patterns are those of one person, so a profile is a paper for the
office, as the tables are: beside published cross tables it can give away hidden cells.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import TypeAdapter

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Collection

FORMAT: Final = 2
"""Version of the profile's own form."""


class Piece(NamedTuple):
    """Opinions of one issue under one heading of the concept dictionary.

    Attributes
    ----------
    issue_id
        Empty for opinions in no issue.
    heading, facet
        Levels 2 and 3 of the dictionary; empty where it does not know the topic.
    n_opinions
        How many there are.
    n_unknown
        Of these, opinions of nobody in particular.
    """

    issue_id: str
    heading: str
    facet: str
    n_opinions: int
    n_unknown: int

    @property
    def key(self) -> tuple[str, str]:
        """Heading and facet."""
        return self.heading, self.facet


class Uses(NamedTuple):
    """How often a word is used: by known people, each once, and in how many opinions."""

    n_people: int
    n_opinions: int


@dataclass(frozen=True)
class IssueProfile:
    """One issue of a run.

    Attributes
    ----------
    headings, words
        As in the table ``issues``.
    terms
        Term of the concept dictionary → share of the opinions in which it stands; the most
        frequent ones.
    n_opinions, n_respondents
        Without what comes from the last plan.
    kinds
        Kind of opinion → how many.
    status
        What people decided of it: one of :data:`pipeline.wording.ISSUE_STATUSES`, or empty.
    """

    issue_id: str
    title: str
    headings: tuple[str, ...]
    words: tuple[str, ...]
    terms: dict[str, float]
    n_opinions: int
    n_respondents: int
    goal_id: str
    kinds: dict[str, int]
    status: str = ""


@dataclass(frozen=True)
class Profile:
    """A run as a comparison sees it.

    Attributes
    ----------
    run_id, title, plan
        As in the manifest.
    n_answers
        Answers that were read, without those that come from the last plan.
    issues
        By id.
    pieces
        By issue, heading and facet.
    people
        Number of people, and the pieces (places in ``pieces``) to which each of them spoke.
    questions
        Question → opinions that answer it.
    sources
        Kind of source → opinions.
    vocabulary
        Content word, as written and in its normalized form → its uses; words that one person
        alone uses, or one opinion of nobody in particular, are left out.
    dictionary
        Fingerprint of the concept dictionary: another one counts otherwise.
    numbers_from
        Runs whose issues gave this one its numbers.
    """

    run_id: str
    title: str
    plan: str
    n_answers: int
    issues: tuple[IssueProfile, ...]
    pieces: tuple[Piece, ...]
    people: tuple[tuple[int, tuple[int, ...]], ...]
    questions: dict[str, int]
    sources: dict[str, int]
    vocabulary: dict[str, Uses]
    dictionary: str
    numbers_from: tuple[str, ...]

    @cached_property
    def n_people(self) -> int:
        """Respondents with an opinion: the base of every share."""
        return sum(number for number, _ in self.people)

    @cached_property
    def n_opinions(self) -> int:
        """Opinions, also those of nobody in particular."""
        return sum(piece.n_opinions for piece in self.pieces)

    @cached_property
    def n_unknown(self) -> int:
        """Opinions of nobody in particular."""
        return sum(piece.n_unknown for piece in self.pieces)

    def places(
        self, issues: Collection[str] = (), keys: Collection[tuple[str, str]] = ()
    ) -> frozenset[int]:
        """Places in ``pieces`` of some issues, or of some headings and facets anywhere."""
        return frozenset(
            place
            for place, piece in enumerate(self.pieces)
            if piece.issue_id in issues or piece.key in keys
        )

    def count_people(self, places: Collection[int]) -> int:
        """Count people who spoke to at least one of these pieces, each once."""
        wanted = frozenset(places)
        return sum(number for number, own in self.people if not wanted.isdisjoint(own))

    def count_opinions(self, places: Collection[int]) -> int:
        """Count opinions in these pieces."""
        return sum(self.pieces[place].n_opinions for place in places)


def dump_profile(profile: Profile) -> bytes:
    """Profile as JSON; the same profile gives the same bytes."""
    values = {"format": FORMAT, **asdict(profile)}
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def load_profile(content: bytes, name: str) -> Profile:
    """Profile from JSON.

    Parameters
    ----------
    name
        Of the file, for messages.

    Raises
    ------
    InputError
        It is no profile, one of another version, or its figures cannot be true.
    """
    try:
        values = json.loads(content)
        if values.pop("format") != FORMAT or set(values) != {own.name for own in fields(Profile)}:
            raise _no_profile(name)
        profile = _shape().validate_json(json.dumps(values), strict=True)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _no_profile(name) from error
    if not _can_be(profile):
        raise _no_profile(name)
    return profile


@cache
def _shape() -> TypeAdapter[Profile]:
    return TypeAdapter(Profile)


def _can_be(own: Profile) -> bool:
    """Whether the figures of a profile can be those of a run."""
    names = [issue.issue_id for issue in own.issues]
    patterns = [places for _, places in own.people]
    counts = [own.n_answers, *own.questions.values(), *own.sources.values()]
    counts += [number for issue in own.issues for number in issue.kinds.values()]
    counts += [n for issue in own.issues for n in (issue.n_respondents, issue.n_opinions)]
    shares = [share for issue in own.issues for share in issue.terms.values()]
    return (
        "" not in names
        and names == sorted(set(names))
        and min(counts, default=0) >= 0
        and all(0 <= share <= 1 for share in shares)  # also no NaN
        and all(
            0 <= piece.n_unknown <= piece.n_opinions and piece.issue_id in {"", *names}
            for piece in own.pieces
        )
        and patterns == sorted(set(patterns))
        and all(
            number > 0
            and places == tuple(sorted(set(places)))
            and places
            and 0 <= places[0] <= places[-1] < len(own.pieces)
            for number, places in own.people
        )
        and all(
            0 <= used.n_people <= min(own.n_people, used.n_opinions)
            and used.n_opinions <= own.n_opinions
            for used in own.vocabulary.values()
        )
    )


def _no_profile(name: str) -> InputError:
    return InputError(
        "前回の結果の要約を読めません。",
        at=Location(file=name),
        remedy="作られたときのファイルに戻すか、kadai run --previous で結果を作り直してください。",
    )
