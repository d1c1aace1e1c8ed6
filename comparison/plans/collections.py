"""Things made to be told apart, and every list that may show them.

A list shows its order, its filters and its pages only where its items differ in all
that can be sorted and filtered by. So several are made of each kind, by turns of the
users, with texts that each way of sorting puts in another order and with numbers some
of which are equal. Then every list is asked for in every way that its parameters allow.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from comparison.cases import tricky
from comparison.cases.bodies import changed
from comparison.cases.telling import telling
from comparison.contracts.contract import Contract, Operation
from comparison.contracts.resources import types
from comparison.findings.parts import body
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool, Recipe, aimed
from comparison.plans.rounds import Cast
from comparison.plans.searches import searches

MOST_MADE = 7
# An API of 500 operations has too many lists for each thing that can be made.
MOST_LISTS = 8
MOST_QUERIES = 120
DEEPEST = 3


def collections(cast: Cast, pool: Pool, world: Sequence[Step] = ()) -> Iterator[Plan]:
    """A plan for everything that can be made, with every list that may hold it."""
    contract = cast.contract
    known = {name: found[0] for name, found in pool.recipes.items() if found}
    lists = [
        one
        for one in contract.operations
        if one.id in known and one.safe and _holds_array(contract, one)
    ]
    for operation in contract.operations:
        if operation.id in known and operation.method == "POST":
            maker = _Maker(contract, known[operation.id], cast.users, world)
            yield from maker.plans([known[one.id] for one in lists])


@dataclass(frozen=True)
class _Maker:
    """What can be made by `recipe`, by turns of the users if one of them makes it."""

    contract: Contract
    recipe: Recipe
    users: tuple[str, ...]
    world: Sequence[Step]

    def plans(self, lists: Sequence[Recipe]) -> Iterator[Plan]:
        """One plan for each of the lists that need no more than is known here."""
        made = self._made()
        segments = self.recipe.segments
        near = [one for one in lists if one.segments.keys() <= segments.keys()]
        near.sort(key=lambda one: -len(one.segments))
        for one in near[:MOST_LISTS] if len(made) > 1 else ():
            steps = [*self.recipe.steps[:-1], *made, *self._asked(one, made)]
            yield Plan(
                f"{self.recipe.operation.id}/collection-{one.operation.id}",
                tuple(steps),
                title="generated: several things, and a list of them",
                drawn=True,
            )

    def _made(self) -> list[Step]:
        last = self.recipe.steps[-1]
        base = body(last)
        schema = self.contract.request_schema(self.recipe.operation)
        if schema is None or not isinstance(base, Mapping):
            return []
        resolve = self.contract.resolve
        told = {
            where: values
            for where, one in tricky.places(schema, base, resolve)
            if (values := telling(one, resolve))
        }
        count = min(max(map(len, told.values()), default=0), MOST_MADE)
        return [self._one(last, base, told, number) for number in range(count)]

    def _one(
        self,
        last: Step,
        base: Mapping[str, Any],
        told: Mapping[tuple[str, ...], list[Any]],
        number: int,
    ) -> Step:
        whole = dict(base)
        for where, values in told.items():
            whole = changed(whole, where, values[number % len(values)])
        text = json.dumps(whole, ensure_ascii=False)
        return replace(
            last, text=text, json=(), hex=None, save={}, identity=self._who(number)
        )

    def _who(self, number: int) -> str:
        first = self.recipe.steps[-1].identity
        if first not in self.users:
            return first
        turns = [first, *(user for user in self.users if user != first)]
        # Somebody has made one thing more than the others, and the last one.
        return turns[number % min(len(turns), 2)]

    def _asked(self, recipe: Recipe, made: Sequence[Step]) -> Iterator[Step]:
        """The list, with and without everything that may be asked of it."""
        step = aimed(recipe, self.recipe.segments)
        path = step.target.partition("?")[0]
        found = searches(self.contract, recipe.operation, (*made, *self.world))
        for query in islice(found, MOST_QUERIES):
            target = f"{path}?{query}" if query else path
            yield replace(step, request=f"{step.method} {target}")


def _holds_array(contract: Contract, operation: Operation) -> bool:
    for status, reference in operation.definition.get("responses", {}).items():
        if str(status).startswith("2"):
            response = contract.resolve(reference)
            for media in response.get("content", {}).values():
                if _has_array(contract, media.get("schema"), DEEPEST):
                    return True
    return False


def _has_array(contract: Contract, schema: Any, depth: int) -> bool:
    kinds = types(contract, schema)
    if "array" in kinds or not depth:
        return "array" in kinds
    inner = tricky.properties(schema, contract.resolve).values()
    return any(_has_array(contract, one, depth - 1) for one in inner)
