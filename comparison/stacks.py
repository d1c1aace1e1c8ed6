"""The stacks of `stacks.toml`: reading, installing, starting and stopping them."""

import os
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comparison import node
from comparison.placeholders import filled, words_for
from comparison.ports import free_ports
from comparison.running import RunningStack, StackError, attach
from comparison.spawning import spawn
from comparison.stack import Reference, Stack

__all__ = [
    "ROOT",
    "Reference",
    "RunningStack",
    "Stack",
    "StackError",
    "Stacks",
    "attach",
    "launch",
    "load_stacks",
    "prepared",
    "start",
    "start_all",
]

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Stacks:
    """All of `stacks.toml`: the names compared by default, and every stack."""

    default: tuple[str, ...]
    by_name: Mapping[str, Stack]

    def get(self, name: str) -> Stack:
        """The stack of this name. Raises `StackError` naming those that exist."""
        if name not in self.by_name:
            known = ", ".join(self.by_name)
            raise StackError(
                f"There is no stack {name!r}; stacks.toml has: {known}."
                f" A server that runs already is {name}=http://127.0.0.1:PORT."
            )
        return self.by_name[name]


def load_stacks(path: Path = ROOT / "stacks.toml") -> Stacks:
    """Read `stacks.toml`. Raises `StackError` if it is not as it should be."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        shared = document.get("environment", {})
        by_name = {
            name: _stack(name, entry, shared, path.parent)
            for name, entry in document["stacks"].items()
        }
        stacks = Stacks(tuple(document["default"]), by_name)
    except OSError as error:
        raise StackError(f"{path} cannot be read: {error.strerror}.") from None
    except tomllib.TOMLDecodeError as error:
        raise StackError(f"{path} is not TOML: {error}.") from None
    except KeyError as error:
        raise StackError(f"{path} lacks {error}; see its first comment.") from None
    except (TypeError, AttributeError, ValueError) as error:
        raise StackError(f"{path} is not as its first comment says: {error}.") from None
    for name in stacks.default:
        stacks.get(name)
    return stacks


def start(  # noqa: PLR0913 - all but the stack are keywords
    stack: Stack,
    *,
    database: str | None = None,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
    log_folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> RunningStack:
    """Install and start `stack`, and wait until it answers.

    `database` is a URL; without one the stack gets a fresh SQLite file that goes
    away with it. `environment` is set over that of `stacks.toml`. `say` gets one
    line when packages are installed. Raises `StackError`.
    """
    running = launch(
        stack,
        database=database,
        environment=environment,
        port=port,
        log_folder=log_folder,
        say=say,
    )
    try:
        running.wait()
    except BaseException:
        running.kill()
        raise
    return running


def start_all(
    stacks: Sequence[Stack],
    *,
    log_folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[RunningStack]:
    """Start several at the same time, or none of them. Raises `StackError`."""
    running: list[RunningStack] = []
    try:
        for stack, port in zip(stacks, free_ports(len(stacks)), strict=True):
            running.append(launch(stack, port=port, log_folder=log_folder, say=say))
        for one in running:
            one.wait()
    except BaseException:
        for one in running:
            one.kill()
        raise
    return running


def launch(  # noqa: PLR0913 - as `start`
    stack: Stack,
    *,
    database: str | None = None,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
    log_folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> RunningStack:
    """`start` without waiting for an answer."""
    port = port or free_ports(1)[0]
    scratch = Path(tempfile.mkdtemp(prefix=f"{stack.name}-"))
    running = RunningStack(
        name=stack.name,
        title=stack.title,
        url=f"http://127.0.0.1:{port}",
        port=port,
        database=database or f"sqlite:///{scratch / 'stack.db'}",
        log=(log_folder or scratch) / f"{stack.name}-{port}.log",
        folder=stack.folder,
        scratch=scratch,
    )
    try:
        _install_and_spawn(stack, running, environment or {}, say)
    except BaseException:
        running.kill()
        raise
    return running


def _install_and_spawn(
    stack: Stack,
    running: RunningStack,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> None:
    words = words_for(running.port, str(running.database), stack.folder)
    command, variables = prepared(stack, stack.start, words, say)
    variables |= environment
    running.secret = variables.get("SECRET_KEY")
    running.process = _spawn(stack, command, variables, running.log)


def prepared(
    stack: Stack,
    command: Sequence[str],
    words: Mapping[str, str],
    say: Callable[[str], None],
) -> tuple[list[str], dict[str, str]]:
    """A command of a stack that is installed, and its environment, both filled.

    `words` are those of `words_for`. Raises `StackError`.
    """
    try:
        if stack.install:
            install = filled(stack.install, words)
            node.install(install, stack.folder, ROOT / ".cache", say)
        values = filled(stack.environment.values(), words)
        variables = dict(zip(stack.environment, values, strict=True))
        return filled(command, words), {**os.environ, **variables}
    except node.InstallError as error:
        raise StackError(str(error)) from None


def _stack(
    name: str, entry: Mapping[str, Any], shared: Mapping[str, str], root: Path
) -> Stack:
    return Stack(
        name=name,
        title=entry["title"],
        folder=root / entry["folder"],
        start=tuple(entry["start"]),
        install=tuple(entry.get("install", ())),
        openapi=tuple(entry.get("openapi", ())),
        environment={**shared, **entry.get("environment", {})},
        reference=Reference(**entry["reference"]) if "reference" in entry else None,
        several_of=entry.get("several_of"),
    )


def _spawn(
    stack: Stack,
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path | None,
) -> subprocess.Popen[bytes]:
    log = log or Path(os.devnull)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            return spawn(
                command,
                cwd=stack.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    except OSError as error:
        raise StackError(
            f"{stack.title} ({stack.name}) could not be started in {stack.folder}:"
            f" {error}. Check its entry in stacks.toml."
        ) from None
