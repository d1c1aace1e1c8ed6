"""Lines over logarithmic axes, with whiskers, shapes and names at their ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from comparison.report.page.axis import Logarithmic, tick_label
from comparison.report.page.plot import (
    SERIES,
    Mark,
    beside,
    point,
    stroke,
    words,
)
from comparison.report.speed_figures import Figures

AREA = 190.0
BELOW = 34.0
LINE = 14.0
NEAR = 0.35


class Spot(NamedTuple):
    """An estimate at a place across; a `hollow` one is not to be believed."""

    at: float
    estimate: Figures
    hollow: bool = False


@dataclass(frozen=True)
class Series:
    """The points of a subject; `limit` is a place that is told above the plot."""

    number: int
    name: str
    spots: Sequence[Spot]
    limit: float | None = None
    said: str = ""


@dataclass(frozen=True)
class Panel:
    """Two axes with their names, and what is drawn between them.

    `ideal` are the ends of a thin line, such as that of twice as many with twice. The
    names of series stand at their ends, or where they begin if that is apart.
    """

    series: Sequence[Series]
    across: Logarithmic
    up: Logarithmic
    named: tuple[str, str]
    ideal: Sequence[tuple[float, float]] = ()
    ticks: Sequence[float] = ()
    begins_apart: bool = False

    @property
    def top(self) -> float:
        """Where the axes begin, below the names of limits and of the y axis."""
        return LINE * (1.4 + sum(bool(one.said) for one in self.series))

    @property
    def height(self) -> float:
        """That of all."""
        return self.top + AREA + BELOW

    def place(self, at: float, value: float) -> tuple[float, float]:
        """Across and down."""
        return self.across.at(at), self.top + AREA * (1 - self.up.at(value))

    def marks(self) -> list[Mark]:
        """All of it, what is behind first."""
        found = [*self._axes(), *self._limits()]
        if self.ideal:
            begin, end = (self.place(*one) for one in self.ideal)
            found.append(stroke("ideal", begin, end))
        for one in self.series:
            found += self._line(one)
        return [*found, *self._names()]

    def _axes(self) -> Iterator[Mark]:
        top, bottom = self.top, self.top + AREA
        for one in self.up.ticks(6):
            _, down = self.place(1, one)
            yield stroke("grid", (0, down), (1, down))
            yield beside(tick_label(one), down)
        for one in self.ticks or self.across.ticks(6):
            at = self.across.at(one)
            yield stroke("grid", (at, top), (at, bottom))
            yield words(tick_label(one), at, bottom + 14, "middle", "said soft")
        yield words(self.named[0], 1, bottom + 29, "end", "said soft")
        yield words(self.named[1], 0, LINE * 0.8, "start", "said")

    def _limits(self) -> Iterator[Mark]:
        told = [one for one in self.series if one.said]
        for number, one in enumerate(told):
            down = LINE * (1.8 + number)
            at = 0.0 if one.limit is None else self.across.at(one.limit)
            if one.limit is not None:
                kind = f"knee series-{one.number % SERIES}"
                yield stroke(kind, (at, down + 3), (at, self.top + AREA))
            anchor = "end" if at > 0.5 else "start"  # noqa: PLR2004 - the middle
            yield words(one.said, at, down, anchor, "said figure")

    def _line(self, series: Series) -> Iterator[Mark]:
        number = series.number % SERIES
        spots = [
            (one, self.place(one.at, one.estimate["value"])) for one in series.spots
        ]
        for (one, begin), (other, end) in pairwise(spots):
            doubtful = " doubtful" if one.hollow or other.hollow else ""
            yield stroke(f"line series-{number}{doubtful}", begin, end)
        for one, (at, down) in spots:
            _, low = self.place(one.at, one.estimate["low"])
            _, high = self.place(one.at, one.estimate["high"])
            yield stroke(f"whisker series-{number}", (at, low), (at, high))
            yield point(number, at, down, one.hollow)

    def _names(self) -> Iterator[Mark]:
        """That of each series at one of its ends, moved where two would meet."""
        taken: list[tuple[float, float]] = []
        for one in self.series:
            if not one.spots:
                continue
            spot = one.spots[0 if self.begins_apart else -1]
            at, down = self.place(spot.at, spot.estimate["high"])
            down -= 7
            while any(abs(down - y) < LINE and abs(at - x) < NEAR for x, y in taken):
                down += LINE
            taken.append((at, down))
            anchor = "end" if at > NEAR else "start"
            yield words(one.name, at, down, anchor, "said name-of")


def sample(number: int, hollow: bool = False) -> list[Mark]:
    """What stands for a series in a key."""
    kind = f"line series-{number % SERIES}"
    return [stroke(kind, (0, 7), (1, 7)), point(number, 0.5, 7, hollow)]
