"""Which operation's reply holds what a parameter of another needs.

The contract's own OpenAPI links come first. The rest is inferred: from a property of a
reply that has the name of a path parameter, or identifies the resource which stands
before it in the path, and from the Location header.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.producers import productions

# OpenAPI's runtime expressions begin so.
_BODY = "$response.body#"
_HEADER = "$response.header."
_ASKED = "$request.path."


@dataclass(frozen=True)
class Link:
    """A reply of `producer` with `status` gives parameters of `consumer` their values.

    `parameters` has path parameters by name, others as `query.NAME`, `header.NAME` or
    `cookie.NAME`. A source is a JSON pointer into the body of the reply, `header:NAME`
    or `header:NAME/-1` (the last segment of the path in it). `carried` are the path
    parameters that must be as in the producer's own path: name here to name there.
    `declared` tells an OpenAPI link from an inferred one.
    """

    producer: str
    status: str
    consumer: str
    parameters: Mapping[str, str]
    carried: Mapping[str, str] = field(default_factory=dict)
    declared: bool = False


def links(contract: Contract) -> tuple[Link, ...]:
    """All links: those that the contract declares, then by consumer the best first.

    Of the declared ones those of what creates come first. A link that takes nothing
    from the reply is left out.
    """
    creating = sorted(contract.operations, key=lambda one: one.method != "POST")
    declared = [link for one in creating for link in _declared(contract, one)]
    stated = {
        (link.producer, link.consumer, name)
        for link in declared
        for name in link.parameters
    }
    inferred = [
        Link(*found)
        for found in productions(contract)
        if not {(found.producer, found.consumer, name) for name in found.parameters}
        <= stated
    ]
    return (*declared, *inferred)


def _declared(contract: Contract, operation: Operation) -> Iterator[Link]:
    for status, reference in operation.definition.get("responses", {}).items():
        for entry in contract.resolve(reference).get("links", {}).values():
            link = contract.resolve(entry)
            consumer = _consumer(contract, link)
            if consumer is None:
                continue
            sources = {
                _place(contract, consumer, name): str(expression)
                for name, expression in link.get("parameters", {}).items()
            }
            given = {name: _source(text) for name, text in sources.items()}
            parameters = {name: source for name, source in given.items() if source}
            if parameters:
                yield Link(
                    operation.id,
                    str(status),
                    consumer.id,
                    parameters,
                    {
                        name: text.removeprefix(_ASKED)
                        for name, text in sources.items()
                        if text.startswith(_ASKED)
                    },
                    declared=True,
                )


def _consumer(contract: Contract, link: Mapping[str, Any]) -> Operation | None:
    if "operationId" in link:
        return contract.operation(link["operationId"])
    found = re.search(r"#/paths/([^/]+)/(\w+)$", str(link.get("operationRef", "")))
    if not found:
        return None
    path = found[1].replace("~1", "/").replace("~0", "~")
    path = path.replace("%7B", "{").replace("%7D", "}")
    same = (one for one in contract.operations if one.path == path)
    return next((one for one in same if one.method == found[2].upper()), None)


def _place(contract: Contract, consumer: Operation, name: str) -> str:
    """A parameter's name as `Link.parameters` has it."""
    where, dot, rest = name.partition(".")
    if dot and where in {"path", "query", "header", "cookie"}:
        return rest if where == "path" else name
    if "{" + name + "}" in consumer.path:
        return name
    entries = map(contract.resolve, consumer.definition.get("parameters", ()))
    place = next((one["in"] for one in entries if one["name"] == name), "query")
    return f"{place}.{name}"


def _source(expression: str) -> str | None:
    """What a runtime expression means of a reply, or None if of something else."""
    if expression.startswith(_BODY) and len(expression) > len(_BODY):
        return expression.removeprefix(_BODY)
    if expression.startswith(_HEADER):
        return "header:" + expression.removeprefix(_HEADER)
    return None
