"""Users of the configuration: who is asked as whom, and what if they cannot log in."""

from collections.abc import Callable

import pytest

from comparison.contracts.contract import load_contract
from comparison.plans.rounds import cast_of
from comparison.plans.scenarios import Scenarios, load_scenarios
from tests.comparison.conftest import TOY, Program
from tests.comparison.served import BEARER, Answer, Asked, Serve, flags

TOKEN = "opaque-alice-1"
LOGIN = """
[users.alice]
login = { request = "POST /login", json = { name = "alice" } }
token = "/token"
"""
TOKENS = """
[stacks.old]
tokens = { alice = "opaque-alice-1" }
[stacks.new]
tokens = { alice = "opaque-alice-1" }
"""


def guarded(
    value: int, login: Answer = (200, {"token": TOKEN})
) -> Callable[..., Answer]:
    """A server that gives a value to whoever has the token, and to nobody else."""

    def answer(asked: Asked) -> Answer:
        if (asked.method, asked.path) == ("POST", "/login"):
            return login
        if (asked.method, asked.path) != ("GET", "/x"):
            return 404, {}
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {}
        return 200, {"v": value}

    return answer


@pytest.mark.parametrize("config", [LOGIN, TOKENS], ids=["login", "tokens"])
def test_requests_are_sent_as_a_user_that_no_step_names(
    program: Program, serve: Serve, config: str
) -> None:
    servers = serve(guarded(1), guarded(2))
    assert program(*flags(program, servers, config, **BEARER)) == 1
    assert [f.where for f in program.run.open] == ["/v"]
    assert servers[0].sent(f"Bearer {TOKEN}") > 0
    # … and as nobody, and with tokens that are none.
    assert servers[0].sent("not.a.token") > 0


def test_who_has_a_token_on_one_stack_alone_asks_nothing(
    program: Program, serve: Serve
) -> None:
    servers = serve(guarded(1), guarded(1))
    config = f"{TOKENS}[stacks.third]\n".replace("[stacks.new]\ntokens", "#")
    assert program(*flags(program, servers, config, **BEARER)) == 0
    assert servers[0].sent(TOKEN) == 0


def test_a_user_who_was_configured_comes_before_those_that_are_named() -> None:
    contract = load_contract(TOY / "openapi.yaml")
    scenarios = load_scenarios(TOY / "scenarios.yaml")
    assert cast_of(contract, Scenarios(), False, ["erin"]).users == ("erin",)
    assert cast_of(contract, scenarios, False, ["erin"]).users == ("erin", "alice")
