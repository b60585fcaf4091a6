"""What a comparison needs of a run: counts and words, no answer and no respondent.

A profile can be kept beside another run. People stand in it as *patterns* only: how many
of them spoke to exactly the same pieces. From that the people of any set of issues can be
counted, and nobody can be told apart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Collection

FORMAT: Final = 1
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
        Content word, as written and in its normalized form → people who use it (or opinions
        of nobody in particular); words that only one uses are left out.
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
    vocabulary: dict[str, int]
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
        It is no profile, or one of another version.
    """
    try:
        values = json.loads(content)
        if values.pop("format") != FORMAT:
            raise _no_profile(name)
        issues = tuple(
            IssueProfile(
                **{**own, "headings": tuple(own["headings"]), "words": tuple(own["words"])}
            )
            for own in values.pop("issues")
        )
        return Profile(
            **{
                **values,
                "issues": issues,
                "pieces": tuple(Piece(*own) for own in values["pieces"]),
                "people": tuple((number, tuple(own)) for number, own in values["people"]),
                "numbers_from": tuple(values["numbers_from"]),
            }
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _no_profile(name) from error


def _no_profile(name: str) -> InputError:
    return InputError(
        "前回の結果の要約を読めません。",
        at=Location(file=name),
        remedy="作られたときのファイルに戻すか、kadai run --previous で結果を作り直してください。",
    )
