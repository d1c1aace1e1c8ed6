"""Which versions are measured: a new one may answer otherwise."""

import importlib.metadata
import platform
import subprocess
from pathlib import Path

from comparison import node
from comparison.code.versions import npm_version

PYTHON = (
    *("fastapi", "starlette", "pydantic", "uvicorn", "httptools", "websockets"),
    "python-multipart",
)
JAVASCRIPT = ("express", "body-parser", "send", "zod", "ws", "multer", "cookie-parser")


def versions(node_folder: Path) -> dict[str, dict[str, str]]:
    """The versions of either side, as installed; `node_folder` has `node_modules`."""
    command = [str(node.node()), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return {
        "fastapi": {name: importlib.metadata.version(name) for name in PYTHON}
        | {"python": platform.python_version()},
        "express": {name: npm_version(node_folder, name) for name in JAVASCRIPT}
        | {"node": done.stdout.strip().removeprefix("v")},
    }
