"""Names instead of placeholders, in plans that are to be made small."""

from typing import Any

import pytest

from comparison.exchanges.trace import Trace
from comparison.findings.inline import inlined
from comparison.plans.plan import Plan, Step

GIVES = Step("POST /login", save={"s0.name": "/name"})
ASKS = Step("GET /users/${s0.name}/x?q=${s0.name}", text='"${s0.name}"')


def written(*values: Any, steps: tuple[Step, ...] = (GIVES, ASKS)) -> str:
    known = [{"s0": {"name": value}, "unique": "u01"} for value in values]
    trace = Trace(Plan("p", steps), values=known, unique="u01")
    return inlined(trace).steps[-1].request


def test_a_name_that_all_stacks_give_stands_for_itself() -> None:
    assert written("bob", "bob") == "GET /users/bob/x?q=bob"
    assert written("a b/c", "a b/c") == "GET /users/a%20b%2Fc/x?q=a%20b%2Fc"
    assert written("own-u01", "own-u01") == "GET /users/own-${unique}/x?q=own-${unique}"


@pytest.mark.parametrize(
    "values",
    [("bob", "eve"), (5, 5), ("5", "5"), ("", ""), ("x" * 99,) * 2, (None, None)],
)
def test_what_is_minted_stays_a_placeholder(values: tuple[Any, Any]) -> None:
    assert written(*values) == ASKS.request


def test_what_is_given_twice_or_by_the_world_stays_a_placeholder() -> None:
    assert written("bob", "bob", steps=(GIVES, GIVES, ASKS)) == ASKS.request
    assert written("bob", "bob", steps=(ASKS,)) == ASKS.request
