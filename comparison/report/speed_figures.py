"""Figures with their intervals, as people read them: no more digits than they have."""

import math
from collections.abc import Callable, Mapping

# An estimate and the ends of its interval, as the run file has them.
Figures = Mapping[str, float]
Say = Callable[[float], str]
DIGITS = 3
NARROW = 0.05
ALIKE = 1.1


def figure(value: float, digits: int = DIGITS) -> str:
    """A number with so many digits that count: `1,910`, `19.1`, `0.191`."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    rounded = round(value, _beyond(value, digits))
    return f"{rounded:,.{max(0, _beyond(rounded, digits))}f}"


def _beyond(value: float, digits: int) -> int:
    """How many digits behind the point count; of 1,912 it is one before it, -1."""
    return digits - 1 - math.floor(math.log10(abs(value)))


def within(one: Figures) -> str:
    """`1,910 ± 43`: the wider half of the interval, so that it holds all of it."""
    half = max(one["high"] - one["value"], one["value"] - one["low"])
    return f"{figure(one['value'])} ± {figure(half, 2)}"


def spread(one: Figures) -> str:
    """`1,910 (1,870 to 1,950)`."""
    return _spread(one, figure)


def times(one: Figures) -> str:
    """The same of a ratio: `2.67 (2.58 to 2.76)`, with equally many decimals."""
    decimals = _decimals(one)
    return _spread(one, lambda value: f"{value:,.{decimals}f}")


def share(one: Figures) -> str:
    """The same of a part of a whole: `71 % (69 to 73)`."""
    low, value, high = (f"{100 * one[end]:.0f}" for end in ("low", "value", "high"))
    return f"{value} % ({low} to {high})"


def inverse(one: Figures) -> dict[str, float]:
    """The ratio of the other to the one."""
    turned = {"value": "value", "low": "high", "high": "low"}
    return {
        name: 1 / one[end] if one[end] > 0 else math.inf for name, end in turned.items()
    }


def _spread(one: Figures, said: Say) -> str:
    return f"{said(one['value'])} ({said(one['low'])} to {said(one['high'])})"


def _decimals(one: Figures) -> int:
    """Three up to 1 where the interval is narrow, two below ten, one above."""
    if one["high"] - one["low"] < NARROW and one["value"] < ALIKE:
        return 3
    value = max(one["value"], 1)
    return max(0, 2 - math.floor(math.log10(value))) if math.isfinite(value) else 2
