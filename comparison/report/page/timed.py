"""How fast an operation is: the workloads that ask it, in the words of the chapter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comparison.report.excerpt import line
from comparison.report.speed_figures import within
from comparison.report.speed_reading import Entry, Reading, measure
from comparison.report.speed_words import compared, throughput


@dataclass(frozen=True)
class Timed:
    """A workload: its title, what each stack makes of it, and who is to whom."""

    title: str
    figures: Sequence[str]
    said: Sequence[str]


def timed(speed: Entry | None) -> dict[str, list[Timed]]:
    """The workloads of each operation; none where nothing was measured."""
    if speed is None:
        return {}
    reading = Reading(speed)
    found: dict[str, list[Timed]] = {}
    for workload in speed["workloads"]:
        one = Timed(
            line(workload["title"]),
            [*_figures(workload, reading)],
            [*_said(workload, reading)],
        )
        for name in dict.fromkeys(workload["operations"]):
            found.setdefault(name, []).append(one)
    return found


def _figures(workload: Entry, reading: Reading) -> Iterator[str]:
    for name in reading.stacks:
        one = measure(workload, name)
        if one is None or one["void"] or one["throughput"] is None:
            why = f": {line(one['void'])}" if one and one["void"] else ""
            yield f"{reading.title(name)} {throughput(one)}{why}"
            continue
        cost = f", {within(one['cpu'])} µs of processor each" if one["cpu"] else ""
        yield f"{reading.title(name)} {throughput(one)} requests per second{cost}"


def _said(workload: Entry, reading: Reading) -> Iterator[str]:
    for pair in reading.pairs:
        if told := reading.ratio(workload, *pair):
            yield compared(told, reading.title)
