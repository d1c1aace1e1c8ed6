"""Values made from schemas that lead back to themselves, or ask for the impossible."""

from typing import Any

import pytest

from comparison.cases.telling import edits, telling
from comparison.cases.tricky import LONGEST, allowed, merged, places, properties

TEXT = {"type": "string"}
SCHEMAS: dict[str, Any] = {
    "Pet": {
        "oneOf": [{"$ref": "Cat"}, {"$ref": "Dog"}],
        "properties": {"kind": TEXT},
    },
    "Cat": {"allOf": [{"$ref": "Pet"}, {"properties": {"lives": TEXT}}]},
    "Dog": {"allOf": [{"$ref": "Pet"}]},
    "Tree": {"type": "array", "items": {"$ref": "Tree"}},
    "Itself": {"anyOf": [{"$ref": "Itself"}]},
}


def resolve(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        node = SCHEMAS[node["$ref"]]
    return node


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_that_lead_back_come_to_an_end(name: str) -> None:
    schema = {"$ref": name}
    assert isinstance(merged(schema, resolve), dict)
    assert isinstance(allowed(schema, resolve), list)
    assert isinstance(telling(schema, resolve), list)
    assert isinstance(edits(schema, resolve), list)


def test_a_choice_that_is_part_of_it_adds_what_is_its_own() -> None:
    for name in ("Pet", "Cat"):
        assert set(properties({"$ref": name}, resolve)) == {"kind", "lives"}
    found = [where for where, _ in places({"$ref": "Cat"}, {"lives": "x"}, resolve)]
    assert sorted(found) == [("kind",), ("lives",)]


def test_a_list_of_lists_is_not_made_without_end() -> None:
    assert allowed({"$ref": "Tree"}, resolve)[:2] == [[], [[]]]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": TEXT, "maxItems": 2**31 - 1},
        {"type": "array", "items": TEXT, "maxItems": 5.0},
        {"type": "string", "maxLength": 2**31 - 1},
        {"type": "string", "maxLength": 5.0},
    ],
)
def test_a_bound_beyond_memory_is_no_order(schema: dict[str, Any]) -> None:
    sizes = [len(value) for value in allowed(schema, resolve)]
    assert 5 <= max(sizes) <= LONGEST
    assert telling(schema, resolve)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": TEXT, "minItems": 2**31 - 1},
        {"type": "string", "minLength": 2**31 - 1},
    ],
)
def test_what_nobody_can_make_is_not_made(schema: dict[str, Any]) -> None:
    assert allowed(schema, resolve) == []
    assert telling(schema, resolve) == []
