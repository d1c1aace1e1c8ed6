"""A schema as what it allows, however it is written.

`anyOf` of T and null is type T or null, `allOf` of one is that one, `const` an enum of
one value, an exclusive bound of integers the next number, a default is nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.drift.joined import Keywords, joined, simple_union

Resolve = Callable[[Any], Any]
PREFIX = "#/components/schemas/"
MOST_BRANCHES = 50
MOST_LEVELS = 40
_SCHEMAS = {
    "items": "*",
    "additionalProperties": "other properties",
    "not": "not",
    "contains": "contains",
    "propertyNames": "names of properties",
    "unevaluatedProperties": "unevaluated properties",
    "unevaluatedItems": "unevaluated items",
    "if": "if",
    "then": "then",
    "else": "else",
}
_LISTED = {"patternProperties": "properties like ", "dependentSchemas": "if there is "}
# What limits values, with what is no limit at all.
LIMITS: Mapping[str, Any] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties"), 0),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties")),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")),
    **dict.fromkeys(("multipleOf", "pattern", "format", "maxContains")),
    **dict.fromkeys(("contentEncoding", "contentMediaType")),
    "uniqueItems": False,
    "minContains": 1,
}
KEYWORDS = frozenset(
    {"type", "enum", "const", "properties", "required", "prefixItems", "anyOf", "oneOf"}
    | {*_SCHEMAS, *_LISTED, *LIMITS}
)
# A regular expression may write one character in several ways.
_ESCAPE = re.compile(r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|.)", re.S)


@dataclass(frozen=True)
class Plain:
    """What a schema allows; no `types` and no `values` (as JSON): any.

    `inner` are its other schemas by what they are called in a place, `limits` are
    JSON by keyword.
    """

    types: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    branches: tuple[Any, ...] = ()
    inner: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether it allows everything."""
        return self == _ANY


_ANY = Plain()


class Reader:
    """Reads the schemas of one document, each once.

    `absent` (`readOnly`, `writeOnly`) marks the properties that are not sent there.
    """

    def __init__(self, resolve: Resolve, absent: str) -> None:
        self._resolve, self._absent = resolve, absent
        # By the id of a node, which is kept so that no other gets its id.
        self._read: dict[int, tuple[Any, Plain]] = {}
        self._flats: dict[int, tuple[Any, Keywords]] = {}

    def plain(self, node: Any) -> Plain:
        """What `node` allows."""
        if is_reference(node):
            node = self._resolve(node)
        if id(node) not in self._read:
            self._read[id(node)] = (node, self._plain(self._flat(node, 0)))
        return self._read[id(node)][1]

    def _flat(self, node: Any, level: int) -> Keywords:
        """The keywords of a schema and of all that hold together with it."""
        if is_reference(node):
            node = self._resolve(node)
        if isinstance(node, bool):
            return {} if node else {"not": {}}
        if not isinstance(node, Mapping) or level > MOST_LEVELS:
            return {}
        if id(node) not in self._flats:
            # What is within itself says nothing more there.
            self._flats[id(node)] = (node, {})
            self._flats[id(node)] = (node, self._whole(node, level + 1))
        return self._flats[id(node)][1]

    def _whole(self, node: Mapping[str, Any], level: int) -> Keywords:
        flat = {name: node[name] for name in node if name in KEYWORDS}
        parts = _list(node.get("allOf"))[:MOST_BRANCHES]
        if "$ref" in node:
            parts.insert(0, {"$ref": node["$ref"]})
        for part in parts:
            flat = joined(flat, self._flat(part, level))
        union = [*_list(flat.pop("anyOf", None)), *_list(flat.pop("oneOf", None))]
        if not union:
            return flat
        read = [(one, self._flat(one, level)) for one in union[:MOST_BRANCHES]]
        # Two references to one schema are one branch.
        branches = {id(said): (one, said) for one, said in read}
        return simple_union(flat, [*branches.values()])

    def _plain(self, flat: Keywords) -> Plain:
        types, values = _types(flat.get("type")), _values(flat)
        if values:
            values = tuple(v for v in values if not types or kind_of(v) & types)
            types = frozenset()
        properties = flat.get("properties")
        shown = properties if isinstance(properties, Mapping) else {}
        named = {n: one for n, one in shown.items() if not self._is_absent(one)}
        needed = {one for one in _list(flat.get("required")) if isinstance(one, str)}
        return Plain(
            types=types,
            values=values,
            properties=named,
            required=frozenset(needed - (shown.keys() - named.keys())),
            branches=tuple(_list(flat.get("anyOf"))),
            inner=dict(_inner(flat)),
            limits=_limits(flat, types),
        )

    def _is_absent(self, node: Any) -> bool:
        parts = [node, self._resolve(node)]
        return any(
            isinstance(p, Mapping) and p.get(self._absent) is True for p in parts
        )


def is_reference(node: Any) -> bool:
    """Whether it says nothing but which component is meant."""
    if not isinstance(node, Mapping) or "$ref" not in node:
        return False
    return not node.keys() & (KEYWORDS | {"allOf"})


def component(node: Any) -> str | None:
    """The name of the component that is meant, and nothing else."""
    reference = node["$ref"] if is_reference(node) else None
    if isinstance(reference, str) and reference.startswith(PREFIX):
        return reference.removeprefix(PREFIX)
    return None


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _types(said: Any) -> frozenset[str]:
    found = {said} if isinstance(said, str) else {*map(str, _list(said))}
    return frozenset(found - {"integer"} if "number" in found else found)


def _values(flat: Keywords) -> tuple[str, ...]:
    listed = [flat["const"]] if "const" in flat else _list(flat.get("enum"))
    return tuple(dict.fromkeys(map(as_json, listed)))


def kind_of(value: str) -> set[str]:
    """The types that a value, written as JSON, has."""
    first = value[0]
    words = {'"': "string", "{": "object", "[": "array", "n": "null"}
    if first in "tf":
        return {"boolean"}
    whole = {"integer"} if re.fullmatch(r"-?\d+", value) else set()
    return {words[first]} if first in words else {"number", *whole}


def as_json(value: Any) -> str:
    """A value as JSON, the same for those that mean the same."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _inner(flat: Keywords) -> Iterable[tuple[str, Any]]:
    for name, label in _SCHEMAS.items():
        free = name != "not" and flat.get(name) in (True, {})
        if name in flat and not free:
            yield label, flat[name]
    for number, one in enumerate(_list(flat.get("prefixItems"))):
        yield f"item {number}", one
    for name, label in _LISTED.items():
        if isinstance(flat.get(name), Mapping):
            yield from ((f"{label}{key}", one) for key, one in flat[name].items())


def _limits(flat: Keywords, types: frozenset[str]) -> dict[str, str]:
    found = {n: flat[n] for n, free in LIMITS.items() if flat.get(n, free) != free}
    for name, step in (("Minimum", 1), ("Maximum", -1)):
        bound = found.get(f"exclusive{name}")
        if types == {"integer"} and isinstance(bound, int) and name.lower() not in flat:
            del found[f"exclusive{name}"]
            found[name.lower()] = bound + step
    if isinstance(found.get("pattern"), str):
        found["pattern"] = _ESCAPE.sub(_escape, found["pattern"])
    return {
        name: value if isinstance(value, str) else as_json(value)
        for name, value in found.items()
    }


def _escape(at: re.Match[str]) -> str:
    code = at["x"] or at["u"]
    return f"\\u{int(code, 16):04x}" if code else at[0]
