"""What the speed chapter tells of a whole measurement, as blocks of a terminal."""

from collections.abc import Iterator, Sequence

from comparison.report.aligned import aligned
from comparison.report.excerpt import line
from comparison.report.layout import many, wrapped
from comparison.report.paint import Paint
from comparison.report.speed_figures import figure, spread, within
from comparison.report.speed_reading import Entry, Reading, profiles, unprofiled
from comparison.report.speed_words import (
    distances,
    fingerprint,
    grown,
    keeps,
    level,
    noise,
    part,
)

# Columns of figures that fit beside a title.
MOST = 2


def sections(reading: Reading, paint: Paint) -> Iterator[str]:
    """Noise, references, resources, load, growth and breakdowns, as far as known."""
    yield controls(reading, paint)
    yield _references(reading, paint)
    yield _resources(reading, paint)
    yield _knees(reading, paint)
    yield _growths(reading, paint)
    yield from _breakdowns(reading, paint)


def controls(reading: Reading, paint: Paint) -> str:
    """What each stack showed against itself."""
    names = reading.of_role("control")
    margin = f"{100 * reading.speed['margin']:.1f} %"
    lines = _headed(f"Noise: what is within {margin} of 1 is no difference", paint)
    for name in names:
        lines += wrapped(
            noise(reading, name, str(reading.subjects[name]["of"])), "  ", most=4
        )
    if not names:
        lines += wrapped("No stack was measured against itself.", "  ")
    return "\n".join(lines)


def _references(reading: Reading, paint: Paint) -> str:
    """Each stack as a part of what answers the same bytes from memory."""
    lines: list[str] = []
    for stack in reading.stacks:
        found = distances(reading, stack)
        names = [*dict.fromkeys(name for _, name, _ in found)]
        for some in _chunks(names):
            levels = [level(reading, name) for name in some]
            rows = [["", *levels]]
            for title in dict.fromkeys(line(one["title"]) for one, _, _ in found):
                said = {
                    name: part(told)
                    for one, name, told in found
                    if line(one["title"]) == title
                }
                rows.append([title, *(said.get(name, "") for name in some)])
            named = (
                f"{level(reading, name)} is {reading.title(name)}" for name in some
            )
            lines += wrapped(f"{reading.title(stack)}: {'; '.join(named)}", "  ")
            lines += aligned(rows, indent="    ")
    text = (
        "Requests per second as a share of what a framework or a server alone reaches"
        " with the same bytes from memory"
    )
    return "\n".join([*_headed(text, paint), *lines]) if lines else ""


def _resources(reading: Reading, paint: Paint) -> str:
    found = reading.speed["resources"]
    if not found:
        return ""
    rows = [["", "processes", "idle, MiB", "loaded, MiB", "cold start, ms"]]
    for one in found:
        memory = [one["memory_idle"], one["memory_loaded"]]
        start = within(one["cold_start"]) if one["cold_start"] else "–"  # noqa: RUF001
        rows.append(
            [
                one["subject"],
                str(one["processes"] or "–"),  # noqa: RUF001
                *("–" if mib is None else f"{mib:.0f}" for mib in memory),  # noqa: RUF001
                f"{start} ({one['starts']}×)" if one["starts"] else start,  # noqa: RUF001
            ]
        )
    text = "Memory of all processes, and from start to the first whole reply"
    return "\n".join([*_headed(text, paint), *aligned(rows)])


def _knees(reading: Reading, paint: Paint) -> str:
    found = reading.speed["curves"]
    if not found:
        return ""
    lines = _headed(
        "Latency at fixed rates of arrivals, counted from when a request was due", paint
    )
    for one in found:
        title = reading.workload(one["workload"])
        lines += wrapped(f"{title}: {keeps(one, reading)}", "  ", most=4)
        bad = sum(point["disturbed"] for point in one["points"])
        if bad:
            points = many(len(one["points"]), "point")
            text = f"not to be believed, as the generator was late: {bad} of {points}"
            lines += wrapped(text, "    ! ")
    return "\n".join(lines)


def _growths(reading: Reading, paint: Paint) -> str:
    found = [one for one in reading.speed["growths"] if one["steps"]]
    if not found:
        return ""
    lines = _headed(
        "Growth: requests per second as a multiple of those with what is named last",
        paint,
    )
    for one in found:
        title = reading.workload(one["workload"])
        lines += wrapped(f"{title}: {grown(one, reading)}", "  ")
    for note in dict.fromkeys(one["note"] for one in found if one["note"]):
        lines += wrapped(line(note), "  ! ")
    return "\n".join(lines)


def _breakdowns(reading: Reading, paint: Paint) -> Iterator[str]:
    """A table of each workload, with a column for every stack that was profiled."""
    every = profiles(reading.speed)
    for workload in dict.fromkeys(one["workload"] for one in every):
        alike = [one for one in every if one["workload"] == workload]
        text = f"Where the µs of one request go: {reading.workload(workload)}"
        lines = _headed(text, paint)
        for number in range(0, len(alike), MOST):
            lines += _layers(alike[number : number + MOST], reading)
        for one in alike:
            said = f"{line(one['profiler'])}, {many(one['samples'], 'sample')}"
            note = f". {line(one['note'])}" if one.get("note") else ""
            lines += wrapped(f"{line(one['subject'])}: {said}{note}", "  ")
        yield "\n".join(lines)
    for one in unprofiled(reading.speed):
        title = f"{reading.workload(one['workload'])}, {line(one['subject'])}"
        yield "\n".join(wrapped(f"No profile of {title}: {line(one['note'])}", "! "))


def _layers(some: Sequence[Entry], reading: Reading) -> list[str]:
    """The layers of some profiles, each with its microseconds and its share."""
    costs = [{one["layer"]: one for one in profile["layers"]} for profile in some]
    rows = [["", *(reading.title(one["subject"]) for one in some)]]
    for layer in dict.fromkeys(name for cost in costs for name in cost):
        found = [cost.get(layer) for cost in costs]
        cells = [
            f"{figure(one['us'])}  {100 * one['share']:>2.0f} %" if one else "–"  # noqa: RUF001
            for one in found
        ]
        rows.append([layer, *cells])
    totals = [f"{figure(one['us_per_request'])} 100 %" for one in some]
    return aligned([*rows, ["one request", *totals]])


def circumstances(reading: Reading, paint: Paint) -> Iterator[str]:
    """The load generator, the machine, the rows and the notes."""
    speed, generator = reading.speed, reading.speed["generator"]
    text = (
        f"{line(generator['name'])} {line(generator['version'])} with"
        f" {many(generator['connections'], 'connection')} gets"
        f" {spread(generator['ceiling'])} requests per second from a server that does"
        " nothing; what came near that is told as ≥ or at least"
    )
    lines = [*_headed("Measured with", paint), *wrapped(text, "  ")]
    rows = ", ".join(f"{count:,} {line(name)}" for name, count in speed["rows"].items())
    for name, value in (*fingerprint(speed), ("rows", rows), ("seed", speed["seed"])):
        if value != "":
            lines += wrapped(f"{name}: {value}", "  ", most=3)
    yield "\n".join(lines)
    notes = [one for note in speed["notes"] for one in wrapped(line(note), "! ")]
    yield "\n".join(notes)


def _headed(text: str, paint: Paint) -> list[str]:
    return [paint(one, "bold") for one in wrapped(text, "")]


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for number in range(0, len(names), MOST):
        yield names[number : number + MOST]
