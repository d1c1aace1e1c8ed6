"""Node's own unit tests, where there are any."""

import subprocess

import pytest

from tests.servers import Servers

LIMIT = 120


def test_node_units(servers: Servers) -> None:
    """All of node_api/**/*.test.js pass."""
    from comparison import node  # noqa: PLC0415

    for stack in servers.stacks.by_name.values():
        tests = [
            path
            for path in stack.folder.glob("**/*.test.js")
            if "node_modules" not in path.parts
        ]
        if not tests:
            continue
        result = subprocess.run(
            [node.node(), "--test", *tests],
            cwd=stack.folder,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return
    pytest.skip("no stack has *.test.js files")
