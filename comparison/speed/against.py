"""Stacks against references: the same bytes, with less and less around them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from comparison.speed.check import Lane, agreeing, checked
from comparison.speed.crew import Crew
from comparison.speed.record import Subject
from comparison.speed.servers import Entry, Server, Servers
from comparison.speed.workloads import WorkloadPlan

VARIABLE = "REPLIES"


class References:
    """The references of all stacks, each started with the replies of its own."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._plans = {
            name: plan
            for name, plan in crew.order.workloads.workloads.items()
            if plan.reference
        }
        self.servers: list[Server] = []

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each stack with each of its references, by their names."""
        subjects = (server.subject for server in self.servers)
        return [(one.of or "", one.name) for one in subjects]

    def start(self, servers: Servers) -> None:
        """Start those that stacks.toml has. Raises `StackError`."""
        by_name = {server.name: server for server in self._crew.stacks}
        entries = []
        for stack in self._crew.order.family:
            told = stack.reference
            if told is None or told.of not in by_name or not self._plans:
                continue
            replies = servers.folder / f"{stack.name}.json"
            _write(replies, [*self._replies(by_name[told.of])])
            subject = Subject(stack.name, stack.title, "reference", told.of, told.layer)
            environment = {VARIABLE: str(replies)}
            entries.append(Entry(stack, subject, environment=environment))
        self.servers = servers.start(entries)

    def workloads(self) -> Iterator[tuple[str, WorkloadPlan, Sequence[Lane]]]:
        """Every workload that references answer, as one request to all of them."""
        for name, plan in self._plans.items():
            lanes = []
            for server in self._crew.stacks:
                first = self._crew.asked(name, plan, server)[:1]
                lanes.append(checked(server, first, steady=True))
            by_name = {lane.name: lane for lane in lanes}
            for server in self.servers:
                lane = by_name[server.subject.of or ""]
                lanes.append(checked(server, lane.asked, steady=True))
            yield name, plan, agreeing(lanes)

    def _replies(self, server: Server) -> Iterator[dict[str, Any]]:
        for name, plan in self._plans.items():
            (asked,) = self._crew.asked(name, plan, server)[:1]
            lane = checked(server, [asked], steady=True)
            expected = lane.asked[0].expected
            if lane.void is None and expected is not None:
                path = asked.path.partition("?")[0]
                operation = self._crew.order.operation(asked)
                body = json.loads(expected)
                yield {"operation": operation, "path": path, "body": body}


def _write(file: Path, replies: Sequence[dict[str, Any]]) -> None:
    file.write_text(json.dumps(replies), encoding="utf-8")
