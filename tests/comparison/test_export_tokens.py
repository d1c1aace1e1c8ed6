"""Exported tests of servers with static tokens and headers of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from comparison.configuration.config import load_config
from comparison.export.pytest_module import export_pytest
from comparison.export.steps import ExportError
from comparison.findings.results import Finding
from comparison.plans.plan import Step
from tests.comparison.conftest import Program
from tests.comparison.served import BEARER, Answer, Asked, Serve, Server, flags
from tests.comparison.test_export_code import finding, sent

CONFIG = """
[stacks.old]
headers = { X-Tenant = "blue", X-Version = "7" }
tokens = { alice = "opaque-old-1" }
[stacks.new]
headers = { X-Tenant = "green", X-Version = "7" }
tokens = { alice = "opaque-new-1" }
[[generated]]
operations = ["x"]
as = "alice"
"""


def guarded(value: int, token: str, tenant: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if (asked.method, asked.path) != ("GET", "/x"):
            return 404, {}
        wanted = (f"Bearer {token}", tenant, "7")
        names = ("Authorization", "X-Tenant", "X-Version")
        allowed = tuple(map(asked.headers.get, names)) == wanted
        return (200, {"v": value}) if allowed else (401, {})

    return answer


def _tested(test: Path, server: Server, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        env={
            **os.environ,
            "BASE_URL": server.url,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            **variables,
        },
        cwd=test.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_tokens_and_headers_come_from_the_environment(
    program: Program, serve: Serve
) -> None:
    servers = serve(
        guarded(1, "opaque-old-1", "blue"), guarded(2, "opaque-new-1", "green")
    )
    arguments = flags(program, servers, CONFIG, **BEARER)
    assert program(*arguments) == 1
    test = program.folder / "test_exported.py"
    (found,) = [one.id for one in program.run.open if one.where == "/v"]
    export = ["--export", "pytest", "--case", found, "-o", str(test)]
    assert program(*arguments[:2], *export) == 0
    text = test.read_text()
    assert "opaque" not in text
    assert "blue" not in text
    assert "ALICE_TOKEN=... pytest" in text
    right = {"ALICE_TOKEN": "opaque-old-1", "X_TENANT": "blue"}
    code, said = _tested(test, servers[0], **right)
    assert code == 0, said
    code, said = _tested(test, servers[1], ALICE_TOKEN="opaque-new-1", X_TENANT="green")
    assert (code, "x: value" in said) == (1, True), said
    for command in (["format", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(test)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_somebodys_token_under_another_scheme() -> None:
    step = Step("GET /a", "wrong-scheme")
    world = [
        {"request": "POST /users", "save": {"alice": ""}},
        {"request": "GET /a", "identity": "alice"},
    ]
    headers = sent(step, world=world)[2]
    assert headers["Authorization"].startswith("Digest eyJ")
    with pytest.raises(ExportError, match="use the curl line"):
        sent(step)


def test_a_secret_that_differs_is_not_written() -> None:
    one: Finding = finding(Step("GET /a"), "status", "status", [{}, {}])
    text = export_pytest([one], {"headers": [{"X-Key": "***"}, {"X-Key": "***"}]})
    assert 'HEADERS = {"X-Key": os.environ.get("X_KEY")}' in text


def test_a_token_may_come_in_a_cookie(tmp_path: Path) -> None:
    file = tmp_path / "compare.toml"
    file.write_text(
        '[users.a]\nlogin = { request = "POST /l" }\ntoken = "cookie:session"\n'
    )
    (login,) = load_config(file).world
    assert login.save == {"a.token": "cookie:session"}
