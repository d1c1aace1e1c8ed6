"""What is asked: written scenarios, then generated cases in the populated world."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from comparison.cases import Case
from comparison.contract import Contract, Operation
from comparison.identity import ANONYMOUS
from comparison.plan import Plan, Step, canonical_step
from comparison.scenarios import Binding, Scenarios


def plans(
    contract: Contract, scenarios: Scenarios, cases: Iterable[Case]
) -> Iterator[Plan]:
    """Every plan in the order of execution: what only reads before what changes."""
    yield from scenarios.plans
    generated = list(_generated(contract, scenarios, cases))
    reading = {one.id for one in contract.operations if one.safe}
    yield from (plan for plan in generated if plan.operation in reading)
    yield from (plan for plan in generated if plan.operation not in reading)


def selected(
    plan: Plan, contract: Contract, select: Sequence[str], ignore: Sequence[str]
) -> bool:
    """Whether the globs ask for a plan, by its id, operation, tag or rule."""
    names = {plan.id, *plan.rules, *_operations(plan, contract)}
    for name in list(names):
        operation = contract.operation(name)
        names |= set(operation.tags) if operation else set()

    def fits(globs: Sequence[str]) -> bool:
        return any(fnmatchcase(name, glob) for glob in globs for name in names)

    return (not select or fits(select)) and not fits(ignore)


def _operations(plan: Plan, contract: Contract) -> set[str]:
    found = {plan.operation} if plan.operation else set()
    for step in plan.steps[plan.setup :]:
        path = re.sub(r"\$\{[^}]*\}", "x", step.target).split("?")[0]
        operation = contract.find(step.method, path)
        if operation is not None:
            found.add(operation.id)
    return {name for name in found if name}


def _generated(
    contract: Contract, scenarios: Scenarios, cases: Iterable[Case]
) -> Iterator[Plan]:
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    for case in cases:
        operation = contract.operation(case.operation)
        if operation is None:
            continue
        number = numbers[operation.id] = numbers.get(operation.id, 0) + 1
        binding = scenarios.bindings.get(operation.id, Binding())
        for plan in _variants(case, number, operation, binding, contract):
            # Where only the path was varied, the bound variants are all the same.
            key = "\n".join(canonical_step(step) for step in plan.steps)
            if key not in seen:
                seen.add(key)
                yield plan


def _variants(
    case: Case, number: int, operation: Operation, binding: Binding, contract: Contract
) -> Iterator[Plan]:
    """A case as generated and bound to what exists, as a user and as nobody."""
    name = f"{operation.id}/{number:03}-{case.about}"
    identities = [binding.identity]
    if contract.is_open(operation) and binding.identity != ANONYMOUS:
        identities.append(ANONYMOUS)
    for identity in identities:
        suffix = "" if identity == binding.identity else f"-{identity}"
        free = _plan(f"{name}{suffix}", case, case.path, identity, operation)
        yield free
        if binding.path:
            path = operation.path
            for parameter, placeholder in binding.path.items():
                path = path.replace("{" + parameter + "}", placeholder)
            bound = _plan(f"{name}-bound{suffix}", case, path, identity, operation)
            yield Plan(
                bound.id,
                binding.before + bound.steps,
                bound.operation,
                bound.title,
                setup=len(binding.before),
            )


def _plan(
    name: str, case: Case, path: str, identity: str, operation: Operation
) -> Plan:
    query = f"?{case.query}" if case.query else ""
    step = Step(
        request=f"{case.method} {path}{query}",
        identity=identity,
        headers=case.headers,
        text=case.text,
        hex=case.hex,
    )
    title = f"generated: {case.about.replace('-', ' ')}"
    return Plan(name, (step,), operation.id, title)
