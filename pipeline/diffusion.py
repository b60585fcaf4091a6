"""Views to one space: what is near in several views, over several neighbourhoods, at several scales.

Each view (latent topics, word vectors, letters) sees another kind of likeness.
Their graphs of nearest neighbours are added up, and every opinion is placed by
where random walks on the sum lead it. One number of neighbours or of dimensions
would be a guess; the space is the consensus of several.

References
----------
Coifman & Lafon (2006), Diffusion maps, Applied and Computational Harmonic
Analysis 21(1). Fred & Jain (2005), Combining multiple clusterings using evidence
accumulation, IEEE TPAMI 27(6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NEIGHBOURS: Final = (10, 20, 40)
"""Sizes of a neighbourhood."""

SCALES: Final = (9, 19, 29, 44, 59)
"""Numbers of diffusion coordinates, from coarse to fine."""

_FEWEST: Final = 30
"""Opinions below which a graph says no more than the views themselves."""

_DENSE: Final = 1200
"""Opinions up to which all eigenvectors are computed."""

_CHUNK: Final = 1024


def common_space(views: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Place texts by the consensus of several views of them.

    Parameters
    ----------
    views
        Arrays of shape (n, d_v) with rows of unit length, or of zeros where a view
        knows nothing of a text; texts in canonical order.

    Returns
    -------
    ndarray of shape (n, d)
        Rows of unit length; the cosine of two rows is the mean, over neighbourhoods
        and scales, of the cosine of their diffusion coordinates. Zeros for a text
        that is like no other in any view.

    Notes
    -----
    Edges weigh the cosine; equally near neighbours are all taken, so that no order
    decides. A cut between equal eigenvalues is moved, because the basis inside a
    group of equal ones is arbitrary.
    """
    n = len(views[0])
    if n < _FEWEST:
        return _unit(np.hstack(views))
    graphs = [csr_array((n, n)) for _ in NEIGHBOURS]
    for view in views:
        for place, graph in enumerate(_neighbours(view)):
            graphs[place] = graphs[place] + graph
    return _unit(np.hstack([block for graph in graphs for block in _diffused(graph)]))


def _neighbours(view: NDArray[np.float64]) -> list[csr_array]:
    """Symmetric graph of the nearest neighbours for each size of :data:`NEIGHBOURS`."""
    n = len(view)
    rows: list[list[NDArray[np.int64]]] = [[] for _ in NEIGHBOURS]
    columns: list[list[NDArray[np.int64]]] = [[] for _ in NEIGHBOURS]
    values: list[list[NDArray[np.float64]]] = [[] for _ in NEIGHBOURS]
    for start in range(0, n, _CHUNK):
        with threadpool_limits(1):
            cosines = np.round(view[start : start + _CHUNK] @ view.T, 6)
        own = np.arange(start, start + len(cosines))
        cosines[np.arange(len(cosines)), own] = -1.0
        sizes = [min(size, n - 1) for size in NEIGHBOURS]
        sorted_ = np.partition(cosines, [n - size for size in sizes], axis=1)
        for place, size in enumerate(sizes):
            near = (cosines >= sorted_[:, [n - size]]) & (cosines > 0.0)
            row, column = np.nonzero(near)
            rows[place].append(own[row])
            columns[place].append(column)
            values[place].append(cosines[row, column])
    graphs = []
    for row_parts, column_parts, value_parts in zip(rows, columns, values, strict=True):
        places = (np.concatenate(row_parts), np.concatenate(column_parts))
        graph = csr_array((np.concatenate(value_parts), places), shape=(n, n))
        graphs.append(csr_array(graph.maximum(graph.T)))
    return graphs


def _diffused(graph: csr_array) -> list[NDArray[np.float64]]:
    """Diffusion coordinates at every scale, rows of unit length."""
    degree = np.asarray(graph.sum(axis=1)).ravel()
    root = np.sqrt(np.where(degree > 0.0, degree, 1.0))
    scaling = diags_array(1.0 / root)
    walks = csr_array(scaling @ graph @ scaling)
    # Where a walk ends after infinitely many steps says nothing of where it began.
    trivial = np.where(degree > 0.0, root, 0.0)
    trivial /= np.sqrt(trivial @ trivial) or 1.0
    with threadpool_limits(1):
        values, vectors = _largest(walks, trivial, max(SCALES) + 1)
    coordinates = vectors / root[:, None] * np.maximum(values, 0.0)
    coordinates[degree <= 0.0] = 0.0
    return [_unit(coordinates[:, : _cut_at(values, scale)]) for scale in SCALES]


def _largest(
    walks: csr_array, trivial: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Largest eigenvalues beside the trivial one, in order, and their vectors."""
    n = len(trivial)
    count = min(count, n - 2)
    if n > _DENSE:
        operator = LinearOperator(
            (n, n),
            matvec=lambda x: walks @ x - trivial * (trivial @ x),
            dtype=np.float64,
        )
        try:
            values, vectors = eigsh(operator, k=count, which="LA", v0=np.linspace(1.0, 2.0, n))
        except ArpackError:
            values, vectors = np.linalg.eigh(walks.toarray() - np.outer(trivial, trivial))
    else:
        values, vectors = np.linalg.eigh(walks.toarray() - np.outer(trivial, trivial))
    order = np.argsort(-values, kind="stable")[:count]
    return values[order].astype(np.float64), vectors[:, order].astype(np.float64)


def _cut_at(values: NDArray[np.float64], scale: int) -> int:
    """Number of coordinates near `scale` behind which the eigenvalues fall."""
    for count in range(min(scale, len(values) - 1), 0, -1):
        if values[count - 1] - values[count] > 1e-7:
            return count
    return len(values)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    scaled: NDArray[np.float64] = np.divide(
        vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-9
    )
    return scaled
