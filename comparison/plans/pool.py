"""Recipes: plans that every stack answered with 2xx, kept to be built upon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from comparison.contracts.contract import Operation
from comparison.exchanges.exchange import SUCCESS, Answer, Reply
from comparison.exchanges.trace import Trace
from comparison.findings.parts import size
from comparison.plans.plan import Plan, Step, canonical_step

MOST_RECIPES = 8


@dataclass(frozen=True)
class Recipe:
    """Steps that worked; the last one is the request of `operation`."""

    operation: Operation
    steps: tuple[Step, ...]

    @property
    def segments(self) -> dict[str, str]:
        """What stands in the path of the last request for each path parameter."""
        path = self.steps[-1].target.split("?")[0]
        return self.operation.template.values(path)


@dataclass
class Pool:
    """The recipes so far, by operation: the simplest ones first."""

    recipes: dict[str, list[Recipe]] = field(default_factory=dict)

    def learn(self, trace: Trace) -> None:
        """Take in what came of a plan, if its statuses agreed and all went well."""
        plan = trace.plan
        if plan.drawn:
            self._unlearn(trace)
            return
        whole = len(trace.taken) == len(plan.steps) and not trace.parted
        if not whole or not trace.taken or plan.operation is None:
            return
        last = trace.taken[-1]
        if last.operation is None or last.operation.id != plan.operation:
            return
        if _all_well(last.answers):
            self._keep(Recipe(last.operation, plan.steps))

    def simplest(self, operation: str, identity: str) -> Recipe | None:
        """The smallest recipe of an operation, by this user if there is one.

        Who made a thing may do more with it than others.
        """
        found = self.recipes.get(operation, [])
        own = (one for one in found if one.steps[-1].identity == identity)
        return next(own, found[0] if found else None)

    def _unlearn(self, trace: Trace) -> None:
        """Forget recipes that did not work again: a name is taken only once."""
        # What failed later may have done so for what was done before.
        failed = {
            _request(taken.step)
            for taken in trace.taken[:1]
            if not _all_well(taken.answers)
        }
        for operation, known in list(self.recipes.items()):
            left = [one for one in known if _request(one.steps[-1]) not in failed]
            self.recipes[operation] = left
            if not left:
                del self.recipes[operation]

    def _keep(self, recipe: Recipe) -> None:
        known = self.recipes.setdefault(recipe.operation.id, [])
        if recipe not in known:
            known.append(recipe)
            known.sort(key=_weight)
            # The one that says most stays beside the simple ones, as the last.
            rich = max(known, key=lambda one: size(Plan("", one.steps)))
            known.remove(rich)
            known[MOST_RECIPES:] = [rich]


def aimed(recipe: Recipe, values: Mapping[str, str]) -> Step:
    """The last request of a recipe, with these values for its path parameters."""
    step, own = recipe.steps[-1], recipe.segments
    path, mark, query = step.target.partition("?")
    # A path of another shape was what the case was about.
    template = recipe.operation.template
    if own.keys() == set(template.names):
        path = template.filled({**own, **values})
    return replace(step, request=f"{step.method} {path}{mark}{query}")


def _request(step: Step) -> str:
    return canonical_step(replace(step, save={}))


def _all_well(answers: Sequence[Answer]) -> bool:
    return all(isinstance(a, Reply) and a.status in SUCCESS for a in answers)


def _weight(recipe: Recipe) -> tuple[int, str]:
    text = "\n".join(map(canonical_step, recipe.steps))
    return len(text), text
