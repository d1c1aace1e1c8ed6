"""A plan made smaller as long as it still shows the same difference.

Delta debugging, from the large to the small: first steps, then parts of requests,
level by level of a body, then values. What helps a reader most comes first, because
every try costs a run of the plan.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from comparison.contracts.contract import SAFE
from comparison.findings import simplest
from comparison.findings.dependency import closed, tidy
from comparison.findings.parts import (
    MOST_LEVELS,
    Part,
    changed,
    headers,
    members,
    parameters,
    size,
    unexpecting,
    values,
    without,
)
from comparison.plans.identity import ANONYMOUS
from comparison.plans.plan import Plan

__all__ = ["Budget", "shrink", "size"]

Item = TypeVar("Item")


@dataclass
class Budget:
    """How many runs, and until when (monotonic seconds), shrinking may take."""

    runs: int
    until: float

    def spend(self) -> bool:
        """Take one run; false if nothing is left."""
        self.runs -= 1
        return self.runs >= 0 and time.monotonic() < self.until


def shrink(
    plan: Plan, step: int, shows: Callable[[Plan], bool], budget: Budget
) -> Plan:
    """The smallest plan found that `shows` the difference of step `step`.

    Steps after it go unasked. Every other reduction is kept only if `shows` says yes
    to it; no plan is asked about twice. An expectation goes with the request that it
    was written of. Any plan stays as it is when the budget is spent.
    """
    search = _Search(tidy(replace(plan, steps=plan.steps[: step + 1])), shows, budget)
    while search.round():
        pass
    return search.plan


@dataclass
class _Search:
    plan: Plan
    shows: Callable[[Plan], bool]
    budget: Budget
    tried: set[str] = field(default_factory=set)
    spent: bool = False

    def __post_init__(self) -> None:
        self.tried.add(_canonical(self.plan))

    def round(self) -> bool:
        """Try everything once; whether anything came of it and more may."""
        before = self.plan
        self._steps()
        self._at_once()
        # What the last step asks is what shows the difference; the rest prepares.
        for number in reversed(range(len(self.plan.steps))):
            self._parts(number)
            self._unusual_values(number)
        self._identities()
        self._plain_values()
        self._givers()
        return self.plan is not before and not self.spent

    def accepts(self, smaller: Plan) -> bool:
        """Whether a plan still shows it; then it is the smallest so far."""
        smaller = tidy(smaller)
        key = _canonical(smaller)
        if self.spent or key in self.tried:
            return False
        if not self.budget.spend():
            self.spent = True
            return False
        self.tried.add(key)
        if self.shows(smaller):
            self.plan = smaller
            return True
        return False

    def _steps(self) -> None:
        plan, last = self.plan, len(self.plan.steps) - 1
        earlier = [n for n in closed(plan.steps, [last]) if n != last]
        if self.accepts(_only(plan, earlier)):
            plan, last = self.plan, len(self.plan.steps) - 1
        changing = [n for n in range(last) if plan.steps[n].method not in SAFE]
        if self.accepts(_only(plan, changing)):
            plan, last = self.plan, len(self.plan.steps) - 1
        _fewest(range(last), lambda kept: self.accepts(_only(plan, kept)))

    def _at_once(self) -> None:
        """What is seldom needed in any step."""
        numbers = range(len(self.plan.steps))
        self.accepts(
            without(self.plan, [p for n in numbers for p in headers(self.plan, n)])
        )
        earlier = numbers[:-1]
        self.accepts(
            without(self.plan, [p for n in earlier for p in parameters(self.plan, n)])
        )

    def _parts(self, number: int) -> None:
        self._fewer_parts(parameters(self.plan, number))
        self._fewer_parts(headers(self.plan, number))
        for depth in range(MOST_LEVELS):
            found = members(self.plan, number, depth)
            if not found or self.spent:
                return
            self._fewer_parts(found)

    def _fewer_parts(self, parts: Sequence[Part]) -> None:
        plan = self.plan
        _fewest(
            parts,
            lambda kept: self.accepts(without(plan, set(parts) - set(kept))),
        )

    def _unusual_values(self, number: int) -> None:
        unusual = simplest.is_unusual
        self._minimal([p for p, value in values(self.plan, number) if unusual(value)])
        for part, value in list(values(self.plan, number)):
            if unusual(value):
                simplest.simplify(value, self._replaces(part))

    def _replaces(self, part: Part) -> Callable[[Any], bool]:
        return lambda value: self.accepts(changed(self.plan, {part: value}))

    def _identities(self) -> None:
        plan = self.plan
        users = [n for n, s in enumerate(plan.steps) if s.identity != ANONYMOUS]
        _fewest(users, lambda kept: self.accepts(_anonymous(plan, {*users} - {*kept})))

    def _plain_values(self) -> None:
        numbers = reversed(range(len(self.plan.steps)))
        self._minimal([part for n in numbers for part, _ in values(self.plan, n)])

    def _minimal(self, parts: Sequence[Part]) -> None:
        """Make values minimal; what matters is left as it was."""
        plan = self.plan
        steps = {part.step for part in parts}
        found = {part: value for n in steps for part, value in values(plan, n)}
        new = {part: simplest.minimal(found[part]) for part in parts}
        parts = [part for part in parts if new[part] != found[part]]

        def shows(kept: Sequence[Part]) -> bool:
            less = {part: new[part] for part in parts if part not in kept}
            return self.accepts(changed(plan, less))

        _fewest(parts, shows)

    def _givers(self) -> None:
        """Steps that save what later ones use: the world may have it as well."""
        for number in reversed(range(len(self.plan.steps) - 1)):
            self.accepts(_left(self.plan, {*range(len(self.plan.steps))} - {number}))


def _fewest(items: Sequence[Item], accepts: Callable[[list[Item]], bool]) -> None:
    """Leave out items in chunks and then singly, as long as `accepts` the rest."""
    kept = list(items)
    for length in _lengths(len(kept)):
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + length :]
            if accepts(rest):
                kept = rest
            else:
                at += length


def _lengths(count: int) -> Iterator[int]:
    """All at once, then halves; few are sooner tried one by one."""
    few = 8
    while count > 1:
        yield count
        count = count // 2 if count >= few else 1
    if count:
        yield 1


def _only(plan: Plan, earlier: Sequence[int]) -> Plan:
    """The plan with these earlier steps, and with what they and the last one need."""
    return _left(plan, set(closed(plan.steps, [*earlier, len(plan.steps) - 1])))


def _left(plan: Plan, kept: set[int]) -> Plan:
    return replace(
        plan,
        steps=tuple(plan.steps[number] for number in sorted(kept)),
        setup=sum(number < plan.setup for number in kept),
    )


def _anonymous(plan: Plan, numbers: set[int]) -> Plan:
    steps = (
        replace(unexpecting(step), identity=ANONYMOUS) if number in numbers else step
        for number, step in enumerate(plan.steps)
    )
    return replace(plan, steps=tuple(steps))


def _canonical(plan: Plan) -> str:
    return json.dumps([step.as_json() for step in plan.steps], sort_keys=True)
