"""Secrets stand in no report and no file, and plans without them are not asked."""

import itertools
from collections.abc import Callable

import pytest

from tests.comparison.conftest import Program
from tests.comparison.served import BEARER, REPLIES, Answer, Asked, Serve, flags

OPAQUE = """
[credentials]
header = "X-Auth"
format = "{token}"
[users.alice]
login = { request = "POST /login", json = { name = "alice", pin = "x" } }
token = "/key"
"""
WORD = """
[users.alice]
login = { request = "POST /login", json = { name = "alice", password = "password" } }
token = "/token"
"""
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["password"],
                "properties": {"password": {"type": "string"}},
            }
        }
    },
}
RESETS = {
    "/password-resets": {
        "post": {"operationId": "forgotten", "requestBody": BODY, "responses": REPLIES}
    },
    "/login": {"post": {"operationId": "login", "responses": REPLIES}},
}


def keyed(name: str) -> Callable[[Asked], Answer]:
    """Gives opaque keys, says them again, and what it says differs by its name."""
    numbers = itertools.count(1)
    keys: list[str] = []

    def answer(asked: Asked) -> Answer:
        if (asked.method, asked.path) == ("POST", "/login"):
            keys.append(f"OPAQUE-{name}-{next(numbers)}9f8e7d")
            return 200, {"key": keys[-1]}
        if (asked.method, asked.path) != ("GET", "/x"):
            return 404, {}
        if asked.headers.get("X-Auth") not in keys:
            return 401, {}
        return 200, {"v": name, "said": f"your key is {keys[-1]}"}

    return answer


def test_a_token_that_a_login_gave_is_shown_nowhere(
    program: Program, serve: Serve
) -> None:
    servers = serve(keyed("a"), keyed("b"))
    arguments = flags(program, servers, OPAQUE, **BEARER)
    assert program(*arguments, "-v") == 1
    assert {"/v", "/said"} <= {finding.where for finding in program.run.open}
    assert servers[0].sent("OPAQUE") > 0
    assert "X-Auth: ***" in program.out
    shown = program.out + program.err
    run = program.folder / "results" / "run.jsonl"
    shown += run.read_text(encoding="utf-8")
    for more in (["--format", "json", "--from", str(run)], ["--export", "pytest"]):
        program(*arguments[:4], *more)
        shown += program.out + program.err
    for case in (program.run.open[0].id, "world"):
        program(*arguments, "--case", case)
        assert "step 1" in program.out
        shown += program.out + program.err
    assert "OPAQUE" not in shown


def test_cookies_of_a_reply_are_shown_nowhere(program: Program, serve: Serve) -> None:
    def cookies(name: str) -> Callable[[Asked], Answer]:
        sent = {"Set-Cookie": f"JSESSIONID=TOP-{name}; HttpOnly, b=TOP-{name}; Path=/"}
        return lambda _: (200, {}, sent)

    servers = serve(cookies("one"), cookies("two"))
    arguments = flags(program, servers, **BEARER)
    assert program(*arguments, "-v") == 1
    found = next(one for one in program.run.open if one.where == "set-cookie")
    assert found.values == ["JSESSIONID=***; HttpOnly, b=***; Path=/"] * 2
    text = program.out + (program.folder / "results/run.jsonl").read_text()
    program(*arguments, "--case", found.id)
    assert "set-cookie: JSESSIONID=***" in program.out.lower().replace(
        "jsess", "JSESS"
    )[:0] + program.out.replace("Set-Cookie", "set-cookie")
    assert "TOP-" not in text + program.out


def echoing(value: int) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/login":
            return 200, {"token": "tok"}
        return 200, {"v": value}

    return answer


def test_a_password_that_is_a_word_damages_no_path(
    program: Program, serve: Serve
) -> None:
    servers = serve(echoing(1), echoing(2))
    arguments = flags(program, servers, WORD, paths=RESETS)
    assert program(*arguments) == 1
    paths = {
        step.request for plan in program.plans for step in plan.steps if plan.operation
    }
    assert not any("***" in path for path in paths)
    assert any(path.startswith("POST /password-resets") for path in paths)
    found = next(one for one in program.run.open if one.operation == "forgotten")
    assert found.request.startswith("POST /password-resets")
    assert program(*arguments, "--case", found.id) == 1


HIDDEN = """
[[generated]]
operations = ["x"]
before = [{ request = "POST /login", json = { password = "hunter22-secret" } }]
path = { id = "1" }
"""
ITEMS = {
    "/x/{id}": {
        "get": {
            "operationId": "x",
            "responses": REPLIES,
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string"},
                }
            ],
        }
    },
    "/login": {"post": {"operationId": "login", "responses": REPLIES}},
}


def once_open(value: int) -> Callable[[Asked], Answer]:
    """Differs for the one request that follows a login with the right password."""
    is_open: list[bool] = []

    def answer(asked: Asked) -> Answer:
        if asked.path == "/login":
            is_open[:] = [b"hunter22-secret" in asked.body]
            return 200, {}
        return 200, {"v": value if is_open and is_open.pop() else 0}

    return answer


@pytest.fixture
def damaged(program: Program, serve: Serve) -> list[str]:
    """The options of a run whose plans hold the mask, and of which some is not sent."""
    arguments = flags(program, serve(once_open(1), once_open(2)), HIDDEN, paths=ITEMS)
    assert program(*arguments, "--select", "x/*-bound") == 1
    assert "***" in (program.folder / "results/run.jsonl").read_text()
    return arguments


def test_a_plan_that_lacks_its_secrets_is_not_replayed(
    program: Program, damaged: list[str]
) -> None:
    run = program.folder / "results" / "run.jsonl"
    saved = run.rename(program.folder / "saved.jsonl")
    assert program(*damaged, "--replay", str(saved)) == 2
    assert "holds secrets that the mask has hidden (***)" in program.err
    assert "run the same with --show-secrets first" in program.err


def test_a_difference_whose_plan_lacks_its_secrets_is_told(
    program: Program, damaged: list[str]
) -> None:
    found = next(f for f in program.run.open if "***" in str(f.plan["steps"]))
    assert program(*damaged, "--case", found.id) == 2
    assert f"the plan of {found.id} holds secrets" in program.err
    assert program(*damaged[:2], "--export", "pytest", "--case", found.id) == 2
    assert "each of 1 differences holds secrets" in program.err
    program(*damaged)
    assert "differences of the last run holds secrets" in program.err


def test_a_world_that_lacks_its_secrets_is_not_exported(
    program: Program, serve: Serve
) -> None:
    config = WORD.replace('"password" }', '"hunter22-secret" }')
    arguments = flags(program, serve(echoing(1), echoing(2)), config, paths=RESETS)
    assert program(*arguments) == 1
    assert program(*arguments[:2], "--export", "pytest") == 2
    assert "the world of the run holds secrets" in program.err
    assert program(*arguments, "--show-secrets") == 1
    assert program(*arguments[:2], "--export", "pytest") == 0
    assert "hunter22-secret" in program.out
