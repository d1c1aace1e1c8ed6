"""An exported test passes where the server is right, and fails where it is not."""

import ast
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from comparison.export.pytest_module import export_pytest, file_name
from comparison.plans.plan import Plan, Step
from comparison.ports import free_ports
from comparison.printable import ORDERS
from tests.comparison import sample
from tests.comparison.conftest import TOY, Program
from tests.comparison.hostile import HOSTILE

pytestmark = pytest.mark.long
FAULTS = ["null", "type", "status", "header", "order", "page", "time", "extra"]
FAULTS += ["media-type", "tags", "head-body", "head-length"]


@contextmanager
def served(fault: str) -> Iterator[str]:
    """The URL of a toy with this fault."""
    [port] = free_ports(1)
    environment = {**os.environ, "PORT": str(port), "FAULT": fault}
    command = [sys.executable, str(TOY / "server.py")]
    with subprocess.Popen(command, env=environment) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def outcome(test: Path, url: str) -> tuple[int, str]:
    """The exit code of pytest, and what it says."""
    flags = ["-q", "--no-header", "-p", "no:cacheprovider", f"--rootdir={test.parent}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *flags, str(test)],
        # What is installed beside pytest takes seconds to load, and isn't needed.
        env={**os.environ, "BASE_URL": url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=test.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def written(program: Program) -> Path:
    """A module with all findings of the last run."""
    header = {"base": "/v1", **program.run.header}
    path = program.folder / "test_exported.py"
    path.write_text(export_pytest(program.run.findings, header), encoding="utf-8")
    return path


@pytest.mark.parametrize("fault", FAULTS)
def test_an_exported_test_tells_right_from_wrong(program: Program, fault: str) -> None:
    # What is written is enough, and leaves nothing behind that others would see.
    assert program.against(fault, "--select", "notes/*") == 1
    test = written(program)
    with served("") as url:
        code, said = outcome(test, url)
        assert code == 0, said
    with served(fault) as url:
        code, said = outcome(test, url)
        assert code == 1, said
    assert " passed" not in said.splitlines()[-1]
    finding = program.run.findings[0]
    assert f"{finding.operation}: {finding.kind}" in said


@pytest.mark.parametrize("fault", ["status", "tags", "head-body"])
def test_an_exported_test_is_formatted_and_free_of_lint(
    program: Program, fault: str
) -> None:
    program.against(fault, "--select", "notes/*")
    test = str(written(program))
    for command in (["format", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", test],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_an_exported_test_needs_nothing_of_ours(program: Program) -> None:
    program.against("header", "--select", "notes/*")
    text = written(program).read_text(encoding="utf-8")
    assert "comparison" not in text
    assert "BASE_URL=http://127.0.0.1:3000 pytest test_getNote_header.py" in text
    assert file_name(program.run.findings[0]) == "test_getNote_header.py"


def test_a_host_of_builds_obeys_nothing_of_a_module() -> None:
    # Each of them, so that it comes to stand in a pattern, a literal and a docstring.
    for number, said in enumerate(HOSTILE[:-1]):
        sent = ({"##vso[x]": said},)
        step = Step("POST /x", headers={"X-Note": said}, json=sent)
        plan = Plan("p", (step,), "x")
        bodies = {"left": {"a##[b]": said}, "right": {"a##[b]": f"{said}2"}}
        replies = {
            name: {"status": 200, "headers": [], "body": body}
            for name, body in bodies.items()
        }
        finding = sample.finding(
            f"##[error]{said}",
            where=f"/{said}",
            values=[said, f"{said}2"],
            plan=plan.as_json(),
            replies=replies,
            blamed=["right"],
        )
        text = export_pytest([finding], {"base": "", "world": [], "credentials": {}})
        assert not ORDERS.search(text), number
        tree = ast.parse(text)
        texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)]
        assert any("##vso[x]" in one for one in texts if isinstance(one, str))
