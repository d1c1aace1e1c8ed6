"""Users of the configuration: who is asked as whom, and what if they cannot log in."""

from collections.abc import Callable

import pytest

from comparison.contracts.contract import load_contract
from comparison.findings.results import Checked
from comparison.plans.rounds import cast_of
from comparison.plans.scenarios import Scenarios, load_scenarios
from tests.comparison import sample
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


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        ((401, {"error": "no"}), "401 by old and new"),
        ((200, {"token": None}), "200 by old and new"),
    ],
)
def test_a_login_that_fails_everywhere_concludes_nothing(
    program: Program, serve: Serve, reply: Answer, answered: str
) -> None:
    servers = serve(guarded(1, reply), guarded(2, reply))
    assert program(*flags(program, servers, LOGIN, **BEARER)) == 2
    assert (
        "alice has no token on old and new: POST /login (step 1 of the world) was"
        f" answered {answered}, without a token."
    ) in program.err
    assert "--case world shows every exchange" in program.err
    assert program(*flags(program, servers, LOGIN, **BEARER), "--case", "world") == 0
    assert "step 1 · login · as anonymous" in program.out


def test_a_login_that_fails_on_one_stack_is_a_difference(
    program: Program, serve: Serve
) -> None:
    servers = serve(guarded(1), guarded(1, (401, {})))
    arguments = flags(program, servers, LOGIN, **BEARER)
    assert program(*arguments) == 1
    assert ("login", "status") in {(f.operation, f.kind) for f in program.run.open}
    # What waits for the token was not asked: the difference forgiven, nothing is left.
    assert program(*arguments, "--fail-on", "never") == 2
    assert "the world of every plan came to no end: the stacks" in program.err


def test_who_is_named_and_has_no_token_is_told(program: Program, serve: Serve) -> None:
    servers = serve(guarded(1), guarded(1))
    config = '[[generated]]\noperations = ["x"]\nas = "carol"\n'
    config += TOKENS.replace("alice", "carol").replace("[stacks.new]\ntokens", "#")
    assert program(*flags(program, servers, config, **BEARER)) == 2
    assert "carol has no token on new" in program.err
    assert "[users.carol]" in program.err


def test_a_world_that_comes_to_no_end_is_told(program: Program, serve: Serve) -> None:
    servers = serve(guarded(1), guarded(1))
    config = '[[seed]]\nrequest = "POST /things"\nsave = { thing = "/id" }\n'
    config += '[[seed]]\nrequest = "GET /things/${thing}"\n'
    assert program(*flags(program, servers, config, **BEARER)) == 2
    assert "GET /things/${thing} (step 2 of the world) was not asked" in program.err
    assert "gave a value for thing" in program.err


def test_where_most_plans_come_to_no_end_nothing_is_concluded() -> None:
    found = sample.run(fail_on="cosmetic")
    for number in range(5):
        found.count(Checked(f"x/{number}", "same", {}, "why" if number > 2 else ""))
    assert found.concluded
    found.count(Checked("x/5", "same", {}, "why"))
    assert found.concluded
    found.count(Checked("x/6", "not-checked", {}, "why"))
    assert not found.concluded
    found.findings.append(sample.finding())
    assert found.concluded, "something is to be mended"
