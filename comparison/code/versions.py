"""What a stack runs with: its runtime and what it depends on directly, as installed.

Files alone are read: nothing is imported, and nothing is launched.
"""

import importlib.metadata
import json
import platform
from contextlib import suppress
from pathlib import Path
from typing import Any

from comparison import node
from comparison.code.dependencies import dependencies
from comparison.stacks import Stack


def runs_with(stack: Stack) -> dict[str, str]:
    """Versions by name, the runtime first; empty if nothing of it is ours to know."""
    found = {}
    if any("{python}" in word for word in stack.start):
        found["python"] = platform.python_version()
    if any("{node}" in word for word in stack.start):
        found["node"] = node.version()
    needed = dependencies(stack.folder, sized=False)
    npm = needed is not None and needed.lock == "package-lock.json"
    # Another Python than this one has packages of its own.
    if needed is None or not (npm or "python" in found):
        return found
    of = _of_npm if npm else _of_python
    for name in needed.direct:
        # What is not there has no version.
        with suppress(OSError, ValueError, KeyError, TypeError):
            found[name] = of(stack.folder, name)
    return found


def npm_version(folder: Path, name: str) -> str:
    """The version of an installed package; `folder` has `node_modules`."""
    path = folder / "node_modules" / name / "package.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["version"])


def _of_npm(folder: Path, name: str) -> str:
    try:
        return npm_version(folder, name)
    except OSError:
        # It is about to be installed as it is locked.
        lock: Any = json.loads((folder / "package-lock.json").read_text("utf-8"))
        return str(lock["packages"][f"node_modules/{name}"]["version"])


def _of_python(_folder: Path, name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError as error:
        raise ValueError(name) from error
