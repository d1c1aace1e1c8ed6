"""Several things are made that differ in all, and every list is asked for them."""

import json
from typing import Any

from comparison.cases.telling import edits, telling
from comparison.contracts.contract import load_contract
from comparison.plans.collections import collections
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool, Recipe
from comparison.plans.rounds import Cast
from comparison.plans.searches import searches
from tests.comparison.test_transitions import SHOP, operation
from tests.comparison.wrong.checks import CONTRACT

MADE = Step("POST /items", "ann", text='{"title": "x", "price": 1}')
WORLD = (Step("POST /items", "bob", json=({"title": "toy", "tags": ["red"]},)),)
POOL = Pool(
    {
        "createItem": [Recipe(operation("createItem"), (MADE,))],
        "listItems": [Recipe(operation("listItems"), (Step("GET /items"),))],
        "getUser": [Recipe(operation("getUser"), (Step("GET /users/bob"),))],
        "followUser": [
            Recipe(operation("followUser"), (Step("PUT /users/ann/follow"),))
        ],
    }
)
CAST = Cast(load_contract(CONTRACT), {}, ("ann", "bob", "cleo"))
[PLAN] = collections(CAST, POOL, WORLD)


def bodies(plan: Plan) -> list[Any]:
    return [json.loads(step.text) for step in plan.steps if step.text]


def schema(name: str) -> Any:
    found = SHOP.document["components"]["schemas"]["NewItem"]["properties"][name]
    return SHOP.resolve(found)


def test_things_differ_in_all_that_they_have() -> None:
    made = bodies(PLAN)
    assert len(made) > 4
    for name in ("title", "price", "kind", "tags", "available", "description"):
        assert len({json.dumps(one[name]) for one in made}) > 1, name
    # Every way of sorting gives another order, and some prices are equal.
    titles = [one["title"] for one in made]
    orders = [sorted(titles), sorted(titles, key=str.lower), sorted(titles)[::-1]]
    assert len({tuple(order) for order in orders}) == len(orders)
    prices = [one["price"] for one in made]
    assert len(set(prices)) < len(prices)


def test_users_take_turns() -> None:
    who = [step.identity for step in PLAN.steps if step.method == "POST"]
    assert who[:3] == ["ann", "bob", "ann"]


def test_a_list_is_asked_for_in_every_way() -> None:
    queries = list(searches(SHOP, operation("listItems"), (MADE, *WORLD)))
    assert queries[0] == ""
    assert "tag=red" in queries
    assert "sort=title" in queries
    assert "sort=title&limit=50" in queries
    assert "available=false" in queries
    assert "limit=2&offset=1" in queries
    asked = [step.target for step in PLAN.steps if step.method == "GET"]
    # What was made just now is looked for before what the world has.
    assert asked[:2] == ["/items", "/items?tag=b"]


def test_only_what_a_schema_allows_tells() -> None:
    resolve = SHOP.resolve
    assert telling({"type": "string", "pattern": "^[0-9]+$"}, resolve) == ["10", "9"]
    assert telling({"type": "integer", "maximum": 5}, resolve) == [2, 2, 1]
    assert telling({"enum": ["a", "b"]}, resolve) == ["a", "b"]
    assert telling({"type": ["string", "null"], "maxLength": 1}, resolve)[-1] is None
    assert telling({"type": "object"}, resolve) == []
    shortest = telling({"type": "string", "minLength": 3}, resolve)
    assert min(map(len, shortest)) == 3


def test_an_edit_takes_away_what_may_be_taken_away() -> None:
    assert edits(schema("description"), SHOP.resolve) == ["b", "A", None, ""]
    assert edits(schema("title"), SHOP.resolve) == ["b", "A"]
    tags = edits(schema("tags"), SHOP.resolve)
    assert tags[-2:] == [["${unique}"], []]
    assert edits({"type": "array", "minItems": 1, "items": {}}, SHOP.resolve) == []
