"""All figures of the speed for a terminal: latencies, points, steps, functions."""

from collections.abc import Iterator

from comparison.report.aligned import aligned
from comparison.report.excerpt import line
from comparison.report.layout import many, wrapped
from comparison.report.paint import Paint
from comparison.report.speed_figures import figure, spread, times, within
from comparison.report.speed_reading import Entry, Reading, Told, profiles
from comparison.report.speed_words import compared, throughput

PERCENTILES = ("p50", "p90", "p99")


def everything(reading: Reading, paint: Paint) -> Iterator[str]:
    """A block for each workload, curve, growth and profile."""
    for workload in reading.speed["workloads"]:
        yield "\n".join(_workload(workload, reading, paint))
    for workload in reading.speed["references"]:
        beside = {**workload, "title": f"{workload['title']}, beside references"}
        yield "\n".join(_workload(beside, reading, paint))
    for one in reading.speed["curves"]:
        yield "\n".join([_title(one, reading, paint), *aligned([*_points(one)])])
    for one in reading.speed["growths"]:
        yield "\n".join([_title(one, reading, paint), *aligned([*_steps(one)])])
    for one in profiles(reading.speed):
        yield "\n".join([_title(one, reading, paint), *_functions(one)])


def _title(one: Entry, reading: Reading, paint: Paint) -> str:
    text = f"{reading.workload(one['workload'])} · {reading.title(one['subject'])}"
    return "\n".join(paint(said, "bold") for said in wrapped(text, "", most=2))


def _workload(workload: Entry, reading: Reading, paint: Paint) -> Iterator[str]:
    names = ", ".join(map(line, workload["operations"]))
    text = f"{line(workload['title'])} · {names}"
    yield from (paint(one, "bold") for one in wrapped(text, ""))
    rows = [["", "requests/s", "µs/request", "p50", "p90", "p99 ms"]]
    for one in workload["measures"]:
        latency = [one["latency"].get(name) for name in PERCENTILES]
        cost = within(one["cpu"]) if one["cpu"] and not one["void"] else "–"  # noqa: RUF001
        rows.append(
            [
                one["subject"][:16],
                throughput(one, spread),
                cost,
                *("–" if ms is None else figure(ms) for ms in latency),  # noqa: RUF001
            ]
        )
    yield from aligned(rows, indent="", widest=26)
    counts = ", ".join(
        f"{line(one['subject'])} {one['requests']:,} in {many(one['rounds'], 'round')}"
        for one in workload["measures"]
    )
    yield from wrapped(f"Replies counted: {counts}", "  ")
    if workload["ceiling"] is not None:
        most = f"{figure(workload['ceiling'])} answers of this size per second"
        yield from wrapped(f"The load generator takes {most}", "  ")
    for one in workload["ratios"]:
        names_of = one["subject"], one["to"]
        told: Told | None = reading.ratio(workload, *names_of, one["quantity"])
        if told:
            yield from wrapped(compared(told, line), "  ")


def _points(curve: Entry) -> Iterator[list[str]]:
    yield ["due/s", "answered/s", "p50, ms", "p99, ms", "late, ms", ""]
    for one in curve["points"]:
        knee = "knee" if one["rate"] == curve["knee"] else ""
        yield [
            figure(one["rate"]),
            figure(one["achieved"]),
            within(one["p50"]),
            spread(one["p99"]),
            figure(one["lag"], 2),
            "disturbed" if one["disturbed"] else knee,
        ]


def _steps(growth: Entry) -> Iterator[list[str]]:
    yield [growth["over"], "requests/s", "multiple", "µs/request", "bytes/reply"]
    for one in growth["steps"]:
        cost = spread(one["cpu"]) if one["cpu"] else "–"  # noqa: RUF001
        rate, ratio = spread(one["throughput"]), times(one["ratio"])
        yield [f"{one['at']:,}", rate, ratio, cost, f"{one['reply']:,}"]


def _functions(profile: Entry) -> Iterator[str]:
    for one in profile["functions"]:
        text = f"{100 * one['share']:4.1f} %  {one['layer']}: {one['name']}"
        yield from wrapped(f"{text} {line(one['file'])}", "  ", most=2)
