"""Which plans are asked: globs on a plan's id, operations, tags and rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from comparison.contracts.contract import Contract, Operation
from comparison.plans.plan import Plan, Step


@dataclass(frozen=True)
class Selection:
    """What is asked for, and what is left out; empty means everything, and nothing."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()

    @property
    def partial(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.select or self.ignore)

    def takes(self, plan: Plan, contract: Contract) -> bool:
        """Whether a plan is asked for, by its id, operation, tag or rule."""
        if not self.partial:
            return True
        names = {plan.id, *plan.rules, *_operations(plan, contract)}
        for name in list(names):
            operation = contract.operation(name)
            names |= set(operation.tags) if operation else set()

        def fits(globs: Sequence[str]) -> bool:
            return any(fnmatchcase(name, glob) for glob in globs for name in names)

        return (not self.select or fits(self.select)) and not fits(self.ignore)


def unbound(target: str) -> str:
    """A target with a letter for every placeholder."""
    return re.sub(r"\$\{[^}]*\}", "x", target)


def operation_of(step: Step, contract: Contract) -> Operation | None:
    """The operation that a step asks for, whatever its placeholders stand for."""
    return contract.find(step.method, unbound(step.target).split("?")[0])


def _operations(plan: Plan, contract: Contract) -> set[str]:
    found = {plan.operation} if plan.operation else set()
    for step in plan.steps[plan.setup :]:
        operation = operation_of(step, contract)
        if operation is not None:
            found.add(operation.id)
    return {name for name in found if name}
