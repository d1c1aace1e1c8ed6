"""Plots as elements of SVG: across in per cent of the width, down in pixels.

So a plot is as wide as there is room, and its letters are as large as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from comparison.report.aligned import cut
from comparison.report.excerpt import line

# A text within a plot cannot be wrapped, so that it is cut.
MOST_OF_A_TEXT = 44
SERIES = 4
# Of equal weight to the eye; the first subject is a circle.
SHAPES = (
    "M-4.5,0A4.5,4.5 0 1 1 4.5,0A4.5,4.5 0 1 1 -4.5,0Z",
    "M-4,-4H4V4H-4Z",
    "M0,-5.2L5,4H-5Z",
    "M0,-5.6L5.6,0L0,5.6L-5.6,0Z",
)


class Mark(NamedTuple):
    """An element; of what others said only its text may be."""

    tag: str
    attributes: Sequence[tuple[str, str]]
    text: str = ""
    inner: Sequence["Mark"] = ()


@dataclass(frozen=True)
class Plot:
    """A picture; `description` says in words what it shows, `axis` has room for y."""

    title: str
    description: str
    height: float
    marks: Sequence[Mark]
    axis: bool = False


class Key(NamedTuple):
    """What a shape, a line or a filling stands for."""

    text: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Table:
    """Rows of texts; all columns but the first `words` are figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1


@dataclass(frozen=True)
class Figure:
    """Plots that belong together, and the same in numbers, `open` or folded."""

    name: str
    caption: str
    plots: Sequence[Plot]
    keys: Sequence[Key]
    table: Table
    open: bool = False


def across(at: float) -> str:
    """A place across: 0 is the left end, 1 the right one."""
    return f"{100 * at:.2f}%"


def stroke(kind: str, begin: tuple[float, float], end: tuple[float, float]) -> Mark:
    """A line from here to there, each across and down."""
    first = (("x1", across(begin[0])), ("y1", _down(begin[1])))
    last = (("x2", across(end[0])), ("y2", _down(end[1])))
    return Mark("line", (("class", kind), *first, *last))


def box(kind: str, begin: float, end: float, top: float, height: float) -> Mark:
    """A rectangle from `begin` to `end` across."""
    left, right = min(begin, end), max(begin, end)
    sizes = (("width", across(right - left)), ("height", _down(height)))
    return Mark(
        "rect", (("class", kind), ("x", across(left)), ("y", _down(top)), *sizes)
    )


def words(
    text: str, at: float, down: float, anchor: str = "start", kind: str = "said"
) -> Mark:
    """A text on one line; `anchor` is which end of it stands there."""
    place = (("x", across(at)), ("y", _down(down)), ("text-anchor", anchor))
    return Mark("text", (("class", kind), *place), cut(line(text), MOST_OF_A_TEXT))


def beside(text: str, down: float) -> Mark:
    """A text left of the plot, where the axis has its numbers."""
    place = (("x", "-7"), ("y", _down(down + 4)), ("text-anchor", "end"))
    return Mark("text", (("class", "said soft"), *place), text)


def point(series: int, at: float, down: float, hollow: bool = False) -> Mark:
    """The shape of a series."""
    kind = f"point series-{series % SERIES}{' hollow' if hollow else ''}"
    shape = Mark("path", (("class", kind), ("d", SHAPES[series % SERIES])))
    # The only element that moves a shape by per cent.
    return Mark("svg", (("x", across(at)), ("y", _down(down))), "", (shape,))


def _down(pixels: float) -> str:
    return f"{pixels:.1f}".removesuffix(".0")
