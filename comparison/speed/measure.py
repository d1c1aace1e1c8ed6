"""The whole measurement of speed, part after part, into one record."""

import datetime
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from comparison.speed.against import References
from comparison.speed.bench import Bench
from comparison.speed.ceiling import Ceiling
from comparison.speed.contention import WAITING, note, waiting
from comparison.speed.crew import Crew
from comparison.speed.curves import curves
from comparison.speed.database import filled_database, size_of
from comparison.speed.figures import means
from comparison.speed.generator import CONNECTIONS, Generator, version
from comparison.speed.growth import growths
from comparison.speed.machine import machine
from comparison.speed.measured import Measured
from comparison.speed.order import Order
from comparison.speed.placement import separated
from comparison.speed.profiles import profiles
from comparison.speed.record import Curve, Interval, Quantity, Speed
from comparison.speed.record import Generator as GeneratorRecord
from comparison.speed.resources import Memory, resources
from comparison.speed.servers import Servers
from comparison.speed.statistics import CONFIDENCE, logarithms, margin_of, overall
from comparison.speed.throughput import Workloads, beside, warm_up


def measure_speed(order: Order) -> Speed:
    """Measure everything that the form has. Raises `StackError`."""
    began = time.monotonic()
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    rows = _rows(order)
    with ExitStack() as held:
        generator = held.enter_context(Generator(order.cache, order.say))
        bench = Bench(generator, Random(order.seed), order.watch)
        ceiling = held.enter_context(Ceiling(generator, order.seed))
        running = held.enter_context(Servers(order.logs, order.say))
        crew = Crew(order, rows)
        crew.start(running)
        memory = Memory(crew.stacks)
        references = References(crew)
        if order.form.references is not None:
            references.start(running)
        warm_up(crew, bench)
        workloads = Workloads(crew, bench, ceiling, memory)
        measured = [*workloads.controlled()]
        # Before rows change, and with them the replies that references have.
        against = [*beside(crew, references, bench, ceiling)]
        measured += workloads.rest()
        lines = _curves(crew, measured, bench)
        running.end()
        parts = _figures(crew, references, measured, against)
        return Speed(
            form=order.form.name,
            started=started,
            seed=order.seed,
            confidence=CONFIDENCE,
            rows={} if rows is None else size_of(rows),
            generator=_generator(ceiling),
            **parts,
            curves=lines,
            resources=resources(crew, memory, bench, running.folder),
            growths=growths(crew, bench, ceiling),
            breakdowns=profiles(crew, bench, running.folder),
            # Last, when all is known that could not be measured.
            notes=_notes(crew, parts["machine"][WAITING]),
            seconds=round(time.monotonic() - began, 1),
        )


def _figures(
    crew: Crew,
    references: References,
    measured: Sequence[Measured],
    against: Sequence[Measured],
) -> dict[str, Any]:
    """What the rounds come to: the parts of a record that stand on one margin."""
    order, pairs = crew.order, _pairs(crew)
    margin = _margin(crew, measured, order.seed)
    every = (slices for one in measured for slices in one.slices.values())
    waits = (part for slices in every for part in slices.waits)
    servers = (*crew.stacks, *crew.controls, *references.servers)
    return {
        "margin": margin,
        "machine": {**machine(), WAITING: waiting(waits)},
        "subjects": [server.subject for server in servers],
        "workloads": [one.written(pairs, margin, order) for one in measured],
        "overall": means(_logarithms(measured, pairs), margin, order.seed),
        "references": [one.written(references.pairs, margin, order) for one in against],
    }


def _rows(order: Order) -> Path | None:
    rows = order.workloads.rows
    if rows is None or not order.ours:
        return None
    return filled_database(rows, rows.articles, order.seed, order.cache, order.say)


def _curves(crew: Crew, measured: Sequence[Measured], bench: Bench) -> list[Curve]:
    """Latency against load; notes say why some of it is missing."""
    order = crew.order
    looked_at = order.workloads.looked_at(order.form.looked_at)
    found: list[Curve] = []
    for one in measured:
        if order.form.ladder is None or one.name not in looked_at:
            continue
        lanes = []
        for server in crew.stacks:
            if one.lane(server.name) is None:
                continue
            # Asked anew: what was published or favoured since is in the replies, and no
            # longer the same in those of all.
            lane = crew.lane(one.name, one.plan, server)
            if lane.void is None:
                lanes.append((lane, float(np.median(one.slices[lane.name].rates))))
            else:
                what = f"{one.plan.title}, {server.subject.title}"
                crew.notes.append(f"no latency against load of {what}: {lane.void}")
        with separated(bench.generator.process, [lane.server for lane, _ in lanes]):
            found += curves(bench, one.name, lanes, order.form.ladder)
    return found


def _pairs(crew: Crew) -> list[tuple[str, str]]:
    """Every stack with the first one, every control with its stack."""
    first, *others = crew.stacks
    stacks = [(server.name, first.name) for server in others]
    return stacks + _controls(crew)


def _controls(crew: Crew) -> list[tuple[str, str]]:
    return [(one.name, one.subject.of or "") for one in crew.controls]


def _margin(crew: Crew, measured: Sequence[Measured], seed: int) -> float:
    """From the controls' means of processor time, which show least of the moment.

    Where nobody can tell it, there are no controls either.
    """
    found = _logarithms(measured, _controls(crew))
    means_of = (
        overall(found[one, of, "cpu"], seed)
        for one, of in _controls(crew)
        if (one, of, "cpu") in found
    )
    return margin_of([one for one in means_of if one is not None])


def _logarithms(
    measured: Sequence[Measured], pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str, Quantity], list[list[float]]]:
    """Of each pair in either quantity: the ratios of every workload, in logarithms."""
    found: dict[tuple[str, str, Quantity], list[list[float]]] = {}
    for one in measured:
        for name, other in pairs:
            if one.plan.apart or not (one.lane(name) and one.lane(other)):
                continue
            mine, theirs = one.slices[name], one.slices[other]
            cpu = logarithms(mine.cpu, theirs.cpu)
            found.setdefault((name, other, "cpu"), []).append(cpu)
            # Of what the load generator could not take, nobody knows how much more.
            if not (one.at_least(name) or one.at_least(other)):
                rates = logarithms(mine.rates, theirs.rates)
                found.setdefault((name, other, "throughput"), []).append(rates)
    return found


def _generator(ceiling: Ceiling) -> GeneratorRecord:
    first = ceiling.first or Interval(0.0, 0.0, 0.0)
    return GeneratorRecord("autocannon", version("autocannon"), CONNECTIONS, first)


def _notes(crew: Crew, waited: float | None) -> list[str]:
    busy = note(waited)
    found = [] if busy is None else [busy]
    if not crew.alike and len(crew.stacks) > 1:
        found.append(
            "servers that ran already have rows of their own: what they answer was not"
            " held against each other"
        )
    if any(server.processes is None for server in crew.stacks):
        found.append("processor time and memory are known of own processes alone")
    return found + crew.notes
