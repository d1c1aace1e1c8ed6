"""Generated cases as plans: in the populated world, bound or not, as everybody."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from comparison.cases.corpus import Case
from comparison.contracts.contract import Contract, Operation
from comparison.plans.identity import ANONYMOUS, is_user, needs_secret
from comparison.plans.plan import Plan, Step, canonical_step, literal
from comparison.plans.scenarios import Binding, Scenarios

# Everybody who may ask, beside the users of the world.
OTHERS = (
    ANONYMOUS,
    "malformed",
    "other-scheme",
    "wrong-scheme",
    "foreign",
    "unsigned",
    "expired",
    "ghost",
)
# Of the fuzzed cases these shares reach what exists, and come from whom they should.
BOUND_SHARE = 0.8
OWNER_SHARE = 0.85
ODDLY_WRITTEN = frozenset({"probe-json", "probe-media"})


@dataclass(frozen=True)
class Cast:
    """Who asks for what: the bindings of the operations, and all identities.

    `users` are in order of their appearance; `others` those that are nobody.
    """

    contract: Contract
    bindings: Mapping[str, Binding]
    users: tuple[str, ...] = ()
    others: tuple[str, ...] = OTHERS

    def binding(self, operation: Operation) -> Binding:
        """How cases of an operation reach what exists, if anybody said so."""
        found = self.bindings.get(operation.id)
        if found is not None:
            return found
        protected = not self.contract.is_open(operation)
        return Binding(self.users[0] if self.users and protected else ANONYMOUS)

    def identities(self, binding: Binding) -> list[str]:
        """All that ask for one request of every operation: two users, and nobodies."""
        users = [user for user in self.users if user != binding.identity]
        found = [binding.identity, *users[:1], *self.others]
        return list(dict.fromkeys(found))


def cast_of(
    contract: Contract,
    scenarios: Scenarios,
    secret_known: bool,
    configured: Sequence[str] = (),
) -> Cast:
    """Those who were `configured`, then those who appear in the scenarios.

    Without the secret nobody can sign falsely.
    """
    every = [scenarios.world, *(plan.steps for plan in scenarios.plans)]
    named = [*configured, *(step.identity for steps in every for step in steps)]
    named += [binding.identity for binding in scenarios.bindings.values()]
    users = tuple(dict.fromkeys(name for name in named if is_user(name)))
    others = tuple(one for one in OTHERS if secret_known or not needs_secret(one))
    return Cast(contract, scenarios.bindings, users, others if users else (ANONYMOUS,))


def singles(cast: Cast, cases: Iterable[Case]) -> list[Plan]:
    """One request each: what only reads before what changes, in turns of operations.

    So that where time ends it, every operation has been asked something.
    """
    reading = {one.id for one in cast.contract.operations if one.safe}
    turns: dict[str | None, int] = {}
    ranked = []
    for plan in _distinct(_singles(cast, cases)):
        turn = turns[plan.operation] = turns.get(plan.operation, 0) + 1
        ranked.append((plan.operation not in reading, turn, plan))
    return [plan for *_, plan in sorted(ranked, key=lambda one: one[:2])]


def bound(cast: Cast, cases: Iterable[Case], binding: Binding) -> list[Plan]:
    """The cases of one operation, bound to what the steps of `binding` make."""
    found: list[Plan] = []
    asked: set[bool] = set()
    for number, case in enumerate(cases, 1):
        operation = cast.contract.operation(case.operation)
        if operation is not None:
            name = f"{operation.id}/{number:03}-{case.about}-made"
            first = case.positive not in asked
            asked.add(case.positive)
            askers = cast.identities(binding) if first else [binding.identity]
            for identity in askers:
                suffix = "" if identity == binding.identity else f"-{identity}"
                plan = _bound(f"{name}{suffix}", case, identity, operation, binding)
                found.append(plan)
    return list(_distinct(found))


def escaped(case: Case) -> Case:
    """A generated case, nothing in which is taken for a placeholder."""
    return replace(
        case,
        path=literal(case.path),
        query=literal(case.query),
        headers={
            name: None if value is None else literal(value)
            for name, value in case.headers.items()
        },
        text=None if case.text is None else literal(case.text),
    )


def fuzzed(
    cast: Cast, cases: Iterable[Case], chunk: int, rng: random.Random
) -> Iterator[Plan]:
    """A plan of every fuzzed case; most of them bound, and as who may ask it."""
    for number, case in enumerate(cases, 1):
        operation = cast.contract.operation(case.operation)
        if operation is None:
            continue
        binding = cast.binding(operation)
        reach, own, other = rng.random(), rng.random(), rng.random()
        identity = binding.identity
        if own > OWNER_SHARE:
            strangers = cast.identities(binding)
            identity = strangers[int(other * len(strangers))]
        name = f"{operation.id}/fuzz-{chunk}-{number:04}"
        if binding.path and reach < BOUND_SHARE:
            yield _bound(name, case, identity, operation, binding)
        else:
            yield _free(name, case, case.path, identity, operation)


def _distinct(plans: Iterable[Plan]) -> Iterator[Plan]:
    # Where only the path was varied, the bound variants are all the same.
    seen: set[str] = set()
    for plan in plans:
        key = "\n".join(canonical_step(step) for step in plan.steps)
        if key not in seen:
            seen.add(key)
            yield plan


def _singles(cast: Cast, cases: Iterable[Case]) -> Iterator[Plan]:
    numbers: dict[str, int] = {}
    asked: dict[tuple[str, bool], int] = {}
    for case in cases:
        operation = cast.contract.operation(case.operation)
        if operation is None:
            continue
        number = numbers[operation.id] = numbers.get(operation.id, 0) + 1
        name = f"{operation.id}/{number:03}-{case.about}"
        binding = cast.binding(operation)
        # One request that is right, and one that is not, come from everybody.
        key = operation.id, case.positive
        asked[key] = asked.get(key, 0) + 1
        askers = cast.identities(binding) if asked[key] == 1 else []
        askers += _askers(cast, binding, operation, case)
        yield from _variants(name, case, operation, binding, dict.fromkeys(askers))


def _askers(
    cast: Cast, binding: Binding, operation: Operation, case: Case
) -> list[str]:
    if case.about in ODDLY_WRITTEN:
        # What is refused first, the body or the sender, shows nowhere else.
        return list(dict.fromkeys([*cast.identities(binding)[:2], ANONYMOUS]))
    if cast.contract.is_open(operation) and binding.identity != ANONYMOUS:
        return [binding.identity, ANONYMOUS]
    return [binding.identity]


def _variants(
    name: str,
    case: Case,
    operation: Operation,
    binding: Binding,
    identities: Iterable[str],
) -> Iterator[Plan]:
    """A case as generated and bound to what exists, as everybody who is named."""
    for identity in identities:
        suffix = "" if identity == binding.identity else f"-{identity}"
        yield _free(f"{name}{suffix}", case, case.path, identity, operation)
        if binding.path:
            yield _bound(f"{name}-bound{suffix}", case, identity, operation, binding)


def _bound(
    name: str, case: Case, identity: str, operation: Operation, binding: Binding
) -> Plan:
    path = operation.path
    for parameter, placeholder in binding.path.items():
        path = path.replace("{" + parameter + "}", placeholder)
    plan = _free(name, case, path, identity, operation)
    return Plan(
        plan.id,
        binding.before + plan.steps,
        plan.operation,
        plan.title,
        setup=len(binding.before),
    )


def _free(
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
