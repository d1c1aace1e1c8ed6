"""Memory and cold starts of the stacks."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from comparison.speed.bench import Bench
from comparison.speed.crew import Crew
from comparison.speed.record import Resources
from comparison.speed.servers import Server
from comparison.speed.starts import cold_starts
from comparison.speed.statistics import interval


class Memory:
    """What the servers take: after their start, and at most so far under load."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = servers
        self.idle = {server.name: server.memory() for server in servers}
        self.loaded: dict[str, float] = {}

    def look(self) -> None:
        """Look again."""
        for server in self._servers:
            found = server.memory()
            if found is not None:
                before = self.loaded.get(server.name, 0.0)
                self.loaded[server.name] = max(found, before)


def resources(
    crew: Crew, memory: Memory, bench: Bench, folder: Path
) -> list[Resources]:
    """Those of every stack; starts only of those that are ours."""
    order = crew.order
    started: Mapping[str, Sequence[float]] = {}
    with crew.sparing("no time from start to first reply"):
        started = cold_starts(crew, bench, folder)
    return [
        Resources(
            subject=server.name,
            memory_idle=memory.idle[server.name],
            memory_loaded=memory.loaded.get(server.name),
            cold_start=interval(started.get(server.name, []), order.seed),
            starts=len(started.get(server.name, [])),
            processes=0 if server.processes is None else server.processes.count,
        )
        for server in crew.stacks
    ]
