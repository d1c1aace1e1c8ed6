"""What a run is made of, as options and configuration say: contract, stacks, terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from comparison.configuration.config import NAME, Config, load_config
from comparison.configuration.never import Never
from comparison.configuration.severity import FailOn
from comparison.contracts.contract import Contract, load_contract
from comparison.exchanges.client import TIME_LIMIT
from comparison.exchanges.execute import Terms
from comparison.exchanges.guard import Guard
from comparison.fleet import Setting
from comparison.mask import Mask
from comparison.options import CONTRACT, Options, UsageError
from comparison.plans.identity import Credentials
from comparison.plans.scenarios import Scenarios, load_scenarios
from comparison.recordings.source import Source, load_source
from comparison.running import RunningStack, attach
from comparison.stacks import Stack, load_stacks

AnyStack = Stack | RunningStack


@dataclass(frozen=True)
class Inputs:
    """Everything that is read before anything is started; each part when first used.

    Raises what reading them raises: `ConfigError`, `ContractError`, `StackError`,
    `UsageError`.
    """

    options: Options
    say: Callable[[str], None] = lambda _: None

    @cached_property
    def config(self) -> Config:
        """`--config`, else `compare.toml` beside the contract, else nothing."""
        if self.options.config is not None:
            return load_config(self.options.config)
        beside = self._beside(self.options.contract or CONTRACT, NAME)
        return load_config(beside) if beside is not None else Config()

    @cached_property
    def contract(self) -> Contract:
        """`--contract`, else that of the configuration, else our own."""
        contract = load_contract(self._contract)
        for note in contract.notes:
            self.say(note)
        self.config.check(contract.operations)
        return contract

    @cached_property
    def scenarios(self) -> Scenarios:
        """The scenarios, with logins, seed and bindings of the configuration."""
        path = self.config.scenarios or self._beside(self._contract, "scenarios.yaml")
        found = Scenarios() if path is None else load_scenarios(path)
        return replace(
            found,
            world=self.config.world + found.world,
            bindings={**found.bindings, **self.config.bindings},
        )

    @property
    def known_file(self) -> Path:
        """Where the known differences are, or would be."""
        if self.config.known is not None:
            return self.config.known
        folder = Path() if "://" in self._contract else Path(self._contract).parent
        return folder / "known_differences.toml"

    @cached_property
    def stacks(self) -> list[AnyStack]:
        """The stacks to be compared, the reference first."""
        every = load_stacks(self.options.stacks_file)
        named = self.options.stack or self._configured or every.default
        found: list[AnyStack] = []
        for text in named:
            name, equals, url = text.partition("=")
            url = url or self.config.settings(name).url or ""
            found.append(attach(name, url) if equals or url else every.get(name))
        for stack in found:
            way = self.config.reset_of(stack.name).how
            if isinstance(stack, RunningStack) and way == "restart":
                raise UsageError(
                    f"{stack.name} runs already and cannot be restarted: give it"
                    f" another `reset` under [stacks.{stack.name}] of compare.toml."
                )
        names = [stack.name for stack in found]
        if len(set(names)) < len(names):
            raise UsageError("A stack is named twice; give each a name of its own.")
        return _reference_first(found, self._reference(names))

    @property
    def partial(self) -> bool:
        """Whether less is asked than the known differences may speak of.

        They speak of the stacks that the configuration has, or those of our own
        contract of our default ones; of another contract nobody but who names its
        stacks knows which there are.
        """
        names = {stack.name for stack in self.stacks}
        own = Path(self._contract).resolve() == Path(CONTRACT).resolve()
        left_out = not {*self._configured} <= names
        if own and not self._configured:
            left_out = names != {*load_stacks(self.options.stacks_file).default}
        recorded = self.options.replay is not None
        return left_out or recorded or bool(self.guard.read_only)

    @property
    def fail_on(self) -> FailOn:
        """The least severity that fails the run."""
        return self.options.fail_on or self.config.fail_on

    @cached_property
    def credentials(self) -> Credentials:
        """How a token is sent: as configured, else as the contract says."""
        return self.config.credentials or credentials_of(self.contract)

    @cached_property
    def mask(self) -> Mask:
        """What hides secrets in everything that is written."""
        if self.options.show_secrets:
            return Mask.none()
        replayed = self.source.secrets if self.source else frozenset()
        schemes = _security_schemes(self.contract)
        names = [str(one["name"]) for one in schemes if "name" in one]
        return Mask(self.config.secrets | replayed, [self.credentials.header, *names])

    @cached_property
    def guard(self) -> Guard:
        """What must not be sent. Says so where a host is only read, or may change."""
        never = Never(self.config.never, self.contract.operations)
        remote = [
            s.url for s in self.stacks if isinstance(s, RunningStack) and not s.local
        ]
        if not remote:
            return Guard(never)
        names = ", ".join(remote)
        if self.options.allow_remote:
            self.say(f"warning: requests that change things are sent to {names}")
            return Guard(never)
        self.say(
            f"only requests that change nothing (GET, HEAD, OPTIONS) are sent:"
            f" {names} is not this machine; --allow-remote sends the others too"
        )
        return Guard(never, remote)

    @property
    def users(self) -> list[str]:
        """The users of the configuration, in its order: logins before static tokens.

        A server that is only read is sent no login.
        """
        logins = () if self.guard.read_only else self.config.users
        tokens = [self.config.settings(stack.name).tokens for stack in self.stacks]
        everywhere = (u for u in tokens[0] if all(u in one for one in tokens))
        return [*logins, *everywhere]

    @property
    def secret_known(self) -> bool:
        """Whether tokens can be signed as every stack signs them."""
        return all(
            self.config.settings(stack.name).secret
            or (isinstance(stack, Stack) and "SECRET_KEY" in stack.environment)
            for stack in self.stacks
        )

    @cached_property
    def source(self) -> Source | None:
        """What `--replay` names, if it names anything."""
        if self.options.replay is None:
            return None
        source = load_source(self.options.replay, self.contract)
        for note in source.notes:
            self.say(note)
        return source

    @cached_property
    def setting(self) -> Setting:
        """What a session is made of."""
        operations = self.contract.operations
        limit = self.options.timeout or self.config.timeout or TIME_LIMIT
        return Setting(
            stacks=self.stacks,
            contract=self.contract,
            logs=self.options.results / "logs",
            world=() if self.guard.read_only else self.scenarios.world,
            terms=Terms(
                limit=limit,
                credentials=self.credentials,
                rules=self.config.rules.knowing(operations),
                guard=self.guard,
                values=self.source.values if self.source else {},
            ),
            config=self.config,
            mask=self.mask,
            say=self.say,
        )

    @property
    def _contract(self) -> str:
        return self.options.contract or self.config.contract or CONTRACT

    @property
    def _configured(self) -> tuple[str, ...]:
        return tuple(n for n, stack in self.config.stacks.items() if stack.url)

    def _beside(self, contract: str, name: str) -> Path | None:
        if "://" in contract:
            return None
        path = Path(contract).parent / name
        return path if path.exists() else None

    def _reference(self, names: Sequence[str]) -> str:
        wanted = self.options.reference or self.config.reference or names[0]
        if wanted not in names:
            raise UsageError(
                f"--reference {wanted} is none of the stacks: {', '.join(names)}."
            )
        return wanted


def credentials_of(contract: Contract) -> Credentials:
    """How the first security scheme of a contract sends a token."""
    for scheme in _security_schemes(contract):
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return Credentials(scheme["name"], "{token}")
        if scheme.get("type") in {"http", "oauth2", "openIdConnect"}:
            word = "Basic" if scheme.get("scheme", "").lower() == "basic" else "Bearer"
            return Credentials(format=word + " {token}")
    return Credentials()


def _security_schemes(contract: Contract) -> list[Mapping[str, Any]]:
    schemes = contract.document.get("components", {}).get("securitySchemes", {})
    return [contract.resolve(scheme) for scheme in schemes.values()]


def _reference_first(stacks: Sequence[AnyStack], reference: str) -> list[AnyStack]:
    return sorted(stacks, key=lambda stack: stack.name != reference)
