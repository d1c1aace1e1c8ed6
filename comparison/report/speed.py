"""The speed for a terminal, in 80 columns: every figure with its interval."""

from collections.abc import Iterator

from rich.cells import cell_len

from comparison.printable import painted
from comparison.report import speed_sections as sections
from comparison.report.aligned import aligned, cut
from comparison.report.excerpt import line
from comparison.report.layout import wrapped
from comparison.report.paint import Paint, plain
from comparison.report.speed_figures import within
from comparison.report.speed_reading import Entry, Reading, measure
from comparison.report.speed_verbose import everything
from comparison.report.speed_words import averaged, compared, counted, throughput

INTERVALS = (
    "Requests per second and processor time per request in microseconds, each ± the"
    " wider half of its {:g} % interval"
)
# What title and name share of a line, beside the figures.
ROOM = 44
MOST_OF_A_NAME = 16
MORE = "-v shows every figure: latencies, all points of a curve, functions."


def render(speed: Entry, paint: Paint = plain, verbose: bool = False) -> str:
    """The whole chapter as text that ends with a newline."""
    reading = Reading(speed)
    parts = [
        _head(reading, paint),
        _workloads(reading, paint),
        *sections.sections(reading, paint),
        *(everything(reading, paint) if verbose else []),
        *sections.circumstances(reading, paint),
        "" if verbose else MORE,
        last(speed),
    ]
    return painted("\n\n".join(part for part in parts if part) + "\n")


def brief(speed: Entry, paint: Paint = plain) -> str:
    """What a report of everything says of it: workloads and noise."""
    reading = Reading(speed)
    parts = [_workloads(reading, paint), sections.controls(reading, paint)]
    return "\n\n".join(part for part in parts if part)


def last(speed: Entry) -> str:
    """The last line: how much was measured, and how much of it differs clearly."""
    took = f"{speed['seconds']:.0f} s"
    return "\n".join(wrapped(f"{counted(Reading(speed))}, {took}", ""))


def _head(reading: Reading, paint: Paint) -> str:
    speed = reading.speed
    title = f"How fast stacks answer · {speed['form']} · {speed['started']}"
    rows = [[name, reading.title(name)] for name in reading.stacks]
    lines = [paint(one, "bold") for one in wrapped(title, "")]
    return "\n".join([*lines, *(aligned(rows, words=2) if rows else [])])


def _workloads(reading: Reading, paint: Paint) -> str:
    """Every workload with the figures of each stack, then who is to whom."""
    percent = 100 * reading.speed["confidence"]
    heads = wrapped(INTERVALS.format(percent), "")
    rows = [["", "", "requests/s", "µs/request"]]
    told = []
    for workload in reading.speed["workloads"]:
        rows += _figures(workload, reading)
        told.append(([*_titled(workload, _room(reading))], [*_said(workload, reading)]))
    head, *shown = aligned(rows, words=2, widest=_room(reading))
    lines = [*(paint(one, "bold") for one in heads), head]
    each = len(reading.stacks)
    for number, (before, after) in enumerate(told):
        lines += [*before, *shown[number * each : (number + 1) * each], *after]
    for said in averaged(reading, line):
        lines += wrapped(said, "  ")
    return "\n".join(lines)


def _figures(workload: Entry, reading: Reading) -> Iterator[list[str]]:
    title = line(workload["title"])
    for number, name in enumerate(reading.stacks):
        one = measure(workload, name)
        cost = within(one["cpu"]) if one and one["cpu"] and not one["void"] else "–"  # noqa: RUF001
        yield [
            "" if number or cell_len(title) > _room(reading) else title,
            cut(line(name), MOST_OF_A_NAME),
            throughput(one),
            cost,
        ]


def _room(reading: Reading) -> int:
    """How wide a title may be beside names and figures."""
    names = [cell_len(line(name)) for name in reading.stacks]
    return ROOM - min(MOST_OF_A_NAME, max(names, default=0))


def _titled(workload: Entry, room: int) -> Iterator[str]:
    """A title for which there is no room beside the figures."""
    title = line(workload["title"])
    if cell_len(title) > room:
        yield from wrapped(title, "  ")


def _said(workload: Entry, reading: Reading) -> Iterator[str]:
    for one in workload["measures"]:
        if one["void"]:
            text = f"{line(one['subject'])} is void: {line(one['void'])}"
            yield from wrapped(text, "    ! ")
    for pair in reading.pairs:
        if told := reading.ratio(workload, *pair):
            yield from wrapped(compared(told, line, "requests/s"), "    ")
