"""Contract drift: what says little or is written so that it would become huge."""

from typing import Any

import pytest

from tests.comparison.test_drift import compared, document, taking, told
from tests.comparison.work import little_work

LEVELS = 22
BASES: dict[str, dict[str, Any]] = {
    "alternatives": {
        "anyOf": [{"type": "string", "pattern": "a"}, {"type": "integer", "minimum": 1}]
    },
    "types": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    "nulls": {"anyOf": [{"type": "null"}, {"pattern": "a"}, {"pattern": "b"}]},
    "values": {"enum": [1, 2, {"a": [3]}]},
    "required": {"required": ["a", "b"]},
    "properties": {"properties": {"a": {"type": "string"}}},
}


def twice(base: dict[str, Any], how: str, *, wrapped: bool = False) -> dict[str, Any]:
    """A schema that names another one twice, which does so too, and so on."""
    schemas = {"A0": base}
    for level in range(1, LEVELS + 1):
        reference = {"$ref": f"#/components/schemas/A{level - 1}"}
        again = {how: [dict(reference)]} if wrapped else dict(reference)
        schemas[f"A{level}"] = {how: [reference, again]}
    last = {"$ref": f"#/components/schemas/A{LEVELS}"}
    return taking(last, components={"schemas": schemas})


@pytest.mark.parametrize("how", ["anyOf", "oneOf", "allOf"])
@pytest.mark.parametrize("name", BASES)
def test_what_is_named_twice_at_each_level_is_read_once(name: str, how: str) -> None:
    large = twice(BASES[name], how)
    with little_work():
        # However often it is named, it says what it says.
        assert told(taking(BASES[name]), large) == []
        assert compared(large, taking({"type": "boolean"}))["groups"]


@pytest.mark.parametrize("how", ["anyOf", "oneOf", "allOf"])
@pytest.mark.parametrize("name", BASES)
def test_what_is_named_in_two_ways_is_read_in_time(name: str, how: str) -> None:
    large = twice(BASES[name], how, wrapped=True)
    with little_work():
        assert compared(taking({"type": "boolean"}), large)["groups"]
        assert compared(large, taking(BASES[name]))["whole"]


def test_heads_are_told_in_the_order_of_the_document() -> None:
    # Of a set the order would be another one in each process.
    one = {"responses": {"204": {"description": ""}}}
    paths = [f"/items{number}" for number in range(20)]
    ours = {**document({}), "paths": {path: {"get": one} for path in paths}}
    theirs = {**ours, "paths": {path: {"get": one, "head": one} for path in paths}}
    [group] = compared(ours, theirs)["groups"]
    assert group["operations"] == [f"GET {path}" for path in paths]


def test_a_path_with_empty_braces_is_another_one() -> None:
    with_name, without = document({}), document({}, "/items/{}")
    kinds = [kind for kind, *_ in told(with_name, without)]
    assert kinds == ["missing", "beyond"]
    assert [kind for kind, *_ in told(without, with_name)] == kinds
    assert told(without, without) == []
