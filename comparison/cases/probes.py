"""Requests that are tried on every API, because every API has been wrong there.

Generated cases are random and fair; probes are neither. They take the simplest request
that is right and put into each place, one at a time, what ports of an API get wrong:
characters, lengths, numbers, times, nearly-right parameters, media types, broken JSON,
other methods, and values of the world, so that filters and logins find something.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from comparison.cases import tricky
from comparison.cases.bodies import changed, has, renamed
from comparison.cases.corpus import Case
from comparison.cases.seen import known, quoted, values_of, varied
from comparison.contracts.contract import Contract, Operation
from comparison.findings.parts import body
from comparison.plans.plan import Step

JSON = "application/json"
# So many values of the world are tried where none has the name of a parameter.
MOST_SEEN = 8
FEW = 5
# One value alone is tried with the others of its kind.
PAIR = 2
MOST_ROWS = 3
SMALL = (1, 2, 3)


def probes(
    contract: Contract, cases: Iterable[Case], world: Sequence[Step] = ()
) -> list[Case]:
    """Probes of every operation that `cases` has a right request for.

    `world` are the steps whose values are tried again, placeholders included.
    """
    simplest: dict[str, Case] = {}
    for case in sorted(cases, key=lambda one: len(one.query) + len(one.text or "")):
        if case.positive and case.hex is None:
            simplest.setdefault(case.operation, case)
    seen = values_of(world)
    found: dict[tuple[Any, ...], Case] = {}
    for operation in contract.operations:
        if operation.id in simplest:
            case = _bare(simplest[operation.id], contract.parameters(operation))
            prober = _Prober(contract, operation, case, seen)
            for probe in prober.probes():
                key = (probe.method, probe.path, probe.query, probe.text)
                found.setdefault((*key, *probe.headers.items()), probe)
    return list(found.values())


@dataclass(frozen=True)
class _Prober:
    contract: Contract
    operation: Operation
    case: Case
    seen: Mapping[str, list[Any]]

    def probes(self) -> Iterator[Case]:
        """All probes of the operation."""
        yield from self._bodies()
        yield from self._texts()
        yield from self._queries()
        yield from self._paths()
        yield from self._methods()

    def _bodies(self) -> Iterator[Case]:
        """Right bodies with one key of another value."""
        schema = self.contract.request_schema(self.operation)
        base = body(Step("POST /", text=self.case.text))
        if schema is None or not isinstance(base, dict):
            return
        resolve = self.contract.resolve
        places = dict(tricky.places(schema, base, resolve))
        full: Any = base
        worst: Any = base
        for where, one in places.items():
            same = self.seen.get(where[-1].lower(), [])
            others = [text for value in same for text in varied(value)]
            right = tricky.allowed(one, resolve)
            some = next(filter(None, right), None)
            full = full if some is None else changed(full, where, some)
            for value in [*right, *same[:MOST_SEEN], *others]:
                yield self._sent("probe-value", changed(base, where, value))
            if some is not None and _own(base, where):
                yield self._sent("probe-name", renamed(base, where, some))
            wrong = tricky.refused(one, resolve)
            worst = changed(worst, where, wrong[0]) if wrong else worst
            for value in wrong:
                yield self._sent("probe-type", changed(base, where, value), False)
        yield self._sent("probe-full", full)
        # Which of many errors are told, and in which order?
        yield self._sent("probe-type", worst, positive=False)
        yield from self._remembered(base, [at for at in places if has(base, at)])

    def _remembered(
        self, base: dict[str, Any], places: Sequence[tuple[str, ...]]
    ) -> Iterator[Case]:
        """Bodies that only hold values of the world, such as a login."""
        found = {where: self.seen.get(where[-1].lower(), []) for where in places}
        if len(found) < PAIR or not all(found.values()):
            return
        for number in range(min(max(map(len, found.values())), MOST_ROWS)):
            whole: Any = base
            row = {at: seen[min(number, len(seen) - 1)] for at, seen in found.items()}
            for where, value in row.items():
                whole = changed(whole, where, value)
            yield self._sent("probe-seen", whole)
            for where, value in row.items():
                for other in varied(value):
                    yield self._sent("probe-seen", changed(whole, where, other))

    def _texts(self) -> Iterator[Case]:
        """The right body written in another way, or called something else."""
        text = self.case.text
        base = body(Step("POST /", text=text))
        if text is None or not isinstance(base, dict):
            return
        key = next(iter(base), "a")
        first = json.dumps({key: base.get(key)})[1:-1]
        for other in ("{", "", "null", "[]", f"{text},", f"\ufeff{text}"):
            yield self._named("probe-json", text=other, positive=False)
        yield self._named("probe-json", text=f"{{{first}, {text.strip()[1:]}")
        for media in ("text/plain", JSON.upper(), f"{JSON}; charset=utf-8", None):
            headers = {"Content-Type": media}
            yield self._named("probe-media", headers=headers, positive=media != JSON)

    def _queries(self) -> Iterator[Case]:
        resolve = self.contract.resolve
        parameters = {
            one["name"]: one.get("schema", {})
            for one in self.contract.parameters(self.operation)
            if one["in"] == "query"
        }
        for name, schema in parameters.items():
            for text, positive in tricky.queries(schema, resolve):
                yield self._asked(((name, text),), positive)
            for text in self._words(name, schema):
                yield self._asked(((name, text),))
            for text in self._known(name, schema):
                yield self._named(
                    "probe-query", query=f"{name}={quoted(text)}".replace("%20", "+")
                )
        yield from self._pairs(parameters)
        yield self._asked((("unknown", "1"),))

    def _words(self, name: str, schema: Any) -> Iterator[str]:
        """Texts of the world for a parameter, and what is nearly one of them."""
        found = self._known(name, schema)
        for value in found:
            yield value
            yield from varied(value)
        yield from ("%", "_", "*", "a+b") if found else ()

    def _known(self, name: str, schema: Any) -> list[str]:
        resolved = self.contract.resolve(schema)
        if "string" not in tricky.types(resolved) or "enum" in resolved:
            return []
        named = known(self.seen, name) or self.seen[""]
        return [one for one in named if isinstance(one, str)][:MOST_SEEN]

    def _pairs(self, parameters: Mapping[str, Any]) -> Iterator[Case]:
        """A parameter twice, in capitals, and numbers of pages together."""
        numbers = []
        for name, schema in parameters.items():
            resolved = self.contract.resolve(schema)
            texts = [
                text
                for text, right in tricky.queries(schema, self.contract.resolve)
                if right
            ]
            if len(texts) > 1:
                yield self._asked(((name, texts[0]), (name, texts[1])), False)
                yield self._asked(((name.swapcase(), texts[0]),))
            if "integer" in tricky.types(resolved):
                numbers.append(name)
        for at, one in enumerate(numbers):
            for other in numbers[at + 1 :]:
                for first, second in product(SMALL, SMALL):
                    yield self._asked(((one, str(first)), (other, str(second))))
        words = [name for name in parameters if name not in numbers]
        for at, one in enumerate(words):
            for other in words[at + 1 :]:
                yield from self._both(one, other, parameters)

    def _both(
        self, one: str, other: str, parameters: Mapping[str, Any]
    ) -> Iterator[Case]:
        """Two filters at once, with values that may find something."""
        texts = [self._known(name, parameters[name])[:FEW] for name in (one, other)]
        for first, second in product(*texts):
            yield self._asked(((one, first), (other, second)))

    def _paths(self) -> Iterator[Case]:
        path = self.operation.path
        yield self._named("probe-path", path=f"{self.case.path}/", positive=False)
        if "{" not in path:
            yield self._named("probe-path", path=path.upper(), positive=False)
            return
        for one in self.contract.parameters(self.operation):
            if one["in"] != "path" or path.count("{") > 1:
                continue
            resolved = self.contract.resolve(one.get("schema", {}))
            named = [str(v) for v in self.seen.get(one["name"].lower(), [])]
            texts = [text for value in named for text in (value, *varied(value))]
            if "integer" in tricky.types(resolved):
                texts += ["01", "007", "+1", "1.0", " 1", "1a", "9" * 30]
            for text in texts:
                filled = path.replace("{" + one["name"] + "}", quoted(text))
                yield self._named("probe-path", path=filled)

    def _methods(self) -> Iterator[Case]:
        yield self._named("probe-bare")
        if self.operation.method == "GET":
            yield self._named("probe-head", method="HEAD")
        yield self._named("probe-options", method="OPTIONS", text=None)

    def _asked(self, pairs: Sequence[tuple[str, str]], positive: bool = True) -> Case:
        query = "&".join(f"{quoted(name)}={quoted(text)}" for name, text in pairs)
        whole = f"{self.case.query}&{query}" if self.case.query else query
        return self._named("probe-query", query=whole, positive=positive)

    def _sent(self, about: str, value: Any, positive: bool = True) -> Case:
        text = json.dumps(value, ensure_ascii=False)
        return self._named(about, text=text, positive=positive)

    def _named(self, about: str, **new: Any) -> Case:
        return replace(self.case, about=about, **new)


def _own(base: Mapping[str, Any], where: Sequence[str]) -> bool:
    """Whether the object that has, or would have, this property is there."""
    return len(where) == 1 or has(base, tuple(where[:-1]))


def _bare(case: Case, parameters: Iterable[Mapping[str, Any]]) -> Case:
    """The case with those query parameters alone that must be there."""
    needed = {one["name"] for one in parameters if one.get("required")}
    pairs = [pair for pair in case.query.split("&") if pair.split("=")[0] in needed]
    return replace(case, query="&".join(pairs))
