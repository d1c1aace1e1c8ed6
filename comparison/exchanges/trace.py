"""What became of a plan on several stacks."""

from dataclasses import dataclass, field
from typing import Any

from comparison.contracts.contract import SAFE, Operation
from comparison.exchanges.conformance import Breach
from comparison.exchanges.exchange import Answer, Failure, Reply, Request
from comparison.exchanges.partition import Split
from comparison.exchanges.view import View
from comparison.plans.plan import Plan, Step


@dataclass(frozen=True)
class Taken:
    """One step as taken; requests, answers and breaches are in order of the lanes.

    `splits` are the places where not all answered alike. `place` names the operation,
    or what else was asked, such as `HEAD /articles/{slug}`.
    """

    step: Step
    operation: Operation | None
    place: str
    origins: tuple[str, ...]
    requests: tuple[Request, ...]
    answers: tuple[Answer, ...]
    views: tuple[View, ...]
    breaches: tuple[tuple[Breach, ...], ...]
    splits: tuple[Split, ...]

    @property
    def differs(self) -> bool:
        """Whether any stack differs from the first."""
        return bool(self.splits)

    @property
    def changes(self) -> bool:
        """Whether it may have changed the state of a stack, in different ways."""
        unsafe = self.step.method not in SAFE
        return unsafe and self.differs

    @property
    def parted(self) -> bool:
        """Whether the state of the stacks can no longer be the same."""
        if any(isinstance(answer, Failure) for answer in self.answers):
            return True
        classes = {a.status // 100 for a in self.answers if isinstance(a, Reply)}
        return self.changes and len(classes) > 1


@dataclass
class Trace:
    """What became of a plan. `stopped` says why it did not come to its end.

    `unique` is the text that no other run of a plan had. `tainted`: the states of the
    stacks had parted before it, and could not be made equal again. `history` are the
    last steps before it that may have changed something, since the first state.
    """

    plan: Plan
    taken: list[Taken] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    stopped: str = ""
    unique: str = ""
    tainted: bool = False
    history: tuple[Step, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the stacks differ anywhere in it."""
        return any(step.differs for step in self.taken)

    @property
    def parted(self) -> bool:
        """Whether it leaves the stacks in different states."""
        return any(step.parted for step in self.taken)
