"""The opinions that are nearest to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.inspection.remade import Remade
    from pipeline.opinionvectors import OpinionVectors

DIGITS: Final = 6
"""Decimal places of a similarity."""

_CHUNK: Final = 8192


def nearest_opinions(made: Remade, opinion_id: str, n: int = 10) -> pd.DataFrame:
    """Nearest other opinions, the nearest first; of equally near ones by id.

    Parameters
    ----------
    n
        How many, at least 1; fewer where there are no more.

    Returns
    -------
    DataFrame
        ``opinion_id, similarity, issue_id, title, text``: one row a wording, the opinion that
        stands for it. ``similarity`` is the cosine (−1 to 1) of the vectors by which issues
        are centred and headings joined; ``issue_id`` is empty for no issue.

    Raises
    ------
    UsageError
        The run has no such opinion, or `n` is less than 1.
    """
    if n < 1:
        raise UsageError(
            "近い意見の数は 1 以上です。", remedy="n に 1 以上の数を指定してください。"
        )
    row = made.row_of(opinion_id)
    cosines = similarities(made.vectors, made.vectors.at(np.array([row]))[0])
    ids = np.array(made.grouping.distinct.ids, dtype=str)
    order = np.lexsort((ids, -cosines))
    found = order[order != row][:n]
    near = [str(own) for own in ids[found]]
    issues = [made.issue_of[own] for own in near]
    return pd.DataFrame(
        {
            "opinion_id": near,
            "similarity": cosines[found],
            "issue_id": issues,
            "title": [made.titles[own] for own in issues],
            "text": [made.texts[own] for own in near],
        }
    )


def similarities(vectors: OpinionVectors, vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine of every opinion to one of them, in bounded memory.

    Returns
    -------
    ndarray of shape (opinions,)
        Rounded, so that the order of equal ones does not depend on the machine.
    """
    found = np.zeros(vectors.count)
    for start in range(0, vectors.count, _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, vectors.count))
        found[rows] = np.einsum("nd,d->n", vectors.at(rows), vector)
    cosines: NDArray[np.float64] = np.round(found, DIGITS) + 0.0
    return cosines
