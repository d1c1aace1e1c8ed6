"""Objects and lists of an OpenAPI document that are something else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comparison.contracts.grammar import COMPONENTS, Part, children, walk

# A variable of a path or of a server's url.
TEMPLATE = re.compile(r"\{([^{}]*)\}")
_LISTS: Mapping[str, tuple[str, ...]] = {
    "openapi": ("security", "servers"),
    "pathItems": ("parameters", "servers"),
    "operation": ("parameters", "security", "servers", "tags"),
}
_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "openapi": ("components",),
    "components": tuple(sorted(COMPONENTS)),
    "operation": ("responses", "callbacks"),
    "parameters": ("content",),
    "headers": ("content",),
    "requestBodies": ("content",),
    "responses": ("content", "headers", "links"),
    "links": ("parameters",),
}
# What must be a text where it stands, and by which a thing is looked up.
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "links": ("operationId", "operationRef"),
    "securitySchemes": ("type", "scheme", "name", "in"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong at `way` of the bundled document, and what to do."""

    way: tuple[Part, ...]
    text: str
    advice: str = "Correct it"


def misshapen(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is no object or no list, though only one may stand there."""
    for way, node, kind in walk(document):
        if not isinstance(node.get("$ref", ""), str):
            yield Fault((*way, "$ref"), "a reference must be a text")
        yield from _collections(way, node, kind)
        for step, item, below in children(node, kind):
            if isinstance(item, Mapping) or (
                below == "schemas" and isinstance(item, bool)
            ):
                continue
            if step[-1] == "$ref":
                text = "a reference may replace one object, but not all of these"
                yield Fault(way + step, text, "Name each of them")
            else:
                yield _no_object(way + step, item)


def _collections(
    way: tuple[Part, ...], node: Mapping[str, Any], kind: str
) -> Iterator[Fault]:
    for name in _LISTS.get(kind, ()):
        if name in node and not isinstance(node[name], list):
            yield Fault((*way, name), "here must stand a list")
        elif name == "security":
            for number, entry in enumerate(node.get(name, [])):
                if not isinstance(entry, Mapping):
                    yield _no_object((*way, name, number), entry)
        elif name == "servers":
            yield from _servers(way, node.get(name, []))
    for name in _OBJECTS.get(kind, ()):
        if name in node and not isinstance(node[name], Mapping):
            yield _no_object((*way, name), node[name])
    for name in _TEXTS.get(kind, ()):
        if name in node and not isinstance(node[name], str):
            yield Fault(
                (*way, name), f"here must stand a text, not {_kind(node[name])}"
            )


def _servers(above: tuple[Part, ...], servers: list[Any]) -> Iterator[Fault]:
    for number, server in enumerate(servers):
        way = (*above, "servers", number)
        if not isinstance(server, Mapping) or not isinstance(server.get("url"), str):
            yield Fault(way, "a server must have a url", "Add it")
            continue
        variables = server.get("variables", {})
        if not isinstance(variables, Mapping):
            yield _no_object((*way, "variables"), variables)
            continue
        for name in TEMPLATE.findall(server["url"]):
            known = variables.get(name)
            if not isinstance(known, Mapping) or "default" not in known:
                text = f'the variable "{name}" of the url has no default'
                yield Fault(way, text, "Add it under variables")


def _no_object(way: tuple[Part, ...], found: Any) -> Fault:
    return Fault(way, f"here must stand an object, not {_kind(found)}")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if value is None:
        return "nothing"
    names: dict[type, str] = {str: "a text", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")
