"""Which issue of one run is which of another: by what they are about, not by their number."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.comparison.profile import IssueProfile, Profile

TOPIC, TERM, WORD = 0.6, 0.2, 0.2
"""Weights of headings, dictionary terms and characteristic words in the likeness."""

ALIKE: Final = 0.5
"""Least likeness of two issues that are taken for one."""

CARRIED: Final = 0.02
"""Added where the newer run took its numbers from the older one: enough to settle a tie."""

LEAST_WORTH: Final = 1e-6
"""Worth of a pair that is just alike enough."""

INSIDE: Final = 0.5
"""Least share of what an issue is about that another one holds, to say it is a part of it."""


class Pair(NamedTuple):
    """An issue of the older run, one of the newer run, and how alike they are (0 to 1)."""

    old: str
    new: str
    likeness: float


class Matching(NamedTuple):
    """Issues of two runs side by side.

    Attributes
    ----------
    pairs
        One to one, by the older id.
    old_inside
        Older issue without a partner → newer issue of a pair that holds what it is about.
    new_inside
        Newer issue without a partner → older issue of a pair that held it.
    """

    pairs: tuple[Pair, ...]
    old_inside: Mapping[str, str]
    new_inside: Mapping[str, str]


def match_issues(old: Profile, new: Profile) -> Matching:
    """Pair the issues of two runs so that the sum of their likeness above a threshold is greatest.

    Notes
    -----
    An assignment problem, solved exactly [1]_. Pairs below :data:`ALIKE` are no pairs. What
    is left over is looked up in the pairs: how likely an opinion of its topic stands there.

    References
    ----------
    .. [1] Kuhn (1955), The Hungarian method for the assignment problem, Naval Research
       Logistics Quarterly 2.
    """
    if (new.run_id, new.title) < (old.run_id, old.title):  # the same result either way round
        turned = match_issues(new, old)
        swapped = sorted(Pair(pair.new, pair.old, pair.likeness) for pair in turned.pairs)
        return Matching(tuple(swapped), turned.new_inside, turned.old_inside)
    from scipy.optimize import linear_sum_assignment

    like = likeness(old, new)
    names_old = [issue.issue_id for issue in old.issues]
    names_new = [issue.issue_id for issue in new.issues]
    carried = old.run_id in new.numbers_from or new.run_id in old.numbers_from
    same = np.array([[a == b for b in names_new] for a in names_old], dtype=float)
    # What lies above the threshold counts: two pairs that are hardly alike must not be worth
    # more than one that is the same.
    bonus = LEAST_WORTH + (CARRIED * same if carried and same.size else 0.0)
    worth = np.where(like >= ALIKE, like - ALIKE + bonus, 0.0)
    pairs = tuple(
        Pair(names_old[row], names_new[column], float(like[row, column]))
        for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True)
        if worth[row, column] > 0
    )
    in_old, in_new = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    return Matching(
        pairs,
        _inside(old, new, like, in_old, in_new),
        _inside(new, old, like.T, in_new, in_old),
    )


def likeness(old: Profile, new: Profile) -> NDArray[np.float64]:
    """Likeness of every issue of one run to every one of another, 0 to 1.

    Weighted mean of three cosines: of headings and facets (shares of opinions), of
    dictionary terms, and of characteristic words. What neither issue has is left out.
    Opinions under no heading count as a topic of their own, as alike as the words are:
    two of twenty opinions under a heading do not tell what an issue is about.
    """
    topics_old, topics_new = topics_of(old), topics_of(new)
    found = np.zeros((len(old.issues), len(new.issues)))
    for row, one in enumerate(old.issues):
        for column, other in enumerate(new.issues):
            found[row, column] = _like(
                one, other, topics_old[one.issue_id], topics_new[other.issue_id]
            )
    return found.round(9)


def topics_of(profile: Profile) -> dict[str, dict[tuple[str, str], float]]:
    """Issue → heading and facet → share of its opinions; opinions of no topic left out."""
    sizes: Counter[str] = Counter()
    found: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for piece in profile.pieces:
        sizes[piece.issue_id] += piece.n_opinions
        if piece.heading:
            found[piece.issue_id][piece.key] = piece.n_opinions
    return defaultdict(
        dict,
        {
            issue_id: {key: number / sizes[issue_id] for key, number in own.items()}
            for issue_id, own in found.items()
        },
    )


def _like(
    one: IssueProfile,
    other: IssueProfile,
    topics: Mapping[tuple[str, str], float],
    others: Mapping[tuple[str, str], float],
) -> float:
    words = _cosine(_ranked(one.words), _ranked(other.words))
    told = []
    if topics or others:
        told.append((TOPIC, _topics_alike(topics, others, words)))
    if one.terms or other.terms:
        told.append((TERM, _cosine(one.terms, other.terms)))
    if one.words or other.words:
        told.append((WORD, words))
    whole = sum(weight for weight, _ in told)
    return sum(weight * value for weight, value in told) / whole if whole else 0.0


def _topics_alike(
    topics: Mapping[tuple[str, str], float], others: Mapping[tuple[str, str], float], words: float
) -> float:
    """Cosine of headings and facets; what stands under none is as alike as the words."""
    here, there = _with_headings(topics), _with_headings(others)
    hidden, hidden_there = _without_heading(topics), _without_heading(others)
    # Twice, for every opinion under a heading counts as its facet and as its heading.
    dot = math.fsum(weight * there[key] for key, weight in here.items() if key in there)
    dot += 2 * hidden * hidden_there * words
    lengths = math.hypot(_length(here), math.sqrt(2) * hidden) * math.hypot(
        _length(there), math.sqrt(2) * hidden_there
    )
    return min(dot / lengths, 1.0) if lengths else 0.0


def _without_heading(topics: Mapping[tuple[str, str], float]) -> float:
    """Share of the opinions that stand under no heading."""
    return max(0.0, 1 - math.fsum(topics.values()))


def _with_headings(topics: Mapping[tuple[str, str], float]) -> dict[Any, float]:
    """Facets, and the headings above them: two facets of one heading are a little alike."""
    found: dict[Any, float] = dict(topics)
    for (heading, _), share in topics.items():
        found[heading] = found.get(heading, 0.0) + share
    return found


def _ranked(words: Sequence[str]) -> dict[Any, float]:
    """Weights of words that stand in their order, the most characteristic first."""
    return {word: 1 / place for place, word in enumerate(words, start=1)}


def _cosine(one: Mapping[Any, float], other: Mapping[Any, float]) -> float:
    dot = math.fsum(weight * other[key] for key, weight in one.items() if key in other)
    lengths = _length(one) * _length(other)
    return min(dot / lengths, 1.0) if lengths else 0.0


def _length(one: Mapping[Any, float]) -> float:
    return math.sqrt(math.fsum(weight * weight for weight in one.values()))


def _inside(
    one: Profile,
    other: Profile,
    like: NDArray[np.float64],
    paired: set[str],
    homes: set[str],
) -> dict[str, str]:
    """Issue without a partner → issue of a pair in which its topic stands on the other side.

    Most of what it is about stands there, and so more of it than in any other issue. Where
    the dictionary does not know most of its topic, it is as alike as a partner would have to
    be, and more alike than to any other issue.
    """
    topics = topics_of(one)
    where: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for piece in other.pieces:
        if piece.heading:
            where[piece.key][piece.issue_id] += piece.n_opinions
    names = [issue.issue_id for issue in other.issues]
    found = {}
    for row, issue in enumerate(one.issues):
        if issue.issue_id in paired:
            continue
        moved: dict[str, float] = defaultdict(float)
        for key, share in sorted(topics[issue.issue_id].items()):
            whole = where[key].total()
            for home, number in where[key].items():
                moved[home] += share * number / whole
        held = {home: round(share, 9) for home, share in moved.items() if share >= INSIDE}
        if not held and _without_heading(topics[issue.issue_id]) > 1 - INSIDE:
            held = {
                name: value
                for name, value in zip(names, like[row].tolist(), strict=True)
                if value >= ALIKE
            }
        most = max(held.values(), default=0.0)
        best = [home for home, value in held.items() if value == most]
        if len(best) == 1 and best[0] in homes:
            found[issue.issue_id] = best[0]
    return found
