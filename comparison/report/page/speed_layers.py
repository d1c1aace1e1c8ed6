"""Where the processor time of one request goes: a bar of layers for each stack."""

from collections.abc import Iterator, Mapping, Sequence

from comparison.report.page.axis import Linear
from comparison.report.page.plot import Figure, Key, Mark, Plot, Table, box, words
from comparison.report.speed_figures import figure
from comparison.report.speed_reading import Entry, Reading, profiles
from comparison.report.speed_words import costs

LAYERS = (
    *("server", "framework", "validation", "serialisation", "storage"),
    *("tokens", "handlers", "runtime", "other"),
)
ROW = 54.0
THICK = 26.0
# What is narrower has no room for its number.
LEAST = 0.035


def breakdown(reading: Reading, workload: str) -> Figure:
    """All profiles of a workload, one below the other on the same scale."""
    found = [one for one in profiles(reading.speed) if one["workload"] == workload]
    used = {layer["layer"] for one in found for layer in one["layers"]}
    title = reading.workload(workload)
    described = " ".join(f"{costs(one, reading)}." for one in found)
    marks = [
        mark
        for number, one in enumerate(found)
        for mark in _row(one, number, found, reading)
    ]
    return Figure(
        name=f"layers {workload}",
        caption=f"{title}: microseconds of processor time for one request, by layer",
        plots=[Plot(title, described, ROW * len(found), marks)],
        keys=[
            Key(f"{number} {layer}", _filling(number))
            for number, layer in enumerate(LAYERS, 1)
            if layer in used
        ],
        table=_table(reading, found),
    )


def _filling(number: int) -> list[Mark]:
    kind = f"layer layer-{number}"
    return [box(kind, 0, 1, 1, 13), words(str(number), 0.5, 11.5, "middle", "inside")]


def _row(
    profile: Entry, number: int, found: Sequence[Entry], reading: Reading
) -> Iterator[Mark]:
    axis = Linear(max(one["us_per_request"] for one in found) or 1.0)
    top, begin = number * ROW, 0.0
    yield words(reading.title(profile["subject"])[:28], 0, top + 12)
    total = f"{figure(profile['us_per_request'])} µs"
    yield words(total, 1, top + 12, "end", "said figure")
    for one in _ordered(profile):
        key = LAYERS.index(one["layer"]) + 1
        left, right = axis.at(begin), axis.at(begin + one["us"])
        yield box(f"layer layer-{key}", left, right, top + 18, THICK)
        if right - left >= LEAST:
            middle = (left + right) / 2
            yield words(str(key), middle, top + 36, "middle", "inside")
        begin += one["us"]


def _ordered(profile: Entry) -> list[Entry]:
    return sorted(profile["layers"], key=lambda one: LAYERS.index(one["layer"]))


def _table(reading: Reading, found: Sequence[Entry]) -> Table:
    by_layer: list[Mapping[str, Entry]] = [
        {one["layer"]: one for one in profile["layers"]} for profile in found
    ]
    titles = [reading.title(one["subject"]) for one in found]
    head = ["Layer", *(f"{title}, {unit}" for title in titles for unit in ("µs", "%"))]
    rows = [
        [
            f"{number} {layer}",
            *(cell for cost in by_layer for cell in _cells(cost, layer)),
        ]
        for number, layer in enumerate(LAYERS, 1)
        if any(layer in cost for cost in by_layer)
    ]
    totals = [(figure(one["us_per_request"]), "100") for one in found]
    return Table(
        head, [*rows, ["one request", *(cell for pair in totals for cell in pair)]]
    )


def _cells(cost: Mapping[str, Entry], layer: str) -> tuple[str, str]:
    one = cost.get(layer)
    if one is None:
        return "–", "–"  # noqa: RUF001
    return figure(one["us"]), f"{100 * one['share']:.0f}"
