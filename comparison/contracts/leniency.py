"""Schemas that cannot be checked: each is left unchecked, and all others are kept.

Contracts of other people have mistakes. One in a schema is no reason to compare
nothing: it is told, and the schema then takes every value.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from comparison.contracts.bundle import Bundle
from comparison.contracts.grammar import Part, children, walk
from comparison.contracts.patterns import understood

MOST_NOTES = 5
Way = tuple[Part, ...]
_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_META = jsonschema_rs.Draft202012Validator(
    {"$ref": "https://json-schema.org/draft/2020-12/schema"}
)


def relax(bundle: Bundle) -> list[str]:
    """Take away what no schema says, in place; gives a note for each.

    The document is in the form of 3.1.
    """
    found: list[tuple[Way, str]] = []
    # Each relies on what the one before has taken away.
    for step in (_odd, _invalid, _patterns):
        found += step(bundle.tree)
    notes = [f"{bundle.place(way)}: {text}" for way, text in found[:MOST_NOTES]]
    more = len(found) - len(notes)
    return [*notes, f"{more} more parts of it are not checked"] if more else notes


def _odd(document: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    """What stands where a schema must, and is none."""
    for way, node, kind in walk(document):
        for step, item, below in children(node, kind):
            # Where a name is a reference, more than one schema is meant.
            if below != "schemas" or isinstance(item, Mapping | bool):
                continue
            if step[-1] != "$ref":
                holder = node if len(step) == 1 else node[step[0]]
                holder[step[-1]] = {}
                yield way + step, "this is no schema; it is not checked"


def _invalid(document: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    nested: set[int] = set()
    for way, node, kind in walk(document):
        if kind != "schemas":
            continue
        if id(node) not in nested:
            while (error := next(_META.iter_errors(node), None)) is not None:
                path: Way = tuple(error.instance_path)
                yield way + path, f"{_said(node, path, error)}; it is not checked"
                _innermost(node, path).clear()
        nested.update(id(item) for _, item, _ in children(node, kind))


def _innermost(schema: Any, path: Way) -> Any:
    """The schema within a schema that `path` leads into, or to."""
    for step, item, kind in children(schema, "schemas"):
        if kind == "schemas" and path[: len(step)] == step and isinstance(item, dict):
            return _innermost(item, path[len(step) :])
    return schema


def _said(node: Any, path: Sequence[Part], error: Any) -> str:
    names = [part for part in path if isinstance(part, str)]
    if names[-1:] == ["type"] and names[-2:-1] != ["properties"]:
        for part in path:
            node = node[part]
        return f"{node!r} is no type of a schema, those are {', '.join(_TYPES)}"
    return f"the schema is not valid: {error.message}"


def _patterns(document: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    read: dict[str, str | None] = {}
    for way, node, kind in walk(document):
        if kind != "schemas":
            continue
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            found = read.setdefault(pattern, understood(pattern))
            if found is None:
                del node["pattern"]
                text = f"the pattern {pattern!r} is not understood, and not checked"
                yield (*way, "pattern"), text
            else:
                node["pattern"] = found
        yield from _of_names(way, node)


def _of_names(way: Way, node: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    """Patterns of the names of properties; all others may be refused beside them."""
    named = node.get("patternProperties", {})
    found = {pattern: understood(pattern) for pattern in named}
    wrong = [pattern for pattern, one in found.items() if one is None]
    for pattern in wrong:
        text = f"the pattern {pattern!r} is not understood, and its schema not checked"
        yield (*way, "patternProperties", pattern), text
    if wrong:
        node.clear()
    elif named:
        node["patternProperties"] = {str(found[key]): named[key] for key in named}
