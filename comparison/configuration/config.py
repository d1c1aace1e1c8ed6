"""`compare.toml`: how stacks are reached, filled, reset, and how strictly compared."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from comparison.configuration.checks import nearest
from comparison.configuration.messages import problems
from comparison.configuration.never import unmatched
from comparison.configuration.rules import Ignore, Regrade, Rules, Tolerance, Unordered
from comparison.configuration.secrets import (
    MissingVariableError,
    from_environment,
    secret_headers,
    secrets_of,
)
from comparison.configuration.severity import FailOn
from comparison.configuration.steps import bindings, single, world
from comparison.configuration.tables import CommandTable, File, ResetTable, StackTable
from comparison.contracts.contract import Operation
from comparison.plans.identity import Credentials
from comparison.plans.plan import Step
from comparison.plans.scenarios import Binding

# It is read without being named if it stands beside the contract.
NAME = "compare.toml"
_HELP = "docs/configuration.md tells every key."


class ConfigError(Exception):
    """The configuration cannot be followed; the text says where and what to do."""


@dataclass(frozen=True)
class Reset:
    """How a stack comes into its first state.

    A `command` runs in `folder`, for `timeout` seconds at most; a `request` is a
    step. `default`: what is ours is started afresh, in the rest a new world is made.
    """

    how: Literal["default", "restart", "command", "request", "none"] = "default"
    command: tuple[str, ...] = ()
    request: Step | None = None
    folder: Path = Path()
    timeout: float = 60.0


@dataclass(frozen=True)
class StackSettings:
    """What is particular to one stack; `tokens` are by user.

    `openapi` is a file or a URL.
    """

    url: str | None = None
    openapi: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    secret: str | None = None
    reset: Reset | None = None


@dataclass(frozen=True)
class Config:
    """All of the file; what it does not say is None, or empty.

    `timeout` and `time` are seconds. `world` are the logins of `users`, then the seed.
    `secrets` are the texts that no report may show. `never`: see `Never`.
    """

    path: Path | None = None
    contract: str | None = None
    scenarios: Path | None = None
    known: Path | None = None
    reference: str | None = None
    timeout: float | None = None
    time: float | None = None
    fail_on: FailOn = "cosmetic"
    never: tuple[str, ...] = ()
    reset: Reset = Reset()
    credentials: Credentials | None = None
    stacks: Mapping[str, StackSettings] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    world: tuple[Step, ...] = ()
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    secrets: frozenset[str] = frozenset()

    def settings(self, stack: str) -> StackSettings:
        """The settings of a stack; there need not be any."""
        return self.stacks.get(stack, StackSettings())

    def check(self, operations: Sequence[Operation]) -> None:
        """Raise `ConfigError` for operations that the contract does not have."""
        mistakes = unmatched(self.never, operations)
        names = [one.id for one in operations]
        mistakes += [
            f"generated: {name} is no operation of the contract{nearest(name, names)}"
            for name in self.bindings
            if name not in names
        ]
        if mistakes:
            raise _refused(self.path or Path(NAME), mistakes)

    def reset_of(self, stack: str) -> Reset:
        """How a stack is reset: its own way before the common one."""
        return self.settings(stack).reset or self.reset


def load_config(path: Path) -> Config:
    """Read the file. Raises `ConfigError`, with every mistake in it."""
    secrets: set[str] = set()
    document = _document(path)
    try:
        file = File.model_validate(from_environment(document, secrets))
    except MissingVariableError as error:
        raise ConfigError(
            f"{path}: {error.place} needs ${error.variable} of the environment, which"
            f" is not set, or empty. Set it: export {error.variable}=…"
        ) from None
    except ValidationError as error:
        raise _refused(path, list(problems(error, secrets))) from None
    if mistakes := _contradictions(file):
        raise _refused(path, mistakes)
    return _config(file, path, secrets)


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}. --config names the file."
        ) from None
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise ConfigError(f"{path} is not TOML: {error}. Mend it there.") from None


def _refused(path: Path, mistakes: list[str]) -> ConfigError:
    lines = [f"{path}: {mistake}" for mistake in mistakes]
    return ConfigError("\n".join([*lines, _HELP]))


def _contradictions(file: File) -> list[str]:
    """What is wrong between tables that are right in themselves."""
    found = []
    for name, stack in file.stacks.items():
        if stack.url is not None and (stack.reset or file.reset) == "restart":
            found.append(
                f"stacks.{name} has a url, so it runs already and cannot be restarted;"
                f' say reset = "none", a command or a request in [stacks.{name}].'
            )
        for user in sorted(stack.tokens.keys() & file.users.keys()):
            found.append(
                f"users.{user} logs in and has a token in stacks.{name}.tokens; remove"
                " one of them."
            )
    operations = [name for entry in file.generated for name in entry.operations]
    for name in sorted({name for name in operations if operations.count(name) > 1}):
        found.append(f"generated: {name} stands in two entries; join them.")
    return found


def _config(file: File, path: Path, secrets: set[str]) -> Config:
    folder = path.resolve().parent
    stacks = {name: _stack(table, folder) for name, table in file.stacks.items()}
    sent = file.credentials
    config = Config(
        path=path,
        contract=_contract(file.contract, folder),
        scenarios=None if file.scenarios is None else folder / file.scenarios,
        known=None if file.known is None else folder / file.known,
        reference=file.reference,
        timeout=file.timeout,
        time=file.time,
        fail_on=file.fail_on,
        never=tuple(file.never),
        reset=_reset(file.reset, folder) or Reset(),
        credentials=Credentials(sent.header, sent.format) if sent else None,
        stacks=stacks,
        users=tuple(file.users),
        world=world(file),
        bindings=bindings(file),
        rules=_rules(file),
    )
    return replace(config, secrets=frozenset(secrets | _secrets(config)))


def _contract(written: str | None, folder: Path) -> str | None:
    return written if written is None or "://" in written else str(folder / written)


def _stack(table: StackTable, folder: Path) -> StackSettings:
    return StackSettings(
        url=table.url,
        openapi=_contract(table.openapi, folder),
        headers=table.headers,
        tokens=table.tokens,
        secret=table.secret,
        reset=_reset(table.reset, folder),
    )


def _reset(table: ResetTable | None, folder: Path) -> Reset | None:
    if table is None:
        return None
    if isinstance(table, str):
        return Reset(table)
    if isinstance(table, CommandTable):
        command = tuple(table.command)
        return Reset("command", command, folder=folder, timeout=table.timeout)
    return Reset("request", request=single(table))


def _rules(file: File) -> Rules:
    return Rules(
        ignores=tuple(Ignore(**table.model_dump()) for table in file.ignore),
        unordered=tuple(Unordered(**table.model_dump()) for table in file.unordered),
        tolerances=tuple(Tolerance(**table.model_dump()) for table in file.tolerance),
        regrades=tuple(Regrade(**table.model_dump()) for table in file.severity),
    )


def _secrets(config: Config) -> set[str]:
    """What is secret by the place where it stands, or by its name."""
    found = secrets_of(config.world)
    resets = [config.reset]
    for binding in config.bindings.values():
        found |= secrets_of(binding.before)
    for stack in config.stacks.values():
        found |= secret_headers(stack.headers) | {*stack.tokens.values()}
        found |= {stack.secret} if stack.secret else set()
        resets += [stack.reset] if stack.reset else []
    return found | secrets_of(one.request for one in resets if one.request)
