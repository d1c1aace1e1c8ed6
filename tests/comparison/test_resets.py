"""Resets by request: as whom, of which servers, and what must not be sent."""

import pytest

from tests.comparison.conftest import Program
from tests.comparison.served import BEARER, Answer, Asked, Serve, Server, flags

RESET = 'reset = { request = "POST ~/wipe", as = "admin" }\n'
TOKENS = """
[stacks.old]
tokens = { admin = "opaque-old-1" }
[stacks.new]
tokens = { admin = "opaque-new-1" }
"""
LOGIN = """
[users.admin]
login = { request = "POST /login", json = { name = "admin" } }
token = "/token"
"""


def shop(token: str) -> Server:
    """Wiped by who has the token, which a login gives."""

    def answer(asked: Asked) -> Answer:
        allowed = asked.headers.get("Authorization") == f"Bearer {token}"
        match asked.method, asked.path:
            case "POST", "/login":
                return 200, {"token": token}
            case "POST", "/wipe":
                return (200 if allowed else 401), {}
            case "GET", "/x":
                return (200 if allowed else 401), {}
        return 404, {}

    return Server(answer)


@pytest.fixture
def shops(serve: Serve) -> list[Server]:
    return serve.begun(shop("opaque-old-1"), shop("opaque-new-1"))


def _asked(server: Server, path: str) -> list[str]:
    return [one.method for one in server.asked if one.path == path]


@pytest.mark.parametrize("config", [TOKENS, LOGIN], ids=["tokens", "login"])
def test_a_reset_is_sent_as_a_user(
    program: Program, shops: list[Server], config: str
) -> None:
    assert program(*flags(program, shops, RESET + config, **BEARER)) == 0, program.err
    for one in shops:
        assert "POST" in _asked(one, "/wipe")
        assert one.asked[0].path in {"/wipe", "/login"}


def test_a_user_of_a_reset_who_cannot_be_had_is_told(
    program: Program, shops: list[Server]
) -> None:
    assert program(*flags(program, shops, RESET, **BEARER)) == 2
    assert "old could not be reset by POST ~/wipe" in program.err
    assert "a value for admin before the reset" in program.err
    assert "Mend `reset` in the configuration" in program.err


def test_a_reset_obeys_never(program: Program, shops: list[Server]) -> None:
    config = 'never = ["login"]\n' + RESET.replace("~/wipe", "/login") + TOKENS
    assert program(*flags(program, shops, config, **BEARER)) == 2
    assert "is never to be sent (never = 'login')" in program.err
    assert not _asked(shops[0], "/login")


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing counts as this machine."""
    monkeypatch.setattr("comparison.running.LOOPBACK", frozenset())


@pytest.mark.usefixtures("strangers")
def test_a_stranger_is_not_reset_unless_it_is_allowed(
    program: Program, shops: list[Server]
) -> None:
    arguments = flags(program, shops, RESET + TOKENS, **BEARER)
    assert program(*arguments) == 0, program.err
    methods = {one.method for server in shops for one in server.asked}
    assert methods <= {"GET", "HEAD", "OPTIONS"}
    assert program(*arguments, "--allow-remote") == 0
    assert "POST" in _asked(shops[0], "/wipe")


def test_beside_a_stranger_this_machine_is_reset(
    program: Program, shops: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comparison.running.LOOPBACK", frozenset({"localhost"}))
    shops[1].url = shops[1].url.replace("127.0.0.1", "localhost")
    assert program(*flags(program, shops, RESET + TOKENS, **BEARER)) == 0
    assert not _asked(shops[0], "/wipe")
    assert "POST" in _asked(shops[1], "/wipe")
