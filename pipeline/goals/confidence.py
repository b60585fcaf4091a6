"""How sure a goal is: scores to probabilities, and the confidence that a share of errors asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARPNESS: Final = 7.0
"""How fast certainty grows with the distance between scores, see :func:`probabilities`."""

ERROR_LEVELS: Final = (
    (0.05, 0.9),
    (0.1, 0.8),
    (0.15, 0.7),
    (0.2, 0.62),
    (0.3, 0.35),
    (0.35, 0.0),
)
"""Share of wrong links → confidence from which on no more are wrong, measured on
labelled opinions (DECISIONS.md)."""


def probabilities(combined: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that each goal, or none, is the right one.

    Parameters
    ----------
    combined
        Scores; the last axis is that of the goals.

    Notes
    -----
    The normalized exponential of the scores times :data:`SHARPNESS` (temperature
    scaling [1]_, fitted on labelled opinions, DECISIONS.md).

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern
       neural networks", ICML 2017.
    """
    powers = np.exp(SHARPNESS * (combined - np.max(combined, axis=-1, keepdims=True)))
    shares: NDArray[np.float64] = powers / np.add.reduce(powers, axis=-1, keepdims=True)
    return shares


def least_confidence(error: float | None) -> float:
    """Confidence from which on links are wrong in at most this share of cases.

    Interpolated between the values of :data:`ERROR_LEVELS`.

    Parameters
    ----------
    error
        Share of wrong links that is accepted; ``None`` for no limit.
    """
    if error is None:
        return 0.0
    errors, levels = zip(*ERROR_LEVELS, strict=True)
    return round(float(np.interp(error, errors, levels)), 4)
