"""What is measured in closed loops: every workload, and what references answer too."""

from collections.abc import Iterator, Sequence

from comparison.speed.against import References
from comparison.speed.bench import Bench
from comparison.speed.ceiling import Ceiling
from comparison.speed.concrete import mix_of
from comparison.speed.crew import Crew, in_order
from comparison.speed.generator import CONNECTIONS
from comparison.speed.measured import Measured
from comparison.speed.placement import separated
from comparison.speed.resources import Memory
from comparison.speed.rounds import Rounds
from comparison.speed.servers import Server
from comparison.speed.workloads import WorkloadPlan


class Workloads:
    """Every workload: first those of stacks and their controls, then of stacks alone.

    What a process was asked before shows in how fast it is later, as it is compiled
    while it runs. A control that has missed a workload would be slower for that alone,
    so it is asked nothing after that.
    """

    def __init__(
        self, crew: Crew, bench: Bench, ceiling: Ceiling, memory: Memory
    ) -> None:
        self._crew, self._bench = crew, bench
        self._ceiling, self._memory = ceiling, memory
        form, file = crew.order.form, crew.order.workloads
        self._rounds = Rounds(bench, form.pace)
        self._plans = [
            (name, plan)
            for name, plan in in_order(file, mix_of(file)).items()
            if form.every or plan.quick
        ]

    def controlled(self) -> Iterator[Measured]:
        """The first ones, with controls where there are some."""
        for name, plan in self._plans[: self._crew.order.form.controls]:
            yield self._measured(name, plan, [*self._crew.stacks, *self._crew.controls])

    def rest(self) -> Iterator[Measured]:
        """All others."""
        for name, plan in self._plans[self._crew.order.form.controls :]:
            yield self._measured(name, plan, self._crew.stacks)

    def _measured(
        self, name: str, plan: WorkloadPlan, servers: Sequence[Server]
    ) -> Measured:
        lanes = self._crew.lanes(name, plan, servers)
        limit = self._ceiling.of(max((lane.size for lane in lanes), default=0))
        # What takes all of its time elsewhere, as hashing does, has threads for it.
        placed = [] if plan.apart else servers
        with separated(self._bench.generator.process, placed):
            slices = self._rounds.run(name, lanes)
        self._memory.look()
        return Measured(name, plan, lanes, slices, limit)


def warm_up(crew: Crew, bench: Bench) -> None:
    """Ask every server for all that is only read, controls as long as their stacks."""
    reads = {
        name: plan
        for name, plan in crew.order.workloads.workloads.items()
        if not plan.changes and not plan.apart
    }
    for server in (*crew.stacks, *crew.controls):
        asked = [
            server.placed(one)
            for name, plan in reads.items()
            for one in crew.asked(name, plan, server)
        ]
        bench.watch("warm-up")
        if asked:
            key, seconds = f"{server.name}: warm-up", crew.order.form.warm_up
            bench.generator.know(key, asked)
            bench.generator.closed(key, server.url, seconds, connections=CONNECTIONS)


def beside(
    crew: Crew, references: References, bench: Bench, ceiling: Ceiling
) -> Iterator[Measured]:
    """What references answer too."""
    pace = crew.order.form.references
    if pace is None or not references.servers:
        return
    rounds = Rounds(bench, pace)
    for name, plan, lanes in references.workloads():
        limit = ceiling.of(max(lane.size for lane in lanes))
        with separated(bench.generator.process, [lane.server for lane in lanes]):
            slices = rounds.run(f"{name}, one and the same", lanes)
        yield Measured(name, plan, lanes, slices, limit)
