"""What of the speed is told in tables alone."""

from collections.abc import Sequence

from comparison.report.excerpt import line
from comparison.report.page.plot import Table
from comparison.report.speed_figures import figure, spread, times
from comparison.report.speed_reading import Entry, Reading, measure
from comparison.report.speed_words import fingerprint, throughput, verdict

PERCENTILES = ("p50", "p90", "p99")
NONE = "–"  # noqa: RUF001 - a dash is meant


def alone(reading: Reading) -> Table:
    """Of stacks that are compared with nobody: what each answers and takes."""
    rows = []
    for workload in reading.speed["workloads"]:
        for name in reading.stacks:
            one = measure(workload, name)
            cost = one["cpu"] if one and not one["void"] else None
            rows.append(
                [
                    line(workload["title"]),
                    reading.title(name),
                    throughput(one, spread),
                    spread(cost) if cost else NONE,
                ]
            )
    return Table(["Workload", "Subject", "requests/s", "µs/request"], rows, words=2)


def latency(workloads: Sequence[Entry], reading: Reading) -> Table:
    """Of every subject in these workloads: requests, latencies and processor time."""
    head = ["Workload", "Subject", "requests/s", "µs/request"]
    head += [f"{name}, ms" for name in PERCENTILES]
    head += ["replies", "rounds", "generator's ceiling/s"]
    rows = [
        [
            line(workload["title"]),
            reading.title(one["subject"]),
            throughput(one, spread),
            spread(one["cpu"]) if one["cpu"] and not one["void"] else NONE,
            *_latencies(one),
            f"{one['requests']:,}",
            str(one["rounds"]),
            NONE if workload["ceiling"] is None else figure(workload["ceiling"]),
        ]
        for workload in workloads
        for one in workload["measures"]
    ]
    return Table(head, rows, words=2)


def _latencies(one: Entry) -> list[str]:
    found = [one["latency"].get(name) for name in PERCENTILES]
    return [NONE if ms is None else figure(ms) for ms in found]


def noise_of(reading: Reading, names: Sequence[str]) -> Table:
    """Every control as a multiple of its stack, workload by workload."""
    head = ["Workload", "Stack", "requests/s, multiple", "which is"]
    rows = []
    for name in names:
        of = str(reading.subjects[name]["of"])
        for workload, told in reading.ratios(name, of):
            said = [times(told.ratio), verdict(told)]
            rows.append([line(workload["title"]), reading.title(of), *said])
    return Table(head, rows, words=2)


def resources(reading: Reading) -> Table:
    """Memory of all processes, and how long a start takes."""
    head = ["Subject", "processes", "idle, MiB", "loaded, MiB", "cold start, ms"]
    rows = [
        [
            reading.title(one["subject"]),
            str(one["processes"] or "–"),  # noqa: RUF001
            *(
                NONE if one[name] is None else f"{one[name]:.0f}"
                for name in ("memory_idle", "memory_loaded")
            ),
            f"{spread(one['cold_start'])} of {one['starts']}"
            if one["cold_start"]
            else NONE,
        ]
        for one in reading.speed["resources"]
    ]
    return Table([*head[:-1], "cold start, ms, of starts"], rows)


def functions(profile: Entry) -> Table:
    """Those that take the most of themselves."""
    rows = [
        [
            line(one["name"]),
            line(one["file"]),
            one["layer"],
            f"{100 * one['share']:.1f}",
        ]
        for one in profile["functions"]
    ]
    return Table(["Function", "File", "Layer", "%"], rows, words=3)


def circumstances(reading: Reading) -> list[tuple[str, str]]:
    """Generator, machine and rows, as names and values."""
    speed, generator = reading.speed, reading.speed["generator"]
    ceiling = (
        f"{spread(generator['ceiling'])} requests per second from a server that does"
        " nothing; what came near that is told as ≥ or at least"
    )
    told = {
        "form": speed["form"],
        "started": speed["started"],
        "took": f"{speed['seconds']:.0f} s",
        "load generator": f"{generator['name']} {generator['version']}",
        "its ceiling": ceiling,
        "seed": speed["seed"],
        "rows": ", ".join(f"{n:,} {name}" for name, n in speed["rows"].items()),
    }
    own = [(name, line(str(value))) for name, value in told.items() if value != ""]
    return [*own, *fingerprint(speed)]
