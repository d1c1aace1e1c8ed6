"""Every change is looked at from all sides, twice, and followed by every other one."""

from comparison.contracts.contract import Operation, load_contract
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool, Recipe
from comparison.plans.transitions import transitions
from tests.comparison.wrong.checks import CONTRACT

SHOP = load_contract(CONTRACT)
MADE = Step("POST /items", "ann", text='{"title": "x"}', save={"made.id": "/id"})
RICH = Step("POST /items", "ann", text='{"title": "x", "tags": ["a"]}')
OWN = "/items/${made.id}"
# The item itself, the lists, and what the world has beside it.
SEEN = [
    f"anonymous GET {OWN}",
    "anonymous GET /items?limit=2",
    "anonymous GET /users/bob",
]


def operation(name: str) -> Operation:
    found = SHOP.operation(name)
    assert found is not None
    return found


def recipe(name: str, *steps: Step) -> Recipe:
    return Recipe(operation(name), steps)


POOL = Pool(
    {
        "createItem": [recipe("createItem", MADE), recipe("createItem", RICH)],
        "updateItem": [
            recipe("updateItem", MADE, Step(f"PATCH {OWN}", "ann", text="{}"))
        ],
        "deleteItem": [recipe("deleteItem", MADE, Step(f"DELETE {OWN}", "ann"))],
        "getItem": [recipe("getItem", MADE, Step(f"GET {OWN}"))],
        "listItems": [recipe("listItems", Step("GET /items?limit=2"))],
        "getUser": [recipe("getUser", Step("GET /users/bob"))],
        "followUser": [recipe("followUser", Step("PUT /users/ann/follow", "ann"))],
    }
)
PLANS = {plan.id: plan for plan in transitions(SHOP, POOL, ("ann", "bob"))}


def asked(plan: Plan) -> list[str]:
    return [f"{step.identity} {step.request}" for step in plan.steps]


def test_a_change_is_made_again_and_by_somebody_else() -> None:
    change = f"ann PATCH {OWN}"
    by_bob = [f"bob PATCH {OWN}", *SEEN, f"bob GET {OWN}", "bob GET /items?limit=2"]
    assert asked(PLANS["updateItem/simple-again"]) == [
        "ann POST /items",
        *[*SEEN, change] * 3,
        *SEEN,
        *by_bob,
    ]


def test_what_is_changed_may_be_of_somebody_else() -> None:
    assert asked(PLANS["deleteItem/simple-theirs-0"])[:2] == [
        "bob POST /items",
        f"ann DELETE {OWN}",
    ]


def test_a_change_is_made_with_other_bodies_too() -> None:
    plan = PLANS["createItem/simple-again"]
    bodies = [step.text for step in plan.steps if step.method == "POST"]
    assert bodies == [MADE.text] * 3 + [RICH.text, MADE.text]


def test_a_change_is_followed_by_every_other_change_of_the_same() -> None:
    assert asked(PLANS["updateItem/simple-deleteItem"]) == [
        "ann POST /items",
        f"ann PATCH {OWN}",
        f"ann DELETE {OWN}",
        *SEEN,
    ]
    assert "updateItem/simple-followUser" not in PLANS


def test_what_the_world_has_is_changed_where_nothing_is_made() -> None:
    assert asked(PLANS["followUser/simple-again"])[:4] == [
        "anonymous GET /users/ann",
        "anonymous GET /items?limit=2",
        "ann PUT /users/ann/follow",
        "anonymous GET /users/ann",
    ]


def test_what_is_changed_was_made_with_all_that_it_can_have() -> None:
    first = PLANS["updateItem/rich-again"].steps[0]
    assert (first.text, first.save) == (RICH.text, MADE.save)


def test_such_plans_need_not_come_to_their_end() -> None:
    assert all(plan.drawn for plan in PLANS.values())


def test_there_are_none_where_nothing_has_worked() -> None:
    assert list(transitions(SHOP, Pool(), ("ann",))) == []


def test_each_property_is_edited_on_a_thing_of_its_own() -> None:
    plan = PLANS["updateItem/simple-edits-tags"]
    sent = [step.text for step in plan.steps if step.method == "PATCH"]
    assert plan.steps[0] == MADE
    assert sent[-2:] == ['{"tags": ["${unique}"]}', '{"tags": []}']
    # All of it is seen before and after, the thing itself after every edit.
    assert asked(plan)[1:4] == asked(plan)[-3:] == SEEN
    assert "updateItem/simple-edits-title" in PLANS
