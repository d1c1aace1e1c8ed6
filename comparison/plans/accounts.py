"""What becomes of somebody who takes another name, address or password.

Who may be found by the old name, who may log in with the old password, does the token
still hold, is the name free again? Nobody of the world is asked: they must stay who
they are for every other plan. A newcomer registers as they did, with texts of its own.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from comparison.cases import tricky
from comparison.cases.bodies import changed
from comparison.cases.seen import quoted
from comparison.contracts.contract import Contract, Operation
from comparison.contracts.links import Link
from comparison.findings.parts import body
from comparison.plans.identity import ANONYMOUS
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool
from comparison.plans.rounds import Cast

NEWCOMER, SECOND = "newcomer", "second"
MOST_SIGHTS = 6
FORMATS = ("", "email")
Keys = tuple[str, ...]


def accounts(
    cast: Cast, pool: Pool, links: Sequence[Link], world: Sequence[Step]
) -> Iterator[Plan]:
    """For everything that a user said at first a plan in which it is changed.

    None where no user of the world has registered with a body of JSON.
    """
    contract = cast.contract
    for step in world:
        operation = contract.find(step.method, step.target.split("?")[0])
        users = frozenset(cast.users) & {name.split(".")[0] for name in step.save}
        nobody = step.method == "POST" and step.identity == ANONYMOUS
        if operation and users and nobody and isinstance(body(step), Mapping):
            account = _Account(contract, pool, links, operation, step, users)
            for change in contract.operations:
                if change.method in {"PUT", "PATCH"} and "{" not in change.path:
                    yield from account.plans(change)
            return


@dataclass(frozen=True)
class _Account:
    """A registration by `step`, and what can be asked by whoever registers."""

    contract: Contract
    pool: Pool
    links: Sequence[Link]
    operation: Operation
    step: Step
    users: frozenset[str]

    def plans(self, change: Operation) -> Iterator[Plan]:
        """A plan for each text of the registration that the operation may change."""
        said = self._said()
        places = self._places(change)
        for name in said:
            if name in places:
                yield Plan(
                    f"{change.id}/account-{name}",
                    tuple(self._steps(change, name, said)),
                    title=f"generated: a newcomer changes {name}",
                    drawn=True,
                )

    def _steps(
        self, change: Operation, name: str, said: Mapping[str, str]
    ) -> Iterator[Step]:
        new = {**said, name: _other(said[name])}
        taken = {**said, name: self._first[name]}
        looks = [*self._looks(name, said[name]), *self._looks(name, new[name])]
        logins = [
            self._filled(one, texts) for one in self._logins() for texts in (said, new)
        ]
        yield self._registered(said, NEWCOMER)
        yield from self._makes()
        yield from logins
        # What somebody else has is refused, and what is one's own is no fault.
        yield self._changing(change, taken, (name,))
        yield self._changing(change, taken, tuple(said))
        yield self._changing(change, said, tuple(said))
        yield self._changing(change, new, (name,))
        yield from (*self._sights(), *logins, *looks)
        # Is the old one free again, and the new one taken?
        yield self._registered(new, SECOND)
        yield self._registered(said, SECOND)

    def _said(self) -> dict[str, str]:
        """What the newcomer says, by the name of its key: texts of nobody else."""
        return {name: _own(name, value) for name, value in self._first.items()}

    @cached_property
    def _first(self) -> dict[str, str]:
        """What the user of the world said."""
        base = body(self.step)
        schema = self.contract.request_schema(self.operation)
        found = {}
        for where, one in tricky.places(schema, base, self.contract.resolve):
            value = _at(base, where)
            resolved = self.contract.resolve(one)
            plain = "enum" not in resolved and resolved.get("format", "") in FORMATS
            if isinstance(value, str) and plain:
                found[where[-1]] = value
        return found

    def _registered(self, said: Mapping[str, str], who: str) -> Step:
        whole = body(self.step)
        for name, where in self._places(self.operation).items():
            if name in said:
                whole = changed(whole, where, said[name])
        save = {
            ".".join([who, *rest]): source
            for name, source in self.step.save.items()
            for first, *rest in [name.split(".")]
            if first in self.users
        }
        return replace(
            self.step, json=(whole,), text=None, save=save, status=None, holds={}
        )

    def _changing(
        self, change: Operation, said: Mapping[str, str], names: Collection[str]
    ) -> Step:
        """The request that says these `names`, and what it cannot do without."""
        schema = self.contract.request_schema(change)
        whole: Any = {}
        for name, where in self._places(change).items():
            outer = tricky.properties(schema, self.contract.resolve)
            inner = outer.get(where[0]) if len(where) > 1 else schema
            needed = name in self.contract.resolve(inner).get("required", ())
            if name in said and (needed or name in names):
                whole = changed(whole, where, said[name])
        return _sent(change, NEWCOMER, whole)

    def _logins(self) -> Iterator[Operation]:
        """What takes nothing but what was said at first, from anybody."""
        mine = self._places(self.operation).keys()
        for one in self.contract.operations:
            taken = self._places(one).keys() if one.method == "POST" else set()
            known = len(taken) > 1 and taken <= mine and "{" not in one.path
            if known and one != self.operation and self.contract.is_open(one):
                yield one

    def _filled(self, operation: Operation, said: Mapping[str, str]) -> Step:
        whole: Any = {}
        for name, where in self._places(operation).items():
            whole = changed(whole, where, said.get(name, ""))
        return _sent(operation, ANONYMOUS, whole)

    def _looks(self, name: str, value: str) -> Iterator[Step]:
        """Requests for what has this text as its name in the path."""
        ends = {
            (link.consumer, parameter)
            for link in self.links
            for parameter, source in link.parameters.items()
            if source.rsplit("/", 1)[-1] == name
        }
        for consumer, parameter in sorted(ends):
            one = self.contract.operation(consumer)
            if one is not None and one.safe and one.path.count("{") == 1:
                path = one.path.replace("{" + parameter + "}", quoted(value))
                yield Step(f"{one.method} {path}")

    def _makes(self) -> Iterator[Step]:
        """Things of the newcomer's own, which may show who made them."""
        for one in self.contract.operations:
            known = self.pool.recipes.get(one.id, ())
            protected = not self.contract.is_open(one) and "{" not in one.path
            if one.method == "POST" and protected and known:
                yield replace(known[0].steps[-1], identity=NEWCOMER, save={})

    def _sights(self) -> list[Step]:
        """What the newcomer sees afterwards: oneself first, then lists."""
        known = [
            one
            for one in self.contract.operations
            if one.safe and "{" not in one.path and one.id in self.pool.recipes
        ]
        known.sort(key=self.contract.is_open)
        return [Step(f"{one.method} {one.path}", NEWCOMER) for one in known][
            :MOST_SIGHTS
        ]

    def _places(self, operation: Operation) -> dict[str, Keys]:
        """Where the body of a request has its properties, by their last names."""
        schema = self.contract.request_schema(operation)
        if schema is None:
            return {}
        resolve = self.contract.resolve
        return {where[-1]: where for where, _ in _leaves(schema, resolve, ())}


def _leaves(
    schema: Any, resolve: tricky.Resolve, path: Keys
) -> Iterator[tuple[Keys, Any]]:
    for name, one in tricky.properties(schema, resolve).items():
        inner = tricky.properties(one, resolve)
        if inner and not path:
            yield from _leaves(one, resolve, (name,))
        else:
            yield (*path, name), one


def _own(name: str, value: str) -> str:
    """A text like this one that nobody else has; a password may be anybody's."""
    if re.search("password|secret|pin", name, re.IGNORECASE):
        return value
    return _inserted(value, "${unique}")


def _other(value: str) -> str:
    return _inserted(value, "2")


def _inserted(value: str, more: str) -> str:
    """The text with more in it; an address stays one."""
    head, at, host = value.rpartition("@")
    return f"{head}{more}{at}{host}" if at else f"{value}{more}"


def _at(value: Any, where: Keys) -> Any:
    for key in where:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _sent(operation: Operation, who: str, whole: Any) -> Step:
    request = f"{operation.method} {operation.path}"
    return Step(request, who, text=json.dumps(whole, ensure_ascii=False))
