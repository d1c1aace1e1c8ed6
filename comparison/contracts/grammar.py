"""What stands where in an OpenAPI document.

Kinds are named after their section under `components`; a kind within brackets stands
for a list or a mapping of it: `[headers]`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Part = str | int

_HEADER = {"schema": "schemas", "content": "[media]", "examples": "[examples]"}
_ENTRIES: Mapping[str, Mapping[str, str]] = {
    "openapi": {
        "paths": "[pathItems]",
        "webhooks": "[pathItems]",
        "components": "components",
    },
    "components": {
        "schemas": "[schemas]",
        "responses": "[responses]",
        "parameters": "[parameters]",
        "examples": "[examples]",
        "requestBodies": "[requestBodies]",
        "headers": "[headers]",
        "securitySchemes": "[securitySchemes]",
        "links": "[links]",
        "callbacks": "[callbacks]",
        "pathItems": "[pathItems]",
    },
    "pathItems": {
        "parameters": "[parameters]",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "parameters": "[parameters]",
        "requestBody": "requestBodies",
        "responses": "[responses]",
        "callbacks": "[callbacks]",
    },
    "parameters": _HEADER,
    "headers": _HEADER,
    "requestBodies": {"content": "[media]"},
    "media": {
        "schema": "schemas",
        "encoding": "[encoding]",
        "examples": "[examples]",
    },
    "encoding": {"headers": "[headers]"},
    "responses": {
        "headers": "[headers]",
        "content": "[media]",
        "links": "[links]",
    },
    "schemas": {
        **dict.fromkeys(
            (
                "additionalProperties",
                "contains",
                "contentSchema",
                "else",
                "if",
                "items",
                "not",
                "propertyNames",
                "then",
                "unevaluatedItems",
                "unevaluatedProperties",
            ),
            "schemas",
        ),
        **dict.fromkeys(
            (
                "$defs",
                "allOf",
                "anyOf",
                "definitions",
                "dependentSchemas",
                "oneOf",
                "patternProperties",
                "prefixItems",
                "properties",
            ),
            "[schemas]",
        ),
    },
}
# The kinds of which a reference may take the place.
COMPONENTS = frozenset(_ENTRIES["components"])
# Where a name may be one of an extension, among paths, responses and callbacks.
_EXTENDED = frozenset({"openapi", "operation"})


def children(
    node: Mapping[str, Any], kind: str
) -> Iterator[tuple[tuple[Part, ...], Any, str]]:
    """Everything below an object of `kind`: the way to it, itself and its kind."""
    if kind == "callbacks":
        entries = dict.fromkeys(
            (name for name in node if not name.startswith("x-")), "pathItems"
        )
    else:
        entries = dict(_ENTRIES.get(kind, {}))
    for name, below in entries.items():
        if name not in node:
            continue
        if not below.startswith("["):
            yield (name,), node[name], below
            continue
        for part, item in _items(node[name]):
            if kind not in _EXTENDED or not str(part).startswith("x-"):
                yield (name, part), item, below[1:-1]


def _items(value: Any) -> Iterator[tuple[Part, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def walk(
    document: Mapping[str, Any], kind: str = "openapi"
) -> Iterator[tuple[tuple[Part, ...], Any, str]]:
    """Every object of the document once: the way to it, itself and its kind."""
    pending: list[tuple[tuple[Part, ...], Any, str]] = [((), document, kind)]
    seen: set[tuple[int, str]] = set()
    while pending:
        way, node, kind = pending.pop()
        if not isinstance(node, Mapping) or (id(node), kind) in seen:
            continue
        seen.add((id(node), kind))
        yield way, node, kind
        below = [(way + step, item, its) for step, item, its in children(node, kind)]
        pending += reversed(below)
