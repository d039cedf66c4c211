"""The sign-flip interval: how sure a difference between paired runs is.

If two variants differ by chance alone, each seed's difference could as well have had the other sign. The shifts that a
test over all 2ⁿ choices of signs would not reject form an interval, whose ends are means of subsets of the differences
(Hartigan 1969, "Using subsample values as typical values", theorem 1). All that is assumed of the distribution is that
it is symmetric about the true shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95
# Fewer pairs give no interval of that confidence: 1 in 16 samples of five differences has all signs alike.
MIN_PAIRS = 6
MAX_PAIRS = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences, and the interval in which the true difference lies.

    Attributes
    ----------
    mean : float
    low, high : float or None
        Ends of the interval; None if there are too few pairs.
    pairs : int
    confidence : float
        Confidence of the interval, at least what was asked for; NaN without an interval.
    """

    mean: float
    low: float | None
    high: float | None
    pairs: int
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Return whether there is an interval, and it leaves 0 out."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def sign_flip_interval(differences: Sequence[float] | npt.NDArray[Any], confidence: float = CONFIDENCE) -> Difference:
    """Return the mean of paired differences with its exact sign-flip interval.

    Parameters
    ----------
    differences : (pairs,)
        Finite; at most 20.
    confidence : float
        Least confidence that the interval must have.

    Raises
    ------
    ValueError
        If there are none, or more than 20, or one is not finite.
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or not 1 <= len(values) <= MAX_PAIRS:
        raise ValueError(f"differences must be 1 to {MAX_PAIRS} numbers, got shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("differences must be finite, got NaN or infinity")
    pairs, mean = len(values), float(values.mean())
    # The k smallest of 2ⁿ − 1 subset means lie below the true shift with probability k/2ⁿ each way.
    outside = int((1 - confidence) / 2 * 2**pairs)
    if outside < 1:
        return Difference(mean, None, None, pairs, float("nan"))
    means = np.sort(_subset_means(values))
    return Difference(mean, float(means[outside - 1]), float(means[-outside]), pairs, 1 - 2 * outside / 2**pairs)


def _subset_means(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the means of all subsets but the empty one."""
    sums, counts = np.zeros(1), np.zeros(1)
    for value in values:
        sums, counts = np.concatenate([sums, sums + value]), np.concatenate([counts, counts + 1])
    return sums[1:] / counts[1:]
