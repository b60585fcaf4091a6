"""Agreement of coders on names without an order, beyond chance: Cohen's κ, Krippendorff's α."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.metrics import cohen_kappa_score

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROUNDING: Final = 1e-9


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Compute Cohen's κ [1]_; ``None`` where both sides know one label only.

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales", Educational and
       Psychological Measurement 20(1), 1960.
    """
    if len({*one, *other}) < 2:
        return None
    return float(cohen_kappa_score(one, other))


def krippendorff_alpha(*coders: Sequence[str | None]) -> float | None:
    """Compute Krippendorff's α for names without an order [1]_.

    ``α = 1 - (n - 1) Σ_{c≠k} o_ck / Σ_{c≠k} n_c n_k`` with the coincidences ``o_ck`` of
    two labels on one row, each row's pairs weighted by 1 / (its labels - 1).

    Parameters
    ----------
    coders
        One label a row, ``None`` where a coder gave none.

    Returns
    -------
    float or None
        1 for agreement, 0 for what chance gives; ``None`` where fewer than two different
        labels can be paired.

    References
    ----------
    .. [1] K. Krippendorff, Content Analysis, 4th ed., 2018, ch. 12; worked examples in
       "Computing Krippendorff's alpha-reliability", 2011.
    """
    known = sorted({label for coder in coders for label in coder if label is not None})
    place = {label: number for number, label in enumerate(known)}
    coincidences = np.zeros((len(known), len(known)))
    for row in zip(*coders, strict=True):
        given = [place[label] for label in row if label is not None]
        if len(given) > 1:
            counts = np.bincount(given, minlength=len(known))
            pairs = np.outer(counts, counts) - np.diag(counts)
            coincidences += pairs / (len(given) - 1)
    totals = coincidences.sum(axis=1)
    n_paired = totals.sum()
    expected = n_paired**2 - (totals**2).sum()
    if expected < _ROUNDING:
        return None
    observed = n_paired - np.trace(coincidences)
    return float(1 - (n_paired - 1) * observed / expected)
