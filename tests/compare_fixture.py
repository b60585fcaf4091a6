"""Made-up profiles of runs: issues with their headings, and people who spoke to them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.comparison.profile import IssueProfile, Piece, Profile, Uses

if TYPE_CHECKING:
    from collections.abc import Sequence


class Made(NamedTuple):
    """One issue: its title, headings with opinions under each, people, words."""

    title: str
    headings: dict[str, int]
    words: tuple[str, ...] = ()


def make_profile(
    issues: Sequence[Made],
    base: int = 400,
    run_id: str = "r1",
    vocabulary: dict[str, int] | None = None,
) -> Profile:
    """Profile in which the same people speak to a heading, in whatever issues it stands."""
    pieces, spoke = [], {}
    turn = Counter()
    made = []
    for number, own in enumerate(issues, start=1):
        issue_id = f"I{number:03d}"
        people = set()
        for heading, n in sorted(own.headings.items()):
            place = len(pieces)
            pieces.append(Piece(issue_id, heading, "", n, 0))
            for _ in range(n):
                person = (sum(map(ord, heading)) * 37 + turn[heading]) % base
                turn[heading] += 1
                spoke.setdefault(person, set()).add(place)
                people.add(person)
        made.append(
            IssueProfile(
                issue_id=issue_id,
                title=own.title,
                headings=tuple(sorted(set(own.headings) - {""})),
                words=own.words or (own.title,),
                terms={heading: 1.0 for heading in own.headings if heading},
                n_opinions=sum(own.headings.values()),
                n_respondents=len(people),
                goal_id="",
                kinds={"problem": sum(own.headings.values())},
            )
        )
    place = len(pieces)
    pieces.append(Piece("", "", "", base - len(spoke), 0))
    for person in range(base):
        spoke.setdefault(person, {place})
    patterns = Counter(tuple(sorted(own)) for own in spoke.values())
    return Profile(
        run_id=run_id,
        title=f"調査{run_id}",
        plan="p",
        n_answers=base,
        issues=tuple(made),
        pieces=tuple(pieces),
        people=tuple((number, own) for own, number in sorted(patterns.items())),
        questions={"問1": sum(piece.n_opinions for piece in pieces)},
        sources={"survey": sum(piece.n_opinions for piece in pieces)},
        vocabulary={
            word: Uses(min(n, base), min(n, base)) for word, n in (vocabulary or {}).items()
        },
        dictionary="d",
        numbers_from=(),
    )


BUS = Made("バスの便数", {"公共交通": 60}, ("バス", "便"))
SNOW = Made("雪かき", {"除雪・雪道": 40}, ("雪", "除雪"))
PARK = Made("公園", {"公園・遊具": 30}, ("公園", "遊具"))
SHOP = Made("買い物できる店", {"身近な買い物": 25}, ("店", "買い物"))
