"""Bars with the whiskers of their intervals, one below the other, with names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from comparison.report.page.axis import Axis, Logarithmic, ratio_label
from comparison.report.page.plot import Mark, box, point, stroke, words
from comparison.report.speed_figures import Figures

# Beside what is said at the right there is room for so much of a title.
ROOM = 24
LINE = 15.0
THICK = 11.0
THIN = 9.0
GAP = 10.0
AXIS = 22.0


@dataclass(frozen=True)
class Bar:
    """A bar from 1 to an estimate; `noise` are the controls, each with its series."""

    title: str
    said: str
    estimate: Figures | None
    clear: bool
    noise: Sequence[tuple[int, Figures]] = field(default_factory=tuple)


def drawn(bars: Sequence[Bar], axis: Logarithmic, top: float) -> list[list[Mark]]:
    """The marks of each bar, the first of which begins at `top`."""
    found, down = [], top
    for one in bars:
        marks = [*_bar(one, axis, down)]
        found.append(marks)
        down += height(one)
    return found


def height(bar: Bar) -> float:
    """How many pixels a bar takes with its texts."""
    return (1 + _long(bar)) * LINE + THICK + THIN * len(bar.noise) + GAP


def _long(bar: Bar) -> bool:
    return cell_len(bar.title) > ROOM


def _bar(bar: Bar, axis: Logarithmic, down: float) -> Iterator[Mark]:
    yield words(bar.title, 0, down + 11)
    down += LINE * _long(bar)
    yield words(bar.said, 1, down + 11, "end", "said figure")
    down += LINE
    if bar.estimate:
        ends = axis.at(1), axis.at(bar.estimate["value"])
        yield box("bar" if bar.clear else "bar hollow", *ends, down, THICK)
        yield from whisker(bar.estimate, axis, down + THICK / 2, THICK / 2 - 1)
    down += THICK
    for series, estimate in bar.noise:
        middle = down + THIN / 2 + 1
        yield from whisker(estimate, axis, middle, 2, f"thin series-{series}")
        yield point(series, axis.at(estimate["value"]), middle, hollow=True)
        down += THIN


def whisker(
    estimate: Figures, axis: Axis, middle: float, half: float, kind: str = ""
) -> Iterator[Mark]:
    """An interval across, with an end at each side."""
    low, high = axis.at(estimate["low"]), axis.at(estimate["high"])
    kind = f"whisker {kind}".strip()
    yield stroke(kind, (low, middle), (high, middle))
    for end in (low, high):
        yield stroke(kind, (end, middle - half), (end, middle + half))


def scale(
    axis: Logarithmic, ticks: Sequence[float], top: float, bottom: float
) -> Iterator[Mark]:
    """Lines down at round values, with the values below."""
    for one in ticks:
        at = axis.at(one)
        kind = "grid one" if one == 1 else "grid"
        yield stroke(kind, (at, top), (at, bottom))
        yield words(ratio_label(one), at, bottom + 14, "middle", "said soft")
