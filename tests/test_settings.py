"""Settings: a bad one ends the start with a sentence that says what to set."""

import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.servers import Server, Servers

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

pytestmark = pytest.mark.any_backend

LIMIT = 60
BAD = {
    "HOST": [""],
    "PORT": ["", "web", "-1", "65536", "8000.0"],
    "WORKERS": ["0", "101", "auto", "2.00"],
    "DATABASE_URL": [
        "",
        "mysql://u@h/d",
        "sqlite:///",
        "sqlite:////no/such/folder/x.db",
        "sqlite:////etc/passwd/x.db",
        "sqlite:////etc/passwd/x/x.db",
    ],
    "SECRET_KEY": [""],
    "ENVIRONMENT": ["staging"],
    "TOKEN_LIFETIME": ["0", "a week"],
    "CORS_ORIGINS": ["example.org", "https://a.example, nonsense"],
    "SQLITE_SYNCHRONOUS": ["off"],
    "DATABASE_TIMEOUT": ["0", "soon"],
    "DATABASE_POOL": ["0", "many"],
    "HEADERS_TIMEOUT": ["0", "601"],
    "REQUEST_TIMEOUT": ["0", "3601", "1.5"],
    "SHUTDOWN_TIMEOUT": ["-1", "never"],
}
TRACES = ("Traceback", "    at ", "node:internal", '  File "')


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the caller has set is no part of these tests."""
    for name in BAD:
        monkeypatch.delenv(name, raising=False)
    yield


def refusal(process: "RunningStack") -> str:
    """What it said before it ended, as it should have."""
    assert process.process is not None
    try:
        code = process.process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        pytest.fail(f"it runs all the same:\n{process.tail()}")
    said = process.tail()
    assert code > 0, said
    assert not [trace for trace in TRACES if trace in said], said
    return said


@pytest.mark.parametrize("number", range(max(map(len, BAD.values()))))
def test_bad_values(servers: Servers, stack: Server, number: int) -> None:
    """One start is enough to hear of all faults, and what to set instead."""
    values = {name: bad[number % len(bad)] for name, bad in BAD.items()}
    said = refusal(servers.launch(stack.name, values))
    for name in BAD:
        assert f"{name} must be " in said


@pytest.mark.parametrize("name", ["PORT", "DATABASE_URL"])
def test_a_bad_value(servers: Servers, stack: Server, name: str) -> None:
    """A single fault is enough, and nothing else is blamed."""
    said = refusal(servers.launch(stack.name, {name: BAD[name][1]}))
    assert [other for other in BAD if f"{other} must be " in said] == [name]


def test_a_request_takes_longer_than_its_headers(
    servers: Servers, stack: Server
) -> None:
    """Neither value is bad, but both together are."""
    values = {"HEADERS_TIMEOUT": "20", "REQUEST_TIMEOUT": "19"}
    said = refusal(servers.launch(stack.name, values))
    assert [name for name in BAD if f"{name} must be " in said] == ["REQUEST_TIMEOUT"]
    assert "HEADERS_TIMEOUT is 20" in said
    values = {"HEADERS_TIMEOUT": "20", "REQUEST_TIMEOUT": "20"}
    servers.launch(stack.name, values).wait()


def test_secrets_in_production(servers: Servers, stack: Server) -> None:
    """The development secret and a short one are refused, and not repeated."""
    production = {"ENVIRONMENT": "production"}
    short = "x" * 30 + "!"
    default = servers.launch(stack.name, production, without=["SECRET_KEY"])
    chosen = servers.launch(stack.name, production | {"SECRET_KEY": short})
    assert "SECRET_KEY must be " in refusal(default)
    said = refusal(chosen)
    assert "SECRET_KEY must be " in said
    assert short not in said


def test_a_good_secret_in_production(servers: Servers, stack: Server) -> None:
    """32 characters will do, and nothing is said about them."""
    secret = "0123456789abcdef" * 2
    environment = {"ENVIRONMENT": "production", "SECRET_KEY": secret}
    process = servers.launch(stack.name, environment)
    process.wait()
    assert "SECRET_KEY" not in process.tail()
    assert secret not in process.tail()


def test_the_development_secret_is_loud(servers: Servers, stack: Server) -> None:
    """Who forgets to set it reads so in the log."""
    process = servers.launch(stack.name, {}, without=["SECRET_KEY"])
    process.wait()
    assert "SECRET_KEY" in process.tail()


@pytest.mark.usefixtures("servers")
def test_the_log_says_where_the_pages_are(stack: Server) -> None:
    """A newcomer finds the address and the interactive pages in the log."""
    assert stack.process is not None
    lines = stack.process.log
    assert lines is not None
    said = lines.read_text(encoding="utf-8")
    assert f":{stack.process.port}" in said
    assert "/docs" in said
    assert "SECRET_KEY" not in said
