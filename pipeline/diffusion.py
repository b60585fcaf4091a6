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
from scipy.sparse.csgraph import connected_components
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
    linked = degree > 0.0
    root = np.sqrt(np.where(linked, degree, 1.0))
    scaling = diags_array(1.0 / root)
    walks = csr_array(scaling @ graph @ scaling)
    component = connected_components(graph, directed=False)[1]
    numbered = np.unique(np.where(linked, component, -1), return_inverse=True)[1]
    part: NDArray[np.int64] = np.array(numbered, dtype=np.int64)
    apart = _between_parts(part, np.asarray(degree, dtype=np.float64))
    with threadpool_limits(1):
        values, vectors = _largest(walks, _ends(part, root, linked), max(SCALES) + 1)
    inside = vectors / root[:, None] * np.maximum(values, 0.0)
    blocks = []
    for scale in SCALES:
        left = scale - (apart.shape[1] - 1)
        # What is in other parts is as far as can be; the scale is spent on that first.
        within = inside[:, : _cut_at(values, left)] if left > 0 else inside[:, :0]
        coordinates = np.hstack([apart, within])
        coordinates[~linked] = 0.0
        blocks.append(_unit(coordinates))
    return blocks


def _between_parts(part: NDArray[np.int64], degree: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coordinates that tell the unconnected parts of a graph apart, one a part.

    They span what eigenvectors of the eigenvalue 1 span, without the constant one;
    an eigensolver would give any basis of it.
    """
    volume = np.bincount(part, weights=degree)
    share = np.sqrt(volume / max(float(volume.sum()), 1e-12))
    between = np.eye(len(volume)) - np.outer(share, share)
    scaled = between / np.sqrt(np.where(volume > 0.0, volume, 1.0))[:, None]
    placed: NDArray[np.float64] = np.round(scaled, 12)[part]
    return placed


def _ends(
    part: NDArray[np.int64], root: NDArray[np.float64], linked: NDArray[np.bool_]
) -> csr_array:
    """Where a walk ends after infinitely many steps: a unit column for every part."""
    rows = np.flatnonzero(linked)
    lengths = np.sqrt(np.bincount(part[rows], weights=root[rows] ** 2, minlength=part.max() + 1))
    entries = root[rows] / lengths[part[rows]]
    return csr_array((entries, (rows, part[rows])), shape=(len(part), int(part.max()) + 1))


def _largest(
    walks: csr_array, ends: csr_array, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Largest eigenvalues below 1, in order, and their vectors."""
    n = walks.shape[0]
    count = min(count, n - 2)
    if n > _DENSE:
        operator = LinearOperator(
            (n, n), matvec=lambda x: walks @ x - ends @ (ends.T @ x), dtype=np.float64
        )
        try:
            values, vectors = eigsh(operator, k=count, which="LA", v0=np.linspace(1.0, 2.0, n))
        except ArpackError:
            values, vectors = np.linalg.eigh(walks.toarray() - (ends @ ends.T).toarray())
    else:
        values, vectors = np.linalg.eigh(walks.toarray() - (ends @ ends.T).toarray())
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
