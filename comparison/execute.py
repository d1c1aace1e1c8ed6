"""Plans on several stacks in lock-step: the next step when all have answered."""

import urllib.parse
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from comparison.client import TIME_LIMIT, Client
from comparison.conformance import Expected, Judge
from comparison.contract import Contract, Operation
from comparison.difference import Broken, compare, parsed, view
from comparison.exchange import Answer, Reply, Request
from comparison.identity import NoSecret, authorization
from comparison.normalise import Normaliser
from comparison.plan import WORLD, Plan, Step, Unbound, build, pointed, sent_texts
from comparison.running import RunningStack
from comparison.trace import Taken, Trace


@dataclass
class Lane:
    """One stack, the connection to it, and what its world holds."""

    stack: RunningStack
    client: Client
    base: str
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The value of the Host header."""
        host = self.client.host
        return f"{f'[{host}]' if ':' in host else host}:{self.client.port}"

    def send(self, request: Request) -> Answer:
        """Ask the stack, and wait for its answer."""
        return self.client.send(request)

    def request(self, step: Step, values: Mapping[str, Any]) -> Request:
        """The step on the wire. Raises `Unbound`, `NoSecret`."""
        allowed = authorization(step.identity, values, self.stack.secret)
        return build(step, {**values, "authorization": allowed}, self.host, self.base)


class Team:
    """The lanes of all stacks, and what is needed to judge their answers."""

    def __init__(
        self,
        stacks: Sequence[RunningStack],
        contract: Contract,
        limit: float = TIME_LIMIT,
    ) -> None:
        self.contract = contract
        self.judge = Judge(contract)
        self.lanes = [_lane(stack, contract, limit) for stack in stacks]
        self.world_texts: frozenset[str] = frozenset()
        self._threads = ThreadPoolExecutor(max_workers=max(len(stacks), 1))

    def populate(self, world: Sequence[Step], run: str) -> Trace:
        """Take the steps of the world; later plans find what they saved."""
        self.world_texts = frozenset()
        for lane in self.lanes:
            lane.world = {"run": run}
        trace = self.run(Plan(WORLD, tuple(world), title="the world"), WORLD)
        for lane, values in zip(self.lanes, trace.values, strict=True):
            lane.world = values
        self.world_texts = frozenset(sent_texts(tuple(world)))
        return trace

    def run(self, plan: Plan, unique: str) -> Trace:
        """Take the steps of a plan until its end, or until the states have parted.

        `unique` is a text that no other run of a plan has.
        """
        trace = Trace(
            plan, values=[{**lane.world, "unique": unique} for lane in self.lanes]
        )
        sent = self.world_texts | frozenset(chain(sent_texts(plan.steps), (unique,)))
        names = [Normaliser(sent) for _ in self.lanes]
        for step in plan.steps:
            try:
                requests = [
                    lane.request(step, values)
                    for lane, values in zip(self.lanes, trace.values, strict=True)
                ]
            except Unbound as error:
                trace.stopped = f"no stack, or not every one, gave a value for {error}"
                break
            except NoSecret as error:
                trace.stopped = f"{error} needs the secret of every stack"
                break
            taken = self._take(step, plan, requests, trace.values, names)
            trace.taken.append(taken)
            if taken.parted:
                trace.stopped = "the stacks have parted"
                break
            _save(step, taken.answers, trace.values)
        return trace

    def close(self) -> None:
        """End what is in flight and close every connection."""
        for lane in self.lanes:
            lane.client.interrupt()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for lane in self.lanes:
            lane.client.close()

    def _take(
        self,
        step: Step,
        plan: Plan,
        requests: Sequence[Request],
        values: Sequence[Mapping[str, Any]],
        names: Sequence[Normaliser],
    ) -> Taken:
        answers = tuple(self._threads.map(Lane.send, self.lanes, requests))
        operation, place = self._place(requests[0])
        expected = [Expected(step, known, plan.rules) for known in values]
        breaches = tuple(
            tuple(self.judge.breaches(operation, *one))
            for one in zip(requests, answers, expected, strict=True)
        )
        views = [view(a, name) for a, name in zip(answers, names, strict=True)]
        differences = tuple(tuple(compare(views[0], other)) for other in views[1:])
        return Taken(
            step=step,
            operation=operation,
            place=place,
            hosts=tuple(lane.host for lane in self.lanes),
            requests=tuple(requests),
            answers=answers,
            breaches=breaches,
            differences=differences,
        )

    def _place(self, request: Request) -> tuple[Operation | None, str]:
        method, path = request.method, request.target.split("?")[0]
        base = self.lanes[0].base
        if not path.startswith(base + "/"):
            return None, f"{method} {path}"
        below = path.removeprefix(base)
        operation = self.contract.find(method, below)
        if operation is not None:
            return operation, operation.id
        template = self.contract.template(below)
        return None, f"{method} {template or 'elsewhere'}"


def _lane(stack: RunningStack, contract: Contract, limit: float) -> Lane:
    parts = urllib.parse.urlsplit(stack.url)
    client = Client(parts.hostname or "127.0.0.1", stack.port, limit)
    # A path in the URL of a stack takes the place of the contract's own base path.
    return Lane(stack, client, parts.path.rstrip("/") or contract.base)


def _save(
    step: Step, answers: Sequence[Answer], values: Sequence[dict[str, Any]]
) -> None:
    """Keep the values that the step names; what a reply lacks stays unbound."""
    for answer, known in zip(answers, values, strict=True):
        if not isinstance(answer, Reply):
            continue
        body = parsed(answer.body)
        for name, pointer in step.save.items():
            try:
                known[name] = pointed(
                    None if isinstance(body, Broken) else body, pointer
                )
            except Unbound:
                known.pop(name, None)
