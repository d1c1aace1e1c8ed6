"""Servers that run already: reset, filled, guarded and masked as compare.toml says."""

import json
import sys
from collections.abc import Iterator

import pytest

from comparison.running import RunningStack
from comparison.stacks import load_stacks, start
from tests.comparison.conftest import TOY, Program

FAST = ["--max-examples", "0", "--select", "notes/*"]


@pytest.fixture
def servers() -> Iterator[list[RunningStack]]:
    stacks = load_stacks(TOY / "stacks.toml")
    running = [start(stacks.get(name)) for name in ("right", "status", "twin")]
    yield running
    for one in running:
        one.stop()


def _flags(program: Program, servers: list[RunningStack], config: str) -> list[str]:
    path = program.folder / "compare.toml"
    path.write_text(config, encoding="utf-8")
    named = zip(("old", "new"), servers, strict=False)
    stacks = [word for name, one in named for word in ("--stack", f"{name}={one.url}")]
    return ["--config", str(path), *stacks]


def _resets(server: RunningStack) -> int:
    return server.tail(1000).splitlines().count("reset")


REQUEST = 'reset = { request = "POST ~/reset" }\n'


def test_servers_are_reset_by_a_request(
    program: Program, servers: list[RunningStack]
) -> None:
    flags = _flags(program, servers, REQUEST)
    assert program(*flags, *FAST) == 1
    found = {(f.operation, f.kind, *f.values) for f in program.run.open}
    assert ("createNote", "status", "401", "403") in found
    # At the beginning, and for each of the two looks at what was found.
    assert all(_resets(server) >= 3 for server in servers[:2])
    assert all(finding.confirmed for finding in program.run.open)


def test_servers_are_reset_by_a_command(
    program: Program, servers: list[RunningStack]
) -> None:
    script = "import sys, urllib.request as u; u.urlopen(sys.argv[1], data=b'')"
    ways = "\n".join(
        f"[stacks.{name}]\nreset = {{ command = "
        f"{json.dumps([sys.executable, '-c', script, server.url + '/reset'])} }}"
        for name, server in zip(("old", "new"), servers, strict=False)
    )
    assert program(*_flags(program, servers, ways), *FAST) == 1
    assert all(_resets(server) >= 3 for server in servers[:2])


@pytest.mark.parametrize(
    ("reset", "said"),
    [
        ('{ request = "POST ~/nothing" }', "status 404"),
        ('{ command = ["false"] }', "ended with exit code 1"),
        ('{ command = ["no-such-program"] }', "did not start"),
        ('{ command = ["sleep", "60"], timeout = 0.2 }', "took over 0.2 s"),
        ('"restart"', "cannot be restarted"),
    ],
)
def test_a_reset_that_fails_is_told(
    program: Program, servers: list[RunningStack], reset: str, said: str
) -> None:
    assert program(*_flags(program, servers, f"reset = {reset}\n"), *FAST) == 2
    assert said in program.err
    assert "reset" in program.err


def test_without_a_reset_every_world_has_users_of_its_own(
    program: Program, servers: list[RunningStack]
) -> None:
    flags = _flags(program, [servers[0], servers[2]], "")
    for _ in range(2):
        assert program(*flags, "--max-examples", "3") == 0
    assert _resets(servers[0]) == 0
    assert program.run.exchanges["createNote"] > 50


def test_an_operation_that_is_never_to_be_sent_is_not(
    program: Program, servers: list[RunningStack]
) -> None:
    flags = _flags(program, servers, REQUEST + 'never = ["deleteNote"]\n')
    assert program(*flags, "--max-examples", "5") == 1, program.err
    assert "deleteNote" not in program.run.exchanges
    assert program.run.verdict("deleteNote") == "not-checked"
    assert program.run.footer["forbidden"] > 0
    left_out = f"{program.run.footer['forbidden']} left out"
    assert left_out in " ".join(program.out.split())
    slip = _flags(program, servers, 'never = ["deleteNot"]\n')
    assert program(*slip) == 2
    assert "deleteNote" in program.err


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing counts as this machine: the toys stand for servers far away."""
    monkeypatch.setattr("comparison.running.LOOPBACK", frozenset())


@pytest.mark.usefixtures("strangers")
def test_a_stranger_is_only_read_unless_it_is_allowed(
    program: Program, servers: list[RunningStack]
) -> None:
    flags = _flags(program, [servers[0], servers[2]], "")
    assert program(*flags, "--max-examples", "3") == 0
    assert "--allow-remote sends the others too" in program.err
    asked = {place.split()[0] for place in program.run.exchanges}
    assert asked <= {"listNotes", "getNote", "GET", "HEAD", "OPTIONS", "TRACE"}
    assert program.run.exchanges["listNotes"] > 3
    assert program.run.footer["forbidden"] > 20
    assert program(*flags, "--allow-remote", "--max-examples", "3") == 0
    assert "warning: requests that change things are sent to http" in program.err
    assert program.run.exchanges["createNote"] > 20


def test_headers_and_tokens_of_a_stack_go_to_it_alone(
    program: Program, servers: list[RunningStack]
) -> None:
    config = """
[credentials]
header = "Authorization"
format = "Key {token}"
[stacks.old]
headers = { X-Tenant = "blue-secret-tenant" }
tokens = { carol = "old-secret-token" }
[stacks.new]
tokens = { carol = "new-secret-token" }
[[generated]]
operations = ["createNote"]
as = "carol"
"""
    flags = _flags(program, servers, config)
    # A difference is made small, and may then need nobody's token.
    case = ["--case", "createNote/001-valid-object"]
    assert program(*flags, *case, "--show-secrets") == 1
    old, new = (part.splitlines() for part in program.out.split("── ")[1:])
    assert "> Authorization: Key old-secret-token" in old
    assert "> X-Tenant: blue-secret-tenant" in old
    assert "> Authorization: Key new-secret-token" in new
    assert "X-Tenant" not in "".join(new)
    assert program(*flags, *case) == 1
    assert program.out.count("> Authorization: Key ***") == 2
    shown = program.out
    program(*flags, "--select", "createNote/001*", "-v")
    text = (program.folder / "results" / "run.jsonl").read_text()
    assert "secret-to" not in text + program.out + shown


def test_a_login_yields_the_token(
    program: Program, servers: list[RunningStack]
) -> None:
    config = (
        REQUEST
        + """
[users.erin]
login = { request = "POST /users", json = { name = "erin" } }
token = "/token"
[[seed]]
as = "erin"
request = "POST /notes"
json = { text = "by erin" }
save = { hers = "" }
expect = 201
[[generated]]
operations = ["getNote"]
path = { id = "${hers.id}" }
"""
    )
    flags = _flags(program, [servers[0], servers[2]], config)
    assert program(*flags, "--max-examples", "2") == 0
    text = (program.folder / "results" / "run.jsonl").read_text()
    assert "${hers.id}" in text


def test_a_reference_that_is_no_stack_is_refused(program: Program) -> None:
    assert program("--reference", "nobody") == 2
    assert "none of the stacks: right, twin" in program.err
    assert program("--reference", "twin", *FAST) == 0
    assert program.run.header["stacks"][0]["name"] == "twin"
