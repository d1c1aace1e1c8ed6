"""What a change does to everything that can be seen of it, for every change.

Random sequences seldom ask for the right thing after the right change. Here it is done
in order: what is made is looked at from all sides, changed, looked at, changed in the
same way again, by somebody else, and in another way. Such plans are long, and made
short when they show something.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from comparison.cases import tricky
from comparison.cases.bodies import changed
from comparison.cases.telling import edits
from comparison.contracts.contract import Contract, Operation
from comparison.findings.parts import body
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool, Recipe, aimed

# Looked at after every change; an API of 500 operations has too many for each.
MOST_SIGHTS = 10
MOST_CHANGES = 12
MOST_VARIANTS = 3
SIMPLE, RICH = "simple", "rich"
EDITING = frozenset({"PUT", "PATCH"})
FEW = 2


def transitions(
    contract: Contract, pool: Pool, users: Sequence[str] = ()
) -> Iterator[Plan]:
    """Plans of every operation that changes something and has a recipe in `pool`."""
    # What worked may fail later, because it has been done: the pool then forgets it.
    recipes = {name: tuple(known) for name, known in pool.recipes.items() if known}
    operations = [one for one in contract.operations if one.id in recipes]
    for operation in operations:
        if not operation.safe:
            subject = _Subject(contract, operation, operations, recipes, tuple(users))
            yield from subject.plans()


@dataclass(frozen=True)
class _Subject:
    """One change, and all that concerns the same thing; `users` may ask for it."""

    contract: Contract
    operation: Operation
    operations: Sequence[Operation]
    recipes: Mapping[str, tuple[Recipe, ...]]
    users: tuple[str, ...]

    def plans(self) -> Iterator[Plan]:
        """The change again and again, then the change and another one."""
        for name, recipe in self._recipes():
            yield self._plan(f"{name}-again", self._again(recipe))
            for place, steps in self._edits(recipe):
                yield self._plan(f"{name}-edits-{place}", steps)
            for number, steps in enumerate(self._by_others(recipe)):
                yield self._plan(f"{name}-theirs-{number}", steps)
            others = [one for one in self._near(recipe) if not one.safe]
            for other in others[:MOST_CHANGES]:
                if other.id != self.operation.id:
                    known = self.recipes[other.id]
                    then = known[0 if name == SIMPLE else -1]
                    yield self._plan(f"{name}-{other.id}", self._both(recipe, then))

    def _recipes(self) -> list[tuple[str, Recipe]]:
        known = self.recipes[self.operation.id]
        simple, rich = known[0], known[-1]
        on_rich = self._enriched(simple)
        # What a change leaves out may be lost, where there is something to lose.
        between = [] if on_rich == simple else [(f"{SIMPLE}-on-{RICH}", on_rich)]
        return [(SIMPLE, simple), *between, (RICH, self._enriched(rich))]

    def _enriched(self, recipe: Recipe) -> Recipe:
        """The recipe on top of what was made with all that it can have."""
        steps = list(recipe.steps)
        for number, step in enumerate(steps[:-1]):
            for known in self.recipes.values():
                rich = known[-1].steps[-1]
                if rich.request == step.request:
                    who = step.identity
                    steps[number] = replace(rich, save=step.save, identity=who)
        return replace(recipe, steps=tuple(steps))

    def _again(self, recipe: Recipe) -> list[Step]:
        sights = self._sights(recipe)
        change = recipe.steps[-1]
        steps = [*recipe.steps[:-1], *sights, change, *sights, change]
        for other in (change, *self._variants(recipe)):
            steps += [*sights, other]
        steps += sights
        for user in self.users:
            if user != change.identity:
                steps += [replace(change, identity=user), *sights]
                steps += [replace(sight, identity=user) for sight in sights[:2]]
        return steps

    def _edits(self, recipe: Recipe) -> Iterator[tuple[str, list[Step]]]:
        """Each property alone gets other values, none, and an empty one.

        Each of a thing of its own: one property may be its name in the path.
        """
        change = recipe.steps[-1]
        base, resolve = body(change), self.contract.resolve
        schema = self.contract.request_schema(self.operation)
        if change.method not in EDITING or not isinstance(base, Mapping):
            return
        sights = self._sights(recipe)
        for where, one in tricky.places(schema, base, resolve):
            steps = [*recipe.steps[:-1], *sights]
            alone: Mapping[str, Any] = {}
            if tricky.needed(schema, where, resolve):
                alone = base
            for value in edits(one, resolve):
                text = json.dumps(changed(alone, where, value), ensure_ascii=False)
                edit = replace(change, text=text, json=(), save={})
                steps += [edit, *sights[:FEW]]
            yield where[-1], [*steps, *sights[FEW:]]

    def _variants(self, recipe: Recipe) -> list[Step]:
        """The same change with another body or query, spread over what is known."""
        known = [
            _aimed(one, recipe.segments) for one in self.recipes[self.operation.id]
        ]
        others = [step for step in known if step != replace(recipe.steps[-1], save={})]
        return others[:: max(len(others) // MOST_VARIANTS, 1)][:MOST_VARIANTS]

    def _by_others(self, recipe: Recipe) -> Iterator[list[Step]]:
        """One of the steps that prepare is somebody else's: who may change that?"""
        for number, step in enumerate(recipe.steps[:-1]):
            others = [user for user in self.users if user != step.identity]
            if step.identity in self.users and others:
                theirs = replace(step, identity=others[0])
                before = [*recipe.steps[:number], theirs, *recipe.steps[number + 1 :]]
                yield [*before, *self._sights(recipe)]

    def _both(self, recipe: Recipe, other: Recipe) -> list[Step]:
        then = _aimed(other, recipe.segments)
        return [*recipe.steps, then, *self._sights(recipe)]

    def _sights(self, recipe: Recipe) -> list[Step]:
        """Requests that only read, of what the recipe is about, and of lists."""
        near = [one for one in self._near(recipe) if one.safe]
        near.sort(key=lambda one: -one.path.count("{"))
        found = [_aimed(self.recipes[one.id][0], recipe.segments) for one in near]
        # What is in the world anyway may count or name what is changed here.
        found += [
            replace(known.steps[-1], save={})
            for one in self.operations
            if one.safe and one not in near
            for known in self.recipes[one.id][:MOST_VARIANTS]
            if len(known.steps) == 1
        ]
        return found[:MOST_SIGHTS]

    def _near(self, recipe: Recipe) -> list[Operation]:
        """Operations that need no more to be known than the recipe knows."""
        return [
            one
            for one in self.operations
            if self.recipes[one.id][0].segments.keys() <= recipe.segments.keys()
        ]

    def _plan(self, name: str, steps: Sequence[Step]) -> Plan:
        # What a step expects was written of another plan.
        return Plan(
            f"{self.operation.id}/{name}",
            tuple(steps),
            title="generated: a change, and what is seen of it",
            drawn=True,
        )


def _aimed(recipe: Recipe, segments: Mapping[str, str]) -> Step:
    """The last request of a recipe, about the thing with these path segments."""
    return replace(aimed(recipe, segments), save={})
