"""How well every opinion fits its issue and not the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.inspection.remade import Remade
    from pipeline.opinionvectors import OpinionVectors

DIGITS: Final = 6
"""Decimal places of a silhouette."""

_CHUNK: Final = 8192


def silhouettes_of(made: Remade, grouped: pd.DataFrame | None = None) -> pd.DataFrame:
    """Silhouette of every distinct opinion that is in an issue.

    Parameters
    ----------
    grouped
        Another grouping (``opinion_id, issue_id``), as :func:`.resized.regrouped` gives it; the
        issues of the run by default, as people left them.

    Returns
    -------
    DataFrame
        ``opinion_id, issue_id, silhouette``, sorted by id; −1 to 1. Near 1: near its own
        issue and far from the next; below 0: the next one is nearer. Headings of the concept
        dictionary are issues by what is said, not by how: many of their opinions are about as
        near to another one, and a value about 0 is no fault.

    Raises
    ------
    UsageError
        The other grouping lacks a column or an opinion.
    """
    distinct = made.grouping.distinct
    ids = [str(own) for own in distinct.ids]
    issue_of = made.issue_of
    if grouped is not None:
        issue_of = _grouped(grouped, ids)
    issues = np.array([issue_of[own] for own in ids], dtype=str)
    inside = np.flatnonzero(issues != "")
    names, labels = np.unique(issues[inside], return_inverse=True)
    table = pd.DataFrame(
        {
            "opinion_id": [ids[row] for row in inside.tolist()],
            "issue_id": names[labels].tolist() if len(names) else [],
            "silhouette": silhouettes(made.vectors, inside, labels.ravel(), len(names)),
        }
    )
    return table.sort_values("opinion_id", ignore_index=True)


def _grouped(grouped: pd.DataFrame, ids: Sequence[str]) -> dict[str, str]:
    columns = [own for own in ("opinion_id", "issue_id") if own in grouped]
    issue_of = dict(zip(grouped[columns[0]], grouped[columns[-1]], strict=True)) if columns else {}
    if len(columns) < 2 or not issue_of.keys() >= set(ids):
        raise UsageError(
            "grouped に、すべての意見の課題がそろっていません。",
            remedy="resized が返した表のように、opinion_id と issue_id の列を持ち、"
            "この結果の意見がすべて入った表を渡してください。",
        )
    return issue_of


def silhouettes(
    vectors: OpinionVectors,
    rows: NDArray[np.int64],
    labels: NDArray[np.int64],
    n_groups: int,
) -> NDArray[np.float64]:
    r"""Silhouettes by the cosine distance, in bounded memory.

    Parameters
    ----------
    rows, labels
        Opinions that are in a group, and the group of each.

    Returns
    -------
    ndarray of shape (rows,)
        0 for the only opinion of a group, and where there is one group alone.

    Notes
    -----
    :math:`(b - a) / max(a, b)` with the mean distance :math:`a` to the others of the own
    group and the least mean distance :math:`b` to those of another [1]_. The mean cosine to a
    group is that to the sum of its vectors, so no distance of two opinions is ever computed.

    References
    ----------
    .. [1] P. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation
       of cluster analysis", Journal of Computational and Applied Mathematics 20, 1987.
    """
    found = np.zeros(len(rows))
    if n_groups < 2:
        return found
    sizes = np.bincount(labels, minlength=n_groups).astype(np.float64)
    sums = np.zeros((n_groups, vectors.dimensions))
    parts = [slice(start, start + _CHUNK) for start in range(0, len(rows), _CHUNK)]
    for part in parts:
        np.add.at(sums, labels[part], vectors.at(rows[part]))
    for part in parts:
        own, placed = labels[part], vectors.at(rows[part])
        every = np.arange(len(own))
        distances = sizes - np.einsum("nd,gd->ng", placed, sums, optimize=False)
        to_itself = 1.0 - np.einsum("nd,nd->n", placed, placed)
        others = np.maximum(sizes[own] - 1.0, 1.0)
        inner = (distances[every, own] - to_itself) / others
        means = distances / sizes
        means[every, own] = np.inf
        outer = means.min(axis=1)
        widest = np.maximum(inner, outer)
        apart = np.divide(outer - inner, widest, out=np.zeros(len(own)), where=widest > 1e-12)
        found[part] = np.where(sizes[own] > 1, apart, 0.0)
    rounded: NDArray[np.float64] = np.round(found, DIGITS) + 0.0
    return rounded
