"""Probes: what is tried on every API, beside what is generated."""

import json
from typing import Any

import jsonschema_rs
import pytest

from comparison.cases import tricky
from comparison.cases.bodies import renamed
from comparison.cases.corpus import Case
from comparison.cases.probes import probes
from comparison.cases.seen import quoted, values_of, varied
from comparison.contracts.contract import load_contract
from comparison.plans.plan import Step
from tests.comparison.wrong.checks import CONTRACT

SHOP = load_contract(CONTRACT)
WORLD = (
    Step("POST /users", json=({"name": "ann-${run}", "email": "a@b.c"},)),
    Step("POST /items", text='{"title": "A Book", "price": 5, "tags": ["red"]}'),
)


def right(operation: str, **new: Any) -> Case:
    """The simplest request of an operation."""
    found = SHOP.operation(operation)
    assert found is not None
    values = {"path": found.path, "query": "", "headers": {}, **new}
    return Case(operation, "case", found.method, **values)


CASES = [
    right("listItems", query="tag="),
    right("getUser", path="/users/x"),
    right("getItem", path="/items/1"),
    right("createItem", text='{"title": "x", "price": 1}'),
    right("createUser", text='{"name": "x", "email": "y", "password": "zzzz"}'),
]
FOUND = probes(SHOP, CASES, WORLD)


def bodies(operation: str) -> list[Any]:
    texts = [one.text for one in FOUND if one.operation == operation and one.text]
    return [json.loads(text) for text in texts if _is_json(text)]


def queries(operation: str) -> list[str]:
    return [one.query for one in FOUND if one.operation == operation]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def test_a_property_under_the_name_that_it_has_elsewhere() -> None:
    assert renamed({"a": {"tagList": 1}}, ("a", "tagList"), 2) == {"a": {"tag_list": 2}}
    assert renamed({"a_b": 1}, ("a_b",), 2) == {"aB": 2}
    assert renamed({"c": 1}, ("title",), 2) == {"c": 1, "Title": 2}
    assert {"Title": "\u00e9 e\u0301 \u212b \ufb01", "price": 1} in bodies("createItem")


@pytest.mark.parametrize(
    "body",
    [
        {"title": "a%b_c", "price": 1},
        {"title": "\U0001f4a5" * 40, "price": 1},
        {"title": "x", "price": 1, "serial": 2**53 + 1},
        {"title": "x", "price": 1, "tags": ["b", "A", "b"]},
        {"title": "x", "price": 1, "description": None},
        {"title": "x", "price": "1"},
    ],
)
def test_one_place_of_a_right_body_is_tricky(body: dict[str, Any]) -> None:
    assert json.dumps(body) in {json.dumps(one) for one in bodies("createItem")}


def test_one_body_has_all_that_it_may_have() -> None:
    [full] = [one for one in bodies("createItem") if len(one) == 8]
    assert full["tags"]
    assert full["description"]


def test_one_body_is_wrong_everywhere() -> None:
    worst = bodies("createUser")
    assert {"name": 1, "email": 1, "password": 1} in worst


@pytest.mark.parametrize(
    "query",
    [
        "limit=01",
        "limit=",
        "limit=2&offset=1",
        "LIMIT=1",
        "tag=red",
        "q=a%20bOOK",
        "owner=ann-${run}",
        "q=a%2Bb",
        "q=A+Book",
        "available=1",
        "sort=NEWEST",
        "unknown=1",
    ],
)
def test_parameters_are_nearly_right_or_of_the_world(query: str) -> None:
    assert query in queries("listItems")


def test_what_is_there_is_asked_for_by_its_name() -> None:
    paths = [one.path for one in FOUND if one.operation == "getUser"]
    assert "/users/ann-${run}" in paths
    assert "/users/ANN-${run}" in paths
    assert "/items/01" in [one.path for one in FOUND if one.operation == "getItem"]


def test_bodies_that_are_no_json_and_other_media_types_are_sent() -> None:
    sent = {(one.text, one.headers.get("Content-Type")) for one in FOUND}
    assert {("{", None), ("", None)} <= sent
    assert ('{"title": "x", "price": 1}', "text/plain") in sent


def test_methods_that_no_generator_sends_are_sent() -> None:
    methods = {(one.operation, one.method) for one in FOUND}
    assert {("listItems", "HEAD"), ("listItems", "OPTIONS")} <= methods
    assert ("createItem", "HEAD") not in methods


def test_no_probe_is_sent_twice_and_none_without_a_right_request() -> None:
    keys = [repr((p.method, p.path, p.query, p.text, p.headers)) for p in FOUND]
    assert len(set(keys)) == len(keys)
    assert {one.operation for one in FOUND} == {one.operation for one in CASES}
    assert probes(SHOP, []) == []


def test_probes_are_the_same_every_time() -> None:
    assert probes(SHOP, CASES, WORLD) == FOUND


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 3, "maxLength": 5},
        {"type": "string", "pattern": "^[a-z%_]+$"},
        {"type": "integer", "minimum": 2, "maximum": 10},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 3},
        {"enum": ["a", None]},
        {"allOf": [{"type": "integer"}, {"minimum": 9}]},
        {"type": "string", "format": "date-time"},
    ],
)
def test_tricky_values_are_allowed(schema: dict[str, Any]) -> None:
    found = tricky.allowed(schema, lambda node: node)
    check = jsonschema_rs.Draft202012Validator(schema)
    assert found
    assert [value for value in found if not check.is_valid(value)] == []
    wrong = tricky.refused(schema, lambda node: node)
    assert [value for value in wrong if check.is_valid(value)] == []


def test_values_of_the_world_are_known_by_name() -> None:
    seen = values_of(WORLD)
    assert seen["tags"] == ["red"]
    assert seen["name"] == ["ann-${run}"]
    assert seen[""] == ["ann-${run}", "a@b.c", "A Book", 5, "red"]
    assert varied("ann-${run}") == ["ANN-${run}", "ann-${run} ", "nn-${run}"]
    assert quoted("a b/${run}ü${x.y}") == "a%20b%2F${run}%C3%BC${x.y}"
