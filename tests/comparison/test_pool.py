"""Recipes: what stands in their paths, and how they are aimed at another thing."""

import random

import pytest

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.links import Link
from comparison.plans.plan import Step
from comparison.plans.pool import Pool, Recipe, aimed
from comparison.plans.sequences import bind, sequences


def recipe(template: str, *requests: str) -> Recipe:
    operation = Operation("one", requests[-1].split(" ")[0], template, {})
    return Recipe(operation, tuple(map(Step, requests)))


@pytest.mark.parametrize(
    ("template", "request_line", "aim"),
    [
        ("/items/{id}.json", "GET /items/a.json?q=1", "GET /items/z.json?q=1"),
        ("/a/{x}-{id}", "GET /a/1-2", "GET /a/1-z"),
        ("/items/{id}", "GET /items/a", "GET /items/z"),
        # A path of another shape is what the case was about.
        ("/items/{id}.json", "GET /items/a.xml", "GET /items/a.xml"),
    ],
)
def test_a_recipe_is_aimed_at_another_thing(
    template: str, request_line: str, aim: str
) -> None:
    assert aimed(recipe(template, request_line), {"id": "z"}).request == aim


def test_sequences_go_through_paths_with_text_beside_a_parameter() -> None:
    make = Operation("make", "POST", "/items", {})
    show = Operation("show", "GET", "/items/{id}.json", {})
    pool = Pool(
        {
            "make": [Recipe(make, (Step("POST /items"),))],
            "show": [Recipe(show, (Step("GET /items/a.json"),))],
        }
    )
    links = [Link("make", "201", "show", {"id": "/id"})]
    binding = bind(show, pool, links, "anonymous")
    assert binding is not None
    assert binding.path == {"id": "${make.id}"}
    contract = Contract("c.yaml", {}, "", (make, show))
    drawn = sequences(contract, pool, links, random.Random(1), "s")
    asked = {step.request for _ in range(20) for step in next(drawn).steps}
    assert "GET /items/${s0.id}.json" in asked
