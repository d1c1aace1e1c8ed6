"""Schemas that hold together, and unions that can be written as one schema."""

from collections.abc import Mapping, Sequence
from typing import Any

Keywords = dict[str, Any]
# Of two such bounds the tighter one counts.
_TIGHTER = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "minimum"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maximum"), min),
}
_VALUES = frozenset({"type", "enum", "const"})
_NULL: Keywords = {"type": "null"}
# Of unions within unions; whoever has more has no one reader.
MOST_SPREAD = 500


def joined(one: Keywords, other: Keywords) -> Keywords:
    """What both say. Where they contradict, the first one counts."""
    found = dict(one)
    for name, value in other.items():
        found[name] = _both(name, found[name], value) if name in found else value
    return found


def _both(name: str, one: Any, other: Any) -> Any:
    if name == "properties" and isinstance(one, Mapping) and isinstance(other, Mapping):
        twice = {key: {"allOf": [one[key], other[key]]} for key in one if key in other}
        return {**one, **other, **twice}
    if name == "required" and isinstance(one, list) and isinstance(other, list):
        return [*dict.fromkeys(n for n in (*one, *other) if isinstance(n, str))]
    if name in _TIGHTER and _is_number(one) and _is_number(other):
        return _TIGHTER[name](one, other)
    return one


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def simple_union(flat: Keywords, branches: Sequence[tuple[Any, Keywords]]) -> Keywords:
    """`flat`, and one of `branches`: each as it is written, and its keywords."""
    every = (one for branch in branches for one in _spread(*branch))
    # A branch of two unions is one: told twice at each level they would double.
    spread = [*{id(node): (node, read) for node, read in every}.values()][:MOST_SPREAD]
    reads = [read for _, read in spread]
    if any(not read for read in reads):
        # One of them allows everything.
        return flat
    if all(
        read.keys() <= _VALUES and read.keys() & {"enum", "const"} for read in reads
    ):
        values = {repr(v): v for read in reads for v in _values(read)}
        return joined(flat, {"enum": [*values.values()]})
    if all(read.keys() == {"type"} for read in reads):
        types = dict.fromkeys(one for read in reads for one in _types(read))
        return joined(flat, {"type": [*types]})
    rest = [(node, read) for node, read in spread if _types(read) != ["null"]]
    null = len(rest) < len(spread)
    if len(rest) == 1:
        return joined(flat, _or_null(rest[0][1]) if null else rest[0][1])
    more: Keywords = {"anyOf": [node for node, _ in rest]}
    return joined(flat, more | ({"type": ["null"]} if null else {}))


def _spread(node: Any, read: Keywords) -> list[tuple[Any, Keywords]]:
    """The branches of a union within a union, which are branches of both."""
    inner = read.get("anyOf")
    null = read.get("type") == ["null"]
    if not isinstance(inner, list) or read.keys() - (
        {"anyOf", "type"} if null else {"anyOf"}
    ):
        return [(node, read)]
    if not all(isinstance(one, Mapping) and one for one in inner):
        return [(node, read)]
    nulls = [(_NULL, _NULL)] if null else []
    return [*((one, dict(one)) for one in inner), *nulls]


def _values(read: Keywords) -> list[Any]:
    if "const" in read:
        return [read["const"]]
    return list(read["enum"]) if isinstance(read["enum"], list) else []


def _types(read: Keywords) -> list[str]:
    said = read.get("type")
    return [said] if isinstance(said, str) else [*map(str, said or ())]


def _or_null(read: Keywords) -> Keywords:
    found = dict(read)
    if "type" in found:
        found["type"] = [*_types(read), "null"]
    if "const" in found or isinstance(found.get("enum"), list):
        found["enum"] = [*_values(read), None]
        found.pop("const", None)
    return found
