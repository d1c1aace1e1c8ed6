"""How figures grow with the number of articles, and with that of processes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from comparison.speed.bench import Bench
from comparison.speed.ceiling import Ceiling
from comparison.speed.crew import Crew
from comparison.speed.database import filled_database
from comparison.speed.figures import steps
from comparison.speed.generator import CONNECTIONS
from comparison.speed.placement import processors
from comparison.speed.record import Growth, Subject
from comparison.speed.rounds import Rounds
from comparison.speed.servers import Entry, Server, Servers
from comparison.speed.workloads import WorkloadPlan
from comparison.stacks import Stack

VARIABLE = "WORKERS"
# More are of no use to the one process that asks them.
MOST_WORKERS = 8


@dataclass(frozen=True)
class _Line:
    """Servers of one stack, by how many of something each has."""

    over: Literal["workers", "articles"]
    stack: Stack
    servers: Mapping[int, Server]
    base: int
    note: str | None = None

    @property
    def connections(self) -> int:
        """Enough to keep the largest of them busy."""
        most = max(self.servers) if self.over == "workers" else 1
        return CONNECTIONS * most


def growths(crew: Crew, bench: Bench, ceiling: Ceiling) -> list[Growth]:
    """All growth that the form has; notes say why some of it is missing."""
    if crew.order.form.growth is None:
        return []
    names = {stack.name for stack in crew.order.ours}
    family = [one for one in crew.order.family if one.several_of in names]
    lines = [("articles", one, _over_articles(crew, one)) for one in crew.order.ours]
    lines += [("workers", one, _over_workers(crew, one)) for one in family]
    found: list[Growth] = []
    for more, stack, begun in lines:
        what = f"not all growth of {stack.title} with more {more}"
        with crew.sparing(what), begun as line:
            # One by one: those that came before a failure stay.
            for one in _growths(crew, bench, ceiling, line):
                found.append(one)
        if not bench.generator.alive:
            break
    return found


@contextmanager
def _over_articles(crew: Crew, stack: Stack) -> Iterator[_Line]:
    """In steps of ten, against the number of all other figures."""
    order, rows = crew.order, crew.order.workloads.rows
    if rows is None:
        yield _Line("articles", stack, {}, 1)
        return
    counts = [rows.few_articles]
    while counts[-1] * 10 <= rows.many_articles:
        counts.append(counts[-1] * 10)
    counts = sorted({*counts, rows.articles})
    with Servers(order.logs, order.say) as running:
        entries = []
        for count in counts:
            file = filled_database(rows, count, order.seed, order.cache, order.say)
            entries.append(Entry(stack, _grown(stack, count), file))
        started = [crew.ready(one) for one in running.start(entries)]
        servers = dict(zip(counts, started, strict=True))
        yield _Line("articles", stack, servers, rows.articles)


@contextmanager
def _over_workers(crew: Crew, stack: Stack) -> Iterator[_Line]:
    """From one process to as many as there are processors, and to two anyway."""
    order = crew.order
    here = len(processors())
    most = min(max(here, 2), MOST_WORKERS)
    note = None
    if here <= most:
        note = (
            f"the load generator takes one of the {here} processors:"
            f" {most} workers have fewer than they could use"
        )
    with Servers(order.logs, order.say) as running:
        counts = range(1, most + 1)
        entries = [
            Entry(stack, _grown(stack, one), crew.rows, {VARIABLE: str(one)})
            for one in counts
        ]
        started = [crew.ready(one) for one in running.start(entries)]
        servers = dict(zip(counts, started, strict=True))
        yield _Line("workers", stack, servers, 1, note)


def _grown(stack: Stack, count: int) -> Subject:
    return Subject(f"{stack.name} {count}", stack.title, "stack")


def _growths(
    crew: Crew, bench: Bench, ceiling: Ceiling, line: _Line
) -> Iterator[Growth]:
    plans = crew.order.workloads.workloads
    if not line.servers:
        return
    for name, plan in sorted(plans.items(), key=lambda one: one[1].changes):
        if not plan.apart and (line.over == "articles" or plan.quick):
            yield _growth(crew, bench, ceiling, line, (name, plan))


def _growth(
    crew: Crew,
    bench: Bench,
    ceiling: Ceiling,
    line: _Line,
    workload: tuple[str, WorkloadPlan],
) -> Growth:
    name, plan = workload
    pace = crew.order.form.growth or crew.order.form.pace
    lanes = {
        count: crew.lane(name, plan, server) for count, server in line.servers.items()
    }
    limit = ceiling.of(max(lane.size for lane in lanes.values()), line.connections)
    label = f"{name}, with more {line.over}"
    slices = Rounds(bench, pace).run(label, [*lanes.values()], line.connections)
    by_count = {count: slices[lane.name] for count, lane in lanes.items()}
    sizes = {count: lane.size for count, lane in lanes.items()}
    void = next((one.void for one in by_count.values() if one.void), None)
    return Growth(
        over=line.over,
        workload=name,
        subject=line.stack.name,
        base=line.base,
        steps=steps(by_count, sizes, line.base, limit, crew.order.seed),
        note=void or line.note,
    )
