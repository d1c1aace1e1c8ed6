"""The chapter of the speed as a page shows it: parts with texts, figures and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from comparison.report.excerpt import line
from comparison.report.layout import many
from comparison.report.page.plot import Figure, Table
from comparison.report.page.speed_curves import growths, latencies
from comparison.report.page.speed_layers import breakdown
from comparison.report.page.speed_ratios import ratios, references
from comparison.report.page.speed_tables import (
    alone,
    circumstances,
    functions,
    latency,
    noise_of,
    resources,
)
from comparison.report.speed_reading import Entry, Reading, profiles, unprofiled
from comparison.report.speed_words import averaged, counted, noise, voids

Folded = tuple[str, Table]


@dataclass(frozen=True)
class Part:
    """A heading with what stands below it; warnings begin with `!`."""

    title: str
    texts: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Folded] = ()
    warnings: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)
    open: bool = False


@dataclass(frozen=True)
class Chapter:
    """What it says at first, then its parts."""

    lead: str
    parts: Sequence[Part]


def chapter(speed: Entry) -> Chapter:
    """All of a measurement, ready to be shown."""
    reading = Reading(speed)
    percent = f"{100 * speed['confidence']:g} %"
    lead = (
        f"{counted(reading)}. Figures of closed loops have their {percent} interval;"
        " those of different runs or machines cannot be compared. It informs, and ranks"
        " nobody."
    )
    return Chapter(lead, [*_parts(reading)])


def _parts(reading: Reading) -> Iterator[Part]:
    yield _throughput(reading)
    yield _noise(reading)
    found = [references(reading, stack) for stack in reading.stacks]
    if any(found):
        text = (
            "A reference answers the same bytes from memory, with less and less around"
            " it: what is missing to 100 % is what the rest costs."
        )
        title = "Every subject: requests and latency in the closed loop, same bytes"
        tables = [(title, latency(reading.speed["references"], reading))]
        figures = [*filter(None, found)]
        yield Part("Beside framework and server alone", [text], figures, tables)
    speed = reading.speed
    loads = dict.fromkeys(one["workload"] for one in speed["curves"] if one["points"])
    if loads:
        yield Part(
            "Latency against load", [LOAD], [latencies(reading, o) for o in loads]
        )
    yield from _growth(reading)
    yield from _layers(reading)
    if speed["resources"]:
        yield Part("Memory and start", tables=[("", resources(reading))], open=True)
    notes = [line(note) for note in speed["notes"]]
    facts = circumstances(reading)
    yield Part("How it was measured", [HOW], facts=facts, warnings=notes)


LOAD = (
    "Requests come at a fixed rate, whether or not those before are answered, and are"
    " timed from when they were due. Whiskers are the range of a few turns."
)
HOW = (
    "Subjects take turns in a random order, round by round; a ratio is taken within its"
    " round. Replies are checked before and during the run: a wrong one voids the"
    " figure."
)


def _throughput(reading: Reading) -> Part:
    speed = reading.speed
    bad = [
        f"{line(workload['title'])}: {reading.title(one['subject'])} is void:"
        f" {line(one['void'])}"
        for workload, one in voids(reading)
    ]
    title = "Every subject: requests and latency in the closed loop"
    every = [(title, latency(speed["workloads"], reading))]
    figures = [ratios(reading, pair) for pair in reading.pairs]
    if not reading.pairs:
        every.insert(0, ("Requests and processor time", alone(reading)))
    text = (
        f"{many(speed['generator']['connections'], 'connection')} ask as fast as they"
        " are answered. Axes are logarithmic: twice as much is as far from 1 as half."
    )
    texts = [text, *(f"{said}." for said in averaged(reading, reading.title))]
    return Part("Requests and processor time", texts, figures, every, bad)


def _noise(reading: Reading) -> Part:
    margin = f"{100 * reading.speed['margin']:.1f} %"
    names = reading.of_role("control")
    said = [
        f"{noise(reading, name, str(reading.subjects[name]['of']))}." for name in names
    ]
    lead = f"A ratio within {margin} of 1 counts as no difference."
    if not names:
        return Part("Noise", [f"{lead} No stack was measured against itself."])
    tables = [("Every workload against itself", noise_of(reading, names))]
    return Part("Noise", [lead, *said], tables=tables)


def _growth(reading: Reading) -> Iterator[Part]:
    found = [one for one in reading.speed["growths"] if one["steps"]]
    for over in dict.fromkeys(one["over"] for one in found):
        alike = [one for one in found if one["over"] == over]
        names = dict.fromkeys(one["workload"] for one in alike)
        notes = dict.fromkeys(line(one["note"]) for one in alike if one["note"])
        figures = [growths(reading, over, name) for name in names]
        yield Part(f"Growth with {over}", figures=figures, warnings=[*notes])


def _layers(reading: Reading) -> Iterator[Part]:
    found = profiles(reading.speed)
    lacking = [
        f"No profile of {reading.title(one['subject'])},"
        f" {reading.workload(one['workload'])}: {line(one['note'])}"
        for one in unprofiled(reading.speed)
    ]
    if not found and not lacking:
        return
    names = dict.fromkeys(one["workload"] for one in found)
    said = [
        f"{reading.title(one['subject'])}, {reading.workload(one['workload'])}:"
        f" {line(one['profiler'])}, {many(one['samples'], 'sample')} in"
        f" {many(one['requests'], 'request')}. {line(one.get('note') or '')}".strip()
        for one in found
    ]
    tables = [
        (
            f"The functions of {reading.title(one['subject'])},"
            f" {reading.workload(one['workload'])}",
            functions(one),
        )
        for one in found
        if one["functions"]
    ]
    figures = [breakdown(reading, name) for name in names]
    yield Part("Where the time of one request goes", said, figures, tables, lacking)
