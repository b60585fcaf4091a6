"""How far machine and people agree on labels with names: goals, measures, kinds.

Pure functions on sequences of labels, one entry a row. Nothing depends on the order of
the rows: what is drawn at random is drawn from sorted rows with a fixed seed, and rows of
equal confidence are taken together. Undefined figures are ``None``, never 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.agreement.coders import cohen_kappa, krippendorff_alpha

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

N_RESAMPLES: Final = 1000
"""Resamples of rows behind every interval."""

LEVEL: Final = 95
"""Percent of the resamples that an interval holds."""

N_BINS: Final = 10
"""Bins of equal width of :func:`calibration_error`."""

ERROR_TARGETS: Final = (0.05, 0.1, 0.2)
"""Shares of wrong links that a planner may be willing to accept."""

_EDGES: Final = np.linspace(0, 1, N_BINS + 1)[1:-1]
_SEED: Final = 2017
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A figure, and the percentile interval of it over resamples of rows."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class WithinError:
    """How many links can be taken with at most a share of wrong ones."""

    error: float
    n_links: int


@dataclass(frozen=True)
class ValueScore:
    """How well one value (a goal, a measure, a kind) was found.

    Attributes
    ----------
    n, n_machine
        Rows to which people, and the machine, gave the value.
    precision, recall, f1
        ``None`` where no row was given the value by the machine, by people, by either.
    """

    value: str
    n: int
    n_machine: int
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None


@dataclass(frozen=True)
class Scores:
    """How far the machine agrees with one column of labels.

    Attributes
    ----------
    accuracy
        Share of the rows that agree.
    macro_f1
        Mean F1 of the values that either side gave to some row.
    kappa, alpha
        See :mod:`pipeline.agreement.coders`.
    by_value
        In the order of the values.
    confusion
        Rows by label of the person (first index) and of the machine.
    """

    n_rows: int
    accuracy: Estimate
    macro_f1: Estimate
    kappa: float | None
    alpha: float | None
    by_value: tuple[ValueScore, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class LinkScores:
    """How good the links are that the machine made where it did not abstain.

    Attributes
    ----------
    coverage
        Share of all rows that were given a link.
    accuracy
        Share of the links that are right; ``None`` where there are none, as below.
    mean_confidence, calibration_error
        ``None`` also where links have no confidence.
    within_error
        One for every error target, see :func:`links_within_error`; empty likewise.
    """

    n_links: int
    coverage: float
    accuracy: float | None
    mean_confidence: float | None
    calibration_error: float | None
    within_error: tuple[WithinError, ...]


def resolve_truth(machine: Sequence[str], accepted: Sequence[Sequence[str]]) -> list[str]:
    """Choose one label a row where people accept several.

    Any accepted label counts as right: the truth is the machine's label if it is one of
    them, else the first.

    Examples
    --------
    >>> resolve_truth(["4", "4", "0"], [["1", "4"], ["1"], ["5", "2"]])
    ['4', '1', '5']
    """
    return [
        given if given in labels else labels[0]
        for given, labels in zip(machine, accepted, strict=True)
    ]


def score_labels(truth: Sequence[str], machine: Sequence[str], values: Sequence[str]) -> Scores:
    """Compare the machine's labels with a person's.

    Parameters
    ----------
    truth, machine
        One label a row; at least one row.
    values
        Every label that can stand there, in the order of the result.

    Notes
    -----
    Intervals are percentiles over :data:`N_RESAMPLES` resamples of the rows [1]_. In a
    resample the mean of F1 goes over the values that occur in it.

    References
    ----------
    .. [1] B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13.
    """
    place = {value: number for number, value in enumerate(values)}
    size = len(place)
    codes = np.sort(
        [place[one] * size + place[other] for one, other in zip(truth, machine, strict=True)]
    )
    found = np.bincount(codes, minlength=size * size).reshape(size, size)
    drawn = _resampled(codes, size)
    rates, rates_drawn = _rates(found), _rates(drawn)
    estimates = [_estimates(*pair) for pair in zip(rates, rates_drawn, strict=True)]
    macro, macro_drawn = np.nanmean(rates[-1]), np.nanmean(rates_drawn[-1], axis=-1)
    right, right_drawn = np.trace(found), np.trace(drawn, axis1=-2, axis2=-1)
    return Scores(
        n_rows=len(codes),
        accuracy=_estimate(right / len(codes), right_drawn / len(codes)),
        macro_f1=_estimate(float(macro), macro_drawn),
        kappa=cohen_kappa(truth, machine),
        alpha=krippendorff_alpha(truth, machine),
        by_value=tuple(
            ValueScore(value, n, n_machine, *three)
            for value, n, n_machine, *three in zip(
                place,
                found.sum(axis=1).tolist(),
                found.sum(axis=0).tolist(),
                *estimates,
                strict=True,
            )
        ),
        confusion=tuple(tuple(row) for row in found.tolist()),
    )


def score_links(
    truth: Sequence[str], machine: Sequence[str], confidence: Sequence[float] | None, none: str
) -> LinkScores:
    """Judge the links that were made, and how well their confidence tells good from bad.

    Parameters
    ----------
    confidence
        Probability that a row's link is right; ``None`` where people had a hand in it.
    none
        Label of the rows that were given no link.
    """
    made = [row for row, label in enumerate(machine) if label != none]
    right = [truth[row] == machine[row] for row in made]
    sure = [confidence[row] for row in made] if confidence is not None else []
    return LinkScores(
        n_links=len(made),
        coverage=len(made) / len(machine),
        accuracy=sum(right) / len(made) if made else None,
        mean_confidence=float(np.mean(np.sort(sure))) if sure else None,
        calibration_error=calibration_error(sure, right) if sure else None,
        within_error=tuple(
            WithinError(target, links_within_error(sure, right, target))
            for target in ERROR_TARGETS
            if sure
        ),
    )


def links_within_error(confidence: Sequence[float], right: Sequence[bool], target: float) -> int:
    """Count the links that can be taken, the surest first, with a share of wrong ones.

    The largest number of links, cut between two different confidences, of which at most
    `target` are wrong. With several targets this is the risk-coverage curve [1]_.

    References
    ----------
    .. [1] R. El-Yaniv and Y. Wiener, "On the foundations of noise-free selective
       classification", JMLR 11, 2010.

    Examples
    --------
    >>> links_within_error([0.9, 0.8, 0.7, 0.7], [True, True, False, True], 0.25)
    4
    >>> links_within_error([0.9, 0.8, 0.7, 0.7], [True, True, False, True], 0.1)
    2
    """
    order = np.argsort(-np.asarray(confidence, dtype=float), kind="stable")
    sure = np.asarray(confidence, dtype=float)[order]
    wrong = np.cumsum(~np.asarray(right, dtype=bool)[order])
    n_taken = np.arange(1, len(sure) + 1)
    ends = np.append(sure[1:] != sure[:-1], True)[: len(sure)]
    within = n_taken[ends & (wrong <= target * n_taken + _ROUNDING)]
    return int(within.max(initial=0))


class CalibrationBin(NamedTuple):
    """Links of about the same confidence.

    Attributes
    ----------
    low, high
        Open below, closed above.
    n
        Links in it.
    confidence, right
        Mean confidence, and share of right ones; ``None`` where there are no links.
    """

    low: float
    high: float
    n: int
    confidence: float | None
    right: float | None


def calibration_bins(
    confidence: Sequence[float], right: Sequence[bool]
) -> tuple[CalibrationBin, ...]:
    """How often links of about the same confidence are right: :data:`N_BINS` bins.

    Examples
    --------
    >>> calibration_bins([0.75] * 4, [True, True, True, False])[7]
    CalibrationBin(low=0.7, high=0.8, n=4, confidence=0.75, right=0.75)
    """
    bins = [
        [own for own in zip(confidence, right, strict=True) if _bin_of(own[0]) == number]
        for number in range(N_BINS)
    ]
    return tuple(
        CalibrationBin(
            number / N_BINS,
            (number + 1) / N_BINS,
            len(own),
            math.fsum(sure for sure, _ in own) / len(own) if own else None,
            sum(correct for _, correct in own) / len(own) if own else None,
        )
        for number, own in enumerate(bins)
    )


def _bin_of(confidence: float) -> int:
    return int(np.searchsorted(_EDGES, confidence, side="left"))


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Compute the expected calibration error (ECE): 0 is best, 1 worst.

    ``Σ_b n_b / n · |right_b - confidence_b|`` over :data:`N_BINS` bins of equal width,
    each open below and closed above, with the mean confidence and the share of right
    ones in a bin [1]_. With few rows it is larger than 0 even where the confidence is true.

    Parameters
    ----------
    confidence
        0 to 1; at least one row.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural
       networks", ICML 2017.

    Examples
    --------
    >>> calibration_error([0.75] * 4, [True, True, True, False])
    0.0
    """
    sure, correct = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    order = np.lexsort((correct, sure))
    bins = np.searchsorted(_EDGES, sure[order], side="left")
    gaps = np.bincount(bins, weights=(correct - sure)[order], minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(sure))


def _resampled(codes: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Confusion matrices of resamples, shape (resamples, values, values)."""
    random = np.random.default_rng(_SEED)
    drawn = [
        np.bincount(codes[random.integers(len(codes), size=len(codes))], minlength=size * size)
        for _ in range(N_RESAMPLES)
    ]
    return np.stack(drawn).reshape(N_RESAMPLES, size, size)


def _rates(confusion: NDArray[np.intp]) -> tuple[NDArray[np.float64], ...]:
    """Precision, recall and F1 of every value; NaN where one is undefined."""
    both = np.diagonal(confusion, axis1=-2, axis2=-1)
    people, machine = confusion.sum(axis=-1), confusion.sum(axis=-2)

    def ratio(part: NDArray[np.intp], whole: NDArray[np.intp]) -> NDArray[np.float64]:
        undefined = np.full(whole.shape, np.nan)
        np.divide(part, whole, out=undefined, where=whole > 0)
        return undefined

    return ratio(both, machine), ratio(both, people), ratio(2 * both, machine + people)


def _estimates(found: NDArray[np.float64], drawn: NDArray[np.float64]) -> list[Estimate | None]:
    return [
        None if np.isnan(value) else _estimate(value, drawn[:, place])
        for place, value in enumerate(found)
    ]


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    tail = (100 - LEVEL) / 2
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    return Estimate(float(value), float(low), float(high))
