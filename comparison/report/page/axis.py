"""Axes: where a value is between two ends, and which values to write beside them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

# Below this many times its beginning an axis is marked as if it were linear.
FEW_TIMES = 4.0


class Axis(Protocol):
    """Knows where a value is: 0 at the low end, 1 at the high; none is outside."""

    def at(self, value: float) -> float: ...


@dataclass(frozen=True)
class Linear:
    """From nothing to `high`."""

    high: float

    def at(self, value: float) -> float:
        """Where a value is."""
        return min(1.0, max(0.0, value / self.high))


@dataclass(frozen=True)
class Logarithmic:
    """From `low` to `high`, both above 0; equal ratios are equally long."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value is."""
        if not value > self.low:
            return 0.0
        return min(1.0, math.log(value / self.low) / math.log(self.high / self.low))

    def ticks(self, most: int = 6) -> list[float]:
        """Round values within, at most so many."""
        if self.high / self.low < FEW_TIMES:
            return _even(self.low, self.high, most)
        powers = range(math.floor(math.log10(self.low)), 1 + _power(self.high))
        for steps in ((1, 2, 5), (1,)):
            found = [step * 10.0**power for power in powers for step in steps]
            inside = [one for one in found if self._has(one)]
            if len(inside) <= most:
                return inside
        return inside[:: -(-len(inside) // most)]

    def _has(self, value: float) -> bool:
        return self.low * 0.999 <= value <= self.high * 1.001


def spanning(values: Iterable[float], least: float) -> Logarithmic:
    """An axis for these values, whose high end is `least` times the low or more.

    So noise does not look large only because there is nothing else.
    """
    found = [one for one in values if one > 0 and math.isfinite(one)] or [1.0]
    low, high = min(found) / 1.08, max(found) * 1.08
    wider = math.sqrt(max(1.0, least / (high / low)))
    return Logarithmic(low / wider, high * wider)


def around_one(values: Iterable[float]) -> Logarithmic:
    """An axis with 1 in its middle."""
    found = [max(one, 1 / one) for one in values if 0 < one < math.inf]
    far = max([1.25, *(1.05 * one for one in found)])
    return Logarithmic(1 / far, far)


def tick_label(value: float) -> str:
    """A round value in few letters: `0.5`, `200`, `10 k`, `1 M`."""
    for size, letter in ((1e6, " M"), (1e4, " k")):
        if value >= size:
            return f"{value / (1e3 if letter == ' k' else size):g}{letter}"
    return f"{value:,g}"


def ratio_label(value: float) -> str:
    """A round ratio: `2`, and of its inverse `1/2`."""
    over = round(1 / value, 6)
    return f"1/{over:g}" if over > 1 and over == round(over) else f"{value:.3g}"


def _power(value: float) -> int:
    return math.ceil(math.log10(value))


def _even(low: float, high: float, most: int) -> list[float]:
    """Multiples of a round step."""
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(step * n for n in (1, 2, 5, 10, 20) if (high - low) / (step * n) < most)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [float(f"{number * step:.6g}") for number in range(first, last + 1)]
