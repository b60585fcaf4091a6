"""Weights of terms in texts: sublinear frequency × smoothed inverse document frequency.

Terms are numbers and texts are rows of a sparse matrix, so that a chunk of texts costs a few
passes over arrays. The arithmetic and its order are those of scikit-learn's ``TfidfVectorizer``
with ``sublinear_tf=True``: the same digits, without half a second of imports and without a
Python loop over words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

UNKNOWN: Final = -1
"""Number of a term that is passed over."""

_LETTER_BITS: Final = 21
"""Bits of a character: three of them fit into a number of 64."""


def count_terms(indptr: NDArray[np.int64], ids: NDArray[np.int32], n_terms: int) -> csr_array:
    """How often every text says every term.

    Parameters
    ----------
    indptr, ids
        Terms of text *i*, with repetitions: ``ids[indptr[i]:indptr[i + 1]]``;
        :data:`UNKNOWN` ones do not count.
    n_terms
        Number of terms.

    Returns
    -------
    csr_array of shape (texts, terms)
        Columns of a row in ascending order.
    """
    known = ids >= 0
    inside = ids[known]
    before = np.concatenate([[0], np.cumsum(known)])[indptr]
    if len(ids) <= np.iinfo(np.int32).max:  # half the memory, and faster
        before = before.astype(np.int32)
    counts = csr_array((np.ones(len(inside)), inside, before), shape=(len(indptr) - 1, n_terms))
    counts.sum_duplicates()
    return counts


def inverse_frequencies(counts: csr_array, n_texts: int | None = None) -> NDArray[np.float64]:
    """``ln((1 + n) / (1 + df)) + 1`` of every term; shape (terms,)."""
    n_texts = counts.shape[0] if n_texts is None else n_texts
    having = np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float64)
    weights: NDArray[np.float64] = np.log((n_texts + 1.0) / (having + 1.0)) + 1.0
    return weights


def weigh_terms(counts: csr_array, inverse: NDArray[np.float64]) -> csr_array:
    """``(1 + ln tf) × idf``, every row of length 1; a text without a term is a row of zeros."""
    n_texts = counts.shape[0]
    data = (np.log(counts.data) + 1.0) * inverse[counts.indices]
    rows = np.repeat(np.arange(n_texts), np.diff(counts.indptr))
    # Added up one after the other, as they stand: a faster sum has other last digits.
    lengths = np.sqrt(np.bincount(rows, weights=data * data, minlength=n_texts))
    return csr_array((data / lengths[rows], counts.indices, counts.indptr), shape=counts.shape)


def columns_of(texts: Sequence[Sequence[str]], column: dict[str, int]) -> tuple[
    NDArray[np.int64], NDArray[np.int32]
]:  # fmt: skip
    """``indptr, ids`` of texts in words; a word without a column is :data:`UNKNOWN`."""
    find = column.get
    ids = np.array([find(word, UNKNOWN) for own in texts for word in own], dtype=np.int32)
    return np.concatenate([[0], np.cumsum([len(own) for own in texts], dtype=np.int64)]), ids


def weigh_letters(texts: Sequence[str], least: int = 2) -> csr_array:
    """Weights of the runs of two and three letters that at least so many texts have.

    Returns
    -------
    csr_array of shape (texts, runs)
        Runs in the order of their characters; none where no run is in so many texts.
    """
    n_texts = len(texts)
    runs, indptr = _letter_runs(texts)
    distinct, first, ids = np.unique(runs, return_index=True, return_inverse=True)
    # Numbered as they come, then as they sort: a row keeps the first order, and with it the
    # order in which its squares are added up.
    met = np.empty(len(distinct), dtype=np.int32)
    met[np.argsort(first)] = np.arange(len(distinct), dtype=np.int32)
    counts = count_terms(indptr, met[ids], len(distinct))
    shared = np.bincount(counts.indices, minlength=len(distinct)) >= least
    counts = csr_array(counts[:, np.flatnonzero(shared)])
    in_order = np.flatnonzero(shared[met])
    place = np.argsort(met[in_order]).astype(np.int32)
    counts = csr_array(
        (counts.data, place[counts.indices], counts.indptr), shape=(n_texts, len(in_order))
    )
    return weigh_terms(counts, inverse_frequencies(counts))


def _letter_runs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs of two letters of each text, then those of three, as numbers that sort as they do."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(joined, dtype="<u4").astype(np.int64) + 1  # 0: no letter
    owner = np.repeat(np.arange(len(texts)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    found, owners = [], []
    for length in (2, 3):
        starts = np.flatnonzero(left >= length)
        number = np.zeros(len(starts), dtype=np.int64)
        for place in range(3):
            number <<= _LETTER_BITS
            if place < length:
                number |= letters[starts + place]
        found.append(number)
        owners.append(owner[starts])
    order = np.argsort(np.concatenate(owners), kind="stable")
    sizes = np.maximum(lengths - 1, 0) + np.maximum(lengths - 2, 0)
    return np.concatenate(found)[order], np.concatenate([[0], np.cumsum(sizes)])
