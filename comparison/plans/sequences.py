"""Sequences of requests that belong together, drawn from what all stacks agreed on.

A recipe is a plan that every stack answered alike with 2xx. A link says which value of
one reply another request needs. Sequences put recipes behind each other, and bind the
later ones to what the earlier ones made.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.links import Link
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool, Recipe, aimed
from comparison.plans.scenarios import Binding

SHORTEST, LONGEST = 2, 7
# How often the next request is about what was made before.
LINKED_SHARE = 0.75


def bind(
    operation: Operation, pool: Pool, links: Sequence[Link], identity: str
) -> Binding | None:
    """How cases of an operation reach what recipes make; None if nothing is known.

    The last path parameter first: what makes it is likely to have the others in its
    own path, and they must be the same.
    """
    parameters = operation.template.names
    path: dict[str, str] = {}
    before: tuple[Step, ...] = ()
    for parameter in reversed(parameters):
        if parameter in path:
            continue
        found = _made(operation, parameter, pool, links, identity)
        if found is None:
            return None
        link, recipe, name, source = found
        before += _saving(recipe.steps, name, source)
        path[parameter] = "${" + name + "}"
        shared = _carried(link, recipe)
        path |= {p: shared[p] for p in parameters if p in shared and p not in path}
    return Binding(identity, path, before) if path else None


def sequences(
    contract: Contract,
    pool: Pool,
    links: Sequence[Link],
    rng: random.Random,
    prefix: str,
) -> Iterator[Plan]:
    """Sequences without end, short ones first; none where nothing has worked."""
    number = 0
    while pool.recipes:
        number += 1
        longest = min(SHORTEST + number // 20, LONGEST)
        drawing = _Drawing(contract, pool, links, rng)
        for _ in range(rng.randint(SHORTEST, longest)):
            drawing.draw()
        name, steps = f"{prefix}/{number:04}", tuple(drawing.steps)
        yield Plan(name, steps, title="generated: a sequence", drawn=True)


@dataclass
class _Drawing:
    """One sequence while it is drawn; `made` are recipes and where their ends stand."""

    contract: Contract
    pool: Pool
    links: Sequence[Link]
    rng: random.Random
    steps: list[Step] = field(default_factory=list)
    made: list[tuple[Recipe, int]] = field(default_factory=list)

    def draw(self) -> None:
        """Add one recipe."""
        linked = self._linked()
        if linked and self.rng.random() < LINKED_SHARE:
            link, recipe, at = linked[self.rng.randrange(len(linked))]
            self._add(self._recipe(link.consumer), link, recipe, at)
            return
        known = sorted(self.pool.recipes)
        making = sorted({link.producer for link in self.links} & set(known))
        names = making if making and not self.made else known
        self._add(self._recipe(names[self.rng.randrange(len(names))]))

    def _linked(self) -> list[tuple[Link, Recipe, int]]:
        return [
            (link, recipe, at)
            for recipe, at in self.made
            for link in self.links
            if link.producer == recipe.operation.id
            and link.consumer in self.pool.recipes
        ]

    def _recipe(self, operation: str) -> Recipe:
        known = self.pool.recipes[operation]
        return known[self.rng.randrange(len(known))]

    def _add(
        self,
        recipe: Recipe,
        link: Link | None = None,
        producer: Recipe | None = None,
        at: int = 0,
    ) -> None:
        if link is None or producer is None:
            self.steps += recipe.steps
        else:
            values = _carried(link, producer)
            for parameter, source in _path_sources(link):
                name = f"s{at}.{_word(parameter)}"
                self.steps[at] = _saving((self.steps[at],), name, source)[0]
                values[parameter] = "${" + name + "}"
            # What the recipe prepares is only needed for what is not bound now.
            if not recipe.segments.keys() <= values.keys():
                self.steps += recipe.steps[:-1]
            self.steps.append(aimed(recipe, values))
        self.made.append((recipe, len(self.steps) - 1))


def _made(
    operation: Operation,
    parameter: str,
    pool: Pool,
    links: Sequence[Link],
    identity: str,
) -> tuple[Link, Recipe, str, str] | None:
    """What makes the value of a parameter: its recipe, name to save it by, source."""
    for link in links:
        recipe = pool.simplest(link.producer, identity)
        source = dict(_path_sources(link)).get(parameter)
        fits = link.consumer == operation.id and link.producer != operation.id
        if fits and recipe is not None and source is not None:
            name = f"{_word(link.producer)}.{_word(parameter)}"
            return link, recipe, name, source
    return None


def _carried(link: Link, producer: Recipe) -> dict[str, str]:
    """Path parameters that must be as in the path of the producer."""
    known = producer.segments
    return {**known, **{o: known[t] for o, t in link.carried.items() if t in known}}


def _path_sources(link: Link) -> list[tuple[str, str]]:
    """Path parameters, and where the reply has them."""
    return [pair for pair in link.parameters.items() if "." not in pair[0]]


def _saving(steps: tuple[Step, ...], name: str, source: str) -> tuple[Step, ...]:
    last = steps[-1]
    return (*steps[:-1], replace(last, save={**last.save, name: source}))


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text)
