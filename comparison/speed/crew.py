"""Who is measured: the stacks on databases of their own, and second ones of each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random

from comparison.speed.asked import Asked
from comparison.speed.check import Lane, agreeing, checked
from comparison.speed.concrete import concrete, mixed, values_of
from comparison.speed.order import Order
from comparison.speed.record import Subject
from comparison.speed.servers import Entry, Server, Servers
from comparison.speed.workloads import MIX, WorkloadFile, WorkloadPlan
from comparison.stacks import Stack, StackError


@dataclass
class Crew:
    """The servers of the stacks, in their order, and the controls of each.

    `rows` is the database that all began with; None where servers have their own.
    `notes` say what could not be measured.
    """

    order: Order
    rows: Path | None
    stacks: list[Server] = field(default_factory=list)
    controls: list[Server] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def start(self, servers: Servers) -> None:
        """Start all, the controls where the form has some. Raises `StackError`."""
        ours = self.order.ours
        subjects = [Subject(one.name, one.title, "stack") for one in ours]
        if self.order.form.controls:
            subjects += [control_of(one) for one in ours]
        entries = [
            Entry(stack, subject, self.rows)
            for stack, subject in zip(cycle(ours), subjects, strict=False)
        ]
        started = {one.name: self.ready(one) for one in servers.start(entries)}
        for stack in self.order.stacks:
            if isinstance(stack, Stack):
                self.stacks.append(started.pop(stack.name))
            else:
                subject = Subject(stack.name, stack.title, "stack")
                server = servers.attach(stack, subject, self.order.contract.base)
                self.stacks.append(self.ready(server))
        self.controls = [*started.values()]

    def ready(self, server: Server) -> Server:
        """A server with the values of its own rows. Raises `WorkloadError`."""
        server.values = values_of(self.order.workloads, server.name, server.ask)
        return server

    def lanes(
        self, name: str, plan: WorkloadPlan, servers: Sequence[Server]
    ) -> list[Lane]:
        """What each of the servers is asked, after it has answered once."""
        found = [self.lane(name, plan, one) for one in servers]
        return agreeing(found) if plan.steady and self.alike else found

    def lane(self, name: str, plan: WorkloadPlan, server: Server) -> Lane:
        """What one of them is asked, held against nobody's answers but its own."""
        return checked(server, self.asked(name, plan, server), steady=plan.steady)

    @contextmanager
    def sparing(self, what: str) -> Iterator[None]:
        """What fails within costs itself alone: what was measured before is kept."""
        try:
            yield
        except StackError as error:
            self.notes.append(f"{what}: {error.brief}")
        except OSError as error:
            self.notes.append(f"{what}: {error}")

    @property
    def alike(self) -> bool:
        """Whether all began with the same rows: those that run already have others."""
        return all(one.running.process is not None for one in self.stacks)

    def asked(self, name: str, plan: WorkloadPlan, server: Server) -> list[Asked]:
        """The requests of a workload: of the same seed, those of all servers alike."""
        random = Random(f"{self.order.seed} {name}")
        if name == MIX:
            return mixed(self.order.workloads, server.values, random)
        return concrete(plan, server.values, random)


def control_of(stack: Stack) -> Subject:
    """A second process of a stack."""
    return Subject(
        f"{stack.name} again", f"{stack.title}, again", "control", stack.name
    )


def in_order(
    file: WorkloadFile, mix: WorkloadPlan | None
) -> Mapping[str, WorkloadPlan]:
    """All workloads: what only reads comes before what changes the rows.

    Of each, what every form measures comes first.
    """
    every = dict(file.workloads)
    if mix is not None:
        every[MIX] = mix
    return dict(
        sorted(every.items(), key=lambda one: (one[1].changes, not one[1].quick))
    )
