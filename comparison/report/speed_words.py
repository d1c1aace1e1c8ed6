"""The speed in sentences that terminal, page and Markdown share."""

from collections.abc import Callable, Iterator, Sequence

from comparison.report.excerpt import line
from comparison.report.layout import many
from comparison.report.speed_figures import figure, share, spread, times, within
from comparison.report.speed_reading import (
    UNCLEAR,
    Entry,
    Quantity,
    Reading,
    Told,
    measure,
)

Named = Callable[[str], str]
REQUESTS = "requests per second"
MEAN = "Geometric mean of all workloads but those apart or at the generator's ceiling"
# A smaller difference of the length of replies explains nothing.
SAME_LENGTH = 0.1
NO_RATIO = "both reached the ceiling of the load generator, so that no ratio is known"
MULTIPLE = {
    "throughput": "Requests per second of {} as a multiple of those of {}",
    "cpu": "Processor time per request of {} as a multiple of that of {}",
}


def compared(told: Told, named: Named, many_of: str = REQUESTS) -> str:
    """Who does how many times as much; the one that does more comes first."""
    if told.bound == "no":
        return NO_RATIO
    if not told.clear and not told.bound:
        pair = f"{named(told.subject)} to {named(told.to)} {times(told.ratio)}"
        return f"{UNCLEAR}: {pair}"
    one = told.turned() if told.ratio["value"] < 1 else told
    said = f"{one.bound} {times(one.ratio)}".strip()
    if told.quantity == "cpu":
        return (
            f"{named(one.subject)} takes {said} times as much processor time per"
            f" request as {named(one.to)}"
        )
    return (
        f"{named(one.subject)} answers {said} times as many {many_of} as"
        f" {named(one.to)}"
    )


def averaged(reading: Reading, named: Named) -> list[str]:
    """Each pair over all workloads, in both quantities, as far as that is known."""
    quantities: Sequence[Quantity] = ("throughput", "cpu")
    found = [
        reading.overall(*pair, quantity)
        for pair in reading.pairs
        for quantity in quantities
    ]
    return [f"{MEAN}: {compared(told, named)}" for told in found if told]


def verdict(told: Told) -> str:
    """What a ratio says of its first subject: more, fewer, less, or nothing clear."""
    if told.bound:
        return NO_RATIO if told.bound == "no" else f"{told.bound} so much"
    if not told.clear:
        return UNCLEAR
    more = told.ratio["value"] > 1
    if told.quantity == "cpu":
        return "more" if more else "less"
    return "more" if more else "fewer"


def throughput(
    one: Entry | None, said: Callable[[dict[str, float]], str] = within
) -> str:
    """Requests per second of a measure, or why there are none."""
    if one is None:
        return "not asked"
    if one["void"] or one["throughput"] is None:
        return "void"
    return f"{'≥ ' if one['at_least'] else ''}{said(one['throughput'])}"


def counted(reading: Reading) -> str:
    """How many workloads differ clearly, without saying whose way."""
    every = reading.speed["workloads"]
    pairs = [told for pair in reading.pairs for _, told in reading.ratios(*pair)]
    counts = [many(len(every), "workload")]
    if pairs:
        known = [one for one in pairs if one.bound != "no"]
        clear = sum(one.clear or bool(one.bound) for one in known)
        counts.append(f"{clear} clearly different")
        counts.append(f"{len(known) - clear} with {UNCLEAR}")
        if len(known) < len(pairs):
            counts.append(f"{len(pairs) - len(known)} beyond the load generator")
    if bad := len([*voids(reading)]):
        counts.append(f"{bad} void")
    return ", ".join(counts)


def voids(reading: Reading) -> Iterator[tuple[Entry, Entry]]:
    """The measures whose figures do not count, each with its workload first."""
    for workload in (*reading.speed["workloads"], *reading.speed["references"]):
        for one in workload["measures"]:
            if one["void"]:
                yield workload, one


def first_line(speed: Entry) -> str:
    """What the first screen says: one workload, every stack; empty without one."""
    reading = Reading(speed)
    for workload in sorted(speed["workloads"], key=lambda one: one["writes"]):
        found = [(name, measure(workload, name)) for name in reading.stacks]
        if found and all(one and one["throughput"] for _, one in found):
            said = ", ".join(
                f"{reading.title(name)} {throughput(one)}" for name, one in found
            )
            return f"{line(workload['title'])}: {said} requests per second"
    return ""


def noise(reading: Reading, name: str, of: str) -> str:
    """What a stack against itself showed."""
    found = [one for one in reading.ratios(name, of) if not one[1].bound]
    if not found:
        return f"{reading.title(of)} was not measured against itself"
    alike = sum(not told.clear for _, told in found)
    workload, far = max(found, key=lambda one: _far(one[1]))
    return (
        f"{reading.title(of)} against itself: {UNCLEAR} in {alike} of"
        f" {many(len(found), 'workload')}; farthest from 1 is {times(far.ratio)},"
        f" {line(workload['title'])}{_mean(reading, name, of)}"
    )


def _mean(reading: Reading, name: str, of: str) -> str:
    told = reading.overall(name, of)
    return f"; geometric mean {times(told.ratio)}" if told else ""


def _far(told: Told) -> float:
    value = told.ratio["value"]
    return max(value, 1 / value)


def span(reading: Reading, pair: tuple[str, str], quantity: Quantity) -> str:
    """What a plot of ratios shows: how many are clear, the least and the most."""
    subject, to = (reading.title(name) for name in pair)
    found = [one for one in reading.ratios(*pair, quantity) if one[1].bound != "no"]
    if not found:
        return f"Nothing of {subject} can be compared with {to}."
    words = [verdict(told) for _, told in found]
    said = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
    ordered = sorted(found, key=lambda one: one[1].ratio["value"])
    ends = [
        f"{line(workload['title'])} {told.bound} {times(told.ratio)}".replace("  ", " ")
        for workload, told in (ordered[0], ordered[-1])
    ]
    text = f"{MULTIPLE[quantity].format(subject, to)}, {many(len(found), 'workload')}"
    return f"{text}: {said}. Least: {ends[0]}; most: {ends[1]}."


def keeps(curve: Entry, reading: Reading) -> str:
    """Up to which rate a subject keeps up, and how long it takes there."""
    who = reading.title(curve["subject"])
    points = [one for one in curve["points"] if not one["disturbed"]]
    knee = curve["knee"]
    if not points:
        return f"Nothing is known of {who}: the generator was late at every rate"
    if knee is None:
        return f"{who} kept up with none of the rates that were asked"
    least = "at least " if knee >= max(one["rate"] for one in points) else ""
    text = f"{who} keeps up with {least}{figure(knee)} requests per second"
    at = next((one for one in points if one["rate"] == knee), None)
    return f"{text}: {waits(at)}" if at else text


def waits(point: Entry) -> str:
    """How long half of the requests take at most, and 99 of 100."""
    return f"p50 {spread(point['p50'])} ms, p99 {spread(point['p99'])} ms"


def distances(reading: Reading, stack: str) -> list[tuple[Entry, str, Told]]:
    """The stack as a part of each of its references: workload, reference, ratio."""
    return [
        (workload, name, told)
        for workload in reading.speed["references"]
        for name in reading.of_role("reference", stack)
        if (told := reading.ratio(workload, stack, name)) and told.bound != "no"
    ]


def level(reading: Reading, name: str) -> str:
    """What a reference still has of its stack."""
    return f"its {reading.subjects[name]['layer'] or 'reference'}"


def part(told: Told) -> str:
    """A ratio as a share, with its bound."""
    return f"{told.bound} {share(told.ratio)}".strip()


def grown(growth: Entry, reading: Reading) -> str:
    """What became of the requests per second, step by step."""
    by_count = {one["at"]: one for one in growth["steps"]}
    base = by_count.pop(growth["base"], None)
    said = ", ".join(_step(one, base) for one in by_count.values())
    return (
        f"{reading.title(growth['subject'])}: {said or 'no more'} {growth['over']}"
        f" instead of {growth['base']:,}"
    )


def _step(step: Entry, base: Entry | None) -> str:
    """One step, and how long the replies are where that explains some of it."""
    bound = "at least " if step["at_least"] else ""
    said = f"{bound}{times(step['ratio'])} with {step['at']:,}"
    longer = step["reply"] / base["reply"] if base and base["reply"] else 1.0
    if abs(longer - 1) < SAME_LENGTH:
        return said
    return f"{said} (replies {longer:.1f} times as long)"


def costs(profile: Entry, reading: Reading, most: int = 3) -> str:
    """The layers that cost the most of a request."""
    layers: Sequence[Entry] = sorted(profile["layers"], key=lambda one: -one["us"])
    said = ", ".join(
        f"{one['layer']} {figure(one['us'])} µs ({100 * one['share']:.0f} %)"
        for one in layers[:most]
    )
    return (
        f"{reading.title(profile['subject'])} takes"
        f" {figure(profile['us_per_request'])} µs of processor time for one request,"
        f" most of it for {said}"
    )


def fingerprint(speed: Entry) -> list[tuple[str, str]]:
    """The machine, as names and values on one line each."""
    units = {"memory": "memory, MiB", "load": "load of the last minute"}
    return [
        (units.get(name, line(str(name))), line(str(value)))
        for name, value in speed["machine"].items()
        if value not in {None, ""}
    ]
