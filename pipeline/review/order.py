"""In which order a reviewer's time settles and teaches most.

A row is worth looking at where the machine is not sure of it and much hangs on it: many
voices in an issue, many opinions of the same wording. What a person has decided comes
last. :func:`rank_issues` and :func:`rank_opinions` number the rows 1, 2, 3, …

References
----------
D. Lewis and W. Gale, "A sequential algorithm for training text classifiers", SIGIR 1994
(what a classifier is least sure of teaches it most); B. Settles and M. Craven, "An
analysis of active learning strategies for sequence labeling tasks", EMNLP 2008 (weighted
with how much is like it).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pipeline.lookups import by_person
from pipeline.wording import HELD, is_person

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = 6  # as the tables are written


def doubt(confidence: float, assigned_by: str) -> float:
    """Probability that what stands in a row is wrong; 0 where a person has decided.

    Parameters
    ----------
    confidence
        ``goal_confidence``: of the goal that stands there, or of none where none does.

    Examples
    --------
    >>> doubt(0.75, "machine"), doubt(0.75, ""), doubt(0.75, "山田")
    (0.25, 0.25, 0.0)
    """
    if is_person(assigned_by):
        return 0.0
    return 1.0 if math.isnan(confidence) else min(max(1.0 - confidence, 0.0), 1.0)


def issue_priority(n_distinct: int, doubted: float, stability: float) -> float:
    """Worth of looking at an issue: distinct opinions x doubt x (1 + instability).

    An issue that would not come together again (stability 0) counts twice; one that people
    put together has no stability, and counts once.

    Examples
    --------
    >>> issue_priority(10, 0.5, 1.0), issue_priority(10, 0.5, 0.0)
    (5.0, 10.0)
    """
    steady = 1.0 if math.isnan(stability) else min(max(stability, 0.0), 1.0)
    return n_distinct * doubted * (1.0 + (1.0 - steady))


def rank_issues(issues: pd.DataFrame) -> dict[str, int]:
    """Issue id → place in the order of review, 1 first.

    By :func:`issue_priority`; of equal ones those to be split, then the larger, then by id.
    Issues that a person judged come last, those that are held (保留) before the others.

    Parameters
    ----------
    issues
        ``issue_id, n_distinct, goal_confidence, assigned_by, stability, to_split, status``.
    """
    rows = zip(
        issues["issue_id"],
        issues["n_distinct"],
        issues["goal_confidence"],
        issues["assigned_by"],
        issues["stability"],
        issues["to_split"],
        issues["status"],
        strict=True,
    )
    keys = [
        (
            _judged(status),
            -round(issue_priority(n, doubt(sure, by), steady), _DIGITS),
            -split,
            -n,
            issue_id,
        )
        for issue_id, n, sure, by, steady, split, status in rows
    ]
    return {key[-1]: place for place, key in enumerate(sorted(keys), start=1)}


def _judged(status: str) -> int:
    """0 where nobody judged, 1 where the judgement was put off, 2 where it was made."""
    if status == HELD:
        return 1
    return 2 if status else 0


def rank_opinions(opinions: pd.DataFrame) -> dict[str, int]:
    """Opinion id → place in the order of review, 1 first; see :func:`place_opinions`."""
    places = place_opinions(opinions).place.tolist()
    return dict(zip(opinions["opinion_id"].tolist(), places, strict=True))


class Places(NamedTuple):
    """Of every opinion, in the order of the rows.

    Attributes
    ----------
    place
        In the order of review, 1 first.
    said
        Opinions of its wording, itself among them.
    """

    place: NDArray[np.int64]
    said: NDArray[np.int64]


def place_opinions(opinions: pd.DataFrame) -> Places:
    """Put opinions in the order of review.

    By doubt x how often the wording was said; of equal ones what was said more often, then
    by id. Opinions of one wording share a place: who decides one has decided all. It is as
    doubtful as the most doubtful of them; those that a person decided stand apart and last.

    Parameters
    ----------
    opinions
        ``opinion_id, duplicate_of, goal_confidence, assigned_by``.
    """
    alike = opinions["duplicate_of"].where(opinions["duplicate_of"] != "", opinions["opinion_id"])
    wording, names = pd.factorize(alike, sort=True)
    said = np.bincount(wording, minlength=len(names))
    decided = by_person(opinions["assigned_by"]).to_numpy(dtype=bool)
    sure = opinions["goal_confidence"].to_numpy(dtype="float64", na_value=math.nan)
    doubts = np.where(decided, 0.0, np.where(np.isnan(sure), 1.0, np.clip(1.0 - sure, 0.0, 1.0)))
    # Two places a wording: what the machine left open, and what a person decided.
    own = 2 * wording + decided
    most = np.zeros(2 * len(names))
    np.maximum.at(most, own, doubts)
    present = np.flatnonzero(np.bincount(own, minlength=len(most)))
    often = said[present // 2]
    worth = _rounded(most[present] * often)
    places = np.zeros(2 * len(names), dtype=np.int64)
    places[present[np.lexsort((present, -often, -worth))]] = np.arange(1, len(present) + 1)
    return Places(places[own], said[wording])


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values as tables are written. NumPy's own rounding differs in the last of many digits."""
    distinct, place = np.unique(values, return_inverse=True)
    return np.array([round(own, _DIGITS) for own in distinct.tolist()], dtype="float64")[place]
