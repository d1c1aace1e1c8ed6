"""The ratios of two stacks, and of a stack to its references, as bars with whiskers."""

from collections.abc import Iterator, Mapping, Sequence

from comparison.report.excerpt import line
from comparison.report.page.axis import Axis, Linear, Logarithmic, around_one
from comparison.report.page.bars import THICK, Bar, drawn, height, scale, whisker
from comparison.report.page.lines import sample
from comparison.report.page.plot import (
    Figure,
    Key,
    Mark,
    Plot,
    Table,
    box,
    stroke,
    words,
)
from comparison.report.speed_figures import spread, times
from comparison.report.speed_reading import Entry, Quantity, Reading, Told, measure
from comparison.report.speed_words import (
    distances,
    level,
    part,
    span,
    throughput,
    verdict,
)

HEAD = 22.0
FOOT = 24.0
NARROW = 4.0
PERCENTS = {0: "start", 25: "middle", 50: "middle", 75: "middle", 100: "end"}
MORE: Mapping[Quantity, tuple[str, str]] = {
    "throughput": ("fewer than {}", "more than {}"),
    "cpu": ("less than {}", "more than {}"),
}
SIGNS = {"": "", "at least": "≥ ", "at most": "≤ ", "no": ""}


def ratios(reading: Reading, pair: tuple[str, str]) -> Figure:
    """Throughput and processor time of one stack as a multiple of another's."""
    subject, to = (reading.title(name) for name in pair)
    margin = f"{100 * reading.speed['margin']:.1f} %"
    names = _controls(reading, pair)
    keys = [
        Key("an estimate and its interval", _bar_sample("bar")),
        Key("the same, with no clear difference", _bar_sample("bar hollow")),
        Key(f"within {margin} of 1, which is noise", [box("noise", 0, 1, 1, 12)]),
    ]
    keys += [
        Key(f"{reading.title(reading.subjects[name]['of'])} against itself", marks)
        for name in names
        for marks in [sample(reading.number(name), hollow=True)]
    ]
    plots = [_plot(reading, pair, quantity) for quantity in ("throughput", "cpu")]
    return Figure(
        name=f"{pair[0]} {pair[1]}",
        caption=f"{subject} as a multiple of {to}; 1 is as much",
        plots=[one for one in plots if one],
        keys=keys,
        table=_table(reading, pair),
        open=True,
    )


def _plot(reading: Reading, pair: tuple[str, str], quantity: Quantity) -> Plot | None:
    """One bar for each workload; None where nothing can be compared."""
    bars = [
        _bar(reading, workload, pair, quantity)
        for workload in reading.speed["workloads"]
    ]
    found = [one.estimate for one in bars if one.estimate]
    if not found:
        return None
    every = [*found, *(estimate for one in bars for _, estimate in one.noise)]
    axis = around_one(end for one in every for end in (one["low"], one["high"]))
    bottom = HEAD + sum(map(height, bars))
    margin = 1 + float(reading.speed["margin"])
    less, more = MORE[quantity]
    marks = [
        box("noise", axis.at(1 / margin), axis.at(margin), HEAD, bottom - HEAD),
        words(f"← {less.format(line(pair[1])[:12])}", 0, 12, "start", "said soft"),
        words(f"{more.format(line(pair[1])[:12])} →", 1, 12, "end", "said soft"),
        *scale(axis, _ticks(axis), HEAD, bottom),
        *(mark for some in drawn(bars, axis, HEAD + 6) for mark in some),
    ]
    titles = {"throughput": "Requests per second", "cpu": "Processor time per request"}
    described = span(reading, pair, quantity)
    return Plot(titles[quantity], described, bottom + FOOT, marks)


def _ticks(axis: Logarithmic) -> list[float]:
    """Round values and one over each, so that both sides are marked alike."""
    if axis.high < 2:  # noqa: PLR2004 - what is twice as much has round values
        return axis.ticks(5)
    above = Logarithmic(1, axis.high).ticks(4)
    return [*(1 / one for one in above if one > 1), *above]


def _bar(
    reading: Reading, workload: Entry, pair: tuple[str, str], quantity: Quantity
) -> Bar:
    told = reading.ratio(workload, *pair, quantity)
    title = line(workload["title"])
    if told is None or told.bound == "no":
        return Bar(title, _lacking(workload, pair, quantity), None, clear=False)
    noise = []
    for name in _controls(reading, pair):
        base = str(reading.subjects[name]["of"])
        if control := reading.ratio(workload, name, base, quantity):
            noise.append((reading.number(name), control.ratio))
    said = f"{SIGNS[told.bound]}{times(told.ratio)}"
    return Bar(title, said, told.ratio, told.clear, noise)


def _lacking(workload: Entry, pair: tuple[str, str], quantity: Quantity) -> str:
    found = [measure(workload, name) for name in pair]
    if any(one and one["void"] for one in found):
        return "void"
    if all(one and one["at_least"] for one in found) and quantity == "throughput":
        return "generator's ceiling"
    return "not measured"


def _controls(reading: Reading, pair: tuple[str, str]) -> list[str]:
    return [name for of in pair for name in reading.of_role("control", of)]


def _table(reading: Reading, pair: tuple[str, str]) -> Table:
    titles = [reading.title(name) for name in pair]
    head = ["Workload"]
    head += [f"{title}, requests/s" for title in titles]
    head += [f"{titles[0]} as a multiple of {titles[1]}"]
    head += [f"{title}, µs of processor/request" for title in titles]
    head += ["as a multiple"]
    rows = []
    for workload in reading.speed["workloads"]:
        found = [measure(workload, name) for name in pair]
        costs = [one["cpu"] if one and not one["void"] else None for one in found]
        rows.append(
            [
                line(workload["title"]),
                *(throughput(one, spread) for one in found),
                _cell(reading.ratio(workload, *pair)),
                *(spread(one) if one else "–" for one in costs),  # noqa: RUF001
                _cell(reading.ratio(workload, *pair, "cpu")),
            ]
        )
    return Table(head, rows)


def _cell(told: Told | None) -> str:
    if told is None or told.bound == "no":
        return "–" if told is None else verdict(told)  # noqa: RUF001
    said = f", {verdict(told)}" if not told.bound else ""
    return f"{SIGNS[told.bound]}{times(told.ratio)}{said}"


def references(reading: Reading, stack: str) -> Figure | None:
    """How near a stack comes to what its framework and its server reach alone."""
    found = distances(reading, stack)
    if not found:
        return None
    alike: dict[str, list[tuple[str, Told]]] = {}
    for workload, name, told in found:
        alike.setdefault(workload["name"], []).append((name, told))
    ends = [told.ratio["high"] for _, _, told in found]
    axis = Linear(max(1.0, *ends))
    rows = [
        [reading.workload(name), reading.title(reference), part(told)]
        for name, some in alike.items()
        for reference, told in some
    ]
    names = dict.fromkeys(name for _, name, _ in found)
    named = ", ".join(
        f"{level(reading, name)} ({reading.title(name)})" for name in names
    )
    return Figure(
        name=f"references {stack}",
        caption=f"Requests per second of {reading.title(stack)} as a share of {named}",
        plots=[_shares(reading, name, some, axis) for name, some in alike.items()],
        keys=[],
        table=Table(["Workload", "Reference", "Share"], rows, words=2),
    )


def _shares(
    reading: Reading, workload: str, some: Sequence[tuple[str, Told]], axis: Axis
) -> Plot:
    """A bar for each reference, from nothing to all that it reaches."""
    marks: list[Mark] = []
    down = 4.0
    for name, told in some:
        marks += _share(reading, name, told, axis, down)
        down += 38
    said = "; ".join(f"{part(told)} of {reading.title(name)}" for name, told in some)
    return Plot(
        reading.workload(workload),
        f"{reading.workload(workload)}: {reading.title(some[0][1].subject)} reaches"
        f" {said}.",
        down + FOOT,
        [*_percents(axis, down), *marks],
    )


def _percents(axis: Axis, bottom: float) -> Iterator[Mark]:
    for percent, anchor in PERCENTS.items():
        at = axis.at(percent / 100)
        yield stroke("grid", (at, 0), (at, bottom))
        yield words(f"{percent} %", at, bottom + 13, anchor, "said soft")


def _share(
    reading: Reading, name: str, told: Told, axis: Axis, down: float
) -> Iterator[Mark]:
    yield words(f"of {level(reading, name)}", 0, down + 11)
    yield words(part(told), 1, down + 11, "end", "said figure")
    yield box("bar", 0, axis.at(told.ratio["value"]), down + 16, THICK)
    yield from whisker(told.ratio, axis, down + 16 + THICK / 2, NARROW)


def _bar_sample(kind: str) -> list[Mark]:
    return [box(kind, 0.05, 0.8, 2, 10), stroke("whisker", (0.6, 7), (1, 7))]
