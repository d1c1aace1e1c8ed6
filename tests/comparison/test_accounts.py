"""A newcomer takes another name, and everybody is asked what has become of it."""

import json
from typing import Any

from comparison.contracts.links import links
from comparison.findings.parts import body
from comparison.plans.accounts import NEWCOMER, SECOND, accounts
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool, Recipe
from comparison.plans.rounds import Cast
from tests.comparison.test_transitions import SHOP, operation

SAID = {"name": "alice", "email": "alice@example.org", "password": "password"}
WORLD = (
    Step("POST /items", "alice", json=({"title": "x", "price": 1},)),
    Step("POST /users", json=(SAID,), save={"alice.token": "/token"}),
)
MADE = Step("POST /items", "alice", text='{"title": "x", "price": 1}')
POOL = Pool(
    {
        "createItem": [Recipe(operation("createItem"), (MADE,))],
        "getMe": [Recipe(operation("getMe"), (Step("GET /me", "alice"),))],
        "listItems": [Recipe(operation("listItems"), (Step("GET /items"),))],
    }
)
CAST = Cast(SHOP, {}, ("alice",))
[PLAN] = accounts(CAST, POOL, links(SHOP), WORLD)
OLD, NEW = "alice${unique}", "alice${unique}2"


def sent(plan: Plan, request: str) -> list[Any]:
    return [body(step) for step in plan.steps if step.request == request]


def test_a_newcomer_registers_with_texts_of_its_own() -> None:
    first, *again = sent(PLAN, "POST /users")
    assert first == {
        "name": OLD,
        "email": "alice${unique}@example.org",
        "password": "password",
    }
    assert PLAN.steps[0].save == {f"{NEWCOMER}.token": "/token"}
    # Is the new name taken, and the old one free?
    assert [one["name"] for one in again] == [NEW, OLD]
    assert PLAN.steps[-1].save == {f"{SECOND}.token": "/token"}


def test_the_name_is_changed_by_whose_it_is() -> None:
    changes = [step for step in PLAN.steps if step.request == "PATCH /me"]
    assert {step.identity for step in changes} == {NEWCOMER}
    said = [json.loads(step.text or "") for step in changes]
    assert {"name": "alice"} in said
    assert said[-1] == {"name": NEW}


def test_old_and_new_are_looked_for() -> None:
    asked = [step.request for step in PLAN.steps]
    change = len(asked) - 1 - asked[::-1].index("PATCH /me")
    assert {f"GET /users/{OLD}", f"GET /users/{NEW}", "GET /me"} <= set(asked[change:])
    assert asked[change:].count("POST /login") == asked[:change].count("POST /login")
    assert "POST /login" in asked[:change]
    assert "POST /items" in asked[:change]


def test_without_a_registration_nobody_is_new() -> None:
    seed = Step("POST /items", "alice", json=({"title": "x"},), save={"toy": ""})
    assert list(accounts(CAST, POOL, links(SHOP), (seed,))) == []
    form = Step("POST /users", text="name=alice", save={"alice.token": "/token"})
    assert list(accounts(CAST, POOL, links(SHOP), (form,))) == []
