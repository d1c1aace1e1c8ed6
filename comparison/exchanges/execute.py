"""Plans on several stacks in lock-step: the next step when all have answered."""

import time
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparison.configuration.rules import Rules
from comparison.contracts.contract import Contract, Operation
from comparison.exchanges.addresses import Site
from comparison.exchanges.client import TIME_LIMIT, Client
from comparison.exchanges.conformance import Expected, Judge
from comparison.exchanges.difference import STRICT, Looseness
from comparison.exchanges.exchange import Request
from comparison.exchanges.guard import Guard
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.reading import Answered, read
from comparison.exchanges.trace import Taken, Trace
from comparison.plans.binding import save
from comparison.plans.identity import Credentials, NoSecret, authorization
from comparison.plans.plan import WORLD, Plan, Step, Unbound, build
from comparison.plans.texts import NOTHING_SENT, Sent, sent_by
from comparison.running import RunningStack


@dataclass(frozen=True)
class Terms:
    """How stacks are asked, and what counts in their answers.

    `limit` is in seconds, `values` are what every plan finds beside the world.
    """

    limit: float = TIME_LIMIT
    credentials: Credentials = field(default_factory=Credentials)
    rules: Rules = field(default_factory=Rules)
    guard: Guard = field(default_factory=Guard)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Lane:
    """One stack, the connection to it, and what its world holds."""

    stack: RunningStack
    client: Client
    base: str
    credentials: Credentials
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """Where the stack is, as its replies may say."""
        return Site(self.stack.origin, self.base)

    @property
    def host(self) -> str:
        """The value of the Host header."""
        return self.stack.host

    def request(self, step: Step, values: Mapping[str, Any]) -> Request:
        """The step on the wire. Raises `Unbound`, `NoSecret`."""
        allowed = authorization(
            step.identity, values, self.stack.secret, self.credentials
        )
        extra: dict[str, str | None] = dict(self.stack.headers)
        if allowed is not None:
            extra[self.credentials.header] = allowed
        return build(step, values, self.host, self.base, extra)


class Team:
    """The lanes of all stacks, and what is needed to judge their answers.

    The first stack is the reference, with which the others are compared.
    """

    def __init__(
        self, stacks: Sequence[RunningStack], contract: Contract, terms: Terms
    ) -> None:
        self.contract = contract
        self.terms = terms
        self.judge = Judge(contract)
        self.lanes = [_lane(stack, contract, terms) for stack in stacks]
        self._sent = NOTHING_SENT
        self._names: list[Normaliser] = []
        self._loose: dict[str, Looseness] = {}

    def populate(self, world: Sequence[Step], run: str) -> Trace:
        """Take the steps of the world; later plans find what they saved."""
        self._sent = NOTHING_SENT
        self._names = [Normaliser(site=lane.site) for lane in self.lanes]
        for lane in self.lanes:
            lane.world = {"run": run, **self.terms.values, **lane.stack.users}
        trace = self.run(Plan(WORLD, tuple(world), title="the world"), WORLD)
        for lane, values in zip(self.lanes, trace.values, strict=True):
            lane.world = values
        self._sent = sent_by(world)
        return trace

    def run(self, plan: Plan, unique: str, pause: float = 0.0) -> Trace:
        """Take the steps of a plan until its end, or until the states have parted.

        `unique` is a text that no other run of a plan has; between two steps are
        `pause` seconds.
        """
        trace = Trace(
            plan,
            values=[{**lane.world, "unique": unique} for lane in self.lanes],
            unique=unique,
        )
        sent = self._sent | sent_by(plan.steps) | Sent(frozenset([unique]))
        names = [known.following(sent) for known in self._names]
        for step in plan.steps:
            if pause and trace.taken:
                time.sleep(pause)
            trace.stopped = self._advance(step, trace, names)
            if trace.stopped:
                break
        return trace

    def close(self) -> None:
        """Close every connection."""
        for lane in self.lanes:
            lane.client.close()

    def _advance(self, step: Step, trace: Trace, names: Sequence[Normaliser]) -> str:
        """Take one step; gives why the plan cannot go on, if it cannot."""
        try:
            requests = [
                lane.request(step, values)
                for lane, values in zip(self.lanes, trace.values, strict=True)
            ]
        except Unbound as error:
            return f"no stack, or not every one, gave a value for {error}"
        except NoSecret as error:
            return f"{error} needs the secret of every stack"
        operation, place = self._place(requests[0])
        below = requests[0].target.removeprefix(self.lanes[0].base)
        if refusal := self.terms.guard.refusal(step.method, below):
            return refusal
        taken = self._take(step, trace, requests, names, operation, place)
        trace.taken.append(taken)
        if taken.parted:
            return "the stacks have parted"
        for answer, values in zip(taken.answers, trace.values, strict=True):
            save(step, answer, values)
        return ""

    def _take(  # noqa: PLR0913, PLR0917 - all that is known of one step
        self,
        step: Step,
        trace: Trace,
        requests: Sequence[Request],
        names: Sequence[Normaliser],
        operation: Operation | None,
        place: str,
    ) -> Taken:
        for lane, request in zip(self.lanes, requests, strict=True):
            lane.client.begin(request)
        clients = [lane.client for lane in self.lanes]
        answers = tuple(client.finish(clients) for client in clients)
        expected = [Expected(step, known, trace.plan.rules) for known in trace.values]
        lanes = map(Answered, requests, answers, expected, names)
        found = read(self.judge, operation, tuple(lanes), self.looseness(place))
        return Taken(
            step=step,
            operation=operation,
            place=place,
            origins=tuple(lane.stack.origin for lane in self.lanes),
            requests=tuple(requests),
            answers=answers,
            views=found.views,
            breaches=found.breaches,
            splits=found.splits,
        )

    def looseness(self, place: str) -> Looseness:
        """What need not be equal in replies to what is asked at `place`."""
        rules = self.terms.rules
        if not (rules.ignores or rules.unordered or rules.tolerances):
            return STRICT
        return self._loose.setdefault(place, _Loose(rules, place))

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


@dataclass(frozen=True)
class _Loose:
    """The rules at one place."""

    rules: Rules
    place: str

    def ignored(self, kind: str, where: str) -> bool:
        return self.rules.ignored(self.place, kind, where) is not None

    def unordered(self, where: str) -> bool:
        return self.rules.is_unordered(self.place, where)

    def near(self, where: str, first: float, second: float) -> bool:
        tolerance = self.rules.tolerance(self.place, where)
        return tolerance is not None and tolerance.equal(first, second)


def _lane(stack: RunningStack, contract: Contract, terms: Terms) -> Lane:
    parts = urllib.parse.urlsplit(stack.url)
    secure = parts.scheme == "https"
    client = Client(parts.hostname or "127.0.0.1", stack.port, terms.limit, secure)
    # A path in the URL of a stack takes the place of the contract's own base path.
    return Lane(
        stack, client, parts.path.rstrip("/") or contract.base, terms.credentials
    )
