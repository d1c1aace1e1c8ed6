"""Schemas as one side of an exchange means them: `readOnly` and `writeOnly`.

A property that only the server writes is not required of a request, though it is
listed in `required`; one that is never shown is not required of a reply.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

REQUEST = "readOnly"
REPLY = "writeOnly"
# Where a property may be described that is required by a schema beside it.
_BRANCHES = ("allOf", "anyOf", "oneOf")
Resolve = Callable[[Any], Any]


def directed(schema: Any, absent: str, resolve: Resolve) -> Any:
    """A copy of `schema` that requires nothing marked `absent`.

    `absent` is `REQUEST` or `REPLY`; any part of a document may be given, and what
    has nothing to change is the same object again.
    """
    if isinstance(schema, list):
        items = [directed(item, absent, resolve) for item in schema]
        same = all(new is old for new, old in zip(items, schema, strict=True))
        return schema if same else items
    if not isinstance(schema, Mapping):
        return schema
    copy = {key: directed(item, absent, resolve) for key, item in schema.items()}
    required = schema.get("required")
    if isinstance(required, list):
        hidden = set(_marked(schema, absent, resolve, set()))
        kept = [one for one in required if not (isinstance(one, str) and one in hidden)]
        if len(kept) < len(required):
            copy["required"] = kept
    same = all(copy[key] is schema[key] for key in schema)
    return schema if same else copy


def _marked(
    schema: Any, absent: str, resolve: Resolve, passed: set[int]
) -> Iterator[str]:
    """The names of properties that are marked, here or in a branch."""
    schema = resolve(schema)
    if not isinstance(schema, Mapping) or id(schema) in passed:
        return
    passed.add(id(schema))
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        for name, described in properties.items():
            if _is_marked(described, absent, resolve):
                yield name
    for branches in _BRANCHES:
        for branch in schema.get(branches, ()):
            yield from _marked(branch, absent, resolve, passed)


def _is_marked(schema: Any, absent: str, resolve: Resolve) -> bool:
    schema = resolve(schema)
    if not isinstance(schema, Mapping):
        return False
    if schema.get(absent) is True:
        return True
    branches = schema.get("allOf", ())
    return any(
        isinstance(found := resolve(branch), Mapping) and found.get(absent) is True
        for branch in branches
    )
