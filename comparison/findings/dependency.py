"""Which steps of a plan need what others have saved."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from comparison.plans.plan import PLACEHOLDER, Plan, Step


def closed(steps: Sequence[Step], wanted: Iterable[int]) -> list[int]:
    """The numbers `wanted` and those of the steps that they cannot do without.

    Of several steps that save a name, one that is wanted is enough, else the last
    before its use.
    """
    found: set[int] = set()
    added = set(wanted)
    while added:
        found |= added
        added = {
            giver
            for user in found
            for name in uses(steps[user])
            for giver in _giver(steps[:user], name, found)
        } - found
    return sorted(found)


def uses(step: Step) -> set[str]:
    """The names that a step needs: of its placeholders, and of who asks."""
    text = "\n".join(
        [
            step.request,
            json.dumps([dict(step.headers), list(step.json)], ensure_ascii=False),
            step.text or "",
        ]
    )
    names = {at["name"] for at in PLACEHOLDER.finditer(text) if at["name"]}
    return {*names, step.identity}


def tidy(plan: Plan) -> Plan:
    """The plan without saved names that no later step uses."""
    steps = []
    wanted: set[str] = set()
    for step in reversed(plan.steps):
        save = {
            name: source
            for name, source in step.save.items()
            if any(_gives(name, other) for other in wanted)
        }
        steps.append(replace(step, save=save))
        wanted |= uses(step)
    return replace(plan, steps=tuple(reversed(steps)))


def _giver(before: Sequence[Step], name: str, kept: Collection[int]) -> list[int]:
    """The step that saves `name`, if any does; the world may have it too."""
    givers = [
        number
        for number, step in enumerate(before)
        if any(_gives(saved, name) for saved in step.save)
    ]
    if any(number in kept for number in givers):
        return []
    return givers[-1:]


def _gives(saved: str, wanted: str) -> bool:
    """Whether one of two dotted names leads into what the other names."""
    return f"{wanted}.".startswith(f"{saved}.") or saved.startswith(f"{wanted}.")
