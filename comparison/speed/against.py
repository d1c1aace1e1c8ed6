"""Stacks against references: the same bytes, with less and less around them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from comparison.speed.check import Lane, agreeing, checked
from comparison.speed.crew import Crew
from comparison.speed.record import Subject
from comparison.speed.servers import Entry, Server, Servers
from comparison.speed.workloads import NAME, WorkloadError, WorkloadPlan

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
        known = [one.reference.of for one in self._crew.order.family if one.reference]
        files = {}
        for server in self._crew.stacks if self._plans else ():
            if server.name not in known:
                continue
            files[server.name] = servers.folder / f"{server.name}.json"
            text = json.dumps([*self._replies(server)])
            files[server.name].write_text(text, encoding="utf-8")
        self.servers = servers.start(
            [
                Entry(
                    stack,
                    Subject(stack.name, stack.title, "reference", told.of, told.layer),
                    environment={VARIABLE: str(files[told.of])},
                )
                for stack in self._crew.order.family
                if (told := stack.reference) is not None and told.of in files
            ]
        )

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
                try:
                    body = json.loads(expected)
                except ValueError:
                    raise WorkloadError(
                        f"The reply to {asked.method} {asked.path} is no JSON, which"
                        f" references answer with: workloads.{name} of {NAME} cannot"
                        " have `reference`."
                    ) from None
                yield {"operation": operation, "path": path, "body": body}
