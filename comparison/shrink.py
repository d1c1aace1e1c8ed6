"""A plan made smaller as long as it still shows the same difference."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from comparison.plan import Plan, Step


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

    Later steps go first, then earlier ones, then query, headers and keys of bodies.
    """
    smallest = replace(plan, steps=plan.steps[: step + 1])
    progress = True
    while progress:
        progress = False
        for smaller in _smaller(smallest):
            if not budget.spend():
                return smallest
            if shows(smaller):
                smallest, progress = smaller, True
                break
    return smallest


def _smaller(plan: Plan) -> Iterator[Plan]:
    for at in range(len(plan.steps) - 1):
        steps = plan.steps[:at] + plan.steps[at + 1 :]
        yield replace(plan, steps=steps, setup=max(plan.setup - (at < plan.setup), 0))
    for at, step in enumerate(plan.steps):
        for simpler in _simpler(step):
            yield replace(
                plan, steps=(*plan.steps[:at], simpler, *plan.steps[at + 1 :])
            )


def _simpler(step: Step) -> Iterator[Step]:
    path, mark, query = step.request.partition("?")
    if mark:
        parts = query.split("&")
        for at in range(len(parts)):
            rest = "&".join(parts[:at] + parts[at + 1 :])
            yield replace(step, request=f"{path}?{rest}" if rest else path)
    for name in step.headers:
        headers = {key: value for key, value in step.headers.items() if key != name}
        yield replace(step, headers=headers)
    for body in _less(step):
        if step.json:
            yield replace(step, json=(body,))
        else:
            yield replace(step, text=json.dumps(body))


def _less(step: Step) -> Iterator[object]:
    """The bodies with one key less, in the body or in an object within it."""
    try:
        body = step.json[0] if step.json else json.loads(step.text or "")
    except (ValueError, RecursionError):
        return
    if not isinstance(body, dict):
        return
    for key, value in body.items():
        if isinstance(value, dict):
            for inner in value:
                less = {name: item for name, item in value.items() if name != inner}
                yield {**body, key: less}
    for key in body:
        yield {name: item for name, item in body.items() if name != key}
