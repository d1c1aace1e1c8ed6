"""Intervals around what was measured, and when a difference may be called one."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from comparison.speed.record import Interval, Verdict

# Of every interval. With 95 per cent every twentieth comparison of a stack with itself
# would find a difference.
CONFIDENCE = 0.99
RESAMPLES = 2000
# Below this nothing is told apart: two processes of one program differ as much by
# where the system puts their memory.
LEAST_MARGIN = 0.03
Figures = NDArray[np.float64]


def interval(figures: Sequence[float], seed: int) -> Interval | None:
    """The median of `figures`, and its interval; None where there are none.

    The percentile bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap,
    chapter 13.
    """
    if not figures:
        return None
    return _around(float(np.median(figures)), _medians(figures, seed))


def _medians(figures: Sequence[float], seed: int) -> Figures:
    """The medians of resamples, `RESAMPLES` of them."""
    # A seed below 0 is one of ours, but none of numpy's.
    random = np.random.default_rng(seed % 2**32)
    drawn = random.choice(np.asarray(figures), (RESAMPLES, len(figures)))
    return np.asarray(np.median(drawn, axis=1))


def _around(value: float, resampled: Figures) -> Interval:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, (tail, 1 - tail))
    # Of few figures the median may lie outside of what is drawn again.
    return Interval(value, min(float(low), value), max(float(high), value))


def ratio(
    figures: Sequence[float], others: Sequence[float], seed: int
) -> Interval | None:
    """How many times `others` the `figures` are, paired round by round.

    The median of the logarithms of the ratios: so twice and half weigh the same. Rounds
    in which either has none are left out.
    """
    found = interval(logarithms(figures, others), seed)
    return None if found is None else _exp(found)


def overall(workloads: Sequence[Sequence[float]], seed: int) -> Interval | None:
    """The geometric mean of the ratios of several workloads, from their logarithms.

    Each workload weighs the same, and is resampled by itself.
    """
    told = [logs for logs in workloads if logs]
    if not told:
        return None
    middle = float(np.mean([np.median(logs) for logs in told]))
    drawn = [_medians(logs, seed + at) for at, logs in enumerate(told)]
    return _exp(_around(middle, np.mean(drawn, axis=0)))


def logarithms(figures: Sequence[float], others: Sequence[float]) -> list[float]:
    """Those of the ratios of each pair in which both have a figure."""
    pairs = zip(figures, others, strict=True)
    return [math.log(one / other) for one, other in pairs if one > 0 and other > 0]


def _exp(found: Interval) -> Interval:
    return Interval(math.exp(found.value), math.exp(found.low), math.exp(found.high))


def verdict(found: Interval, margin: float, *, more_is_faster: bool) -> Verdict:
    """What a ratio shows: what lies beyond 1 and `margin` with all of its interval."""
    if found.low > 1 + margin:
        return "faster" if more_is_faster else "slower"
    if found.high < 1 / (1 + margin):
        return "slower" if more_is_faster else "faster"
    return "no clear difference"


def margin_of(controls: Sequence[Interval]) -> float:
    """What cannot be told apart here, from the mean ratios of stacks to themselves.

    Intervals have what changes from round to round; this is for what does not, as long
    as a process lives. So a control whose interval reaches 1 adds nothing: what changes
    would count twice, and hide a stack that is slower by a tenth.
    """
    clear = [one for one in controls if one.low > 1 or one.high < 1]
    return max([LEAST_MARGIN, *(math.expm1(abs(math.log(one.value))) for one in clear)])
