"""Which opinions can come into the report, before a row is made of any of them.

A report of a million opinions shows some thousand voices. What is counted is counted from
columns; rows are made of those opinions alone whose wording may be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pipeline.wording import REJECTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

INSIDE, ALONE, ELSEWHERE = "inside", "alone", "elsewhere"
"""Lists of voices: of an issue, of no issue by goal, and of a goal in issues of others."""


class Told(NamedTuple):
    """Opinions whose wording may be shown, and what there is beside them.

    Attributes
    ----------
    is_shown
        Of every opinion.
    n_wordings
        List and its issue or goal → wordings of all its opinions.
    by_goal
        Issue (empty: none) → goal → opinions.
    """

    is_shown: NDArray[np.bool_]
    n_wordings: Mapping[tuple[str, str], int]
    by_goal: Mapping[str, Mapping[str, int]]


def choose_told(
    opinions: pd.DataFrame, issues: pd.DataFrame, representatives: Sequence[str], limit: int
) -> Told:
    """Choose opinions by the order in which :func:`~.voices.choose_voices` shows wordings.

    Parameters
    ----------
    opinions
        ``opinion_id, duplicate_of, issue_id, goal_id, issue_strength, goal_confidence``, in the
        order of their ids.
    issues
        ``issue_id, goal_id, status``.
    representatives
        Opinions that are shown whatever comes before them.
    limit
        Most wordings of a list; 0: all.
    """
    ids, duplicate_of = opinions["opinion_id"], opinions["duplicate_of"]
    wording = pd.factorize(duplicate_of.where(duplicate_of != "", ids))[0]
    issue, issue_names = pd.factorize(opinions["issue_id"])
    goal, goal_names = pd.factorize(opinions["goal_id"])
    shown = np.zeros(len(opinions), dtype=bool)
    shown[np.isin(wording, wording[ids.isin(list(representatives)).to_numpy(dtype=bool)])] = True
    goal_of = dict(zip(issues["issue_id"], issues["goal_id"], strict=True))
    rejected = set(issues.loc[issues["status"] == REJECTED, "issue_id"])
    home = np.array(
        [_place(goal_names, goal_of.get(own, "")) for own in issue_names.tolist()], dtype=np.int64
    )
    open_issue = np.array(
        [own != "" and own not in rejected for own in issue_names.tolist()], dtype=bool
    )
    in_issue = np.array([own != "" for own in issue_names.tolist()], dtype=bool)
    has_goal = np.array([own != "" for own in goal_names.tolist()], dtype=bool)
    lists = {
        INSIDE: (in_issue[issue], issue, issue_names, "issue_strength"),
        ALONE: (~in_issue[issue], goal, goal_names, "issue_strength"),
        ELSEWHERE: (
            open_issue[issue] & has_goal[goal] & (home[issue] != goal),
            goal, goal_names, "goal_confidence",
        ),
    }  # fmt: skip
    n_wordings: dict[tuple[str, str], int] = {}
    for kind, (member, group, names, strength) in lists.items():
        rows = np.flatnonzero(member)
        strengths = opinions[strength].to_numpy(dtype="float64", na_value=np.nan)[rows]
        first, counts = _first(group[rows], wording[rows], strengths, limit)
        shown[rows[first]] = True
        n_wordings |= {(kind, names[own]): n for own, n in counts.items()}
    sizes = np.bincount(
        issue * len(goal_names) + goal, minlength=len(issue_names) * len(goal_names)
    ).reshape(len(issue_names), len(goal_names))
    by_goal = {
        own: {goal_names[at]: n for at, n in enumerate(line) if n}
        for own, line in zip(issue_names.tolist(), sizes.tolist(), strict=True)
    }
    return Told(shown, n_wordings, by_goal)


def _place(names: pd.Index[str], own: str) -> int:
    found = np.flatnonzero(names == own)
    return int(found[0]) if len(found) else -1


def _first(
    group: NDArray[np.int64],
    wording: NDArray[np.int64],
    strength: NDArray[np.float64],
    limit: int,
) -> tuple[NDArray[np.bool_], dict[int, int]]:
    """Rows whose wording is among the first of its group, and wordings of every group."""
    n_wordings = int(wording.max(initial=0)) + 1
    pairs, at, pair = np.unique(
        group * n_wordings + wording, return_index=True, return_inverse=True
    )
    of_group = pairs // n_wordings
    counts = np.bincount(of_group)
    found = {own: n for own, n in enumerate(counts.tolist()) if n}
    if not limit:
        return np.ones(len(group), dtype=bool), found
    best = np.full(len(pairs), -np.inf)
    np.maximum.at(best, pair, np.where(np.isnan(strength), 0.0, strength))
    order = np.lexsort((at, -best, of_group))
    begins = np.cumsum(counts) - counts
    rank = np.empty(len(pairs), dtype=np.int64)
    rank[order] = np.arange(len(pairs)) - begins[of_group[order]]
    return (rank < limit)[pair], found
