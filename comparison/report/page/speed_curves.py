"""Latency against load, and growth, as lines over logarithmic axes."""

from collections.abc import Mapping, Sequence

from comparison.report.excerpt import line
from comparison.report.page.axis import Logarithmic, spanning
from comparison.report.page.lines import Panel, Series, Spot, sample
from comparison.report.page.plot import Figure, Key, Plot, Table, point, stroke
from comparison.report.speed_figures import figure, spread, times
from comparison.report.speed_reading import Entry, Reading
from comparison.report.speed_words import grown, keeps

ENDS = ("low", "high")
# As many times as its beginning the axis of a latency, or of a growth, is long.
LEAST = 10.0
LEAST_GROWN = 2.0
TOLD = {"p50": "half of the requests took at most", "p99": "99 of 100 took at most"}


def latencies(reading: Reading, workload: str) -> Figure:
    """The median and the 99th percentile of every stack, on the same scale."""
    curves = [one for one in _curves(reading) if one["workload"] == workload]
    points = [point for one in curves for point in one["points"]]
    values = (one[name][end] for one in points for name in TOLD for end in ENDS)
    up = spanning(values, LEAST)
    rates = spanning((one["rate"] for one in points), LEAST_GROWN)
    title = reading.workload(workload)
    plots = [_latency(reading, curves, name, (rates, up)) for name in TOLD]
    keys = [
        Key(reading.title(one["subject"]), sample(reading.number(one["subject"])))
        for one in curves
    ]
    if any(one["disturbed"] for one in points):
        keys.append(
            Key("not to be believed: the generator was late", [point(0, 0.5, 7, True)])
        )
    if any(one["knee"] is not None for one in curves):
        knee = stroke("knee series-0", (0.5, 0), (0.5, 14))
        keys.append(Key("knee: the last rate that is kept up with", [knee]))
    caption = f"{title}: latency from when a request was due, against the rate"
    table = _latency_table(reading, curves)
    return Figure(f"latency {workload}", caption, plots, keys, table)


def _curves(reading: Reading) -> list[Entry]:
    return [one for one in reading.speed["curves"] if one["points"]]


def _latency(
    reading: Reading,
    curves: Sequence[Entry],
    name: str,
    axes: tuple[Logarithmic, Logarithmic],
) -> Plot:
    """One percentile of all curves; the axes are the same for both."""
    series = [_series(reading, curve, name) for curve in curves]
    named = ("requests due per second", f"{name}, ms")
    panel = Panel(series, *axes, named, begins_apart=True)
    title = f"{name}: {TOLD[name]}"
    ends = "; ".join(
        f"{reading.title(one['subject'])} from"
        f" {spread(one['points'][0][name])} to {spread(one['points'][-1][name])} ms"
        for one in curves
    )
    said = " ".join(f"{keeps(one, reading)}." for one in curves)
    described = f"{name} from the lowest rate to the highest: {ends}. {said}"
    return Plot(title, described, panel.height, panel.marks(), axis=True)


def _series(reading: Reading, curve: Entry, name: str) -> Series:
    who, knee = line(curve["subject"])[:16], curve["knee"]
    known = "no knee" if knee is None else f"knee {figure(knee)}/s"
    if all(one["disturbed"] for one in curve["points"]):
        known = "not known"
    spots = [Spot(one["rate"], one[name], one["disturbed"]) for one in curve["points"]]
    return Series(reading.number(curve["subject"]), who, spots, knee, f"{who}: {known}")


def _latency_table(reading: Reading, curves: Sequence[Entry]) -> Table:
    head = [
        "Subject",
        "due/s",
        "answered/s",
        "p50, ms",
        "p99, ms",
        "generator late, ms",
    ]
    rows = [
        [
            reading.title(curve["subject"]),
            figure(one["rate"]) + (" (knee)" if one["rate"] == curve["knee"] else ""),
            figure(one["achieved"]),
            spread(one["p50"]),
            spread(one["p99"]),
            figure(one["lag"], 2) + (", disturbed" if one["disturbed"] else ""),
        ]
        for curve in curves
        for one in curve["points"]
    ]
    return Table(head, rows)


def growths(reading: Reading, over: str, workload: str) -> Figure:
    """Throughput as a multiple of that at the base, of every stack."""
    found = [
        one
        for one in reading.speed["growths"]
        if (one["over"], one["workload"]) == (over, workload) and one["steps"]
    ]
    steps = [step for one in found for step in one["steps"]]
    sizes = sorted({step["at"] for step in steps})
    first, last, base = sizes[0], sizes[-1], found[0]["base"]
    most = last / first if over == "workers" else 1.0
    values = [step["ratio"][end] for step in steps for end in ENDS]
    series = [
        Series(reading.number(one["subject"]), line(one["subject"])[:16], _spots(one))
        for one in found
    ]
    panel = Panel(
        series,
        Logarithmic(first, max(last, first * LEAST_GROWN)),
        spanning([*values, most], LEAST_GROWN),
        (over, f"times as many requests/s as with {base:,}"),
        ideal=((first, 1.0), (last, most)),
        ticks=sizes,
    )
    title = f"{reading.workload(workload)}, by {over}"
    described = " ".join(f"{grown(one, reading)}." for one in found)
    plot = Plot(title, described, panel.height, panel.marks(), axis=True)
    keys = [
        Key(reading.title(one["subject"]), sample(reading.number(one["subject"])))
        for one in found
    ]
    keys.append(Key(IDEAL[over], [stroke("ideal", (0, 7), (1, 7))]))
    caption = f"{title}: requests per second as a multiple of those with {base:,}"
    return Figure(
        f"growth {over} {workload}", caption, [plot], keys, _steps(reading, found)
    )


IDEAL: Mapping[str, str] = {
    "workers": "as many times as there are workers",
    "articles": "neither more nor fewer",
}


def _spots(growth: Entry) -> list[Spot]:
    return [Spot(step["at"], step["ratio"]) for step in growth["steps"]]


def _steps(reading: Reading, found: Sequence[Entry]) -> Table:
    over = found[0]["over"]
    head = ["Subject", over, "requests/s", "multiple", "µs/request", "bytes/reply"]
    rows = [
        [
            reading.title(one["subject"]),
            f"{step['at']:,}",
            spread(step["throughput"]),
            times(step["ratio"]),
            spread(step["cpu"]) if step["cpu"] else "–",  # noqa: RUF001
            f"{step['reply']:,}",
        ]
        for one in found
        for step in one["steps"]
    ]
    return Table(head, rows)
